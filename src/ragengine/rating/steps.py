"""The steps of a rating: each stage, what it looked at, where its rule stands and what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ruling import Applied, Ruling
from .comparing import compared_text
from .explanation import Step
from .inputs import counts_text, inputs_text, lines_beside, word_of
from .needed import days_phrase
from .phrases import amount, band, days_interval, due_text, judged_as, long_date, target_text
from .relative_words import reference_text
from .relief import effect_text, judgement_text, movement_text
from .scoring import score_text

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = ["steps_of"]


def steps_of(rating: Rating) -> list[Step]:
    """Every stage of a rating, in its order."""
    outcome, facts = rating.outcome, rating.facts
    ruling = outcome.ruling
    steps = _action_steps(rating, ruling) if ruling.is_action else _kpi_steps(rating, ruling)
    said = score_text(rating)
    if said:
        steps.append(Step("score", said, "", ruling.rule.file, ruling.rule.line))
    for applied in outcome.graces:
        steps.append(_grace_step(rating, applied))
    steps += [Step(note.stage, note.text, str(outcome.adjusted)) for note in outcome.notes]
    for override in facts.overrides:
        said = f"{judgement_text(override, ruling.scale)}: {override.reason} ({override.authority}"
        said += f"; until {long_date(override.until)}"
        said += f"; released when {override.release_when})" if override.release_when else ")"
        steps.append(Step("override", said, str(outcome.rag), override.place.file, override.place.line))
    for override in facts.lapsed:
        said = f"lapsed on {long_date(override.until)}, not applied: {override.reason} ({override.authority})"
        steps.append(Step("override", said, "", override.place.file, override.place.line))
    movement = rating.movement
    if movement is not None:
        assert facts.previous is not None
        said = f"{facts.previous.rag.label} to {outcome.rag.label}: {movement_text(movement)}"
        steps.append(Step("movement", said, str(outcome.rag)))
    return steps


def _grace_step(rating: Rating, applied: Applied) -> Step:
    grace = applied.grace
    said = f"{grace.name} ({effect_text(grace, rating)}, {long_date(grace.start)} to {long_date(grace.until)}): "
    if not applied.granted:
        said += f"not granted, {applied.why}"
    else:
        said += f"granted: {grace.reason} ({grace.authority})" + ("" if applied.changed else "; it changes nothing")
    return Step("grace", said, str(applied.after) if applied.granted else "", grace.file, grace.line)


def _kpi_steps(rating: Rating, ruling: Ruling) -> list[Step]:
    kpi, facts, outcome = ruling.kpi, rating.facts, rating.outcome
    reason = facts.unrated or outcome.reason
    if facts.value is None:
        why = f": {facts.why}" if facts.why else ""
        return [Step("value", f"{reason or 'no value'}{why}", str(outcome.computed), kpi.file, kpi.line)]
    if kpi.words:
        said = f'"{word_of(ruling, facts)}"'
    else:
        said = judged_as(facts.value, kpi, lines_beside(outcome), counts_text(facts))
        if kpi.formula is not None:
            said += f", from {kpi.formula.text} with {inputs_text(ruling, facts)}"
        elif facts.how and facts.carried_from is None and not counts_text(facts):
            said += f", from {facts.how}"
    if facts.carried_from is not None:
        said += f", carried forward from {facts.carried_from.label}"
    steps = [Step("value", said)]
    if facts.why:
        steps.append(Step("value", facts.why))
    if outcome.computed.is_grey:
        steps.append(Step("bands", str(reason), str(outcome.computed), kpi.file, kpi.line))
        return steps
    if ruling.compares:
        said = f"the value {compared_text(ruling, facts.value, facts)}"
    elif kpi.words:
        said = f"the word stands for {outcome.computed.label}"
    else:
        said = band(outcome.computed, ruling.band_of(facts.value), kpi.unit)
        if ruling.aim is not None:
            said = f"target {target_text(ruling.aim, kpi)} ({_basis(rating, ruling)}); {said}"
    steps.append(Step("bands", said, str(outcome.computed), kpi.file, kpi.line))
    return steps


def _basis(rating: Rating, ruling: Ruling) -> str:
    kpi = ruling.kpi
    if rating.facts.reference is not None:
        return reference_text(rating.facts, kpi)
    if ruling.era.rule_target is None:
        return "from the data"
    return kpi.basis + (f": {kpi.rationale.rstrip('.')}" if kpi.basis != "stated" and kpi.rationale else "")


def _action_steps(rating: Rating, ruling: Ruling) -> list[Step]:
    action, facts, outcome = ruling.action, rating.facts, rating.outcome
    steps = [Step("value", f"{facts.status or 'no status'}, {due_text(action.due)}")]
    if facts.reported_on is not None:
        steps.append(Step("value", f"reported on {long_date(facts.reported_on)}"))
    if facts.completed_on is not None:
        steps.append(Step("value", f"completed on {long_date(facts.completed_on)}"))
    if facts.days_late is not None:
        steps.append(Step("value", days_phrase(facts.days_late)))
    if action.formula is not None and facts.value is not None:
        read = inputs_text(ruling, facts)
        steps.append(Step("value", f"{action.formula.text} is {amount(facts.value, '')}, with {read}"))
    if facts.why:
        steps.append(Step("value", facts.why))
    reason = facts.unrated if outcome.computed.is_grey else None
    said = outcome.computed.label if reason is None else f"{outcome.computed.label}: {reason}"
    if facts.table is not None and facts.value is not None:
        piece = facts.table.interval(facts.table.exact_index(facts.value))
        if action.formula:
            said = band(outcome.computed, piece, "")
        else:
            said = f"{outcome.computed.label} runs {days_interval(piece)}"
    steps.append(Step("bands", said, str(outcome.computed), action.file, action.line))
    return steps
