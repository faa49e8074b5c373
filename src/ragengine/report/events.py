"""``events.csv``: what happened to a measure or an area, to be marked on its chart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from ..data.csv_table import open_csv
from ..data.table import column_name
from ..period import APRIL, Calendar, PeriodError, parse_date
from ..problem import Place, Problem, shorten
from .model import Event

__all__ = ["KINDS", "EventRow", "read_events"]

FILE = "events.csv"
KINDS = ("intervention", "rebase", "definition change")
_NEEDED = ("from", "text", "subject", "kind")


@frozen
class EventRow:
    """An event and the id of the KPI, action or area it is about; an empty subject is everything."""

    subject: str
    event: Event


def read_events(
    folders: Sequence[Path], known: frozenset[str], calendar: Calendar = APRIL
) -> tuple[list[EventRow], list[Problem]]:
    """The events of every ``events.csv`` in these folders, and what is wrong with them."""
    rows: list[EventRow] = []
    problems: list[Problem] = []
    for folder in folders:
        path = folder if folder.name == FILE else folder / FILE
        if path.is_file() and not path.is_symlink():
            _read(path, known, calendar, rows, problems)
    return rows, problems


def _read(path: Path, known: frozenset[str], calendar: Calendar, rows: list[EventRow], problems: list[Problem]) -> None:
    table = open_csv(path, path.name)
    problems += table.problems
    if not table.columns:
        return
    known_columns = {column_name(name) for name in table.columns}
    lost = [name for name in _NEEDED if name not in known_columns]
    if lost:
        said = f"the column {', '.join(lost)} is missing"
        problems.append(Problem("RAG102", said, Place(path.name, 1), hint=f"it has {', '.join(_NEEDED)}"))
        return
    for row in table:
        cells = {name: row.text(name) for name in _NEEDED}
        wrong = _wrong(cells, known)
        try:
            day = parse_date(cells["from"], calendar)
        except PeriodError as unread:
            problems.append(Problem("RAG106", unread.message, row.at("from"), hint=unread.hint))
            continue
        if wrong:
            column, code, said, hint = wrong
            problems.append(Problem(code, said, row.at(column), hint=hint))
            continue
        rows.append(EventRow(cells["subject"], Event(day, cells["kind"].casefold(), cells["text"])))


def _wrong(cells: dict[str, str], known: frozenset[str]) -> tuple[str, str, str, str] | None:
    """The column of a cell that cannot be used, with code, message and hint."""
    subject, kind = cells["subject"], cells["kind"]
    if subject and subject not in known:
        said = f"the rules have no area, KPI or action {shorten(subject)!r}"
        return "subject", "RAG104", said, "leave it blank for all"
    if kind.casefold() not in KINDS:
        return "kind", "RAG105", f"{shorten(kind)!r} is no kind of event", f"use {', '.join(KINDS)}"
    return None
