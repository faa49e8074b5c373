"""Which keys of a KPI, an action or a grace say something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

from attrs import fields

from ...rating.certainty import confidence_text
from ...rulebook.action import Action
from ...rulebook.dated import ALWAYS, Dated
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...rulefile.fields import ACTION, AREA, BOOK, KPI
from ...rulefile.keys import Keys, Role
from .written import meaning, written

__all__ = [
    "ACTION_KEYS",
    "DATED_KEYS",
    "NOTATION",
    "NOT_COMPUTED",
    "TABLE_KEYS",
    "VALUE_KEYS",
    "action_details",
    "book_default",
    "grace_details",
    "grace_text",
    "has_one_rule",
    "is_of_book",
    "kpi_details",
    "only_reworded",
    "rates_alike",
    "said",
    "same",
]

_DAY = timedelta(days=1)


def _fields(keys: Keys, *roles: Role, dated: bool = False) -> tuple[str, ...]:
    """The fields that keys with these roles fill, in the order of the keys."""
    return tuple(key.field for key in keys.values() if key.role in roles and key.dated is dated and key.field)


#: keys that people read and nothing is rated by
_WORDING = tuple(dict.fromkeys(field for keys in (KPI, ACTION, AREA) for field in _fields(keys, Role.WORDING)))
#: keys that are told in a way of their own
_APART = ("graces", "entities", "examples")
#: keys of a KPI whose default stands in the book
_OF_BOOK = tuple(key for key in KPI if key in BOOK and KPI[key].role is Role.RULE)
#: keys of a KPI with one value
_KPI_KEYS = tuple(
    field for field in _fields(KPI, Role.TABLE, Role.VALUE, Role.RULE, Role.ROLLUP) if field not in (*_OF_BOOK, *_APART)
)
#: keys of a KPI whose values may have dates
DATED_KEYS = _fields(KPI, Role.TABLE, Role.NOTATION, dated=True)
#: two notations of one table mean the same: what these say is told where something is rated otherwise
NOTATION = (*_fields(KPI, Role.NOTATION, dated=True), *_fields(KPI, Role.NOTATION))
#: keys that make the table, and those that make another value of the same numbers
TABLE_KEYS = (*DATED_KEYS, *_fields(KPI, Role.TABLE, Role.NOTATION))
VALUE_KEYS = (*_fields(KPI, Role.VALUE), "words")
ACTION_KEYS = tuple(field for field in _fields(ACTION, *set(Role) - {Role.WORDING, Role.TESTS}) if field not in _APART)
#: keys of an action that move its adjusted level, or its area's, and not the computed one
NOT_COMPUTED = (*_fields(ACTION, Role.ROLLUP), "requires_evidence")
_NAMES = {"met_beyond": "met"}
#: every key of a KPI by which it is rated
_RULING = tuple(each.name for each in fields(Kpi) if each.name not in (*_WORDING, "examples", "file", "line", "id"))


def said(key: str) -> str:
    """A key as an author writes it."""
    return _NAMES.get(key, key)


#: what the ratings of a KPI ask of its book
_BOOK_RULING = ("scale", "missing", "max_age", "calendar", "symbols")


def has_one_rule(before: Kpi, after: Kpi) -> bool:
    """Whether two definitions are equal but for wording and place: most are, and need no closer look."""
    return not before.entities and all(getattr(before, key) == getattr(after, key) for key in _RULING)


def rates_alike(old: Rules, new: Rules, before: Kpi, after: Kpi) -> bool:
    """Whether one measurement gets one rating by both, whatever it is."""
    return has_one_rule(before, after) and all(getattr(old, key) == getattr(new, key) for key in _BOOK_RULING)


def kpi_details(old: Rules, new: Rules, before: Kpi, after: Kpi) -> dict[str, list[str]]:
    """Lines by the key that they tell of; nothing for another spelling of the same."""
    found: dict[str, list[str]] = {}
    for key in _KPI_KEYS:
        found[key] = list(_changed(key, before, after))
    for key in _OF_BOOK:
        found[key] = list(_defaulted(key, old, new, before, after))
    if before.met_beyond != after.met_beyond:
        ways = {True: "beyond target", False: "at or beyond target"}
        found["met_beyond"] = [f"met {ways[before.met_beyond]} → {ways[after.met_beyond]}"]
    for key in DATED_KEYS:
        # the bands of a comparison are made by it
        found[key] = [] if key == "bands" and (before.compare or after.compare) else list(_dated(key, before, after))
    found["grace"] = list(_opted(before.graces, after.graces))
    return {key: lines for key, lines in found.items() if lines}


def action_details(before: Action, after: Action) -> list[str]:
    """A line for each key that says something else."""
    return [
        *(line for key in ACTION_KEYS for line in _changed(key, before, after)),
        *_opted(before.graces, after.graces),
    ]


def _plain(key: str, value: Any) -> object:
    match key, value:
        case "inputs", tuple():
            return frozenset(value)
        case "bands", tuple():
            return frozenset(value)
        case _:
            return meaning(value)


def same(key: str, one: Any, other: Any) -> bool:
    """Whether two values of a key mean the same."""
    return _plain(key, one) == _plain(key, other)


def _changed(key: str, before: Kpi | Action, after: Kpi | Action) -> Iterator[str]:
    one, other = getattr(before, key), getattr(after, key)
    if not same(key, one, other):
        yield f"{said(key)} {_written(key, one)} → {_written(key, other)}"


def _written(key: str, value: Any) -> str:
    if key == "confidence" and value is not None:
        return confidence_text(value)
    return written(value) or "none"


def book_default(key: str, rules: Rules, kpi: Kpi) -> object:
    """What holds for a KPI: its own value of a key, else the book's."""
    own = getattr(kpi, key)
    return getattr(rules, key) if own is None else own


def _defaulted(key: str, old: Rules, new: Rules, before: Kpi, after: Kpi) -> Iterator[str]:
    """A key whose default stands in the book; what the book changes for all is told there."""
    one, other = book_default(key, old, before), book_default(key, new, after)
    if one != other and not (getattr(before, key) is None and getattr(after, key) is None):
        yield f"{key} {written(one)} → {written(other)}"


def _dated(key: str, before: Kpi, after: Kpi) -> Iterator[str]:
    """What a dated key says otherwise, each with the days between which it does."""
    one: Dated[Any] | None = getattr(before, key)
    other: Dated[Any] | None = getattr(after, key)
    days = sorted({ALWAYS, *(one.changes if one else ()), *(other.changes if other else ())})
    runs: list[tuple[date, tuple[Any, Any]]] = []
    for day in days:
        pair = (one.on(day) if one else None), (other.on(day) if other else None)
        if not runs or runs[-1][1] != pair:
            runs.append((day, pair))
    for n, (day, (was, now)) in enumerate(runs):
        if not same(key, was, now):
            line = f"{key} {written(was, before.unit)} → {written(now, after.unit)}"
            yield line + _between(day, runs[n + 1][0] if n + 1 < len(runs) else None)


def _between(start: date, following: date | None) -> str:
    if start == ALWAYS:
        return "" if following is None else f" until {following - _DAY}"
    return f" from {start}" if following is None else f" from {start} to {following - _DAY}"


def _opted(before: Sequence[Grace], after: Sequence[Grace]) -> Iterator[str]:
    """Which graces are opted into, and inline ones that say something else."""
    left, more = list(before), []
    for grace in after:
        alike = next((old for old in left if _is_same(old, grace)), None)
        if alike is None:
            more.append(grace)
        else:
            left.remove(alike)
    for grace in more:
        old = next((old for old in left if old.name == grace.name), None)
        if old is None:
            yield f"opts into {_named(grace)}"
            continue
        left.remove(old)
        yield from (f"grace {grace.name}: {detail}" for detail in grace_details(old, grace))
    for grace in left:
        yield f"no longer opts into {_named(grace)}"


def is_of_book(grace: Grace) -> bool:
    """Whether a grace stands in ``book.toml``, of any edition, and not with its KPI or action."""
    return PurePosixPath(grace.file).name == "book.toml"


def _is_same(one: Grace, other: Grace) -> bool:
    """A grace of the book is the same by its name: what it says is told once, there."""
    if is_of_book(one) and is_of_book(other):
        return one.name == other.name
    return not any(grace_details(one, other))


def _named(grace: Grace) -> str:
    return grace.name if is_of_book(grace) else f"a grace of its own: {grace_text(grace)}"


def grace_text(grace: Grace) -> str:
    """A grace in a line: what it does, when and by whose authority."""
    when = f", when {grace.when.text}" if grace.when else ""
    return f"{_effect_text(grace)}, {grace.start} to {grace.until}{when} ({grace.authority})"


def _effect_text(grace: Grace) -> str:
    """What a grace does: ``no_worse_than amber``, ``suspend``."""
    if grace.effect.suspends:
        return str(grace.effect)
    return f"{grace.effect} {written(grace.value, grace.unit)}"


def grace_details(before: Grace, after: Grace) -> Iterator[str]:
    """A line for each key of a grace that says something else."""
    for key, name in (("start", "from"), ("until", "until"), ("authority", "authority")):
        if getattr(before, key) != getattr(after, key):
            yield f"{name} {getattr(before, key)} → {getattr(after, key)}"
    if (before.effect, before.value) != (after.effect, after.value):
        yield f"{_effect_text(before)} → {_effect_text(after)}"
    if meaning(before.when) != meaning(after.when):
        yield f"when {written(before.when)} → {written(after.when)}"


def only_reworded(before: Any, after: Any) -> bool:
    """Whether two definitions that rate alike differ in what people read."""
    keys = (*_WORDING, "reason", "evidence")
    return any(getattr(before, key, None) != getattr(after, key, None) for key in keys)
