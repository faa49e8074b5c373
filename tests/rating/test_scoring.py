"""The score beside a level: of the value as judged, exact, and none where a rating is grey."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.workbench.testing.case_runner import run_cases

F = Fraction
POINTS = "[{ at = 80, points = 4 }, { at = 95, points = 1 }]"
BASE = 'unit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'


def texts(kpi: str = f"{BASE}score = {POINTS}\n", book: str = 'missing = "grey"\n') -> dict[str, str]:
    """The files of a book with one KPI."""
    head = f'[book]\ntitle = "T"\nedition = "E"\n{book}'
    return {"book.toml": head, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{kpi}'}


def rated(value: Any, kpi: str = f"{BASE}score = {POINTS}\n", **details: Any) -> ragengine.Rating:
    """A rating by that KPI."""
    return ragengine.load(texts(kpi)).rate("a.k", value, period="2025-06", **details)


@pytest.mark.parametrize(("value", "score"), [(79.9, 4), (80, 4), ("80.05", F("3.99")), (90, 2), (95, 1), (99, 1)])
def test_the_score_stands_beside_the_level(value: Any, score: Fraction) -> None:
    """Straight between the points, flat beyond, and the same by the fast path."""
    assert rated(value).score == score
    kpi = ragengine.load(texts())["a.k"]
    assert kpi.rate(value, "2025-06").score == score


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (80, "Scores 4 points, as all do at 80% or less."),
        (82, "Scores 3.2 points: straight between 4 at 80% and 2 at 85%."),
        (85, "Scores 2 points, as written for 85%."),
        (90, "Scores 1.5 points: straight between 2 at 85% and 1 at 95%."),
        (95, "Scores 1 point, as all do at 95% or more."),
        (96, "Scores 1 point, as all do at 95% or more."),
    ],
)
def test_of_several_points_those_on_either_side_are_named(value: int, said: str) -> None:
    """The two between which a value lies, the one on which it lies, or the first or last beyond which all score alike."""
    kpi = f"{BASE}score = [{{ at = 80, points = 4 }}, {{ at = 85, points = 2 }}, {{ at = 95, points = 1 }}]\n"

    assert said in rated(value, kpi).explain().splitlines()


def test_it_is_of_the_value_as_judged() -> None:
    """With ``decimals = 0`` a value of 89.5 is judged as 90, and scores as 90 does."""
    kpi = f"{BASE}decimals = 0\nscore = {POINTS}\n"

    assert rated("89.5", kpi).score == rated("90", kpi).score == 2
    assert rated("89.4999", kpi).score == F(11, 5)


@given(st.sampled_from([80, 85, 95]), st.sampled_from([F(-1, 10**6), F(0), F(1, 10**6)]))
def test_on_just_under_and_just_over_each_point(at: int, by: Fraction) -> None:
    """Three points; the score is exact to the last digit of the value."""
    kpi = f"{BASE}score = [{{ at = 80, points = 4 }}, {{ at = 85, points = 2 }}, {{ at = 95, points = 1 }}]\n"
    value = at + by
    written = f"{float(value):.6f}"
    slopes = {80: (F(0), F(-2, 5)), 85: (F(-2, 5), F(-1, 10)), 95: (F(-1, 10), F(0))}
    own = {80: 4, 85: 2, 95: 1}[at]

    assert rated(written, kpi).score == own + by * slopes[at][by > 0]


@pytest.mark.parametrize(
    ("kpi", "value"),
    [
        (f"{BASE}score = {POINTS}\n", None), (f"{BASE}score = {POINTS}\n", "c"),
        (f"{BASE}score = {POINTS}\nvalid = {{ max = 100 }}\n", 200),
        (f"{BASE}score = {POINTS}\nrated_from = 2026-01-01\n", 90), (f"{BASE}missing = \"red\"\nscore = {POINTS}\n", None),
    ],
)  # fmt: skip
def test_a_grey_rating_has_none_and_neither_has_a_missing_value(kpi: str, value: Any) -> None:
    """Suppressed, invalid, not due; and a missing value that counts as red, which is no number."""
    assert rated(value, kpi).score is None


GRACE = '[[kpi.k.grace]]\nfrom = 2025-01-01\nuntil = 2025-12-31\nreason = "R"\nauthority = "A"\n'


@pytest.mark.parametrize("effect", ['no_better_than = "red"', 'no_worse_than = "green"', "target = 60"])
def test_graces_move_the_level_and_not_the_score(effect: str) -> None:
    """A cap, a floor, a relief."""
    relieved = rated(85, f"{BASE}score = {POINTS}\n{GRACE}{effect}\n")

    assert relieved.rag != rated(85).rag
    assert relieved.score == rated(85).score == 3


def test_a_suspension_is_grey_and_scores_nothing() -> None:
    """As every grey rating."""
    assert rated(85, f"{BASE}score = {POINTS}\n{GRACE}suspend = true\n").score is None


def test_an_override_moves_the_level_and_not_the_score() -> None:
    """In a scorecard."""
    data = ragengine.Data.of(
        measurements=[{"kpi": "a.k", "period": "2025-06", "value": 85}],
        overrides=[{"subject": "a.k", "rag": "green", "from": "2025-06-01", "until": "2025-07-31", "reason": "R",
                    "authority": "A"}],
    )  # fmt: skip
    made = ragengine.load(texts()).score(data, as_at="2025-06").ratings["a.k"]

    assert ("amber", "green", 3) == (made.computed, made.rag, made.score)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (85, "Scores 3 points: straight between 4 at 80% and 1 at 95%."), (96, "Scores 1 point, as all do at 95% or more."),
        (80, "Scores 4 points, as all do at 80% or less."),
    ],
)  # fmt: skip
def test_the_explanation_says_where_the_score_lies(value: int, said: str) -> None:
    """And has it as a step, and as data with the points."""
    made = rated(value)
    told = made.explanation.to_dict()

    assert said in made.explain().splitlines()
    assert [said] == [step["text"] for step in told["steps"] if step["stage"] == "score"]
    assert told["score"] == str(made.score) == made.to_dict()["score"]
    assert {"value": str(value), "points": [{"at": "80", "points": "4"}, {"at": "95", "points": "1"}], "rank": None,
            "of": None, "best": "", "worst": ""} == told["scoring"]  # fmt: skip
    assert json.loads(made.to_json())["score"] == str(made.score)


RANKED = BASE + 'score = { rank_of = "entities", best = 1, worst = 4 }\n'


def card(kpi: str = RANKED, **values: Any) -> ragengine.Scorecard:
    """The scorecard of entities with these values."""
    rows = [{"kpi": "a.k", "period": "2025-06", "value": v, "entity": e} for e, v in values.items()]
    return ragengine.load(texts(kpi)).score(ragengine.Data.of(measurements=rows), as_at="2025-06")


def scores(made: ragengine.Scorecard, *entities: str) -> list[Fraction | None]:
    """By entity."""
    return [made.ratings["a.k", entity].score for entity in entities]


def test_entities_score_by_rank_and_ties_take_the_better() -> None:
    """Of four, 1 + 3 (rank - 1) / 3; of the two that are second both have the second's."""
    assert [1, 2, 2, 4] == scores(card(A=95, B=90, C=90, D=70), "A", "B", "C", "D")


def test_lower_is_better_where_the_rule_says_so() -> None:
    """The smallest number is the first."""
    kpi = RANKED.replace("higher", "lower")

    assert [4, 1] == scores(card(kpi, A=95, B=70), "A", "B")


def test_only_what_has_a_value_of_its_own_is_ranked() -> None:
    """A suppressed one is grey; of the two others one is first and one last. One alone is first."""
    assert [1, 4, None] == scores(card(A=95, B=70, C="c"), "A", "B", "C")
    assert [1] == scores(card(A=10), "A")


def test_a_carried_value_has_no_place() -> None:
    """It is of another period, in which it had one."""
    kpi = RANKED + 'missing = "carry forward"\n'
    rows = [{"kpi": "a.k", "period": p, "value": v, "entity": e}
            for e, p, v in (("A", "2025-05", 95), ("B", "2025-06", 70), ("C", "2025-06", 60))]  # fmt: skip
    made = ragengine.load(texts(kpi)).score(ragengine.Data.of(measurements=rows), as_at="2025-06")

    assert ("green", None) == (made.ratings["a.k", "A"].rag, made.ratings["a.k", "A"].score)
    assert [1, 4] == scores(made, "B", "C")


def test_values_are_ranked_as_judged() -> None:
    """What prints alike shares a rank."""
    assert [1, 1, 4] == scores(card(RANKED + "decimals = 0\n", A="95.2", B="94.8", C=70), "A", "B", "C")


def test_the_whole_has_no_rank() -> None:
    """A row without an entity is none of the entities, and ranks nobody."""
    rows = [
        {"kpi": "a.k", "period": "2025-06", "value": 99},
        {"kpi": "a.k", "period": "2025-06", "value": 70, "entity": "A"},
    ]
    made = ragengine.load(texts(RANKED)).score(ragengine.Data.of(measurements=rows), as_at="2025-06")

    assert made.ratings["a.k"].score is None
    assert [1] == scores(made, "A")


def test_one_row_alone_has_no_rank_and_says_so() -> None:
    """``book.rate`` has no other rows: the rating stands, without a score."""
    made = rated(85, RANKED, entity="A")

    assert ("amber", None, None) == (made.rag, made.score, made.explanation.scoring)
    assert "Its score is by rank among the entities of a period, which one row alone does not give." in made.explain()


def test_the_rank_is_said_and_stands_in_the_data() -> None:
    """With the ranks it is worked out from."""
    made = card(A=95, B=90, C=90, D=70).ratings["a.k", "B"]

    assert "Scores 2 points: rank 2 of 4 entities, shared by 2, from 1 (best) to 4." in made.explain().splitlines()
    alone = card(A=95, B=90, C=90, D=70).ratings["a.k", "A"].explain()
    assert "Scores 1 point: rank 1 of 4 entities, from 1 (best) to 4." in alone.splitlines()
    told = made.explanation.to_dict()
    assert {"value": "90", "points": [], "rank": 2, "of": 4, "best": "1", "worst": "4"} == told["scoring"]


def test_a_card_read_back_has_its_scores() -> None:
    """And its tables have a column of them."""
    made = card(A=95, B=90, C=85, D=70)
    again = ragengine.Scorecard.from_json(made.to_json())

    assert [1, 2, 3, 4] == scores(again, "A", "B", "C", "D")
    assert again.to_json() == made.to_json()
    assert [1.0, 2.0, 3.0, 4.0] == made.to_frame("polars")["score"].to_list()[-4:]


@pytest.mark.parametrize(
    ("kpi", "said"),
    [
        ("score = [{ at = 95, points = 1 }, { at = 80, points = 4 }]", "at 80 comes after at 95"),
        ("score = [{ at = 80, points = 4 }, { at = 80, points = 1 }]", "at 80 comes after at 80"),
        ("score = [{ at = 80, points = 4 }, { at = 85, points = 1 }, { at = 90, points = 2 }]", "neither all rise nor all fall"),
        ("score = [{ at = 80, points = 4 }, { at = 85, points = 4 }, { at = 90, points = 2 }]", "neither all rise nor all fall"),
        ("score = [{ at = 80, points = 4 }]", "one point makes no line"),
        ("score = []", "there are no points"),
        ("score = [{ at = 80 }]", "points is missing"),
        ("score = [{ at = 80, point = 4 }]", "unknown key 'point'"),
        ("score = 5", "points, or a table"),
        ('score = { rank_of = "entity", best = 1, worst = 4 }', "entities"),
        ('score = { rank_of = "entities", best = 1 }', "worst is missing"),
        ('score = { rank_of = "entities", best = 1, worst = 1 }', "best and worst are one score"),
        (f'score = {POINTS}\n[kpi.k.entities."E"]\nscore = {{ rank_of = "entities", best = 1, worst = 4 }}', "among all entities"),
    ],
)  # fmt: skip
def test_what_scores_nothing_is_an_error(kpi: str, said: str) -> None:
    """Points out of order, too few, not in one direction; a rank that nobody can have."""
    with pytest.raises(ragengine.RulebookError) as caught:
        ragengine.load(texts(f"{BASE}{kpi}\n"))

    assert any(said in str(problem) for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(
    ("kpi", "said"),
    [
        ('words = { yes = "green", no = "red" }', "words are no numbers"), ('direction = "monitor"', "what is monitored is grey"),
        ('direction = "within"\ntarget = { min = 1, max = 2 }\ntolerance = 0', None),
    ],
)  # fmt: skip
def test_a_score_wants_a_number_that_is_rated(kpi: str, said: str | None) -> None:
    """Of words and of what is monitored there is none; a range may have one along its values, and no rank."""
    if said is None:
        ragengine.load(texts(f"{kpi}\nscore = {POINTS}\n"))
        said, score = "a rank wants one better end", 'score = { rank_of = "entities", best = 1, worst = 4 }'
    else:
        score = f"score = {POINTS}"
    with pytest.raises(ragengine.RulebookError) as caught:
        ragengine.load(texts(f"{kpi}\n{score}\n"))

    assert any(said in str(problem) for problem in caught.value.problems), caught.value.problems


def test_a_case_may_expect_a_score() -> None:
    """As it may a shortfall."""
    cases = (
        '[[case]]\nname = "N"\nkpi = "a.k"\nperiod = "2025-06"\nvalue = 85\nexpect = {{ rag = "amber", score = {} }}\n'
    )
    for score, passed in (("3", True), ("3.1", False)):
        book = ragengine.load({**texts(), "a.cases.toml": cases.format(score)})
        assert [passed] == [result.passed for result in run_cases(book.rules)]
