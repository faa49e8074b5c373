"""What the SQL of each database looks like: it parses, names and texts are escaped, and what is inexact is refused."""

from __future__ import annotations

import os
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel

import ragengine
from ragengine.errors import BadArgument
from ragengine.export.band_rows import BandRows
from ragengine.export.decimals import Digits
from ragengine.export.sql.dialects import DIALECTS, CannotWrite
from ragengine.export.sql.export import sql_plan, sql_text
from ragengine.period import Duration

from .everything import everything

GOLDEN = Path(__file__).resolve().parent.parent / "golden"

RULES = """
[area]
title = "A"
[kpi.k]
title = "It's a \\\\ title; DROP TABLE x; -- \\""
unit = "%"
direction = "higher"
target = 90
tolerance = "10 pp"
"""


#: a dated target, a grace with a condition, words that are carried forward, and what has to be left out
SMALL = {
    "book.toml": """
[book]
title = "Our KPIs"
edition = "2020-21"
missing = "carry forward"
max_age = "3 months"

[grace.covid-19]
from = 2020-03-23
until = 2020-09-30
no_worse_than = "amber"
reason = "Visits suspended"
authority = "Board"
when = '"covid" in causes'
""",
    "early-help.toml": """
[area]
title = "Early Help"

[kpi.seen-10-days]
title = "Children seen within 10 working days"
unit = "%"
direction = "higher"
target = { 2019-04-01 = 85, 2020-04-01 = 90 }
tolerance = "10 pp"
grace = ["covid-19"]

[kpi.audit]
title = "The team's audit"
words = { no = "red", yes = "green" }

[kpi.visits]
title = "Visits"
unit = "visits"
direction = "higher"
target = 50
tolerance = 5
persistence = 2
""",
}


def _statements(sql: str, dialect: str) -> list[exp.Expression]:
    batches = sql.split("\nGO\n") if dialect == "tsql" else [sql]
    found = [each for batch in batches for each in sqlglot.parse(batch, read=dialect, error_level=ErrorLevel.RAISE)]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_file_parses(dialect: str) -> None:
    """Two drops, the table, its rows and the view, all of which a parser of that database reads."""
    plan = sql_plan(BandRows(everything()), dialect)
    statements = _statements(sql_text(plan, measurements="council.measurements"), dialect)

    made = [each for each in statements if isinstance(each, exp.Drop | exp.Create | exp.Insert)]
    assert [type(each).__name__ for each in made] == ["Drop", "Drop", "Create", "Insert", "Create"]
    assert [each.args.get("kind") for each in made if isinstance(each, exp.Create)] == ["TABLE", "VIEW"]
    tables = {exp.table_name(table) for table in made[-1].find_all(exp.Table)}
    assert {"council.measurements", "rag_bands"} <= tables
    assert plan.refused == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_text_stays_a_text(dialect: str) -> None:
    """Quotes, backslashes and comment marks of a title come back from the parser as they were written."""
    rules = {"book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n', "a.toml": RULES}
    table = BandRows(ragengine.load(rules))
    statements = _statements(sql_text(sql_plan(table, dialect)), dialect)
    insert = next(each for each in statements if isinstance(each, exp.Insert))
    title = insert.expression.find(exp.Tuple).expressions[1]  # type: ignore[union-attr]

    assert len([each for each in statements if isinstance(each, exp.Drop)]) == 2
    assert title.name == table.rows[0].title == "It's a \\ title; DROP TABLE x; -- \""


@pytest.mark.parametrize(
    ("dialect", "plain", "reserved", "odd"),
    [
        ("duckdb", "value", '"order"', '"a ""b"'),
        ("postgres", "value", '"order"', '"a ""b"'),
        ("spark", "value", "`order`", '`a "b`'),
        ("bigquery", "value", "`order`", '`a "b`'),
        ("snowflake", "value", '"order"', '"a ""b"'),
        ("tsql", "value", "[order]", '[a "b]'),
    ],
)
def test_a_name_is_quoted_where_it_has_to_be(dialect: str, plain: str, reserved: str, odd: str) -> None:
    """A plain name stays as it is, for Snowflake writes it in capitals; a reserved or odd one is quoted."""
    named = DIALECTS[dialect].identifier

    assert (named("value"), named("order"), named('a "b')) == (plain, reserved, odd)
    assert DIALECTS["tsql"].identifier("a]b") == "[a]]b]"


@pytest.mark.parametrize(
    ("dialect", "number", "day", "later"),
    [
        ("duckdb", "CAST(90.5 AS DECIMAL(3, 1))", "DATE '2020-07-31'", "CAST(d + INTERVAL '3 MONTH' AS DATE)"),
        ("postgres", "90.5", "DATE '2020-07-31'", "CAST(d + INTERVAL '3 MONTH' AS DATE)"),
        ("spark", "CAST(90.5 AS DECIMAL(3, 1))", "DATE '2020-07-31'", "ADD_MONTHS(d, 3)"),
        ("bigquery", "BIGNUMERIC '90.5'", "DATE '2020-07-31'", "DATE_ADD(d, INTERVAL 3 MONTH)"),
        ("snowflake", "CAST(90.5 AS NUMBER(3, 1))", "DATE '2020-07-31'", "DATEADD(MONTH, 3, d)"),
        ("tsql", "CAST(90.5 AS DECIMAL(3, 1))", "CAST('2020-07-31' AS DATE)", "DATEADD(MONTH, 3, d)"),
    ],
)
def test_literals_and_days(dialect: str, number: str, day: str, later: str) -> None:
    """Numbers are exact and of their own width; a day three months later is asked of the database."""
    made = DIALECTS[dialect]

    assert made.number(Fraction("90.5")) == number
    assert made.day(date(2020, 7, 31)) == day
    assert made.after("d", Duration(months=3)) == later


def test_products_that_a_database_would_round_are_refused() -> None:
    """38 digits everywhere but in PostgreSQL and BigQuery; Spark and SQL Server want one more, Snowflake 12 decimals."""
    half, short = Digits(10, 9), Digits(3, 8)

    assert DIALECTS["duckdb"].product(half, half) == Digits(20, 18)
    assert DIALECTS["postgres"].product(Digits(99, 99), Digits(99, 99)) == Digits(198, 198)
    assert DIALECTS["bigquery"].product(half, Digits(20, 20)) == Digits(30, 29)
    for dialect in ("spark", "tsql"):
        with pytest.raises(CannotWrite, match="39 digits"):
            DIALECTS[dialect].product(half, half)
    with pytest.raises(CannotWrite, match="12 decimals, and it needs 16"):
        DIALECTS["snowflake"].product(short, short)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"dialect": "oracle"}, "it is one of duckdb, postgres"),
        ({"columns": ["value", "period_end"]}, "there must be a column kpi"),
        ({"columns": ["kpi", "value"]}, "there must be a column period_end"),
        ({"columns": ["kpi", "period_end", "valeu"]}, "did you mean value?"),
        ({"columns": ["kpi", "period_end", "value", "band"]}, "the query adds columns of this name itself"),
        ({"measurements": "rag_rules"}, "a step of the query has this name"),
        ({"view": "rag_bands"}, "names of their own"),
        ({"bands": "a..b"}, "write a name"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: dict[str, object], said: str) -> None:
    """A wrong database, column or name of a table is told with what would do."""
    named = {name: options.pop(name) for name in ("measurements", "bands", "view") if name in options}
    with pytest.raises(BadArgument, match=said.replace("?", r"\?")):
        sql_text(sql_plan(BandRows(everything()), **{"dialect": "duckdb", **options}), **named)  # type: ignore[arg-type]


def test_what_one_query_cannot_rate_is_refused_by_name() -> None:
    """Persistence, earlier levels and values, and a formula of more digits than there are: each KPI with its reason."""
    rules = """
[area]
title = "A"
[kpi.slow]
title = "K"
unit = "x"
direction = "higher"
target = 1
tolerance = 0
persistence = 2
[kpi.before]
title = "K"
unit = "x"
direction = "higher"
target = 1
tolerance = 0
grace = [{ from = 2020-01-01, until = 2020-12-31, reason = "r", authority = "a", no_worse_than = "amber", when = "improved" }]
[kpi.long]
title = "K"
unit = "x"
direction = "higher"
target = 1
tolerance = 0
formula = "u * v * w"
inputs = ["u", "v", "w"]
"""
    book = {"book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n', "a.toml": rules}
    table = BandRows(ragengine.load(book))
    refused = sql_plan(table, "spark").refused

    assert list(refused) == ["a.slow", "a.before", "a.long"]
    assert refused["a.slow"] == "persistence looks at the levels of the periods before"
    assert refused["a.before"].endswith("looks at the values of earlier periods")
    # of two inputs: 12 + 12 + 1 digits before the point, 15 + 15 after it
    assert refused["a.long"] == "its formula: it needs 55 digits, and exact numbers of Spark have 38"
    assert list(sql_plan(table, "postgres").refused) == ["a.slow", "a.before"]


@pytest.mark.parametrize("dialect", ["duckdb", "tsql"])
def test_the_file_as_a_person_reads_it(dialect: str) -> None:
    """What is read before it is run on a warehouse, word for word; ``RAGENGINE_GOLDEN=write`` writes it."""
    made = sql_text(sql_plan(BandRows(ragengine.load(SMALL)), dialect), measurements="council.measurements")

    golden = GOLDEN / f"export-{dialect}.sql"
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        golden.write_text(made, encoding="utf-8", newline="\n")
    assert made == golden.read_text("utf-8")
