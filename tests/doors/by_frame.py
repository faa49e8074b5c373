"""The doors of frames: one frame for each kind of column, for every engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ragengine import frames
from ragengine.data.model import Override
from ragengine.errors import CannotRate

from ..frames.engines import ENGINES, ORDER, Engine
from .by_file import file_rows
from .door import INTERVALS, Answer, Answers, Door, Exempt, book_of, by_kind, columns_of, numbers_of
from .row import Expected, Given, Table

__all__ = ["DOORS", "LAZY", "arrow_table"]

#: places that an engine's decimals keep for certain
_PLACES = 15


def arrow_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Any:
    """Rows as an Arrow table, each column of the one type that its cells have."""
    import pyarrow as pa

    return pa.table({name: _array([row.get(name) for row in rows]) for name in columns})


def _array(cells: Sequence[Any]) -> Any:
    import pyarrow as pa

    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {Decimal}:
        places = max(_places(cell) for cell in cells if cell is not None)
        return pa.array(cells, pa.decimal128(38, _PLACES if places <= _PLACES else 35))
    known = {str: pa.string(), float: pa.float64(), bool: pa.bool_(), date: pa.date32(), datetime: pa.timestamp("us"),
             int: pa.int64()}  # fmt: skip
    kind = next(iter(kinds)) if len(kinds) == 1 else str
    return pa.array(cells, known[kind], from_pandas=False)


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


def _overrides(table: Table) -> list[Override]:
    made = []
    for each in table.overrides:
        effect = next(name for name in ("rag", "no_better_than", "no_worse_than") if name in each)
        start, until = date.fromisoformat(each["from"]), date.fromisoformat(each["until"])
        subject, entity = f"a.{each['subject']}", each.get("entity")
        made.append(Override(subject, effect, each[effect], start, until, "Judged", "Board", entity))
    return made


def _rate(engine: Engine) -> Callable[[Table, Sequence[Given]], Answers]:
    def rate(table: Table, givens: Sequence[Given]) -> Answers:
        made: dict[int, Answer] = {}
        for part, group in _parts(engine, table, givens):
            made |= _all_answers(engine, part, group)
        return made

    return rate


def _refused(given: Given, error: CannotRate) -> Answer:
    """A rule that a lazy engine leaves out by name: its target is made from other rows, or it compares an interval."""
    known = error.why[given.subject].startswith(("its target is made from other rows", INTERVALS))
    return Answer(fault="", refused=True) if known else Answer.broken(error)


def _all_answers(engine: Engine, table: Table, group: Sequence[Given]) -> dict[int, Answer]:
    """Of every row; those of rules that a lazy engine refuses by name are told so, and the others are rated."""
    try:
        return dict(_answers(engine, table, group))
    except CannotRate as error:
        refused = {given.number: _refused(given, error) for given in group if given.subject in error.why}
        left = [given for given in group if given.number not in refused]
        return refused | (_all_answers(engine, table.only({given.row.rule for given in left}), left) if left else {})
    except Exception as error:
        return dict.fromkeys((given.number for given in group), Answer.broken(error))


def _parts(engine: Engine, table: Table, givens: Sequence[Given]) -> Iterator[tuple[Table, list[Given]]]:
    """The frames: one for each kind of column, and one of Python objects for all.

    Engines that plan a query plan few rules sooner than many: theirs is one for each part of the table too.
    """
    groups = {"": list(givens)} if engine.name == "pandas-objects" else by_kind(givens)
    for group in groups.values():
        if not engine.is_lazy or engine.name == "polars-lazy" or table.written is not None:
            yield table, group
            continue
        kinds: dict[str, list[Given]] = defaultdict(list)
        for given in group:
            kinds[given.row.kind].append(given)
        for part in kinds.values():
            yield table.only({given.row.rule for given in part}), part


def _answers(engine: Engine, table: Table, group: Sequence[Given]) -> Iterator[tuple[int, Answer]]:
    if table.actions:
        columns = ["action", "as_at", *columns_of(group)]
        rows = [{"action": given.subject, "as_at": given.row.period, **given.cells} for given in group]
        numbers = [given.number for given in group]
    else:
        columns = ["kpi", "period", "entity", *columns_of(group)]
        rows = list(file_rows(group))
        numbers = [int(row["note"] or -1) for row in rows]
    frame = _frame(engine, rows, columns)
    if table.actions:
        rated = frames.rate_actions(frame, book_of(table), suffix="_")
    else:
        rated = frames.rate(frame, book_of(table), overrides=_overrides(table), suffix="_")
    for number, row in zip(numbers, engine.back(rated), strict=True):
        if number >= 0:
            yield number, Answer.of_row(row, "_")


def _frame(engine: Engine, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Any:
    if engine.name == "pandas-objects":
        import pandas as pd

        made = {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in columns}
        return pd.DataFrame(made | {ORDER: range(len(rows))})
    if rows and type(rows[0].get("period")).__name__ == "Period":
        import pandas as pd

        return pd.DataFrame([{name: row.get(name) for name in columns} | {ORDER: n} for n, row in enumerate(rows)])
    table = arrow_table([{**row, ORDER: n} for n, row in enumerate(rows)], [*columns, ORDER])
    return engine.of_arrow(table)


def _is_long(given: Given) -> bool:
    """Whether a number has more digits than an engine's decimals keep."""
    cells = [cell for cell in numbers_of(given) if isinstance(cell, str | Decimal)]
    texts = [f"{cell:f}" if isinstance(cell, Decimal) else cell.strip(" \t\u00a0%") for cell in cells]
    return any(len(text.partition(".")[2]) > _PLACES for text in texts if "e" not in text.casefold())


#: DESIGN 5, for engines that are lazy
LAZY = (
    Exempt(
        "lazy frames and SQL: what has more digits than the engine's decimals keep is grey: invalid, never rounded",
        _is_long,
        lambda _, given: Expected.grey("invalid"),
    ),
    Exempt(
        "lazy frames and SQL: a length of time with colons is grey: invalid",
        lambda given: isinstance(given.cells.get("value"), str) and ":" in given.cells["value"],
        lambda _, given: Expected.grey("invalid"),
    ),
)
_ADDED_UP = Exempt(
    "lazy frames: what is computed over floats and within 2^-44 of a line is on it, a line that moves with the target too",
    lambda given: given.row.on_the_line is not None,
    lambda _, given: given.row.on_the_line or given.row.expected,
)
_NAN = Exempt(
    "NaN means missing in a pandas frame, under Dask too",
    lambda given: given.row.as_missing is not None,
    lambda _, given: given.row.as_missing or given.row.expected,
    only=True,
)


def _carries(engine: Engine) -> Callable[[Given], bool]:
    def carries(given: Given) -> bool:
        if any(isinstance(cell, list | dict | frozenset) for cell in given.cells.values()):
            return False
        if any(isinstance(cell, Decimal) and not cell.is_finite() for cell in numbers_of(given)):
            return False
        return given.kind != "object" or engine.name == "pandas-objects"

    return carries


def _door(engine: Engine) -> Door:
    exempt = (*((*LAZY, _ADDED_UP) if engine.is_lazy else ()), *((_NAN,) if engine.nan_is_nothing else ()))
    return Door(
        f"frame {engine.name}",
        _carries(engine),
        _rate(engine),
        exempt,
        Fraction(1, 10**9),
        engine.lacks,
        takes_pandas=engine.name in ("pandas", "pandas-objects"),
    )


_NAMES = ("polars", "polars-lazy", "pandas", "pandas-objects", "pandas-nullable", "pandas-arrow", "pyarrow", "duckdb",
          "dask", "pyspark")  # fmt: skip
DOORS = tuple(_door(engine) for engine in ENGINES if engine.name in _NAMES)
