"""Rows of actions: what is to be done, by when, by whom, and how far it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from attrs import define, field, frozen

from ..number import in_full
from ..period import Calendar, PeriodError, parse_date
from ..terms import Rag
from .data_files import ActionReading
from .draft import Value
from .heading_periods import heading_period, named_time
from .headings import HeadedColumn, TableHeading
from .ids import kpi_ids
from .imported import DraftedAction, Skipped
from .kpi_rows import shown
from .levels import level_named
from .quantities import read_quantity
from .sheet import Sheet, SheetRow
from .spellings import folded
from .values import Unread, value_of

__all__ = ["ActionRow", "action_readings", "action_rows", "drafted_actions", "is_action_sheet", "milestone"]

_STATUSES = {
    "complete": ("complete", "completed", "done", "closed", "finished", "achieved", "implemented", "100 complete",
    "delivered", "discharged"),
    "in progress": ("in progress", "ongoing", "on going", "started", "underway", "under way", "open", "on track",
    "on target", "active",
                    "progressing", "overdue", "delayed", "late", "behind", "behind schedule", "at risk", "off track",
                    "slipped", "wip",
                    "partially complete", "partly complete", "work in progress", "commenced", "live"),
    "not started": ("not started", "not yet started", "planned", "to do", "not begun", "not commenced", "not due",
    "future", "pending",
                    "not yet due", "yet to start"),
    "deferred": ("deferred", "on hold", "paused", "suspended", "postponed", "cancelled", "canceled", "withdrawn",
    "no longer required"),
}  # fmt: skip
_STATUS = {word: status for status, words in _STATUSES.items() for word in words}
_TBC = re.compile(r"(?:tbc|tba|to be (?:confirmed|agreed)|ongoing|on-going|n/?a|continuous)\.?", re.IGNORECASE)


@define
class ActionRow:
    """One action of a sheet, with its lines and what is reported of it."""

    area: str
    row: SheetRow
    where: str
    title: str
    ref: str
    lines: dict[str, tuple[Value, str]] = field(factory=dict)
    status: str = ""
    progress: str = ""
    completed_on: str = ""
    level: Rag | None = None


@frozen
class _ActionCells:
    header: TableHeading

    def text(self, row: SheetRow, key: str) -> tuple[str, int]:
        """A cell, with its column."""
        column: HeadedColumn | None = self.header.one(key)
        if column is None or column.index >= len(row.cells):
            return "", 0
        return " ".join(row.cells[column.index].split()), column.index


def is_action_sheet(header: TableHeading) -> bool:
    """Whether a heading is of a list of actions: things with a day by which they are due, and no target."""
    named = header.one("action") is not None or header.one("title") is not None
    about_kpis = any(
        header.one(key) is not None for key in ("target", "green", "minimum", "maximum", "actual", "tolerance")
    )
    return named and header.one("due") is not None and not about_kpis


def action_rows(
    sheet: Sheet, header: TableHeading, unread: Unread, *, day_first: bool
) -> tuple[list[ActionRow], list[Skipped]]:
    """The actions of a sheet, and the rows that are none."""
    cells = _ActionCells(header)
    made: list[ActionRow] = []
    skipped: list[Skipped] = []
    heading = last = ""
    key = "action" if header.one("action") is not None else "title"
    shares = _are_shares(cells.text(row, "progress")[0] for row in sheet.rows[header.rows :])
    for row in sheet.rows[header.rows :]:
        where = f"{sheet.source} row {row.number}"
        if row.cells in header.heads:
            skipped.append(Skipped(where, "the header again", shown(row), True))
            continue
        if len(row.distinct) == 1:
            heading = next(iter(row.distinct))
            skipped.append(Skipped(where, "one cell only: a heading", shown(row), True))
            continue
        title, _ = cells.text(row, key)
        if not any(c.isalnum() for c in title):
            skipped.append(Skipped(where, "no text says what is to be done", shown(row)))
            continue
        area = cells.text(row, "area")[0] or (last if header.one("area") else heading)
        last = area
        action = ActionRow(area, row, where, title, cells.text(row, "ref")[0])
        _plan(action, cells, day_first=day_first)
        _progress(action, cells, unread, day_first=day_first, shares=shares)
        made.append(action)
    return made, skipped


def milestone(
    area: str, row: SheetRow, header: TableHeading, where: str, day: str, unread: Unread, *, day_first: bool
) -> ActionRow:
    """The row of a KPI sheet whose target is a day, as an action; its latest value is the day of completion."""
    cells = _ActionCells(header)
    action = ActionRow(area, row, where, cells.text(row, "title")[0], cells.text(row, "ref")[0])
    _plan(action, cells, day_first=day_first, due=day)
    _progress(action, cells, unread, day_first=day_first, shares=False)
    values = [(text, c.index) for c in header.of("actual") if (text := _at(row, c))]
    for n, (text, column) in enumerate(reversed(values)):
        completed, _ = _day(text, day_first) if n == 0 else (None, "")
        if completed is not None:
            action.completed_on, action.status = completed.isoformat(), "complete"
        elif n == 0 and folded(text) in _STATUS:
            action.status = action.status or _STATUS[folded(text)]
        elif value_of(text)[0] != "..":
            unread.tell("values of rows whose target is a day, left out", row, column, text)
    return action


def _at(row: SheetRow, column: HeadedColumn) -> str:
    return row.cells[column.index] if column.index < len(row.cells) else ""


def _plan(action: ActionRow, cells: _ActionCells, *, day_first: bool, due: str | None = None) -> None:
    """The lines of the rule."""
    written = due if due is not None else cells.text(action.row, "due")[0]
    action.lines["title"] = (action.title, "")
    for key in ("ref", "lead", "source", "note"):
        text, _ = cells.text(action.row, key)
        if text:
            action.lines[key] = (text, "")
    start, doubt = _day(cells.text(action.row, "start")[0], day_first)
    if start is not None:
        action.lines["start"] = (start, doubt)
    day, doubt = _day(written, day_first)
    where = f"{action.where}: {written!r}" if written else f"{action.where}: blank"
    if day is None:
        said = (
            ""
            if _TBC.fullmatch(written) and written.casefold().startswith("tb")
            else f"the due date is no day ({where})"
        )
        action.lines["due"] = ("TBC", said)
    else:
        confirm = (
            f"the target is a day, so it is an action ({where})" if due is not None else doubt and f"{doubt} ({where})"
        )
        action.lines["due"] = (day, confirm)
    action.lines["tolerance"] = ("0 days", f"no tolerance is given: later than due is red ({action.where})")


def _day(written: str, day_first: bool) -> tuple[date | None, str]:
    """A day as written, and what had to be assumed of it."""
    if not written:
        return None, ""
    try:
        return parse_date(written, Calendar(day_first=day_first)), ""
    except PeriodError:
        pass
    try:
        return parse_date(written, Calendar(day_first=True)), "read with the day first"
    except PeriodError:
        period, guessed = heading_period([named_time(written)], None)
        return (None if period is None else period.end), "put together from its parts" if guessed else ""


def _are_shares(cells: Iterable[str]) -> bool:
    """Whether a column of progress is of shares of one: none is above 1, and not all are 0."""
    found = [quantity for cell in cells if (quantity := read_quantity(cell)) is not None]
    return any(q.value for q in found) and all(q.unit != "%" and 0 <= q.value <= 1 for q in found)


def _progress(action: ActionRow, cells: _ActionCells, unread: Unread, *, day_first: bool, shares: bool) -> None:
    """What is reported: status, share done, day of completion, published level."""
    for key in ("status", "met"):
        text, column = cells.text(action.row, key)
        words = folded(text)
        if not text:
            continue
        known = _STATUS.get(words)
        level = (
            level_named(text, met=False)
            if known is None or words in ("on track", "on target", "at risk", "off track")
            else None
        )
        if known is not None:
            action.status = known
        if level is not None and not level.is_grey:
            action.level = level
        elif known is None:
            unread.tell("statuses of actions that are none known here, left out", action.row, column, text)
    _level_columns(action, cells, unread)
    text, column = cells.text(action.row, "progress")
    if text:
        quantity = read_quantity(text)
        if quantity is None or not 0 <= quantity.value <= 100:
            if folded(text) in _STATUS:
                action.status = action.status or _STATUS[folded(text)]
            else:
                unread.tell("shares of actions that are no number from 0 to 100, left out", action.row, column, text)
        else:
            share = quantity.value * 100 if shares else quantity.value
            action.progress = in_full(share)
            if not action.status:
                action.status = "complete" if share == 100 else "in progress" if share else "not started"
    text, column = cells.text(action.row, "completed_on")
    if text:
        day, _ = _day(text, day_first)
        if day is None:
            unread.tell("days of completion that are no day, left out", action.row, column, text)
        else:
            action.completed_on, action.status = day.isoformat(), "complete"


def _level_columns(action: ActionRow, cells: _ActionCells, unread: Unread) -> None:
    """A RAG column beside one of statuses."""
    for column in cells.header.columns:
        if column.key == "" and "rag" in folded(column.heading).split() and column.index < len(action.row.cells):
            text = action.row.cells[column.index]
            level = level_named(text, met=False) if text else None
            if level is not None and not level.is_grey:
                action.level = level
            elif text and level is None:
                unread.tell("statuses that are no level known here, left out", action.row, column.index, text)


def drafted_actions(rows: Sequence[ActionRow], taken: Sequence[str] = ()) -> tuple[DraftedAction, ...]:
    """The actions of one area with their ids; ``taken`` are those of its KPIs."""
    titles = [*taken, *(row.title for row in rows)]
    refs = [*("" for _ in taken), *(row.ref for row in rows)]
    names = kpi_ids(titles, refs)[len(taken) :]
    return tuple(DraftedAction(name, row.where, row.lines) for name, row in zip(names, rows, strict=True))


def action_readings(
    area: str, rows: Sequence[ActionRow], actions: Sequence[DraftedAction], as_at: date
) -> list[ActionReading]:
    """What is reported of the actions of one area on a day."""
    made = []
    for row, action in zip(rows, actions, strict=True):
        if row.status or row.progress or row.level is not None:
            made.append(
                ActionReading(
                    f"{area}.{action.name}", as_at, row.where, row.status, row.progress, row.completed_on, row.level
                )
            )
    return made
