"""Children without weight in a roll-up by points."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ragengine.rollup.deciding import deciding_children
from ragengine.rollup.policy import decide
from ragengine.rollup.tally import Child
from ragengine.rulebook.area import RollupMethod, RollupPolicy
from ragengine.rulebook.measure import Band, Edge
from ragengine.terms import AMBER, DEFAULT_SCALE, GREEN, GREY, RED, Rag

POINTS = RollupPolicy(
    method=RollupMethod.POINTS,
    minimum_coverage=Fraction(1, 2),
    bands=(
        Band("green", Edge(2), upper=None),
        Band("red", upper=Edge(2)),
    ),
)
WORST = RollupPolicy(method=RollupMethod.WORST)


def child(name: str, level: Rag, weight: int) -> Child:
    return Child(name, level, weight=Fraction(weight))


@pytest.mark.parametrize("others", [[], [child("b", GREY, 3)], [child("b", GREY, 3), child("c", RED, 0)]])
def test_what_weighs_nothing_makes_no_area(others: list[Child]) -> None:
    """The only rated child has weight 0: nothing that weighs is rated."""
    decision = decide(POINTS, DEFAULT_SCALE, [child("a", RED, 0), *others])

    assert (decision.rag, str(decision.reason)) == (GREY, "insufficient coverage")
    assert "with a weight is rated" in decision.why
    assert deciding_children(POINTS, DEFAULT_SCALE, [child("a", RED, 0), *others]).children == ()


def test_it_is_no_part_of_the_mean_or_of_the_coverage() -> None:
    """One of two with weight is rated, whatever stands beside them without."""
    children = [child("a", GREEN, 1), child("b", GREY, 1), *(child(f"z{n}", GREY, 0) for n in range(9))]
    decision = decide(POINTS, DEFAULT_SCALE, children)

    assert (decision.rag, decision.score) == (GREEN, 3)
    with_red = [*children, *(child(f"r{n}", RED, 0) for n in range(9))]
    assert decide(POINTS, DEFAULT_SCALE, with_red).score == 3


def test_it_decides_nothing() -> None:
    """Of a red area the child with weight is named."""
    children = [child("z", RED, 0), child("a", RED, 1), child("b", AMBER, 1)]
    decision = decide(POINTS, DEFAULT_SCALE, children)

    assert decision.rag == RED
    assert [one.id for one in deciding_children(POINTS, DEFAULT_SCALE, children).children] == ["a", "b"]


def test_other_methods_take_no_notice_of_weight() -> None:
    """The worst child counts, weight or none."""
    assert decide(WORST, DEFAULT_SCALE, [child("a", RED, 0), child("b", GREEN, 5)]).rag == RED
