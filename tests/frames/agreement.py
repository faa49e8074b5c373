"""The engine for one measurement over rows of a frame, and where a rated frame differs from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ragengine import PreparedKpi, Rulebook
from ragengine.data.door import causes_of, measurement_of
from ragengine.data.model import Measurement, Override
from ragengine.errors import BadArgument
from ragengine.number import exact
from ragengine.period import Period, PeriodError, parse_period
from ragengine.rating.history import History
from ragengine.rating.phrases import interval
from ragengine.rating.rating import Rating
from ragengine.rulebook.measure import Range

__all__ = ["COMPARED", "differences", "expected", "scalar_ratings", "target_of"]

#: the columns that are compared, with those of ``history``
COMPARED = (
    "rag", "adjusted", "computed", "reason", "target", "shortfall", "band", "grace", "rule", "area", "edition",
    "previous", "movement",
)  # fmt: skip

#: stands for a band whose edges depend on the target that the row brings: it need not be told
LEFT_TO_THE_ROW = "left to the row"

_CELLS = ("value", "numerator", "denominator", "target", "excluded")
_BLANKS = " \t\u00a0"


def _period(book: Rulebook, row: Mapping[str, Any]) -> Period | None:
    """The period of a row; raises PeriodError."""
    written = row.get("period")
    if written is None:
        return None
    day = written.date() if isinstance(written, datetime) else written
    return parse_period(day if isinstance(day, date) else str(day), book.rules.calendar)


def _measurement(book: Rulebook, row: Mapping[str, Any]) -> Measurement | None:
    """A row as a caller passes it to ``rate``; None for an unknown KPI or a period that cannot be read."""
    kpi = book.rules.kpis.get(str(row["kpi"]))
    if kpi is None:
        return None
    try:
        period = _period(book, row)
    except PeriodError:
        return None
    evidence = row.get("evidence")
    return measurement_of(
        kpi.id,
        period=period,
        entity=(row.get("entity") or "").strip(_BLANKS) or None,
        causes=causes_of(row.get("causes") or ""),
        evidence=evidence if isinstance(evidence, bool) else (evidence or "").strip(_BLANKS),
        inputs={name: row[name] for name in kpi.inputs if name in row},
        **{name: row[name] for name in _CELLS if name in row},
    )


def scalar_ratings(
    book: Rulebook,
    rows: Sequence[Mapping[str, Any]],
    overrides: Sequence[Override] = (),
    as_at: date | None = None,
    *,
    whole: bool = True,
) -> list[Rating | None]:
    """The rating of each row by the engine for one measurement, with the earlier rows of its KPI and entity.

    ``whole`` where these are known to be all rows, as of eager frames: a period without one is a gap.
    """
    given = [_measurement(book, row) for row in rows]
    own: dict[tuple[str, str | None], list[Measurement]] = {}
    for each in given:
        if each is not None:
            own.setdefault((each.kpi, each.entity), []).append(each)
    histories = {}
    for (kpi, entity), measurements in own.items():
        prepared = book[kpi]
        assert isinstance(prepared, PreparedKpi)
        made = prepared.whole_history if whole else prepared.history
        about = [each for each in overrides if each.subject == kpi and (each.entity or None) == (entity or None)]
        histories[kpi, entity] = made(entity, measurements, about)
    judgements = sorted(overrides, key=lambda override: (override.start, override.place.line))
    return [None if each is None else _rating(book, each, histories, judgements, as_at) for each in given]


def _rating(
    book: Rulebook,
    given: Measurement,
    histories: Mapping[tuple[str, str | None], History],
    overrides: Iterable[Override],
    as_at: date | None,
) -> Rating | None:
    prepared = book[given.kpi]
    assert isinstance(prepared, PreparedKpi)
    about = [
        each for each in overrides if each.subject == given.kpi and (each.entity or None) == (given.entity or None)
    ]
    try:
        return prepared.rate_measurement(given, histories[given.kpi, given.entity], about, as_at)
    except BadArgument:
        # a dated rule, and a row without a period
        return None


def expected(book: Rulebook, row: Mapping[str, Any], rating: Rating | None) -> dict[str, Any]:
    """What the added columns hold for a row that was rated so."""
    made: dict[str, Any] = dict.fromkeys(COMPARED)
    made["edition"] = book.edition
    kpi = book.rules.kpis.get(str(row["kpi"]))
    if kpi is not None:
        own = kpi.for_entity((row.get("entity") or "").strip(_BLANKS) or None)
        made |= {"rule": f"{own.file}:{own.line}", "area": own.area}
    if rating is None:
        return made | {"rag": "grey", "adjusted": "grey", "computed": "grey", "reason": "invalid"}
    changed = [each.grace.name for each in rating.outcome.graces if each.granted and each.changed]
    return made | {
        "rag": str(rating.rag),
        "adjusted": str(rating.adjusted),
        "computed": str(rating.computed),
        "reason": None if rating.reason is None else str(rating.reason),
        "target": target_of(rating),
        "shortfall": _float(rating.shortfall),
        "band": _band(rating),
        "grace": ", ".join(changed) or None,
        "previous": None if rating.previous is None else str(rating.previous),
        "movement": None if rating.movement is None else str(rating.movement.change),
    }


def _float(number: Fraction | None) -> float | None:
    try:
        return None if number is None else float(number)
    except OverflowError:
        return math.inf if number is not None and number > 0 else -math.inf


def target_of(rating: Rating) -> float | None:
    """The end of the target that the value is short of."""
    target, value = rating.target, rating.value
    if not isinstance(target, Range):
        return None if target is None else float(target)
    if value is None:
        return None
    low, high = exact(target.min), exact(target.max)
    return float(low if low - value >= value - high else high)


def _band(rating: Rating) -> str | None:
    ruling = rating.outcome.ruling
    if rating.value is None or rating.computed.is_grey or ruling.kpi.words:
        return None
    if ruling.data_target is not None:
        return LEFT_TO_THE_ROW
    return interval(ruling.band_of(rating.value), ruling.kpi.unit)


def differences(
    rows: Sequence[Mapping[str, Any]],
    wanted: Sequence[Mapping[str, Any]],
    got: Sequence[Mapping[str, Any]],
    suffix: str = "_",
    but: Iterable[str] = (),
) -> list[str]:
    """Where a rated frame is not what is expected, a line each; bands that are left to the row's target may be absent."""
    assert len(got) == len(rows) == len(wanted), f"{len(rows)} rows came back as {len(got)}"
    compared = [name for name in COMPARED if name not in set(but) and f"{name}{suffix}" in (got[0] if got else {})]
    found = []
    for row, want, have in zip(rows, wanted, got, strict=True):
        for name in compared:
            told = have[f"{name}{suffix}"]
            if not _same(want[name], told):
                found.append(f"{name}: {told!r}, not {want[name]!r}: {row}")
    return found


def _same(wanted: Any, told: Any) -> bool:
    if isinstance(wanted, float) and isinstance(told, float) and wanted != told:
        return abs(wanted - told) <= 1e-9 * max(1.0, abs(wanted))
    return bool(wanted == told) or wanted == LEFT_TO_THE_ROW
