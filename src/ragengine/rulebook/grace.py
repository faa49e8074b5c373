"""Grace: a dated, authorised, reasoned relief written in the rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ..period import Duration
from ..terms import Rag
from .measure import Target, Tolerance

if TYPE_CHECKING:
    from .expression import Expression

__all__ = ["Effect", "Grace", "limited", "live_graces", "live_on"]


class Effect(StrEnum):
    """What a grace does, in the order in which effects apply."""

    SUSPEND = "suspend"
    TARGET = "target"
    TOLERANCE = "tolerance"
    EXTEND_DUE = "extend_due"
    NO_BETTER_THAN = "no_better_than"
    NO_WORSE_THAN = "no_worse_than"
    EXCLUDE_PERIOD = "exclude_period"

    @property
    def suspends(self) -> bool:
        """Whether nothing is rated: an excluded period is left out of trend and persistence besides."""
        return self in (Effect.SUSPEND, Effect.EXCLUDE_PERIOD)

    @property
    def relieves(self) -> bool:
        """Whether it moves the lines of a KPI."""
        return self in (Effect.TARGET, Effect.TOLERANCE)

    @property
    def limits(self) -> bool:
        """Whether it is a cap or a floor."""
        return self in (Effect.NO_BETTER_THAN, Effect.NO_WORSE_THAN)


@frozen
class Grace:
    """A relief for one cause, opted into by each KPI or action.

    Attributes:
        name: name in ``book.toml``, or ``inline`` with a number.
        start: first day on which it is live (``from``).
        until: last day on which it is live.
        effect: exactly one.
        value: True for suspend and exclude_period, a level id for no_better_than and no_worse_than, a
            :data:`~.measure.Target`, a :class:`~.measure.Tolerance`, or a :class:`~ragengine.period.Duration`.
        when: a condition; what cannot be shown is not granted.
        unit: of the target or tolerance, that of the KPI that reads it.
    """

    name: str
    start: date
    until: date
    reason: str
    authority: str
    effect: Effect
    value: bool | str | Target | Tolerance | Duration
    when: Expression | None = None
    evidence: str = ""
    file: str = ""
    line: int = 0
    unit: str = ""

    @property
    def day_after(self) -> date | None:
        """The first day on which it is over; None where time has no such day."""
        return None if self.until == date.max else self.until + timedelta(days=1)

    def as_of_both(self, other: Grace) -> Grace:
        """The same as two KPIs read it: without a unit where theirs are not one."""
        return self if self.unit == other.unit else evolve(self, unit="")


def limited(level: Rag, effect: str, limit: Rag) -> Rag:
    """A level under a cap (``no_better_than``) or a floor; what is not rated stays so."""
    if level.is_grey:
        return level
    return min(level, limit) if effect == Effect.NO_BETTER_THAN else max(level, limit)


_ORDER = {effect: n for n, effect in enumerate(Effect)}


def live_on(grace: Grace, day: date) -> bool:
    """Whether a grace is live on a day: the only place where that is decided."""
    return grace.start <= day <= grace.until


def live_graces(graces: Iterable[Grace], day: date) -> tuple[Grace, ...]:
    """The graces that are live on a day, in the order in which their effects apply."""
    return tuple(sorted((grace for grace in graces if live_on(grace, day)), key=lambda grace: _ORDER[grace.effect]))
