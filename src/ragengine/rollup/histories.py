"""The measurements of a run as histories, one a KPI and entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ..data.collection import Data
from ..data.model import Measurement, Override
from ..period import Period
from ..rating.history import History, cohort_of
from ..rating.overrides import usable_by_subject
from ..rating.prepare import PreparedKpi
from ..rating.rating import Rating
from ..rulebook.rules import Rules
from .usable_rows import Rows, Telling, UsableRows

__all__ = ["Histories", "KpiHistories"]


class KpiHistories:
    """The rows of one KPI by entity, each a history once somebody asks for it.

    Attributes:
        overrides: those on the KPI, of any entity.
    """

    def __init__(
        self,
        prepared: PreparedKpi,
        rows: Mapping[str | None, Rows],
        unread: Mapping[str | None, Measurement],
        overrides: Sequence[Override],
    ) -> None:
        self.prepared = prepared
        self._rows = rows
        self._unread = unread
        self.overrides = overrides
        self._made: dict[str | None, History] = {}
        self._cohort = cohort_of(self._all)

    def begins_by(self, day: date) -> bool:
        """Whether anything was measured by a day."""
        return any(_begin_by(rows, day) for rows in self._rows.values())

    def entities(self, day: date) -> list[str | None]:
        """Whose values were measured by a day; where there is nothing at all, of no entity."""
        found = [entity for entity, rows in self._rows.items() if _begin_by(rows, day)]
        if self._unread:
            # those of which there is a row that cannot be read come first
            found = list(dict.fromkeys((*self._unread, *found)))
        return found or [None]

    def rows(self, entity: str | None, day: date) -> Rows:
        """The rows of an entity by a day, in the order of time."""
        rows = self._rows.get(entity, ())
        if all(row.period is not None and row.period.end <= day for row in rows):
            return rows
        return tuple(row for row in rows if row.period is not None and row.period.end <= day)

    def history(self, entity: str | None) -> History:
        """What was measured of an entity."""
        known = self._made.get(entity)
        if known is None:
            known = self._made[entity] = self._history(entity)
        return known

    def rating_anew(self, entity: str | None, period: Period) -> Rating:
        """The rating of an entity's row of a period, made each time from its rows alone, by any thread."""
        rating = self._history(entity).rating_of(period)
        assert rating is not None
        return rating

    def _history(self, entity: str | None) -> History:
        overrides = [o for o in self.overrides if o.entity == entity]
        return self.prepared.whole_history(entity, self._rows.get(entity, ()), overrides, self._cohort)

    def _all(self) -> Mapping[str | None, History]:
        return {entity: self.history(entity) for entity in self._rows}


class Histories:
    """The rows up to a day as series in time, one a KPI and entity; scorecards of any day until then share it.

    ``others`` are of the same data and day: what they have of a KPI that is prepared once for both is theirs too.
    ``shared`` says whether more scorecards than one are made of it.
    """

    def __init__(
        self,
        rules: Rules,
        prepared: Mapping[str, PreparedKpi],
        data: Data,
        day: date,
        others: Histories | None = None,
        *,
        shared: bool = True,
    ) -> None:
        self.shared = shared
        self.prepared = prepared
        self.tell = Telling(data)
        self.usable = UsableRows(rules, prepared, data, day, self.tell)
        overrides = usable_by_subject(data.overrides, rules.scale)
        rows = self.usable.by_kpi()
        self._series = {
            kpi_id: KpiHistories(
                own, rows.get(kpi_id, {}), self.usable.unread.get(kpi_id, {}), tuple(overrides.get(kpi_id, ()))
            )
            for kpi_id, own in prepared.items()
        }
        if others is not None:
            self._series |= {
                kpi_id: series for kpi_id, series in others._series.items() if series.prepared is prepared.get(kpi_id)
            }

    def begin_by(self, day: date) -> bool:
        """Whether anything was measured by a day."""
        return any(series.begins_by(day) for series in self._series.values())

    def of(self, kpi_id: str) -> KpiHistories:
        """What was measured of a KPI."""
        return self._series[kpi_id]


def _begin_by(rows: Rows, day: date) -> bool:
    first = rows[0].period
    return first is not None and first.end <= day
