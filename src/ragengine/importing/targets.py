"""Targets as cells say them: a number, a range, nothing yet, or words that are no number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from ..number import text
from ..period import Calendar, Period, PeriodError, parse_date
from ..rulebook.measure import SpecialTarget
from .draft import Seen
from .quantities import Bound, read_bound
from .spellings import folded

__all__ = ["Target", "Targets", "is_date", "means_no_target", "read_target"]

_MONITORED = ("monitor", "monitoring", "information only", "for information", "info only", "data only", "contextual",
              "context only", "context", "trend only", "track", "tracking")  # fmt: skip
_NONE = frozenset(
    {"n a", "na", "none", "no target", "no target set", "not applicable", "not set", "nil", "not targeted"}
)
_WAITING = ("tbc", "tba", "tbd", "to be confirmed", "to be agreed", "to be determined", "to be set", "baseline", "new")


@frozen
class Target:
    """What one cell says a target is.

    Attributes:
        bound: the number or range; None where there is none.
        monitored: whether the cell says that the measure is reported and not rated.
        doubt: what a person has to confirm; empty where the sheet states it.
    """

    seen: Seen
    bound: Bound | None = None
    monitored: bool = False
    doubt: str = ""

    def amounts(self, factor: int) -> Fraction | dict[str, Fraction] | None:
        """The number, the ends of the range, or None; the factor is for what has no per cent sign."""
        if self.bound is None:
            return None
        factor = 1 if self.bound.unit == "%" else factor
        low = self.bound.low.value * factor
        return low if self.bound.high is None else {"min": low, "max": self.bound.high.value * factor}


def read_target(seen: Seen) -> Target:
    """What a cell says; every text is read somehow, and what is no target says so.

    >>> read_target(Seen("Monitor only", "a.csv row 2")).monitored
    True
    >>> read_target(Seen("Top quartile", "a.csv row 2, Target")).doubt
    "the target is no number (a.csv row 2, Target: 'Top quartile')"
    """
    words = folded(seen.text)
    if not seen.text:
        return Target(seen, doubt=f"no target is given ({seen})")
    if seen.text.startswith("=") and len(seen.text) > 1:
        return Target(seen, doubt=f"the formula was never calculated ({seen})")
    bound = read_bound(seen.text)
    if bound is not None:
        return Target(seen, bound, doubt=_doubt(bound, seen))
    if words in _NONE or not words:
        return Target(seen)
    if any(words == word or words.startswith(f"{word} ") for word in _MONITORED):
        return Target(seen, monitored=True)
    if any(words == word or words.startswith(f"{word} ") for word in _WAITING):
        return Target(seen, doubt=f"the target is still to come ({seen})")
    return Target(seen, doubt=f"the target is no number ({seen})")


def _doubt(bound: Bound, seen: Seen) -> str:
    if bound.scaled:
        ends = [quantity for quantity in (bound.low, bound.high) if quantity is not None]
        return f"read as {' to '.join(text(end.value) for end in ends)} ({seen})"
    return "" if bound.plain else f"read as a range ({seen})"


def means_no_target(status: str) -> bool:
    """Whether a status says that there is no target, or nothing to rate."""
    words = folded(status)
    return words.startswith("no target") or any(words == word or words.startswith(f"{word} ") for word in _MONITORED)


def is_date(written: str) -> bool:
    """Whether a target is a day, and so the row an action."""
    bare = written.strip()
    if bare.isdigit() or not any(c.isdigit() for c in bare):
        return False
    try:
        parse_date(bare, Calendar(day_first=True))
    except PeriodError:
        return False
    return True


@frozen
class Targets:
    """The targets of one KPI in the order of the sheet, each with the period it is of where one is named."""

    entries: tuple[tuple[Period | None, Target], ...]

    @property
    def first(self) -> Target:
        """The first that is a number or range, else the first."""
        return next((target for _, target in self.entries if target.bound is not None), self.entries[0][1])

    def by_date(self, factor: int) -> dict[date, object] | None:
        """A table of dates, each with the target from then on, where the periods have different ones."""
        dated: dict[date, object] = {}
        for period, target in sorted(((p, t) for p, t in self.entries if p is not None), key=_start):
            amounts = target.amounts(factor)
            dated.setdefault(period.start, SpecialTarget.NONE.value if amounts is None else amounts)
        kept: dict[date, object] = {}
        for start, amounts_then in dated.items():
            if not kept or next(reversed(kept.values())) != amounts_then:
                kept[start] = amounts_then
        return kept if len(kept) > 1 else None

    @property
    def alike(self) -> bool:
        """Whether every range is with ranges and every number with numbers: a KPI's direction fits only one kind."""
        kinds = {target.bound.high is None for _, target in self.entries if target.bound is not None}
        return len(kinds) < 2


def _start(entry: Sequence[object]) -> date:
    period = entry[0]
    assert isinstance(period, Period)
    return period.start
