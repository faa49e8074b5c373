"""Targets in a table of their own, ``targets.csv`` beside the rule files: rules like any others.

Its rows are put into the KPIs' tables before these are read, so dates, checks, fingerprint, comparison and explanation
are those of a target in a rule file; only the places are lines of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from ..display import did_you_mean
from ..number import NumberError, parse_number
from ..period import APRIL, Calendar, PeriodError, parse_period
from ..problem import Place, Problem, shorten
from ..toml.positions import Path
from ..toml.source import TABLE

__all__ = [
    "COLUMNS",
    "TARGETS",
    "TableSource",
    "TargetRow",
    "TargetTable",
    "calendar_of",
    "read_targets",
    "with_targets",
]

TARGETS = TABLE
COLUMNS = ("kpi", "from", "entity", "target", "min", "max", "tolerance", "basis", "reference")
_WORDS = ("none", "from data")
#: what holds from the beginning
_ALWAYS = "0001-01-01"
_CELL = re.compile(r'"((?:[^"]|"")*)"')
_DECIMAL_COMMA = re.compile(r"[+-]?\d+(?:\.\d{3})*,\d+", re.ASCII)
_MOST_ROWS = 20_000


@frozen
class TargetRow:
    """One row: its line, its cells by column, and the column of the text on which each begins."""

    line: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")


@frozen
class TargetTable:
    """The rows of a table, and where each key that they make stands.

    Attributes:
        name: the file's name as it is shown.
        places: by area file and key path.
        own: the KPIs' tables as the rows make them, by area file.
    """

    name: str
    text: str
    separator: str = ","
    rows: tuple[TargetRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    places: dict[str, dict[Path, Place]] = field(factory=dict)
    own: dict[str, dict[str, Any]] = field(factory=dict)

    def source(self, file: str) -> TableSource | None:
        """The positions of an area file's keys; None where no row is of it."""
        places = self.places.get(file)
        return TableSource(self.name, self.text, places) if places else None


class TableSource:
    """Positions of keys in a table, asked for as of a TOML text."""

    def __init__(self, name: str, text: str, places: Mapping[Path, Place]) -> None:
        self.name = name
        self._lines = text.split("\n")
        self._places = places

    def __contains__(self, path: Path) -> bool:
        return path in self._places

    def reach(self, path: Path) -> int:
        """How many keys of a path the table has."""
        return next((n for n in range(len(path), 2, -1) if path[:n] in self._places), 0)

    def place(self, path: Path) -> Place:
        """Where the value stands, or the nearest key above it."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, Place(self.name, 1, 1))

    key_place = place

    def line_text(self, line: int) -> str:
        """A line of the table, counted from 1."""
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""


def calendar_of(documents: Mapping[str, Any]) -> Calendar:
    """How the book reads dates, by its documents."""
    book = documents.get("book.toml", {}).get("book")
    written = book if isinstance(book, dict) else {}
    starts = written.get("year_starts")
    months = [f"{parse_period(f'2020-{n:02d}').start:%B}" for n in range(1, 13)]
    return Calendar(written.get("dates") == "day first", months.index(starts) + 1 if starts in months else 4)


def read_targets(text: str, name: str = TARGETS, calendar: Calendar = APRIL) -> TargetTable:
    """The rows of a table; what is wrong with one is a problem, and it is left out."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    filled = [(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    if not filled:
        return TargetTable(name, text, problems=(Problem("RAG001", "the table is empty", Place(name, 1)),))
    separator = max(",;\t", key=filled[0][1].count)
    header = [cell.strip().casefold() for cell, _ in _cells(filled[0][1], separator)]
    problems = list(_header_problems(header, name, filled[0]))
    if problems:
        return TargetTable(name, text, separator, problems=tuple(problems))
    rows: list[TargetRow] = []
    for line, written in filled[1 : _MOST_ROWS + 1]:
        cells = list(_cells(written, separator))
        if len(cells) > len(header) or written.count('"') % 2:
            said = f"the row has {len(cells)} cells, the header {len(header)}"
            problems.append(Problem("RAG006", said, Place(name, line, 1), source=written))
            continue
        values = {column: cell.strip() for column, (cell, _) in zip(header, cells, strict=False)}
        places = {column: at for column, (_, at) in zip(header, cells, strict=False)}
        if any(values.values()):
            rows.append(TargetRow(line, values, places))
    table = TargetTable(name, text, separator, tuple(rows))
    found = _Reading(table, calendar)
    return TargetTable(name, text, separator, tuple(rows), (*problems, *found.problems), found.places, found.own)


def _cells(line: str, separator: str) -> Iterator[tuple[str, int]]:
    """The cells of a line, each with the column on which it begins."""
    at = 0
    while at <= len(line):
        quoted = _CELL.match(line, at)
        if quoted is not None and (quoted.end() == len(line) or line[quoted.end()] == separator):
            yield quoted[1].replace('""', '"'), at + 1
            at = quoted.end() + 1
            continue
        end = line.find(separator, at)
        end = len(line) if end < 0 else end
        yield line[at:end], at + 1
        at = end + 1


def _header_problems(header: Sequence[str], name: str, line: tuple[int, str]) -> Iterator[Problem]:
    place = Place(name, line[0], 1)
    for n, column in enumerate(header):
        if column not in COLUMNS:
            hint = _meant(column, COLUMNS) or f"known here: {', '.join(COLUMNS)}"
            yield Problem("RAG004", f"unknown column {shorten(column, 40)!r}", place, hint=hint, source=line[1])
        elif column in header[:n]:
            yield Problem("RAG009", f"the column {column} stands twice", place, source=line[1])
    if "kpi" not in header or not {"target", "min", "tolerance"} & set(header):
        hint = "the first line is kpi,from,entity,target,tolerance,basis,reference"
        yield Problem("RAG005", "the first line names no columns kpi and target", place, hint=hint, source=line[1])


class _Reading:
    """One run of :func:`read_targets` over the rows."""

    def __init__(self, table: TargetTable, calendar: Calendar) -> None:
        self.table = table
        self.calendar = calendar
        self.problems: list[Problem] = []
        self.places: dict[str, dict[Path, Place]] = {}
        self.own: dict[str, dict[str, dict[str, Any]]] = {}
        self._first: dict[tuple[str, str, str, str], TargetRow] = {}
        dated: dict[tuple[str, str, str], list[tuple[str, object, TargetRow]]] = {}
        for row in table.rows:
            for key, value in self._values(row):
                start = self._start(row)
                kpi, entity = row.text("kpi"), row.text("entity")
                if start is not None and self._new(kpi, entity, key, start, row):
                    dated.setdefault((kpi, entity, key), []).append((start, value, row))
            self._basis(row)
        for (kpi, entity, key), entries in dated.items():
            self._put(kpi, entity, key, entries)

    def _say(self, row: TargetRow, column: str, code: str, message: str, hint: str = "") -> None:
        place = Place(self.table.name, row.line, row.columns.get(column, 1))
        source = self.table.text.split("\n")[row.line - 1]
        self.problems.append(
            Problem(code, message, place, key=f"{row.text('kpi')}: {column}", hint=hint, source=source)
        )

    def _values(self, row: TargetRow) -> Iterator[tuple[str, object]]:
        """The target and the tolerance of a row, as a rule file would have them."""
        kpi = row.text("kpi")
        if kpi.count(".") != 1 or not all(kpi.split(".")):
            self._say(row, "kpi", "RAG019", f"{shorten(kpi, 60)!r} is no KPI", "write area.kpi")
            return
        low, high, target = row.text("min"), row.text("max"), row.text("target")
        if target and (low or high):
            self._say(row, "min", "RAG016", "target and min or max exclude each other", "leave one")
        elif low or high:
            ends = {key: self._number(row, key) for key in ("min", "max") if row.text(key)}
            yield "target", ends
        elif target:
            yield "target", target if target in _WORDS else self._number(row, "target")
        if row.text("tolerance"):
            yield "tolerance", self._number(row, "tolerance", text=True)
        if not target and not low and not high and not row.text("tolerance"):
            self._say(row, "target", "RAG005", "the row has no target and no tolerance", 'write a number, or "none"')

    def _number(self, row: TargetRow, column: str, *, text: bool = False) -> object:
        """A number as TOML would give it; a tolerance may be a text such as ``10 pp``."""
        written = row.text(column)
        if self.table.separator != "," and _DECIMAL_COMMA.fullmatch(written.rstrip("% ")):
            written = written.replace(".", "").replace(",", ".")
        bare = written if text else written.removesuffix("%")
        try:
            number = parse_number(bare)
        except NumberError:
            if text:
                return written
            hint = _meant(written, _WORDS) or 'write a number, "none" or "from data"'
            self._say(row, column, "RAG006", f"{shorten(written, 40)!r} is no number", hint)
            return Decimal(0)
        if text and "%" in written:
            return written
        return number.numerator if number.denominator == 1 else Decimal(bare.replace(",", ""))

    def _start(self, row: TargetRow) -> str | None:
        """The day from which a row holds."""
        written = row.text("from")
        if not written:
            return _ALWAYS
        try:
            return parse_period(written, self.calendar).start.isoformat()
        except PeriodError as wrong:
            self._say(row, "from", "RAG027", f"{shorten(written, 40)!r}: {wrong.message}", wrong.hint)
            return None

    def _new(self, kpi: str, entity: str, key: str, start: str, row: TargetRow) -> bool:
        first = self._first.setdefault((kpi, entity, key, start), row)
        if first is not row:
            day = "" if start == _ALWAYS else f" from {start}"
            who = f" of {shorten(entity, 40)}" if entity else ""
            said = f"line {first.line} gives the {key} of {shorten(kpi, 60)}{who}{day} too"
            self._say(row, key, "RAG016", said, "leave one of the two rows")
        return first is row

    def _basis(self, row: TargetRow) -> None:
        """The basis and the reference, of the KPI's latest row that has one."""
        area, _, name = row.text("kpi").partition(".")
        for column, key in (("basis", "basis"), ("reference", "rationale")):
            if row.text(column) and name:
                self._holder(area, name, "")[key] = row.text(column)
                self._place(area, ("kpi", name, key), row, column)

    def _holder(self, area: str, name: str, entity: str) -> dict[str, Any]:
        """The table of a KPI, or of an entity's own."""
        table = self.own.setdefault(f"{area}.toml", {}).setdefault(name, {})
        if not entity:
            return table
        entities: dict[str, dict[str, Any]] = table.setdefault("entities", {})
        return entities.setdefault(entity, {})

    def _place(self, area: str, path: Path, row: TargetRow, column: str) -> None:
        place = Place(self.table.name, row.line, row.columns.get(column, 1))
        self.places.setdefault(f"{area}.toml", {}).setdefault(path, place)

    def _put(self, kpi: str, entity: str, key: str, entries: list[tuple[str, object, TargetRow]]) -> None:
        area, _, name = kpi.partition(".")
        path: Path = ("kpi", name, *(("entities", entity) if entity else ()), key)
        entries.sort(key=lambda entry: entry[0])
        self._place(area, path, entries[0][2], _column(entries[0][2], key))
        single = len(entries) == 1 and entries[0][0] == _ALWAYS
        self._holder(area, name, entity)[key] = entries[0][1] if single else {day: value for day, value, _ in entries}
        for day, _, row in entries if not single else ():
            self._place(area, (*path, day), row, _column(row, key))


def _column(row: TargetRow, key: str) -> str:
    """Where a row states a target or tolerance."""
    if key != "target" or row.text("target"):
        return key
    return "min" if row.text("min") else "max"


def _meant(given: str, known: Sequence[str]) -> str:
    found = did_you_mean(given, known)
    return f"did you mean {found}?" if found else ""


def with_targets(documents: dict[str, dict[str, Any]], table: TargetTable) -> list[Problem]:
    """Puts the rows into the KPIs' tables of the documents, in place; what clashes with them is a problem.

    In an edition that extends another a row may be of a KPI that only the other writes.
    """
    problems = list(table.problems)
    book = documents.get("book.toml", {}).get("book")
    extends = isinstance(book, dict) and "extends" in book
    known = [f"{file[:-5]}.{name}" for file, document in documents.items() for name in _kpis(document)]
    for file, kpis in table.own.items():
        for name, own in kpis.items():
            kpi = f"{file.removesuffix('.toml')}.{name}"
            raw = _kpis(documents.get(file, {})).get(name)
            if raw is None and not extends:
                row = next(row for row in table.rows if row.text("kpi") == kpi)
                place = Place(table.name, row.line, row.columns["kpi"])
                hint = _meant(kpi, known) or "it names KPIs of the rule files"
                problems.append(Problem("RAG019", f"no KPI is called {shorten(kpi, 60)!r}", place, key=kpi, hint=hint))
            elif raw is None:
                kept = documents.setdefault(file, {}).setdefault("kpi", {})
                kept[name] = own
            elif isinstance(raw, dict):
                problems += _merged(raw, own, table, file, ("kpi", name))
    return problems


def _kpis(document: Mapping[str, Any]) -> dict[str, Any]:
    found = document.get("kpi")
    return found if isinstance(found, dict) else {}


def _merged(
    raw: dict[str, Any], own: Mapping[str, Any], table: TargetTable, file: str, path: Path
) -> Iterator[Problem]:
    for key, value in own.items():
        at: Path = (*path, key)
        if key in ("entities",) or (len(path) == 3 and path[2] == "entities"):
            inner = raw.setdefault(key, {})
            if isinstance(inner, dict):
                yield from _merged(inner, value, table, file, at)
        elif key not in raw:
            raw[key] = value
        elif key in ("target", "tolerance"):
            place = table.places[file][at]
            said = f"the {key} of {file.removesuffix('.toml')}.{path[1]} stands in {file} too"
            yield Problem("RAG016", said, place, key=f"{file[:-5]}.{path[1]}: {key}", hint="leave one of the two")
