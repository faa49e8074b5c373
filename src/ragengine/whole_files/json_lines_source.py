"""Files of JSON lines, an object a line; cells as text, numbers as they are printed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import polars as pl

from ..data.door import cell_text, evidence_of
from ..data.json_table import Refused, cell_of_json, read_row
from ..data.table import column_name
from ..errors import DataError
from ..problem import shorten
from .csv_source import LONGEST_LINE
from .source import BATCH_ROWS, Batch, lines_guessed, unusable

__all__ = ["JsonLinesSource"]

#: lines that are looked at for the columns of the file
_FIRST = 20_000


class JsonLinesSource:
    """A file of JSON lines.

    The columns are the keys of the first lines. Where rows stay JSON lines, ``known`` are the names of the columns that
    are read, and a row may bring others; where it is None all are read, and a key that comes later is an error.
    """

    header_line = 0
    place = "line"

    def __init__(self, path: Path, known: Collection[str] | None) -> None:
        self.name = str(path)
        self.part_read = 0.0
        self._path = path
        self._known = known
        self._size = max(path.stat().st_size, 1)
        self.rows_guessed = lines_guessed(path)
        names: dict[str, None] = {}
        for n, (_, text) in enumerate(self._lines()):
            if n == _FIRST:
                break
            names |= dict.fromkeys(self._row(text)[0])
        if not names:
            raise unusable(self.name, "the file has no JSON object on a line", 1)
        self.schema = pl.Schema({name: pl.String() for name in names})
        self.part_read = 0.0

    def batches(self) -> Iterator[Batch]:
        lines: list[int] = []
        texts: list[str] = []
        for line, text in self._lines():
            lines.append(line)
            texts.append(text)
            if len(texts) == BATCH_ROWS // 2:
                yield self._batch(lines, texts)
                lines, texts = [], []
        if texts:
            yield self._batch(lines, texts)
        self.part_read = 1.0

    def _batch(self, lines: Sequence[int], texts: Sequence[str]) -> Batch:
        columns: dict[str, list[str | None]] = {name: [None] * len(texts) for name in self.schema if self._reads(name)}
        misfits: dict[int, str] = {}
        for n, text in enumerate(texts):
            row, wrong = self._row(text)
            if wrong:
                misfits[n] = wrong
            for name, value in row.items():
                if name in columns:
                    columns[name][n] = _text(name, value)
                elif self._known is None:
                    raise self._new(name, lines[n])
                elif self._reads(name):
                    columns[name] = [None] * len(texts)
                    columns[name][n] = _text(name, value)
        frame = pl.DataFrame({name: pl.Series(cells, dtype=pl.String) for name, cells in columns.items()})
        return Batch(self.name, frame, pl.Series(lines, dtype=pl.UInt64), misfits, texts)

    def _reads(self, name: str) -> bool:
        return self._known is None or column_name(name) in self._known

    def _new(self, name: str, line: int) -> DataError:
        said = f"the key {shorten(name, 40)!r} is new here: the first {_FIRST:,} rows have none of that name"
        hint = "write .ndjson, which keeps every row's own keys; or give an early row this key"
        return unusable(self.name, said, line, code="RAG102", hint=hint)

    @staticmethod
    def _row(text: str) -> tuple[dict[str, object], str]:
        """The object on a line, or what is wrong with the line."""
        try:
            row = read_row(text)
        except json.JSONDecodeError as wrong:
            return {}, f"not JSON: {wrong.msg}: {shorten(text, 60)}"
        except Refused as wrong:
            return {}, f"{wrong}: {shorten(text, 60)}"
        except RecursionError:
            return {}, f"nested too deep: {shorten(text, 60)}"
        return (row, "") if isinstance(row, dict) else ({}, f"no object: {shorten(text, 60)}")

    def _lines(self) -> Iterator[tuple[int, str]]:
        with self._path.open("rb") as raw:
            number = 0
            while line := raw.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise unusable(self.name, f"a line of more than {LONGEST_LINE // 1024**2} MiB", number)
                if number % 1000 == 1:
                    self.part_read = min(1.0, raw.tell() / self._size)
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                except UnicodeDecodeError as wrong:
                    said = f"not UTF-8: byte 0x{line[wrong.start]:02x}, perhaps Windows-1252"
                    raise unusable(self.name, said, number, hint="save the file as UTF-8") from wrong
                if text:
                    yield number, text


def _text(name: str, value: object) -> str | None:
    """A value of an object as the cell of a text column; None for nothing."""
    cell = cell_of_json(value)
    known = column_name(name)
    if known == "evidence":
        return evidence_of(cell) or None
    # several values are causes, and no other cell
    return (cell_text(cell) if known == "causes" or not isinstance(cell, tuple) else repr(list(cell))) or None
