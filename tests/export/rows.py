"""Measurements as rows of a database table, and what the engine for one measurement says of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ragengine.book import Rulebook
from ragengine.data.door import causes_of, measurement_of, read_cell
from ragengine.data.model import Measurement
from ragengine.export.band_rows import BandRows
from ragengine.export.decimals import decimal_text
from ragengine.export.sql.export import sql_plan, sql_text
from ragengine.export.sql.plan import Plan
from ragengine.period import Period, parse_period
from ragengine.rating.history import History
from ragengine.rating.prepare import PreparedKpi
from ragengine.rating.rating import Rating
from ragengine.rulebook.kpi import Kpi
from ragengine.rulebook.measure import Range
from ragengine.workbench.testing.case_runner import all_cases

Row = dict[str, Any]

NUMBERS = ("value", "numerator", "denominator", "excluded", "target")
#: creates the table of measurements with its columns and rows, runs the SQL, and gives the view's rows by place
Run = Callable[[dict[str, str], list[tuple[Any, ...]], str], list[dict[str, Any]]]

#: what is compared, with the target's nearer end as one number
COMPARED = ("rag", "adjusted", "computed", "reason", "target", "shortfall")


def _number(cell: object) -> Decimal | None:
    """A cell's number as databases take it; None for a symbol, a blank, or what is none."""
    read = read_cell(str(cell)) if cell is not None else None
    return Decimal(decimal_text(read)) if isinstance(read, Fraction) else None


def rows_of_cases(book: Rulebook) -> list[Row]:
    """The cases of a rulebook and their histories, each with an entity of its own; without those that no number says."""
    rows = []
    for number, case in enumerate(all_cases(book.rules)):
        fields = dict(case.fields)
        if "kpi" not in fields or "rules" in fields:
            continue
        kpi = book.rules.kpis[fields["kpi"]]
        for given in [*fields.get("history", ()), fields]:
            row = _row(book, kpi.id, given, fields.get("entity") or f"case{number}", kpi.inputs)
            if row is not None:
                rows.append(row)
    return rows


def _row(book: Rulebook, kpi: str, given: Mapping[str, Any], entity: str, inputs: Iterable[str]) -> Row | None:
    row: Row = {"kpi": kpi, "entity": given.get("entity") or entity, "period": None}
    if given.get("period") is not None:
        row["period"] = parse_period(given["period"], book.rules.calendar)
    for name in (*NUMBERS, *inputs):
        cell = given.get(name)
        row[name] = _number(cell)
        if name != "value" and row[name] is None and cell is not None and str(cell).strip():
            # a symbol or a slip where a table has numbers: there it is null
            return None
    row["value_text"] = None if given.get("value") is None else str(given["value"])
    evidence = given.get("evidence")
    row["evidence"] = "recorded" if evidence is True else (evidence or None)
    row["causes"] = "; ".join(given.get("causes", ())) or None
    return row


def measurement(row: Mapping[str, Any], inputs: Iterable[str] = ()) -> Measurement:
    """A row of the table as a measurement."""
    value = row["value"]
    if value is None and row.get("value_text") is not None:
        value = row["value_text"]
    return measurement_of(
        row["kpi"],
        value=value,
        period=row["period"],
        entity=row.get("entity"),
        causes=causes_of(row.get("causes") or ""),
        evidence=row.get("evidence") or "",
        inputs={name: row.get(name) for name in inputs},
        **{name: row.get(name) for name in NUMBERS if name != "value"},
    )


def ratings(book: Rulebook, rows: list[Row]) -> list[Rating | None]:
    """The rating of each row, with the earlier rows of its KPI and entity; None for a KPI that the rules have not."""
    groups: dict[tuple[str, str | None], list[Measurement]] = {}
    given: list[Measurement] = []
    for row in rows:
        kpi = book.rules.kpis.get(row["kpi"])
        given.append(measurement(row, kpi.inputs if kpi else ()))
        groups.setdefault((row["kpi"], row.get("entity")), []).append(given[-1])
    histories: dict[tuple[str, str | None], History] = {}
    made: list[Rating | None] = []
    for each in given:
        if each.kpi not in book.rules.kpis:
            made.append(None)
            continue
        prepared = book[each.kpi]
        assert isinstance(prepared, PreparedKpi)
        key = each.kpi, each.entity
        if key not in histories:
            histories[key] = prepared.history(each.entity, groups[key])
        made.append(prepared.rate_measurement(each, histories[key]))
    return made


def expected(rating: Rating | None) -> dict[str, Any]:
    """What a query must say of a row with this rating."""
    if rating is None:
        return dict.fromkeys(COMPARED) | {"rag": "grey", "adjusted": "grey", "computed": "grey", "reason": "invalid"}
    target, value = rating.target, rating.value
    if isinstance(target, Range):
        low, high = Fraction(target.min), Fraction(target.max)
        target = None if value is None else (low if low - value >= value - high else high)
    kpi: Kpi = rating.outcome.ruling.kpi
    if kpi.words:
        target = None
    # a target that a formula reads is an input, and no line
    reads = kpi.formula is not None and "target" in kpi.formula.names
    return {
        "rag": str(rating.rag),
        "adjusted": str(rating.adjusted),
        "computed": str(rating.computed),
        "reason": str(rating.reason) if rating.reason else None,
        "target": target,
        "shortfall": None if reads else rating.shortfall,
    }


def differences(rows: list[Row], wanted: list[dict[str, Any]], got: list[Mapping[str, Any]]) -> list[str]:
    """Where a query says something else, a line each."""
    assert len(rows) == len(wanted) == len(got)
    return [
        f"{row}: {name} is {have[name]!r}, not {want[name]!r}"
        for row, want, have in zip(rows, wanted, got, strict=True)
        for name in COMPARED
        if not _same(want[name], have[name])
    ]


def _same(want: Any, have: Any) -> bool:
    if isinstance(want, Fraction) and have is not None:
        return abs(want - Fraction(have)) <= Fraction(1, 1_000_000) * max(1, abs(want) / 1_000_000)
    return bool(want == have)


def columns_of(plan: Plan) -> dict[str, str]:
    """The columns of the table of measurements, with ``text``, ``date`` or ``number``."""
    return {name: re.split("[: ]", said)[0] for name, said in plan.columns.read.items()}


def table_rows(names: Iterable[str], rows: list[Row]) -> Iterator[tuple[Any, ...]]:
    """The rows as a database takes them, the number of the row first."""
    for number, row in enumerate(rows):
        period = row["period"]
        made = {**row, "period_end": period.end if isinstance(period, Period) else None}
        yield (number, *(made.get(name) for name in names))


@lru_cache(maxsize=64)
def _written(book: Rulebook, dialect: str) -> tuple[Plan, dict[str, str], str]:
    """The plan of a rulebook, the columns it reads, and the SQL for a table that has a column place besides."""
    table = BandRows(book)
    plan = sql_plan(table, dialect)
    columns = columns_of(plan)
    return plan, columns, sql_text(sql_plan(table, dialect, [*columns, "place"]))


def wrong_ratings(book: Rulebook, rows: list[Row], dialect: str, run: Run) -> list[str]:
    """What the query of a dialect says otherwise than the engine; ``run`` gives the rows of the view."""
    plan, columns, sql = _written(book, dialect)
    got = run(columns, list(table_rows(columns, rows)), sql)
    assert [row["place"] for row in got] == list(range(len(rows)))
    rated = [n for n, row in enumerate(rows) if row["kpi"] not in plan.refused]
    for n in set(range(len(rows))) - set(rated):
        assert got[n]["rag"] is None
        assert got[n]["reason"] == f"left out: {plan.refused[rows[n]['kpi']]}"
    kept = [rows[n] for n in rated]
    return differences(kept, [expected(rating) for rating in ratings(book, kept)], [got[n] for n in rated])
