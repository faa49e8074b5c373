"""The bands of a rule drawn as a line of text, with the value on it."""

from __future__ import annotations

from fractions import Fraction

from ..bands import BandTable
from ..number import text
from ..terms import Rag

__all__ = ["number_line"]


def number_line(table: BandTable[Rag], value: Fraction | None, width: int = 72) -> list[str]:
    """Three lines: the bands with their words, the thresholds under their ends, and where the value lies.

    Bands are drawn equally wide: the line shows order and sides, not distance.
    """
    pieces = list(table)
    room = max(9, (width - len(pieces) - 1) // len(pieces))
    top = "|" + "|".join(f" {level.symbol} {level.label} ".center(room, "·")[:room] for _, level in pieces) + "|"
    marks = [" "] * len(top)
    for n, cut in enumerate(table.thresholds, start=1):
        side = "≥" if cut.reached else ">"
        _put(marks, n * (room + 1), f"{side} {text(cut.at)}")
    lines = [top, "".join(marks).rstrip()]
    if value is not None:
        index = table.exact_index(value)
        pointer = [" "] * len(top)
        _put(pointer, index * (room + 1) + 1 + room // 2, f"▲ {text(value)}", centred=False)
        lines.append("".join(pointer).rstrip())
    return [line for line in lines if line]


def _put(line: list[str], at: int, words: str, *, centred: bool = True) -> None:
    start = max(0, min(at - (len(words) // 2 if centred else 0), len(line) - len(words)))
    line[start : start + len(words)] = list(words)
