"""Children's levels become an area's by the policy written, and the text says which rule and which children decided."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.data.collection import Data
from ragengine.data.door import measurement_of
from ragengine.rollup.area_rating import AreaRating

BOOK = '[book]\ntitle = "Plan"\nedition = "E"\nmissing = "grey"\n'
#: the policy of DESIGN's example
RULES = """
[rollup]
minimum_coverage = "60%"
rules = [
  { rag = "red",   when = "critical_red >= 1 or red > rated / 2" },
  { rag = "amber", when = "red >= 1 or amber > rated / 4" },
  { rag = "green" },
]
"""
WORST = '[rollup]\nmethod = "worst"\n'
POINTS = """
[rollup]
method = "points"
bands  = [{ rag = "green", from = 2.5 }, { rag = "amber", from = 1.5, below = 2.5 }, { rag = "red", below = 1.5 }]
"""
SHARE = """
[rollup]
method = "share"
bands  = [{ rag = "green", from = 75 }, { rag = "amber", from = 50, below = 75 }, { rag = "red", below = 50 }]
"""
VALUES = {"r": 10, "a": 85, "g": 95, ".": "c"}
PERIOD = ragengine.parse_period("Jul-20")


def area(policy: str, levels: str, **more: str) -> tuple[ragengine.Rulebook, Data]:
    """An area ``a`` with a KPI for each letter of ``levels`` (r, a, g, or . for grey), k0 first; ``more`` by KPI."""
    text = '[area]\ntitle = "A"\n'
    for n in range(len(levels)):
        text += f'[kpi.k{n}]\ntitle = "K{n}"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
        text += more.get(f"k{n}", "")
    rows = [measurement_of(f"a.k{n}", value=VALUES[letter], period=PERIOD) for n, letter in enumerate(levels)]
    return ragengine.load({"book.toml": BOOK + policy, "a.toml": text}), Data(tuple(rows))


def rolled(policy: str, levels: str, **more: str) -> AreaRating:
    """The area's rating."""
    book, data = area(policy, levels, **more)
    return book.score(data, as_at="Jul-20").areas["a"]


@pytest.mark.parametrize(
    ("policy", "levels", "expected"),
    [
        (RULES, "gggg", "green"),
        (RULES, "gggga", "green"),
        (RULES, "ggga", "green"),
        (RULES, "ggaa", "amber"),
        (RULES, "gggaa", "amber"),
        (RULES, "gggr", "amber"),
        (RULES, "ggrr", "amber"),
        (RULES, "grr", "red"),
        (RULES, "r", "red"),
        (RULES, "ggg..", "green"),
        (RULES, "gg..", "grey"),
        (RULES, "rr..", "grey"),
        (RULES, "rrr..", "red"),
        (WORST, "gag", "amber"),
        (WORST, "gar", "red"),
        (WORST, "g..", "green"),
        (WORST, "...", "grey"),
        (POINTS, "gggg", "green"),
        (POINTS, "ga", "green"),
        (POINTS, "gaa", "amber"),
        (POINTS, "ar", "amber"),
        (POINTS, "arr", "red"),
        (POINTS, "g.a", "green"),
        (SHARE, "ggga", "green"),
        (SHARE, "gggaa", "amber"),
        (SHARE, "ga", "amber"),
        (SHARE, "gra", "red"),
        (SHARE, "ggg.a", "green"),
        (SHARE + 'of = "amber"\n', "gaar", "green"),
        (SHARE + 'of = "amber"\n', "garr", "amber"),
    ],
)
def test_a_policy_makes_a_level_of_children(policy: str, levels: str, expected: str) -> None:
    """Each method on its lines; grey counts as nothing but grey."""
    rating = rolled(policy, levels)

    assert (expected, expected) == (rating.computed, rating.rag)
    assert (expected == "grey") == (rating.reason == "insufficient coverage")


@pytest.mark.parametrize(
    ("coverage", "levels", "expected"),
    [
        ("60%", "ggg..", "green"),
        ("60%", "gg...", "grey"),
        ("60%", "gggg...", "grey"),
        ("50%", "g.", "green"),
        ("51%", "g.", "grey"),
        ("0%", "g....", "green"),
        ("0%", "....", "grey"),
        ("100%", "gg", "green"),
        ("100%", "gg.", "grey"),
    ],
)
@pytest.mark.parametrize("policy", [WORST, POINTS, SHARE, RULES.replace('minimum_coverage = "60%"\n', "")])
def test_coverage_is_reached_when_it_is_met_exactly(policy: str, coverage: str, levels: str, expected: str) -> None:
    """So many of the children must be rated, by any method; nothing rated is never enough."""
    rating = rolled(policy + f'minimum_coverage = "{coverage}"\n', levels)

    assert expected == rating.rag


def test_insufficient_coverage_says_how_much_is_needed() -> None:
    """The reason and the numbers, and no rule is asked."""
    rating = rolled(RULES, "gr...")

    assert ("insufficient coverage", ()) == (rating.reason, rating.rules)
    assert "2 of 5 rated, and 60% is the least." in rating.explain()


@pytest.mark.parametrize(("more", "expected"), [({"k0": "critical = true\n"}, "red"), ({}, "amber")])
def test_a_critical_red_may_decide_alone(more: dict[str, str], expected: str) -> None:
    """One critical red of six makes the area red; the same red that is not critical makes it amber."""
    assert expected == rolled(RULES, "rggggg", **more).rag


@pytest.mark.parametrize(("weight", "expected"), [("1", "amber"), ("2.9", "amber"), ("3", "green"), ("0", "red")])
def test_weights_count_in_points(weight: str, expected: str) -> None:
    """A green of weight w beside a red of weight 1: (3w + 1) / (w + 1) points, 2.5 at w = 3."""
    assert expected == rolled(POINTS, "gr", k0=f"weight = {weight}\n").rag


def test_weights_do_not_count_in_share() -> None:
    """Each child counts once, whatever its weight."""
    assert "amber" == rolled(SHARE, "gr", k0="weight = 100\n").rag


def test_a_child_may_be_left_out_of_its_area() -> None:
    """``in_rollup = false`` is rated and shown, and counts for nothing above."""
    book, data = area(WORST, "gr", k1="in_rollup = false\n")
    card = book.score(data, as_at="Jul-20")

    assert ("red", "green") == (card.ratings["a.k1"].rag, card.areas["a"].rag)
    assert ({"red": 0, "amber": 0, "green": 1, "grey": 0}, 1) == (card.areas["a"].counts, card.areas["a"].total)


def test_child_areas_roll_up_into_their_parent() -> None:
    """A child area counts once, with its own agreed level, by its own policy; then the programme by the book's."""
    kpi = '[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
    other = kpi.replace("kpi.k", "kpi.j")
    child = '[area]\ntitle = "Child"\nparent = "top"\n' + kpi + other + POINTS
    book = ragengine.load({"book.toml": BOOK + WORST, "top.toml": '[area]\ntitle = "Top"\n' + kpi, "low.toml": child})
    values = {"top.k": 95, "low.k": 95, "low.j": 10}
    rows = tuple(measurement_of(name, value=value, period=PERIOD) for name, value in values.items())

    card = book.score(Data(rows), as_at="Jul-20")

    assert ("amber", "amber", "amber") == (card.areas["low"].rag, card.areas["top"].rag, card.programme.rag)
    assert ["top.k", "low"] == [child.id for child in card.areas["top"].children]
    assert ["top"] == [child.id for child in card.programme.children]


OVERRIDE = """\
[[override]]
subject = "a"
{}
from = 2020-07-01
until = {}
reason = "Board's view of the sample"
authority = "Board"
"""


@pytest.mark.parametrize(
    ("effect", "until", "levels", "expected", "agreed"),
    [
        ('rag = "amber"', "2020-07-31", "gggg", "green", "amber"),
        ('rag = "amber"', "2020-07-30", "gggg", "green", "green"),
        ('rag = "red"', "2020-07-31", "....", "grey", "red"),
        ('no_better_than = "amber"', "2020-07-31", "gggg", "green", "amber"),
        ('no_worse_than = "amber"', "2020-07-31", "rrrr", "red", "amber"),
        ('no_worse_than = "amber"', "2020-07-31", "....", "grey", "grey"),
    ],
)
def test_an_agreed_level_stands_beside_the_computed_one(
    tmp_path: Path, effect: str, until: str, levels: str, expected: str, agreed: str
) -> None:
    """An area's human judgement is an override: both levels are shown, and a lapsed one is said and not applied."""
    (tmp_path / "overrides.toml").write_text(OVERRIDE.format(effect, until), encoding="utf-8")
    book, data = area(WORST, levels)
    rating = book.score(data + ragengine.read(tmp_path), as_at="Jul-20").areas["a"]

    assert (expected, agreed) == (rating.computed, rating.rag)
    assert "Board's view of the sample" in rating.explain()
    assert ("lapsed" in rating.explain()) == (until == "2020-07-30")


def test_the_text_names_the_rule_that_matched_and_those_that_did_not() -> None:
    """Each rule that was asked, with the counts it was asked about, and the children that decided."""
    rating = rolled(RULES, "ggrg")

    assert rating.explain().splitlines()[:4] == [
        "Amber. A, July 2020: 4 of 4 rated (1 red, 3 green).",
        "Not red: critical_red >= 1 or red > rated / 2 does not hold (critical_red is 0, rated is 4, red is 1).",
        "Computed Amber: red >= 1 or amber > rated / 4 (amber is 0, rated is 4, red is 1).",
        "Decided by a.k2 (Red).",
    ]


@pytest.mark.parametrize(
    ("policy", "levels", "critical", "deciding"),
    [
        (RULES, "gggg", "", []),
        (RULES, "grrr", "", ["a.k1", "a.k2", "a.k3"]),
        (RULES, "grrrr", "", ["a.k1", "a.k2", "a.k3"]),
        (RULES, "rrgrg", "k1", ["a.k1"]),
        (RULES, "aaggg", "", ["a.k0", "a.k1"]),
        (WORST, "garag", "", ["a.k2"]),
        (WORST, "gaag", "", ["a.k1"]),
        (SHARE, "rgg", "", ["a.k0"]),
        (POINTS, "rrr", "", ["a.k0", "a.k1", "a.k2"]),
        (WORST, "g.", "", []),
    ],
)
def test_the_smallest_set_of_children_that_decided(
    policy: str, levels: str, critical: str, deciding: list[str]
) -> None:
    """Were all others at the best level the area's would be the same; without one of these it would not."""
    more = {critical: "critical = true\n"} if critical else {}

    assert deciding == list(rolled(policy, levels, **more).deciding)


def test_an_area_of_an_entity_rolls_up_that_entitys_rows() -> None:
    """Rows by entity make an area for each; the whole rolls up the rows without one where there are any."""
    book, _ = area(WORST, "g")
    given = {None: 95, "E1": 85, "E2": 10}
    rows = tuple(measurement_of("a.k0", value=v, entity=entity, period=PERIOD) for entity, v in given.items())

    areas = book.score(Data(rows), as_at="Jul-20").areas

    assert ["green", "amber", "red"] == [str(areas[key].rag) for key in ("a", ("a", "E1"), ("a", "E2"))]


def test_a_kpi_only_reported_by_entity_counts_once_for_each() -> None:
    """The area of the whole has a child for each entity where there is no row for the whole."""
    book, _ = area(POINTS, "g")
    rows = tuple(measurement_of("a.k0", value=v, entity=e, period=PERIOD) for e, v in {"E1": 95, "E2": 95}.items())

    rating = book.score(Data(rows), as_at="Jul-20").areas["a"]

    assert (["a.k0, E1", "a.k0, E2"], 2) == ([child.id for child in rating.children], rating.counts["green"])


@given(
    st.sampled_from([RULES, WORST, POINTS, SHARE, SHARE + 'of = "amber"\n']),
    st.text("rag.", min_size=1, max_size=6),
    st.data(),
)
def test_improving_a_child_never_worsens_its_area(policy: str, levels: str, data: st.DataObject) -> None:
    """One rated child a level better: the area is as it was or better, by every method, weights and critical too."""
    weak = [n for n, letter in enumerate(levels) if letter in "ra"]
    if not weak:
        return
    more = {
        f"k{n}": f"weight = {data.draw(st.integers(1, 4))}\ncritical = {str(data.draw(st.booleans())).lower()}\n"
        for n in range(len(levels))
    }
    which = data.draw(st.sampled_from(weak))
    improved = levels[:which] + ("a" if levels[which] == "r" else "g") + levels[which + 1 :]
    before, after = rolled(policy, levels, **more).rag, rolled(policy, improved, **more).rag

    assert before.is_grey == after.is_grey
    assert before.is_grey or after >= before


def test_a_roll_up_that_punishes_improvement_is_warned_of() -> None:
    """A policy with a counter-example is told with it when the rules are checked."""
    odd = '[rollup]\nrules = [{ rag = "red", when = "amber >= 1" }, { rag = "green" }]\n'
    problems = ragengine.check({"book.toml": BOOK + odd, "a.toml": '[area]\ntitle = "A"\n'})

    assert any("improv" in problem.message for problem in problems), [str(problem) for problem in problems]
