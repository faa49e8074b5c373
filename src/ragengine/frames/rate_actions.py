"""Rates every row of a frame of action reports: each distinct report once, then a look-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from ..book import PreparedAction, Rulebook
from ..catalogue.levels import level_row
from ..data.collection import Data
from ..data.model import Override
from ..data.rows import ACTIONS
from ..errors import BadArgument
from ..rating.actions import rate_action
from ..rating.overrides import usable
from ..rating.rating import Rating
from ..terms import GREY, Reason
from .action_reports import KEY, distinct_reports, read_report, with_key
from .cells import FrameColumns
from .each_part import on_each_part
from .engines import Frame, engine_of, out
from .entrance import a_rulebook, as_printed, entered
from .partitions import on_partitions
from .rate import day_given
from .small_table import SmallTable

__all__ = ["OUTPUT", "rate_actions", "report_rating"]

#: the columns that are added, in this order
OUTPUT = ("rag", "adjusted", "computed", "reason", "days_late", "grace", "rule", "area", "edition")
_TEXTS = ("rag", "adjusted", "computed", "reason", "grace", "rule", "area")


def rate_actions(
    frame: Any,
    book: Rulebook,
    *,
    as_at: str | date | None = None,
    overrides: Data | Iterable[Override] = (),
    suffix: str = "",
) -> Any:
    """The frame with the rating of each row beside its own columns: the same kind of frame, lazy where it was lazy.

    The columns added are :data:`OUTPUT`. A row whose action, day or status cannot be read is grey, invalid; one that is
    later than ``as_at`` is grey: on that day there are no data.

    Args:
        frame: what narwhals takes, with the columns of ``actions.csv``: ``action``, and ``as_at`` unless it is given
            here; ``status``, ``progress``, ``completed_on``, ``evidence``, ``causes`` where there are any.
        as_at: the day on which every row is rated; each row's own where it is None.
        overrides: judgements of named authorities, or the data that hold them.
        suffix: ends the names of the added columns, where the frame has columns of these names itself.

    The distinct reports are rated one by one, and are collected from a lazy frame for it; of a Dask frame, those of
    each partition when it is computed. Raises BadArgument for a frame that lacks a column.
    """
    a_rulebook(book)
    if nw.dependencies.is_dask_dataframe(frame):
        entered("frame", frame._meta, ACTIONS)
        call = partial(rate_actions, book=book, as_at=as_at, overrides=overrides, suffix=suffix)
        return on_partitions(frame, partial(_with_texts, call=call, suffix=suffix))
    made = as_printed(entered("frame", frame, ACTIONS), ACTIONS)
    day = day_given(as_at, book)
    columns = FrameColumns.of(made)
    _check(columns, day, suffix)
    judgements = list(overrides.overrides if isinstance(overrides, Data) else overrides)
    keyed = on_each_part(made, partial(with_key, columns=columns))
    rated = {row[KEY]: _rated(book, row, day, judgements) for row in distinct_reports(keyed, columns)}
    # every report is there; the row for any other is for engines, and no engine looks up in a table of nothing
    rows = [*(rated.values() or [_INVALID]), _NOTHING]
    table = SmallTable.of(
        {out("days_late"): [row.days_late for row in rows]},
        {out(name): [getattr(row, name) for row in rows] for name in _TEXTS},
        keys=list(rated) or [""],
    )
    step = partial(_looked_up, table=table, given=list(columns.kinds), edition=book.edition, suffix=suffix)
    return on_each_part(keyed, step).to_native()


def _with_texts(part: Any, *, call: Callable[[Any], Any], suffix: str) -> Any:
    """A rated partition whose texts are no codes: each partition has reports of its own, and so other codes."""
    return call(part).astype({f"{name}{suffix}": object for name in (*_TEXTS, "edition")})


def _looked_up(frame: Frame, *, table: SmallTable, given: Sequence[str], edition: str, suffix: str) -> Frame:
    """The frame with what the table says of each row's report."""
    engine = engine_of(frame)
    found = engine.look_up(engine.begin(frame), KEY, table)
    days = nw.col(out("days_late"))
    # pandas has no whole numbers with gaps but in types of its own
    whole = days if frame.implementation.is_pandas_like() else days.cast(nw.Int64)
    added = {**{name: nw.col(out(name)) for name in _TEXTS}, "days_late": whole, "edition": nw.lit(edition)}
    return engine.end(found.select(*given, **{f"{name}{suffix}": added[name] for name in OUTPUT}))


def _check(columns: FrameColumns, day: date | None, suffix: str) -> None:
    if "action" not in columns:
        raise BadArgument("frame", sorted(columns.kinds), "it needs a column action")
    if day is None and "as_at" not in columns:
        raise BadArgument("frame", sorted(columns.kinds), "it needs a column as_at, or say the day of all rows")
    taken = sorted({f"{name}{suffix}" for name in OUTPUT} & set(columns.kinds))
    if taken:
        raise BadArgument("frame", taken, "it has columns of these names already: rename them, or give a suffix")


@frozen
class _RatedReport:
    """What is said of one report."""

    rag: str | None = None
    adjusted: str | None = None
    computed: str | None = None
    reason: str | None = None
    grace: str | None = None
    days_late: int | None = None
    rule: str | None = None
    area: str | None = None


_NOTHING = _RatedReport()
_INVALID = _RatedReport(str(GREY), str(GREY), str(GREY), str(Reason.INVALID))


def _rated(book: Rulebook, row: Mapping[str, Any], day: date | None, overrides: Sequence[Override]) -> _RatedReport:
    action = book.rules.actions.get(_text(row["action"]))
    if action is None:
        return _INVALID
    rule, area = f"{action.file}:{action.line}", action.area
    rating = report_rating(book, row, day, overrides)
    if rating is None:
        return evolve(_INVALID, rule=rule, area=area)
    level = level_row(rating.outcome)
    return _RatedReport(
        level.rag,
        level.adjusted,
        level.computed,
        level.reason or None,
        level.grace or None,
        rating.days_late,
        rule,
        area,
    )


def _text(value: Any) -> str:
    return value.strip(" \t\u00a0") if isinstance(value, str) else ""


def report_rating(
    book: Rulebook, row: Mapping[str, Any], day: date | None, overrides: Iterable[Override]
) -> Rating | None:
    """The rating of one row of a frame of reports; None where its day cannot be read. Raises UnknownId.

    It is rated on ``day``, or on its own where that is None.
    """
    rules = book.rules
    prepared = book[_text(row["action"])]
    if not isinstance(prepared, PreparedAction):
        raise BadArgument("row", prepared.id, "a KPI is no action")
    report = read_report(row, rules, day)
    if report.as_at is None:
        return None
    day = report.as_at if day is None else day
    judged = usable((override for override in overrides if override.subject == prepared.id), rules.scale)
    return rate_action(rules, prepared.action, report if report.as_at <= day else None, day, None, judged)
