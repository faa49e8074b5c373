"""What an id names: the file, the key path in it, and what the loader knows of the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from ...display import all_meant
from ...errors import BadArgument, UnknownId
from ...rulefile.editions import Documents
from ...rulefile.faults import near
from ...rulefile.fields import ACTION, AREA, BOOK, BUDGET, CHECK, ENTITY, GRACE, KPI, ROLLUP
from ...rulefile.keys import Key, Keys

__all__ = ["Edited", "edited_subject"]

_PART = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."]+)')
_SHAPE = 'write area.kpi.key, area.key, book.key, grace.name.key or rollup.key; a part with a dot in it in "…"'
_BOOK_TABLES: dict[str, Keys] = {"book": BOOK, "rollup": ROLLUP}


@frozen
class Edited:
    """One value of a rulebook.

    Attributes:
        path: from the top of the file to the value.
        key: what the loader knows of it; None for what stands within a value.
        inherits: path of what holds where this is not written: an entity's KPI has it.
    """

    id: str
    file: str
    path: tuple[str, ...]
    key: Key | None
    inherits: tuple[str, ...] = ()


def edited_subject(documents: Documents, given: str) -> Edited:
    """What an id names; raises UnknownId or BadArgument, with what looks like it."""
    parts = _parts(given)
    first, rest = parts[0], parts[1:]
    if first in _BOOK_TABLES:
        return _in_table(given, "book.toml", (first,), _BOOK_TABLES[first], rest)
    if first == "grace":
        graces = _table(documents.get("book.toml", {}), "grace")
        if not rest or rest[0] not in graces:
            raise UnknownId("grace", rest[0] if rest else "", _alike(rest[0] if rest else "", graces))
        return _in_table(given, "book.toml", ("grace", rest[0]), GRACE, rest[1:])
    document = documents.get(f"{first}.toml")
    if document is None or first == "book":
        areas = [name.removesuffix(".toml") for name in documents if name != "book.toml"]
        raise UnknownId("area", first, _alike(first, [*areas, "book", "grace", "rollup"]))
    return _in_area(given, f"{first}.toml", document, rest)


def _in_area(given: str, file: str, document: Mapping[str, Any], rest: tuple[str, ...]) -> Edited:
    if not rest:
        raise BadArgument("ID", given, f"it names no key; {_SHAPE}")
    kpis, actions = _table(document, "kpi"), _table(document, "action")
    if rest[0] in kpis:
        return _in_table(given, file, ("kpi", rest[0]), KPI, rest[1:])
    if rest[0] in actions:
        return _in_table(given, file, ("action", rest[0]), ACTION, rest[1:])
    if rest[0] == "rollup":
        return _in_table(given, file, ("rollup",), ROLLUP, rest[1:])
    if rest[0] in AREA:
        return _in_table(given, file, ("area",), AREA, rest)
    raise UnknownId("KPI, action or key of the area", rest[0], _alike(rest[0], [*kpis, *actions, *AREA, "rollup"]))


def _in_table(given: str, file: str, table: tuple[str, ...], keys: Keys, rest: tuple[str, ...]) -> Edited:
    if not rest:
        raise BadArgument("ID", given, f"it names no key; the keys here are {', '.join(keys)}")
    key = keys.get(rest[0])
    if key is None:
        hint = near(rest[0], keys) or f"known here: {', '.join(keys)}"
        raise BadArgument("ID", given, f"there is no key {rest[0]!r}; {hint}")
    path = (*table, rest[0])
    inner = _inner(keys, rest[0])
    if len(rest) == 1 or inner is None:
        return Edited(given, file, (*table, *rest), key if len(rest) == 1 else None)
    depth, below = inner
    if len(rest) <= depth:
        return Edited(given, file, (*table, *rest), None)
    found = _in_table(given, file, (*path, *rest[1:depth]), below, rest[depth:])
    if below is not ENTITY:
        return found
    return Edited(given, file, found.path, found.key, (*table, *rest[depth:]))


def _inner(keys: Keys, name: str) -> tuple[int, Keys] | None:
    """How many parts lead from a key to the tables within it, and the keys of those."""
    if keys is KPI and name == "entities":
        return 2, ENTITY
    if keys is BOOK and name in ("checks", "grace_budget"):
        return (2, CHECK) if name == "checks" else (1, BUDGET)
    return None


def _parts(given: str) -> tuple[str, ...]:
    parts: list[str] = []
    at = 0
    while match := _PART.match(given, at):
        parts.append(re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2])
        at = match.end()
        if at == len(given):
            return tuple(parts)
        if given[at] != ".":
            break
        at += 1
    raise BadArgument("ID", given, _SHAPE)


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def _alike(given: str, known: Mapping[str, Any] | list[str]) -> tuple[str, ...]:
    return all_meant(given, known, 2) or tuple([name for name in known if given and given in name][:3])
