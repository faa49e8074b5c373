"""Where commands print and write, and how they stop."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from ..display import clean
from ..document.blocks import Grid
from ..document.files import write_whole
from ..document.plain import table_lines
from ..problem import Problem

__all__ = ["Bar", "Cannot", "Out", "count", "from_here", "write"]

T = TypeVar("T")

_COLOURS = {"Red": "31", "Amber": "33", "Green": "32", "Grey": "2"}


class Bar:
    """How far something has come, on the terminal's error stream, once it takes longer than a second."""

    def __init__(self, watched: bool, width: int) -> None:
        self.watched = watched
        self.width = width
        self.started = self.drawn = time.monotonic()
        self.shown = False

    def show(self, part: float, text: str) -> None:
        now = time.monotonic()
        if not self.watched or now - self.started < 1 or now - self.drawn < 0.1:
            return
        self.drawn, self.shown = now, True
        wide = max(5, min(30, self.width - len(text) - 2))
        done = int(wide * min(part, 1))
        print(f"\r{'#' * done}{'.' * (wide - done)} {text}\x1b[K", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self.shown = False


class Out:
    """Standard output: as wide as the terminal, coloured only where one looks at it."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                # a console that lacks a symbol prints a question mark, never an error
                stream.reconfigure(errors="replace")
        self.width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 160))
        self.coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.watched = sys.stderr.isatty()
        self.plain_symbols = not encodes("▲●★≥—–·→")

    def paint(self, cell: str) -> str:
        """A cell with its level coloured; the word and its symbol are there without."""
        if self.coloured:
            for word, code in _COLOURS.items():
                if word in cell:
                    return f"\x1b[{code}m{cell}\x1b[0m"
        return cell

    def say(self, text: str = "") -> None:
        if self.plain_symbols:
            for symbol, plain in zip("▲●★≥—–·…→", ("^", "o", "*", ">=", "-", "-", ".", "...", "->"), strict=True):
                text = text.replace(symbol, plain)
        print(text)

    def table(self, grid: Grid) -> None:
        for line in table_lines(grid, self.width, self.paint):
            self.say(line)

    def bar(self) -> Bar:
        return Bar(self.watched, self.width)

    def progress(self, items: Sequence[T], noun: str) -> Iterator[T]:
        """The items, with a bar on the terminal's error stream once they take longer than a second."""
        bar = self.bar()
        for number, item in enumerate(items):
            bar.show(number / len(items), f"{number:,} of {len(items):,} {noun}")
            yield item
        bar.clear()

    def problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            print(clean(problem.pretty()), file=sys.stderr)


def encodes(symbols: str) -> bool:
    try:
        symbols.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class Cannot(Exception):
    """Rules or data that cannot be used, or output that cannot be written: exit 3."""


def write(text: str | bytes, path: str | None) -> None:
    if path is None or path == "-":
        assert isinstance(text, str)
        sys.stdout.write(text)
        return
    try:
        write_whole(Path(path), text)
    except OSError as wrong:
        raise Cannot(f"{path}: cannot be written: {wrong.strerror or wrong}") from wrong


def count(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def from_here(path: Path) -> Path:
    """A path as a user would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
