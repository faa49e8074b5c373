"""KPIs of an area as its children: those that count alike together, and those that are looked at row by row."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from attrs import define, field, frozen

from ..period import Period, PeriodKind
from ..rollup.shown import shown_period
from ..rulebook.kpi import Kpi
from .area_children import WHOLE, Counts, Scene, Weighing, shown_in, weighing_of
from .rated_rows import LevelCounts
from .reported import Reported

__all__ = ["KNOWN_NEVER", "CountedAlike", "OneKpi"]

#: later than any day
KNOWN_NEVER = 10**9


@frozen
class _Since:
    """From which day on how many are known."""

    days: Sequence[int]
    so_far: Sequence[int]

    @classmethod
    def of(cls, starts: Mapping[int, int], days: Sequence[int]) -> _Since:
        """So many from the end of each of some periods."""
        by_day: dict[int, int] = defaultdict(int)
        for first, count in starts.items():
            by_day[days[first]] += count
        order = sorted(by_day)
        return cls(order, [0, *accumulate(by_day[day] for day in order)])

    def known(self, day: int) -> int:
        return self.so_far[bisect_right(self.days, day)]


@define(slots=False)
class CountedAlike:
    """KPIs that count alike: measured in periods of one kind, of the whole from the same day or never.

    Those without a row in a period are grey, or there are none.

    Attributes:
        known: each with the day from which it is known at all.
        starts: for each entity, how many are first reported in each period.
    """

    scene: Scene
    area: str
    weighing: Weighing
    known: list[tuple[int, Kpi]]
    kind: PeriodKind | None
    whole_from: int | None
    starts: Mapping[int, Mapping[int, int]]
    counts: LevelCounts
    #: numbers of the periods that were counted; None for all
    within: Collection[int] | None

    @property
    def kpis(self) -> list[Kpi]:
        return [kpi for _, kpi in self.known]

    @cached_property
    def _since(self) -> dict[int, _Since]:
        return {entity: _Since.of(own, self.scene.days) for entity, own in self.starts.items()}

    @cached_property
    def _entities_since(self) -> _Since:
        """Those of all entities together."""
        starts: dict[int, int] = defaultdict(int)
        for entity, own in self.starts.items():
            if entity != WHOLE:
                for first, count in own.items():
                    starts[first] += count
        return _Since.of(starts, self.scene.days)

    def number(self, of: Period) -> int:
        """The number of the period of which the scorecard of a period shows them; -1 for none."""
        return -1 if self.kind is None else self.scene.number(self.known[0][1], self.kind, of)

    def _filled(self, present: Sequence[int] | None, known: int) -> Sequence[int]:
        """The counts, with those in it of which there is no row."""
        counts = present or [0] * len(self.scene.levels)
        lacking = known - sum(counts)
        return [*counts[:-1], counts[-1] + lacking] if lacking else counts

    def of_entities(self, period: Period) -> Iterator[tuple[int, Sequence[int]]]:
        day, present = period.end.toordinal(), self.counts.get(self.number(period), {})
        for entity, since in self._since.items():
            known = since.known(day)
            if known and entity != WHOLE:
                yield entity, self._filled(present.get(entity), known)

    def is_of_whole(self, period: Period) -> bool:
        """Whether they are reported of the whole by then."""
        return self.whole_from is not None and self.whole_from <= period.end.toordinal()

    def of_whole(self, period: Period) -> Sequence[int]:
        day, present = period.end.toordinal(), self.counts.get(self.number(period), {})
        if self.is_of_whole(period):
            return self._filled(present.get(WHOLE), self._since[WHOLE].known(day))
        of_entities = (own for entity, own in present.items() if entity != WHOLE)
        counts = [
            *self._filled([sum(each) for each in zip(*of_entities, strict=True)], self._entities_since.known(day))
        ]
        for first, kpi in self.known:
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
            found[each.entity] = min(found.get(each.entity, KNOWN_NEVER), self.scene.days[each.first])
        return found

    def shown(self, entity: int, of: Period) -> Period:
        """The period whose row the scorecard of a period shows."""
        if self._starts.get(entity, KNOWN_NEVER) > of.end.toordinal():
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

    def of_entities(self, period: Period) -> Iterator[tuple[int, Sequence[int]]]:
        for entity in self.known(period):
            if entity != WHOLE:
                yield entity, self._one(self.level(entity, period))

    def of_whole(self, period: Period) -> Sequence[int]:
        return self._one(*(self.level(entity, period) for entity in self.in_whole(period)))
