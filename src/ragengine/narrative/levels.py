"""Colours: do the ratings bear them out, as agreed and as the rules have them?"""

from __future__ import annotations

from collections.abc import Sequence

from ..problem import Severity
from ..rating.phrases import long_date
from ..rating.rating import Rating
from ..rollup.area_rating import AreaRating
from ..rollup.scorecard import Rated
from ..terms import Rag
from .claims import Claim, LevelClaim
from .facts import NarrativeFacts
from .subjects import Match
from .verdicts import NOT_SAID, Verdict, flagged, held, open_

__all__ = ["MEND", "Coloured", "level_verdict", "why_judged"]

#: what has a colour: an area, a KPI, an action
Coloured = Rated | AreaRating

#: what to do about a colour that is not the rating's
MEND = "mend the sentence, or what the rating rests on"


def level_verdict(facts: NarrativeFacts, claim: Claim, said: LevelClaim, before: Sequence[str]) -> Verdict:
    """The verdict on a colour; ``before`` are the sentences of the same list before it, the nearest last."""
    if facts.is_of_another_period(claim):
        return open_(claim, "it speaks of another period")
    area = claim.sentence.area
    match said.of:
        case "unsaid":
            return open_(claim, NOT_SAID)
        case "area":
            if area not in facts.card.areas:
                return open_(claim, "the rules have no such area")
            return _level(claim, said, facts.card.areas[area])
        case "last":
            named = _spoken_of(facts, area, before)
        case _:
            named = _named(facts, claim)
    if named is None:
        return open_(claim, NOT_SAID)
    rating = facts.rating(named.subject.id)
    return _level(claim, said, rating) if rating is not None else open_(claim, "rated by entity only", named.subject.id)


def _named(facts: NarrativeFacts, claim: Claim) -> Match | None:
    ranked = facts.subjects.ranked(claim.sentence.area, claim.words)
    return ranked[0] if ranked and ranked[0].is_named else None


def _spoken_of(facts: NarrativeFacts, area: str, before: Sequence[str]) -> Match | None:
    """The KPI or action that the nearest sentence before speaks of."""
    for text in reversed(before):
        ranked = facts.subjects.ranked(area, text)
        if ranked and ranked[0].is_likely:
            return ranked[0]
    return None


def _level(claim: Claim, said: LevelClaim, rated: Coloured) -> Verdict:
    """A level against one rating: as agreed, then as the rules have it."""
    if rated.rag != said.level:
        message = f"said to be {said.level.label}, and {rated.id} is {_both(rated)}"
        return flagged(claim, "RAG123", message, MEND, rated.id)
    moved = _moved(claim, said, rated)
    if moved is not None:
        return moved
    if said.manner == "rated" and rated.adjusted != rated.rag and not _has_come_due(rated):
        message = f"{said.level.label} is only the agreed level of {rated.id}; the rules give {rated.adjusted.label}"
        hint = f"{why_judged(rated)}: say that it is a judgement"
        return flagged(claim, "RAG124", message, hint, rated.id, Severity.WARNING)
    return held(claim, f"{rated.id} is {_both(rated)}", rated.id)


def _both(rated: Coloured) -> str:
    if rated.adjusted != rated.rag:
        return f"{rated.rag.label} as agreed, {rated.adjusted.label} by the rules"
    reason = f" ({rated.reason})" if rated.reason else ""
    return f"{rated.rag.label}{reason}, as agreed and by the rules"


def _moved(claim: Claim, said: LevelClaim, rated: Coloured) -> Verdict | None:
    """What is wrong with how a level is said to have moved; None where nothing is."""
    known = rated.previous if rated.previous is not None and not rated.previous.is_grey else None
    if said.manner == "changed" and said.before is None and known is None and rated.adjusted.is_grey:
        message = f"a change to {said.level.label} that does not say from what"
        hint = f"nothing rates {rated.id}, now or in the period before: say from which level, and why"
        return flagged(claim, "RAG125", message, hint, rated.id, Severity.WARNING)
    if known is None:
        return None
    was = f"and {rated.id} was {known.label} in the period before"
    hint = f"now the rules give {rated.adjusted.label}"
    if said.before is not None and said.before not in (known, rated.adjusted):
        return flagged(claim, "RAG123", f"said to have been {said.before.label}, {was}", hint, rated.id)
    if said.manner == "kept" and known != said.level:
        return flagged(claim, "RAG123", f"said to be {said.level.label} still, {was}", hint, rated.id)
    if said.way and not any(_is_moved(said.way, level, said.level) for level in (known, rated.adjusted)):
        word = "upgraded" if said.way == "up" else "downgraded"
        return flagged(claim, "RAG123", f"said to be {word} to {said.level.label}, {was}", hint, rated.id)
    return None


def _is_moved(way: str, old: Rag, new: Rag) -> bool:
    if old.is_grey:
        return True
    return new > old if way == "up" else new < old


def _has_come_due(rated: Coloured) -> bool:
    """Whether an action has come to its due date: whoever calls it late then needs no rule for that."""
    return isinstance(rated, Rating) and rated.is_action and rated.days_late is not None and rated.days_late >= 0


def why_judged(rated: Coloured) -> str:
    """Why a level is not the rules': whose judgement it is, or that the action is not due yet."""
    if isinstance(rated, AreaRating):
        live = [override for override in rated.overrides if override.live]
    else:
        live = [override for override in rated.explanation.overrides if override.live]
        due = rated.explanation.due_day
        if due is not None and rated.explanation.days_late is not None and rated.explanation.days_late < 0:
            return f"it is not due until {long_date(due)}"
    return f"{live[-1].reason} ({live[-1].authority})" if live else "an override"
