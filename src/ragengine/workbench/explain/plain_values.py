"""Explanations as plain values, for JSON."""

from __future__ import annotations

from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from attrs import AttrsInstance, asdict

from ...period import Period
from ...terms import Rag

__all__ = ["plain_values"]

#: what is drawn, and holds functions
_DRAWN = "strips"


def plain_values(explained: AttrsInstance) -> dict[str, Any]:
    """An explanation with levels as ids, days as ISO text and numbers as ``n`` or ``n/d``; without what is drawn."""
    return asdict(
        explained,
        filter=lambda attribute, _: attribute.name != _DRAWN,
        value_serializer=lambda _, __, value: _plain(value),
    )


def _plain(value: object) -> object:
    match value:
        case Rag():
            return value.id
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Fraction() | Period():
            return str(value)
    return value
