"""Sets of children on which roll-ups are tried."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement, product

from ..rollup.tally import Child
from ..rulebook.area import RollupPolicy
from ..rulebook.compile import policy_table
from ..terms import GREY, Rag, Scale
from .value_limits import line_step

__all__ = ["LARGEST_TRIED", "SMALL", "child_sets", "named_children", "scored_children", "tried_children"]

_COUNT = re.compile(r"\b\d{1,2}\b")
#: beside children that a limit names, so many others are tried, and so many of the named ones together
_BESIDE, _NAMED = 3, 2

#: every set of so many children is tried, and mixes of two kinds up to the second number
SMALL, LARGEST_TRIED = 5, 40


def child_sets(scale: Scale, *, critical: bool, largest: int = 0) -> Iterator[tuple[tuple[Rag, bool], ...]]:
    """Children as (level, critical), the smallest sets first; ``critical`` also tries critical ones.

    ``largest`` also tries mixes of two kinds of that many children, where that is more than :data:`LARGEST_TRIED`.
    """
    kinds = [(level, flag) for level in (*scale, GREY) for flag in ((False, True) if critical else (False,))]
    for size in range(1, SMALL + 1):
        yield from combinations_with_replacement(kinds, size)
    if largest > LARGEST_TRIED:
        yield from ((kind,) * largest for kind in kinds)
    for one, other in combinations(kinds, 2):
        for size in (*range(SMALL + 1, LARGEST_TRIED + 1), *((largest,) if largest > LARGEST_TRIED else ())):
            for first in sorted({1, 2, size // 4, size // 3, size // 2, size - 2, size - 1}):
                yield (one,) * first + (other,) * (size - first)


def named_children(*policies: RollupPolicy) -> list[str]:
    """The ids of one child for each limit that names some, sorted."""
    return sorted({min(limit.children) for policy in policies for limit in policy.limits if limit.children})


def tried_children(scale: Scale, *policies: RollupPolicy, largest: int = 0) -> Iterator[list[Child]]:
    """The sets on which policies are tried, as children; those that limits name beside a few others besides."""
    critical = any("critical_" in policy.conditions for policy in policies)
    for children in child_sets(scale, critical=critical, largest=largest):
        yield [Child(str(n), level, flag) for n, (level, flag) in enumerate(children)]
    yield from _counted(scale, *policies, largest=largest)
    yield from _with_named(scale, named_children(*policies))


def scored_children(scale: Scale, *policies: RollupPolicy) -> Iterator[list[Child]]:
    """The same with scores: a mean on and beside each line, and sets of levels with a score of each band."""
    tables = [policy_table(policy, scale) for policy in policies]
    lines = sorted({cut.at for table in tables for cut in table.thresholds})
    scores = [end for at in lines for end in (at - line_step(at), at, at + line_step(at))]
    for score in scores:
        yield [Child("0", scale.best).scored(score, None)]
    for some in combinations_with_replacement([scores[0], *lines, scores[-1]], SMALL - 1):
        yield [Child(str(n), scale.best).scored(score, None) for n, score in enumerate(some)]
    for end in (scores[0], scores[-1]):
        for children in tried_children(scale, *policies):
            yield [child.scored(None if child.rag.is_grey else end, None) for child in children]


def _counted(scale: Scale, *policies: RollupPolicy, largest: int) -> Iterator[list[Child]]:
    """As many of one level as the condition of a limit counts, beside as many of another as an area may have."""
    asked = " ".join(limit.when.text for policy in policies for limit in policy.limits if limit.when is not None)
    counts = {int(found) + more for found in _COUNT.findall(asked) for more in (-1, 0, 1)}
    for count in sorted(count for count in counts if count > 0):
        for size in sorted({count + 1, 2 * count, max(LARGEST_TRIED, largest)}):
            for one, other in product((*scale, GREY), repeat=2):
                yield [Child(str(n), one if n < count else other) for n in range(size)]


def _with_named(scale: Scale, names: Sequence[str]) -> Iterator[list[Child]]:
    levels = (*scale, GREY)
    for count in range(1, _NAMED + 1):
        for chosen in combinations(names, count):
            for own in product(levels, repeat=count):
                named = [Child(name, level) for name, level in zip(chosen, own, strict=True)]
                for size in range(_BESIDE + 1):
                    for others in combinations_with_replacement(levels, size):
                        yield [*named, *(Child(str(n), level) for n, level in enumerate(others))]
