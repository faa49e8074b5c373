"""The door of the exported workbook, filled in and recalculated by LibreOffice where that is installed."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ragengine.export.band_rows import BandRows
from ragengine.export.workbook.book import workbook, workbook_refusals
from ragengine.export.workbook.formulas import COLUMNS
from ragengine.export.workbook.sheets import FIRST, ROWS

from .by_sql import carried_by_tables
from .door import Answer, Answers, Door, book_of, is_finite, numbers_of
from .row import Given, Table

__all__ = ["DOORS"]

_PLACES = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
_LEVELS = {"▲ Red": "red", "● Amber": "amber", "★ Green": "green", "– Grey": "grey"}
#: columns of the sheet, by the cells of a row
_CELLS = {"value": "value", "numerator": "over", "denominator": "under", "excluded": "less", "target": "target"}


def _rate(table: Table, givens: Sequence[Given]) -> Answers:
    bands = BandRows(book_of(table))
    refused = workbook_refusals(bands)
    rated = [given for given in givens if given.subject not in refused]
    made = {given.number: _refused(refused[given.subject]) for given in givens if given.subject in refused}
    try:
        return made | _recalculated(workbook(bands, refused), rated)
    except Exception as error:
        return made | dict.fromkeys((given.number for given in rated), Answer.broken(error))


def _refused(why: str) -> Answer:
    """A rule that a sheet leaves out by name: one with a formula, or with finer edges than it compares."""
    known = why.startswith(("its value is computed", "its bands have edges of more than 9 decimals"))
    return Answer(fault="" if known else f"refused: {why}", refused=True)


def _recalculated(empty: bytes, givens: Sequence[Given]) -> dict[int, Answer]:
    """As many sheets as the rows need, all recalculated by one start of the office."""
    parts = [givens[at : at + ROWS] for at in range(0, len(givens), ROWS)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"part{number}.xlsx" for number in range(len(parts))]
        for file, part in zip(files, parts, strict=True):
            _fill(empty, part, file)
        command = [
            "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
            "--outdir", str(folder / "out"), *map(str, files),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        read = (_read(folder / "out" / file.name, part) for file, part in zip(files, parts, strict=True))
        return {number: answer for answers in read for number, answer in answers}


def _fill(empty: bytes, givens: Sequence[Given], file: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(empty))
    sheet = book["Rate"]
    for line in range(FIRST, FIRST + ROWS):
        filled = _cells(givens[line - FIRST]) if line - FIRST < len(givens) else {}
        for name in ("kpi", "entity", "day", "held", *_CELLS.values()):
            cell = sheet.cell(line, _PLACES[name])
            cell.value = filled.get(name)
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(file)


def _cells(given: Given) -> dict[str, Any]:
    cells = {_CELLS[name]: cell for name, cell in given.cells.items() if name in _CELLS}
    evidence = given.cells.get("evidence")
    held = "yes" if isinstance(evidence, str) and evidence.strip() else None
    return cells | {"kpi": given.subject, "entity": given.entity or None, "day": given.row.day, "held": held}


def _read(file: Path, givens: Sequence[Given]) -> Iterator[tuple[int, Answer]]:
    import openpyxl

    sheet = openpyxl.load_workbook(file, data_only=True)["Rate"]
    for line, given in enumerate(givens, start=FIRST):
        found = {name: sheet.cell(line, _PLACES[name]).value for name in ("level", "computed", "reason", "shortfall")}
        yield given.number, _answer(found)


def _answer(found: Mapping[str, Any]) -> Answer:
    rag, computed = (_LEVELS.get(found[name], str(found[name])) for name in ("level", "computed"))
    short = found["shortfall"] if isinstance(found["shortfall"], int | float) else None
    return Answer(rag, rag, computed, found["reason"] or None, short)


def _carries(given: Given) -> bool:
    """What people type into the sheet: numbers of up to nine decimals and 15 digits, symbols and words.

    A workbook's formulas compare to nine decimals, as the number law has it; whether a condition holds, and what was
    carried forward, whoever fills it in says, so neither is asked here.
    """
    if given.history or not is_finite(given) or given.kind not in ("text", "float"):
        return False
    if given.row.kind == "carried" or given.row.rule.startswith(("when-", "for-")):
        return False
    numbers = [cell for cell in numbers_of(given) if isinstance(cell, float)]
    short = all(cell == round(cell, 9) and float(f"{cell:.15g}") == cell for cell in numbers)
    return short and carried_by_tables(given, symbols=True) and not _is_typed(given)


def _is_typed(given: Given) -> bool:
    """A text that a sheet takes for a number when it is typed: the same row stands there as floats."""
    return given.kind == "text" and any(
        isinstance(cell, str) and cell.strip().lstrip("+-").replace(".", "", 1).isdigit() for cell in numbers_of(given)
    )


DOORS = (
    Door(
        "workbook",
        _carries,
        _rate,
        slack=Fraction(1, 10**8),
        lacks="" if shutil.which("soffice") else "soffice, which recalculates a workbook, is not installed",
    ),
)
