"""Roll-ups compared, with an example of children whose area changes."""

from __future__ import annotations

from collections.abc import Iterator

from ...number import text
from ...rollup.policy import Child, decide
from ...rulebook.area import RollupMethod, RollupPolicy
from ...terms import Scale
from ..child_sets import child_sets

__all__ = ["policy_details"]


def policy_details(old: RollupPolicy, new: RollupPolicy, scale: Scale) -> Iterator[str]:
    """What changed about a roll-up, a line each; nothing where only its layout did."""
    if old.method is not new.method:
        yield f"method {old.method} → {new.method}"
    if old.minimum_coverage != new.minimum_coverage:
        yield f"minimum_coverage {text(old.minimum_coverage * 100)}% → {text(new.minimum_coverage * 100)}%"
    if old.of != new.of:
        yield f"of {old.of or 'the best level'} → {new.of or 'the best level'}"
    before, after = _rules(old), _rules(new)
    if before != after:
        for n in range(max(len(before), len(after))):
            was = before[n] if n < len(before) else "none"
            now = after[n] if n < len(after) else "none"
            if was != now:
                yield f"rule {n + 1}: {was} → {now}"
    if old.bands != new.bands:
        yield f"bands: {_bands(old)} → {_bands(new)}"
    example = _example(old, new, scale)
    if example:
        yield example


def _rules(policy: RollupPolicy) -> list[str]:
    return [f"{rule.rag} when {rule.when.meaning}" if rule.when else f"{rule.rag} otherwise" for rule in policy.rules]


def _bands(policy: RollupPolicy) -> str:
    parts = []
    for band in policy.bands:
        low = f"{'from' if band.lower_in else 'above'} {band.lower.amount}" if band.lower else ""
        high = f"{'to' if band.upper_in else 'below'} {band.upper.amount}" if band.upper else ""
        parts.append(f"{band.rag} {' '.join(part for part in (low, high) if part)}")
    return ", ".join(parts) or "none"


def _example(old: RollupPolicy, new: RollupPolicy, scale: Scale) -> str:
    """The smallest set of children that the two rate otherwise, in words."""
    conditions = " ".join(rule.when.text for policy in (old, new) for rule in policy.rules if rule.when is not None)
    weighed = RollupMethod.POINTS in (old.method, new.method)
    for children in child_sets(scale, critical="critical_" in conditions and not weighed):
        made = [Child(str(n), level, flag) for n, (level, flag) in enumerate(children)]
        was, now = decide(old, scale, made), decide(new, scale, made)
        if was.rag != now.rag:
            said = ", ".join(f"{'critical ' if flag else ''}{level}" for level, flag in children)
            return f"for example {said}: {was.rag.label} → {now.rag.label}"
    return ""
