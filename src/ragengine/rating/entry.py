"""A rating in short, as plain values: what its row of a scorecard says, without the derivation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..rulebook.measure import Range
from .certainty import interval_line
from .readable import Readable
from .scoring import score_of

__all__ = ["ENTRY", "entry_of"]

#: the keys, which the explanation has too, with the same values
ENTRY = (
    "subject", "kind", "title", "area", "period", "entity", "rag", "adjusted", "computed", "reason", "value", "unit",
    "numerator", "denominator", "excluded", "target", "shortfall", "days_late", "previous", "previous_period",
    "movement", "cause", "score", "interval",
)  # fmt: skip


def entry_of(rating: Readable) -> dict[str, Any]:
    """The entry of a KPI's or an action's rating: numbers as exact texts, ``84`` or ``2/3``, None for none.

    ``interval`` is an :class:`~ragengine.rating.certainty.IntervalLine`, which has fields.
    """
    outcome, facts = rating.outcome, rating.facts
    ruling, given, movement = outcome.ruling, facts.given, rating.movement
    kpi = None if ruling.is_action else ruling.kpi
    rule = ruling.rule
    area = ruling.rules.areas.get(rule.area)
    previous = facts.previous
    return {
        "subject": rule.id,
        "kind": "kpi" if kpi else "action",
        "title": rule.title,
        "area": area.title if area else rule.area,
        "period": str(facts.period) if facts.period else "",
        "entity": facts.entity or "",
        "rag": str(outcome.rag),
        "adjusted": str(outcome.adjusted),
        "computed": str(outcome.computed),
        "reason": str(outcome.reason) if outcome.reason else "",
        "value": _number(facts.value),
        "unit": kpi.unit if kpi else ("days late" if facts.value is not None and rule.formula is None else ""),
        "numerator": _number(given.numerator) if given else None,
        "denominator": _number(given.denominator) if given else None,
        "excluded": _number(given.excluded) if given else None,
        "target": _target(rating.target),
        "shortfall": _number(rating.shortfall),
        "days_late": facts.days_late,
        "previous": str(previous.rag) if previous else "",
        "previous_period": str(previous.period) if previous and previous.period else "",
        "movement": str(movement) if movement else "",
        "cause": str(movement.cause) if movement and movement.cause else "",
        "score": _number(score_of(rating)),
        "interval": interval_line(rating),
    }


def _number(value: object) -> str | None:
    return str(value) if isinstance(value, Fraction) else None


def _target(target: Fraction | Range | None) -> str | None:
    if isinstance(target, Range):
        return f"{target.min} to {target.max}"
    return _number(target)
