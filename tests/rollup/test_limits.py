"""Caps, floors and the mean of the worst: what limits an area, what is said of it, and where both levels stand."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import ragengine
from ragengine.rollup.policy import decide
from ragengine.rollup.tally import Child
from ragengine.terms import AMBER, DEFAULT_SCALE, GREEN, GREY, RED, Rag

BANDS = (
    'bands = [{ rag = "green", from = 2.5 }, { rag = "amber", from = 1.5, below = 2.5 }, { rag = "red", below = 1.5 }]'
)
BY_POINTS = f'method = "points"\n{BANDS}\n'
KPI = '[kpi.{}]\ntitle = "{}"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = "5 days"\n'
NAMES = {"deficit": "Deficit", "seen": "Seen", "paid": "Paid", "held": "Held"}
AREA = '[area]\ntitle = "Finance"\n' + "".join(KPI.format(*each) for each in NAMES.items())
#: values for each level
VALUE = {RED: 20, AMBER: 7, GREEN: 1}


def book(rollup: str, **areas: str) -> ragengine.Rulebook:
    """A book with this roll-up, and the area above unless others are given."""
    head = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    files = {f"{name}.toml": text for name, text in areas.items()} or {"finance.toml": AREA}
    return ragengine.load({"book.toml": f"{head}[rollup]\n{rollup}", **files})


def faults(rollup: str, **areas: str) -> list[str]:
    """What is wrong with it."""
    with pytest.raises(ragengine.RulebookError) as caught:
        book(rollup, **areas)
    return [str(problem) for problem in caught.value.problems if problem.is_error]


def card(of: ragengine.Rulebook, entity: str | None = None, **levels: Rag) -> ragengine.Scorecard:
    """The scorecard in which each KPI of the area is at a level; one that is not named has no value."""
    rows = [
        {"kpi": f"finance.{name}", "period": "2025-06", "value": VALUE[level], "entity": entity}
        for name, level in levels.items()
    ]
    return of.score(ragengine.Data.of(measurements=rows), as_at="2025-06")


def three(of: ragengine.Rulebook, **levels: Rag) -> tuple[str, str, str]:
    """Computed, adjusted and final level of the area."""
    area = card(of, **levels).areas["finance"]
    return str(area.computed), str(area.adjusted), str(area.rag)


@pytest.mark.parametrize(
    ("deficit", "expected"),
    # points of 1, 3, 3, 3 have a mean of 2.5, which is green; 2, 3, 3, 3 of 2.75
    [(RED, ("green", "amber", "amber")), (AMBER, ("green", "green", "green")), (GREEN, ("green", "green", "green"))],
)
def test_a_cap_holds_from_the_level_of_its_child(deficit: Rag, expected: tuple[str, str, str]) -> None:
    """At red it is no better than amber; at the level above it is as computed."""
    capped = book(BY_POINTS + 'caps = [{ no_better_than = "amber", child = "deficit", at = "red" }]')

    assert expected == three(capped, deficit=deficit, seen=GREEN, paid=GREEN, held=GREEN)


def test_a_cap_holds_at_every_worse_level_of_its_child() -> None:
    """``at = "amber"`` holds at red as well."""
    capped = book('method = "share"\nbands = [{ rag = "green", from = 50 }, { rag = "red", below = 50 }]\n'
                  'caps = [{ no_better_than = "red", child = "finance.deficit", at = "amber" }]')  # fmt: skip

    assert ("green", "red", "red") == three(capped, deficit=RED, seen=GREEN, paid=GREEN, held=GREEN)
    assert ("green", "red", "red") == three(capped, deficit=AMBER, seen=GREEN, paid=GREEN, held=GREEN)
    assert ("green", "green", "green") == three(capped, deficit=GREEN, seen=GREEN, paid=GREEN, held=GREEN)


def test_a_grey_child_caps_nothing() -> None:
    """Nor does one that the area has not."""
    capped = book(BY_POINTS + 'caps = [{ no_better_than = "red", child = "deficit", at = "amber" }]')

    assert ("green", "green", "green") == three(capped, seen=GREEN, paid=GREEN, held=GREEN)


@pytest.mark.parametrize(("reds", "expected"), [(1, "green"), (2, "amber"), (3, "amber")])
def test_a_cap_by_condition_counts_as_rules_do(reds: int, expected: str) -> None:
    """``red >= 2`` holds on its line, and not below it."""
    capped = book('method = "share"\nof = "red"\nbands = [{ rag = "green" }]\n'
                  'caps = [{ no_better_than = "amber", when = "red >= 2" }]')  # fmt: skip
    levels = dict(zip(NAMES, [RED] * reds + [GREEN] * (4 - reds), strict=True))

    assert ("green", expected, expected) == three(capped, **levels)


def test_floors_come_after_caps() -> None:
    """Where both hold, the area is no worse than the floor; what is grey stays grey."""
    limits = ('caps = [{ no_better_than = "red", when = "red >= 1" }]\n'
              'floors = [{ no_worse_than = "amber", when = "green >= 2" }]')  # fmt: skip
    both = book(BY_POINTS + limits + '\nminimum_coverage = "75%"')

    assert ("amber", "amber", "amber") == three(both, deficit=RED, seen=RED, paid=GREEN, held=GREEN)
    assert ("amber", "red", "red") == three(both, deficit=RED, seen=AMBER, paid=AMBER, held=GREEN)
    assert ("grey", "grey", "grey") == three(both, deficit=RED, seen=GREEN)


def test_a_condition_that_divides_by_zero_limits_nothing() -> None:
    """As a ``when`` grants nothing that cannot be shown."""
    capped = book(BY_POINTS + 'caps = [{ no_better_than = "red", when = "total / grey > 1" }]')

    assert ("green", "green", "green") == three(capped, deficit=GREEN, seen=GREEN, paid=GREEN, held=GREEN)


def test_in_an_area_of_an_entity_it_is_that_entitys_child() -> None:
    """The whole, whose KPI is only reported by entity, has it at the worst level of theirs."""
    capped = book('method = "share"\nbands = [{ rag = "green" }]\n'
                  'caps = [{ no_better_than = "amber", child = "deficit", at = "red" }]')  # fmt: skip
    rows = [{"kpi": "finance.deficit", "period": "2025-06", "value": v, "entity": e} for e, v in (("A", 20), ("B", 1))]
    areas = capped.score(ragengine.Data.of(measurements=rows), as_at="2025-06").areas

    assert ["amber", "green", "amber"] == [str(areas[key].rag) for key in (("finance", "A"), ("finance", "B"), "finance")]  # type: ignore[index]  # fmt: skip


def test_a_child_area_caps_its_parent_and_an_area_the_programme() -> None:
    """A child is a KPI, an action or an area directly under the area; the book's roll-up is the programme's too."""
    cap = 'caps = [{{ no_better_than = "red", child = "{}", at = "amber" }}]\n'
    share = 'method = "share"\nbands = [{ rag = "green" }]\n'
    ward = '[area]\ntitle = "Ward"\nparent = "finance"\n' + KPI.format("beds", "Beds")
    areas = {"finance": f"{AREA}[rollup]\n{share}{cap.format('ward')}", "ward": ward}
    one = book('method = "worst"\n' + cap.format("finance"), **areas)
    rows = [
        {"kpi": "ward.beds", "period": "2025-06", "value": 7},
        {"kpi": "finance.seen", "period": "2025-06", "value": 1},
    ]
    made = one.score(ragengine.Data.of(measurements=rows), as_at="2025-06")

    assert ("amber", "red", "red") == (made.areas["ward"].rag, made.areas["finance"].rag, made.programme.rag)
    assert ("green", "red") == (made.areas["finance"].computed, made.programme.computed)


@pytest.mark.parametrize(
    ("levels", "score", "expected"),
    [
        ((RED, RED, GREEN, GREEN), 1, RED), ((RED, AMBER, GREEN, GREEN), Fraction(3, 2), AMBER),
        ((AMBER, AMBER, GREEN, GREEN), 2, AMBER), ((AMBER, GREEN, GREEN, GREEN), Fraction(5, 2), GREEN),
        ((RED,), 1, RED), ((RED, GREY, GREY, GREY), 1, RED), ((GREY,), None, GREY),
    ],
)  # fmt: skip
def test_worst_two_is_the_mean_of_the_two_worst(levels: tuple[Rag, ...], score: Fraction | None, expected: Rag) -> None:
    """Of all where there are fewer; grey ones are none of them, and the bands judge the mean on their lines."""
    policy = book(BY_POINTS + 'of = "worst 2"').rules.rollup
    decision = decide(policy, DEFAULT_SCALE, [Child(str(n), level) for n, level in enumerate(levels)])

    assert (score, expected) == (decision.score, decision.rag)


def test_the_worst_of_bands_that_fall_have_the_most_points() -> None:
    """Where the bands say that less is better, as with scores from 1 (best) to 4."""
    levels = "".join(
        f'[[scale.levels]]\nid = "{level}"\nlabel = "{level}"\nsymbol = "s"\ncolour = "#000000"\npoints = {points}\n'
        for level, points in (("poor", 4), ("fair", 2), ("good", 1))
    )
    bands = 'bands = [{ rag = "good", to = 2 }, { rag = "fair", above = 2, to = 3 }, { rag = "poor", above = 3 }]\n'
    one = book(f'method = "points"\nof = "worst 2"\n{bands}{levels}', a='[area]\ntitle = "A"\n')
    poor, fair, good = one.rules.scale.levels
    decision = decide(
        one.rules.rollup, one.rules.scale, [Child(str(n), rag) for n, rag in enumerate((good, fair, good, poor))]
    )

    assert (Fraction(3), "fair") == (decision.score, decision.rag)


def test_the_weight_of_a_child_is_no_part_of_the_worst_but_for_nought() -> None:
    """A child of weight 0 is left out; heavier ones count once."""
    policy = book(BY_POINTS + 'of = "worst 2"').rules.rollup
    children = [Child("a", RED, weight=Fraction(0)), Child("b", AMBER, weight=Fraction(9)), Child("c", GREEN)]

    assert Fraction(5, 2) == decide(policy, DEFAULT_SCALE, children).score


def test_a_child_that_weighs_nothing_caps_all_the_same() -> None:
    """It is under the area, and rated: only the mean leaves it out."""
    text = AREA.replace('title = "Deficit"\n', 'title = "Deficit"\nweight = 0\n')
    capped = book(BY_POINTS + 'caps = [{ no_better_than = "amber", child = "deficit", at = "red" }]', finance=text)

    assert ("green", "amber", "amber") == three(capped, deficit=RED, seen=GREEN, paid=GREEN, held=GREEN)


CAPPED = BY_POINTS + (
    'caps = [{ no_better_than = "amber", child = "deficit", at = "red" }, { no_better_than = "red", when = "red >= 2" }]\n'
    'floors = [{ no_worse_than = "red", when = "red >= 1" }]'
)


def test_the_explanation_says_what_limited_and_what_did_not() -> None:
    """Both levels, the condition, what it was asked of; and the child that decided."""
    area = card(book(CAPPED), deficit=RED, seen=GREEN, paid=GREEN, held=GREEN).areas["finance"]

    assert [
        "Amber. Finance, June 2025: 4 of 4 rated (1 red, 3 green).",
        "Computed Green: a score of 2.5 points.",
        "Limited to Amber: deficit at red or worse (finance.deficit is red); computed Green.",
        "Not held to be no better than Red: red >= 2 does not hold (red is 1).",
        "No worse than Red, which changes nothing: red >= 1 (red is 1).",
        "Decided by finance.deficit (Red).",
    ] == area.explain().splitlines()[:6]


def test_an_override_stands_beside_what_was_computed_and_limited() -> None:
    """Three levels, each said."""
    data = ragengine.Data.of(
        measurements=[
            {"kpi": f"finance.{name}", "period": "2025-06", "value": 20 if name == "deficit" else 1} for name in NAMES
        ],
        overrides=[{"subject": "finance", "rag": "red", "from": "2025-06-01", "until": "2025-07-31", "reason": "Audit",
                    "authority": "Board"}],
    )  # fmt: skip
    area = book(CAPPED).score(data, as_at="2025-06").areas["finance"]

    assert ("green", "amber", "red") == (area.computed, area.adjusted, area.rag)
    assert "Computed Green, limited to Amber, agreed as Red: Audit" in area.explain()


def test_the_json_holds_what_each_limit_did_and_reads_back() -> None:
    """And the table of a scorecard has the three levels."""
    made = card(book(CAPPED), deficit=RED, seen=GREEN, paid=GREEN, held=GREEN)
    told = json.loads(made.to_json())["areas"][0]
    again = ragengine.Scorecard.from_json(made.to_json())

    assert ("green", "amber", "amber") == (told["computed"], told["adjusted"], told["rag"])
    assert {
        "effect": "no_better_than", "level": "amber", "condition": "deficit at red or worse", "holds": True,
        "why": "finance.deficit is red", "changed": True, "child": "finance.deficit", "at": "red",
    } == told["limits"][0]  # fmt: skip
    assert again.to_json() == made.to_json()
    assert again.areas["finance"].limits == made.areas["finance"].limits
    row = made.to_frame("polars").row(0, named=True)
    assert ("green", "amber", "amber") == (row["computed"], row["adjusted"], row["rag"])


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ('caps = [{ no_better_than = "amber", child = "defict", at = "red" }]', "did you mean deficit?"),
        ('caps = [{ no_better_than = "purple", when = "red >= 1" }]', "the scale has no level 'purple'"),
        ('caps = [{ no_better_than = "grey", when = "red >= 1" }]', "the scale has no level 'grey'"),
        ('caps = [{ no_better_than = "amber", child = "deficit", at = "bad" }]', "the scale has no level 'bad'"),
        ('caps = [{ no_better_than = "amber", child = "deficit" }]', "at is missing"),
        ('caps = [{ no_better_than = "amber" }]', "neither when nor child"),
        ('caps = [{ when = "red >= 1" }]', "no_better_than is missing"),
        ('caps = [{ no_better_than = "amber", when = "red >= 1", child = "deficit", at = "red" }]', "both given"),
        ('caps = [{ no_better_than = "amber", when = "red >= 1", at = "red" }]', "at is the level of a child"),
        ('caps = [{ no_worse_than = "amber", when = "red >= 1" }]', "unknown key 'no_worse_than'"),
        ('floors = [{ no_worse_than = "amber", when = "purple >= 1" }]', "purple"),
        ("caps = []", "caps is empty"),
        ("caps = 5", "caps"),
        ('of = "worst 0"', "is no part of the children"),
        ('of = "amber"', "is no part of the children"),
    ],
)  # fmt: skip
def test_what_cannot_limit_is_an_error(limit: str, said: str) -> None:
    """Unknown children and levels, keys that are missing or do not go together, and empty lists."""
    found = faults(BY_POINTS + limit)

    assert any(said in problem for problem in found), found


def test_the_worst_want_bands_that_say_which_they_are() -> None:
    """Bands that rise and fall again do not."""
    bands = (
        'bands = [{ rag = "red", below = 1.5 }, { rag = "green", from = 1.5, below = 2 }, { rag = "amber", from = 2 }]'
    )
    found = faults(f'method = "points"\nof = "worst 2"\n{bands}')

    assert any("neither rise nor fall" in problem for problem in found)


def test_a_child_that_is_left_out_limits_nothing_and_is_refused() -> None:
    """``in_rollup = false`` leaves it out of its area."""
    text = AREA.replace('title = "Deficit"\n', 'title = "Deficit"\nin_rollup = false\n')
    found = faults(BY_POINTS + 'caps = [{ no_better_than = "amber", child = "deficit", at = "red" }]', finance=text)

    assert any("finance.deficit is left out of its area" in problem for problem in found)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ('caps = [{ no_better_than = "green", when = "red >= 1" }]', "no children are limited by it"),
        ('caps = [{ no_better_than = "amber", when = "red > total" }]', "no children are limited by it"),
        ('floors = [{ no_worse_than = "red", when = "green >= 1" }]', "no children are limited by it"),
        ('caps = [{ no_better_than = "red", when = "green >= 2" }]', "improving a child can worsen the area"),
        ('floors = [{ no_worse_than = "amber", child = "deficit", at = "red" }]', "improving a child can worsen"),
    ],
)
def test_check_warns_of_a_limit_without_effect_and_of_one_that_punishes(limit: str, said: str) -> None:
    """A sound one is not told of."""
    sound = 'caps = [{ no_better_than = "amber", child = "deficit", at = "red" }]'
    texts = {
        "book.toml": f'[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n[rollup]\n{BY_POINTS}',
        "finance.toml": AREA,
    }

    def found(limits: str) -> str:
        problems = ragengine.check({**texts, "book.toml": texts["book.toml"] + limits})
        return "\n".join(str(p) for p in problems if p.code in ("RAG024", "RAG054"))

    assert said in found(limit)
    assert found(sound) == ""
