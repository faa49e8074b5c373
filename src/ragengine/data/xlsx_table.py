"""XLSX files as tables: the one visible sheet, or of several the one that has the file's name."""

from __future__ import annotations

from pathlib import Path

from ..problem import Place, Problem, shorten
from .table import Records, Table
from .workbook import UnusableWorkbook, read_workbook

__all__ = ["open_xlsx"]

_MOST_NAMED = 8


def open_xlsx(path: Path, name: str) -> Table:
    """A workbook's table, whose first row that is not blank names the columns; what is wrong with it is a problem."""
    try:
        sheets, read = read_workbook(path, currency=False)
        chosen = [sheet for sheet in sheets if len(sheets) == 1 or sheet.strip().casefold() == path.stem.casefold()]
        if not chosen:
            named = ", ".join(shorten(sheet, 31) for sheet in sheets[:_MOST_NAMED])
            raise UnusableWorkbook(f"none of the {len(sheets)} sheets is called {path.stem}", f"rename one of {named}")
        cells = read(chosen[0])
    except UnusableWorkbook as wrong:
        return Table(name, (), (), [Problem("RAG101", wrong.message, Place(name), hint=wrong.hint)])
    if not cells.rows:
        hint = "the first row names the columns"
        return Table(name, (), (), [Problem("RAG101", "the sheet is empty", Place(name, 1), hint=hint)])
    problems: list[Problem] = []
    if cells.uncalculated:
        shown = ", ".join(cells.uncalculated[:_MOST_NAMED]) + (" …" if cells.uncalculated[_MOST_NAMED:] else "")
        said = f"formulas that were saved without their results: {len(cells.uncalculated):,} ({shown})"
        problems.append(Problem("RAG101", said, Place(name), hint="open the file in a spreadsheet and save it"))
    rows = iter(cells.rows)
    line, header = next(rows)
    return Table(name, header, Records(rows, name, header, line, problems), problems)
