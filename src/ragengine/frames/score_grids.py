"""Which whole numbers the scores of a rule are, so that a float tells which of them one is."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

from attrs import evolve, frozen

from ..rulebook.kpi import Kpi
from ..rulebook.scoring import Score

__all__ = ["FLOATS", "LARGEST", "MOST_RANKED", "PLACES", "ScoreGrid", "ScoreKind"]

#: floats of the ranks of more entities than these may be too near to each other
MOST_RANKED = 10**6
#: a value with more places, or larger, may have more digits than are the same for every float near it
PLACES, LARGEST = 6, 1e9
#: every whole number below it is a float
FLOATS = 2**53
#: by how much a score as a float may be off: this share of the numbers that it is made of
_ERROR = 2.0**-48


@frozen
class ScoreKind:
    """What scores share that have one sum: each is ``start`` and some parts of ``step``.

    Attributes:
        span: the least and the most that it can be; None where the rule gives none.
    """

    span: tuple[Fraction, Fraction] | None = None
    start: Fraction = Fraction(0)
    step: Fraction = Fraction(1)

    @classmethod
    def of(cls, score: Score | None) -> ScoreKind:
        """The kind of a rule's scores."""
        if score is None:
            return cls()
        return cls(score.span, score.best, score.worst - score.best) if score.by_rank else cls(score.span)


@frozen
class ScoreGrid:
    """Which whole numbers the scores of a rule are: so many parts.

    Attributes:
        error: by how much a float may be off, after ``start`` and ``step`` are taken out.
        places: whether its values may have so many places only.
    """

    parts: int
    error: float
    places: bool = False

    @property
    def told(self) -> bool:
        """Whether floats tell the parts from each other."""
        return self.parts < FLOATS and self.parts * self.error < 0.25

    @classmethod
    def of_ranks(cls, kind: ScoreKind, among: int) -> ScoreGrid:
        """That of ranks among so many."""
        error = _ERROR * (1 + abs(float(kind.start / kind.step)))
        return cls(max(among - 1, 1), error if error * MOST_RANKED**2 < 0.25 else 1.0)

    @classmethod
    def of_points(cls, kpi: Kpi, score: Score) -> ScoreGrid:
        """That of scores along points, where values have so many places, or are judged by fewer."""
        if kpi.formula is not None and kpi.decimals is None:
            # the row does not say what value it was
            return cls(1, 1.0)
        grid = cls.along(score, 10 ** (PLACES if kpi.decimals is None else kpi.decimals))
        return evolve(grid, places=kpi.decimals is None)

    @classmethod
    def along(cls, score: Score, denominator: int) -> ScoreGrid:
        """That of scores along points, of values with a denominator."""
        parts, error = math.lcm(*(points.denominator for _, points in score.points)), 0.0
        for (at, points), (end, other) in pairwise(score.points):
            slope = (other - points) / (end - at)
            parts = math.lcm(parts, slope.denominator * math.lcm(denominator, at.denominator, end.denominator))
            error += abs(float(slope)) * float(max(abs(at), abs(end)))
        return cls(parts, _ERROR * (error + max(abs(float(end)) for end in score.span)))

    def nearest(self, written: float) -> Fraction | None:
        """The score that a float tells; None where it does not."""
        exact = written * self.parts
        whole = round(exact)
        return Fraction(whole, self.parts) if self.told and abs(exact - whole) <= self.parts * self.error else None
