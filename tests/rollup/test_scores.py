"""Scorecards of several periods made together are those made one by one."""

from __future__ import annotations

import random

import pytest

import ragengine
from ragengine.data.collection import Data
from ragengine.period import Period, parse_period
from ragengine.rollup.score import score, scores

RULES = {
    "book.toml": (
        '[book]\ntitle = "T"\nedition = "E"\nmissing = "carry forward"\n[grace.closed]\nfrom = 2020-06-01\n'
        'until = 2020-07-31\nexclude_period = true\nreason = "Closed"\nauthority = "Board"\n'
    ),
    "a.toml": (
        '[area]\ntitle = "A"\n[kpi.plain]\ntitle = "P"\nunit = "days"\ndirection = "lower"\ntarget = 10\n'
        'tolerance = "2 days"\ngrace = ["closed"]\n'
        '[kpi.slow]\ntitle = "S"\nunit = "%"\ndirection = "higher"\ntarget = { 2020-01-01 = 80, 2020-06-01 = 90 }\n'
        'tolerance = "5 pp"\npersistence = 2\n'
        '[kpi.quarterly]\ntitle = "Q"\nunit = "%"\ndirection = "higher"\ntarget = 80\ntolerance = "5 pp"\n'
        'frequency = "quarterly"\n[action.do]\ntitle = "Do"\ndue = 2020-07-31\n'
    ),
}
PERIODS = [parse_period(f"2020-{month:02d}") for month in range(1, 13)]


def _data(seed: int) -> Data:
    rng = random.Random(seed)
    rows = []
    for kpi in ("a.plain", "a.slow", "a.quarterly"):
        for entity in (None, "E1", "E2"):
            for period in PERIODS:
                if rng.random() < 0.7:
                    value = rng.choice([5, 10, 12, 13, 75, 79.9, 80, 90, "", "c", "abc"])
                    rows.append({"kpi": kpi, "period": str(period), "entity": entity, "value": value})
    if rng.random() < 0.5:
        rows.append({"kpi": "a.plain", "period": "Q1 2020/21", "value": 3})
        rows.append({"kpi": "a.plain", "period": "soon", "entity": "E3", "value": 3})
    judged = {"subject": "a.slow", "rag": "green", "from": "2020-05-01", "until": "2020-07-31", "reason": "R"}
    published = [{"subject": "a.slow", "period": "2020-03", "rag": "amber"}] if rng.random() < 0.5 else []
    return Data.of(
        measurements=rows,
        actions=[{"action": "a.do", "as_at": "2020-06-30", "status": "in progress"}],
        overrides=[{**judged, "authority": "Board"}] if rng.random() < 0.5 else [],
        published=published,
    )


def _said(card: ragengine.Scorecard) -> object:
    return dict(card.ratings), dict(card.areas), card.programme


@pytest.mark.parametrize("seed", range(20))
def test_periods_scored_together_are_scored_alike(seed: int) -> None:
    """Every rating, movement and area of a period is the same whether or not other periods are scored beside it."""
    book, data = ragengine.load(RULES), _data(seed)

    together = list(scores(book.rules, book.kpis, data, PERIODS))

    assert [_said(score(book.rules, book.kpis, data, period)) for period in PERIODS] == [*map(_said, together)]


def test_the_last_of_several_scorecards_counts_the_rows() -> None:
    """What is wrong with rows, and how many there are, is told once, by the last scorecard, for all of them."""
    book, data = ragengine.load(RULES), _data(1)

    *earlier, last = scores(book.rules, book.kpis, data, PERIODS)
    alone = score(book.rules, book.kpis, data, PERIODS[-1])

    assert (alone.rows, alone.problems) == (last.rows, last.problems)
    assert not any(problem.key == "value" for card in earlier for problem in card.problems)


def test_no_periods_make_no_scorecards() -> None:
    """Of nothing there is nothing to score."""
    book = ragengine.load(RULES)
    none: list[Period] = []

    assert list(scores(book.rules, book.kpis, _data(1), none)) == []
