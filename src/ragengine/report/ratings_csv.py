"""A scorecard's ratings as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from ..display import safe_cell
from ..number import in_full
from ..rollup.card_rows import COLUMNS, NUMBERS, card_rows
from ..rollup.scorecard import Scorecard

__all__ = ["csv_lines", "ratings_csv", "safe_cell"]


def ratings_csv(card: Scorecard) -> str:
    """Areas first, then KPIs and actions, a row each."""
    return "".join(csv_lines(card))


def csv_lines(card: Scorecard) -> Iterator[str]:
    """The same a line at a time: whoever writes it so holds no more than one of them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ways = [_number if name in NUMBERS else _text for name in COLUMNS]
    writer.writerow(COLUMNS)
    for row in card_rows(card):
        yield _taken(out)
        writer.writerow([way(cell) for way, cell in zip(ways, row, strict=True)])
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    line = out.getvalue()
    out.seek(0)
    out.truncate()
    return line


@lru_cache(maxsize=65536)
def _text(written: str | None) -> str:
    return safe_cell(written or "")


@lru_cache(maxsize=65536)
def _number(written: str | None) -> str:
    """An exact ratio as a decimal that a spreadsheet reads; never rounded onto the other side of a line."""
    if written is None:
        return ""
    try:
        return safe_cell(in_full(Fraction(written)))
    except ValueError:
        return safe_cell(written)
