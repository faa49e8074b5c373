"""Thresholds that are straight lines over the target that a row brings; and how near in floats means on a line."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import TypeVar

from attrs import frozen

from ..bands import BandTable
from ..number import smallest_float

__all__ = ["PROBES", "Line", "NotStraight", "lines_of", "loosened"]

L = TypeVar("L", bound=Hashable)

#: values computed in floats lie within this share of the exact ones: nearer to a threshold means on it
_SLACK = Fraction(1, 2**44)

#: so much of a float added to itself gives the next one above
_NEXT_FLOAT = 2.0**-53 * (1 + 2.0**-10)

#: targets at which the tables of a rule whose target comes with the data are made, to see how they depend on it
PROBES = (Fraction(100), Fraction(200), Fraction(700))


class NotStraight(Exception):
    """Thresholds that are no straight lines over the target, or cross."""


@frozen
class Line:
    """A threshold that lies at ``at + slope * target``."""

    at: Fraction
    slope: Fraction
    reached: bool

    def floats(self, *, computed: bool) -> tuple[float, float]:
        """``at`` and the sway, see :class:`~.catalogue.Cell`: exact where the line is a number or the target itself.

        Elsewhere, and for ``computed`` values, what lies within the slack of the line lies on it.
        """
        if not computed and self.slope == 0:
            return smallest_float(self.at, reached=self.reached), 0.0
        if not computed and self.slope == 1 and self.at == 0:
            return smallest_float(self.at, reached=self.reached), 0.0 if self.reached else _NEXT_FLOAT
        return loosened(self.at, self.reached), float(-_SLACK if self.reached else _SLACK)

    def keeps_below(self, other: Line, *, positive: bool) -> bool:
        """Whether it lies below another line whatever the target, or whatever ``positive`` one."""
        rise, gap = other.slope - self.slope, other.at - self.at
        if rise == 0:
            return gap > 0 or (gap == 0 and self.reached and not other.reached)
        return positive and rise > 0 and gap >= 0


def lines_of(tables: Sequence[BandTable[L]]) -> list[Line]:
    """The thresholds as lines over the target; raises NotStraight where they are none."""
    if len({len(table.thresholds) for table in tables}) > 1:
        raise NotStraight
    one, two, three = PROBES
    lines = []
    for first, second, third in zip(*(table.thresholds for table in tables), strict=True):
        slope = (second.at - first.at) / (two - one)
        at = first.at - slope * one
        if at + slope * three != third.at or len({first.reached, second.reached, third.reached}) > 1:
            raise NotStraight
        lines.append(Line(at, slope, first.reached))
    return lines


def loosened(at: Fraction, reached: bool) -> float:
    """A threshold for values that were computed in floats: what lies within the slack of it lies on it."""
    slack = _SLACK * max(abs(at), Fraction(1))
    return smallest_float(at - slack if reached else at + slack, reached=True)
