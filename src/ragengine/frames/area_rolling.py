"""Counts of children roll up to areas, deepest first, and areas to the programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Protocol, TypeAlias

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
    """One area of a period, of an entity by number: what was computed, and the final level."""

    area: str
    entity: int
    verdict: AreaVerdict
    rag: Rag


#: an area of one period, by number of the entity
_Rolled: TypeAlias = dict[int, RolledArea]


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

    def of_period(self, period: Period, tell: Callable[[RolledArea], None], *, by_entity: bool) -> None:
        """Tells of every area, of the whole and of each entity that has a KPI in it, and of the programme."""

        def rolled(area: str, made: Mapping[str, _Rolled]) -> _Rolled:
            below, kept = {child: made[child] for child in self._areas[area].children}, {}
            verdicts: Iterable[tuple[int, AreaVerdict]] = [(WHOLE, self._of_whole(area, period, below))]
            if by_entity:
                verdicts = chain(verdicts, self._areas[area].of_entities(period, below))
            for entity, verdict in verdicts:
                own = self._rolled(area, verdict, period, entity)
                tell(own)
                # of an entity there is no programme
                if entity == WHOLE or self.rules.areas[area].parent:
                    kept[entity] = own
            return kept

        made = self._tree.walked(rolled)
        verdict = self._of_whole(PROGRAMME, period, made)
        tell(RolledArea(PROGRAMME, WHOLE, verdict, verdict.rag))

    def _of_whole(self, area: str, period: Period, below: Mapping[str, _Rolled]) -> AreaVerdict:
        of = self._areas[area]
        return of.of_whole(period, self.actions, {child: below[child][WHOLE] for child in of.children})

    def _rolled(self, area: str, verdict: AreaVerdict, period: Period, entity: int) -> RolledArea:
        rag = self._tree.judged(verdict.rag, area, self.entities[entity] or None, period.end)
        return RolledArea(area, entity, verdict, rag)


class _Area(Protocol):
    """An area and what rolls up to it; ``below`` are its child areas, rolled up already.

    Attributes:
        children: ids of these.
    """

    @property
    def children(self) -> Collection[str]: ...
    def of_whole(self, period: Period, actions: ActionLevels, below: Mapping[str, RolledArea]) -> AreaVerdict:
        """What it is in the whole."""
        ...

    def of_entities(self, period: Period, below: Mapping[str, _Rolled]) -> Iterator[tuple[int, AreaVerdict]]:
        """What it is for each entity that has a KPI in it."""
        ...


@define
class _CountedArea:
    """An area whose children are counted by level.

    Attributes:
        verdicts: counts are one row: for each way of weighing, the levels worst first, then grey.
        groups, actions: with the place in that row where their levels begin.
        children: those of its child areas.
    """

    verdicts: Verdicts
    groups: list[tuple[int, ChildGroup]]
    actions: list[tuple[int, Action]]
    children: dict[str, int]

    @classmethod
    def of(cls, area: str, tree: AreaTree, groups: Sequence[ChildGroup]) -> _CountedArea:
        rules, policy, below = tree.rules, tree.rules.rollup_of(area), tree.areas_below(area)
        own = [group for group in groups if group.area == area]
        actions = _actions_of(area, tree)
        kinds = [
            *(group.weighing for group in own),
            *(weighing_of(action, rules) for action in actions),
            *(_as_child(child, policy) for child in below),
        ]
        # where there is nothing, none is counted of the plainest
        places = _placed(kinds or [_PLAIN], rules.scale)
        return cls(
            Verdicts(PolicyDecider(policy, rules.scale), list(places)),
            [(places[group.weighing], group) for group in own],
            [(places[weighing_of(action, rules)], action) for action in actions],
            {child: places[_as_child(child, policy)] for child in below},
        )

    def of_whole(self, period: Period, actions: ActionLevels, below: Mapping[str, RolledArea]) -> AreaVerdict:
        counts = self._nothing()
        for place, group in self.groups:
            _add(counts, place, group.of_whole(period))
        for place, action in self.actions:
            counts[place + self.verdicts.place(actions.level(action, period))] += 1
        for child, rolled in below.items():
            counts[self.children[child] + self.verdicts.place(rolled.rag)] += 1
        return self.verdicts.of(counts)

    def of_entities(self, period: Period, below: Mapping[str, _Rolled]) -> Iterator[tuple[int, AreaVerdict]]:
        if len(self.groups) == 1 and len(self.verdicts.weighings) == 1 and not below:
            found: Iterable[tuple[int, Sequence[int]]] = self.groups[0][1].of_entities(period)
        else:
            found = self._of_several(period, below).items()
        for entity, counts in found:
            yield entity, self.verdicts.of(counts)

    def _of_several(self, period: Period, below: Mapping[str, _Rolled]) -> dict[int, Counts]:
        found: dict[int, Counts] = defaultdict(self._nothing)
        for place, group in self.groups:
            for entity, counts in group.of_entities(period):
                _add(found[entity], place, counts)
        for child, own in below.items():
            for entity, rolled in own.items():
                if entity != WHOLE:
                    found[entity][self.children[child] + self.verdicts.place(rolled.rag)] += 1
        return found

    def _nothing(self) -> Counts:
        return [0] * len(self.verdicts.children)


@define
class _ScoredArea:
    """An area that takes the mean of its children's scores."""

    decider: PolicyDecider
    kpis: list[ScoredChildren]
    actions: list[Action]
    children: Sequence[str]

    @classmethod
    def of(cls, area: str, tree: AreaTree, scores: Sequence[ScoredChildren]) -> _ScoredArea:
        decider = PolicyDecider(tree.rules.rollup_of(area), tree.rules.scale)
        own = [kpis for kpis in scores if kpis.area == area]
        return cls(decider, own, _actions_of(area, tree), tree.areas_below(area))

    def of_whole(self, period: Period, actions: ActionLevels, below: Mapping[str, RolledArea]) -> AreaVerdict:
        tally = self._nothing()
        for kpis in self.kpis:
            kpis.add_whole(tally, period)
        for action in self.actions:
            level = actions.level(action, period)
            tally.add(Child(action.id, level, action.critical, exact(action.weight)).scored(None, None))
        for rolled in below.values():
            tally.add(_scored(rolled))
        return self._verdict(tally)

    def of_entities(self, period: Period, below: Mapping[str, _Rolled]) -> Iterator[tuple[int, AreaVerdict]]:
        if self.decider.is_a_mean and len(self.kpis) == 1 and not below:
            means = self.kpis[0].means(period, self.decider)
            if means is not None:
                yield from ((entity, verdict_of(self.decider.policy, own, counts)) for entity, own, counts in means)
                return
        found: dict[int, Tally] = defaultdict(self._nothing)
        for kpis in self.kpis:
            kpis.add_entities(found, period)
        for rolled_areas in below.values():
            for entity, rolled in rolled_areas.items():
                if entity != WHOLE:
                    found[entity].add(_scored(rolled))
        for entity, tally in found.items():
            yield entity, self._verdict(tally)

    def _verdict(self, tally: Tally) -> AreaVerdict:
        return verdict_of(self.decider.policy, self.decider.of(tally), tally.counts)

    def _nothing(self) -> Tally:
        return self.decider.tally(scored=True)


def _scored(rolled: RolledArea) -> Child:
    decision = rolled.verdict.decision
    return Child(rolled.area, rolled.rag).scored(None if rolled.rag.is_grey else decision.score, decision.span)


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
