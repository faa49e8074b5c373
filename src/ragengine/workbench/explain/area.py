"""An area's roll-up explained without data: the policy in words, its children, and what makes each level."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from ...number import exact, text
from ...rating.explanation import BandLine, band_lines
from ...rating.phrases import amount
from ...rollup.policy import decide
from ...rollup.tally import Child
from ...rulebook.area import RollupMethod, RollupPolicy
from ...rulebook.compile import policy_table
from ...rulebook.grace import Effect
from ...rulebook.rules import Rules
from ...rulebook.scored_areas import scored_areas
from ...rulefile.provenance import Origins
from ...terms import Rag, Scale
from ..drawing.strip import Strip, StripMark, formula_strip
from ..testing.case_runner import children_of
from .changes import Move, smallest_changes
from .settings import Setting, area_settings

__all__ = ["AreaExplanation", "Mix", "explain_area", "policy_strip"]


@frozen
class AreaChild:
    """A child as the roll-up sees it; ``counts`` is False for one that is left out."""

    id: str
    title: str
    kind: str
    critical: bool
    weight: str
    counts: bool


@frozen
class RuleInWords:
    """One rule of a roll-up: the level, and when; ``otherwise`` for the last."""

    level: str
    when: str


@frozen
class Mix:
    """What gives a level: the fewest children away from the best level; empty where nothing does."""

    level: str
    ways: tuple[str, ...]


@frozen
class AreaExplanation:
    """An area's roll-up.

    Attributes:
        policy_of: ``area``, ``book``, or ``default``.
        says: the policy in words, a sentence each.
        rules: of the method ``rules``, in the order in which they are asked.
        bands: of ``points`` and ``share``.
    """

    id: str
    title: str
    parent: str
    file: str
    line: int
    edition: str
    fingerprint: str
    method: str
    policy_of: str
    policy_file: str
    policy_line: int
    says: tuple[str, ...]
    rules: tuple[RuleInWords, ...]
    bands: tuple[BandLine, ...]
    children: tuple[AreaChild, ...]
    mixes: tuple[Mix, ...]
    settings: tuple[Setting, ...]
    strips: tuple[Strip, ...]


def explain_area(rules: Rules, area_id: str, origins: Origins) -> AreaExplanation:
    """An area's roll-up, without data."""
    area, policy, scale = rules.areas[area_id], rules.rollup_of(area_id), rules.scale
    children = children_of(rules, area_id)
    if area.rollup is not None:
        policy_of = "area"
    else:
        policy_of = "book" if "rollup" in rules.document.get("book.toml", {}) else "default"
    strip = policy_strip(rules, area_id)
    return AreaExplanation(
        id=area.id,
        title=area.title,
        parent=area.parent,
        file=area.file,
        line=area.line,
        edition=rules.edition,
        fingerprint=rules.fingerprint,
        method=str(policy.method),
        policy_of=policy_of,
        policy_file=policy.file if policy_of != "default" else "",
        policy_line=policy.line,
        says=tuple(_says(rules, area_id, policy, scale, children)),
        rules=tuple(
            RuleInWords(scale[rule.rag].label, rule.when.text if rule.when else "otherwise") for rule in policy.rules
        ),
        bands=band_lines(strip.table) if strip else (),
        children=tuple(_child(rules, child) for child in rules.children(area_id)),
        mixes=tuple(_mixes(policy, scale, children)),
        settings=area_settings(rules, area_id, origins),
        strips=(strip,) if strip else (),
    )


def policy_strip(rules: Rules, area_id: str, score: Fraction | None = None) -> Strip | None:
    """The bands over which an area rolls up by ``points`` or ``share``; None for the other methods, which have none."""
    policy = rules.rollup_of(area_id)
    if policy.method not in (RollupMethod.SHARE, RollupMethod.POINTS):
        return None
    share = policy.method is RollupMethod.SHARE
    unit, limits = ("%", (Fraction(0), Fraction(100))) if share else ("points", (None, None))
    of = "scores" if area_id in scored_areas(rules) else "points"
    caption = "By the share of its children" if share else f"By the mean of their {of}"
    marks = () if score is None else (StripMark(score, amount(score, unit)),)
    return formula_strip(policy_table(policy, rules.scale), marks, unit, limits, caption)


def _says(rules: Rules, area_id: str, policy: RollupPolicy, scale: Scale, children: Sequence[Child]) -> Iterator[str]:
    if not children:
        yield "Nothing rolls up into it: it is Grey, insufficient coverage."
    match policy.method:
        case RollupMethod.RULES:
            yield "The first rule that holds gives the level."
        case RollupMethod.WORST:
            yield "The worst level among the rated children is the area's."
        case RollupMethod.POINTS:
            points = ", ".join(
                f"{level.label} {text(exact(level.points))}" for level in scale if level.points is not None
            )
            mean = "mean of the rated children's points, weighted,"
            if policy.worst is not None:
                mean = f"plain mean of the points of the worst {policy.worst} rated children"
            if any(child.span is not None for child in children):
                yield f"The {mean.replace('points', 'scores')} is looked up in the bands."
            else:
                yield f"The {mean} is looked up in the bands; points: {points}."
        case RollupMethod.SHARE:
            least = scale[policy.of] if policy.of else scale.best
            better = f"{least.label} or better" if least != scale.best else least.label
            yield f"The percentage of the rated children that are {better} is looked up in the bands."
    for limit in policy.limits:
        terms = "no better" if limit.effect is Effect.NO_BETTER_THAN else "no worse"
        yield f"It is {terms} than {scale[limit.level].label} while this holds: {limit.condition}."
    least_rated = max(1, math.ceil(policy.minimum_coverage * len(children)))
    if children:
        share = f" ({text(policy.minimum_coverage * 100)}%)" if policy.minimum_coverage else ""
        yield (
            f"Fewer than {least_rated} of its {len(children)} children rated{share}: Grey, insufficient coverage. "
            f"Grey children count as nothing else."
        )
    parent = rules.areas[area_id].parent
    if parent:
        yield f"It rolls up into {rules.areas[parent].title} ({parent})."


def _child(rules: Rules, child_id: str) -> AreaChild:
    if child_id in rules.areas:
        return AreaChild(child_id, rules.areas[child_id].title, "area", False, "1", True)
    kpi = rules.kpis.get(child_id)
    rule = kpi or rules.actions[child_id]
    kind = "KPI" if kpi else "action"
    return AreaChild(child_id, rule.title, kind, rule.critical, text(exact(rule.weight)), rule.in_rollup)


def _mixes(policy: RollupPolicy, scale: Scale, children: Sequence[Child]) -> Iterator[Mix]:
    """For each level the fewest children away from the best level that give it; for the best, what it bears.

    Of scores there are no such mixes: no level of a child says what it scores.
    """
    if not children or any(child.span is not None for child in children):
        return
    best = [child.with_level(scale.best) for child in children]
    for level in scale:
        if decide(policy, scale, best).rag == level:
            borne = ", or ".join(_borne(policy, scale, best, level))
            yield Mix(level.label, (f"every child {scale.best.label}{', or with up to ' if borne else ''}{borne}",))
            continue
        search = smallest_changes(policy, scale, best, level)
        ways = tuple(" and ".join(_mix(move, len(children)) for move in way) for way in search.ways)
        if ways and not search.smallest:
            ways = (*ways, f"perhaps fewer: every set of up to {search.tried} was tried, and one child after another")
        yield Mix(level.label, ways)


def _mix(move: Move, total: int) -> str:
    """``2 Red``, ``1 critical Red (a or b)``."""
    critical = "critical " if move.critical else ""
    few = f" ({' or '.join(move.of)})" if len(move.of) < total and len(move.of) <= 3 else ""
    return f"{move.count} {critical}{move.new.label}{few}"


def _borne(policy: RollupPolicy, scale: Scale, best: Sequence[Child], level: Rag) -> Iterator[str]:
    """How many children may be at each lower level, ordinary ones first, before the area is another."""
    order = sorted(best, key=lambda child: (child.critical, child.weight))
    for lower in reversed(scale.levels[:-1]):
        borne = 0
        for count in range(1, len(order) + 1):
            mixed = [child.with_level(lower) if n < count else child for n, child in enumerate(order)]
            if decide(policy, scale, mixed).rag != level:
                break
            borne = count
        if borne:
            yield f"{borne} {lower.label}"
