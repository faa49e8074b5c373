"""Rows become measurements, action reports and published levels; what is wrong with one is a problem, and it stays."""

from __future__ import annotations

import difflib
from datetime import date
from fractions import Fraction

from ..period import Calendar, Period, PeriodError, parse_date, parse_period
from ..problem import Problem, Severity, shorten
from ..terms import Status
from .cells import read_cell
from .model import ActionReport, Cell, Invalid, Measurement, Published, Symbol
from .table import Row

__all__ = ["ACTIONS", "MEASUREMENTS", "PUBLISHED", "RowReader", "causes_of"]

MEASUREMENTS = (
    "kpi", "period", "value", "numerator", "denominator", "entity", "target", "evidence", "causes", "note",
    "reported_on", "excluded", "exclusion_reason",
)  # fmt: skip
ACTIONS = ("action", "as_at", "status", "progress", "completed_on", "evidence", "causes", "note")
PUBLISHED = ("subject", "period", "rag", "source")

_OLDEST, _NEWEST = 1990, 2100


class RowReader:
    """Reads rows one by one and collects their problems."""

    def __init__(self, calendar: Calendar, problems: list[Problem]) -> None:
        self.calendar = calendar
        self.problems = problems

    def _say(self, row: Row, column: str, code: str, message: str, hint: str = "", *, warning: bool = False) -> None:
        severity = Severity.WARNING if warning else Severity.ERROR
        self.problems.append(Problem(code, message, row.at(column), severity, key=column, hint=hint))

    def measurement(self, row: Row) -> Measurement | None:
        """One measurement; None for a row that does not fit its header."""
        if not row.cells:
            return None
        period = self._period(row)
        cells = {name: self._cell(row, name) for name in ("numerator", "denominator", "target", "excluded")}
        self._counts(row, cells)
        extra = {name: text for name, text in row.cells.items() if name not in MEASUREMENTS}
        return Measurement(
            kpi=row.text("kpi"),
            period=period,
            period_text=row.text("period"),
            entity=row.text("entity") or None,
            value=read_cell(row.cells["value"]) if "value" in row.cells else None,
            value_text=row.cells.get("value", ""),
            inputs={name: read_cell(text) for name, text in extra.items()},
            evidence=row.text("evidence"),
            causes=causes_of(row.text("causes")),
            note=row.text("note"),
            reported_on=self._date(row, "reported_on"),
            exclusion_reason=row.text("exclusion_reason"),
            extra=extra,
            place=row.place,
            **cells,
        )

    def _cell(self, row: Row, column: str) -> Cell:
        if column not in row.cells:
            return None
        cell = read_cell(row.cells[column])
        if isinstance(cell, Invalid):
            hint = "write a number, or a symbol such as c, z or .."
            self._say(row, column, "RAG105", f"{cell.text!r} is {cell.message}", hint)
        return cell

    def _counts(self, row: Row, cells: dict[str, Cell]) -> None:
        for name in ("numerator", "denominator", "excluded"):
            cell = cells[name]
            if not isinstance(cell, Fraction):
                continue
            if cell < 0:
                self._say(row, name, "RAG108", f"the {name} {row.text(name)} is negative", "a count is 0 or more")
                cells[name] = Invalid(row.text(name), "a negative count")
            elif cell.denominator != 1:
                said = f"the {name} {row.text(name)} is no whole number"
                self._say(row, name, "RAG108", said, "look at the source", warning=True)
        numerator, denominator = cells["numerator"], cells["denominator"]
        if isinstance(numerator, Fraction) and isinstance(denominator, Fraction) and numerator > denominator:
            said = f"the numerator {row.text('numerator')} is more than the denominator {row.text('denominator')}"
            self._say(row, "numerator", "RAG108", said, "look at the source", warning=True)
        excluded = cells["excluded"]
        if isinstance(excluded, Fraction) and isinstance(denominator, Fraction) and excluded > denominator:
            said = f"{row.text('excluded')} excluded of {row.text('denominator')}"
            self._say(row, "excluded", "RAG108", said, "exclude at most the denominator")
            cells["excluded"] = Invalid(row.text("excluded"), "more than the denominator")
        if isinstance(excluded, Fraction) and excluded and not row.text("exclusion_reason"):
            said = "an exclusion without a reason"
            self._say(row, "excluded", "RAG108", said, "write exclusion_reason", warning=True)

    def _period(self, row: Row) -> Period | None:
        written = row.text("period")
        try:
            period = parse_period(written, self.calendar)
        except PeriodError as wrong:
            self._say(row, "period", "RAG106", f"{shorten(written, 40)!r}: {wrong.message}", wrong.hint)
            return None
        if not _OLDEST <= period.start.year <= _NEWEST:
            said = f"the period {period.label} is hardly meant"
            self._say(row, "period", "RAG113", said, "look at the year", warning=True)
        return period

    def _date(self, row: Row, column: str) -> date | None:
        written = row.text(column)
        if not written or isinstance(read_cell(written), Symbol):
            return None
        try:
            return parse_date(written, self.calendar)
        except PeriodError as wrong:
            self._say(row, column, "RAG106", f"{shorten(written, 40)!r}: {wrong.message}", wrong.hint)
            return None

    def action(self, row: Row) -> ActionReport | None:
        """One action report; None for a row whose day cannot be read."""
        if not row.cells:
            return None
        as_at = self._date(row, "as_at")
        if as_at is None:
            if not row.text("as_at"):
                self._say(row, "as_at", "RAG106", "the row has no as_at", "write the day of the report: 2020-08-14")
            return None
        progress = self._cell(row, "progress")
        if isinstance(progress, Fraction) and not 0 <= progress <= 100:
            self._say(row, "progress", "RAG105", f"{row.text('progress')} is no progress", "write 0 to 100")
            progress = Invalid(row.text("progress"), "not from 0 to 100")
        return ActionReport(
            action=row.text("action"),
            as_at=as_at,
            status=self._status(row),
            progress=progress,
            completed_on=self._date(row, "completed_on"),
            evidence=row.text("evidence"),
            causes=causes_of(row.text("causes")),
            note=row.text("note"),
            place=row.place,
        )

    def _status(self, row: Row) -> Status | None:
        written = " ".join(row.text("status").replace("-", " ").casefold().split())
        if not written:
            return None
        try:
            return Status(written)
        except ValueError:
            near = difflib.get_close_matches(written, list(Status), n=1, cutoff=0.6)
            hint = f"did you mean {str(near[0])!r}?" if near else f"write {', '.join(Status)}"
            self._say(row, "status", "RAG105", f"{shorten(written, 40)!r} is no status", hint)
            return None

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
            place=row.place,
        )


def causes_of(written: str) -> frozenset[str]:
    """The causes that a cell names, separated by commas or semicolons, folded."""
    return frozenset(cause for part in written.replace(",", ";").split(";") if (cause := part.strip().casefold()))
