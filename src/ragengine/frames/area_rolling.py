"""Counts of children roll up to areas, deepest first, and areas to the programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from attrs import define, field, frozen

from ..data.model import ActionReport, Override
from ..number import exact
from ..period import Period
from ..rating.actions import rate_action
from ..rollup.area_tree import AreaTree
from ..rollup.policy import PolicyDecider
from ..rollup.shown import action_before
from ..rollup.tally import Child, Tally
from ..rulebook.action import Action
from ..rulebook.area import PROGRAMME, RollupPolicy
from ..rulebook.rules import Rules
from ..rulebook.scored_areas import scored_areas
from ..terms import Rag, Scale
from .area_children import WHOLE, ChildGroup, Counts, Weighing, weighing_of
from .area_verdicts import AreaVerdict, Verdicts, verdict_of
from .scored_children import ScoredChildren

__all__ = ["ActionLevels", "AreaRolling", "RolledArea"]

Overrides = Mapping[str, Sequence[Override]]

#: how a child area weighs, and a KPI of which nothing is said
_PLAIN: Weighing = (False, exact(1), "")


@define
class ActionLevels:
    """The level of each action at the end of a period: by its latest report then, on the last day.

    Attributes:
        reports: by action and day.
    """

    rules: Rules
    reports: Mapping[str, Mapping[date, ActionReport]]
    overrides: Overrides

    def level(self, action: Action, of: Period) -> Rag:
        """The final level of an action; grey where nothing was reported by then."""
        known = {day: report for day, report in self.reports.get(action.id, {}).items() if day <= of.end}
        judged = [override for override in self.overrides.get(action.id, ()) if override.entity is None]
        # only a condition asks where the action stood before
        conditional = any(grace.when is not None for grace in action.graces)
        before = action_before(self.rules, action, known, of, judged) if conditional else None
        report = known[max(known)] if known else None
        return rate_action(self.rules, action, report, of.end, before, judged).rag


@frozen
class RolledArea:
    """One area of one period: what was computed, and the final level."""

    area: str
    verdict: AreaVerdict
    rag: Rag


@define(slots=False)
class AreaRolling:
    """The areas of a rulebook over counted children, and over the scores of those that have some."""

    rules: Rules
    groups: Sequence[ChildGroup]
    scores: Sequence[ScoredChildren]
    actions: ActionLevels
    overrides: Overrides
    #: names of the entities by number
    entities: Sequence[str]
    _tree: AreaTree = field(init=False)
    _areas: dict[str, _Area] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._tree, scored = AreaTree(self.rules, self.overrides), scored_areas(self.rules)
        self._areas = {
            area: _ScoredArea.of(area, self._tree, self.scores)
            if area in scored
            else _CountedArea.of(area, self._tree, self.groups)
            for area in (*self.rules.areas, PROGRAMME)
        }

    def of_whole(self, period: Period) -> Iterator[RolledArea]:
        """Every area of a period, in the order reports print them, and the programme."""

        def rolled(area: str, made: Mapping[str, RolledArea]) -> RolledArea:
            return self._rolled(area, self._areas[area].of_whole(period, self.actions, made), period, WHOLE)

        made = self._tree.walked(rolled)
        yield from made.values()
        verdict = self._areas[PROGRAMME].of_whole(period, self.actions, made)
        yield RolledArea(PROGRAMME, verdict, verdict.rag)

    def of_entity(self, period: Period, entity: int) -> Iterator[RolledArea]:
        """The areas in which an entity has a KPI."""

        def rolled(area: str, made: Mapping[str, RolledArea]) -> RolledArea | None:
            verdict = self._areas[area].of_entity(period, entity, made)
            return None if verdict is None else self._rolled(area, verdict, period, entity)

        yield from self._tree.walked(rolled).values()

    def _rolled(self, area: str, verdict: AreaVerdict, period: Period, entity: int) -> RolledArea:
        name = self.entities[entity] or None
        return RolledArea(area, verdict, self._tree.judged(verdict.rag, area, name, period.end))


class _Area(Protocol):
    """An area and what rolls up to it; ``made`` are its child areas, rolled up already."""

    @property
    def id(self) -> str: ...
    def of_whole(self, period: Period, actions: ActionLevels, made: Mapping[str, RolledArea]) -> AreaVerdict:
        """What it is in the whole."""
        ...

    def of_entity(self, period: Period, entity: int, made: Mapping[str, RolledArea]) -> AreaVerdict | None:
        """What it is for an entity; None where that has no KPI in it."""
        ...


@define
class _CountedArea:
    """An area whose children are counted by level.

    Attributes:
        verdicts: counts are one row: for each way of weighing, the levels worst first, then grey.
        groups, actions: with the place in that row where their levels begin.
        children: ids of its child areas, in the same way.
    """

    id: str
    verdicts: Verdicts
    groups: list[tuple[int, ChildGroup]]
    actions: list[tuple[int, Action]]
    children: list[tuple[int, str]]

    @classmethod
    def of(cls, area: str, tree: AreaTree, groups: Sequence[ChildGroup]) -> _CountedArea:
        rules, policy, below = tree.rules, tree.rules.rollup_of(area), tree.areas_below(area)
        own = [group for group in groups if group.area == area]
        actions = _actions_of(area, tree)
        kinds = [_PLAIN, *(group.weighing for group in own), *(weighing_of(action, rules) for action in actions)]
        places = _placed([*kinds, *(_as_child(child, policy) for child in below)], rules.scale)
        return cls(
            area,
            Verdicts(PolicyDecider(policy, rules.scale), list(places)),
            [(places[group.weighing], group) for group in own],
            [(places[weighing_of(action, rules)], action) for action in actions],
            [(places[_as_child(child, policy)], child) for child in below],
        )

    def of_whole(self, period: Period, actions: ActionLevels, made: Mapping[str, RolledArea]) -> AreaVerdict:
        counts = self._nothing()
        for place, group in self.groups:
            _add(counts, place, group.of_whole(period))
        for place, action in self.actions:
            counts[place + self.verdicts.place(actions.level(action, period))] += 1
        self._add_children(counts, made)
        return self.verdicts.of(counts)

    def of_entity(self, period: Period, entity: int, made: Mapping[str, RolledArea]) -> AreaVerdict | None:
        counts = self._nothing()
        for place, group in self.groups:
            _add(counts, place, group.of_entity(entity, period) or ())
        self._add_children(counts, made)
        return self.verdicts.of(counts) if any(counts) else None

    def _nothing(self) -> Counts:
        return [0] * len(self.verdicts.children)

    def _add_children(self, counts: Counts, made: Mapping[str, RolledArea]) -> None:
        for place, child in self.children:
            if child in made:
                counts[place + self.verdicts.place(made[child].rag)] += 1


@define
class _ScoredArea:
    """An area that takes the mean of its children's scores."""

    id: str
    decider: PolicyDecider
    kpis: list[ScoredChildren]
    actions: list[Action]
    children: Sequence[str]

    @classmethod
    def of(cls, area: str, tree: AreaTree, scores: Sequence[ScoredChildren]) -> _ScoredArea:
        decider = PolicyDecider(tree.rules.rollup_of(area), tree.rules.scale)
        own = [kpis for kpis in scores if kpis.area == area]
        return cls(area, decider, own, _actions_of(area, tree), tree.areas_below(area))

    def of_whole(self, period: Period, actions: ActionLevels, made: Mapping[str, RolledArea]) -> AreaVerdict:
        tally = self.decider.tally(scored=True)
        for kpis in self.kpis:
            kpis.add_whole(tally, period)
        for action in self.actions:
            level = actions.level(action, period)
            tally.add(Child(action.id, level, action.critical, exact(action.weight)).scored(None, None))
        self._add_rolled(tally, made)
        return verdict_of(self.decider, tally)

    def of_entity(self, period: Period, entity: int, made: Mapping[str, RolledArea]) -> AreaVerdict | None:
        tally = self.decider.tally(scored=True)
        for kpis in self.kpis:
            kpis.add_entity(tally, entity, period)
        self._add_rolled(tally, made)
        return verdict_of(self.decider, tally) if any(tally.counts) else None

    def _add_rolled(self, tally: Tally, made: Mapping[str, RolledArea]) -> None:
        for child in self.children:
            if child in made:
                area = made[child]
                decision = area.verdict.decision
                score = None if area.rag.is_grey else decision.score
                tally.add(Child(child, area.rag).scored(score, decision.span))


def _actions_of(area: str, tree: AreaTree) -> list[Action]:
    return [rule for rule in tree.rules_of(area) if isinstance(rule, Action)]


def _add(counts: Counts, place: int, own: Iterable[int]) -> None:
    for n, count in enumerate(own, start=place):
        counts[n] += count


def _as_child(area: str, policy: RollupPolicy) -> Weighing:
    """How an area weighs in what it rolls up to."""
    return (*_PLAIN[:2], area if area in policy.named else "")


def _placed(weighings: Iterable[Weighing], scale: Scale) -> dict[Weighing, int]:
    """Each way of weighing once, with the place where its levels begin."""
    return {weighing: n * (len(scale.levels) + 1) for n, weighing in enumerate(dict.fromkeys(weighings))}
