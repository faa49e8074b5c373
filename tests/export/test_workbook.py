"""The workbook rates by formula what the engine rates: recalculated in LibreOffice, where that is installed."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ragengine.export.band_rows import BandRows
from ragengine.export.workbook.book import workbook, workbook_refusals
from ragengine.export.workbook.formulas import COLUMNS
from ragengine.export.workbook.sheets import FIRST, ROWS
from ragengine.period import parse_period
from ragengine.rating.rating import Rating
from ragengine.rulebook.grace import live_on

from .everything import everything
from .rows import Row, expected, ratings

PLACES = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
LEVELS = {"red": "▲ Red", "amber": "● Amber", "green": "★ Green", "grey": "– Grey"}
EMPTY: Row = dict.fromkeys(
    ("entity", "value", "value_text", "numerator", "denominator", "excluded", "target", "evidence", "causes")
)

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice recalculates the workbook, and soffice is not installed"
)


def _table() -> tuple[BandRows, dict[str, str]]:
    table = BandRows(everything())
    return table, workbook_refusals(table)


def _on_and_beside_every_edge() -> Iterator[Row]:
    """A value on each edge of each era, and a millionth below and above it."""
    table, refused = _table()
    for band in table.rows:
        if band.kpi in refused or band.lower is None or band.target_needed or band.held.startswith("yes"):
            continue
        day = band.valid_until or band.valid_from or date(2020, 7, 31)
        for by in (Fraction(0), Fraction(-1, 10**6), Fraction(1, 10**6)):
            value = Decimal(str(float(band.lower + by)))
            yield EMPTY | {"kpi": band.kpi, "entity": band.entity or None, "period": parse_period(day), "value": value}


def _by_hand() -> Iterator[Row]:
    """Counts, symbols, words, targets that come with the data, answers to conditions, and what is wrong."""
    july = parse_period(date(2020, 7, 31))
    for kpi, cells in (
        ("higher", {"numerator": Decimal(57), "denominator": Decimal(57)}),
        ("higher", {"numerator": Decimal(9), "denominator": Decimal(11), "excluded": Decimal(1)}),
        ("higher", {"numerator": Decimal(4), "denominator": Decimal(4)}),
        ("higher", {"numerator": Decimal(0), "denominator": Decimal(0)}),
        ("higher", {"numerator": Decimal(3), "denominator": Decimal(0)}),
        ("higher", {"numerator": Decimal(3)}),
        ("higher", {"value": Decimal(75), "causes": "covid"}),
        ("higher", {"value": Decimal(75)}),
        ("higher", {}),
        ("lower", {}),
        ("lower", {"value": Decimal(1), "evidence": "photo"}),
        ("lower", {"value": Decimal(1)}),
        ("range", {"numerator": Decimal(3), "denominator": Decimal(9)}),
        ("range", {}),
        *(("range", {"value_text": symbol}) for symbol in ("c", "C", "*", "..", "z", "low", "–", "what", "=1+1")),
        ("brought", {"value": Decimal(110), "target": Decimal(100)}),
        ("brought", {"value": Decimal("110.000001"), "target": Decimal(100)}),
        ("brought", {"value": Decimal(100), "target": Decimal(100)}),
        ("brought", {"value": Decimal(100)}),
        ("brought", {"value": Decimal(100), "target": Decimal(-1)}),
        ("brought-share", {"numerator": Decimal(85), "denominator": Decimal(100), "target": Decimal(90)}),
        ("brought-share", {"numerator": Decimal(84), "denominator": Decimal(100), "target": Decimal(90)}),
        ("per-cent", {"value": Decimal("13.75"), "target": Decimal("12.5")}),
        ("per-cent", {"value": Decimal("13.750001"), "target": Decimal("12.5")}),
        ("words", {"value_text": "Yes"}),
        ("words", {"value_text": "in development"}),
        ("words", {"value_text": "maybe"}),
        ("words", {"value": Decimal(1)}),
        ("watched", {"value": Decimal(7)}),
        ("later", {"value": Decimal(50)}),
    ):
        yield EMPTY | {"kpi": f"area.{kpi}", "period": july} | cells
    yield EMPTY | {"kpi": "area.later", "period": parse_period("Jun-20"), "value": Decimal(50)}
    yield EMPTY | {"kpi": "area.higher", "entity": "North", "period": july, "value": Decimal(80)}
    yield EMPTY | {"kpi": "area.higher", "entity": "north", "period": july, "value": Decimal(80)}


def _answers(rating: Rating, row: Row) -> str:
    """What whoever fills the sheet in says of the conditions of a rule, in their order."""
    kpi = everything().rules.kpis[row["kpi"]].for_entity(row["entity"])
    said = [
        "yes" if any(applied.grace is grace and applied.granted for applied in rating.outcome.graces) else "no"
        for grace in kpi.graces
        if grace.when is not None and live_on(grace, row["period"].end)
    ]
    return ", ".join([*said, *(["yes" if row["evidence"] else "no"] if kpi.requires_evidence else [])])


def _recalculated(folder: Path, given: list[Row], rated: list[Rating]) -> list[dict[str, Any]]:
    """The results of rows that are written in and recalculated."""
    table, refused = _table()
    book = openpyxl.load_workbook(io.BytesIO(workbook(table, refused)))
    sheet = book["Rate"]
    for number in range(ROWS):
        row = given[number] if number < len(given) else EMPTY | {"kpi": None, "period": None}
        value = row["value_text"] if row["value"] is None else float(row["value"])
        cells = {
            "kpi": row["kpi"], "entity": row["entity"], "day": row["period"] and row["period"].end, "value": value,
            "over": row["numerator"], "under": row["denominator"], "less": row["excluded"], "target": row["target"],
            "held": _answers(rated[number], row) if number < len(given) else None,
        }  # fmt: skip
        for name, cell in cells.items():
            place = sheet.cell(FIRST + number, PLACES[name])
            place.value = float(cell) if isinstance(cell, Decimal) else cell or None
            if isinstance(cell, str):
                place.data_type = "s"
    book.save(folder / "filled.xlsx")
    command = [
        "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
        "--outdir", str(folder / "out"), str(folder / "filled.xlsx"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sheet = openpyxl.load_workbook(folder / "out" / "filled.xlsx", data_only=True)["Rate"]
    return [
        {name: sheet.cell(FIRST + number, place).value for name, place in PLACES.items()}
        for number in range(len(given))
    ]


@needs_office
@pytest.mark.parametrize("rows", [_on_and_beside_every_edge, _by_hand])
def test_every_row_has_the_level_of_the_engine(tmp_path: Path, rows: Any) -> None:
    """Level, level by the rule alone, reason, target and shortfall of every row are those of the engine."""
    given = list(rows())
    rated = [rating for rating in ratings(everything(), given) if rating is not None]
    found = _recalculated(tmp_path, given, rated)

    assert 30 < len(given) == len(rated) <= ROWS
    for row, want, got in zip(given, map(expected, rated), found, strict=True):
        assert (got["level"], got["computed"]) == (LEVELS[want["rag"]], LEVELS[want["computed"]]), row
        assert (got["reason"] or None) == want["reason"], row
        for name, wanted in (("in_force", want["target"]), ("shortfall", want["shortfall"])):
            assert (got[name] is None or got[name] == "") is (wanted is None), (name, row)
            assert wanted is None or abs(float(wanted) - got[name]) < 1e-8, (name, row)


def test_what_needs_a_level_of_before_or_a_formula_is_refused_by_name() -> None:
    """The two KPIs whose value is computed are named, and are in no list of the workbook but that of what is left out."""
    table, refused = _table()
    book = openpyxl.load_workbook(io.BytesIO(workbook(table, refused)))
    key = {cell.value for row in book["Key"].iter_rows() for cell in row}

    assert refused == {
        "area.share": "its value is computed: 100 * seen / due",
        "area.gap": "its value is computed: abs(value / due - seen / due) if due > 0 else min(value, seen, 2)",
    }
    assert {"area.share", "area.gap", *refused.values()} <= key
    assert "area.share" not in {row[0].value for row in book["Rules"].iter_rows()}


def test_no_text_of_a_rule_file_becomes_a_formula() -> None:
    """A title that begins with an equals sign is written as a text."""
    import ragengine

    rules = {
        "book.toml": '[book]\ntitle = "=1+1"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "=cmd|x"\nunit = "=u"\ndirection = "higher"\ntarget = 5\n'
        'tolerance = 0\n[[kpi.k.examples]]\nvalue = 5\nrag = "green"\n',
    }
    book = openpyxl.load_workbook(io.BytesIO(workbook(BandRows(ragengine.load(rules)), {})))
    formulas = [
        cell for name in ("Rules", "Key") for row in book[name].iter_rows() for cell in row if cell.data_type == "f"
    ]

    assert formulas == []
    assert book["Rules"]["B2"].value == "=cmd|x"
    assert (book["Rate"]["A4"].value, book["Rate"]["D4"].value) == ("a.k", 5)


def test_the_same_rules_make_the_same_bytes() -> None:
    """Nothing in the file says when it was made."""
    table, refused = _table()

    assert workbook(table, refused) == workbook(table, refused)
