"""The judgements of a run that can be applied; each that cannot, or judges nothing, is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from ..data.model import Override
from ..problem import shorten
from ..rating.overrides import has_lapsed, in_force, in_order, with_level
from ..rulebook.rules import Rules
from .rows import Key
from .usable_rows import Telling

__all__ = ["checked_overrides", "tell_unmet"]


def checked_overrides(
    rules: Rules, overrides: Iterable[Override], day: date, tell: Telling
) -> dict[str, list[Override]]:
    """The overrides of each area, KPI and action in the order in which they are applied, with their levels by id."""
    known = {*rules.areas, *rules.kpis, *rules.actions}
    found: dict[str, list[Override]] = defaultdict(list)
    for override in in_order(overrides):
        read = with_level(override, rules.scale)
        if override.subject not in known:
            tell.unknown(override.subject, "area, KPI or action", known, override.place)
        elif read is None:
            levels = ", ".join(str(own) for own in rules.scale)
            tell.say("RAG110", f"the scale has no level {shorten(override.level)!r}", override.place, f"use {levels}")
        else:
            if has_lapsed(override, day):
                said = f"the override of {override.subject} lapsed on {override.until} and is not applied"
                tell.say("RAG111", said, override.place, "renew it, or take it out", warning=True)
            found[override.subject].append(read)
    for subject, own in found.items():
        _tell_of_several(subject, own, day, tell)
    return dict(found)


def _tell_of_several(subject: str, overrides: Sequence[Override], day: date, tell: Telling) -> None:
    live = [override for override in overrides if override.effect == "rag" and in_force(override, day)]
    if len({(override.entity, override.level) for override in live}) > len({override.entity for override in live}):
        said = f"{subject} has {len(live)} overrides in force that name different levels; the last begun counts"
        tell.say("RAG110", said, live[-1].place, "end one before the next begins", warning=True)


def tell_unmet(overrides: Mapping[str, Iterable[Override]], day: date, rated: Collection[Key], tell: Telling) -> None:
    """An override that is in force and meets no rating judges nothing, and somebody thinks that it does."""
    for subject, own in overrides.items():
        for override in own:
            if in_force(override, day) and (subject, override.entity) not in rated:
                of = f" of {override.entity}" if override.entity else ""
                entities = sorted(entity for known, entity in rated if known == subject and entity)
                hint = f"name the entity: {', '.join(entities[:5])}" if entities else "take it out"
                tell.say("RAG110", f"the override of {subject}{of} meets no rating", override.place, hint)
