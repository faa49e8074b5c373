"""Workbooks as data: the same rows as CSV give the same measurements."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from attrs import evolve

import ragengine
from ragengine.data.collection import Data
from ragengine.data.model import Invalid, Symbol

HEADER = ("kpi", "period", "value", "numerator", "denominator", "reported_on", "note")


def workbook(path: Path, rows: Sequence[Sequence[object]], formats: dict[str, str] | None = None) -> Path:
    """A workbook of one sheet with these rows, some cells formatted."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    for cell, code in (formats or {}).items():
        made.active[cell].number_format = code
    made.save(path)
    return path


def said(path: Path) -> list[str]:
    """The problems of reading a file."""
    try:
        return [str(problem) for problem in ragengine.read(path).problems]
    except ragengine.DataError as wrong:
        return [str(problem) for problem in wrong.problems]


def without_places(data: Data) -> Data:
    """The data, wherever it stood."""
    nowhere = ragengine.Place("")
    return evolve(
        data,
        measurements=tuple(evolve(m, place=nowhere) for m in data.measurements),
        actions=tuple(evolve(a, place=nowhere) for a in data.actions),
        problems=tuple(evolve(p, place=nowhere) for p in data.problems),
        sources=(),
    )


def test_the_same_rows_as_csv_give_the_same_data(tmp_path: Path) -> None:
    """Percentages, counts, days, months, symbols and a value that is none, as numbers of a sheet and as their print."""
    july, month = datetime.datetime(2020, 7, 31), datetime.datetime(2020, 7, 1)
    book = workbook(
        tmp_path / "measurements.xlsx",
        [
            HEADER,
            ["a.seen", july, 0.956, None, None, july, "on, time"],
            ["a.seen", month, None, 84, 100, None, None],
            ["a.cost", "Q1 2020/21", 1040.5, None, None, "14 August 2020", None],
            [],
            ["a.cost", "Jul-20", "c", None, None, None, None],
            ["a.cost", "July", "abc", None, None, None, "no year"],
        ],
        {"B2": "dd/mm/yyyy", "C2": "0.0%", "F2": "d mmm yyyy", "B3": "mmm-yy"},
    )
    csv = tmp_path / "measurements.csv"
    csv.write_text(
        "kpi,period,value,numerator,denominator,reported_on,note\n"
        'a.seen,2020-07-31,95.6%,,,2020-07-31,"on, time"\n'
        "a.seen,2020-07,,84,100,,\n"
        "a.cost,Q1 2020/21,1040.5,,,14 August 2020,\n"
        "\n"
        "a.cost,Jul-20,c,,,,\n"
        "a.cost,July,abc,,,,no year\n"
    )
    ours, theirs = ragengine.read(book), ragengine.read(csv)

    assert without_places(ours) == without_places(theirs)
    assert [str(m.place) for m in ours.measurements] == [f"measurements.xlsx:{n}:1" for n in (2, 3, 4, 6, 7)]
    assert [m.value for m in ours.measurements[:2]] == [Fraction("95.6"), Symbol("", ragengine.Reason.NO_DATA)]
    assert [str(p.place) for p in ours.problems] == ["measurements.xlsx:7:2"]


def test_a_folder_may_hold_workbooks(tmp_path: Path) -> None:
    """Actions too; a title above the columns is told as it is of CSV."""
    day = datetime.datetime(2020, 8, 14)
    workbook(tmp_path / "actions.xlsx", [["action", "as_at", "status"], ["a.do", day, "In progress"]])
    (tmp_path / "measurements.csv").write_text("kpi,period,value\na.seen,Jul-20,90\n")
    data = ragengine.read(tmp_path)

    assert [(a.action, a.as_at) for a in data.actions] == [("a.do", day.date())]
    assert len(data.measurements) == 1
    titled = workbook(tmp_path / "measurements.xlsx", [["July"], ["kpi", "period", "value"], ["a.seen", "Jul-20", 90]])
    assert "measurements.xlsx:1:1: error RAG102: there are no columns kpi and period" in said(titled)[0]


@pytest.mark.parametrize(
    ("stored", "code", "value"),
    [
        (1040.5, '"£"#,##0', "1040.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1 / 24, "0.0", "0.04166666666666666"),
        (1e-17, "General", "1e-17"),
        (-0.025, "0.0%", "-2.5"),
    ],
)
def test_a_number_is_what_the_sheet_keeps(tmp_path: Path, stored: float, code: str, value: str) -> None:
    """Without its currency sign, the shortest decimal that prints the float of the file (16 digits here)."""
    rows = [["kpi", "period", "value"], ["a.cost", "Jul-20", stored]]
    (measured,) = ragengine.read(workbook(tmp_path / "measurements.xlsx", rows, {"C2": code})).measurements

    assert measured.value == Fraction(Decimal(value))


def test_what_cannot_be_a_value_is_told(tmp_path: Path) -> None:
    """Errors and formulas without a result are no numbers, and the formulas are listed with the way out."""
    rows = [["kpi", "period", "value"], ["a.seen", "Jul-20", "#DIV/0!"], ["a.seen", "Aug-20", "=1+1"]]
    path = workbook(tmp_path / "measurements.xlsx", rows)

    (told,) = said(path)
    assert told == (
        "measurements.xlsx: error RAG101: formulas that were saved without their results: 1 (C3);"
        " open the file in a spreadsheet and save it"
    )
    assert [str(m.place) for m in ragengine.read(path).measurements] == [
        "measurements.xlsx:2:1",
        "measurements.xlsx:3:1",
    ]
    assert [m.value for m in ragengine.read(path).measurements] == [
        Invalid("#DIV/0!", "neither a number nor a symbol: an error of the spreadsheet, mend its formula"),
        Invalid("=1+1", "neither a number nor a symbol: a formula without its result"),
    ]


def test_of_several_sheets_the_one_of_the_files_name_is_read(tmp_path: Path) -> None:
    """Hidden ones do not count; nothing is guessed."""
    path = workbook(tmp_path / "measurements.xlsx", [["kpi", "period", "value"], ["a.seen", "Jul-20", 90]])
    made = openpyxl.load_workbook(path)
    made.create_sheet("Lists").sheet_state = "hidden"
    made.save(path)
    assert len(ragengine.read(path).measurements) == 1
    made.create_sheet("Notes").append(["some text"])
    made.save(path)
    assert said(path) == [
        "measurements.xlsx: error RAG101: none of the 2 sheets is called measurements; rename one of Sheet, Notes"
    ]
    made["Sheet"].title = "Measurements"
    made.save(path)

    assert len(ragengine.read(path).measurements) == 1


def test_a_workbook_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty sheet, another format under the name, and openpyxl that is not there."""
    path = workbook(tmp_path / "measurements.xlsx", [])
    assert "measurements.xlsx:1: error RAG101: the sheet is empty" in said(path)[0]
    path.write_bytes(b"kpi,period,value")
    assert "the file is not a workbook; save it again as .xlsx" in said(path)[0]
    monkeypatch.setitem(sys.modules, "openpyxl.cell.read_only", None)
    monkeypatch.delitem(sys.modules, "ragengine.data.workbook_cells", raising=False)

    assert 'needs openpyxl; pip install "ragengine[xlsx]"' in said(path)[0]
