"""Small tables written into a query of DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from .small_table import Column

__all__ = ["dtype_of", "duckdb_values"]


def dtype_of(values: Column, text: bool) -> Any:
    """The type of a small table's column."""
    if text:
        return nw.String
    return nw.Float64 if any(isinstance(value, float) for value in values) else nw.Int64


_DUCKDB_TYPES = {nw.String: "VARCHAR", nw.Float64: "DOUBLE", nw.Int64: "BIGINT"}


def duckdb_values(
    relation: Any,
    name: str,
    columns: Mapping[str, list[Any]],
    schema: Mapping[str, Any],
    orders: Mapping[str, tuple[str, ...]],
) -> Any:
    """A small table on the relation's own connection, whichever that is: a relation of another cannot be joined.

    ``name`` is free for the relation meanwhile. Texts that have an order are an ENUM, as they are one in Polars.
    """
    types = {name: _DUCKDB_TYPES[kind] for name, kind in schema.items()}
    types |= {name: f"ENUM ({', '.join(map(_literal, order))})" for name, order in orders.items()}
    casts = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in types.items())
    # SQL has no VALUES without a row
    rows = list(zip(*columns.values(), strict=True)) or [(None,) * len(columns)]
    values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    names = ", ".join(f'"{name}"' for name in columns)
    none = "" if any(columns.values()) else " WHERE FALSE"
    return relation.query(name, f"SELECT {casts} FROM (VALUES {values}) AS t({names}){none}")


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
