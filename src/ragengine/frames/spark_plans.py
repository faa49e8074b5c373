"""Look-ups and selections of Spark in a few words: each column that Python names is ten messages to its driver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from .small_table import Column, SmallTable
from .written_tables import dtype_of

__all__ = ["spark_columns", "spark_look_up"]

#: the name under which a small table keeps Spark's session and what that was sent; no column has it
_SENT = "\x1fspark"
#: stands between the texts of a column, and for none
_APART, _NOTHING = "\x1f", "\x1e"
#: characters of a table that is written in a plan rather than joined
_LONGEST = 100_000
#: ends the names of columns that are null for a row that is not found
_OR_NONE = "_or_none"


def spark_look_up(native: Any, key: str, table: SmallTable) -> Any:
    """The frame with the table's columns, found by the column ``key``: a row number, or a text."""
    if table.keys is None and _fits_in_words(table):
        return native.selectExpr(
            "*", *(f"{_by_number(key, values)} AS {_name(n)}" for n, values in table.columns.items())
        )
    others = _of_others(table)
    joined = native.join(_sent(native.sparkSession, key, table), on=[key], how="left")
    if not others:
        return joined
    filled = (
        f"coalesce({_name(name + _OR_NONE)}, {_literal(value)}) AS {_name(name)}" for name, value in others.items()
    )
    return joined.selectExpr("*", *filled)


def spark_columns(native: Any, columns: Mapping[str, str]) -> Any:
    """The frame's columns of these names, each under its new one: columns by new name."""
    return native.selectExpr(*(f"{_name(name)} AS {_name(new)}" for new, name in columns.items()))


def _fits_in_words(table: SmallTable) -> bool:
    """Whether its columns are texts that are short enough together to be written in a plan."""
    if table.columns.keys() != table.texts:
        return False
    written = "".join(value for values in table.columns.values() for value in values if value is not None)
    return len(written) < _LONGEST and _APART not in written and _NOTHING not in written


def _by_number(key: str, values: Column) -> str:
    """The text with a number, null where there is none: of a list that Spark makes once, of one literal."""
    written = _APART.join(_NOTHING if value is None else value for value in values)
    found = f"get(split({_literal(written)}, {_literal(_APART)}), {_name(key)})"
    return f"nullif({found}, {_literal(_NOTHING)})" if None in values else found


def _of_others(table: SmallTable) -> dict[str, Any]:
    """What a text finds that the table lacks, by column, where that is something."""
    if table.keys is None:
        return {}
    columns = {name: values[-1] for name, values in table.columns.items()}
    if table.number:
        columns[table.number] = len(table.keys)
    return {name: value for name, value in columns.items() if value is not None}


def _sent(session: Any, key: str, table: SmallTable) -> Any:
    """The table as a frame of Spark, sent once in a session."""
    last, sent = table.sent.get(_SENT, (None, {}))
    if last is not session:
        sent = {}
        table.sent[_SENT] = session, sent
    if key not in sent:
        sent[key] = _sent_now(session, key, table)
    return sent[key]


def _sent_now(session: Any, key: str, table: SmallTable) -> Any:
    keys: Column = range(len(table)) if table.keys is None else table.keys
    columns = {key: keys, **{name: values[: len(keys)] for name, values in table.columns.items()}}
    if table.number:
        columns[table.number] = range(len(keys))
    others, texts = _of_others(table), table.texts if table.keys is None else table.texts | {key}
    named = {name + _OR_NONE if name in others else name: name for name in columns}
    lists = {new: list(columns[name]) for new, name in named.items()}
    schema = {new: dtype_of(columns[name], name in texts) for new, name in named.items()}
    return nw.from_dict(lists, schema=schema, backend="pyarrow").lazy("pyspark", session=session).to_native()


def _name(column: str) -> str:
    return f"`{column.replace('`', '``')}`"


def _literal(value: float | str) -> str:
    """A number, or a text as its bytes: what a quote and a backslash mean depends on the session."""
    if isinstance(value, str):
        return f"CAST(X'{value.encode().hex()}' AS STRING)"
    return f"CAST('{value!r}' AS DOUBLE)" if isinstance(value, float) else str(value)
