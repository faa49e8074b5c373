"""Thresholds that are straight lines over the target that a row brings; and how near in floats means on a line."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import TypeVar

from attrs import frozen

from ..bands import BandTable, Threshold
from ..number import smallest_float

__all__ = ["NEGATIVE_PROBES", "PROBES", "MovingLine", "NotStraight", "loosened", "moving_lines"]

L = TypeVar("L", bound=Hashable)

#: values computed in floats lie within this share of the exact ones: nearer to a threshold means on it
_SLACK = Fraction(1, 2**44)

#: so much of a float added to itself gives the next one above
_NEXT_FLOAT = 2.0**-53 * (1 + 2.0**-10)

#: targets at which the tables of a rule whose target comes with the data are made, to see how they depend on it
PROBES = (Fraction(100), Fraction(200), Fraction(700))
#: the same of negative targets, for rules that have a table of those
NEGATIVE_PROBES = tuple(-probe for probe in PROBES)


class NotStraight(Exception):
    """Thresholds that are no straight lines over the target, or cross."""


@frozen
class MovingLine:
    """A threshold that lies at ``at + slope * target + bend * |target|``."""

    at: Fraction
    slope: Fraction
    bend: Fraction
    reached: bool

    def floats(self, *, computed: bool) -> tuple[float, float]:
        """``at`` and the sway beside the bend, see :class:`~.catalogue.Cell`.

        Both are exact where the line is a number or the target itself.

        Elsewhere, and for ``computed`` values, what lies within the slack of the line lies on it.
        """
        if not computed and self.slope == self.bend == 0:
            return smallest_float(self.at, reached=self.reached), 0.0
        if not computed and self.slope == 1 and self.bend == self.at == 0:
            return smallest_float(self.at, reached=self.reached), 0.0 if self.reached else _NEXT_FLOAT
        return loosened(self.at, self.reached), float(-_SLACK if self.reached else _SLACK)

    def keeps_below(self, other: MovingLine, *, positive: bool) -> bool:
        """Whether it lies below another line whatever the target, or whatever ``positive`` one."""
        slope, bend, gap = other.slope - self.slope, other.bend - self.bend, other.at - self.at
        apart = gap > 0 or (gap == 0 and self.reached and not other.reached)
        rises = (bend + slope,) if positive else (bend + slope, bend - slope)
        return all(apart if rise == 0 else rise > 0 and gap >= 0 for rise in rises)

    def moved(self, target: Fraction) -> Threshold:
        """The threshold for one target."""
        return Threshold(self.at + self.slope * target + self.bend * abs(target), self.reached)


def moving_lines(tables: Sequence[BandTable[L]], negative: Sequence[BandTable[L]]) -> list[MovingLine]:
    """The thresholds as lines over the target; raises NotStraight where they are none.

    ``tables`` are those of the probes, ``negative`` those of the negative ones; none where only positive targets do.
    """
    lines = [MovingLine(at, slope, Fraction(0), reached) for at, slope, reached in _straight(tables, PROBES)]
    if not negative:
        return lines
    below = _straight(negative, NEGATIVE_PROBES)
    if [(line.at, line.reached) for line in lines] != [(at, reached) for at, _, reached in below]:
        raise NotStraight
    return [
        MovingLine(line.at, (line.slope + slope) / 2, (line.slope - slope) / 2, line.reached)
        for line, (_, slope, _) in zip(lines, below, strict=True)
    ]


def _straight(tables: Sequence[BandTable[L]], probes: Sequence[Fraction]) -> list[tuple[Fraction, Fraction, bool]]:
    """Where each threshold lies for a target of 0, how it moves with the target, and whether it is reached."""
    if len({len(table.thresholds) for table in tables}) > 1:
        raise NotStraight
    one, two, three = probes
    lines = []
    for first, second, third in zip(*(table.thresholds for table in tables), strict=True):
        slope = (second.at - first.at) / (two - one)
        at = first.at - slope * one
        if at + slope * three != third.at or len({first.reached, second.reached, third.reached}) > 1:
            raise NotStraight
        lines.append((at, slope, first.reached))
    return lines


def loosened(at: Fraction, reached: bool) -> float:
    """A threshold for values that were computed in floats: what lies within the slack of it lies on it."""
    slack = _SLACK * max(abs(at), Fraction(1))
    return smallest_float(at - slack if reached else at + slack, reached=True)
