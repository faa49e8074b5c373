"""Area tables, roll-ups and scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from keyword import iskeyword
from typing import Any

from ..number import exact
from ..problem import shorten
from ..rulebook.area import RollupMethod, RollupPolicy, RollupRule
from ..rulebook.expression import rollup_names
from ..rulebook.judged import with_ids
from ..rulebook.soundness import rollup_faults
from ..terms import DEFAULT_SCALE, GREY, Rag, Scale
from ..toml.positions import Path
from .faults import Faults, Wrong
from .fields import LEVEL, ROLLUP, RULE, SCALE
from .graces import when_of
from .keys import as_meant, read_table
from .limits import LIMITS, of_values, read_limits
from .values import (
    MOST_RULES,
    at_most,
    table,
    tables,
    wrong_type,
)

__all__ = ["read_rollup", "read_scale"]

#: names that the conditions of a roll-up have beside its levels, and functions
TAKEN = frozenset({"rated", "total", "worst", "true", "false", "none", "min", "max", "abs", "round"})


def read_rollup(raw: object, scale: Scale, faults: Faults, file: str, path: Path, line: int) -> RollupPolicy:
    """A ``[rollup]`` table; what cannot be used is a fault, and the worst level stands in for it."""
    if not isinstance(raw, dict):
        faults.add_wrong(file, path, wrong_type(raw, "a table"))
        return RollupPolicy(file=file, line=line)
    raw, fields = read_table(raw, ROLLUP, faults, file, path)
    if "method" not in raw:
        fields["method"] = RollupMethod.RULES if "rules" in raw else RollupMethod.WORST
    if "rules" in raw:
        fields["rules"] = _rules(raw["rules"], scale, faults, file, (*path, "rules"))
    if "bands" in fields:
        fields["bands"] = with_ids(fields["bands"], scale)
    if "of" in fields:
        try:
            fields |= of_values(fields.pop("of"), fields.get("method"), scale)
        except Wrong as wrong:
            faults.add_wrong(file, (*path, "of"), wrong)
    for key in LIMITS:
        if key in raw:
            fields[key] = read_limits(raw[key], key, scale, faults, file, (*path, key))
    policy = RollupPolicy(file=file, line=line, **fields)
    if policy.method is RollupMethod.RULES and "rules" not in raw:
        faults.add(file, path, "RAG023", "the roll-up has no rules", 'write rules = […], or method = "worst"')
    if policy.method is not RollupMethod.RULES and "rules" in raw:
        faults.add(file, (*path, "rules"), "RAG016", f"{policy.method} has no rules", "leave one", at_key=True)
    if "bands" in raw and "bands" not in fields:
        return policy
    for fault in rollup_faults(policy, scale):
        faults.add(file, (*path, fault.key), fault.code, fault.message, fault.hint)
    return policy


def _rules(raw: object, scale: Scale, faults: Faults, file: str, path: Path) -> tuple[RollupRule, ...]:
    try:
        items = tables(raw)
        at_most(MOST_RULES, items, "rules")
    except Wrong as wrong:
        faults.add_wrong(file, path, wrong)
        return ()
    if not items:
        faults.add(file, path, "RAG023", "the roll-up has no rules", 'write rules = […], or method = "worst"')
    names = rollup_names(str(level) for level in scale)
    rules = []
    for n, written in enumerate(items):
        at: Path = (*path, n)
        item = as_meant(written, RULE, faults, file, at)
        if "rag" not in item:
            faults.add(file, at, "RAG005", "rag is missing", "write the level of the rule")
            continue
        when = when_of(item, names, faults, file, at)
        last = n == len(items) - 1
        if last and "when" in item:
            hint = "end with { rag = … } alone, for what no rule matches"
            faults.add(file, at, "RAG023", "the last rule has a condition", hint)
        if not last and "when" not in item:
            hint = "only the last rule has no when"
            faults.add(file, at, "RAG023", "a rule without a condition hides those after it; it is not the last", hint)
        rules.append(RollupRule(scale.id_of(str(item["rag"])), when))
    return tuple(rules)


def read_scale(document: Mapping[str, Any], faults: Faults, file: str) -> Scale:
    """The scale of ``[[scale.levels]]``, or red, amber, green."""
    if "scale" not in document:
        return DEFAULT_SCALE
    try:
        raw = as_meant(table(document["scale"]), SCALE, faults, file, ("scale",))
        items = tables(raw.get("levels"))
    except Wrong as wrong:
        faults.add_wrong(file, ("scale",), wrong)
        return DEFAULT_SCALE
    levels = []
    for n, item in enumerate(items):
        at: Path = ("scale", "levels", n)
        meant, fields = read_table(item, LEVEL, faults, file, at)
        for key in ("id", "label", "symbol", "colour"):
            if key not in meant:
                faults.add(file, at, "RAG005", f"{key} is missing", f"each level has {', '.join(LEVEL)}")
        level = _level(n, fields, faults, file, at)
        if level is not None:
            levels.append(level)
    ids = [str(level) for level in levels]
    for level_id in {i for i in ids if ids.count(i) > 1}:
        faults.add(file, ("scale", "levels"), "RAG009", f"two levels are called {level_id}", "leave one")
    if len(set(ids)) == len(ids):
        _names_apart(levels, faults, file)
    if len(levels) < 2:
        faults.add(file, ("scale",), "RAG007", "a scale has at least two levels, worst first", "write them")
        return DEFAULT_SCALE
    return Scale(tuple(levels))


def _names_apart(levels: Sequence[Rag], faults: Faults, file: str) -> None:
    """A name that two levels have would be read as the first of them."""
    owners: dict[str, Rag] = {name.casefold(): GREY for name in (GREY.id, GREY.label, *GREY.aliases)}
    for level in levels:
        for name in (level.id, level.label, *level.aliases):
            other = owners.setdefault(name.casefold(), level)
            if other != level:
                said = f"{other} and {level} are both called {shorten(name, 40)!r}"
                hint = "give one of them another name; aliases = [] leaves those out that it has unless written"
                faults.add(file, ("scale", "levels"), "RAG009", said, hint)


def _is_taken(level_id: str) -> bool:
    """Whether a roll-up's conditions have another meaning for the name."""
    return iskeyword(level_id) or level_id in TAKEN or level_id.startswith("critical_")


def _level(n: int, fields: Mapping[str, Any], faults: Faults, file: str, at: Path) -> Rag | None:
    if not {"id", "label", "symbol", "colour"} <= fields.keys():
        return None
    level_id = fields["id"]
    if not level_id.replace("_", "a").isalnum() or not level_id.isascii() or level_id != level_id.lower():
        hint = "small letters, digits, underscores"
        faults.add(file, (*at, "id"), "RAG007", f"{level_id!r} cannot be the id of a level", hint)
        return None
    if level_id == str(GREY):
        faults.add(file, (*at, "id"), "RAG007", "grey is always there and is not listed", "leave it out")
        return None
    if _is_taken(level_id):
        said = f"{level_id!r} cannot be the id of a level: the conditions of a roll-up have that name"
        faults.add(file, (*at, "id"), "RAG007", said, "write another id; the label may be any text")
        return None
    points = fields.get("points")
    usual = DEFAULT_SCALE.get(level_id)
    aliases = fields.get("aliases", usual.aliases if usual is not None else ())
    made_points: Fraction | None = None if points is None else exact(points)
    return Rag(level_id, fields["label"], fields["symbol"], fields["colour"], n, made_points, tuple(aliases))
