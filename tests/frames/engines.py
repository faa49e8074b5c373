"""The kinds of frame that are compared: how each is made of rows, and how it is read back."""

from __future__ import annotations

import importlib.util
import math
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import frozen

__all__ = ["ENGINES", "FAST", "ORDER", "PLAIN", "Engine", "Row", "spark_session"]

Row = Mapping[str, Any]

#: the column by which rows are told apart again, where an engine keeps no order
ORDER = "n"
#: set it to leave out the engines that take seconds to begin
WITHOUT_SLOW = "RAGENGINE_WITHOUT_SLOW_ENGINES"


@frozen
class Engine:
    """One kind of frame.

    Attributes:
        needs: the packages without which it is skipped.
        of_arrow: makes one of an Arrow table.
        rows: its rows as dictionaries.
        is_lazy: whether nothing is computed until somebody collects.
        nan_is_nothing: whether it prints NaN for a number that is not there.
        is_slow: whether it takes seconds to begin.
    """

    name: str
    needs: tuple[str, ...]
    of_arrow: Callable[[Any], Any]
    rows: Callable[[Any], list[dict[str, Any]]]
    is_lazy: bool = False
    nan_is_nothing: bool = False
    is_slow: bool = False

    def make(self, rows: Sequence[Row], types: Mapping[str, str]) -> Any:
        """A frame of these columns; ``types`` are Arrow's names, ``string`` where none is said."""
        return self.of_arrow(_arrow(rows, types))

    def back(self, frame: Any) -> list[dict[str, Any]]:
        """The rows in their first order, None for what is not there."""
        rows = [{name: _plain(cell) for name, cell in row.items()} for row in self.rows(frame)]
        return sorted(rows, key=lambda row: row[ORDER])

    def seen(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """The rows as this kind of frame holds them."""
        return [{name: self._held(cell) for name, cell in row.items()} for row in rows]

    def _held(self, cell: Any) -> Any:
        return None if self.nan_is_nothing and isinstance(cell, float) and math.isnan(cell) else cell

    @property
    def lacks(self) -> str:
        """Why it cannot be used here; empty where it can."""
        lacking = [name for name in self.needs if importlib.util.find_spec(name) is None]
        if lacking:
            return f"{', '.join(lacking)} is not installed"
        if self.name == "pyspark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
            return "Spark needs a Java"
        return f"{WITHOUT_SLOW} is set" if self.is_slow and os.environ.get(WITHOUT_SLOW) else ""


def _plain(cell: Any) -> Any:
    """A cell as Python has it."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(cell, "item") and not isinstance(cell, str):
        cell = cell.item()
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def _arrow(rows: Sequence[Row], types: Mapping[str, str]) -> Any:
    import pyarrow as pa

    kinds = {"date": pa.date32(), "datetime": pa.timestamp("us"), "flag": pa.bool_(), "whole": pa.int64()}
    kinds |= {"number": pa.float64(), "narrow": pa.float32(), "string": pa.string()}
    columns = {
        name: pa.array([row.get(name) for row in rows], kinds[types.get(name, "string")], from_pandas=False)
        for name in types
    }
    return pa.table({**columns, ORDER: pa.array(range(len(rows)), pa.int64())})


def _polars(table: Any) -> Any:
    import polars as pl

    return pl.from_arrow(table)


def _polars_enums(table: Any) -> Any:
    import polars as pl

    frame = pl.from_arrow(table)
    texts = [name for name in ("kpi", "entity", "period") if frame.schema.get(name) == pl.String]
    return frame.with_columns(pl.col(n).cast(pl.Enum(frame[n].drop_nulls().unique(maintain_order=True))) for n in texts)


def _pandas(table: Any) -> Any:
    return table.to_pandas()


def _pandas_objects(table: Any) -> Any:
    """Every column as Python objects, the way many frames come out of ``read_excel`` or a database."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(table[name].to_pylist(), dtype=object) for name in table.column_names})


def _pandas_categories(table: Any) -> Any:
    frame = table.to_pandas()
    for name in ("kpi", "entity", "period", "causes"):
        if name in frame and str(frame[name].dtype) in ("object", "str", "string"):
            frame[name] = frame[name].astype("category")
    return frame


def _pandas_nullable(table: Any) -> Any:
    return table.to_pandas().convert_dtypes()


def _pandas_arrow(table: Any) -> Any:
    import pandas as pd

    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _pyarrow_codes(table: Any) -> Any:
    import pyarrow as pa

    for at, name in enumerate(table.column_names):
        if name in ("kpi", "entity", "period") and pa.types.is_string(table[name].type):
            table = table.set_column(at, name, table[name].dictionary_encode())
    return table


def _duckdb(table: Any) -> Any:
    import duckdb

    return duckdb.from_arrow(table)


_OWN: list[Any] = []


def _duckdb_own(table: Any) -> Any:
    """A relation of a connection that is not the default one, kept open for the whole run."""
    import duckdb

    if not _OWN:
        _OWN.append(duckdb.connect())
    return _OWN[0].from_arrow(table)


def _dask(table: Any) -> Any:
    import dask.dataframe as dd

    return dd.from_pandas(table.to_pandas(), npartitions=2)


def _ibis(table: Any) -> Any:
    import ibis

    return ibis.memtable(table)


def _pyspark(table: Any) -> Any:
    from pyspark.sql import types as t

    session = spark_session()
    kinds = {
        "string": t.StringType(), "double": t.DoubleType(), "float": t.FloatType(), "int64": t.LongType(),
        "bool": t.BooleanType(), "date32[day]": t.DateType(), "timestamp[us]": t.TimestampNTZType(),
    }  # fmt: skip
    decimals = {f"decimal128(38, {places})": t.DecimalType(38, places) for places in (15, 35)}
    schema = t.StructType([t.StructField(field.name, (kinds | decimals)[str(field.type)]) for field in table.schema])
    columns = [column.to_pylist() for column in table.columns]
    return session.createDataFrame(list(zip(*columns)), schema)


_SPARK: list[Any] = []


def spark_session() -> Any:
    """The one Spark of the run, local on two cores."""
    from pyspark.sql import SparkSession

    if not _SPARK:
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.log.level", "ERROR")
        builder = builder.config("spark.sql.session.timeZone", "UTC").config("spark.ui.showConsoleProgress", "false")
        _SPARK.append(builder.getOrCreate())
    return _SPARK[0]


def _of_polars(frame: Any) -> list[dict[str, Any]]:
    collected = frame.collect() if hasattr(frame, "collect") else frame
    return list(collected.to_dicts())


def _of_pandas(frame: Any) -> list[dict[str, Any]]:
    return list(frame.to_dict("records"))


def _of_arrow(table: Any) -> list[dict[str, Any]]:
    return list(table.to_pylist())


def _of_duckdb(relation: Any) -> list[dict[str, Any]]:
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


_POLARS, _PANDAS = ("polars", "pyarrow"), ("pandas", "pyarrow")

ENGINES = (
    Engine("polars", _POLARS, _polars, _of_polars),
    Engine("polars-lazy", _POLARS, lambda table: _polars(table).lazy(), _of_polars, is_lazy=True),
    Engine("polars-enums", _POLARS, _polars_enums, _of_polars),
    Engine("pandas", _PANDAS, _pandas, _of_pandas, nan_is_nothing=True),
    Engine("pandas-objects", _PANDAS, _pandas_objects, _of_pandas, nan_is_nothing=True),
    Engine("pandas-categories", _PANDAS, _pandas_categories, _of_pandas, nan_is_nothing=True),
    Engine("pandas-nullable", _PANDAS, _pandas_nullable, _of_pandas, nan_is_nothing=True),
    Engine("pandas-arrow", _PANDAS, _pandas_arrow, _of_pandas),
    Engine("pyarrow", ("pyarrow",), lambda table: table, _of_arrow),
    Engine("pyarrow-codes", ("pyarrow",), _pyarrow_codes, _of_arrow),
    Engine("duckdb", ("duckdb", "pyarrow"), _duckdb, _of_duckdb, is_lazy=True),
    Engine("duckdb-own", ("duckdb", "pyarrow"), _duckdb_own, _of_duckdb, is_lazy=True),
    Engine("dask", ("dask", "pandas", "pyarrow"), _dask, lambda frame: _of_pandas(frame.compute()), nan_is_nothing=True,
           is_lazy=True, is_slow=True),
    Engine("ibis", ("ibis", "duckdb", "pyarrow"), _ibis, lambda table: _of_arrow(table.to_pyarrow()), is_lazy=True,
           is_slow=True),
    Engine("pyspark", ("pyspark", "pyarrow"), _pyspark, lambda frame: [row.asDict() for row in frame.collect()],
           is_lazy=True, is_slow=True),
)  # fmt: skip

#: those that begin at once
FAST = tuple(engine for engine in ENGINES if not engine.is_slow)
#: of those, one for each engine
PLAIN = tuple(engine for engine in FAST if engine.name in ("polars", "polars-lazy", "pandas", "pyarrow", "duckdb"))
