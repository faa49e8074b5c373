"""Why a rating or an area flips: what differs between the rules, where it tells."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from ...number import exact
from ...rating.rating import Rating
from ...rollup.area_rating import AreaRating
from ...rollup.policy import decide
from ...rollup.tally import Child
from ...rulebook.area import RollupPolicy
from ...rulebook.rules import Rules
from ...rulebook.scored_areas import scored_areas
from ...ruling import Applied, Ruling
from ...terms import Rag, Reason, Status
from .keys import ACTION_KEYS, DATED_KEYS, NOT_COMPUTED, TABLE_KEYS, VALUE_KEYS, book_default, said, same
from .policies import policies_differ

__all__ = ["area_cause", "rating_cause"]

_ANY = (Fraction(0), Fraction(0))
#: keys of an action that count once it is complete, and those that count until then
_OF_COMPLETE = ("complete", "on_time")
_OF_OPEN = ("warning",)


def rating_cause(old: Rules, new: Rules, before: Rating | None, after: Rating | None) -> str:
    """What makes the final level of one measurement or report another."""
    if before is None or after is None:
        one = before or after
        assert one is not None
        return f"{'action' if one.is_action else 'KPI'} {'added' if before is None else 'removed'}"
    if before.is_action != after.is_action:
        return "a KPI became an action" if after.is_action else "an action became a KPI"
    if before.computed != after.computed:
        return _action_cause(before, after) if after.is_action else _computed_cause(old, new, before, after)
    if before.adjusted != after.adjusted:
        return _adjusted_cause(before, after)
    return "override"


def _computed_cause(old: Rules, new: Rules, before: Rating, after: Rating) -> str:
    one, other = before.outcome.ruling, after.outcome.ruling
    reasons = {before.reason, after.reason}
    if Reason.NOT_DUE in reasons:
        return "rated_from"
    if Reason.SMALL_NUMBERS in reasons:
        return "minimum_n"
    if before.value != after.value or before.value is None or before.facts.carried_from or after.facts.carried_from:
        for key in ("missing", "max_age"):
            if book_default(key, old, one.kpi) != book_default(key, new, other.kpi):
                return key
    if before.value != after.value:
        return _joined([key for key in VALUE_KEYS if _differs(one, other, key)])
    keys = [key for key in TABLE_KEYS if _differs(one, other, key)]
    if before.value is None:
        return _joined(keys)
    # a key that alone gives the new level is the cause, whatever else was changed with it
    alone = [key for key in keys if _level_with(one, other, key, before.value) == after.computed]
    return _joined(alone if len(alone) == 1 else keys)


def _joined(keys: list[str]) -> str:
    return " and ".join(said(key) for key in keys) or "other"


def _differs(one: Ruling, other: Ruling, key: str) -> bool:
    """Whether a key says something else on the day of a rating."""
    if key in DATED_KEYS:
        return not same(key, getattr(one.era, key), getattr(other.era, key))
    return not same(key, getattr(one.kpi, key), getattr(other.kpi, key))


def _level_with(one: Ruling, other: Ruling, key: str, value: Fraction) -> Rag | None:
    """The level that the old rule would give with this one key as the new rule has it; None where it makes no table."""
    if one.compares or other.compares:
        return None
    kpi = one.kpi if key in DATED_KEYS else evolve(one.kpi, **{key: getattr(other.kpi, key)})
    era = evolve(one.era, rule=kpi)
    if key in DATED_KEYS:
        era = evolve(era, **{key: getattr(other.era, key)})
    try:
        table = evolve(one, rule=kpi, era=era, data_target=other.data_target).table
    except (ValueError, KeyError):
        return None
    return None if table is None else table.labels[table.exact_index(value)]


def _action_cause(before: Rating, after: Rating) -> str:
    one, other = before.outcome.ruling, after.outcome.ruling
    complete = before.facts.status == Status.COMPLETE
    apart = _OF_OPEN if complete else _OF_COMPLETE
    keys = [
        key
        for key in ACTION_KEYS
        if key not in (*apart, *NOT_COMPUTED) and not same(key, getattr(one.action, key), getattr(other.action, key))
    ]
    return _joined(keys)


def _adjusted_cause(before: Rating, after: Rating) -> str:
    one, other = before.outcome, after.outcome
    named = [{_applied(each) for each in outcome.graces} for outcome in (one, other)]
    differing = sorted({str(name) for name, *_ in named[0] ^ named[1]})
    if differing:
        return f"grace {' and '.join(differing)}"
    stages = [{note.stage for note in outcome.notes} for outcome in (one, other)]
    if "evidence" in stages[0] ^ stages[1]:
        return "requires_evidence"
    if not one.ruling.is_action and not other.ruling.is_action:
        if one.ruling.kpi.persistence != other.ruling.kpi.persistence:
            return "persistence"
        if "persistence" in stages[0] | stages[1]:
            return "persistence: earlier periods are rated otherwise"
    return "other"


def _applied(each: Applied) -> tuple[object, ...]:
    grace = each.grace
    return grace.name, grace.effect, grace.value, each.granted, each.changed


def area_cause(old: Rules, new: Rules, before: AreaRating | None, after: AreaRating | None) -> str:
    """What makes an area's level another: its roll-up, what counts in it, the levels below it."""
    if before is None or after is None:
        return f"area {'added' if before is None else 'removed'}"
    if before.adjusted == after.adjusted:
        return "override"
    if old.scale != new.scale:
        return "scale"
    policies = [_policy(rules, area) for rules, area in ((old, before), (new, after))]
    below = _below(old, new, before, after)
    if not policies_differ(policies[0], policies[1], old.scale, new.scale):
        return below or "other"
    if below and _decided(new, after, policies[0]) == after.adjusted:
        return below
    if not below or _decided(old, before, policies[1]) == after.adjusted:
        return "roll-up"
    return f"roll-up and {below}"


def _policy(rules: Rules, area: AreaRating) -> RollupPolicy:
    return rules.rollup_of(area.id) if area.id in rules.areas else rules.rollup


def _below(old: Rules, new: Rules, before: AreaRating, after: AreaRating) -> str:
    one, other = ({c.id: c for c in area.children} for area in (before, after))
    both = one.keys() & other.keys()
    if any(one[child].rag != other[child].rag for child in both):
        return "levels below it"
    if before.id in scored_areas(old) and any(one[child].points != other[child].points for child in both):
        return "scores below it"
    counted = [
        {child.id: (child.critical, child.weight) for child in _children(rules, area)}
        for rules, area in ((old, before), (new, after))
    ]
    return "what counts in it" if counted[0] != counted[1] else ""


def _children(rules: Rules, area: AreaRating) -> list[Child]:
    made = []
    for child in area.children:
        # a KPI that is reported by entity counts once for each: "area.kpi, entity"
        name = child.id.partition(", ")[0]
        rule = rules.kpis.get(name) or rules.actions.get(name)
        weight = Fraction(1) if rule is None else exact(rule.weight)
        made.append(Child(child.id, child.rag, child.critical, weight))
    if area.id not in scored_areas(rules):
        return made
    # what a score can be at most is no part of a mean
    return [evolve(own, score=child.points, span=_ANY) for own, child in zip(made, area.children, strict=True)]


def _decided(rules: Rules, area: AreaRating, policy: RollupPolicy) -> Rag:
    return decide(policy, rules.scale, _children(rules, area)).rag
