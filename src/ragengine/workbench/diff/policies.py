"""Roll-ups compared, with an example of children whose area changes."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from ...bands import BandTable
from ...number import text
from ...rollup.policy import decide
from ...rulebook.area import RollupLimit, RollupPolicy, RollupRule
from ...rulebook.compile import policy_table
from ...terms import Rag, Scale
from ..child_sets import named_children, tried_children
from .written import bands_text, meaning

__all__ = ["policies_differ", "policy_details"]


def policy_details(old: RollupPolicy, new: RollupPolicy, old_scale: Scale, scale: Scale) -> Iterator[str]:
    """What changed about a roll-up, a line each; nothing where only its layout did."""
    details = list(_key_details(old, new, old_scale, scale))
    if details:
        yield from details
        yield _example(old, new, old_scale, scale)


def policies_differ(old: RollupPolicy, new: RollupPolicy, old_scale: Scale, scale: Scale) -> bool:
    """Whether two roll-ups say something else."""
    return any(_key_details(old, new, old_scale, scale))


def _key_details(old: RollupPolicy, new: RollupPolicy, old_scale: Scale, scale: Scale) -> Iterator[str]:
    if old.method is not new.method:
        yield f"method {old.method} → {new.method}"
    if old.minimum_coverage != new.minimum_coverage:
        yield f"minimum_coverage {text(old.minimum_coverage * 100)}% → {text(new.minimum_coverage * 100)}%"
    if (old.of or str(old_scale.best)) != (new.of or str(scale.best)):
        yield f"of {old.of or old_scale.best} → {new.of or scale.best}"
    if old.worst != new.worst:
        yield f"of {_of_worst(old)} → {_of_worst(new)}"
    yield from _rule_details(old.rules, new.rules)
    for what, before, after in (("cap", old.caps, new.caps), ("floor", old.floors, new.floors)):
        yield from _limit_details(what, before, after)
    if _table(old, old_scale) != _table(new, scale):
        yield f"bands: {bands_text(old.bands)} → {bands_text(new.bands)}"


def _table(policy: RollupPolicy, scale: Scale) -> BandTable[Rag] | None:
    return policy_table(policy, scale) if policy.bands else None


def _rule_details(old: tuple[RollupRule, ...], new: tuple[RollupRule, ...]) -> Iterator[str]:
    before, after = [_compared(rule) for rule in old], [_compared(rule) for rule in new]
    if before == after:
        return
    if sorted(before) == sorted(after):
        yield f"rules in another order: {'; '.join(map(_said, new))}"
        return
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        paired = min(b - a, d - c)
        for n in range(paired):
            yield f"rule {c + n + 1}: {_said(old[a + n])} → {_said(new[c + n])}"
        for rule in old[a + paired : b]:
            yield f"a rule less: {_said(rule)}"
        for n, rule in enumerate(new[c + paired : d], start=c + paired + 1):
            yield f"a rule more, as rule {n}: {_said(rule)}"


def _compared(rule: RollupRule) -> tuple[str, str]:
    return rule.rag, "" if rule.when is None else str(meaning(rule.when))


def _said(rule: RollupRule) -> str:
    return f"{rule.rag} when {rule.when.text}" if rule.when else f"{rule.rag} otherwise"


def _of_worst(policy: RollupPolicy) -> str:
    return "all" if policy.worst is None else f"worst {policy.worst}"


def _limit_details(what: str, old: tuple[RollupLimit, ...], new: tuple[RollupLimit, ...]) -> Iterator[str]:
    """Limits are a set: in another order they limit alike."""
    before, after = ({_limit_meaning(limit): limit for limit in limits} for limits in (old, new))
    yield from (f"a {what} less: {_limit_said(limit)}" for key, limit in before.items() if key not in after)
    yield from (f"a {what} more: {_limit_said(limit)}" for key, limit in after.items() if key not in before)


def _limit_meaning(limit: RollupLimit) -> tuple[str, ...]:
    when = "" if limit.when is None else str(meaning(limit.when))
    return limit.level, when, *limit.children, limit.at


def _limit_said(limit: RollupLimit) -> str:
    return f"{limit.effect} {limit.level} where {limit.condition}"


def _example(old: RollupPolicy, new: RollupPolicy, old_scale: Scale, scale: Scale) -> str:
    """The smallest set of children that the two rate otherwise, in words."""
    for children in tried_children(scale, old, new):
        if not all(child.rag in old_scale or child.rag.is_grey for child in children):
            continue
        # each by its own scale: points and order may differ
        was = decide(old, old_scale, [child.with_level(old_scale[child.rag.id]) for child in children])
        now = decide(new, scale, children)
        if was.rag != now.rag:
            named = {*named_children(old, new)}
            said = ", ".join(
                f"{child.id} at {child.rag}" if child.id in named else f"{'critical ' * child.critical}{child.rag}"
                for child in children
            )
            return f"for example {said}: {was.rag.label} → {now.rag.label}"
    return "no set of children that was tried is rated otherwise"
