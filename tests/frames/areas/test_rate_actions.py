"""Frames of action reports, on every kind of frame: each row as the engine for one action rates it."""

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
dates = "day first"
[grace.covid]
from = 2020-03-23
until = 2020-09-30
no_worse_than = "amber"
when = "'covid' in causes"
reason = "Training stopped"
authority = "Board"
[rollup]
method = "worst"
"""
ACTIONS = """
[area]
title = "Help"
[action.train]
title = "Train everybody"
due = "2020-07-31"
warning = "28 days"
grace = ["covid"]
[action.publish]
title = "Publish the guide"
due = "2020-06-30"
tolerance = "10 days"
on_time = false
requires_evidence = true
[action.later]
title = "Later"
due = "TBC"
[action.progress]
title = "By progress"
start = "2020-04-01"
due = "2020-09-30"
formula = "progress - elapsed"
bands = [{ rag = "green", from = 0 }, { rag = "amber", from = -20, below = 0 }, { rag = "red", below = -20 }]
"""
COLUMNS = dict.fromkeys(("action", "as_at", "status", "progress", "completed_on", "evidence", "causes", "note"), "text")
LEVELS = ("rag", "adjusted", "computed", "reason")


def book() -> ragengine.Rulebook:
    """The rules above."""
    return ragengine.load({"book.toml": BOOK, "help.toml": ACTIONS})


def report(action: str, as_at: str | None, status: str | None = "in progress", **more: str) -> dict[str, Any]:
    """A row of actions.csv."""
    return {"action": action, "as_at": as_at, "status": status, **more}


def test_each_report_is_rated_on_its_own_day(engine: Any) -> None:
    """The rows come back with their columns and the rating: levels, days late, the grace, where the rule stands."""
    rows = [
        report("help.train", "2020-06-01", note="a"),
        report("help.train", "2020-07-31", note="b"),
        report("help.train", "2020-08-01", note="c"),
        report("help.train", "14/08/20", causes="Covid; other", note="d"),
        report("help.train", "2020-08-01", "complete", note="e"),
        report("help.publish", "2020-08-01", "complete", completed_on="2020-07-10", evidence="seen", note="f"),
        report("help.publish", "2020-07-15", "complete", completed_on="2020-06-10", note="g"),
        report("help.later", "2020-08-01", "deferred", note="h"),
        report("help.later", "2020-08-01", "not started", note="i"),
    ]
    frame = engine.frame(rows, COLUMNS)
    rated = frames.rate_actions(frame, book())
    got = {row["note"]: row for row in engine.rows(rated)}

    assert engine.is_same_kind(rated)
    assert list(got["a"]) == [
        *COLUMNS, "rag", "adjusted", "computed", "reason", "days_late", "grace", "rule", "area", "edition",
    ]  # fmt: skip
    assert {note: tuple(row[name] for name in (*LEVELS, "days_late", "grace")) for note, row in got.items()} == {
        "a": ("green", "green", "green", None, -60, None),
        "b": ("amber", "amber", "amber", None, 0, None),
        "c": ("red", "red", "red", None, 1, None),
        "d": ("amber", "amber", "red", None, 14, "covid"),
        "e": ("green", "green", "green", None, None, None),
        "f": ("amber", "amber", "amber", None, 10, None),
        "g": ("amber", "amber", "green", None, -20, None),
        "h": ("grey", "grey", "grey", "not applicable", None, None),
        "i": ("grey", "grey", "grey", "no due date", None, None),
    }
    assert (got["c"]["rule"], got["c"]["area"], got["c"]["edition"]) == ("help.toml:4", "help", "2020-21")


def test_all_reports_on_one_day(engine: Any) -> None:
    """With as_at every row is rated on that day; what was reported later was not known then."""
    rows = [
        report("help.train", "2020-06-01"),
        report("help.train", "2020-08-20", "complete"),
        report("help.train", None),
    ]
    got = engine.rows(frames.rate_actions(engine.frame(rows, COLUMNS), book(), as_at="Aug-20"))
    early = engine.rows(frames.rate_actions(engine.frame(rows, COLUMNS), book(), as_at="2020-08-15"))

    assert {row["as_at"]: row["rag"] for row in got} == {"2020-06-01": "red", "2020-08-20": "green", None: "red"}
    assert {row["as_at"]: row["reason"] for row in early} == {"2020-06-01": None, "2020-08-20": "no data", None: None}


def test_what_cannot_be_read_is_invalid(engine: Any) -> None:
    """An action that the rules have not, a day and a status that are none: grey, and the row is still there."""
    rows = [
        report("help.nothing", "2020-06-01", note="action"),
        report("help.train", "soon", note="day"),
        report("help.train", None, note="no day"),
        report("help.train", "2020-06-01", "done", note="status"),
        report("help.train", "2020-06-01", None, note="no status"),
        report("help.progress", "2020-06-01", progress="half", note="progress"),
    ]
    got = engine.rows(frames.rate_actions(engine.frame(rows, COLUMNS), book()))

    assert {row["note"]: (row["rag"], row["reason"]) for row in got} == {
        "action": ("grey", "invalid"),
        "day": ("grey", "invalid"),
        "no day": ("grey", "invalid"),
        "status": ("grey", "invalid"),
        "no status": ("grey", "no data"),
        "progress": ("grey", "invalid"),
    }


def test_days_and_numbers_may_be_days_and_numbers(engine: Any) -> None:
    """Columns with types of their own mean what the same texts mean."""
    columns = {"action": "text", "as_at": "date", "status": "text", "progress": "number"}
    rows = [
        {"action": "help.progress", "as_at": date(2020, 7, 1), "status": "in progress", "progress": 50.0},
        {"action": "help.progress", "as_at": date(2020, 7, 1), "status": "in progress", "progress": 49.5},
        {"action": "help.progress", "as_at": date(2020, 7, 1), "status": "in progress", "progress": None},
    ]
    got = engine.rows(frames.rate_actions(engine.frame(rows, columns), book()))

    # 91 of 182 days have gone: 50% is on time
    assert {row["progress"]: row["rag"] for row in got} == {50.0: "green", 49.5: "amber", None: "grey"}


def test_a_judgement_on_an_action_counts_on_the_days_it_is_in_force(engine: Any) -> None:
    """Without as_at each row's own day decides."""
    judged = [Override("help.train", "rag", "Green", date(2020, 8, 1), date(2020, 8, 31), "Seen", "Board")]
    rows = [report("help.train", day) for day in ("2020-08-31", "2020-09-01")]
    got = engine.rows(frames.rate_actions(engine.frame(rows, COLUMNS), book(), overrides=judged))

    assert {row["as_at"]: (row["adjusted"], row["rag"]) for row in got} == {
        "2020-08-31": ("red", "green"),
        "2020-09-01": ("red", "red"),
    }


def test_a_frame_without_rows_stays_one(engine: Any) -> None:
    """No reports are no ratings."""
    got = frames.rate_actions(engine.frame([], COLUMNS), book())

    assert engine.rows(got) == []


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"as_at": "text"}, "a column action"),
        ({"action": "text"}, "a column as_at"),
        ({"action": "text", "as_at": "text", "rag": "text"}, "give a suffix"),
    ],
)
def test_a_frame_without_the_columns_is_refused(polars: Any, columns: dict[str, str], message: str) -> None:
    """What is missing, or would be overwritten, is said."""
    with pytest.raises(ragengine.BadArgument, match=message):
        frames.rate_actions(polars.frame([], columns), book())


DAYS = st.dates(date(2020, 3, 1), date(2020, 11, 30)).map(date.isoformat)


@settings(max_examples=settings().max_examples // 4)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"action": st.sampled_from(("help.train", "help.publish", "help.later", "help.progress")), "as_at": DAYS},
            optional={
                "status": st.sampled_from(("not started", "In progress", "complete", "deferred", "")),
                "progress": st.integers(0, 100).map(str),
                "completed_on": DAYS,
                "evidence": st.sampled_from(("", "seen")),
                "causes": st.sampled_from(("", "covid", "covid, other")),
            },
        ),
        max_size=12,
    )
)
def test_every_row_is_rated_as_one_action_is(polars: Any, rows: list[dict[str, Any]]) -> None:
    """Whatever is reported, levels, reason and days late are those of ``book.rate``."""
    rulebook = book()
    got = polars.rows(frames.rate_actions(polars.frame(rows, COLUMNS), rulebook))

    for row, rated in zip(rows, got, strict=True):
        details = {name: row.get(name) or None for name in ("progress", "completed_on")}
        causes = row.get("causes", "").replace(",", ";").split(";")
        one = rulebook.rate(
            row["action"],
            row.get("status"),
            as_at=row["as_at"],
            evidence=row.get("evidence", ""),
            causes=causes,
            **details,
        )
        assert [rated[name] for name in LEVELS] == [
            str(one.rag), str(one.adjusted), str(one.computed), None if one.reason is None else str(one.reason),
        ]  # fmt: skip
        assert rated["days_late"] == one.days_late
