"""The entrance of the frames: what is given is a frame, with columns that can be asked for and read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw
from narwhals.exceptions import NarwhalsError

from ..book import Rulebook
from ..errors import BadArgument
from .engines import Frame

__all__ = ["a_rulebook", "as_printed", "entered"]

_A_FRAME = "give a frame of Polars, pandas, pyarrow, DuckDB, Dask, Spark or Ibis"
_IDS = ("kpi", "action")
#: no cell of a file is one of these
_NO_CELLS = (nw.List, nw.Array, nw.Struct, nw.Duration, nw.Time)


def a_rulebook(given: object) -> Rulebook:
    """The rulebook that stands second in every call; raises BadArgument where something else does."""
    if not isinstance(given, Rulebook):
        raise BadArgument("book", type(given).__name__, "give a Rulebook, as ragengine.load makes it, after the frame")
    return given


def entered(argument: str, given: Any, reads: Iterable[str] = (), wanted: str = _A_FRAME) -> Frame:
    """A frame as narwhals takes it; ``reads`` are the columns that its engine will be asked for.

    ``wanted`` says what else will do, where it is no frame.

    Raises BadArgument for what is no frame, for a column whose name is no text or stands twice, and for one of a kind
    that its engine cannot read as the cells of that column.
    """
    names = _native_names(given)
    for name in names:
        if not isinstance(name, str):
            raise BadArgument(argument, name, "the name of a column is a text: rename it")
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise BadArgument(argument, twice[0], "two columns have this name: rename or drop one of them")
    try:
        frame: Frame = nw.from_native(given)
    except TypeError:
        raise BadArgument(argument, type(given).__name__, wanted) from None
    try:
        schema = frame.collect_schema()
    except NarwhalsError as wrong:
        # a plan whose columns nobody can tell, two of one name among them
        raise BadArgument(argument, type(given).__name__, f"its columns cannot be told: {wrong}") from wrong
    for name, kind in schema.items():
        if kind == nw.Object and frame.implementation.is_polars():
            raise BadArgument(argument, name, "Polars cannot read a column of Python objects: cast or drop it")
    for name in reads:
        instead = _wanted_instead(frame, name, schema[name]) if name in schema else ""
        if instead:
            raise BadArgument(argument, f"{name} ({schema[name]})", instead)
    return frame


def as_printed(frame: Frame, names: Iterable[str] | None = None) -> Frame:
    """The frame with its floats of 32 bits as those of 64 that print alike: 15.1, and not 15.100000381469727.

    ``names`` are the columns that are looked at, all where it is None.
    """
    narrow = {name for name, kind in frame.collect_schema().items() if kind == nw.Float32}
    made = {
        name: nw.col(name).cast(nw.String).cast(nw.Float64) for name in narrow & {*(narrow if names is None else names)}
    }
    return frame.with_columns(**made) if made else frame


def _native_names(given: Any) -> list[Any]:
    """The names of the columns as they stand, where they can be had without running anything."""
    names = getattr(given, "column_names", None)
    if names is None and not hasattr(given, "collect_schema"):
        names = getattr(given, "columns", None)
    return list(names) if isinstance(names, Iterable) else []


def _wanted_instead(frame: Frame, name: str, kind: Any) -> str:
    """What a column of this kind must become, empty where it will do."""
    if name in _IDS:
        will_do = _is_text(kind) and not (kind == nw.Unknown and _holds_something(frame, name))
        return "" if will_do else "ids are texts: cast the column, or choose another"
    if name == "causes" and kind == nw.List:
        return "" if _is_text(kind.inner) else "causes are texts: covid; strike"
    if kind in _NO_CELLS:
        return "cast the column to texts or numbers"
    if name == "period" and kind == nw.Object and not _can_be_told_apart(frame, name):
        return "periods are texts, dates or pandas Periods"
    return ""


def _is_text(kind: Any) -> bool:
    """Whether a column holds texts, or nothing at all: such a one has no kind of its own."""
    return kind in (nw.String, nw.Categorical, nw.Enum, nw.Unknown) or isinstance(kind, nw.Enum)


def _holds_something(frame: Frame, name: str) -> bool:
    return isinstance(frame, nw.DataFrame) and not frame[name].is_null().all()


def _can_be_told_apart(frame: Frame, name: str) -> bool:
    """Whether the Python objects of a column are equal or not, as lists and mappings of any content are not."""
    if not isinstance(frame, nw.DataFrame):
        return True
    try:
        hash(tuple(frame[name].to_list()))
    except TypeError:
        return False
    return True
