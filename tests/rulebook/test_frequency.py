"""A month or a day that stands at the edge of a KPI's period names that period."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.period import Calendar, Period, PeriodKind, parse_period
from ragengine.rulebook.frequency import Frequency


@pytest.mark.parametrize(
    ("frequency", "written", "named"),
    [
        ("quarterly", "Jun-20", "Q1 2020/21"), ("quarterly", "May-20", "2020-05"), ("quarterly", "Apr-20", "2020-04"),
        ("quarterly", "2020-06-30", "Q1 2020/21"), ("quarterly", "2020-04-01", "Q1 2020/21"),
        ("quarterly", "2020-06-29", "2020-06-29"), ("quarterly", "2020/21", "2020/21"),
        ("monthly", "2020-07-01", "2020-07"), ("monthly", "2020-07-31", "2020-07"), ("monthly", "2020-07-02", "2020-07-02"),
        ("monthly", "Jul-20", "2020-07"), ("monthly", "Q1 2020/21", "Q1 2020/21"),
        ("annual", "Mar-21", "2020/21"), ("annual", "Apr-20", "2020-04"), ("annual", "2020-04-01", "2020/21"),
        ("annual", "2021-03-31", "2020/21"), ("annual", "Q4 2020/21", "Q4 2020/21"),
        ("half-yearly", "Sep-20", "H1 2020/21"), ("half-yearly", "2020-10-01", "H2 2020/21"),
        ("weekly", "2020-08-02", "2020-W31"), ("weekly", "2020-07-27", "2020-W31"), ("weekly", "2020-07-29", "2020-07-29"),
        ("weekly", "Aug-20", "2020-08"), ("daily", "2020-07-01", "2020-07-01"), ("daily", "Jul-20", "2020-07"),
    ],
)  # fmt: skip
def test_the_period_that_is_named(frequency: str, written: str, named: str) -> None:
    """A month that ends it, a day that begins or ends it; anything else stays what it is."""
    assert str(Frequency(frequency).named(parse_period(written))) == named


def test_a_week_that_ends_with_a_month_is_not_named_by_it() -> None:
    """A month holds more than a week, though both end on Sunday 31 May 2020."""
    assert str(Frequency.WEEKLY.named(parse_period("May-20"))) == "2020-05"


def test_the_years_are_those_of_the_calendar() -> None:
    """June ends the last quarter where years start in July, and the second where they start in January."""
    named = [Frequency.QUARTERLY.named(parse_period("Jun-20", Calendar(year_starts=month))) for month in (7, 1, 5)]

    assert [str(period) for period in named] == ["Q4 2019/20", "Q2 2020", "2020-06"]


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.sampled_from(Frequency), st.integers(1, 12))
def test_each_end_of_a_period_names_it(day: date, frequency: Frequency, month: int) -> None:
    """And the days beside them do not, unless the period is no longer than that."""
    period = Period.around(day, frequency.kind, month)
    calendar = Calendar(year_starts=month)

    assert frequency.named(parse_period(period.start, calendar)) == period
    assert frequency.named(parse_period(period.end, calendar)) == period
    assert frequency.named(period) == period
    within = parse_period(day, calendar)
    if day not in (period.start, period.end):
        assert frequency.named(within) == within
        assert within.kind is PeriodKind.DAY is not frequency.kind
