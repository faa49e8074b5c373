"""Between which numbers the values of a measure lie, where its unit says so, and in which steps they are told."""

from __future__ import annotations

from fractions import Fraction

from ..bands import BandTable
from ..rulebook.kpi import Kpi
from ..terms import Rag

__all__ = ["grid_step", "line_step", "value_limits"]


def value_limits(kpi: Kpi, table: BandTable[Rag]) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value a measure can take, where its unit says: a percentage, a count."""
    cuts = [cut.at for cut in table.thresholds]
    if kpi.words or not cuts or kpi.formula is not None:
        return None, None
    if kpi.unit == "%":
        return (Fraction(0) if min(cuts) >= 0 else None), (Fraction(100) if max(cuts) <= 100 else None)
    counted = kpi.unit.isalpha() and min(cuts) >= 0
    return (Fraction(0) if counted else None), None


def grid_step(kpi: Kpi, at: Fraction) -> Fraction:
    """The step in which values are told: that of ``decimals``, a tenth of a per cent, or that of the number."""
    if kpi.decimals is not None:
        return Fraction(1, 10**kpi.decimals)
    places = next((n for n in range(7) if (at * 10**n).denominator == 1), 6)
    return Fraction(1, 10 ** max(places, 1 if kpi.unit == "%" else 0))


def line_step(at: Fraction) -> Fraction:
    """The step beside a line over scores: a tenth, or that of its own digits."""
    places = next((n for n in range(1, 7) if (at * 10**n).denominator == 1), 6)
    return Fraction(1, 10**places)
