"""KPIs whose target is made from other rows: which of them columns of values can make, and which not."""

from __future__ import annotations

from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..terms import Missing

__all__ = ["made_from_rows", "made_one_by_one"]

#: of more periods than these the target is made row by row
_MOST_PERIODS = 4


def made_from_rows(kpi: Kpi) -> str:
    """That a KPI's target is made from other rows, in words; empty where it is not."""
    relative = kpi.relative_targets
    return f"its target is made from other rows: {relative[0].source}" if relative else ""


def made_one_by_one(rules: Rules, kpi: Kpi) -> bool:
    """Whether which rows count, or what they are, is more than columns of values tell."""
    return (
        any(grace.effect.suspends for grace in kpi.graces)
        or any(target.periods > _MOST_PERIODS for target in kpi.relative_targets)
        or rules.missing_of(kpi) is Missing.CARRY_FORWARD
        or kpi.minimum_n is not None
        or kpi.rated_from is not None
        or kpi.decimals is not None
        or kpi.formula is not None
    )
