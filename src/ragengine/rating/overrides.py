"""Overrides: a dated, authorised, reasoned judgement on one rating, applied here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..data.model import Override
from ..terms import Rag, Scale

__all__ = ["agreed", "in_force"]


def in_force(override: Override, day: date) -> bool:
    """Whether an override is live on a day."""
    return override.start <= day <= override.until


def agreed(level: Rag, overrides: Sequence[Override], day: date, scale: Scale) -> Rag:
    """The level that the overrides in force on a day leave, each applied in turn.

    A judgement (``rag``) replaces any level, grey too; a cap or a floor says nothing of what is not rated.
    """
    for override in overrides:
        if not in_force(override, day):
            continue
        wanted = scale[override.level]
        if override.effect == "rag":
            level = wanted
        elif not level.is_grey:
            level = min(level, wanted) if override.effect == "no_better_than" else max(level, wanted)
    return level
