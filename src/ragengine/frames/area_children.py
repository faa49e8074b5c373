"""The children that each area has in a period, counted by level, and what is asked of the rows for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Protocol, TypeAlias

from attrs import define, field

from ..number import exact
from ..period import Period, PeriodKind
from ..rollup.shown import shown_period
from ..rulebook.action import Action
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..terms import GREY
from .absent_ratings import AbsentRatings
from .judged_rows import JudgedRows
from .rated_rows import RatedRows
from .reported import Reported, ReportedAlike

__all__ = ["WHOLE", "ChildGroup", "Counts", "Scene", "Weighing", "shown_in", "weighing_of"]

#: the number of no entity
WHOLE = 0

#: how many are at each level of the scale, worst first, then grey
Counts: TypeAlias = list[int]
#: whether a child is critical, its weight, and its id where a cap or floor of its area names it
Weighing: TypeAlias = tuple[bool, Fraction, str]


class ChildGroup(Protocol):
    """KPIs of one area that are counted together."""

    @property
    def area(self) -> str: ...
    @property
    def weighing(self) -> Weighing: ...
    def of_entities(self, period: Period) -> Iterator[tuple[int, Sequence[int]]]:
        """Those of each entity that has some in the scorecard of a period."""
        ...

    def of_whole(self, period: Period) -> Sequence[int]:
        """Those of the whole: a KPI that is only reported by entity counts once for each of them."""
        ...


def shown_in(kpi: Kpi, kind: PeriodKind, of: Period) -> Period:
    """The period that a scorecard shows of a KPI measured in one kind of periods."""
    return shown_period(kpi, (Period.around(of.end, kind, of.year_starts),), of)


@define(slots=False)
class Scene:
    """What every group asks: the rows, the periods whose scorecards are made, rows that are judged or not there."""

    rows: RatedRows
    shown: Sequence[Period]
    absent: AbsentRatings
    judged: JudgedRows
    #: areas that roll up scores, and the KPIs in them whose scores are told row by row
    scored: frozenset[str] = frozenset()
    told_singly: frozenset[str] = frozenset()
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
            found = self._numbers[kind, of] = self._number.get(shown_in(kpi, kind, of), -1)
        return found

    def expected(self, kpi: Kpi, reported: Reported | ReportedAlike) -> tuple[int, ...]:
        """The numbers of the periods that the scorecards show of it, from the first on."""
        key = reported.kind, reported.first
        found = self._expected.get(key)
        if found is None:
            start = self.days[reported.first]
            since = [of for of in self.shown if of.end.toordinal() >= start]
            found = tuple(dict.fromkeys(self.number(kpi, reported.kind, of) for of in since))
            self._expected[key] = found
        return found

    def absent_level(self, kpi: Kpi, entity: int, period: Period, of: Period) -> int:
        name = self.rows.entities[entity] or None
        return self.levels[self.absent.level(kpi.id, name, period, of)]

    def judged_level(self, kpi: Kpi, entity: int, period: Period, of: Period, found: int) -> int:
        """The level of a row in the scorecard of ``of``; ``found`` is its level in the frame."""
        level = self.judged.level(kpi.id, self.rows.entities[entity] or None, period, of)
        return found if level is None else self.levels[str(level)]

    @cached_property
    def days(self) -> list[int]:
        """The last day of each period."""
        return [period.end.toordinal() for period in self.rows.periods]


def weighing_of(rule: Kpi | Action, rules: Rules) -> Weighing:
    """How a KPI or action weighs in its area."""
    return rule.critical, exact(rule.weight), rule.id if rule.id in rules.rollup_of(rule.area).named else ""
