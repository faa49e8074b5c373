"""What holds of every rated frame: its rows, its columns, its kind; and what is not computed before it is asked for."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

import pytest

import ragengine
from ragengine import frames
from ragengine.errors import BadArgument

from .drawn import TYPES, rows_around
from .engines import Engine
from .every_rule import by_look_ups

pl = pytest.importorskip("polars")

RULES = {
    "book.toml": '[book]\ntitle = "Plan"\nedition = "2020-21"\nmissing = "grey"\n',
    "a.toml": """[area]
title = "A"
[kpi.k]
title = "K"
unit = "%"
direction = "higher"
target = { 2019-04-01 = 85, 2020-04-01 = 90 }
tolerance = "10 pp"
[kpi.undated]
title = "U"
unit = "%"
direction = "lower"
target = 5
tolerance = "2 pp"
""",
}
ROWS: list[dict[str, Any]] = [
    {"kpi": "a.k", "period": "2020-03", "value": 85.0, "note": "x", "value_text": "85"},
    {"kpi": "a.undated", "period": "2020-04", "value": 6.5, "note": None, "value_text": "6.5"},
    {"kpi": "a.k", "period": "2020-04", "value": 85.0, "note": "y", "value_text": "85"},
    {"kpi": "nobody's", "period": "2020-04", "value": 85.0, "note": "z", "value_text": "85"},
]
KINDS = {"kpi": "string", "period": "string", "value": "number", "note": "string", "value_text": "string"}


@pytest.fixture(scope="module")
def book() -> ragengine.Rulebook:
    return ragengine.load(RULES)


def test_it_is_the_same_kind_of_frame(engine: Engine, book: ragengine.Rulebook) -> None:
    """What goes in comes out, with the given columns first and as they were, then those that are added."""
    frame = engine.make(ROWS, KINDS)
    rated = frames.rate(frame, book)

    assert type(rated) is type(frame)
    assert [*KINDS, "n", *frames.OUTPUT] == list(_names(rated))
    got = engine.back(rated)
    assert ROWS == [{name: row[name] for name in KINDS} for row in got]
    assert ["green", "amber", "amber", "grey"] == [row["rag"] for row in got]


def _names(frame: Any) -> Any:
    schema = getattr(frame, "collect_schema", None)
    if schema is not None:
        return schema().names()
    return getattr(frame, "column_names", None) or frame.columns


def test_eager_frames_keep_the_order_of_their_rows(fast: Engine, book: ragengine.Rulebook) -> None:
    """A row stands where it stood, with history too; and a pandas frame keeps its index."""
    if fast.is_lazy and not fast.name.startswith("polars"):
        pytest.skip("this engine keeps no order")
    rows = ROWS * 50
    got = fast.rows(frames.rate(fast.make(rows, KINDS), book, history=True))

    assert list(range(len(rows))) == [row["n"] for row in got]
    assert [row["kpi"] for row in rows] == [str(row["kpi"]) for row in got]


def test_pandas_keeps_its_index(book: ragengine.Rulebook) -> None:
    """Labels of rows are not numbers of rows, and may stand twice."""
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(ROWS, index=["d", "a", "a", "c"])
    rated = frames.rate(frame, book, history=True)

    assert ["d", "a", "a", "c"] == list(rated.index)
    assert ["green", "amber", "amber", "grey"] == list(rated["rag"])


def test_columns_and_suffix(plain: Engine, book: ragengine.Rulebook) -> None:
    """Only the columns that are asked for are added, under names that end as is asked."""
    rated = frames.rate(plain.make(ROWS, KINDS), book, columns=("rag", "shortfall"), suffix="_now", history=True)

    assert [*KINDS, "n", "rag_now", "shortfall_now", "previous_now", "movement_now"] == list(_names(rated))
    assert [0.0, 1.5, 5.0, None] == [row["shortfall_now"] for row in plain.back(rated)]


def test_columns_that_stand_there_already(book: ragengine.Rulebook) -> None:
    """A column is never overwritten unless it is the target, which is then the one in force."""
    frame = pl.DataFrame({"kpi": ["a.k"], "period": ["2020-04"], "value": [95], "rag": ["mine"], "target": [70.0]})

    with pytest.raises(BadArgument, match="columns of these names already"):
        frames.rate(frame, book)
    rated = frames.rate(frame, book, suffix="_").row(0, named=True)
    assert (rated["rag"], rated["rag_"], rated["target"], rated["target_"]) == ("mine", "green", 70.0, 90.0)


@pytest.mark.parametrize("count", [0, 1])
def test_frames_of_no_row_and_of_one(engine: Engine, book: ragengine.Rulebook, count: int) -> None:
    """Nothing is special about them; they have every column."""
    rated = frames.rate(engine.make(ROWS[:count], KINDS), book, history=True)

    assert [*KINDS, "n", *frames.OUTPUT, "previous", "movement"] == list(_names(rated))
    assert ["green"] * count == [row["rag"] for row in engine.back(rated)]


def test_a_book_without_kpis(plain: Engine) -> None:
    """Every row is of a KPI that nobody knows."""
    empty = ragengine.load({"book.toml": RULES["book.toml"], "a.toml": '[area]\ntitle = "A"\n'})
    got = plain.back(frames.rate(plain.make(ROWS, KINDS), empty, history=True))

    assert [("grey", "invalid", None)] * 4 == [(row["rag"], row["reason"], row["rule"]) for row in got]


class Collected(Exception):
    """A lazy frame was collected."""


def _never(frame: Any) -> Any:
    """A lazy frame whose collection raises."""

    def fail(batch: Any) -> Any:
        raise Collected

    return frame.lazy().map_batches(fail, schema=frame.schema, validate_output_schema=False)


def test_lazy_frames_stay_lazy_where_the_periods_are_given(book: ragengine.Rulebook) -> None:
    """Not a row is read until somebody collects; without the periods their column is read, and no other."""
    frame = pl.DataFrame(ROWS)
    rated = frames.rate(_never(frame), book, history=True, periods=["2020-03", "2020-04"])

    assert isinstance(rated, pl.LazyFrame)
    with pytest.raises(Collected):
        rated.collect()
    with pytest.raises(Collected):
        frames.rate(_never(frame), book)
    by_given = frames.rate(frame.lazy(), book, history=True, periods=["2020-03", "2020-04"]).collect()
    assert by_given.equals(frames.rate(frame, book, history=True))


def test_a_period_that_was_not_given_is_not_rated(book: ragengine.Rulebook) -> None:
    """Periods that are given are all that there are: a row of another is invalid, never guessed."""
    rated = frames.rate(pl.DataFrame(ROWS), book, periods=["2020-03"])

    assert ["green", "grey", "grey", "grey"] == rated["rag"].to_list()


def test_dates_and_times_as_periods(fast: Engine, book: ragengine.Rulebook) -> None:
    """A date is its day, and so is any time of it: two times of one day make no row twice."""
    days = [date(2020, 3, 31), date(2020, 4, 1), date(2020, 4, 1), None]
    times = [datetime(2020, 3, 31, 9), datetime(2020, 4, 1, 9), datetime(2020, 4, 1, 17), None]
    for kind, periods in (("date", days), ("datetime", times)):
        rows = [{"kpi": "a.k", "period": period, "value": 86.0} for period in periods]
        rows.append({"kpi": "a.undated", "period": None, "value": 6.0})
        types = {"kpi": "string", "period": kind, "value": "number"}
        got = fast.back(frames.rate(fast.make(rows, types), book, history=True))

        assert ["green", "amber", "amber", "grey", "amber"] == [row["rag"] for row in got], kind
        assert "invalid" == got[3]["reason"]


def test_a_column_of_nothing(plain: Engine, book: ragengine.Rulebook) -> None:
    """Engines give a column that has no value a type of its own: it is no data, not a fault."""
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"kpi": ["a.undated"] * 2, "period": pa.nulls(2), "value": pa.nulls(2), "n": [0, 1]})
    got = plain.back(frames.rate(plain.of_arrow(table), book, history=True))

    assert [("grey", "no data")] * 2 == [(row["rag"], row["reason"]) for row in got]


def test_a_million_rows_take_no_loop() -> None:
    """Nothing is done row by row in Python: the functions called do not grow with the rows."""
    book = by_look_ups("higher", "dated", "from-data", "words", "formula", "when-5")
    rows = rows_around(book, seed=5, each=9)
    few = pl.DataFrame(rows, schema=dict.fromkeys(TYPES, pl.String))
    many = pl.concat([few] * (1_000_000 // len(few) + 1))
    frames.rate(few, book)

    assert _calls(many, book) <= _calls(few, book) * 1.2


def _calls(frame: Any, book: ragengine.Rulebook) -> int:
    import cProfile
    import pstats

    profile = cProfile.Profile(timer=time.process_time)
    profile.enable()
    frames.rate(frame, book, columns=("rag",), periods=[])
    profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]
