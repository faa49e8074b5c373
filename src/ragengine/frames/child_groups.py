"""KPIs of an area as its children: those that count alike together, and those that are looked at row by row."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property

from attrs import define, field

from ..period import Period, PeriodKind
from ..rollup.shown import shown_period
from ..rulebook.kpi import Kpi
from .area_children import WHOLE, Counts, Scene, Weighing, shown_in, weighing_of
from .rated_rows import LevelCounts, Reported

__all__ = ["CountedAlike", "OneKpi"]

#: later than any day
_NEVER = 10**9


@define(slots=False)
class CountedAlike:
    """KPIs that count alike: measured in periods of one kind, of the whole from the same day or never.

    Those without a row in a period are grey, or there are none.
    """

    scene: Scene
    area: str
    weighing: Weighing
    kpis: list[Kpi]
    kind: PeriodKind | None
    whole_from: int | None
    reported: list[Reported]
    counts: LevelCounts
    #: numbers of the periods that were counted; None for all
    within: Collection[int] | None

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        """For each entity, the days from which its KPIs are known."""
        found: dict[int, list[int]] = defaultdict(list)
        days = self.scene.days
        for each in self.reported:
            found[each.entity].append(days[each.first])
        for own in found.values():
            own.sort()
        return found

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
        first: dict[int, int] = {}
        for each in self.reported:
            day = self.scene.days[each.first]
            if day < first.get(each.kpi, _NEVER):
                first[each.kpi] = day
        by_id = {self.scene.rows.kpis[number]: day for number, day in first.items()}
        return [(by_id.get(kpi.id, _NEVER), kpi) for kpi in self.kpis]

    def number(self, of: Period) -> int:
        """The number of the period of which the scorecard of a period shows them; -1 for none."""
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
        return self._filled(self.counts.get((entity, self.number(period))), known)

    def is_of_whole(self, period: Period) -> bool:
        """Whether they are reported of the whole by then."""
        return self.whole_from is not None and self.whole_from <= period.end.toordinal()

    def of_whole(self, period: Period) -> Counts:
        day = period.end.toordinal()
        if self.is_of_whole(period):
            return self.of_entity(WHOLE, period) or []
        starts, by_period = self._by_entity
        counts = self._filled(by_period.get(self.number(period)), bisect_right(starts, day))
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

    scene: Scene
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
        return shown_in(self.kpi, self.reported[0].kind, of) if number < 0 else self.scene.rows.periods[number]

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
