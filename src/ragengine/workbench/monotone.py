"""Whether improving a child can worsen its area: tried on every small set of children."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement

from attrs import evolve

from ..rollup.policy import Child, decide
from ..rulebook.area import RollupMethod, RollupPolicy
from ..terms import GREY, Rag, Scale

__all__ = ["MOST_CHILDREN", "counter_example"]

#: sets of so many children, critical or not, grey or rated, are all tried
MOST_CHILDREN = 5


def counter_example(policy: RollupPolicy, scale: Scale) -> str | None:
    """Children whose improvement worsens the area, in words; None where no set of up to five children has any.

    ``worst``, and ``points`` and ``share`` with rising bands, cannot have any; rules are tried.
    """
    if policy.method is not RollupMethod.RULES:
        return None
    conditions = " ".join(rule.when.text for rule in policy.rules if rule.when is not None)
    kinds = [(level, critical) for level in (*scale, GREY) for critical in _critical(conditions)]

    @cache
    def level_of(children: tuple[tuple[Rag, bool], ...]) -> Rag:
        made = [Child(str(n), level, critical, Fraction(1)) for n, (level, critical) in enumerate(children)]
        # coverage is not about levels: leave it out
        return decide(evolve(policy, minimum_coverage=Fraction(0)), scale, made).rag

    for size in range(1, MOST_CHILDREN + 1):
        for children in combinations_with_replacement(kinds, size):
            before = level_of(children)
            for better, said in _improved(children, scale):
                after = level_of(tuple(sorted(better, key=kinds.index)))
                if not before.is_grey and not after.is_grey and after < before:
                    return f"{_described(children)} make {before}; {said}, and the area is {after}"
    return None


def _critical(conditions: str) -> tuple[bool, ...]:
    return (False, True) if "critical_" in conditions else (False,)


def _improved(children: tuple[tuple[Rag, bool], ...], scale: Scale) -> Iterator[tuple[list[tuple[Rag, bool]], str]]:
    for n, (level, critical) in enumerate(children):
        if level.is_grey or level == scale.best:
            continue
        better = scale.levels[level.rank + 1]
        changed = [*children[:n], (better, critical), *children[n + 1 :]]
        yield changed, f"one {'critical ' if critical else ''}{level} becomes {better}"


def _described(children: tuple[tuple[Rag, bool], ...]) -> str:
    return ", ".join(f"{'critical ' if critical else ''}{level}" for level, critical in children)
