"""Between which numbers the values of a measure lie, where its unit says so."""

from __future__ import annotations

from fractions import Fraction

from ..bands import BandTable
from ..rulebook.kpi import Kpi
from ..terms import Rag

__all__ = ["value_limits"]


def value_limits(kpi: Kpi, table: BandTable[Rag]) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value a measure can take, where its unit says: a percentage, a count."""
    cuts = [cut.at for cut in table.thresholds]
    if kpi.words or not cuts or kpi.formula is not None:
        return None, None
    if kpi.unit == "%":
        return (Fraction(0) if min(cuts) >= 0 else None), (Fraction(100) if max(cuts) <= 100 else None)
    counted = kpi.unit.isalpha() and min(cuts) >= 0
    return (Fraction(0) if counted else None), None
