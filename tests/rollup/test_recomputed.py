"""Every rating can be computed again from the scorecard's JSON, without the rule files and without the engine."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ragengine

from .recompute import recomputed, recomputed_area, recomputed_score, target_again
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
            if row["relative"] is not None:
                assert row["target"] == row["relative"]["target"] == target_again(row), row


BANDS = "bands = [{ rag = 'green', to = 2 }, { rag = 'amber', above = 2, to = 3 }, { rag = 'red', above = 3 }]\n"
RISING = "bands = [{ rag = 'green', from = 2.5 }, { rag = 'amber', from = 1.5, below = 2.5 }, { rag = 'red', below = 1.5 }]\n"
LIMITS = (
    "caps = [{ no_better_than = 'amber', child = 'flag', at = 'amber' }, { no_better_than = 'red', when = 'red >= 2' }]\n"
    "floors = [{ no_worse_than = 'amber', when = 'green >= 2' }]\n"
)
SCORE = (
    "score = [{ at = 80, points = 4 }, { at = 95, points = 1 }]\n",
    "score = { rank_of = 'entities', best = 1, worst = 4 }\n",
)
VALUES = st.sampled_from(["95", "94.95", "85", "79.99", "80", "c", ""])


@st.composite
def areas_with_limits(draw: st.DrawFn) -> tuple[ragengine.Rulebook, ragengine.Data]:
    """An area by each method, with and without scores, caps and floors, and values of three entities."""
    scored = draw(st.booleans())
    method = "points" if scored else draw(st.sampled_from(["points", "worst", "share"]))
    rollup = f"[rollup]\nmethod = '{method}'\nminimum_coverage = '{draw(st.sampled_from(['0%', '50%']))}'\n"
    if method != "worst":
        rollup += BANDS if scored else RISING
    if method == "points":
        rollup += draw(st.sampled_from(["", "of = 'worst 2'\n"]))
    kpi = "[kpi.{}]\ntitle = 'K'\nunit = '%'\ndirection = 'higher'\ntarget = 90\ntolerance = '10 pp'\n"
    text = f"[area]\ntitle = 'A'\n{rollup}{draw(st.sampled_from(['', LIMITS]))}{kpi.format('flag')}weight = 0\n"
    for name in "abc":
        text += (
            kpi.format(name)
            + (draw(st.sampled_from(SCORE)) if scored else "")
            + draw(st.sampled_from(["", "weight = 2\n"]))
        )
    head = "[book]\ntitle = 'B'\nedition = 'E'\nmissing = 'grey'\n[rollup]\nmethod = 'worst'\n"
    rows = [
        {"kpi": f"a.{name}", "period": "2025-06", "value": draw(VALUES), "entity": entity}
        for name in ("flag", *"abc")
        for entity in ("E1", "E2", "E3")
    ]
    return ragengine.load({"book.toml": head, "a.toml": text}), ragengine.Data.of(measurements=rows)


@settings(max_examples=100)
@given(areas_with_limits())
def test_areas_and_scores_are_computed_again(drawn: tuple[ragengine.Rulebook, ragengine.Data]) -> None:
    """From levels, weights, points, bands and limits that their JSON holds; every score from what it was made of."""
    book, data = drawn
    told = json.loads(book.score(data, as_at="2025-06").to_json())
    for area in told["areas"]:
        score = None if area["score"] is None else Fraction(area["score"])
        made = recomputed_area(area, ["red", "amber", "green"])
        assert (area["computed"], area["adjusted"], area["rag"], score) == made, area
    for row in told["ratings"]:
        assert (None if row["score"] is None else Fraction(row["score"])) == recomputed_score(row), row


@settings(max_examples=40)
@given(
    st.sampled_from(["median", "mean", "quartile 1", "quartile 3", "decile 9"]),
    st.sampled_from(["", ", change = '+2 pp'", ", change = '-10%'"]),
    st.lists(st.sampled_from([0, 10, "33.3", 50, 50, 70, "c", ""]), min_size=1, max_size=7),
)
def test_targets_of_entities_are_made_again(source: str, change: str, values: list[object]) -> None:
    """From the ranks on either side, or from the sum; what is read back from the JSON says the same."""
    rule = f"target = {{ from = '{source} of entities'{change} }}"
    kpi = f"[kpi.k]\ntitle = 'K'\nunit = '%'\ndirection = 'higher'\ntolerance = '10 pp'\n{rule}\n"
    book = ragengine.load(
        {"book.toml": "[book]\ntitle = 'B'\nedition = 'e'\nmissing = 'grey'\n", "a.toml": f"[area]\ntitle = 'A'\n{kpi}"}
    )
    rows = [{"kpi": "a.k", "period": "2020-07", "entity": f"E{n}", "value": each} for n, each in enumerate(values)]
    card = book.score(ragengine.Data.of(measurements=rows), as_at="2020-07")
    written = card.to_json()

    assert ragengine.Scorecard.from_json(written).to_json() == written
    for row in json.loads(written)["ratings"]:
        assert (row["computed"], row["adjusted"], row["rag"]) == recomputed(row), row
        assert row["target"] == row["relative"]["target"] == target_again(row), row
