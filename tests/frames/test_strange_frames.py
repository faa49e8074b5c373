"""Frames that nobody meant to give: each is rated, or refused with the argument and the column by name."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import ragengine
from ragengine import BadArgument, RagError, frames

duckdb = pytest.importorskip("duckdb")

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "{missing}"\n'
AREA = """\
[area]
title = "A"
[action.x]
title = "X"
due   = 2020-07-31
[kpi.k]
title     = "K"
unit      = "%"
direction = "higher"
target    = {{ 2020-01-01 = 90 }}
tolerance = "10 pp"
{more}
[kpi.f]
title     = "F"
direction = "higher"
target    = 90
tolerance = 0
inputs    = ["seen"]
formula   = "seen"
"""
MORE = """\
persistence       = 2
requires_evidence = true
grace = [{ from = 2020-01-01, until = 2020-12-31, no_worse_than = "amber", reason = "R", authority = "A", when = '"covid" in causes' }]
"""
BOOKS = {
    "plain": ragengine.load({"book.toml": BOOK.format(missing="grey"), "a.toml": AREA.format(more="")}),
    "looks back": ragengine.load({"book.toml": BOOK.format(missing="carry forward"), "a.toml": AREA.format(more=MORE)}),
}
COLUMNS = ("kpi", "period", "value", "numerator", "denominator", "target", "entity", "causes", "evidence", "seen", "zz")
NUMBERS: dict[str, list[Any]] = {"kpi": ["a.k"] * 4, "period": ["2020-07"] * 4, "value": [95.0] * 4}
CELLS: dict[str, list[Any]] = {
    "mixed": [1, "x", [1], {"a": object()}],
    "scalars of every type": [b"q", date(2020, 7, 1), Decimal("3"), 10**30],
    "pandas nothings": [pd.NA, pd.NaT, float("nan"), None],
    "lists": [[1], [], None, [2]],
    "structures": [{"a": 1}, None, {"a": 2}, {"a": 3}],
    "bytes": [b"a.k"] * 4,
    "days": [date(2020, 7, 1)] * 4,
    "times": [datetime(2020, 7, 1, 5)] * 4,
    "lengths of time": [timedelta(1)] * 4,
    "yes and no": [True, None, False, True],
    "whole numbers": [5, 0, -1, None],
    "huge integers": [2**62] * 4,
    "decimals": [Decimal("1.5")] * 4,
    "nothing": [None] * 4,
    "complex": [1j] * 4,
    "texts": ["\x00", "x" * 5000, "1e999", "٣"],
}


def _made(make: Callable[[], Any]) -> Iterator[Any]:
    """A frame of these cells, where the library itself takes them."""
    try:
        yield make()
    except (pl.exceptions.PolarsError, pa.ArrowException, TypeError, ValueError, OverflowError):
        return


def strange(column: str, cells: list[Any]) -> Iterator[tuple[str, Any]]:
    """A good frame with these cells in one column, in every kind of frame that can hold them."""
    columns = {**NUMBERS, column: cells}
    objects = {name: pd.Series(own, dtype=object) if name == column else own for name, own in columns.items()}
    for frame in _made(lambda: pd.DataFrame(objects)):
        yield "pandas objects", frame
    for frame in _made(lambda: pd.DataFrame(columns)):
        yield "pandas", frame
    for frame in _made(lambda: pl.DataFrame(columns, strict=False)):
        yield "polars", frame
        yield "polars lazy", frame.lazy()
    for frame in _made(lambda: pl.DataFrame({**NUMBERS, column: pl.Series(column, cells, pl.Object)})):
        yield "polars objects", frame
    for table in _made(lambda: pa.table(columns)):
        yield "pyarrow", table
        yield "duckdb", duckdb.from_arrow(table)
        for frame in _made(lambda: table.to_pandas(types_mapper=pd.ArrowDtype)):  # noqa: B023  # asked at once
            yield "pandas of arrow", frame


def _ran(result: Any) -> None:
    if isinstance(result, pl.LazyFrame):
        result.collect()
    elif isinstance(result, duckdb.DuckDBPyRelation):
        result.fetchall()


def _calls(frame: Any, book: ragengine.Rulebook) -> Iterator[Callable[[], Any]]:
    """Every public function that takes a frame, in every argument that takes one."""
    good = pd.DataFrame(NUMBERS).head(1)
    yield lambda: frames.rate(frame, book)
    yield lambda: frames.rate(frame, book, history=True)
    yield lambda: frames.roll_up(frame, book)
    yield lambda: frames.roll_up(frames.rate(frame, book), book)
    yield lambda: frames.roll_up(frames.rate(good, book), book, actions=frame)
    yield lambda: frames.rate_actions(frame, book, as_at="2020-07-31")
    yield lambda: frames.rate_actions(frame, book)
    yield lambda: frames.explain(frame, book)
    yield lambda: frames.explain({"kpi": "a.k", "period": "2020-07", "value": 5}, book, history=frame)
    yield lambda: book.score(frames.data(frame), "2020-07").to_json()
    yield lambda: book.score(frames.data(actions=frame), "2020-07").to_json()


def _meets_only_rag_errors(call: Callable[[], Any]) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _ran(call())
    except RagError as wrong:
        told = str(wrong)
        assert told


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("column", COLUMNS)
def test_a_strange_column_is_rated_or_refused(column: str, name: str) -> None:
    """Cells of any type in any column of any frame give levels, or an exception under RagError that prints."""
    for cells in random.Random(f"{column} {name}").sample(list(CELLS.values()), 2):
        for _, frame in strange(column, cells):
            for history in (False, name == "looks back"):
                _meets_only_rag_errors(lambda: frames.rate(frame, BOOKS[name], history=history))  # noqa: B023


@pytest.mark.parametrize("name", BOOKS)
def test_every_function_takes_a_strange_frame_or_refuses_it(name: str) -> None:
    """So does every other function and argument, by a sample of the same frames and by actions of the same kinds."""
    every = [(column, cells) for column in (*COLUMNS, "action", "as_at", "status", "rag") for cells in CELLS.values()]
    for column, cells in random.Random(7).sample(every, 2):
        for _, frame in strange(column, cells):
            for call in _calls(frame, BOOKS[name]):
                _meets_only_rag_errors(call)


NO_FRAMES: dict[str, Any] = {
    "nothing": None,
    "a text": "frame",
    "a list": [1],
    "a mapping": {"kpi": ["a.k"]},
    "a series": pd.Series([1]),
    "a Polars series": pl.Series([1]),
    "an empty frame": pd.DataFrame(),
    "an empty Polars frame": pl.DataFrame(),
    "no rows": pd.DataFrame({"kpi": [], "period": [], "value": []}),
    "a column named by a number": pd.DataFrame({**NUMBERS, 5: 1}),
    "a column named by a pair": pd.DataFrame({**NUMBERS, ("a", "b"): 1}),
    "a column without a name": pd.DataFrame({**NUMBERS, None: 1}),
    "columns in two storeys": pd.DataFrame([["a.k"]], columns=pd.MultiIndex.from_tuples([("kpi", "x")])),
    "two columns of one name": pd.DataFrame([["a.k", "2020-07", 1, 2]], columns=["kpi", "period", "value", "value"]),
    "two of Arrow": pa.table([["a.k"], ["2020-07"], [1], [2]], names=["kpi", "period", "value", "value"]),
    "a plan that fails": pl.LazyFrame(NUMBERS).with_columns(pl.col("nowhere")),
    "no value": pl.DataFrame({"kpi": ["a.k"], "period": ["2020-07"]}),
    "nothing but nulls": pa.table({"kpi": pa.nulls(2), "period": pa.nulls(2), "value": pa.nulls(2)}),
}


@pytest.mark.parametrize("given", NO_FRAMES)
def test_what_is_hardly_a_frame_is_told(given: str) -> None:
    """Through every function: what is no frame, has no columns, has one named by a number, or two of one name."""
    for book in BOOKS.values():
        for call in _calls(NO_FRAMES[given], book):
            _meets_only_rag_errors(call)


@pytest.mark.parametrize(
    ("frame", "given", "wanted"),
    [
        (NO_FRAMES["a list"], "list", "give a frame of Polars"),
        (NO_FRAMES["a column named by a number"], "5", "the name of a column is a text"),
        (NO_FRAMES["two columns of one name"], "value", "two columns have this name"),
        (NO_FRAMES["two of Arrow"], "value", "two columns have this name"),
        (pl.DataFrame({**NUMBERS, "value": [[1]] * 4}), "value (List(Int64))", "cast the column to texts or numbers"),
        (pa.table({**NUMBERS, "kpi": [1, 2, 3, 4]}), "kpi (Int64)", "ids are texts"),
        (pd.DataFrame({**NUMBERS, "period": [["2020-07"]] * 4}), "period (Object)", "periods are texts, dates"),
        (pl.DataFrame({**NUMBERS, "causes": [[1]] * 4}), "causes (List(Int64))", "causes are texts"),
    ],
)
def test_a_refusal_names_the_column_and_the_way_out(frame: Any, given: str, wanted: str) -> None:
    """The argument, the column with its type, and what would do stand in fields."""
    with pytest.raises(BadArgument) as told:
        frames.rate(frame, BOOKS["plain"])

    assert told.value.argument == "frame"
    assert str(told.value.given) == given and wanted in told.value.wanted


@pytest.mark.parametrize("function", [frames.rate, frames.rate_actions, frames.roll_up, frames.explain])
def test_arguments_given_the_wrong_way_round_are_told(function: Callable[..., Any]) -> None:
    """The frame stands first and the rulebook second."""
    with pytest.raises(BadArgument) as told:
        function(BOOKS["plain"], pl.DataFrame(NUMBERS))

    assert told.value.argument == "book" and told.value.given == "DataFrame"


def test_a_frame_without_values_has_no_data() -> None:
    """No value column at all is what ``missing`` says, in every row."""
    rated = frames.rate(NO_FRAMES["no value"], BOOKS["plain"])

    assert rated["reason"].to_list() == ["no data"]


def test_strange_cells_are_rated_beside_good_ones() -> None:
    """A pandas column of anything gives each good cell its level, and each other one grey: invalid."""
    cells = [95, "95%", [1], {"a": 1}, object(), b"95", 10**30, None]
    rated = frames.rate(pd.DataFrame({"kpi": "a.k", "period": "2020-07", "value": cells}), BOOKS["plain"])

    assert rated["rag"].tolist() == ["green", "green", *["grey"] * 6]
    assert rated["reason"].astype(object).tolist()[2:] == [*["invalid"] * 5, "no data"]


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/London"])
@pytest.mark.parametrize("unit", ["s", "us", "ns"])
def test_times_of_pandas_are_days_beside_dated_rules(unit: str, zone: str | None) -> None:
    """A column of Timestamps of any unit and zone is judged by its days, at the first and the last hour of an era."""
    times = pd.to_datetime(["2019-12-31 23:59", "2020-01-01 00:00", "2020-01-31 23:59"]).as_unit(unit)
    frame = pd.DataFrame({"kpi": "a.k", "period": times.tz_localize(zone), "value": 95.0})

    assert frames.rate(frame, BOOKS["plain"])["rag"].tolist() == ["grey", "green", "green"]


def test_rows_of_rules_that_look_back_may_be_missing() -> None:
    """A history is asked for though no row has a KPI whose rule looks back."""
    frame = pl.DataFrame({"kpi": ["a.f"], "period": ["2020-07"], "value": [1.0], "seen": [95.0]})
    rated = frames.rate(frame, BOOKS["looks back"], history=True)

    assert rated["rag"].to_list() == ["green"] and rated["previous"].to_list() == [None]
