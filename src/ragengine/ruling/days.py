"""An action through time: on which days it is late by how much, and what it is rated on each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from ..bands import BandTable, Threshold
from ..rulebook.action import Action
from ..rulebook.grace import Grace
from ..rulebook.rules import Rules
from ..terms import Rag, Reason, Status
from .granting import Names, granted_of
from .ruling import Outcome, Ruling, rulings_of

__all__ = ["OF_THE_DAY", "Standing", "granted_always", "levels_by_day", "names_on_days", "outcomes_by_day", "spans_of"]

#: names of a condition or a formula that another day gives another value
OF_THE_DAY = frozenset({"days_late", "elapsed"})


@frozen
class Standing:
    """How an action stands on a day.

    Attributes:
        until: the day by which it is late: that of its completion, else the day that is looked at; None: not known.
    """

    until: date | None = None
    status: str = Status.IN_PROGRESS
    progress: Fraction | None = None
    evidence: str = ""
    causes: frozenset[str] = frozenset()
    previous: Rag | None = None

    def days_late(self, action: Action) -> int | None:
        """Days past the due date, negative while there is time; None where there is none."""
        due = action.due.day
        return None if due is None or self.until is None else (self.until - due).days

    def elapsed(self, action: Action) -> Fraction | None:
        """The share of the time from start to due that has gone, 0 to 100."""
        start, due = action.start, action.due.day
        if start is None or due is None or self.until is None or due <= start:
            return None
        gone = Fraction(100 * (self.until - start).days, (due - start).days)
        return min(max(gone, Fraction(0)), Fraction(100))


def names_on_days(action: Action, standing: Standing) -> Names:
    """The names that an action's formula and the conditions of its graces may use."""
    days_late = standing.days_late(action)
    return {
        "days_late": None if days_late is None else Fraction(days_late),
        "progress": standing.progress,
        "elapsed": standing.elapsed(action),
        "status": standing.status,
        "causes": standing.causes,
        "evidence": standing.evidence,
        "previous": str(standing.previous) if standing.previous is not None else None,
        "improved": None,
        "worsened": None,
        "unchanged": None,
    }


def granted_always(action: Action, granted: Iterable[Grace]) -> Action:
    """The action as if it had these graces on every day and without a condition, and no other."""
    always = tuple(evolve(grace, start=date.min, until=date.max, when=None) for grace in granted)
    return evolve(action, graces=always)


def levels_by_day(rules: Rules, action: Action, standing: Standing) -> BandTable[Rag]:
    """The adjusted level on each day, over days counted as :meth:`~datetime.date.toordinal` does."""
    return outcomes_by_day(rules, action, standing).relabelled(lambda outcome: outcome.adjusted)


def outcomes_by_day(rules: Rules, action: Action, standing: Standing) -> BandTable[Outcome]:
    """What an action without a formula is rated on each day, were it to stand so on that day.

    Where its status is complete, that is the day of its completion.
    """
    starts: dict[int, Outcome] = {}
    for ruling in rulings_of(rules, action):
        for start, end in _stretches(ruling):
            starts |= _on_days(ruling, evolve(standing, until=start), start.toordinal(), end.toordinal())
    days = sorted(starts)
    return BandTable.of((Threshold(Fraction(day), True) for day in days[1:]), (starts[day] for day in days))


def spans_of(table: BandTable[Rag], wanted: Rag) -> Iterator[tuple[date, date]]:
    """First and last day of each stretch with a level; the first and last of all time where it has no end."""
    for piece, level in table:
        if level == wanted:
            start = date.min if piece.lower is None else date.fromordinal(int(piece.lower.at))
            yield start, date.max if piece.upper is None else date.fromordinal(int(piece.upper.at) - 1)


def _stretches(ruling: Ruling) -> Iterator[tuple[date, date]]:
    """The days between which no condition turns out otherwise: each by itself, where one reads the day."""
    start, end = ruling.era.start, ruling.era.end
    if not any(grace.when is not None and OF_THE_DAY & grace.when.names for grace in ruling.live):
        yield start, end
        return
    for day in range(start.toordinal(), end.toordinal() + 1):
        yield date.fromordinal(day), date.fromordinal(day)


def _on_days(ruling: Ruling, standing: Standing, start: int, end: int) -> dict[int, Outcome]:
    """The outcomes between two days, each by its first day."""
    action = ruling.action
    due = action.due.day
    complete = standing.status == Status.COMPLETE
    if ruling.not_due:
        return {start: ruling.grey(Reason.NOT_DUE)}
    if due is None and not complete:
        return {start: ruling.grey(Reason.NO_DUE_DATE)}
    granted, refused = granted_of(ruling.live, lambda: names_on_days(action, standing))
    ruling = ruling.once_complete() if complete else ruling
    table = ruling.outcomes(granted).relabelled(
        lambda outcome: outcome.also(*refused).with_evidence(bool(standing.evidence.strip()))
    )
    at_due = 0 if due is None else due.toordinal()
    found = {start: table.labels[table.exact_index(Fraction(start - at_due))]}
    for piece, outcome in table:
        if piece.lower is not None:
            first = at_due + (math.ceil(piece.lower.at) if piece.lower.reached else math.floor(piece.lower.at) + 1)
            if start < first <= end:
                found[first] = outcome
    return found
