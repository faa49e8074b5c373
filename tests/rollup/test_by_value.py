"""Where the value alone decides a scorecard keeps outcomes: it says to the letter what it says where all is rated at once."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.report.ratings_csv import ratings_csv
from ragengine.rollup.by_value import ByValue
from ragengine.strategies import measurements, rulebooks

from .test_scored_areas import ROLLUP

_CELLS = st.sampled_from(("", "", "", "c", "abc", "84%", "0.5", "120", "-3", "12 [b]"))
_COUNTS = st.sampled_from(("", "", "", "7", "-1", "1.5", "x", "c"))


def _rated_at_once(book: ragengine.Rulebook, data: ragengine.Data, as_at: Any = None) -> ragengine.Scorecard:
    """The scorecard by the plain way: no row's outcome is looked up without the facts round it."""
    with patch.object(ByValue, "outcome", lambda self, histories, entity: None):
        return book.score(data, as_at)


@st.composite
def _scored(draw: st.DrawFn) -> tuple[ragengine.Rulebook, ragengine.Data]:
    """Rules and rows round their lines, one or more of each KPI and entity."""
    book = draw(rulebooks(3, 1))
    rows: list[dict[str, Any]] = []
    for kpi_id, kpi in book.kpis.items():
        for entity in ("", *kpi.kpi.entities, *(f"E{n}" for n in range(draw(st.integers(1, 4))))):
            for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
                row = draw(measurements(kpi)) | {"kpi": kpi_id, "entity": entity}
                if draw(st.integers(0, 4)) == 0:
                    row |= {"value": draw(_CELLS), "numerator": draw(_COUNTS), "denominator": draw(_COUNTS)}
                rows.append(row)
    period = draw(st.sampled_from([row["period"] for row in rows]))
    rows = [row | {"period": period} if draw(st.integers(0, 3)) else row for row in rows]
    return book, ragengine.Data.of(draw(st.permutations(rows)))


@given(_scored(), st.sampled_from((0, 10_000)))
def test_the_scorecard_is_that_of_rows_rated_at_once(
    scored: tuple[ragengine.Rulebook, ragengine.Data], kept: int
) -> None:
    """JSON, CSV, exceptions, counts of rows and problems are the same, whether what was looked at is kept or not."""
    book, data = scored
    for as_at in sorted({row.period for row in data.measurements if row.period is not None})[-2:]:
        plain = _rated_at_once(book, data, as_at)
        with patch("ragengine.rollup.made._FEW", kept):
            made = book.score(data, as_at)

            assert made.to_json() == plain.to_json()
            assert ratings_csv(made) == ratings_csv(plain)
            assert made.exceptions() == plain.exceptions()
            assert (made.rows, made.problems) == (plain.rows, plain.problems)


#: rules of which more than the value decides a level, or a row by itself does not
MORE = {
    "few cases": 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\nminimum_n = 10\n',
    "its own target": 'direction = "higher"\nunit = "%"\nbands = [\n'
    '  { rag = "green", from = "100% of target" }, { rag = "amber", from = "90% of target", below = "100% of target" },\n'
    '  { rag = "red", below = "90% of target" },\n]\ntarget = "from data"\n',
    "persistence": 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\npersistence = 2\n',
    "points": 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\n'
    "score = [{ at = 80, points = 1 }, { at = 95, points = 4 }]\n",
    "ranks": 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\n'
    'score = { rank_of = "entities", best = 1, worst = 4 }\n',
    "of entities": 'direction = "higher"\nunit = "%"\ntarget = { from = "median of entities" }\ntolerance = "10 pp"\n',
    "carried": 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\nmissing = "carry forward"\n',
    "a formula": 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\n'
    'formula = "100 * numerator / denominator"\nvalid = { min = 10, max = 100 }\n',
    "a condition": 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\ngrace = [{ from = 2020-07-01, '
    'until = 2020-07-31, no_worse_than = "amber", when = "value >= 75", reason = "R", authority = "B" }]\n',
    "quarters": 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\nfrequency = "quarterly"\n',
}


@pytest.mark.parametrize("rule", MORE.values(), ids=MORE)
@pytest.mark.parametrize("periods", [("2020-07",), ("2020-06",), ("2020-06", "2020-07"), ("Q1 2020/21",)])
def test_where_more_than_a_value_decides_it_is_rated_at_once(rule: str, periods: tuple[str, ...]) -> None:
    """Few cases, a target of its own, other rows: the scorecard is that of rows rated at once, whatever decides."""
    area = f'[area]\ntitle = "Area"\n[kpi.k]\ntitle = "K"\n{rule}'
    book = ragengine.load({"book.toml": BOOK + (ROLLUP if "score" in rule else ""), "a.toml": area})
    cells = [(95, 19, 20, 80), (85, 17, 20, 90), (70, 7, 10, 70), (80, 4, 5, 100), ("", "", "", 90), ("c", 1, "", "")]
    rows = [
        {"kpi": "a.k", "period": period, "entity": f"E{n}", "value": value, "target": target}
        | ({"numerator": few, "denominator": of} if n % 2 else {})
        for period in periods
        for n, (value, few, of, target) in enumerate(cells if period == periods[-1] else cells[::-1])
    ]

    made, plain = (way(book, ragengine.Data.of(rows), "Jul-20") for way in (ragengine.Rulebook.score, _rated_at_once))

    assert made.to_json() == plain.to_json()
    assert ratings_csv(made) == ratings_csv(plain)


JUDGEMENT = {
    "subject": "a.k", "rag": "green", "from": "2020-06-01", "until": "2020-07-15", "entity": "E1", "reason": "R",
    "authority": "B",
}  # fmt: skip
PUBLISHED = {"subject": "a.k", "period": "2020-06", "rag": "red", "entity": "E1"}


@pytest.mark.parametrize("more", [{"overrides": [JUDGEMENT]}, {"published": [PUBLISHED]}], ids=["judged", "published"])
def test_what_others_say_of_a_row_is_heeded(more: dict[str, Any]) -> None:
    """A judgement on a KPI, or a level published before, is told as where all is rated at once."""
    cells = [(entity, period) for entity in ("E0", "E1", "E2") for period in ("Jun-20", "Jul-20")]
    rows = [{"kpi": "a.k", "period": period, "entity": entity, "value": 85} for entity, period in cells]
    book = ragengine.load({"book.toml": BOOK, "a.toml": AREA})

    for data in (ragengine.Data.of(rows, **more), ragengine.Data.of(rows[1::2], **more)):
        made, plain = book.score(data, "Jul-20"), _rated_at_once(book, data, "Jul-20")
        assert made.to_json() == plain.to_json()


BOOK = '[book]\ntitle = "Plan"\nedition = "E"\nmissing = "grey"\n'
AREA = """\
[area]
title = "Area"
[kpi.k]
title     = "K"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
"""


def _month(values: str = "95 85 70 c") -> ragengine.Scorecard:
    book = ragengine.load({"book.toml": BOOK, "a.toml": AREA})
    rows = [{"kpi": "a.k", "period": "2020-07", "entity": f"E{n}", "value": v} for n, v in enumerate(values.split())]
    return book.score(ragengine.Data.of(rows))


def test_what_is_counted_is_what_is_rated() -> None:
    """The levels that an area counts are those of the ratings that are made when somebody looks."""
    card = _month()

    levels = Counter(str(rating.rag) for rating in card.ratings.values())

    assert levels == {"green": 1, "amber": 1, "red": 1, "grey": 1}
    assert card.areas["a"].counts == levels
    assert [child.rag for child in card.areas["a"].children] == [rating.rag for rating in card.ratings.values()]
    assert str(card.rows) == "4 rows read = 3 rated + 1 grey + 0 rejected"


def test_a_rating_looked_at_again_says_the_same() -> None:
    """Each look gives an equal rating, with its derivation, also to threads that look at once."""
    card = _month()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: card.ratings["a.k", "E1"], range(32)))

    assert all(rating == found[0] and rating.explain() == found[0].explain() for rating in found)
    assert found[0].explain().startswith("Amber. K (Area), E1, July 2020: 85% against a target of at least 90%")


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda card: pickle.loads(pickle.dumps(card))], ids=["copy", "deep", "pickle"]
)
def test_a_copy_of_the_scorecard_says_the_same(again: Callable[[Any], Any]) -> None:
    """A scorecard whose ratings nobody has looked at is copied and pickled as any other."""
    card = _month()

    assert again(card).to_json() == card.to_json()
