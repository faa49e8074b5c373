"""A sheet as people see it: rows of printed cells, each row with its number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import field, frozen

from ..data.csv_table import read_records
from ..data.workbook import UnusableWorkbook, read_workbook
from ..errors import BadArgument, DataError
from ..problem import Place, Problem

__all__ = ["ENCODINGS", "MOST_ROWS", "Sheet", "SheetRow", "read_sheet"]

#: rows that are read; no list of KPIs is longer
MOST_ROWS = 20_000
_LARGEST_CSV = 32 * 1024 * 1024
_BLANK = " \t\u00a0\ufeff"
ENCODINGS = {"utf-8": "utf-8-sig", "cp1252": "cp1252"}


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
    """

    name: str
    rows: tuple[SheetRow, ...]
    uncalculated: tuple[str, ...] = field(default=())


def read_sheet(path: Path, *, sheet: str | None = None, encoding: str = "utf-8") -> Sheet:
    """The rows of a CSV or XLSX file.

    Raises DataError where the file cannot be read, BadArgument for a sheet that it has not.
    """
    if not path.is_file():
        raise DataError((Problem("RAG101", "there is no such file", Place(str(path))),))
    suffix = path.suffix.casefold()
    if suffix in (".xlsx", ".xlsm"):
        return _workbook_sheet(path, sheet)
    if suffix in (".csv", ".tsv", ".txt"):
        if sheet is not None:
            raise BadArgument("--sheet", sheet, "a CSV file has one sheet, without a name")
        return _csv_sheet(path, encoding)
    hint = "save it as .xlsx or .csv"
    raise DataError(
        (Problem("RAG101", f"{suffix or 'a file without suffix'} is not read", Place(path.name), hint=hint),)
    )


def _workbook_sheet(path: Path, sheet: str | None) -> Sheet:
    try:
        names, read = read_workbook(path)
        if sheet is not None and sheet not in names:
            raise BadArgument("--sheet", sheet, f"the sheets are {', '.join(names)}")
        if sheet is None and len(names) > 1:
            raise BadArgument("--sheet", None, f"the file has {len(names)} sheets, name one: {', '.join(names)}")
        cells = read(sheet if sheet is not None else names[0])
    except UnusableWorkbook as wrong:
        problem = Problem("RAG101", wrong.message, Place(path.name), hint=wrong.hint)
        raise DataError((problem,)) from wrong
    rows = _trimmed((number, row) for number, row in cells.rows)
    return Sheet(path.name, _bounded(rows, path.name), cells.uncalculated)


def _csv_sheet(path: Path, encoding: str) -> Sheet:
    problems: list[Problem] = []
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            start = raw.read(8192)
    except OSError as wrong:
        raise DataError((Problem("RAG101", f"cannot be read: {wrong.strerror}", Place(path.name)),)) from wrong
    if size > _LARGEST_CSV:
        said = f"the file has {size:,} bytes, at most {_LARGEST_CSV:,} are read"
        raise DataError((Problem("RAG101", said, Place(path.name)),))
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError((Problem("RAG101", "the file is UTF-16", Place(path.name, 1), hint="save it as UTF-8"),))
    separator = _separator(start)
    records = read_records(path, path.name, separator, problems, encoding=ENCODINGS[encoding])
    rows = _bounded(_trimmed(records), path.name)
    if problems:
        raise DataError(tuple(_with_way_out(problem) for problem in problems))
    if rows and rows[0].cells[0].casefold().startswith("sep="):
        rows = rows[1:]
    return Sheet(path.name, rows)


def _separator(start: bytes) -> str:
    """What stands on most of the first lines: a title row may have none of them."""
    if start[:4].lower() == b"sep=" and start[4:5] in (b",", b";", b"\t", b"|"):
        return chr(start[4])
    lines = start.split(b"\n")[:30]
    counts = {mark: sum(line.count(mark.encode()) for line in lines) for mark in ",;\t|"}
    return max(counts, key=lambda mark: counts[mark])


def _with_way_out(problem: Problem) -> Problem:
    if "perhaps Windows-1252" not in problem.message:
        return problem
    hint = "save the file as UTF-8, or say --encoding cp1252"
    return Problem(problem.code, problem.message, problem.place, problem.severity, hint=hint)


def _trimmed(records: Iterator[tuple[int, Sequence[str]]]) -> Iterator[SheetRow]:
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
