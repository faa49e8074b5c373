"""Changes one value of a TOML text where it stands; comments, layout and every other byte stay."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from .positions import Pair, Path, SourceMap

__all__ = ["CannotSplice", "Splice", "key_text", "literal", "spliced", "value_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_DATE_KEY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class CannotSplice(ValueError):
    """A value that has no place of its own in the text: what stands in the way, and the way out."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@frozen
class Splice:
    """A text that stands in for the characters from ``start`` up to ``end``."""

    start: int
    end: int
    text: str

    def into(self, text: str) -> str:
        """The text with the splice: one with plain line ends, in which the offsets were counted."""
        return text[: self.start] + self.text + text[self.end :]

    def into_written(self, written: str) -> str:
        """The same for the text as its file has it: with its byte order mark and its own line ends."""
        mark = written.startswith("\ufeff")
        ends = [match.start() - n - mark for n, match in enumerate(re.finditer("\r\n", written))]
        newline = "\r\n" if ends and written.find("\n") == written.find("\r\n") + 1 else "\n"
        start, end = (at + mark + bisect_left(ends, at) for at in (self.start, self.end))
        return written[:start] + self.text.replace("\n", newline) + written[end:]


def key_text(key: str) -> str:
    """A key as TOML has it: bare where it can be.

    >>> key_text("E06000045"), key_text("Team North")
    ('E06000045', '"Team North"')
    """
    return key if _BARE.fullmatch(key) else literal(key)


def literal(text: str) -> str:
    """A text as a TOML string on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def value_text(value: Any) -> str:
    """A TOML value on one line.

    >>> value_text({"2020-04-01": Decimal("92.50"), "Team North": [True, "x"]})
    '{ 2020-04-01 = 92.50, "Team North" = [true, "x"] }'
    """
    match value:
        case str():
            return literal(value)
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case Mapping():
            return "{ " + ", ".join(f"{key_text(key)} = {value_text(item)}" for key, item in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(value_text, value)) + "]"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def spliced(source: SourceMap, path: Path, written: str) -> Splice:
    """What sets the value at a key path to what is ``written`` in TOML; raises CannotSplice.

    A value that is there is replaced; a key that is not is added after the last of its table, or in the order of time
    among dates; a table that is not is added after what belongs to the nearest above it.
    """
    pair = source.pairs.get(path)
    if pair is not None:
        return Splice(pair.value, pair.end, written)
    if path in source:
        raise CannotSplice(f"{_said(path)} is written as a table of its own", "set its keys one by one")
    key, parent = str(path[-1]), path[:-1]
    holder = source.pairs.get(parent)
    if holder is not None:
        return _into_braces(source, holder, key, written)
    beside = [pair for pair in source.pairs.values() if pair.path[:-1] == parent]
    if _DATE_KEY.fullmatch(key) and beside:
        return _among_dates(source.text, beside, key, written)
    own = [pair for pair in source.pairs.values() if pair.table == parent and not pair.braces]
    if own:
        return _line_after(source.text, own[-1], own[-1].start, key, written)
    header = next((header for header in source.headers if header.path == parent), None)
    if header is not None:
        at = _end_of_line(source.text, header.end)
        return Splice(at, at, f"\n{key_text(key)} = {written}")
    if beside:
        return _line_after(source.text, beside[-1], beside[-1].key, key, written)
    return _new_table(source, parent, key, written)


def _said(path: Path) -> str:
    return ".".join(key_text(str(part)) for part in path)


def _into_braces(source: SourceMap, holder: Pair, key: str, written: str) -> Splice:
    text = source.text
    if text[holder.value] != "{":
        raise CannotSplice(f"{_said(holder.path)} is no table", "name a key that there is")
    inside = [pair for pair in source.pairs.values() if pair.table == holder.path and pair.braces]
    if not inside:
        return Splice(holder.value, holder.end, f"{{ {key_text(key)} = {written} }}")
    if _DATE_KEY.fullmatch(key):
        return _among_dates(text, inside, key, written)
    return Splice(inside[-1].end, inside[-1].end, f", {_like(text, inside[-1], inside[-1].start, key)}{written}")


def _among_dates(text: str, beside: list[Pair], key: str, written: str) -> Splice:
    """In the order of time: after the latest earlier date, or before the first."""
    earlier = [pair for pair in beside if str(pair.path[-1]) < key]
    model = max(earlier or beside, key=lambda pair: str(pair.path[-1])) if earlier else beside[0]
    made = f"{text[model.start : model.key]}{_like(text, model, model.key, key)}{written}"
    if model.braces:
        return Splice(model.end, model.end, f", {made}") if earlier else Splice(model.start, model.start, f"{made}, ")
    if earlier:
        return _line_after(text, model, model.key, key, written)
    begin = text.rfind("\n", 0, model.start) + 1
    return Splice(begin, begin, f"{text[begin : model.start]}{made}\n")


def _like(text: str, model: Pair, key_start: int, key: str) -> str:
    """A key and an equals sign, spaced as those of another."""
    named = key_text(key)
    if text[model.equals - 1] in " \t":
        column = 0 if model.braces else model.equals - key_start
        named = named.ljust(max(column, len(named) + 1))
    return f"{named}={text[model.equals + 1 : model.value]}"


def _line_after(text: str, model: Pair, key_start: int, key: str, written: str) -> Splice:
    """A line after that of another pair, indented and aligned like it."""
    begin = text.rfind("\n", 0, model.start) + 1
    at = _end_of_line(text, model.end)
    return Splice(at, at, f"\n{text[begin:key_start]}{_like(text, model, key_start, key)}{written}")


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _new_table(source: SourceMap, parent: Path, key: str, written: str) -> Splice:
    """A header of its own after what belongs to the nearest table above; in braces where that is in braces."""
    if not parent:
        raise CannotSplice(f"{key_text(key)} would stand above all tables", "write it there yourself")
    text, reach = source.text, source.reach(parent)
    holder = source.pairs.get(parent[:reach])
    if holder is not None:
        inner = written
        for part in (key, *map(str, reversed(parent[reach + 1 :]))):
            inner = f"{{ {key_text(part)} = {inner} }}"
        return _into_braces(source, holder, str(parent[reach]), inner)
    ends = [pair.end for pair in source.pairs.values() if pair.path[:reach] == parent[:reach]]
    ends += [header.end for header in source.headers if header.path[:reach] == parent[:reach]]
    at = _end_of_line(text, max(ends)) if reach and ends else len(text.rstrip())
    between = "\n\n" if at else ""
    return Splice(at, at, f"{between}[{_said(parent)}]\n{key_text(key)} = {written}")
