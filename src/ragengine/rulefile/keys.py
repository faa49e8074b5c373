"""What a key of a rule file is, and how a table of them reads a TOML table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any

from attrs import frozen

from ..period import APRIL, Calendar
from ..toml.positions import Path
from . import shapes as s
from .faults import Faults, Wrong
from .values import day, flag, one_of, text_value, title_value, unknown_keys, whole

__all__ = [
    "Context", "Key", "Keys", "Role", "choice_key", "day_key", "flag_key", "read_table", "text_key", "title_key",
    "whole_key",
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
    context: Context,
    faults: Faults,
    file: str,
    path: Path,
    beside: Collection[str] = (),
) -> dict[str, Any]:
    """The fields of a table; every key that cannot be used, or that nothing reads, is a fault.

    ``beside`` are the tables of the file, one of which may have been written into this one.
    """
    fields: dict[str, Any] = {}
    for name, value in raw.items():
        key = keys.get(name)
        if key is None and name in NOT_YET:
            said = f"{name} does nothing in this version"
            faults.add(file, (*path, name), "RAG004", said, "leave it out until it does", at_key=True)
            continue
        if key is None:
            hint = _place_of(name, value, path) if name in beside else unknown_keys([name], keys)[0][1]
            faults.add(file, (*path, name), "RAG004", f"unknown key {name!r}", hint, at_key=True)
            continue
        try:
            if key.read is not None:
                fields[key.field] = key.read(value)
            elif key.weigh is not None:
                fields[key.field] = key.weigh(value, context)
        except Wrong as wrong:
            faults.add_wrong(file, (*path, name), wrong)
    return fields


def _place_of(name: str, value: Any, path: Path) -> str:
    """Where a table stands that was written into another."""
    own = ".".join(str(part) for part in path)
    first = next(iter(value), "") if isinstance(value, Mapping) and name in _BY_ID else ""
    meant = f"{name}.{first}" if first else name
    return f"{name} stands beside [{own}], not in it: write [{meant}]"
