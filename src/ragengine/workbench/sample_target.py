"""A target that stands for the one that only the data bring."""

from __future__ import annotations

from fractions import Fraction

from ..bands import BandTable
from ..rulebook.compile import UnusableTarget
from ..ruling import Ruling
from ..terms import Rag

__all__ = ["SAMPLE_TARGET", "sample_table", "sampled"]

#: not 100, of which 10% and 10 are the same
SAMPLE_TARGET = Fraction(80)


def sampled(ruling: Ruling, target: Fraction = SAMPLE_TARGET) -> Ruling:
    """The ruling with a sample target, where nothing can be rated without the row's own.

    Where that is made from other rows, these give the sample, and the target is what becomes of it.
    """
    if ruling.relative is not None:
        target = ruling.relative.changed(target)
    return ruling.with_target(target) if ruling.needs_target else ruling


def sample_table(ruling: Ruling) -> BandTable[Rag] | None:
    """Its own table; None where nothing rates, or the target makes none."""
    try:
        return ruling.table
    except UnusableTarget:
        return None
