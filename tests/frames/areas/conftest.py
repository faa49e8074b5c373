"""The kinds of frames that these tests run on, each skipped where it is not installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from attrs import frozen

pytest.importorskip("narwhals", reason='frames need narwhals: pip install "ragengine[frames]"')

KINDS = ("polars", "polars lazy", "pandas", "pyarrow", "duckdb", "dask", "pyspark")
_MODULES = {"polars lazy": "polars", "dask": "dask.dataframe"}

Rows = Sequence[Mapping[str, Any]]


@frozen
class Kind:
    """One kind of frames: how rows become one, and one becomes rows."""

    name: str
    _made: Callable[[Rows, Mapping[str, str]], Any]

    def frame(self, rows: Rows, columns: Mapping[str, str]) -> Any:
        """A frame of these columns, each ``text``, ``number`` or ``date``; None is null."""
        return self._made(rows, columns)

    def rows(self, frame: Any) -> list[dict[str, Any]]:
        """The rows of a frame, with None for what its engine prints for nothing."""
        import narwhals.stable.v2 as nw

        made = nw.from_native(frame)
        found = made.collect() if isinstance(made, nw.LazyFrame) else made
        return [
            {name: None if str(value) in ("None", "nan", "<NA>") else value for name, value in row.items()}
            for row in found.iter_rows(named=True)
        ]

    def is_same_kind(self, frame: Any) -> bool:
        """Whether a frame is of this kind."""
        return type(frame) is type(self.frame([{"a": "x"}], {"a": "text"}))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets narwhals announce that Dask will need a package of its own."""
    for item in items:
        if "[dask" in item.name:
            item.add_marker(pytest.mark.filterwarnings("ignore:Dask support:FutureWarning"))


@pytest.fixture(scope="session", params=KINDS)
def engine(request: pytest.FixtureRequest) -> Kind:
    """Every kind of frame in turn."""
    return kind(request.param)


@pytest.fixture(scope="session")
def polars() -> Kind:
    """Polars, where one kind says enough."""
    return kind("polars")


def kind(name: str) -> Kind:
    """A kind by name, or a skip with the reason."""
    if name == "pyspark" and not os.environ.get("RAGENGINE_SPARK"):
        pytest.skip("Spark takes a minute to start: set RAGENGINE_SPARK=1")
    for module in (_MODULES.get(name, name), "pyarrow"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    return Kind(name, _MAKERS[name])


def _arrow(rows: Rows, columns: Mapping[str, str]) -> Any:
    import pyarrow as pa

    types = {"text": pa.string(), "number": pa.float64(), "date": pa.date32()}
    return pa.table({name: pa.array([row.get(name) for row in rows], types[of]) for name, of in columns.items()})


def _polars(rows: Rows, columns: Mapping[str, str]) -> Any:
    import polars as pl

    return pl.from_arrow(_arrow(rows, columns))


def _duckdb(rows: Rows, columns: Mapping[str, str]) -> Any:
    import duckdb

    return duckdb.connect().from_arrow(_arrow(rows, columns))


def _dask(rows: Rows, columns: Mapping[str, str]) -> Any:
    import dask.dataframe as dd

    return dd.from_pandas(_arrow(rows, columns).to_pandas(), npartitions=2)


_spark_session: list[Any] = []


def _spark(rows: Rows, columns: Mapping[str, str]) -> Any:
    if not _spark_session:
        from pyspark.sql import SparkSession

        made = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        _spark_session.append(made.config("spark.sql.shuffle.partitions", "2").getOrCreate())
    types = {"text": "string", "number": "double", "date": "date"}
    schema = ", ".join(f"`{name}` {types[of]}" for name, of in columns.items())
    return _spark_session[0].createDataFrame([[row.get(name) for name in columns] for row in rows], schema)


_MAKERS: dict[str, Callable[[Rows, Mapping[str, str]], Any]] = {
    "polars": _polars,
    "polars lazy": lambda rows, columns: _polars(rows, columns).lazy(),
    "pandas": lambda rows, columns: _arrow(rows, columns).to_pandas(),
    "pyarrow": _arrow,
    "duckdb": _duckdb,
    "dask": _dask,
    "pyspark": _spark,
}
