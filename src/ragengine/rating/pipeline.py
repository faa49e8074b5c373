"""One measurement through every stage: value, bands, grace, evidence, persistence, override, movement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from ..bands import BandTable
from ..data.door import BREAK, is_blank
from ..data.model import BLANK, Invalid, Measurement, Override
from ..data.states import Judged, Unrated, state_of
from ..period import Period
from ..rulebook.compile import UnusableTarget
from ..rulebook.measure import RelativeTarget
from ..ruling import Outcome, Ruling
from ..terms import Direction, Rag, Reason
from .comparing import place_of
from .conditions import granted_by
from .facts import Facts, PastLevel, Previous
from .history import History
from .measured import too_few
from .overrides import overridden
from .persistence import adopted_level
from .phrases import long_date as day_text
from .rating import Rating
from .relative import reference_of

__all__ = ["outcome_of_value", "rate_measurement"]


def rate_measurement(
    ruling: Ruling,
    given: Measurement,
    period: Period | None,
    history: History | None,
    overrides: Sequence[Override] = (),
    as_at: date | None = None,
    before: Previous | None = None,
) -> Rating:
    """The rating of one measurement in one period.

    ``overrides`` are those whose subject and entity it is; ``as_at`` decides which are live (the period's last day
    where it is None). ``before`` is the previous level where a scorecard or a publication gives it; else the history
    does.
    """
    day = as_at if as_at is not None else (period.end if period is not None else None)
    previous = before
    if before is None and history is not None and period is not None:
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
    if ruling.relative is not None:
        given, facts = _with_reference(ruling, ruling.relative, given, facts, history)
    outcome, facts, judged = _computed_and_adjusted(ruling, given, facts, history)
    if ruling.rule.requires_evidence:
        outcome = outcome.with_evidence(bool(facts.evidence))
    instant = None if outcome.adjusted.is_grey else outcome.adjusted
    run: tuple[PastLevel, ...] = ()
    if ruling.kpi.persistence > 1 and history is not None and period is not None and instant is not None:
        run = tuple(history.levels_before(period, ruling.kpi.persistence))
        outcome = _persistent(outcome, instant, run, ruling.kpi.persistence)
    unrated = outcome.reason
    outcome, live, lapsed = overridden(outcome, overrides, day)
    # in one go and not by `evolve`: it is made for every row
    facts = Facts(
        period,
        facts.given,
        None if judged is None else judged.value,
        "" if judged is None else judged.how,
        facts.why,
        facts.carried_from,
        instant,
        run,
        facts.reference,
        unrated,
        previous,
        year_ago,
        BREAK in given.marks,
        entity=given.entity,
        evidence=facts.evidence,
        causes=facts.causes,
        note=facts.note,
        overrides=live,
        lapsed=lapsed,
    )
    return Rating(outcome, None, facts)


def outcome_of_value(ruling: Ruling, given: Measurement) -> tuple[Outcome, Fraction] | None:
    """What a row's rating comes to, and its value, where nothing but the value decides it; None where more may.

    The row must be the only one of its KPI and entity, and no override be on it: :func:`rate_measurement` then gives
    this outcome, with the facts round it.
    """
    table = ruling.outcomes_of_values
    if table is None or given.unusable or (ruling.takes_target and isinstance(given.target, Fraction)):
        return None
    kpi, target = ruling.kpi, ruling.target
    state = state_of(kpi, given, target if isinstance(target, Fraction) else None)
    if isinstance(state, Unrated) or too_few(kpi, given):
        return None
    return table.labels[table.exact_index(state.value)], state.value


def _computed_and_adjusted(
    ruling: Ruling, given: Measurement, facts: Facts, history: History | None
) -> tuple[Outcome, Facts, Judged | None]:
    """The outcome by the states of a row, in their order (docs/data.md), and the value where there is one."""
    kpi, ruling = ruling.kpi, _with_its_target(ruling, given)
    if given.unusable:
        return ruling.grey(Reason.INVALID), evolve(facts, why=given.unusable), None
    if ruling.not_due:
        assert kpi.rated_from is not None
        return ruling.grey(Reason.NOT_DUE), evolve(facts, why=f"rated from {day_text(kpi.rated_from)}"), None
    target = ruling.target if isinstance(ruling.target, Fraction) else None
    state = state_of(kpi, given, target)
    if isinstance(state, Unrated) and state.missing:
        state, facts = _missing(ruling, state, facts, history)
        if facts.carried_from is not None:
            assert facts.given is not None
            ruling = _with_its_target(ruling, facts.given)
    if isinstance(state, Unrated):
        facts = evolve(facts, why=state.why)
        granted, refused = granted_by(ruling, None, given, facts)
        without = ruling.outcome_of_missing(granted) if state.missing else None
        return (ruling.grey(state.reason) if without is None else without.also(*refused)), facts, None
    return *_judged(ruling, state.value, facts), state


def _with_reference(
    ruling: Ruling, rule: RelativeTarget, given: Measurement, facts: Facts, history: History | None
) -> tuple[Measurement, Facts]:
    """The row with the target that other rows make, in place of any that its reporter gave."""
    reference = reference_of(rule, ruling, given, facts.period, history)
    given = evolve(given, target=BLANK if reference.target is None else reference.target)
    return given, evolve(facts, given=given, reference=reference)


def _judged(ruling: Ruling, value: Fraction, facts: Facts) -> tuple[Outcome, Facts]:
    """The outcome of a number: a target from the data first, then whether the rule rates it at all, then its bands."""
    kpi, row = ruling.kpi, facts.given
    assert row is not None
    if ruling.needs_target and ruling.data_target is None:
        invalid = isinstance(row.target, Invalid)
        why = f"the target {row.target.text!r} is {row.target.message}" if isinstance(row.target, Invalid) else ""
        why = why or (facts.reference.why if facts.reference is not None else "")
        return ruling.grey(Reason.INVALID if invalid else Reason.NO_TARGET), evolve(facts, why=why)
    if kpi.direction is Direction.MONITOR:
        return ruling.grey(Reason.MONITORED), facts
    try:
        if ruling.table is None:
            return ruling.grey(Reason.NO_TARGET), facts
        few = too_few(kpi, row)
        if few:
            return ruling.grey(Reason.SMALL_NUMBERS), evolve(facts, why=few)
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
    if ruling.relative is not None:
        # made from other rows, it is this period's
        row = evolve(row, target=facts.given.target)
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


def _graced(ruling: Ruling, value: Fraction, given: Measurement, facts: Facts, at: Fraction) -> Outcome:
    """Computed and adjusted level of a value that is looked up ``at`` a place, each live grace granted or refused."""
    granted, refused = granted_by(ruling, value, given, facts)
    table: BandTable[Outcome] = ruling.outcomes(granted)
    return table.labels[table.exact_index(at)].also(*refused)


def _persistent(outcome: Outcome, instant: Rag, run: Sequence[PastLevel], periods: int) -> Outcome:
    """The outcome with the level that persistence adopts."""
    adopted = adopted_level(instant, run, periods)
    if adopted == instant:
        return outcome
    note = f"{instant.label} is adopted only after {periods} periods in a row"
    return evolve(outcome, adjusted=adopted, rag=adopted).noted("persistence", note)
