"""Small frames of our own making, on the engine of a frame that was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from .engines import Frame, unused

__all__ = ["like"]


def like(frame: Frame, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Any:
    """These columns as a native frame of the same kind, lazy where it is lazy, on the same connection or session."""
    kind = frame.implementation
    if isinstance(frame, nw.DataFrame):
        return nw.from_dict(columns, schema=schema, backend=kind).to_native()
    if kind.is_polars():
        return nw.from_dict(columns, schema=schema, backend="polars").lazy().to_native()
    made = nw.from_dict(columns, schema=schema, backend="pyarrow")
    if kind.is_duckdb():
        return _on_connection_of(frame.to_native(), made.to_native())
    if kind.is_pyspark():
        return made.lazy(kind, session=frame.to_native().sparkSession).to_native()
    return made.lazy(kind).to_native()


def _on_connection_of(relation: Any, made: Any) -> Any:
    """An Arrow table as a relation on the connection of another, whichever that is; DuckDB finds it by name."""
    return relation.query(unused("frame"), "SELECT * FROM made")
