"""Which keys each table of a rule file has, and what reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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


Reader = tuple[str, Callable[[Any, Context], Any]]


def _plain(read: Callable[[Any], Any]) -> Callable[[Any, Context], Any]:
    return lambda value, _: read(value)


def _target(value: Any, context: Context) -> Any:
    within = context.raw.get("direction") == Direction.WITHIN
    return dated(value, lambda one: target_value(one, within))


def _tolerance(value: Any, context: Context) -> Any:
    return dated(value, lambda one: tolerance_value(one, context.raw))


def _target_date(value: Any, context: Context) -> str:
    due_value(value, context.day_first)
    return str(value)


_DIRECTIONS = {str(direction): direction for direction in Direction}


def _missing(value: Any, _: Context) -> Missing:
    return Missing(one_of(*Missing)(value))


def _direction(value: Any, _: Context) -> Direction:
    known = _DIRECTIONS.get(value) if isinstance(value, str) else None
    return known if known is not None else Direction(one_of(*Direction)(value))


def _due(value: Any, context: Context) -> Any:
    return due_value(value, context.day_first)


_text = _plain(text_value)
_flag = _plain(flag)
_whole = whole

#: keys of documents that both KPIs and actions carry
_CARRIED: dict[str, Reader] = {
    "source": ("source", _text),
    "ref": ("ref", _text),
    "lead": ("lead", _text),
    "recommendation": ("recommendation", _text),
    "note": ("note", _text),
    "review_by": ("review_by", _plain(day)),
    "critical": ("critical", _flag),
    "weight": ("weight", _plain(weight_value)),
    "in_rollup": ("in_rollup", _flag),
    "requires_evidence": ("requires_evidence", _flag),
}

KPI: dict[str, Reader] = {
    "title": ("title", _plain(title_value)),
    "unit": ("unit", _text),
    "direction": ("direction", _direction),
    "target": ("target", _target),
    "tolerance": ("tolerance", _tolerance),
    "amber": ("amber", lambda value, _: dated(value, number)),
    "bands": ("bands", lambda value, _: dated(value, bands_value)),
    "met": ("met_beyond", lambda value, _: one_of("at or beyond target", "beyond target")(value) == "beyond target"),
    "words": ("words", _plain(ordered_words)),
    "decimals": ("decimals", _plain(_whole(0, 6))),
    "missing": ("missing", _missing),
    "max_age": ("max_age", _plain(duration)),
    "rated_from": ("rated_from", _plain(day)),
    "inputs": ("inputs", _plain(names)),
    "persistence": ("persistence", _plain(_whole(1, 24))),
    "basis": ("basis", _plain(one_of("stated", "derived", "assumed"))),
    "rationale": ("rationale", _text),
    "minimum_n": ("minimum_n", _plain(_whole(1, 10**9))),
    "confidence": ("confidence", _plain(number)),
    "suppress_below": ("suppress_below", _plain(_whole(1, 10**6))),
    "frequency": ("frequency", _text),
    "target_date": ("target_date", _target_date),
    **_CARRIED,
}
#: read with more than the table at hand
KPI_APART = ("formula", "grace", "entities", "examples")

ACTION: dict[str, Reader] = {
    "title": ("title", _plain(title_value)),
    "start": ("start", lambda value, context: due_value(value, context.day_first).day),
    "due": ("due", _due),
    "warning": ("warning", _plain(duration)),
    "tolerance": ("tolerance", _plain(duration)),
    "bands": ("bands", _plain(bands_value)),
    "complete": ("complete", _text),
    "on_time": ("on_time", _flag),
    **_CARRIED,
}
ACTION_APART = ("formula", "grace", "examples")

AREA: dict[str, Reader] = {
    "title": ("title", _plain(title_value)),
    "lead": ("lead", _text),
    "recommendation": ("recommendation", _text),
    "parent": ("parent", _text),
    "order": ("order", _plain(_whole(0, 10_000))),
    "note": ("note", _text),
}

BOOK: dict[str, Reader] = {
    "title": ("title", _plain(title_value)),
    "edition": ("edition", _text),
    "missing": ("missing", _missing),
    "max_age": ("max_age", _plain(duration)),
    "dates": ("day_first", lambda value, _: one_of("day first")(value) == "day first"),
    "extends": ("extends", _text),
    "remove": ("remove", _plain(texts)),
}
BOOK_APART = ("checks", "grace_budget")

LEVEL: dict[str, Reader] = {
    "id": ("id", _text),
    "label": ("label", _plain(title_value)),
    "symbol": ("symbol", _plain(title_value)),
    "colour": ("colour", _plain(colour)),
    "points": ("points", _plain(number)),
    "aliases": ("aliases", _plain(texts)),
}

GRACE: dict[str, Reader] = {
    "from": ("start", _plain(day)),
    "until": ("until", _plain(day)),
    "reason": ("reason", _plain(title_value)),
    "authority": ("authority", _plain(title_value)),
    "evidence": ("evidence", _text),
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
        try:
            fields[reader[0]] = reader[1](value, context)
        except Wrong as wrong:
            faults.add_wrong(file, (*path, key), wrong)
    return fields
