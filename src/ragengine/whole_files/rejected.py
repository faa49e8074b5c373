"""Why rows are rejected: in words, as a scorecard tells them, and in a file beside the ratings."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from attrs import define, field, frozen

from ..book import Rulebook
from ..data.door import cell_text, read_by
from ..data.rows import RowReader
from ..data.states import Unrated, state_of
from ..data.table import Row
from ..display import did_you_mean, safe_cell
from ..errors import BadArgument
from ..period import PeriodError, parse_period
from ..problem import Place, Problem, shorten
from ..rating.prepare import PreparedKpi
from ..terms import Reason
from .measurements import MeasurementColumns
from .source import Batch

__all__ = ["ProblemFile"]

#: ids compared in search of those that were meant, before the search is given up
_MOST_COMPARED = 200_000
#: kinds of problems that are counted apart, and reasons that are kept
_MOST_KINDS, _MOST_KEPT = 1_000, 50_000
#: codes of problems with what a row gives a KPI
_ABOUT_KPI = ("RAG105", "RAG107", "RAG108", "RAG109")


@frozen
class Rejections:
    """What was told of rejected rows, by code and by what it is about, each kind with its first row."""

    counts: Counter[tuple[str, str]] = field(factory=Counter)
    first: dict[tuple[str, str], Problem] = field(factory=dict)

    def add(self, code: str, about: str, reason: str, place: Place) -> None:
        key = (code, about)
        if key not in self.counts and len(self.counts) >= _MOST_KINDS:
            key = (code, "")
        self.counts[key] += 1
        if key not in self.first:
            self.first[key] = Problem(code, reason, place, key=about if code in _ABOUT_KPI else "")

    def told(self) -> tuple[tuple[int, Problem], ...]:
        """How many rows of each kind, and the first of them; the most frequent kind first."""
        return tuple((count, self.first[key]) for key, count in self.counts.most_common())


@define(slots=False)
class _Reasons:
    """The code and reason of a rejected row, and the column of the cell that is wrong."""

    book: Rulebook
    _unknown: dict[str, str] = field(factory=dict)
    _known: dict[tuple[Any, ...], tuple[str, str, str]] = field(factory=dict)

    def of(self, cells: Mapping[str, Any]) -> tuple[str, str, str]:
        """What is wrong with the cells of a row, by the names that rating knows."""
        kpi, written = cells["kpi"], cells.get("period")
        if kpi not in self.book.rules.kpis:
            return "RAG104", self._of_unknown(kpi), "kpi"
        if written is not None:
            try:
                parse_period(written, self.book.rules.calendar)
            except PeriodError as wrong:
                said = f"{shorten(written, 40)!r}: {wrong.message}" if written else "the row has no period"
                return "RAG106", f"{said}; {wrong.hint}" if wrong.hint else said, "period"
        if self.book.rules.kpis[kpi].words:
            key: tuple[Any, ...] = (kpi, cells.get("value"))
        else:
            key = tuple(value for name, value in cells.items() if name not in ("evidence", "causes"))
        if key not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[key] = self._of_cells(kpi, cells)
        return self._known[key]

    def _of_unknown(self, kpi: str) -> str:
        if kpi in self.book.rules.actions:
            return f"{kpi} is an action: a scorecard rates it"
        known = self._unknown.get(kpi)
        if known is not None:
            return known
        said = f"the rules have no KPI {shorten(kpi)!r}" if kpi else "the row has no kpi"
        kpis = self.book.rules.kpis
        if len(self._unknown) * len(kpis) < _MOST_COMPARED:
            near = did_you_mean(kpi, kpis)
            self._unknown[kpi] = said = f"{said}; did you mean {near}?" if near else said
        return said

    def _of_cells(self, kpi_id: str, cells: Mapping[str, Any]) -> tuple[str, str, str]:
        """What a file of data would be told: an impossible count first, then why the value cannot be judged."""
        kpi, prepared = self.book.rules.kpis[kpi_id], self.book[kpi_id]
        problems: list[Problem] = []
        texts = {name: _text(value) for name, value in cells.items()}
        measured = RowReader(self.book.rules.calendar, problems).measurement(Row(texts, Place(""), {}))
        assert measured is not None and isinstance(prepared, PreparedKpi)
        counts = next((problem for problem in problems if problem.code == "RAG108" and problem.is_error), None)
        if counts is not None:
            return counts.code, f"{counts.message}; {counts.hint}", counts.key
        try:
            rating = prepared.rate_measurement(measured)
        except BadArgument as wrong:
            return "RAG106", wrong.wanted, "period"
        why = rating.facts.why if rating.reason is Reason.INVALID else ""
        if kpi.words and why:
            return "RAG109", why, "value"
        first = next((problem for problem in problems if problem.is_error), None)
        told = why or (first.message if first else "its cells cannot be judged")
        state = state_of(kpi, read_by(measured, self.book.rules.symbols), None)
        column = state.column if isinstance(state, Unrated) else ""
        return (
            "RAG105",
            f"{told}; write a number, or a symbol such as c, z or ..",
            column or (first.key if first else ""),
        )


def _text(value: Any) -> str:
    """A cell as its file would print it."""
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}" if abs(value) < 10**20 else repr(value)
    return cell_text(value)


class ProblemFile:
    """A CSV file with a line for each rejected row: where it stands, its cells, a code and the reason.

    It is begun with the first such row. Its cells are safe to open in a spreadsheet.
    """

    def __init__(self, path: Path, book: Rulebook, place: str) -> None:
        self.rejections = Rejections()
        self.rows = 0
        self._path = path
        self._place = place
        self._reasons = _Reasons(book)
        self._file: Any = None
        self._columns: tuple[str, ...] = ()

    def add(
        self,
        batch: Batch,
        measured: MeasurementColumns,
        work: pl.DataFrame,
        rows: pl.Series,
        clashes: Mapping[int, str],
    ) -> None:
        """The rows of these positions; ``clashes`` says which line was given more than once, and how."""
        if self._file is None:
            self._columns = tuple(measured.names)
            self._file = self._path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file, lineterminator="\n")
            self._writer.writerow(("file", self._place, *self._columns, "code", "reason"))
        given = batch.frame[rows].select(pl.col(own).alias(name) for name, own in measured.names.items())
        cells = work[rows]
        positions = {own: n for n, own in enumerate(batch.frame.columns, start=1)}
        for n, line, own, read in zip(
            rows.to_list(), batch.lines[rows].to_list(), given.iter_rows(named=True), cells.iter_rows(named=True)
        ):
            column = ""
            if n in batch.misfits:
                code, reason = "RAG103", batch.misfits[n]
            elif n in clashes:
                code, reason = "RAG107", clashes[n]
            else:
                code, reason, column = self._reasons.of({**own, "kpi": read["kpi"], **_period(read)})
            shown = (_text(own.get(name)) for name in self._columns)
            self._writer.writerow(map(safe_cell, (batch.file, str(line), *shown, code, reason)))
            about = read.get("period", "") if code == "RAG106" else "" if code == "RAG103" else read["kpi"]
            at = positions.get(measured.names.get(column, ""), 0)
            self.rejections.add(code, about, reason, Place(batch.file, line, at))
            self.rows += 1

    def close(self) -> None:
        if self._file is not None and not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()


def _period(read: Mapping[str, Any]) -> dict[str, Any]:
    return {"period": read["period"]} if "period" in read else {}
