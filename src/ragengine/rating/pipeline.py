"""One measurement through every stage: value, bands, grace, evidence, persistence, override, movement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from ..bands import BandTable
from ..data.door import BREAK, is_blank
from ..data.model import Invalid, Measurement, Override
from ..data.states import Judged, Unrated, known_numbers, numbers_only, state_of
from ..number import text
from ..period import Period
from ..rulebook.compile import UnusableTarget, shortfall
from ..rulebook.grace import Grace
from ..ruling import Applied, Outcome, Ruling
from ..ruling.granting import Names, granted_of
from ..terms import Direction, Rag, Reason
from .comparing import place_of
from .facts import Cause, Change, Facts, Movement, Previous
from .history import History
from .overrides import agreed, in_force
from .rating import Rating

__all__ = ["moved", "overridden", "rate_measurement"]

#: reasons that mean there was nothing to judge, not that the rule does not judge it
_WITHOUT_VALUE = frozenset(
    {Reason.NO_DATA, Reason.MISSING_INPUT, Reason.STALE, Reason.SUPPRESSED, Reason.INVALID, Reason.SMALL_NUMBERS}
)


def rate_measurement(
    ruling: Ruling,
    given: Measurement,
    period: Period | None,
    history: History | None,
    overrides: Sequence[Override] = (),
    as_at: date | None = None,
    before: Previous | None = None,
    known_before: bool = False,
) -> Rating:
    """The rating of one measurement in one period.

    ``overrides`` are those whose subject and entity it is; ``as_at`` decides which are live (the period's last day
    where it is None). ``before`` is the previous level where a scorecard or a publication gives it; else the history
    does, unless ``known_before``.
    """
    day = as_at if as_at is not None else (period.end if period is not None else None)
    previous = before
    if before is None and not known_before and history is not None and period is not None:
        previous = history.previous(period)
    year_ago = history.year_ago(period) if history is not None and period is not None else None
    facts = Facts(
        period,
        given,
        previous=previous,
        year_ago=year_ago,
        entity=given.entity,
        evidence=given.evidence,
        causes=given.causes,
        note=given.note,
    )
    outcome, facts = _computed_and_adjusted(ruling, given, facts, history)
    outcome = outcome.with_evidence(bool(facts.evidence))
    instant = None if outcome.adjusted.is_grey else outcome.adjusted
    if ruling.kpi.persistence > 1 and history is not None and period is not None and instant is not None:
        before_it = history.levels_before(period, ruling.kpi.persistence)
        outcome = _persistent(outcome, instant, before_it, ruling.kpi.persistence)
    outcome, facts = overridden(outcome, facts, overrides, day)
    movement = None
    if previous is not None and BREAK not in given.marks:
        movement = moved(previous, Rating(outcome, None, facts), _retried(outcome.ruling, previous))
    return Rating(outcome, None, evolve(facts, instant=instant, movement=movement))


def _computed_and_adjusted(
    ruling: Ruling, given: Measurement, facts: Facts, history: History | None
) -> tuple[Outcome, Facts]:
    """The outcome by the states of a row, in their order (docs/data.md)."""
    kpi, ruling = ruling.kpi, _with_its_target(ruling, given)
    if given.unusable:
        return ruling.grey(Reason.INVALID), evolve(facts, why=given.unusable)
    if ruling.not_due:
        assert kpi.rated_from is not None
        return ruling.grey(Reason.NOT_DUE), evolve(facts, why=f"rated from {kpi.rated_from.isoformat()}")
    target = ruling.target if isinstance(ruling.target, Fraction) else None
    state = state_of(kpi, given, target)
    if isinstance(state, Unrated) and state.missing:
        state, facts = _missing(ruling, state, facts, history)
        if facts.carried_from is not None:
            assert facts.given is not None
            ruling = _with_its_target(ruling, facts.given)
    if isinstance(state, Unrated):
        facts = evolve(facts, why=state.why)
        granted, refused = _granted(ruling, None, given, facts)
        without = ruling.outcome_of_missing(granted) if state.missing else None
        return (ruling.grey(state.reason) if without is None else without.also(*refused)), facts
    facts = evolve(facts, value=state.value, how=state.how)
    return _judged(ruling, state.value, facts)


def _judged(ruling: Ruling, value: Fraction, facts: Facts) -> tuple[Outcome, Facts]:
    """The outcome of a number: a target from the data first, then whether the rule rates it at all, then its bands."""
    kpi, row = ruling.kpi, facts.given
    assert row is not None
    if ruling.needs_target and ruling.data_target is None:
        invalid = isinstance(row.target, Invalid)
        why = f"the target {row.target.text!r} is {row.target.message}" if isinstance(row.target, Invalid) else ""
        return ruling.grey(Reason.INVALID if invalid else Reason.NO_TARGET), evolve(facts, why=why)
    if kpi.direction is Direction.MONITOR:
        return ruling.grey(Reason.MONITORED), facts
    try:
        if ruling.table is None:
            return ruling.grey(Reason.NO_TARGET), facts
        if kpi.minimum_n is not None and isinstance(row.denominator, Fraction) and row.denominator < kpi.minimum_n:
            why = f"{text(row.denominator)} is fewer than {kpi.minimum_n}"
            return ruling.grey(Reason.SMALL_NUMBERS), evolve(facts, why=why)
        at = place_of(ruling, value, facts)
        if isinstance(at, Unrated):
            return ruling.grey(at.reason), evolve(facts, why=at.why)
        return _graced(ruling, value, row, facts, at), facts
    except UnusableTarget as unusable:
        # of the rule as it stands, or of a relief of its target or tolerance
        return ruling.grey(Reason.INVALID), evolve(facts, why=str(unusable))


def _with_its_target(ruling: Ruling, given: Measurement) -> Ruling:
    """The ruling with the target that the row brings, where the rule leaves it to the data."""
    if not ruling.takes_target or not isinstance(given.target, Fraction):
        return ruling
    return ruling.with_target(given.target)


def _missing(ruling: Ruling, state: Unrated, facts: Facts, history: History | None) -> tuple[Judged | Unrated, Facts]:
    """A missing value, with what the rule says of it: the latest earlier one where it is carried forward."""
    if not ruling.carries:
        return state, facts
    found = history.latest_value(facts.period) if history is not None and facts.period is not None else None
    if found is None or facts.period is None:
        return evolve(state, why=state.why or "no value, and no earlier one to carry forward", missing=False), facts
    earlier, value, source = found
    max_age = ruling.max_age
    if max_age is not None and max_age.last_good_day(earlier.end) < facts.period.end:
        return Unrated(Reason.STALE, f"the latest value is of {earlier.label}, older than {max_age}"), facts
    assert facts.given is not None
    row = _carried(source, facts.given)
    facts = evolve(facts, given=row, carried_from=earlier, evidence=row.evidence, causes=row.causes, note=row.note)
    return Judged(value, f"carried forward from {earlier.label}"), facts


def _carried(source: Measurement, given: Measurement) -> Measurement:
    """The row that a carried value brings, with what this period's own row states of its surroundings instead."""
    return evolve(
        source,
        period=given.period,
        period_text=given.period_text,
        target=source.target if is_blank(given.target) else given.target,
        inputs={**source.inputs, **{name: cell for name, cell in given.inputs.items() if not is_blank(cell)}},
        evidence=given.evidence or source.evidence,
        causes=given.causes or source.causes,
        note=given.note or source.note,
        place=given.place,
    )


def _granted(
    ruling: Ruling, value: Fraction | None, given: Measurement, facts: Facts
) -> tuple[tuple[Grace, ...], list[Applied]]:
    """The live graces that are granted, and those that are not with the reason."""
    return granted_of(ruling.live, lambda: _context(ruling, value, given, facts))


def _graced(ruling: Ruling, value: Fraction, given: Measurement, facts: Facts, at: Fraction) -> Outcome:
    """Computed and adjusted level of a value that is looked up ``at`` a place, each live grace granted or refused."""
    granted, refused = _granted(ruling, value, given, facts)
    table: BandTable[Outcome] = ruling.outcomes(granted)
    return table.labels[table.exact_index(at)].also(*refused)


def _context(ruling: Ruling, value: Fraction | None, given: Measurement, facts: Facts) -> Names:
    """The names a grace's ``when`` may use."""
    target = ruling.target if isinstance(ruling.target, Fraction) else None
    direction = ruling.kpi.direction
    before = facts.previous.value if facts.previous else None
    better: int | None = None
    if before is not None and value is not None:
        # without a target any number serves: which way is better is what counts
        aim = Fraction(0) if ruling.aim is None else ruling.aim
        gap, old = shortfall(value, aim, direction), shortfall(before, aim, direction)
        if gap is not None and old is not None:
            better = (old > gap) - (old < gap)
    numbers = numbers_only(known_numbers(given, target))
    return {
        **numbers,
        "value": value,
        "target": target,
        "shortfall": None if value is None else shortfall(value, ruling.aim, direction),
        "improved": None if better is None else better > 0,
        "worsened": None if better is None else better < 0,
        "unchanged": None if better is None else better == 0,
        "previous": str(facts.previous.rag) if facts.previous else None,
        "previous_value": before,
        "year_ago": str(facts.year_ago.rag) if facts.year_ago else None,
        "year_ago_value": facts.year_ago.value if facts.year_ago else None,
        "causes": given.causes,
        "entity": given.entity or "",
        "evidence": given.evidence,
        "status": facts.status,
    }


def _persistent(outcome: Outcome, instant: Rag, before: Sequence[tuple[Rag, Rag]], periods: int) -> Outcome:
    """A worse level is adopted once so many rated periods in a row were worse; then the best of them is."""
    if not before:
        return outcome
    adopted = before[-1][1]
    if instant >= adopted:
        return outcome
    run = [level for level, _ in before[len(before) - periods + 1 :]] + [instant]
    if len(run) == periods and all(level < adopted for level in run):
        held = max(run)
    else:
        held = adopted
    if held == instant:
        return outcome
    note = f"{instant.label} is adopted only after {periods} periods in a row"
    return evolve(outcome, adjusted=held, rag=held).noted("persistence", note)


def overridden(
    outcome: Outcome, facts: Facts, overrides: Sequence[Override], day: date | None
) -> tuple[Outcome, Facts]:
    """The final level: a named authority's judgement on this one rating, beside what was computed."""
    if not overrides or day is None:
        return outcome, facts
    live = tuple(o for o in overrides if in_force(o, day))
    lapsed = tuple(o for o in overrides if o.until < day)
    level = agreed(outcome.adjusted, live, day, outcome.ruling.scale)
    reason = outcome.reason if level.is_grey else None
    if level.is_grey and reason is None:
        reason = Reason.NOT_APPLICABLE
    return evolve(outcome, rag=level, reason=reason), evolve(facts, overrides=live, lapsed=lapsed)


def _retried(ruling: Ruling, previous: Previous) -> Rag | None:
    """The level that the previous value would have by this period's rule."""
    if previous.value is None or ruling.compares:
        return None
    try:
        table = ruling.table
    except UnusableTarget:
        return None
    return None if table is None else table.labels[table.exact_index(previous.value)]


def moved(previous: Previous, rating: Rating, retried: Rag | None = None) -> Movement:
    """How a rating moved and why; ``retried`` is what the previous value gives by this period's rule."""
    old, new = previous.rag, rating.rag
    if old == new:
        return Movement(Change.UNCHANGED)
    if old.is_grey or new.is_grey:
        change = Change.NEWLY_RATED if old.is_grey else Change.NO_LONGER_RATED
        reason = previous.reason if old.is_grey else rating.reason
        if reason in _WITHOUT_VALUE:
            return Movement(change, Cause.MISSING)
        if reason is Reason.NOT_DUE:
            return Movement(change, Cause.RULE)
    else:
        change = Change.IMPROVED if new > old else Change.WORSENED
    return Movement(change, _cause(previous, rating, retried))


def _cause(previous: Previous, rating: Rating, retried: Rag | None) -> Cause:
    if previous.adjusted is None:
        return Cause.UNKNOWN
    if rating.adjusted == previous.adjusted:
        return Cause.OVERRIDE
    if rating.computed == previous.computed:
        return Cause.GRACE
    if retried is not None and retried == rating.computed:
        # the old value gives the new level by the new rule: the rule alone explains the change
        return Cause.RULE
    return Cause.DATA
