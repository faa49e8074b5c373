"""How the columns of a sheet were read, and which of them nothing reads."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from .headings import NO_YEAR, HeadedColumn, TableHeading
from .imported import ReadSheet
from .sheet import Sheet
from .spellings import folded

__all__ = ["read_columns"]

#: a second column of one of these may say otherwise than the one that is read
_OF_THE_RULE = frozenset(
    {"target", "tolerance", "green", "amber", "red", "minimum", "maximum", "thresholds", "direction"}
)
#: what is read of actions, and of rows of a KPI sheet whose target is a day
_OF_ACTIONS = frozenset(
    {"title", "action", "ref", "area", "lead", "source", "note", "start", "due", "status", "met", "progress",
     "completed_on"}
)  # fmt: skip
_OF_MILESTONES = frozenset({"start", "progress", "completed_on"})
_ONLY_OF_ACTIONS = frozenset({"action", "due", *_OF_MILESTONES})


def read_columns(sheet: Sheet, header: TableHeading, *, kpis: bool, actions: bool) -> ReadSheet:
    """The columns with what each became; one that holds something and became nothing is unread."""
    rows = sheet.rows[header.rows :]
    filled = {i for row in rows for i, cell in enumerate(row.cells) if cell}
    ignored = {column.index for column in header.columns if column.rank == -1 and not column.key}
    columns = _of_actions(header) if actions and not kpis else _of_kpis(header, milestones=actions)
    unread = [
        c
        for c in columns
        if not c.key
        and (c.why_not in ("", NO_YEAR, _KPIS, _ACTIONS) or c.aside in _OF_THE_RULE)
        and c.index in filled - ignored
        and c.heading
    ]
    return ReadSheet(sheet.tab, tuple(columns), tuple(unread))


_KPIS, _ACTIONS = "its rows are KPIs", "its rows are actions"


def _of_kpis(header: TableHeading, *, milestones: bool) -> Sequence[HeadedColumn]:
    """What only actions have is read of no KPI."""
    left = _ONLY_OF_ACTIONS - _OF_MILESTONES if milestones else _ONLY_OF_ACTIONS
    if header.one("title") is None:
        return header.columns
    return [evolve(c, key="", period=None, why_not=_KPIS) if c.key in left else c for c in header.columns]


def _of_actions(header: TableHeading) -> Sequence[HeadedColumn]:
    """What only KPIs have is read of no action; a RAG column beside one of statuses is a second one."""
    named = "title" if header.one("action") is not None else ""
    made: list[HeadedColumn] = []
    for column in header.columns:
        if column.key == "status" or (not column.key and "rag" in folded(column.heading).split()):
            guessed = column.guessed and column.period is None
            column = evolve(column, key="status", period=None, guessed=guessed)
        elif column.key and (column.key not in _OF_ACTIONS or column.key == named):
            column = evolve(column, key="", period=None, why_not=_ACTIONS)
        made.append(column)
    return made
