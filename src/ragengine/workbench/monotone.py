"""Whether improving a child can worsen its area: tried on every small set of children, and on larger mixes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, combinations_with_replacement

from attrs import evolve

from ..number import exact
from ..rollup.policy import decide
from ..rollup.tally import Child
from ..rulebook.area import RollupMethod, RollupPolicy
from ..rulebook.compile import policy_table
from ..terms import GREY, Rag, Scale
from .child_sets import LARGEST_TRIED, named_children

__all__ = ["counter_example"]

#: sets of so many children, critical or not, grey or rated, are all tried
MOST_CHILDREN = 5
_MOST_KINDS = 16

#: level, whether critical, and the id of a child that a limit names
_Kind = tuple[Rag, bool, str]
_Children = tuple[_Kind, ...]
_COUNT = re.compile(r"\b\d{1,2}\b")


def counter_example(policy: RollupPolicy, scale: Scale) -> str | None:
    """Children whose improvement worsens the area, in words; None where no set that is tried has any.

    ``worst`` without limits cannot have any; the others are tried on every set of up to five children, and conditions
    on mixes of two kinds of as many as they count (``amber >= 12``), up to 40. ``points`` and ``share`` have none
    where their bands rise with what better children make of them, which is asked besides.
    """
    if policy.method is RollupMethod.WORST and not policy.limits:
        return None
    conditions = policy.conditions
    kinds: list[_Kind] = [(level, critical, "") for level in (*scale, GREY) for critical in _critical(conditions)]
    kinds += [(level, False, name) for name in named_children(policy) for level in (*scale, GREY)]
    # coverage is not about levels: leave it out
    asked = evolve(policy, minimum_coverage=Fraction(0))

    # rules count children and do not tell them apart
    made = {kind: Child(kind[2] or "child", *kind[:2]) for kind in kinds}

    @cache
    def level_of(children: _Children) -> Rag:
        return decide(asked, scale, [made[kind] for kind in children]).rag

    for children in chain(_small(kinds), _mixes(kinds, conditions)):
        before = level_of(children)
        for better, said in _improved(children, scale):
            after = level_of(tuple(sorted(better, key=kinds.index)))
            if not before.is_grey and not after.is_grey and after < before:
                return f"{_described(children)} make {before}; {said}, and the area is {after}"
    by_bands = policy.method in (RollupMethod.POINTS, RollupMethod.SHARE)
    return "its bands do not rise with them" if by_bands and not _rises(policy, scale) else None


def _rises(policy: RollupPolicy, scale: Scale) -> bool:
    """Whether a better child makes a score that no band rates worse, of ``points`` and ``share``."""
    ranks = [level.rank for level in policy_table(policy, scale).labels]
    points = [exact(level.points or 0) for level in scale] if policy.method is RollupMethod.POINTS else [Fraction(0)]
    better = ranks == sorted(ranks) and points == sorted(points)
    turned = len(points) > 1 and ranks == sorted(ranks, reverse=True) and points == sorted(points, reverse=True)
    return better or turned


def _small(kinds: list[_Kind]) -> Iterator[_Children]:
    # with many children of a name of their own fewer together are tried
    most = MOST_CHILDREN if len(kinds) <= _MOST_KINDS else 3
    for size in range(1, most + 1):
        yield from combinations_with_replacement(kinds, size)


def _mixes(kinds: list[_Kind], conditions: str) -> Iterator[_Children]:
    """Two kinds, in every proportion, beside each count that a condition names and no small set reaches."""
    counts = {int(found) for found in _COUNT.findall(conditions)}
    sizes = sorted({size for count in counts if count >= MOST_CHILDREN for size in (count, count + 1, count + 2)})
    for size in sizes:
        if MOST_CHILDREN < size <= LARGEST_TRIED:
            for one, other in combinations(kinds, 2):
                for first in range(1, size):
                    yield (one,) * first + (other,) * (size - first)


def _critical(conditions: str) -> tuple[bool, ...]:
    return (False, True) if "critical_" in conditions else (False,)


def _improved(children: _Children, scale: Scale) -> Iterator[tuple[list[_Kind], str]]:
    """The children with one of each kind a level better."""
    for level, critical, name in dict.fromkeys(children):
        if level.is_grey or level == scale.best:
            continue
        n = children.index((level, critical, name))
        better = scale.levels[level.rank + 1]
        changed = [*children[:n], (better, critical, name), *children[n + 1 :]]
        yield changed, f"{'' if name else 'one '}{_kind(level, critical, name)} becomes {better}"


def _described(children: _Children) -> str:
    if len(children) <= MOST_CHILDREN:
        return ", ".join(_kind(*child) for child in children)
    return " and ".join(f"{count} {_kind(*kind)}" for kind, count in Counter(children).items())


def _kind(level: Rag, critical: bool, name: str) -> str:
    return f"{name} at {level}" if name else f"{'critical ' if critical else ''}{level}"
