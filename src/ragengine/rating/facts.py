"""What one rating was made from, and how it moved."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from ..bands import BandTable
from ..data.model import Measurement, Override
from ..period import Period
from ..statistics import PeerPlace
from ..terms import Rag, Reason
from .reference import Reference

__all__ = ["Cause", "Change", "Facts", "Movement", "PastLevel", "Previous"]


class Change(StrEnum):
    """How a level moved since the previous period."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    UNCHANGED = "unchanged"
    NEWLY_RATED = "newly rated"
    NO_LONGER_RATED = "no longer rated"


class Cause(StrEnum):
    """Why a level moved."""

    DATA = "data"
    RULE = "rule"
    GRACE = "grace"
    OVERRIDE = "override"
    EVIDENCE = "evidence"
    PERSISTENCE = "persistence"
    MISSING = "missing"
    #: the previous level was published, and nothing here can re-compute it
    UNKNOWN = "unknown"


@frozen
class Movement:
    """Previous to current, and the cause; its text is the change."""

    change: Change
    cause: Cause | None = None

    def __str__(self) -> str:
        return str(self.change)


@frozen
class Previous:
    """What was rated, or published, for the period before.

    Attributes:
        value: what was judged then; None where only a level is known.
        unrated: why the adjusted level was grey, whatever an override made of it.
        relieved: the level with the graces, before evidence and persistence.
        instant: the level with evidence, before persistence.
        granted: what was granted then, as :func:`~.movement.granted_in` names it.
        published: where the level was published, if nothing here computed it.
    """

    rag: Rag
    period: Period | None = None
    computed: Rag | None = None
    adjusted: Rag | None = None
    value: Fraction | None = None
    reason: Reason | None = None
    published: str = ""
    unrated: Reason | None = None
    relieved: Rag | None = None
    instant: Rag | None = None
    granted: frozenset[tuple[str, ...]] = frozenset()


@frozen
class PastLevel:
    """An earlier period as persistence reads it: its level before persistence, and the one that was adopted."""

    period: Period
    instant: Rag
    adopted: Rag


@frozen
class Facts:
    """What one rating was made from beside its value.

    Attributes:
        value: the exact number that was judged; None where there was none.
        how: how the value came about (a formula, counts, a word).
        why: what there is to say about a grey.
        instant: the level before persistence.
        run: the earlier periods that persistence read, oldest first.
        unrated: why the adjusted level is grey, whatever an override makes of it.
        begins_anew: whether the reporter marks a break: then nothing moved from what was before it.
        days_late, progress, elapsed: for an action, as at the day of ``period``.
        standing: its place among the entities of the period, where a scorecard has ranked them for a score.
        overrides: live ones, in the order in which they were applied.
        lapsed: overrides past their ``until``.
    """

    period: Period | None
    given: Measurement | None = None
    value: Fraction | None = None
    how: str = ""
    why: str = ""
    carried_from: Period | None = None
    instant: Rag | None = None
    run: tuple[PastLevel, ...] = ()
    #: what the target was made from, where it is made from other rows
    reference: Reference | None = None
    unrated: Reason | None = None
    previous: Previous | None = None
    year_ago: Previous | None = None
    begins_anew: bool = False
    status: str = ""
    days_late: int | None = None
    progress: Fraction | None = None
    elapsed: Fraction | None = None
    completed_on: date | None = None
    #: the due date as ruled, and as the granted graces moved it
    due: date | None = None
    due_moved: date | None = None
    #: what a formula comes to by the moved due date
    value_moved: Fraction | None = None
    #: the day of the report that was judged
    reported_on: date | None = None
    #: for an action, the table its value was looked up in
    table: BandTable[Rag] | None = None
    overrides: tuple[Override, ...] = ()
    lapsed: tuple[Override, ...] = ()
    entity: str | None = None
    evidence: str = ""
    causes: frozenset[str] = frozenset()
    note: str = ""
    standing: PeerPlace | None = None
