"""The days on which an action that is left open turns worse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ..ruling.days import Standing, levels_by_day
from ..terms import Rag, Status
from .overrides import agreed
from .phrases import long_date
from .readable import Readable

__all__ = ["turns_of", "turns_within_its_graces", "when_left_open"]

_OPEN = (Status.NOT_STARTED, Status.IN_PROGRESS)


def turns_of(rating: Readable) -> Iterator[tuple[date, Rag]]:
    """Each day from which it is at a worse level than before, everything else as it is; the graces of then included.

    Of an action that is rated by its days alone: a formula's other numbers nobody knows ahead. None where a judgement
    decides its level.
    """
    ruling, facts = rating.outcome.ruling, rating.facts
    today = None if facts.period is None else facts.period.end
    if today is None or facts.status not in _OPEN or ruling.action.formula is not None:
        return
    level = rating.outcome.rag
    if level.is_grey or level != rating.outcome.adjusted:
        return
    before = None if facts.previous is None else facts.previous.rag
    standing = Standing(None, facts.status, facts.progress, facts.evidence, facts.causes, before)
    for piece, then in levels_by_day(ruling.rules, ruling.action, standing):
        if piece.lower is None or piece.lower.at <= today.toordinal():
            continue
        since = date.fromordinal(int(piece.lower.at))
        then = agreed(then, facts.overrides, since, ruling.scale)
        if then.is_grey or then > level:
            return
        if then < level:
            yield since, then
            level = then


def when_left_open(rating: Readable, printed: Callable[[date], str] = long_date) -> list[str]:
    """A sentence: ``Left open, it would be Amber from 2 September 2020 and Red from 15 October 2020.``

    The day after a grace is left out: what its end does is said of the grace. ``printed`` is how days are.
    """
    after = {until + timedelta(days=1) for until in _ends(rating)}
    said = [f"{level.label} from {printed(since)}" for since, level in turns_of(rating) if since not in after]
    return [f"Left open, it would be {' and '.join(said)}."] if said else []


def turns_within_its_graces(rating: Readable) -> bool:
    """Whether it turns before any grace that changes its level ends: then that end says nothing more."""
    first, ends = next(turns_of(rating), None), _ends(rating)
    return first is not None and bool(ends) and first[0] <= min(ends)


def _ends(rating: Readable) -> list[date]:
    return [applied.grace.until for applied in rating.outcome.graces if applied.granted and applied.changed]
