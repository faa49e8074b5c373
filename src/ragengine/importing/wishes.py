"""What the person who imports says beside the sheet."""

from __future__ import annotations

import calendar
from collections.abc import Mapping

from attrs import field, frozen

from ..errors import BadArgument
from ..period import Calendar, PeriodError, parse_period
from .polarity import read_direction
from .tolerances import read_tolerance

__all__ = ["Wishes", "check_said"]

#: what `--set` may say, for the book or for every cell that is blank
SAYABLE = ("title", "edition", "dates", "area", "unit", "direction", "target", "met", "tolerance", "frequency", "lead",
           "source", "period", "year_starts")  # fmt: skip


@frozen
class Wishes:
    """What the person who imports says beside the sheet.

    Attributes:
        mapped: headings with the key each is read as.
        said: a value for each key whose cell is blank.
        area_column: the heading of the column that names areas.
    """

    mapped: Mapping[str, str] = field(factory=dict)
    said: Mapping[str, str] = field(factory=dict)
    area_column: str | None = None

    @property
    def calendar(self) -> Calendar | None:
        """How the book is said to read dates; None where that is left to the sheet."""
        starts = self.said.get("year_starts")
        return None if starts is None else Calendar("dates" in self.said, _month(starts) or 4)


def check_said(said: Mapping[str, str]) -> None:
    """Refuses a value of ``--set`` that the same cell of a sheet could not have."""
    for key, text in said.items():
        hint = ""
        if key not in SAYABLE:
            raise BadArgument("--set", key, f"it can be {', '.join(SAYABLE)}")
        match key:
            case "direction" if read_direction(text) is None:
                hint = "write higher, lower, within or monitor"
            case "met" if text not in ("at or beyond target", "beyond target"):
                hint = 'write "beyond target" or "at or beyond target"'
            case "dates" if text != "day first":
                hint = 'write "day first"'
            case "tolerance" if read_tolerance(text, "") is None:
                hint = 'write "10% of target", "5 pp" or a number'
            case "year_starts" if not _month(text):
                hint = "write the month in which years begin: July"
            case "period" if not _is_period(text):
                hint = "write 2020-07, Jul-20, Q1 2020/21 or 2020/21"
        if hint or not text.strip():
            raise BadArgument("--set", f"{key}={text}", hint or "write what it is")


def _month(name: str) -> int:
    """The number of a month by its name; 0 for no month."""
    names = [month.casefold() for month in calendar.month_name]
    return names.index(name.casefold()) if name and name.casefold() in names else 0


def _is_period(text: str) -> bool:
    try:
        parse_period(text, Calendar(year_starts=1)) if text.isdigit() else parse_period(text)
    except PeriodError:
        return False
    return True
