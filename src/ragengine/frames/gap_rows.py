"""Rows for the periods that nobody reported, rated as columns beside those that were reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals.stable.v2 as nw

from ..book import Rulebook
from ..rulebook.kpi import Kpi
from .absent_ratings import MEASURED, check_measured
from .engines import Frame, engine_of, unused
from .rate import rate
from .rated_rows import RatedRows
from .scores import SCORE
from .small_table import SmallTable
from .tables import tables_of
from .unreported import unmistakable

__all__ = ["is_rated_as_rows", "with_gaps"]

_NUMBERS = {name: unused(f"gap_{name}") for name in ("kpi", "entity", "period")}


def is_rated_as_rows(book: Rulebook, kpi: Kpi) -> bool:
    """Whether a row without a value, put into a gap, is rated as the gap itself: where a look-up rates the KPI."""
    return kpi.id not in tables_of(book).catalogue.refused


def with_gaps(rows: RatedRows, book: Rulebook, expected: Mapping[tuple[int, int], Sequence[int]]) -> RatedRows:
    """The rows, and levels for those that are expected and not there.

    ``expected`` are the numbers of periods, by those of KPI and entity. The rows that were reported of them are rated
    once more, because a gap may take their values. Raises BadArgument where they hold no measurements.
    """
    gaps = rows.lacking(expected)
    if not len(gaps):
        return rows
    kpis = [rows.kpis[n] for n in gaps["kpi"].unique().to_list()]
    inputs = {name for kpi in kpis for name in book.rules.kpis[kpi].inputs}
    for kpi in kpis:
        check_measured(book, kpi, rows.columns.kinds)
    own = gaps.select("kpi", "entity").unique().iter_rows()
    whose = rows.with_peers((rows.kpis[kpi], entity) for kpi, entity in own)
    reported = rows.measurements(whose, (*MEASURED, *sorted(inputs)))
    texts = {
        "kpi": rows.kpis,
        "entity": rows.entities,
        "period": [unmistakable(period) for period in rows.periods],
    }
    both = nw.concat([reported, _named(gaps, texts)], how="diagonal")
    wanted = ("rag", SCORE) if rows.has_scores else ("rag",)
    rated = nw.from_native(rate(both.to_native(), book, columns=wanted, periods=[*rows.written, *texts["period"]]))
    is_gap = ~nw.col(_NUMBERS["period"]).is_null()
    return rows.beside(rated.filter(is_gap), {name: nw.col(own) for name, own in _NUMBERS.items()})


def _named(gaps: Frame, texts: Mapping[str, Sequence[str]]) -> Frame:
    """The gaps as rows of a frame, beside the numbers that they have."""
    numbered = gaps.select(**{own: nw.col(name) for name, own in _NUMBERS.items()})
    for name, own in _NUMBERS.items():
        numbered = engine_of(numbered).look_up(numbered, own, SmallTable.of({}, {name: texts[name]}))
    return numbered.select(*_NUMBERS.values(), *(nw.col(name).cast(nw.String) for name in _NUMBERS))
