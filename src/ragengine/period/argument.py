"""A period that a caller names."""

from __future__ import annotations

from typing import Any

from ..errors import BadArgument
from .spelling import parse_period
from .value import APRIL, Calendar, Period, PeriodError

__all__ = ["period_given"]


def period_given(argument: str, given: Any, calendar: Calendar = APRIL) -> Period:
    """The period that an argument names, whose last day counts where a day is asked for.

    Raises BadArgument, with the argument's name and what is accepted.
    """
    try:
        return parse_period(given, calendar)
    except PeriodError as wrong:
        raise BadArgument(argument, given, f"{wrong.message}; {wrong.hint}") from wrong
