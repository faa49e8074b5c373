"""Columns of Python objects, lists and huge integers, as the columns of texts that they are read as."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from ..data.door import causes_of, cell_text, evidence_of
from ..errors import BadArgument
from .cells import FrameColumns
from .engines import Frame, unused

__all__ = ["plain_columns"]

#: what pandas calls columns that need no other reading
_AS_THEY_ARE = ("string", "floating", "empty")
#: whole numbers up to it are floats too
_WHOLE = 2**53
_NOTHING = ("NAType", "NaTType")


def plain_columns(frame: Frame, columns: FrameColumns, names: Sequence[str]) -> tuple[Frame, FrameColumns]:
    """The frame with texts beside its columns of objects and lists of these names, and the columns that are read now.

    Raises BadArgument for causes that are none, and for lists in an engine that cannot be asked for their texts.
    """
    made: dict[str, Any] = {}
    for name in names:
        if name not in columns:
            continue
        if columns.kinds[name] == "list" and name == "causes":
            made[name] = _joined(frame)
        elif isinstance(frame, nw.DataFrame) and _holds_objects(frame, name):
            made[name] = _texts(frame, name, _READ.get(name, cell_text))
        elif isinstance(frame, nw.DataFrame) and _is_beyond_floats(frame[name]):
            made[name] = frame[name].cast(nw.String)
    if not made:
        return frame, columns
    instead = {name: unused(f"text_{name}") for name in made}
    added = {instead[name]: column for name, column in made.items()}
    if any(isinstance(column, nw.Series | nw.Expr) for column in added.values()):
        frame = frame.with_columns(**{n: c for n, c in added.items() if isinstance(c, nw.Series | nw.Expr)})
    for name, native in added.items():
        if not isinstance(native, nw.Series | nw.Expr):
            frame = nw.from_native(native(frame.to_native(), name))
    return frame, columns.reading(instead)


def _holds_objects(frame: nw.DataFrame[Any], name: str) -> bool:
    if not frame.implementation.is_pandas() or frame.schema[name] not in (nw.Object, nw.String):
        return False
    native = frame[name].to_native()
    if native.dtype != object:
        return False
    from pandas.api.types import infer_dtype

    return infer_dtype(native, skipna=True) not in _AS_THEY_ARE


def _is_beyond_floats(column: nw.Series[Any]) -> bool:
    """Whether a column of Arrow, which refuses to make floats of them, has integers that no float holds."""
    kind = column.implementation
    of_arrow = kind.is_pyarrow() or (kind.is_pandas() and hasattr(column.to_native().dtype, "pyarrow_dtype"))
    if not of_arrow or not column.dtype.is_integer():
        return False
    return any(abs(int(end)) > _WHOLE for end in (column.min(), column.max()) if not _is_nothing(end))


def _several(given: object) -> str:
    return "; ".join(sorted(causes_of(given)))


_READ: dict[str, Callable[[Any], str]] = {"causes": _several, "evidence": evidence_of}


def _texts(frame: nw.DataFrame[Any], name: str, read: Callable[[Any], str]) -> nw.Series[Any]:
    """A pandas column of objects as texts, None for what is not there."""
    import pandas as pd

    native = frame[name].to_native()
    cells = [None if _is_nothing(cell) else read(cell) for cell in native]
    return nw.from_native(pd.Series(cells, index=native.index, dtype=object), series_only=True)


def _is_nothing(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and cell != cell) or type(cell).__name__ in _NOTHING


def _joined(frame: Frame) -> Any:
    """The causes of a column of lists as one text each, by the engine's own means."""
    kind = frame.implementation
    if isinstance(frame, nw.DataFrame):
        texts = [None if cell is None else _several(list(cell)) for cell in frame["causes"].to_list()]
        return nw.new_series("causes", texts, nw.String, backend=kind)
    if kind.is_polars():
        import polars as pl

        return lambda native, name: native.with_columns(pl.col("causes").list.join("; ").alias(name))
    if kind.is_duckdb():
        return lambda native, name: native.project(f"*, array_to_string(causes, '; ') AS \"{name}\"")
    raise BadArgument("frame", "causes (list)", "write the causes as one text here: covid; strike")
