"""Overrides that judge nothing are told, as long as somebody may think that they do."""

from __future__ import annotations

import pytest

import ragengine

FILES = {
    "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
    "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n',
}
UNMET = "the override of a.k of E9 meets no rating"


@pytest.mark.parametrize(
    ("start", "until", "entity", "told"),
    [
        ("2020-07-01", "2020-07-31", "E1", []),
        ("2020-07-01", "2020-07-31", "E9", [("RAG110", UNMET)]),
        ("2020-07-31", "2020-12-31", "E9", [("RAG110", UNMET)]),
        ("2020-08-01", "2020-12-31", "E9", []),
        ("2020-06-01", "2020-07-30", "E9", [("RAG111", "the override of a.k lapsed on 2020-07-30 and is not applied")]),
    ],
)
def test_an_override_in_force_that_meets_no_rating_is_told(
    start: str, until: str, entity: str, told: list[tuple[str, str]]
) -> None:
    """Of an organisation that has no row; before it begins and after it ends it says nothing of that."""
    book = ragengine.load(FILES)
    override = {
        "subject": "a.k",
        "entity": entity,
        "rag": "amber",
        "from": start,
        "until": until,
        "reason": "R",
        "authority": "B",
    }
    rows = [{"kpi": "a.k", "period": "2020-07", "value": 95, "entity": name} for name in ("E1", "E2")]
    card = book.score(ragengine.Data.of(measurements=rows, overrides=[override]), as_at="2020-07")

    assert told == [(problem.code, problem.message) for problem in card.problems]
    assert all("E1, E2" in problem.hint for problem in card.problems if problem.code == "RAG110")
