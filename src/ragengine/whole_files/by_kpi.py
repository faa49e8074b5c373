"""Rows whose rating takes earlier rows: brought together by KPI and entity on disk, rated, and put in order again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import narwhals.stable.v2 as nw
import polars as pl

from ..book import Rulebook
from ..frames.cells import NUMBER
from ..frames.cells import FrameColumns as Cells
from ..period import PeriodError, parse_period
from ..problem import shorten
from .spool import Cursor, Spool

__all__ = ["CLASH", "ByKpi"]

#: why a row is not used although it can be read: others give the same measurement otherwise
CLASH = "__clash"
_ROW, _LINE, _FILE = "__row", "__line", "__file"

#: rows of one bucket that are rated at a time, rows that are sorted into buckets at a time, and most buckets
_BUCKET_ROWS, _SORTED_ROWS, _MOST_BUCKETS = 100_000, 1_000_000, 1_000
#: rows of one bucket that are held when all buckets are put in order again
_HELD_ROWS = 1_000
_MOST_SHOWN = 5

Rate = Callable[[pl.DataFrame], pl.DataFrame]


class ByKpi:
    """The measurements of a run, added in their order, rated bucket by bucket, and read in their order.

    One KPI and entity is in one bucket as a whole, so memory is bounded where no such pair has most of the rows; and
    one KPI as a whole, where its target is made from the rows of all entities.
    """

    def __init__(self, folder: Path, rows: int, book: Rulebook, files: Sequence[str]) -> None:
        count = min(_MOST_BUCKETS, 1 + rows // _BUCKET_ROWS)
        self._given = [Spool(folder / f"given-{n}") for n in range(count)]
        self._rated = [Spool(folder / f"rated-{n}") for n in range(count)]
        self._book = book
        self._of_entities = [kpi.id for kpi in book.rules.kpis.values() if kpi.looks_at_peers]
        self._files = files
        self._waiting: list[pl.DataFrame] = []
        self._waiting_rows = 0
        self._cursors: list[Cursor] = []
        self.rows = 0

    def add(self, work: pl.DataFrame, lines: pl.Series, file: int) -> None:
        """Measurements of one file, the next in order."""
        rows = pl.int_range(self.rows, self.rows + work.height, dtype=pl.UInt64, eager=True)
        self.rows += work.height
        file_number = pl.lit(file, dtype=pl.UInt32).alias(_FILE)
        self._waiting.append(work.with_columns(rows.alias(_ROW), lines.alias(_LINE), file_number))
        self._waiting_rows += work.height
        if self._waiting_rows >= _SORTED_ROWS:
            self._sort()

    def _sort(self) -> None:
        rows = pl.concat(self._waiting, how="diagonal_relaxed")
        self._waiting, self._waiting_rows = [], 0
        # a target of entities is made from all rows of its KPI
        alone = pl.when(pl.col("kpi").is_in(self._of_entities)).then(pl.lit("")).otherwise(_entity(rows))
        who = pl.concat_str([pl.col("kpi"), alone], separator="\x1f").hash(seed=0)
        # an unknown KPI has no history: its rows are spread over all buckets
        known = pl.col("kpi").is_in(list(self._book.rules.kpis))
        bucket = (pl.when(known).then(who).otherwise(pl.col(_ROW)) % len(self._given)).alias("__bucket")
        parts = rows.with_columns(bucket).partition_by("__bucket", as_dict=True, include_key=False, maintain_order=True)
        for (number,), part in parts.items():
            self._given[number].add(part)

    def rate(self, rate: Rate) -> Iterator[int]:
        """Rates one bucket after another; gives how many rows are done."""
        if self._waiting:
            self._sort()
        done = 0
        for given, rated in zip(self._given, self._rated, strict=True):
            frames = list(given.frames())
            given.drop()
            if frames:
                rows = _without_clashes(pl.concat(frames, how="diagonal_relaxed"), self._book, self._files)
                made = rate(rows.drop(CLASH, _LINE, _FILE, _ROW)).with_columns(rows[CLASH], rows[_ROW])
                for piece in made.iter_slices(_HELD_ROWS):
                    rated.add(piece)
                done += rows.height
            yield done
        self._cursors = [Cursor(spool.frames(), _ROW) for spool in self._rated]

    def next_rows(self, below: int) -> pl.DataFrame:
        """The ratings of the rows up to a number, in order, with :data:`CLASH`."""
        found = [frame for cursor in self._cursors for frame in cursor.below(below)]
        return pl.concat(found).sort(_ROW).drop(_ROW)


def _entity(rows: pl.DataFrame) -> pl.Expr:
    if "entity" not in rows.columns:
        return pl.lit("")
    return pl.col("entity").cast(pl.String).fill_null("").str.strip_chars(" \t\u00a0")


def _without_clashes(rows: pl.DataFrame, book: Rulebook, files: Sequence[str]) -> pl.DataFrame:
    """The rows with :data:`CLASH`; where a measurement is given more than once, differently, its cells are unreadable.

    Rows that say the same are left as they are: whichever counts, the ratings are one.
    """
    nothing = pl.lit(None, pl.String).alias(CLASH)
    written = rows["period"].unique().to_list()
    periods = {text: _period(text, book) for text in written}
    key = rows.select(
        pl.col("kpi"), _entity(rows).alias("entity"), pl.col("period").replace_strict(periods, return_dtype=pl.String)
    )
    usable = key["kpi"].is_in(list(book.rules.kpis)) & key["period"].is_not_null()
    several = key.is_duplicated() & usable
    if not several.any():
        return rows.with_columns(nothing)
    said = _content(rows.filter(several))
    places = rows.filter(several).select(_ROW, _LINE, _FILE).get_columns()
    groups = key.filter(several).with_columns(*said, *places)
    groups = groups.group_by("kpi", "entity", "period", maintain_order=True).agg(
        pl.len().alias("times"), pl.col("__said").n_unique().alias("different"), pl.col("__shown", _ROW, _LINE, _FILE)
    )
    groups = groups.filter(pl.col("different") > 1)
    clashes: dict[int, str] = {}
    for group in groups.iter_rows(named=True):
        given = zip(group["__shown"], group[_FILE], group[_LINE], strict=True)
        shown = [f"{shorten(value, 20) or 'blank'} at {files[file]}:{line}" for value, file, line in given]
        more = f" and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
        entity = f", {group['entity']}" if group["entity"] else ""
        listed = ", ".join(shown[:_MOST_SHOWN])
        told = f"{group['kpi']}, {group['period']}{entity} is given {group['times']} times: {listed}{more}"
        clashes |= dict.fromkeys(group[_ROW], f"{told}; leave the right one; none is used")
    if not clashes:
        return rows.with_columns(nothing)
    table = pl.DataFrame(
        {_ROW: list(clashes), CLASH: list(clashes.values())}, schema={_ROW: pl.UInt64, CLASH: pl.String}
    )
    rows = rows.join(table, on=_ROW, how="left", maintain_order="left")
    return rows.with_columns(_unreadable(name, kind) for name, kind in rows.schema.items() if name not in _KEPT)


_KEPT = ("kpi", "period", "entity", "evidence", "causes", CLASH, _ROW, _LINE, _FILE)


def _unreadable(name: str, kind: pl.DataType) -> pl.Expr:
    number = kind.is_numeric()
    column = pl.col(name).cast(pl.Float64) if number else pl.col(name)
    bad = pl.lit(float("inf")) if number else pl.lit("given more than once")
    return pl.when(pl.col(CLASH).is_null()).then(column).otherwise(bad).alias(name)


def _period(written: str, book: Rulebook) -> str | None:
    try:
        return str(parse_period(written, book.rules.calendar))
    except PeriodError:
        return None


def _content(rows: pl.DataFrame) -> list[pl.Series]:
    """What each row says, alike for cells that are read alike (93 and 93%); and how that is shown."""
    made = nw.from_native(rows, eager_only=True)
    cells = Cells.of(made)
    parts = []
    for name in rows.columns:
        if name not in _KEPT:
            cell = cells.cell(name)
            text = cells.text(name).str.to_lowercase()
            said = nw.when(cell.state == NUMBER).then(cell.number.cast(nw.String)).otherwise(text)
            parts.append(said.fill_null("").alias(name))
    content: pl.DataFrame = made.select(*parts).to_native()
    content = content.select(pl.concat_str(pl.all(), separator="\x1f").alias("__said"))
    names = [name for name in ("value", "numerator", "denominator") if name in rows.columns]
    shown = rows.select(pl.concat_str(pl.col(names).cast(pl.String), separator="/", ignore_nulls=True).alias("__shown"))
    return [content.to_series(), shown.to_series()]
