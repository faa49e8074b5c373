"""The periods of a frame: each is read once, by the grammar of the field, and looked up from then on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from ..data.door import two_ways
from ..number import BLANKS
from ..period import Calendar, Period, PeriodError, parse_period
from ..rulebook.frequency import Frequency
from .engines import Engine, Frame, unused
from .small_table import SmallTable

__all__ = [
    "BEFORE", "DAY", "ERA", "FIRST_ERA", "NO_PERIOD", "PERIOD", "WHO", "YEAR_AGO", "PeriodNumbers", "distinct",
    "with_periods",
]  # fmt: skip

#: stands for null among the texts of periods; no text of a period is this one
_NULL = "\x1f"

#: columns that are added: numbers of the era, and of the period, the one before, the same a year ago; its last day
ERA = unused("era")
#: the numbers of eras that are none: of a period that cannot be read, and of no period
UNREAD, NO_PERIOD, FIRST_ERA = 0, 1, 2
PERIOD, BEFORE, YEAR_AGO = unused("period"), unused("before"), unused("year_ago")
DAY = unused("day")
#: whose row it is: KPI and entity
WHO = unused("who")


def distinct(frame: Frame, column: str) -> list[Any]:
    """The values of a column, each once; for a lazy frame this reads that column."""
    only = frame.select(nw.col(column)).drop_nulls().unique()
    found = only.collect() if isinstance(only, nw.LazyFrame) else only
    return list(found[column].to_list())


def _read(value: Any, calendar: Calendar) -> Period | None:
    try:
        return parse_period(value, calendar)
    except PeriodError:
        return None


@frozen
class PeriodNumbers:
    """The periods of a frame in the order of time; each is known by its number.

    Attributes:
        readings: the period that each value of the column stands for, None where it cannot be read: a month or a day
            may name a period of a KPI's own frequency, so there may be several.
        reading_of: which of them holds for KPIs of a frequency.
        two_ways: texts that may be a month or a financial year here, and are not read.
    """

    periods: tuple[Period, ...]
    readings: tuple[Mapping[Any, Period | None], ...]
    reading_of: Mapping[Frequency | None, int]
    two_ways: frozenset[str] = frozenset()

    @classmethod
    def read(
        cls, values: Iterable[Any], *, calendar: Calendar, frequencies: Iterable[Frequency | None] = (None,)
    ) -> PeriodNumbers:
        """What these values stand for, each by the grammar of the field."""
        given = list(values)
        doubtful = two_ways(value.strip(BLANKS) for value in given if isinstance(value, str))
        of = {
            value: None if isinstance(value, str) and value.strip(BLANKS) in doubtful else _read(value, calendar)
            for value in given
        }
        readings: list[Mapping[Any, Period | None]] = []
        reading_of = {}
        for frequency in frequencies:
            named = {value: _named(period, frequency) for value, period in of.items()}
            if named not in readings:
                readings.append(named)
            reading_of[frequency] = readings.index(named)
        found = {period for reading in readings for period in reading.values() if period is not None}
        return cls(tuple(sorted(found)), tuple(readings), reading_of, doubtful)

    def with_earlier(self) -> PeriodNumbers:
        """The same with numbers for the period before each, and for the same a year ago."""
        earlier = (each for period in self.periods for each in (period.previous(), period.year_before()))
        return evolve(self, periods=tuple(sorted({*self.periods, *earlier})))

    @property
    def ends(self) -> list[date]:
        return [period.end for period in self.periods]

    @property
    def days(self) -> list[int]:
        """The last day of each, as a number."""
        return [end.toordinal() for end in self.ends]

    @property
    def ends_differ(self) -> bool:
        """Whether no two periods end on one day, as a month and a quarter do."""
        return len(set(self.ends)) == len(self.periods)

    def table(self, starts: Sequence[date], wanted: Collection[str], *, is_date: bool) -> SmallTable:
        """The wanted columns by the text of the period; a number of no period is -1."""
        number = {period: n for n, period in enumerate(self.periods)}
        # times of one day are one text
        texts = {
            f"{self.mark(n)}{_as_text(value, is_date)}": period
            for n, reading in enumerate(self.readings)
            for value, period in reading.items()
        }
        rows = list(texts.values())

        def column(of: Callable[[Period], int]) -> list[int]:
            return [*(-1 if period is None else of(period) for period in rows), -1, -1]

        eras = [UNREAD if period is None else FIRST_ERA + bisect_right(starts, period.end) - 1 for period in rows]
        columns = {
            ERA: [*eras, NO_PERIOD, UNREAD],
            PERIOD: column(lambda period: number[period]),
            BEFORE: column(lambda period: number.get(period.previous(), -1)),
            YEAR_AGO: column(lambda period: number.get(period.year_before(), -1)),
            DAY: column(lambda period: period.end.toordinal()),
        }
        chosen = {name: values for name, values in columns.items() if name in wanted}
        return SmallTable.of(chosen, keys=[*texts, _NULL])

    def mark(self, reading: int) -> str:
        """What begins a text of a reading, where there are several."""
        return f"{reading}{_NULL}" if len(self.readings) > 1 else ""

    def reading(self, frequencies: Mapping[str, Frequency | None]) -> SmallTable:
        """The mark of each KPI's reading, by id."""
        marks = [self.mark(self.reading_of[frequency]) for frequency in frequencies.values()]
        return SmallTable.of({}, {unused("reading"): [*marks, self.mark(0)]}, keys=list(frequencies))


def with_periods(
    frame: Frame,
    engine: Engine,
    periods: PeriodNumbers,
    starts: Sequence[date],
    wanted: Collection[str],
    frequencies: Mapping[str, Frequency | None],
    *,
    is_date: bool,
) -> Frame:
    """The frame with what :meth:`PeriodNumbers.table` says of each row's period; ``frequencies`` are those of KPIs."""
    key, kpi = unused("period_text"), unused("kpi_text")
    column = nw.col("period").dt.to_string("%Y-%m-%d") if is_date else nw.col("period").cast(nw.String)
    if len(periods.readings) > 1:
        frame = engine.look_up(
            frame.with_columns(nw.col("kpi").cast(nw.String).alias(kpi)), kpi, periods.reading(frequencies)
        )
        marked = nw.concat_str([nw.col(unused("reading")).cast(nw.String), column])
        column = nw.when(column.is_null()).then(nw.lit(None, nw.String)).otherwise(marked)
    table = periods.table(starts, wanted, is_date=is_date)
    return engine.look_up(frame.with_columns(column.fill_null(_NULL).alias(key)), key, table)


def _named(period: Period | None, frequency: Frequency | None) -> Period | None:
    return period if period is None or frequency is None else frequency.named(period)


def _as_text(value: Any, is_date: bool) -> str:
    """A value as its column prints it: a column of dates or times prints days."""
    return f"{value:%Y-%m-%d}" if is_date and isinstance(value, date) else str(value)
