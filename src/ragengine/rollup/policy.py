"""How children's levels become an area's: the four methods, and what limits them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from attrs import Factory, define, evolve, field, frozen

from ..bands import BandTable
from ..number import text
from ..rulebook.area import RollupLimit, RollupMethod, RollupPolicy
from ..rulebook.compile import policy_table
from ..rulebook.expression import DivisionByZero, MissingInput
from ..rulebook.grace import limited
from ..terms import GREY, Rag, Reason, Scale
from .tally import Child, Counted, Span, Tally, ratio

__all__ = [
    "Decision", "LimitTrace", "PolicyDecider", "RuleTrace", "decide", "decide_counted", "level_counts",
    "worst_are_largest",
]  # fmt: skip

#: what conditions of rules, caps and floors read
Names = dict[str, Fraction | str]
#: the one of them that is no number
_WORST = "worst"


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
    span: Span | None = None
    computed: Rag = field(default=Factory(lambda own: own.rag, takes_self=True))


def decide(policy: RollupPolicy, scale: Scale, children: Sequence[Child]) -> Decision:
    """The level of an area; grey counts as nothing but grey, and ``minimum_coverage`` decides whether to ask."""
    return decide_counted(policy, scale, [(child, 1) for child in children])


def decide_counted(policy: RollupPolicy, scale: Scale, counted: Sequence[Counted]) -> Decision:
    """The same for children that count alike: each stands for so many, one or more."""
    return PolicyDecider(policy, scale).of_counted(counted)


def level_counts(children: Sequence[Child], scale: Scale) -> dict[str, int]:
    """How many children have each level, worst first, then grey."""
    counted = Counter(str(child.rag) for child in children)
    return {str(level): counted.get(str(level), 0) for level in (*scale, GREY)}


@define(slots=False)
class PolicyDecider:
    """Decides the areas of one policy."""

    policy: RollupPolicy
    scale: Scale
    #: what rules said of the numbers that they read: those of many areas are alike
    _by_numbers: dict[tuple[Fraction | str, ...], Decision] = field(factory=dict, init=False)

    def of_counted(self, counted: Sequence[Counted]) -> Decision:
        """The level that these children make."""
        mean = self.policy.method is RollupMethod.POINTS
        tally = self.tally(scored=mean and any(child.span is not None and child.weight for child, _ in counted))
        for child, count in counted:
            tally.add(child, count)
        return self.of(tally)

    def tally(self, *, scored: bool = False) -> Tally:
        """One without children; ``scored`` says whether those that it will have roll up their scores."""
        return Tally(self.scale, self._over_points, scored, self.policy.worst is not None, self._named)

    def of(self, tally: Tally) -> Decision:
        """The level that children make."""
        too_few = self.too_few(sum(tally.counted), sum(tally.rated), scored=tally.scored)
        if too_few is not None:
            return too_few
        names = self._names(tally) if self._asked else {}
        made = self._by_method(tally, names)
        return self._limited(made, tally, names) if self._limits else made

    def too_few(self, total: int, rated: int, *, scored: bool) -> Decision | None:
        """Grey, where too few of those that count are rated, or have a score; else None."""
        if not rated and scored:
            # a level by judgement, or of a missing value, has no score: it is no part of the mean
            return Decision(GREY, Reason.INSUFFICIENT_COVERAGE, f"none of {total} has a score")
        if not rated:
            of = f"{total} with a weight" if self._over_points else f"{total}"
            return Decision(GREY, Reason.INSUFFICIENT_COVERAGE, f"none of {of} is rated")
        least = self.policy.minimum_coverage
        if least and rated < least * total:
            why = f"{rated} of {total} rated, and {text(least * 100)}% is the least"
            return Decision(GREY, Reason.INSUFFICIENT_COVERAGE, why)
        return None

    def at(self, score: Fraction, span: Span | None) -> Decision:
        """The level that the bands have for a score."""
        return Decision(self._table.labels[self._table.exact_index(score)], score=score, span=span)

    @cached_property
    def is_a_mean(self) -> bool:
        """Whether the level is that of the mean of all that count, whatever their levels."""
        return self._over_points and self.policy.worst is None and not self._limits

    @cached_property
    def _over_points(self) -> bool:
        return self.policy.method is RollupMethod.POINTS

    @cached_property
    def _named(self) -> frozenset[str]:
        return self.policy.named

    @cached_property
    def _limits(self) -> tuple[RollupLimit, ...]:
        return self.policy.limits

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The names that conditions read."""
        limits = (limit.when for limit in self._limits)
        return frozenset(self._read).union(*(when.names for when in limits if when is not None))

    @cached_property
    def _read(self) -> tuple[str, ...]:
        """Those that rules read."""
        conditions = (rule.when for rule in self.policy.rules)
        return tuple(sorted({name for when in conditions if when is not None for name in when.names}))

    @cached_property
    def _table(self) -> BandTable[Rag]:
        return policy_table(self.policy, self.scale)

    def _by_method(self, tally: Tally, names: Names) -> Decision:
        policy = self.policy
        if policy.method is RollupMethod.WORST:
            return Decision(self._worst(tally))
        if policy.method is RollupMethod.RULES:
            key = tuple(names[name] for name in self._read)
            found = self._by_numbers.get(key)
            if found is None:
                found = self._by_numbers[key] = self._by_rules(names)
            return found
        if policy.method is RollupMethod.SHARE:
            least = self.scale[policy.of] if policy.of else self.scale.best
            score = Fraction(100 * sum(tally.rated[least.rank : -1]), sum(tally.rated))
        elif policy.worst is not None:
            score = self._of_worst(policy.worst, tally)
        else:
            score = ratio(tally.points, tally.weights)
        return self.at(score, tally.span)

    def _worst(self, tally: Tally) -> Rag:
        return next(level for level, count in zip(self.scale, tally.rated, strict=False) if count)

    def _of_worst(self, most: int, tally: Tally) -> Fraction:
        """The plain mean of so many of the worst, or of all where there are fewer."""
        order = sorted(tally.single, reverse=worst_are_largest(self._table))
        total, taken = Fraction(0), 0
        for points, count in order:
            own = min(count, most - taken)
            total += points * own
            taken += own
        return total / taken

    def _names(self, tally: Tally) -> Names:
        """What conditions read."""
        found = {str(GREY): tally.counted[GREY.rank]}
        for level in self.scale:
            found[str(level)] = tally.counted[level.rank]
            found[f"critical_{level}"] = tally.critical[level.rank]
        found |= {"rated": sum(tally.rated), "total": sum(tally.counted)}
        names: Names = {name: Fraction(found[name]) for name in self._asked if name != _WORST}
        return names | {_WORST: str(self._worst(tally))} if _WORST in self._asked else names

    def _by_rules(self, names: Names) -> Decision:
        traces: list[RuleTrace] = []
        for rule in self.policy.rules:
            if rule.when is None:
                traces.append(RuleTrace(rule.rag, "", True, line=rule.line))
                return Decision(self.scale[rule.rag], rules=tuple(traces))
            result = rule.when.evaluate(names)
            if result is True:
                traces.append(RuleTrace(rule.rag, rule.when.text, True, _values(rule.when.names, names), rule.line))
                return Decision(self.scale[rule.rag], rules=tuple(traces))
            why = "it divides by zero" if isinstance(result, DivisionByZero) else _values(rule.when.names, names)
            assert not isinstance(result, MissingInput)
            traces.append(RuleTrace(rule.rag, rule.when.text, False, why, rule.line))
        raise AssertionError("the last rule of a roll-up has no condition: the loader sees to it")

    def _limited(self, made: Decision, tally: Tally, names: Names) -> Decision:
        """The level under the caps and floors that hold, in their order."""
        level, traces = made.rag, []
        for limit in self._limits:
            if limit.when is not None:
                holds, why, asked = limit.when.evaluate(names) is True, _values(limit.when.names, names), ""
            else:
                own = [child for child in tally.asked if child[0] in limit.children]
                if not own:
                    # the area, or the entity, has no such child
                    continue
                holds, why = self._child_holds(limit, own)
                asked = own[0][0]
            at_most = self.scale[limit.level]
            after = limited(level, limit.effect, at_most) if holds else level
            changed = after != level
            traces.append(LimitTrace(str(limit.effect), at_most, limit.condition, holds, why, changed, asked, limit.at))
            level = after
        return evolve(made, rag=level, limits=tuple(traces), computed=made.rag)

    def _child_holds(self, limit: RollupLimit, own: Sequence[tuple[str, Rag]]) -> tuple[bool, str]:
        """Whether a child is at a level or worse, any of those of its entities where it has several; grey never is."""
        rated = [child for child in own if not child[1].is_grey]
        child, level = min(rated, key=lambda each: each[1], default=own[0])
        return not level.is_grey and level <= self.scale[limit.at], f"{child} is {level}"


def _values(used: frozenset[str], names: Names) -> str:
    return ", ".join(f"{name} is {names[name]}" for name in sorted(used))


def worst_are_largest(table: BandTable[Rag]) -> bool:
    """Whether the bands over a score say that less is better."""
    return table.labels[-1] < table.labels[0]
