"""Rows of a frame as reports of actions, by the grammar that rows of files have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve

from ..data.door import cell_text, day_of, report_of
from ..data.model import ActionReport, Invalid
from ..data.rows import ACTIONS
from ..errors import BadArgument
from ..number import BLANKS
from ..problem import Place
from ..rulebook.rules import Rules
from .cells import FrameColumns
from .engines import Frame, unused
from .entrance import as_printed, entered
from .row_ratings import cell_value

__all__ = ["KEY", "distinct_reports", "read_report", "reports_by_day", "with_key"]

#: a column in which equal rows of the columns of reports have equal texts
KEY = unused("report")

_SEPARATOR = "\x1f"
_NOWHERE = Place("")


def read_report(row: Mapping[str, Any], rules: Rules, day: date | None = None) -> ActionReport:
    """A row of a frame, or a mapping like one, as a report; of ``day`` where it names none itself."""
    cells = {name: cell_value(row[name]) for name in ACTIONS if name in row}
    action, written = cell_text(cells.pop("action", None)).strip(BLANKS), cells.pop("as_at", None)
    as_at = day_of(written, rules.calendar)
    if as_at is None:
        as_at = day
    if isinstance(as_at, Invalid):
        as_at = None
    return report_of(action, as_at, rules.calendar, as_at_text=cell_text(written), **cells)


def with_key(frame: Frame, columns: FrameColumns, names: Iterable[str] = ACTIONS) -> Frame:
    """The frame with the column :data:`KEY`."""
    texts = [columns.text(name) for name in names if name in columns]
    return frame.with_columns(nw.concat_str(texts, separator=_SEPARATOR).alias(KEY))


def distinct_reports(frame: Frame, columns: FrameColumns) -> list[dict[str, Any]]:
    """One row for each key; of a lazy frame this reads the columns of reports."""
    names = [name for name in ACTIONS if name in columns]
    rows = frame.select(KEY, *names).unique(subset=[KEY], keep="any")
    found = rows.collect() if isinstance(rows, nw.LazyFrame) else rows
    return list(found.iter_rows(named=True))


def reports_by_day(actions: Any, rules: Rules) -> dict[str, dict[date, ActionReport]]:
    """The reports of a frame by action and day, as a scorecard uses them: none of a day with two that differ."""
    if actions is None:
        return {}
    frame = as_printed(entered("actions", actions, ACTIONS), ACTIONS)
    columns = FrameColumns.of(frame)
    lacking = [name for name in ("action", "as_at") if name not in columns]
    if lacking:
        raise BadArgument("actions", sorted(columns.kinds), f"it needs a column {lacking[0]}")
    given: dict[str, dict[date, set[ActionReport]]] = defaultdict(lambda: defaultdict(set))
    for row in distinct_reports(with_key(frame, columns), columns):
        report = read_report(row, rules)
        if report.as_at is not None and report.action in rules.actions:
            given[report.action][report.as_at].add(evolve(report, place=_NOWHERE))
    return {
        action: {day: next(iter(own)) for day, own in by_day.items() if len(own) == 1}
        for action, by_day in given.items()
    }
