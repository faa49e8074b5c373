"""Targets as a rule file writes them: numbers, ranges, words, and ``{ from = "year ago", change = "+2 pp" }``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..number import exact, in_full, text
from ..problem import shorten
from ..rulebook.compile import width_of
from ..rulebook.measure import Number, Range, RelativeTarget, SpecialTarget, Target, Width
from ..terms import Direction
from . import shapes as s
from .faults import Wrong, near
from .values import number, width_value

__all__ = ["TARGET", "target_value"]

#: how many periods a mean or a best may take
_LEAST, _MOST = 2, 24
_PERIODS = re.compile(r"(mean|best) of ([0-9]{1,2})", re.ASCII)
_QUANTILE = re.compile(r"(quartile|decile) ([0-9]{1,2}) of entities", re.ASCII)
#: a number with signs before and a unit behind it, as a sheet prints a target
_NUMBER_ALONE = re.compile(r"[^\w+-]{0,3}([+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?) ?[^\d.,]{0,20}")
_CHANGE = re.compile(r"([+\-\u2212])\s*(\d{1,13}(?:\.\d{1,15})?)\s*(.*)", re.ASCII)
_PARTS = {"quartile": 4, "decile": 10}
_PLAIN = {
    "previous": RelativeTarget("previous", periods=1),
    "year ago": RelativeTarget("year ago"),
    "mean of entities": RelativeTarget("mean of entities", of_entities=True),
    "median of entities": RelativeTarget("median of entities", of_entities=True, share=Fraction(1, 2)),
}
#: one of each kind, for whoever misspells one
_EXAMPLES = (*_PLAIN, "mean of 3", "best of 4", "quartile 1 of entities", "decile 9 of entities")

_RELATIVE: s.Shape = {
    "title": "A target made from other rows",
    "type": "object",
    "properties": {
        "from": s.any_shape(
            s.choice(*_PLAIN),
            {"type": "string", "pattern": r"^(mean|best) of ([2-9]|1[0-9]|2[0-4])$", "examples": ["mean of 3"]},
            {
                "type": "string",
                "pattern": r"^(quartile [1-3]|decile [1-9]) of entities$",
                "examples": ["quartile 1 of entities", "decile 9 of entities"],
            },
        ),
        "change": s.any_shape(
            s.NUMBER,
            {"type": "string", "pattern": r"^\s*[+\-\u2212]\s*[0-9].*$", "examples": ["+2 pp", "-10%", "-2 days"]},
        ),
    },
    "required": ["from"],
    "additionalProperties": False,
}
_AROUND: s.Shape = {
    "title": "A range around a number",
    "type": "object",
    "properties": {"around": s.NUMBER, "within": s.WIDTH},
    "required": ["around", "within"],
    "additionalProperties": False,
}
TARGET: s.Shape = s.any_shape(s.NUMBER, s.choice("from data", "none"), s.RANGE, _AROUND, _RELATIVE)


def target_value(value: object, rule: Mapping[str, Any]) -> Target:
    """A number, ``{ min, max }``, ``{ from, change }``, ``"from data"`` or ``"none"``, for a rule with these keys."""
    within = rule.get("direction") == Direction.WITHIN
    if isinstance(value, str):
        for special in SpecialTarget:
            if value == special.value:
                return special
        alone = _NUMBER_ALONE.fullmatch(value)
        hint = f'write {alone[1] if alone else "a number"}, "none" or "from data"'
        raise Wrong("RAG006", f"the target {shorten(value, 40)!r} is not a number", hint)
    if isinstance(value, dict):
        if not {"from", "change"}.isdisjoint(value):
            return _relative(value, rule)
        if not {"around", "within"}.isdisjoint(value):
            return _around(value, rule)
        if set(value) != {"min", "max"}:
            hint = "write { min = 90, max = 110 }" + (
                "" if within else ', or { from = "year ago" } for one made from other rows'
            )
            raise Wrong("RAG007", "a range has min and max", hint)
        if not within:
            raise Wrong("RAG016", "a range is the target of another direction", 'write direction = "within"')
        return Range(number(value["min"]), number(value["max"]))
    if within:
        raise Wrong("RAG007", "the direction is within, and the target is one number", "write { min = …, max = … }")
    return number(value)


def _around(value: Mapping[str, Any], rule: Mapping[str, Any]) -> Range:
    """``{ around = 100, within = "5% of target" }``: the range that lies so far to either side of a number."""
    if set(value) != {"around", "within"}:
        raise Wrong(
            "RAG007", "a range around a number has around and within", 'write { around = 100, within = "5 pp" }'
        )
    if rule.get("direction") != Direction.WITHIN:
        raise Wrong("RAG016", "a range is the target of another direction", 'write direction = "within"')
    key = "around"
    try:
        middle, key = exact(number(value["around"])), "within"
        # without the target, which is what is made here
        width = width_value(value["within"], {"unit": rule.get("unit", "")})
        size = width_of(width, middle)
        if size < 0:
            raise Wrong("RAG015", f"the width {text(size)} is negative", "write how far the range goes to either side")
        return Range(*(number(Decimal(in_full(end))) for end in (middle - size, middle + size)))
    except Wrong as wrong:
        wrong.path = wrong.path or (key,)
        raise


def _relative(value: Mapping[str, Any], rule: Mapping[str, Any]) -> RelativeTarget:
    """``{ from, change }``, for a rule with this direction and unit."""
    for key in value:
        if key not in ("from", "change"):
            hint = near(key, ("from", "change")) or "write from, and change where it is to differ"
            raise Wrong("RAG004", f"a target made from other rows has no {shorten(key, 40)!r}", hint, path=(key,))
    if "from" not in value:
        raise Wrong("RAG005", "a change of what is not said: from is missing", 'write from = "year ago"')
    if rule.get("direction") == Direction.WITHIN:
        hint = "write { min = …, max = … }, or another direction"
        raise Wrong("RAG016", "the direction is within, and other rows give one number", hint)
    source = _source(value["from"])
    if source.best and rule.get("direction") not in (Direction.HIGHER, Direction.LOWER):
        raise Wrong("RAG016", "best of what is not said", 'write direction = "higher" or "lower"', path=("from",))
    change = _change(value["change"], str(rule.get("unit", ""))) if "change" in value else None
    return RelativeTarget(source.source, source.periods, source.of_entities, source.share, source.best, change)


def _source(written: object) -> RelativeTarget:
    """What the target is made from."""
    if not isinstance(written, str):
        raise Wrong("RAG006", "from is not a text", 'write from = "year ago"', path=("from",))
    said = " ".join(written.split()).casefold()
    if said in _PLAIN:
        return _PLAIN[said]
    periods, quantile = _PERIODS.fullmatch(said), _QUANTILE.fullmatch(said)
    if periods and _LEAST <= int(periods[2]) <= _MOST:
        return RelativeTarget(said, periods=int(periods[2]), best=periods[1] == "best")
    if quantile and 1 <= int(quantile[2]) < _PARTS[quantile[1]]:
        share = Fraction(int(quantile[2]), _PARTS[quantile[1]])
        return RelativeTarget(said, of_entities=True, share=share)
    if periods:
        raise Wrong("RAG008", f"{said!r} is not {_LEAST} to {_MOST} periods", "write mean of 3", path=("from",))
    if quantile:
        last = _PARTS[quantile[1]] - 1
        said = f"the {quantile[1]}s are numbered 1 to {last}, from the lowest value"
        raise Wrong("RAG008", said, f"write {quantile[1]} {last} of entities", path=("from",))
    hint = near(said, _EXAMPLES) or f"write {', '.join(_EXAMPLES)}"
    raise Wrong("RAG007", f"{shorten(written, 40)!r} is nothing a target is made from", hint, path=("from",))


def _change(written: object, unit: str) -> Width:
    """By how much the target differs from the number that the rows give: with its sign, in the unit or per cent."""
    if isinstance(written, int | Decimal) and not isinstance(written, bool):
        return _of_number(written, unit)
    if not isinstance(written, str):
        raise Wrong("RAG006", "change is not a text", 'write change = "+2 pp" or "-10%"', path=("change",))
    found = _CHANGE.fullmatch(written.strip())
    if found is None:
        said = f"the change {shorten(written, 40)!r} cannot be read"
        raise Wrong("RAG007", said, 'write its sign, the number and the unit: "+2 pp" or "-10%"', path=("change",))
    size: Number = Decimal(found[2]) if "." in found[2] else int(found[2])
    amount = number(size if found[1] == "+" else -size)
    said_unit = found[3].strip()
    if said_unit == "%":
        return Width(amount, of_target=True)
    if said_unit == "":
        return _of_number(amount, unit)
    if said_unit == "pp" and unit != "%":
        raise _of_another_unit("pp are percentage points", unit, amount)
    if said_unit != "pp" and (unit == "%" or said_unit.casefold().rstrip("s") != unit.strip().casefold().rstrip("s")):
        raise _of_another_unit(f"the change is in {shorten(said_unit, 20)!r}", unit, amount)
    return Width(amount)


def _of_number(amount: Number, unit: str) -> Width:
    if unit == "%":
        written = _signed(amount)
        said = f'the change {written} can mean two things: "{written} pp" or "{written}%" of the number itself'
        raise Wrong("RAG014", said, "write which you mean", path=("change",))
    return Width(number(amount))


def _of_another_unit(said: str, unit: str, amount: Number) -> Wrong:
    written = _signed(amount)
    hint = f'write "{written} pp" or "{written}%"' if unit == "%" else f'write "{written}" or "{written}%"'
    of = f"the unit is {unit!r}" if unit else "no unit is written"
    return Wrong("RAG007", f"{said}, and {of}", hint, path=("change",))


def _signed(amount: Number) -> str:
    written = text(Fraction(amount))
    return written if written.startswith("-") else f"+{written}"
