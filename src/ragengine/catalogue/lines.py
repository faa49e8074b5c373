"""Thresholds that are straight lines over a target that comes with the data, and thresholds loosened for floats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..bands import BandTable
from ..number import smallest_float
from ..rating.outcome import Outcome

__all__ = ["PROBES", "SLACK", "NotStraight", "lines", "loosened"]

#: values computed in floats lie within this share of the exact ones: nearer to a threshold means on it
SLACK = Fraction(1, 2**44)

#: targets at which the tables of a rule whose target comes with the data are made, to see how they depend on it
PROBES = (Fraction(100), Fraction(200), Fraction(700))


class NotStraight(Exception):
    """Thresholds that are no straight lines over the target."""


def lines(tables: Sequence[BandTable[Outcome]]) -> Iterator[tuple[Fraction, Fraction, bool]]:
    """Each threshold as ``at + slope * target``, from a table for each probe; raises NotStraight."""
    if len({len(table.thresholds) for table in tables}) > 1:
        raise NotStraight
    one, two, three = PROBES
    for first, second, third in zip(*(table.thresholds for table in tables), strict=True):
        slope = (second.at - first.at) / (two - one)
        at = first.at - slope * one
        if at + slope * three != third.at or len({first.reached, second.reached, third.reached}) > 1:
            raise NotStraight
        yield at, slope, first.reached


def loosened(at: Fraction, reached: bool) -> float:
    """A threshold for values that were computed in floats: what lies within the slack of it lies on it."""
    slack = SLACK * max(abs(at), Fraction(1))
    return smallest_float(at - slack if reached else at + slack, reached=True)
