"""The entrance of the frames: what is given is a frame, and its columns have names that can be asked for."""

from __future__ import annotations

from collections import Counter
from typing import Any

import narwhals.stable.v2 as nw
from narwhals.exceptions import NarwhalsError

from ..errors import BadArgument
from .engines import Frame

__all__ = ["entered"]

_A_FRAME = "give a frame of Polars, pandas, pyarrow, DuckDB, Dask, Spark or Ibis"


def entered(argument: str, given: Any) -> Frame:
    """A frame as narwhals takes it.

    Raises BadArgument for what is none, and for the column whose name is no text, stands twice, or whose cells Polars
    keeps as Python objects, which none of its expressions reads.
    """
    try:
        frame: Frame = nw.from_native(given)
    except TypeError:
        raise BadArgument(argument, type(given).__name__, _A_FRAME) from None
    for name in _native_names(given):
        if not isinstance(name, str):
            raise BadArgument(argument, name, "the name of a column is a text: rename it")
    twice = [name for name, times in Counter(_native_names(given)).items() if times > 1]
    if twice:
        raise BadArgument(argument, twice[0], "two columns have this name: rename or drop one of them")
    try:
        schema = frame.collect_schema()
    except NarwhalsError as wrong:
        # a plan whose columns nobody can tell, two of one name among them
        raise BadArgument(argument, type(given).__name__, f"its columns cannot be told: {wrong}") from wrong
    if frame.implementation.is_polars():
        for name, kind in schema.items():
            if kind == nw.Object:
                raise BadArgument(argument, name, "Polars cannot read a column of Python objects: cast or drop it")
    return frame


def _native_names(given: Any) -> list[Any]:
    """The names of the columns as they stand, where they can be had without running anything."""
    names = getattr(given, "column_names", None)
    if names is None and not hasattr(given, "collect_schema"):
        names = getattr(given, "columns", None)
    return [] if names is None or callable(names) else list(names)
