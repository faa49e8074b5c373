"""A rating as a row of the report: what it says comes from the rating and its explanation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from ..book import Rulebook
from ..number import text
from ..period import parse_period
from ..rating.certainty import in_one_line
from ..rating.explanation import Explanation, GraceLine, OverrideLine
from ..rating.left_open import when_left_open
from ..rating.needed import STAYS, days_phrase, with_evidence
from ..rating.phrases import amount, beside, target_text
from ..rating.rating import Rating
from ..rollup.brief import told_of
from ..rollup.scorecard import Rated, Scorecard
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Range
from ..terms import Rag, Reason, Status
from .cards import rule_card
from .model import Chart, Judgement, ReportRow, Why
from .wording import moved_words, reason_words, relief_words, sentence, short_day, short_period, unrated_words

__all__ = ["anchor", "override_judgement", "row_of", "whys"]

_UNSAFE = re.compile(r"[^a-z0-9]+")


def anchor(kind: str, subject: str, entity: str | None) -> str:
    """A place in a page, from a safe alphabet: ``m-early-help-seen-10-days``."""
    return "-".join(filter(None, (kind, *(_UNSAFE.sub("-", (part or "").casefold()) for part in (subject, entity)))))


def whys(grounds: tuple[str, ...]) -> tuple[Why, ...]:
    """The grounds on which a row is an exception, each with its kind in front."""
    found = []
    for ground in grounds:
        head, colon, rest = ground.partition(": ")
        name, _, more = head.partition(", ")
        found.append(Why(sentence(name), f"{more}: {rest}" if more and colon else rest or more))
    return tuple(found)


def row_of(
    book: Rulebook, card: Scorecard, rated: Rated, grounds: tuple[str, ...] = (), chart: Chart | None = None
) -> ReportRow:
    """The row of a KPI's or an action's rating in a scorecard."""
    told, said = told_of(rated)
    lines = said.splitlines()
    rule = book.rules.kpis.get(told.subject)
    kpi = None if rule is None else rule.for_entity(told.entity or None)
    target, targets = _target(rated, told, kpi)
    return ReportRow(
        id=told.subject,
        anchor=anchor("m", told.subject, told.entity),
        kind="measure" if told.kind == "kpi" else "action",
        area=told.subject.partition(".")[0],
        entity=told.entity,
        title=told.title,
        rag=rated.rag,
        computed=rated.computed,
        adjusted=rated.adjusted,
        previous=rated.previous,
        reason=reason_words(rated.reason),
        unrated=_unrated(card, rated, told),
        relief=relief_words(told, rated.computed, rated.adjusted, rated.rag),
        value=_value(told, kpi),
        number=_number(told.value) if kpi is not None and not kpi.words else None,
        unit=told.unit if kpi is not None and not kpi.words else "",
        decimals=told.decimals,
        measured=_measured(rated, told),
        counted=_counted(told),
        target=target,
        targets=targets,
        due=told.due_day,
        due_words=short_day(told.due_day) if told.due_day else "",
        status=told.status,
        lateness=_lateness(rated, told),
        days_late=told.days_late,
        change=rated.movement.change if rated.movement else None,
        moved=_moved(card, rated),
        needed=_needed(book, card, rated, told),
        why=whys(grounds),
        evidence=told.evidence,
        note=told.note,
        sentence=_sentence(lines[0] if lines else "", rated),
        text=tuple(lines),
        steps=told.steps,
        axis_bands=told.bands,
        card=rule_card(book.rules, told),
        judgements=(
            *(grace_judgement(grace, told.title) for grace in told.graces),
            *(override_judgement(own, told.title, moved=rated.rag != rated.adjusted) for own in told.overrides),
        ),
        chart=chart,
        previous_number=_previous_number(rated),
        short=getattr(rule, "short", "") or "",
        beside=_beside(card, told),
        limits=told.interval.ends if told.interval else (),
    )


def _moved(card: Scorecard, rated: Rated) -> str:
    """What moved, with the period it moved from where that is of another length than the report's: ``Q1 2020/21``."""
    said = moved_words(rated.previous, rated.movement)
    if not said or not isinstance(rated, Rating) or rated.outcome.ruling.is_action or rated.facts.previous is None:
        return said
    before = rated.facts.previous.period
    other = before is not None and before != rated.period and before.kind is not card.period.kind
    return f"{said} ({short_period(before)})" if before is not None and other else said


def _unrated(card: Scorecard, rated: Rated, told: Explanation) -> str:
    """Why it is not rated, as a sentence."""
    if rated.reason is Reason.NO_TARGET and told.relative is not None and told.relative.why:
        return f"Reported; {told.relative.why}, so it has no target."
    return unrated_words(rated.reason, told.due_day, card.as_at)


def _number(written: str | None) -> Fraction | None:
    try:
        return None if written is None else Fraction(written)
    except ValueError:
        return None


def _value(told: Explanation, kpi: Kpi | None) -> str:
    """The value as it is printed; a word in quotes; an action's status."""
    if kpi is None:
        return sentence(told.status)
    number = _number(told.value)
    if number is None:
        return ""
    if kpi.words:
        return f"“{kpi.words[int(number)][0]}”"
    return _printed(number, told)


def _printed(number: Fraction, told: Explanation) -> str:
    """A value with as many digits as show on which side of its target and its bands it lies."""
    if told.decimals is not None:
        return amount(number, told.unit, told.decimals)
    lines = [_number(end) for band in told.bands for end in (band.lower, band.upper)]
    return beside(number, told.unit, [at for at in (*lines, _number(told.target)) if at is not None])


def _beside(card: Scorecard, told: Explanation) -> tuple[str, ...]:
    """What stands under the value: what its target is made from, how firm it is where that may be told, its score."""
    made = () if told.relative is None or not told.relative.brief else (f"target: {told.relative.brief}",)
    return (*made, *_interval_line(card, told), *_score_line(told))


def _score_line(told: Explanation) -> tuple[str, ...]:
    """``scores 2.5 points``, ``scores 2 points: rank 3 of 7``."""
    if told.score is None:
        return ()
    score = Fraction(told.score)
    said = f"scores {text(score)} point{'' if score == 1 else 's'}"
    placed = told.relative is not None and told.relative.place is not None
    if told.scoring is not None and told.scoring.rank is not None and not placed:
        said += f": rank {told.scoring.rank} of {told.scoring.of}"
    return (said,)


def _interval_line(card: Scorecard, told: Explanation) -> tuple[str, ...]:
    if told.interval is None:
        return ()
    edges = (edge for band in told.adjusted_bands or told.bands for edge in (band.lower, band.upper))
    labels = {str(level): level.label for level in card.scale}
    return (in_one_line(told.interval, told.unit, told.decimals, [Fraction(e) for e in edges if e], labels),)


def _measured(rated: Rated, told: Explanation) -> str:
    if told.kind != "kpi" or told.value is None:
        return ""
    period = parse_period(told.carried_from) if told.carried_from else rated.period
    return short_period(period) if period else ""


def _lateness(rated: Rated, told: Explanation) -> str:
    """How many days are left or lost, of what is rated by them and is open."""
    if told.days_late is None or told.status == Status.COMPLETE or rated.rag.is_grey:
        return ""
    return days_phrase(told.days_late)


def _counted(told: Explanation) -> str:
    numerator, denominator = _number(told.numerator), _number(told.denominator)
    if numerator is None or denominator is None:
        return ""
    excluded = _number(told.excluded)
    if not excluded:
        return f"{text(numerator)} of {text(denominator)}"
    why = told.exclusion_reason or "no reason is given"
    left = f"{text(numerator)} of {text(denominator - excluded)}"
    return f"{left}, {text(excluded)} of {text(denominator)} excluded: {why}"


def _target(rated: Rated, told: Explanation, kpi: Kpi | None) -> tuple[str, tuple[Fraction, ...]]:
    """What counts as met, in words, and as one number or the two ends of a range."""
    if kpi is None:
        return "", ()
    if kpi.words:
        return _either(f"“{word}”" for word, level in kpi.words if level == kpi.words[-1][1]), ()
    target = getattr(rated, "target", None)
    if isinstance(target, Range):
        ends = (Fraction(target.min), Fraction(target.max))
        return target_text(target, kpi), ends
    number = _number(told.target)
    return ("", ()) if number is None else (target_text(number, kpi), (number,))


def _either(words: Iterable[str]) -> str:
    """``A, B or C``."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _sentence(headline: str, rated: Rated) -> str:
    """The headline without level, title and place, which stand beside it."""
    label = rated.period.label if rated.period else ""
    for mark in (f", {label}: ", f"as at {label}: "):
        _, found, rest = headline.partition(mark)
        if label and found:
            return sentence(rest)
    return headline


def _previous_number(rated: Rated) -> Fraction | None:
    before = rated.facts.previous if isinstance(rated, Rating) else None
    return None if before is None else before.value


# what would change it


def _needed(book: Rulebook, card: Scorecard, rated: Rated, told: Explanation) -> str:
    """What would change the level; where relief or a judgement stands, what ends it."""
    live = [override for override in told.overrides if override.live]
    if live and rated.rag != rated.adjusted:
        return f"The judgement stands until {short_day(date.fromisoformat(live[-1].until))}."
    if rated.rag.is_grey or not isinstance(rated, Rating):
        return ""
    if told.kind == "action":
        return _of_action(book, card.as_at, rated, told)
    changed = [grace for grace in told.graces if grace.granted and grace.changed]
    if len(changed) == 1 and rated.adjusted != rated.computed:
        return _when_it_ends(changed[0], rated.computed)
    return next(_of_the_value(card, rated, told), "")


def _of_the_value(card: Scorecard, rated: Rating, told: Explanation) -> Iterator[str]:
    """What would make it better, evidence that is wanting, then what would make it worse."""
    levels, stays = card.scale.levels, STAYS if told.relative is not None and told.relative.of is not None else ""

    def into(wanted: Iterable[Rag]) -> Iterator[str]:
        found = (rated.needed_for(level) for level in wanted)
        return (f"{sentence(stays + str(needed))}." for needed in found if needed is not None)

    yield from into(levels[rated.rag.rank + 1 :])
    yield from with_evidence(rated)
    yield from into(reversed(levels[: rated.rag.rank]))


def _when_it_ends(grace: GraceLine, computed: Rag) -> str:
    return f"When the grace ends, {short_day(date.fromisoformat(grace.until))}, it would be {computed.label}."


def _of_action(book: Rulebook, as_at: date, rated: Rating, told: Explanation) -> str:
    """What becomes of an action when it is done today: asked of its own rule."""
    if told.status == Status.COMPLETE:
        return "Done: nothing is left to do."
    changed = [grace for grace in told.graces if grace.granted and grace.changed]
    if len(changed) == 1 and rated.adjusted != rated.computed:
        return _when_it_ends(changed[0], rated.computed)
    done = book.rate(
        told.subject,
        status=Status.COMPLETE,
        as_at=as_at,
        completed_on=as_at,
        evidence=told.evidence,
        causes=told.causes,
    )
    completed = [] if done.rag.is_grey or done.rag == rated.rag else [f"Completing it would make it {done.rag.label}."]
    return " ".join([*completed, *when_left_open(rated, short_day)])


# graces and judgements


def grace_judgement(grace: GraceLine, subject: str) -> Judgement:
    """A grace that was live on a rating."""
    return Judgement(
        kind="grace",
        subject=subject,
        # a scorecard of an earlier version says what it does without the unit
        effect=grace.says or f"{grace.effect.replace('_', ' ')} {grace.value}".strip(),
        start=date.fromisoformat(grace.start),
        until=date.fromisoformat(grace.until),
        reason=grace.reason,
        authority=grace.authority,
        state="granted" if grace.granted else ": ".join(filter(None, ("not granted", grace.why))),
        changed=grace.changed,
    )


def override_judgement(
    override: OverrideLine, subject: str, labels: Mapping[str, str] | None = None, *, moved: bool
) -> Judgement:
    """A judgement on a rating or an area; ``moved`` is whether the level is another for it."""
    level = (labels or {}).get(override.level, override.level)
    words = "" if override.effect == "rag" else f"{override.effect.replace('_', ' ')} "
    return Judgement(
        kind="judgement",
        subject=subject,
        effect=sentence(f"{words}{level}"),
        start=date.fromisoformat(override.start),
        until=date.fromisoformat(override.until),
        reason=override.reason,
        authority=override.authority,
        release_when=override.release_when,
        evidence=override.evidence,
        state="in force" if override.live else "lapsed",
        changed=override.live and moved,
    )
