"""Overrides: a dated, authorised, reasoned judgement on one rating, applied here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve

from ..data.model import Override
from ..rulebook.grace import limited
from ..terms import Rag, Scale

__all__ = ["agreed", "in_force", "in_order", "with_level"]


def in_force(override: Override, day: date) -> bool:
    """Whether an override is live on a day."""
    return override.start <= day <= override.until


def in_order(overrides: Iterable[Override]) -> list[Override]:
    """Overrides in the order in which they are applied: of two in force, the last begun counts."""
    return sorted(overrides, key=lambda override: (override.start, override.place.line))


def with_level(override: Override, scale: Scale) -> Override | None:
    """An override with its level by id; None where it cannot be used: no such level, or a limit that is grey."""
    level = scale.read(override.level)
    if level is None or (level.is_grey and override.effect != "rag"):
        return None
    return evolve(override, level=str(level))


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
        else:
            level = limited(level, override.effect, wanted)
    return level
