"""Levels of rows that named authorities judged, as a scorecard of another day than the rows' own has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..data.model import Override
from ..period import Period, PeriodError, parse_period
from ..rating.overrides import agreed
from ..rulebook.rules import Rules
from ..terms import Rag

__all__ = ["JudgedRows"]


class JudgedRows:
    """The rows of KPIs that overrides name, at their adjusted levels: a scorecard judges each on its own last day.

    A rated frame has judged each row on the last day of its own period, which is another where a scorecard of a month
    shows a quarter.
    """

    def __init__(self, rules: Rules, overrides: Mapping[str, Sequence[Override]]) -> None:
        self._rules = rules
        self._overrides = {subject: own for subject, own in overrides.items() if subject in rules.kpis}
        self._adjusted: dict[tuple[str, str | None, Period], Rag] = {}

    def is_named(self, kpi: str) -> bool:
        """Whether an override names the KPI."""
        return kpi in self._overrides

    def remember(self, rows: Iterable[Mapping[str, Any]], adjusted: str) -> None:
        """Rows of named KPIs; ``adjusted`` is the column of their levels before any judgement."""
        for row in rows:
            level = None if row.get(adjusted) is None else self._rules.scale.read(str(row[adjusted]))
            period = self._period(row)
            if level is not None and period is not None:
                self._adjusted[str(row["kpi"]), row.get("entity") or None, period] = level

    def _period(self, row: Mapping[str, Any]) -> Period | None:
        try:
            period = parse_period(row.get("period"), self._rules.calendar)
        except PeriodError:
            return None
        frequency = self._rules.kpis[str(row["kpi"])].frequency
        return period if frequency is None else frequency.named(period)

    def level(self, kpi: str, entity: str | None, period: Period, of: Period) -> Rag | None:
        """The final level of a row in the scorecard of another period; None where the row's own final level stands."""
        adjusted = self._adjusted.get((kpi, entity, period))
        if adjusted is None or period.end == of.end:
            return None
        own = [override for override in self._overrides[kpi] if override.entity == entity]
        return agreed(adjusted, own, of.end, self._rules.scale)
