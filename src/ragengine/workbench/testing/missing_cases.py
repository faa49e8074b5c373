"""The boundary cases that a rulebook lacks, written for a person to read and confirm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from ...book import Rulebook
from ...rollup.policy import decide
from ...rulebook.rules import Case, Rules
from ...terms import GREY
from ...toml.write import toml_value
from .case_runner import children_of, run_case
from .coverage import Coverage, Point

__all__ = ["missing_cases"]

_HEAD = (
    "# Written by `ragengine test --write-missing`: what the rules give on and beside each line.\n"
    "# Read each case; if it is what you mean, remove its line `unconfirmed`; if not, mend the rule.\n"
)
_MARK = "unconfirmed = true"


def missing_cases(rules: Rules, coverage: Coverage) -> tuple[dict[str, str], tuple[Point, ...]]:
    """Texts of cases by file name for what no case shows, and the points that only a person can write a case for."""
    book = Rulebook(rules)
    texts: dict[str, list[str]] = {}
    left: list[Point] = []
    for point in coverage.missing:
        fields = point.fields if point.key[0] not in ("rule", "limit") else _children(rules, point)
        made = None if fields is None else _written(book, point, fields)
        if made is None or fields is None:
            left.append(point)
            continue
        area = str(fields.get("area") or point.subject.partition(".")[0])
        texts.setdefault(f"{area}.boundaries.cases.toml", []).append(made)
    return {name: "\n".join(cases) for name, cases in sorted(texts.items())}, tuple(left)


def with_head(text: str) -> str:
    """A new file's text."""
    return f"{_HEAD}\n{text}"


def _written(book: Rulebook, point: Point, fields: Mapping[str, Any]) -> str | None:
    """One case as TOML with what the rules give now."""
    result = run_case(book, Case(point.what, {**fields, "expect": {}}))
    if result.wrong:
        return None
    made = result.rating or result.decision
    assert made is not None
    expect = {"rag": str(made.rag)}
    if result.rating is not None and (result.rating.outcome.graces or result.rating.computed != result.rating.rag):
        expect["computed"] = str(result.rating.computed)
    if result.decision is not None and result.decision.computed != result.decision.rag:
        expect["computed"] = str(result.decision.computed)
    if made.reason is not None:
        expect["reason"] = str(made.reason).partition(" (")[0]
    name = f"{point.subject.partition('.')[2] or point.subject}: {point.what}"
    lines = ["[[case]]", f"name   = {toml_value(name)}"]
    lines += [f"{key:<6} = {toml_value(value)}" for key, value in fields.items()]
    lines += [f"expect = {toml_value(expect)}", _MARK, ""]
    return "\n".join(lines)


def _children(rules: Rules, point: Point) -> dict[str, Any] | None:
    """Levels of the children of some area that make a roll-up rule match, or a cap or floor limit it."""
    areas: Sequence[str] = [point.subject]
    if point.subject == "book":
        areas = sorted((a.id for a in rules.areas.values() if a.rollup is None), key=lambda a: len(rules.children(a)))
    for area in areas:
        children = children_of(rules, area)
        for levels in _assignments(rules, len(children)):
            given = [child.with_level(level) for child, level in zip(children, levels, strict=True)]
            decision = decide(rules.rollup_of(area), rules.scale, given)
            shown = {("rule", len(decision.rules))} | {
                ("limit", f"{trace.effect} {trace.level} where {trace.condition}")
                for trace in decision.limits
                if trace.changed
            }
            if point.key in shown:
                names = [child.id.partition(".")[2] or child.id for child in children]
                return {"area": area, "ratings": {n: str(level) for n, level in zip(names, levels, strict=True)}}
    return None


def _assignments(rules: Rules, size: int) -> Iterator[list[Any]]:
    """Levels for so many children: all alike, then with one and two of them otherwise."""
    levels = [*reversed(rules.scale.levels), GREY]
    for base in levels[:-1]:
        for changed in range(min(size, 2) + 1):
            for places in combinations(range(size), changed):
                for others in product(levels, repeat=changed):
                    made = [base] * size
                    for place, other in zip(places, others, strict=True):
                        made[place] = other
                    yield made
