"""The period that the headings above a column name together: ``2024/25`` over ``Q1``, ``Apr-24``, ``y1_2026_27``."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve, frozen

from ..period import APRIL, Calendar, Period, PeriodError, PeriodKind, parse_period

__all__ = ["are_calendar_years", "heading_period", "hyphens_are_years", "named_time", "years_named"]

_MONTHS = {name.casefold(): n for n in range(1, 13) for name in (calendar.month_name[n], calendar.month_abbr[n])}
_MONTHS["sept"] = 9
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NOT_IN_NUMBER = r"(?<![\d/.-])", r"(?![\d/-]|\.\d)"
_ISO_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_HYPHENED = re.compile(r"(?<![\d/-])((?:19|20)\d\d)\s?[-–]\s?(\d\d)(?![\d/-])", re.ASCII)
_YEARS = re.compile(
    rf"{_NOT_IN_NUMBER[0]}(?:FY\s?)?((?:19|20)\d\d|\d\d)\s?[/–-]\s?((?:19|20)\d\d|\d\d){_NOT_IN_NUMBER[1]}",
    re.ASCII | re.IGNORECASE,
)
_SPACED_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d) (\d\d)(?!\d)", re.ASCII)
_MONTH = re.compile(rf"\b({_NAMES})\b\.?(?:\s*[-–/ '’]\s*((?:19|20)\d\d|\d\d)(?![\d/]))?", re.ASCII | re.IGNORECASE)
_DAY_BEFORE = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -]$", re.ASCII)
#: the months from one to another: ``Apr-Jun 2025``, ``Oct 2025 to Mar 2026``
_MONTHS_SPAN = re.compile(
    rf"\b({_NAMES})\b\.?(?:\s*((?:19|20)\d\d|\d\d)(?!\d))?\s*(?:[-–—/]|\bto\b)\s*({_NAMES})\b\.?"
    r"(?:\s*[ '’-]?((?:19|20)\d\d|\d\d)(?![\d/]))?",
    re.ASCII | re.IGNORECASE,
)
_SPANNED = {3: PeriodKind.QUARTER, 6: PeriodKind.HALF_YEAR, 12: PeriodKind.YEAR}
_QUARTER = re.compile(r"\b(?:Q(?:tr|uarter)?)[ .]?([1-4])\b", re.ASCII | re.IGNORECASE)
_BARE_YEAR = re.compile(rf"{_NOT_IN_NUMBER[0]}(FY\s?)?((?:19|20)\d\d){_NOT_IN_NUMBER[1]}", re.ASCII | re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![\d/.-])(0?[1-9]|1[0-2])[/.-]((?:19|20)\d\d)(?![\d/.-])", re.ASCII)
_SHORT_FY = re.compile(r"\bFY\s?(\d\d)\b", re.ASCII | re.IGNORECASE)
_ORDINAL_YEAR = re.compile(r"\b(?:y|yr|year)\s?\d{1,2}\b", re.ASCII | re.IGNORECASE)


@frozen
class NamedTime:
    """What a text names of a time, and the text without it.

    Attributes:
        financial: the year in which a financial year begins.
        calendar: a year of four digits that stands alone, or beside its month.
        months: how many months end with ``month``.
    """

    rest: str
    day: date | None = None
    month: int | None = None
    quarter: int | None = None
    financial: int | None = None
    calendar: int | None = None
    guessed: bool = False
    months: int = 1

    def __bool__(self) -> bool:
        return any(part is not None for part in (self.day, self.month, self.quarter, self.financial, self.calendar))


def hyphens_are_years(texts: Iterable[str]) -> tuple[bool, bool]:
    """Whether ``2010-11`` is a year here and no month, and whether that is a guess.

    Every text of that form has to name two years that follow each other; one alone, or none beyond 12, is a guess.
    """
    found = {(match[1], match[2]) for text in texts for match in _HYPHENED.finditer(text)}
    following = all((int(first) + 1) % 100 == int(second) for first, second in found)
    certain = len(found) > 1 or any(int(second) > 12 for _, second in found)
    return bool(found) and following, bool(found) and following and not certain


def named_time(text: str, *, years: bool = True, doubtful: bool = False) -> NamedTime:
    """What a text names of a time.

    ``years``: ``2010-11`` is a financial year; ``doubtful``: that is a guess.

    >>> named_time("Target y1_2026_27").financial, named_time("Apr-24 Actual").rest
    (2026, ' Actual')
    """
    given = text.replace("_", " ")
    if match := _ISO_DAY.search(given):
        try:
            day = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return NamedTime(text)
        return NamedTime(_without(given, match), day=day)
    if not years and (match := _HYPHENED.search(given)) and 1 <= int(match[2]) <= 12:
        return NamedTime(_without(given, match), month=int(match[2]), calendar=int(match[1]))
    if match := _NUMBERED.search(given):
        return NamedTime(_without(given, match), month=int(match[1]), calendar=int(match[2]))
    found = NamedTime(given)
    found = _with_years(found, doubtful=doubtful)
    match = _HYPHENED.search(given) if found.financial is None else None
    if match is not None and 1 <= int(match[2]) <= 12:
        return NamedTime(_without(given, match), month=int(match[2]), calendar=int(match[1]))
    found = _with_month(found)
    if match := _QUARTER.search(found.rest):
        found = evolve(found, quarter=int(match[1]), rest=_without(found.rest, match))
    if found.financial is None and found.calendar is None:
        found = _with_bare_year(found)
    if not found:
        return NamedTime(text)
    return evolve(found, rest=_ORDINAL_YEAR.sub(" ", found.rest))


def _without(text: str, match: re.Match[str]) -> str:
    return (
        f"{text[: match.start()]} {text[match.end() :]}".rstrip()
        if match.start()
        else f" {text[match.end() :].lstrip()}"
    )


def _with_years(found: NamedTime, *, doubtful: bool) -> NamedTime:
    for pattern in (_YEARS, _SPACED_YEARS):
        for match in pattern.finditer(found.rest):
            first, second = int(match[1]), int(match[2])
            first = first + 2000 if first < 100 else first
            if second in (first + 1, (first + 1) % 100) and (len(match[1]) == 4 or len(match[2]) == 2):
                guessed = doubtful and _HYPHENED.search(match[0]) is not None
                return evolve(found, financial=first, rest=_without(found.rest, match), guessed=guessed)
    return found


def _with_month(found: NamedTime) -> NamedTime:
    if (match := _MONTHS_SPAN.search(found.rest)) and not _DAY_BEFORE.search(found.rest[: match.start()]):
        first, last = _MONTHS[match[1].casefold()], _MONTHS[match[3].casefold()]
        written = match[4] or (match[2] if first <= last else None)
        year = None if written is None else int(written) + (2000 if len(written) == 2 else 0)
        rest = _without(found.rest, match)
        return evolve(found, month=last, months=(last - first) % 12 + 1, calendar=year, rest=rest)
    for match in _MONTH.finditer(found.rest):
        # "may" and "mar" begin other words and are words themselves
        if (
            match[1].casefold() == "may"
            and match[2] is None
            and found.financial is None
            and not (match[1] == "May" and len(found.rest.split()) < 3)
            and found.rest.strip().casefold() != "may"
        ):
            continue
        year = None if match[2] is None else int(match[2]) + (2000 if len(match[2]) == 2 else 0)
        before = _DAY_BEFORE.search(found.rest[: match.start()])
        rest = _without(found.rest, match)
        if before is not None and year is not None:
            try:
                day = date(year, _MONTHS[match[1].casefold()], int(before[1]))
            except ValueError:
                return found
            return evolve(found, day=day, rest=found.rest[: before.start()] + found.rest[match.end() :])
        return evolve(found, month=_MONTHS[match[1].casefold()], calendar=year, rest=rest)
    return found


def _with_bare_year(found: NamedTime) -> NamedTime:
    if match := _BARE_YEAR.search(found.rest):
        rest = _without(found.rest, match)
        if match[1]:
            return evolve(found, financial=int(match[2]) - 1, rest=rest, guessed=True)
        return evolve(found, calendar=int(match[2]), rest=rest)
    if match := _SHORT_FY.search(found.rest):
        return evolve(found, financial=1999 + int(match[1]), rest=_without(found.rest, match), guessed=True)
    return found


def years_named(texts: Iterable[str]) -> set[int]:
    """The financial years that texts name, by the year in which each begins."""
    return {found.financial for text in texts if (found := named_time(text)).financial is not None}


def are_calendar_years(texts: Iterable[str]) -> bool:
    """Whether years stand alone (``2024``) and none is named by two."""
    times = [named_time(text) for text in texts]
    alone = any(time.calendar is not None and time.month is None for time in times)
    return alone and not any(time.financial is not None for time in times)


def heading_period(times: Sequence[NamedTime], year: int | None, book: Calendar = APRIL) -> tuple[Period | None, bool]:
    """The period that several headings of one column name together, and whether it is a guess.

    ``year`` is the financial year that the sheet is of, where its titles name one.
    """
    day = next((time.day for time in times if time.day is not None), None)
    if day is not None:
        whole = day.day == 1 or day.day == calendar.monthrange(day.year, day.month)[1]
        kind = PeriodKind.MONTH if whole else PeriodKind.DAY
        return Period(kind, day.replace(day=1) if whole else day, book.year_starts), False
    month, months = next(((time.month, time.months) for time in times if time.month is not None), (None, 1))
    quarter = next((time.quarter for time in times if time.quarter is not None), None)
    financial = next((time.financial for time in times if time.financial is not None), None)
    single = next((time.calendar for time in times if time.calendar is not None), None)
    guessed = any(time.guessed for time in times)
    begins = financial if financial is not None else year
    if month is not None:
        if single is not None:
            return _month(single, month, months, book), guessed
        if begins is None:
            return None, False
        ends = begins if month >= book.year_starts else begins + 1
        return _month(ends, month, months, book), guessed or financial is None
    if quarter is not None:
        begins = single if single is not None else begins
        return _parsed(begins, book, f"Q{quarter} "), guessed or financial is None
    if financial is not None:
        return _parsed(financial, book), guessed
    if single is not None:
        return _parsed(single, book), True
    return None, False


def _month(year: int, month: int, months: int, book: Calendar) -> Period | None:
    """The month, or the quarter, half-year or year that ends with it; None where those months are none."""
    if not 1900 <= year <= 2199:
        return None
    if months == 1:
        return Period(PeriodKind.MONTH, date(year, month, 1), book.year_starts)
    first = (month - months) % 12 + 1
    kind = _SPANNED.get(months)
    if kind is None or (first - book.year_starts) % months:
        return None
    return Period(kind, date(year - (first > month), first, 1), book.year_starts)


def _parsed(begins: int | None, book: Calendar, prefix: str = "") -> Period | None:
    if begins is None:
        return None
    try:
        return parse_period(f"{prefix}{book.year(begins)}", book)
    except PeriodError:
        return None
