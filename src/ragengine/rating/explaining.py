"""A rating's explanation is made here, when somebody asks for it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from ..period import parse_due
from ..ruling import Applied
from .entry import entry_of
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
from .inputs import inputs_of, word_of
from .needed import what_would_change
from .phrases import grace_effect, grace_value
from .relative_words import reference_line
from .scoring import score_line
from .steps import steps_of

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = ["due_day_of", "explanation_of", "rule_reference"]


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
        grace_effect(grace),
    )


def explanation_of(rating: Rating) -> Explanation:
    """The explanation of a KPI's or an action's rating."""
    outcome, facts = rating.outcome, rating.facts
    ruling = outcome.ruling
    kpi = ruling.kpi if not ruling.is_action else None
    rule = ruling.rule
    tables = _tables(rating)
    given = facts.given
    return Explanation(
        **entry_of(rating),
        why=facts.why,
        decimals=kpi.decimals if kpi else None,
        exclusion_reason=given.exclusion_reason if given else "",
        carried_from=str(facts.carried_from) if facts.carried_from else "",
        basis=kpi.basis if kpi and rating.target is not None else "",
        rationale=kpi.rationale if kpi else "",
        bands=tables[0],
        adjusted_bands=tables[1],
        graces=tuple(_grace_line(applied) for applied in outcome.graces),
        overrides=_override_lines(rating),
        evidence=facts.evidence,
        causes=tuple(sorted(facts.causes)),
        note=facts.note,
        status=facts.status,
        due=_iso(due_day_of(rating)),
        rule=rule_reference(rating),
        steps=tuple(steps_of(rating)),
        scoring=score_line(rating),
        relative=reference_line(facts, kpi),
        levels=tuple(map(str, ruling.scale.levels)),
        unrated=str(facts.unrated or (outcome.reason if outcome.adjusted.is_grey else None) or ""),
        direction=str(kpi.direction or "") if kpi else "",
        word=word_of(ruling, facts),
        formula=rule.formula.text if rule.formula is not None else "",
        inputs=tuple(NumberLine(name, _number(value)) for name, value in inputs_of(ruling, facts).items()),
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
        start=_iso(ruling.action.start) if ruling.is_action else "",
        reported_on=_iso(facts.reported_on),
        completed_on=_iso(facts.completed_on),
        progress=_number(facts.progress),
        elapsed=_number(facts.elapsed),
        due_moved=_iso(facts.due_moved),
        value_moved=_number(facts.value_moved),
        complete=ruling.action.complete if ruling.is_action else "",
        on_time=ruling.action.on_time if ruling.is_action else True,
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def due_day_of(rating: Rating) -> date | None:
    """The due date of an action, or the date by which a KPI should meet its target."""
    ruling = rating.outcome.ruling
    if ruling.is_action:
        return ruling.action.due.day
    if ruling.kpi.target_date:
        return parse_due(ruling.kpi.target_date, ruling.rules.calendar).day
    return None


def rule_reference(rating: Rating) -> RuleReference:
    """Where the rule of a rating stands."""
    kept = rating.outcome.kept
    if kept.rule is None:
        rule, rules = rating.outcome.ruling.rule, rating.outcome.ruling.rules
        kept.rule = RuleReference(rule.id, rule.file, rule.line, rules.edition, rules.fingerprint)
    reference: RuleReference = kept.rule
    return reference


def _tables(rating: Rating) -> tuple[tuple[BandLine, ...], tuple[BandLine, ...]]:
    """The bands by the rule as it stands, and under the granted graces."""
    outcome = rating.outcome
    ruling = outcome.ruling
    if rating.value is None or outcome.computed.is_grey:
        return (), ()
    assert ruling.table is not None
    kept = outcome.kept
    if kept.bands is None:
        by_formula = ruling.is_action and ruling.action.formula is not None
        kept.bands = band_lines(ruling.table), () if by_formula else band_lines(ruling.under(outcome.granted))
    bands: tuple[tuple[BandLine, ...], tuple[BandLine, ...]] = kept.bands
    return bands


def _override_lines(rating: Rating) -> tuple[OverrideLine, ...]:
    facts = rating.facts
    live = [override_line(override, True) for override in facts.overrides]
    return (*live, *(override_line(override, False) for override in facts.lapsed))
