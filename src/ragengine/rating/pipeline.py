"""One measurement through every stage: value, bands, grace, evidence, persistence, override, movement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from ..bands import BandTable
from ..data.door import BREAK, is_blank
from ..data.model import Invalid, Measurement, Override
from ..data.states import Judged, Unrated, state_of
from ..number import text
from ..period import Period
from ..rulebook.compile import UnusableTarget, limited
from ..rulebook.grace import Effect, Grace
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..terms import GREY, Direction, Missing, Rag, Reason
from .conditions import granted_of
from .facts import Facts, Previous
from .history import History
from .movement import moved
from .outcome import SUSPENDING, Applied, Ground, Outcome
from .overrides import overridden
from .persistence import held
from .phrases import day as day_text
from .rating import Rating

__all__ = ["level_without_value", "rate_measurement", "with_evidence"]


def rate_measurement(
    ground: Ground,
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
    outcome, facts = _computed_and_adjusted(ground, given, facts, history)
    outcome = with_evidence(outcome, ground.kpi, bool(facts.evidence))
    facts = evolve(facts, instant=None if outcome.adjusted.is_grey else outcome.adjusted)
    if ground.kpi.persistence > 1 and history is not None and period is not None and facts.instant is not None:
        before_it = history.levels_before(period, ground.kpi.persistence)
        facts = evolve(facts, run=tuple(before_it))
        outcome = _persistent(outcome, facts, ground.kpi.persistence)
    facts = evolve(facts, unrated=outcome.reason)
    outcome, facts = overridden(outcome, facts, overrides, day)
    if previous is not None and BREAK not in given.marks:
        facts = evolve(facts, movement=moved(previous, outcome, facts))
    return Rating(outcome, None, facts)


def _computed_and_adjusted(
    ground: Ground, given: Measurement, facts: Facts, history: History | None
) -> tuple[Outcome, Facts]:
    """The outcome by the states of a row, in their order (docs/data.md)."""
    kpi, rules, ground = ground.kpi, ground.rules, _with_its_target(ground, given)
    if given.unusable:
        return ground.grey(Reason.INVALID), evolve(facts, why=given.unusable)
    if ground.era.not_due:
        assert kpi.rated_from is not None
        return ground.grey(Reason.NOT_DUE), evolve(facts, why=f"rated from {day_text(kpi.rated_from)}")
    target = ground.target if isinstance(ground.target, Fraction) else None
    state = state_of(kpi, given, target)
    if isinstance(state, Unrated) and state.missing:
        state, facts = _missing(rules, kpi, state, facts, history)
        if facts.carried_from is not None:
            assert facts.given is not None
            ground = _with_its_target(ground, facts.given)
    if isinstance(state, Unrated):
        facts = evolve(facts, why=state.why)
        granted, refused = granted_of(ground, None, given, facts)
        missing = state.missing and kpi.direction is not Direction.MONITOR
        without = level_without_value(ground, granted) if missing else None
        return (ground.grey(state.reason) if without is None else without.also(*refused)), facts
    facts = evolve(facts, value=state.value, how=state.how)
    return _judged(ground, state.value, facts)


def _judged(ground: Ground, value: Fraction, facts: Facts) -> tuple[Outcome, Facts]:
    """The outcome of a number: a target from the data first, then whether the rule rates it at all, then its bands."""
    kpi, row = ground.kpi, facts.given
    assert row is not None
    if ground.needs_target and ground.data_target is None:
        invalid = isinstance(row.target, Invalid)
        why = f"the target {row.target.text!r} is {row.target.message}" if isinstance(row.target, Invalid) else ""
        return ground.grey(Reason.INVALID if invalid else Reason.NO_TARGET), evolve(facts, why=why)
    if kpi.direction is Direction.MONITOR:
        return ground.grey(Reason.MONITORED), facts
    try:
        if ground.table is None:
            return ground.grey(Reason.NO_TARGET), facts
        if kpi.minimum_n is not None and isinstance(row.denominator, Fraction) and row.denominator < kpi.minimum_n:
            why = f"{text(row.denominator)} is fewer than {kpi.minimum_n}"
            return ground.grey(Reason.SMALL_NUMBERS), evolve(facts, why=why)
        return _graced(ground, value, row, facts), facts
    except UnusableTarget as unusable:
        # of the rule as it stands, or of a relief of its target or tolerance
        return ground.grey(Reason.INVALID), evolve(facts, why=str(unusable))


def _with_its_target(ground: Ground, given: Measurement) -> Ground:
    """The ground with the target that the row brings, where the rule leaves it to the data."""
    if not ground.takes_target or not isinstance(given.target, Fraction):
        return ground
    return ground.with_target(given.target)


def _missing(
    rules: Rules, kpi: Kpi, state: Unrated, facts: Facts, history: History | None
) -> tuple[Judged | Unrated, Facts]:
    """A missing value, with what the rule says of it: the latest earlier one where it is carried forward."""
    if (kpi.missing or rules.missing) is not Missing.CARRY_FORWARD:
        return state, facts
    found = history.latest_value(facts.period) if history is not None and facts.period is not None else None
    if found is None or facts.period is None:
        return evolve(state, why=state.why or "no value, and no earlier one to carry forward", missing=False), facts
    earlier, value, source = found
    max_age = kpi.max_age or rules.max_age
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


def _level_of_missing(rules: Rules, kpi: Kpi) -> Rag | None:
    missing = kpi.missing or rules.missing
    return rules.scale[missing.value] if missing in (Missing.RED, Missing.AMBER) else None


def _graced(ground: Ground, value: Fraction, given: Measurement, facts: Facts) -> Outcome:
    """Computed and adjusted level of a value, each live grace granted or refused."""
    granted, refused = granted_of(ground, value, given, facts)
    table: BandTable[Outcome] = ground.outcomes(granted)
    return table.labels[table.exact_index(value)].also(*refused)


def level_without_value(ground: Ground, granted: Sequence[Grace]) -> Outcome | None:
    """The outcome of a missing value that the rules give a level, under the granted graces; None where it is grey.

    Relief of target and tolerance has nothing to act on.
    """
    computed = level = _level_of_missing(ground.rules, ground.kpi)
    if computed is None or level is None:
        return None
    applied: list[Applied] = []
    for grace in granted:
        before = level
        if grace.effect in SUSPENDING:
            level = GREY
        elif grace.effect in (Effect.NO_BETTER_THAN, Effect.NO_WORSE_THAN) and not level.is_grey:
            assert isinstance(grace.value, str)
            level = limited(BandTable.constant(level), grace.effect, ground.scale[grace.value]).labels[0]
        applied.append(Applied(grace, True, before, level))
    reason = Reason.SUSPENDED if level.is_grey else None
    outcome = Outcome(ground, computed, level, level, reason, tuple(applied))
    return outcome.noted("missing", f"a missing value counts as {computed.label}")


def with_evidence(outcome: Outcome, kpi: Kpi, recorded: bool) -> Outcome:
    """The outcome where a rule asks for evidence: no better than amber unless it is recorded."""
    if not kpi.requires_evidence or recorded or outcome.adjusted.is_grey:
        return outcome
    amber = outcome.ground.scale["amber"]
    if outcome.adjusted <= amber:
        return outcome
    capped = evolve(outcome, adjusted=amber, rag=amber)
    return capped.noted("evidence", f"no evidence is recorded: no better than {amber.label}")


def _persistent(outcome: Outcome, facts: Facts, periods: int) -> Outcome:
    """The outcome with the level that persistence adopts."""
    instant = facts.instant
    assert instant is not None
    adopted = held(instant, facts.run, periods)
    if adopted == instant:
        return outcome
    note = f"{instant.label} is adopted only after {periods} periods in a row"
    return evolve(outcome, adjusted=adopted, rag=adopted).noted("persistence", note)
