"""What a rule file says of intervals: how confident, and how one is compared with the target."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ..rulebook.comparison import Comparison
from . import shapes as s
from .faults import Wrong, near
from .values import one_of, text_value, wrong_type

__all__ = ["COMPARE", "CONFIDENCE", "compare_value", "confidence_value"]

_PER_CENT = re.compile(r"\s*([0-9]{2}(?:\.[0-9]{1,4})?)\s*%\s*", re.ASCII)

CONFIDENCE: s.Shape = s.any_of(
    {"type": "string", "pattern": r"^\s*[5-9][0-9](\.[0-9]{1,4})?\s*%\s*$", "examples": ["95%", "99.8%"]},
    s.choice("none"),
)
#: the keys of ``compare`` written as a table, each a level's name but for the last
_SIDES = ("better", "similar", "worse")
COMPARE: s.Shape = s.any_of(
    s.choice("interval"),
    {
        "title": "What each side is called",
        "type": "object",
        "properties": {**dict.fromkeys(_SIDES, s.LEVEL), "than": s.TITLE},
        "minProperties": 1,
        "additionalProperties": False,
    },
)


def confidence_value(value: object) -> Fraction | None:
    """``"95%"`` as a ratio; None for ``"none"``: the counts are complete, and there is nothing to doubt."""
    written = text_value(value)
    if written.strip() == "none":
        return None
    found = _PER_CENT.fullmatch(written)
    confidence = Fraction(found[1]) / 100 if found else Fraction(0)
    if confidence < Fraction(1, 2):
        raise Wrong("RAG007", f"{written!r} is no confidence", 'write "95%", "99.8%" or "none"')
    return confidence


def compare_value(value: object) -> Comparison:
    """``"interval"``, or a table of what each side is called and what is compared with."""
    if isinstance(value, str):
        one_of("interval")(value)
        return Comparison()
    if not isinstance(value, dict):
        raise wrong_type(value, '"interval" or a table')
    if not value:
        raise Wrong("RAG007", "the table is empty", 'write compare = "interval"')
    fields: dict[str, Any] = {}
    for name, said in value.items():
        if name not in (*_SIDES, "than"):
            raise Wrong(
                "RAG004",
                f"unknown key {name!r}",
                near(name, (*_SIDES, "than")) or "write better, similar, worse or than",
            )
        fields[name] = text_value(said)
    return Comparison(**fields)
