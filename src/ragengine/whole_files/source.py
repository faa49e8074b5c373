"""A file of measurements as batches of rows, each row with the line on which it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import polars as pl
from attrs import evolve, frozen

from ..data.csv_table import line_ends
from ..errors import DataError
from ..problem import Place, Problem

__all__ = ["BATCH_ROWS", "Batch", "Source", "lines_guessed", "unusable"]

#: rows that are rated at a time: a tenth of a second's work, and few enough to stay in the processor's caches
BATCH_ROWS = 100_000


@frozen
class Batch:
    """Rows of one file in their order.

    Attributes:
        frame: the file's own columns under the names they have there.
        lines: line of each row in a file of text, number of the row in any other; counted from 1.
        misfits: what is wrong with rows that could not be read as the file's columns, by position in the batch.
        texts: the rows as they stand in a file of JSON lines.
    """

    file: str
    frame: pl.DataFrame
    lines: pl.Series
    misfits: Mapping[int, str]
    texts: Sequence[str] | None = None

    def __len__(self) -> int:
        return self.frame.height

    def pieces(self) -> Iterator[Batch]:
        """The batch in parts of at most :data:`BATCH_ROWS` rows."""
        for start in range(0, len(self), BATCH_ROWS):
            end = start + BATCH_ROWS
            yield evolve(
                self,
                frame=self.frame.slice(start, BATCH_ROWS),
                lines=self.lines.slice(start, BATCH_ROWS),
                misfits={n - start: said for n, said in self.misfits.items() if start <= n < end},
                texts=None if self.texts is None else self.texts[start:end],
            )


class Source(Protocol):
    """A file that is read from its beginning as often as it is asked for.

    Attributes:
        schema: the own columns; a reader of text has texts only.
        header_line: the line that names the columns; 0 where none does.
        place: what :attr:`Batch.lines` counts: lines, or rows of a file that has no lines.
        part_read: how much of the file the last reading has read, from 0 to 1.
        rows_guessed: about how many rows there are.
    """

    name: str
    schema: pl.Schema
    header_line: int
    place: str
    part_read: float
    rows_guessed: int

    def batches(self) -> Iterator[Batch]:
        """The rows; raises DataError where the file cannot be read on."""
        ...


def lines_guessed(path: Path) -> int:
    """About how many lines a file has, by its first ones."""
    with path.open("rb") as raw:
        start = raw.read(1 << 16)
    return 1 + path.stat().st_size * line_ends(start) // max(len(start), 1)


def unusable(name: str, message: str, line: int = 0, *, code: str = "RAG101", hint: str = "") -> DataError:
    """A file of which nothing can be used, since it cannot be read to its end."""
    return DataError((Problem(code, message, Place(name, line, 1 if line else 0), hint=hint),))
