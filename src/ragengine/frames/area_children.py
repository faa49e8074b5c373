"""The children that each area has in a period, counted by level: KPIs that count alike together."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Protocol, TypeAlias

from attrs import define, evolve, field

from ..book import Rulebook
from ..number import exact
from ..period import Period, PeriodKind
from ..rollup.shown import shown_period
from ..rulebook.action import Action
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..terms import GREY
from .absent_ratings import MEASURED, AbsentRatings
from .gap_rows import is_rated_as_rows, with_gaps
from .judged_rows import JudgedRows
from .rated_rows import LevelCounts, RatedRows, Reported

__all__ = ["WHOLE", "ChildGroup", "OneKpi", "Weighing", "groups_of", "weighing_of"]

#: the number of no entity
WHOLE = 0

#: how many are at each level of the scale, worst first, then grey
Counts: TypeAlias = list[int]
#: later than any day
_NEVER = 10**9
#: whether a child is critical, its weight, and its id where a cap or floor of its area names it
Weighing: TypeAlias = tuple[bool, Fraction, str]


class ChildGroup(Protocol):
    """KPIs of one area that are counted together."""

    @property
    def area(self) -> str: ...
    @property
    def weighing(self) -> Weighing: ...
    def of_entity(self, entity: int, period: Period) -> Counts | None:
        """Those that an entity has in the scorecard of a period; None where it has none."""
        ...

    def of_whole(self, period: Period) -> Counts:
        """Those of the whole: a KPI that is only reported by entity counts once for each of them."""
        ...


def _shown(kpi: Kpi, kind: PeriodKind, of: Period) -> Period:
    """The period that a scorecard shows of a KPI measured in one kind of periods."""
    return shown_period(kpi, (Period.around(of.end, kind, of.year_starts),), of)


@define(slots=False)
class _Scene:
    """What every group asks: the rows, the periods whose scorecards are made, rows that are judged or not there."""

    rows: RatedRows
    shown: Sequence[Period]
    absent: AbsentRatings
    judged: JudgedRows
    #: areas that roll up scores, which are told row by row
    scored: frozenset[str] = frozenset()
    #: KPIs that have a row in each period
    filled: frozenset[str] = frozenset()
    _numbers: dict[tuple[PeriodKind, Period], int] = field(factory=dict, init=False)
    _expected: dict[tuple[PeriodKind, int], tuple[int, ...]] = field(factory=dict, init=False)

    @cached_property
    def levels(self) -> dict[str, int]:
        """Levels by id, grey last."""
        return {str(level): n for n, level in enumerate((*self.rows.rules.scale, GREY))}

    @cached_property
    def _number(self) -> dict[Period, int]:
        return {period: n for n, period in enumerate(self.rows.periods)}

    def number(self, kpi: Kpi, kind: PeriodKind, of: Period) -> int:
        """The number of the period that a scorecard shows of a KPI measured in one kind of periods; -1 for none."""
        found = self._numbers.get((kind, of))
        if found is None:
            found = self._numbers[kind, of] = self._number.get(_shown(kpi, kind, of), -1)
        return found

    def expected(self, kpi: Kpi, reported: Reported) -> tuple[int, ...]:
        """The numbers of the periods that the scorecards show of it, from the first on."""
        key = reported.kind, reported.first
        found = self._expected.get(key)
        if found is None:
            start = self.start(reported)
            since = [of for of in self.shown if of.end.toordinal() >= start]
            found = tuple(dict.fromkeys(self.number(kpi, reported.kind, of) for of in since))
            self._expected[key] = found
        return found

    def within(self, kept: Iterable[_Kept]) -> set[int] | None:
        """The numbers of the periods that the scorecards show; None where that is all of them."""
        if len(self.shown) != 1:
            return None
        return {self.number(one.kpi, kind, of) for one in kept for kind in one.kinds for of in self.shown}

    def absent_level(self, kpi: Kpi, entity: int, period: Period, of: Period) -> int:
        name = self.rows.entities[entity] or None
        return self.levels[self.absent.level(kpi.id, name, period, of)]

    def judged_level(self, kpi: Kpi, entity: int, period: Period, of: Period, found: int) -> int:
        """The level of a row in the scorecard of ``of``; ``found`` is its level in the frame."""
        level = self.judged.level(kpi.id, self.rows.entities[entity] or None, period, of)
        return found if level is None else self.levels[str(level)]

    def start(self, reported: Reported) -> int:
        """The day from which a scorecard knows of it."""
        return self.rows.periods[reported.first].end.toordinal()


@define(slots=False)
class _CountedAlike:
    """KPIs that count alike: measured in periods of one kind, of the whole from the same day or never.

    Those without a row in a period are grey, or there are none.
    """

    scene: _Scene
    area: str
    weighing: Weighing
    kpis: list[Kpi]
    kind: PeriodKind | None
    whole_from: int | None
    reported: list[Reported]
    counts: LevelCounts

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        """For each entity, the days from which its KPIs are known."""
        found: dict[int, list[int]] = defaultdict(list)
        for each in self.reported:
            found[each.entity].append(self.scene.start(each))
        return {entity: sorted(days) for entity, days in found.items()}

    @cached_property
    def _by_entity(self) -> tuple[list[int], dict[int, Counts]]:
        """The same of all entities together, and their counts by period."""
        days = sorted(day for entity, own in self._starts.items() if entity != WHOLE for day in own)
        counts: dict[int, Counts] = {}
        for (entity, period), own in self.counts.items():
            if entity != WHOLE:
                so_far = counts.setdefault(period, [0] * len(own))
                for level, count in enumerate(own):
                    so_far[level] += count
        return days, counts

    @cached_property
    def _first(self) -> list[tuple[int, Kpi]]:
        """Each KPI with the day from which it is known at all; those that never are have none."""
        first: dict[str, int] = {}
        for each in self.reported:
            kpi = self.scene.rows.kpis[each.kpi]
            first[kpi] = min(first.get(kpi, self.scene.start(each)), self.scene.start(each))
        return [(first.get(kpi.id, _NEVER), kpi) for kpi in self.kpis]

    def _period(self, of: Period) -> int:
        return -1 if self.kind is None else self.scene.number(self.kpis[0], self.kind, of)

    def _filled(self, present: Counts | None, known: int) -> Counts:
        counts = [0] * len(self.scene.levels) if present is None else list(present)
        counts[-1] += known - sum(counts)
        return counts

    def of_entity(self, entity: int, period: Period) -> Counts | None:
        starts = self._starts.get(entity)
        known = 0 if starts is None else bisect_right(starts, period.end.toordinal())
        if not known:
            return None
        return self._filled(self.counts.get((entity, self._period(period))), known)

    def of_whole(self, period: Period) -> Counts:
        day = period.end.toordinal()
        if self.whole_from is not None and self.whole_from <= day:
            return self.of_entity(WHOLE, period) or []
        starts, by_period = self._by_entity
        counts = self._filled(by_period.get(self._period(period)), bisect_right(starts, day))
        for first, kpi in self._first:
            if first > day:
                counts[self.scene.absent_level(kpi, WHOLE, shown_period(kpi, (), period), period)] += 1
        return counts


@define(slots=False)
class OneKpi:
    """A KPI looked at row by row: what it shows without one is not simply grey, or which period depends on the rows.

    Attributes:
        levels: by entity and period.
        by_rows: whether the period shown depends on which periods have rows.
    """

    scene: _Scene
    kpi: Kpi
    reported: list[Reported]
    levels: Mapping[int, Mapping[Period, int]]
    by_rows: bool
    _found: dict[tuple[int, Period], int] = field(factory=dict, init=False)

    @property
    def area(self) -> str:
        return self.kpi.area

    @property
    def weighing(self) -> Weighing:
        return weighing_of(self.kpi, self.scene.rows.rules)

    @cached_property
    def _starts(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for each in self.reported:
            found[each.entity] = min(found.get(each.entity, _NEVER), self.scene.start(each))
        return found

    def shown(self, entity: int, of: Period) -> Period:
        """The period whose row the scorecard of a period shows."""
        if self._starts.get(entity, _NEVER) > of.end.toordinal():
            return shown_period(self.kpi, (), of)
        if self.by_rows:
            return shown_period(self.kpi, sorted(p for p in self.levels[entity] if p.end <= of.end), of)
        number = self.scene.number(self.kpi, self.reported[0].kind, of)
        return _shown(self.kpi, self.reported[0].kind, of) if number < 0 else self.scene.rows.periods[number]

    def lacking(self) -> list[int]:
        """The entities of which some scorecard shows a period that has no row."""
        return [
            entity
            for entity, start in self._starts.items()
            if any(
                self.shown(entity, of) not in self.levels.get(entity, {})
                for of in self.scene.shown
                if start <= of.end.toordinal()
            )
        ]

    def level(self, entity: int, of: Period) -> int:
        """The number of the level that the scorecard of a period shows."""
        key = (entity, of)
        level = self._found.get(key)
        if level is None:
            shown = self.shown(entity, of)
            found = self.levels.get(entity, {}).get(shown)
            if found is None:
                level = self.scene.absent_level(self.kpi, entity, shown, of)
            else:
                level = self.scene.judged_level(self.kpi, entity, shown, of, found)
            self._found[key] = level
        return level

    def _one(self, *levels: int) -> Counts:
        counts = [0] * len(self.scene.levels)
        for level in levels:
            counts[level] += 1
        return counts

    def known(self, of: Period) -> list[int]:
        """The entities of which the scorecard of a period knows it."""
        return [entity for entity, start in self._starts.items() if start <= of.end.toordinal()]

    def in_whole(self, of: Period) -> list[int]:
        """Those that it counts for in the whole: the whole itself where it is reported, or nobody is."""
        known = self.known(of)
        return [WHOLE] if WHOLE in known or not known else known

    def of_entity(self, entity: int, period: Period) -> Counts | None:
        if self._starts.get(entity, _NEVER) > period.end.toordinal():
            return None
        return self._one(self.level(entity, period))

    def of_whole(self, period: Period) -> Counts:
        return self._one(*(self.level(entity, period) for entity in self.in_whole(period)))


def weighing_of(rule: Kpi | Action, rules: Rules) -> Weighing:
    """How a KPI or action weighs in its area."""
    return rule.critical, exact(rule.weight), rule.id if rule.id in rules.rollup_of(rule.area).named else ""


@define
class _Kept:
    """One KPI and what was reported of it."""

    kpi: Kpi
    reported: list[Reported]

    @property
    def kinds(self) -> set[PeriodKind]:
        return {each.kind for each in self.reported}

    @property
    def whole_from(self) -> int | None:
        """The number of the first period of the whole."""
        return min((each.first for each in self.reported if each.entity == WHOLE), default=None)

    @property
    def by_rows(self) -> bool:
        """Whether the period that a scorecard shows depends on which periods have rows."""
        return len(self.kinds) > 1 or PeriodKind.DAY in self.kinds


def groups_of(
    book: Rulebook,
    rows: RatedRows,
    shown: Sequence[Period],
    absent: AbsentRatings,
    judged: JudgedRows,
    scored: frozenset[str],
) -> list[ChildGroup]:
    """The KPIs of a rated frame, counted, for scorecards of the periods ``shown``; those of ``scored`` areas singly."""
    scene = _Scene(rows, shown, absent, judged, scored)
    reported: dict[str, list[Reported]] = defaultdict(list)
    for each in rows.reported():
        reported[rows.kpis[each.kpi]].append(each)
    kept = [_Kept(kpi, reported[kpi.id]) for kpi in book.rules.kpis.values() if kpi.in_rollup]
    scene = _filled(book, kept, scene)
    singly = [one for one in kept if _is_single(one, scene)]
    single_ids = {one.kpi.id for one in singly}
    alike: dict[tuple[object, ...], list[_Kept]] = defaultdict(list)
    for one in kept:
        if one.kpi.id not in single_ids:
            kind = next(iter(one.kinds), None)
            alike[one.kpi.area, weighing_of(one.kpi, rows.rules), kind, one.whole_from].append(one)
    by_rows = [one for one in singly if one.by_rows]
    with_gaps = [one for one in singly if not one.by_rows]
    return [
        *_counted_alike(list(alike.values()), scene),
        *_counted_singly(by_rows, scene, None),
        *_counted_singly(with_gaps, scene, scene.within(with_gaps)),
    ]


def _filled(book: Rulebook, kept: Sequence[_Kept], scene: _Scene) -> _Scene:
    """The scene with a row in each gap of the KPIs whose gaps are rated as rows."""
    if "period" not in scene.rows.columns:
        return scene
    gaps = [
        (one.kpi, each)
        for one in kept
        if not (_is_looked_at(one, scene) or scene.judged.is_named(one.kpi.id))
        if scene.absent.looks_back(one.kpi.id) and is_rated_as_rows(book, one.kpi)
        for each in one.reported
        if _has_gaps(one.kpi, each, scene)
    ]
    by_kind = {each.kind: kpi for kpi, each in gaps}
    shown = (_shown(kpi, kind, of) for kind, kpi in by_kind.items() for of in scene.shown)
    scene = evolve(scene, rows=scene.rows.with_periods(shown))
    expected = {(each.kpi, each.entity): scene.expected(kpi, each) for kpi, each in gaps}
    filled = frozenset(kpi.id for kpi, _ in gaps)
    return evolve(scene, rows=with_gaps(scene.rows, book, expected), filled=filled)


def _is_single(one: _Kept, scene: _Scene) -> bool:
    if _is_looked_at(one, scene):
        return True
    if one.kpi.id in scene.filled or scene.absent.always_grey(one.kpi.id):
        return False
    return any(_has_gaps(one.kpi, each, scene) for each in one.reported)


def _is_looked_at(one: _Kept, scene: _Scene) -> bool:
    """Whether which period is shown, or at which level or score, is told row by row."""
    if len(one.kinds) > 1 or one.kpi.area in scene.scored:
        return True
    if PeriodKind.DAY in one.kinds and any(period.kind is not PeriodKind.DAY for period in scene.shown):
        # of a longer period, the latest day that has a row is shown
        return True
    return scene.judged.is_named(one.kpi.id) and any(period.kind not in one.kinds for period in scene.shown)


def _has_gaps(kpi: Kpi, reported: Reported, scene: _Scene) -> bool:
    """Whether some scorecard may show a period without a row, after the first."""
    if len(scene.shown) == 1:
        return True
    return len(scene.expected(kpi, reported)) != reported.rows


def _counted_alike(alike: Sequence[Sequence[_Kept]], scene: _Scene) -> list[ChildGroup]:
    if not alike:
        return []
    group_of = {one.kpi.id: n for n, group in enumerate(alike) for one in group}
    within = scene.within(one for group in alike for one in group)
    counts = scene.rows.counts([group_of.get(kpi, -1) for kpi in scene.rows.kpis], within)
    made: list[ChildGroup] = []
    for group, own in zip(alike, counts, strict=True):
        first = group[0]
        whole_from = None if first.whole_from is None else scene.rows.periods[first.whole_from].end.toordinal()
        kpis, reported = [one.kpi for one in group], [each for one in group for each in one.reported]
        kind, weighing = next(iter(first.kinds), None), weighing_of(first.kpi, scene.rows.rules)
        made.append(_CountedAlike(scene, first.kpi.area, weighing, kpis, kind, whole_from, reported, own))
    return made


def _counted_singly(kept: Sequence[_Kept], scene: _Scene, within: set[int] | None) -> list[ChildGroup]:
    if not kept:
        return []
    rows = scene.rows
    group_of = {one.kpi.id: n for n, one in enumerate(kept)}
    made = []
    for one, counts in zip(kept, rows.counts([group_of.get(kpi, -1) for kpi in rows.kpis], within), strict=True):
        levels: dict[int, dict[Period, int]] = defaultdict(dict)
        for (entity, period), own in counts.items():
            levels[entity][rows.periods[period]] = own.index(1)
        made.append(OneKpi(scene, one.kpi, one.reported, levels, one.by_rows))
    lacking = [(one.kpi.id, entity) for one in made if scene.absent.looks_back(one.kpi.id) for entity in one.lacking()]
    if lacking:
        inputs = {name for kpi, _ in lacking for name in rows.rules.kpis[kpi].inputs}
        scene.absent.remember(rows.rows(rows.with_peers(lacking), (*MEASURED, *sorted(inputs))), rows.columns.kinds)
    _remember_judged(made, scene)
    return [*made]


def _remember_judged(made: Sequence[OneKpi], scene: _Scene) -> None:
    """The rows that a scorecard judges on another day than the frame did."""
    whose = [(one.kpi.id, each.entity) for one in made if scene.judged.is_named(one.kpi.id) for each in one.reported]
    if whose:
        adjusted = scene.rows.adjusted_column
        scene.judged.remember(scene.rows.rows(whose, ("kpi", "period", "entity", adjusted)), adjusted)
