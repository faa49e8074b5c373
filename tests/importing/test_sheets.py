"""Sheets as the field keeps them, each with the rules, values and marks that it must give, worked out by hand.

``sheets/NAME.csv`` is what people have, ``sheets/NAME.toml`` what must come of it; the workbooks are made by
``sheets/workbooks.py``.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ragengine.importing.imported import Imported
from ragengine.importing.importing import import_sheets
from ragengine.importing.sheet import read_sheets
from ragengine.importing.wishes import Wishes

_SPEC = importlib.util.spec_from_file_location("workbooks", Path(__file__).parent / "sheets" / "workbooks.py")
assert _SPEC is not None and _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
WORKBOOKS = _MODULE.WORKBOOKS

SHEETS = Path(__file__).parent / "sheets"
NAMES = sorted(path.stem for path in SHEETS.glob("*.csv"))
_WORDING = ("title", "basis", "rationale")


def plain(value: object) -> Any:
    """Numbers as they compare, dates as texts, tables and lists all the way down."""
    match value:
        case bool() | str():
            return value
        case int() | float() | Decimal() | Fraction():
            return Fraction(str(value))
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return str(value)


def drafted(made: Imported) -> dict[str, Any]:
    """The rules as tables by area and id, with the keys that are marked."""
    rules: dict[str, Any] = {}
    for area in made.areas:
        for kpi in area.kpis:
            lines = {key: plain(line.value) for key, line in kpi.draft.lines.items() if key not in _WORDING}
            marked = [key for key in kpi.draft.guesses if key not in _WORDING]
            rules.setdefault(area.id, {})[kpi.name] = lines | ({"marked": marked} if marked else {})
    return rules


def actions(made: Imported) -> dict[str, Any]:
    """The actions in the same way."""
    found: dict[str, Any] = {}
    for area in made.areas:
        for action in area.actions:
            lines = {key: plain(value) for key, (value, _) in action.lines.items() if key != "title"}
            found.setdefault(area.id, {})[action.name] = lines | {"marked": list(action.guesses)}
    return found


def values(made: Imported) -> dict[str, list[str]]:
    """Each KPI's values as ``period value level``."""
    levels = {
        (row["subject"], row["period"], row.get("entity", "")): row["rag"] for row in table(made, "published.csv")
    }
    found: dict[str, list[str]] = {}
    for row in table(made, "measurements.csv"):
        words = (
            row["period"],
            row.get("entity", ""),
            row["value"],
            levels.get((row["kpi"], row["period"], row.get("entity", "")), ""),
        )
        found.setdefault(row["kpi"], []).append(" ".join(filter(None, words)))
    return found


def table(made: Imported, name: str) -> list[dict[str, str]]:
    """A data file's rows."""
    return list(csv.DictReader(io.StringIO(made.data.get(name, ""))))


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_gives_these_rules(name: str) -> None:
    """Every rule with all its keys, what of it is marked, every value, and what is left out: nothing more, nothing less."""
    expected = tomllib.loads((SHEETS / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)
    check(import_sheets(read_sheets(SHEETS / f"{name}.csv"), Wishes(said=expected.get("set", {}))), expected)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_gives_these_rules(tmp_path: Path, name: str) -> None:
    """The same of workbooks: several sheets, formats of cells, merged and hidden ones."""
    book, expected = WORKBOOKS[name]()
    book.save(tmp_path / f"{name}.xlsx")
    made = import_sheets(read_sheets(tmp_path / f"{name}.xlsx"), Wishes(said=expected.get("set", {})))

    check(made, expected)
    assert list(made.notes) == expected.get("notes", [])


def check(made: Imported, expected: dict[str, Any]) -> None:
    """Holds an import against what was worked out."""
    assert drafted(made) == {
        area: {name: plain(lines) for name, lines in kpis.items()} for area, kpis in expected.get("rules", {}).items()
    }
    assert actions(made) == {
        area: {name: plain(lines) for name, lines in found.items()}
        for area, found in expected.get("actions", {}).items()
    }
    assert values(made) == expected.get("values", {})
    if "unread_columns" in expected:
        assert [column.heading for sheet in made.sheets for column in sheet.unread] == expected["unread_columns"]
    own = [line.rpartition(",")[0] for line in made.rules.get("targets.csv", "").splitlines()[1:]]
    assert own == [row["row"] for row in expected.get("targets", [])]
    reports = {row["action"]: f"{row['as_at']} {row['status']} {row['progress']}" for row in table(made, "actions.csv")}
    assert reports == expected.get("reports", {})
    assert list(made.remarks) == expected.get("unread", [])
    if "skipped" in expected:
        assert [f"row {s.where.rpartition(' ')[2]}: {s.reason}" for s in made.skipped] == expected["skipped"]
    else:
        assert made.skipped == ()
    wrong = [f"{c.kpi} {c.period} {c.published} {c.ours}" for c in made.compared if not c.agrees]
    assert wrong == expected.get("disagrees", [])
    assert made.rows == made.kpis + made.actions + made.further + len(made.skipped)
