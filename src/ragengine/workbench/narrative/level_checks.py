"""Colours: do the ratings bear them out, as agreed and as the rules have them?"""

from __future__ import annotations

from collections.abc import Sequence

from ...problem import Severity
from ...rating.phrases import day
from ...rating.rating import Rating
from ...rollup.area_rating import AreaRating
from ...rollup.scorecard import Rated
from ...terms import Rag
from .claims import Claim, LevelClaim, LevelCount
from .facts import Facts
from .subjects import Match
from .verdicts import NOT_SAID, Verdict, flagged, held, open_

__all__ = ["level_verdict"]


def level_verdict(facts: Facts, claim: Claim, before: Sequence[str]) -> Verdict:
    """The verdict on a colour; ``before`` are the sentences of the same list before it, the nearest last."""
    if facts.is_of_another_period(claim):
        return open_(claim, "it speaks of another period")
    if isinstance(claim.content, LevelCount):
        return _count(facts, claim, claim.content)
    assert isinstance(claim.content, LevelClaim)
    said = claim.content
    if said.of == "list":
        return open_(claim, "held against each item that follows")
    area = claim.sentence.area
    if said.of == "unsaid":
        return open_(claim, NOT_SAID)
    if said.of == "area":
        rated: Rated | None = facts.card.areas[area] if area in facts.card.areas else None
        return _level(claim, said, rated) if rated is not None else open_(claim, "the rules have no such area")
    match = _spoken_of(facts, area, before) if said.of == "last" else _named(facts, claim)
    if match is None:
        return open_(claim, NOT_SAID)
    rating = facts.rating(match.subject.id)
    return _level(claim, said, rating) if rating is not None else open_(claim, "rated by entity only", match.subject.id)


def _named(facts: Facts, claim: Claim) -> Match | None:
    ranked = facts.subjects.ranked(claim.sentence.area, claim.words)
    return ranked[0] if ranked and ranked[0].is_named else None


def _spoken_of(facts: Facts, area: str, before: Sequence[str]) -> Match | None:
    """The KPI or action that the nearest sentence before speaks of."""
    for text in reversed(before):
        ranked = facts.subjects.ranked(area, text)
        if ranked and ranked[0].is_likely:
            return ranked[0]
    return None


def _level(claim: Claim, said: LevelClaim, rated: Rated) -> Verdict:
    """A level against one rating: as agreed, then as the rules have it."""
    if rated.rag != said.level:
        reason = f": {rated.reason}" if rated.reason else ""
        message = f"said to be {said.level.label}, and {rated.id} is rated {rated.rag.label}{reason}"
        return flagged(claim, "RAG123", message, _both(rated), rated.id)
    moved = _moved(claim, said, rated)
    if moved is not None:
        return moved
    if said.manner == "rated" and rated.adjusted != rated.rag and not _may_be_late(rated, said.level):
        message = f"{said.level.label} is only the agreed level of {rated.id}; the rules give {rated.adjusted.label}"
        hint = f"{_why_judged(rated)}: say that it is a judgement"
        return flagged(claim, "RAG124", message, hint, rated.id, Severity.WARNING)
    return held(claim, f"{rated.id}: {_both(rated)}", rated.id)


def _both(rated: Rated) -> str:
    if rated.adjusted == rated.rag:
        return f"{rated.rag.label}, agreed and by the rules"
    return f"agreed {rated.rag.label}, by the rules {rated.adjusted.label}"


def _moved(claim: Claim, said: LevelClaim, rated: Rated) -> Verdict | None:
    """What is wrong with how a level is said to have moved; None where nothing is."""
    known = rated.previous if rated.previous is not None and not rated.previous.is_grey else None
    if said.manner == "changed" and said.before is None and known is None and rated.adjusted.is_grey:
        message = f"a change to {said.level.label} that does not say from what"
        hint = (
            f"nothing rates {rated.id} ({rated.adjusted.label}) and no level is known for the period before: say whether "
            "it is a relief or a fall, and from which level"
        )
        return flagged(claim, "RAG125", message, hint, rated.id, Severity.WARNING)
    if known is None:
        return None
    if said.before is not None and said.before not in (known, rated.adjusted):
        message = f"said to have been {said.before.label}, and {rated.id} was {known.label}"
        return flagged(claim, "RAG123", message, "the period before is rated or published so", rated.id)
    if said.manner == "kept" and known != said.level:
        message = f"said to be {said.level.label} still, and {rated.id} was {known.label} in the period before"
        return flagged(claim, "RAG123", message, "the period before is rated or published so", rated.id)
    if said.way and not any(_is_moved(said.way, level, said.level) for level in (known, rated.adjusted)):
        word = "upgraded" if said.way == "up" else "downgraded"
        message = f"said to be {word} to {said.level.label}, and {rated.id} was {known.label} in the period before"
        return flagged(claim, "RAG123", message, f"the rules give {rated.adjusted.label}, too", rated.id)
    return None


def _is_moved(way: str, old: Rag, new: Rag) -> bool:
    if old.is_grey:
        return True
    return new > old if way == "up" else new < old


def _may_be_late(rated: Rated, level: Rag) -> bool:
    """Whether an open action has come to its due date: whoever calls it late needs no tolerance for that."""
    return isinstance(rated, Rating) and rated.is_action and rated.days_late is not None and rated.days_late >= 0


def _why_judged(rated: Rated) -> str:
    if isinstance(rated, AreaRating):
        lines = [f"{override.reason} ({override.authority})" for override in rated.overrides if override.live]
        return lines[0] if lines else "an override"
    if isinstance(rated, Rating) and rated.is_action and rated.days_late is not None and rated.days_late < 0:
        due = rated.explanation.due_day
        return f"it is not due until {day(due)}" if due is not None else "it is not due yet"
    overrides = rated.explanation.overrides
    return f"{overrides[-1].reason} ({overrides[-1].authority})" if overrides else "an override"


def _count(facts: Facts, claim: Claim, said: LevelCount) -> Verdict:
    """So many, all or none of an area's ratings."""
    area = claim.sentence.area
    ratings = facts.card.of_area(area)
    label = said.level.label
    if said.count == 0:
        # the area's own colour is one of its colours
        ratings = [*(own for key, own in facts.card.areas.items() if key == area), *ratings]
    alike = [rating for rating in ratings if rating.rag == said.level]
    if said.count == 0:
        if alike:
            message = f"said to have nothing {label}, and {_named_few(alike)} {'is' if len(alike) == 1 else 'are'}"
            return flagged(claim, "RAG123", message, "the ratings of this period, as agreed", area)
        judged = [rating for rating in ratings if rating.adjusted == said.level]
        if judged:
            one = judged[0]
            message = f"said to have nothing {label}, and by the rules {_named_few(judged)} {'is' if len(judged) == 1 else 'are'}"
            hint = f"{one.id} was agreed as {one.rag.label}, {_why_judged(one)}: say that it is a judgement"
            return flagged(claim, "RAG124", message, hint, area, Severity.WARNING)
        eased = [rating.id for rating in ratings if rating.computed == said.level]
        grace = f"; {', '.join(eased)} would be, without grace" if eased else ""
        return held(claim, f"none of {len(ratings)} ratings of the area is {label}{grace}", area)
    counted = [rating for rating in ratings if not rating.rag.is_grey]
    kpis = [rating for rating in counted if rating.explanation.kind == "kpi"]
    groups = (counted, kpis, [rating for rating in counted if rating not in kpis])
    counts = [sum(rating.rag == said.level for rating in group) for group in groups]
    if said.count is None:
        if "area" in claim.printed.casefold() or not counted:
            return open_(claim, NOT_SAID)
        others = [rating for rating in counted if rating.rag != said.level]
        if all(count != len(group) or not group for count, group in zip(counts, groups, strict=True)):
            message = f"said to be {label} throughout, and {_named_few(others)} {'is' if len(others) == 1 else 'are'} not"
            return flagged(claim, "RAG123", message, "the ratings of this period, as agreed", area)
        return held(claim, f"{len(counted)} ratings of the area are {label}", area)
    if "area" in claim.printed.casefold():
        return open_(claim, NOT_SAID)
    if said.count not in counts:
        message = f"said to have {said.count} at {label}, and {counts[0]} {'is' if counts[0] == 1 else 'are'}"
        hint = _named_few(alike) if alike else f"none of {len(counted)} rated KPIs and actions is {label}"
        return flagged(claim, "RAG123", message, hint, area)
    return held(claim, f"{said.count} at {label}: {_named_few(alike)}", area)


def _named_few(ratings: Sequence[Rated]) -> str:
    names = [rating.id for rating in ratings]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
