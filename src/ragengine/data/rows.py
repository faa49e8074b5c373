"""Rows become measurements, action reports and published levels; what is wrong with one is a problem, and it stays."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from attrs import evolve

from ..display import did_you_mean
from ..period import Calendar, Period, PeriodError, parse_period
from ..problem import Problem, Severity, shorten
from ..terms import Status
from .door import cell_text, day_of, measurement_beside, measurement_of, report_of, row_numbers, two_ways
from .model import BLANK, ActionReport, Invalid, Measurement, Published
from .table import Row

__all__ = ["ACTIONS", "MEASUREMENTS", "PUBLISHED", "RowReader", "read_one_way"]

MEASUREMENTS = (
    "kpi", "period", "value", "numerator", "denominator", "entity", "target", "evidence", "causes", "note",
    "reported_on", "excluded", "exclusion_reason",
)  # fmt: skip
ACTIONS = ("action", "as_at", "status", "progress", "completed_on", "evidence", "causes", "note")
PUBLISHED = ("subject", "period", "rag", "source", "entity")

_NUMBERS = ("value", "numerator", "denominator", "target", "excluded")
_CELLS = ("value", "numerator", "denominator", "target", "excluded", "evidence", "causes", "note", "exclusion_reason")
_REPORT = ("status", "progress", "completed_on", "evidence", "causes", "note")
_A_NUMBER = "write a number, or a symbol such as c, z or .."
M = TypeVar("M", Measurement, Published)

_OLDEST, _NEWEST = 1990, 2100

#: how many rows are remembered for others of the same surroundings
_MOST_ALIKE = 65_536


class RowReader:
    """Reads rows one by one and collects their problems."""

    def __init__(self, calendar: Calendar, problems: list[Problem]) -> None:
        self.calendar = calendar
        self.problems = problems
        #: a row of which there is nothing to tell, by its surroundings
        self._alike: dict[Hashable, Measurement] = {}
        #: ids as they are kept, once each
        self._ids: dict[str, str] = {}

    def _say(self, row: Row, column: str, code: str, message: str, hint: str = "", *, warning: bool = False) -> None:
        severity = Severity.WARNING if warning else Severity.ERROR
        self.problems.append(Problem(code, message, row.at(column), severity, key=column, hint=hint))

    def measurement(self, row: Row) -> Measurement | None:
        """One measurement; None for a row that does not fit its header."""
        if not row.cells:
            return None
        if row.surroundings is None:
            return self._measurement(row)
        like = self._alike.get(row.surroundings)
        if like is not None:
            numbers = row_numbers(*map(row.cells.get, _NUMBERS))
            whose = self._id(row, "kpi"), self._id(row, "entity") or None
            given = measurement_beside(like, *whose, row.place, numbers)
            self._counts(row, given)
            return given
        told = len(self.problems)
        given = self._measurement(row)
        # what is wrong with a row is told with its place, so those like it are read in full
        if len(self.problems) == told and len(self._alike) < _MOST_ALIKE:
            self._alike[row.surroundings] = given
        return given

    def _id(self, row: Row, column: str) -> str:
        """A cell that is a text, as the same object each time."""
        written = row.cells.get(column)
        if not isinstance(written, str):
            return ""
        known = self._ids.get(written)
        if known is None:
            known = self._ids[written] = row.text(column)
        return known

    def _measurement(self, row: Row) -> Measurement:
        cells: dict[str, Any] = {name: row.cells[name] for name in _CELLS if name in row.cells}
        cells["causes"] = self._texts_of(cells.get("causes"))
        reported = self._day(row, "reported_on")
        cells["reported_on"] = None if isinstance(reported, Invalid) else reported
        given = measurement_of(
            row.text("kpi"),
            period=self._period(row),
            period_text=row.text("period"),
            entity=row.text("entity"),
            inputs={name: cell for name, cell in row.cells.items() if name not in MEASUREMENTS},
            place=row.place,
            **cells,
        )
        if given.period is not None and isinstance(reported, date) and reported < given.period.start:
            said = f"reported on {row.text('reported_on')}, before {given.period.label} begins"
            self._say(row, "reported_on", "RAG117", said, "check both days", warning=True)
        self._counts(row, given)
        return given

    @staticmethod
    def _texts_of(causes: object) -> object:
        """Causes as a cell may hold them: a text, or several; anything else is one text that no rule names."""
        several = isinstance(causes, list | tuple | set | frozenset) and all(isinstance(each, str) for each in causes)
        return causes if causes is None or several else cell_text(causes)

    def _counts(self, row: Row, given: Measurement) -> None:
        """Cells that are neither number nor symbol, and counts that a person should look at."""
        numerator, denominator, excluded = given.numerator, given.denominator, given.excluded
        if numerator is BLANK and denominator is BLANK and excluded is BLANK and given.target is BLANK:
            return
        for name in ("numerator", "denominator", "target", "excluded"):
            cell = getattr(given, name)
            if cell is BLANK:
                continue
            if isinstance(cell, Invalid):
                self._say(row, name, "RAG105", f"{cell.text!r} is {cell.message}", _A_NUMBER)
            elif name != "target" and isinstance(cell, Fraction):
                if cell.numerator < 0:
                    self._say(row, name, "RAG108", f"the {name} {row.text(name)} is negative", "a count is 0 or more")
                elif cell.denominator != 1:
                    said = f"the {name} {row.text(name)} is no whole number"
                    self._say(row, name, "RAG108", said, "look at the source", warning=True)
        if isinstance(numerator, Fraction) and isinstance(denominator, Fraction) and numerator > denominator:
            said = f"the numerator {row.text('numerator')} is more than the denominator {row.text('denominator')}"
            self._say(row, "numerator", "RAG108", said, "look at the source", warning=True)
        if not isinstance(excluded, Fraction):
            return
        if isinstance(denominator, Fraction) and excluded > denominator:
            said = f"{row.text('excluded')} excluded of {row.text('denominator')}"
            self._say(row, "excluded", "RAG108", said, "exclude at most the denominator")
        if excluded and not given.exclusion_reason:
            said = "an exclusion without a reason"
            self._say(row, "excluded", "RAG108", said, "write exclusion_reason", warning=True)

    def _period(self, row: Row) -> Period | None:
        written = row.cells.get("period")
        try:
            period = parse_period(written if written is not None else "", self.calendar)
        except PeriodError as wrong:
            self._say(row, "period", "RAG106", f"{shorten(row.text('period'), 40)!r}: {wrong.message}", wrong.hint)
            return None
        if not _OLDEST <= period.start.year <= _NEWEST:
            said = f"the period {period.label} is hardly meant"
            self._say(row, "period", "RAG113", said, "look at the year", warning=True)
        return period

    def _day(self, row: Row, column: str) -> date | Invalid | None:
        day = day_of(row.cells.get(column), self.calendar)
        if isinstance(day, Invalid):
            message, _, hint = day.message.partition("; ")
            self._say(row, column, "RAG106", f"{day.text!r}: {message}", hint)
        return day

    def action(self, row: Row) -> ActionReport | None:
        """One action report; None for a row that does not fit its header."""
        if not row.cells:
            return None
        as_at = self._day(row, "as_at")
        if as_at is None:
            self._say(row, "as_at", "RAG106", "the row has no as_at", "write the day of the report: 2020-08-14")
        cells: dict[str, Any] = {name: row.cells[name] for name in _REPORT if name in row.cells}
        cells["causes"] = self._texts_of(cells.get("causes"))
        report = report_of(
            row.text("action"),
            None if isinstance(as_at, Invalid) else as_at,
            self.calendar,
            as_at_text=row.text("as_at"),
            place=row.place,
            **cells,
        )
        self._report(row, report)
        return report

    def _report(self, row: Row, report: ActionReport) -> None:
        if isinstance(report.status, Invalid):
            near = did_you_mean(report.status.text, Status)
            hint = f"did you mean '{near}'?" if near else f"write {', '.join(Status)}"
            self._say(row, "status", "RAG105", f"{report.status.text!r} is {report.status.message}", hint)
        if isinstance(report.progress, Invalid):
            said = f"{report.progress.text!r} is {report.progress.message}"
            self._say(row, "progress", "RAG105", said, "write 0 to 100")
        if isinstance(report.completed_on, Invalid):
            message, _, hint = report.completed_on.message.partition("; ")
            self._say(row, "completed_on", "RAG106", f"{report.completed_on.text!r}: {message}", hint)
        elif report.is_ahead:
            said = f"complete on {row.text('completed_on')}, after the report of {row.text('as_at')}"
            self._say(row, "completed_on", "RAG117", said, "check both days")
        elif report.completed_on is not None and isinstance(report.status, Status | None) and not report.is_complete:
            stands = f"is {report.status}" if report.status else "has no status"
            said = f"the action {stands}, and so its completed_on is not read"
            self._say(row, "completed_on", "RAG117", said, "write complete as its status, or no day", warning=True)

    def published(self, row: Row) -> Published | None:
        """One published level."""
        if not row.cells:
            return None
        return Published(
            subject=row.text("subject"),
            period=self._period(row),
            rag=row.text("rag"),
            period_text=row.text("period"),
            source=row.text("source"),
            entity=row.text("entity") or None,
            place=row.place,
        )


def read_one_way(rows: Sequence[M], problems: list[Problem], column: int | None = None) -> list[M]:
    """The rows, without the periods that may be a month or a financial year in a column that has such years.

    ``column`` is the position of the periods, where they stand in a file.
    """
    doubtful = two_ways({row.period_text for row in rows})
    made = []
    for row in rows:
        if row.period is not None and row.period_text in doubtful:
            month, year = row.period.label, row.period_text.replace("-", "/")
            said = f"{row.period_text!r} is {month} or the financial year {year}: the column has such years besides"
            place = row.place if column is None else evolve(row.place, column=column)
            problems.append(Problem("RAG106", said, place, key="period", hint=f"write {year} or {month}"))
            row = evolve(row, period=None, period_text=f"{row.period_text}, {month} or {year}")
        made.append(row)
    return made
