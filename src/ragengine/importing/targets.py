"""Targets as cells say them: a number, a range, a change, nothing yet, or words that are no number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from ..number import text
from ..period import Calendar, Period, PeriodError, parse_date
from ..rulebook.measure import SpecialTarget
from ..terms import Direction
from .draft import Seen
from .quantities import Bound, Quantity, read_bound
from .spellings import folded
from .units import PLAIN, Unit
from .wording import Say, Wording, wording_of

__all__ = ["SheetTargets", "Target", "is_date", "means_no_target", "read_target"]

_LEADS = re.compile(
    r"(?P<verb>increas\w*|reduc\w*|decreas\w*|improv\w*|rais\w*|lower|maintain\w*|achiev\w*|keep|hold|remain|grow"
    r"|fall|cut|reach|sustain\w*|target(?: of| is)?:?)"
    r"\s+(?:(?:it|this|level|levels|performance|at or|or|and|improve|exceed|increase)\s+)*"
    r"(?:(?:to|at(?! least| most)|of|from)\s+)?(?=.*\d)(?P<rest>.*)",
    re.IGNORECASE,
)
_TO = re.compile(r"\b(?:to|at)\b|^(?:maintain|achiev|keep|hold|remain|reach|sustain|target)", re.IGNORECASE)
_BY_WHEN = re.compile(
    r"\s*[,(]?\s*\b(?:by|in|for|from|at|before)\b (?:the )?(?:end of )?(?:(?:year|month|quarter)[ -]?end"
    r"|(?:\d{1,2} )?[A-Z]?[a-z]{2,8},? '?\d{2,4}|q[1-4][^)]*|20\d\d(?:[/-]\d\d)?|[a-z]+ 20\d\d(?:[/-]\d\d)?"
    r"|\d{1,2}/\d{1,2}/\d{2,4})\)?$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
_TAIL = re.compile(r"(?P<number>[^A-Za-z]*\d[\d,.]*\s*(?:%|per cent)?)\s*(?P<rest>[A-Za-z][A-Za-z ,'’/-]*)$")
_LOWER_VERBS = ("reduc", "decreas", "lower", "fall", "cut")
_HIGHER_VERBS = ("increas", "improv", "rais", "grow")


@frozen
class Target:
    """What one cell says a target is.

    Attributes:
        bound: the number or range, in the KPI's unit; None where there is none.
        monitored: whether the cell says that the measure is reported and not rated.
        doubt: what a person has to confirm; empty where the sheet states it.
        way: the way that a change or a verb says is better.
    """

    seen: Seen
    bound: Bound | None = None
    monitored: bool = False
    doubt: str = ""
    way: Direction | None = None

    def amounts(self) -> Fraction | dict[str, Fraction] | None:
        """The number, the ends of the range, or None."""
        if self.bound is None:
            return None
        low = self.bound.low.value
        return low if self.bound.high is None else {"min": low, "max": self.bound.high.value}


def read_target(seen: Seen, unit: Unit = PLAIN, baseline: Fraction | None = None) -> Target:
    """What a cell says; every text is read somehow, and what is no target says so.

    >>> read_target(Seen("Monitor only", "a.csv row 2")).monitored
    True
    >>> read_target(Seen("Top quartile", "a.csv row 2, Target")).doubt
    "the target is no number (a.csv row 2, Target: 'Top quartile')"
    """
    wording = wording_of(seen.text)
    match wording.say:
        case Say.BLANK:
            return Target(seen, doubt=f"no target is given ({seen})")
        case Say.FORMULA:
            return Target(seen, doubt=f"the formula was never calculated ({seen})")
        case Say.NONE:
            return Target(seen)
        case Say.MONITORED:
            return Target(seen, monitored=True)
        case Say.WAITING:
            return Target(seen, doubt=f"the target is still to come ({seen})")
    bound, doubt, way = _bound(seen.text, unit)
    if bound is not None:
        scaled = _doubt(bound, seen, unit)
        return Target(seen, _in_unit(bound, unit), doubt=_joined(scaled, f"{doubt} ({seen})" if doubt else ""), way=way)
    if wording.say in (Say.CHANGE, Say.KEEP):
        return _changed(seen, wording, baseline)
    return Target(seen, doubt=f"the target is no number ({seen})")


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _in_unit(bound: Bound, unit: Unit) -> Bound:
    high = None if bound.high is None else unit.number(bound.high)
    return bound.converted(unit.number(bound.low), high)


def _bound(written: str, unit: Unit) -> tuple[Bound | None, str, Direction | None]:
    """The bound of a cell, what was left out of it, and the way its verb says."""
    spelled = unit.spelled(written)
    bound = read_bound(spelled)
    if bound is not None:
        return bound, "", None
    way: Direction | None = None
    if wording_of(written).say is Say.RANK:
        return None, "", None
    match = _LEADS.fullmatch(spelled)
    if match is not None and _TO.search(spelled[: match.start("rest")]):
        verb = match["verb"].casefold()
        way = (
            Direction.LOWER
            if verb.startswith(_LOWER_VERBS)
            else Direction.HIGHER
            if verb.startswith(_HIGHER_VERBS)
            else None
        )
        bound = read_bound(match["rest"])
        if bound is not None:
            return bound, "", way
        spelled = match["rest"]
    elif wording_of(written).say in (Say.CHANGE, Say.KEEP):
        return None, "", None
    for pattern in (_BY_WHEN, _BRACKETS):
        shorter = pattern.sub("", spelled)
        if shorter != spelled and (bound := read_bound(shorter)) is not None:
            return bound, f"{spelled[len(shorter) :].strip()!r} is left out", way
    match = _TAIL.fullmatch(spelled)
    if match is not None and (bound := read_bound(match["number"])) is not None:
        return bound, f"{match['rest'].strip()!r} is left out", way
    return None, "", way


def _changed(seen: Seen, wording: Wording, baseline: Fraction | None) -> Target:
    """A change from the baseline, where the sheet has it: a target that is worked out is marked."""
    if wording.say is Say.KEEP:
        if baseline is None:
            return Target(seen, doubt=f"the target is to keep what was, and no baseline says what that is ({seen})")
        return Target(seen, Bound(Quantity(baseline)), doubt=f"the baseline, {text(baseline)} ({seen})")
    if wording.amount is None or baseline is None or wording.way is None:
        hint = "" if wording.amount is None else ': target = { from = "year ago", change = … } says it'
        return Target(seen, doubt=f"the target is a change, and no number{hint} ({seen})", way=wording.way)
    by = abs(baseline) * wording.amount / 100 if wording.percent else wording.amount
    made = baseline - by if wording.way is Direction.LOWER else baseline + by
    said = f"worked out from the baseline {text(baseline)} ({seen})"
    return Target(seen, Bound(Quantity(made)), doubt=said, way=wording.way)


def _doubt(bound: Bound, seen: Seen, unit: Unit) -> str:
    if bound.scaled and unit.scale == 1:
        ends = [quantity for quantity in (bound.low, bound.high) if quantity is not None]
        return f"read as {' to '.join(text(unit.number(end)) for end in ends)} ({seen})"
    return "" if bound.plain else f"read as a range ({seen})"


def means_no_target(status: str) -> bool:
    """Whether a status says that there is no target, or nothing to rate."""
    words = folded(status)
    return words.startswith("no target") or wording_of(status).say is Say.MONITORED


def is_date(written: str) -> bool:
    """Whether a target is a day, and so the row an action."""
    bare = written.strip()
    if bare.isdigit() or not any(c.isdigit() for c in bare) or "%" in bare:
        return False
    try:
        parse_date(bare, Calendar(day_first=True))
    except PeriodError:
        return False
    return not re.fullmatch(r"\d{4}[/-]\d\d", bare) or int(bare[5:]) <= 12


@frozen
class SheetTargets:
    """The targets of one KPI in the order of the sheet, each with the period it is of where one is named."""

    entries: tuple[tuple[Period | None, Target], ...]

    @property
    def first(self) -> Target:
        """The first that is a number or range, else the first."""
        return next((target for _, target in self.entries if target.bound is not None), self.entries[0][1])

    def by_date(self) -> dict[date, object] | None:
        """A table of dates, each with the target from then on, where the periods have different ones."""
        dated: dict[date, object] = {}
        for period, target in sorted(((p, t) for p, t in self.entries if p is not None), key=_start):
            amounts = target.amounts()
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

    @property
    def trend(self) -> Direction | None:
        """The way that targets of successive periods go."""
        numbers = [t.bound.low.value for p, t in sorted(((p, t) for p, t in self.entries if p is not None), key=_start)
                   if t.bound is not None and t.bound.high is None]  # fmt: skip
        if len(numbers) < 2 or numbers[0] == numbers[-1]:
            return None
        rises = all(a <= b for a, b in zip(numbers, numbers[1:], strict=False))
        falls = all(a >= b for a, b in zip(numbers, numbers[1:], strict=False))
        return Direction.HIGHER if rises else Direction.LOWER if falls else None

    @property
    def doubts(self) -> str:
        """What is to confirm of those after the first."""
        first = self.first
        return _joined(
            *dict.fromkeys(t.doubt for _, t in self.entries if t is not first and t.doubt and t.bound is not None)
        )


def _start(entry: Sequence[object]) -> date:
    period = entry[0]
    assert isinstance(period, Period)
    return period.start
