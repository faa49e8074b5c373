"""The score that a rule gives beside the level."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from ..number import text
from ..terms import Direction

__all__ = ["Score"]


@frozen
class Score:
    """A number beside the level.

    Attributes:
        points: (value, score), values ascending: straight between, flat beyond; empty of a score by rank.
        best, worst: the scores of the first and the last rank among the entities of the period.
    """

    points: tuple[tuple[Fraction, Fraction], ...] = ()
    best: Fraction = Fraction(1)
    worst: Fraction = Fraction(4)

    @property
    def by_rank(self) -> bool:
        """Whether it takes the other entities' values."""
        return not self.points

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """The least and the most that it can be."""
        ends = [score for _, score in self.points] or [self.best, self.worst]
        return min(ends), max(ends)

    def rises(self, direction: Direction | None) -> bool | None:
        """Whether a better value scores more; None where no direction says what is better."""
        if self.by_rank:
            return self.best > self.worst
        if direction not in (Direction.HIGHER, Direction.LOWER):
            return None
        return (self.points[-1][1] > self.points[0][1]) == (direction is Direction.HIGHER)

    def __str__(self) -> str:
        if self.by_rank:
            return f"by rank among entities, from {text(self.best)} (best) to {text(self.worst)}"
        return "straight through " + ", ".join(f"{text(score)} at {text(at)}" for at, score in self.points)
