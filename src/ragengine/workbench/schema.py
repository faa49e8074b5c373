"""JSON Schemas of the rule files, for editors: drawn from the keys that the loader reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from attrs import fields_dict, frozen

from ..rulebook.action import Action
from ..rulebook.kpi import Kpi
from ..rulefile import case_keys, fields
from ..rulefile.keys import Key, Keys
from ..rulefile.shapes import Shape

__all__ = ["FileKind", "schema", "schema_text", "tombi_settings"]


class FileKind(StrEnum):
    """What a rule file is, by its name."""

    BOOK = "book"
    AREA = "area"
    CASES = "cases"


@frozen
class _SchemaTable:
    """A definition: a table's title, its keys and the model whose defaults they have.

    Attributes:
        inputs: whether it may have numbers under names that a KPI declares.
        some: whether it must have a key, whichever.
    """

    title: str
    keys: Keys
    model: type[Any] | None = None
    inputs: bool = False
    some: bool = False


_FILES = {
    FileKind.BOOK: _SchemaTable("book.toml", fields.BOOK_FILE),
    FileKind.AREA: _SchemaTable("The rules of an area", fields.AREA_FILE),
    FileKind.CASES: _SchemaTable("Cases: tests of the rules", case_keys.CASES_FILE),
}
_TABLES = {
    "book": _SchemaTable("The rulebook", fields.BOOK),
    "check": _SchemaTable("How a check counts", fields.CHECK),
    "budget": _SchemaTable("A budget of grace", fields.BUDGET, some=True),
    "scale": _SchemaTable("A scale", fields.SCALE),
    "level": _SchemaTable("A level of the scale", fields.LEVEL),
    "grace": _SchemaTable("A grace", fields.GRACE),
    "inline_grace": _SchemaTable("A grace of its own", fields.INLINE_GRACE),
    "rollup": _SchemaTable("A roll-up", fields.ROLLUP),
    "rule": _SchemaTable("A rule of the roll-up", fields.RULE),
    "cap": _SchemaTable("A cap of the roll-up", fields.CAP),
    "floor": _SchemaTable("A floor of the roll-up", fields.FLOOR),
    "band": _SchemaTable("A band", fields.BAND),
    "area": _SchemaTable("The area", fields.AREA),
    "kpi": _SchemaTable("A KPI", fields.KPI, Kpi),
    "entity": _SchemaTable("What differs for an organisation or team", fields.ENTITY),
    "action": _SchemaTable("An action", fields.ACTION, Action),
    "example": _SchemaTable("A value and its level", case_keys.EXAMPLE, inputs=True),
    "case": _SchemaTable("A case", case_keys.CASE, inputs=True),
    "past": _SchemaTable("A measurement of a period before", case_keys.PAST, inputs=True),
    "expected": _SchemaTable("What must come out", case_keys.EXPECTED, some=True),
}
#: a number under a name that a KPI declares
_INPUT: Shape = {"type": ["number", "string"]}
#: what an edition that extends another may leave out, for the other has it
_INHERITED = frozenset({"book", "area", "kpi", "action", "grace"})


def schema(kind: FileKind, *, extends: bool = False) -> Shape:
    """The draft-07 schema of one kind of rule file.

    ``extends`` is for the files of an edition that extends another, where nothing is required that the other may have.
    """
    root = _drawn(_FILES[kind], required=not extends or kind is FileKind.CASES)
    definitions: dict[str, Shape] = {}
    waiting = list(_referred(root))
    while waiting:
        name = waiting.pop(0)
        if name not in definitions:
            required = name != "entity" and not (extends and name in _INHERITED)
            definitions[name] = _drawn(_TABLES[name], required=required)
            waiting += _referred(definitions[name])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "x-tombi-toml-version": "v1.0.0",
        **root,
        "definitions": definitions,
    }


def schema_text(kind: FileKind, *, extends: bool = False) -> str:
    """The schema as a file has it: in ASCII, so that it can be sent to a file from any console."""
    return json.dumps(schema(kind, extends=extends), indent=2) + "\n"


def _drawn(table: _SchemaTable, *, required: bool) -> Shape:
    defaults = fields_dict(table.model) if table.model is not None else {}
    made: Shape = {
        "title": table.title,
        "type": "object",
        "properties": {name: _property(key, defaults) for name, key in table.keys.items()},
    }
    needed = [name for name, key in table.keys.items() if key.required]
    if needed and required:
        made["required"] = needed
    if table.some:
        made["minProperties"] = 1
    return made | {"additionalProperties": _INPUT if table.inputs else False}


def _property(key: Key, defaults: Mapping[str, Any]) -> Shape:
    # draft-07 reads nothing beside a $ref: the description stands around it
    shape = {"allOf": [key.shape]} if "$ref" in key.shape else key.shape
    made: Shape = {"description": key.about} | shape
    default = getattr(defaults.get(key.field), "default", None)
    if isinstance(default, bool | int | str) and default != "" and _is_of(default, shape):
        made["default"] = default
    return made


def _is_of(default: object, shape: Shape) -> bool:
    match default:
        case bool():
            return shape.get("type") == "boolean"
        case int():
            return shape.get("type") in ("integer", "number")
        case _:
            return shape.get("type") == "string"


def _referred(shape: object) -> Iterator[str]:
    """Names of the definitions that a schema points to."""
    if isinstance(shape, dict):
        if "$ref" in shape:
            yield shape["$ref"].rpartition("/")[2]
        for part in shape.values():
            yield from _referred(part)
    elif isinstance(shape, list):
        for part in shape:
            yield from _referred(part)


_SETTINGS = """\
# For the editor extension Tombi: which schema each rule file has. `ragengine schema --write` makes this file.
toml-version = "v1.0.0"

[format.rules]
key-value-equals-sign-alignment = true
trailing-comment-alignment      = true

[lint.rules]
tables-out-of-order = "off"  # KPIs and actions stand in the order in which people read them

[schema]
catalog = { paths = [] }  # nothing is fetched from the web

[[schemas]]
path    = "{folder}/book.json"
include = ["book.toml"]

[[schemas]]
path    = "{folder}/cases.json"
include = ["*.cases.toml"]

[[schemas]]
path    = "{folder}/area.json"
include = ["*.toml"]
exclude = ["book.toml", "*.cases.toml", "tombi.toml"]
"""


def tombi_settings(folder: str) -> str:
    """A ``tombi.toml`` for a folder of rules; ``folder`` is the way from there to the schemas."""
    return _SETTINGS.replace("{folder}", folder)
