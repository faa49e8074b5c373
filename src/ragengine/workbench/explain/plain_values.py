"""Explanations as plain values, for JSON."""

from __future__ import annotations

from typing import Any

from attrs import AttrsInstance, fields

from ...plain import plain

__all__ = ["explanation_values"]

#: what is drawn, and holds functions
_DRAWN = "strips"


def explanation_values(explained: AttrsInstance) -> dict[str, Any]:
    """An explanation as an object, without what is drawn."""
    names = [each.name for each in fields(type(explained)) if each.name != _DRAWN]
    return {name: plain(getattr(explained, name)) for name in names}
