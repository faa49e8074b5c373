"""A rule that compares an interval with its target, in place of a tolerance."""

from __future__ import annotations

from attrs import frozen

from ..terms import Direction
from .measure import Band, Edge

__all__ = ["LIMITS", "Comparison", "bands_of", "sides"]

#: the columns in which a row brings its interval
LIMITS = ("lower", "upper")
_TARGET = Edge(100, of_target=True)


@frozen
class Comparison:
    """How an interval is rated beside its target.

    Attributes:
        better, similar, worse: the levels of an interval wholly on the better side, of one that touches or crosses
            the target, and of one wholly on the worse side.
        than: what the target is, in words: ``England``.
    """

    better: str = "green"
    similar: str = "amber"
    worse: str = "red"
    than: str = ""


def sides(better: str, worse: str, direction: Direction) -> tuple[str, str]:
    """What lies above the target, and what below it."""
    return (worse, better) if direction is Direction.LOWER else (better, worse)


def bands_of(comparison: Comparison, direction: Direction) -> tuple[Band, ...]:
    """The bands in which the end of an interval that is nearest to the target is looked up; the target is one alone."""
    above, below = sides(comparison.better, comparison.worse, direction)
    return (
        Band(above, lower=_TARGET, lower_in=False),
        Band(comparison.similar, lower=_TARGET, lower_in=True, upper=_TARGET, upper_in=True),
        Band(below, upper=_TARGET, upper_in=False),
    )
