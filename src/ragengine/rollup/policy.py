"""How children's levels become an area's: the four methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve, frozen

from ..number import exact, text
from ..rulebook.area import RollupMethod, RollupPolicy
from ..rulebook.compile import policy_table
from ..rulebook.expression import DivisionByZero, MissingInput
from ..terms import GREY, Rag, Reason, Scale

__all__ = [
    "Child", "Counted", "Decision", "RuleTrace", "decide", "decide_counted", "level_counts", "points_of",

]  # fmt: skip


@frozen
class Child:
    """One KPI, action or child area in a roll-up."""

    id: str
    rag: Rag
    critical: bool = False
    weight: Fraction = Fraction(1)
    title: str = ""
    reason: Reason | None = None

    def with_level(self, level: Rag) -> Child:
        """The same child at another level."""
        return evolve(self, rag=level)


#: a child and how many count as it does
Counted = tuple[Child, int]


@frozen
class RuleTrace:
    """One rule of a policy and what it said; ``why`` is empty for the one that matched."""

    rag: str
    when: str
    matched: bool
    why: str = ""
    line: int = 0


@frozen
class Decision:
    """The level that a policy makes of children.

    Attributes:
        score: for ``points`` and ``share``, the number that the bands judged.
        rules: for ``rules``, those asked, the matched one last.
    """

    rag: Rag
    reason: Reason | None = None
    why: str = ""
    score: Fraction | None = None
    rules: tuple[RuleTrace, ...] = ()


def level_counts(children: Sequence[Child], scale: Scale) -> dict[str, int]:
    """How many children have each level, worst first, then grey."""
    counted = Counter(str(child.rag) for child in children)
    return {str(level): counted.get(str(level), 0) for level in (*scale, GREY)}


def decide(policy: RollupPolicy, scale: Scale, children: Sequence[Child]) -> Decision:
    """The level of an area; grey counts as nothing but grey, and ``minimum_coverage`` decides whether to ask."""
    return decide_counted(policy, scale, [(child, 1) for child in children])


def decide_counted(policy: RollupPolicy, scale: Scale, counted: Sequence[Counted]) -> Decision:
    """The same for children that count alike: each stands for so many, one or more."""
    if policy.method is RollupMethod.POINTS:
        # what weighs nothing is no part of a mean, nor of what it covers
        counted = [(child, count) for child, count in counted if child.weight]
    rated = [(child, count) for child, count in counted if not child.rag.is_grey]
    total, of_them = _how_many(counted), _how_many(rated)
    if not rated:
        of = f"{total} with a weight" if policy.method is RollupMethod.POINTS else f"{total}"
        return Decision(GREY, Reason.INSUFFICIENT_COVERAGE, f"none of {of} is rated")
    if of_them < policy.minimum_coverage * total:
        wanted = text(policy.minimum_coverage * 100)
        why = f"{of_them} of {total} rated, and {wanted}% is the least"
        return Decision(GREY, Reason.INSUFFICIENT_COVERAGE, why)
    match policy.method:
        case RollupMethod.WORST:
            return Decision(min(child.rag for child, _ in rated))
        case RollupMethod.RULES:
            return _by_rules(policy, scale, counted, rated)
        case RollupMethod.POINTS:
            score = _points(rated)
        case RollupMethod.SHARE:
            score = _share(policy, scale, rated)
    table = policy_table(policy, scale)
    return Decision(table.labels[table.exact_index(score)], score=score)


def _how_many(counted: Sequence[Counted]) -> int:
    return sum(count for _, count in counted)


def _points(rated: Sequence[Counted]) -> Fraction:
    weights = sum((child.weight * count for child, count in rated), Fraction(0))
    return sum((points_of(child.rag) * child.weight * count for child, count in rated), Fraction(0)) / weights


def points_of(level: Rag) -> Fraction:
    """The points of a level, in a scale whose levels have some."""
    assert level.points is not None
    return exact(level.points)


def _share(policy: RollupPolicy, scale: Scale, rated: Sequence[Counted]) -> Fraction:
    least = scale[policy.of] if policy.of else scale.best
    return Fraction(100 * sum(count for child, count in rated if child.rag >= least), _how_many(rated))


def _names(scale: Scale, counted: Sequence[Counted], rated: Sequence[Counted]) -> dict[str, Fraction | str]:
    levels = [*map(str, scale), str(GREY)]
    counts = dict.fromkeys(levels, 0)
    critical = dict.fromkeys(levels, 0)
    for child, count in counted:
        counts[str(child.rag)] += count
        critical[str(child.rag)] += count if child.critical else 0
    names: dict[str, Fraction | str] = {level: Fraction(count) for level, count in counts.items()}
    names |= {f"critical_{level}": Fraction(critical[str(level)]) for level in scale}
    names |= {
        "rated": Fraction(_how_many(rated)),
        "total": Fraction(_how_many(counted)),
        "worst": str(min(child.rag for child, _ in rated)),
    }
    return names


def _by_rules(policy: RollupPolicy, scale: Scale, counted: Sequence[Counted], rated: Sequence[Counted]) -> Decision:
    names = _names(scale, counted, rated)
    traces: list[RuleTrace] = []
    for rule in policy.rules:
        if rule.when is None:
            traces.append(RuleTrace(rule.rag, "", True, line=rule.line))
            return Decision(scale[rule.rag], rules=tuple(traces))
        result = rule.when.evaluate(names)
        if result is True:
            traces.append(RuleTrace(rule.rag, rule.when.text, True, _values(rule.when.names, names), rule.line))
            return Decision(scale[rule.rag], rules=tuple(traces))
        why = "it divides by zero" if isinstance(result, DivisionByZero) else _values(rule.when.names, names)
        assert not isinstance(result, MissingInput)
        traces.append(RuleTrace(rule.rag, rule.when.text, False, why, rule.line))
    raise AssertionError("the last rule of a roll-up has no condition: the loader sees to it")


def _values(used: frozenset[str], names: dict[str, Fraction | str]) -> str:
    return ", ".join(f"{name} is {names[name]}" for name in sorted(used))
