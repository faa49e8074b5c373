"""What a policy makes of counts of children: each distinct count is decided once, by the engine for one area."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field, frozen

from ..number import text
from ..rollup.policy import Decision, PolicyDecider
from ..rollup.tally import Child
from ..rulebook.area import RollupMethod, RollupPolicy
from ..terms import GREY, Rag
from .area_children import Weighing

__all__ = ["AreaVerdict", "Verdicts", "verdict_of"]


@frozen
class AreaVerdict:
    """An area's level as computed, and what it was made of.

    Attributes:
        counts: children by level, worst first, then grey.
        why: what decided, in words.
    """

    decision: Decision
    counts: tuple[int, ...]
    why: str

    @property
    def rag(self) -> Rag:
        return self.decision.rag


@define(slots=False)
class Verdicts:
    """The verdicts of one policy over children that weigh in some ways.

    Counts are asked for as one row: for each way of weighing, how many are at each level, worst first, then grey.

    Attributes:
        children: one of each of these.
    """

    decider: PolicyDecider
    weighings: Sequence[Weighing]
    children: list[Child] = field(init=False)
    _known: dict[tuple[int, ...], AreaVerdict] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        levels = (*self.decider.scale, GREY)
        self.children = [
            Child(id, level, critical, weight) for critical, weight, id in self.weighings for level in levels
        ]

    def place(self, level: Rag) -> int:
        """Where a level stands among those of one way of weighing."""
        return len(self.decider.scale.levels) if level.is_grey else level.rank

    def of(self, counts: Sequence[int]) -> AreaVerdict:
        """The verdict on these counts."""
        key = tuple(counts)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._made(key)
        return found

    def _made(self, counts: tuple[int, ...]) -> AreaVerdict:
        tally = self.decider.tally()
        for child, count in zip(self.children, counts, strict=True):
            if count:
                tally.add(child, count)
        return verdict_of(self.decider.policy, self.decider.of(tally), tally.counts)


def verdict_of(policy: RollupPolicy, decision: Decision, counts: Sequence[int]) -> AreaVerdict:
    """A decision with what decided it in words; ``counts`` are the children by level."""
    return AreaVerdict(decision, tuple(counts), _why(policy, decision))


def _why(policy: RollupPolicy, decision: Decision) -> str:
    if decision.why:
        return decision.why
    limiting = [trace.condition for trace in decision.limits if trace.changed]
    if limiting:
        return f"{limiting[-1]}; computed {decision.computed}: {_how(policy, decision)}"
    return _how(policy, decision)


def _how(policy: RollupPolicy, decision: Decision) -> str:
    if decision.rules:
        return decision.rules[-1].when or "no other rule holds"
    if decision.score is not None:
        return f"a score of {text(decision.score)}{'%' if policy.method is RollupMethod.SHARE else ' points'}"
    return "the worst level among those rated"
