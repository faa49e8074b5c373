"""The boundary cases that a rulebook lacks, written for a person to read and confirm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from attrs import evolve

from ...book import Rulebook
from ...number import exact
from ...rollup.policy import decide
from ...rollup.tally import Child
from ...rulebook.area import RollupPolicy
from ...rulebook.compile import policy_table
from ...rulebook.rules import Case, Rules
from ...terms import GREY, Rag, Scale
from ...toml.write import toml_value
from .case_runner import children_of, run_case
from .coverage import Coverage
from .points import Point, decimal
from .score_points import shown_lines

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
    said: set[str] = set()
    for point in coverage.missing:
        fields = point.fields if point.key[0] not in ("rule", "limit", "score line") else _children(rules, point)
        made = None if fields is None else _written(book, point, fields)
        if made is None or fields is None:
            left.append(point)
            continue
        if point.key[0] == "score" and repr(fields) in said:
            # a value on a line is on a point of its score too, and one case shows both
            continue
        said.add(repr(fields))
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
    expect: dict[str, Any] = {"rag": str(made.rag)}
    if result.rating is not None and (result.rating.outcome.graces or result.rating.computed != result.rating.rag):
        expect["computed"] = str(result.rating.computed)
    if result.decision is not None and result.decision.computed != result.decision.rag:
        expect["computed"] = str(result.decision.computed)
    if result.rating is not None and result.rating.score is not None:
        expect["score"] = _number(result.rating.score)
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
        policy = rules.rollup_of(area)
        for given in _tried(rules, area, point):
            decision = decide(policy, rules.scale, given)
            shown = {("rule", len(decision.rules)), *shown_lines(policy, rules.scale, decision)} | {
                ("limit", f"{trace.effect} {trace.level} where {trace.condition}")
                for trace in decision.limits
                if trace.changed
            }
            if point.key in shown:
                ratings = {child.id.partition(".")[2] or child.id: _given(child) for child in given}
                return {"area": area, "ratings": ratings}
    return None


def _given(child: Child) -> Any:
    """A child as a case has it."""
    return str(child.rag) if child.score is None else {"rag": str(child.rag), "score": _number(child.score)}


def _number(score: Fraction) -> Any:
    """A score as a case has it: a number, or the ratio where no number ends."""
    number = decimal(score)
    return number if exact(number) == score else str(score)


def _tried(rules: Rules, area: str, point: Point) -> Iterator[list[Child]]:
    """Children of an area at levels, and with scores where it rolls those up."""
    children = children_of(rules, area)
    if all(child.span is None for child in children):
        for levels in _assignments(rules, len(children)):
            yield [child.with_level(level) for child, level in zip(children, levels, strict=True)]
        return
    if point.key[0] == "score line":
        mean = point.key[1]
        assert isinstance(mean, Fraction)
        yield [_with_score(child, rules.scale.best, mean) for child in children]
        return
    for mean in _within_bands(rules.rollup_of(area), rules.scale):
        for levels in _assignments(rules, len(children)):
            yield [_with_score(child, level, mean) for child, level in zip(children, levels, strict=True)]


def _within_bands(policy: RollupPolicy, scale: Scale) -> Iterator[Fraction]:
    """A mean within each band of a roll-up, the best level first."""
    pieces = sorted(policy_table(policy, scale), key=lambda each: each[1], reverse=True)
    for piece, _ in pieces:
        low, high = (None if end is None else end.at for end in (piece.lower, piece.upper))
        if low is not None and high is not None:
            yield (low + high) / 2
        elif low is not None:
            yield low + 1
        else:
            yield Fraction(0) if high is None else high - 1


def _with_score(child: Child, level: Rag, score: Fraction) -> Child:
    """A child at a level with a score, or the nearest that its rule gives; grey where it has no part in the mean."""
    if child.span is None or not child.weight or level.is_grey:
        return child
    low, high = child.span
    own = score if low == high else min(max(score, low), high)
    return evolve(child, rag=level, score=own)


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
