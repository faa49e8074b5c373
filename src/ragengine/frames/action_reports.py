"""Rows of a frame as reports of actions, by the grammar that rows of files have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from ..data.model import ActionReport
from ..data.rows import ACTIONS, RowReader
from ..data.table import Row
from ..errors import BadArgument
from ..number import NumberError, exact, text
from ..problem import Place, Problem
from ..rulebook.rules import Rules
from .cells import Columns
from .engines import Frame, unused
from .one_by_one import plain

__all__ = ["KEY", "Reading", "distinct_reports", "read_report", "reports_by_day", "with_key"]

#: a column in which equal rows of the columns of reports have equal texts
KEY = unused("report")

_SEPARATOR = "\x1f"
_NOWHERE = Place("")


@frozen
class Reading:
    """A row read as a report.

    Attributes:
        report: None where its day cannot be read.
        has_status: False where something is written that is no status.
    """

    report: ActionReport | None
    has_status: bool = True


def read_report(row: Mapping[str, Any], rules: Rules, day: date | None = None) -> Reading:
    """A row of a frame, or a mapping like one, as a report; of ``day`` where it names none itself."""
    cells = {name: _cell(row[name]) for name in ACTIONS if name in row}
    if day is not None and not cells.get("as_at"):
        cells["as_at"] = day.isoformat()
    problems: list[Problem] = []
    report = RowReader(rules.calendar, problems).action(Row(cells, _NOWHERE, {}))
    return Reading(report, all(problem.key != "status" for problem in problems))


def _cell(value: Any) -> str:
    """A cell as a file would have it."""
    match plain(value):
        case None:
            return ""
        case str():
            return str(value)
        case bool():
            return "recorded" if value else ""
        case datetime():
            return str(value.date().isoformat())
        case date():
            return str(value.isoformat())
    try:
        return text(exact(value))
    except NumberError:
        return str(value)


def with_key(frame: Frame, columns: Columns, names: Iterable[str] = ACTIONS) -> Frame:
    """The frame with the column :data:`KEY`."""
    texts = [columns.text(name) for name in names if name in columns]
    return frame.with_columns(nw.concat_str(texts, separator=_SEPARATOR).alias(KEY))


def distinct_reports(frame: Frame, columns: Columns) -> list[dict[str, Any]]:
    """One row for each key; of a lazy frame this reads the columns of reports."""
    names = [name for name in ACTIONS if name in columns]
    rows = frame.select(KEY, *names).unique(subset=[KEY], keep="any")
    found = rows.collect() if isinstance(rows, nw.LazyFrame) else rows
    return list(found.iter_rows(named=True))


def reports_by_day(actions: Any, rules: Rules) -> dict[str, dict[date, ActionReport]]:
    """The reports of a frame by action and day, as a scorecard uses them: none of a day with two that differ."""
    if actions is None:
        return {}
    frame = nw.from_native(actions)
    columns = Columns.of(frame)
    lacking = [name for name in ("action", "as_at") if name not in columns]
    if lacking:
        raise BadArgument("actions", sorted(columns.kinds), f"it needs a column {lacking[0]}")
    given: dict[str, dict[date, set[ActionReport]]] = defaultdict(lambda: defaultdict(set))
    for row in distinct_reports(with_key(frame, columns), columns):
        report = read_report(row, rules).report
        if report is not None and report.action in rules.actions:
            given[report.action][report.as_at].add(evolve(report, place=_NOWHERE))
    return {
        action: {day: next(iter(own)) for day, own in by_day.items() if len(own) == 1}
        for action, by_day in given.items()
    }
