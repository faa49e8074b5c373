"""Formulas and conditions as SQL end as the engine's do: with a value, missing input, or a division by zero."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import duckdb
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ragengine.data.door import causes_of
from ragengine.export.decimals import Digits
from ragengine.export.sql.dialects import DIALECTS, CannotWrite
from ragengine.export.sql.expressions import Members, Number, YesNo, any_of, as_sql
from ragengine.rulebook.expression import DivisionByZero, Expression, MissingInput, NameKind, compile_expression

NAMES = ("a", "b", "c")
VALUES = (None, 0, 1, -2, 3)
SMALL = Digits(2, 0)


@st.composite
def numbers(draw: st.DrawFn, depth: int = 2) -> str:
    """The text of a formula."""
    kind = draw(st.sampled_from(("name", "sign", "least", "abs", "minus", "choice"))) if depth else "name"
    one = numbers(depth - 1)
    match kind:
        case "sign":
            return f"({draw(one)} {draw(st.sampled_from('+-*/'))} {draw(one)})"
        case "least":
            return f"{draw(st.sampled_from(('min', 'max')))}({draw(one)}, {draw(one)})"
        case "abs":
            return f"abs({draw(one)})"
        case "minus":
            return f"-{draw(one)}"
        case "choice":
            return f"({draw(one)} if {draw(conditions(depth - 1))} else {draw(one)})"
        case _:
            return draw(st.sampled_from((*NAMES, "0", "1", "2", "0.5")))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> str:
    """The text of a condition."""
    kind = draw(st.sampled_from(("compare", "list", "chain", "join", "not"))) if depth else "compare"
    one, part = numbers(max(depth - 1, 0)), conditions(depth - 1)
    match kind:
        case "list":
            return f"{draw(one)} {draw(st.sampled_from(('in', 'not in')))} [0, 1]"
        case "chain":
            return f"{draw(one)} <= {draw(one)} < {draw(one)}"
        case "join":
            return f"({draw(part)} {draw(st.sampled_from(('and', 'or')))} {draw(part)})"
        case "not":
            return f"not ({draw(part)})"
        case _:
            return f"{draw(one)} {draw(st.sampled_from(('<', '<=', '>', '>=', '==', '!=')))} {draw(one)}"


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A table with every combination of values, in the order of :func:`itertools.product`."""
    with duckdb.connect() as database:
        database.execute("CREATE TABLE rows (place INTEGER, a DECIMAL(2, 0), b DECIMAL(2, 0), c DECIMAL(2, 0))")
        rows = [[place, *row] for place, row in enumerate(product(VALUES, repeat=3))]
        database.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", rows)
        yield database


def _in_the_database(database: duckdb.DuckDBPyConnection, expression: Expression) -> list[object]:
    """The end of every row: a ratio, ``missing`` or ``zero``; for a condition also whether it is granted."""
    names = {name: Number(name, SMALL, missing={name: f"{name} IS NULL"}) for name in NAMES}
    made = as_sql(expression.tree, names, DIALECTS["duckdb"])
    over, under, granted = "NULL", "1", "1 = 0"
    match made:
        case Number():
            over, under = made.over, made.under or "1"
        case YesNo():
            over, granted = f"CASE WHEN {made.holds} THEN 1 WHEN NOT {made.holds} THEN 0 END", made.granted
    end = (
        f"CASE WHEN {made.zero or '1 = 0'} THEN 'zero' WHEN {any_of(made.missing.values()) or '1 = 0'} THEN 'missing' "
        f"ELSE 'value' END"
    )
    columns = f"{end}, CAST({over} AS VARCHAR), CAST({under} AS VARCHAR), CASE WHEN {granted} THEN 1 ELSE 0 END"
    found = database.execute(f"SELECT {columns} FROM rows ORDER BY place").fetchall()
    ends: list[object] = [Fraction(up) / Fraction(down) if end == "value" else end for end, up, down, _ in found]
    if isinstance(made, YesNo):
        assert [row[3] for row in found] == [int(each == 1) for each in ends]
    return ends


def _in_the_engine(expression: Expression) -> list[object]:
    ends: list[object] = []
    for row in product(VALUES, repeat=3):
        result = expression.evaluate(
            {name: None if value is None else Fraction(value) for name, value in zip(NAMES, row, strict=True)}
        )
        match result:
            case MissingInput():
                ends.append("missing")
            case DivisionByZero():
                ends.append("zero")
            case _:
                ends.append(Fraction(result))
    return ends


def _expression(text: str, kind: NameKind) -> Expression:
    return compile_expression(text, names=dict.fromkeys(NAMES, NameKind.NUMBER), result=kind)


@settings(max_examples=60)
@given(text=numbers())
def test_a_formula_ends_as_the_engine_ends_it(database: duckdb.DuckDBPyConnection, text: str) -> None:
    """Every combination of numbers, zeros and nothing gives the same exact ratio, or the same end."""
    expression = _expression(text, NameKind.NUMBER)

    assert _in_the_database(database, expression) == _in_the_engine(expression)


@settings(max_examples=60)
@given(text=conditions())
def test_a_condition_ends_as_the_engine_ends_it(database: duckdb.DuckDBPyConnection, text: str) -> None:
    """``and`` and ``or`` pass what is missing where another part decides; nothing passes a division by zero."""
    expression = _expression(text, NameKind.YES_NO)

    assert _in_the_database(database, expression) == _in_the_engine(expression)


@pytest.mark.parametrize(
    "text",
    [
        "a > 0 or 1 / b > 0",
        "a > 0 and 1 / b > 0",
        "1 / b > 0 or a > 0",
        "not (a > 0 and c > 0) or 1 / b > 0",
        "a < b < c",
        "not a < b < c",
        "(a > 0) == (b > 0)",
        "(a > 0 if b > 0 else c > 0)",
        "not (a > 0 if b > 0 else c > 0)",
        "a / b in [1, 3]",
        "(a if b == 0 else a / b) >= 1",
        "min(a / b, c, 1) != max(a, -b)",
    ],
)
def test_each_way_to_pass_what_is_missing(database: duckdb.DuckDBPyConnection, text: str) -> None:
    """What decides first, what is needed all the same, and what is divided by zero without being reached."""
    expression = _expression(text, NameKind.YES_NO)

    assert _in_the_database(database, expression) == _in_the_engine(expression)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("a / b", {"zero": 4, "missing": 45}),
        ("round(a, 1)", {"zero": 0, "missing": 25}),
    ],
)
def test_ends_are_counted(database: duckdb.DuckDBPyConnection, text: str, ends: dict[str, int]) -> None:
    """Of 125 rows, as many divide by zero or lack something as can be counted by hand."""
    got = _in_the_database(database, _expression(text, NameKind.NUMBER))

    # b is 0 and a is one of four numbers, for each of five c; a or b is missing: 9 of 25, for each of five c
    assert {end: got.count(end) for end in ends} == {"zero": ends["zero"] * 5, "missing": ends["missing"]}


def _one(sql: str) -> str:
    """What an expression comes to in the database."""
    with duckdb.connect() as database:
        return str(database.execute(f"SELECT {sql}").fetchall()[0][0])


def test_rounding_is_half_up_and_never_of_a_quotient() -> None:
    """-0.25 to one place is -0.2; a quotient cannot be rounded exactly, so it is refused."""
    names = {"a": Number("a", Digits(2, 2), missing={"a": "a IS NULL"})}
    rounded = compile_expression("round(a, 1)", names={"a": NameKind.NUMBER}, result=NameKind.NUMBER)
    quotient = compile_expression("round(1 / a, 1)", names={"a": NameKind.NUMBER}, result=NameKind.NUMBER)

    made = as_sql(rounded.tree, names, DIALECTS["duckdb"])

    assert isinstance(made, Number)
    for value, wanted in (("-0.25", "-2"), ("0.25", "3"), ("-0.26", "-3"), ("0.24", "2")):
        sql = made.over.replace("(a *", f"(CAST({value} AS DECIMAL(4, 2)) *")
        assert _one(sql).split(".")[0] == wanted
    with pytest.raises(CannotWrite, match="rounds a quotient"):
        as_sql(quotient.tree, names, DIALECTS["duckdb"])


@pytest.mark.parametrize(
    ("cause", "cell", "held"),
    [
        ("covid", "Covid", True),
        ("covid", "flood;  COVID ,other", True),
        ("covid", "covid-19", False),
        ("it's", "it's", True),
        ("a;b", "a;b", False),
        ("100%_", "100%_", True),
        ("100%_", "100xx", False),
    ],
)
def test_a_cause_is_one_of_several(cause: str, cell: str, held: bool) -> None:
    """Folded, between separators with blanks or without, and no pattern of its own."""
    members = Members(f"';{';'.join(sorted(causes_of(cell)))};'".replace("it's", "it''s"))
    expression = compile_expression(f'"{cause}" in causes', names={"causes": NameKind.SET}, result=NameKind.YES_NO)
    made = as_sql(expression.tree, {"causes": members}, DIALECTS["duckdb"])

    assert isinstance(made, YesNo)
    assert _one(made.holds) == str(held)
    assert (cause in causes_of(cell)) is held


def test_what_would_be_rounded_is_refused() -> None:
    """A product of more digits than a database multiplies is refused, for databases that have a limit."""
    names = {name: Number(name, Digits(12, 15), missing={}) for name in NAMES}
    expression = compile_expression("a * b * c", names=dict.fromkeys(NAMES, NameKind.NUMBER), result=NameKind.NUMBER)

    for dialect in ("duckdb", "spark", "snowflake", "tsql", "bigquery"):
        with pytest.raises(CannotWrite, match="needs"):
            as_sql(expression.tree, names, DIALECTS[dialect])
    assert isinstance(as_sql(expression.tree, names, DIALECTS["postgres"]), Number)
