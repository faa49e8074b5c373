"""On which side of a number, or of another interval, an interval lies."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from .intervals import Limits

__all__ = ["Side", "against", "between"]


class Side(Enum):
    """Where an interval lies: wholly below, wholly above, or touching or across."""

    BELOW = "below"
    ACROSS = "across"
    ABOVE = "above"


def against(limits: Limits, number: Fraction) -> Side:
    """Where an interval lies beside a number; to touch it is to be across (OHID's strict reading).

    >>> against(Limits(Fraction(8), Fraction(9)), Fraction(10)), against(Limits(Fraction(8), Fraction(9)), Fraction(9))
    (<Side.BELOW: 'below'>, <Side.ACROSS: 'across'>)
    """
    return between(limits, Limits(number, number))


def between(limits: Limits, other: Limits) -> Side:
    """Where an interval lies beside another one; to touch or overlap is to be across."""
    if limits.upper < other.lower:
        return Side.BELOW
    return Side.ABOVE if limits.lower > other.upper else Side.ACROSS
