"""What a roll-up's own rules see and say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve

import ragengine
from ragengine.rollup.policy import decide
from ragengine.rollup.tally import Child
from ragengine.rulebook.area import RollupMethod, RollupPolicy
from ragengine.rulebook.measure import Band, Edge
from ragengine.terms import AMBER, DEFAULT_SCALE, GREEN, GREY, RED, Rag

BOOK = """[book]
title = "T"
edition = "E"
missing = "grey"
[rollup]
minimum_coverage = "0%"
rules = [
  { rag = "red", when = "worst == 'red'" },
  { rag = "amber", when = "worst == 'amber'" },
  { rag = "green" },
]
"""
AREA = (
    '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = "1 days"\n'
)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [((RED, GREEN), RED), ((GREEN, AMBER, GREY), AMBER), ((GREEN, GREEN), GREEN)],
)
def test_worst_is_the_worst_rated_child(levels: tuple[Rag, ...], expected: Rag) -> None:
    """A condition on ``worst`` reads the worst level among the children, grey ones aside, and not the best."""
    policy = ragengine.load({"book.toml": BOOK, "a.toml": AREA}).rules.rollup

    decision = decide(policy, DEFAULT_SCALE, [Child(str(n), level) for n, level in enumerate(levels)])

    assert expected == decision.rag


def test_each_rule_that_was_asked_says_where_it_stands() -> None:
    """The trace has the line of every rule up to the one that decided, the last one without a condition too."""
    loaded = ragengine.load({"book.toml": BOOK, "a.toml": AREA}).rules.rollup
    policy = evolve(loaded, rules=tuple(evolve(rule, line=8 + n) for n, rule in enumerate(loaded.rules)))

    decision = decide(policy, DEFAULT_SCALE, [Child("k", GREEN)])

    assert [8, 9, 10] == [trace.line for trace in decision.rules]
    assert [False, False, True] == [trace.matched for trace in decision.rules]


@pytest.mark.parametrize(("bands", "expected"), [((GREEN, RED), Fraction(4)), ((RED, GREEN), Fraction(1))])
def test_the_worst_scores_are_the_largest_where_less_is_better(bands: tuple[Rag, Rag], expected: Fraction) -> None:
    """The mean of the one worst child takes the larger score where the better band lies below, the smaller otherwise."""
    lower, upper = Band(str(bands[0]), upper=Edge(Decimal("2.5"))), Band(str(bands[1]), lower=Edge(Decimal("2.5")))
    policy = RollupPolicy(method=RollupMethod.POINTS, bands=(lower, upper), worst=1, minimum_coverage=Fraction(0))
    children = [Child("a", GREEN, score=Fraction(1)), Child("b", GREEN, score=Fraction(4))]

    assert expected == decide(policy, DEFAULT_SCALE, children).score


def test_one_band_over_a_score_is_met_by_the_worst_score_too() -> None:
    """Where no band is better than another the smallest score is the worst."""
    policy = RollupPolicy(method=RollupMethod.POINTS, bands=(Band("green"),), worst=1)
    children = [Child("a", GREEN, score=Fraction(1)), Child("b", GREEN, score=Fraction(4))]

    assert Fraction(1) == decide(policy, DEFAULT_SCALE, children).score


def test_the_span_of_a_mean_is_what_its_children_can_bring() -> None:
    """From the least that any child can have to the most, whatever the others can."""
    low, high = Band("red", upper=Edge(Decimal("2.5"))), Band("green", lower=Edge(Decimal("2.5")))
    policy = RollupPolicy(method=RollupMethod.POINTS, bands=(low, high))
    spans = [(Fraction(1), Fraction(3)), (Fraction(2), Fraction(5))]
    children = [Child(str(n), GREEN, score=Fraction(3), span=span) for n, span in enumerate(spans)]

    assert (1, 5) == decide(policy, DEFAULT_SCALE, children).span
    assert decide(policy, DEFAULT_SCALE, [Child("a", GREEN)]).span is None


@pytest.mark.parametrize(("least", "expected"), [(True, Fraction(1)), (False, Fraction(4))])
def test_a_child_at_its_best_has_the_better_end_of_its_scores(least: bool, expected: Fraction) -> None:
    """A child without a score, or whose level counts, gets none."""
    span = (Fraction(1), Fraction(4))

    assert expected == Child("a", RED, score=Fraction(2), span=span).at_best(GREEN, least=least).score
    assert Child("a", RED, span=span).at_best(GREEN, least=least).score is None
    assert Child("a", RED, score=Fraction(2)).at_best(GREEN, least=least).score is None


def test_a_share_spans_nothing() -> None:
    """What a score can be at most is no part of a share, whatever children bring."""
    low, high = Band("red", upper=Edge(Decimal(50))), Band("green", lower=Edge(Decimal(50)))
    policy = RollupPolicy(method=RollupMethod.SHARE, bands=(low, high))
    children = [Child("a", GREEN, score=Fraction(1), span=(Fraction(1), Fraction(4)))]

    assert (None, 100) == (decide(policy, DEFAULT_SCALE, children).span, decide(policy, DEFAULT_SCALE, children).score)


def test_only_a_mean_asks_for_scores() -> None:
    """By the worst level a child counts though it could have had a score and has none."""
    children = [Child("a", RED, span=(Fraction(1), Fraction(4))), Child("b", GREEN, score=Fraction(4))]

    assert RED == decide(RollupPolicy(method=RollupMethod.WORST), DEFAULT_SCALE, children).rag
