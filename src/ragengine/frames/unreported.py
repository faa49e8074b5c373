"""Periods that nobody reported, of which later rows ask: which they are, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen

from ..book import Rulebook
from ..catalogue import SEPARATOR, catalogue_of
from ..period import Period
from ..rating.prepare import PreparedKpi
from ..rulebook.kpi import Kpi
from ..ruling.granting import EARLIER_VALUES
from .cells import FrameColumns
from .engines import Engine, Frame, engine_of, out, unused
from .periods import BEFORE, PERIOD, WHO, YEAR_AGO, PeriodNumbers
from .small_table import SmallTable

__all__ = [
    "Unreported", "blank_rows", "gaps_of", "kpis_asked", "measured_rows", "unmistakable",
]  # fmt: skip

#: whether a row was made for a period that nobody reported, and the number of a row's period
_IS_GAP, _GAP = unused("is_gap"), unused("gap")
_WHOSE = ("kpi", "entity")


@frozen
class Unreported:
    """What scorecards say of periods without a row, as later rows remember it.

    Attributes:
        rows: whose they are, the number of the period, ``previous_value`` and ``previous``, null where there is none.
    """

    rows: nw.DataFrame[Any]

    @classmethod
    def of(cls, rated: nw.DataFrame[Any], number: nw.Expr, level: nw.Expr) -> Unreported:
        """Of rows that were made by :func:`blank_rows` and rated."""
        who = nw.concat_str([nw.col("kpi").cast(nw.String), nw.col("entity").cast(nw.String)], separator=SEPARATOR)
        own = {WHO: who, PERIOD: nw.col(_GAP), unused("previous_value"): number, out("previous"): level}
        return cls(rated.filter(nw.col(_IS_GAP)).select(**own))

    def below(self, past: Frame, engine: Engine) -> Frame:
        """Rows of earlier periods, and these below them: the columns of ``past``, whose last one is remembered."""
        schema = past.collect_schema()
        own = self.rows.select(*(nw.col(name).cast(kind) for name, kind in schema.items()))
        own = own.filter(~nw.col(schema.names()[-1]).is_null())
        return nw.concat([past, engine.begin(own)], how="vertical")


@lru_cache(maxsize=32)
def kpis_asked(book: Rulebook, history: bool) -> frozenset[str]:
    """The KPIs rated by look-ups of whose gaps a later row may ask, and of whose gaps the rules say anything.

    With ``history`` every row asks, else those whose conditions look at earlier values.
    """
    kpis, refused = book.rules.kpis, catalogue_of(book).refused
    asked = kpis if history else _looking_back(book)
    return frozenset(id_ for id_ in asked if id_ not in refused and not _needs_a_value(book, kpis[id_]))


def _looking_back(book: Rulebook) -> frozenset[str]:
    """The KPIs that have a condition on values of earlier periods."""
    catalogue = catalogue_of(book)
    conditions = ((n, each) for n, each in enumerate(catalogue.conditions) if not isinstance(each, str))
    looks = {n for n, condition in conditions if EARLIER_VALUES & condition.names}
    return frozenset(cell.kpi.id for cell in catalogue.cells if looks.intersection(cell.conditions))


def _needs_a_value(book: Rulebook, kpi: Kpi, *, or_an_earlier: bool = False) -> bool:
    prepared = book[kpi.id]
    assert isinstance(prepared, PreparedKpi)
    return all(prepared.needs_a_value(entity, or_an_earlier=or_an_earlier) for entity in (None, *kpi.entities))


def unmistakable(period: Period) -> str:
    """A period as a text that is read as this one whatever stands beside it."""
    # a dash, and no hyphen: beside years, 2010-11 would be one
    return str(period).replace("-", "\u2013")


def measured_rows(own: Frame, columns: FrameColumns, names: Iterable[str], **made: nw.Expr) -> nw.DataFrame[Any]:
    """Rows of a frame as one that others can be put below: KPI and entity are texts, and ``made`` is added."""
    texts = {"kpi": nw.col("kpi").cast(nw.String), "entity": columns.text("entity").cast(nw.String), **made}
    kept = [name for name in names if name in columns and name not in (*texts, "period")]
    chosen = own.select(*kept, **texts)
    found = nw.maybe_reset_index(chosen.collect() if isinstance(chosen, nw.LazyFrame) else chosen)
    if not found.implementation.is_pandas_like():
        return found
    # whole numbers of pandas become floats where one is missing
    whole = [name for name in kept if found.schema[name].is_integer()]
    return found.with_columns(nw.col(*whole).cast(nw.String)) if whole else found


def gaps_of(
    frame: Frame,
    columns: FrameColumns,
    periods: PeriodNumbers,
    book: Rulebook,
    asked: Collection[str],
    *,
    judged: Collection[str],
    values: bool,
) -> nw.DataFrame[Any]:
    """The periods without a row that rows of the KPIs ask for: KPI, entity, and the number of the period.

    That is the one before; where ``values`` are looked at also the same a year ago, and both of each such gap. Those of
    ``judged`` KPIs are asked for before their first row, too: there may be a judgement on them.
    """
    mine = nw.col("kpi").cast(nw.String).is_in(sorted(asked)) & (nw.col(PERIOD) >= 0)
    asks = (BEFORE, YEAR_AGO) if values else (BEFORE,)
    numbers = {name: nw.col(name).cast(nw.Int64) for name in (PERIOD, *asks)}
    own = measured_rows(frame.filter(mine), columns, (), **numbers)
    there = own.select(*_WHOSE, nw.col(PERIOD).alias(_GAP))
    found = _lacking(own, there, asks)
    if values and len(found):
        known = {period: n for n, period in enumerate(periods.periods)}
        before = [known.get(period.previous(), -1) for period in periods.periods]
        year_ago = [known.get(period.year_before(), -1) for period in periods.periods]
        looked_up = engine_of(found).look_up(found, _GAP, SmallTable.of({BEFORE: before, YEAR_AGO: year_ago}))
        found = nw.concat([found, _lacking(looked_up, nw.concat([there, found]), asks)])
    # a value is carried into no period before the first that has a row
    unjudged = [book.rules.kpis[id_] for id_ in asked if id_ not in judged]
    carried = [kpi.id for kpi in unjudged if _needs_a_value(book, kpi, or_an_earlier=True)]
    first = unused("first_period")
    begun = found.join(own.group_by(*_WHOSE).agg(nw.col(PERIOD).min().alias(first)), on=[*_WHOSE], how="inner")
    return begun.filter(~_is_one_of(nw.col("kpi"), carried) | (nw.col(_GAP) > nw.col(first))).select(*_WHOSE, _GAP)


def _lacking(rows: nw.DataFrame[Any], there: nw.DataFrame[Any], asks: Sequence[str]) -> nw.DataFrame[Any]:
    asked = nw.concat([rows.select(*_WHOSE, nw.col(name).cast(nw.Int64).alias(_GAP)) for name in asks])
    return asked.filter(nw.col(_GAP) >= 0).unique().join(there, on=[*_WHOSE, _GAP], how="anti")


def _is_one_of(text: nw.Expr, texts: Collection[str]) -> nw.Expr:
    # pyarrow looks for nothing in an empty list, and no text is a line end
    return text.is_in([*texts, "\n"])


def blank_rows(
    frame: Frame,
    columns: FrameColumns,
    periods: PeriodNumbers,
    gaps: nw.DataFrame[Any],
    book: Rulebook,
    names: Iterable[str],
) -> nw.DataFrame[Any]:
    """A row without a value in each gap, below the rows that it may take something from."""
    kpis = gaps["kpi"].unique().to_list()
    catalogue = catalogue_of(book)
    carrying = {cell.kpi.id for cell in catalogue.cells if cell.carries}
    peers = sorted(set(kpis) & set(catalogue.made_from_rows))
    looked_at = (carrying | _looking_back(book)) - set(peers)
    own = [(kpi, entity) for kpi, entity in gaps.select(*_WHOSE).unique().iter_rows() if kpi in looked_at]
    kpi = nw.col("kpi").cast(nw.String)
    who = nw.concat_str([kpi, columns.text("entity")], separator=SEPARATOR)
    named = _is_one_of(who, [SEPARATOR.join(each) for each in own]) | _is_one_of(kpi, peers)
    taken = named & (nw.col(PERIOD) >= 0)
    marks = {_GAP: nw.col(PERIOD).cast(nw.Int64), _IS_GAP: nw.lit(False)}
    rows = measured_rows(frame.filter(taken), columns, names, **marks)
    both = nw.concat([rows, gaps.with_columns(nw.lit(True).alias(_IS_GAP))], how="diagonal")
    texts = SmallTable.of({}, {"period": [unmistakable(period) for period in periods.periods]})
    found: nw.DataFrame[Any] = engine_of(both).look_up(both, _GAP, texts)
    return found.with_columns(nw.col("period").cast(nw.String))
