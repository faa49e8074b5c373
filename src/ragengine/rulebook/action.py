"""An action: a milestone with a due date, rated by days late and progress."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ..period import Due, Duration
from .grace import Grace
from .kpi import Example
from .measure import Band, Number

if TYPE_CHECKING:
    from .expression import Expression

__all__ = ["Action"]


@frozen
class Action:
    """A milestone, as its author means it.

    Bands are over ``days_late``, or over ``formula`` where there is one; without ``bands``, ``tolerance`` and
    ``warning`` are the shorthand: later than ``due + tolerance`` red, past due or within ``warning`` amber.

    Attributes:
        id: ``area.action``.
        rated_from: before this day it is grey: not due.
        complete: level id of a completed action.
        on_time: False lets a completed action keep the colour of its lateness.
    """

    id: str
    title: str
    due: Due
    start: date | None = None
    rated_from: date | None = None
    warning: Duration | None = None
    tolerance: Duration = Duration()
    formula: Expression | None = None
    bands: tuple[Band, ...] = ()
    complete: str = "green"
    on_time: bool = True
    graces: tuple[Grace, ...] = ()
    requires_evidence: bool = False
    in_rollup: bool = True
    critical: bool = False
    weight: Number = 1
    short: str = ""
    source: str = ""
    ref: str = ""
    lead: str = ""
    recommendation: str = ""
    note: str = ""
    review_by: date | None = None
    examples: tuple[Example, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def area(self) -> str:
        """Id of the area it rolls up to."""
        return self.id.partition(".")[0]

    @cached_property
    def as_rated(self) -> Action:
        """What a rating asks of the rule: without its examples."""
        return evolve(self, examples=()) if self.examples else self

    @property
    def name(self) -> str:
        """Its id within the area."""
        return self.id.partition(".")[2]

    def due_after(self, longer: Duration) -> Action:
        """The same with its due date so much later, where there is one."""
        day = self.due.day
        return self if day is None else evolve(self, due=evolve(self.due, day=longer.after(day)))
