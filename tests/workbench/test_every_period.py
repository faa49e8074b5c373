"""Data rated in every period, each rating made once: the same as each scorecard makes it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

import ragengine
from ragengine.rollup.score import score
from ragengine.workbench.diff import every_period

MORE = (
    "",
    "persistence = 2\n",
    "requires_evidence = true\n",
    'frequency = "quarterly"\n',
    'grace = [{ from = 2020-02-01, until = 2020-04-30, no_worse_than = "amber", reason = "R", authority = "A" }]\n',
    'grace = [{ from = 2020-02-01, until = 2020-03-31, exclude_period = true, reason = "R", authority = "A" }]\n',
)


def _book(rng: random.Random) -> ragengine.Rulebook:
    missing, more = rng.choice(["grey", "carry forward", "red"]), rng.choice(MORE)
    kpi = f'direction = "higher"\ntarget = {{ 2020-01-01 = 50, 2020-03-01 = 60 }}\ntolerance = 10\n{more}'
    area = '[area]\ntitle = "A"\n' + "".join(f'[kpi.k{n}]\ntitle = "K"\n{kpi}' for n in range(3))
    return ragengine.load({"book.toml": f'[book]\ntitle = "B"\nedition = "E"\nmissing = "{missing}"\n', "a.toml": area})


def _data(rng: random.Random) -> ragengine.Data:
    rows = [
        {
            "kpi": f"a.k{n}",
            "period": f"2020-{month:02}-1{month}" if rng.random() < 0.2 else f"2020-{month:02}",
            "value": rng.choice([5, 45, 55, 65, "c", ""]),
            "entity": rng.choice(["", "", "E"]),
            "evidence": rng.choice(["", "yes"]),
        }
        for n in range(3)
        for month in range(1, 8)
        if rng.random() < 0.8
    ]
    judged: dict[str, Any] = {"subject": "a.k0", "rag": "green", "from": "2020-02-01", "until": "2020-05-31"}
    overrides = [judged | {"reason": "R", "authority": "A"}] if rng.random() < 0.5 else []
    published = [{"subject": "a.k1", "period": "2020-03", "rag": "red", "source": "S"}] if rng.random() < 0.5 else []
    return ragengine.Data.of(rows, overrides=overrides, published=published)


def one_by_one(
    rules: Any, prepared: Any, data: ragengine.Data, periods: list[ragengine.Period], histories: object = None
) -> Iterator[ragengine.Scorecard]:
    """Each scorecard made alone."""
    return (score(rules, prepared, data, period) for period in periods)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_remembered_is_what_each_scorecard_makes(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ratings, explanations, areas and problems, over overrides, published levels, graces, gaps and persistence."""
    rng = random.Random(seed)
    book, data = _book(rng), _data(rng)
    made = every_period.rated_in_every_period(book, data)
    monkeypatch.setattr(every_period, "scores", one_by_one)
    plain = every_period.rated_in_every_period(book, data)

    assert made == plain
    assert [rating.explain() for rating in made.ratings.values()] == [each.explain() for each in plain.ratings.values()]
