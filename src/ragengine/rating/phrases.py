"""Numbers with their units, as sentences need them."""

from __future__ import annotations

from fractions import Fraction

from ..bands import Interval
from ..number import exact, half_up, text
from ..period import Due
from ..rulebook.grace import Grace
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Range, SpecialTarget, Tolerance, Width
from ..terms import Direction, Rag

__all__ = [
    "amount",
    "band",
    "day",
    "days_interval",
    "due_text",
    "gap",
    "grace_effect",
    "grace_value",
    "interval",
    "judged_as",
    "plural",
    "target_text",
    "tolerance_text",
]


def _unit(unit: str, value: Fraction) -> str:
    return unit[:-1] if abs(value) == 1 and unit.endswith("s") and not unit.endswith("ss") else unit


def amount(value: Fraction, unit: str, places: int | None = None) -> str:
    """A value with its unit: ``84.0%``, ``14.14 days``."""
    number = text(value, places)
    if unit == "%":
        return f"{number}%"
    return f"{number} {_unit(unit, value)}" if unit else number


def gap(value: Fraction, unit: str, places: int | None = None) -> str:
    """A difference with its unit: ``6.0 percentage points``, ``9.14 days``."""
    if unit != "%":
        return amount(value, unit, places)
    number = text(value, places)
    return f"{number} percentage point{'' if abs(value) == 1 else 's'}"


def judged_as(value: Fraction, kpi: Kpi) -> str:
    """The value as printed; where rounding hides that it is another number, both."""
    if kpi.decimals is None:
        return amount(value, kpi.unit)
    shown = amount(half_up(value, kpi.decimals), kpi.unit, kpi.decimals)
    if half_up(value, kpi.decimals) == value:
        return shown
    raw = amount(value, kpi.unit)
    return shown if raw == shown else f"{raw}, judged as {shown},"


def interval(piece: Interval, unit: str) -> str:
    """A piece of the line with units: ``from 80% to below 90%``."""
    return piece.describe(lambda number: amount(number, unit))


def band(level: Rag, piece: Interval, unit: str) -> str:
    """Where a level's band lies: ``Amber runs from 80% to below 90%``, ``Green is at least 90%``."""
    verb = "runs" if piece.lower is not None and piece.upper is not None and not piece.is_point else "is"
    return f"{level.label} {verb} {interval(piece, unit)}"


def _days(late: Fraction) -> str:
    if late == 0:
        return "the due date"
    return plural(abs(int(late)), "day") + (" late" if late > 0 else " before it is due")


def days_interval(piece: Interval) -> str:
    """A band of days late in words: ``from 28 days before it is due to the due date``, ``from 1 day late``."""
    words = []
    if piece.lower is not None:
        first = piece.lower.at if piece.lower.reached else piece.lower.at + 1
        words.append(f"from {_days(first)}")
    if piece.upper is not None:
        last = piece.upper.at - 1 if piece.upper.reached else piece.upper.at
        words.append(f"to {_days(last)}")
    return " ".join(words) or "always"


def target_text(target: Fraction | Range, kpi: Kpi) -> str:
    """What counts as met: ``at least 90%``, ``at most 5 days``, ``from 90 to 110 beds``."""
    if isinstance(target, Range):
        low, high = text(exact(target.min)), amount(exact(target.max), kpi.unit)
        return f"{'between' if kpi.met_beyond else 'from'} {low} {'and' if kpi.met_beyond else 'to'} {high}"
    if kpi.direction is Direction.LOWER:
        word = "below" if kpi.met_beyond else "at most"
    elif kpi.direction is Direction.HIGHER:
        word = "more than" if kpi.met_beyond else "at least"
    else:
        word = ""
    return f"{word} {amount(target, kpi.unit)}".strip()


def tolerance_text(tolerance: Tolerance, unit: str = "") -> str:
    """The width of amber: ``10 percentage points``, ``10% of the target``, ``5 below and 3 above``."""
    if tolerance.below == tolerance.above:
        return _width(tolerance.below, unit)
    return f"{_width(tolerance.below, unit)} below and {_width(tolerance.above, unit)} above"


def _width(width: Width, unit: str) -> str:
    amount = exact(width.amount)
    if width.of_target:
        return f"{text(amount)}% of the target"
    return "none" if amount == 0 else gap(amount, unit)


def plural(count: int, noun: str) -> str:
    """``1 day``, ``2 days``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def day(value: object) -> str:
    """A date as a report prints it: ``14 August 2020``."""
    return f"{value:%d %B %Y}".lstrip("0")


def grace_effect(grace: Grace) -> str:
    """What a grace does: ``no worse than amber``, ``extend due 61 days``, ``suspend``."""
    return f"{grace.effect.replace('_', ' ')} {grace_value(grace)}".strip()


def grace_value(grace: Grace) -> str:
    """What a grace sets, as its author might write it; empty where the effect says it all."""
    match grace.value:
        case bool():
            return ""
        case Range(min=low, max=high):
            return f"{low} to {high}"
        case SpecialTarget(value=word):
            return word
        case Tolerance() as tolerance:
            return tolerance_text(tolerance)
        case value:
            return str(value)


def due_text(due: Due) -> str:
    """When an action is due, in words."""
    if due.day is None:
        return "no due date yet"
    return f"due {day(due.day)}{' (tentative)' if due.tentative else ''}"
