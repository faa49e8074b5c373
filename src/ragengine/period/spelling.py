"""The one way from what a person or a library writes to a period or a day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from attrs import frozen

from ..problem import printable
from .value import APRIL, Calendar, Period, PeriodError, PeriodKind, add_months

__all__ = ["Due", "both_readings", "parse_date", "parse_due", "parse_period"]

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_LAST_MONTH = 12
_MONTHS = {name.casefold(): n for n in range(1, 13) for name in (calendar.month_name[n], calendar.month_abbr[n])}
_MONTHS["sept"] = 9

_TIME = r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?"
#: FY21, 2020/21, 2020-21 and 2020
_YEAR = r"(?P<fy>FY ?)?(?P<first>\d{4}|(?<=FY)\d\d|(?<=FY )\d\d)(?:[/-](?P<second>\d{4}|\d\d))?"
_PART = r"(?P<part>Q|Quarter |H|Half )(?P<number>[1-4])"

_ISO_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_TBC = re.compile(r"TBC\b[ ]*(.*)", re.ASCII | re.IGNORECASE)


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


def _month(name: str) -> int:
    month = _MONTHS.get(name.casefold())
    if month is None:
        raise PeriodError(f"{name!r} is no month")
    return month


def _first_year(match: re.Match[str], book: Calendar) -> int:
    """The year in which a written year begins."""
    first, second = match["first"], match["second"]
    year = _year(first)
    if second is not None:
        after = year + 1
        if int(second) != (after if len(second) == 4 else after % 100):
            raise PeriodError(f"{first}/{second} is no financial year", f"write {year}/{after % 100:02d}")
        if book.year_starts == 1:
            raise PeriodError(f"{first}/{second} is no year here: years start in January", f"write {year} or {after}")
        return year
    if book.year_starts == 1:
        return year
    if match["fy"]:
        # named by the year in which it ends
        return year - 1
    raise PeriodError(
        f"{first} can be two years: they start in {book.month}",
        f'write {book.year(year - 1)} or {book.year(year)}; or say year_starts = "January" in [book]',
    )


def _years(match: re.Match[str], book: Calendar) -> Period:
    if _ISO_MONTH.fullmatch(match[0]):
        year, month = _year(match["first"]), int(match["second"])
        if 1 <= month <= 12:
            return Period(PeriodKind.MONTH, date(year, month, 1), book.year_starts)
        if month != (year + 1) % 100:
            raise PeriodError(f"{match[0]} has no such month", f"for the year write {book.year(year)}")
    return Period(PeriodKind.YEAR, date(_first_year(match, book), book.year_starts, 1), book.year_starts)


def _part_of_year(match: re.Match[str], book: Calendar) -> Period:
    number, half = int(match["number"]), match["part"][0] in "Hh"
    if half and number > 2:
        raise PeriodError(f"a year has no half {number}", "write H1 or H2")
    start = date(_first_year(match, book), book.year_starts, 1)
    kind, months = (PeriodKind.HALF_YEAR, 6) if half else (PeriodKind.QUARTER, 3)
    return Period(kind, add_months(start, months * (number - 1)), book.year_starts)


def _week(match: re.Match[str], book: Calendar) -> Period:
    year, week = _year(match[1]), int(match[2])
    try:
        return Period(PeriodKind.WEEK, date.fromisocalendar(year, week, 1), book.year_starts)
    except ValueError:
        raise PeriodError(f"{year} has no week {week}", "weeks are those of ISO 8601, 01 to 52 or 53") from None


def _named_month(match: re.Match[str], book: Calendar) -> Period:
    return Period(PeriodKind.MONTH, date(_year(match[2]), _month(match[1]), 1), book.year_starts)


def _iso_day(match: re.Match[str], book: Calendar) -> Period:
    return _of_day(_date(_year(match[1]), int(match[2]), int(match[3])), book)


def _named_day(match: re.Match[str], book: Calendar) -> Period:
    return _of_day(_date(_year(match[3]), _month(match[2]), int(match[1])), book)


def _day_in_figures(match: re.Match[str], book: Calendar) -> Period:
    if book.day_first or (int(match[1]) > _LAST_MONTH and len(match[3]) > 2):
        day = _date(_year(match[3]), int(match[2]), int(match[1]))
        if book.day_first:
            return _of_day(day, book)
        said, instead = f"{match[0]} has the day first, and the book does not say that days come first", str(day)
    else:
        said, instead = f"{match[0]} can be read in two ways", "2020-08-14"
    raise PeriodError(said, f'write {instead}, or say dates = "day first" in [book]')


def _of_day(day: date, book: Calendar) -> Period:
    return Period(PeriodKind.DAY, day, book.year_starts)


_SPELLINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Calendar], Period]], ...] = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), made)
    for pattern, made in (
        (rf"(\d{{4}})-(\d\d)-(\d\d){_TIME}", _iso_day),
        (_YEAR, _years),
        (r"([A-Z]{3,9})\.?[ ]*[- ][ ]*(\d{4}|\d\d)", _named_month),
        (rf"{_PART}[ ,]+{_YEAR}", _part_of_year),
        (rf"{_YEAR}(?:[ ,]+|-)?{_PART}", _part_of_year),
        (r"(\d{4})-?W(\d\d)", _week),
        (r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Z]{3,9})\.?[ -](\d{4}|\d\d)", _named_day),
        (r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)", _day_in_figures),
    )
)


def parse_period(written: Any, calendar: Calendar = APRIL) -> Period:
    """The period a person means, or PeriodError; nothing ambiguous is guessed.

    A date and a datetime are the day; a pandas Period is that period. ``calendar`` says how the book reads dates.

    >>> [parse_period(text).label for text in ("31-Mar-24", "2020-21", "FY21", "H2 2020/21")]
    ['31 March 2024', '2020/21', '2020/21', 'H2 2020/21']
    """
    if isinstance(written, str):
        return _parse_period(written, calendar.day_first, calendar.year_starts)
    if isinstance(written, Period):
        return written.in_calendar(calendar)
    return _of_object(written, calendar)


@lru_cache(maxsize=4096)
def _parse_period(written: str, day_first: bool, year_starts: int) -> Period:
    given = written.strip(" \t\u00a0").replace("\u2013", "-")
    for pattern, made in _SPELLINGS:
        if match := pattern.fullmatch(given):
            return made(match, Calendar(day_first, year_starts))
    raise PeriodError("not a period")


#: by the first letter of what pandas calls a frequency
_FREQUENCIES = {
    "D": PeriodKind.DAY, "W": PeriodKind.WEEK, "M": PeriodKind.MONTH, "Q": PeriodKind.QUARTER, "A": PeriodKind.YEAR,
    "Y": PeriodKind.YEAR,
}  # fmt: skip


def _of_object(written: Any, book: Calendar) -> Period:
    """By what it can do: no library is imported for it."""
    if isinstance(written, int) and not isinstance(written, bool):
        return parse_period(printable(written), book)
    if isinstance(written, date):
        if written != written:  # NaT
            raise PeriodError("there is no day")
        day = written.date() if isinstance(written, datetime) else written
        _year(str(day.year))
        return _of_day(day, book)
    frequency, starts = getattr(written, "freqstr", None), getattr(written, "start_time", None)
    if isinstance(frequency, str) and isinstance(starts, datetime):
        kind = _FREQUENCIES.get(frequency[:1])
        found = None if kind is None else Period.around(starts.date(), kind, book.year_starts)
        if found is None or found.start != starts.date() or found.end != written.end_time.date():
            raise PeriodError(f"{written} ({frequency}) is no period here: years start in {book.month}")
        return found
    if hasattr(written, "to_pydatetime"):
        return _of_object(written.to_pydatetime(), book)
    if type(written).__name__ == "datetime64":
        return _of_object(written.astype("datetime64[D]").item(), book)
    raise PeriodError("there is no day" if written is None else f"a {type(written).__name__} is no period")


def both_readings(written: str, calendar: Calendar = APRIL) -> tuple[Period, Period] | None:
    """The month and the year that one text can mean (``2010-11``), or None; :func:`parse_period` takes the month.

    >>> [period.label for period in both_readings("2010-11")], both_readings("2012-13")
    (['November 2010', '2010/11'], None)
    """
    match = _ISO_MONTH.fullmatch(written.strip())
    if match is None or calendar.year_starts == 1:
        return None
    try:
        month, year = parse_period(written, calendar), parse_period(f"{match[1]}/{match[2]}", calendar)
    except PeriodError:
        return None
    return None if month == year else (month, year)


def parse_date(written: Any, calendar: Calendar = APRIL) -> date:
    """A day, or the last day of the period that is named; raises PeriodError."""
    return parse_period(written, calendar).end


@frozen
class Due:
    """When an action is due: a day, perhaps tentative, or none yet (``TBC``)."""

    day: date | None
    tentative: bool = False
    #: as the author wrote it
    written: str = ""


def parse_due(written: Any, calendar: Calendar = APRIL) -> Due:
    """A due date; a month means its last day, ``TBC`` none, ``TBC 14/08/20`` a tentative one.

    >>> parse_due("TBC 14/08/20", Calendar(day_first=True))
    Due(day=datetime.date(2020, 8, 14), tentative=True, written='TBC 14/08/20')
    """
    if isinstance(written, str) and (match := _TBC.fullmatch(written.strip())):
        rest = match[1].strip()
        return Due(parse_date(rest, calendar) if rest else None, bool(rest), written)
    return Due(parse_date(written, calendar), False, str(written))
