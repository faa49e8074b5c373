"""The derivation of a rating as text: made when somebody reads it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ..number import exact, half_up
from ..rulebook.compile import shortfall
from ..rulebook.measure import Range
from ..ruling import Kept, Outcome, Ruling
from .certainty import has_interval, in_words
from .comparing import compared_text
from .facts import Facts
from .inputs import counts_text, inputs_text, lines_beside, word_of
from .needed import days_phrase, endings_of, what_would_change
from .phrases import (
    band,
    beside,
    days_interval,
    due_text,
    judged_as,
    long_date,
    places_apart,
    short_text,
    target_text,
)
from .quick_words import pieces_of
from .relative_words import reference_text
from .relief import moved_text, relief_lines
from .scoring import score_text

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = ["text_of"]

#: periods for which an outcome keeps its pieces
_MOST_KEPT = 1000


def text_of(rating: Rating, changes: Sequence[str] | None = None) -> str:
    """The explanation as text: the headline, what would change it, what moved, and where the rule stands.

    ``changes`` are what would change it, where they are known already.
    """
    plain = rating.plain
    if plain is not None:
        said = _quickly(rating, *plain)
        if said is not None:
            return said
    return _full_text(rating, changes)


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
    outcome, ruling = rating.outcome, rating.outcome.ruling
    head = None
    if not ruling.is_action and not has_interval(rating) and ruling.kpi.score is None:
        if kept.pieces is None:
            facts = rating.facts
            relief = "".join(f"\n{line}" for line in relief_lines(rating))
            rest = "\n".join([*_beside(ruling, facts), _reference(ruling)])
            kept.pieces = pieces_of(rating, relief, " ".join(endings_of(rating)), rest)
        if kept.pieces is not None:
            named = rating.period
            when = named.label if named else ""
            head = f"{_headline_level(outcome)} {_subject(ruling.kpi.title, _area_title(ruling), when, None)}: "
    if len(kept.heads) >= _MOST_KEPT:
        kept.heads.clear()
    kept.heads[period] = head
    return head


def _full_text(rating: Rating, changes: Sequence[str] | None = None) -> str:
    """The same, from everything the rating knows."""
    facts = rating.facts
    ruling = rating.outcome.ruling
    if not ruling.is_action:
        lines = [_kpi_headline(rating, ruling, facts)]
    else:
        lines = [_action_headline(rating, ruling, facts)]
    lines += relief_lines(rating)
    change = " ".join(filter(None, [*(what_would_change(rating) if changes is None else changes), moved_text(rating)]))
    if change:
        lines.append(change)
    lines += in_words(rating)
    lines += filter(None, [score_text(rating)])
    lines += _beside(ruling, facts)
    lines.append(_reference(ruling))
    return "\n".join(lines)


def _headline_level(outcome: Outcome) -> str:
    level = outcome.rag.label
    return f"{level}: {outcome.reason}." if outcome.reason else f"{level}."


def _subject(title: str, rules_area: str, when: str, entity: str | None) -> str:
    said = f"{title} ({rules_area})" if rules_area else title
    said += f", {entity}" if entity else ""
    return f"{said}, {when}" if when else said


def _area_title(ruling: Ruling) -> str:
    rule = ruling.rule
    area = ruling.rules.areas.get(rule.area)
    return area.title if area else ""


def _kpi_headline(rating: Rating, ruling: Ruling, facts: Facts) -> str:
    kpi, outcome = ruling.kpi, rating.outcome
    when = facts.period.label if facts.period else ""
    subject = f"{_headline_level(outcome)} {_subject(kpi.title, _area_title(ruling), when, facts.entity)}"
    if facts.value is None:
        return f"{subject}: {facts.why or 'no value'}."
    carried = f"carried forward from {facts.carried_from.label}" if facts.carried_from is not None else ""
    if kpi.words:
        said = f"{subject}: {word_of(ruling, facts)}" + (f" ({carried})" if carried else "")
        return (
            f"{said}{'; ' + facts.why if facts.why else ''}."
            if outcome.computed.is_grey
            else (f"{said}, which stands for {outcome.computed.label}.")
        )
    lines = lines_beside(outcome)
    value = judged_as(facts.value, kpi, lines, counts_text(facts)) + (f" ({carried})" if carried else "")
    if outcome.computed.is_grey:
        return f"{subject}: {value}{'; ' + facts.why if facts.why else ''}."
    if ruling.compares:
        return f"{subject}: {value} {compared_text(ruling, facts.value, facts)}."
    places = places_apart(facts.value, lines)
    lies = f"{band(outcome.computed, ruling.band_of(facts.value), kpi.unit, places)}."
    if ruling.aim is None:
        return f"{subject}: {value}. {lies}"
    comma = "," if ", judged as" in value else ""
    target = target_text(ruling.aim, kpi, places)
    return f"{subject}: {value}{comma} against a target of {target}: {_short(facts.value, ruling, places)}. {lies}"


def _short(value: Fraction, ruling: Ruling, places: int) -> str:
    """How far a value is from its target; where rounding makes it meet the target or miss it, that is said."""
    kpi, aim = ruling.kpi, ruling.aim
    short = shortfall(value, aim, kpi.direction)
    assert short is not None
    if isinstance(aim, Range):
        low, high = exact(aim.min), exact(aim.max)
        if low <= value <= high:
            edge = kpi.met_beyond and value in (low, high)
            said = "on the edge of it, which does not meet it" if edge else "within it"
        else:
            said = short_text(short, kpi, places, over=value > high)
    else:
        said = short_text(short, kpi, places)
    if kpi.decimals is None:
        return said
    judged = shortfall(half_up(value, kpi.decimals), aim, kpi.direction)
    assert judged is not None
    if (short > 0) == (judged > 0) and (short == 0) == (judged == 0):
        return said
    met = judged < 0 or (judged == 0 and not kpi.met_beyond)
    return f"{said} before rounding, and {'met' if met else 'not met'} as judged"


def _action_headline(rating: Rating, ruling: Ruling, facts: Facts) -> str:
    action, outcome = ruling.action, rating.outcome
    when = f"as at {facts.period.label}" if facts.period else ""
    subject = f"{_headline_level(outcome)} {_subject(action.title, _area_title(ruling), when, facts.entity)}"
    said = f"{subject}: {facts.status or 'no status reported'}"
    if facts.completed_on is not None:
        said += f" on {long_date(facts.completed_on)}"
    if facts.reported_on is not None and facts.period is not None and facts.reported_on != facts.period.end:
        said += f" (reported on {long_date(facts.reported_on)})"
    said += f", {due_text(action.due)}"
    if facts.days_late is not None:
        said += f", {days_phrase(facts.days_late)}"
    if facts.why and facts.why != facts.status:
        said += f"; {facts.why}"
    said += "."
    if facts.table is not None and facts.value is not None:
        table = facts.table
        piece = table.interval(table.exact_index(facts.value))
        if action.formula:
            value = beside(facts.value, "", [cut.at for cut in table.thresholds])
            said += f" {action.formula.text} is {value} ({inputs_text(ruling, facts)})."
            said += f" {band(outcome.computed, piece, '')}."
        else:
            said += f" {outcome.computed.label} runs {days_interval(piece)}."
    return said


def _beside(ruling: Ruling, facts: Facts) -> list[str]:
    """What stands beside the level: what a formula read, an assumed target, causes, evidence."""
    lines = []
    read = inputs_text(ruling, facts)
    if not ruling.is_action and read and facts.value is not None and ruling.kpi.formula is not None:
        lines.append(f"Worked out as {ruling.kpi.formula.text}, with {read}.")
    made = "" if ruling.is_action else reference_text(facts, ruling.kpi)
    if made and facts.value is not None:
        lines.append(f"The target is {made}.")
    if not ruling.is_action and ruling.kpi.basis != "stated" and ruling.target is not None:
        why = f": {ruling.kpi.rationale.rstrip('.')}" if ruling.kpi.rationale else ""
        lines.append(f"The target is {ruling.kpi.basis}{why}.")
    if facts.causes:
        lines.append(f"{'Causes' if len(facts.causes) > 1 else 'Cause'} given: {', '.join(sorted(facts.causes))}.")
    if facts.evidence:
        lines.append(f"Evidence: {facts.evidence}.")
    return lines


def _reference(ruling: Ruling) -> str:
    rule = ruling.rule
    place = f"{rule.file}:{rule.line}" if rule.file else "no file"
    rules = ruling.rules
    return f"Rule {rule.id}, {place}, edition {rules.edition}, fingerprint {rules.fingerprint[:12]}."
