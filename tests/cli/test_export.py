"""``ragengine export`` as a user runs it: what it writes, names and refuses."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from ragengine.cli import main

BOOK = '[book]\ntitle = "Our KPIs"\nedition = "2025-26"\nmissing = "grey"\n'
AREA = """
[area]
title = "Waste"
[kpi.missed-bins]
title = "Missed bins"
unit = "bins"
direction = "lower"
target = 50
tolerance = "5 bins"
"""
SLOW = AREA + "persistence = 2\n"


def run(*arguments: object, cwd: Path, columns: int = 80) -> subprocess.CompletedProcess[str]:
    """One command in a fresh process."""
    env = {**os.environ, "COLUMNS": str(columns), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "ragengine", "export", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a rulebook of one KPI."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/book.toml").write_text(BOOK)
    (tmp_path / "rules/waste.toml").write_text(AREA)
    return tmp_path


def test_the_sql_rates_a_table(folder: Path) -> None:
    """Written, run in a database as it is, and asked for the levels of three values."""
    ran = run("rules", "--to", "sql", "--dialect", "duckdb", "--columns", "kpi,value", "-o", "rates.sql", cwd=folder)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "wrote rates.sql: 3 bands of 1 KPI\n"
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE measurements AS SELECT 'waste.missed-bins' AS kpi, unnest([50, 52, 56]) AS value"
        )
        database.execute((folder / "rates.sql").read_text("utf-8"))
        found = database.execute("SELECT value, rag, shortfall FROM rag_ratings ORDER BY value").fetchall()
    assert found == [(50, "green", 0), (52, "amber", 2), (56, "red", 6)]


@pytest.mark.parametrize("columns", [50, 140])
def test_what_cannot_be_rated_is_named_before_anything_is_written(folder: Path, columns: int) -> None:
    """Persistence takes more than one query: exit 3, the KPI and the reason, and no file."""
    (folder / "rules/waste.toml").write_text(SLOW)
    ran = run("rules", "--to", "sql", "--dialect", "tsql", "-o", "rates.sql", cwd=folder, columns=columns)

    assert (ran.returncode, ran.stdout) == (3, "")
    assert "waste.missed-bins: persistence looks" in ran.stderr
    assert (
        "ragengine: one query for SQL Server cannot rate this KPI exactly; --leave-out writes the others" in ran.stderr
    )
    assert not (folder / "rates.sql").exists()
    told = ran.stderr.splitlines()[:-1]
    assert max(map(len, told)) <= columns


def test_what_is_left_out_is_listed_and_has_no_level(folder: Path) -> None:
    """With --leave-out the others are written; a row of what is left out has no level and says why."""
    fast = AREA.partition("[kpi.")[2].replace("missed-bins", "late-bins")
    (folder / "rules/waste.toml").write_text(f"{SLOW}[kpi.{fast}")
    ran = run("rules", "--to", "sql", "--dialect", "duckdb", "--columns", "kpi,value", "--leave-out", cwd=folder)

    assert ran.returncode == 0
    assert ran.stderr.splitlines()[-1] == "left out: 1 KPI"
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE measurements AS SELECT unnest(['waste.missed-bins', 'waste.late-bins']) AS kpi, 50 AS value"
        )
        database.execute(ran.stdout)
        found = dict(database.execute("SELECT kpi, [rag, reason] FROM rag_ratings").fetchall())
    assert found == {
        "waste.missed-bins": [None, "left out: persistence looks at the levels of the periods before"],
        "waste.late-bins": ["green", None],
    }


def test_nothing_left_is_said(folder: Path) -> None:
    """Where every KPI would be left out there is no file either."""
    (folder / "rules/waste.toml").write_text(SLOW)
    ran = run("rules", "--to", "xlsx", "-o", "a.xlsx", "--leave-out", cwd=folder)

    assert ran.returncode == 3
    assert ran.stderr.endswith("ragengine: a workbook can rate none of the KPIs exactly\n")
    assert list(folder.glob("*.xlsx")) == []


def test_the_band_table_is_written_as_csv(folder: Path) -> None:
    """To standard output, a row for each band, with what takes more than a look-up beside it."""
    (folder / "rules/waste.toml").write_text(SLOW)
    ran = run("rules", "--to", "csv", cwd=folder)
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))

    assert (ran.returncode, ran.stderr) == (0, "")
    assert [(row["rag"], row["lower"], row["upper"], row["upper_included"]) for row in rows] == [
        ("green", "", "50", "true"), ("amber", "50", "55", "true"), ("red", "55", "", ""),
    ]  # fmt: skip
    assert {row["besides"] for row in rows} == {"persistence looks at the levels of the periods before"}


def test_a_workbook_is_written_whole(folder: Path) -> None:
    """Three sheets, the KPI among them; a folder in its place is refused and nothing is left behind."""
    ran = run("rules", "--to", "xlsx", "-o", "ours.xlsx", cwd=folder)

    assert (ran.returncode, ran.stdout) == (0, "wrote ours.xlsx: 3 bands of 1 KPI\n")
    assert openpyxl.load_workbook(folder / "ours.xlsx").sheetnames == ["Rate", "Rules", "Key"]
    (folder / "taken.xlsx").mkdir()
    ran = run("rules", "--to", "xlsx", "-o", "taken.xlsx", cwd=folder)
    assert ran.returncode == 3
    assert "taken.xlsx: cannot be written" in ran.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["ours.xlsx", "rules", "taken.xlsx"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--to", "sql"), "say for which database: --dialect duckdb"),
        (("--to", "csv", "--view", "v"), "--view: 'v' cannot be used; only --to sql has it"),
        (("--to", "xlsx"), "name the file: -o bands.xlsx"),
        (("--to", "json", "--leave-out"), "the band table leaves nothing out"),
        (("--to", "sql", "--dialect", "duckdb", "--columns", "value"), "there must be a column kpi"),
        (("--to", "sql", "--dialect", "oracle"), "invalid choice: 'oracle'"),
        (("--to", "pdf"), "invalid choice: 'pdf'"),
        ((), "--to is missing; say what to write: --to sql, csv"),
    ],
)
def test_wrong_use_is_exit_2(
    folder: Path, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was given, and what would do."""
    try:
        code = main(["export", str(folder / "rules"), *options])
    except SystemExit as stopped:
        code = int(stopped.code or 0)

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_rules_that_cannot_be_used_are_exit_3(folder: Path) -> None:
    """Problems with file, line and column; and a book without KPIs has nothing to export."""
    (folder / "rules/waste.toml").write_text(AREA.replace("tolerance", "tolerence"))
    ran = run("rules", "--to", "csv", cwd=folder)
    assert ran.returncode == 3
    assert "waste.toml:9:1: error" in ran.stderr

    (folder / "rules/waste.toml").write_text('[area]\ntitle = "Waste"\n')
    ran = run("rules", "--to", "csv", cwd=folder)
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (3, "ragengine: rules: no KPIs to export")


@pytest.mark.parametrize(
    ("to", "library", "extra"), [("parquet", "pyarrow", "parquet"), ("xlsx", "xlsxwriter", "xlsx")]
)
def test_a_library_that_is_not_installed_is_named(folder: Path, to: str, library: str, extra: str) -> None:
    """Exit 3, with the command that installs it."""
    (folder / library).mkdir()
    (folder / library / "__init__.py").write_text("raise ImportError\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "ragengine", "export", "rules", "--to", to, "-o", f"a.{to}"]
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False, timeout=60)

    assert ran.returncode == 3
    assert f'needs {library}: pip install "ragengine[{extra}]"' in ran.stderr
