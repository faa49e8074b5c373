"""Checks of areas, roll-ups and cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from attrs import evolve

from ...number import exact
from ...rollup.policy import decide
from ...rulebook.area import RollupMethod, RollupPolicy
from ...rulebook.compile import policy_table
from ...rulebook.grace import limited
from ...rulebook.kpi import Kpi
from ...rulebook.measure import SpecialTarget
from ...rulebook.scored_areas import levelled_areas, scored_areas
from ...terms import Direction, Scale
from ..child_sets import tried_children
from ..monotone import counter_example
from ..testing.case_runner import case_subject
from .base import CheckInput, Finding, Measure, new_check


def _policies(given: CheckInput) -> Iterator[tuple[str, RollupPolicy]]:
    """The book's roll-up and those of areas of their own, each with its file."""
    yield "book.toml", given.rules.rollup
    for area in given.rules.areas.values():
        if area.rollup is not None:
            yield area.file, area.rollup


def _by_rules(given: CheckInput) -> Iterator[tuple[str, RollupPolicy, int]]:
    """Those that have rules, with the most children of an area that they judge."""
    for file, policy in _policies(given):
        if policy.method is RollupMethod.RULES and policy.rules:
            judged = (area for area in given.rules.areas if given.rules.rollup_of(area) == policy)
            yield file, policy, max((len(given.rules.children(area)) for area in judged), default=0)


_COUNT_TOGETHER = "count a level together with those worse than it: red + amber > rated / 4"
_LESS = "let a cap hold of fewer children, and a floor of more, as they improve"
_RISE = "let the bands rise with the score, and the points of the scale with its levels"


@new_check("RAG024", "a roll-up that can punish improvement")
def not_monotone(given: CheckInput) -> Iterator[Finding]:
    """Nobody trusts an area that turns worse because one of its children turned better."""
    yield from _scores_against_bands(given, scored_areas(given.rules))
    levelled = levelled_areas(given.rules)
    for file, policy in _policies(given):
        policy = _over_levels(policy, given, levelled)
        found = counter_example(policy, given.rules.scale)
        if found is not None:
            said = f"improving a child can worsen the area: {found}"
            by_rules = policy.method is RollupMethod.RULES
            key, hint = ("rules", _COUNT_TOGETHER) if by_rules else ("bands", _RISE)
            if policy.limits and counter_example(evolve(policy, caps=(), floors=()), given.rules.scale) is None:
                key, hint = ("floors", _LESS) if policy.floors else ("caps", _LESS)
            yield Finding(file, ("rollup", key), said, hint)


def _over_levels(policy: RollupPolicy, given: CheckInput, levelled: Collection[str]) -> RollupPolicy:
    """A policy as levels meet it: where it rolls up scores alone, its limits, over the worst level."""
    if policy.method is not RollupMethod.POINTS or any(given.rules.rollup_of(area) == policy for area in levelled):
        return policy
    return evolve(policy, method=RollupMethod.WORST, bands=(), worst=None)


def _scores_against_bands(given: CheckInput, scored: Collection[str]) -> Iterator[Finding]:
    """Scores that get worse, by the bands of their area, as their value gets better; bands that have no better side."""
    rules, told = given.rules, set()
    for area in (area for area in rules.areas if area in scored):
        policy = rules.rollup_of(area)
        ranks = [level.rank for level in policy_table(policy, rules.scale).labels]
        if ranks not in (sorted(ranks), sorted(ranks, reverse=True)):
            if policy not in told:
                said = "improving a child can worsen the area: its bands neither rise nor fall with the mean of scores"
                yield Finding(policy.file or "book.toml", ("rollup", "bands"), said, _RISE)
            told.add(policy)
            continue
        more_is_better = ranks == sorted(ranks)
        for child in rules.children(area):
            kpi = rules.kpis.get(child)
            rises = None if kpi is None or kpi.score is None else kpi.score.rises(kpi.direction)
            if kpi is not None and rises is not None and len(ranks) > 1 and rises != more_is_better:
                way = "more" if more_is_better else "less"
                said = f"a better value makes a worse score: in {area} {way} is better by its bands"
                yield Finding(kpi.file, given.at(kpi, "score"), said, "turn the points round, or the bands")


@lru_cache(maxsize=256)
def _matched(policy: RollupPolicy, scale: Scale, largest: int) -> tuple[set[int], set[int]]:
    """Which rules match first for some set of children, and which would match were they asked alone.

    Sets as large as the ``largest`` area are tried, and those up to 40 in any case.
    """
    first: set[int] = set()
    alone: set[int] = set()
    asked = evolve(policy, minimum_coverage=Fraction(0), caps=(), floors=())
    last = policy.rules[-1]
    singles = {
        n: evolve(asked, rules=(rule, evolve(last, when=None)))
        for n, rule in enumerate(policy.rules)
        if rule.when is not None
    }
    for made in tried_children(scale, evolve(policy, caps=(), floors=()), largest=largest):
        if len(first) == len(policy.rules):
            break
        decision = decide(asked, scale, made)
        if decision.rag.is_grey:
            continue
        first.add(len(decision.rules) - 1)
        for n, single in singles.items():
            if n not in alone and n not in first and len(decide(single, scale, made).rules) == 1:
                alone.add(n)
    return first, alone | first


@new_check("RAG054", "a roll-up rule that can never match")
def dead_rule(given: CheckInput) -> Iterator[Finding]:
    """A rule no set of children meets was meant otherwise."""
    for file, policy, largest in _by_rules(given):
        _, alone = _matched(policy, given.rules.scale, largest)
        for n, rule in enumerate(policy.rules):
            if rule.when is not None and n not in alone:
                said = f"no children make {rule.when.text!r} true"
                yield Finding(file, ("rollup", "rules", n), said, "mend the condition")
    for file, policy in _policies(given):
        yield from _idle_limits(file, policy, given)


def _idle_limits(file: str, policy: RollupPolicy, given: CheckInput) -> Iterator[Finding]:
    """Caps and floors that change no level: what nobody meets, what only a grey child could, what limits nothing."""
    if not policy.limits:
        return
    judged = [area for area in given.rules.areas if given.rules.rollup_of(area) == policy]
    largest = max((len(given.rules.children(area)) for area in judged), default=0)
    changing = _changing(policy, given.rules.scale, largest, _any_level(policy, given, judged))
    for n, limit in enumerate(policy.limits):
        key, number = ("caps", n) if n < len(policy.caps) else ("floors", n - len(policy.caps))
        rated = [child for child in limit.children if child not in given.rules.kpis or _rates(given.rules.kpis[child])]
        if limit.children and not rated:
            said = f"{limit.child} is never rated, and so limits nothing"
        elif n not in changing:
            said = (
                f"no children are limited by it: {limit.effect} {limit.level} changes nothing where {limit.condition}"
            )
        else:
            continue
        yield Finding(file, ("rollup", key, number), said, "mend it, or take it out")


def _any_level(policy: RollupPolicy, given: CheckInput, judged: Sequence[str]) -> bool:
    """Whether what the method computes is not told by the levels of children: of scores, and of weights."""
    rules, scored = given.rules, scored_areas(given.rules)
    measures: list[Measure] = [*rules.kpis.values(), *rules.actions.values()]
    weighed = any(own.area in judged and exact(own.weight) != 1 for own in measures)
    levels = any(rules.rollup_of(area) == policy for area in levelled_areas(rules))
    return policy.method is RollupMethod.POINTS and (weighed or not levels or any(area in scored for area in judged))


@lru_cache(maxsize=256)
def _changing(policy: RollupPolicy, scale: Scale, largest: int, any_level: bool) -> set[int]:
    """Which limits change the level of some set of children, were each the only one.

    With ``any_level`` children for which a limit holds may make every level.
    """
    found: set[int] = set()
    asked = evolve(policy, minimum_coverage=Fraction(0))
    singles = {
        n: evolve(asked, caps=(limit,) if n < len(policy.caps) else (), floors=() if n < len(policy.caps) else (limit,))
        for n, limit in enumerate(policy.limits)
    }
    if any_level:
        # the worst level stands in for what is computed: whether a limit holds does not depend on it
        singles = {n: evolve(single, method=RollupMethod.WORST, bands=(), worst=None) for n, single in singles.items()}
    for n, single in singles.items():
        limit = policy.limits[n]
        moves = any(limited(level, limit.effect, scale[limit.level]) != level for level in scale)
        for children in tried_children(scale, single, largest=largest):
            traces = decide(single, scale, children).limits
            if any(trace.changed or (any_level and moves and trace.holds) for trace in traces):
                found.add(n)
                break
    return found


@new_check("RAG055", "a roll-up rule that hides a later one")
def hiding_rule(given: CheckInput) -> Iterator[Finding]:
    """First match wins: a rule that comes after one it implies is never asked."""
    for file, policy, largest in _by_rules(given):
        first, alone = _matched(policy, given.rules.scale, largest)
        for n, rule in enumerate(policy.rules):
            reachable = n in alone or rule.when is None
            if reachable and n not in first:
                what = f"{rule.when.text!r}" if rule.when is not None else "the last rule"
                said = f"{what} is never asked: the rules before it match first"
                yield Finding(file, ("rollup", "rules", n), said, "put the narrower rule first")


@new_check("RAG056", "an area without children")
def childless_area(given: CheckInput) -> Iterator[Finding]:
    """Nothing can be rated where there is nothing: the area stays grey for ever."""
    for area in given.rules.areas.values():
        if not given.rules.children(area.id):
            said = f"the area {area.id} has no KPI, action or child area"
            yield Finding(area.file, ("area",), said, "write [kpi.<id>] in its file, or remove it")


@new_check("RAG057", "a weight or critical mark without effect")
def idle_weight(given: CheckInput) -> Iterator[Finding]:
    """Only ``points`` weighs, and only a rule that counts ``critical_…`` sees what is critical."""
    rules = given.rules
    measures: list[Measure] = [*rules.kpis.values(), *rules.actions.values()]
    for measure in measures:
        if not measure.in_rollup:
            # RAG044 says so
            continue
        policy = rules.rollup_of(measure.area)
        if exact(measure.weight) != 1 and policy.method is not RollupMethod.POINTS:
            said = f"the weight has no effect: {measure.area} rolls up by {policy.method}"
            yield Finding(measure.file, given.at(measure, "weight"), said, 'leave it out, or write method = "points"')
        elif exact(measure.weight) not in (0, 1) and policy.worst is not None:
            said = f"the weight has no effect: {measure.area} takes the plain mean of its worst {policy.worst}"
            yield Finding(measure.file, given.at(measure, "weight"), said, "leave it out; 0 leaves the child out")
        if measure.critical and "critical_" not in policy.conditions:
            said = f"critical has no effect: the roll-up of {measure.area} counts nothing that is critical"
            yield Finding(
                measure.file, given.at(measure, "critical"), said, "leave it out, or count critical_red in a rule"
            )


@new_check("RAG058", "a KPI that no case covers")
def uncovered(given: CheckInput) -> Iterator[Finding]:
    """A rule without a case changes its meaning and nobody notices."""
    rules = given.rules
    covered = {case_subject(case) for case in rules.cases if case.fields.get("unconfirmed") is not True}
    for kpi in rules.kpis.values():
        # of a target that is made from the rows of all entities no case can say what it gives
        can_say = _rates(kpi) and not kpi.looks_at_peers_alone
        if can_say and kpi.id not in covered and not kpi.examples:
            said = f"no example and no case says what {kpi.id} gives"
            hint = "ragengine test RULES --write-missing writes the boundary cases to confirm"
            yield Finding(kpi.file, given.at(kpi), said, hint)


def _rates(kpi: Kpi) -> bool:
    """Whether it is ever anything but grey."""
    targets = kpi.target.values if kpi.target is not None else ()
    stated = any(target is not SpecialTarget.NONE for target in targets)
    return kpi.direction is not Direction.MONITOR and (stated or kpi.bands is not None or bool(kpi.words))
