"""Where bands, lines and marks stand on a strip of so many cells or pixels: to scale, where every word fits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from attrs import frozen

from ...terms import Rag
from .strip import Strip

__all__ = ["OFF", "Layout", "laid_out", "rows_apart"]

#: what is said after a mark that lies beyond the window
OFF = ", off the line"


@frozen
class Window:
    """The part of the number line that is drawn; a closed end is the least or greatest value there is."""

    start: Fraction
    end: Fraction
    closed_start: bool
    closed_end: bool

    @property
    def closed(self) -> tuple[bool, bool]:
        """Whether each end is closed."""
        return self.closed_start, self.closed_end


@frozen
class Piece:
    """One band as drawn: where it starts and how wide it is."""

    level: Rag
    start: int
    width: int


@frozen(eq=False)
class Layout:
    """A strip laid out.

    Attributes:
        pieces: the bands from left to right; a line stands in the gap before each but the first.
        widened: the bands that are drawn wider than to scale, so that their words fit.
    """

    strip: Strip
    window: Window
    pieces: tuple[Piece, ...]
    widened: tuple[Rag, ...]

    def place(self, value: Fraction) -> int:
        """The cell of a number, always within its own band; at an end, where the number lies beyond the window."""
        index = self.strip.table.exact_index(value)
        low, high = _ends(self.strip, self.window, index)
        piece = self.pieces[index]
        share = Fraction(1, 2) if low == high else min(max((value - low) / (high - low), Fraction(0)), Fraction(1))
        return piece.start + math.floor(share * (piece.width - 1) + Fraction(1, 2))

    def is_off(self, value: Fraction) -> bool:
        """Whether a number lies beyond what is drawn."""
        return not self.window.start <= value <= self.window.end


def laid_out(strip: Strip, room: int, least: Callable[[Rag], int], gap: int = 0) -> Layout | None:
    """The layout of a strip in so much room, with ``gap`` between bands; None where the words do not fit.

    Each band is as wide as it is in the window, or ``least`` wide where that is more.
    """
    window = _window(strip)
    count = len(strip.table.labels)
    total = room - gap * (count - 1)
    wanted = [least(level) for level in strip.table.labels]
    if sum(wanted) > total:
        return None
    lengths = []
    for index in range(count):
        low, high = _ends(strip, window, index)
        lengths.append(max(high - low, Fraction(0)))
    widths, fixed = _widths(lengths, wanted, total)
    pieces, at = [], 0
    for level, width in zip(strip.table.labels, widths, strict=True):
        pieces.append(Piece(level, at, width))
        at += width + gap
    return Layout(strip, window, tuple(pieces), tuple(strip.table.labels[n] for n in fixed))


def _window(strip: Strip) -> Window:
    """From below the first line to above the last, with the values marked unless they lie far away."""
    cuts = [*strip.beside, *(cut.at for cut in strip.table.thresholds)]
    marked = [mark.at for mark in strip.marks]
    if not cuts:
        cuts = marked or [Fraction(0)]
    first, last = min(cuts), max(cuts)
    span = last - first or abs(first) / 2 or Fraction(1)
    margin = span if len(set(cuts)) <= 3 else span / 2
    near = [at for at in marked if first - 3 * span <= at <= last + 3 * span]
    start = min([first - margin, *(at - span / 10 for at in near)])
    end = max([last + margin, *(at + span / 10 for at in near)])
    low, high = strip.limits
    closed_start = low is not None and start <= low and all(at >= low for at in near)
    closed_end = high is not None and end >= high and all(at <= high for at in near)
    return Window(
        low if closed_start and low is not None else start,
        high if closed_end and high is not None else end,
        closed_start,
        closed_end,
    )


def _ends(strip: Strip, window: Window, index: int) -> tuple[Fraction, Fraction]:
    piece = strip.table.interval(index)
    low = window.start if piece.lower is None else max(piece.lower.at, window.start)
    high = window.end if piece.upper is None else min(piece.upper.at, window.end)
    return low, high


def _widths(lengths: Sequence[Fraction], least: Sequence[int], total: int) -> tuple[list[int], list[int]]:
    """Whole widths in proportion to the lengths, none below its least, and which had to be widened."""
    fixed: set[int] = set()
    while True:
        free = [n for n in range(len(lengths)) if n not in fixed]
        room = total - sum(least[n] for n in fixed)
        length = sum((lengths[n] for n in free), Fraction(0))
        shares = {n: room * lengths[n] / length if length else Fraction(room, len(free)) for n in free}
        narrow = {n for n in free if shares[n] < least[n]}
        if not narrow:
            break
        fixed |= narrow
    widths = [least[n] if n in fixed else math.floor(shares[n]) for n in range(len(lengths))]
    by_rest = sorted(free or range(len(lengths)), key=lambda n: (widths[n] - shares.get(n, Fraction(0)), n))
    for n in range(total - sum(widths)):
        widths[by_rest[n % len(by_rest)]] += 1
    return widths, sorted(fixed)


def rows_apart(spans: Iterable[tuple[int, int]], apart: int) -> list[int]:
    """For each (start, width) the first row in which it stands clear of those before it."""
    ends: list[int] = []
    rows = []
    for start, width in spans:
        row = next((n for n, end in enumerate(ends) if start >= end + apart), len(ends))
        if row == len(ends):
            ends.append(0)
        ends[row] = start + width
        rows.append(row)
    return rows
