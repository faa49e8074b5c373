"""Any row of a frame can be explained as one measurement is, and never as something else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.data.model import Override

frames = pytest.importorskip("ragengine.frames", reason="frames need narwhals")

BOOK = """
[book]
title = "Plan"
edition = "2020-21"
missing = "grey"
[grace.covid]
from = 2020-05-01
until = 2020-06-30
no_worse_than = "amber"
when = "'covid' in causes"
reason = "Visits suspended"
authority = "Board"
[rollup]
method = "worst"
"""
RULES = """
[area]
title = "Help"
[kpi.seen]
title = "Children seen"
unit = "%"
direction = "higher"
target = { 2019-04-01 = 85, 2020-06-01 = 90 }
tolerance = "10 pp"
grace = ["covid"]
requires_evidence = true
[kpi.seen.entities."E1"]
target = 70
[kpi.carried]
title = "Carried forward"
unit = "days"
direction = "lower"
target = 10
tolerance = 2
missing = "carry forward"
max_age = "2 months"
[kpi.own]
title = "Own target"
unit = "children"
direction = "higher"
target = "from data"
tolerance = 5
[action.train]
title = "Train everybody"
due = "2020-07-31"
"""
SLOW = """
[kpi.slow]
title = "Slow to worsen"
unit = "days"
direction = "lower"
target = 10
tolerance = 2
persistence = 2
"""
COLUMNS = dict.fromkeys(
    ("kpi", "period", "entity", "value", "numerator", "denominator", "target", "evidence", "causes"), "text"
)
LEVELS = ("rag", "adjusted", "computed", "reason")


def book(more: str = "") -> ragengine.Rulebook:
    """The rules above; those that look at levels of earlier periods only where a frame is eager."""
    return ragengine.load({"book.toml": BOOK, "help.toml": RULES + more})


def said(row: dict[str, Any]) -> tuple[str | None, ...]:
    """What a frame says of a row."""
    return tuple(row[name] for name in LEVELS)


def told(rating: ragengine.Rating) -> tuple[str | None, ...]:
    """The same of a rating."""
    return (str(rating.rag), str(rating.adjusted), str(rating.computed), str(rating.reason) if rating.reason else None)


def test_a_row_of_any_frame_is_explained(engine: Any) -> None:
    """A frame of one row, of any kind, gives the whole rating."""
    rows = [{"kpi": "help.seen", "period": "2020-07", "value": "84", "evidence": "audit"}]
    rated = frames.rate(engine.frame(rows, COLUMNS), book())
    rating = frames.explain(rated, book())

    assert rating.explain().startswith("Amber. Children seen (Help), July 2020: 84% against a target of at least 90%")
    assert rating.explanation.rag == "amber"


def test_rows_as_their_libraries_give_them(polars: Any) -> None:
    """A mapping, a pandas row and a named tuple are rows."""
    rows = [{"kpi": "help.carried", "period": "2020-07", "value": "13"}]
    rated = frames.rate(polars.frame(rows, COLUMNS), book())
    table = rated.to_pandas()

    given = [rated.row(0, named=True), table.iloc[0], next(table.itertuples(index=False))]
    assert [told(frames.explain(row, book())) for row in given] == [("red", "red", "red", None)] * 3


def test_history_is_the_frame_the_row_came_from(engine: Any) -> None:
    """With the whole frame as history a carried value and the level before are known; other rows are passed over."""
    rows = [
        {"kpi": "help.carried", "period": "2020-06", "value": "11"},
        {"kpi": "help.carried", "period": "2020-06", "value": "99", "entity": "E1"},
        {"kpi": "help.seen", "period": "2020-06", "value": "99"},
        {"kpi": "help.carried", "period": "2020-08", "value": "99"},
        {"kpi": "help.carried", "period": "2020-07"},
    ]
    frame = engine.frame(rows, COLUMNS)
    row = {"kpi": "help.carried", "period": "2020-07", "rag": "amber"}

    rating = frames.explain(row, book(), history=frame)
    assert (rating.value, str(rating.previous)) == (11, "amber")
    assert str(frames.explain(row, book(), history=rows).rag) == "amber"


def test_a_row_is_never_explained_as_something_else(polars: Any) -> None:
    """Where the history is missing, or the rules are other ones, the levels disagree and that is said."""
    row = {"kpi": "help.carried", "period": "2020-07", "value": None, "rag": "amber", "reason": None}

    with pytest.raises(
        ragengine.BadArgument, match=r"rag amber.*these rules and arguments give rag grey, reason no data"
    ):
        frames.explain(row, book())


def test_a_number_that_is_none_is_explained_as_its_engine_has_it(engine: Any) -> None:
    """NaN is a number that is none, invalid, where an engine tells it from nothing; in pandas it is nothing."""
    columns = {"kpi": "text", "period": "text", "value": "number"}
    rows = [{"kpi": "help.carried", "period": "2020-07", "value": float("nan")}]
    rated = frames.rate(engine.frame(rows, columns), book())
    reason = engine.rows(rated)[0]["reason"]

    assert reason == ("no data" if engine.name in ("pandas", "dask") else "invalid")
    assert str(frames.explain(rated, book()).reason) == reason


def test_what_was_judged_is_explained_with_the_judgement(polars: Any) -> None:
    """Overrides as they were given to rate, on the day given or the period's last."""
    judged = [Override("help.carried", "rag", "green", date(2020, 7, 1), date(2020, 7, 31), "Seen", "Board")]
    rows = [{"kpi": "help.carried", "period": "2020-07", "value": "13"}]
    rated = frames.rate(polars.frame(rows, COLUMNS), book(), overrides=judged)

    assert told(frames.explain(rated, book(), overrides=judged)) == ("green", "red", "red", None)
    assert "Board" in frames.explain(rated, book(), overrides=judged).explain()


def test_a_row_of_actions_is_explained(engine: Any) -> None:
    """What rate_actions gives back is explained by the action's rule."""
    rows = [{"action": "help.train", "as_at": "2020-08-14", "status": "in progress"}]
    rated = frames.rate_actions(engine.frame(rows, {"action": "text", "as_at": "text", "status": "text"}), book())
    rating = frames.explain(rated, book())

    assert (str(rating.rag), rating.days_late) == ("red", 14)
    assert "Train everybody" in rating.explain()


@pytest.mark.parametrize(
    ("row", "error", "message"),
    [
        ({"kpi": "help.sene", "period": "2020-07", "value": 1}, ragengine.UnknownId, "did you mean help.seen"),
        ({"kpi": "help.seen", "period": "soon", "value": 1}, ragengine.BadArgument, "this is no period"),
        ({"kpi": "help.seen", "value": 1}, ragengine.BadArgument, "is dated: say which period"),
        ({"kpi": "help.train"}, ragengine.BadArgument, "a column action"),
        ({"action": "help.train", "as_at": "soon"}, ragengine.BadArgument, "this is no day"),
        ({"action": "help.seen", "as_at": "2020-08-01"}, ragengine.BadArgument, "a KPI is no action"),
        ({"area": "help"}, ragengine.BadArgument, "has a kpi or an action"),
        (7, ragengine.BadArgument, "a mapping, or a frame of one row"),
    ],
)
def test_what_has_no_rating_is_said(row: Any, error: type[Exception], message: str) -> None:
    """A row of which no rating can be made raises, and says why."""
    with pytest.raises(error, match=message):
        frames.explain(row, book())


def test_one_row_at_a_time(polars: Any) -> None:
    """A frame of several rows, or of none, is not explained."""
    rows = [{"kpi": "help.seen", "period": "2020-07", "value": "84"}] * 2

    with pytest.raises(ragengine.BadArgument, match="more than one"):
        frames.explain(polars.frame(rows, COLUMNS), book())
    with pytest.raises(ragengine.BadArgument, match="none"):
        frames.explain(polars.frame([], COLUMNS), book())


KPIS = st.sampled_from(("help.seen", "help.carried", "help.slow", "help.own"))
PERIODS = st.sampled_from(("2020-04", "2020-05", "2020-06", "2020-07"))
CELLS = st.sampled_from(("80", "79.999", "85", "90", "10", "12", "12.001", "c", "", "nonsense", None))


@settings(max_examples=settings().max_examples // 20)
@given(
    st.dictionaries(
        st.tuples(KPIS, PERIODS, st.sampled_from((None, "E1"))),
        st.fixed_dictionaries(
            {"value": CELLS},
            optional={
                "target": st.sampled_from(("80", "15")),
                "evidence": st.sampled_from(("", "seen")),
                "causes": st.sampled_from(("", "covid")),
            },
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_row_is_explained_at_its_own_levels(
    polars: Any, given_rows: dict[tuple[str, str, str | None], Any]
) -> None:
    """Of any frame, the explained rating of any row has its final, adjusted and computed level and its reason."""
    rulebook = book(SLOW)
    rows = [
        {"kpi": kpi, "period": period, "entity": entity, **more} for (kpi, period, entity), more in given_rows.items()
    ]
    rated = frames.rate(polars.frame(rows, COLUMNS), rulebook)

    for row in polars.rows(rated):
        assert told(frames.explain(row, rulebook, history=rated)) == said(row)
