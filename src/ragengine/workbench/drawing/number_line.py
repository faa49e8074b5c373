"""A strip as lines of text: to scale where the words fit, as a list where they do not."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from ...display import clean
from ...terms import Rag
from .layout import OFF, Layout, laid_out, rows_apart
from .strip import Strip, StripMark

__all__ = ["band_list", "number_line"]

Paint = Callable[[str], str]

#: columns that a band's place needs beside its name
_LEAST_BESIDE = 20


def _unpainted(text: str) -> str:
    return text


def number_line(strip: Strip, width: int = 72, *, plain: bool = False, paint: Paint = _unpainted) -> list[str]:
    """The bands with their words, the lines between them, and what is marked; empty where the words do not fit.

    ``plain`` writes ``>=`` and ``^`` for what a console may lack; ``paint`` may colour a band once it has its width.
    An end drawn ``<`` or ``>`` goes on, one drawn ``|`` is the least or greatest value there is.
    """
    layout = laid_out(strip, width - 2, lambda level: len(_name(level)) + 2, gap=1)
    if layout is None:
        return []
    words = _line_words(layout, width, plain)
    pointers = [_pointer(layout, mark, width, plain) for mark in strip.marks]
    if any(start < 0 or start + len(said) > width for start, said in (*words, *pointers)):
        return []
    bands = [paint(f" {_name(piece.level)} ".center(piece.width, "·")) for piece in layout.pieces]
    start, end = ("|" if closed else sign for closed, sign in zip(layout.window.closed, "<>", strict=True))
    lines = [start + "|".join(bands) + end, *_placed(words, width), *_placed(pointers, width)]
    if layout.widened:
        names = ", ".join(dict.fromkeys(level.label for level in layout.widened))
        lines += textwrap.wrap(clean(f"Not to scale: drawn wider to fit the name: {names}."), width)
    return lines


def band_list(strip: Strip, width: int = 72, paint: Paint = _unpainted) -> list[str]:
    """A line for each band: its symbol, its word, where it lies, and what is marked in it.

    What is marked on a line between two bands, a target, is left out: the line says it.
    """
    broadest = max(len(_name(level)) for level in strip.table.labels)
    # beside its name where there is room, else below it
    beside = width - broadest - 2 >= _LEAST_BESIDE
    indent = " " * (broadest + 2 if beside else 2)
    lines = []
    for piece, level in strip.table:
        here = [mark.words for mark in strip.marks if not mark.on_line and mark.at in piece]
        said = f" <- {', '.join(here)}" if here else ""
        name = paint(_name(level).ljust(broadest))
        first, *rest = textwrap.wrap(clean(strip.piece(piece) + said), width - len(indent)) or [""]
        lines += [f"{name}  {first}"] if beside else [name, f"{indent}{first}"]
        lines += [indent + line for line in rest]
    return lines


def _name(level: Rag) -> str:
    return clean(f"{level.symbol} {level.label}")


def _line_words(layout: Layout, width: int, plain: bool) -> list[tuple[int, str]]:
    """What stands at the ends and at each line, with its column."""
    strip, window = layout.strip, layout.window
    found: list[tuple[int, str]] = []
    if window.closed_start and (words := strip.end(window.start)):
        found.append((0, words))
    for cut, piece in zip(strip.table.thresholds, layout.pieces[1:], strict=True):
        words = strip.line(cut)
        if plain:
            words = words.replace("≥", ">=")
        if words:
            found.append((_within(piece.start - len(words) // 2, words, width), words))
    if window.closed_end and (words := strip.end(window.end)):
        found.append((width - len(words), words))
    return found


def _pointer(layout: Layout, mark: StripMark, width: int, plain: bool) -> tuple[int, str]:
    """An arrow in the column of a mark, with its words on the side that has room."""
    column = 1 + layout.place(mark.at)
    if mark.on_line:
        for cut, piece in zip(layout.strip.table.thresholds, layout.pieces[1:], strict=True):
            if cut.at == mark.at:
                column = piece.start
    arrow = "^" if plain else "↑"
    words = f"{mark.words}{OFF}" if layout.is_off(mark.at) else mark.words
    if column + len(words) + 2 <= width:
        return column, f"{arrow} {words}"
    return column - len(words) - 1, f"{words} {arrow}"


def _within(column: int, words: str, width: int) -> int:
    return max(0, min(column, width - len(words)))


def _placed(words: Sequence[tuple[int, str]], width: int) -> list[str]:
    """Words at their columns, in as many lines as keep them apart."""
    rows = rows_apart(((column, len(said)) for column, said in words), apart=2)
    lines = [[" "] * width for _ in range(max(rows, default=-1) + 1)]
    for row, (column, said) in zip(rows, words, strict=True):
        lines[row][column : column + len(said)] = list(clean(said))
    return ["".join(line).rstrip() for line in lines]
