"""How firm a label is: those that an interval permits, and how few cases would change it."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from attrs import frozen

from ..bands import BandTable, Interval
from .intervals import Limits

__all__ = ["CasesToFlip", "cases_to_flip", "permitted"]

L = TypeVar("L", bound=Hashable)


def permitted(table: BandTable[L], limits: Limits) -> tuple[L, ...]:
    """The labels that a table has between two limits, both included, each once and from below upwards."""
    first, last = table.exact_index(limits.lower), table.exact_index(limits.upper)
    return tuple(dict.fromkeys(table.labels[first : last + 1]))


@frozen
class CasesToFlip:
    """How many more and how many fewer cases give another label; None where no number of them does."""

    more: int | None
    fewer: int | None


def cases_to_flip(table: BandTable[L], cases: Fraction, each: Fraction, most: Fraction | None = None) -> CasesToFlip:
    """The fewest cases more and fewer that change the label of ``cases * each``.

    Args:
        table: the labels of values.
        cases: how many there are.
        each: by how much a case raises the value; positive.
        most: how many cases there can be; None for no end.
    """
    piece = table.interval(table.exact_index(cases * each))
    return CasesToFlip(_more(piece, cases, each, most), _fewer(piece, cases, each))


def _more(piece: Interval, cases: Fraction, each: Fraction, most: Fraction | None) -> int | None:
    if piece.upper is None:
        return None
    lacking = piece.upper.at / each - cases
    count = ceil(lacking) if piece.upper.reached else floor(lacking) + 1
    return count if most is None or cases + count <= most else None


def _fewer(piece: Interval, cases: Fraction, each: Fraction) -> int | None:
    if piece.lower is None:
        return None
    spare = cases - piece.lower.at / each
    count = floor(spare) + 1 if piece.lower.reached else ceil(spare)
    return count if cases - count >= 0 else None
