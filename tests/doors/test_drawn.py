"""Drawn rules and drawn rows: every door that is in this process says what ``book.rate`` says, and so does the model."""

from __future__ import annotations

import math
from typing import Any

import pytest
from attrs import evolve
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.catalogue import catalogue_of

from ..frames.drawn import book_of, broad_files, without
from .by_hand import DOORS as BY_HAND
from .by_sql import narrower
from .door import Answer, Door, differences
from .door import book_of as book_of_table
from .doors import DOORS
from .drawn_rows import drawn_rows
from .row import Expected, Given, Row, Table

_EXAMPLES = settings.default.max_examples  # type: ignore[union-attr]
#: doors that need no server, no second language and no office, and begin at once
_NAMES = (
    "model", "rate_many", "cases", "score CSV", "score JSON", "rows CSV", "rows JSON", "rows Parquet", "frame polars",
    "frame polars-lazy", "frame pandas", "frame pandas-objects", "frame pyarrow", "frame duckdb", "SQL DuckDB",
)  # fmt: skip
_DOORS = [door for door in DOORS if door.name in _NAMES and not door.lacks]


def _rated(table: Table, row: Row) -> Expected:
    """What ``book.rate`` says of a row."""
    answer = BY_HAND[0].rate(table, [Given(0, "object", row, row.cells)])[0]
    assert not answer.fault, f"{row}: {answer.fault}"
    return Expected(answer.rag, answer.adjusted, answer.computed, answer.reason, answer.shortfall)


def _with_answers(table: Table) -> Table:
    """The table with what ``book.rate`` says of each row, and of each without its NaN."""
    rows = []
    for row in table.rows:
        nothing = {name: cell for name, cell in row.cells.items() if not _is_nan(cell)}
        missing = _rated(table, evolve(row, cells=nothing)) if len(nothing) < len(row.cells) else None
        rows.append(evolve(row, expected=_rated(table, row), as_missing=missing))
    return evolve(table, rows=tuple(rows))


def _is_nan(cell: Any) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def _without_refused(door: Door) -> Door:
    """A door whose refusals by name are no differences: which rules a query leaves out is tested beside it."""

    def rate(table: Table, givens: Any) -> dict[int, Answer]:
        answers = door.rate(table, givens)
        return {number: evolve(each, fault="") if each.refused else each for number, each in answers.items()}

    return evolve(door, rate=rate)


@pytest.mark.parametrize("door", _DOORS, ids=lambda door: door.name)
def test_every_door_says_the_same(door: Door) -> None:
    """Rulebooks that nobody thought of, and rows on and beside their lines with every awkward cell."""
    slow = door.name in ("frame duckdb", "SQL DuckDB", "frame pandas", "frame pandas-objects")

    # the rows that differ are told with their rules: a smaller example says no more, and takes minutes to find
    @settings(
        max_examples=max(_EXAMPLES // (40 if slow else 10), 3),
        phases=(Phase.reuse, Phase.generate),
        report_multiple_bugs=False,
    )
    @given(broad_files(looks_back=False), st.integers(0, 10_000))
    def agrees(files: dict[str, str], seed: int) -> None:
        files = without(files, catalogue_of(book_of(files)).refused)
        book = book_of(files)
        assume(book.kpis)
        table = Table("drawn", {}, tuple(drawn_rows(book, seed)), written=files)
        way_in = _without_refused(door)
        if door.name.startswith("SQL"):
            way_in = evolve(way_in, exempt=(*way_in.exempt, narrower(table)))
        wrong = differences(_with_answers(table), way_in)
        assert not wrong, f"{door.name}: {len(wrong)} rows differ\n" + "\n".join(wrong) + f"\n{files['a.toml']}"

    agrees()


def test_the_rows_are_awkward() -> None:
    """Among the drawn rows of a plain rule are values on its lines, long ones, impossible counts, symbols and NaN."""
    rule = 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"'
    table = Table("plain", {"k": rule}, ())
    cells = [row.cells for row in drawn_rows(book_of_table(table), seed=1, each=400)]

    assert isinstance(book_of_table(table), ragengine.Rulebook)
    values = {each.get("value") for each in cells if not _is_nan(each.get("value"))}
    assert {"57", "c", "NaN", "", "0.57"} <= values
    assert any(isinstance(value, str) and len(value) > 22 for value in values)
    assert any(_is_nan(each.get("value")) for each in cells)
    assert any((each.get("numerator"), each.get("excluded")) == ("8", "10") for each in cells)
