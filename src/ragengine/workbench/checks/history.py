"""Checks that need measurements."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...bands import BandTable
from ...data.model import Measurement
from ...number import text
from ...period import PeriodError, parse_period
from ...rating.value import Judged, judged_value
from ...rulebook.compile import Era, UnusableTarget, eras_of, kpi_table
from ...rulebook.kpi import Kpi
from ...terms import Rag
from .base import Finding, Given, at, check


@check("RAG059", "a target loosened when it would have been missed")
def loosened_target(given: Given) -> Iterator[Finding]:
    """A target or tolerance eased in the very period in which the KPI would have missed it asks for a reason."""
    if given.data is None:
        return
    for kpi in given.rules.kpis.values():
        eras = list(eras_of(kpi))
        for before, after in zip(eras, eras[1:], strict=False):
            old, new = _table(before, given), _table(after, given)
            if old is None or new is None:
                continue
            for row in _first_rows(kpi, after, given):
                target = after.rule_target if isinstance(after.rule_target, Fraction) else None
                state = judged_value(kpi, row, target)
                if not isinstance(state, Judged):
                    continue
                was, now = old.label(state.value), new.label(state.value)
                if was < now:
                    key = "bands" if after.bands else "target"
                    said = (
                        f"eased from {after.start}: {text(state.value)} in {row.period_text or row.period} is "
                        f"{now.label} and would have been {was.label}"
                    )
                    hint = "say why in rationale, with the date of the decision"
                    yield Finding(kpi.file, at(kpi, key), said, hint)


def _table(era: Era, given: Given) -> BandTable[Rag] | None:
    try:
        return kpi_table(era, given.rules.scale)
    except UnusableTarget:
        return None


def _first_rows(kpi: Kpi, era: Era, given: Given) -> Iterator[Measurement]:
    """For each entity, the first measurement that the era judges."""
    assert given.data is not None
    first: dict[str | None, tuple[object, Measurement]] = {}
    for row in given.data.measurements:
        if row.kpi != kpi.id:
            continue
        period = row.period
        if period is None:
            try:
                period = parse_period(row.period_text, day_first=given.rules.day_first)
            except PeriodError:
                continue
        if era.start <= period.end <= era.end:
            known = first.get(row.entity)
            if known is None or period.end < known[0]:  # type: ignore[operator]
                first[row.entity] = (period.end, row)
    return (row for _, row in first.values())
