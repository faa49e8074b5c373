"""The rows of a scorecard as people open them in a table: areas first, then KPIs and actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from ..errors import BadArgument, MissingExtra
from .card import Card

__all__ = ["COLUMNS", "NUMBERS", "card_frame", "card_rows"]

COLUMNS = (
    "area", "id", "kind", "entity", "title", "period", "value", "target", "shortfall", "previous", "computed",
    "adjusted", "rag", "reason", "movement", "cause", "score", "lower", "upper",
)  # fmt: skip
#: columns of exact numbers, as texts; None where there is none
NUMBERS = ("value", "target", "shortfall", "score", "lower", "upper")

_NO_INTERVAL = {"lower": None, "upper": None}


def card_rows(card: Card) -> Iterator[tuple[str | None, ...]]:
    """A row of :data:`COLUMNS` for each area, KPI and action; a text that says nothing is empty."""
    for area in card.areas.values():
        movement = area.movement
        yield (
            area.id, area.id, "area", area.entity or "", area.title, str(area.period), None, None, None,
            str(area.previous or ""), str(area.computed), str(area.adjusted), str(area.rag), str(area.reason or ""),
            str(movement or ""), str(movement.cause or "") if movement else "",
            None if area.score is None else str(area.score), None, None,
        )  # fmt: skip
    for rating in card.ratings.values():
        told = rating.to_dict() | {"id": rating.id, "area": rating.id.partition(".")[0]}
        told |= told["interval"] or _NO_INTERVAL
        yield tuple(told[name] for name in COLUMNS)


def card_frame(card: Card, kind: str) -> Any:
    """The rows as a frame of Polars, pandas or pyarrow: numbers as floats, null where there is nothing.

    Of a range the target is the end that is missed, or the nearer one. Raises BadArgument for another kind,
    MissingExtra where its library is not installed.
    """
    maker = _MAKERS.get(kind) if isinstance(kind, str) else None
    if maker is None:
        raise BadArgument("kind", kind, f"it is one of {', '.join(_MAKERS)}")
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in card_rows(card)]
    columns: dict[str, list[Any]] = {
        name: [_number(row, name) for row in rows] if name in NUMBERS else [row[name] or None for row in rows]
        for name in COLUMNS
    }
    return maker(columns)


def _number(row: dict[str, str | None], name: str) -> float | None:
    written = row[name]
    if written is None:
        return None
    low, _, high = written.partition(" to ")
    if not high:
        return float(Fraction(written))
    if row["value"] is None:
        return None
    least, most, value = Fraction(low), Fraction(high), Fraction(row["value"])
    return float(least if least - value >= value - most else most)


def _polars(columns: dict[str, list[Any]]) -> Any:
    try:
        import polars
    except ImportError as missing:
        raise MissingExtra("to_frame", "polars", "frames") from missing
    types = {name: polars.Float64 if name in NUMBERS else polars.String for name in COLUMNS}
    return polars.DataFrame(columns, schema=types)


def _pandas(columns: dict[str, list[Any]]) -> Any:
    try:
        import pandas
    except ImportError as missing:
        raise MissingExtra("to_frame", "pandas", "engines") from missing
    types = {name: "float64" if name in NUMBERS else "object" for name in COLUMNS}
    return pandas.DataFrame({name: pandas.Series(cells, dtype=types[name]) for name, cells in columns.items()})


def _pyarrow(columns: dict[str, list[Any]]) -> Any:
    try:
        import pyarrow
    except ImportError as missing:
        raise MissingExtra("to_frame", "pyarrow", "frames") from missing
    types = {name: pyarrow.float64() if name in NUMBERS else pyarrow.string() for name in COLUMNS}
    return pyarrow.table({name: pyarrow.array(cells, types[name]) for name, cells in columns.items()})


_MAKERS: dict[str, Callable[[dict[str, list[Any]]], Any]] = {"polars": _polars, "pandas": _pandas, "pyarrow": _pyarrow}
