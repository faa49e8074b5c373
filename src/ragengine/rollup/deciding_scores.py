"""Which children decided an area that rolls up scores: those whose scores take most from the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import accumulate

from ..rulebook.area import RollupPolicy
from ..rulebook.compile import policy_table
from ..terms import Rag, Scale
from .policy import decide, worst_are_largest
from .tally import Child, worth

__all__ = ["deciding_scores"]

#: of so many children at the most each is tried whether it can be left out
_MOST_TRIED = 200


def deciding_scores(
    policy: RollupPolicy, scale: Scale, children: Sequence[Child], level: Rag
) -> tuple[tuple[Child, ...], bool]:
    """Children that decide: were all others at the best level and score, the level would be the same.

    Whether a smaller set may exist is told beside them.
    """
    least = worst_are_largest(policy_table(policy, scale))
    raised = [child if child.rag.is_grey else child.at_best(scale.best, least=least) for child in children]
    lacking = [n for n, (child, best) in enumerate(zip(children, raised, strict=True)) if best != child]

    def gain(n: int) -> Fraction:
        if children[n].score is None:
            return Fraction(0)
        return abs(worth(raised[n]) - worth(children[n])) * (children[n].weight if policy.worst is None else 1)

    named = policy.named
    order = sorted(lacking, key=lambda n: (children[n].subject not in named, -gain(n), n))
    if policy.worst is None and not policy.limits:
        order = [n for n in order if gain(n) and children[n].weight]
        kept = order[: _first_that_holds(policy, scale, children, raised, order, level)]
        return tuple(children[n] for n in kept), False

    def holds(some: Sequence[int]) -> bool:
        chosen = {*some}
        mixed = [child if n in chosen else best for n, (child, best) in enumerate(zip(children, raised, strict=True))]
        return decide(policy, scale, mixed).rag == level

    kept = _without_needless(order[: _size(holds, order)], holds)
    return tuple(children[n] for n in kept), len(kept) > 1


def _first_that_holds(
    policy: RollupPolicy,
    scale: Scale,
    children: Sequence[Child],
    raised: Sequence[Child],
    order: Sequence[int],
    level: Rag,
) -> int:
    """How many of the largest gains make the level: the mean falls away from the best by one after the other."""
    table = policy_table(policy, scale)
    rated = [n for n, child in enumerate(children) if child.score is not None and child.weight]
    whole = sum((children[n].weight for n in rated), Fraction(0))
    best = sum((worth(raised[n]) * children[n].weight for n in rated), Fraction(0))
    steps = ((worth(children[n]) - worth(raised[n])) * children[n].weight for n in order)
    means = (total / whole for total in accumulate(steps, initial=best))
    return next((size for size, mean in enumerate(means) if table.labels[table.exact_index(mean)] == level), len(order))


def _size(holds: Callable[[Sequence[int]], bool], order: Sequence[int]) -> int:
    """The shortest beginning that makes the level, by halving: more of the worst make it no better."""
    low, high = -1, len(order)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(order[:middle]) else (middle, high)
    return high


def _without_needless(kept: Sequence[int], holds: Callable[[Sequence[int]], bool]) -> list[int]:
    left = list(kept)
    for n in reversed(kept if len(kept) <= _MOST_TRIED else ()):
        without = [other for other in left if other != n]
        if holds(without):
            left = without
    return left
