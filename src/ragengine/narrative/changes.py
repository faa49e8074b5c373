"""Changes: do from, to and by fit each other, the way the sentence says, and the period before?"""

from __future__ import annotations

from fractions import Fraction

from ..number import text
from ..rating.phrases import amount
from ..rulebook.compile import shortfall
from .arithmetic import allows
from .claims import ChangeClaim, Claim
from .facts import NarrativeFacts
from .quantities import Printed
from .verdicts import NOT_SAID, Verdict, flagged, held, open_

__all__ = ["change_verdict"]


def change_verdict(facts: NarrativeFacts, claim: Claim, said: ChangeClaim, subject: str) -> Verdict:
    """The verdict on a change of ``subject``, which is empty where no measure is surely meant."""
    if said.start is not None and said.end is not None:
        return _from_to(facts, claim, said, said.start, said.end, subject)
    if not subject:
        return open_(claim, NOT_SAID)
    rating = facts.rating(subject)
    if facts.is_of_another_period(claim, subject):
        return open_(claim, "it speaks of another period", subject)
    before = facts.before(subject)
    now = said.end.value if said.end is not None else rating.value if rating is not None else None
    if before is None or now is None:
        return open_(claim, "no earlier measurement to hold it against", subject)
    unit = facts.rules.kpis[subject].unit
    hint = f"{subject} was {amount(before, unit)} in the period before, and is {amount(now, unit)}"
    if _went(facts, said.way, before, now, subject) is False:
        return flagged(
            claim, "RAG121", f"said to have gone {_way_words(said)}, and the data went the other way", hint, subject
        )
    if said.by is not None and not _is_by(said.by, before, now):
        message = f"a change by {said.by.printed} is not what was measured"
        return flagged(claim, "RAG121", message, hint, subject)
    return held(claim, hint, subject)


def _from_to(
    facts: NarrativeFacts, claim: Claim, said: ChangeClaim, start: Printed, end: Printed, subject: str
) -> Verdict:
    if start.unit != end.unit:
        return open_(claim, "from and to have different units", subject)
    if _went(facts, said.way, start.value, end.value, subject) is False:
        message = f"from {start.printed} to {end.printed} does not go {_way_words(said)}"
        hint = f"{end.printed} is {'more' if end.value > start.value else 'less'} than {start.printed}"
        if said.way in ("better", "worse"):
            hint += f", and of {subject} {facts.rules.kpis[subject].direction} is better"
        return flagged(claim, "RAG120", message, hint, subject)
    if said.by is not None and not _is_by(said.by, start.value, end.value, start, end):
        moved = abs(end.value - start.value)
        hint = f"it is a change by {text(moved)}"
        if start.value:
            hint += f", or by {text(moved * 100 / abs(start.value), 1)}% of {start.printed}"
        message = f"from {start.printed} to {end.printed} is no change by {said.by.printed}"
        return flagged(claim, "RAG120", message, hint, subject)
    return held(claim, f"from {start.printed} to {end.printed}", subject)


def _way_words(said: ChangeClaim) -> str:
    return {"better": "the better way", "worse": "the worse way"}.get(said.way, said.way)


def _went(facts: NarrativeFacts, way: str, start: Fraction, end: Fraction, subject: str) -> bool | None:
    """Whether the move is as the word says; None where that cannot be told (better by no target, or no move)."""
    if start == end:
        return None
    if way in ("up", "down"):
        return (end > start) == (way == "up")
    target, kpi = facts.target(subject) if subject else None, facts.rules.kpis.get(subject)
    if target is None or kpi is None:
        return None
    before, after = shortfall(start, target, kpi.direction), shortfall(end, target, kpi.direction)
    return None if before is None or after is None else (after < before) == (way == "better")


def _is_by(by: Printed, start: Fraction, end: Fraction, *ends: Printed) -> bool:
    """Whether a change is by so much: in the unit or, for a percentage, of where it started."""
    steps = [each.step for each in ends]
    moved = abs(end - start)
    if allows(moved - abs(by.value), by.step, *steps):
        return True
    if by.unit != "%" or not start:
        return False
    scale = 100 / abs(start)
    return allows(moved * scale - abs(by.value), by.step, *(step * scale for step in steps))
