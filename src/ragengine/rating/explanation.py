"""The derivation of a rating as data: everything needed to re-compute it without the rule files."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ..bands import BandTable
from ..data.model import Override
from ..data.states import counted
from ..number import text
from ..period import parse_due
from ..plain import plain
from ..ruling import Applied, Ruling
from ..terms import Rag
from .entry import entry_of
from .needed import days_phrase
from .phrases import band, day, days_interval, due_text, grace_effect, grace_value, judged_as, target_text

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = [
    "BandLine",
    "Explanation",
    "GraceLine",
    "OverrideLine",
    "RuleReference",
    "Step",
    "band_lines",
    "explanation_of",
    "grace_value",
    "override_line",
]


@frozen
class Step:
    """One stage: what it looked at and what came out.

    Attributes:
        stage: value, bands, grace, evidence, persistence, missing, override or movement.
        level: the level after this stage; empty where it makes none.
    """

    stage: str
    text: str
    level: str = ""
    file: str = ""
    line: int = 0


@frozen
class BandLine:
    """One band as exact numbers, written ``n`` or ``n/d``; an end that is None is open.

    ``lower_in`` and ``upper_in`` say whether the end itself belongs to the band.
    """

    rag: str
    lower: str | None
    lower_in: bool
    upper: str | None
    upper_in: bool


@frozen
class GraceLine:
    """A grace that was live, and what became of it."""

    name: str
    effect: str
    value: str
    start: str
    until: str
    reason: str
    authority: str
    when: str
    granted: bool
    changed: bool
    why: str


@frozen
class OverrideLine:
    """A judgement on this one rating, live or lapsed."""

    effect: str
    level: str
    start: str
    until: str
    reason: str
    authority: str
    release_when: str
    evidence: str
    live: bool


@frozen
class RuleReference:
    """Where the rule stands."""

    id: str
    file: str
    line: int
    edition: str
    fingerprint: str


@frozen
class Explanation:
    """Why a rating is what it is.

    ``bands`` give ``computed`` from ``value``; ``adjusted_bands``, with the granted graces in them, give the level
    before evidence and persistence; ``overrides`` give the final level. Numbers are exact: ``84``, ``2/3``.
    """

    subject: str
    kind: str
    title: str
    area: str
    period: str
    entity: str
    rag: str
    adjusted: str
    computed: str
    reason: str
    why: str
    value: str | None
    unit: str
    decimals: int | None
    numerator: str | None
    denominator: str | None
    excluded: str | None
    exclusion_reason: str
    carried_from: str
    target: str | None
    basis: str
    rationale: str
    shortfall: str | None
    bands: tuple[BandLine, ...]
    adjusted_bands: tuple[BandLine, ...]
    graces: tuple[GraceLine, ...]
    overrides: tuple[OverrideLine, ...]
    evidence: str
    causes: tuple[str, ...]
    note: str
    status: str
    due: str
    days_late: int | None
    previous: str
    previous_period: str
    movement: str
    cause: str
    rule: RuleReference
    steps: tuple[Step, ...] = field(factory=tuple)

    @property
    def due_day(self) -> date | None:
        """The day an action is due, or by which a KPI should meet its target."""
        return date.fromisoformat(self.due) if self.due else None

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        made: dict[str, Any] = plain(self)
        return made


def band_lines(table: BandTable[Rag]) -> tuple[BandLine, ...]:
    """The bands of a table as exact numbers."""
    return tuple(
        BandLine(
            str(level),
            None if piece.lower is None else str(piece.lower.at),
            piece.lower is not None and piece.lower.reached,
            None if piece.upper is None else str(piece.upper.at),
            piece.upper is not None and not piece.upper.reached,
        )
        for piece, level in table
    )


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
    )


def explanation_of(rating: Rating) -> Explanation:
    """The explanation of a KPI's or an action's rating."""
    outcome, facts = rating.outcome, rating.facts
    ground = outcome.ground
    rules = ground.rules
    kpi = ground.kpi if not ground.is_action else None
    rule = ground.rule
    tables = _tables(rating)
    return Explanation(
        **entry_of(rating),
        why=facts.why,
        decimals=kpi.decimals if kpi else None,
        exclusion_reason=facts.given.exclusion_reason if facts.given else "",
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
        due=_due(rating),
        rule=RuleReference(rule.id, rule.file, rule.line, rules.edition, rules.fingerprint),
        steps=tuple(_steps(rating)),
    )


def _due(rating: Rating) -> str:
    """The due date of an action, or the date by which a KPI should meet its target, as an ISO day."""
    ground = rating.outcome.ground
    if ground.is_action:
        due = ground.action.due.day
    elif ground.kpi.target_date:
        due = parse_due(ground.kpi.target_date, ground.rules.calendar).day
    else:
        due = None
    return due.isoformat() if due else ""


def _tables(rating: Rating) -> tuple[tuple[BandLine, ...], tuple[BandLine, ...]]:
    ground = rating.outcome.ground
    if rating.value is None or rating.computed.is_grey:
        return (), ()
    if ground.is_action:
        table = rating.facts.table
        return (band_lines(table), ()) if table is not None else ((), ())
    assert ground.table is not None
    granted = tuple(applied.grace for applied in rating.outcome.graces if applied.granted)
    return band_lines(ground.table), band_lines(ground.under(granted))


def override_line(override: Override, live: bool) -> OverrideLine:
    """An override as it stands in an explanation."""
    return OverrideLine(
        override.effect,
        override.level,
        override.start.isoformat(),
        override.until.isoformat(),
        override.reason,
        override.authority,
        override.release_when,
        override.evidence,
        live,
    )


def _override_lines(rating: Rating) -> tuple[OverrideLine, ...]:
    facts = rating.facts
    live = [override_line(override, True) for override in facts.overrides]
    return (*live, *(override_line(override, False) for override in facts.lapsed))


def _steps(rating: Rating) -> list[Step]:
    outcome = rating.outcome
    ground = outcome.ground
    steps = _action_steps(rating, ground) if ground.is_action else _kpi_steps(rating, ground)
    for applied in outcome.graces:
        steps.append(_grace_step(applied))
    steps += [Step(note.stage, note.text, str(outcome.adjusted)) for note in outcome.notes]
    for override in rating.facts.overrides:
        words = override.effect.replace("_", " ") if override.effect != "rag" else "agreed as"
        said = f"{words} {override.level}: {override.reason} ({override.authority}"
        said += f"; until {day(override.until)}"
        said += f"; released when {override.release_when})" if override.release_when else ")"
        steps.append(Step("override", said, str(outcome.rag), override.place.file, override.place.line))
    for override in rating.facts.lapsed:
        said = f"lapsed on {day(override.until)}, not applied: {override.reason} ({override.authority})"
        steps.append(Step("override", said, "", override.place.file, override.place.line))
    movement, previous = rating.facts.movement, rating.facts.previous
    if movement is not None and previous is not None:
        cause = f", because of the {movement.cause}" if movement.cause else ""
        steps.append(Step("movement", f"{previous.rag.label} to {outcome.rag.label}: {movement}{cause}"))
    return steps


def _grace_step(applied: Applied) -> Step:
    grace = applied.grace
    said = f"{grace.name} ({grace_effect(grace)}, {day(grace.start)} to {day(grace.until)}): "
    if not applied.granted:
        said += f"not granted, {applied.why}"
    else:
        said += f"granted: {grace.reason} ({grace.authority})" + ("" if applied.changed else "; it changes nothing")
    return Step("grace", said, "", grace.file, grace.line)


def _kpi_steps(rating: Rating, ground: Ruling) -> list[Step]:
    kpi, facts, outcome = ground.kpi, rating.facts, rating.outcome
    steps: list[Step] = []
    given = facts.given
    if facts.value is None:
        why = f": {facts.why}" if facts.why else ""
        steps.append(Step("value", f"{outcome.reason or 'no value'}{why}", str(outcome.computed), kpi.file, kpi.line))
        return steps
    said = judged_as(facts.value, kpi) if not kpi.words else facts.how
    if given is not None and isinstance(given.numerator, Fraction) and isinstance(given.denominator, Fraction):
        said += f" ({text(given.numerator)} of {text(counted_number(given))})"
        if isinstance(given.excluded, Fraction) and given.excluded:
            reason = given.exclusion_reason or "no reason given"
            said += f", {text(given.excluded)} of {text(given.denominator)} excluded because {reason}"
    if facts.how and not kpi.words:
        said += f", from {facts.how}" if not facts.how.startswith("carried") else f", {facts.how}"
    steps.append(Step("value", said))
    if facts.why:
        steps.append(Step("value", facts.why))
    if outcome.computed.is_grey:
        steps.append(Step("bands", str(outcome.reason), str(outcome.computed), kpi.file, kpi.line))
        return steps
    piece = ground.band_of(facts.value)
    if kpi.words:
        said = f"the word stands for {outcome.computed.label}"
    else:
        said = band(outcome.computed, piece, kpi.unit)
        if ground.target is not None:
            said = f"target {target_text(ground.target, kpi)} ({_basis(ground)}); {said}"
    steps.append(Step("bands", said, str(outcome.computed), kpi.file, kpi.line))
    return steps


def counted_number(given: Any) -> Fraction:
    """The denominator that counts, as a number."""
    cell = counted(given)
    return cell if isinstance(cell, Fraction) else Fraction(0)


def _basis(ground: Ruling) -> str:
    kpi = ground.kpi
    if ground.era.rule_target is None:
        return "from the data"
    return kpi.basis + (f": {kpi.rationale.rstrip('.')}" if kpi.basis != "stated" and kpi.rationale else "")


def _action_steps(rating: Rating, ground: Ruling) -> list[Step]:
    action, facts, outcome = ground.action, rating.facts, rating.outcome
    steps = [Step("value", f"{facts.status or 'no status'}, {due_text(action.due)}")]
    if facts.days_late is not None:
        steps.append(Step("value", days_phrase(facts.days_late)))
    if facts.why:
        steps.append(Step("value", facts.why))
    said = outcome.computed.label if outcome.reason is None else f"{outcome.computed.label}: {outcome.reason}"
    if facts.table is not None and facts.value is not None:
        piece = facts.table.interval(facts.table.exact_index(facts.value))
        if action.formula:
            said = band(outcome.computed, piece, "")
        else:
            said = f"{outcome.computed.label} runs {days_interval(piece)}"
    steps.append(Step("bands", said, str(outcome.computed), action.file, action.line))
    return steps
