"""KPIs that compare an interval with their target: which of them columns of its ends can rate, and which not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..terms import Missing

__all__ = ["INTERVALS", "compared_one_by_one", "compares_intervals"]

#: why a value alone does not rate them
INTERVALS = "an interval is compared with its target"


def compares_intervals(kpi: Kpi) -> bool:
    """Whether a KPI, or one of its entities' own rules, compares an interval."""
    return any(own.compare is not None for own in (kpi, *kpi.entities.values()))


def compared_one_by_one(rules: Rules, kpi: Kpi) -> bool:
    """Whether what is looked up, or beside which target, is more than columns of ends tell."""
    return kpi.compare is not None and (
        bool(kpi.relative_targets)
        or kpi.formula is not None
        or kpi.score is not None
        or rules.missing_of(kpi) is Missing.CARRY_FORWARD
        or any(not _is_a_float(target) for target in (kpi.target.values if kpi.target else ()))
    )


def _is_a_float(target: object) -> bool:
    """Whether a target that is one number is the number that its float prints as."""
    return not isinstance(target, int | Decimal) or Fraction(repr(float(target))) == Fraction(target)
