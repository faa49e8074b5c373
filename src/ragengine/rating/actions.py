"""An action rated by days late, progress and status: the same pipeline, another value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from ..bands import BandTable
from ..data.model import ActionReport, Invalid, Override
from ..period import Due, Duration, Period, PeriodKind
from ..rulebook.action import Action
from ..rulebook.compile import action_table, limited
from ..rulebook.expression import DivisionByZero, MissingInput
from ..rulebook.grace import Effect, live_graces
from ..rulebook.rules import Rules
from ..terms import GREY, Rag, Reason, Status
from .conditions import refusal
from .facts import Facts, Previous
from .movement import moved
from .outcome import SUSPENDING, ActionGround, Applied, Outcome
from .overrides import overridden
from .phrases import day as day_text
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
    ground = ActionGround(rules, action)
    facts = Facts(Period(PeriodKind.DAY, as_at), previous=previous, due=action.due.day)
    if report is not None:
        progress = report.progress if isinstance(report.progress, Fraction) else None
        facts = evolve(
            facts,
            status=str(report.status) if isinstance(report.status, Status) else "",
            progress=progress,
            completed_on=None if isinstance(report.completed_on, Invalid) else report.completed_on,
            evidence=report.evidence,
            causes=report.causes,
            note=report.note,
            reported_on=report.as_at,
        )
    facts = _timed(facts, action.due, action, report, as_at)
    computed, facts = _computed(rules, action, report, facts)
    outcome = Outcome(ground, computed.level, computed.level, computed.level, computed.reason)
    outcome, facts = _graced(ground, outcome, report, facts, as_at)
    if action.requires_evidence and not facts.evidence.strip() and not outcome.adjusted.is_grey:
        amber = rules.scale["amber"]
        if outcome.adjusted > amber:
            outcome = evolve(outcome, adjusted=amber, rag=amber)
            outcome = outcome.noted("evidence", f"no evidence is recorded: no better than {amber.label}")
    facts = evolve(facts, unrated=outcome.reason)
    outcome, facts = overridden(outcome, facts, overrides, as_at)
    if previous is not None:
        facts = evolve(facts, movement=moved(previous, outcome, facts))
    return Rating(outcome, None, facts)


class _Computed:
    """A level, or grey with its reason."""

    def __init__(self, level: Rag, reason: Reason | None = None) -> None:
        self.level = level
        self.reason = reason


def _timed(facts: Facts, due: Due, action: Action, report: ActionReport | None, as_at: date) -> Facts:
    """With the days late and the share of the time that has gone; without them where there is no due date."""
    if due.day is None:
        return facts
    until = as_at
    if report is not None and report.status is Status.COMPLETE:
        if report.completed_on is None or isinstance(report.completed_on, Invalid):
            return facts
        until = report.completed_on
    elapsed = None
    if action.start is not None and due.day > action.start:
        gone = Fraction(100 * (until - action.start).days, (due.day - action.start).days)
        elapsed = min(max(gone, Fraction(0)), Fraction(100))
    return evolve(facts, days_late=(until - due.day).days, elapsed=elapsed)


def _unreadable(report: ActionReport) -> str:
    """What of a report cannot be read, or cannot be; empty where all can."""
    if report.as_at is None:
        return f"the day {report.as_at_text!r} cannot be read"
    for cell in (report.status, report.progress, report.completed_on):
        if isinstance(cell, Invalid):
            return f"{cell.text!r} is {cell.message}"
    return ""


def _computed(rules: Rules, action: Action, report: ActionReport | None, facts: Facts) -> tuple[_Computed, Facts]:
    if action.rated_from is not None and facts.period is not None and facts.period.end < action.rated_from:
        return _Computed(GREY, Reason.NOT_DUE), evolve(facts, why=f"rated from {day_text(action.rated_from)}")
    if report is None:
        return _Computed(GREY, Reason.NO_DATA), facts
    unread = _unreadable(report)
    if unread:
        return _Computed(GREY, Reason.INVALID), evolve(facts, why=unread)
    if report.status is None:
        return _Computed(GREY, Reason.NO_DATA), facts
    if report.status is Status.DEFERRED:
        return _Computed(GREY, Reason.NOT_APPLICABLE), evolve(facts, why="deferred")
    if report.status is Status.COMPLETE:
        if action.on_time or action.due.day is None:
            return _Computed(rules.scale[action.complete]), facts
        if facts.days_late is None:
            return _Computed(GREY, Reason.MISSING_INPUT), evolve(facts, why="completed_on is missing")
    elif action.due.day is None and action.formula is None:
        return _Computed(GREY, Reason.NO_DUE_DATE), evolve(facts, why=f"due {action.due.written}")
    if action.formula is None:
        assert facts.days_late is not None
        value = Fraction(facts.days_late)
    else:
        result = action.formula.evaluate(_names(facts))
        if isinstance(result, MissingInput):
            missing = ", ".join(result.names)
            reason = Reason.NO_DUE_DATE if action.due.day is None else Reason.MISSING_INPUT
            return _Computed(GREY, reason), evolve(facts, why=f"{missing} missing")
        if isinstance(result, DivisionByZero):
            return _Computed(GREY, Reason.DIVISION_BY_ZERO), evolve(facts, why=f"in {action.formula.text}")
        assert isinstance(result, Fraction)
        value = result
    table = action_table(action, rules.scale, complete=report.status is Status.COMPLETE)
    level = table.labels[table.exact_index(value)]
    how = action.formula.text if action.formula else ""
    return _Computed(level), evolve(facts, value=value, table=table, how=how)


def _names(facts: Facts) -> dict[str, Fraction | bool | str | frozenset[str] | None]:
    previous = facts.previous
    return {
        "days_late": None if facts.days_late is None else Fraction(facts.days_late),
        "progress": facts.progress,
        "elapsed": facts.elapsed,
        "status": facts.status,
        "causes": facts.causes,
        "evidence": facts.evidence,
        "previous": str(previous.rag) if previous else None,
        "improved": None,
        "worsened": None,
        "unchanged": None,
    }


def _graced(
    ground: ActionGround, outcome: Outcome, report: ActionReport | None, facts: Facts, as_at: date
) -> tuple[Outcome, Facts]:
    """The adjusted level, each live grace in the order of effects, and what a moved due date made of the facts."""
    action, rules = ground.action, ground.rules
    live = live_graces(action.graces, as_at)
    level, reason = outcome.adjusted, outcome.reason
    applied: list[Applied] = []
    eased = facts
    for grace in live:
        if grace.when is not None:
            result = grace.when.evaluate(_names(facts))
            if result is not True:
                applied.append(Applied(grace, False, why=refusal(result)))
                continue
        before = level
        match grace.effect:
            case effect if effect in SUSPENDING:
                # what an action is grey for of its own comes before a suspension
                level, reason = GREY, reason or Reason.SUSPENDED
            case Effect.EXTEND_DUE if action.due.day is not None and isinstance(grace.value, Duration):
                moved_to = Due(grace.value.after(action.due.day), action.due.tentative, action.due.written)
                extended, later = _extended(rules, action, moved_to, report, facts, as_at)
                if reason is not Reason.SUSPENDED:
                    level, reason = extended.level, extended.reason
                eased = evolve(facts, due_moved=moved_to.day, value_moved=later.value, table_moved=later.table)
            case Effect.NO_BETTER_THAN | Effect.NO_WORSE_THAN if not level.is_grey:
                assert isinstance(grace.value, str)
                limit = rules.scale[grace.value]
                level = limited(BandTable.constant(level), grace.effect, limit).labels[0]
        applied.append(Applied(grace, True, before, level))
    return evolve(outcome, adjusted=level, rag=level, reason=reason, graces=tuple(applied)), eased


def _extended(
    rules: Rules, action: Action, due: Due, report: ActionReport | None, facts: Facts, as_at: date
) -> tuple[_Computed, Facts]:
    """The level with a later due date, and the facts that it rests on."""
    later = evolve(action, due=due)
    made = Facts(None, status=facts.status, progress=facts.progress)
    return _computed(rules, later, report, _timed(made, due, later, report, as_at))
