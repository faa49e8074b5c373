"""A band table as a look-up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ragengine.bands import BandTable, Threshold
from ragengine.number import NumberError

TABLE = BandTable.of((Threshold(Fraction(80), True), Threshold(Fraction(90), False)), ("red", "amber", "green"))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_finite_number_lies_in_no_piece(value: float) -> None:
    """A float that is no number is refused, and never looked up among the thresholds."""
    with pytest.raises(NumberError):
        TABLE.index(value)


def test_a_table_needs_sorted_thresholds_and_one_label_more() -> None:
    """What would not cover the line once is refused."""
    low, high = Threshold(Fraction(80), True), Threshold(Fraction(90), True)

    for cuts, labels in (((high, low), "abc"), ((low, high), "ab"), ((low,), "abc")):
        with pytest.raises(ValueError, match="sorted thresholds"):
            BandTable.of(cuts, labels)
