"""What data files hold, as values: every row that was read, usable or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from ..period import Calendar, Period, PeriodError, parse_period
from ..problem import Place
from ..terms import Reason, Status

__all__ = [
    "BLANK",
    "ActionReport",
    "Cell",
    "Invalid",
    "Measurement",
    "Narrative",
    "Override",
    "Published",
    "Statement",
    "Symbol",
    "period_of",
]


@frozen
class Symbol:
    """A statistical symbol, as printed, and what it means; a blank is one too."""

    text: str
    reason: Reason


@frozen
class Invalid:
    """A cell that is neither a number nor a symbol."""

    text: str
    message: str


Cell = Fraction | Symbol | Invalid

#: nothing in a cell, or no such column
BLANK = Symbol("", Reason.NO_DATA)


@frozen
class Measurement:
    """One row of measurements.

    Attributes:
        period: None where ``period_text`` cannot be read (yet: the book may allow day-first dates).
        fault: why the row as a whole cannot be used, where that is not its period.
        value_text: the raw cell, for KPIs whose values are words.
        marks: notes in brackets after the value, as written: ``[p]``.
        inputs: extra columns that hold numbers or symbols, by name.
        excluded: how many the reporter left out of the denominator, for ``exclusion_reason``.
    """

    kpi: str
    period: Period | None
    period_text: str = ""
    entity: str | None = None
    value: Cell = BLANK
    value_text: str = ""
    marks: str = ""
    numerator: Cell = BLANK
    denominator: Cell = BLANK
    target: Cell = BLANK
    inputs: Mapping[str, Cell] = field(factory=dict, hash=False)
    evidence: str = ""
    causes: frozenset[str] = frozenset()
    note: str = ""
    reported_on: date | None = None
    excluded: Cell = BLANK
    exclusion_reason: str = ""
    fault: str = ""
    place: Place = Place("")

    @property
    def unusable(self) -> str:
        """Why the row cannot be used at all; empty where it can."""
        if self.period is None and self.period_text:
            return f"the period {self.period_text!r} cannot be read"
        return self.fault


@frozen
class ActionReport:
    """One row of actions: how far an action had come on a day.

    Attributes:
        as_at: None where ``as_at_text`` cannot be read.
        status, completed_on: Invalid where they cannot be read.
    """

    action: str
    as_at: date | None
    status: Status | Invalid | None = None
    progress: Cell = BLANK
    completed_on: date | Invalid | None = None
    evidence: str = ""
    causes: frozenset[str] = frozenset()
    note: str = ""
    as_at_text: str = ""
    place: Place = Place("")

    @property
    def is_complete(self) -> bool:
        """Whether the action is."""
        return self.status is Status.COMPLETE

    @property
    def is_ahead(self) -> bool:
        """Whether it says that the action was completed after the day of the report, which nobody could know."""
        day, completed = self.as_at, self.completed_on
        return self.is_complete and day is not None and isinstance(completed, date) and completed > day


@frozen
class Override:
    """A dated, authorised, reasoned judgement on one rating.

    Attributes:
        effect: ``rag``, ``no_better_than`` or ``no_worse_than``.
        level: as written; whether the scale has it is judged when it is applied.
    """

    subject: str
    effect: str
    level: str
    start: date
    until: date
    reason: str
    authority: str
    entity: str | None = None
    release_when: str = ""
    evidence: str = ""
    place: Place = Place("")


@frozen
class Published:
    """A level published before, elsewhere or by hand."""

    subject: str
    period: Period | None
    rag: str
    period_text: str = ""
    source: str = ""
    entity: str | None = None
    place: Place = Place("")


def period_of(row: Measurement | Published, calendar: Calendar) -> Period | None:
    """The period of a row, as a book reads its dates; None where it cannot be read."""
    read = row.period
    if read is not None and read.year_starts == calendar.year_starts:
        return read
    try:
        # what was written decides: a quarter read by another calendar is another quarter
        return parse_period(row.period_text or read, calendar)
    except PeriodError:
        return row.period


@frozen
class Statement:
    """A sentence of a report, with the evidence it names."""

    text: str
    evidence: str = ""


@frozen
class Narrative:
    """What a report says of an area in words."""

    area: str
    key_developments: tuple[Statement, ...] = ()
    key_risks: tuple[Statement, ...] = ()
    progress: tuple[Statement, ...] = ()
    risks: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()
