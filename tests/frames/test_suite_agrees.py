"""The language-neutral suite through every kind of frame: its cases as rows, as texts and as numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine.number import NumberError, exact
from ragengine.workbench.testing.case_runner import all_cases

from .drawn import TYPES
from .engines import FAST, Engine, Row
from .test_every_rule_agrees import compared

SUITE = Path(__file__).resolve().parent.parent / "suite"
_FIELDS = ("value", "numerator", "denominator", "target", "excluded")


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _rows(book: ragengine.Rulebook) -> list[Row]:
    """A row for each case about a KPI and for each period of its history; cases are kept apart by their entity."""
    rows: list[Row] = []
    inputs = {name for kpi in book.rules.kpis.values() for name in kpi.inputs}
    for number, case in enumerate(all_cases(book.rules)):
        if "kpi" not in case.fields or "rules" in case.fields:
            continue
        kpi = case.fields["kpi"]
        for fields in (*case.fields.get("history", ()), case.fields):
            evidence = fields.get("evidence")
            row: dict[str, Any] = {name: _text(fields.get(name)) for name in (*_FIELDS, *sorted(inputs))}
            entity = fields.get("entity") or case.fields.get("entity") or f"case {number}"
            row |= {"kpi": kpi, "period": _text(fields.get("period")), "entity": entity}
            row |= {"evidence": "recorded" if evidence is True else (evidence or ""), "case": case.name}
            rows.append(row | {"causes": "; ".join(fields.get("causes", ()))})
    return rows


def _books() -> dict[str, tuple[ragengine.Rulebook, list[Row]]]:
    made = {folder.name: ragengine.load(folder) for folder in sorted(SUITE.iterdir()) if folder.is_dir()}
    books = {name: (book, _rows(book)) for name, book in made.items()}
    return {name: (book, rows) for name, (book, rows) in books.items() if rows}


BOOKS = _books()
#: the folders through which the engines and types go that the others differ little from
_TELLING = ("boundaries", "dates", "havering-2014", "states")


def _pairs(names: tuple[str, ...], folders: tuple[str, ...]) -> list[Any]:
    engines = [engine for engine in FAST if engine.name in names]
    return [
        pytest.param(
            each, folder, id=f"{each.name}-{folder}", marks=pytest.mark.skipif(bool(each.lacks), reason=each.lacks)
        )
        for each in engines
        for folder in folders
    ]


_THROUGH_ALL = ("polars", "pandas", "pyarrow", "duckdb")
_OTHERS = tuple(engine.name for engine in FAST if engine.name not in _THROUGH_ALL)


@pytest.mark.parametrize(("engine", "folder"), _pairs(_THROUGH_ALL, tuple(BOOKS)) + _pairs(_OTHERS, _TELLING))
def test_every_case_as_texts(engine: Engine, folder: str) -> None:
    """Each case and the periods of its history are rated in a frame as they are one by one."""
    book, rows = BOOKS[folder]
    types = dict.fromkeys({name for row in rows for name in row}, "string")

    assert [] == compared(engine, book, rows, types)


@pytest.mark.parametrize(("engine", "folder"), _pairs(("polars", "pandas", "pyarrow"), tuple(BOOKS)))
def test_every_case_as_numbers(engine: Engine, folder: str) -> None:
    """The cases whose cells are all numbers, as columns of numbers."""
    book, rows = BOOKS[folder]
    numbers = {name for row in rows for name in row} - (TYPES.keys() - set(_FIELDS)) - {"case"}
    plain = [made for row in rows if (made := _as_numbers(row, numbers)) is not None]
    types = dict.fromkeys({name for row in rows for name in row}, "string") | dict.fromkeys(numbers, "number")
    if not plain:
        pytest.skip("no case has only numbers")

    assert [] == compared(engine, book, plain, types)


def _as_numbers(row: Row, names: set[str]) -> Row | None:
    try:
        return {**row, **{name: None if row[name] in (None, "") else float(exact(row[name])) for name in names}}
    except NumberError:
        return None
