"""Band tables from a target and its tolerance, from written bands, and from words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..number import text
from ..terms import Direction, Rag
from .table import BandTable, Interval, Threshold

__all__ = ["BandsFault", "beyond_or_at", "from_bands", "from_target", "from_words", "within"]


class BandsFault(ValueError):
    """Written bands that do not cover the line exactly once.

    Attributes:
        gaps, overlaps: the intervals that no band, or more than one band, covers.
        empty: indices of bands that hold no number.
    """

    def __init__(self, gaps: Sequence[Interval], overlaps: Sequence[Interval], empty: Sequence[int]) -> None:
        super().__init__("the bands do not cover the number line exactly once")
        self.gaps = tuple(gaps)
        self.overlaps = tuple(overlaps)
        self.empty = tuple(empty)


def beyond_or_at(
    target: Fraction, amber: Fraction, direction: Direction, levels: Sequence[Rag], *, beyond: bool
) -> BandTable[Rag]:
    """The table of a target and an amber line, for ``higher`` or ``lower``; ``levels`` are red, amber, green.

    The amber line belongs to amber. Where the two lines are one there is no amber, so with ``beyond`` a value on
    the target is red.
    """
    red, middle, green = levels
    if direction is Direction.HIGHER:
        met = Threshold(target, not beyond)
        if amber == target:
            return BandTable.of((met,), (red, green))
        return BandTable.of((Threshold(amber, True), met), (red, middle, green))
    met = Threshold(target, beyond)
    if amber == target:
        return BandTable.of((met,), (green, red))
    return BandTable.of((met, Threshold(amber, False)), (green, middle, red))


def within(
    low: Fraction, high: Fraction, below: Fraction, above: Fraction, levels: Sequence[Rag], *, beyond: bool
) -> BandTable[Rag]:
    """The table of a range whose ends are met (not with ``beyond``), with the widths of amber on either side."""
    red, middle, green = levels
    lower = Threshold(low, not beyond)
    upper = Threshold(high, beyond)
    if upper < lower:
        upper = lower
    cuts, names = [lower, upper], [red, green, red]
    if below:
        cuts.insert(0, Threshold(low - below, True))
        names.insert(1, middle)
    if above:
        cuts.append(Threshold(high + above, False))
        names.insert(-1, middle)
    return BandTable.of(cuts, names)


def from_target(
    target: Fraction, width: Fraction, direction: Direction, levels: Sequence[Rag], *, beyond: bool = False
) -> BandTable[Rag]:
    """The table of a target and the width of amber, for ``higher`` or ``lower``."""
    amber = target - width if direction is Direction.HIGHER else target + width
    return beyond_or_at(target, amber, direction, levels, beyond=beyond)


def from_bands(bands: Sequence[tuple[Rag, Threshold | None, Threshold | None]]) -> BandTable[Rag]:
    """The table of written bands, each with its level, lower and upper threshold (None: open).

    Raises BandsFault with every gap and overlap.
    """
    empty = [n for n, (_, low, high) in enumerate(bands) if low is not None and high is not None and not low < high]
    real = [band for n, band in enumerate(bands) if n not in empty]
    real.sort(key=lambda band: (0, ()) if band[1] is None else (1, band[1].sort_key))
    gaps: list[Interval] = []
    overlaps: list[Interval] = []
    if not real:
        raise BandsFault([Interval(None, None)], [], empty)
    if real[0][1] is not None:
        gaps.append(Interval(None, real[0][1]))
    reach = real[0][2]
    cuts: list[Threshold] = []
    for _, low, high in real[1:]:
        if low is None or reach is None or low < reach:
            overlaps.append(Interval(low, _nearer(reach, high)))
        elif reach < low:
            gaps.append(Interval(reach, low))
        if low is not None:
            cuts.append(low)
        reach = reach if reach is None or (high is not None and high < reach) else high
    if reach is not None:
        gaps.append(Interval(reach, None))
    if gaps or overlaps or empty:
        raise BandsFault(gaps, overlaps, empty)
    return BandTable.of(cuts, (level for level, _, _ in real))


def _nearer(first: Threshold | None, second: Threshold | None) -> Threshold | None:
    if first is None or second is None:
        return second if first is None else first
    return min(first, second)


def describe_hole(interval: Interval) -> str:
    """Where a gap or overlap lies: ``at 70``, ``from 50 to below 51``, ``below 0``, ``above 100``."""
    if interval.is_point:
        assert interval.lower is not None
        return f"at {text(interval.lower.at)}"
    if interval.upper is None and interval.lower is not None and interval.lower.reached:
        return f"from {text(interval.lower.at)}"
    return interval.describe()


def from_words(levels: Sequence[Rag]) -> BandTable[Rag]:
    """The table of words: the n-th word, counted from 0, is the number n."""
    return BandTable.of((Threshold(Fraction(n), True) for n in range(1, len(levels))), levels)
