"""Where every key and value of a TOML text stands: a scanner for text that tomllib has accepted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from attrs import frozen

from ..problem import Place

__all__ = ["Pair", "Path", "SourceMap"]

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_INLINE = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"""(?:[^\\"]++|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^\']++|\'(?!\'\'))*+\'{3,5}'
    r'|"(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*\'',
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\s#]+(?: \d\d:[^,\]}\s#]+)?")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
_ESCAPE_OR_FOLD = re.compile(r"\\(?:[ \t]*\n[ \t\n]*|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_SINGLE = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'([^\'\n]*)\'')


@frozen
class Pair:
    """A key and its value as they are written; offsets in the text.

    Attributes:
        path: of the value.
        table: path of the table that it is written in: of a header, or in braces.
        braces: whether that table is in braces.
        start, key: where the key begins, and its last part where it is dotted.
        equals, value, end: the equals sign, and the value with the offset after it.
    """

    path: Path
    table: Path
    braces: bool
    start: int
    key: int
    equals: int
    value: int
    end: int


@frozen
class Header:
    """A table's header as it is written, from its first bracket to the offset after its last."""

    path: Path
    start: int
    end: int


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


class SourceMap:
    """Positions in one TOML text, by key path: ``("kpi", "seen", "tolerance")``, array items by number.

    The text must be one that tomllib accepts.
    """

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    @cached_property
    def _found(self) -> dict[Path, tuple[int, int]]:
        """Offsets of the key and of the value for each path."""
        return _Scanner(self.text).scan()

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    @cached_property
    def pairs(self) -> dict[Path, Pair]:
        """Every key with its value, in the order of the text; not the items of arrays."""
        return {pair.path: pair for pair in self._written[0]}

    @property
    def headers(self) -> list[Header]:
        """Every header, in the order of the text."""
        return self._written[1]

    @cached_property
    def _written(self) -> tuple[list[Pair], list[Header]]:
        scanner = _Scanner(self.text, [])
        scanner.scan()
        return scanner.pairs or [], scanner.headers

    def __contains__(self, path: Path) -> bool:
        return path in self._found

    def reach(self, path: Path) -> int:
        """How many keys of a path the text has."""
        return next((n for n in range(len(path), 0, -1) if path[:n] in self._found), 0)

    def place(self, path: Path) -> Place:
        """Where the value stands; where the nearest table above it does, if the path has none."""
        return self._at(path, 1)

    def key_place(self, path: Path) -> Place:
        """Where the key stands."""
        return self._at(path, 0)

    def _at(self, path: Path, which: int) -> Place:
        while path:
            found = self._found.get(path)
            if found is not None:
                return self._place(found[which])
            path, which = path[:-1], 0
        return Place(self.name, 1, 1)

    def text_offsets(self, path: Path) -> Sequence[int]:
        """Offsets in the file of each character of a text value, and of the quote that closes it."""
        found = self._found[path][1]
        written = _STRING.match(self.text, found)
        if written is None:
            raise KeyError(path)
        quote = self.text[found]
        width = 3 if written[0].startswith(quote * 3) and len(written[0]) > 2 else 1
        start, end = found + width, written.end() - width
        if width == 3 and self.text.startswith("\n", start):
            start += 1
        if quote == "'" or "\\" not in written[0]:
            return range(start, end + 1)
        offsets: list[int] = []
        at = start
        for escape in _ESCAPE_OR_FOLD.finditer(self.text, start, end):
            offsets += range(at, escape.start())
            # a backslash at the end of a line joins it with the next, and stands for nothing
            if "\n" not in escape[0]:
                offsets.append(escape.start())
            at = escape.end()
        return [*offsets, *range(at, end + 1)]

    def place_at(self, offset: int) -> Place:
        """The line and column of an offset in the file."""
        return self._place(offset)

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(self.name, line, offset - self._starts[line - 1] + 1)

    def line_text(self, line: int) -> str:
        """A line of the text, counted from 1."""
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""


class _Scanner:
    def __init__(self, text: str, pairs: list[Pair] | None = None) -> None:
        self.text = text
        self.at = 0
        #: kept only where they are asked for: most who scan want places
        self.pairs = pairs
        self.headers: list[Header] = []
        self.found: dict[Path, tuple[int, int]] = {}
        self.arrays: dict[Path, int] = {}

    def scan(self) -> dict[Path, tuple[int, int]]:
        table: Path = ()
        while True:
            self._skip(_SPACE)
            if self.at >= len(self.text):
                return self.found
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def _header(self) -> Path:
        start = self.at
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        path: Path = ()
        keys = self._keys()
        for n, (key, key_at) in enumerate(keys):
            path = (*path, key)
            last = n == len(keys) - 1
            self.found.setdefault(path, (key_at, start))
            if path in self.arrays and not (last and double):
                path = (*path, self.arrays[path])
        if double:
            number = self.arrays.get(path, -1) + 1
            self.arrays[path] = number
            path = (*path, number)
        self._skip(_INLINE)
        self.at += 2 if double else 1
        self.found[path] = (keys[-1][1], start)
        self.headers.append(Header(path, start, self.at))
        return path

    def _keys(self) -> list[tuple[str, int]]:
        keys = []
        while True:
            self._skip(_INLINE)
            start = self.at
            if self.text[self.at] in "\"'":
                match = _SINGLE.match(self.text, self.at)
                assert match is not None
                key = _ESCAPE.sub(_unescaped, match[1]) if match[1] is not None else match[2]
            else:
                match = _BARE.match(self.text, self.at)
                assert match is not None
                key = match[0]
            self.at = match.end()
            keys.append((key, start))
            self._skip(_INLINE)
            if self.at < len(self.text) and self.text[self.at] == ".":
                self.at += 1
                continue
            return keys

    def _pair(self, table: Path, *, braces: bool = False) -> None:
        keys = self._keys()
        path = table
        for key, start in keys:
            path = (*path, key)
            self.found.setdefault(path, (start, start))
        equals = self.text.index("=", self.at)
        self.at = equals + 1
        self._skip(_INLINE)
        value = self.at
        self.found[path] = (keys[-1][1], value)
        self._value(path)
        if self.pairs is not None:
            self.pairs.append(Pair(path, table, braces, keys[0][1], keys[-1][1], equals, value, self.at))

    def _value(self, path: Path) -> None:
        first = self.text[self.at]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._table(path)
        else:
            match = (_STRING if first in "\"'" else _SCALAR).match(self.text, self.at)
            assert match is not None
            self.at = match.end()

    def _array(self, path: Path) -> None:
        self.at += 1
        number = 0
        while True:
            self._skip(_SPACE)
            if self.text[self.at] == "]":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            item = (*path, number)
            self.found[item] = (self.at, self.at)
            self._value(item)
            number += 1

    def _table(self, path: Path) -> None:
        self.at += 1
        while True:
            self._skip(_SPACE)
            if self.text[self.at] == "}":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(path, braces=True)
