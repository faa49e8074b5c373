"""Blocks as plain text for a terminal of any width."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from .document import Block, Bullets, Grid, Heading, Paragraph

__all__ = ["clean", "plain_text", "table_lines"]

Paint = Callable[[str], str]


def clean(text: str) -> str:
    """A text without control and bidirectional characters, which could rearrange what a reader sees."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") else "�" for c in text)


def _unpainted(text: str) -> str:
    return text


def plain_text(blocks: Iterable[Block], width: int = 80, paint: Paint = _unpainted) -> str:
    """The report as text; ``paint`` may colour a cell once it has its width."""
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
                lines += ["", *table_lines(block, width, paint)]
    return "\n".join(lines).strip("\n") + "\n"


def table_lines(grid: Grid, width: int = 80, paint: Paint = _unpainted) -> list[str]:
    """A table whose columns share the width, wrapped within their cells."""
    widths = _widths(grid, width)
    lines = ["  ".join(_cut(h, w) for h, w in zip(grid.headers, widths, strict=True)).rstrip()]
    lines.append("  ".join("-" * w for w in widths))
    for row in grid.rows:
        lines += _row(row, widths, paint)
    return lines


def _cut(text: str, width: int) -> str:
    return text[:width].ljust(width)


def _row(row: Sequence[str], widths: Sequence[int], paint: Paint) -> list[str]:
    cells = [textwrap.wrap(clean(cell), w) or [""] for cell, w in zip(row, widths, strict=True)]
    lines = []
    for n in range(max(map(len, cells))):
        parts = [paint((cell[n] if n < len(cell) else "").ljust(w)) for cell, w in zip(cells, widths, strict=True)]
        lines.append("  ".join(parts).rstrip())
    return lines


def _widths(grid: Grid, width: int) -> list[int]:
    """Each column as wide as its longest cell, the widest narrowed until the line fits."""
    widest = [max([len(header), *(len(clean(row[n])) for row in grid.rows)]) for n, header in enumerate(grid.headers)]
    least = [max(len(header), 8) for header in grid.headers]
    while sum(widest) + 2 * (len(widest) - 1) > width:
        slack = [(w - m, n) for n, (w, m) in enumerate(zip(widest, least, strict=True))]
        most, n = max(slack)
        if most <= 0:
            break
        widest[n] -= 1
    return widest
