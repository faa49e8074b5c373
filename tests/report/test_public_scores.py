"""What the public edition tells of scores and limits: nothing from which a hidden count could be worked back."""

from __future__ import annotations

from typing import Any

import ragengine
from ragengine.report.public import public_card
from ragengine.rollup.scorecard import Scorecard

HEAD = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
KPI = '[kpi.{}]\ntitle = "K"\nunit = "children"\ndirection = "higher"\ntarget = 10\ntolerance = 5\nsuppress_below = 6\n{}\n'
POINTS = "score = [{ at = 0, points = 4 }, { at = 20, points = 1 }]"
RANKS = 'score = { rank_of = "entities", best = 1, worst = 4 }'
ROLLUP = '[rollup]\nmethod = "points"\nbands = [{ rag = "green", to = 2 }, { rag = "amber", above = 2, to = 3 }, { rag = "red", above = 3 }]\n'  # fmt: skip


def public(rollup: str, kpis: dict[str, str], **values: dict[str, Any]) -> Scorecard:
    """The public card of these values by KPI and entity."""
    text = '[area]\ntitle = "A"\n' + "".join(KPI.format(name, rest) for name, rest in kpis.items())
    book = ragengine.load({"book.toml": HEAD + rollup, "a.toml": text})
    rows = [
        {"kpi": f"a.{kpi}", "period": "2025-06", "entity": entity, "numerator": None, "value": value}
        for kpi, own in values.items()
        for entity, value in own.items()
    ]
    return public_card(book.rules, book.score(ragengine.Data.of(measurements=rows), as_at="2025-06"))


def test_a_hidden_value_has_no_score_and_its_area_neither() -> None:
    """From a score the value could be worked back; the other entities keep theirs."""
    card = public(ROLLUP, {"k": POINTS}, k={"E1": 3, "E2": 12, "E3": 10, "E4": 10})
    hidden = [entity for entity in ("E1", "E2", "E3", "E4") if card.ratings["a.k", entity].reason == "suppressed"]

    assert "E1" in hidden and len(hidden) < 4
    for entity in ("E1", "E2", "E3", "E4"):
        told, area = card.ratings["a.k", entity].explanation, card.areas["a", entity]
        assert (told.score is None) == (told.scoring is None) == (area.score is None) == (entity in hidden)
    assert (card.areas["a"].rag, card.areas["a"].score) == ("grey", None)
    assert all(child.points is None for child in card.areas["a"].children)


def test_the_ranks_of_all_others_are_hidden_with_one() -> None:
    """The places that are left over tell that of the one that is hidden; levels stay."""
    card = public(ROLLUP, {"k": RANKS}, k={"E1": 3, "E2": 12, "E3": 10, "E4": 10})
    shown = [e for e in ("E2", "E3", "E4") if card.ratings["a.k", e].reason != "suppressed"]

    assert shown
    for entity in shown:
        assert card.ratings["a.k", entity].explanation.score is None
        area = card.areas["a", entity]
        assert (area.score, area.deciding) == (None, ()) and not area.rag.is_grey
        assert "scores" not in card.ratings["a.k", entity].explain().lower()


def test_without_a_hidden_value_scores_are_public() -> None:
    """Nothing small is in them."""
    card = public(ROLLUP, {"k": RANKS}, k={"E1": 8, "E2": 12})

    assert ["4", "1"] == [card.ratings["a.k", entity].explanation.score for entity in ("E1", "E2")]
    assert [4, 1] == [card.areas["a", entity].score for entity in ("E1", "E2")]


def test_what_a_limit_did_is_not_told_where_a_child_is_hidden() -> None:
    """Computed green beside amber, with one child hidden and a cap on that child, tells its level."""
    capped = '[rollup]\nmethod = "share"\nbands = [{ rag = "green" }]\ncaps = [{ no_better_than = "amber", child = "k", at = "red" }]\n'
    hidden = public(capped, {"k": "", "l": ""}, k={"E1": 3, "E2": 30}, l={"E1": 30, "E2": 30}).areas["a", "E1"]
    shown = public(capped, {"k": "", "l": ""}, k={"E1": 0, "E2": 30}, l={"E1": 30, "E2": 30}).areas["a", "E1"]

    assert ("grey", ()) == (hidden.rag, hidden.limits)
    assert ("green", "amber", "amber") == (shown.computed, shown.adjusted, shown.rag)
    assert shown.limits[0].changed
