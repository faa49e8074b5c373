"""Look-ups that are put in words to Spark: the same rows as of any other engine, whatever stands in names and texts."""

from __future__ import annotations

from typing import Any

import pytest

import ragengine
from ragengine import frames
from ragengine.frames.small_table import SmallTable
from ragengine.frames.spark_plans import spark_look_up

from .engines import ENGINES, spark_session

#: texts that mean something else in one of the ways in which a session of Spark reads texts
ODD = ["it's", 'a "b"', "back\\slash", "two\nlines", "`tick`", "é ≥ 5", "${x}"]

EDITION = """it's "1\\2\""""
BOOK = f"[book]\ntitle = 'B'\nedition = '''{EDITION}'''\nmissing = 'grey'\n"
RULE = 'title = "T"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'


@pytest.fixture(scope="module")
def session() -> Any:
    engine = next(engine for engine in ENGINES if engine.name == "pyspark")
    if engine.lacks:
        pytest.skip(engine.lacks)
    return spark_session()


def _rows(frame: Any) -> list[dict[str, Any]]:
    return sorted((row.asDict() for row in frame.collect()), key=lambda row: row["n"])


def test_a_text_that_the_table_lacks_finds_its_last_row(session: Any) -> None:
    """Texts, floats, whole numbers and nothing come out as they stand in the table; of any other text, its last row."""
    table = SmallTable.of(
        {"whole": [1, 2, 3], "float": [0.1, float("inf"), float("-inf")], "none": [1.5, None, None]},
        {"text": ["one", None, ODD[2]]},
        keys=["a", "b"],
        number="row",
    )
    frame = session.createDataFrame([(0, "a"), (1, "b"), (2, "c"), (3, None)], "n int, who string")

    found = _rows(spark_look_up(frame, "who", table))

    columns = ("whole", "float", "none", "text", "row")
    other = (3, float("-inf"), None, ODD[2], 2)
    expected = [(1, 0.1, 1.5, "one", 0), (2, float("inf"), None, ODD[2], 1), other, other]
    assert expected == [tuple(row[name] for name in columns) for row in found]


@pytest.mark.parametrize("other", ODD)
def test_any_text_is_found_and_given_back(session: Any, other: str) -> None:
    """Quotes, backslashes and line ends in a table's texts mean themselves."""
    table = SmallTable.of({}, {"text": [*ODD, other]}, keys=ODD)
    frame = session.createDataFrame([*enumerate(ODD), (len(ODD), "none of them")], "n int, who string")

    found = _rows(spark_look_up(frame, "who", table))

    assert [*ODD, other] == [row["text"] for row in found]


def test_a_number_without_a_row_finds_nothing(session: Any) -> None:
    """A table by number gives null for a number that it lacks, and for none."""
    table = SmallTable.of({"float": [0.5, None]}, {"text": ["zero", "one"]})
    frame = session.createDataFrame([(0, 0), (1, 1), (2, 2), (3, -1), (4, None)], "n int, place int")

    found = _rows(spark_look_up(frame, "place", table))

    expected = [(0.5, "zero"), (None, "one"), (None, None), (None, None), (None, None)]
    assert expected == [(row["float"], row["text"]) for row in found]


@pytest.mark.parametrize("more", ["", "\x1f", "\x1e"])
def test_texts_by_number_stand_in_the_plan(session: Any, more: str) -> None:
    """Any text, an empty one and none come back by their number, of another number nothing; no table is joined."""
    texts = [*ODD, "", None, f"a{more}b"]
    table = SmallTable.of({}, {"text": texts, "same": ["x"] * len(texts)})
    places = [*range(len(texts)), len(texts), -1, None]
    frame = session.createDataFrame([*enumerate(places)], "n int, place int")
    made = spark_look_up(frame, "place", table)

    assert [*texts, None, None, None] == [row["text"] for row in _rows(made)]
    assert [*("x" for _ in texts), None, None, None] == [row["same"] for row in _rows(made)]
    assert ("Join" in made._jdf.queryExecution().toString()) is bool(more)


def test_a_table_is_sent_once_for_each_column_that_looks_it_up(session: Any) -> None:
    """The same table looked up by two columns, and by the first one again, gives each its own rows."""
    table = SmallTable.of({"x": [1, 2, 0]}, keys=["a", "b"])
    frame = session.createDataFrame([(0, "a", "b"), (1, "b", "c")], "n int, one string, other string")

    found = [[row["x"] for row in _rows(spark_look_up(frame, key, table))] for key in ("one", "other", "one")]

    assert [[1, 2], [2, 0], [1, 2]] == found


def test_columns_of_any_name_come_back(session: Any) -> None:
    """Dots, backticks and spaces in the names of a frame's own columns, and texts of the book, come back as they are."""
    book = ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\n{RULE}'})
    names = ["n", "kpi", "value", "my.column", "a `b`", "c d"]
    rows = [(0, "a.k", 89.9, 1, 2, 3), (1, "a.k", None, 4, 5, 6), (2, "a.x", 90.0, 7, 8, 9)]
    frame = session.createDataFrame(rows, "n int, kpi string, value double, p int, q int, r int").toDF(*names)

    found = frames.rate(frame, book)

    assert [*names, *frames.OUTPUT] == found.columns
    assert rows == [tuple(row[name] for name in names) for row in _rows(found)]
    assert ["amber", "grey", "grey"] == [row["rag"] for row in _rows(found)]
    assert [EDITION] * 3 == [row["edition"] for row in _rows(found)]
