"""What a policy reads of children: one by one, as many alike, or as counts and sums, it decides the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.rollup.policy import PolicyDecider, decide, decide_counted
from ragengine.rollup.tally import Child, Tally, ratio
from ragengine.rulebook.area import RollupMethod, RollupPolicy
from ragengine.terms import AMBER, DEFAULT_SCALE, GREEN, GREY, RED

F = Fraction
SPAN = (F(1), F(4))
BANDS = 'bands = [{ rag = "green", to = 2 }, { rag = "amber", above = 2, to = 3 }, { rag = "red", above = 3 }]\n'
RISING = 'bands = [{ rag = "red", below = 2 }, { rag = "amber", from = 2, below = 3 }, { rag = "green", from = 3 }]\n'
POLICIES = (
    BANDS,
    BANDS + 'minimum_coverage = "60%"\n',
    BANDS + 'of = "worst 2"\n',
    RISING + 'of = "worst 3"\n',
    BANDS + 'caps = [{ no_better_than = "red", child = "a", at = "amber" }]\n',
    BANDS + 'caps = [{ no_better_than = "amber", when = "critical_red >= 1 or grey > rated" }]\n',
    BANDS + 'floors = [{ no_worse_than = "amber", when = "green >= 2 and worst != \'grey\'" }]\n',
)
KPI = '[kpi.{}]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
SCORES = "score = [{ at = 80, points = 4 }, { at = 95, points = 1 }]\n"


def policy(text: str) -> RollupPolicy:
    """The roll-up of an area with the scored KPIs ``a`` and ``b``."""
    area = f'[area]\ntitle = "A"\n[rollup]\nmethod = "points"\n{text}{KPI.format("a")}{SCORES}{KPI.format("b")}{SCORES}'
    head = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n[rollup]\nmethod = "worst"\n'
    return ragengine.load({"book.toml": head, "t.toml": area}).rules.rollup_of("t")


#: children that differ in all that a policy reads; one that is grey has no score, another need not have one
KIND = st.tuples(
    st.sampled_from(["t.a", "t.b"]),
    st.sampled_from([RED, AMBER, GREEN, GREY]),
    st.booleans(),
    st.sampled_from([F(0), F(1), F(1), F(1, 3), F(5, 2)]),
    st.sampled_from([None, F(1), F(2), F(8, 3), F(3), F(22, 7), F(4)]),
)
MANY = st.lists(st.tuples(KIND, st.integers(1, 4)), min_size=1, max_size=6)


def child(kind: tuple[str, ragengine.Rag, bool, Fraction, Fraction | None]) -> Child:
    """One child of a kind."""
    id, level, critical, weight, score = kind
    return Child(id, level, critical, weight).scored(None if level.is_grey else score, SPAN)


def tallied(decider: PolicyDecider, drawn: list[tuple[tuple, int]]) -> Tally:  # type: ignore[type-arg]
    """The children as counts; every other with two sums, the others with single scores."""
    tally = decider.tally(scored=any(kind[3] for kind, _ in drawn))
    for n, (kind, count) in enumerate(drawn):
        id, level, critical, weight, score = kind
        counts = [count if each == level else 0 for each in (*DEFAULT_SCALE, GREY)]
        tally.add_counts(counts, critical, weight, id)
        if level.is_grey or score is None:
            continue
        above, below = score.numerator, score.denominator
        # one of them over twice its denominator
        sums = [(2 * below, 2 * above), (below, above * (count - 1))]
        single = [(score, 1), *([(score, count - 1)] if count > 1 else [])]
        summed = n % 2 == 0 and not tally.singly
        tally.add_scores(counts, sums if summed else [], [] if summed else single, weight, SPAN)
    return tally


@pytest.mark.parametrize("text", POLICIES)
@given(MANY)
def test_many_alike_count_as_each_of_them(text: str, drawn: list[tuple[tuple, int]]) -> None:  # type: ignore[type-arg]
    """A child that stands for three decides as three do."""
    own = policy(text)
    one_by_one = [child(kind) for kind, count in drawn for _ in range(count)]

    assert decide(own, DEFAULT_SCALE, one_by_one) == decide_counted(
        own, DEFAULT_SCALE, [(child(kind), count) for kind, count in drawn]
    )


@pytest.mark.parametrize("text", POLICIES)
@given(MANY)
def test_counts_and_sums_decide_as_the_children(text: str, drawn: list[tuple[tuple, int]]) -> None:  # type: ignore[type-arg]
    """Children of one weight may come as counts by level, sums of scores over any denominators, and single scores."""
    own = policy(text)
    decider = PolicyDecider(own, DEFAULT_SCALE)
    tally = tallied(decider, drawn)
    made = decider.of(tally)
    wanted = decide(own, DEFAULT_SCALE, [child(kind) for kind, count in drawn for _ in range(count)])
    assert (made.rag, made.computed, made.score, made.why, made.span) == (
        wanted.rag,
        wanted.computed,
        wanted.score,
        wanted.why,
        wanted.span,
    )
    assert [(limit.holds, limit.why) for limit in made.limits] == [(limit.holds, limit.why) for limit in wanted.limits]
    assert sum(tally.counts) == sum(count for _, count in drawn)
    assert {id for id, _ in tally.asked} <= own.named


@pytest.mark.parametrize("text", POLICIES)
@given(MANY)
def test_a_mean_alone_is_decided_by_how_many_and_its_score(text: str, drawn: list[tuple[tuple, int]]) -> None:  # type: ignore[type-arg]
    """Without limits, and of all, what is too few and where the score lies say all that the children do."""
    own = policy(text)
    decider = PolicyDecider(own, DEFAULT_SCALE)

    assert decider.is_a_mean == (text in POLICIES[:2])
    if decider.is_a_mean:
        tally = tallied(decider, drawn)
        wanted = decider.of(tally)
        made = decider.too_few(sum(tally.counted), sum(tally.rated), scored=tally.scored)
        if made is None:
            made = decider.at(ratio(tally.points, tally.weights), SPAN)
        assert made == wanted


@pytest.mark.parametrize("method", ["worst", "share"])
def test_levels_are_no_mean(method: str) -> None:
    """The worst level, or how many are green, are no mean of anything."""
    own = policy(BANDS)
    assert not PolicyDecider(evolve(own, method=RollupMethod(method)), DEFAULT_SCALE).is_a_mean


def test_a_mean_says_what_it_could_have_been() -> None:
    """The least and the most of the rules' scores: of one kind, and of two kinds together."""
    one = Child("t.a", RED).scored(F(2), (F(1), F(4)))
    other = Child("t.b", GREEN).scored(F(6), (F(2), F(10)))

    assert decide(policy(BANDS), DEFAULT_SCALE, [one]).span == (1, 4)
    assert decide(policy(BANDS), DEFAULT_SCALE, [one, other]).span == (1, 10)


def test_of_the_children_that_a_limit_names_the_worst_is_asked() -> None:
    """Whichever comes first, by its place or by its name."""
    own = policy(BANDS + 'caps = [{ no_better_than = "red", child = "a", at = "amber" }]\n')
    both = evolve(own, caps=(evolve(own.caps[0], children=("t.a", "t.b")),))
    better, worse = Child("t.a", GREEN).scored(F(1), SPAN), Child("t.b", AMBER).scored(F(1), SPAN)

    for children in ([better, worse], [worse, better]):
        made = decide(both, DEFAULT_SCALE, children)
        assert (made.rag, [limit.why for limit in made.limits]) == ("red", ["t.b is amber"])


def test_a_ratio_of_sums_is_exact() -> None:
    """A half and two thirds, over weights of one and a third: 7/6 over 4/3 is 7/8."""
    assert ratio({2: 1, 3: 2}, {1: 1, 3: 1}) == F(7, 8)
    assert ratio({6: 7}, {3: 4}) == F(7, 8)


def test_only_children_that_limits_name_are_remembered() -> None:
    """Each with its level, however many there are of others."""
    tally = PolicyDecider(policy(POLICIES[4]), DEFAULT_SCALE).tally(scored=True)
    for one in ("t.a", "t.b", "t.a, Hull"):
        tally.add(Child(one, AMBER).scored(F(1), SPAN))

    assert tally.asked == [("t.a", AMBER), ("t.a", AMBER)]
