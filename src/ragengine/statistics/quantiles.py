"""Quantiles of a list, the groups they make, and a value's place among its peers; all exact."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from attrs import frozen

__all__ = ["PeerPlace", "place", "quantile", "quantile_groups"]


def quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """The number below which this share of the values lies, straight between ranks: type 7.

    So have it Excel's PERCENTILE.INC, numpy and R. Raises ValueError for no values and for a share outside 0 to 1.

    >>> quantile([Fraction(1), Fraction(2), Fraction(3), Fraction(4)], Fraction(1, 4))
    Fraction(7, 4)
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("a quantile needs values and a share between 0 and 1")
    ranked = sorted(values)
    position = (len(ranked) - 1) * share
    below = floor(position)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (position - below) * (ranked[above] - ranked[below])


def quantile_groups(values: Sequence[Fraction | None], groups: int, *, highest_first: bool = False) -> list[int | None]:
    """Which of so many groups each value is in, from 1: OHID's phe_quantile.

    Ties take the lowest rank, so equal values share a group and groups may be uneven; what is missing has none, and
    fewer values than groups have none at all.
    """
    known = sorted(-value if highest_first else value for value in values if value is not None)
    if len(known) < groups:
        return [None] * len(values)

    def group(value: Fraction) -> int:
        rank = bisect_left(known, -value if highest_first else value) + 1
        return max(1, groups + 1 - ceil(Fraction((len(known) + 1 - rank) * groups, len(known))))

    return [None if value is None else group(value) for value in values]


@frozen
class PeerPlace:
    """A value's place among its peers, itself one of them.

    Attributes:
        rank: 1 for the best; equal values share the better rank.
        shared_by: how many have this value.
        of: how many there are.
    """

    rank: int
    shared_by: int
    of: int


def place(value: Fraction, ranked: Sequence[Fraction], *, lower_is_better: bool = False) -> PeerPlace:
    """A value's place among its peers, which ascend; raises ValueError where it is none of them.

    >>> place(Fraction(7), [Fraction(5), Fraction(7), Fraction(7), Fraction(9)])
    PeerPlace(rank=2, shared_by=2, of=4)
    """
    first, after = bisect_left(ranked, value), bisect_right(ranked, value)
    if first == after:
        raise ValueError("a value's peers hold the value itself")
    better = first if lower_is_better else len(ranked) - after
    return PeerPlace(better + 1, after - first, len(ranked))
