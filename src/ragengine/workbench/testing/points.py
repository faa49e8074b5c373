"""One thing that a case should show, and what a case for it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from ...bands import BandTable
from ...number import text
from ...period import Period
from ...rating.prepare import PreparedKpi
from ...rating.relative import periods_of
from ...rulebook.kpi import Kpi
from ...ruling import Ruling
from ...terms import Rag
from ..sample_target import SAMPLE_TARGET
from ..value_limits import value_limits

__all__ = ["Point", "bringing_target", "can_be", "case_of", "day_in", "decimal"]


@frozen
class Point:
    """One thing a case should show.

    Attributes:
        subject: id of the KPI, action or area.
        what: ``just under 90``, ``first day of covid-19``, ``word yes``, ``rule 2``.
        key: what identifies it: kind and exact place.
        fields: what a case for it holds beside its expectation; None where it cannot be made without a person.
    """

    subject: str
    what: str
    key: tuple[object, ...]
    fields: Mapping[str, Any] | None = None


def day_in(ruling: Ruling) -> date:
    """A day on which a rule is so, the last of a month where there is one."""
    era = ruling.era
    if era.start == date.min:
        return era.end if era.end != date.max else date(2020, 4, 30)
    return era.start


def case_of(kpi: Kpi, day: date, entity: str | None, **more: Any) -> dict[str, Any]:
    """What a case of a KPI holds beside its expectation."""
    fields: dict[str, Any] = {"kpi": kpi.id}
    if entity:
        fields["entity"] = entity
    return {**fields, "period": day, **more}


def decimal(value: Fraction) -> Decimal | int:
    """A number as a case has it."""
    if value.denominator == 1:
        return int(value)
    return Decimal(text(value, 6, grouped=False)).normalize()


def bringing_target(ruling: Ruling, entity: str | None) -> dict[str, Any]:
    """What brings a case the sample target, where its value needs one: itself, or the rows that it is made from."""
    if not ruling.needs_target or ruling.data_target is None:
        return {}
    if ruling.relative is None:
        return {"target": decimal(ruling.data_target)}
    prepared = PreparedKpi(ruling.rules, ruling.rules.kpis[ruling.kpi.id])
    period = prepared.period_named(Period.of_day(day_in(ruling)))
    earlier = periods_of(ruling.relative, period, prepared.history(entity, ()))
    return {"history": [{"period": each.end, "value": decimal(SAMPLE_TARGET)} for each in earlier]}


def can_be(kpi: Kpi, table: BandTable[Rag], value: Fraction) -> bool:
    """Whether a measure can have the value at all: by its unit, and by what is valid."""
    least, most = value_limits(kpi, table)
    if (least is not None and value < least) or (most is not None and value > most):
        return False
    return kpi.valid is None or kpi.formula is not None or kpi.valid.hold(value)
