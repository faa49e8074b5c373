"""A scorecard's ratings as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from ..display import safe_cell
from ..number import in_full
from ..rollup.card_rows import COLUMNS, NUMBERS, card_rows
from ..rollup.scorecard import Scorecard

__all__ = ["ratings_csv", "safe_cell"]


def _number(written: str | None) -> str:
    """An exact ratio as a decimal that a spreadsheet reads; never rounded onto the other side of a line."""
    if written is None:
        return ""
    try:
        return in_full(Fraction(written))
    except ValueError:
        return written


def ratings_csv(card: Scorecard) -> str:
    """Areas first, then KPIs and actions, a row each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in card_rows(card):
        cells = zip(COLUMNS, row, strict=True)
        writer.writerow(safe_cell(_number(cell) if name in NUMBERS else cell or "") for name, cell in cells)
    return out.getvalue()
