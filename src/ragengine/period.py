"""Periods, dates and durations as the field prints them."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from attrs import field, frozen

__all__ = [
    "Due",
    "Duration",
    "Period",
    "PeriodError",
    "PeriodKind",
    "parse_date",
    "parse_due",
    "parse_duration",
    "parse_period",
]

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_MONTHS = {name.casefold(): n for n in range(1, 13) for name in (calendar.month_name[n], calendar.month_abbr[n])}
_MONTHS["sept"] = 9

_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_NAMED_MONTH = re.compile(r"([A-Za-z]{3,9})\.?[ ]*[- ][ ]*(\d{4}|\d\d)", re.ASCII)
_NAMED_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)
_FINANCIAL_YEAR = re.compile(r"(\d{4})/(\d{4}|\d\d)", re.ASCII)
_QUARTER = re.compile(r"(?:Q|Quarter )([1-4])[ ,]+(\d{4}/(?:\d{4}|\d\d))", re.ASCII | re.IGNORECASE)
_QUARTER_LAST = re.compile(r"(\d{4}/(?:\d{4}|\d\d))[ ,]+(?:Q|Quarter )([1-4])", re.ASCII | re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)", re.ASCII)
_TBC = re.compile(r"TBC\b[ ]*(.*)", re.ASCII | re.IGNORECASE)
_DURATION = re.compile(r"(\d{1,4}) (day|week|month|year)s?", re.ASCII)

_KNOWN = "write 2020-07, Jul-20, Q1 2020/21, 2020/21 or 2020-07-31"


class PeriodError(ValueError):
    """A text that is no period or date: what is wrong, and the way out."""

    def __init__(self, message: str, hint: str = _KNOWN) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "financial year"


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


_MONTHS_OF = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@frozen(order=False)
class Period:
    """A day, a month, a quarter or a financial year (April to March); it is judged by its last day.

    >>> parse_period("Q1 2020/21").end, str(parse_period("Oct -20")), parse_period("Jul-20").previous().label
    (datetime.date(2020, 6, 30), '2020-10', 'June 2020')
    """

    kind: PeriodKind
    start: date
    end: date = field(init=False)

    def __attrs_post_init__(self) -> None:
        if self.kind is PeriodKind.DAY:
            end = self.start
        else:
            end = _last_of_month(_add_months(self.start, _MONTHS_OF[self.kind] - 1))
        object.__setattr__(self, "end", end)

    @classmethod
    def of_day(cls, day: date) -> Period:
        """A single day."""
        return cls(PeriodKind.DAY, day)

    @classmethod
    def around(cls, day: date, kind: PeriodKind) -> Period:
        """The period of a kind that a day lies in.

        >>> Period.around(date(2020, 8, 14), PeriodKind.QUARTER).label
        'Q2 2020/21'
        """
        if kind is PeriodKind.DAY:
            return cls.of_day(day)
        # months since an April: financial years and their quarters begin there
        back = (day.month - 4) % _MONTHS_OF[kind]
        return cls(kind, _add_months(day.replace(day=1), -back))

    def shifted(self, by: int) -> Period:
        """So many periods of the same kind later."""
        if self.kind is PeriodKind.DAY:
            return Period(self.kind, self.start + timedelta(days=by))
        return Period(self.kind, _add_months(self.start, by * _MONTHS_OF[self.kind]))

    def previous(self) -> Period:
        """The period before."""
        return self.shifted(-1)

    def year_before(self) -> Period:
        """The same period a year earlier."""
        if self.kind is PeriodKind.DAY:
            return Period(self.kind, _add_months(self.start, -12))
        return self.shifted(-12 // _MONTHS_OF[self.kind])

    def __lt__(self, other: Period) -> bool:
        return (self.end, self.start) < (other.end, other.start)

    @property
    def _financial_year(self) -> str:
        year = self.start.year if self.start.month >= 4 else self.start.year - 1
        return f"{year}/{(year + 1) % 100:02d}"

    @property
    def label(self) -> str:
        """As a report prints it: ``July 2020``."""
        match self.kind:
            case PeriodKind.DAY:
                return f"{self.start.day} {calendar.month_name[self.start.month]} {self.start.year}"
            case PeriodKind.MONTH:
                return f"{calendar.month_name[self.start.month]} {self.start.year}"
            case PeriodKind.QUARTER:
                return f"Q{(self.start.month - 4) // 3 % 4 + 1} {self._financial_year}"
            case PeriodKind.YEAR:
                return self._financial_year

    def __str__(self) -> str:
        """As data files write it; :func:`parse_period` reads it back."""
        match self.kind:
            case PeriodKind.DAY:
                return self.start.isoformat()
            case PeriodKind.MONTH:
                return f"{self.start:%Y-%m}"
            case _:
                return self.label


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        if year >= 80:
            raise PeriodError(f"the year {digits} can be read in two ways", "write the year with four digits")
        year += 2000
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise PeriodError(f"the year {year} is out of bounds", f"write a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return year


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise PeriodError("there is no such day", "check day and month") from None


def _financial_year(first: str, second: str) -> date:
    year = _year(first)
    if int(second) != (year + 1 if len(second) == 4 else (year + 1) % 100):
        raise PeriodError(f"{first}/{second} is no financial year", f"write {year}/{(year + 1) % 100:02d}")
    return date(year, 4, 1)


def _month(name: str) -> int:
    month = _MONTHS.get(name.casefold())
    if month is None:
        raise PeriodError(f"{name!r} is no month")
    return month


def parse_period(written: str | date | Period, *, day_first: bool = False) -> Period:
    """The period a person means, or PeriodError; nothing ambiguous is guessed.

    ``day_first`` allows ``14/08/20``, as ``dates = "day first"`` in ``[book]`` does.
    """
    if isinstance(written, str):
        return _parse_period(written, day_first)
    if isinstance(written, Period):
        return written
    if isinstance(written, datetime) or not isinstance(written, date):
        raise PeriodError(f"a {type(written).__name__} is no period")
    return Period(PeriodKind.DAY, written)


@lru_cache(maxsize=4096)
def _parse_period(written: str, day_first: bool) -> Period:
    given = written.strip(" \t\u00a0")
    if match := _ISO_DAY.fullmatch(given):
        year, month, day = match.groups()
        return Period(PeriodKind.DAY, _date(_year(year), int(month), int(day)))
    if match := _ISO_MONTH.fullmatch(given):
        return _iso_month(*match.groups())
    if match := _NAMED_MONTH.fullmatch(given):
        return Period(PeriodKind.MONTH, date(_year(match[2]), _month(match[1]), 1))
    if match := _QUARTER.fullmatch(given):
        return _quarter(int(match[1]), match[2])
    if match := _QUARTER_LAST.fullmatch(given):
        return _quarter(int(match[2]), match[1])
    if match := _FINANCIAL_YEAR.fullmatch(given):
        return Period(PeriodKind.YEAR, _financial_year(match[1], match[2]))
    if match := _NAMED_DAY.fullmatch(given):
        return Period(PeriodKind.DAY, _date(_year(match[3]), _month(match[2]), int(match[1])))
    if match := _DAY_FIRST.fullmatch(given):
        if not day_first:
            raise PeriodError(
                f"{given} can be read in two ways",
                'write 2020-08-14, or say dates = "day first" in [book]',
            )
        return Period(PeriodKind.DAY, _date(_year(match[3]), int(match[2]), int(match[1])))
    raise PeriodError("not a period")


def _iso_month(year: str, month: str) -> Period:
    if not 1 <= int(month) <= 12:
        raise PeriodError(f"{year}-{month} has no such month", f"for the financial year write {year}/{month}")
    return Period(PeriodKind.MONTH, date(_year(year), int(month), 1))


def _quarter(number: int, years: str) -> Period:
    first, second = years.split("/")
    return Period(PeriodKind.QUARTER, _add_months(_financial_year(first, second), 3 * (number - 1)))


def parse_date(written: str | date, *, day_first: bool = False) -> date:
    """A day, or the last day of the period that is named; raises PeriodError."""
    return parse_period(written, day_first=day_first).end


@frozen
class Due:
    """When an action is due: a day, perhaps tentative, or none yet (``TBC``)."""

    day: date | None
    tentative: bool = False
    #: as the author wrote it
    written: str = ""


def parse_due(written: str | date, *, day_first: bool = False) -> Due:
    """A due date; a month means its last day, ``TBC`` none, ``TBC 14/08/20`` a tentative one.

    >>> parse_due("TBC 14/08/20", day_first=True)
    Due(day=datetime.date(2020, 8, 14), tentative=True, written='TBC 14/08/20')
    """
    if isinstance(written, str) and (match := _TBC.fullmatch(written.strip())):
        rest = match[1].strip()
        return Due(parse_date(rest, day_first=day_first) if rest else None, bool(rest), written)
    return Due(parse_date(written, day_first=day_first), False, str(written))


@frozen
class Duration:
    """A length of time in days or months.

    >>> parse_duration("3 months").before(date(2020, 8, 31))
    datetime.date(2020, 5, 31)
    """

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        return _add_months(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        return _add_months(day, -self.months) - timedelta(days=self.days)

    def last_good_day(self, end: date) -> date:
        """The last day on which what ended on a day is no older than this: three months after June is September.

        >>> Duration(months=3).last_good_day(date(2020, 6, 30))
        datetime.date(2020, 9, 30)
        """
        return self.after(end + timedelta(days=1)) - timedelta(days=1)

    def __str__(self) -> str:
        count, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{count} {unit}{'' if count == 1 else 's'}"


def parse_duration(written: str) -> Duration:
    """``"28 days"``, ``"2 weeks"``, ``"3 months"``, ``"1 year"``; raises PeriodError."""
    match = _DURATION.fullmatch(written.strip())
    if match is None:
        raise PeriodError("not a length of time", 'write "28 days" or "3 months"')
    count, unit = int(match[1]), match[2]
    match unit:
        case "day":
            return Duration(days=count)
        case "week":
            return Duration(days=7 * count)
        case "month":
            return Duration(months=count)
        case _:
            return Duration(months=12 * count)
