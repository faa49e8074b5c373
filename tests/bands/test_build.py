"""Where written bands leave a hole, in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from ragengine.bands import BandsFault, Interval, Threshold, from_bands
from ragengine.bands.build import describe_hole
from ragengine.terms import AMBER, GREEN, RED, Rag

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


ZERO, TWENTY, THIRTY, HUNDRED = (Threshold(Fraction(n), True) for n in (0, 20, 30, 100))


@pytest.mark.parametrize(
    ("bands", "gaps", "overlaps"),
    [
        (((RED, None, ZERO), (GREEN, ZERO, None), (AMBER, TWENTY, THIRTY)), [], [(TWENTY, THIRTY)]),
        (((RED, None, ZERO), (GREEN, ZERO, None), (AMBER, TWENTY, None)), [], [(TWENTY, None)]),
        (
            ((RED, None, ZERO), (GREEN, ZERO, HUNDRED), (AMBER, TWENTY, THIRTY), (GREEN, HUNDRED, None)),
            [],
            [(TWENTY, THIRTY)],
        ),
        (((RED, None, ZERO), (AMBER, None, TWENTY), (GREEN, TWENTY, None)), [], [(None, ZERO)]),
        (((RED, None, None), (GREEN, TWENTY, THIRTY)), [], [(TWENTY, THIRTY)]),
        (((RED, None, ZERO), (GREEN, TWENTY, None)), [(ZERO, TWENTY)], []),
        (((RED, ZERO, TWENTY), (GREEN, TWENTY, HUNDRED)), [(None, ZERO), (HUNDRED, None)], []),
    ],
)
def test_each_gap_and_overlap_of_written_bands_is_told_once(
    bands: Sequence[tuple[Rag, Threshold | None, Threshold | None]],
    gaps: list[tuple[Threshold | None, Threshold | None]],
    overlaps: list[tuple[Threshold | None, Threshold | None]],
) -> None:
    """A band that lies within another is an overlap, and what the other covers beyond it is no gap."""
    with pytest.raises(BandsFault) as told:
        from_bands(bands)

    assert gaps == [(gap.lower, gap.upper) for gap in told.value.gaps]
    assert overlaps == [(overlap.lower, overlap.upper) for overlap in told.value.overlaps]
