"""The doors of the exported SQL: run in DuckDB, and in PostgreSQL where RAGENGINE_POSTGRES names one."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve

from ragengine.data.door import read_cell
from ragengine.export.band_rows import BandRows
from ragengine.export.decimals import Digits, digits_of
from ragengine.export.sql.columns import COUNTS
from ragengine.export.sql.export import sql_plan, sql_text
from ragengine.export.sql.plan import Plan

from .by_frame import LAZY
from .door import INTERVALS, Answer, Answers, Door, Exempt, book_of, by_kind, numbers_of
from .row import NUMBERS, Expected, Given, Table, is_plain

__all__ = ["DOORS", "narrower"]

#: runs the SQL over a table of measurements and gives the rows of the view
Run = Callable[[dict[str, str], list[tuple[Any, ...]], str], list[dict[str, Any]]]

#: rules that one query cannot rate exactly: it names them and gives no level; every other is rated
REFUSED = {"rounded": "its formula: it rounds a quotient; decimals does that exactly"}
#: why a target that is made from other rows is refused
OTHER_ROWS = "its target is made from other rows"
LEFT_OUT = (OTHER_ROWS, INTERVALS)

_TYPES = {"float": "DOUBLE PRECISION", "decimal": "DECIMAL(38, 15)", "long": "DECIMAL(38, 35)"}


def _row(given: Given, cells: Mapping[str, Any], day: Any) -> dict[str, Any]:
    """A row as the columns of the table hold it: a value that is no number stands as a text."""
    made = {name: _number(cell) if name in NUMBERS else cell for name, cell in cells.items()}
    if isinstance(cells.get("value"), str) and made["value"] is None:
        made["value_text"] = cells["value"]
    return made | {"kpi": given.subject, "entity": given.entity or None, "period_end": day}


def _number(cell: Any) -> Any:
    if isinstance(cell, str):
        return Decimal(cell) if is_plain(cell) else None
    return cell


def _rate(dialect: str, run: Run) -> Callable[[Table, Sequence[Given]], Answers]:
    def rate(table: Table, givens: Sequence[Given]) -> Answers:
        made: dict[int, Answer] = {}
        for kind, group in by_kind(givens).items():
            try:
                made |= _answers(dialect, run, table, kind, group)
            except Exception as error:
                made |= dict.fromkeys((given.number for given in group), Answer.broken(error))
        return made

    return rate


def _answers(dialect: str, run: Run, table: Table, kind: str, group: Sequence[Given]) -> dict[int, Answer]:
    bands = BandRows(book_of(table))
    # the counts too where no rule makes a percentage of them
    read = [*sql_plan(bands, dialect).columns.read, "numerator", "denominator", "excluded"]
    said = sql_plan(bands, dialect, read).columns.read
    columns = {name: meaning.replace(":", " ").split()[0] for name, meaning in said.items()}
    plan: Plan = sql_plan(bands, dialect, [*columns, "place"])
    number = _TYPES.get(kind.partition("/")[0], _TYPES["decimal"])
    types = {name: {"text": "TEXT", "date": "DATE"}.get(each, number) for name, each in columns.items()}
    rows, places = [], {}
    for given in group:
        for past in given.history:
            rows.append(_row(given, past, date.fromisoformat(past["day"])))
        places[len(rows)] = given
        rows.append(_row(given, given.cells, given.row.day))
    cells = [(n, *(row.get(name) for name in columns)) for n, row in enumerate(rows)]
    found = {row["place"]: row for row in run(types, cells, sql_text(plan))}
    return {given.number: _answer(plan, given, found[place]) for place, given in places.items()}


def _answer(plan: Plan, given: Given, row: Mapping[str, Any]) -> Answer:
    why = plan.refused.get(given.subject)
    if why is None:
        return Answer.of_row(row)
    return Answer(
        fault="" if REFUSED.get(given.row.rule) == why or why.startswith(LEFT_OUT) else f"refused: {why}",
        refused=True,
    )


def _duckdb(types: dict[str, str], rows: list[tuple[Any, ...]], sql: str) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect() as database:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        database.execute(f"CREATE TABLE measurements (place INTEGER, {columns})")
        database.executemany(f"INSERT INTO measurements VALUES ({', '.join('?' for _ in rows[0])})", rows)
        database.execute(sql)
        found = database.execute("SELECT * FROM rag_ratings ORDER BY place")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _postgres(types: dict[str, str], rows: list[tuple[Any, ...]], sql: str) -> list[dict[str, Any]]:
    from ..export.test_sql_in_postgres import psql

    columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(["\\N" if cell is None else cell for cell in row] for row in rows)
    # tests that run side by side share the database
    schema = f"ragengine_doors_{os.getpid()}"
    printed = psql(
        f"SET client_min_messages = warning;\nDROP SCHEMA IF EXISTS {schema} CASCADE;\n"
        f"CREATE SCHEMA {schema};\nSET search_path = {schema};\n"
        f"CREATE TABLE measurements (place INTEGER, {columns});\n"
        f"COPY measurements FROM STDIN WITH (FORMAT csv, NULL '\\N');\n{file.getvalue()}\\.\n"
        f"{sql}\nCOPY (SELECT * FROM rag_ratings ORDER BY place) TO STDOUT WITH (FORMAT csv, HEADER, NULL '\\N');\n"
    )
    numbers = ("place", "target", "shortfall")
    return [
        {name: None if cell == "\\N" else Decimal(cell) if name in numbers else cell for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(printed))
    ]


def _carries(given: Given) -> bool:
    """A table has numbers and dates: no period as a text, no overrides, and no symbol in a column of numbers."""
    if given.row.is_action or given.kind in ("flag", "evidence", "object"):
        return False
    if given.row.kind == "judgements" and given.row.rule != "own":
        return False
    if given.row.why == "a period that cannot be read" or given.kind.endswith("datetime"):
        return False
    cells = [each for row in (given.cells, *given.history) for each in row.items()]
    numbers = [(name, cell) for name, cell in cells if name in NUMBERS and isinstance(cell, str)]
    if any(_number(cell) is None and cell.strip() and name != "value" for name, cell in numbers):
        return False
    # a number as printed stands in no column of a table: whoever fills it reads the cell
    printed = [cell for name, cell in numbers if _number(cell) is None and _is_printed(cell)]
    return not printed and not any(isinstance(cell, str) and _too_long(cell) for cell in numbers_of(given))


def _is_printed(cell: str) -> bool:
    return any(character.isdigit() for character in cell) and not cell.startswith("<")


def _too_long(cell: str) -> bool:
    """A text as a number of DECIMAL(38, 15)."""
    number = _number(cell)
    return number is not None and (len(cell.partition(".")[2]) > 15 or abs(number) >= Decimal(10) ** 23)


def narrower(table: Table) -> Exempt:
    """What a table's rules read has as many digits as the head of the SQL says."""
    bands = BandRows(book_of(table))
    values = sql_plan(bands, "duckdb").values
    kpis = bands.book.rules.kpis
    brought = {row.kpi for row in bands.rows if row.target_needed}
    digits = {"numerator": COUNTS, "denominator": COUNTS, "excluded": COUNTS, "target": values.targets}

    def long(given: Given) -> set[str]:
        formula = kpis[given.subject].formula
        read = {*digits, *(formula.names if formula else ())}
        numbers = {name: read_cell(str(cell)) for name, cell in given.cells.items() if name in read}
        return {
            name
            for name, number in numbers.items()
            if isinstance(number, Fraction) and not _fits(number, digits.get(name, values.inputs))
        }

    def instead(_: Table, given: Given) -> Expected:
        told = long(given) == {"target"} and given.subject not in brought and not kpis[given.subject].formula
        # a target that decides nothing: only how far from it is not told
        return evolve(given.row.expected, shortfall=None) if told else Expected.grey("invalid")

    return Exempt(
        "SQL: what has more digits than the engine's decimals keep is grey: invalid; products need room for both",
        lambda given: bool(long(given)),
        instead,
    )


def _fits(number: Fraction, digits: Digits) -> bool:
    return digits | digits_of([number]) == digits


def _lacks_postgres() -> str:
    if not os.environ.get("RAGENGINE_POSTGRES"):
        return "RAGENGINE_POSTGRES names no database"
    return "" if shutil.which("psql") else "psql is not installed"


_SLACK = Fraction(1, 10**6)
DOORS = (
    Door("SQL DuckDB", _carries, _rate("duckdb", _duckdb), LAZY, _SLACK),
    Door("SQL PostgreSQL", _carries, _rate("postgres", _postgres), (), _SLACK, _lacks_postgres()),
)
