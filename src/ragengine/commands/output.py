"""Where commands print and write, and how they stop."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from ..display import clean
from ..document.blocks import Grid
from ..document.files import Content, content_pieces, make_folder, refuse_special, write_all, write_whole
from ..document.plain import table_lines
from ..errors import BadArgument
from ..problem import Problem, Severity, shorten

__all__ = ["Bar", "Cannot", "Out", "count", "form_of", "from_here", "grouped", "to_file", "write", "write_files"]

T = TypeVar("T")

#: of problems of one kind in one file so many are told one by one
_MOST_OF_A_KIND = 10
#: columns of a table that nobody looks at: a program, or a page that scrolls, wants a row a line
_UNBOUNDED = 100_000

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
        seen = sys.stdout.isatty() or "COLUMNS" in os.environ
        self.table_width = self.width if seen else _UNBOUNDED
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
        for line in table_lines(grid, self.table_width, self.paint):
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
        for line in grouped(problems):
            print(line, file=sys.stderr)


def encodes(symbols: str) -> bool:
    try:
        symbols.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class Cannot(Exception):
    """Rules or data that cannot be used, or output that cannot be written: exit 3."""


def grouped(problems: Sequence[Problem]) -> Iterator[str]:
    """Problems as people read them; of one kind in one file the first ten, then how many more there are."""
    kinds: Counter[tuple[str, str, Severity]] = Counter()
    for problem in problems:
        kind = problem.place.file, problem.code, problem.severity
        kinds[kind] += 1
        if kinds[kind] <= _MOST_OF_A_KIND:
            yield clean(problem.pretty())
    for (file, code, severity), number in kinds.items():
        if number > _MOST_OF_A_KIND:
            more = f"and {number - _MOST_OF_A_KIND:,} more of this kind; check and score list all with --format json"
            yield clean(f"{file or '-'}: {severity} {code}: {more}")


def to_file(output: str | None) -> bool:
    """Whether ``-o`` names a file, and not standard output."""
    return output is not None and output != "-"


def form_of(
    output: str | None, said: str | None, suffixes: Mapping[str, str], otherwise: str, option: str = "--format"
) -> str:
    """The format of ``-o FILE``: as ``option`` says, else as its name ends; on standard output ``otherwise``.

    Raises BadArgument for a name that says nothing or something else, Cannot for what is there and is no regular file:
    both before anything is read or rated.
    """
    if output is None or output == "-":
        return said or otherwise
    path = Path(output)
    by_name = suffixes.get(path.suffix.lower())
    if by_name is None and (path.suffix or said is None):
        raise BadArgument("--output", output, f"name a file that ends in {_either(suffixes)}")
    if by_name is not None and said is not None and by_name != said:
        raise BadArgument("--output", output, f"its name says {by_name} and {option} says {said}")
    with _told(path):
        refuse_special(path)
    return said or by_name or otherwise


def _either(suffixes: Mapping[str, str]) -> str:
    *first, last = suffixes
    return f"{', '.join(first)} or {last}" if first else last


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """An OSError over the file becomes Cannot, which names it."""
    try:
        yield
    except OSError as wrong:
        raise Cannot(f"{shorten(str(path))}: cannot be written: {wrong.strerror or wrong}") from wrong


def write(content: Content, path: str | None) -> None:
    """Writes a file whole, or a text to standard output."""
    if path is None or path == "-":
        for piece in content_pieces(content.decode() if isinstance(content, bytes) else content):
            sys.stdout.write(str(piece))
        return
    with _told(Path(path)):
        write_whole(Path(path), content)


def write_files(files: Mapping[Path, str | bytes]) -> None:
    """Writes all files, or none, and the folders they want; a book comes last: without it no folder is a rulebook."""
    try:
        for folder in {path.parent: None for path in files}:
            make_folder(folder)
        write_all(dict(sorted(files.items(), key=lambda file: file[0].name == "book.toml")))
    except OSError as wrong:
        raise Cannot(f"{wrong.filename}: cannot be written: {wrong.strerror or wrong}") from wrong


def count(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def from_here(path: Path) -> Path:
    """A path as a user would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
