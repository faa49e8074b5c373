"""The door of the exported workbook, filled in and recalculated by LibreOffice where that is installed."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import evolve

from ragengine.data.door import read_cell
from ragengine.export.band_rows import BandRows
from ragengine.export.workbook.book import workbook, workbook_refusals
from ragengine.export.workbook.formulas import COLUMNS
from ragengine.export.workbook.sheets import FIRST, ROWS
from ragengine.export.workbook.states import PLACES
from ragengine.rulebook.grace import live_on

from .by_hand import rating_of
from .door import INTERVALS, Answer, Answers, Door, Exempt, book_of, is_finite, numbers_of
from .row import NUMBERS, Expected, Given, Table

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
        return made | _recalculated(table, workbook(bands, refused), rated)
    except Exception as error:
        return made | dict.fromkeys((given.number for given in rated), Answer.broken(error))


def _refused(why: str) -> Answer:
    """A rule that a sheet leaves out by name: one with a formula, or with finer edges than it compares."""
    known = why.startswith(
        (
            "its target is made from other rows",
            "its value is computed",
            "its bands have edges of more than 9 decimals",
            INTERVALS,
        )
    )
    return Answer(fault="" if known else f"refused: {why}", refused=True)


def _recalculated(table: Table, empty: bytes, givens: Sequence[Given]) -> dict[int, Answer]:
    """As many sheets as the rows need, all recalculated by one start of the office."""
    parts = [givens[at : at + ROWS] for at in range(0, len(givens), ROWS)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"part{number}.xlsx" for number in range(len(parts))]
        for file, part in zip(files, parts, strict=True):
            _fill(table, empty, part, file)
        command = [
            "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
            "--outdir", str(folder / "out"), *map(str, files),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        read = (_read(folder / "out" / file.name, part) for file, part in zip(files, parts, strict=True))
        return {number: answer for answers in read for number, answer in answers}


def _fill(table: Table, empty: bytes, givens: Sequence[Given], file: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(empty))
    sheet = book["Rate"]
    for line in range(FIRST, FIRST + ROWS):
        filled = _cells(table, givens[line - FIRST]) if line - FIRST < len(givens) else {}
        for name in ("kpi", "entity", "day", "held", *_CELLS.values()):
            cell = sheet.cell(line, _PLACES[name])
            cell.value = filled.get(name)
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(file)


def _cells(table: Table, given: Given) -> dict[str, Any]:
    cells = {_CELLS[name]: _typed(cell) for name, cell in given.cells.items() if name in _CELLS}
    day = given.row.period if given.row.why == _UNREADABLE else given.row.day
    held = "" if day is given.row.period else _held(table, given)
    return cells | {"kpi": given.subject, "entity": given.entity or None, "day": day, "held": held or None}


def _typed(cell: Any) -> Any:
    """A cell as a sheet holds it when it is typed: digits become a double, where one is large enough."""
    typed = isinstance(cell, str) and _NUMBER.fullmatch(cell.strip()) and math.isfinite(float(cell))
    return float(cell) if typed else cell


def _held(table: Table, given: Given) -> str:
    """What whoever fills it in says of the conditions of the rule, in their order: it is for them to know."""
    kpi = book_of(table).rules.kpis[given.subject].for_entity(given.row.entity or None)
    granted = [applied.grace for applied in rating_of(table, given).outcome.graces if applied.granted]
    asked = [grace for grace in kpi.graces if grace.when is not None and live_on(grace, given.row.day)]
    held = [any(each is grace for each in granted) for grace in asked]
    evidence = given.cells.get("evidence")
    if kpi.requires_evidence:
        held.append(isinstance(evidence, str) and bool(evidence.strip()))
    return ", ".join("yes" if each else "no" for each in held)


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
    """What people fill in: numbers, texts and yes or no in the cells of one row, and the last day of its period.

    It has no earlier periods, no overrides and no actions; what is neither a number nor a text cannot be typed.
    """
    if given.history or given.row.is_action or not is_finite(given):
        return False
    if given.row.kind == "judgements" and given.row.rule != "own":
        return False
    # decimals and texts of digits are the doubles that they are typed as; the period is a day, whatever its type was
    return given.kind in ("text", "float", "flag") and all(
        cell is None or isinstance(cell, str | float | bool) for cell in numbers_of(given)
    )


def _is_printed(given: Given) -> bool:
    """A text that is a number by the grammar of cells, and none that a sheet reads: 93%, 1,234, 92 [p]."""
    texts = (cell for cell in numbers_of(given) if isinstance(cell, str) and not _NUMBER.fullmatch(cell.strip()))
    return any(isinstance(read_cell(cell), Fraction) or ":" in cell for cell in texts)


def _rounded(cell: Any) -> Any:
    """A number as the formulas compare it."""
    typed = _typed(cell)
    if not isinstance(typed, float) or abs(typed) >= 1e15:
        return cell
    return f"{Decimal(repr(typed)).quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP):f}"


def _is_fine(given: Given) -> bool:
    numbers = [cell for cell in numbers_of(given) if isinstance(_typed(cell), float)]
    return any(Fraction(str(cell).strip()) != Fraction(str(_rounded(cell)).strip()) for cell in numbers)


def _to_nine_decimals(table: Table, given: Given) -> Expected:
    cells = {name: _rounded(cell) if name in NUMBERS else cell for name, cell in given.cells.items()}
    return Expected.of(rating_of(table, evolve(given, cells=cells)))


def _is_at_the_bound(given: Given) -> bool:
    """A number that 15 digits do not tell from 10^15."""
    numbers = [cell for cell in numbers_of(given) if isinstance(_typed(cell), float)]
    return any(abs(Fraction(str(cell).strip())) < 10**15 <= abs(float(f"{_typed(cell):.15g}")) for cell in numbers)


#: a number as it is typed into a cell
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
_UNREADABLE = "a period that cannot be read"
_EXEMPT = (
    Exempt("a workbook's formulas: to nine decimals", _is_fine, _to_nine_decimals),
    Exempt(
        "a spreadsheet tells 15 digits apart: what is 10^15 in them is out of bounds",
        _is_at_the_bound,
        lambda _, given: Expected.grey("invalid"),
    ),
    Exempt(
        "a workbook's formulas read numbers: what is printed with %, groups, colons or a note is a text, and never another number",
        _is_printed,
        lambda _, given: Expected.grey("invalid"),
    ),
)
DOORS = (
    Door(
        "workbook",
        _carries,
        _rate,
        _EXEMPT,
        slack=Fraction(1, 10**8),
        lacks="" if shutil.which("soffice") else "soffice, which recalculates a workbook, is not installed",
    ),
)
