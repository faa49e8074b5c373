"""What a key of a rule file is, and how a table of them reads a TOML table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any

from attrs import frozen

from ..period import APRIL, Calendar
from ..problem import shorten
from ..toml.positions import Path
from . import shapes as s
from .faults import Faults, Wrong, meant
from .values import day, flag, key_hint, one_of, text_value, title_value, whole

__all__ = [
    "Context", "Key", "Keys", "Role", "as_meant", "choice_key", "day_key", "flag_key", "read_table", "text_key",
    "title_key", "whole_key",
]  # fmt: skip


class Context:
    """What a reader may need beside its value: the whole table, and how the book reads dates."""

    __slots__ = ("calendar", "raw")

    def __init__(self, raw: Mapping[str, Any], calendar: Calendar = APRIL) -> None:
        self.raw = raw
        self.calendar = calendar


class Role(Enum):
    """What a key is to its rule: who compares, explains or changes rules asks for those with a role."""

    #: read by people; nothing is rated by it
    WORDING = "wording"
    #: makes the table
    TABLE = "table"
    #: the same, and another notation may mean the same
    NOTATION = "notation"
    #: makes another value of the same numbers
    VALUE = "value"
    #: any other part of the rule: what a key is unless it says otherwise
    RULE = "rule"
    #: how it counts in its area
    ROLLUP = "roll-up"
    #: its cases
    TESTS = "tests"


@frozen
class Key:
    """A key of a table.

    Attributes:
        about: what it means, as an editor shows it.
        shape: what its value looks like.
        field: the field of the model that it fills; empty where it is read with more than its table at hand.
        read: what reads its value, if it fills a field.
        weigh: the same for what is read by more than its value.
        required: whether the table cannot do without it.
        dated: whether its field may hold another value from a date on.
    """

    about: str
    shape: s.Shape
    field: str = ""
    read: Callable[[Any], Any] | None = None
    required: bool = False
    weigh: Callable[[Any, Context], Any] | None = None
    role: Role = Role.RULE
    dated: bool = False


Keys = Mapping[str, Key]

#: tables of tables, by id
_BY_ID = ("kpi", "action", "grace")
#: keys of the format that this version cannot honour: what does nothing is refused, and is no slip of the author's
NOT_YET = ("spc",)


def text_key(field: str, about: str, *, required: bool = False, role: Role = Role.WORDING) -> Key:
    return Key(about, s.TEXT, field, text_value, required, role=role)


def title_key(field: str, about: str, *, required: bool = True) -> Key:
    return Key(about, s.TITLE, field, title_value, required, role=Role.WORDING)


def day_key(field: str, about: str, *, required: bool = False, role: Role = Role.RULE) -> Key:
    return Key(about, s.DAY, field, day, required, role=role)


def flag_key(field: str, about: str, *, role: Role = Role.RULE) -> Key:
    return Key(about, s.FLAG, field, flag, role=role)


def whole_key(field: str, about: str, least: int, most: int, *, role: Role = Role.RULE) -> Key:
    return Key(about, s.whole_number(least, most), field, whole(least, most), role=role)


def choice_key(field: str, about: str, *words: str, required: bool = False, role: Role = Role.RULE) -> Key:
    return Key(about, s.choice(*words), field, one_of(*words), required, role=role)


def read_table(
    raw: Mapping[str, Any],
    keys: Keys,
    faults: Faults,
    file: str,
    path: Path,
    beside: Collection[str] = (),
    calendar: Calendar = APRIL,
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """A table as it is meant, and its fields; every key that cannot be used, or that nothing reads, is a fault.

    ``beside`` are the tables of the file, one of which may have been written into this one.
    """
    raw = as_meant(raw, keys, faults, file, path, beside)
    context = Context(raw, calendar)
    fields: dict[str, Any] = {}
    for name, value in raw.items():
        key = keys[name]
        try:
            if key.read is not None:
                fields[key.field] = key.read(value)
            elif key.weigh is not None:
                fields[key.field] = key.weigh(value, context)
        except Wrong as wrong:
            faults.add_wrong(file, (*path, name), wrong)
    return raw, fields


def as_meant(
    raw: Mapping[str, Any],
    keys: Collection[str],
    faults: Faults,
    file: str,
    path: Path,
    beside: Collection[str] = (),
    what: str = "key",
    otherwise: str = "",
) -> Mapping[str, Any]:
    """A table with known keys alone: each other one is a fault, and is read on as the key that it nearly spells.

    So a misspelt key is one fault, and not also a missing one. ``otherwise`` is the way out of a key that is near
    none.
    """
    # of every table of thousands of rules it is asked whether there is anything to do
    if raw.keys() <= (keys.keys() if isinstance(keys, dict) else frozenset(keys)):
        return raw
    made: dict[str, Any] = {}
    for name, value in raw.items():
        if name in keys:
            made[name] = value
            continue
        at = (*path, name)
        if name in NOT_YET:
            said = f"{name} does nothing in this version"
            faults.add(file, at, "RAG004", said, "leave it out until it does", at_key=True)
            continue
        nearly = "" if name in beside else meant(name, keys)
        hint = _place_of(name, value, path) if name in beside else key_hint(name, keys, otherwise)
        faults.add(file, at, "RAG004", f"unknown {what} {shorten(name, 40)!r}", hint, at_key=True)
        if nearly and nearly not in raw and nearly not in made:
            made[nearly] = value
            faults.read_as(file, (*path, nearly), name)
    return made


def _place_of(name: str, value: Any, path: Path) -> str:
    """Where a table stands that was written into another."""
    own = ".".join(str(part) for part in path)
    first = next(iter(value), "") if isinstance(value, Mapping) and name in _BY_ID else ""
    meant = f"{name}.{first}" if first else name
    return f"{name} stands beside [{own}], not in it: write [{meant}]"
