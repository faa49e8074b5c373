"""What graces and judgements did, and how a rating moved, in words."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..data.model import Override
from ..number import exact
from ..period import PeriodKind
from ..rulebook.grace import Effect, Grace
from ..rulebook.measure import Range, Tolerance
from ..ruling import Applied
from ..terms import Scale
from .facts import Cause, Change, Movement
from .overrides import judged
from .phrases import grace_effect, judged_as, long_date, target_text, tolerance_text

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = ["effect_text", "judgement_text", "moved_text", "movement_text", "relief_lines"]

_CAUSES = {
    Cause.DATA: "because of the data",
    Cause.RULE: "because the rule changed",
    Cause.GRACE: "because of grace",
    Cause.OVERRIDE: "because of an override",
    Cause.EVIDENCE: "because of the evidence",
    Cause.PERSISTENCE: "because it has lasted long enough to count",
    Cause.MISSING: "because data are missing",
}
#: a relief that moves a line or a day is told even where the level stays
_MOVING = frozenset({Effect.TARGET, Effect.TOLERANCE, Effect.EXTEND_DUE})


def effect_text(grace: Grace, rating: Rating) -> str:
    """What a grace does: ``target at least 80%``, ``no worse than Amber``, ``due 30 November 2020``, ``suspended``."""
    ruling, value = rating.outcome.ruling, grace.value
    if grace.effect.suspends:
        return "suspended" if grace.effect is Effect.SUSPEND else "the period is excluded"
    if grace.effect is Effect.EXTEND_DUE and rating.facts.due_moved is not None:
        return f"due {long_date(rating.facts.due_moved)} in place of {long_date(rating.facts.due)}"
    if not ruling.is_action:
        match value:
            case Tolerance():
                return f"tolerance {tolerance_text(value, ruling.kpi.unit)}"
            case Range():
                return f"target {target_text(value, ruling.kpi)}"
            case _ if grace.effect is Effect.TARGET and not isinstance(value, bool | str):
                return f"target {target_text(Fraction(exact(value)), ruling.kpi)}"
    if grace.effect in (Effect.NO_BETTER_THAN, Effect.NO_WORSE_THAN):
        return f"{grace.effect.replace('_', ' ')} {ruling.scale[str(value)].label}"
    return grace_effect(grace)


def judgement_text(override: Override, scale: Scale) -> str:
    """What an override says: ``agreed as Red``, ``no better than Amber``."""
    words = override.effect.replace("_", " ") if override.effect != "rag" else "agreed as"
    return f"{words} {scale[override.level].label}"


def relief_lines(rating: Rating) -> list[str]:
    """Where the final level is not the computed one, who said so and until when; a line each."""
    outcome, facts = rating.outcome, rating.facts
    lines = []
    verb = "Computed"
    for applied in outcome.graces:
        said = _grace_line(applied, rating, verb)
        if said:
            lines.append(said)
        verb = "Then" if applied.granted and applied.changed else verb
    lines += [f"{note.text[0].upper()}{note.text[1:]}." for note in outcome.notes]
    level, scale = outcome.adjusted, outcome.ruling.scale
    for override in facts.overrides:
        until = f"until {long_date(override.until)}"
        if override.release_when:
            until += f"; released when: {override.release_when}"
        before, level = level, judged(level, [override], scale)
        if level == before:
            said = "An override is in force and changes nothing"
        else:
            grey = f": {facts.unrated}" if before.is_grey and facts.unrated else ""
            verb = "Computed" if before == outcome.computed else "Then"
            said = f"{verb} {before.label}{grey}, {level.label} by override"
        lines.append(f"{said}: {override.reason} ({override.authority}; {until}).")
    lines += [f"An override lapsed on {long_date(o.until)} and is not applied: {o.reason}." for o in facts.lapsed]
    return lines


def _grace_line(applied: Applied, rating: Rating, verb: str) -> str:
    grace = applied.grace
    if not applied.granted:
        called = _named(grace)
        return f"{called[0].upper()}{called[1:]} is not granted: {applied.why}."
    until = f"until {long_date(grace.until)}"
    effect = effect_text(grace, rating)
    if applied.changed:
        said = f"{verb} {applied.before.label}, {applied.after.label} by {_named(grace)}"
        return f"{said}, {effect} ({grace.reason}; {grace.authority}; {until})."
    if grace.effect in _MOVING:
        said = f"By {_named(grace)}, {effect}, which leaves the level as it is"
        return f"{said} ({grace.reason}; {grace.authority}; {until})."
    return ""


def _named(grace: Grace) -> str:
    """A grace by its name, where its author gave it one."""
    return "a grace" if grace.name.startswith("inline ") else f"grace {grace.name}"


def movement_text(movement: Movement) -> str:
    """How it moved and why: ``worsened, because of the data``."""
    if movement.change is Change.UNCHANGED or movement.cause not in _CAUSES:
        return str(movement)
    assert movement.cause is not None
    why = _CAUSES[movement.cause]
    if movement.cause is Cause.MISSING and movement.change is not Change.NO_LONGER_RATED:
        why = "because data were missing then" if movement.change is Change.NEWLY_RATED else "because of missing data"
    return f"{movement}, {why}"


def moved_text(rating: Rating) -> str:
    """What it was and why it moved; empty where no previous level is known."""
    previous, movement, ruling = rating.facts.previous, rating.movement, rating.outcome.ruling
    if movement is None:
        return ""
    assert previous is not None
    when = ""
    if previous.period is not None:
        when = f" {'on' if previous.period.kind is PeriodKind.DAY else 'in'} {previous.period.label}"
    value = ""
    if previous.value is not None and not ruling.is_action:
        kpi = ruling.kpi
        value = f" ({kpi.words[int(previous.value)][0] if kpi.words else judged_as(previous.value, kpi)})"
    return f"Was {previous.rag.label}{when}{value}: {movement_text(movement)}."
