"""The measurements of a run as histories, one a KPI and entity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..data.collection import Data
from ..data.model import Measurement
from ..period import Period
from ..rating.history import History, cohort_of
from ..rating.overrides import usable_by_subject
from ..rating.prepare import PreparedKpi
from ..rulebook.rules import Rules
from .usable_rows import Telling, UsableRows

__all__ = ["Histories"]


class Histories:
    """The rows up to a day as series in time, one a KPI and entity; scorecards of any day until then share it.

    ``others`` are of the same data and day: what they have of a KPI that is prepared once for both is theirs too.
    """

    def __init__(
        self,
        rules: Rules,
        prepared: Mapping[str, PreparedKpi],
        data: Data,
        day: date,
        others: Histories | None = None,
    ) -> None:
        self.prepared = prepared
        self.tell = Telling()
        self.usable = UsableRows(rules, prepared, data, day, self.tell)
        self._overrides = usable_by_subject(data.overrides, rules.scale)
        self._histories: dict[str, dict[str | None, History]] = {kpi_id: {} for kpi_id in prepared}
        self._cohorts = {kpi_id: cohort_of(own) for kpi_id, own in self._histories.items()}
        for kpi_id, groups in self.usable.by_kpi().items():
            if others is not None and others.prepared.get(kpi_id) is prepared[kpi_id]:
                self._histories[kpi_id], self._cohorts[kpi_id] = others._histories[kpi_id], others._cohorts[kpi_id]
                continue
            for entity, by_period in groups.items():
                self._histories[kpi_id][entity] = self._history(prepared[kpi_id], entity, by_period)

    def begin_by(self, day: date) -> bool:
        """Whether anything was measured by a day."""
        return any(history.begins_by(day) for own in self._histories.values() for history in own.values())

    def of(self, prepared: PreparedKpi, day: date) -> dict[str | None, History]:
        """By entity, what was measured by a day; where there is nothing at all, of no entity."""
        own = self._histories.get(prepared.kpi.id, {})
        found = {entity: history for entity, history in own.items() if history.begins_by(day)}
        unread = self.usable.unread.get(prepared.kpi.id)
        if unread:
            # those of which there is a row that cannot be read come first
            found = {entity: own.get(entity) or self._history(prepared, entity, {}) for entity in unread} | found
        return found or {None: own.get(None) or self._history(prepared, None, {})}

    def _history(self, prepared: PreparedKpi, entity: str | None, by_period: Mapping[Period, Measurement]) -> History:
        overrides = [o for o in self._overrides.get(prepared.id, ()) if o.entity == entity]
        return prepared.whole_history(entity, by_period.values(), overrides, self._cohorts[prepared.id])
