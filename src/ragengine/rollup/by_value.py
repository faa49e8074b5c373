"""Rows of which the value alone decides: a scorecard keeps what they come to, and makes the rating when asked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..data.model import Measurement
from ..period import Period
from ..rating.facts import Facts
from ..rating.prepare import PreparedKpi
from ..rulebook.frequency import Frequency
from ..ruling import Outcome
from .histories import Histories, KpiHistories
from .rows import Key
from .seen import RowsSeen
from .shown import shown_period

__all__ = ["ByValue"]


class ByValue:
    """The rows of KPIs and entities in a scorecard of ``period`` that compares them with no other's."""

    def __init__(self, histories: Histories, period: Period, seen: RowsSeen) -> None:
        self._histories = histories
        self._period = period
        self._seen = seen
        self._shown: dict[tuple[Frequency | None, Period], Period] = {}

    def outcome(self, of_kpi: KpiHistories, entity: str | None) -> Outcome | None:
        """What an entity comes to, whose rows are counted then; None where more may decide it than their values."""
        rows, prepared = of_kpi.rows(entity, self._period.end), of_kpi.prepared
        if not rows or of_kpi.overrides:
            return None
        current = self._shown_of(prepared, rows)
        found: Outcome | None = None
        judged: list[tuple[Measurement, Outcome, Fraction]] = []
        for row in rows:
            assert row.period is not None
            if row.period != current and row.period.end >= current.end:
                continue
            ruling = prepared.ruling(row.period, entity)
            if ruling.outcomes_of_values is None or ruling.kpi.score is not None or ruling.kpi.persistence > 1:
                return None
            own = prepared.outcome_of_value(ruling, row)
            if own is None:
                return self._of_no_value(of_kpi, entity, current) if len(rows) == 1 else None
            judged.append((row, *own))
            if row.period == current:
                found = own[0]
        if found is not None:
            for each in judged:
                self._seen.see_value(*each)
            for _ in range(len(rows) - len(judged)):
                self._seen.count(None)
        return found

    def _of_no_value(self, of_kpi: KpiHistories, entity: str | None, current: Period) -> Outcome | None:
        """What a row comes to that has no value, and no other row from which it might take one."""
        (row,) = of_kpi.rows(entity, self._period.end)
        if row.period != current:
            return None
        rating = of_kpi.rating_anew(entity, current)
        self._seen.see(row, rating)
        return rating.outcome

    def facts(self, key: Key) -> Facts:
        """What the rating was made from of a KPI and entity whose outcome was given."""
        kpi_id, entity = key
        of_kpi = self._histories.of(kpi_id)
        shown = self._shown_of(of_kpi.prepared, of_kpi.rows(entity, self._period.end))
        return of_kpi.rating_anew(entity, shown).facts

    def _shown_of(self, prepared: PreparedKpi, rows: Sequence[Measurement]) -> Period:
        """The period that is shown of rows in the order of time."""
        measured = [row.period for row in rows if row.period is not None]
        if len(measured) > 1:
            return shown_period(prepared.kpi, measured, self._period)
        key = prepared.kpi.frequency, measured[0]
        if key not in self._shown:
            self._shown[key] = shown_period(prepared.kpi, measured, self._period)
        return self._shown[key]
