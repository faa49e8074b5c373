"""Values of a rule as their author might write them, and as they compare."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from ...number import exact, text
from ...period import Due, Duration
from ...rating.phrases import amount
from ...rating.relative_words import source_text
from ...rulebook.comparison import Comparison
from ...rulebook.expression import Expression
from ...rulebook.measure import Band, Bounds, Edge, Range, RelativeTarget, SpecialTarget, Tolerance, Width
from ...rulebook.scoring import Score

__all__ = ["bands_text", "meaning", "written"]


def meaning(value: object) -> object:
    """What is compared: an expression by its tree, a due date by its day, anything else by itself."""
    match value:
        case Expression():
            return value.meaning
        case Due():
            return value.day, value.tentative
        case _:
            return value


def written(value: object, unit: str = "") -> str:
    """A value in words: ``90%``, ``10 pp``, ``5% of target``, ``from 90 to 110 beds``, ``"none"``."""
    match value:
        case None | ():
            return "none"
        case bool():
            return "yes" if value else "no"
        case int() | Decimal() | Fraction():
            return amount(exact(value), unit)
        case SpecialTarget():
            return f'"{value.value}"'
        case RelativeTarget():
            return source_text(value, unit)
        case Range():
            return f"{text(exact(value.min))} to {amount(exact(value.max), unit)}"
        case Bounds():
            low, high = ("" if end is None else amount(exact(end), unit) for end in (value.min, value.max))
            return f"{low} to {high}" if low and high else f"from {low}" if low else f"to {high}"
        case Width():
            return _width(value, unit)
        case Tolerance():
            below, above = _width(value.below, unit), _width(value.above, unit)
            return below if value.below == value.above else f"{below} below and {above} above"
        case Expression():
            return value.text
        case Comparison():
            levels = f"{value.better}, {value.similar}, {value.worse}"
            return f"interval ({levels}{', than ' + value.than if value.than else ''})"
        case Score():
            return str(value)
        case Due():
            return "TBC" if value.day is None else f"{value.day}{' (tentative)' if value.tentative else ''}"
        case Duration():
            return str(value)
        case tuple() if isinstance(value[0], Band):
            return bands_text(value, unit)
        case tuple() if isinstance(value[0], tuple):
            return ", ".join(f"{word} = {level}" for word, level in value)
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _width(width: Width, unit: str) -> str:
    if width.of_target:
        return f"{text(exact(width.amount))}% of target"
    return f"{text(exact(width.amount))} pp" if unit == "%" else amount(exact(width.amount), unit)


def bands_text(bands: Iterable[Band], unit: str = "") -> str:
    """Written bands in a line: ``green from 85%, amber from 50% below 85%, red below 50%``."""
    parts = []
    for band in bands:
        low = f"{'from' if band.lower_in else 'above'} {_edge(band.lower, unit)}" if band.lower else ""
        high = f"{'to' if band.upper_in else 'below'} {_edge(band.upper, unit)}" if band.upper else ""
        parts.append(" ".join(part for part in (band.rag, low, high) if part))
    return ", ".join(parts) or "none"


def _edge(edge: Edge, unit: str) -> str:
    return f"{text(exact(edge.amount))}% of target" if edge.of_target else amount(exact(edge.amount), unit)
