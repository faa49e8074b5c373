"""The query in a real PostgreSQL, where it is exact to any length; RAGENGINE_POSTGRES names one: a libpq address."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

import ragengine
from ragengine.book import Rulebook
from ragengine.period import parse_period

from .everything import everything, rows
from .rows import Row, ratings, rows_of_cases, wrong_ratings
from .test_sql_in_duckdb import FOLDERS, SUITE

ADDRESS = os.environ.get("RAGENGINE_POSTGRES", "")

pytestmark = [
    pytest.mark.skipif(not ADDRESS, reason="RAGENGINE_POSTGRES names no database: .ci/run starts one"),
    pytest.mark.skipif(shutil.which("psql") is None, reason="psql, PostgreSQL's own client, is not installed"),
]

#: tests that run side by side share the database
SCHEMA = f"ragengine_test_{os.getpid()}"
TYPES = {"text": "TEXT", "date": "DATE", "number": "NUMERIC"}


def psql(sql: str) -> str:
    """What the client prints; it stops at the first error."""
    command = ["psql", ADDRESS, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]
    ran = subprocess.run(command, input=sql, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def run(columns: dict[str, str], table: list[tuple[Any, ...]], sql: str) -> list[dict[str, Any]]:
    """The rows of the view over a table of measurements, all in a schema of its own."""
    types = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in columns.items())
    file = io.StringIO()
    csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows(map(_cells, table))
    printed = psql(
        f"SET client_min_messages = warning;\nDROP SCHEMA IF EXISTS {SCHEMA} CASCADE;\n"
        f"CREATE SCHEMA {SCHEMA};\nSET search_path = {SCHEMA};\n"
        f"CREATE TABLE measurements (place INTEGER, {types});\n"
        f"COPY measurements FROM STDIN WITH (FORMAT csv, NULL '\\N');\n{file.getvalue()}\\.\n"
        f"{sql}\nCOPY (SELECT * FROM rag_ratings ORDER BY place) TO STDOUT WITH (FORMAT csv, HEADER, NULL '\\N');\n"
    )
    return [{name: _value(name, cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(printed))]


def _cells(row: tuple[Any, ...]) -> list[str]:
    return ["\\N" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell) for cell in row]


def _value(name: str, cell: str) -> Any:
    if cell == "\\N":
        return None
    return Decimal(cell) if name in ("place", "target", "shortfall") else cell


def test_every_case_of_the_suite_and_of_the_plan(plan: Rulebook) -> None:
    """Each case and its history has the level, reason, target and shortfall of the engine."""
    books = {name: ragengine.load(SUITE / name) for name in FOLDERS} | {"plan": plan}
    wrong = {
        name: wrong_ratings(book, given, "postgres", run)
        for name, book in books.items()
        if (given := rows_of_cases(book))
    }

    assert len(wrong) > 10
    assert {name: told for name, told in wrong.items() if told} == {}


@settings(max_examples=15)
@given(rows)
def test_rows_on_and_beside_every_edge(given: list[Row]) -> None:
    """Nulls, symbols, counts, quotients, words, conditions, dated rules and brought targets: no row differs."""
    assert wrong_ratings(everything(), given, "postgres", run) == []


def test_a_number_of_any_length_is_exact() -> None:
    """Thirty digits after the point, a hair below the edge at 50, are not rounded on to it."""
    below = Decimal("49." + "9" * 30)
    columns = ("kpi", "entity", "period", "value_text", "numerator", "denominator", "excluded", "target", "evidence")
    row: Row = dict.fromkeys((*columns, "causes", "seen", "due"))
    row |= {"kpi": "area.later", "period": parse_period("2020-07")}
    given = [row | {"entity": "on", "value": Decimal(50)}, row | {"entity": "below", "value": below}]

    assert [str(rating.rag) for rating in ratings(everything(), given) if rating] == ["green", "amber"]
    assert wrong_ratings(everything(), given, "postgres", run) == []
