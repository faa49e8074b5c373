"""Periods as values: days, weeks, months, quarters, half-years and years, and the calendar of a book."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from attrs import evolve, field, frozen

from ..errors import RagError

__all__ = ["APRIL", "Calendar", "Period", "PeriodError", "PeriodKind", "add_months"]

_KNOWN = "write 2020-07, Jul-20, Q1 2020/21, 2020/21 or 2020-07-31"


class PeriodError(RagError, ValueError):
    """A text that is no period or date: what is wrong, and the way out."""

    def __init__(self, message: str, hint: str = _KNOWN) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@frozen
class Calendar:
    """How a book reads dates.

    Attributes:
        day_first: whether ``14/08/20`` is 14 August, as ``dates = "day first"`` in ``[book]`` says.
        year_starts: the month, 1 to 12, in which its years, half-years and quarters begin.

    >>> Calendar(year_starts=1).year(2020), Calendar().year(2020)
    ('2020', '2020/21')
    """

    day_first: bool = False
    year_starts: int = 4

    @property
    def month(self) -> str:
        """The name of the month in which years begin."""
        return calendar.month_name[self.year_starts]

    def year(self, first: int) -> str:
        """What the year that begins in a year is called."""
        return str(first) if self.year_starts == 1 else f"{first}/{(first + 1) % 100:02d}"


#: financial years from April, and no day written in figures alone
APRIL = Calendar()


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "financial year"


_DAYS_OF = {PeriodKind.DAY: 1, PeriodKind.WEEK: 7}
_MONTHS_OF = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


@frozen(order=False, cache_hash=True)
class Period:
    """A day, an ISO week, a month, or a quarter, half or whole of a year; it is judged by its last day.

    Years begin in the month ``year_starts``. It names a period and does not make it another one: the quarters of
    April to June are equal, whichever of the year they are.

    >>> from ragengine.period import parse_period
    >>> parse_period("Q1 2020/21").end, str(parse_period("Oct -20")), parse_period("Jul-20").previous().label
    (datetime.date(2020, 6, 30), '2020-10', 'June 2020')
    """

    kind: PeriodKind
    start: date
    year_starts: int = field(default=4, eq=False)
    end: date = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        days = _DAYS_OF.get(self.kind)
        if days is not None:
            end = self.start + timedelta(days=days - 1)
        else:
            end = _last_of_month(add_months(self.start, _MONTHS_OF[self.kind] - 1))
        object.__setattr__(self, "end", end)

    @classmethod
    def of_day(cls, day: date) -> Period:
        """A single day."""
        return cls(PeriodKind.DAY, day)

    @classmethod
    def around(cls, day: date, kind: PeriodKind, year_starts: int = 4) -> Period:
        """The period of a kind that a day lies in.

        >>> Period.around(date(2020, 8, 14), PeriodKind.QUARTER).label
        'Q2 2020/21'
        """
        if kind is PeriodKind.DAY:
            return cls(kind, day, year_starts)
        if kind is PeriodKind.WEEK:
            return cls(kind, day - timedelta(days=day.weekday()), year_starts)
        back = (day.month - year_starts) % _MONTHS_OF[kind]
        return cls(kind, add_months(day.replace(day=1), -back), year_starts)

    def in_calendar(self, book: Calendar) -> Period:
        """The same period as a book names it; raises PeriodError where its years have no such period."""
        if self.year_starts == book.year_starts:
            return self
        if Period.around(self.start, self.kind, book.year_starts) != self:
            raise PeriodError(
                f"{self.start:%B %Y} to {self.end:%B %Y} is no {self.kind} here: years start in {book.month}",
                "give a period of the book's own years",
            )
        return evolve(self, year_starts=book.year_starts)

    def shifted(self, by: int) -> Period:
        """So many periods of the same kind later."""
        return _shifted(self.kind, self.start, self.year_starts, by)

    def previous(self) -> Period:
        """The period before."""
        return self.shifted(-1)

    def year_before(self) -> Period:
        """The same period a year earlier; of a 53rd week the last of the year before."""
        match self.kind:
            case PeriodKind.DAY:
                return evolve(self, start=add_months(self.start, -12))
            case PeriodKind.WEEK:
                year, week, _ = self.start.isocalendar()
                last = date(year - 1, 12, 28).isocalendar().week
                return evolve(self, start=date.fromisocalendar(year - 1, min(week, last), 1))
            case _:
                return self.shifted(-12 // _MONTHS_OF[self.kind])

    def __lt__(self, other: Period) -> bool:
        return (self.end, self.start) < (other.end, other.start)

    @property
    def _year(self) -> str:
        first = self.start.year if self.start.month >= self.year_starts else self.start.year - 1
        return Calendar(year_starts=self.year_starts).year(first)

    @property
    def label(self) -> str:
        """As a report prints it: ``July 2020``."""
        match self.kind:
            case PeriodKind.DAY:
                return f"{self.start.day} {calendar.month_name[self.start.month]} {self.start.year}"
            case PeriodKind.WEEK:
                return f"{self.start.isocalendar().year}-W{self.start.isocalendar().week:02d}"
            case PeriodKind.MONTH:
                return f"{calendar.month_name[self.start.month]} {self.start.year}"
            case PeriodKind.YEAR:
                return self._year
            case _:
                part = (self.start.month - self.year_starts) % 12 // _MONTHS_OF[self.kind] + 1
                return f"{'Q' if self.kind is PeriodKind.QUARTER else 'H'}{part} {self._year}"

    def __str__(self) -> str:
        """As data files write it; :func:`parse_period` reads it back with the calendar of the same book."""
        match self.kind:
            case PeriodKind.DAY:
                return self.start.isoformat()
            case PeriodKind.MONTH:
                return self.start.isoformat()[:7]
            case _:
                return self.label


@lru_cache(maxsize=4096)
def _shifted(kind: PeriodKind, start: date, year_starts: int, by: int) -> Period:
    days = _DAYS_OF.get(kind)
    later = start + timedelta(days=by * days) if days is not None else add_months(start, by * _MONTHS_OF[kind])
    return Period(kind, later, year_starts)
