"""Where written bands leave a hole, in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ragengine.bands import Interval, Threshold
from ragengine.bands.build import describe_hole

AT_50, AFTER_50, AT_51 = Threshold(Fraction(50), True), Threshold(Fraction(50), False), Threshold(Fraction(51), True)


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (AT_50, AFTER_50, "at 50"),
        (AT_50, AT_51, "from 50 to below 51"),
        (None, AT_50, "below 50"),
        (AFTER_50, None, "above 50"),
        (AT_50, None, "from 50"),
        (None, None, "any value"),
    ],
)
def test_a_hole_is_told_as_bands_are_written(lower: Threshold | None, upper: Threshold | None, said: str) -> None:
    """A gap that has no upper end begins ``from`` its edge, as the band would that fills it."""
    assert said == describe_hole(Interval(lower, upper))
