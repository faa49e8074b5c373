"""The eras of a column of dates, by comparing with the days on which they begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import narwhals.stable.v2 as nw

__all__ = ["AFTER", "FIRST_DAY", "UNREAD", "era_of"]

#: days that can be periods, as :mod:`ragengine.period` has it, and the era of any other
FIRST_DAY, AFTER = date(1900, 1, 1), date(2200, 1, 1)
UNREAD = 0


def era_of(
    column: str,
    starts: Sequence[date],
    first: int,
    none: int,
    begins: Callable[[date], date] = lambda day: day,
) -> nw.Expr:
    """The era of a date by comparing: so many starts have passed. ``begins`` is a day's begin as the column has it."""
    day, passed = nw.col(column), nw.lit(first)
    earliest, after = begins(FIRST_DAY), begins(AFTER)
    for start in starts[1:]:
        passed = passed + (day >= begins(min(max(start, FIRST_DAY), AFTER))).cast(nw.Int32)
    known = nw.when((day >= earliest) & (day < after)).then(passed).otherwise(nw.lit(UNREAD))
    return nw.when(day.is_null()).then(nw.lit(none)).otherwise(known)
