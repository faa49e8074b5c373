"""Sums of exact scores on every kind of frame: what is on a line is on it, however its float fell."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

import ragengine
from ragengine.errors import BadArgument

frames = pytest.importorskip("ragengine.frames", reason="frames need narwhals")

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "{missing}"\n[rollup]\nmethod = "worst"\n'
LINE = (
    '[rollup]\nmethod = "points"\n{of}bands = [{{ rag = "green", to = {line} }}, {{ rag = "red", above = {line} }}]\n'
)
KPI = '[kpi.k{n}]\ntitle = "K"\nunit = "%"\ndirection = "lower"\ntarget = 50\ntolerance = 0\n{score}\n'
COLUMNS = {"kpi": "text", "period": "text", "entity": "text", "value": "number"}
TEXTS = COLUMNS | {"value": "text"}
TENTHS = "score = [{ at = 0, points = 0 }, { at = 10, points = 1 }]"
EAGER = ("polars", "pandas", "pyarrow")
RANKS = 'score = { rank_of = "entities", best = 1, worst = 4 }'


def book(scores: Sequence[str], line: str, of: str = "", missing: str = "grey") -> ragengine.Rulebook:
    """An area of so many KPIs, green up to a line."""
    kpis = "".join(KPI.format(n=n, score=score) for n, score in enumerate(scores))
    text = f'[area]\ntitle = "A"\n{LINE.format(line=line, of=of)}{kpis}'
    return ragengine.load({"book.toml": BOOK.format(missing=missing), "a.toml": text})


def rows(values: Sequence[Any], entity: str | None = "E1", period: str = "2020-07") -> list[dict[str, Any]]:
    """One value of each KPI."""
    return [{"kpi": f"a.k{n}", "period": period, "entity": entity, "value": value} for n, value in enumerate(values)]


def areas(engine: Any, of: ragengine.Rulebook, given: list[dict[str, Any]], kinds: dict[str, str] = COLUMNS) -> Any:
    """The areas of some rows, by entity."""
    rolled = engine.rows(frames.roll_up(frames.rate(engine.frame(given, kinds), of), of))
    return {row["entity"]: row for row in rolled if row["area"] == "a"}


@pytest.mark.parametrize("of", ["", 'of = "worst 2"\n'])
def test_a_mean_on_a_line_is_on_it(engine: Any, of: str) -> None:
    """0.1, 0.2 and 0.3 have the mean 0.2, and the worst two 0.25; floats add up to more."""
    line = "0.25" if of else "0.2"
    own = book([TENTHS] * 3, line, of)
    found = areas(engine, own, [*rows([1.0, 2.0, 3.0]), *rows([1.0, 2.0, 3.01], "E2")])

    assert (found["E1"]["rag"], found["E2"]["rag"]) == ("green", "red")
    assert found["E1"]["score"] == float(line)
    assert found["E1"]["why"] == f"a score of {line} points"


def test_the_whole_is_the_mean_of_all_entities(engine: Any) -> None:
    """Of two entities with the means 0.2 and 0.4, three KPIs each, the whole has 0.3."""
    found = areas(engine, book([TENTHS] * 3, "0.3"), [*rows([1.0, 2.0, 3.0]), *rows([3.0, 4.0, 5.0], "E2")])

    assert (found[None]["rag"], found[None]["score"], found[None]["rated"]) == ("green", 0.3, 6)


def test_the_worst_of_the_whole_are_the_worst_of_any_entity(engine: Any) -> None:
    """The two worst of all are 0.5 and 0.4, both of the second entity; each entity has two of its own."""
    own = book([TENTHS] * 3, "0.45", 'of = "worst 2"\n')
    found = areas(engine, own, [*rows([1.0, 2.0, 3.0]), *rows([3.0, 4.0, 5.0], "E2")])

    assert (found[None]["score"], found[None]["rag"], found[None]["rated"]) == (0.45, "green", 6)
    assert found["E1"]["score"] == 0.25


@pytest.mark.parametrize(
    ("bands", "means"),
    [
        ('{ rag = "green", to = 0.4 }, { rag = "red", above = 0.4 }', (0.5, 0.45, 0.25)),
        ('{ rag = "red", below = 0.4 }, { rag = "green", from = 0.4 }', (0.3, 0.4, 0.1)),
    ],
)
def test_of_equals_among_the_worst_as_many_count_as_are_asked(
    engine: Any, bands: str, means: tuple[float, ...]
) -> None:
    """5, 5, 5 and 1 tenths, and 5, 4, 4 and 4; where more is better the least two are the worst. One is missing."""
    kpis = "".join(KPI.format(n=n, score=TENTHS) for n in range(4))
    area = f'[area]\ntitle = "A"\n[rollup]\nmethod = "points"\nof = "worst 2"\nbands = [{bands}]\n{kpis}'
    own = ragengine.load({"book.toml": BOOK.format(missing="grey"), "a.toml": area})
    given = [*rows([5.0, 5.0, 5.0, 1.0]), *rows([5.0, 4.0, 4.0, 4.0], "E2"), *rows([1.0, 1.0, 4.0, None], "E3")]
    found = areas(engine, own, given)

    assert tuple(found[entity]["score"] for entity in ("E1", "E2", "E3")) == means
    assert (found["E3"]["rated"], found["E3"]["grey"]) == (3, 1)


@pytest.mark.parametrize("kinds", [COLUMNS, TEXTS])
def test_a_value_of_many_places_counts_with_all_of_them(engine: Any, kinds: dict[str, str]) -> None:
    """2.9999999999999 lies below the line and 3.0000000000001 above it; no sum of millionths knows."""
    given = [*rows([3.0, 2.9999999999999]), *rows([3.0, 3.0000000000001], "E2"), *rows([3.0, 3.0], "E3")]
    if kinds is TEXTS:
        given = [each | {"value": repr(each["value"])} for each in given]
    found = areas(engine, book([TENTHS] * 2, "0.3"), given, kinds)

    assert [found[entity]["rag"] for entity in ("E1", "E2", "E3")] == ["green", "red", "green"]


def test_thirds_and_sevenths_have_one_sum(engine: Any) -> None:
    """Lines of slopes 1/3, 1/7 and 1/11 at 1, and of 1/13 at 2: the mean of the four is 2165/12012."""
    scores = [f"score = [{{ at = 0, points = 0 }}, {{ at = {end}, points = 1 }}]" for end in (3, 7, 11, 13)]
    exact = (Fraction(1, 3) + Fraction(1, 7) + Fraction(1, 11) + Fraction(2, 13)) / 4
    assert exact == Fraction(2165, 12012)
    found = areas(engine, book(scores, "0.5"), rows([1.0, 1.0, 1.0, 2.0]))

    assert found["E1"]["score"] == float(exact)


def test_more_denominators_than_one_sum_has_room_for(engine: Any) -> None:
    """Slopes of one over each of eleven primes: their common denominator is beyond what a float holds."""
    primes = (101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151)
    scores = [f"score = [{{ at = 0, points = 0 }}, {{ at = {end}, points = 1 }}]" for end in primes]
    exact = sum(Fraction(1, end) for end in primes) / len(primes)
    found = areas(engine, book(scores, "0.5"), rows([1.0] * len(primes)))

    assert found["E1"]["score"] == float(exact)


def test_ranks_of_entities_that_were_left_out_since_still_count(engine: Any) -> None:
    """Second of five scores 1.75 where three rows are left out after rating: it is not one of two."""
    own = book([RANKS], "1.75")
    if engine.name not in EAGER:
        pytest.skip("ranks are told in eager frames")
    given = [each for n in range(5) for each in rows([float(n)], f"E{n}")]
    rated = engine.rows(frames.rate(engine.frame(given, COLUMNS), own))
    kept = [row for row in rated if row["entity"] in ("E1", "E4")]
    again = engine.frame(kept, COLUMNS | {"rag": "text", "score": "number"})
    found = {row["entity"]: row for row in engine.rows(frames.roll_up(again, own)) if row["area"] == "a"}

    assert (found["E1"]["score"], found["E1"]["rag"], found["E4"]["score"]) == (1.75, "green", 4.0)


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize(("value", "level"), [(2.0, "green"), (2.0000000000001, "red")])
def test_a_value_carried_forward_brings_its_score(engine: Any, value: float, level: str, is_there: bool) -> None:
    """In July the value of June counts, with all its places: where a row says nothing, and where there is none."""
    own = book([TENTHS] * 2, "0.3", missing="carry forward")
    given = [*rows([value, 4.0], period="2020-06"), *rows([None, 4.0])[0 if is_there else 1 :]]
    if engine.name not in EAGER:
        pytest.skip("earlier rows are looked at in eager frames")
    rolled = engine.rows(frames.roll_up(frames.rate(engine.frame(given, COLUMNS), own), own))
    found = {row["period"]: row for row in rolled if row["area"] == "a" and row["entity"] == "E1"}

    assert [found[each]["rag"] for each in ("2020-06", "2020-07")] == [level] * 2
    assert {round(found[each]["score"], 9) for each in ("2020-06", "2020-07")} == {0.3}


def test_a_carried_value_of_a_suspended_month_has_its_own_places(engine: Any) -> None:
    """June is suspended and has no score; its value is carried into July, and lies a little above the line."""
    suspended = 'grace = [{ from = 2020-06-01, until = 2020-06-30, suspend = true, reason = "r", authority = "a" }]'
    own = book([f"{TENTHS}\n{suspended}"], "0.3", missing="carry forward")
    given = [*rows([3.0], period="2020-05"), *rows([3.0000000000001], period="2020-06"), *rows([None])]
    if engine.name not in EAGER:
        pytest.skip("earlier rows are looked at in eager frames")
    rolled = engine.rows(frames.roll_up(frames.rate(engine.frame(given, COLUMNS), own), own))
    found = {row["period"]: row["rag"] for row in rolled if row["area"] == "a" and row["entity"] == "E1"}

    assert found == {"2020-05": "green", "2020-06": "grey", "2020-07": "red"}


@pytest.mark.parametrize("decimals", ["", "decimals = 1\n"])
def test_counts_bring_the_score_of_their_value(engine: Any, decimals: str) -> None:
    """1 of 3 and 2 of 3 are 33.3% and 66.7% with one place, 100% together, and thirds without."""
    score = f"{decimals}score = [{{ at = 0, points = 0 }}, {{ at = 100, points = 1 }}]"
    own = book([score] * 2, "0.5")
    kinds = COLUMNS | {"numerator": "number", "denominator": "number"}
    given = [
        each | {"value": None, "numerator": numerator, "denominator": 3.0}
        for entity, counts in (("E1", (1.0, 2.0)), ("E2", (2.0, 2.0)))
        for each, numerator in zip(rows([None, None], entity), counts, strict=True)
    ]
    found = areas(engine, own, given, kinds)

    assert (found["E1"]["score"], found["E1"]["rag"], found["E2"]["rag"]) == (0.5, "green", "red")
    assert found["E2"]["score"] == (0.667 if decimals else 2 / 3)


def test_a_level_that_the_scale_has_not_is_refused(engine: Any) -> None:
    """Also of KPIs that are counted as their scores are summed up."""
    given = [{"kpi": "a.k0", "period": "2020-07", "entity": "E1", "value": 1.0, "rag": "purple", "score": 0.1}]
    given += [{**given[0], "entity": "E2", "rag": "red"}]
    rated = engine.frame(given, COLUMNS | {"rag": "text", "score": "number"})

    with pytest.raises(BadArgument, match=r"1 rows of rag.*the levels are red, amber, green, grey"):
        frames.roll_up(rated, book([TENTHS], "0.3"))
