"""What the cells of a workbook show, as openpyxl reads them: all digits, with the sign of their format."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any

from attrs import frozen
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import is_builtin, is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

# private, hence the upper bound on the version: the public sheets that read it drop rows out of order, make a cell for
# every gap and forget the merged ranges
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from ..number import MAX_PLACES
from .cell_fills import colour_of
from .sheet_cells import Cells, UnusableWorkbook

__all__ = ["Workbook"]

_MOST_ROWS, _MOST_COLUMNS = 50_000, 256
_MOST_FILLED = 200_000
#: serial numbers of days that both eras reach
_DAYS = range(1, 2_957_000)
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DURATION = re.compile(r"\[h+\]|\[m+\]", re.IGNORECASE)
_CLOCK = re.compile(r"h+:m+|m+:s+")
_TRUE = ("1", "true", True)
_CURRENCY = re.compile(r"\[\$([^\]\-]*)[^\]]*\]")


class Workbook:
    """A workbook whose archive was looked at; its visible sheets by name."""

    def __init__(self, raw: bytes, *, currency: bool) -> None:
        self._currency = currency
        with _damage_named():
            self._reader = ExcelReader(BytesIO(raw), read_only=True, keep_links=False)
            self._reader.read()
            self._parts = {sheet.name: part.target for sheet, part in self._reader.parser.find_sheets()}
            visible = [sheet for sheet in self._reader.wb.worksheets if sheet.sheet_state == "visible"]
        self._sheets = {sheet.title: sheet for sheet in visible}
        self._hidden = tuple(s.title for s in self._reader.wb.worksheets if s.title not in self._sheets)
        self.names = tuple(self._sheets)

    def cells(self, name: str) -> Cells:
        """What the cells of a sheet show; raises UnusableWorkbook."""
        with _damage_named():
            return self._cells(name)

    def _cells(self, name: str) -> Cells:
        found: dict[tuple[int, int], str] = {}
        fills: dict[tuple[int, int], str] = {}
        formulas: dict[tuple[int, int], str] = {}
        written = self._parser(name, results=False)
        for cell in self._each(name, written):
            text = self._shown(cell)
            if self._currency and cell.has_style and (colour := colour_of(cell.fill, COLOR_INDEX)):
                fills[cell.row, cell.column] = colour
            if text.strip():
                (formulas if cell.data_type == "f" else found)[_place(cell)] = text
        uncalculated = []
        for cell in self._each(name, self._parser(name, results=True)) if formulas else ():
            at = (cell.row, cell.column)
            if at not in formulas:
                continue
            # a formula whose result is an empty text has no value either, but says that it is a text
            if cell.value is None and cell.data_type != "str":
                uncalculated.append(cell.coordinate)
                found[at] = formulas[at]
            elif (text := self._shown(cell)).strip():
                found[at] = text
        _fill(found, written.merged_cells.mergeCell if written.merged_cells else ())
        width = max((column for _, column in found), default=0)
        rows: dict[int, list[str]] = {}
        for (row, column), text in found.items():
            rows.setdefault(row, [""] * width)[column - 1] = text
        filled = {row for row, _ in found}, {column for _, column in found}
        return Cells(
            tuple((n, tuple(cells)) for n, cells in sorted(rows.items())),
            tuple(uncalculated),
            tuple(_unseen(written, *filled)),
            self._hidden,
            fills,
            bool(written.formatting),
        )

    def _parser(self, name: str, *, results: bool) -> _Parser:
        """What reads a sheet's cells: formulas, or their results."""
        part = self._reader.archive.open(self._parts[name])
        return _Parser(part, self._reader.shared_strings, data_only=results)

    def _each(self, name: str, parser: _Parser) -> Iterator[ReadOnlyCell]:
        for _, row in parser.parse():
            for cell in row:
                yield ReadOnlyCell(self._sheets[name], **cell)

    def _shown(self, cell: ReadOnlyCell) -> str:
        match cell.value:
            case None:
                return ""
            case bool() as truth:
                return str(truth).upper()
            case datetime() as moment:
                return moment.date().isoformat()
            case int() | float() as value:
                return self._number(value, _style(cell.number_format))
            case other:
                return str(other)

    def _number(self, value: float, style: _Style) -> str:
        if not abs(value) < 1e30:
            return str(value)
        if style.duration:
            # data have the seconds, so that nobody takes hours for minutes
            return _clock(value, seconds=not self._currency)
        if style.day and int(value) in _DAYS:
            moment = from_excel(value, self._reader.wb.epoch)
            return f"{moment:%Y-%m}" if style.month else f"{moment:%Y-%m-%d}"
        # people see 15 digits at most; data keep all that the file has
        number = Decimal(format(value, ".15g") if self._currency else repr(value))
        if style.percent:
            return f"{_plain(number * 100)}%"
        return f"{style.currency if self._currency else ''}{_plain(number)}"


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """Gives a formula as it is written, where openpyxl would write each cell of a filled-down one anew."""

    def parse_formula(self, element: Any) -> str:
        return f"={element.findtext(FORMULA_TAG) or ''}"


@contextmanager
def _damage_named() -> Iterator[None]:
    """Whatever stops openpyxl is damage; what it warns of is what it leaves out, such as charts."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UnusableWorkbook:
        raise
    except Exception as wrong:  # what openpyxl raises has no common parent
        raise UnusableWorkbook("the file is damaged, or written as no spreadsheet writes it") from wrong


@frozen
class _Style:
    """What the format of a number says of its meaning."""

    percent: bool
    day: bool
    month: bool
    currency: str
    duration: bool = False


@lru_cache(maxsize=4096)
def _style(code: str) -> _Style:
    positive = code.split(";")[0]
    letters = _NOT_SHOWN.sub("", positive).casefold()
    day = is_date_format(code) and any(part in letters for part in ("y", "d", "mmm"))
    named = next((m[1].strip() for m in _CURRENCY.finditer(positive) if m[1].strip()), "")
    sign = next((c for c in _CURRENCY.sub("", positive) if c in "£€$"), "")
    # the formats that every spreadsheet has show the sign of the reader's country, whatever openpyxl says
    currency = "" if is_builtin(code) else named or sign
    duration = not day and bool(_DURATION.search(positive) or (is_date_format(code) and _CLOCK.search(letters)))
    return _Style("%" in letters, day, day and "d" not in letters and "m" in letters, currency, duration)


def _clock(days: float, *, seconds: bool) -> str:
    """A part of a day as the hours and minutes that it shows: ``26:30``, with ``seconds`` or where it has any."""
    hours, rest = divmod(round(abs(Decimal(repr(days))) * 86_400), 3600)
    shown = f"{'-' if days < 0 else ''}{hours:02d}:{rest // 60:02d}"
    return f"{shown}:{rest % 60:02d}" if seconds or rest % 60 else shown


def _unseen(written: _Parser, rows: set[int], columns: set[int]) -> Iterator[str]:
    """The hidden rows and columns that hold something."""
    hidden = sorted(
        int(n) for n, row in written.row_dimensions.items() if row.get("hidden") in _TRUE and int(n) in rows
    )
    if hidden:
        yield f"hidden rows: {', '.join(map(str, hidden[:20]))}{' …' if hidden[20:] else ''}"
    places = {
        place
        for column in written.column_dimensions.values() if column.get("hidden") in _TRUE
        for place in range(int(column["min"]), min(int(column["max"]), _MOST_COLUMNS) + 1)
    }  # fmt: skip
    if places & columns:
        yield f"hidden columns: {', '.join(get_column_letter(n) for n in sorted(places & columns))}"


def _plain(number: Decimal) -> str:
    """All its digits, with an exponent where it is very small."""
    written = format(number.normalize(), "f")
    return written if len(written) <= MAX_PLACES else format(number.normalize(), "e")


def _place(cell: ReadOnlyCell) -> tuple[int, int]:
    """Row and column, where a table may stand."""
    if cell.row > _MOST_ROWS or cell.column > _MOST_COLUMNS:
        said = f"a cell stands at {cell.coordinate}, beyond {_MOST_ROWS:,} rows or {_MOST_COLUMNS} columns"
        raise UnusableWorkbook(said, "delete what stands far from the table, or save the table alone")
    return cell.row, cell.column


def _fill(found: dict[tuple[int, int], str], merged: Iterable[Any]) -> None:
    """A merged range shows one text; each of its cells means it."""
    last = max((row for row, _ in found), default=0)
    filled = 0
    for area in merged:
        text = found.get((area.min_row, area.min_col))
        if text is None:
            continue
        bottom, right = min(area.max_row, last), min(area.max_col, _MOST_COLUMNS)
        filled += (bottom - area.min_row + 1) * (right - area.min_col + 1)
        if filled > _MOST_FILLED:
            raise UnusableWorkbook("the merged cells cover more than is read", "unmerge them")
        for row in range(area.min_row, bottom + 1):
            for column in range(area.min_col, right + 1):
                found.setdefault((row, column), text)
