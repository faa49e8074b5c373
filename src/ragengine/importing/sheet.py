"""A sheet as people see it: rows of printed cells, each row with its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from ..data.workbook import UnusableWorkbook, read_workbook
from ..errors import BadArgument, DataError
from ..problem import Place, Problem
from .csv_sheet import read_csv

__all__ = ["MOST_ROWS", "Sheet", "SheetRow", "read_sheet", "read_sheets"]

#: rows that are read; no list of KPIs is longer
MOST_ROWS = 20_000
_BLANK = " \t\u00a0\ufeff"


@frozen
class SheetRow:
    """One row that is not blank: its number in the file, and its cells without surrounding spaces."""

    number: int
    cells: tuple[str, ...]

    @property
    def distinct(self) -> set[str]:
        """What stands in it, each once: one for a merged heading."""
        return {cell for cell in self.cells if cell}


@frozen
class Sheet:
    """The rows of one sheet.

    Attributes:
        name: the file's name.
        uncalculated: cells whose formula the file holds without its result, as ``D12``.
        tab: the name of the sheet in a workbook of several.
        notes: how the file was read, where it did not say so itself.
        decimal_comma: whether its numbers are written ``1.234,5``.
        fills: how cells are filled, by row and column.
    """

    name: str
    rows: tuple[SheetRow, ...]
    uncalculated: tuple[str, ...] = field(default=())
    tab: str = ""
    notes: tuple[str, ...] = field(default=())
    decimal_comma: bool = False
    fills: Mapping[tuple[int, int], str] = field(factory=dict, hash=False)

    @property
    def source(self) -> str:
        """The file, and the sheet where it has several."""
        return f"{self.name}, sheet {self.tab}," if self.tab else self.name


def read_sheets(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> tuple[Sheet, ...]:
    """The visible sheets of a CSV or XLSX file, or the one that is named.

    Raises DataError where the file cannot be read, BadArgument for a sheet that it has not.
    """
    if not path.is_file():
        raise DataError((Problem("RAG101", "there is no such file", Place(str(path))),))
    suffix = path.suffix.casefold()
    if suffix in (".xlsx", ".xlsm"):
        return _workbook_sheets(path, sheet)
    if suffix in (".csv", ".tsv", ".txt"):
        if sheet is not None:
            raise BadArgument("--sheet", sheet, "a CSV file has one sheet, without a name")
        found = read_csv(path, encoding)
        rows = _bounded(_trimmed(found.records), path.name)
        return (Sheet(path.name, rows, notes=found.notes, decimal_comma=found.decimal_comma),)
    hint = "save it as .xlsx or .csv"
    raise DataError(
        (Problem("RAG101", f"{suffix or 'a file without suffix'} is not read", Place(path.name), hint=hint),)
    )


def read_sheet(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> Sheet:
    """The one sheet of a file; raises BadArgument where it has several and none is named."""
    found = read_sheets(path, sheet=sheet, encoding=encoding)
    if len(found) > 1:
        names = ", ".join(each.tab for each in found)
        raise BadArgument("--sheet", None, f"the file has {len(found)} sheets, name one: {names}")
    return found[0]


def _workbook_sheets(path: Path, wanted: str | None) -> tuple[Sheet, ...]:
    try:
        names, read = read_workbook(path)
        if wanted is not None and wanted not in names:
            raise BadArgument("--sheet", wanted, f"the sheets are {', '.join(names)}")
        chosen = (wanted,) if wanted is not None else names
        made = []
        for name in chosen:
            cells = read(name)
            rows = _bounded(_trimmed(cells.rows), path.name)
            tab = name if len(chosen) > 1 else ""
            notes = [f"{f'sheet {tab}: ' if tab else ''}read too: {hidden}" for hidden in cells.hidden]
            if name == chosen[0] and cells.other_sheets and wanted is None:
                notes.append(f"hidden sheets, not read: {', '.join(cells.other_sheets)} (unhide those that are wanted)")
            if cells.conditional:
                notes.append("conditional formatting is not evaluated: levels that only its colours show are not read")
            made.append(Sheet(path.name, rows, cells.uncalculated, tab, tuple(notes), fills=cells.fills))
    except UnusableWorkbook as wrong:
        problem = Problem("RAG101", wrong.message, Place(path.name), hint=wrong.hint)
        raise DataError((problem,)) from wrong
    return tuple(made)


def _trimmed(records: Iterable[tuple[int, Sequence[str]]]) -> Iterator[SheetRow]:
    for number, cells in records:
        row = SheetRow(number, tuple(cell.strip(_BLANK) for cell in cells))
        if row.distinct:
            yield row


def _bounded(rows: Iterator[SheetRow], name: str) -> tuple[SheetRow, ...]:
    kept: list[SheetRow] = []
    for row in rows:
        if len(kept) == MOST_ROWS:
            said = f"the sheet has more than {MOST_ROWS:,} rows"
            raise DataError((Problem("RAG101", said, Place(name, row.number), hint="is this a list of KPIs?"),))
        kept.append(row)
    return tuple(kept)
