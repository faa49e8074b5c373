"""What a cell may look like, asked of the door itself."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ragengine.data.door import cell_of, notes_of, two_ways


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
        assert level is isinstance(cell_of(given), Fraction)
