"""The three sheets of the workbook: rows to fill in, the band table, and the key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from ...data.door import SYMBOLS
from ...terms import GREY, Rag, Reason, Scale
from ..band_rows import BandRow
from .formulas import COLUMNS, LAST_DAY, formula

__all__ = ["FIRST", "ROWS", "Book", "key_sheet", "rate_sheet", "rules_sheet"]

#: rows that can be filled in
ROWS = 200

#: the first row with formulas, from 1
FIRST = 4


@frozen
class Book:
    """A workbook being written, and its formats by name."""

    file: Any
    scale: Scale

    def format(self, **properties: Any) -> Any:
        """A cell format of these properties, in the workbook's font."""
        return self.file.add_format({"font_name": "Arial", "font_size": 10, "valign": "top", **properties})


def level_text(level: Rag) -> str:
    """A level as a cell shows it: its symbol and its word."""
    return f"{level.symbol} {level.label}"


def _tint(colour: str) -> str:
    """A background on which text of a colour is easy to read."""
    parts = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{255 - (255 - part) * 15 // 100:02X}" for part in parts)


def _colour(book: Book, sheet: Any, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Cells that hold a level take its colour; the word and the symbol are there without."""
    for level in (*book.scale, GREY):
        chosen = book.format(bold=True, font_color=level.colour, bg_color=_tint(level.colour))
        said = f'"{level_text(level)}"'
        sheet.conditional_format(*first, *last, {"type": "cell", "criteria": "==", "value": said, "format": chosen})


def rate_sheet(book: Book, sheet: Any, title: str, filled: Sequence[Mapping[str, object]]) -> None:
    """Rows to fill in on the left, what they come to on the right; some are filled in already."""
    heading = book.format(bold=True, bottom=1, text_wrap=True)
    answer = book.format(bold=True, bottom=1, text_wrap=True, bg_color="#EEEEEE")
    yellow = {"bg_color": "#FFFBE6", "border": 1, "border_color": "#E5DFC0"}
    free, formats = book.format(**yellow), {"day": book.format(num_format="yyyy-mm-dd", align="left", **yellow)}
    plain = book.format(text_wrap=True)
    sheet.write_string(0, 0, title, book.format(bold=True, font_size=14, valign="vcenter"))
    what_to_do = "Fill in the yellow cells; the grey columns rate them by formula, from the sheet Rules. See Key."
    sheet.write_string(1, 0, what_to_do, book.format())
    sheet.set_row(0, 22)
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width, None, {"hidden": column.hidden})
        sheet.write_string(FIRST - 2, number, column.heading, heading if not column.formula else answer)
        if column.hint:
            options = {"validate": "any", "input_title": column.heading, "input_message": column.hint}
            if column.name == "kpi":
                options |= {"validate": "list", "source": "=listed_kpis"}
            sheet.data_validation(FIRST - 1, number, FIRST + ROWS - 2, number, options)
    for row in range(ROWS):
        given = filled[row] if row < len(filled) else {}
        for number, column in enumerate(COLUMNS):
            place = FIRST - 1 + row, number
            if column.formula:
                # empty, not 0, until it is calculated
                sheet.write_formula(*place, formula(column, FIRST + row), plain, "")
            else:
                _fill(sheet, place, given.get(column.name), formats.get(column.name, free))
    level = next(number for number, column in enumerate(COLUMNS) if column.name == "level")
    _colour(book, sheet, (FIRST - 1, level), (FIRST + ROWS - 2, level + 1))
    sheet.freeze_panes(FIRST - 1, 1)
    _on_paper(sheet, FIRST - 2)


def _on_paper(sheet: Any, heading: int) -> None:
    """A4 on its side, as wide as the sheet, with its headings on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading)


def _fill(sheet: Any, place: tuple[int, int], value: object, chosen: Any) -> None:
    match value:
        case None:
            sheet.write_blank(*place, None, chosen)
        case bool():
            sheet.write_boolean(*place, value, chosen)
        case Fraction() | int():
            sheet.write_number(*place, float(value), chosen)
        case date():
            sheet.write_datetime(*place, value, chosen)
        case _:
            # never a formula, whatever it begins with
            sheet.write_string(*place, str(value), chosen)


#: columns of the sheet of rules: name in formulas, heading, width, cell of a band
_RULES: tuple[tuple[str, str, int, Callable[[BandRow], object]], ...] = (
    ("kpi", "KPI", 34, lambda row: row.kpi),
    ("title", "Title", 40, lambda row: row.title),
    ("entity", "Entity", 12, lambda row: row.entity or None),
    ("from", "From", 12, lambda row: row.valid_from or 0),
    ("until", "Until", 12, lambda row: row.valid_until or LAST_DAY),
    ("conditions", "Conditions", 24, lambda row: row.conditions or None),
    ("held", "which hold", 10, lambda row: row.held or None),
    ("given", "For", 16, lambda row: row.given),
    ("word", "Word", 14, lambda row: row.word or None),
    ("lower", "Lower edge", 11, lambda row: row.lower),
    ("lower_included", "included", 10, lambda row: row.lower_included),
    ("upper", "Upper edge", 11, lambda row: row.upper),
    ("upper_included", "included", 10, lambda row: row.upper_included),
    ("lower_per_target", "Lower edge, times target", 12, lambda row: row.lower_per_target or 0),
    ("upper_per_target", "Upper edge, times target", 12, lambda row: row.upper_per_target or 0),
    ("lower_per_size", "Lower edge, times size of target", 12, lambda row: row.lower_per_size or 0),
    ("upper_per_size", "Upper edge, times size of target", 12, lambda row: row.upper_per_size or 0),
    ("level", "Level", 14, lambda row: row.rag),
    ("computed", "By the rule alone", 14, lambda row: row.computed),
    ("reason", "Reason", 16, lambda row: row.reason or None),
    ("band", "Band", 28, lambda row: row.band or None),
    ("grace", "Grace", 16, lambda row: row.grace or None),
    ("target_low", "Target, at least", 10, lambda row: row.target_low),
    ("target_high", "Target, at most", 10, lambda row: row.target_high),
    ("target_side", "Target brought is", 12, lambda row: row.target_side or None),
    ("target_needed", "Target needed", 12, lambda row: row.target_needed or None),
    ("minimum_n", "Minimum n", 10, lambda row: row.minimum_n),
    ("valid_min", "Valid from", 10, lambda row: row.valid_min),
    ("valid_max", "Valid to", 10, lambda row: row.valid_max),
    ("carry_forward", "Carried forward", 14, lambda row: row.carry_forward or None),
    ("value_from", "Value from", 16, lambda row: row.value_from or None),
    ("rule", "Rule", 24, lambda row: row.rule),
    ("held_if_blank", "if unanswered", 10, lambda row: row.held.replace("yes", "no") or None),
)


def rules_sheet(book: Book, sheet: Any, rows: Sequence[BandRow]) -> None:
    """The band table, a name for each column."""
    heading, plain = book.format(bold=True, bottom=1, text_wrap=True), book.format()
    # days without end are shown as nothing
    day = book.format(num_format=f'[<1]"";[>={LAST_DAY}]"";yyyy-mm-dd', align="left")
    levels = {str(level): level_text(level) for level in (*book.scale, GREY)}
    for number, (name, head, width, cell) in enumerate(_RULES):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, head, heading)
        chosen = day if name in ("from", "until") else plain
        for place, row in enumerate(rows, start=1):
            value = cell(row)
            _fill(sheet, (place, number), levels.get(str(value), value) if name in _LEVELS else value, chosen)
        _name(book, name, number, len(rows))
    counted = len(_RULES)
    sheet.set_column(counted, counted, 6)
    sheet.write_string(0, counted, "Row", heading)
    for place in range(1, len(rows) + 1):
        sheet.write_number(place, counted, place, plain)
    _name(book, "row", counted, len(rows))
    first = next(number for number, column in enumerate(_RULES) if column[0] == "level")
    _colour(book, sheet, (1, first), (len(rows), first + 1))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), counted)
    _on_paper(sheet, 0)


_LEVELS = frozenset({"level", "computed"})


def _name(book: Book, name: str, number: int, rows: int) -> None:
    letter = chr(65 + number) if number < 26 else "A" + chr(65 + number - 26)
    book.file.define_name(f"bands_{name}", f"=Rules!${letter}$2:${letter}${rows + 1}")


def key_sheet(
    book: Book,
    sheet: Any,
    said: Sequence[str],
    own: Mapping[str, Reason],
    kpis: Mapping[str, str],
    refused: Mapping[str, str],
) -> None:
    """What to do, what the levels and the symbols mean, the KPIs, and those that the workbook cannot rate."""
    plain = book.format()
    for row, line in enumerate(said):
        sheet.write_string(row, 0, line, plain if row else book.format(bold=True, font_size=14))
    top = len(said) + 1
    levels = {level_text(level): level.id for level in (*book.scale, GREY)}
    symbols = {symbol: str(reason) for symbol, reason in {**SYMBOLS, **own}.items() if symbol}
    _list(book, sheet, (top, 0), ("Level, worst first", "in rule files"), levels)
    _list(book, sheet, (top, 3), ("Printed for a value", "means"), symbols)
    _list(book, sheet, (top, 7), ("KPI", "Title"), kpis)
    if refused:
        _list(book, sheet, (top, 10), ("Left out", "because"), refused)
    _colour(book, sheet, (top + 1, 0), (top + len(levels), 0))
    for number, width in enumerate((22, 14, 2, 20, 18, 5, 2, 40, 50, 2, 40, 60)):
        sheet.set_column(number, number, width)
    first, last = top + 2, top + 1 + len(symbols)
    for row in range(1, len(symbols) + 1):
        sheet.write_number(top + row, 5, row, book.format(font_color="#767676"))
    for name, letter in (("text", "D"), ("reason", "E"), ("row", "F")):
        book.file.define_name(f"symbols_{name}", f"=Key!${letter}${first}:${letter}${last}")
    _on_paper(sheet, top)
    book.file.define_name("listed_kpis", f"=Key!$H${top + 2}:$H${top + 1 + len(kpis)}")


def _list(book: Book, sheet: Any, place: tuple[int, int], heads: tuple[str, str], items: Mapping[str, str]) -> None:
    """Two columns under their headings."""
    row, column = place
    for number, head in enumerate(heads):
        sheet.write_string(row, column + number, head, book.format(bold=True, bottom=1))
    for offset, pair in enumerate(items.items(), start=1):
        for number, text in enumerate(pair):
            sheet.write_string(row + offset, column + number, text, book.format())
