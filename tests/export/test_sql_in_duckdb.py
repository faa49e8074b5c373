"""The query in DuckDB says of every row what the engine for one measurement says."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings

import ragengine
from ragengine.book import Rulebook
from ragengine.export.band_rows import BandRows
from ragengine.export.sql.export import sql_plan, sql_text
from ragengine.period import parse_period

from .everything import FILES, everything, rows
from .rows import NUMBERS, Row, ratings, rows_of_cases, wrong_ratings

SUITE = Path(__file__).resolve().parent.parent / "suite"
FOLDERS = sorted(folder.name for folder in SUITE.iterdir() if folder.is_dir())

TYPES = {"text": "VARCHAR", "date": "DATE", "number": "DECIMAL(30, 12)"}


def run(columns: dict[str, str], table: list[tuple[Any, ...]], sql: str) -> list[dict[str, Any]]:
    """The rows of the view over a table of measurements."""
    with duckdb.connect() as database:
        types = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in columns.items())
        database.execute(f"CREATE TABLE measurements (place INTEGER, {types})")
        if table:
            marks = ", ".join("?" for _ in table[0])
            database.executemany(f"INSERT INTO measurements VALUES ({marks})", table)
        database.execute(sql)
        found = database.execute("SELECT * FROM rag_ratings ORDER BY place")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    """A rulebook with everything that a query rates."""
    return everything()


@pytest.mark.parametrize("name", FOLDERS)
def test_every_case_of_the_suite(name: str) -> None:
    """Each case and its history, as rows of one table, has the level, reason, target and shortfall of the engine."""
    book = ragengine.load(SUITE / name)

    assert wrong_ratings(book, rows_of_cases(book), "duckdb", run) == []


def test_the_worked_example(plan: Rulebook) -> None:
    """The improvement plan's own cases, in which missing values are carried forward for a month."""
    given = rows_of_cases(plan)

    assert len(given) > 200
    assert wrong_ratings(plan, given, "duckdb", run) == []


@settings(max_examples=15)
@given(rows)
def test_rows_on_and_beside_every_edge(given: list[Row]) -> None:
    """Nulls, symbols, counts, quotients, words, conditions, dated rules and brought targets: no row differs."""
    assert wrong_ratings(everything(), given, "duckdb", run) == []


def test_counts_that_make_no_percentage_are_asked_where_the_table_has_them() -> None:
    """Of a KPI in days: counts that cannot be are invalid, and those that can lack a formula; a lone one is missing."""
    rule = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 2\n'
    book = ragengine.load({"book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "red"\n', "a.toml": rule})
    columns = {"kpi": "text", "value": "number", "numerator": "number", "denominator": "number"}
    sql = sql_text(sql_plan(BandRows(book), "duckdb", [*columns, "place"]))
    table = [(0, "a.k", None, -1, 9), (1, "a.k", None, 1, 9), (2, "a.k", None, 1, None), (3, "a.k", 5, -1, 9)]

    assert [(row["rag"], row["reason"]) for row in run(columns, table, sql)] == [
        ("grey", "invalid"),
        ("grey", "missing input"),
        ("red", None),
        ("green", None),
    ]


def _shares(*cells: tuple[str, str, int | None]) -> list[Row]:
    """Rows of values carried forward: the KPI, the period, and how many of 100 were seen, or a value."""
    nothing = dict.fromkeys((*NUMBERS, "value_text", "evidence", "causes", "seen", "due", "entity"))
    return [
        nothing | {"kpi": kpi, "period": parse_period(period)}
        | ({"value": count} if kpi == "area.later" else {"seen": count, "due": 100})
        for kpi, period, count in cells
    ]  # fmt: skip


def test_a_value_is_carried_until_its_last_good_day() -> None:
    """Of June, for three months: good on 30 September, stale on 1 October; never of the same day or a later one."""
    given = _shares(
        ("area.share", "2020-06-30", 40),
        ("area.share", "2020-09-30", None),
        ("area.share", "2020-10-01", None),
        ("area.share", "2020-06-29", None),
    )

    assert [str(rating.reason or rating.rag) for rating in ratings(everything(), given) if rating] == [
        "green", "green", "stale", "missing input",
    ]  # fmt: skip
    assert wrong_ratings(everything(), given, "duckdb", run) == []


def test_a_value_from_before_it_was_due_is_not_carried() -> None:
    """Rated from July: what June brought was never judged, so August has nothing to carry until July has."""
    given = _shares(("area.later", "2020-06", 60), ("area.later", "2020-08", None))
    after = [*given, *_shares(("area.later", "2020-07", 46))]

    assert [str(rating.reason or rating.rag) for rating in ratings(everything(), after) if rating] == [
        "not due", "amber", "amber",
    ]  # fmt: skip
    assert wrong_ratings(everything(), given, "duckdb", run) == []
    assert wrong_ratings(everything(), after, "duckdb", run) == []


def _levels(book: Rulebook, kind: str, values: list[float | None], kpi: str) -> list[tuple[str, str | None]]:
    """Level and reason of values in a column of another type."""
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE measurements (place INTEGER, kpi VARCHAR, period_end DATE, value {kind})")
        for place, value in enumerate(values):
            database.execute("INSERT INTO measurements VALUES (?, ?, '2020-07-31', ?)", [place, kpi, value])
        plan = sql_plan(BandRows(book), "duckdb", ["kpi", "period_end", "value", "place"])
        database.execute(sql_text(plan))
        return database.execute("SELECT rag, reason FROM rag_ratings ORDER BY place").fetchall()


def test_a_float_means_the_decimal_that_it_prints_as(book: Rulebook) -> None:
    """84.35 in a column of floats lies on an edge at 84.35; the float just below it does not."""
    rules = {
        "book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\n'
        'target = 84.35\ntolerance = "0.1 pp"\n',
    }
    values = [84.35, math.nextafter(84.35, 0), 84.25, math.nextafter(84.25, 0)]

    levels = _levels(ragengine.load(rules), "DOUBLE", values, "a.k")

    assert [level for level, _ in levels] == ["green", "amber", "amber", "red"]


def test_what_is_no_number_is_grey(book: Rulebook) -> None:
    """NaN, infinities and numbers of more than 15 digits are invalid; null is missing, which counts as amber here."""
    values = [math.nan, math.inf, -math.inf, 1e15, None, 999_999_999_999_999.0]

    levels = _levels(book, "DOUBLE", values, "area.later")

    assert levels == [("grey", "invalid")] * 4 + [("grey", "no data"), ("green", None)]
    assert _levels(book, "DOUBLE", [None], "area.range") == [("grey", "no data")]
    assert _levels(book, "DOUBLE", [None], "area.brought") == [("amber", None)]


def test_a_column_that_the_table_has_not_is_missing(book: Rulebook) -> None:
    """Without numerator, target and evidence the rules that ask for them say so, and the others rate."""
    assert _levels(book, "INTEGER", [95], "area.higher") == [("green", None)]
    assert _levels(book, "INTEGER", [95], "area.brought") == [("grey", "no target")]
    assert _levels(book, "INTEGER", [1], "area.lower") == [("amber", None)]
    assert _levels(book, "INTEGER", [1], "area.share") == [("grey", "missing input")]


def test_the_columns_of_the_table_stay(book: Rulebook) -> None:
    """Columns of one's own are in the view, under their names, with those of the frames after them."""
    plan = sql_plan(BandRows(book), "duckdb", ["kpi", "period_end", "value", "Team name", 'say "hi"'])
    with duckdb.connect() as database:
        database.execute(
            'CREATE TABLE measurements (kpi VARCHAR, period_end DATE, value INTEGER, "Team name" VARCHAR, "say ""hi""" INT)'
        )
        database.execute(sql_text(plan))
        names = [column[0] for column in database.execute("SELECT * FROM rag_ratings").description]

    assert names == [
        "kpi", "period_end", "value", "Team name", 'say "hi"', "rag", "adjusted", "computed", "reason", "target",
        "shortfall", "band", "grace", "rule", "area", "edition",
    ]  # fmt: skip


def test_a_new_file_replaces_the_old_one(book: Rulebook) -> None:
    """Run again, with other rules, the file leaves the new bands and no row of the old ones."""
    changed = ragengine.load({**FILES, "book.toml": FILES["book.toml"].replace("2020-21", "2021-22")})
    with duckdb.connect() as database:
        database.execute("CREATE TABLE m (kpi VARCHAR, period_end DATE, value INTEGER)")
        for each in (book, changed):
            plan = sql_plan(BandRows(each), "duckdb", ["kpi", "period_end", "value"])
            database.execute(sql_text(plan, measurements="main.m", bands="my bands", view="order"))
        editions = database.execute('SELECT DISTINCT edition, fingerprint FROM "my bands"').fetchall()

    assert editions == [("2021-22", changed.fingerprint)]


@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_a_relative_tolerance_of_targets_below_and_at_0(direction: str) -> None:
    """It is of the target's size: on and beside each line no row differs."""
    rule = f'direction = "{direction}"\ntarget = "from data"\ntolerance = "10% of target"\n'
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n',
            "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\n{rule}',
        }
    )
    nothing = dict.fromkeys((*NUMBERS, "value_text", "evidence", "causes", "seen", "due", "entity"))
    given = [
        nothing
        | {"kpi": "a.k", "period": parse_period("2020-07"), "target": target, "value": target * share / 10 + step}
        for target in (Decimal(-10), Decimal("-0.3"), Decimal(0), Decimal(10))
        for share in (9, 10, 11)
        for step in (Decimal("-0.000001"), Decimal(0), Decimal("0.000001"))
    ]

    assert wrong_ratings(book, given, "duckdb", run) == []
    assert len({str(each.rag) for each in ratings(book, given)}) == 3


@pytest.mark.parametrize("unit", ["%", "days"])
@pytest.mark.parametrize(
    "key",
    ["", 'missing = "carry forward"', "valid = { min = 0, max = 90 }", "minimum_n = 5", "requires_evidence = true"],
)
def test_a_table_may_have_columns_that_no_rule_reads(unit: str, key: str) -> None:
    """All columns that some rule could read are there, and the query runs; values on and beside lines have their levels."""
    tolerance = '"5 pp"' if unit == "%" else "5"
    rule = f'[kpi.k]\ntitle = "K"\nunit = "{unit}"\ndirection = "higher"\ntarget = 80\ntolerance = {tolerance}\n{key}\n'
    rules = {
        "book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": f'[area]\ntitle = "A"\n{rule}',
    }
    book = ragengine.load(rules)
    columns = {"kpi": "text", "period_end": "date", "entity": "text", "value": "number", "value_text": "text"}
    columns |= dict.fromkeys(("numerator", "denominator", "excluded", "target"), "number")
    columns |= {"evidence": "text", "causes": "text"}
    sql = sql_text(sql_plan(BandRows(book), "duckdb", [*columns, "place"]))
    values = [74.99, 75, 79.99, 80, 90, 90.01]
    table = [
        (n, "a.k", date(2020, 7, 31), None, v, None, None, 9, None, 60, "seen", "covid") for n, v in enumerate(values)
    ]

    rated = [book.rate("a.k", v, period="2020-07", denominator=9, evidence="seen") for v in values]
    assert [row["rag"] for row in run(columns, table, sql)] == [str(each.rag) for each in rated]
