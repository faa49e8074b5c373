"""Periods and dates as the field prints them: what each spelling means, and what is refused."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.period import (
    Calendar,
    Period,
    PeriodError,
    PeriodKind,
    both_readings,
    parse_date,
    parse_due,
    parse_period,
)

APRIL, JULY, JANUARY = Calendar(), Calendar(year_starts=7), Calendar(year_starts=1)

SAME_IN_EVERY_CALENDAR = {
    "2020-07": (date(2020, 7, 1), date(2020, 7, 31)),
    "Jul-20": (date(2020, 7, 1), date(2020, 7, 31)),
    "Oct -20": (date(2020, 10, 1), date(2020, 10, 31)),
    "July 20": (date(2020, 7, 1), date(2020, 7, 31)),
    "2010-11": (date(2010, 11, 1), date(2010, 11, 30)),
    "2020-07-31": (date(2020, 7, 31), date(2020, 7, 31)),
    "2020-07-31 00:00:00": (date(2020, 7, 31), date(2020, 7, 31)),
    "2020-07-31T09:30": (date(2020, 7, 31), date(2020, 7, 31)),
    "31-Mar-24": (date(2024, 3, 31), date(2024, 3, 31)),
    "1-Mar-10": (date(2010, 3, 1), date(2010, 3, 1)),
    "01-Mar-24": (date(2024, 3, 1), date(2024, 3, 1)),
    "14th August 2020": (date(2020, 8, 14), date(2020, 8, 14)),
    "2020-W31": (date(2020, 7, 27), date(2020, 8, 2)),
    "2020-W53": (date(2020, 12, 28), date(2021, 1, 3)),
}
YEARS = (
    "2020/21",
    "2020/2021",
    "2020-21",
    "2020–21",
    "FY2020/21",
    "FY2020-21",
    "FY 2020/21",
    "FY20/21",
    "FY21",
    "FY2021",
)


@pytest.mark.parametrize("calendar", [APRIL, JULY, JANUARY], ids=lambda calendar: calendar.month)
@pytest.mark.parametrize("written", SAME_IN_EVERY_CALENDAR)
def test_days_weeks_and_months_are_the_same_in_every_calendar(written: str, calendar: Calendar) -> None:
    """In whatever month years begin."""
    period = parse_period(written, calendar)

    assert (period.start, period.end) == SAME_IN_EVERY_CALENDAR[written]


@pytest.mark.parametrize("written", YEARS)
def test_a_year_in_every_spelling(written: str) -> None:
    """``FY21`` is the year that ends in 2021; ``2020-21`` can be no month."""
    assert parse_period(written) == Period(PeriodKind.YEAR, date(2020, 4, 1))
    assert parse_period(written).end == date(2021, 3, 31)
    assert parse_period(written, JULY).end == date(2021, 6, 30)


@pytest.mark.parametrize("written", ["Q2 2020/21", "Q2 2020-21", "Quarter 2 2020/21", "2020/21 Q2", "q2, FY21"])
def test_a_quarter_in_every_spelling(written: str) -> None:
    """The second three months of the book's year."""
    assert parse_period(written).end == date(2020, 9, 30)
    assert parse_period(written, JULY).end == date(2020, 12, 31)
    assert parse_period(written).label == "Q2 2020/21"


@pytest.mark.parametrize("written", ["H2 2020/21", "2020/21 H2", "Half 2 2020/21", "H2 2020-21", "2020-21 half 2"])
def test_a_half_year_in_every_spelling(written: str) -> None:
    """The last six months of the book's year."""
    assert parse_period(written).end == date(2021, 3, 31)
    assert parse_period(written).kind is PeriodKind.HALF_YEAR
    assert parse_period(written, JULY).start == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("2020", date(2020, 12, 31)), ("Q1 2020", date(2020, 3, 31)), ("2020 Q4", date(2020, 12, 31)),
        ("2020Q1", date(2020, 3, 31)), ("H1 2020", date(2020, 6, 30)), ("FY20", date(2020, 12, 31)),
    ],
)  # fmt: skip
def test_calendar_years_where_years_start_in_january(written: str, end: date) -> None:
    """They have the name of the one year they lie in; elsewhere such a year could be two."""
    assert parse_period(written, JANUARY).end == end
    if "FY" not in written:
        with pytest.raises(PeriodError, match="2020 can be two years: they start in April") as refused:
            parse_period(written)
        assert "write 2019/20 or 2020/21" in refused.value.hint


@pytest.mark.parametrize("written", ["2020/21", "2020-21", "Q1 2020/21", "FY2020/21"])
def test_a_year_of_two_where_years_start_in_january(written: str) -> None:
    """There is none, and the two years it could be are offered."""
    with pytest.raises(PeriodError, match="no year here: years start in January") as refused:
        parse_period(written, JANUARY)
    assert refused.value.hint == "write 2020 or 2021"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("31-Jun-20", "no such day"), ("2020-06-31", "no such day"), ("2020-13", "no such month"), ("2020-00", "no such month"),
        ("2020/22", "no financial year"), ("Jxl-20", "is no month"), ("2021-W53", "has no week 53"), ("H3 2020/21", "has no half 3"),
        ("1850", "out of bounds"), ("Jul-2250", "out of bounds"), ("FY85", "two ways"), ("14/08/20", "two ways"),
        ("Q5 2020/21", "not a period"), ("20/21", "not a period"), ("", "not a period"), ("2020-07-31T25", "not a period"),
    ],
)  # fmt: skip
def test_what_is_no_period_says_why(written: str, said: str) -> None:
    """Nothing ambiguous is guessed."""
    with pytest.raises(PeriodError, match=said) as refused:
        parse_period(written)
    assert refused.value.hint


class Stamp:
    """What a Timestamp of another library is like."""

    def to_pydatetime(self) -> datetime:
        return datetime(2020, 7, 1, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "day", [date(2020, 7, 1), datetime(2020, 7, 1, 12, 30), datetime(2020, 7, 1, tzinfo=UTC), Stamp()]
)
def test_a_date_a_datetime_and_a_timestamp_of_one_day_are_that_day(day: Any) -> None:
    """The time of day says nothing."""
    assert parse_period(day) == parse_period("2020-07-01")


def test_what_pandas_and_numpy_have_is_read_without_them() -> None:
    """A Timestamp is a day and a pandas Period that period; what is no time is refused."""
    pandas, numpy = pytest.importorskip("pandas"), pytest.importorskip("numpy")

    assert parse_period(pandas.Timestamp("2020-07-01 10:00")) == parse_period("2020-07-01")
    assert parse_period(numpy.datetime64("2020-07-01T10")) == parse_period("2020-07-01")
    assert parse_period(pandas.Period("2020-07", "M")) == parse_period("Jul-20")
    assert parse_period(pandas.Period("2020-07-01", "D")) == parse_period("2020-07-01")
    assert parse_period(pandas.Period("2020-07-30", "W")) == parse_period("2020-W31")
    assert parse_period(pandas.Period("2020Q2", "Q")) == parse_period("Q1 2020/21")
    assert parse_period(pandas.Period("2021", "Y-MAR")) == parse_period("2020/21")
    assert parse_period(pandas.Period("2020", "Y"), JANUARY) == parse_period("2020", JANUARY)
    for nothing in (pandas.NaT, numpy.datetime64("NaT"), None):
        with pytest.raises(PeriodError, match="there is no day"):
            parse_period(nothing)
    with pytest.raises(PeriodError, match="no period here: years start in April"):
        parse_period(pandas.Period("2020", "Y"))


@pytest.mark.parametrize("nothing", [1.5, True, [], {}])
def test_what_is_no_time_at_all_is_refused(nothing: Any) -> None:
    """With its type."""
    with pytest.raises(PeriodError, match="is no period"):
        parse_period(nothing)


def test_a_period_of_another_calendar() -> None:
    """It takes the name that the book gives it, and a year that the book has not is refused."""
    quarter = parse_period("Q1 2020/21")

    assert parse_period(quarter, JANUARY) == quarter
    assert parse_period(quarter, JANUARY).label == "Q2 2020"
    assert parse_period(quarter).label == "Q1 2020/21"
    with pytest.raises(PeriodError, match="April 2020 to March 2021 is no financial year here: years start in July"):
        parse_period(parse_period("2020/21"), JULY)


@pytest.mark.parametrize("written", ["2010-11", "2000-01"])
def test_a_text_that_can_be_a_month_and_a_year(written: str) -> None:
    """It is the month; both readings can be asked for, but where years are calendar years."""
    month, year = both_readings(written) or (None, None)

    assert month == parse_period(written)
    assert month is not None and month.kind is PeriodKind.MONTH and year is not None and year.kind is PeriodKind.YEAR
    assert both_readings(written, JANUARY) is None


@pytest.mark.parametrize("written", ["2012-13", "2020-07", "Jul-20", "x"])
def test_a_text_with_one_reading(written: str) -> None:
    """It has no second one."""
    assert both_readings(written) is None


_ANY_DAY = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@given(_ANY_DAY, st.sampled_from(PeriodKind), st.integers(1, 12))
def test_what_a_period_is_called_reads_back(day: date, kind: PeriodKind, month: int) -> None:
    """In the calendar of its book, its text and but for days its label; it holds the day it was made around."""
    calendar = Calendar(year_starts=month)
    period = Period.around(day, kind, month)

    assert period.start <= day <= period.end
    assert parse_period(str(period), calendar) == period == parse_period(period.label, calendar)
    assert pickle.loads(pickle.dumps(period)).label == period.label


@given(_ANY_DAY, st.sampled_from(PeriodKind), st.integers(1, 12), st.integers(-40, 40))
def test_periods_of_a_kind_follow_one_another(day: date, kind: PeriodKind, month: int, by: int) -> None:
    """Without a gap, and there and back."""
    period = Period.around(day, kind, month)

    assert (period.start - period.previous().end).days == 1
    assert period.shifted(by).shifted(-by) == period
    assert period.year_before() < period
    assert period.year_before().kind is kind


def test_a_year_before_a_week() -> None:
    """The week of the same number; before a 53rd week the last of the year."""
    assert str(parse_period("2021-W31").year_before()) == "2020-W31"
    assert str(parse_period("2020-W53").year_before()) == "2019-W52"


def test_due_dates_as_excel_shows_them() -> None:
    """``31-Mar-24`` is a day, tentative or not; ``Sep-20`` means its last day."""
    assert parse_due("31-Mar-24").day == date(2024, 3, 31)
    assert parse_due("TBC 31-Mar-24").tentative
    assert parse_due("Sep-20").day == parse_date("Sep-20") == date(2020, 9, 30)
    assert parse_due(datetime(2020, 9, 1, 8)).day == date(2020, 9, 1)
