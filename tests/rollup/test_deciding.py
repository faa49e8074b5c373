"""Which children decide an area: a smallest set, and the law that holds of it, against every set there is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ragengine.rollup.deciding import deciding_children
from ragengine.rollup.policy import decide
from ragengine.rollup.tally import Child
from ragengine.rulebook.area import RollupLimit, RollupMethod, RollupPolicy, RollupRule
from ragengine.rulebook.expression import NameKind, compile_expression, rollup_names
from ragengine.rulebook.grace import Effect
from ragengine.rulebook.measure import Band, Edge
from ragengine.terms import AMBER, DEFAULT_SCALE, GREEN, GREY, RED, Rag

LEVELS = (RED, AMBER, GREEN, GREY)
CONDITIONS = [
    "critical_red >= 1 or red > rated / 2", "red >= 1 or amber > rated / 4", "red >= 2", "red + amber >= 3",
    "amber > green", "worst == 'red'", "critical_red + critical_amber >= 2", "red == 1", "grey > rated",
    "green < 3 and red >= 1", "critical_green < 2", "red > critical_red",
]  # fmt: skip


def rules(*rules: tuple[str, str]) -> RollupPolicy:
    """A policy of (level, condition) and green for the rest."""
    names = rollup_names(("red", "amber", "green"))
    made = [RollupRule(rag, compile_expression(when, names=names, result=NameKind.YES_NO)) for rag, when in rules]
    return RollupPolicy(RollupMethod.RULES, rules=(*made, RollupRule("green")))


def rising(method: RollupMethod, amber: str, green: str, of: str = "") -> RollupPolicy:
    """Red below ``amber``, amber below ``green``."""
    low, high = Edge(Fraction(amber)), Edge(Fraction(green))
    bands = (Band("red", upper=low), Band("amber", lower=low, upper=high), Band("green", lower=high))
    return RollupPolicy(method, bands=bands, of=of)


POLICIES = st.one_of(
    st.lists(st.tuples(st.sampled_from(["red", "amber", "green"]), st.sampled_from(CONDITIONS)), max_size=3).map(
        lambda chosen: rules(*chosen)
    ),
    st.just(RollupPolicy(RollupMethod.WORST)),
    st.sampled_from(["", "amber"]).map(lambda of: rising(RollupMethod.SHARE, "40", "200/3", of)),
    st.just(rising(RollupMethod.POINTS, "1.5", "2.5")),
)
#: conditions of caps and floors that hold of no more children as others improve, and a child by its name
ASKED = ["red >= 1", "red >= 2", "critical_red >= 1", "red + amber >= 2", ""]


@st.composite
def limited(draw: st.DrawFn) -> RollupPolicy:
    """A policy with caps and floors, by condition or by the child called 0."""

    def limit(effect: Effect) -> RollupLimit:
        level, asked = draw(st.sampled_from(["red", "amber"])), draw(st.sampled_from(ASKED))
        if not asked:
            return RollupLimit(effect, level, None, "0", draw(st.sampled_from(["red", "amber"])), ("0",))
        names = rollup_names(("red", "amber", "green"))
        return RollupLimit(effect, level, compile_expression(asked, names=names, result=NameKind.YES_NO))

    caps = tuple(limit(Effect.NO_BETTER_THAN) for _ in range(draw(st.integers(0, 2))))
    floors = tuple(limit(Effect.NO_WORSE_THAN) for _ in range(draw(st.integers(0, 1))))
    return evolve(draw(POLICIES), caps=caps, floors=floors)


WORST_TWO = evolve(rising(RollupMethod.POINTS, "1.5", "2.5"), worst=2)
CHILDREN = st.lists(
    st.tuples(st.sampled_from(LEVELS), st.booleans(), st.sampled_from([0, 1, 1, 2, Fraction(1, 3)])), max_size=7
).map(lambda drawn: [Child(str(n), level, critical, Fraction(w)) for n, (level, critical, w) in enumerate(drawn)])


def holds(policy: RollupPolicy, children: Sequence[Child], kept: Sequence[Child], level: Rag) -> bool:
    """Whether the area keeps its level were all other rated children at the best one."""
    ids = {child.id for child in kept}
    raised = [c if c.id in ids or c.rag.is_grey else c.with_level(GREEN) for c in children]
    return decide(policy, DEFAULT_SCALE, raised).rag == level


@settings(max_examples=400, deadline=None)
@given(st.one_of(POLICIES, limited(), st.just(WORST_TWO)), CHILDREN)
def test_the_deciding_children_are_a_smallest_set(policy: RollupPolicy, children: list[Child]) -> None:
    """They alone make the level, and no fewer of the children would: every smaller set is tried."""
    level = decide(policy, DEFAULT_SCALE, children).rag
    found = deciding_children(policy, DEFAULT_SCALE, children)
    if level.is_grey:
        assert found.children == ()
        return

    assert holds(policy, children, found.children, level)
    assert not found.among_others
    lacking = [child for child in children if not child.rag.is_grey and child.rag != GREEN]
    assert set(found.children) <= set(lacking)
    for size in range(len(found.children)):
        assert not any(holds(policy, children, kept, level) for kept in combinations(lacking, size))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_of_many_children_none_can_be_left_out(condition: str) -> None:
    """Where a smallest set would take too many tries, ``among others`` is said, and each of the set is needed."""
    policy = rules(("red", f"{condition} and red + amber > rated / 2"))
    children = [Child(str(n), LEVELS[n % 2 + n % 7 // 6], n % 5 == 0, Fraction(n)) for n in range(120)]
    level = decide(policy, DEFAULT_SCALE, children).rag
    kept = deciding_children(policy, DEFAULT_SCALE, children).children

    assert holds(policy, children, kept, level)
    for n in range(len(kept)):
        assert not holds(policy, children, kept[:n] + kept[n + 1 :], level)


def test_of_several_that_would_do_the_worst_and_critical_and_heaviest_is_named() -> None:
    """One red child makes the area red: of four the critical one, and of two such the heavier; whatever their order."""
    children = [
        Child("amber", AMBER, True, Fraction(9)), Child("light", RED, True, Fraction(1)), Child("plain", RED, False, Fraction(9)),
        Child("heavy", RED, True, Fraction(2)),
    ]  # fmt: skip
    for order in (children, children[::-1]):
        found = deciding_children(RollupPolicy(RollupMethod.WORST), DEFAULT_SCALE, order)

        assert (["heavy"], False) == ([child.id for child in found.children], found.among_others)


def test_where_critical_children_count_apart_the_other_one_may_decide() -> None:
    """Red beyond the critical ones: of a critical and a plain red child it is the plain one."""
    children = [Child("critical", RED, True), Child("plain", RED)]
    found = deciding_children(rules(("red", "red > critical_red")), DEFAULT_SCALE, children)

    assert (["plain"], False) == ([child.id for child in found.children], found.among_others)


def test_grey_children_stay_grey_and_decide_nothing() -> None:
    """Two that are not rated make the area red by its rule, whatever the third is."""
    children = [Child("one", GREY), Child("two", GREY, True), Child("three", RED)]
    found = deciding_children(rules(("red", "grey > rated")), DEFAULT_SCALE, children)

    assert ((), False) == (found.children, found.among_others)


def test_scores_are_nothing_to_a_policy_that_counts_levels() -> None:
    """The red child decides, though the amber one scores worse."""
    span = (Fraction(1), Fraction(4))
    children = [Child("amber", AMBER, score=Fraction(4), span=span), Child("red", RED, score=Fraction(1), span=span)]
    found = deciding_children(RollupPolicy(RollupMethod.WORST), DEFAULT_SCALE, children)

    assert ["red"] == [child.id for child in found.children]


def test_by_points_the_largest_gains_come_first() -> None:
    """25 children whose weights all differ: the fewest that keep the mean below the line, heaviest first."""
    children = [Child(str(n), RED if n % 2 else AMBER, weight=Fraction(n + 1)) for n in range(25)]
    policy = rising(RollupMethod.POINTS, "1.2", "2.9")
    found = deciding_children(policy, DEFAULT_SCALE, children)

    assert [child.id for child in found.children] == ["23"]
    assert not found.among_others


def test_bands_that_fall_leave_none_that_is_needless() -> None:
    """Where better children make a worse area the set is among others, and each of it is needed."""
    low, high = Edge(Fraction(2)), Edge(Fraction(5, 2))
    bands = (Band("green", upper=low), Band("red", lower=low, upper=high), Band("amber", lower=high))
    policy = RollupPolicy(RollupMethod.POINTS, bands=bands)
    children = [Child(str(n), (RED, AMBER, GREEN)[n % 3], weight=Fraction(n % 4 + 1)) for n in range(30)]
    level = decide(policy, DEFAULT_SCALE, children).rag
    found = deciding_children(policy, DEFAULT_SCALE, children)

    assert found.among_others
    assert holds(policy, children, found.children, level)
    for n in range(len(found.children)):
        assert not holds(policy, children, found.children[:n] + found.children[n + 1 :], level)


def test_ten_thousand_children_of_one_kpi_are_counted() -> None:
    """All red: those that decide are more than half of them."""
    children = [Child(str(n), RED) for n in range(10_000)]
    found = deciding_children(rules(("red", "red > rated / 2")), DEFAULT_SCALE, children)

    assert len(found.children) == 5_001
    assert not found.among_others
