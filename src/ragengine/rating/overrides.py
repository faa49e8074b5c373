"""Overrides: a dated, authorised, reasoned judgement on one rating, applied here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve

from ..data.model import Override
from ..rulebook.grace import limited
from ..ruling import Outcome
from ..terms import Rag, Reason, Scale

__all__ = [
    "agreed",
    "has_lapsed",
    "in_force",
    "in_order",
    "judged",
    "overridden",
    "usable",
    "usable_by_subject",
    "with_level",
]


def in_force(override: Override, day: date) -> bool:
    """Whether an override is live on a day."""
    return override.start <= day <= override.until


def has_lapsed(override: Override, day: date) -> bool:
    """Whether an override was live before a day and is no more."""
    return override.until < day


def in_order(overrides: Iterable[Override]) -> list[Override]:
    """Overrides in the order in which they are applied: of two in force, the last begun counts."""
    return sorted(overrides, key=lambda override: (override.start, override.place.line))


def with_level(override: Override, scale: Scale) -> Override | None:
    """An override with its level by id; None where it cannot be used: no such level, or a limit that is grey."""
    level = scale.read(override.level)
    if level is None or (level.is_grey and override.effect != "rag"):
        return None
    return evolve(override, level=str(level))


def usable(overrides: Iterable[Override], scale: Scale) -> list[Override]:
    """Those that can be used, each with its level by id, in the order in which they are applied."""
    read = (with_level(override, scale) for override in in_order(overrides))
    return [override for override in read if override is not None]


def usable_by_subject(overrides: Iterable[Override], scale: Scale) -> dict[str, list[Override]]:
    """Those that can be used of each area, KPI and action."""
    found: dict[str, list[Override]] = {}
    for override in usable(overrides, scale):
        found.setdefault(override.subject, []).append(override)
    return found


def agreed(level: Rag, overrides: Sequence[Override], day: date, scale: Scale) -> Rag:
    """The level that the overrides in force on a day leave, each applied in turn.

    A judgement (``rag``) replaces any level, grey too; a cap or a floor says nothing of what is not rated.
    """
    return judged(level, [override for override in overrides if in_force(override, day)], scale)


def judged(level: Rag, overrides: Iterable[Override], scale: Scale) -> Rag:
    """The level that overrides in force leave, each applied in turn."""
    for override in overrides:
        wanted = scale[override.level]
        if override.effect == "rag":
            level = wanted
        else:
            level = limited(level, override.effect, wanted)
    return level


def overridden(
    outcome: Outcome, overrides: Sequence[Override], day: date | None
) -> tuple[Outcome, tuple[Override, ...], tuple[Override, ...]]:
    """The final level: a named authority's judgement on this one rating; and which are in force, and which lapsed."""
    if not overrides or day is None:
        return outcome, (), ()
    live = tuple(o for o in overrides if in_force(o, day))
    lapsed = tuple(o for o in overrides if has_lapsed(o, day))
    level = agreed(outcome.adjusted, live, day, outcome.ruling.scale)
    reason = outcome.reason if level.is_grey else None
    if level.is_grey and reason is None:
        reason = Reason.NOT_APPLICABLE
    return evolve(outcome, rag=level, reason=reason), live, lapsed
