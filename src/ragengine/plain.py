"""Any value of the house as what JSON has: texts, numbers, yes and no, lists and objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import Any

import attrs

from .period import Period
from .terms import Rag, Scale

__all__ = ["fields_of", "has_fields", "plain"]

_AS_IT_IS = frozenset({str, int, bool, type(None)})

Special = Mapping[type, Callable[[Any], Any]]


def plain(value: Any, special: Special | None = None) -> Any:
    """The value for JSON: levels by id, exact numbers as text (``84``, ``2/3``), days and periods as data write them.

    A value with fields becomes an object of all of them; ``special`` says of some types what they become instead.
    Raises TypeError for what nobody could read back: a float that is none, a function, a type that is not told here.

    >>> from ragengine.terms import GREEN
    >>> plain({"rag": GREEN, "value": Fraction(2, 3), "since": (date(2020, 7, 31), None)})
    {'rag': 'green', 'value': '2/3', 'since': ['2020-07-31', None]}
    """
    kind: Any = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is tuple or kind is list:
        return [each if type(each) in _AS_IT_IS else plain(each, special) for each in value]
    if special is not None and kind in special:
        return special[kind](value)
    match value:
        case Enum():
            return value.value
        case int() | str():
            return value
        case Rag():
            return value.id
        case Fraction() | Period():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Scale():
            return [level.id for level in value]
        case Mapping():
            return {str(plain(key, special)): plain(each, special) for key, each in value.items()}
        case frozenset() | set():
            return sorted(plain(each, special) for each in value)
        case _ if has_fields(kind):
            # a scorecard has many thousands of fields
            names, values_of = fields_of(kind)
            return {
                name: each if type(each) in _AS_IT_IS else plain(each, special)
                for name, each in zip(names, values_of(value), strict=True)
            }
    raise TypeError(f"{kind.__name__} has no plain form")


@cache
def has_fields(kind: type[Any]) -> bool:
    """Whether what :func:`plain` makes of values of a type is an object of all of their fields."""
    return attrs.has(kind) and not issubclass(kind, Rag | Period | Scale | Enum | Mapping)


@cache
def fields_of(kind: type[attrs.AttrsInstance]) -> tuple[tuple[str, ...], Callable[[Any], Sequence[Any]]]:
    """The names of a kind's fields, and what takes their values."""
    names = tuple(each.name for each in attrs.fields(kind))
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda value: [getattr(value, name) for name in names]
