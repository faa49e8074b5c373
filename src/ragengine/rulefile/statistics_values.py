"""What a rule file says of intervals: how confident, and how one is compared with the target."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..number import exact
from ..rulebook.comparison import Comparison
from ..rulebook.scoring import Score
from . import shapes as s
from .faults import Wrong, near
from .values import at_most, key_hint, number, one_of, tables, text_value, wrong_type

__all__ = ["COMPARE", "CONFIDENCE", "SCORE", "compare_value", "confidence_value", "score_value"]

_PER_CENT = re.compile(r"\s*([0-9]{2}(?:\.[0-9]{1,4})?)\s*%\s*", re.ASCII)

CONFIDENCE: s.Shape = s.any_shape(
    {"type": "string", "pattern": r"^\s*[5-9][0-9](\.[0-9]{1,4})?\s*%\s*$", "examples": ["95%", "99.8%"]},
    s.choice("none"),
)
#: the keys of ``compare`` written as a table, each a level's name but for the last
_SIDES = ("better", "similar", "worse")
COMPARE: s.Shape = s.any_shape(
    s.choice("interval"),
    {
        "title": "What each side is called",
        "type": "object",
        "properties": {**dict.fromkeys(_SIDES, s.LEVEL), "than": s.TITLE},
        "minProperties": 1,
        "additionalProperties": False,
    },
)
#: points of a score
_MOST_POINTS = 20
_POINT = ("at", "points")
_RANK = ("rank_of", "best", "worst")
SCORE: s.Shape = s.any_shape(
    s.list_of(
        {
            "title": "A point of a score",
            "type": "object",
            "properties": dict.fromkeys(_POINT, s.NUMBER),
            "required": list(_POINT),
            "additionalProperties": False,
        },
        most=_MOST_POINTS,
        least=2,
    ),
    {
        "title": "A score by rank",
        "type": "object",
        "properties": {"rank_of": s.choice("entities"), "best": s.NUMBER, "worst": s.NUMBER},
        "required": list(_RANK),
        "additionalProperties": False,
    },
)


def confidence_value(value: object) -> Fraction | None:
    """``"95%"`` as a ratio; None for ``"none"``: the counts are complete, and there is nothing to doubt."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise Wrong("RAG006", "a number where a text is wanted", f'write "{value}%"')
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


def score_value(value: object) -> Score:
    """Points, or what the first and the last rank score."""
    if isinstance(value, dict):
        fields = _fields_of(value, _RANK)
        one_of("entities")(fields.pop("rank_of"))
        return Score((), *(exact(number(fields[name])) for name in ("best", "worst")))
    if not isinstance(value, list):
        raise wrong_type(value, "points, or a table of rank_of, best and worst")
    items = tables(value)
    at_most(_MOST_POINTS, items, "points")
    if not items:
        raise Wrong("RAG007", "there are no points", "write [{ at = 80, points = 4 }, { at = 95, points = 1 }]")
    made = []
    for n, item in enumerate(items):
        try:
            fields = _fields_of(item, _POINT)
            made.append((exact(number(fields["at"])), exact(number(fields["points"]))))
        except Wrong as wrong:
            raise Wrong(wrong.code, wrong.message, wrong.hint, path=(n, *wrong.path)) from None
    return Score(tuple(made))


def _fields_of(item: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """A table that has each of these keys and no other."""
    for name in item:
        if name not in names:
            raise Wrong("RAG004", f"unknown key {name!r}", key_hint(name, names), path=(name,))
    missing = [name for name in names if name not in item]
    if missing:
        raise Wrong("RAG005", f"{missing[0]} is missing", f"write {', '.join(names)}")
    return dict(item)
