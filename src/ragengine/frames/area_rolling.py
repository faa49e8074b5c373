"""Counts of children roll up to areas, deepest first, and areas to the programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import define, field, frozen

from ..data.model import ActionReport, Override
from ..number import exact
from ..period import Period
from ..rating.actions import rate_action
from ..rollup.area_tree import AreaTree
from ..rollup.shown import action_before
from ..rulebook.action import Action
from ..rulebook.area import RollupPolicy
from ..rulebook.rules import Rules
from ..rulebook.scored_areas import PROGRAMME
from ..terms import Rag, Scale
from .area_children import WHOLE, ChildGroup, Counts, Weighing, weighing_of
from .area_verdicts import AreaVerdict, Verdicts

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
    """The areas of a rulebook over counted children."""

    rules: Rules
    groups: Sequence[ChildGroup]
    actions: ActionLevels
    overrides: Overrides
    #: names of the entities by number
    entities: Sequence[str]
    _tree: AreaTree = field(init=False)
    _areas: dict[str, _Area] = field(init=False)
    _programme: Verdicts = field(init=False)
    #: areas without a parent, each with the place where its levels are counted
    _top: dict[str, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._tree = AreaTree(self.rules, self.overrides)
        self._areas = {area: _Area.of(area, self._tree, self.groups) for area in self.rules.areas}
        top = self._tree.top
        weighings = _placed([_PLAIN, *(_as_child(area, self.rules.rollup) for area in top)], self.rules.scale)
        self._top = {area: weighings[_as_child(area, self.rules.rollup)] for area in top}
        self._programme = Verdicts(self.rules.rollup, self.rules.scale, list(weighings))

    def of_whole(self, period: Period) -> Iterator[RolledArea]:
        """Every area of a period, in the order reports print them, and the programme."""

        def rolled(area: str, made: Mapping[str, RolledArea]) -> RolledArea:
            own = self._areas[area]
            return self._rolled(own, own.with_areas(own.of_whole(period, self.actions), made), period, WHOLE)

        made = self._tree.walked(rolled)
        yield from made.values()
        counts = [0] * ((len(self.rules.scale.levels) + 1) * len(self._programme.weighings))
        for area_id, place in self._top.items():
            counts[place + _place(made[area_id].rag, self.rules.scale)] += 1
        verdict = self._programme.of(counts)
        yield RolledArea(PROGRAMME, verdict, verdict.rag)

    def of_entity(self, period: Period, entity: int) -> Iterator[RolledArea]:
        """The areas in which an entity has a KPI."""

        def rolled(area: str, made: Mapping[str, RolledArea]) -> RolledArea | None:
            own = self._areas[area]
            counts = own.with_areas(own.of_entity(period, entity), made)
            return self._rolled(own, counts, period, entity) if any(counts) else None

        yield from self._tree.walked(rolled).values()

    def _rolled(self, area: _Area, counts: Counts, period: Period, entity: int) -> RolledArea:
        verdict = area.verdicts.of(counts)
        name = self.entities[entity] or None
        return RolledArea(area.id, verdict, self._tree.judged(verdict.rag, area.id, name, period.end))


@define
class _Area:
    """An area and what rolls up to it.

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
    def of(cls, area: str, tree: AreaTree, groups: Sequence[ChildGroup]) -> _Area:
        rules, below = tree.rules, tree.areas_below(area)
        own = [group for group in groups if group.area == area]
        actions = [rule for rule in tree.rules_of(area) if isinstance(rule, Action)]
        policy = rules.rollup_of(area)
        kinds = [_PLAIN, *(group.weighing for group in own), *(weighing_of(action, rules) for action in actions)]
        places = _placed([*kinds, *(_as_child(child, policy) for child in below)], rules.scale)
        return cls(
            area,
            Verdicts(policy, rules.scale, list(places)),
            [(places[group.weighing], group) for group in own],
            [(places[weighing_of(action, rules)], action) for action in actions],
            [(places[_as_child(child, policy)], child) for child in below],
        )

    def _place(self, level: Rag) -> int:
        return _place(level, self.verdicts.scale)

    def _nothing(self) -> Counts:
        return [0] * ((len(self.verdicts.scale.levels) + 1) * len(self.verdicts.weighings))

    def of_whole(self, period: Period, actions: ActionLevels) -> Counts:
        """Its KPIs and actions."""
        counts = self._nothing()
        for place, group in self.groups:
            for n, count in enumerate(group.of_whole(period), start=place):
                counts[n] += count
        for place, action in self.actions:
            counts[place + self._place(actions.level(action, period))] += 1
        return counts

    def of_entity(self, period: Period, entity: int) -> Counts:
        """Its KPIs that an entity has."""
        counts = self._nothing()
        for place, group in self.groups:
            for n, count in enumerate(group.of_entity(entity, period) or (), start=place):
                counts[n] += count
        return counts

    def with_areas(self, counts: Counts, made: Mapping[str, RolledArea]) -> Counts:
        """The counts with those of its child areas that are rolled up."""
        for place, child in self.children:
            if child in made:
                counts[place + self._place(made[child].rag)] += 1
        return counts


def _as_child(area: str, policy: RollupPolicy) -> Weighing:
    """How an area weighs in what it rolls up to."""
    return (*_PLAIN[:2], area if area in policy.named else "")


def _placed(weighings: Iterable[Weighing], scale: Scale) -> dict[Weighing, int]:
    """Each way of weighing once, with the place where its levels begin."""
    return {weighing: n * (len(scale.levels) + 1) for n, weighing in enumerate(dict.fromkeys(weighings))}


def _place(level: Rag, scale: Scale) -> int:
    """Where a level is counted: worst first, then grey."""
    return len(scale.levels) if level.is_grey else level.rank
