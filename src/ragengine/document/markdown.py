"""Blocks as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..display import clean
from .blocks import Block, Bullets, Grid, Heading, Paragraph

__all__ = ["markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LIST_LIKE = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+])(?=\s)")


def escape(text: str) -> str:
    """A text whose punctuation means nothing to Markdown or HTML.

    >>> escape("<b> | *x*")
    '\\\\<b\\\\> \\\\| \\\\*x\\\\*'
    """
    escaped = _SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))
    return _LIST_LIKE.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)


def markdown(blocks: Iterable[Block]) -> str:
    """The report as CommonMark with tables."""
    parts: list[str] = []
    for block in blocks:
        match block:
            case Heading(text=text, level=level):
                parts.append(f"{'#' * level} {escape(text)}")
            case Paragraph(text=text):
                parts.append(escape(text))
            case Bullets(items=items):
                parts.append("\n".join(f"- {escape(item)}" for item in items))
            case Grid(headers=headers, rows=rows):
                lines = ["| " + " | ".join(escape(h) for h in headers) + " |", "|" + " --- |" * len(headers)]
                lines += ["| " + " | ".join(escape(cell) for cell in row) + " |" for row in rows]
                parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
