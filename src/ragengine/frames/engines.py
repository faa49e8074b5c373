"""How each kind of frame looks something up in a small table: the only place that knows one engine from another.

Polars gathers by number, pandas and pyarrow take by number, every other engine joins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import reduce
from itertools import pairwise
from operator import xor
from typing import Any, Protocol, TypeAlias
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw
from attrs import frozen

from .day_eras import AFTER, FIRST_DAY, UNREAD, era_of
from .small_table import Column, SmallTable
from .spark_plans import spark_columns, spark_look_up
from .written_tables import dtype_of, duckdb_values

__all__ = ["Engine", "Frame", "engine_of", "out", "selected", "strips_characters", "unused"]

#: eager or lazy; what both can do is asked of it
Frame: TypeAlias = Any

#: begins the names of columns that are not given back
PREFIX = "__rag_"
#: the day from which Polars counts
_EPOCH = date(1970, 1, 1).toordinal()
#: so many places are kept for rows that are found by their number; of more they are joined
_MOST_NUMBERED = 2**23


def unused(name: str) -> str:
    """The name of a column of our own."""
    return PREFIX + name


def out(name: str) -> str:
    """The name of an added column until it is given back: the frame may have one of that name."""
    return unused(f"out_{name}")


class Engine(Protocol):
    """What rating asks of an engine beside expressions."""

    @property
    def name(self) -> str: ...
    @property
    def is_lazy(self) -> bool:
        """Whether nothing is computed until somebody collects."""
        ...

    @property
    def makes_targets(self) -> bool:
        """Whether targets can be made from other rows, in columns."""
        ...

    def begin(self, frame: Frame) -> Frame:
        """The frame to work on."""
        ...

    def look_up(self, frame: Frame, key: str, table: SmallTable) -> Frame:
        """The frame with the table's columns, found by the column ``key``: a row number, or a text."""
        ...

    def eras(self, frame: Frame, column: str, starts: Sequence[date], first: int, none: int) -> Frame:
        """The frame with the number of each date's era, counted from ``first``; ``none`` where there is no date."""
        ...

    def join(self, frame: Frame, other: Frame, on: Sequence[str]) -> Frame:
        """The frame's rows with the columns of the one row of the other that agrees, or none."""
        ...

    def join_numbered(self, frame: Frame, other: Frame, key: str, size: int) -> Frame:
        """The same by a number that is not null and below ``size``, from 0 on."""
        ...

    def one_of_each(self, frame: Frame, keys: Sequence[str]) -> Frame:
        """One row for each key: the last one, where the engine keeps an order."""
        ...

    def collected(self, frame: Frame, spent: Sequence[str] = ()) -> Frame:
        """The frame of :meth:`begin`, all that was asked of it so far computed; ``spent`` columns may be left out."""
        ...

    def end(self, frame: Frame) -> Frame:
        """The frame to give back."""
        ...


def engine_of(frame: Frame) -> Engine:
    """The engine of a frame."""
    kind = frame.implementation
    if kind.is_polars():
        return PolarsEngine(isinstance(frame, nw.LazyFrame), nw.get_native_namespace(frame))
    if isinstance(frame, nw.DataFrame):
        return ArrayEngine(str(kind), kind.is_pandas_like())
    return JoinEngine(str(kind))


def selected(frame: Frame, columns: Mapping[str, str]) -> Frame:
    """The frame's columns of these names, each under its new one: columns by new name."""
    if frame.implementation.is_pyspark():
        return nw.from_native(spark_columns(frame.to_native(), columns))
    return frame.select(*(nw.col(name).alias(new) for new, name in columns.items()))


def strips_characters(frame: Frame) -> bool:
    """Whether its engine can strip given characters; Ibis strips all white space or none, and is given a pattern."""
    return not frame.implementation.is_ibis()


@frozen
class PolarsEngine:
    """Polars, eager and lazy: every look-up is an expression, so rows keep their order and plans stay lazy."""

    is_lazy: bool
    _polars: Any
    name: str = "polars"

    @property
    def makes_targets(self) -> bool:
        return not self.is_lazy

    def begin(self, frame: Frame) -> Frame:
        return frame.lazy()

    def look_up(self, frame: Frame, key: str, table: SmallTable) -> Frame:
        pl = self._polars
        native = frame.to_native()
        number = pl.col(key)
        if table.keys is not None:
            number = self._number(native, key, table)
            if table.number:
                native = native.with_columns(number.cast(pl.Int32).alias(table.number))
                number = pl.col(table.number)
        found = [self._found(name, table, number).alias(name) for name in table.columns]
        return nw.from_native(native.with_columns(found))

    def _found(self, name: str, table: SmallTable, number: Any) -> Any:
        """A column by the number of the row."""
        pl, series = self._polars, self._series(name, table)
        return pl.lit(series).gather(number) if len(series) > 1 else pl.lit(series[0], series.dtype)

    def _series(self, name: str, table: SmallTable) -> Any:
        """A column, of one row where all are alike; texts as an Enum: a number a row, in the order of the scale."""
        made = table.sent.get(name)
        return made if made is not None else table.sent.setdefault(name, self._new_series(name, table))

    def _new_series(self, name: str, table: SmallTable) -> Any:
        pl, values = self._polars, table.columns[name]
        if name in table.texts:
            return pl.Series(name, values, pl.Enum(table.categories(name)))
        alike = all(value == values[0] for value in values)
        kind = pl.Float64 if any(isinstance(value, float) for value in values) else pl.Int32
        return pl.Series(name, values[:1] if alike else values, kind)

    def _number(self, native: Any, key: str, table: SmallTable) -> Any:
        """The row number of a text; an Enum's texts are looked up once, not row by row, and the keys' own never."""
        pl, other = self._polars, len(table) - 1
        known = table.sent.get("") or table.sent.setdefault("", pl.Enum(table.keys))
        column, kind = pl.col(key), native.collect_schema()[key]
        if kind == known:
            return column.to_physical().fill_null(other)
        if isinstance(kind, pl.Enum):
            rows = kind.categories.cast(known, strict=False).to_physical().fill_null(other)
            return pl.lit(rows).gather(column.to_physical()).fill_null(other)
        if kind != pl.String:
            column = column.cast(pl.String)
        return column.cast(known, strict=False).to_physical().fill_null(other)

    def eras(self, frame: Frame, column: str, starts: Sequence[date], first: int, none: int) -> Frame:
        """Each day that can be a period is looked up: it is one gather, however many eras."""
        pl = self._polars
        ends = [*(min(max(start, FIRST_DAY), AFTER) for start in starts[1:]), AFTER]
        lengths = [(end - start).days for start, end in pairwise([FIRST_DAY, *ends])]
        unread = pl.Series([UNREAD], dtype=pl.Int32)
        eras = (pl.repeat(first + n, length, dtype=pl.Int32, eager=True) for n, length in enumerate(lengths))
        rows = pl.concat([unread, *eras, unread])
        since = (pl.col(column).cast(pl.Date).to_physical() - (FIRST_DAY.toordinal() - _EPOCH - 1)).clip(
            0, len(rows) - 1
        )
        found = pl.lit(rows).gather(since).fill_null(none)
        return nw.from_native(frame.to_native().with_columns(found.alias(unused("era"))))

    def join(self, frame: Frame, other: Frame, on: Sequence[str]) -> Frame:
        left, right = frame.to_native(), other.to_native()
        return nw.from_native(left.join(right, on=list(on), how="left", maintain_order="left", nulls_equal=True))

    def one_of_each(self, frame: Frame, keys: Sequence[str]) -> Frame:
        native = frame.to_native()
        if isinstance(frame, nw.DataFrame) and self._has_each_once(native, keys):
            return frame
        return nw.from_native(native.unique(list(keys), keep="last", maintain_order=True))

    def _has_each_once(self, native: Any, keys: Sequence[str]) -> bool:
        """Whether all rows have hashes of their own: no key is there twice then. That costs a tenth of finding any."""
        hashes = reduce(xor, (self._polars.col(key).hash(seed) for seed, key in enumerate(keys)))
        ordered = native.select(hashes.alias("")).to_series().sort()
        return not (ordered == ordered.shift(1)).any()

    def join_numbered(self, frame: Frame, other: Frame, key: str, size: int) -> Frame:
        pl = self._polars
        if size > _MOST_NUMBERED:
            return self.join(frame, other, (key,))
        found = other.collect().to_native()
        rows = found[key]
        places = [
            pl.lit(pl.repeat(None, size, dtype=found[name].dtype, eager=True).scatter(rows, found[name]))
            .gather(pl.col(key))
            .alias(name)
            for name in found.columns
            if name != key
        ]
        return nw.from_native(frame.to_native().with_columns(places))

    def collected(self, frame: Frame, spent: Sequence[str] = ()) -> Frame:
        return frame.drop(*spent).collect()

    def end(self, frame: Frame) -> Frame:
        return frame if self.is_lazy or not isinstance(frame, nw.LazyFrame) else frame.collect()


@frozen
class ArrayEngine:
    """pandas and pyarrow: look-ups take from arrays by number; texts come back coded (categorical, dictionary)."""

    name: str
    _pandas: bool
    is_lazy: bool = False

    @property
    def makes_targets(self) -> bool:
        return self._pandas

    def begin(self, frame: Frame) -> Frame:
        return frame

    def look_up(self, frame: Frame, key: str, table: SmallTable) -> Frame:
        assert isinstance(frame, nw.DataFrame)
        if table.keys is None:
            numbers = frame[key].to_numpy()
        else:
            numbers = self._numbers(frame[key], table.keys)
        made = {name: self._taken(frame, name, values, numbers, table) for name, values in table.columns.items()}
        if table.number:
            made[table.number] = nw.new_series(table.number, numbers, backend=frame.implementation)
        return frame.with_columns(**self._aligned(frame, made))

    def _aligned(self, frame: nw.DataFrame[Any], made: dict[str, Any]) -> dict[str, Any]:
        """The same with the rows' labels, which pandas would look rows up by."""
        if not self._pandas:
            return made
        index = frame.to_native().index
        return {
            name: nw.from_native(series.to_native().set_axis(index), series_only=True) for name, series in made.items()
        }

    def _numbers(self, column: nw.Series[Any], keys: tuple[str, ...]) -> Any:
        import numpy as np

        native = column.to_native()
        if self._pandas:
            import pandas as pd

            if isinstance(native.dtype, pd.CategoricalDtype):
                rows = pd.Index(keys).get_indexer(native.cat.categories)
                rows = np.append(np.where(rows < 0, len(keys), rows), len(keys))
                return rows[native.cat.codes.to_numpy()]
            found = self._arrow_index(native, keys)
            if found is None:
                found = pd.Index(keys).get_indexer(native)
        else:
            found = self._arrow_index(native, keys)
        return np.where(found < 0, len(keys), found)

    @staticmethod
    def _arrow_index(native: Any, keys: tuple[str, ...]) -> Any:
        try:
            import pyarrow as pa
            import pyarrow.compute as pc
        except ImportError:
            return None
        texts = native if isinstance(native, pa.ChunkedArray) else pa.chunked_array([pa.array(native)])
        if pa.types.is_null(texts.type):
            # a column of pandas that holds no text at all has no type either
            texts = texts.cast(pa.string())
        if not pa.types.is_dictionary(texts.type):
            kind = texts.type if pa.types.is_large_string(texts.type) else pa.string()
            return pc.fill_null(pc.index_in(texts, pa.array(keys, kind)), -1).to_numpy()
        coded = texts.unify_dictionaries().combine_chunks()
        rows = pc.fill_null(pc.index_in(coded.dictionary, pa.array(keys, coded.dictionary.type)), -1)
        return pc.fill_null(rows.take(coded.indices), -1).to_numpy(zero_copy_only=False)

    def _taken(self, frame: nw.DataFrame[Any], name: str, values: Column, numbers: Any, table: SmallTable) -> Any:
        import numpy as np

        if name not in table.texts:
            whole = all(isinstance(value, int) for value in values)
            listed = [np.nan if value is None else value for value in values]
            made = np.array(listed, dtype=np.int32 if whole else np.float64)[numbers]
            if self._pandas or None not in values:
                return nw.new_series(name, made, backend=frame.implementation)
            import pyarrow as pa

            return nw.from_native(pa.chunked_array([pa.array(made, mask=np.isnan(made))]), series_only=True)
        texts = table.categories(name)
        known = {text: n for n, text in enumerate(texts)}
        small = np.int8 if len(texts) < 128 else np.int32
        codes = np.array([-1 if value is None else known[value] for value in values], dtype=small)[numbers]
        if self._pandas:
            import pandas as pd

            coded = pd.Categorical.from_codes(codes, categories=list(texts), ordered=name in table.orders)
            return nw.from_native(pd.Series(coded), series_only=True)
        import pyarrow as pa

        coded = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(texts, pa.string()))
        return nw.from_native(pa.chunked_array([coded]), series_only=True)

    def eras(self, frame: Frame, column: str, starts: Sequence[date], first: int, none: int) -> Frame:
        kind = frame.collect_schema()[column]
        if not (self._pandas and isinstance(kind, nw.Datetime)):
            return frame.with_columns(era_of(column, starts, first, none).alias(unused("era")))
        # pandas compares no time with a date
        zone = None if kind.time_zone is None else ZoneInfo(kind.time_zone)
        era = era_of(column, starts, first, none, lambda day: datetime.combine(day, time(), zone))
        return frame.with_columns(era.alias(unused("era")))

    def join(self, frame: Frame, other: Frame, on: Sequence[str]) -> Frame:
        assert isinstance(frame, nw.DataFrame) and isinstance(other, nw.DataFrame)
        row = unused("row")
        # of the frame only the keys: pyarrow joins no columns of nothing, lists or structures
        joined = frame.select(*on).with_row_index(row).join(other, on=list(on), how="left").sort(row).drop(row, *on)
        if self._pandas:
            native = joined.to_native()
            native.index = frame.to_native().index
            joined = nw.from_native(native, eager_only=True)
        return frame.with_columns(*(joined[name] for name in joined.columns))

    def join_numbered(self, frame: Frame, other: Frame, key: str, size: int) -> Frame:
        return self.join(frame, other, (key,))

    def one_of_each(self, frame: Frame, keys: Sequence[str]) -> Frame:
        assert isinstance(frame, nw.DataFrame)
        return frame.unique(subset=list(keys), keep="last", maintain_order=True)

    def collected(self, frame: Frame, spent: Sequence[str] = ()) -> Frame:
        return frame

    def end(self, frame: Frame) -> Frame:
        return frame


@frozen
class JoinEngine:
    """Engines that run elsewhere (DuckDB, Dask, Spark, Ibis): a look-up is a join with a small table."""

    name: str
    is_lazy: bool = True
    makes_targets: bool = False

    def begin(self, frame: Frame) -> Frame:
        return frame

    def look_up(self, frame: Frame, key: str, table: SmallTable) -> Frame:
        if frame.implementation.is_pyspark():
            return nw.from_native(spark_look_up(frame.to_native(), key, table))
        column = unused("key")
        keys: Column = range(len(table)) if table.keys is None else table.keys
        rows = {name: values[: len(keys)] for name, values in table.columns.items()}
        if table.number:
            rows[table.number] = range(len(keys))
        texts = table.texts if table.keys is None else table.texts | {column}
        small = self._small(frame, {column: keys, **rows}, texts, table)
        joined = frame.join(small, left_on=key, right_on=column, how="left")
        if table.keys is None:
            return joined
        others = {name: values[-1] for name, values in table.columns.items() if values[-1] is not None}
        if table.number:
            others[table.number] = len(keys)
        filled = {name: nw.col(name).fill_null(nw.lit(value)) for name, value in others.items()}
        return joined.with_columns(**filled) if filled else joined

    def _small(
        self,
        frame: Frame,
        columns: Mapping[str, Column],
        texts: frozenset[str],
        table: SmallTable,
    ) -> Frame:
        schema = {name: dtype_of(values, name in texts) for name, values in columns.items()}
        lists = {name: list(values) for name, values in columns.items()}
        kind = frame.implementation
        if kind.is_duckdb():
            return nw.from_native(duckdb_values(frame.to_native(), unused("frame"), lists, schema, table.orders))
        return nw.from_dict(lists, schema=schema, backend="pyarrow").lazy(kind)

    def eras(self, frame: Frame, column: str, starts: Sequence[date], first: int, none: int) -> Frame:
        return frame.with_columns(era_of(column, starts, first, none).alias(unused("era")))

    def join(self, frame: Frame, other: Frame, on: Sequence[str]) -> Frame:
        return frame.join(other, on=list(on), how="left")

    def join_numbered(self, frame: Frame, other: Frame, key: str, size: int) -> Frame:
        return self.join(frame, other, (key,))

    def one_of_each(self, frame: Frame, keys: Sequence[str]) -> Frame:
        return frame.unique(subset=list(keys), keep="any")

    def collected(self, frame: Frame, spent: Sequence[str] = ()) -> Frame:
        return frame

    def end(self, frame: Frame) -> Frame:
        return frame
