"""The caps and floors of a roll-up, and which children they name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from attrs import evolve

from ..rulebook.action import Action
from ..rulebook.area import Area, RollupLimit, RollupMethod, RollupPolicy
from ..rulebook.expression import rollup_names
from ..rulebook.grace import Effect
from ..rulebook.kpi import Kpi
from ..terms import Scale
from ..toml.positions import Path
from .faults import Faults, Wrong, near
from .fields import CAP, FLOOR
from .graces import when_of
from .keys import as_meant
from .values import MOST_RULES, at_most, tables, text_value

__all__ = ["LIMITS", "of_values", "read_limits", "with_children"]

#: keys of a roll-up that limit it, with the keys of each entry and its effect
LIMITS = {"caps": (CAP, Effect.NO_BETTER_THAN), "floors": (FLOOR, Effect.NO_WORSE_THAN)}

_WORST = re.compile(r"\s*worst\s+([1-9][0-9]{0,3})\s*", re.ASCII)


def of_values(of: str, method: RollupMethod | None, scale: Scale) -> dict[str, Any]:
    """The fields that ``of`` fills: a level of a share, or how many of the worst children of points."""
    if method is not RollupMethod.POINTS:
        return {"of": scale.id_of(of)}
    found = _WORST.fullmatch(of)
    if found is None:
        raise Wrong("RAG007", f"{of!r} is no part of the children", 'write of = "worst 2": the mean of the two worst')
    return {"worst": int(found[1])}


def read_limits(raw: object, key: str, scale: Scale, faults: Faults, file: str, path: Path) -> tuple[RollupLimit, ...]:
    """The entries of ``caps`` or ``floors``; what is wrong with one is a fault, and it is left out."""
    keys, effect = LIMITS[key]
    try:
        items = tables(raw)
        at_most(MOST_RULES, items, key)
    except Wrong as wrong:
        faults.add_wrong(file, path, wrong)
        return ()
    if not items:
        hint = f'write {{ {effect} = "amber", when = "red >= 2" }}, or leave {key} out'
        faults.add(file, path, "RAG023", f"{key} is empty", hint, at_key=True)
    found = []
    for n, written in enumerate(items):
        at: Path = (*path, n)
        item = as_meant(written, keys, faults, file, at)
        faulty = list(_faults_of(item, effect))
        for name, code, said, hint in faulty:
            faults.add(file, (*at, name) if name else at, code, said, hint, at_key=bool(name))
        when = when_of(item, rollup_names(str(level) for level in scale), faults, file, at)
        levels = _levels_of(item, effect, scale, faults, file, at)
        if not faulty and levels is not None and (when is not None or "child" in item):
            level, child_at = levels
            found.append(RollupLimit(effect, level, when, str(item.get("child", "")), child_at))
    return tuple(found)


def _faults_of(item: Mapping[str, Any], effect: Effect) -> Iterator[tuple[str, str, str, str]]:
    """Keys that are missing, or that do not go together: key, code, message and hint."""
    if effect not in item:
        yield "", "RAG005", f"{effect} is missing", "write the level that it limits to"
    if "when" in item and "child" in item:
        yield "child", "RAG016", "when and child are both given", "leave one, or write two entries"
    elif "when" not in item and "child" not in item:
        said = "neither when nor child says when it holds"
        yield "", "RAG005", said, 'write when = "red >= 2", or child = "vacancies" with at = "red"'
    if "child" in item and "at" not in item:
        yield "", "RAG005", "at is missing", 'write the level at which, or worse, it holds: at = "red"'
    if "at" in item and "child" not in item:
        yield "at", "RAG016", "at is the level of a child, and there is none", "write child, or leave at out"
    if "child" in item and not isinstance(item["child"], str):
        yield "child", "RAG006", f"{item['child']!r} is not a text", "write the id of a KPI, action or area"


def _levels_of(
    item: Mapping[str, Any], effect: Effect, scale: Scale, faults: Faults, file: str, at: Path
) -> tuple[str, str] | None:
    """The level it limits to and that of the child; None where one cannot be used."""
    made = {str(effect): "", "at": ""}
    for name in made.keys() & item.keys():
        try:
            made[name] = scale.id_of(text_value(item[name]))
        except Wrong as wrong:
            faults.add_wrong(file, (*at, name), wrong)
            return None
        if scale.get(made[name]) is None or scale[made[name]].is_grey:
            levels = ", ".join(str(level) for level in scale)
            said = f"the scale has no level {made[name]!r}"
            faults.add(file, (*at, name), "RAG017", said, f"its levels are {levels}")
            return None
    return made[str(effect)], made["at"]


def with_children(
    policy: RollupPolicy,
    area: str,
    areas: Mapping[str, Area],
    rules: Mapping[str, Kpi | Action],
    faults: Faults,
    file: str,
) -> RollupPolicy:
    """The policy with the ids that its limits name; ``area`` is whose own it is, empty for the book's.

    The book's may name a child of any area that has no roll-up of its own, or an area at the top.
    """
    if not any(limit.child for limit in policy.limits):
        return policy
    judged = {area} if area else {own.id for own in areas.values() if own.rollup is None} | {""}
    below = [own.id for own in areas.values() if own.parent in judged]
    below += [rule.id for rule in rules.values() if rule.area in judged]
    changed: dict[str, Any] = {}
    for key in LIMITS:
        limits = []
        for n, limit in enumerate(getattr(policy, key)):
            path: Path = ("rollup", key, n, "child")
            limits.append(evolve(limit, children=_named(limit.child, below, rules, area, faults, file, path)))
        changed[key] = tuple(limits)
    return evolve(policy, **changed)


def _named(
    child: str,
    below: Collection[str],
    rules: Mapping[str, Kpi | Action],
    area: str,
    faults: Faults,
    file: str,
    path: Path,
) -> tuple[str, ...]:
    """The ids of the children that a name means: an id itself, else those of that name within their area."""
    if not child:
        return ()
    found = [child] if child in below else [own for own in below if own.partition(".")[2] == child]
    counts = [own for own in found if own not in rules or rules[own].in_rollup]
    if not found:
        of = area or "an area with the book's roll-up, or the programme,"
        shown = near(child, [*below, *(own.partition(".")[2] for own in below)])
        hint = shown or "name a KPI, an action or an area directly under it"
        faults.add(file, path, "RAG019", f"{of} has no child {child!r}", hint)
    elif not counts:
        said = f"{found[0]} is left out of its area (in_rollup = false), and so limits nothing"
        faults.add(file, path, "RAG016", said, "let it count, or take the limit out")
    return tuple(counts)
