"""How each kind of frame looks something up in a small table: the only place that knows one engine from another.

Polars gathers by number, pandas and pyarrow take by number, every other engine joins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import narwhals.stable.v2 as nw
from attrs import field, frozen

__all__ = ["Engine", "Frame", "SmallTable", "engine_of", "out", "unused"]

#: eager or lazy; what both can do is asked of it
Frame: TypeAlias = Any
Column = Sequence[Any]

#: begins the names of columns that are not given back
PREFIX = "__rag_"


def unused(name: str) -> str:
    """The name of a column of our own."""
    return PREFIX + name


def out(name: str) -> str:
    """The name of an added column until it is given back: the frame may have one of that name."""
    return unused(f"out_{name}")


@frozen
class SmallTable:
    """Columns to be looked up by number, or by text.

    Attributes:
        columns: by the name under which they come out; texts, floats, or whole numbers.
        keys: the text of each row, where rows are known by a text; the one row more at the end is for any other.
    """

    columns: Mapping[str, Column]
    keys: tuple[str, ...] | None = None
    texts: frozenset[str] = field(factory=frozenset)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @classmethod
    def of(
        cls, numbers: Mapping[str, Column], texts: Mapping[str, Column] | None = None, keys: Sequence[str] | None = None
    ) -> SmallTable:
        """A table of columns of numbers and of texts, None being null in either."""
        named = {} if texts is None else dict(texts)
        return cls({**numbers, **named}, None if keys is None else tuple(keys), frozenset(named))


class Engine(Protocol):
    """What rating asks of an engine beside expressions."""

    @property
    def name(self) -> str: ...
    @property
    def is_lazy(self) -> bool:
        """Whether nothing is computed until somebody collects."""
        ...

    def begin(self, frame: Frame) -> Frame:
        """The frame to work on."""
        ...

    def look_up(self, frame: Frame, key: str, table: SmallTable) -> Frame:
        """The frame with the table's columns, found by the column ``key``: a row number, or a text."""
        ...

    def join(self, frame: Frame, other: Frame, on: Sequence[str]) -> Frame:
        """The frame's rows with the columns of the one row of the other that agrees, or none."""
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


@frozen
class PolarsEngine:
    """Polars, eager and lazy: every look-up is an expression, so rows keep their order and plans stay lazy."""

    is_lazy: bool
    _polars: Any
    name: str = "polars"

    def begin(self, frame: Frame) -> Frame:
        return frame.lazy()

    def look_up(self, frame: Frame, key: str, table: SmallTable) -> Frame:
        pl = self._polars
        native = frame.to_native()
        number = pl.col(key)
        if table.keys is not None:
            number = self._number(native, key, table.keys)
        found = [
            pl.lit(pl.Series(name, values, pl.String if name in table.texts else None)).gather(number).alias(name)
            for name, values in table.columns.items()
        ]
        return nw.from_native(native.with_columns(found))

    def _number(self, native: Any, key: str, keys: tuple[str, ...]) -> Any:
        """The row number of a text; an Enum's texts are looked up once, not row by row."""
        pl = self._polars
        column, kind = pl.col(key), native.collect_schema()[key]
        if isinstance(kind, pl.Enum):
            known = {text: n for n, text in enumerate(keys)}
            rows = [known.get(text, len(keys)) for text in kind.categories]
            return pl.lit(pl.Series(rows, dtype=pl.UInt32)).gather(column.to_physical()).fill_null(len(keys))
        if kind != pl.String:
            column = column.cast(pl.String)
        return column.replace_strict(list(keys), list(range(len(keys))), default=len(keys), return_dtype=pl.UInt32)

    def join(self, frame: Frame, other: Frame, on: Sequence[str]) -> Frame:
        left, right = frame.to_native(), other.to_native()
        return nw.from_native(left.join(right, on=list(on), how="left", maintain_order="left", nulls_equal=True))

    def end(self, frame: Frame) -> Frame:
        return frame if self.is_lazy or not isinstance(frame, nw.LazyFrame) else frame.collect()


@frozen
class ArrayEngine:
    """pandas and pyarrow: look-ups take from arrays by number; texts come back coded (categorical, dictionary)."""

    name: str
    _pandas: bool
    is_lazy: bool = False

    def begin(self, frame: Frame) -> Frame:
        return frame

    def look_up(self, frame: Frame, key: str, table: SmallTable) -> Frame:
        assert isinstance(frame, nw.DataFrame)
        if table.keys is None:
            numbers = frame[key].to_numpy()
        else:
            numbers = self._numbers(frame[key], table.keys)
        made = {name: self._taken(frame, name, values, numbers, table) for name, values in table.columns.items()}
        return frame.with_columns(**made)

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
            made = np.array([np.nan if value is None else value for value in values])[numbers]
            if self._pandas or None not in values:
                return nw.new_series(name, made, backend=frame.implementation)
            import pyarrow as pa

            return nw.from_native(pa.chunked_array([pa.array(made, mask=np.isnan(made))]), series_only=True)
        texts = list(dict.fromkeys(value for value in values if value is not None))
        known = {text: n for n, text in enumerate(texts)}
        codes = np.array([-1 if value is None else known[value] for value in values], dtype=np.int32)[numbers]
        if self._pandas:
            import pandas as pd

            coded = pd.Series(pd.Categorical.from_codes(codes, categories=texts), index=frame.to_native().index)
            return nw.from_native(coded, series_only=True)
        import pyarrow as pa

        coded = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(texts, pa.string()))
        return nw.from_native(pa.chunked_array([coded]), series_only=True)

    def join(self, frame: Frame, other: Frame, on: Sequence[str]) -> Frame:
        assert isinstance(frame, nw.DataFrame) and isinstance(other, nw.DataFrame)
        row = unused("row")
        joined = frame.with_row_index(row).join(other, on=list(on), how="left").sort(row).drop(row)
        if self._pandas:
            native = joined.to_native()
            native.index = frame.to_native().index
            return nw.from_native(native, eager_only=True)
        return joined

    def end(self, frame: Frame) -> Frame:
        return frame


@frozen
class JoinEngine:
    """Engines that run elsewhere (DuckDB, Dask, Spark, Ibis): a look-up is a join with a small table."""

    name: str
    is_lazy: bool = True

    def begin(self, frame: Frame) -> Frame:
        return frame

    def look_up(self, frame: Frame, key: str, table: SmallTable) -> Frame:
        column = unused("key")
        keys: Column = range(len(table)) if table.keys is None else table.keys
        rows = {name: values[: len(keys)] for name, values in table.columns.items()}
        small = self._small(
            frame, {column: keys, **rows}, table.texts | ({column} if table.keys is not None else set())
        )
        joined = frame.join(small, left_on=key, right_on=column, how="left")
        if table.keys is None or len(table) == len(keys):
            return joined
        others = {name: values[-1] for name, values in table.columns.items() if values[-1] is not None}
        if not others:
            return joined
        return joined.with_columns(**{name: nw.col(name).fill_null(nw.lit(value)) for name, value in others.items()})

    def _small(self, frame: Frame, columns: Mapping[str, Column], texts: frozenset[str]) -> Frame:
        schema = {name: _dtype(values, name in texts) for name, values in columns.items()}
        lists = {name: list(values) for name, values in columns.items()}
        kind = frame.implementation
        if kind.is_duckdb():
            return nw.from_native(_duckdb_values(frame.to_native(), lists, schema))
        small = nw.from_dict(lists, schema=schema, backend="pyarrow")
        if kind.is_pyspark():
            return small.lazy(kind, session=frame.to_native().sparkSession)
        return small.lazy(kind)

    def join(self, frame: Frame, other: Frame, on: Sequence[str]) -> Frame:
        return frame.join(other, on=list(on), how="left")

    def end(self, frame: Frame) -> Frame:
        return frame


def _dtype(values: Column, text: bool) -> Any:
    if text:
        return nw.String
    return nw.Float64 if any(isinstance(value, float) for value in values) else nw.Int64


_DUCKDB_TYPES = {nw.String: "VARCHAR", nw.Float64: "DOUBLE", nw.Int64: "BIGINT"}


def _duckdb_values(relation: Any, columns: Mapping[str, list[Any]], schema: Mapping[str, Any]) -> Any:
    """A small table on the relation's own connection, whichever that is: a relation of another cannot be joined."""
    casts = ", ".join(f'"{name}"::{_DUCKDB_TYPES[kind]} AS "{name}"' for name, kind in schema.items())
    values = ", ".join(f"({', '.join(map(_literal, row))})" for row in zip(*columns.values(), strict=True))
    names = ", ".join(f'"{name}"' for name in columns)
    return relation.query(unused("frame"), f"SELECT {casts} FROM (VALUES {values}) AS t({names})")


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case float() if value in (float("inf"), float("-inf")):
            return f"'{value}'::DOUBLE"
        case float():
            return f"'{value!r}'::DOUBLE"
        case _:
            return str(value)
