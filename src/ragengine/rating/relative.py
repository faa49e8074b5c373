"""A target that is made from other rows: which they are, and what they give."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..data.door import BREAK
from ..data.model import Measurement
from ..period import Period
from ..rulebook.measure import RelativeTarget
from ..ruling import Ruling
from .history import History
from .peers import Peers
from .reference import Reference, Taken

__all__ = ["periods_of", "reference_of"]

#: with fewer entities than this there is no target to make of them
_FEWEST = 3


def reference_of(
    rule: RelativeTarget, ruling: Ruling, given: Measurement, period: Period | None, history: History | None
) -> Reference:
    """What the target of a row is made from by a rule."""
    if period is None:
        return Reference(rule, why="no period, and so no other rows")
    lower_is_better = ruling.kpi.lower_is_better
    if rule.of_entities:
        peers = None if history is None else history.peers(period)
        return _of_entities(rule, period, peers, given.entity, lower_is_better=lower_is_better)
    if history is None:
        return Reference(rule, why="no earlier rows came with it")
    return _of_earlier(rule, given, period, history, lower_is_better=lower_is_better)


def _of_earlier(
    rule: RelativeTarget, given: Measurement, period: Period, history: History, *, lower_is_better: bool
) -> Reference:
    broken = period if BREAK in given.marks else None
    taken: list[Taken] = []
    lacking: Period | None = None
    for then in periods_of(rule, period, history):
        value = history.measured(then)
        if value is None:
            lacking = lacking or then
        else:
            taken.append(Taken(then, value))
    if lacking is None and broken is None:
        broken = _break_since(taken[-1].period, period, history)
    if broken is not None:
        return Reference(rule, tuple(taken), why=f"the series is marked as broken in {broken.label}")
    if lacking is not None:
        return Reference(rule, tuple(taken), why=f"nothing was measured in {lacking.label}")
    values = [each.value for each in taken]
    if rule.best:
        number = min(values) if lower_is_better else max(values)
    else:
        number = sum(values, Fraction(0)) / len(values)
    return Reference(rule, tuple(taken), number=number)


def periods_of(rule: RelativeTarget, period: Period, history: History) -> Sequence[Period]:
    """The periods that a target is made from, the latest first; excluded ones are passed over, but for a year ago."""
    if not rule.periods:
        return [period.year_before()]
    found: list[Period] = []
    for _ in range(rule.periods):
        period = history.period_before(period)
        found.append(period)
    return found


def _break_since(first: Period, last: Period, history: History) -> Period | None:
    """The latest period after the first, up to the last, in which the series begins anew."""
    after = (each for each in reversed(history.periods_by(last.end)) if each.end > first.end)
    return next((each for each in after if history.breaks_in(each)), None)


def _of_entities(
    rule: RelativeTarget, period: Period, peers: Peers | None, entity: str | None, *, lower_is_better: bool
) -> Reference:
    if peers is None:
        return Reference(rule, why="the rows of the other entities are not here")
    count, place = len(peers), peers.place_of(entity, lower_is_better=lower_is_better)
    if count < _FEWEST:
        number = "no entity" if count == 0 else f"only {count} entit{'y' if count == 1 else 'ies'}"
        said = f"{number} measured in {period.label}, and {rule.source} takes at least {_FEWEST}"
        return Reference(rule, of=count, place=place, why=said)
    if rule.share is None:
        return Reference(rule, of=count, total=peers.total, number=peers.mean, place=place)
    beside = (peers.ranked[rank - 1] + (rank,) for rank in peers.beside(rule.share))
    rows = tuple(Taken(period, value, name, rank) for value, name, rank in beside)
    return Reference(rule, rows, count, number=peers.quantile(rule.share), place=place)
