"""Periods, dates and durations as the field prints them."""

from .argument import period_given
from .duration import Duration, parse_duration
from .spelling import Due, both_readings, parse_date, parse_due, parse_period
from .value import APRIL, Calendar, Period, PeriodError, PeriodKind

__all__ = [
    "APRIL",
    "Calendar",
    "Due",
    "Duration",
    "Period",
    "PeriodError",
    "PeriodKind",
    "both_readings",
    "parse_date",
    "parse_due",
    "parse_duration",
    "parse_period",
    "period_given",
]
