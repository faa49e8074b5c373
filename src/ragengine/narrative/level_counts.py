"""Counts of colours: "no red RAGs", "two red KPIs", "all actions are green"."""

from __future__ import annotations

from collections.abc import Sequence

from ..problem import Severity
from ..rollup.scorecard import Rated
from .claims import Claim, LevelCount
from .facts import NarrativeFacts
from .levels import MEND, Coloured, why_judged
from .verdicts import NOT_SAID, Verdict, flagged, held, open_

__all__ = ["count_verdict"]


def count_verdict(facts: NarrativeFacts, claim: Claim, said: LevelCount) -> Verdict:
    """The verdict on how many of an area's ratings have a colour."""
    if facts.is_of_another_period(claim):
        return open_(claim, "it speaks of another period")
    if said.count == 0:
        return _none(facts, claim, said)
    rated = [rating for rating in facts.card.of_area(claim.sentence.area) if not rating.rag.is_grey]
    if "area" in claim.printed.casefold() or not rated:
        return open_(claim, NOT_SAID)
    return _some(claim, said, rated) if said.count is not None else _all(claim, said, rated)


def _none(facts: NarrativeFacts, claim: Claim, said: LevelCount) -> Verdict:
    area, label = claim.sentence.area, said.level.label
    # the area's own colour is one of its colours
    own: list[Coloured] = [facts.card.areas[area]] if area in facts.card.areas else []
    ratings = [*own, *facts.card.of_area(area)]
    agreed = [rating for rating in ratings if rating.rag == said.level]
    if agreed:
        message = f"said to have nothing {label}, and {_are(agreed)}"
        return flagged(claim, "RAG123", message, MEND, area)
    by_rule = [rating for rating in ratings if rating.adjusted == said.level]
    if by_rule:
        one = by_rule[0]
        message = f"said to have nothing {label}, and by the rules {_are(by_rule)}"
        hint = f"{one.id} is {one.rag.label} only as agreed: {why_judged(one)}; say that it is a judgement"
        return flagged(claim, "RAG124", message, hint, area, Severity.WARNING)
    eased = [rating.id for rating in ratings if rating.computed == said.level]
    grace = f"; without grace {', '.join(eased)} would be" if eased else ""
    return held(claim, f"none of {len(ratings)} ratings of {area} is {label}{grace}", area)


def _groups(rated: Sequence[Rated]) -> tuple[Sequence[Rated], ...]:
    """What may have been counted: KPIs and actions, or either alone."""
    kpis = [rating for rating in rated if rating.explanation.kind == "kpi"]
    return rated, kpis, [rating for rating in rated if rating not in kpis]


def _all(claim: Claim, said: LevelCount, rated: Sequence[Rated]) -> Verdict:
    label, area = said.level.label, claim.sentence.area
    for group in _groups(rated):
        if group and all(rating.rag == said.level for rating in group):
            return held(claim, f"{len(group)} ratings of {area} are {label}", area)
    others = [rating for rating in rated if rating.rag != said.level]
    message = f"said to be {label} throughout, and {_are(others)} not"
    return flagged(claim, "RAG123", message, MEND, area)


def _some(claim: Claim, said: LevelCount, rated: Sequence[Rated]) -> Verdict:
    label, area = said.level.label, claim.sentence.area
    alike = [rating for rating in rated if rating.rag == said.level]
    if any(sum(rating.rag == said.level for rating in group) == said.count for group in _groups(rated)):
        return held(claim, f"{label}: {_named(alike)}", area)
    message = f"said to have {said.count} at {label}, and {len(alike)} {'is' if len(alike) == 1 else 'are'}"
    message += f": {_named(alike)}" if alike else f" of {len(rated)} rated KPIs and actions"
    return flagged(claim, "RAG123", message, MEND, area)


def _named(ratings: Sequence[Coloured]) -> str:
    names = [rating.id for rating in ratings]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _are(ratings: Sequence[Coloured]) -> str:
    return f"{_named(ratings)} {'is' if len(ratings) == 1 else 'are'}"
