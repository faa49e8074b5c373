"""Which KPIs a rated frame reports, for whom and since when; what many entities have alike is told once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import narwhals.stable.v2 as nw
from attrs import define, frozen

from ..period import PeriodKind
from .engines import engine_of, unused
from .small_table import SmallTable

__all__ = ["PAIRS", "Reported", "ReportedAlike", "ReportedRows"]

#: the columns of a frame of all that was reported, as numbers
PAIRS = _KPI, _ENTITY, _KIND, _ROWS, _FIRST = tuple(
    unused(name) for name in ("reported_kpi", "reported_entity", "reported_kind", "reported_rows", "reported_first")
)
_COUNT, _GROUP, _IS_WHOLE = unused("count_of_entities"), unused("reported_group"), unused("is_whole")


@frozen
class ReportedAlike:
    """That a KPI was reported for some entities in as many periods of one kind, the same first among them.

    Attributes:
        rows: in how many periods.
        first: number of the earliest of them.
        of_whole: whether for the whole, and no entity.
    """

    kind: PeriodKind
    rows: int
    first: int
    of_whole: bool


@define
class Reported:
    """That a KPI was reported for one entity, in periods of one kind.

    Attributes:
        kpi, entity: their numbers.
        rows, first: as those of many entities have them.
    """

    kpi: int
    entity: int
    kind: PeriodKind
    rows: int
    first: int


@frozen
class ReportedRows:
    """All that was reported.

    Attributes:
        whole: the number of no entity.
    """

    _pairs: nw.DataFrame[Any]
    whole: int

    def alike(self) -> dict[int, list[ReportedAlike]]:
        """What was reported of each KPI, by number."""
        of_whole = (nw.col(_ENTITY) == self.whole).cast(nw.Int64).alias(_IS_WHOLE)
        names = (_KPI, _KIND, _ROWS, _FIRST, _IS_WHOLE)
        found = self._pairs.select(*names[:-1], of_whole).unique().sort(*names)
        kinds, made = tuple(PeriodKind), dict[int, list[ReportedAlike]]()
        for kpi, kind, rows, first, is_whole in found.iter_rows():
            made.setdefault(kpi, []).append(ReportedAlike(kinds[kind], rows, first, bool(is_whole)))
        return made

    def of(self, kpis: Collection[int]) -> dict[int, list[Reported]]:
        """What was reported of some KPIs, entity by entity."""
        if not kpis:
            return {}
        own = self._pairs.filter(nw.col(_KPI).is_in(sorted(kpis))).select(*PAIRS).sort(_KPI, _ENTITY, _KIND)
        kinds, made = tuple(PeriodKind), {kpi: list[Reported]() for kpi in kpis}
        for kpi, entity, kind, rows, first in own.iter_rows():
            made[kpi].append(Reported(kpi, entity, kinds[kind], rows, first))
        return made

    def starts(self, group_of: Sequence[int]) -> list[dict[int, dict[int, int]]]:
        """For each group of KPIs (-1 for none) and each entity, how many are reported first in which period."""
        made = [dict[int, dict[int, int]]() for _ in range(max(group_of, default=-1) + 1)]
        if not made:
            return made
        grouped = engine_of(self._pairs).look_up(self._pairs, _KPI, SmallTable.of({_GROUP: group_of}))
        names = (_GROUP, _ENTITY, _FIRST)
        found = grouped.group_by(*names).agg(nw.len().alias(_COUNT)).select(*names, _COUNT)
        for group, entity, first, count in found.filter(nw.col(_GROUP) >= 0).iter_rows():
            made[group].setdefault(entity, {})[first] = count
        return made
