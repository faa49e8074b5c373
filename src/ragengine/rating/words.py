"""The derivation of a rating as text: made when somebody reads it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..data.states import counted
from ..number import text
from ..rulebook.compile import printed, shortfall
from ..ruling import Kept, Outcome, Ruling
from .certainty import has_interval, in_words
from .comparing import compared_text
from .facts import Cause, Change, Facts
from .needed import days_phrase, needed_phrases
from .phrases import amount, band, day, days_interval, due_text, gap, judged_as, target_text
from .quick_words import pieces_of

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = ["full_text", "text_of"]

#: periods for which an outcome keeps its pieces
_MOST_KEPT = 1000

_CAUSES = {
    Cause.DATA: "because of the data",
    Cause.RULE: "because the rule changed",
    Cause.GRACE: "because of grace",
    Cause.OVERRIDE: "because of an override",
    Cause.MISSING: "because data are missing",
}


def text_of(rating: Rating) -> str:
    """The explanation as text: the headline, what would change it, what moved, and where the rule stands."""
    plain = rating.plain
    if plain is not None and not has_interval(rating):
        said = _quickly(rating, *plain)
        if said is not None:
            return said
    return full_text(rating)


def _quickly(rating: Rating, value: int | float, period: object) -> str | None:
    """The text of a rating by value alone, from pieces that its outcome keeps."""
    kept = rating.outcome.kept
    try:
        head = kept.heads[period]
    except KeyError:
        head = _keep(rating, kept, period)
    pieces = kept.pieces
    return None if head is None or pieces is None else pieces.text(head, value)


def _keep(rating: Rating, kept: Kept, period: object) -> str | None:
    """The text of a rating by value alone up to the value, kept for its period, with the outcome's pieces."""
    outcome, ground = rating.outcome, rating.outcome.ground
    head = None
    if not ground.is_action:
        if kept.pieces is None:
            facts = rating.facts
            relief = "".join(f"\n{line}" for line in _relief(outcome, facts))
            kept.pieces = pieces_of(rating, relief, "\n".join([*_beside(ground, facts), _reference(ground)]))
        if kept.pieces is not None:
            when = rating.period.label if rating.period else ""
            head = f"{_headline_level(outcome)} {_subject(ground.kpi.title, _area_title(ground), when, None)}: "
    if len(kept.heads) >= _MOST_KEPT:
        kept.heads.clear()
    kept.heads[period] = head
    return head


def full_text(rating: Rating) -> str:
    """The same, from everything the rating knows."""
    facts = rating.facts
    ground = rating.outcome.ground
    if not ground.is_action:
        lines = [_kpi_headline(rating, ground, facts)]
    else:
        lines = [_action_headline(rating, ground, facts)]
    lines += _relief(rating.outcome, facts)
    change = " ".join([*_changes(rating), *_moved(rating, facts)])
    if change:
        lines.append(change)
    lines += in_words(rating)
    lines += _beside(ground, facts)
    lines.append(_reference(ground))
    return "\n".join(lines)


def _headline_level(outcome: Outcome) -> str:
    level = outcome.rag.label
    return f"{level}: {outcome.reason}." if outcome.reason else f"{level}."


def _subject(title: str, rules_area: str, when: str, entity: str | None) -> str:
    said = f"{title} ({rules_area})" if rules_area else title
    said += f", {entity}" if entity else ""
    return f"{said}, {when}" if when else said


def _area_title(ground: Ruling) -> str:
    rule = ground.rule
    area = ground.rules.areas.get(rule.area)
    return area.title if area else ""


def _kpi_headline(rating: Rating, ground: Ruling, facts: Facts) -> str:
    kpi, outcome = ground.kpi, rating.outcome
    when = facts.period.label if facts.period else ""
    subject = f"{_headline_level(outcome)} {_subject(kpi.title, _area_title(ground), when, facts.entity)}"
    if facts.value is None:
        return f"{subject}: {facts.why or 'no value'}."
    if kpi.words:
        return f"{subject}: {facts.how}, which stands for {outcome.computed.label}."
    value = judged_as(facts.value, kpi) + _counted(facts)
    if facts.carried_from is not None:
        value += f" (carried forward from {facts.carried_from.label})"
    if outcome.computed.is_grey:
        return f"{subject}: {value}{'; ' + facts.why if facts.why else ''}."
    if ground.compares:
        return f"{subject}: {value} {compared_text(ground, facts.value, facts)}."
    piece = ground.band_of(facts.value)
    lies = f"{band(outcome.computed, piece, kpi.unit)}."
    if ground.aim is None:
        return f"{subject}: {value}. {lies}"
    return f"{subject}: {value} against a target of {target_text(ground.aim, kpi)}: {_short(rating)}. {lies}"


def _counted(facts: Facts) -> str:
    given = facts.given
    if given is None or not isinstance(given.numerator, Fraction):
        return ""
    denominator = counted(given)
    if not isinstance(denominator, Fraction):
        return ""
    said = f" ({text(given.numerator)} of {text(denominator)}"
    if isinstance(given.excluded, Fraction) and given.excluded:
        said += f"; {text(given.excluded)} excluded because {given.exclusion_reason or 'no reason is given'}"
    return said + ")"


def _short(rating: Rating) -> str:
    ground, value = rating.outcome.ground, rating.value
    if value is None or ground.is_action:
        return "no distance"
    kpi = ground.kpi
    short = shortfall(printed(value, kpi), ground.aim, kpi.direction)
    if short is None:
        return "no distance"
    if short == 0:
        return "on the target"
    return f"{gap(abs(short), kpi.unit, kpi.decimals)} {'short' if short > 0 else 'better'}"


def _action_headline(rating: Rating, ground: Ruling, facts: Facts) -> str:
    action, outcome = ground.action, rating.outcome
    when = f"as at {facts.period.label}" if facts.period else ""
    subject = f"{_headline_level(outcome)} {_subject(action.title, _area_title(ground), when, facts.entity)}"
    said = f"{subject}: {facts.status or 'no status reported'}, {due_text(action.due)}"
    if facts.days_late is not None:
        said += f", {days_phrase(facts.days_late)}"
    if facts.why:
        said += f"; {facts.why}"
    said += "."
    if facts.table is not None and facts.value is not None:
        piece = facts.table.interval(facts.table.exact_index(facts.value))
        if action.formula:
            said += f" {band(outcome.computed, piece, '')}."
        else:
            said += f" {outcome.computed.label} runs {days_interval(piece)}."
    return said


def _relief(outcome: Outcome, facts: Facts) -> list[str]:
    """Where the final level is not the computed one, who said so and until when."""
    lines = []
    for applied in outcome.graces:
        if applied.granted and applied.changed:
            grace = applied.grace
            lines.append(
                f"Computed {outcome.computed.label}, {outcome.adjusted.label} by grace {grace.name} "
                f"({grace.reason}; {grace.authority}; until {day(grace.until)})."
            )
        elif not applied.granted:
            lines.append(f"Grace {applied.grace.name} is not granted: {applied.why}.")
    lines += [f"{note.text[0].upper()}{note.text[1:]}." for note in outcome.notes]
    for override in facts.overrides:
        until = f"until {day(override.until)}"
        if override.release_when:
            until += f"; released when: {override.release_when}"
        if outcome.rag == outcome.adjusted:
            said = "An override is in force and changes nothing"
        else:
            said = f"Computed {outcome.adjusted.label}, {outcome.rag.label} by override"
        lines.append(f"{said}: {override.reason} ({override.authority}; {until}).")
    lines += [f"An override lapsed on {day(o.until)} and is not applied: {o.reason}." for o in facts.lapsed]
    return lines


def _changes(rating: Rating) -> list[str]:
    phrases = needed_phrases(rating)
    if not phrases:
        return []
    joined = "; ".join(phrases)
    return [f"{joined[0].upper()}{joined[1:]}."]


def _moved(rating: Rating, facts: Facts) -> list[str]:
    previous, movement = facts.previous, facts.movement
    if previous is None or movement is None:
        return []
    when = f" in {previous.period.label}" if previous.period else ""
    ground = rating.outcome.ground
    value = ""
    if previous.value is not None and not ground.is_action and not ground.kpi.words:
        value = f" ({amount(previous.value, ground.kpi.unit, ground.kpi.decimals)})"
    said = f"Was {previous.rag.label}{when}{value}: {movement}"
    if movement.change is not Change.UNCHANGED and movement.cause in _CAUSES:
        arrived = movement.change is Change.NEWLY_RATED and movement.cause is Cause.MISSING
        said += f", {'because data were missing then' if arrived else _CAUSES[movement.cause]}"
    return [said + "."]


def _beside(ground: Ruling, facts: Facts) -> list[str]:
    """What stands beside the level: an assumed target, causes, evidence."""
    lines = []
    if not ground.is_action and ground.kpi.basis != "stated" and ground.target is not None:
        why = f": {ground.kpi.rationale.rstrip('.')}" if ground.kpi.rationale else ""
        lines.append(f"The target is {ground.kpi.basis}{why}.")
    if facts.causes:
        lines.append(f"{'Causes' if len(facts.causes) > 1 else 'Cause'} given: {', '.join(sorted(facts.causes))}.")
    if facts.evidence:
        lines.append(f"Evidence: {facts.evidence}.")
    return lines


def _reference(ground: Ruling) -> str:
    rule = ground.rule
    place = f"{rule.file}:{rule.line}" if rule.file else "no file"
    rules = ground.rules
    return f"Rule {rule.id}, {place}, edition {rules.edition}, fingerprint {rules.fingerprint[:12]}."
