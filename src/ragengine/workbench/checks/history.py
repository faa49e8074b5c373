"""Checks that need measurements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from ...bands import BandTable
from ...data.model import Measurement, period_of
from ...data.states import Judged, state_of
from ...number import text
from ...period import PeriodKind
from ...rulebook.kpi import Kpi
from ...ruling import ruling_on
from ...terms import Rag
from .base import CheckInput, Finding, new_check


@new_check("RAG059", "a target loosened when it would have been missed")
def loosened_target(given: CheckInput) -> Iterator[Finding]:
    """A target or tolerance eased in the very period in which the KPI would have missed it asks for a reason."""
    if given.data is None:
        return
    for kpi in given.kpis:
        if kpi.compare is not None:
            continue
        entity = given.entity_of(kpi)
        for (_, _, old), (before, after, new) in pairwise(_stretches(given, kpi)):
            if old is None or new is None:
                continue
            for row in _first_rows(given, kpi, entity, before, after):
                target = ruling_on(given.rules, kpi, before).target
                state = state_of(kpi, row, target if isinstance(target, Fraction) else None)
                if not isinstance(state, Judged):
                    continue
                was, now = old.label(state.value), new.label(state.value)
                if was < now and str(before) not in kpi.rationale:
                    said = (
                        f"eased from {before}: {text(state.value)} in {row.period_text or row.period} is "
                        f"{now.label} and would have been {was.label}"
                    )
                    hint = f"say in its rationale who decided that, and why, with the date {before}"
                    yield Finding(kpi.file, given.at(kpi, _changed_key(kpi, before)), said, hint)


@new_check("RAG061", "days that are hardly days")
def months_as_days(given: CheckInput) -> Iterator[Finding]:
    """A date column turns months into their first days, and a first day may have another rule than the month's last."""
    if given.data is None:
        return
    for kpi in given.rules.kpis.values():
        if kpi.frequency is not None:
            continue
        periods = [period_of(row, given.rules.calendar) for row in given.rows_of(kpi.id)]
        days = {period.end for period in periods if period is not None and period.kind is PeriodKind.DAY}
        if days and len(days) == len({period for period in periods if period}) and all(day.day == 1 for day in days):
            many = "its one day is" if len(days) == 1 else f"all {len(days)} of its days are"
            said = f"{many} the first of a month, {min(days)} first: months in a column of dates?"
            hint = 'write frequency = "monthly" (or "quarterly", "annual"), and each day is the period it begins'
            yield Finding(kpi.file, given.at(kpi), said, hint)


def _stretches(given: CheckInput, kpi: Kpi) -> list[tuple[date, date, BandTable[Rag] | None]]:
    """First day, last day and table of each stretch of time in which the rule's own table is one."""
    made: list[tuple[date, date, BandTable[Rag] | None]] = []
    for ruling, table in given.tables(kpi):
        if made and made[-1][2] == table:
            made[-1] = (made[-1][0], ruling.era.end, table)
        else:
            made.append((ruling.era.start, ruling.era.end, table))
    return made


def _changed_key(kpi: Kpi, day: date) -> str:
    """The key that changes on a day."""
    dated = {"target": kpi.target, "tolerance": kpi.tolerance, "amber": kpi.amber, "bands": kpi.bands}
    return next((key for key, values in dated.items() if values is not None and day in values.changes), "target")


def _first_rows(given: CheckInput, kpi: Kpi, entity: str | None, start: date, until: date) -> Iterator[Measurement]:
    """For each entity that the rule judges, its first measurement between two days."""
    first: dict[str | None, tuple[date, Measurement]] = {}
    for row in given.rows_of(kpi.id):
        if row.entity != entity if entity is not None else row.entity in kpi.entities:
            continue
        period = period_of(row, given.rules.calendar)
        if period is None:
            continue
        known = first.get(row.entity)
        if start <= period.end <= until and (known is None or period.end < known[0]):
            first[row.entity] = (period.end, row)
    return (row for _, row in first.values())
