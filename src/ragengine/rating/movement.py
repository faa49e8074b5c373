"""How a rating moved, and why: a cause is named only where it changed, and only where it leads the way it moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from ..period import Period
from ..rulebook.compile import UnusableTarget, era_on
from ..rulebook.grace import Grace
from ..ruling import Applied, Outcome, Ruling
from ..terms import Rag, Reason
from .facts import Cause, Change, Facts, Movement, Previous
from .phrases import grace_value

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = [
    "UNREPORTED",
    "Stage",
    "change_of",
    "granted_in",
    "leading",
    "moved",
    "moved_from",
    "previous_of",
    "relieved",
]

#: reasons that mean there was nothing to judge, not that the rule does not judge it
WITHOUT_VALUE = frozenset(
    {Reason.NO_DATA, Reason.MISSING_INPUT, Reason.STALE, Reason.SUPPRESSED, Reason.INVALID, Reason.SMALL_NUMBERS}
)

#: where nobody reported a period, what these say of it is no level to have moved from
UNREPORTED = frozenset({Reason.NO_DATA, Reason.MISSING_INPUT, Reason.NOT_DUE})

_NOTHING: frozenset[tuple[str, ...]] = frozenset()

#: reasons of the rule as it stands then
_OF_RULE = frozenset({Reason.NOT_DUE, Reason.NO_TARGET, Reason.MONITORED, Reason.NO_DUE_DATE})


def granted_in(graces: Sequence[Applied]) -> frozenset[tuple[str, ...]]:
    """What was granted: name, effect and what it sets."""
    if not graces:
        return _NOTHING
    granted = (applied.grace for applied in graces if applied.granted)
    return frozenset((grace.name, str(grace.effect), grace_value(grace)) for grace in granted)


def relieved(outcome: Outcome) -> Rag:
    """The level with the graces, before evidence and persistence."""
    return next((applied.after for applied in reversed(outcome.graces) if applied.granted), outcome.computed)


def previous_of(rating: Rating) -> Previous:
    """What later periods remember of a rating."""
    facts, outcome = rating.facts, rating.outcome
    return Previous(
        outcome.rag,
        facts.period,
        outcome.computed,
        outcome.adjusted,
        facts.value,
        outcome.reason,
        unrated=facts.unrated or (outcome.reason if outcome.adjusted.is_grey else None),
        relieved=relieved(outcome),
        instant=outcome.adjusted if facts.instant is None else facts.instant,
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
class Stage:
    """The level after a stage, in the period before and in this one, and the cause that lies in it."""

    cause: Cause
    old: Rag
    new: Rag

    @property
    def is_still(self) -> bool:
        return self.old == self.new


def moved(before: Previous, outcome: Outcome, facts: Facts) -> Movement:
    """How a rating moved and why."""
    missing = outcome.rag.is_grey and outcome.reason in WITHOUT_VALUE
    return moved_from(
        before,
        outcome.rag,
        outcome.adjusted,
        missing,
        lambda: _cause(before, outcome, facts),
    )


def moved_from(before: Previous, level: Rag, unjudged: Rag, missing: bool, cause: Callable[[], Cause]) -> Movement:
    """How a KPI, an action or an area moved, and why.

    Args:
        unjudged: the level before overrides.
        missing: there was nothing to judge.
        cause: asked for where the previous level was computed and not only published.
    """
    change = change_of(before.rag, level)
    if change is Change.UNCHANGED:
        return Movement(change)
    if before.computed is not None:
        return Movement(change, cause())
    # published: where the level by rules and data is what was published, only the judgement can have moved it
    if unjudged == before.rag:
        return Movement(change, Cause.OVERRIDE)
    return Movement(change, Cause.MISSING if missing else Cause.UNKNOWN)


def leading(stages: Sequence[Stage]) -> Stage:
    """The stage that made the last level another than it was: each stage begins with what the one before it came to.

    Of stages that are rated it is the first that moved the way the whole moved; where the last level was or is grey,
    the first that was rated in one period only.
    """
    # what was equal up to a stage has its cause behind it
    first = max((n + 1 for n, stage in enumerate(stages) if stage.is_still), default=0)
    last = stages[-1]
    if last.old.is_grey or last.new.is_grey:
        return next(stage for stage in stages[first:] if stage.old.is_grey != stage.new.is_grey)
    if any(stage.old.is_grey or stage.new.is_grey for stage in stages[first:]):
        # a judgement stood where nothing was rated, and stands no more, or stands now
        return last
    way = last.new.rank - last.old.rank
    so_far = 0
    for stage in stages[first:]:
        ahead = stage.new.rank - stage.old.rank
        if (ahead - so_far) * way > 0:
            return stage
        so_far = ahead
    raise AssertionError("the steps add up to the whole")


def _cause(before: Previous, outcome: Outcome, facts: Facts) -> Cause:
    assert before.computed is not None and before.adjusted is not None
    found = leading(
        [
            Stage(Cause.DATA, before.computed, outcome.computed),
            Stage(Cause.GRACE, before.relieved or before.adjusted, relieved(outcome)),
            Stage(Cause.EVIDENCE, before.instant or before.adjusted, facts.instant or outcome.adjusted),
            Stage(Cause.PERSISTENCE, before.adjusted, outcome.adjusted),
            Stage(Cause.OVERRIDE, before.rag, outcome.rag),
        ]
    )
    if found.cause is Cause.GRACE and before.granted == granted_in(outcome.graces):
        # the same relief in both: the value, or the rule under it, moved the level
        granted = tuple(applied.grace for applied in outcome.graces if applied.granted)
        return _of_data(before, outcome, facts, relieved(outcome), granted)
    if found.cause is not Cause.DATA:
        return found.cause
    if found.old.is_grey != found.new.is_grey:
        then, reason = (before.period, before.unrated) if before.computed.is_grey else (facts.period, facts.unrated)
        return _of_grey(reason, outcome.ruling, then)
    return _of_data(before, outcome, facts, outcome.computed)


def _of_grey(reason: Reason | None, ruling: Ruling, period: Period | None) -> Cause:
    if reason in WITHOUT_VALUE or (reason is Reason.NO_TARGET and _brings_target(ruling, period)):
        return Cause.MISSING
    return Cause.RULE if reason in _OF_RULE else Cause.DATA


def _of_data(before: Previous, outcome: Outcome, facts: Facts, level: Rag, granted: tuple[Grace, ...] = ()) -> Cause:
    """The rule where the old value gives the new level by the new rule; else the value, or that there is none."""
    if (before.value is None) != (facts.value is None):
        return Cause.MISSING
    if _brings_target(outcome.ruling, facts.period) and _is_same_rule(outcome.ruling, before.period):
        return Cause.DATA
    return Cause.RULE if _retried(outcome.ruling, before, granted) == level else Cause.DATA


def _brings_target(ruling: Ruling, period: Period | None) -> bool:
    """Whether the target came with the row in a period: then it is of the data, and not of the rule."""
    return period is not None and not ruling.is_action and era_on(ruling.rule, period.end).target_comes_with_row


def _is_same_rule(ruling: Ruling, period: Period | None) -> bool:
    """Whether the rule was in a period what it is now, graces aside."""
    if period is None:
        return False
    then, now = era_on(ruling.rule, period.end), ruling.era
    return (then.target, then.tolerance, then.amber, then.bands) == (now.target, now.tolerance, now.amber, now.bands)


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
