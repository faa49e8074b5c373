"""Checks of graces: what they change, when they end, how much of them there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from ...bands import BandTable, differences
from ...number import text
from ...period import Duration
from ...rulebook.action import Action
from ...rulebook.compile import UnusableTarget
from ...rulebook.frequency import Frequency
from ...rulebook.grace import Effect, Grace
from ...rulebook.kpi import Kpi
from ...ruling import Ruling, ruling_on
from ...terms import Rag
from ..grace_budget import measures_of, month_ends, months_under, most_relieved
from .base import CheckInput, Finding, Measure, new_check

#: what ends so soon is to be decided now
SOON = timedelta(days=60)
_LIMITS = frozenset(effect for effect in Effect if effect.limits)
_YEAR = Duration(months=12)
#: of KPIs whose periods end with a month
_MONTHLY = frozenset({Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.HALF_YEARLY, Frequency.ANNUAL})


def _opted(given: CheckInput) -> Iterator[tuple[Measure, Grace]]:
    for measure in given.measures:
        for grace in measure.graces:
            yield measure, grace


def _once(given: CheckInput) -> Iterator[tuple[Measure, Grace]]:
    """Each grace once, with the first that opts into it."""
    seen = set()
    for measure, grace in _opted(given):
        place = given.grace_at(measure, grace)
        if place not in seen:
            yield measure, grace
        if place[1][0] == "grace":
            seen.add(place)


def _relieved(ruling: Ruling, grace: Grace) -> BandTable[Rag] | None:
    """The table under one grace; None where relief makes none, or hangs on the target that the data bring."""
    if grace.effect is Effect.TARGET and ruling.needs_target:
        return None
    try:
        return ruling.under([grace])
    except UnusableTarget:
        return None


def _idle(given: CheckInput, measure: Measure, grace: Grace) -> str:
    """Why a grace can change no rating on any day on which it is live; empty where it can."""
    if isinstance(measure, Action):
        return "" if _moves_action(given, measure, grace) else "the action is rated the same without it"
    if measure.frequency in _MONTHLY and not any(True for _ in month_ends(grace)):
        return "a period is judged by its last day, and no month ends while it is live"
    if grace.effect.suspends:
        return ""
    for ruling, table in given.tables(measure):
        if grace not in ruling.live:
            continue
        without_value = ruling.outcome_of_missing((grace,))
        if grace.effect.limits and without_value is not None and without_value.graces[0].changed:
            return ""
        if ruling.not_due or table is None:
            continue
        relieved = _relieved(ruling, grace)
        if relieved is None or relieved != table:
            return ""
    return "every value is rated the same without it"


def _moves_action(given: CheckInput, action: Action, grace: Grace) -> bool:
    """Whether a grace can change how an action is rated, on any day: due dates move, so the days are not looked at."""
    if grace.effect.suspends or action.formula is not None:
        return True
    if grace.effect is Effect.EXTEND_DUE:
        assert isinstance(grace.value, Duration)
        return action.due.day is not None and grace.value.after(action.due.day) != action.due.day
    ruling = ruling_on(given.rules, action, grace.start)
    return any(each.under([grace]) != each.table for each in (ruling, ruling.once_complete()))


@new_check("RAG045", "a grace that can never change a rating")
def idle_grace(given: CheckInput) -> Iterator[Finding]:
    """Relief that relieves nothing looks like an exception somebody authorised."""
    for measure, grace in _opted(given):
        why = _idle(given, measure, grace)
        if why:
            said = f"the grace {grace.name} can never change a rating of {given.called(measure)}: {why}"
            hint = "opt out of it, or mend its effect"
            if grace.effect is Effect.TOLERANCE and isinstance(measure, Kpi) and measure.amber is not None:
                said += "; a relief of the tolerance does not move an amber line"
                hint = "write tolerance instead of amber, or opt out of it"
            yield Finding(measure.file, given.at(measure, "grace"), said, hint)


@new_check("RAG046", "a grace that has expired")
def expired_grace(given: CheckInput) -> Iterator[Finding]:
    """An expired grace stays readable for old periods, and does nothing for new ones."""
    if given.as_at is None:
        return
    for measure, grace in _once(given):
        if grace.until < given.as_at:
            file, path = given.grace_at(measure, grace)
            said = f"the grace {grace.name} expired on {grace.until}"
            yield Finding(file, path, said, "keep it for the periods it covers; a new one needs a new decision")


@new_check("RAG047", "a grace that expires soon")
def expiring_grace(given: CheckInput) -> Iterator[Finding]:
    """What a grace lifts falls back on the day after it ends: decide before, not after."""
    if given.as_at is None:
        return
    for measure, grace in _once(given):
        left = grace.until - given.as_at
        if timedelta(0) <= left <= SOON:
            file, path = given.grace_at(measure, grace)
            when = ("today", "tomorrow")[left.days] if left.days < 2 else f"in {left.days} days, on {grace.until}"
            said = f"the grace {grace.name} expires {when}"
            yield Finding(file, path, said, "decide whether it ends or is extended by a dated decision")


@new_check("RAG048", "a grace that is harsher than none")
def harsh_grace(given: CheckInput) -> Iterator[Finding]:
    """Relief that makes a rating worse is a slip: a target the wrong way, or a tolerance narrower than the rule's."""
    for measure, grace in _opted(given):
        if not isinstance(measure, Kpi) or not grace.effect.relieves:
            continue
        worse = _worsened(given, measure, grace)
        if worse is not None:
            piece, before, after = worse
            said = f"the grace {grace.name} makes {piece} {after.label} that is {before.label} without it"
            yield Finding(measure.file, given.at(measure, "grace"), said, "relief makes a rating better")


def _worsened(given: CheckInput, kpi: Kpi, grace: Grace) -> tuple[str, Rag, Rag] | None:
    for ruling, table in given.tables(kpi):
        if grace not in ruling.live or table is None:
            continue
        relieved = _relieved(ruling, grace)
        if relieved is None:
            continue
        for piece, before, after in differences(table, relieved):
            if after < before:
                of = f" (of a target of {text(ruling.data_target)})" if ruling.data_target is not None else ""
                return piece.describe(text) + of, before, after
    return None


@new_check("RAG049", "graces that overlap")
def overlapping_graces(given: CheckInput) -> Iterator[Finding]:
    """Two effects on one day are applied one after the other, and the first may hide the second."""
    for measure in given.measures:
        for n, one in enumerate(measure.graces):
            for other in measure.graces[n + 1 :]:
                start, until = max(one.start, other.start), min(one.until, other.until)
                if start > until or {one.effect, other.effect} == _LIMITS:
                    continue
                both = f"{one.name} ({one.effect}) and {other.name} ({other.effect})"
                hidden = "; nothing but the suspension is seen" if one.effect.suspends or other.effect.suspends else ""
                said = f"{both} are both live from {start} to {until}{hidden}"
                yield Finding(measure.file, given.at(measure, "grace"), said, "let one end before the other")


@new_check("RAG050", "a grace that runs past the edition")
def past_the_edition(given: CheckInput) -> Iterator[Finding]:
    """The next edition decides anew: a grace that outlives its own is carried over by nobody's decision."""
    edition = given.edition
    if edition is None:
        return
    for measure, grace in _once(given):
        if grace.until > edition.end:
            file, path = given.grace_at(measure, grace)
            said = f"the grace {grace.name} runs to {grace.until}, and the edition ends on {edition.end}"
            yield Finding(file, (*path, "until"), said, "end it with the edition")


@new_check("RAG051", "a cap that nothing releases")
def unreleased_cap(given: CheckInput) -> Iterator[Finding]:
    """An assurance cap is for a doubt: without a condition or evidence to come, good work stays amber by calendar."""
    for measure, grace in _once(given):
        long = grace.until >= _YEAR.after(grace.start)
        if grace.effect is Effect.NO_BETTER_THAN and grace.when is None and not grace.evidence and long:
            file, path = given.grace_at(measure, grace)
            said = f"nothing but its date releases the cap {grace.name}, for more than a year"
            hint = "write evidence = what would end it, or make it a dated override with release_when"
            yield Finding(file, path, said, hint)


@new_check("RAG052", "a grace that nothing opts into")
def unused_grace(given: CheckInput) -> Iterator[Finding]:
    """A grace is never global: defined and not opted into, it relieves nobody."""
    used = {grace.name for _, grace in _opted(given)}
    for name in given.rules.document.get("book.toml", {}).get("grace", {}):
        if name not in used:
            said = f"no KPI or action opts into the grace {name}"
            yield Finding("book.toml", ("grace", name), said, f'write grace = ["{name}"] where it is meant')


@new_check("RAG053", "more grace than the book's budget")
def over_budget(given: CheckInput) -> Iterator[Finding]:
    """A budget keeps exceptions exceptional: months for one measure, and the share of measures relieved at a time."""
    budget = given.rules.grace_budget
    if budget is None:
        return
    if budget.periods is not None:
        for measure in measures_of(given.rules):
            months = months_under(measure)
            if months > budget.periods:
                said = f"{measure.id} is under grace for {months} months, and the book allows {budget.periods}"
                hint = "end one sooner, or ask for a larger budget"
                yield Finding(measure.file, given.at(measure, "grace"), said, hint)
    most = most_relieved(given.rules, given.as_at)
    if budget.share is not None and most is not None and most.count > budget.share * most.measures:
        share = Fraction(100 * most.count, most.measures)
        said = f"{most.count} of {most.measures} measures are under grace on {most.day}: {text(share)}%"
        hint = f"the book allows {text(budget.share * 100)}%"
        yield Finding("book.toml", ("book", "grace_budget"), said, hint)
