"""Which keys each table of a rule file has, and what reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from ..terms import Direction, Missing
from .faults import Faults, Wrong
from .positions import Path
from .values import (
    bands_value,
    colour,
    dated,
    day,
    due_value,
    duration,
    flag,
    names,
    number,
    one_of,
    ordered_words,
    steady_target,
    steady_tolerance,
    target_value,
    text_value,
    texts,
    title_value,
    tolerance_value,
    unknown_keys,
    weight_value,
    whole,
)

__all__ = ["ACTION", "AREA", "BOOK", "GRACE", "KPI", "LEVEL", "Context", "Reader", "read_table"]


class Context:
    """What a reader may need beside its value: the whole table, and how the book writes dates."""

    __slots__ = ("day_first", "raw")

    def __init__(self, raw: Mapping[str, Any], day_first: bool) -> None:
        self.raw = raw
        self.day_first = day_first


@frozen
class WithContext:
    """A reader that looks at more than its value."""

    read: Callable[[Any, Context], Any]


#: the field a key fills, and what reads its value
Reader = tuple[str, Callable[[Any], Any] | WithContext]


def _target(value: Any, context: Context) -> Any:
    within = context.raw.get("direction") == Direction.WITHIN
    if type(value) is int and not within:
        return steady_target(value)
    return dated(value, lambda one: target_value(one, within))


def _tolerance(value: Any, context: Context) -> Any:
    unit = context.raw.get("unit", "")
    if type(value) is str and type(unit) is str:
        steady = steady_tolerance(value, unit)
        if steady is not None:
            return steady
    return dated(value, lambda one: tolerance_value(one, context.raw))


def _target_date(value: Any, context: Context) -> str:
    due_value(value, context.day_first)
    return str(value)


_DIRECTIONS = {str(direction): direction for direction in Direction}


def _missing(value: Any) -> Missing:
    return Missing(one_of(*Missing)(value))


def _direction(value: Any) -> Direction:
    known = _DIRECTIONS.get(value) if isinstance(value, str) else None
    return known if known is not None else Direction(one_of(*Direction)(value))


def _due(value: Any, context: Context) -> Any:
    return due_value(value, context.day_first)


#: keys of documents that both KPIs and actions carry
_CARRIED: dict[str, Reader] = {
    "source": ("source", text_value),
    "ref": ("ref", text_value),
    "lead": ("lead", text_value),
    "recommendation": ("recommendation", text_value),
    "note": ("note", text_value),
    "review_by": ("review_by", day),
    "critical": ("critical", flag),
    "weight": ("weight", weight_value),
    "in_rollup": ("in_rollup", flag),
    "requires_evidence": ("requires_evidence", flag),
}

KPI: dict[str, Reader] = {
    "title": ("title", title_value),
    "unit": ("unit", text_value),
    "direction": ("direction", _direction),
    "target": ("target", WithContext(_target)),
    "tolerance": ("tolerance", WithContext(_tolerance)),
    "amber": ("amber", lambda value: dated(value, number)),
    "bands": ("bands", lambda value: dated(value, bands_value)),
    "met": ("met_beyond", lambda value: one_of("at or beyond target", "beyond target")(value) == "beyond target"),
    "words": ("words", ordered_words),
    "decimals": ("decimals", whole(0, 6)),
    "missing": ("missing", _missing),
    "max_age": ("max_age", duration),
    "rated_from": ("rated_from", day),
    "inputs": ("inputs", names),
    "persistence": ("persistence", whole(1, 24)),
    "basis": ("basis", one_of("stated", "derived", "assumed")),
    "rationale": ("rationale", text_value),
    "minimum_n": ("minimum_n", whole(1, 10**9)),
    "confidence": ("confidence", number),
    "suppress_below": ("suppress_below", whole(1, 10**6)),
    "frequency": ("frequency", text_value),
    "target_date": ("target_date", WithContext(_target_date)),
    **_CARRIED,
}
#: read with more than the table at hand
KPI_APART = ("formula", "grace", "entities", "examples")

ACTION: dict[str, Reader] = {
    "title": ("title", title_value),
    "start": ("start", WithContext(lambda value, context: due_value(value, context.day_first).day)),
    "due": ("due", WithContext(_due)),
    "warning": ("warning", duration),
    "tolerance": ("tolerance", duration),
    "bands": ("bands", bands_value),
    "complete": ("complete", text_value),
    "on_time": ("on_time", flag),
    **_CARRIED,
}
ACTION_APART = ("formula", "grace", "examples")

AREA: dict[str, Reader] = {
    "title": ("title", title_value),
    "lead": ("lead", text_value),
    "recommendation": ("recommendation", text_value),
    "parent": ("parent", text_value),
    "order": ("order", whole(0, 10_000)),
    "note": ("note", text_value),
}

BOOK: dict[str, Reader] = {
    "title": ("title", title_value),
    "edition": ("edition", text_value),
    "missing": ("missing", _missing),
    "max_age": ("max_age", duration),
    "dates": ("day_first", lambda value: one_of("day first")(value) == "day first"),
    "extends": ("extends", text_value),
    "remove": ("remove", texts),
}
BOOK_APART = ("checks", "grace_budget")

LEVEL: dict[str, Reader] = {
    "id": ("id", text_value),
    "label": ("label", title_value),
    "symbol": ("symbol", title_value),
    "colour": ("colour", colour),
    "points": ("points", number),
    "aliases": ("aliases", texts),
}

GRACE: dict[str, Reader] = {
    "from": ("start", day),
    "until": ("until", day),
    "reason": ("reason", title_value),
    "authority": ("authority", title_value),
    "evidence": ("evidence", text_value),
}


def read_table(
    raw: Mapping[str, Any],
    readers: Mapping[str, Reader],
    apart: tuple[str, ...],
    context: Context,
    faults: Faults,
    file: str,
    path: Path,
) -> dict[str, Any]:
    """The fields of a table; every key that cannot be used, or that nothing reads, is a fault."""
    fields: dict[str, Any] = {}
    for key, value in raw.items():
        reader = readers.get(key)
        if reader is None:
            if key not in apart:
                hint = unknown_keys([key], (*readers, *apart))[0][1]
                faults.add(file, (*path, key), "RAG004", f"unknown key {key!r}", hint, at_key=True)
            continue
        field, read = reader
        try:
            fields[field] = read.read(value, context) if isinstance(read, WithContext) else read(value)
        except Wrong as wrong:
            faults.add_wrong(file, (*path, key), wrong)
    return fields
