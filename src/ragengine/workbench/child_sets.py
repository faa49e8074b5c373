"""Sets of children on which roll-ups are tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, combinations_with_replacement

from ..terms import GREY, Rag, Scale

__all__ = ["LARGEST_TRIED", "SMALL", "child_sets"]

#: every set of so many children is tried, and mixes of two kinds up to the second number
SMALL, LARGEST_TRIED = 5, 40


def child_sets(scale: Scale, *, critical: bool, largest: int = 0) -> Iterator[tuple[tuple[Rag, bool], ...]]:
    """Children as (level, critical), the smallest sets first; ``critical`` also tries critical ones.

    ``largest`` also tries mixes of two kinds of that many children, where that is more than :data:`LARGEST_TRIED`.
    """
    kinds = [(level, flag) for level in (*scale, GREY) for flag in ((False, True) if critical else (False,))]
    for size in range(1, SMALL + 1):
        yield from combinations_with_replacement(kinds, size)
    if largest > LARGEST_TRIED:
        yield from ((kind,) * largest for kind in kinds)
    for one, other in combinations(kinds, 2):
        for size in (*range(SMALL + 1, LARGEST_TRIED + 1), *((largest,) if largest > LARGEST_TRIED else ())):
            for first in sorted({1, 2, size // 4, size // 3, size // 2, size - 2, size - 1}):
                yield (one,) * first + (other,) * (size - first)
