"""What the workbench finds as plain values, for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs

from ..period import Period
from ..problem import Place, Problem
from ..rating.phrases import grace_value
from ..rulebook.grace import Grace
from ..terms import Rag, Scale

__all__ = ["plain"]

#: a field that is drawn, and holds functions
_DRAWN = "strips"


def plain(value: Any) -> Any:
    """A value as texts, numbers, lists and tables: levels by id, days as ISO text, numbers as ``n`` or ``n/d``."""
    match value:
        case Fraction() | Rag() | Period() | Place() | Problem():
            return str(value)
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Scale():
            return [str(level) for level in value]
        case Grace():
            return _grace(value)
        case tuple() | list():
            return [plain(item) for item in value]
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case _ if attrs.has(type(value)):
            names = (field.name for field in attrs.fields(type(value)) if field.name != _DRAWN)
            return {name: plain(getattr(value, name)) for name in names}
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
