"""What a cell may look like, asked of the door itself."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ragengine.data.door import causes_of, cell_of, cell_text, day_of, measurement_of, notes_of, report_of, two_ways
from ragengine.data.model import Invalid
from ragengine.errors import BadArgument
from ragengine.period import APRIL, parse_period
from ragengine.problem import Place
from ragengine.terms import Status


@pytest.mark.parametrize(
    ("periods", "doubtful"),
    [
        (["2010-11", "2012-13"], ["2010-11"]),
        (["2010-11", "1999-00"], ["2010-11"]),
        (["2000-01", "2012-13"], ["2000-01"]),
        (["2010-11", "2011-12"], []),
        (["2010-10", "2012-13"], []),
        (["2010-11", "2012-14"], []),
        (["2012-13"], []),
    ],
)
def test_a_year_that_can_be_no_month_makes_its_neighbours_doubtful(periods: list[str], doubtful: list[str]) -> None:
    """A month beside ``2012-13``, or beside the turn of a century, may be the year of the same letters."""
    assert doubtful == sorted(two_ways(periods))


@pytest.mark.parametrize(
    ("written", "notes"),
    [("12 [p]", "[p]"), (" 12%[r] ", "[r]"), ("12 [p][r]", "[p][r]"), ("12", ""), ("1.2.3 [p]", ""), ("[p]", "")],
)
def test_notes_are_those_of_a_number(written: str, notes: str) -> None:
    """Letters in brackets after what is a number; after anything else they are no notes."""
    assert notes == notes_of(written)


@pytest.mark.parametrize(("number", "level"), [(10**15 - 1, True), (10**15, False), (-(10**15), False)])
def test_a_number_is_below_a_quadrillion_in_size(number: int, level: bool) -> None:
    """The size itself is out of bounds, however the number is given."""
    for given in (number, Fraction(number), str(number)):
        assert isinstance(cell_of(given), Fraction if level else Invalid)


@pytest.mark.parametrize(
    ("given", "text"),
    [(True, "true"), (False, "false"), (None, ""), (("a", None, 3), "a; ; 3"), (2.5, "2.5"), ("x", "x")],
)
def test_a_cell_of_any_type_stands_as_a_text(given: object, text: str) -> None:
    """Yes and no are words, several values are parted by semicolons, a number is as Python prints it."""
    assert text == cell_text(given)


@pytest.mark.parametrize("given", [5, b"covid", {"covid": 1}, ["covid", 1]])
def test_causes_are_texts(given: object) -> None:
    """What is neither a text nor several of them is the caller's mistake."""
    with pytest.raises(BadArgument) as told:
        causes_of(given)

    assert "causes" == told.value.argument


def test_a_day_of_completion_that_cannot_be_read_is_kept_as_it_was_written() -> None:
    """It is no day, and says what it was and what to write; a symbol or nothing is no day either, and no mistake."""
    soon = day_of("soon", APRIL)

    assert isinstance(soon, Invalid) and "soon" == soon.text and soon.message
    assert [day_of(given, APRIL) for given in (None, "..", "2020-07", "2020-07-05")] == [
        None,
        None,
        date(2020, 7, 31),
        date(2020, 7, 5),
    ]


def test_a_report_keeps_its_place_and_what_was_written() -> None:
    """Problems name the row; a day that cannot be read is kept as it stood."""
    row = report_of("a.x", None, APRIL, as_at_text="soon", status="Complete", note=" late ", place=Place("a.csv", 3))

    assert (Place("a.csv", 3), "soon", Status.COMPLETE, "late") == (row.place, row.as_at_text, row.status, row.note)


def test_a_row_keeps_its_period_as_it_was_written() -> None:
    """As data files write it where nobody wrote it otherwise."""
    july, reported = parse_period("2020-07"), date(2020, 8, 3)

    assert reported == measurement_of("a.k", period=july, reported_on=reported).reported_on
    assert ["Jul-20", "2020-07", "soon", ""] == [
        measurement_of("a.k", period=period, period_text=text).period_text
        for period, text in ((july, "Jul-20"), (july, ""), (None, "soon"), (None, ""))
    ]
