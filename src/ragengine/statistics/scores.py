"""Scores: a number from a value by points with straight lines between, or from a rank; all exact."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction

__all__ = ["along", "by_rank"]


def along(points: Sequence[tuple[Fraction, Fraction]], value: Fraction) -> Fraction:
    """The score of a value by points of (value, score) in ascending order: straight between them, flat beyond.

    Raises ValueError for no points.

    >>> along([(Fraction(80), Fraction(4)), (Fraction(95), Fraction(1))], Fraction(90))
    Fraction(2, 1)
    """
    if not points:
        raise ValueError("a score needs points")
    n = bisect_left(points, value, key=lambda point: point[0])
    if n == 0:
        return points[0][1]
    if n == len(points):
        return points[-1][1]
    (low, score), (high, other) = points[n - 1], points[n]
    return score + (value - low) * (other - score) / (high - low)


def by_rank(rank: int, of: int, best: Fraction, worst: Fraction) -> Fraction:
    """The score of a rank, 1 for the best of so many: straight from ``best`` to ``worst``; one alone is the best.

    So the NHS Oversight Framework scores its metrics, from 1 to 4. Raises ValueError for a rank that there is not.

    >>> by_rank(2, 4, Fraction(1), Fraction(4))
    Fraction(2, 1)
    """
    if not 1 <= rank <= of:
        raise ValueError(f"rank {rank} of {of}")
    return best if of == 1 else best + (worst - best) * Fraction(rank - 1, of - 1)
