"""An action rated by days late, progress and status: the same pipeline, another value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from ..data.model import ActionReport, Invalid, Override
from ..period import Duration, Period, PeriodKind
from ..rulebook.action import Action
from ..rulebook.expression import DivisionByZero, MissingInput
from ..rulebook.grace import Grace
from ..rulebook.rules import Rules
from ..ruling import Applied, Outcome, Ruling, ruling_on
from ..ruling.days import Standing, names_on_days
from ..ruling.granting import granted_of
from ..terms import GREY, Rag, Reason, Status
from .facts import Facts, Previous
from .overrides import overridden
from .phrases import long_date as day_text
from .rating import Rating

__all__ = ["rate_action"]


def rate_action(
    rules: Rules,
    action: Action,
    report: ActionReport | None,
    as_at: date,
    previous: Previous | None = None,
    overrides: Sequence[Override] = (),
) -> Rating:
    """The rating of an action on a day; ``report`` is None where nothing was reported by then.

    A complete action is late by its completion, an open one by ``as_at``.
    """
    ruling = ruling_on(rules, action, as_at)
    standing = _standing(report, as_at, previous)
    facts = Facts(
        Period(PeriodKind.DAY, as_at),
        previous=previous,
        status=standing.status,
        days_late=standing.days_late(action),
        progress=standing.progress,
        elapsed=standing.elapsed(action),
        completed_on=None if report is None or isinstance(report.completed_on, Invalid) else report.completed_on,
        due=action.due.day,
        evidence=standing.evidence,
        causes=standing.causes,
        note="" if report is None else report.note,
        reported_on=None if report is None else report.as_at,
    )
    outcome, facts = _computed_and_adjusted(ruling, report, standing, facts)
    outcome = outcome.with_evidence(bool(facts.evidence.strip()))
    facts = _with_moved_date(evolve(facts, unrated=outcome.reason), outcome, standing)
    outcome, live, lapsed = overridden(outcome, overrides, as_at)
    return Rating(outcome, None, evolve(facts, overrides=live, lapsed=lapsed))


def _with_moved_date(facts: Facts, outcome: Outcome, standing: Standing) -> Facts:
    """The facts with the due date as the granted graces moved it, and what a formula comes to by it."""
    for grace in outcome.granted:
        if isinstance(grace.value, Duration) and outcome.ruling.action.due.day is not None:
            later = outcome.ruling.action.due_after(grace.value)
            value = _number(later, standing).value if later.formula is not None else None
            facts = evolve(facts, due_moved=later.due.day, value_moved=value)
    return facts


def _standing(report: ActionReport | None, as_at: date, previous: Previous | None) -> Standing:
    """How an action stands by its report."""
    before = None if previous is None else previous.rag
    if report is None:
        return Standing(as_at, "", previous=before)
    until: date | None = as_at
    if report.is_complete:
        until = None if isinstance(report.completed_on, Invalid) or report.is_ahead else report.completed_on
    return Standing(
        until,
        str(report.status) if isinstance(report.status, Status) else "",
        report.progress if isinstance(report.progress, Fraction) else None,
        report.evidence,
        report.causes,
        before,
    )


@frozen
class _Judged:
    """What there is to look up: a number, or grey or a level at once, with why."""

    value: Fraction | None = None
    level: Rag = GREY
    reason: Reason | None = None
    why: str = ""
    by_formula: bool = False


def _unreadable(report: ActionReport) -> str:
    """What of a report cannot be read, or cannot be; empty where all can."""
    if report.as_at is None:
        return f"the day {report.as_at_text!r} cannot be read"
    for cell in (report.status, report.progress, report.completed_on):
        if isinstance(cell, Invalid):
            return f"{cell.text!r} is {cell.message}"
    if report.is_ahead:
        return f"its day of completion is after the report of {day_text(report.as_at)}"
    return ""


def _judged(ruling: Ruling, report: ActionReport | None, standing: Standing) -> _Judged:
    """A report by its states, in their order."""
    action = ruling.action
    if ruling.not_due:
        assert action.rated_from is not None
        return _Judged(reason=Reason.NOT_DUE, why=f"rated from {day_text(action.rated_from)}")
    if report is None:
        return _Judged(reason=Reason.NO_DATA)
    unread = _unreadable(report)
    if unread:
        return _Judged(reason=Reason.INVALID, why=unread)
    if report.status is None:
        return _Judged(reason=Reason.NO_DATA)
    if report.status is Status.DEFERRED:
        return _Judged(reason=Reason.NOT_APPLICABLE, why="deferred")
    if report.status is Status.COMPLETE:
        if action.on_time or action.due.day is None:
            return _Judged(level=ruling.scale[action.complete])
        if standing.until is None:
            return _Judged(reason=Reason.MISSING_INPUT, why="completed_on is missing")
    elif action.due.day is None and action.formula is None:
        return _Judged(reason=Reason.NO_DUE_DATE, why=f"due {action.due.written}")
    return _number(action, standing)


def _number(action: Action, standing: Standing) -> _Judged:
    """The days that it is late, or what its formula makes of them."""
    if action.formula is None:
        days_late = standing.days_late(action)
        assert days_late is not None
        return _Judged(Fraction(days_late))
    result = action.formula.evaluate(names_on_days(action, standing))
    if isinstance(result, MissingInput):
        reason = Reason.NO_DUE_DATE if action.due.day is None else Reason.MISSING_INPUT
        return _Judged(reason=reason, why=f"{', '.join(result.names)} missing", by_formula=True)
    if isinstance(result, DivisionByZero):
        return _Judged(reason=Reason.DIVISION_BY_ZERO, why=f"in {action.formula.text}", by_formula=True)
    assert isinstance(result, Fraction)
    return _Judged(result, by_formula=True)


def _computed_and_adjusted(
    ruling: Ruling, report: ActionReport | None, standing: Standing, facts: Facts
) -> tuple[Outcome, Facts]:
    """The level by the rule, and with each live grace, in the order of effects."""
    action = ruling.action
    complete = standing.status == Status.COMPLETE
    ruling = ruling.once_complete() if complete else ruling
    judged = _judged(ruling, report, standing)
    granted, refused = granted_of(ruling.live, lambda: names_on_days(action, standing))
    level, table = judged.level, ruling.table
    if judged.value is not None and table is not None:
        facts = evolve(facts, value=judged.value, table=table, how=action.formula.text if action.formula else "")
        level = table.labels[table.exact_index(judged.value)]
    elif judged.why:
        facts = evolve(facts, why=judged.why)
    if granted and judged.value is not None and not judged.by_formula:
        outcomes = ruling.outcomes(granted)
        outcome = outcomes.labels[outcomes.exact_index(judged.value)]
    else:

        def by_a_later_date(longer: Duration) -> tuple[Rag, Reason | None]:
            return _by_formula(ruling, standing, longer)

        outcome = ruling.given(level, granted, judged.reason, by_a_later_date if judged.by_formula else None)
    return _in_order(outcome, ruling.live, refused), facts


def _by_formula(ruling: Ruling, standing: Standing, longer: Duration) -> tuple[Rag, Reason | None]:
    """The level of a formula's value by a due date so much later."""
    judged, table = _number(ruling.action.due_after(longer), standing), ruling.table
    if judged.value is None or table is None:
        return GREY, judged.reason
    return table.labels[table.exact_index(judged.value)], None


def _in_order(outcome: Outcome, live: Sequence[Grace], refused: Sequence[Applied]) -> Outcome:
    """The outcome with the refused graces among the granted ones, in the order of effects."""
    if not refused:
        return outcome
    by_grace = {id(applied.grace): applied for applied in (*outcome.graces, *refused)}
    return evolve(outcome, graces=tuple(by_grace[id(grace)] for grace in live))
