"""How children's levels become an area's: the four methods, and what limits them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from attrs import Factory, evolve, field, frozen

from ..bands import BandTable
from ..number import exact, text
from ..rulebook.area import RollupLimit, RollupMethod, RollupPolicy
from ..rulebook.compile import policy_table
from ..rulebook.expression import DivisionByZero, MissingInput
from ..rulebook.grace import limited
from ..terms import GREY, Rag, Reason, Scale

__all__ = [
    "Child", "Counted", "Decision", "LimitTrace", "RuleTrace", "decide", "decide_counted", "level_counts", "points_of",
    "worst_are_largest", "worth",
]  # fmt: skip


#: the span of a child that takes part in a roll-up over scores and whose rule gives none
_NOTHING = (Fraction(0), Fraction(0))


@frozen
class Child:
    """One KPI, action or child area in a roll-up.

    Attributes:
        score: what it brings to a mean of scores; None where it has none.
        span: the least and the most that its score can be; None where levels count, and no scores.
    """

    id: str
    rag: Rag
    critical: bool = False
    weight: Fraction = Fraction(1)
    title: str = ""
    reason: Reason | None = None
    score: Fraction | None = None
    span: tuple[Fraction, Fraction] | None = None

    @property
    def subject(self) -> str:
        """Its id without the entity that a child of the whole may carry behind it."""
        return self.id.partition(", ")[0]

    def with_level(self, level: Rag) -> Child:
        """The same child at another level."""
        return evolve(self, rag=level)

    def scored(self, score: Fraction | None, span: tuple[Fraction, Fraction] | None) -> Child:
        """The same child where scores roll up; one whose rule gives none brings none, and may not be anything else."""
        span = _NOTHING if span is None else span
        return Child(self.id, self.rag, self.critical, self.weight, self.title, self.reason, score, span)

    def at_best(self, best: Rag, *, least: bool) -> Child:
        """The same child at the best level and the best score, which is the least where less is better."""
        score = None if self.span is None or self.score is None else self.span[0 if least else 1]
        return evolve(self, rag=best, score=score)


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
class LimitTrace:
    """One cap or floor of a policy and what it did.

    Attributes:
        effect: ``no_better_than`` or ``no_worse_than``.
        condition: when it holds, as written; where a child is asked, ``child`` is its id and ``at`` the level.
        why: what it was asked of: ``red is 2``, ``workforce.vacancies is red``.
        changed: whether the level became another by it; one that holds need not change anything.
    """

    effect: str
    level: Rag
    condition: str
    holds: bool
    why: str = ""
    changed: bool = False
    child: str = ""
    at: str = ""


@frozen
class Decision:
    """The level that a policy makes of children.

    Attributes:
        rag: the level, limited by caps and floors; ``computed`` is what the method alone gives.
        score: for ``points`` and ``share``, the number that the bands judged.
        rules: for ``rules``, those asked, the matched one last.
        limits: caps and floors that were asked, in their order.
        span: of a mean of scores, the least and the most that it can be for children such as these.
    """

    rag: Rag
    reason: Reason | None = None
    why: str = ""
    score: Fraction | None = None
    rules: tuple[RuleTrace, ...] = ()
    limits: tuple[LimitTrace, ...] = ()
    span: tuple[Fraction, Fraction] | None = None
    computed: Rag = field(default=Factory(lambda own: own.rag, takes_self=True))


def level_counts(children: Sequence[Child], scale: Scale) -> dict[str, int]:
    """How many children have each level, worst first, then grey."""
    counted = Counter(str(child.rag) for child in children)
    return {str(level): counted.get(str(level), 0) for level in (*scale, GREY)}


def decide(policy: RollupPolicy, scale: Scale, children: Sequence[Child]) -> Decision:
    """The level of an area; grey counts as nothing but grey, and ``minimum_coverage`` decides whether to ask."""
    return decide_counted(policy, scale, [(child, 1) for child in children])


def decide_counted(policy: RollupPolicy, scale: Scale, counted: Sequence[Counted]) -> Decision:
    """The same for children that count alike: each stands for so many, one or more."""
    given = counted
    if policy.method is RollupMethod.POINTS:
        # what weighs nothing is no part of a mean, nor of what it covers
        counted = [(child, count) for child, count in counted if child.weight]
    rated = [(child, count) for child, count in counted if not child.rag.is_grey]
    if policy.method is RollupMethod.POINTS and any(child.span is not None for child, _ in counted):
        # a level by judgement, or of a missing value, has no score: it is no part of the mean
        rated = [(child, count) for child, count in rated if child.score is not None]
        if not rated:
            return Decision(GREY, Reason.INSUFFICIENT_COVERAGE, f"none of {_how_many(counted)} has a score")
    total, of_them = _how_many(counted), _how_many(rated)
    if not rated:
        of = f"{total} with a weight" if policy.method is RollupMethod.POINTS else f"{total}"
        return Decision(GREY, Reason.INSUFFICIENT_COVERAGE, f"none of {of} is rated")
    if of_them < policy.minimum_coverage * total:
        wanted = text(policy.minimum_coverage * 100)
        why = f"{of_them} of {total} rated, and {wanted}% is the least"
        return Decision(GREY, Reason.INSUFFICIENT_COVERAGE, why)
    names = _names(scale, counted, rated) if policy.rules or policy.limits else {}
    made = _by_method(policy, scale, rated, names)
    return _limited(policy, scale, made, given, names) if policy.limits else made


def _by_method(
    policy: RollupPolicy, scale: Scale, rated: Sequence[Counted], names: dict[str, Fraction | str]
) -> Decision:
    if policy.method is RollupMethod.WORST:
        return Decision(min(child.rag for child, _ in rated))
    if policy.method is RollupMethod.RULES:
        return _by_rules(policy, scale, names)
    table = policy_table(policy, scale)
    if policy.method is RollupMethod.SHARE:
        score = _share(policy, scale, rated)
    elif policy.worst is not None:
        score = _of_worst(policy.worst, table, rated)
    else:
        score = _points(rated)
    return Decision(table.labels[table.exact_index(score)], score=score, span=_span(policy, rated))


def _limited(
    policy: RollupPolicy, scale: Scale, made: Decision, given: Sequence[Counted], names: dict[str, Fraction | str]
) -> Decision:
    """The level under the caps and floors that hold, in their order."""
    level, traces = made.rag, []
    for limit in policy.limits:
        if limit.when is not None:
            holds, why, asked = limit.when.evaluate(names) is True, _values(limit.when.names, names), ""
        else:
            own = [child for child, _ in given if child.subject in limit.children]
            if not own:
                # the area, or the entity, has no such child
                continue
            holds, why = _child_holds(limit, scale, own)
            asked = own[0].subject
        after = limited(level, limit.effect, scale[limit.level]) if holds else level
        traces.append(
            LimitTrace(
                str(limit.effect),
                scale[limit.level],
                limit.condition,
                holds,
                why,
                after != level,
                asked,
                limit.at,
            )
        )
        level = after
    return evolve(made, rag=level, limits=tuple(traces), computed=made.rag)


def _child_holds(limit: RollupLimit, scale: Scale, own: Sequence[Child]) -> tuple[bool, str]:
    """Whether a child is at a level or worse, any of those of its entities where it has several; grey never is."""
    rated = [child for child in own if not child.rag.is_grey]
    worst = min(rated, key=lambda child: child.rag, default=own[0])
    return worst in rated and worst.rag <= scale[limit.at], f"{worst.subject} is {worst.rag}"


def _how_many(counted: Sequence[Counted]) -> int:
    return sum(count for _, count in counted)


def _points(rated: Sequence[Counted]) -> Fraction:
    return _weighed((worth(child), child.weight, count) for child, count in rated) / _weighed(
        (Fraction(1), child.weight, count) for child, count in rated
    )


def _weighed(parts: Iterable[tuple[Fraction, Fraction, int]]) -> Fraction:
    """The sum of products; those of one denominator are summed as whole numbers, and there are few of those."""
    sums: dict[int, int] = {}
    for number, weight, count in parts:
        below = number.denominator * weight.denominator
        sums[below] = sums.get(below, 0) + number.numerator * weight.numerator * count
    return sum((Fraction(above, below) for below, above in sums.items()), Fraction(0))


def worth(child: Child) -> Fraction:
    """What a rated child brings to a mean: its score, else the points of its level."""
    return points_of(child.rag) if child.score is None else child.score


def _span(policy: RollupPolicy, rated: Sequence[Counted]) -> tuple[Fraction, Fraction] | None:
    # the ratings of a KPI share theirs
    spans = {id(child.span): child.span for child, _ in rated if child.span is not None}.values()
    if policy.method is not RollupMethod.POINTS or not spans:
        return None
    return min(low for low, _ in spans), max(high for _, high in spans)


def worst_are_largest(table: BandTable[Rag]) -> bool:
    """Whether the bands over a score say that less is better."""
    return table.labels[-1] < table.labels[0]


def _of_worst(most: int, table: BandTable[Rag], rated: Sequence[Counted]) -> Fraction:
    """The plain mean of so many of the worst, or of all where there are fewer: weights would say which are worst."""
    order = sorted(((worth(child), count) for child, count in rated), reverse=worst_are_largest(table))
    total, taken = Fraction(0), 0
    for points, count in order:
        own = min(count, most - taken)
        total += points * own
        taken += own
    return total / taken


def points_of(level: Rag) -> Fraction:
    """The points of a level, in a scale whose levels have some."""
    assert level.points is not None
    return exact(level.points)


def _share(policy: RollupPolicy, scale: Scale, rated: Sequence[Counted]) -> Fraction:
    least = scale[policy.of] if policy.of else scale.best
    return Fraction(100 * sum(count for child, count in rated if child.rag >= least), _how_many(rated))


def _names(scale: Scale, counted: Sequence[Counted], rated: Sequence[Counted]) -> dict[str, Fraction | str]:
    """What conditions of rules, caps and floors read."""
    counts, critical = [0] * (len(scale.levels) + 1), [0] * (len(scale.levels) + 1)
    for child, count in counted:
        place = -1 if child.rag.is_grey else child.rag.rank
        counts[place] += count
        critical[place] += count if child.critical else 0
    names: dict[str, Fraction | str] = {str(GREY): Fraction(counts[-1])}
    for level in scale:
        names[str(level)] = Fraction(counts[level.rank])
        names[f"critical_{level}"] = Fraction(critical[level.rank])
    return names | {
        "rated": Fraction(_how_many(rated)),
        "total": Fraction(_how_many(counted)),
        "worst": str(min(child.rag for child, _ in rated)),
    }


def _by_rules(policy: RollupPolicy, scale: Scale, names: dict[str, Fraction | str]) -> Decision:
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
