"""What changed between two rulebooks, as values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ...bands import Interval
from ...terms import Rag

if TYPE_CHECKING:
    from .flips import Flips

__all__ = ["BookSide", "LevelChange", "RuleChange", "RulesDiff"]


@frozen
class LevelChange:
    """Values (or days) that are rated otherwise, between two days.

    A change without ``under`` is one of the rule as it stands. One with ``under`` says what the named graces make of
    it, on the days on which they are live; where ``old`` and ``new`` are one level, the graces hide the change.

    Attributes:
        where: the values in words: ``from 90% to below 92%``.
        old, new: grey is a level too: nothing was rated.
        start, end: first and last day; None where it has no beginning or end.
        under: names of the graces.
        granted: whether the graces have a condition: the change is where they are granted.
        entity: whose rule it is; empty for everyone without a rule of their own.
        interval: the values; None for words, and for actions rated by days.
    """

    where: str
    old: Rag
    new: Rag
    start: date | None = None
    end: date | None = None
    under: tuple[str, ...] = ()
    granted: bool = False
    entity: str = ""
    interval: Interval | None = None

    @property
    def when(self) -> str:
        """``from 2021-04-01``, ``until 2020-03-31 under covid-19``; ``always`` where it always holds."""
        if self.start and self.end:
            days = f"on {self.start}" if self.start == self.end else f"{self.start} to {self.end}"
        else:
            days = f"from {self.start}" if self.start else (f"until {self.end}" if self.end else "always")
        if not self.under:
            return days
        names = " and ".join(self.under)
        return f"{days}, {f'where {names} is granted' if self.granted else f'under {names}'}"

    def __str__(self) -> str:
        levels = f"stays {self.new.label}" if self.old == self.new else f"{self.old.label} → {self.new.label}"
        return f"{self.where}: {levels}, {self.when}"


@frozen
class RuleChange:
    """What changed about one KPI, action, area, grace or the book.

    Attributes:
        kind: ``book``, ``grace``, ``area``, ``kpi`` or ``action``.
        id: as rules and data name it; empty for the book.
        what: ``added``, ``removed`` or ``changed``.
        details: a line each: which keys say something else.
        levels: which values or days are rated otherwise.
    """

    kind: str
    id: str
    what: str
    title: str = ""
    details: tuple[str, ...] = ()
    levels: tuple[LevelChange, ...] = ()


@frozen
class BookSide:
    """One of the two rulebooks that are compared."""

    title: str
    edition: str
    fingerprint: str


@frozen
class RulesDiff:
    """Everything that changed in meaning; false where nothing did.

    Attributes:
        changes: the book first, then graces, areas, KPIs and actions.
        reworded: ids of which only the wording or the notation changed: titles, notes, sources, 10% of a target of 100
            for 10 points. Nothing is rated otherwise.
        flips: the ratings of data that flip; None where no data were given.
    """

    old: BookSide
    new: BookSide
    changes: tuple[RuleChange, ...] = ()
    reworded: tuple[str, ...] = ()
    flips: Flips | None = None

    def __bool__(self) -> bool:
        return bool(self.changes)
