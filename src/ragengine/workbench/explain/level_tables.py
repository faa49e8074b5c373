"""The bands of a KPI on a day, over printed values, by the rule and under its graces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ...bands import BandTable, differences
from ...number import text
from ...rating.phrases import amount
from ...rulebook.compile import UnusableTarget
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...ruling import Ruling
from ...terms import GREY, Rag

__all__ = ["OF_TARGET", "band_changes", "level_table", "relative_target"]

#: the unit of bands over the share of a target that only the data know
OF_TARGET = "% of the target"


def level_table(ruling: Ruling, granted: Sequence[Grace] = ()) -> BandTable[Rag] | None:
    """The adjusted level of every value under these graces; None where nothing rates."""
    try:
        return None if ruling.not_due or ruling.table is None else ruling.levels(granted)
    except UnusableTarget:
        return None


def _amount(number: Fraction, unit: str) -> str:
    return f"{text(number)}{unit}" if unit == OF_TARGET else amount(number, unit)


def relative_target(ruling: Ruling) -> bool:
    """Whether bands of a target that only the data know are all shares of it, and can be drawn as such."""
    era = ruling.era
    if not era.target_comes_with_row or not ruling.moves_with_target or ruling.data_target is not None:
        return False
    if era.bands:
        edges = [edge for band in era.bands for edge in (band.lower, band.upper)]
        return all(edge.of_target for edge in edges if edge is not None)
    width = era.tolerance.below if era.tolerance else None
    return width is not None and (width.of_target or width.amount == 0)


def band_changes(old: BandTable[Rag] | None, new: BandTable[Rag] | None, kpi: Kpi, unit: str) -> Iterator[str]:
    """Which values are rated otherwise, in words: ``below 80%: Red → Amber``."""
    if old is None or new is None:
        if old is not new:
            yield "no value is rated any more" if new is None else "values are rated"
        return
    for piece, was, now in differences(old, new):
        if piece.lower is None and piece.upper is None:
            where = "every value"
        elif kpi.words:
            where = " or ".join(f'"{word}"' for n, (word, _) in enumerate(kpi.words) if Fraction(n) in piece)
            if not where:
                continue
        else:
            where = piece.describe(lambda number: _amount(number, unit))
        if now == GREY and old.labels != (GREY,) and new.labels == (GREY,):
            yield "every value: not rated"
            return
        yield f"{where}: {was.label} → {now.label}"
