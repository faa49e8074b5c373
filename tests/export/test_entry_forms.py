"""Workbooks to fill in: what is filled in is read back and rated."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import ragengine
from ragengine.export.workbook.entry_forms import entry_forms
from ragengine.period import parse_period

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")


def test_every_kpi_and_action_has_a_row_and_what_is_filled_in_is_rated(
    plan: ragengine.Rulebook, tmp_path: Path
) -> None:
    """An officer types a value and chooses a status; the folder is scored as it stands."""
    for name, content in entry_forms(plan.rules, parse_period("2020-08")).items():
        (tmp_path / name).write_bytes(content)
    book = openpyxl.load_workbook(tmp_path / "measurements.xlsx")
    sheet = book["measurements"]
    heads = [cell.value for cell in sheet[1]]
    for line in sheet.iter_rows(min_row=2):
        if line[0].value == "early-help.seen-10-days":
            line[heads.index("value")].value = 91
    book.save(tmp_path / "measurements.xlsx")
    book = openpyxl.load_workbook(tmp_path / "actions.xlsx")
    for line in book["actions"].iter_rows(min_row=2):
        if line[0].value == "mash.learning-circles":
            line[3].value = "complete"
    book.save(tmp_path / "actions.xlsx")
    data = ragengine.read(tmp_path)
    card = plan.score(data, "2020-08")

    assert len(data.measurements) == len(plan.kpis) and len(data.actions) == len(plan.rules.actions)
    assert [problem for problem in card.problems if problem.is_error] == []
    assert str(card.ratings["early-help.seen-10-days"].rag) == "green"
    assert str(card.ratings["mash.learning-circles"].rag) == "green"


def test_drop_downs_come_from_the_rulebook(plan: ragengine.Rulebook) -> None:
    """Ids from a list, the words of a KPI judged in words, periods, and an action's status."""
    forms = entry_forms(plan.rules, parse_period("2020-08"))
    sheet = openpyxl.load_workbook(io.BytesIO(forms["measurements.xlsx"]))["measurements"]
    rules = [rule.formula1 for rule in sheet.data_validations.dataValidation]

    assert any(rule.lstrip("=").startswith("lists!$A$1:$A$") for rule in rules)
    assert any("target not met,target met" in rule for rule in rules)
    assert any(rule.startswith('"2020-08,2020-09') for rule in rules)
    actions = openpyxl.load_workbook(io.BytesIO(forms["actions.xlsx"]))["actions"]
    assert any("in progress" in (rule.formula1 or "") for rule in actions.data_validations.dataValidation)


def test_the_same_rules_give_the_same_bytes(plan: ragengine.Rulebook) -> None:
    """No clock in a form."""
    period = parse_period("2020-08")

    assert entry_forms(plan.rules, period) == entry_forms(plan.rules, period)
