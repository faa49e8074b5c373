"""Every rating can be computed again from the scorecard's JSON, without the rule files and without the engine."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import assume, given, settings

import ragengine

from .recompute import recomputed
from .test_previous import MONTHS, books, datas

ROOT = Path(__file__).resolve().parents[2]


def test_the_worked_example_is_computed_again() -> None:
    """Actions and overridden ratings included."""
    card = ragengine.load(ROOT / "rules").score(ragengine.read(ROOT / "docs/examples/2020-08"), as_at="Aug-20")
    rows = json.loads(card.to_json())["ratings"]

    assert {"kpi", "action"} == {row["kind"] for row in rows}
    assert any(line["live"] for row in rows for line in row["overrides"])
    for row in rows:
        assert (row["computed"], row["adjusted"], row["rag"]) == recomputed(row), row["subject"]


@settings(max_examples=60)
@given(books(), datas())
def test_random_ratings_are_computed_again(book: ragengine.Rulebook, data: ragengine.Data) -> None:
    """Graces, evidence, persistence, missing and carried values, moved dates and judgements, every month."""
    assume(data.measurements or data.actions)
    for month in MONTHS:
        for row in json.loads(book.score(data, as_at=month).to_json())["ratings"]:
            assert (row["computed"], row["adjusted"], row["rag"]) == recomputed(row), row
