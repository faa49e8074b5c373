"""``ragengine import`` as a user runs it: what it says, writes and refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHEET = """\
Ref,Service,Indicator,Polarity,Target 2025/26,Tolerance,Q1 2025/26,RAG
CS2,Contact centre,Complaints,,<= 40,5,44,Amber
WA1,Waste,Missed bins,,50,,52,Amber
PL1,Planning,Local plan adopted,,31/03/2026,,,
"""


def run(*arguments: object, cwd: Path, columns: int = 80) -> subprocess.CompletedProcess[str]:
    """One command in a fresh process."""
    env = {**os.environ, "COLUMNS": str(columns), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "ragengine", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sheet of three rows."""
    (tmp_path / "kpis.csv").write_text(SHEET)
    return tmp_path


def test_a_sheet_becomes_rules_that_check_test_and_score(folder: Path) -> None:
    """Written, accounted for row by row; sound but for its guesses; what was published differs where amber is unknown."""
    ran = run("import", "kpis.csv", "rules", cwd=folder)

    assert ran.returncode == 1, ran.stderr
    assert "3 rows read = 2 KPIs + 1 action + 0 skipped; 3 areas" in ran.stdout
    assert "2 published levels: 1 as the draft has it, 1 not" in ran.stdout
    assert "the target is a day, so it is an action" in (folder / "rules" / "planning.toml").read_text("utf-8")
    assert sorted(path.relative_to(folder / "rules").as_posix() for path in (folder / "rules").rglob("*.*")) == [
        "book.toml", "contact-centre.cases.toml", "contact-centre.toml", "data/measurements.csv",
        "data/published.csv", "planning.toml", "waste.cases.toml", "waste.toml",
    ]  # fmt: skip
    checked = run("check", "rules", cwd=folder)
    assert (checked.returncode, "0 errors, 3 warnings" in checked.stdout) == (0, True)
    assert "waste.toml:11:13: warning RAG060: waste.missed-bins: direction: 3 guesses are to be" in checked.stdout
    assert run("check", "rules", "--strict", cwd=folder).returncode == 1
    assert "1 passed, 1 failed" in run("test", "rules", cwd=folder).stdout
    scored = run("score", "rules", "rules/data", cwd=folder)
    assert "2 rows read = 2 rated + 0 grey + 0 rejected" in scored.stdout
    assert "waste.missed-bins was published as Amber and is Red by rules and data" in scored.stderr


def test_what_the_person_says_leaves_nothing_out(folder: Path) -> None:
    """With a house tolerance the published levels come out, and with every row a KPI the exit code is 0."""
    (folder / "kpis.csv").write_text(SHEET.rpartition("PL1")[0])
    ran = run("import", "kpis.csv", "rules", "--set", "tolerance=10% of target", "--data", "facts", cwd=folder)

    assert ran.returncode == 0, ran.stderr
    assert (folder / "facts" / "measurements.csv").is_file()
    assert run("test", "rules", cwd=folder).stdout == "2 passed, 0 failed\n"


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    """The files are printed, with the same account."""
    ran = run("import", "kpis.csv", "rules", "--dry-run", cwd=folder)

    assert "# == rules/waste.toml\n# Imported from kpis.csv." in ran.stdout
    assert ran.stdout.endswith("Nothing was written: 8 files would be.\n")
    assert not (folder / "rules").exists()


def test_nothing_is_overwritten(folder: Path) -> None:
    """Neither rules nor data that are there already."""
    assert run("import", "kpis.csv", "rules", cwd=folder).returncode == 1
    again = run("import", "kpis.csv", "rules", cwd=folder)
    beside = run("import", "kpis.csv", "others", "--data", "rules/data", cwd=folder)

    assert (again.returncode, beside.returncode) == (2, 2)
    assert "rules/book.toml is there already" in again.stderr
    assert not (folder / "others").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing.csv", "rules"], 3, "there is no such file"),
        (["kpis.csv", "rules", "--map", "Reff=ref"], 2, "the sheet has Ref, Service"),
        (["kpis.csv", "rules", "--map", "Ref=shoe"], 2, "where the key is title, ref"),
        (["kpis.csv", "rules", "--set", "tolerance"], 2, "write KEY=VALUE"),
        (["kpis.csv", "rules", "--set", "tolerance=wide"], 2, "10% of target"),
        (["kpis.csv", "rules", "--area-column", "Team"], 2, "the sheet has Ref, Service"),
        (["kpis.csv", "kpis.csv/rules"], 3, "cannot be written"),
        (["kpis.csv"], 2, "RULES"),
    ],
)
def test_wrong_use_is_said_without_a_stack_trace(folder: Path, arguments: list[str], code: int, words: str) -> None:
    """Each with the way out."""
    ran = run("import", *arguments, cwd=folder)

    assert (ran.returncode, words in ran.stderr) == (code, True), ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_narrow_window_is_kept(folder: Path) -> None:
    """The account of the sheet breaks its lines."""
    ran = run("import", "kpis.csv", "rules", cwd=folder, columns=50)

    assert max(map(len, ran.stdout.partition("3 rows read")[0].splitlines())) <= 50
