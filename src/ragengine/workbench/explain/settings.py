"""Every key that a rule rests on: its value, and which file and line it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import fields_dict, frozen

from ...rulebook.action import Action
from ...rulebook.area import RollupPolicy
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...rulefile.editions import written_value
from ...rulefile.fields import ACTION, KPI
from ...rulefile.keys import Keys
from ...rulefile.provenance import Origins
from ...terms import Direction, Missing
from ...toml.positions import Path

__all__ = ["Setting", "action_settings", "area_settings", "kpi_settings"]

#: the layer of what nobody wrote
DEFAULT = "default"

#: keys with a default that decides something, in the order in which they are shown
_KPI_DEFAULTS = (
    "unit", "met", "decimals", "missing", "max_age", "rated_from", "minimum_n", "persistence", "requires_evidence",
    "in_rollup", "critical", "weight", "basis",
)  # fmt: skip
_ACTION_DEFAULTS = (
    "warning", "tolerance", "complete", "on_time", "requires_evidence", "in_rollup", "critical", "weight",
)  # fmt: skip
#: keys that a KPI takes from its book where it has none
_OF_THE_BOOK = ("missing", "max_age")
#: read by people and tests, and no part of the rule
_APART = frozenset({"entities", "examples"})
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: a value longer than this is cut
_LONGEST = 300


@frozen
class Setting:
    """One key: its value, and where it comes from.

    Attributes:
        layer: ``KPI``, ``action``, ``area``, ``book``, ``entity …``, ``grace``, or ``default``.
        file, line: where it is written; empty and 0 for a default.
        edition: the edition that writes it; ``inherited`` says that it is an earlier one.
    """

    key: str
    value: str
    layer: str
    file: str = ""
    line: int = 0
    edition: str = ""
    inherited: bool = False

    @property
    def source(self) -> str:
        """Where it comes from, in words: ``book.toml:7 (book)``, ``default``."""
        if not self.file:
            return self.layer
        edition = f", edition {self.edition}" if self.inherited and self.edition else ""
        return f"{self.file}:{self.line} ({self.layer}{edition})"


class _Written:
    """Finds the settings of a table in one file."""

    def __init__(self, origins: Origins, file: str) -> None:
        self.origins = origins
        self.file = file

    def one(self, key: str, value: object, layer: str, path: Path, file: str = "") -> Setting:
        """A value at its key path; a value without a place of its own stands where its table does."""
        said = written_value(value, _LONGEST)
        while path:
            origin = self.origins.of(file or self.file, path)
            if origin is not None:
                place = origin.place
                return Setting(key, said, layer, place.file, place.line, origin.edition, origin.inherited)
            path = path[:-1]
        return Setting(key, said, layer)

    def each(self, key: str, value: object, layer: str, path: Path) -> Iterator[Setting]:
        """A setting for each date, bound or item of a value, else one."""
        if isinstance(value, dict) and key != "words":
            for name, part in value.items():
                shown = f"{key} from {name}" if _DATE.fullmatch(name) else f"{key}.{name}"
                yield self.one(shown, part, layer, (*path, name))
        elif isinstance(value, list) and key in ("bands", "rules"):
            for n, part in enumerate(value):
                yield self.one(f"{key} {n + 1}", part, layer, (*path, n))
        else:
            yield self.one(key, value, layer, path)

    def graces(self, listed: Sequence[Any], path: Path, layer: str, book: Mapping[str, Any]) -> Iterator[Setting]:
        """Each grace opted into, and each of its own keys."""
        for n, item in enumerate(listed):
            at: Path = (*path, n)
            inline = isinstance(item, dict)
            name = str(item.get("name", f"inline {n + 1}")) if inline else str(item)
            yield self.one("grace", name, layer, at)
            table: Mapping[str, Any] = item if inline else book.get(name, {})
            for key, value in table.items():
                if key == "name":
                    continue
                where: Path = (*at, key) if inline else ("grace", name, key)
                yield self.one(f"{name}: {key}", value, "grace", where, "" if inline else "book.toml")


def kpi_settings(rules: Rules, kpi: Kpi, entity: str | None, origins: Origins) -> tuple[Setting, ...]:
    """The settings of a KPI, of an entity's own where it has one: its keys as written, then what it takes from
    the book and the area, then what stands at its default."""
    raw: Mapping[str, Any] = _table(rules, kpi.area, "kpi", kpi.name)
    own: Mapping[str, Any] = raw.get("entities", {}).get(entity, {}) if entity else {}
    base: Path = ("kpi", kpi.name)
    written = _Written(origins, f"{kpi.area}.toml")
    found: list[Setting] = []
    for key, value in {**raw, **own}.items():
        if key in _APART:
            continue
        of_entity = key in own
        layer = f"entity {entity}" if of_entity else "KPI"
        path: Path = (*base, "entities", entity or "", key) if of_entity else (*base, key)
        found += _key(written, rules, key, value, layer, path)
    book = _book(rules)
    for key in _OF_THE_BOOK:
        if key not in raw and key not in own and key in book:
            found.append(written.one(key, book[key], "book", ("book", key), "book.toml"))
    found += _rollup_line(rules, kpi.area, origins) if kpi.in_rollup else []
    known = {setting.key.partition(" from ")[0].partition(".")[0] for setting in found}
    return (
        *found,
        *(s for s in _defaults(Kpi, KPI, _KPI_DEFAULTS) if s.key not in known and _decides(s.key, kpi, rules)),
    )


def action_settings(rules: Rules, action: Action, origins: Origins) -> tuple[Setting, ...]:
    """The same of an action."""
    raw = _table(rules, action.area, "action", action.name)
    written = _Written(origins, f"{action.area}.toml")
    found: list[Setting] = []
    for key, value in raw.items():
        if key not in _APART:
            found += _key(written, rules, key, value, "action", ("action", action.name, key))
    found += _rollup_line(rules, action.area, origins) if action.in_rollup else []
    known = {setting.key for setting in found}
    needless = {"warning", "tolerance"} if action.bands else set()
    return (*found, *(s for s in _defaults(Action, ACTION, _ACTION_DEFAULTS) if s.key not in known | needless))


def area_settings(rules: Rules, area: str, origins: Origins) -> tuple[Setting, ...]:
    """The same of an area, with the roll-up: its own, or the book's."""
    document = rules.document.get(f"{area}.toml", {})
    written = _Written(origins, f"{area}.toml")
    found = [written.one(key, value, "area", ("area", key)) for key, value in document.get("area", {}).items()]
    own = rules.areas[area].rollup is not None
    file, layer = (f"{area}.toml", "area") if own else ("book.toml", "book")
    rollup = rules.document.get(file, {}).get("rollup", {})
    of_policy = _Written(origins, file)
    for key, value in rollup.items():
        for setting in of_policy.each(key, value, layer, ("rollup", key)):
            found.append(setting)
    policy = fields_dict(RollupPolicy)
    if "method" not in rollup:
        found.append(Setting("method", str(rules.rollup_of(area).method), DEFAULT))
    if "minimum_coverage" not in rollup:
        found.append(Setting("minimum_coverage", f"{policy['minimum_coverage'].default}%", DEFAULT))
    return tuple(found)


def _key(written: _Written, rules: Rules, key: str, value: object, layer: str, path: Path) -> Iterator[Setting]:
    if key == "grace" and isinstance(value, list):
        graces = rules.document.get("book.toml", {}).get("grace", {})
        yield from written.graces(value, path, layer, graces)
    else:
        yield from written.each(key, value, layer, path)


def _rollup_line(rules: Rules, area: str, origins: Origins) -> list[Setting]:
    """By what its area rolls up."""
    own = rules.areas[area].rollup is not None
    file, layer = (f"{area}.toml", "area") if own else ("book.toml", "book")
    policy = rules.rollup_of(area)
    if "rollup" not in rules.document.get(file, {}):
        return [Setting("rollup", str(policy.method), DEFAULT)]
    return [_Written(origins, file).one("rollup", str(policy.method), layer, ("rollup",))]


def _table(rules: Rules, area: str, kind: str, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = rules.document.get(f"{area}.toml", {}).get(kind, {}).get(name, {})
    return found


def _book(rules: Rules) -> Mapping[str, Any]:
    found: Mapping[str, Any] = rules.document.get("book.toml", {}).get("book", {})
    return found


def _defaults(model: type, readers: Keys, keys: Sequence[str]) -> list[Setting]:
    """What the model holds where nobody wrote the key: asked, not listed a second time."""
    held = fields_dict(model)
    return [Setting(key, _default(key, held[readers[key].field].default), DEFAULT) for key in keys]


def _default(key: str, value: object) -> str:
    if key == "met":
        return "beyond target" if value else "at or beyond target"
    if value is None or value == "":
        return "none"
    return written_value(value)


def _decides(key: str, kpi: Kpi, rules: Rules) -> bool:
    """Whether a default has anything to decide for this KPI."""
    if kpi.direction is Direction.MONITOR:
        return key in ("unit", "decimals", "missing", "max_age", "in_rollup")
    match key:
        case "met":
            return not kpi.bands and not kpi.words
        case "decimals" | "minimum_n" | "unit":
            return not kpi.words
        case "max_age":
            return rules.missing_of(kpi) is Missing.CARRY_FORWARD
    return True
