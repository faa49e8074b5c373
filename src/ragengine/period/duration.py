"""Lengths of time: "28 days", "3 months"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from attrs import frozen

from .value import PeriodError, add_months

__all__ = ["Duration", "parse_duration"]

_DURATION = re.compile(r"(\d{1,4}) (day|week|month|year)s?", re.ASCII)


@frozen
class Duration:
    """A length of time in days or months.

    >>> parse_duration("3 months").before(date(2020, 8, 31))
    datetime.date(2020, 5, 31)
    """

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        return add_months(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        return add_months(day, -self.months) - timedelta(days=self.days)

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
