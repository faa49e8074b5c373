"""Areas that roll up scores: the mean, the bands that say which way is better, and who decided."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.cli import main
from ragengine.rollup.deciding import deciding_children
from ragengine.rollup.policy import decide
from ragengine.rollup.tally import Child
from ragengine.terms import AMBER, DEFAULT_SCALE, GREEN, RED, Rag

F = Fraction
BANDS = 'bands = [{ rag = "green", to = 2 }, { rag = "amber", above = 2, to = 3 }, { rag = "red", above = 3 }]\n'
ROLLUP = f'[rollup]\nmethod = "points"\n{BANDS}'
RISING = "score = [{ at = 80, points = 4 }, { at = 95, points = 1 }]\n"
RANKED = 'score = { rank_of = "entities", best = 1, worst = 4 }\n'
KPI = '[kpi.{}]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
HEAD = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
TRUST = '[area]\ntitle = "Trust"\n' + "".join(KPI.format(name) + RISING for name in "abc")


def book(rollup: str = ROLLUP, **areas: str) -> ragengine.Rulebook:
    """A book with this roll-up and these areas, one trust of three scored KPIs where none are given."""
    return ragengine.load(
        {"book.toml": HEAD + rollup, **{f"{n}.toml": t for n, t in (areas or {"trust": TRUST}).items()}}
    )


def card(of: ragengine.Rulebook, entity: str | None = None, **values: Any) -> ragengine.Scorecard:
    """The scorecard of these values, by the KPIs' names with the area in front."""
    rows = [
        {"kpi": name.replace("_", "."), "period": "2025-06", "value": value, "entity": entity}
        for name, value in values.items()
    ]
    return of.score(ragengine.Data.of(measurements=rows), as_at="2025-06")


@pytest.mark.parametrize(
    ("values", "score", "level"),
    # 95 scores 1, 90 scores 2, 85 scores 3, 80 scores 4
    [((95, 90, 85), 2, "green"), ((95, 90, "84.9"), F("6.02") / 3, "amber"), ((85, 85, 85), 3, "amber"), ((80, 85, 85), F(10, 3), "red")],
)  # fmt: skip
def test_the_mean_of_scores_is_looked_up_in_the_bands(values: Sequence[Any], score: Fraction, level: str) -> None:
    """On their lines and beyond them; less is better where the bands say so."""
    area = card(book(), **dict(zip(("trust_a", "trust_b", "trust_c"), values, strict=True))).areas["trust"]

    assert (score, level) == (area.score, area.rag)


def test_weights_weigh_scores_and_grey_children_have_none() -> None:
    """2 x 1 and 1 x 4: the mean is 2; the third is suppressed."""
    heavy = TRUST.replace('[kpi.a]\ntitle = "K"\n', '[kpi.a]\ntitle = "K"\nweight = 2\n')
    area = card(book(trust=heavy), trust_a=95, trust_b=80, trust_c="c").areas["trust"]

    assert (2, "green", 2) == (area.score, area.rag, area.rated)
    assert [(2, 1), (1, 4), (1, None)] == [(child.weight, child.points) for child in area.children]


def test_a_level_without_a_score_is_no_part_of_the_mean() -> None:
    """By judgement on what has no value: the mean is of the others, and coverage counts it as not rated."""
    full = book(ROLLUP + 'minimum_coverage = "100%"\n')
    override = {
        "subject": "trust.c",
        "rag": "red",
        "from": "2025-06-01",
        "until": "2025-07-31",
        "reason": "R",
        "authority": "A",
    }
    rows = [{"kpi": f"trust.{name}", "period": "2025-06", "value": 95} for name in "ab"]
    data = ragengine.Data.of(measurements=rows, overrides=[override])

    assert (1, "green") == (book().score(data, as_at="2025-06").areas["trust"].score, book().score(data, as_at="2025-06").areas["trust"].rag)  # fmt: skip
    area = full.score(data, as_at="2025-06").areas["trust"]
    assert ("grey", "2 of 3 rated, and 100% is the least") == (area.rag, area.why)
    alone = book().score(ragengine.Data.of(overrides=[override]), as_at="2025-06").areas["trust"]
    assert ("grey", "none of 3 has a score") == (alone.rag, alone.why)


def test_the_worst_two_are_those_that_score_most_where_less_is_better() -> None:
    """Of 1, 2 and 4 the worst two have a mean of 3."""
    area = card(book(ROLLUP + 'of = "worst 2"\n'), trust_a=95, trust_b=90, trust_c=80).areas["trust"]

    assert (3, "amber") == (area.score, area.rag)
    assert "Computed Amber: a score of 3 points, the mean of the worst 2." in area.explain()


def test_ranks_roll_up_by_entity_and_into_the_whole() -> None:
    """Each entity's area has its own scores; in the whole each counts once. The programme takes the areas' means."""
    ranked = book(trust='[area]\ntitle = "Trust"\n' + "".join(KPI.format(name) + RANKED for name in "ab"))
    values = {"A": (95, 70), "B": (90, 80), "C": (85, 90)}
    rows = [
        {"kpi": f"trust.{k}", "period": "2025-06", "value": v, "entity": e}
        for e, own in values.items()
        for k, v in zip("ab", own, strict=True)
    ]
    made = ranked.score(ragengine.Data.of(measurements=rows), as_at="2025-06")

    # a ranks A, B, C; b ranks C, B, A: of three ranks 1, 2, 3 score 1, 2.5, 4
    assert [F(5, 2)] * 3 == [made.areas["trust", entity].score for entity in "ABC"]
    assert (F(5, 2), F(5, 2), "amber") == (made.areas["trust"].score, made.programme.score, made.programme.rag)


def test_a_child_area_has_the_score_that_it_rolls_up() -> None:
    """A parent with KPIs of its own takes the mean of its domain as one of its scores."""
    domain = '[area]\ntitle = "Domain"\nparent = "trust"\n' + KPI.format("d") + RISING
    made = card(book(trust=TRUST, domain=domain), trust_a=95, trust_b=95, trust_c=95, domain_d=80)

    assert (4, "red") == (made.areas["domain"].score, made.areas["domain"].rag)
    assert (F(7, 4), F(7, 4)) == (made.areas["trust"].score, made.programme.score)


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ({"trust": TRUST + KPI.format("d")}, "trust.a has a score, and trust.d has none"),
        ({"trust": TRUST + '[action.x]\ntitle = "X"\ndue = "Sep-25"\n'}, "trust.a has a score, and trust.x has none"),
        ({"trust": TRUST, "other": '[area]\ntitle = "O"\n' + KPI.format("d")}, "trust has a score, and other has none"),
    ],
)
def test_some_children_with_a_score_and_some_without_are_refused(areas: dict[str, str], said: str) -> None:
    """KPIs, actions and areas; what is left out may lack one."""
    with pytest.raises(ragengine.RulebookError) as caught:
        book(**areas)

    assert any(said in str(problem) for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize("out", ["weight = 0\n", "in_rollup = false\n"])
def test_what_is_left_out_needs_no_score(out: str) -> None:
    """A flag that only caps weighs nothing."""
    text = TRUST + KPI.format("flag") + out
    area = card(book(trust=text), trust_a=95, trust_b=95, trust_c=95, trust_flag=0).areas["trust"]

    assert 1 == area.score


def test_scores_mean_nothing_to_other_methods() -> None:
    """By the worst level the levels count."""
    area = card(book('[rollup]\nmethod = "worst"\n'), trust_a=95, trust_b=79, trust_c=95).areas["trust"]

    assert ("red", None) == (area.rag, area.score)


def test_the_explanation_prints_a_mean_on_its_side_of_the_line() -> None:
    """A mean of 2.0000667 is more than 2, and is printed so."""
    area = card(book(), trust_a=95, trust_b=90, trust_c="84.999").areas["trust"]

    assert F("6.0002") / 3 == area.score
    assert "Computed Amber: a score of 2.0001 points." in area.explain()


def test_check_warns_of_a_score_that_turns_against_the_bands() -> None:
    """A better value must not make a worse score by the bands of its area; a sound rulebook is not told of."""

    def found(rollup: str, trust: str) -> list[str]:
        return [
            str(p) for p in ragengine.check({"book.toml": HEAD + rollup, "trust.toml": trust}) if p.code == "RAG024"
        ]

    turned = TRUST.replace("points = 4", "points = 0")
    neither = ROLLUP.replace('"green", to', '"amber", to').replace('"amber", above', '"green", above')
    assert found(ROLLUP, TRUST) == []
    assert len(found(ROLLUP, turned)) == 3 and all(
        "less is better by its bands" in said for said in found(ROLLUP, turned)
    )
    assert any("neither rise nor fall" in said for said in found(neither, TRUST))


def test_why_not_an_area_of_scores_names_the_means_that_would_do() -> None:
    """No level of a child says what it scores, so no change of levels is named."""
    from ragengine.workbench.explain.why_not_area import why_not_area

    of = book()
    area = card(of, trust_a=85, trust_b=85, trust_c=85).areas["trust"]
    found = why_not_area(of.rules, area, GREEN)

    assert [("children", "it is computed Amber; it has a mean score of 3, and Green wants at most 2")] == [
        (obstacle.stage, obstacle.text) for obstacle in found.obstacles
    ]


def test_a_case_of_such_an_area_gives_levels_with_scores() -> None:
    """And may expect their mean."""
    from ragengine.workbench.testing.case_runner import run_cases

    case = (
        '[[case]]\nname = "N"\narea = "trust"\nratings = { a = { rag = "green", score = 1 }, b = { rag = "red", score = 4 } }\n'
        'expect = { rag = "amber", score = 2.5 }\n'
    )
    made = ragengine.load({"book.toml": HEAD + ROLLUP, "trust.toml": TRUST, "trust.cases.toml": case})

    assert [()] == [result.wrong for result in run_cases(made.rules)]


LEVEL = st.sampled_from([RED, AMBER, GREEN])
CHILDREN = st.lists(
    st.tuples(LEVEL, st.sampled_from([F(1), F(2), F(5, 2), F(4)]), st.sampled_from([0, 1, 1, 2])),
    min_size=1,
    max_size=6,
).map(
    lambda drawn: [
        Child(str(n), level, weight=F(weight), score=score, span=(F(1), F(4)))
        for n, (level, score, weight) in enumerate(drawn)
    ]
)
EXTRA = ("", 'caps = [{ no_better_than = "amber", when = "red >= 2" }]\n', 'of = "worst 2"\n')


def holds(policy: Any, children: Sequence[Child], kept: Sequence[Child], level: Rag) -> bool:
    """Whether the area keeps its level were all others at the best level and score."""
    ids = {child.id for child in kept}
    raised = [child if child.id in ids else child.at_best(GREEN, least=True) for child in children]
    return decide(policy, DEFAULT_SCALE, raised).rag == level


@given(CHILDREN, st.sampled_from(EXTRA))
def test_the_deciding_children_alone_make_the_level(children: list[Child], extra: str) -> None:
    """A smallest set of them; under limits, or of the worst, one from which none can be left out."""
    policy = book(ROLLUP + extra).rules.rollup
    level = decide(policy, DEFAULT_SCALE, children).rag
    found = deciding_children(policy, DEFAULT_SCALE, children)
    if level.is_grey:
        assert found.children == ()
        return

    assert holds(policy, children, found.children, level)
    fewer = range(len(found.children)) if not found.among_others else [len(found.children) - 1]
    pool = found.children if found.among_others else children
    for size in fewer:
        assert not any(holds(policy, children, kept, level) for kept in combinations(pool, size))


@given(CHILDREN)
def test_a_better_score_never_worsens_the_area(children: list[Child]) -> None:
    """Where the bands fall as scores rise."""
    policy = book().rules.rollup
    before = decide(policy, DEFAULT_SCALE, children).rag
    for n, child in enumerate(children):
        better = [*children[:n], child.at_best(child.rag, least=True), *children[n + 1 :]]
        after = decide(policy, DEFAULT_SCALE, better).rag
        assert before.is_grey or after >= before


def test_scores_need_no_points_of_levels(tmp_path: Path) -> None:
    """A scale without points loads, rolls up, is capped and explained where every child of a mean has a score."""
    levels = [("poor", "▲", "#b10e1e"), ("fair", "●", "#ffbf47"), ("good", "★", "#00703c")]
    scale = "".join(
        f'[[scale.levels]]\nid = "{name}"\nlabel = "{name.title()}"\nsymbol = "{symbol}"\ncolour = "{colour}"\n'
        for name, symbol, colour in levels
    )
    lines = '{ rag = "poor", below = 85 }, { rag = "fair", from = 85, below = 90 }, { rag = "good", from = 90 }'
    kpi = KPI.replace(
        'target = 90\ntolerance = "10 pp"\n', f"bands = [{lines}]\n".replace("{", "{{").replace("}", "}}")
    )
    trust = '[area]\ntitle = "Trust"\n' + "".join(kpi.format(name) + RISING for name in "abc")
    rollup = ROLLUP.replace("red", "poor").replace("amber", "fair").replace("green", "good")
    rollup += 'caps = [{ no_better_than = "fair", child = "b", at = "poor" }]\n'
    files = {"book.toml": HEAD + scale, "trust.toml": trust + rollup}
    area = card(ragengine.load(files), trust_a=95, trust_b="84.9", trust_c=95).areas["trust"]

    # 95 scores 1 and 84.9 scores 3.02; a child at the worst level caps
    assert (F("5.02") / 3, "good", "fair") == (area.score, area.computed, area.rag)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for command in (["check"], ["explain", "trust"]):
        assert main([command[0], str(tmp_path), *command[1:]]) == 0
