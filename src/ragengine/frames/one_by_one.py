"""Rows whose rating takes the rating of earlier rows: rated one by one, by the engine for one measurement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw

from ..book import Rulebook
from ..data.model import Measurement
from ..data.rows import causes_of
from ..errors import BadArgument
from ..number import exact
from ..period import Period, PeriodError, parse_period
from ..rating.history import History
from ..rating.outcome import Ground
from ..rating.phrases import interval
from ..rating.prepare import PreparedKpi, measurement_of
from ..rating.rating import Rating
from ..rulebook.measure import Range
from ..terms import Reason
from .engines import Engine, Frame, unused
from .levels import Level, LevelTable, level_of

__all__ = ["GIVEN", "measurement_of_row", "plain", "rated_one_by_one", "row_ratings"]

#: the number of the level of a row that was rated here, null elsewhere; its target, shortfall and previous level
GIVEN = unused("given")

_FIELDS = ("value", "numerator", "denominator", "target", "excluded")


def rated_one_by_one(frame: Frame, engine: Engine, book: Rulebook, kpis: Collection[str], levels: list[Level]) -> Frame:
    """An eager frame with the levels of the rows of these KPIs; what they come to is added to ``levels``."""
    assert isinstance(frame, nw.DataFrame)
    row = unused("row_number")
    frame = frame.with_row_index(row)
    own = frame.filter(nw.col("kpi").cast(nw.String).is_in(list(kpis)))
    rows = list(own.iter_rows(named=True))
    ratings = row_ratings(book, rows)
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
            f"{GIVEN}_previous": [None if r is None or r.previous is None else str(r.previous) for r in ratings],
        },
        schema={
            row: own.schema[row],
            GIVEN: nw.Int64,
            f"{GIVEN}_target": nw.Float64,
            f"{GIVEN}_shortfall": nw.Float64,
            f"{GIVEN}_previous": nw.String,
        },
        backend=frame.implementation,
    )
    return engine.join(frame, made, (row,)).drop(row)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _level(rating: Rating | None) -> Level:
    if rating is None:
        return LevelTable().rows[LevelTable.grey(Reason.INVALID)]
    ground, band = rating.outcome.ground, ""
    if isinstance(ground, Ground) and rating.value is not None and not rating.computed.is_grey and not ground.kpi.words:
        band = interval(ground.band_of(rating.value), ground.kpi.unit)
    return level_of(rating.outcome, band)


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


def measurement_of_row(book: Rulebook, row: Mapping[str, Any]) -> Measurement | None:
    """A row of a frame as a measurement; None where its period cannot be read."""
    kpi = book.rules.kpis[str(row["kpi"])]
    period: Period | None = None
    written = plain(row.get("period"))
    if written is not None:
        try:
            day = written.date() if hasattr(written, "date") else written
            period = parse_period(day, day_first=book.rules.day_first)
        except PeriodError:
            return None
    fields = {name: plain(row[name]) for name in _FIELDS if name in row}
    return measurement_of(
        kpi.id,
        period=period,
        entity=str(plain(row.get("entity")) or "").strip() or None,
        causes=causes_of(str(plain(row.get("causes")) or "")),
        evidence=row["evidence"] if isinstance(row.get("evidence"), bool) else str(plain(row.get("evidence")) or ""),
        inputs={name: plain(row[name]) for name in kpi.inputs if name in row},
        **fields,
    )


def plain(value: Any) -> Any:
    """A cell of a frame; what an engine has for nothing is None."""
    # pandas has a value that compares as itself with nothing, not even with itself
    return None if value is None or type(value).__name__ == "NAType" or value != value else value


def row_ratings(book: Rulebook, rows: Sequence[Mapping[str, Any]]) -> list[Rating | None]:
    """The rating of each row, with the earlier rows of its KPI and entity as its history; None for a period unread."""
    given = [measurement_of_row(book, row) for row in rows]
    histories: dict[tuple[str, str | None], History] = {}
    groups: dict[tuple[str, str | None], list[Measurement]] = {}
    for measurement in given:
        if measurement is not None:
            groups.setdefault((measurement.kpi, measurement.entity), []).append(measurement)
    for (kpi, entity), own in groups.items():
        prepared = book[kpi]
        assert isinstance(prepared, PreparedKpi)
        histories[kpi, entity] = History(prepared.kpi.for_entity(entity), own, prepared.rate_measurement)
    made: list[Rating | None] = []
    for measurement in given:
        if measurement is None:
            made.append(None)
            continue
        prepared = book[measurement.kpi]
        assert isinstance(prepared, PreparedKpi)
        try:
            made.append(prepared.rate_measurement(measurement, histories[measurement.kpi, measurement.entity]))
        except BadArgument:
            # a dated rule and no period: as for every row, that is invalid
            made.append(None)
    return made
