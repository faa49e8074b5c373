"""Strips as one SVG picture, which may stand in a file or inside a page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from html import escape

from ...display import clean
from ...terms import Rag
from .layout import OFF, Layout, Piece, laid_out, rows_apart
from .level_colours import colours
from .strip import Strip, StripMark

__all__ = ["strips_svg"]

#: pixels
_WIDTH, _MARGIN, _BAND, _ROW, _GAP = 720, 16, 40, 20, 18
#: of a letter, on average, at this size
_LETTER, _SIZE = 8, 14
_INK, _PAPER = "#0b0c0c", "#ffffff"


def strips_svg(strips: Sequence[Strip], title: str, description: str, name: str) -> str:
    """The bands to scale, each with its symbol and its word, the lines between them and what is marked.

    Args:
        title, description: for those who hear the picture; the title is drawn too.
        name: makes the ids in it its own, where several pictures stand in one page.
    """
    width = max([_WIDTH, *(_least_width(strip) for strip in strips)])
    words = textwrap.wrap(clean(title), (width - 2 * _MARGIN) // _LETTER)
    parts = [_text(_MARGIN, _MARGIN + _SIZE + n * _ROW, line, bold=True) for n, line in enumerate(words)]
    at = _MARGIN + len(words) * _ROW
    for strip in strips:
        drawn, at = _strip(strip, at, width)
        parts += drawn
    own = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-") or "bands"
    ids = f"{own}-title {own}-desc"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{ids}" viewBox="0 0 {width} {at}" '
        f'width="{width}" height="{at}" font-family="Arial, Helvetica, sans-serif" font-size="{_SIZE}">'
    )
    said = [
        f'<title id="{own}-title">{_escaped(title)}</title>',
        f'<desc id="{own}-desc">{_escaped(description)}</desc>',
        f'<rect width="{width}" height="{at}" fill="{_PAPER}"/>',
    ]
    return "\n".join([head, *said, *parts, "</svg>"]) + "\n"


def _least(level: Rag) -> int:
    return _LETTER * (len(level.label) + 2) + 12


def _least_width(strip: Strip) -> int:
    """Room for every band's name side by side, and for the longest words below or above them."""
    names = sum(_least(level) for level in strip.table.labels)
    words = [strip.line(cut) for cut in strip.table.thresholds] + [f"{mark.words}{OFF}" for mark in strip.marks]
    return max(names, *map(_long, ["", *words])) + 2 * _MARGIN


def _strip(strip: Strip, at: int, width: int) -> tuple[list[str], int]:
    """One strip from a height on, and the height below it: marks above the bands, lines and their words below."""
    layout = laid_out(strip, width - 2 * _MARGIN, _least)
    assert layout is not None
    parts = []
    if strip.caption:
        at += _ROW + 4
        parts.append(_text(_MARGIN, at, strip.caption))
    marks = _placed(list(_marks(layout)), width)
    top = at + _ROW * (1 + max((row for *_, row in marks), default=-1)) + 14
    for x, start, words, row in marks:
        low = top - 10 - row * _ROW
        parts.append(f'<path d="M{x} {low + 4}V{top}" stroke="{_INK}"/>')
        parts.append(f'<path d="M{x} {top}l-5 -8h10z" fill="{_INK}"/>')
        parts.append(_text(start + _long(words) // 2, low, words, anchor="middle"))
    for piece in layout.pieces:
        parts += _piece(piece, top)
    # an end that goes on has an arrow, one that is the least or greatest value there is has none
    if not layout.window.closed_start:
        parts.append(f'<path d="M{_MARGIN - 3} {top + 10}v20l-8 -10z" fill="{_INK}"/>')
    if not layout.window.closed_end:
        parts.append(f'<path d="M{width - _MARGIN + 3} {top + 10}v20l8 -10z" fill="{_INK}"/>')
    under = top + _BAND
    lines = _placed(list(_lines(layout)), width)
    for x, start, words, row in lines:
        parts.append(f'<path d="M{x} {under}V{under + row * _ROW + 6}" stroke="{_INK}"/>')
        parts.append(_text(start + _long(words) // 2, under + (row + 1) * _ROW, words, anchor="middle"))
    at = under + _ROW * (1 + max((row for *_, row in lines), default=-1)) + 6
    if layout.widened:
        at += _ROW
        names = ", ".join(dict.fromkeys(level.label for level in layout.widened))
        parts.append(_text(_MARGIN, at, f"Not to scale: drawn wider to fit the name: {names}."))
    return parts, at + _GAP


def _piece(piece: Piece, top: int) -> list[str]:
    ink, paper = colours(piece.level)
    x = _MARGIN + piece.start
    name = f"{piece.level.symbol} {piece.level.label}"
    return [
        f'<rect x="{x}" y="{top}" width="{piece.width}" height="{_BAND}" fill="{paper}" stroke="{_INK}"/>',
        _text(x + piece.width // 2, top + _BAND // 2 + 5, name, fill=ink, anchor="middle", bold=True),
    ]


def _lines(layout: Layout) -> Iterator[tuple[int, str]]:
    strip, window = layout.strip, layout.window
    if window.closed_start and (words := strip.end(window.start)):
        yield _MARGIN, words
    for cut, piece in zip(strip.table.thresholds, layout.pieces[1:], strict=True):
        if words := strip.line(cut):
            yield _MARGIN + piece.start, words
    if window.closed_end and (words := strip.end(window.end)):
        last = layout.pieces[-1]
        yield _MARGIN + last.start + last.width, words


def _marks(layout: Layout) -> Iterator[tuple[int, str]]:
    for mark in layout.strip.marks:
        words = f"{mark.words}{OFF}" if layout.is_off(mark.at) else mark.words
        yield _MARGIN + _mark_place(layout, mark), words


def _mark_place(layout: Layout, mark: StripMark) -> int:
    if mark.on_line:
        for cut, piece in zip(layout.strip.table.thresholds, layout.pieces[1:], strict=True):
            if cut.at == mark.at:
                return piece.start
    return layout.place(mark.at)


def _placed(words: Sequence[tuple[int, str]], width: int) -> list[tuple[int, int, str, int]]:
    """Words at their places: where they point, where they start, what they say, and in which row they stand clear."""
    starts = [max(_MARGIN, min(x - _long(said) // 2, width - _MARGIN - _long(said))) for x, said in words]
    rows = rows_apart(((start, _long(said)) for start, (_, said) in zip(starts, words, strict=True)), apart=_LETTER)
    return [(x, start, said, row) for (x, said), start, row in zip(words, starts, rows, strict=True)]


def _long(words: str) -> int:
    return _LETTER * len(words)


def _text(x: int, y: int, words: str, *, fill: str = _INK, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{fill}" text-anchor="{anchor}"{weight}>{_escaped(words)}</text>'


def _escaped(words: str) -> str:
    """Text that cannot be markup, of characters that XML has."""
    return escape(clean(words).encode("utf-8", "replace").decode("utf-8"), quote=True)
