"""How a rating moved, and why: a cause is named only where it changed, and only where it leads the way it moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from ..rulebook.compile import UnusableTarget
from ..rulebook.grace import Grace
from ..ruling import Applied, Outcome, Ruling
from ..terms import Rag, Reason
from .facts import Cause, Change, Facts, Movement, Previous
from .phrases import grace_value

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = ["UNREPORTED", "WITHOUT_VALUE", "change_of", "granted_in", "moved", "previous_of", "relieved"]

#: reasons that mean there was nothing to judge, not that the rule does not judge it
WITHOUT_VALUE = frozenset(
    {Reason.NO_DATA, Reason.MISSING_INPUT, Reason.STALE, Reason.SUPPRESSED, Reason.INVALID, Reason.SMALL_NUMBERS}
)

#: where nobody reported a period, what these say of it is no level to have moved from
UNREPORTED = frozenset({Reason.NO_DATA, Reason.MISSING_INPUT, Reason.NOT_DUE})

#: reasons of the rule as it stands then
_OF_RULE = frozenset({Reason.NOT_DUE, Reason.NO_TARGET, Reason.MONITORED, Reason.NO_DUE_DATE})


def granted_in(graces: Sequence[Applied]) -> frozenset[tuple[str, ...]]:
    """What was granted: name, effect and what it sets."""
    granted = (applied.grace for applied in graces if applied.granted)
    return frozenset((grace.name, str(grace.effect), grace_value(grace)) for grace in granted)


def relieved(outcome: Outcome) -> Rag:
    """The level with the graces, before evidence and persistence."""
    granted = [applied for applied in outcome.graces if applied.granted]
    return granted[-1].after if granted else outcome.computed


def previous_of(rating: Rating) -> Previous:
    """What later periods remember of a rating."""
    facts, outcome = rating.facts, rating.outcome
    return Previous(
        rating.rag,
        facts.period,
        rating.computed,
        rating.adjusted,
        facts.value,
        rating.reason,
        unrated=facts.unrated or (outcome.reason if outcome.adjusted.is_grey else None),
        relieved=relieved(outcome),
        instant=rating.adjusted if facts.instant is None else facts.instant,
        granted=granted_in(outcome.graces),
    )


def change_of(old: Rag, new: Rag) -> Change:
    """How a level moved."""
    if old == new:
        return Change.UNCHANGED
    if old.is_grey or new.is_grey:
        return Change.NEWLY_RATED if old.is_grey else Change.NO_LONGER_RATED
    return Change.IMPROVED if new > old else Change.WORSENED


@frozen
class _Stage:
    """The level after a stage, then and now, and the cause that lies in it."""

    cause: Cause
    old: Rag
    new: Rag

    @property
    def is_still(self) -> bool:
        return self.old == self.new


def moved(before: Previous, outcome: Outcome, facts: Facts) -> Movement:
    """How a rating moved and why."""
    change = change_of(before.rag, outcome.rag)
    if change is Change.UNCHANGED:
        return Movement(change)
    if before.computed is None or before.adjusted is None:
        # published: where the level by rules and data is what was published, only the judgement can have moved it
        if outcome.adjusted == before.rag:
            return Movement(change, Cause.OVERRIDE)
        missing = outcome.rag.is_grey and outcome.reason in WITHOUT_VALUE
        return Movement(change, Cause.MISSING if missing else Cause.UNKNOWN)
    return Movement(change, _cause(before, outcome, facts))


def _cause(before: Previous, outcome: Outcome, facts: Facts) -> Cause:
    assert before.computed is not None and before.adjusted is not None
    stages = [
        _Stage(Cause.DATA, before.computed, outcome.computed),
        _Stage(Cause.GRACE, before.relieved or before.adjusted, relieved(outcome)),
        _Stage(Cause.EVIDENCE, before.instant or before.adjusted, facts.instant or outcome.adjusted),
        _Stage(Cause.PERSISTENCE, before.adjusted, outcome.adjusted),
        _Stage(Cause.OVERRIDE, before.rag, outcome.rag),
    ]
    # what was equal up to a stage has its cause behind it
    first = max((n + 1 for n, stage in enumerate(stages) if stage.is_still), default=0)
    if before.rag.is_grey or outcome.rag.is_grey:
        found = next(stage.cause for stage in stages[first:] if stage.old.is_grey != stage.new.is_grey)
        if found is Cause.DATA:
            return _of_grey(before.unrated if before.computed.is_grey else facts.unrated)
    elif any(stage.old.is_grey or stage.new.is_grey for stage in stages[first:]):
        # a judgement stood where nothing was rated, and stands no more, or stands now
        found = Cause.OVERRIDE
    else:
        found = _leading(stages, first, outcome.rag.rank - before.rag.rank)
    if found is Cause.GRACE and before.granted == granted_in(outcome.graces):
        # the same relief in both: the value, or the rule under it, moved the level
        granted = tuple(applied.grace for applied in outcome.graces if applied.granted)
        return _of_data(before, outcome, facts, relieved(outcome), granted)
    return _of_data(before, outcome, facts, outcome.computed) if found is Cause.DATA else found


def _leading(stages: Sequence[_Stage], first: int, way: int) -> Cause:
    """The first stage that moved the level the way it went."""
    old = stages[first - 1].old.rank if first else None
    new = stages[first - 1].new.rank if first else None
    for stage in stages[first:]:
        step = stage.new.rank - stage.old.rank - (0 if old is None or new is None else new - old)
        if step * way > 0:
            return stage.cause
        old, new = stage.old.rank, stage.new.rank
    raise AssertionError("the steps add up to the whole")


def _of_grey(reason: Reason | None) -> Cause:
    if reason in WITHOUT_VALUE:
        return Cause.MISSING
    return Cause.RULE if reason in _OF_RULE else Cause.DATA


def _of_data(before: Previous, outcome: Outcome, facts: Facts, level: Rag, granted: tuple[Grace, ...] = ()) -> Cause:
    """The rule where the old value gives the new level by the new rule; else the value, or that there is none."""
    if (before.value is None) != (facts.value is None):
        return Cause.MISSING
    return Cause.RULE if _retried(outcome.ruling, before, granted) == level else Cause.DATA


def _retried(ruling: Ruling, before: Previous, granted: tuple[Grace, ...]) -> Rag | None:
    """The level that the previous value would have by this period's rule, under the same relief."""
    if before.value is None or ruling.is_action or ruling.compares:
        return None
    try:
        if ruling.table is None:
            return None
        table = ruling.under(granted)
    except UnusableTarget:
        return None
    return table.labels[table.exact_index(before.value)]
