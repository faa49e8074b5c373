"""Entities with one row of a KPI, as in a country's month: what it comes to is kept, and the rating made when asked."""

from __future__ import annotations

from ..period import Period
from ..rating.facts import Facts
from ..rating.prepare import PreparedKpi
from ..rulebook.frequency import Frequency
from ..ruling import Outcome
from .histories import Histories, KpiHistories
from .rows import Key
from .seen import Seen
from .shown import shown_period

__all__ = ["OnlyRows"]


class OnlyRows:
    """The only rows of KPIs and entities in a scorecard of ``period`` that compares them with nothing else."""

    def __init__(self, histories: Histories, period: Period, seen: Seen) -> None:
        self._histories = histories
        self._period = period
        self._seen = seen
        self._shown: dict[tuple[Frequency | None, Period], Period] = {}

    def outcome(self, series: KpiHistories, entity: str | None) -> Outcome | None:
        """What an entity's only row comes to, where the levels of its value rest on nothing else; else None."""
        given, prepared = series.only_row(entity), series.prepared
        if given is None or given.period is None or given.period != self._shown_of_one(prepared, given.period):
            return None
        ruling = prepared.ruling(given.period, entity)
        if ruling.outcomes_of_values is None or ruling.kpi.score is not None:
            return None
        found = prepared.outcome_of_value(ruling, given)
        if found is None:
            rating = series.rating_of_only_row(entity)
            self._seen.see(given, rating)
            return rating.outcome
        outcome, value = found
        self._seen.see_value(given, outcome, value)
        return outcome

    def facts(self, key: Key) -> Facts:
        """What the rating of a row was made from whose outcome was given."""
        kpi_id, entity = key
        return self._histories.of(kpi_id).rating_of_only_row(entity).facts

    def _shown_of_one(self, prepared: PreparedKpi, measured: Period) -> Period:
        """The period that is shown of a KPI that was measured in one."""
        key = prepared.kpi.frequency, measured
        if key not in self._shown:
            self._shown[key] = shown_period(prepared.kpi, (measured,), self._period)
        return self._shown[key]
