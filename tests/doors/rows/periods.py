"""Each frequency with each spelling of a period and each type of date: told apart by a target that changes within."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ..row import BOOK, PandasPeriod, Row, Table, grey, rated

#: by frequency: the day within a period on which the target rises from 10 to 20
_CHANGES = {
    "daily": "2020-07-15", "weekly": "2020-08-01", "monthly": "2020-07-15", "quarterly": "2020-08-15",
    "half-yearly": "2020-08-15", "annual": "2021-02-15",
}  # fmt: skip


def _rule(frequency: str, change: str) -> str:
    keys = f'unit = "days"\ndirection = "higher"\ntarget = {{ 2000-01-01 = 10, {change} = 20 }}\ntolerance = 0'
    return f'{keys}\nfrequency = "{frequency}"' if frequency else keys


def _after(rule: str, period: Any, day: str, why: str) -> Row:
    """A row whose period ends when the target is 20: 15 is 5 short."""
    return rated(rule, "red", 5, why, value="15", period=period, day=day)


def _before(rule: str, period: Any, day: str, why: str) -> Row:
    """A row whose period ends when the target is 10: 15 is beyond it."""
    return rated(rule, "green", -5, why, value="15", period=period, day=day)


def _invalid(rule: str, period: Any) -> Row:
    return grey(rule, "invalid", "a period that cannot be read", value="15", period=period, day="2020-12-31")


def _days(rule: str, first: date, last: date, end: str) -> list[Row]:
    """A day that begins or ends a period names it, as a text, a date and a time."""
    made = []
    for day in (first, last):
        made.append(_after(rule, day.isoformat(), end, "a day that begins or ends the period names it"))
        made.append(_after(rule, day, end, "as a date"))
        made.append(_after(rule, datetime(day.year, day.month, day.day), end, "as a time"))
        made.append(_after(rule, datetime(day.year, day.month, day.day, 9, 30), end, "at any hour"))
    return made


_PLAIN = {"no-frequency": _rule("", "2020-07-15")}
_MONTHS = ("2020-07", "Jul-20", "Jul -20", "July 20", "July 2020", "Jul 2020", "jul-20", " 2020-07 ", "July-2020")
_QUARTERS = ("Q2 2020/21", "Q2 2020-21", "2020/21 Q2", "Quarter 2 2020/21", "q2 2020/21", "Q2 2020/2021")
_YEARS = ("2020/21", "2020-21", "FY2020/21", "FY21", "2020/2021")
_BAD = ("soon", "2020-13", "2020-00", "Q5 2020/21", "Q0 2020/21", "2020/22", "2020-02-30", "32 July 2020", "Juli 2020",
        "July", "14/08/20", "1850-07")  # fmt: skip

PLAIN_TABLE = Table(
    "plain",
    _PLAIN,
    (
        *(_after("no-frequency", text, "2020-07-31", "a month") for text in _MONTHS),
        *(_after("no-frequency", text, "2020-09-30", "a quarter") for text in ("Q2 2020/21", "2020/21 Q2")),
        _after("no-frequency", "2020/21", "2021-03-31", "a year"),
        _before("no-frequency", "2010-11", "2010-11-30", "alone it is November 2010"),
        _before("no-frequency", "Q1 2020/21", "2020-06-30", "the quarter before"),
        _before("no-frequency", "2019/20", "2020-03-31", "the year before"),
        _before("no-frequency", "2020-07-14", "2020-07-14", "a day stays a day"),
        _after("no-frequency", "2020-07-15", "2020-07-15", "a day stays a day"),
        _before("no-frequency", "2020-07-01", "2020-07-01", "without a frequency a day stays a day"),
        _before("no-frequency", date(2020, 7, 1), "2020-07-01", "as a date"),
        _before("no-frequency", datetime(2020, 7, 1), "2020-07-01", "as a time"),
        _before("no-frequency", datetime(2020, 7, 14, 23, 59), "2020-07-14", "at any hour"),
        _after("no-frequency", date(2020, 7, 15), "2020-07-15", "as a date"),
        _after("no-frequency", "15 July 2020", "2020-07-15", "a day in words"),
        _after("no-frequency", PandasPeriod("2020-07", "M"), "2020-07-31", "a period of pandas is that period"),
        _before("no-frequency", PandasPeriod("2020-06", "M"), "2020-06-30", "a period of pandas is that period"),
        _after("no-frequency", PandasPeriod("2020Q3", "Q"), "2020-09-30", "July to September"),
        _before("no-frequency", PandasPeriod("2020-07-14", "D"), "2020-07-14", "a period of pandas is that period"),
        *(_invalid("no-frequency", text) for text in _BAD),
    ),
)

SPELLINGS_TABLE = Table(
    "spellings",
    _PLAIN | {"year-end": _rule("", "2021-02-15")},
    (
        *(_after("no-frequency", text, "2020-09-30", "a quarter") for text in _QUARTERS),
        *(_after("year-end", text, "2021-03-31", "a year") for text in _YEARS),
        _before("no-frequency", "14-Jul-20", "2020-07-14", "a day"),
        _after("no-frequency", "15-Jul-20", "2020-07-15", "a day"),
        _after("no-frequency", "15-Jul-2020", "2020-07-15", "a day"),
        _after("no-frequency", "H1 2020/21", "2020-09-30", "a half-year"),
        _before("no-frequency", "H2 2019/20", "2020-03-31", "a half-year"),
        _before("no-frequency", "2020-W28", "2020-07-12", "an ISO week, judged by its Sunday"),
        _after("no-frequency", "2020-W29", "2020-07-19", "an ISO week, judged by its Sunday"),
        _invalid("no-frequency", "2020-W54"),
        _invalid("no-frequency", "2021-W53"),
        _invalid("no-frequency", "H3 2020/21"),
    ),
)

FREQUENCY_TABLE = Table(
    "frequency",
    {frequency: _rule(frequency, change) for frequency, change in _CHANGES.items()}
    | {"yearly": _rule("yearly", "2021-02-15"), "annually": _rule("annually", "2021-02-15")},
    (
        *(_after("monthly", text, "2020-07-31", "a month") for text in _MONTHS[:4]),
        *_days("monthly", date(2020, 7, 1), date(2020, 7, 31), "2020-07-31"),
        _before("monthly", "2020-07-10", "2020-07-10", "another day is what it is"),
        _before("monthly", date(2020, 7, 10), "2020-07-10", "another day is what it is"),
        _after("monthly", PandasPeriod("2020-07", "M"), "2020-07-31", "a period of pandas is that period"),
        _after("monthly", PandasPeriod("2020-07-01", "D"), "2020-07-31", "a day that begins the month names it"),
        _after("quarterly", PandasPeriod("2020Q3", "Q"), "2020-09-30", "July to September is Q2"),
        _after("quarterly", PandasPeriod("2020-09", "M"), "2020-09-30", "a month that ends the quarter names it"),
        _before("monthly", date(2020, 6, 30), "2020-06-30", "June"),
        _before("monthly", date(2020, 6, 1), "2020-06-30", "June"),
        _after("quarterly", "Q2 2020/21", "2020-09-30", "a quarter"),
        _after("quarterly", "Sep-20", "2020-09-30", "a month that ends the quarter names it"),
        _after("quarterly", "2020-09", "2020-09-30", "a month that ends the quarter names it"),
        *_days("quarterly", date(2020, 7, 1), date(2020, 9, 30), "2020-09-30"),
        _before("quarterly", "Jul-20", "2020-07-31", "another month is what it is"),
        _before("quarterly", "Jun-20", "2020-06-30", "Q1"),
        _before("quarterly", date(2020, 4, 1), "2020-06-30", "Q1"),
        _before("quarterly", date(2020, 8, 1), "2020-08-01", "another day is what it is"),
        _after("half-yearly", "H1 2020/21", "2020-09-30", "a half-year"),
        _after("half-yearly", "Sep-20", "2020-09-30", "a month that ends the half-year names it"),
        *_days("half-yearly", date(2020, 4, 1), date(2020, 9, 30), "2020-09-30"),
        _before("half-yearly", "Jun-20", "2020-06-30", "another month is what it is"),
        _before("half-yearly", date(2020, 7, 1), "2020-07-01", "another day is what it is"),
        *(_after(name, "2020/21", "2021-03-31", "a year") for name in ("annual", "yearly", "annually")),
        *(_after(name, "Mar-21", "2021-03-31", "a month that ends the year names it")
          for name in ("annual", "yearly", "annually")),
        *_days("annual", date(2020, 4, 1), date(2021, 3, 31), "2021-03-31"),
        _before("annual", "Dec-20", "2020-12-31", "another month is what it is"),
        _before("annual", date(2021, 1, 1), "2021-01-01", "another day is what it is"),
        _after("weekly", "2020-W31", "2020-08-02", "an ISO week, judged by its Sunday"),
        *_days("weekly", date(2020, 7, 27), date(2020, 8, 2), "2020-08-02"),
        _before("weekly", date(2020, 7, 29), "2020-07-29", "another day is what it is"),
        _before("weekly", "2020-W30", "2020-07-26", "the week before"),
        _before("daily", date(2020, 7, 14), "2020-07-14", "a day"),
        _after("daily", date(2020, 7, 15), "2020-07-15", "a day"),
        _before("daily", "2020-07-01", "2020-07-01", "a day"),
    ),
)  # fmt: skip

YEAR_TABLE = Table(
    "year starts",
    {"quarterly": _rule("quarterly", "2020-08-15"), "annual": _rule("annual", "2020-10-15"),
     "half-yearly": _rule("half-yearly", "2020-11-15"), "july": _rule("", "2020-08-15")},
    (
        _after("annual", "Dec-20", "2020-12-31", "a month that ends the calendar year names it"),
        *_days("annual", date(2020, 1, 1), date(2020, 12, 31), "2020-12-31"),
        _before("annual", date(2020, 4, 1), "2020-04-01", "no year begins in April"),
        *_days("quarterly", date(2020, 7, 1), date(2020, 9, 30), "2020-09-30"),
        *_days("half-yearly", date(2020, 7, 1), date(2020, 12, 31), "2020-12-31"),
        _before("half-yearly", date(2020, 4, 1), "2020-04-01", "no half-year begins in April"),
        _before("half-yearly", "Sep-20", "2020-09-30", "no half-year ends in September"),
    ),
    BOOK + 'year_starts = "January"\n',
)  # fmt: skip

DAY_FIRST_TABLE = Table(
    "day first",
    _PLAIN,
    (
        _before("no-frequency", "14/07/20", "2020-07-14", "day first"),
        _after("no-frequency", "15/07/20", "2020-07-15", "day first"),
        _after("no-frequency", "03/08/2020", "2020-08-03", "day first: 3 August, and no 8 March"),
        _before("no-frequency", "08/03/2020", "2020-03-08", "day first: 8 March"),
        _invalid("no-frequency", "31/02/2020"),
        _invalid("no-frequency", "07/15/2020"),
    ),
    BOOK + 'dates = "day first"\n',
)
