"""JSON files as tables: a list of objects, or an object that holds one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..problem import Place, Problem, shorten
from .door import cell_text
from .table import Row, Table

__all__ = ["Refused", "cell_of_json", "open_json", "read_row"]

LARGEST_FILE = 64 * 1024 * 1024
MOST_DEPTH = 50


class Refused(ValueError):
    """Something in a JSON text that is refused by name."""


def open_json(path: Path, name: str) -> Table:
    """A JSON file; NaN, doubled keys, deep nesting and rows that are no objects are refused by name."""
    problems: list[Problem] = []

    def stop(message: str, line: int = 0, hint: str = "", column: int = 1) -> Table:
        place = Place(name, line, column if line else 0)
        return Table(name, (), (), [*problems, Problem("RAG101", message, place, hint=hint)])

    try:
        if path.stat().st_size > LARGEST_FILE:
            return stop("the file is larger than 64 MiB", hint="use CSV, which is read a row at a time")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        return stop(f"not UTF-8: byte 0x{wrong.object[wrong.start]:02x}", hint="save the file as UTF-8")
    except OSError as wrong:
        return stop(f"cannot be read: {wrong.strerror or wrong}")
    if _depth(text) > MOST_DEPTH:
        return stop(f"nested more than {MOST_DEPTH} deep", hint="write a list of objects")
    try:
        document = read_row(text)
    except json.JSONDecodeError as wrong:
        return stop(f"not JSON: {wrong.msg}", wrong.lineno, _cause(wrong), wrong.colno)
    except Refused as wrong:
        return stop(str(wrong))
    rows = _rows_of(document)
    if rows is None:
        return stop("there is no list of rows", hint='write [{"kpi": …, "period": …, "value": …}]')
    columns = dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row)
    return Table(name, tuple(columns), _Rows(rows, name, tuple(columns), problems), problems)


def _cause(wrong: json.JSONDecodeError) -> str:
    """What was probably done, by what stands before and behind the place."""
    rest, before = wrong.doc[wrong.pos :].lstrip(), wrong.doc[: wrong.pos].rstrip()
    if before.endswith(",") and rest[:1] in ("}", "]"):
        return f"take out the comma before {rest[0]}"
    if rest.startswith("'"):
        return 'a text stands in straight double quotes: "…"'
    if not rest:
        return "the end of the file is missing"
    return "write a comma between rows, and between the cells of one" if "delimiter" in wrong.msg else ""


def read_row(text: str) -> Any:
    """A JSON text with its numbers as texts; raises JSONDecodeError, and Refused for NaN or a doubled key."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=_constant, object_pairs_hook=_object)


def _rows_of(document: Any) -> list[Any] | None:
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        lists = [value for key, value in document.items() if isinstance(value, list)]
        if len(lists) == 1:
            return lists[0]
    return None


def _depth(text: str) -> int:
    """How deep brackets nest, at most: those within texts count too, which only makes it stricter."""
    deepest = depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MOST_DEPTH * 20:
                break
        elif character in "]}":
            depth -= 1
    return deepest


def _constant(written: str) -> Any:
    raise Refused(f'{written} is no number in JSON; write null for nothing, or a symbol such as "c"')


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused(f"the key {shorten(key, 40)!r} stands twice in one object")
        found[key] = value
    return found


class _Rows:
    def __init__(self, rows: list[Any], name: str, columns: tuple[str, ...], problems: list[Problem]) -> None:
        self.rows = rows
        self.name = name
        self.columns = columns
        self.problems = problems
        self.header_line = 0

    def __iter__(self) -> Iterator[Row]:
        positions = {name.strip().casefold().replace(" ", "_"): n for n, name in enumerate(self.columns, start=1)}
        for number, row in enumerate(self.rows, start=1):
            place = Place(self.name, number)
            if not isinstance(row, dict):
                said = f"row {number} is {shorten(cell_text(cell_of_json(row)), 40)} and no object"
                self.problems.append(Problem("RAG103", said, place))
                yield Row({}, place, positions)
                continue
            cells = {key.strip().casefold().replace(" ", "_"): cell_of_json(value) for key, value in row.items()}
            yield Row(cells, place, positions)


def cell_of_json(value: Any) -> object:
    """A value of a JSON object as a cell: numbers are texts by now, and what is no cell is a text that none reads."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
