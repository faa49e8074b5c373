"""CSV files in blocks of whole records: by Polars where a block is plain, by the strict reader where it is not."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import polars as pl

from ..data.csv_table import LONGEST_FIELD, NUL, WITH_COMMA, broken, has_decimal_commas, not_in, opening
from ..data.table import unfit
from ..errors import DataError
from .source import Batch, lines_guessed, unusable

__all__ = ["CsvSource"]

BLOCK_BYTES = 8 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024

#: ends each line of a plain block in a column of its own, so that a row too short or too long is seen
_MARK = b"\x1e"
_BOM = b"\xef\xbb\xbf"


class CsvSource:
    """A CSV file in UTF-8, comma or semicolon separated; every column is text, an empty cell is null."""

    place = "line"

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.part_read = 0.0
        self._path = path
        self._size = max(path.stat().st_size, 1)
        self.rows_guessed = lines_guessed(path)
        with path.open("rb") as raw:
            reader = _Records(raw, path)
            header = reader.header()
            self.header_line = reader.header_line
        names = [name.strip("\ufeff") or f"column_{n}" for n, name in enumerate(header, start=1)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            said = f"the column {twice[0]!r} stands twice"
            raise unusable(self.name, said, self.header_line, code="RAG102", hint="leave one, or rename one")
        self.schema = pl.Schema({name: pl.String() for name in names})

    def batches(self) -> Iterator[Batch]:
        with self._path.open("rb") as raw:
            reader = _Records(raw, self._path)
            reader.header()
            commas = has_decimal_commas(self._path, reader.separator)
            for lines, frame, misfits in reader.blocks():
                self.part_read = min(1.0, raw.tell() / self._size)
                frame.columns = self.schema.names()
                if commas:
                    frame = frame.with_columns(_with_points(name) for name in frame.columns)
                yield Batch(self.name, frame, lines, misfits)
        self.part_read = 1.0


def _with_points(name: str) -> pl.Expr:
    """A column with each number as it would be written with a point."""
    cell = pl.col(name)
    plain = cell.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return pl.when(cell.str.contains(WITH_COMMA)).then(plain).otherwise(cell).alias(name)


class _Records:
    """The records of one opened file; ``line`` is the number of the line that is read next."""

    def __init__(self, raw: BinaryIO, path: Path) -> None:
        self.raw, self.path, self.name = raw, path, str(path)
        start = raw.read(4096)
        opened = opening(start)
        if opened is None:
            raise unusable(self.name, "the file is UTF-16", 1, hint="save it as UTF-8")
        self.separator, skipped = opened
        raw.seek(len(_BOM) if start.startswith(_BOM) else 0)
        self.line = 1
        for _ in range(skipped):
            next(lines := _Lines(self, self._whole_line(b"")))
            lines.put_back()
            self.line += 1
        self.header_line = self.line
        self.width = 0

    def header(self) -> list[str]:
        """The names of the columns."""
        lines = _Lines(self, self._whole_line(b""))
        for line, cells in self._strict(lines):
            self.header_line, self.width = line, len(cells)
            lines.put_back()
            return cells
        raise unusable(self.name, "the file is empty", 1, hint="the first line names the columns")

    def blocks(self) -> Iterator[tuple[pl.Series, pl.DataFrame, dict[int, str]]]:
        """Lines, cells and misfits of each block."""
        while block := self.raw.read(BLOCK_BYTES):
            block = self._whole_line(block)
            plain = self._plain(block)
            if plain is not None:
                lines = pl.int_range(self.line, self.line + plain.height, dtype=pl.UInt64, eager=True)
                self.line += plain.height
                yield lines, plain, {}
            else:
                yield self._one_by_one(block)

    def _whole_line(self, block: bytes) -> bytes:
        """The block, read on to the end of its last line."""
        if not block.endswith(b"\n"):
            block += self.raw.readline(LONGEST_LINE)
        if not block.endswith(b"\n") and self.raw.read(1):
            # a carriage return at the very end may be half of a line's end
            whole = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1
            if not whole:
                raise unusable(self.name, f"a line of more than {LONGEST_LINE // 1024**2} MiB", self.line)
            self.raw.seek(whole - len(block) - 1, os.SEEK_CUR)
            return block[:whole]
        return block

    def _plain(self, block: bytes) -> pl.DataFrame | None:
        """A block without quotes whose rows all fit; None for any other."""
        if b'"' in block or b"\0" in block or _MARK in block:
            return None
        if b"\r" in block:
            if block.count(b"\r") != block.count(b"\r\n"):
                return None
            block = block.replace(b"\r\n", b"\n")
        self._decoded(block)
        if not block.endswith(b"\n"):
            block += b"\n"
        marked = block.replace(b"\n", self.separator.encode() + _MARK + b"\n")
        try:
            frame = pl.read_csv(
                marked,
                has_header=False,
                schema={f"c{n}": pl.String for n in range(self.width + 1)},
                separator=self.separator,
                quote_char=None,
                truncate_ragged_lines=True,
            )
        except pl.exceptions.PolarsError:
            # whatever Polars finds wrong, the strict reader names
            return None
        fits = frame.to_series(self.width) == _MARK.decode()
        if frame.height != block.count(b"\n") or fits.null_count() or not fits.all():
            return None
        frame = frame.drop(f"c{self.width}")
        return None if _has_blank_row(frame) else frame

    def _one_by_one(self, block: bytes) -> tuple[pl.Series, pl.DataFrame, dict[int, str]]:
        rows: list[list[str]] = []
        lines: list[int] = []
        misfits: dict[int, str] = {}
        width = self.width
        for line, cells in self._strict(_Lines(self, block)):
            if len(cells) != width:
                if not any(cell.strip() for cell in cells):
                    continue
                misfits[len(rows)] = unfit(len(cells), width)
                cells = [*cells[:width], *[""] * (width - len(cells))]
            elif not any(cells) or not any(cell.strip() for cell in cells):
                continue
            rows.append(cells)
            lines.append(line)
        columns = list(zip(*rows, strict=True)) if rows else [()] * width
        frame = pl.DataFrame({f"c{n}": pl.Series(column, dtype=pl.String) for n, column in enumerate(columns)})
        texts = pl.all()
        return (
            pl.Series(lines, dtype=pl.UInt64),
            frame.select(pl.when(texts != "").then(texts).name.keep()),
            misfits,
        )

    def _strict(self, left: _Lines) -> Iterator[tuple[int, list[str]]]:
        """First line and cells of each record of a block, read on to the end of its last record."""
        first = line = self.line
        reader = csv.reader(left, delimiter=self.separator, strict=True)
        limit = csv.field_size_limit(LONGEST_FIELD)
        try:
            while left.is_open:
                cells = next(reader, None)
                if cells is None:
                    break
                self.line = first + reader.line_num
                yield line, cells
                line = self.line
        except csv.Error as wrong:
            raise unusable(self.name, broken(wrong), line) from wrong
        finally:
            csv.field_size_limit(limit)

    def _decoded(self, block: bytes) -> str:
        try:
            return block.decode("utf-8")
        except UnicodeDecodeError as wrong:
            raise DataError((not_in(self.path, self.name, "utf-8"),)) from wrong


def _has_blank_row(frame: pl.DataFrame) -> bool:
    empty = pl.all().fill_null("").str.strip_chars() == ""
    if not frame.select(pl.first().fill_null("").str.strip_chars() == "").to_series().any():
        return False
    return bool(frame.select(pl.all_horizontal(empty).any()).item())


class _Lines:
    """The lines of a block, and those after it that a record which began in the block goes on with.

    They end as those of a file that is read as a whole: with a line feed, a carriage return, or both.
    """

    def __init__(self, records: _Records, block: bytes) -> None:
        self._records = records
        self._number = records.line
        self._read(block)

    def _read(self, block: bytes) -> None:
        self._text = io.StringIO(self._records._decoded(block), newline="")
        self._end = len(self._text.getvalue())

    @property
    def is_open(self) -> bool:
        """Whether a record may still begin in what has been read of the file."""
        return self._text.tell() < self._end

    def put_back(self) -> None:
        """What has been read of the file and not asked for is what is read of it next."""
        self._records.raw.seek(-len(self._text.read().encode()), os.SEEK_CUR)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if not self.is_open:
            self._read(self._records._whole_line(b""))
        line = self._text.readline()
        if not line:
            raise StopIteration
        if "\0" in line:
            raise unusable(self._records.name, NUL, self._number)
        self._number += 1
        return line
