"""A review as plain values, for JSON."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

import attrs

from ...period import Period
from ...problem import Place, Problem
from ...rating.phrases import grace_value
from ...rulebook.grace import Grace
from ...terms import Rag, Scale

__all__ = ["plain"]


def plain(value: Any) -> Any:
    """A value of a review as texts, numbers, lists and tables: levels by id, periods and days as data write them."""
    match value:
        case Fraction():
            return str(value)
        case Rag() | Period() | Place() | Problem() | StrEnum():
            return str(value)
        case date():
            return value.isoformat()
        case Scale():
            return [str(level) for level in value]
        case Grace():
            return _grace(value)
        case tuple():
            return [plain(item) for item in value]
        case _ if attrs.has(type(value)):
            return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
        case _:
            return value


def _grace(grace: Grace) -> dict[str, str]:
    return {
        "effect": str(grace.effect),
        "value": grace_value(grace),
        "from": grace.start.isoformat(),
        "until": grace.until.isoformat(),
        "reason": grace.reason,
        "authority": grace.authority,
        "when": "" if grace.when is None else grace.when.text,
        "evidence": grace.evidence,
    }
