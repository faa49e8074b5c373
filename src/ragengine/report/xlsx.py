"""The report as an Excel workbook: one real table a sheet, words for levels, and no text that is a formula."""

from __future__ import annotations

import io
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ..display import clean
from ..document.zips import changed_zip
from ..errors import MissingExtra
from ..terms import Rag
from ..workbench.drawing.level_colours import colours
from .model import Report
from .sheets import Cell, Column, ReportSheet, sheets_of
from .wording import label_of

__all__ = ["xlsx_file"]

_LONG_AGO = datetime(2000, 1, 1)
#: a cell holds no more characters
_LONGEST = 32_767
_FIRST_ROW = 3


def xlsx_file(report: Report) -> bytes:
    """The bytes of an XLSX file; raises MissingExtra without xlsxwriter."""
    try:
        import xlsxwriter
    except ImportError as lacking:
        raise MissingExtra("an Excel workbook", "xlsxwriter", "xlsx") from lacking
    out = io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = f"{report.title}: exception report, {report.period.label}"
    file.set_properties({"title": clean(title), "subject": "Exception report", "author": "", "created": _LONG_AGO})
    writer = _Writer(file, report)
    for number, sheet in enumerate(sheets_of(report)):
        writer.sheet(sheet, number)
    file.close()
    return changed_zip(out.getvalue(), _with_language)


def _with_language(name: str, content: bytes) -> bytes:
    """The language of the document: xlsxwriter has no word for it."""
    if name != "docProps/core.xml":
        return content
    return content.replace(b"<dcterms:created", b"<dc:language>en-GB</dc:language><dcterms:created", 1)


class _Writer:
    """The formats of one workbook, and how cells are written."""

    def __init__(self, file: Any, report: Report) -> None:
        self.file = file
        self.report = report
        base = {"font_name": "Arial", "font_size": 11, "valign": "top", "text_wrap": True}
        self.text = file.add_format(base)
        self.number = file.add_format(base | {"num_format": "General", "align": "right"})
        self.day = file.add_format(base | {"num_format": "d mmm yyyy", "align": "left"})
        self.title = file.add_format({"font_name": "Arial", "font_size": 16, "bold": True})
        self.plain = file.add_format({"font_name": "Arial", "font_size": 11})
        self.link = file.add_format(base | {"font_color": "#114b8a", "underline": 1})
        self.head = file.add_format(base | {"bold": True, "bottom": 2, "bg_color": "#e3e5e7", "font_color": "#0b0c0c"})
        self.levels = {label_of(level): self._level(level) for level in report.scale}

    def _level(self, level: Rag) -> Any:
        text, ground = colours(level)
        return self.file.add_format({"bg_color": ground, "font_color": text, "bold": level.rank == 0})

    def sheet(self, sheet: ReportSheet, number: int) -> None:
        own = self.file.add_worksheet(sheet.name)
        own.write_string(0, 0, clean(sheet.title), self.title)
        own.set_landscape()
        own.set_paper(9)
        own.fit_to_pages(1, 0)
        if sheet.lines:
            own.set_column(0, 0, 90)
            for n, line in enumerate(sheet.lines, start=1):
                own.write_string(n, 0, clean(line), self.text)
            return
        own.write_string(1, 0, sheet.told, self.plain)
        for n, column in enumerate(sheet.columns):
            own.set_column(n, n, column.width)
        last = _FIRST_ROW + max(len(sheet.rows), 1)
        # the heads must be what the table says: a table's names are unique, whatever case
        names = _unique([column.name for column in sheet.columns])
        heads = [{"header": clean(name), "header_format": self.head} for name in names]
        own.add_table(
            _FIRST_ROW, 0, last, len(sheet.columns) - 1, {"columns": heads, "style": None, "name": f"table_{number}"}
        )
        for r, row in enumerate(sheet.rows, start=_FIRST_ROW + 1):
            for c, cell in enumerate(row):
                self.cell(own, r, c, cell)
            if sheet.name == "Contents":
                own.write_url(r, 0, f"internal:'{row[0]}'!A1", self.link, str(row[0]))
        own.freeze_panes(_FIRST_ROW + 1, 1 if len(sheet.columns) > 4 else 0)
        own.repeat_rows(_FIRST_ROW)
        for n, column in enumerate(sheet.columns):
            self._colour(own, n, column, last)

    def _colour(self, own: Any, number: int, column: Column, last: int) -> None:
        """Colours by the word, so that a re-typed level or a filtered row keeps its own."""
        if not column.levels:
            return
        for word, form in self.levels.items():
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{word.replace(chr(34), chr(34) * 2)}"',
                "format": form,
            }
            own.conditional_format(_FIRST_ROW + 1, number, last, number, rule)

    def cell(self, own: Any, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None | "":
                own.write_blank(row, column, None, self.text)
            case str():
                own.write_string(row, column, clean(cell)[:_LONGEST], self.text)
            case date():
                own.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), self.day)
            case int() | Fraction():
                own.write_number(row, column, float(cell), self.number)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for name in names:
        times = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        found.append(name if times == 1 else f"{name} ({times})")
    return found
