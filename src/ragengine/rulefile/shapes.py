"""What values of rule files look like, in JSON Schema (draft-07): what editors complete and underline by."""

from __future__ import annotations

from typing import Any

__all__ = [
    "BOUNDS", "COLOUR", "DAY", "DUE", "DURATION", "EDGE", "FLAG", "LEVEL", "NAMES", "NUMBER", "RANGE", "SHARE",
    "TEXT", "TEXTS", "TITLE", "TOLERANCE", "WEIGHT", "WORDS", "Shape", "any_shape", "by_date",
    "choice", "list_of", "map_of", "table_of", "takes_dates", "takes_only_text", "whole_number",
]  # fmt: skip

Shape = dict[str, Any]

#: whether there is such a day is left to the loader
_DATE_KEY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_NUMBER_TEXT = r"[0-9]{1,13}(\.[0-9]{1,15})?"

TEXT: Shape = {"type": "string"}
TITLE: Shape = {"type": "string", "pattern": r"\S"}
TEXTS: Shape = {"type": "array", "items": TEXT}
NAMES: Shape = {"type": "array", "items": {"type": "string", "pattern": "^[a-z_][a-z0-9_]*$"}}
FLAG: Shape = {"type": "boolean"}
NUMBER: Shape = {"type": "number", "minimum": -1e12, "maximum": 1e12}
WEIGHT: Shape = {"type": "number", "minimum": 0, "maximum": 1e12}
#: a TOML date; for tools that know JSON only, a text that spells one
DAY: Shape = {"type": "string", "format": "date"}
DURATION: Shape = {
    "type": "string",
    "pattern": r"^\s*[0-9]{1,4} (day|week|month|year)s?\s*$",
    "examples": ["28 days", "3 months"],
}
SHARE: Shape = {"type": "string", "pattern": rf"^\s*{_NUMBER_TEXT}\s*%\s*$", "examples": ["60%"]}
COLOUR: Shape = {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$", "examples": ["#083d29"]}
#: any text, for a book may have a scale of its own; the usual levels are offered
LEVEL: Shape = {"type": "string", "examples": ["green", "amber", "red"]}
WORDS: Shape = {"type": "object", "minProperties": 1, "additionalProperties": LEVEL}


def choice(*words: str) -> Shape:
    """A closed list of words."""
    return {"type": "string", "enum": [str(word) for word in words]}


def whole_number(least: int, most: int) -> Shape:
    return {"type": "integer", "minimum": least, "maximum": most}


def any_shape(*shapes: Shape) -> Shape:
    return {"anyOf": list(shapes)}


def table_of(name: str) -> Shape:
    """A table whose keys are those of a definition."""
    return {"$ref": f"#/definitions/{name}"}


def list_of(shape: Shape, *, most: int | None = None, least: int = 0) -> Shape:
    bounds: Shape = {"minItems": least} if least else {}
    return {"type": "array", "items": shape} | bounds | ({} if most is None else {"maxItems": most})


def map_of(shape: Shape, label: str, pattern: str = "") -> Shape:
    """A table whose keys the author chooses; ``label`` says what they are."""
    made: Shape = {"type": "object", "x-tombi-additional-key-label": label}
    if pattern:
        return made | {"patternProperties": {pattern: shape}, "additionalProperties": False}
    return made | {"additionalProperties": shape}


def by_date(shape: Shape) -> Shape:
    """One value, or a table of dates to values."""
    dates: Shape = {
        "title": "A table of dates",
        "description": "Each value holds from its date until the next.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1000,
        "patternProperties": {_DATE_KEY: shape},
        "additionalProperties": False,
    }
    return any_shape(*shape.get("anyOf", [shape]), dates)


def takes_dates(shape: Shape) -> bool:
    """Whether a value may be a table of dates."""
    return any(_DATE_KEY in option.get("patternProperties", {}) for option in shape.get("anyOf", ()))


def takes_only_text(shape: Shape) -> bool:
    """Whether a value is always a text, whatever it spells."""
    return shape.get("type") == "string" and shape.get("format") != "date"


DUE: Shape = any_shape(DAY, {"type": "string", "examples": ["Sep-20", "TBC", "TBC 14/08/20"]})
EDGE: Shape = any_shape(NUMBER, {"type": "string", "pattern": rf"^\s*{_NUMBER_TEXT}\s*% of target\s*$"})
WIDTH: Shape = any_shape(
    NUMBER,
    # "10%" can be read in two ways, and so is none
    {
        "type": "string",
        "pattern": rf"^\s*-?{_NUMBER_TEXT}\s*([^%\s0-9.].*|% of target)?\s*$",
        "examples": ["10 pp", "10% of target"],
    },
)
RANGE: Shape = {
    "title": "A range",
    "type": "object",
    "properties": {"min": NUMBER, "max": NUMBER},
    "required": ["min", "max"],
    "additionalProperties": False,
}
BOUNDS: Shape = {
    "title": "Bounds",
    "type": "object",
    "properties": {"min": NUMBER, "max": NUMBER},
    "minProperties": 1,
    "additionalProperties": False,
}
TOLERANCE: Shape = any_shape(
    *WIDTH["anyOf"],
    {
        "title": "A tolerance on each side",
        "type": "object",
        "properties": {"below": WIDTH, "above": WIDTH},
        "required": ["below", "above"],
        "additionalProperties": False,
    },
)
