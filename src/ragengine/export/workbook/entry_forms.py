"""Workbooks that an officer fills in: a row per KPI and action, with drop-downs for what may stand in a cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from ...display import clean
from ...errors import MissingExtra
from ...period import Period
from ...rollup.shown import shown_period
from ...rulebook.rules import Rules
from ...terms import Status

__all__ = ["entry_forms"]

_LONG_AGO = datetime(2000, 1, 1)
#: periods to choose from, and rows that have drop-downs beyond those filled in
_PERIODS, _SPARE = 12, 200
#: a list within a cell's rule has at most so many characters
_LONGEST_LIST = 255
_TOO_LONG = 250

_MEASUREMENTS = (
    ("kpi", 44), ("measure", 60), ("period", 12), ("value", 12), ("unit", 12), ("numerator", 12), ("denominator", 13),
    ("entity", 16), ("evidence", 30), ("causes", 20), ("note", 40),
)  # fmt: skip
_ACTIONS = (
    ("action", 44), ("milestone", 60), ("as_at", 13), ("status", 14), ("progress", 10), ("completed_on", 14),
    ("evidence", 30), ("causes", 20), ("note", 40),
)  # fmt: skip


def entry_forms(rules: Rules, period: Period) -> dict[str, bytes]:
    """The workbooks by file name, for a period and those after it; raises MissingExtra without xlsxwriter.

    What is filled in is read by ``ragengine score`` as it stands: the first row names the columns of the data.
    """
    forms = {}
    if rules.kpis:
        form = _Form(rules, "measurements", _MEASUREMENTS, list(rules.kpis))
        for row, kpi in enumerate(rules.kpis.values(), start=1):
            own = shown_period(kpi, (), period)
            form.row(row, (kpi.id, kpi.title, str(own), "", "" if kpi.words else kpi.unit))
            form.choose(row, "period", [str(own.shifted(n)) for n in range(_PERIODS)])
            if kpi.words:
                form.choose(row, "value", [word for word, _ in kpi.words])
        forms["measurements.xlsx"] = form.done()
    if rules.actions:
        form = _Form(rules, "actions", _ACTIONS, list(rules.actions))
        for row, action in enumerate(rules.actions.values(), start=1):
            form.row(row, (action.id, action.title, period.end))
        form.choose_below("status", list(map(str, Status)))
        form.number_between("progress", 0, 100)
        forms["actions.xlsx"] = form.done()
    return forms


class _Form:
    """One workbook: a sheet to fill in, and a hidden one with the ids to choose from."""

    def __init__(self, rules: Rules, name: str, columns: Sequence[tuple[str, int]], ids: Sequence[str]) -> None:
        try:
            import xlsxwriter
        except ImportError as lacking:
            raise MissingExtra("a workbook", "xlsxwriter", "xlsx") from lacking
        self.out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file: Any = xlsxwriter.Workbook(self.out, options)
        self.file.set_properties({"title": clean(f"{rules.title}: {name}"), "created": _LONG_AGO})
        self.columns = [column for column, _ in columns]
        self.last = len(ids) + _SPARE
        self.sheet = self.file.add_worksheet(name)
        lists = self.file.add_worksheet("lists")
        lists.hide()
        head = self.file.add_format({"bold": True, "bottom": 2, "bg_color": "#e3e5e7"})
        text = self.file.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self.day = self.file.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self.text = text
        for n, (column, width) in enumerate(columns):
            self.sheet.set_column(n, n, width, self.day if column in ("as_at", "completed_on") else None)
            self.sheet.write_string(0, n, column, head)
        self.sheet.freeze_panes(1, 1)
        self.sheet.autofilter(0, 0, self.last, len(columns) - 1)
        for n, own in enumerate(ids):
            lists.write_string(n, 0, own)
        rule = {"validate": "list", "source": f"=lists!$A$1:$A${len(ids)}", "error_title": "Not in the rules",
                "error_message": "Choose an id of the rulebook."}  # fmt: skip
        self.sheet.data_validation(1, 0, self.last, 0, rule)

    def row(self, row: int, cells: Sequence[str | date]) -> None:
        """What is filled in already."""
        for n, cell in enumerate(cells):
            if isinstance(cell, date):
                self.sheet.write_datetime(row, n, datetime(cell.year, cell.month, cell.day), self.day)
            elif cell:
                self.sheet.write_string(row, n, clean(cell), self.text)

    def choose(self, row: int, column: str, words: Sequence[str], last: int | None = None) -> None:
        """A drop-down; a list that is too long for one, or has a comma in a word, is left free."""
        if len(",".join(words)) > _LONGEST_LIST or any("," in word for word in words):
            return
        at = self.columns.index(column)
        said = f"Choose one of: {', '.join(words)}"
        shown = said if len(said) <= _TOO_LONG else "Choose one of the list."
        rule = {"validate": "list", "source": list(words), "error_message": shown}
        self.sheet.data_validation(row, at, row if last is None else last, at, rule)

    def choose_below(self, column: str, words: Sequence[str]) -> None:
        self.choose(1, column, words, self.last)

    def number_between(self, column: str, low: int, high: int) -> None:
        at = self.columns.index(column)
        rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high,
                "error_message": f"A number from {low} to {high}."}  # fmt: skip
        self.sheet.data_validation(1, at, self.last, at, rule)

    def done(self) -> bytes:
        self.file.close()
        return self.out.getvalue()
