"""A rating's explanation is made here, when somebody asks for it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from ..period import parse_due
from ..rulebook.measure import Range
from .explanation import (
    BandLine,
    Explanation,
    GraceLine,
    LevelLine,
    NumberLine,
    OverrideLine,
    RuleReference,
    band_lines,
    override_line,
)
from .facts import Facts
from .inputs import inputs_of, word_of
from .needed import what_would_change
from .outcome import ActionGround, Applied, Ground
from .phrases import grace_value
from .steps import steps_of

if TYPE_CHECKING:
    from .rating import Rating

__all__ = ["explanation_of"]


def _number(value: object) -> str | None:
    return str(value) if isinstance(value, Fraction) else None


def _grace_line(applied: Applied) -> GraceLine:
    grace = applied.grace
    return GraceLine(
        grace.name,
        str(grace.effect),
        grace_value(grace),
        grace.start.isoformat(),
        grace.until.isoformat(),
        grace.reason,
        grace.authority,
        grace.when.text if grace.when else "",
        applied.granted,
        applied.changed,
        applied.why,
        str(applied.before) if applied.granted else "",
        str(applied.after) if applied.granted else "",
    )


def _target_number(target: Fraction | Range | None) -> str | None:
    if isinstance(target, Range):
        return f"{target.min} to {target.max}"
    return _number(target)


def explanation_of(rating: Rating) -> Explanation:
    """The explanation of a KPI's or an action's rating."""
    outcome, facts = rating.outcome, rating.facts
    ground = outcome.ground
    rules = ground.rules
    kpi = ground.kpi if isinstance(ground, Ground) else None
    rule = ground.kpi if isinstance(ground, Ground) else ground.action
    tables = _tables(rating)
    given = facts.given
    movement = facts.movement
    return Explanation(
        subject=rule.id,
        kind="kpi" if kpi else "action",
        title=rule.title,
        area=rules.areas[rule.area].title if rule.area in rules.areas else rule.area,
        period=str(facts.period) if facts.period else "",
        entity=facts.entity or "",
        rag=str(outcome.rag),
        adjusted=str(outcome.adjusted),
        computed=str(outcome.computed),
        reason=str(outcome.reason) if outcome.reason else "",
        why=facts.why,
        value=_number(facts.value),
        unit=_unit(ground, facts),
        decimals=kpi.decimals if kpi else None,
        numerator=_number(given.numerator) if given else None,
        denominator=_number(given.denominator) if given else None,
        excluded=_number(given.excluded) if given else None,
        exclusion_reason=given.exclusion_reason if given else "",
        carried_from=str(facts.carried_from) if facts.carried_from else "",
        target=_target_number(rating.target),
        basis=kpi.basis if kpi and rating.target is not None else "",
        rationale=kpi.rationale if kpi else "",
        shortfall=_number(rating.shortfall),
        bands=tables[0],
        adjusted_bands=tables[1],
        graces=tuple(_grace_line(applied) for applied in outcome.graces),
        overrides=_override_lines(rating),
        evidence=facts.evidence,
        causes=tuple(sorted(facts.causes)),
        note=facts.note,
        status=facts.status,
        due=_due(rating),
        days_late=facts.days_late,
        previous=str(facts.previous.rag) if facts.previous else "",
        previous_period=str(facts.previous.period) if facts.previous and facts.previous.period else "",
        movement=str(movement) if movement else "",
        cause=str(movement.cause) if movement and movement.cause else "",
        rule=RuleReference(rule.id, rule.file, rule.line, rules.edition, rules.fingerprint),
        steps=tuple(steps_of(rating)),
        levels=tuple(map(str, ground.scale.levels)),
        unrated=str(facts.unrated or (outcome.reason if outcome.adjusted.is_grey else None) or ""),
        direction=str(kpi.direction or "") if kpi else "",
        word=word_of(ground, facts),
        formula=rule.formula.text if rule.formula is not None else "",
        inputs=tuple(NumberLine(name, _number(value)) for name, value in inputs_of(ground, facts).items()),
        requires_evidence=rule.requires_evidence,
        missing=str(outcome.computed) if facts.value is None and kpi and not outcome.computed.is_grey else "",
        instant=str(facts.instant or ""),
        persistence=kpi.persistence if kpi else 1,
        run=tuple(LevelLine(str(past.period), str(past.instant), str(past.adopted)) for past in facts.run),
        previous_value=_number(facts.previous.value) if facts.previous else None,
        year_ago=str(facts.year_ago.rag) if facts.year_ago else "",
        year_ago_period=str(facts.year_ago.period or "") if facts.year_ago else "",
        year_ago_value=_number(facts.year_ago.value) if facts.year_ago else None,
        changes=tuple(what_would_change(rating)),
        start=_iso(ground.action.start) if isinstance(ground, ActionGround) else "",
        reported_on=_iso(facts.reported_on),
        completed_on=_iso(facts.completed_on),
        progress=_number(facts.progress),
        elapsed=_number(facts.elapsed),
        due_moved=_iso(facts.due_moved),
        value_moved=_number(facts.value_moved),
        complete=ground.action.complete if isinstance(ground, ActionGround) else "",
        on_time=ground.action.on_time if isinstance(ground, ActionGround) else True,
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _unit(ground: Ground | ActionGround, facts: Facts) -> str:
    if isinstance(ground, Ground):
        return ground.kpi.unit
    return "days late" if facts.value is not None and ground.action.formula is None else ""


def _due(rating: Rating) -> str:
    """The due date of an action, or the date by which a KPI should meet its target, as an ISO day."""
    ground = rating.outcome.ground
    if isinstance(ground, ActionGround):
        due = ground.action.due.day
    elif ground.kpi.target_date:
        due = parse_due(ground.kpi.target_date, ground.rules.calendar).day
    else:
        due = None
    return due.isoformat() if due else ""


def _tables(rating: Rating) -> tuple[tuple[BandLine, ...], tuple[BandLine, ...]]:
    ground = rating.outcome.ground
    if isinstance(ground, ActionGround):
        table = rating.facts.table
        moved = rating.facts.table_moved
        return band_lines(table) if table is not None else (), band_lines(moved) if moved is not None else ()
    if rating.value is None or rating.computed.is_grey:
        return (), ()
    assert ground.table is not None
    granted = tuple(applied.grace for applied in rating.outcome.graces if applied.granted)
    return band_lines(ground.table), band_lines(ground.adjusted(granted))


def _override_lines(rating: Rating) -> tuple[OverrideLine, ...]:
    facts = rating.facts
    live = [override_line(override, True) for override in facts.overrides]
    return (*live, *(override_line(override, False) for override in facts.lapsed))
