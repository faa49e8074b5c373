"""A worse level is adopted only after so many periods in a row."""

from __future__ import annotations

from collections.abc import Sequence

from ..terms import Rag
from .facts import PastLevel

__all__ = ["adopted_level"]


def adopted_level(instant: Rag, before: Sequence[PastLevel], periods: int) -> Rag:
    """The level that is adopted: once so many rated periods in a row were worse than the adopted one, their best."""
    if not before or instant.is_grey:
        return instant
    adopted = before[-1].adopted
    if instant >= adopted:
        return instant
    run = [past.instant for past in before[len(before) - periods + 1 :]] + [instant]
    if len(run) == periods and all(level < adopted for level in run):
        return max(run)
    return adopted
