"""KPIs that compare an interval with their target: which of them columns of its ends can rate, and which not."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from ..rulebook.case_source import CaseSource, Product, case_source
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..terms import Missing

__all__ = ["INTERVALS", "CaseColumns", "compared_one_by_one", "compares_intervals"]

#: why a value alone does not rate them
INTERVALS = "an interval is compared with its target"


class CaseColumns(IntEnum):
    """How columns make the interval of a row that brings none, of the cases that :mod:`ragengine.rating.cases` has."""

    #: it has none
    NONE = 0
    #: numerator and denominator
    COUNTS = 1
    #: the value
    VALUE = 2
    #: the numerator of a formula that grows evenly with it
    RATE = 3
    #: the same of one that is the percentage of its denominator
    SHARE = 4
    #: whether a formula grows so, or is such a percentage, depends on the row
    ONE_BY_ONE = 5

    @classmethod
    def of(cls, kpi: Kpi) -> CaseColumns:
        """That of a KPI."""
        if kpi.compare is None or kpi.confidence is None:
            return cls.NONE
        source = case_source(kpi)
        if source is not CaseSource.FORMULA:
            return cls.COUNTS if source is CaseSource.COUNTS else cls.VALUE
        product = None if kpi.formula is None else Product.of(kpi.formula)
        if product is None or not product.grows_evenly or "target" in product.times:
            return cls.ONE_BY_ONE
        if kpi.unit != "%":
            return cls.RATE
        return cls.SHARE if product.is_share else cls.ONE_BY_ONE


def compares_intervals(kpi: Kpi) -> bool:
    """Whether a KPI, or one of its entities' own rules, compares an interval."""
    return any(own.compare is not None for own in (kpi, *kpi.entities.values()))


def compared_one_by_one(rules: Rules, kpi: Kpi) -> bool:
    """Whether what is looked up, or beside which target, is more than columns of ends tell."""
    return kpi.compare is not None and (
        bool(kpi.relative_targets)
        or kpi.score is not None
        or rules.missing_of(kpi) is Missing.CARRY_FORWARD
        or any(not _is_a_float(target) for target in (kpi.target.values if kpi.target else ()))
    )


def _is_a_float(target: object) -> bool:
    """Whether a target that is one number is the number that its float prints as."""
    return not isinstance(target, int | Decimal) or Fraction(repr(float(target))) == Fraction(target)
