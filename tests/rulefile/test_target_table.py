"""Targets in ``targets.csv`` beside the rule files: rules like those of a rule file, with their own places."""

from __future__ import annotations

from pathlib import Path

import pytest

import ragengine
from ragengine.errors import BadArgument
from ragengine.rulefile.load import load_rules
from ragengine.rulefile.provenance import origins_of
from ragengine.workbench.diff.compare import diff
from ragengine.workbench.editing.edit import Since, edited

BOOK = '[book]\ntitle = "T"\nedition = "1"\nmissing = "grey"\n'
AREA = """\
[area]
title = "A"
[kpi.seen]
title = "Seen"
unit = "%"
direction = "higher"
{seen}
[kpi.range]
title = "Range"
direction = "within"
{range}
"""
WITHOUT = AREA.format(seen="", range="tolerance = 2")
TABLE = """\
kpi,from,entity,target,min,max,tolerance,basis,reference
a.seen,,,85,,,10 pp,stated,"Cabinet, 3 March"
a.seen,2024-04-01,,90.5%,,,5 pp,,
a.seen,,North,80,,,,,
a.range,2024/25,,,90,110,,,
"""
AS_TOML = AREA.format(
    seen=(
        'basis = "stated"\nrationale = "Cabinet, 3 March"\ntarget = { 0001-01-01 = 85, 2024-04-01 = 90.5 }\n'
        'tolerance = { 0001-01-01 = "10 pp", 2024-04-01 = "5 pp" }\nentities.North.target = 80'
    ),
    range="tolerance = 2\ntarget = { 2024-04-01 = { min = 90, max = 110 } }",
)


def files(table: str, area: str = WITHOUT) -> dict[str, str]:
    """A rulebook with a table of targets."""
    return {"book.toml": BOOK, "a.toml": area, "targets.csv": table}


def told(table: str, area: str = WITHOUT) -> list[str]:
    """Every problem as ``place: code: message``."""
    _, problems = load_rules(files(table, area))
    return [f"{problem.place}: {problem.code}: {problem.message}" for problem in problems]


def test_a_table_is_the_same_rules_as_in_a_rule_file() -> None:
    """The same fingerprint, so the same dates, ranges and entities."""
    table, toml = load_rules(files(TABLE))[0], load_rules({"book.toml": BOOK, "a.toml": AS_TOML})[0]

    assert table is not None and toml is not None
    assert table.fingerprint == toml.fingerprint
    assert table.kpis == dict(toml.kpis.items()) or [str(k) for k in table.kpis] == [
        "a.seen",
        "a.range",
    ]


@pytest.mark.parametrize(
    ("period", "entity", "value", "rag"),
    [
        ("Mar-24", None, 85, "green"), ("Mar-24", None, 75, "amber"), ("Mar-24", None, 74.9, "red"),
        ("Apr-24", None, 90.5, "green"), ("Apr-24", None, 85.4, "red"), ("Apr-24", "North", 80, "green"),
        ("Apr-24", "North", 79.9, "amber"),
    ],
)  # fmt: skip
def test_each_row_holds_from_its_day(period: str, entity: str | None, value: float, rag: str) -> None:
    """On each line and just under it, for all and for an entity of its own."""
    book = ragengine.load(files(TABLE))

    assert book.rate("a.seen", value, period=period, entity=entity).rag == rag


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a.seen,,,x,,,,,", "targets.csv:2:10: RAG006: 'x' is no number"),
        ("a.sen,,,85,,,,,", "targets.csv:2:1: RAG019: no KPI is called 'a.sen'"),
        ("seen,,,85,,,,,", "targets.csv:2:1: RAG019: 'seen' is no KPI"),
        ("a.seen,soon,,85,,,,,", "targets.csv:2:8: RAG027: 'soon': not a period"),
        ("a.seen,,,85,,,10,,", "targets.csv:2:15: RAG014:"),
        ("a.seen,,,85,80,90,,,", "targets.csv:2:13: RAG016: target and min or max exclude each other"),
        ("a.seen,,,,,,,,", "targets.csv:2:10: RAG005: the row has no target and no tolerance"),
        ("a.seen,,,85,,,10 pp,guessed,", "targets.csv:2:21: RAG007"),
        ("a.seen,,,85,,,10 pp,,\na.seen,,,86,,,,,", "targets.csv:3:10: RAG016: line 2 gives the target of a.seen too"),
        ("a.seen,,,85,,,10 pp,,,,", "targets.csv:2:1: RAG006: the row has 11 cells, the header 9"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(row: str, problem: str) -> None:
    """Line and column of the table, by the codes of rule files."""
    found = told(f"{TABLE.splitlines()[0]}\n{row}\na.range,,,,90,110,,,\n")

    assert any(one.startswith(problem) for one in found), found


def test_a_target_in_both_places_is_an_error() -> None:
    """Neither wins."""
    area = AREA.format(seen='target = 90\ntolerance = "5 pp"', range="target = { min = 1, max = 2 }\ntolerance = 1")

    assert told("kpi,target\na.seen,85\n", area) == [
        "targets.csv:2:8: RAG016: the target of a.seen stands in a.toml too"
    ]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("kpi,form,target", "unknown column 'form'"),
        ("kpi,target,target", "the column target stands twice"),
        ("kpi,from", "the first line names no columns kpi and target"),
    ],
)
def test_columns_are_those_that_are_known(header: str, problem: str) -> None:
    """With what may be meant."""
    assert any(problem in one for one in told(f"{header}\n"))


def test_a_table_with_semicolons_has_decimal_commas() -> None:
    """As spreadsheets of other countries save it."""
    rules, problems = load_rules(
        files("kpi;target;tolerance\r\na.seen;85,5;2 pp\r\n", AREA.format(seen="", range='target = "none"'))
    )

    assert rules is not None, problems
    book = ragengine.load(
        files("kpi;target;tolerance\na.seen;85,5;2 pp\n", AREA.format(seen="", range='target = "none"'))
    )
    assert [str(book.rate("a.seen", v, period="Apr-24").rag) for v in ("85.5", "85.4", "83.5", "83.4")] == [
        "green", "amber", "amber", "red",
    ]  # fmt: skip


def test_a_difference_of_the_table_is_one_of_the_rules() -> None:
    """What is rated otherwise, from when."""
    changes = diff(files(TABLE), files(TABLE.replace("90.5%", "91"))).changes

    assert [change.id for change in changes] == ["a.seen"]
    assert any("90.5% → 91%" in str(detail) for detail in changes[0].details)


def test_an_explanation_names_line_and_table() -> None:
    """Where each key comes from."""
    origin = origins_of(files(TABLE)).of("a.toml", ("kpi", "seen", "target", "2024-04-01"))

    assert origin is not None
    assert str(origin.place) == "targets.csv:3:20"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The rulebook in a folder."""
    for name, text in files(TABLE).items():
        (tmp_path / name).write_text(text, "utf-8", newline="\r\n" if name == "targets.csv" else None)
    return tmp_path


@pytest.mark.parametrize(
    ("subject", "value", "day", "lines"),
    [
        ("a.seen.target", "95", "2025-04-01", ["+a.seen,2025-04-01,,95,,,,,"]),
        (
            "a.seen.target",
            "91",
            "2024-04-01",
            ["-a.seen,2024-04-01,,90.5%,,,5 pp,,", "+a.seen,2024-04-01,,91,,,5 pp,,"],
        ),
        ("a.seen.entities.North.target", "82", None, ["-a.seen,,North,80,,,,,", "+a.seen,,North,82,,,,,"]),
    ],
)
def test_a_value_is_set_in_its_row(folder: Path, subject: str, value: str, day: str | None, lines: list[str]) -> None:
    """A new day is a new row; every other byte stays."""
    from datetime import date

    edit = edited(folder, subject, value, Since(date.fromisoformat(day) if day else None))

    assert edit.usable and edit.changes
    assert [line for line in edit.lines()[2:] if line[0] in "+-"] == lines
    assert edit.after.count("\r\n") == edit.after.count("\n")


def test_a_value_of_several_days_asks_for_one(folder: Path) -> None:
    """As in a rule file."""
    with pytest.raises(BadArgument, match="say --from DAY"):
        edited(folder, "a.seen.target", "95")


def test_an_edition_takes_the_table_of_the_one_it_extends(tmp_path: Path) -> None:
    """Row by row, and its own rows over them."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    for name, text in files(TABLE).items():
        (old / name).write_text(text)
    (new / "book.toml").write_text(BOOK.replace('"1"', '"2"') + 'extends = "../old"\n')
    (new / "targets.csv").write_text("kpi,from,target\na.seen,2025-04-01,95\n")
    book = ragengine.load(new)

    assert [str(book.rate("a.seen", v, period=p).rag) for v, p in ((90.5, "Mar-25"), (90.5, "Apr-25"), (95, "Apr-25"))] == [
        "green", "amber", "green",
    ]  # fmt: skip
