"""Blocks as plain text for a terminal of any width."""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from ..display import clean
from .blocks import Block, Bullets, Grid, Heading, Paragraph

__all__ = ["plain_text", "table_lines"]

Paint = Callable[[str], str]

_BREAKS = re.compile(r"\s+|(?<=-)")
#: a longer word may be broken
_LONGEST_WORD = 24


def _unpainted(text: str) -> str:
    return text


def plain_text(
    blocks: Iterable[Block], width: int = 80, paint: Paint = _unpainted, table_width: int | None = None
) -> str:
    """The report as text; ``paint`` may colour a cell once it has its width. Tables may be wider than the words."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Heading(text=text, level=level):
                lines += ["", *textwrap.wrap(clean(text), width)]
                if level <= 2:
                    lines.append(("=" if level == 1 else "-") * min(width, max(map(len, lines[-2:]))))
            case Paragraph(text=text):
                lines += ["", *textwrap.wrap(clean(text), width)]
            case Bullets(items=items):
                for item in items:
                    lines += textwrap.wrap(clean(item), width, initial_indent="- ", subsequent_indent="  ")
            case Grid():
                lines += ["", *table_lines(block, table_width or width, paint)]
    return "\n".join(lines).strip("\n") + "\n"


def table_lines(grid: Grid, width: int = 80, paint: Paint = _unpainted) -> list[str]:
    """A table whose columns share the width, wrapped between words; where words do not fit, a list for each row."""
    widths = _widths(grid, width)
    if widths is None:
        return _stacked(grid, width, paint)
    lines = _row(grid.headers, widths, _unpainted)
    lines.append("  ".join("-" * w for w in widths))
    for row in grid.rows:
        lines += _row(row, widths, paint)
    return lines


def _row(row: Sequence[str], widths: Sequence[int], paint: Paint) -> list[str]:
    cells = [_lines_of(clean(cell), w) for cell, w in zip(row, widths, strict=True)]
    lines = []
    for n in range(max(map(len, cells))):
        parts = [paint((cell[n] if n < len(cell) else "").ljust(w)) for cell, w in zip(cells, widths, strict=True)]
        lines.append("  ".join(parts).rstrip())
    return lines


def _lines_of(cell: str, width: int) -> list[str]:
    # most cells fit, and wrapping is slow
    return [cell] if len(cell) <= width and cell.isprintable() else textwrap.wrap(cell, width) or [""]


def _stacked(grid: Grid, width: int, paint: Paint) -> list[str]:
    """Each row as its first cell and, below it, the others beside their headers."""
    lines: list[str] = []
    for first, *others in grid.rows:
        lines += textwrap.wrap(clean(first), width) or [""]
        for header, cell in zip(grid.headers[1:], others, strict=True):
            said = textwrap.wrap(f"{header}: {clean(cell)}", width - 2, subsequent_indent="  ")
            lines += [f"  {paint(line)}".rstrip() for line in said]
    return lines


def _longest_word(text: str) -> int:
    return max(map(len, _BREAKS.split(text)))


def _widths(grid: Grid, width: int) -> list[int] | None:
    """Each column as wide as its longest cell, the widest narrowed until all fit; None where words would break."""
    columns = [[header, *(clean(row[n]) for row in grid.rows)] for n, header in enumerate(grid.headers)]
    widest = [max(map(len, column)) for column in columns]
    least = [min(max(map(_longest_word, column)), _LONGEST_WORD) for column in columns]
    room = width - 2 * (len(widest) - 1) - sum(least)
    slack = [w - m for w, m in zip(widest, least, strict=True)]
    if room < 0:
        return None
    if sum(slack) <= room:
        return widest
    # every column keeps up to `level` beyond what it cannot do without; what is then left goes to the first ones
    level = bisect_right(range(max(slack) + 1), room, key=lambda most: sum(min(s, most) for s in slack)) - 1
    kept = [min(s, level) for s in slack]
    for n in [n for n, s in enumerate(slack) if s > level][: room - sum(kept)]:
        kept[n] += 1
    return [m + k for m, k in zip(least, kept, strict=True)]
