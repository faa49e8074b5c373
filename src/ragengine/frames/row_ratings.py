"""Rows whose rating takes the rating of earlier rows: rated one by one, by the engine for one measurement."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import narwhals.stable.v2 as nw

from ..book import Rulebook
from ..catalogue.levels import Level, LevelTable, level_row
from ..data.door import length_of, measurement_of
from ..data.model import Measurement, Override
from ..errors import BadArgument
from ..number import BLANKS, exact
from ..period import Period, PeriodError, parse_period
from ..rating.history import History
from ..rating.overrides import usable_by_subject
from ..rating.phrases import interval
from ..rating.prepare import PreparedKpi
from ..rating.rating import Rating
from ..rating.scoring import score_by_rule
from ..rollup.ranks import ranked_value
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Range
from ..terms import Reason
from .cells import FrameColumns
from .engines import Engine, Frame, unused
from .lines import Lines

__all__ = ["GIVEN", "cell_value", "in_doubt", "measurement_of_row", "rated_one_by_one", "row_ratings", "rows_of"]

#: the number of the level of a row that was rated here, null elsewhere; beside it what else its rating says
GIVEN = unused("given")

_FIELDS = ("value", "numerator", "denominator", "target", "excluded", "entity", "causes", "evidence")


def in_doubt(
    lines: Lines, columns: FrameColumns, kpis: Iterable[Kpi], refused: Collection[str], others: Iterable[nw.Expr]
) -> nw.Expr | None:
    """Which rows no look-up rates: of rules that take more, and of numbers too near to a line; None where none are."""
    value, kpi, flags = lines.value, nw.col("kpi").cast(nw.String), [*others]
    if refused:
        flags.append(kpi.is_in(list(refused)))
    if value.is_long is not None or value.computed is not None or lines.target is not None:
        flags.append(lines.doubtful())
    has_texts = columns.kinds.get("value") == "text"
    timed = [each.id for each in kpis if length_of(each.unit) is not None] if has_texts else []
    if timed:
        flags.append(kpi.is_in(timed) & columns.text("value").str.contains(":", literal=True))
    return reduce(lambda one, other: one | other, flags).fill_null(False) if flags else None


def rated_one_by_one(
    frame: Frame,
    engine: Engine,
    book: Rulebook,
    where: nw.Expr,
    given: Sequence[str],
    levels: list[Level],
    doubtful: Collection[str] = (),
    overrides: Iterable[Override] = (),
) -> Frame:
    """An eager frame with the levels of the rows where something holds; what they come to is added to ``levels``.

    ``given`` are the columns that are read, ``doubtful`` the periods that are not; ``overrides`` judge earlier rows.
    """
    assert isinstance(frame, nw.DataFrame)
    row = unused("row_number")
    frame = frame.with_row_index(row)
    own = frame.filter(where).select(row, *given)
    rows = rows_of(own)
    ratings = row_ratings(book, rows, nan_is_nothing=False, doubtful=doubtful, overrides=overrides)
    known: dict[Level, int] = {level: n for n, level in enumerate(levels)}
    numbers = []
    for rating in ratings:
        level = _level(rating)
        if level not in known:
            known[level] = len(levels)
            levels.append(level)
        numbers.append(known[level])
    made = nw.from_dict(
        {
            row: [each[row] for each in rows],
            GIVEN: numbers,
            f"{GIVEN}_target": [_target(rating) for rating in ratings],
            f"{GIVEN}_shortfall": [None if r is None else _float(r.shortfall) for r in ratings],
            f"{GIVEN}_score": [None if r is None else _float(score_by_rule(r)) for r in ratings],
            f"{GIVEN}_ranked": [None if r is None else _float(ranked_value(r)) for r in ratings],
            f"{GIVEN}_previous": [None if r is None or r.previous is None else str(r.previous) for r in ratings],
        },
        schema={
            row: own.schema[row],
            GIVEN: nw.Int64,
            f"{GIVEN}_target": nw.Float64,
            f"{GIVEN}_shortfall": nw.Float64,
            f"{GIVEN}_score": nw.Float64,
            f"{GIVEN}_ranked": nw.Float64,
            f"{GIVEN}_previous": nw.String,
        },
        backend=frame.implementation,
    )
    return engine.join(frame, made, (row,)).drop(row)


def rows_of(frame: Frame) -> list[dict[str, Any]]:
    """The rows of a frame, None for what its engine says is not there: NaN is that in some, and a number in others."""
    found = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    columns = {}
    for name in found.columns:
        cells, nothing = found[name].to_list(), found[name].is_null().to_list()
        columns[name] = [None if absent else cell for cell, absent in zip(cells, nothing, strict=True)]
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _float(value: Fraction | None) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError:
        # a count by next to nothing: what division in floats makes of it
        return math.inf if value is not None and value > 0 else -math.inf


def _level(rating: Rating | None) -> Level:
    if rating is None:
        return LevelTable().rows[LevelTable.grey(Reason.INVALID)]
    ruling, band = rating.outcome.ruling, ""
    if ruling.measures and rating.value is not None and not rating.computed.is_grey:
        band = "" if ruling.compares else interval(ruling.band_of(rating.value), ruling.kpi.unit)
    return level_row(rating.outcome, band)


def _target(rating: Rating | None) -> float | None:
    """The end of the target from which the shortfall counts."""
    if rating is None:
        return None
    target, value = rating.target, rating.value
    if not isinstance(target, Range):
        return _float(target)
    if value is None:
        return None
    low, high = exact(target.min), exact(target.max)
    return float(low if low - value >= value - high else high)


def measurement_of_row(
    book: Rulebook, row: Mapping[str, Any], *, nan_is_nothing: bool = True, doubtful: Collection[str] = ()
) -> Measurement | None:
    """A row of a frame as a measurement; None where its period cannot be read, or is one of the ``doubtful``.

    ``nan_is_nothing`` for a row of pandas, which prints NaN for a number that is not there.
    """
    if nan_is_nothing:
        row = {name: cell_value(cell) for name, cell in row.items()}
    prepared = book[str(row["kpi"])]
    assert isinstance(prepared, PreparedKpi)
    written = row.get("period")
    period: Period | None = None
    if isinstance(written, str) and written.strip(BLANKS) in doubtful:
        return None
    if written is not None:
        try:
            period = prepared.period_named(parse_period(written, book.rules.calendar))
        except PeriodError:
            return None
    fields = {name: row[name] for name in _FIELDS if name in row}
    inputs = {name: row[name] for name in prepared.kpi.inputs if name in row}
    return measurement_of(prepared.id, period=period, inputs=inputs, **fields)


def cell_value(cell: Any) -> Any:
    """A cell of a row; what an engine prints for nothing is None."""
    try:
        return None if cell is None or cell != cell else cell
    except TypeError:
        # the NA of pandas is neither equal to itself nor not
        return None


def row_ratings(
    book: Rulebook,
    rows: Sequence[Mapping[str, Any]],
    *,
    nan_is_nothing: bool = True,
    doubtful: Collection[str] = (),
    overrides: Iterable[Override] = (),
) -> list[Rating | None]:
    """The rating of each row, with the earlier rows of its KPI and entity as its history; None for a period unread.

    ``overrides`` are those of the earlier rows: none is applied to the row itself.
    """
    judged = usable_by_subject(overrides, book.scale)
    given = [measurement_of_row(book, row, nan_is_nothing=nan_is_nothing, doubtful=doubtful) for row in rows]
    histories: dict[str, dict[str | None, History]] = {}
    groups: dict[str, dict[str | None, list[Measurement]]] = {}
    for measurement in given:
        if measurement is not None:
            groups.setdefault(measurement.kpi, {}).setdefault(measurement.entity, []).append(measurement)
    for kpi, own in groups.items():
        prepared = book[kpi]
        assert isinstance(prepared, PreparedKpi)
        histories[kpi] = prepared.whole_histories(own, judged.get(kpi, ()))
    made: list[Rating | None] = []
    for measurement in given:
        if measurement is None:
            made.append(None)
            continue
        prepared = book[measurement.kpi]
        assert isinstance(prepared, PreparedKpi)
        try:
            made.append(prepared.rate_measurement(measurement, histories[measurement.kpi][measurement.entity]))
        except BadArgument:
            # a dated rule and no period: as for every row, that is invalid
            made.append(None)
    return made
