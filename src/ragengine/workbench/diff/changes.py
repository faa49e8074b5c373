"""What changed in meaning between two rulebooks, as values."""

from __future__ import annotations

from datetime import date

from attrs import frozen

__all__ = ["Change", "LevelChange", "RulesDiff"]


@frozen
class LevelChange:
    """Values (or days) that are rated otherwise, between two days.

    Attributes:
        where: the interval of values: ``from 90 to below 92%``.
        start, end: first and last day; None where it has no beginning or end.
        graced: whether it is so only with the graces that are live then.
    """

    where: str
    old: str
    new: str
    start: date | None = None
    end: date | None = None
    graced: bool = False

    @property
    def when(self) -> str:
        """``from 2021-04-01``, ``until 2020-03-31``; empty where it always holds."""
        if self.start and self.end:
            return f"on {self.start}" if self.start == self.end else f"from {self.start} to {self.end}"
        return f"from {self.start}" if self.start else (f"until {self.end}" if self.end else "")

    def __str__(self) -> str:
        when = f"{self.when}: " if self.when else ""
        return f"{when}{self.where}: {self.old} → {self.new}{' under grace' if self.graced else ''}"


@frozen
class Change:
    """What changed about one KPI, action, area, grace or the book.

    Attributes:
        kind: ``kpi``, ``action``, ``area``, ``grace`` or ``book``.
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
class RulesDiff:
    """Everything that changed in meaning.

    Attributes:
        reworded: ids of which only the wording changed: titles, notes, sources.
    """

    old: str
    new: str
    changes: tuple[Change, ...] = ()
    reworded: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)
