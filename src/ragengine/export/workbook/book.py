"""A rulebook as a workbook that rates by formula: which KPIs it can rate, and the file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction

from ...data.door import read_cell
from ...errors import MissingExtra
from ...period import PeriodError, parse_period
from ...rulebook.compile import latest_day
from ...rulebook.kpi import Kpi
from ..band_rows import BandRows
from .formulas import PLACES
from .sheets import Book, key_sheet, rate_sheet, rules_sheet

__all__ = ["workbook", "workbook_refusals"]

#: rows that are filled in from the rulebook's examples
_MOST_EXAMPLES = 12


def workbook_refusals(table: BandRows) -> dict[str, str]:
    """KPIs that the workbook cannot rate, with the reason; conditions it leaves to whoever fills it in."""
    refused = dict(table.catalogue.refused)
    for cell in table.catalogue.cells:
        kpi = cell.kpi
        if kpi.persistence > 1 or kpi.relative_targets or kpi.compare is not None:
            refused.setdefault(kpi.id, table.besides[kpi.id])
        if kpi.formula is not None:
            refused.setdefault(kpi.id, f"its value is computed: {kpi.formula.text}")
    for row in table.rows:
        edges = (
            row.lower, row.upper, row.lower_per_target, row.upper_per_target, row.lower_per_size, row.upper_per_size,
            row.valid_min, row.valid_max,
        )  # fmt: skip
        if any(edge is not None and (edge * 10**PLACES).denominator != 1 for edge in edges):
            refused.setdefault(row.kpi, f"its bands have edges of more than {PLACES} decimals")
    return refused


def workbook(table: BandRows, refused: Mapping[str, str]) -> bytes:
    """The bytes of an XLSX file; raises MissingExtra without xlsxwriter."""
    try:
        import xlsxwriter
    except ImportError as missing:
        raise MissingExtra("a workbook", "xlsxwriter", "xlsx") from missing
    rules = table.book.rules
    rows = [row for row in table.rows if row.kpi not in refused]
    kpis = {kpi.id: kpi.title for kpi in rules.kpis.values() if kpi.id not in refused}
    out = io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    file.set_properties({"title": rules.title, "comments": f"ragengine {rules.fingerprint}", "created": _LONG_AGO})
    book = Book(file, rules.scale)
    rate, rules_, key = (file.add_worksheet(name) for name in ("Rate", "Rules", "Key"))
    rate_sheet(book, rate, f"{rules.title}, {rules.edition}", list(_examples(table, kpis)))
    rules_sheet(book, rules_, rows)
    key_sheet(book, key, list(_said(table, refused)), rules.symbols, kpis, refused)
    file.close()
    return out.getvalue()


#: when every workbook was made: the same rules make the same bytes
_LONG_AGO = datetime(2000, 1, 1)


def _said(table: BandRows, refused: Mapping[str, str]) -> Iterator[str]:
    rules = table.book.rules
    yield f"{rules.title}, edition {rules.edition}"
    yield f"Fingerprint {rules.fingerprint}"
    yield "Rate: choose a KPI, fill in what is known; Level and the rest are looked up in Rules by formula."
    yield f"Numbers are compared to {PLACES} decimals. Write 93 for 93%, not 93%: a spreadsheet makes 0.93 of that."
    yield "Whether the conditions of a rule hold you say yourself: yes, or no; for several: yes, no. Blank means no."
    yield "A missing value is not carried forward: enter the earlier value. Overrides and actions are not in it."
    if refused:
        yield "KPIs that it cannot rate are listed on the right."


def _examples(table: BandRows, kpis: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Rows filled in: the examples of the rules, then values on edges of bands."""
    made = [row for kpi in kpis for row in _of_kpi(table, table.book.rules.kpis[kpi])]
    taken = {row["kpi"] for row in made}
    for row in table.rows:
        edge = row.lower is not None and not row.target_needed and row.valid_until is None and not row.entity
        if row.kpi in kpis and row.kpi not in taken and edge:
            taken.add(row.kpi)
            day = None if row.valid_from is None else parse_period(row.valid_from.strftime("%Y-%m")).end
            made.append({"kpi": row.kpi, "day": day, "value": row.lower})
    yield from made[:_MOST_EXAMPLES]


def _of_kpi(table: BandRows, kpi: Kpi) -> Iterator[dict[str, object]]:
    dated = any(row.valid_from or row.valid_until for row in table.rows if row.kpi == kpi.id)
    for example in kpi.examples:
        fields = example.fields
        cells = {
            "over": "numerator",
            "under": "denominator",
            "less": "excluded",
            "target": "target",
            "value": "value",
        }
        row: dict[str, object] = {"kpi": kpi.id, "entity": fields.get("entity")}
        row |= {name: _cell(fields[key]) for name, key in cells.items() if key in fields}
        row["day"] = _day(table, fields.get("period")) or (latest_day(kpi) if dated else None)
        yield row


def _cell(value: object) -> object:
    read = read_cell(str(value))
    return read if isinstance(read, Fraction) else str(value)


def _day(table: BandRows, period: object) -> date | None:
    try:
        return None if period is None else parse_period(str(period), table.book.rules.calendar).end
    except PeriodError:
        return None
