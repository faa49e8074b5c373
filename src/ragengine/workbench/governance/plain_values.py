"""A review as plain values, for JSON."""

from __future__ import annotations

from typing import Any

from ...plain import plain
from ...rating.phrases import grace_value
from ...rulebook.grace import Grace

__all__ = ["review_values"]


def review_values(review: Any) -> Any:
    """A review as an object, each grace as its author writes it."""
    return plain(review, {Grace: _grace})


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
