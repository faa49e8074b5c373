"""Numbers with their units, as sentences need them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from ..bands import Interval
from ..number import exact, half_up, text
from ..period import Due
from ..rulebook.grace import Effect, Grace
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Range, SpecialTarget, Tolerance, Width
from ..terms import Direction, Rag

__all__ = [
    "amount",
    "away",
    "band",
    "beside",
    "days_interval",
    "distance_words",
    "due_text",
    "gap",
    "grace_effect",
    "grace_value",
    "interval",
    "judged_as",
    "line",
    "long_date",
    "places_apart",
    "places_of",
    "plural",
    "short_text",
    "target_text",
    "tolerance_text",
]


#: a decimal that an author or a file can have written has no more places
_MOST_PLACES = 60
#: so many digits of a number that has no end say enough of it
_DIGITS = 3
_CURRENCIES = "£$€¥"
_MONEY = tuple(_CURRENCIES)


def places_of(value: Fraction, most: int = _MOST_PLACES) -> int | None:
    """How many places a number takes to be written exactly; None where it takes more than the most."""
    return _places_of_parts(value.denominator, most)


@lru_cache(maxsize=4096)
def _places_of_parts(denominator: int, most: int) -> int | None:
    return next((n for n in range(most + 1) if 10**n % denominator == 0), None)


def _usual(value: Fraction) -> int:
    """As many places as a report prints: all of a short decimal, else two."""
    found = places_of(value, 6)
    return 2 if found is None else found


def _line_at(at: Fraction, places: int) -> Fraction:
    return at if places_of(at) is not None else half_up(at, max(places, 2))


def places_apart(value: Fraction, lines: Iterable[Fraction], least: int | None = None) -> int:
    """So many places that the printed value lies on the same side of each printed line as the value itself.

    >>> places_apart(Fraction("69.9999999"), [Fraction(70)]), places_apart(Fraction(200, 3), [Fraction(70)])
    (7, 2)
    """
    places = _usual(value) if least is None else least
    while not all(_as_apart(value, at, places) for at in lines):
        places += 1
    return places


def _as_apart(value: Fraction, at: Fraction, places: int) -> bool:
    if 10**places % value.denominator == 0 and places_of(at) is not None:
        # both are printed as they are
        return True
    shown, edge = half_up(value, places), _line_at(at, places)
    return (shown > edge, shown < edge) == (value > at, value < at)


def away(distance: Fraction, *, past: bool = False, places: int = 0) -> Fraction:
    """A distance rounded up to a number that can be printed: what reaches a line, or with ``past`` lies beyond it.

    Exact where a report would print it so; else to at least two places and three digits.

    >>> away(Fraction(3, 130)), away(Fraction(6)), away(Fraction(0), past=True)
    (Fraction(231, 10000), Fraction(6, 1), Fraction(1, 100))
    """
    exactly = places_of(distance, max(places, 6))
    if exactly is not None and not past:
        return distance
    digits = _DIGITS - 1 - math.floor(math.log10(distance)) if distance else 0
    grid = 10 ** max(2, digits, places)
    steps = math.floor(distance * grid) + 1 if past else math.ceil(distance * grid)
    return Fraction(steps, grid)


def beside(value: Fraction, unit: str, lines: Iterable[Fraction], least: int | None = None) -> str:
    """A value with its unit, with as many digits as show on which side of each line it lies."""
    return amount(value, unit, of_money(places_apart(value, lines, least), unit))


def of_money(places: int, unit: str) -> int:
    """As many places as a number of a unit is printed with: money has no tenths, ``£1,499.50``."""
    return 2 if places == 1 and unit in _MONEY else places


def line(at: Fraction, unit: str, places: int = 2) -> str:
    """A line with its unit, exactly where a decimal writes it."""
    exactly = places_of(at)
    return amount(at, unit, max(places, 2) if exactly is None else of_money(exactly, unit))


def short_text(short: Fraction, kpi: Kpi, places: int = 2, *, over: bool | None = None) -> str:
    """A shortfall in words: ``6 percentage points short``, ``1 day over``, ``2 days better``, ``on the target``.

    Rounded as the value beside it is, and to as many places, so that a reader who subtracts finds it: 84.67% against
    90% is 5.33 short. ``over`` says which of short and over it is where the direction does not.
    """
    shortly, at_it, better = distance_words(kpi, over=over)
    if short == 0:
        return at_it
    distance, places = abs(short), max(places, 2)
    exactly = places_of(distance, 6)
    while exactly is None:
        rounded = half_up(distance, places)
        if rounded:
            distance, exactly = rounded, places_of(rounded, places)
        places += 1
    exactly = max(exactly, kpi.decimals or 0)
    said = gap(distance, kpi.unit, exactly if kpi.decimals == 1 else of_money(exactly, kpi.unit))
    return f"{said} {shortly if short > 0 else better}"


def distance_words(kpi: Kpi, *, over: bool | None = None) -> tuple[str, str, str]:
    """What is said behind a distance short of the target, in place of one at the target, and behind one past it."""
    at_it = "on the line, which does not meet it" if kpi.met_beyond else "on the target"
    over = kpi.lower_is_better if over is None else over
    return "over" if over else "short", at_it, "better"


def _unit(unit: str, value: Fraction) -> str:
    return unit[:-1] if abs(value) == 1 and unit.endswith("s") and not unit.endswith("ss") else unit


def amount(value: Fraction, unit: str, places: int | None = None) -> str:
    """A value with its unit: ``84.0%``, ``14.14 days``."""
    number = text(value, places)
    if unit == "%":
        return f"{number}%"
    if places is None and unit in _MONEY and number[-2:-1] == ".":
        number += "0"
    if unit[:1] and unit[0] in _CURRENCIES and (len(unit) == 1 or (unit[1:].isalpha() and len(unit) <= 3)):
        sign = "-" if number.startswith("-") else ""
        return f"{sign}{unit[0]}{number.removeprefix('-')}{unit[1:]}"
    return f"{number} {_unit(unit, value)}" if unit else number


def gap(value: Fraction, unit: str, places: int | None = None) -> str:
    """A difference with its unit: ``6.0 percentage points``, ``9.14 days``."""
    if unit != "%":
        return amount(value, unit, places)
    number = text(value, places)
    return f"{number} percentage point{'' if abs(value) == 1 else 's'}"


def judged_as(value: Fraction, kpi: Kpi, lines: Iterable[Fraction] = (), counted: str = "") -> str:
    """The value as printed, its counts behind it; where rounding hides that it is another number, both."""
    lines = tuple(lines)
    if kpi.decimals is None:
        return beside(value, kpi.unit, lines) + counted
    judged = half_up(value, kpi.decimals)
    shown = amount(judged, kpi.unit, kpi.decimals)
    if judged == value:
        return shown + counted
    places = places_apart(value, [judged, *lines])
    while half_up(half_up(value, places), kpi.decimals) != judged:
        places += 1
    return f"{amount(value, kpi.unit, places)}{counted}, judged as {shown}"


def interval(piece: Interval, unit: str, places: int = 2) -> str:
    """A piece of the line with units: ``from 80% to below 90%``."""
    return piece.describe(lambda number: line(number, unit, places))


def band(level: Rag, piece: Interval, unit: str, places: int = 2) -> str:
    """Where a level's band lies: ``Amber runs from 80% to below 90%``, ``Green is at least 90%``."""
    verb = "runs" if piece.lower is not None and piece.upper is not None and not piece.is_point else "is"
    return f"{level.label} {verb} {interval(piece, unit, places)}"


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


def target_text(target: Fraction | Range, kpi: Kpi, places: int = 2) -> str:
    """What counts as met: ``at least 90%``, ``at most 5 days``, ``85 to 92%``."""
    if isinstance(target, Range):
        low, high = exact(target.min), exact(target.max)
        first, last = line(low, ""), line(high, kpi.unit)
        return f"between {first} and {last}" if kpi.met_beyond else f"{first} to {last}"
    if kpi.lower_is_better:
        word = "below" if kpi.met_beyond else "at most"
    elif kpi.direction is Direction.HIGHER:
        word = "more than" if kpi.met_beyond else "at least"
    else:
        word = ""
    return f"{word} {line(target, kpi.unit, places)}".strip()


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


def long_date(value: object) -> str:
    """A date as a report prints it: ``14 August 2020``."""
    return f"{value:%d %B %Y}".lstrip("0")


def grace_effect(grace: Grace) -> str:
    """What a grace does: ``no worse than amber``, ``tolerance 15 percentage points``, ``suspend``."""
    match grace.value:
        case Tolerance() as tolerance:
            said = tolerance_text(tolerance, grace.unit)
        case Range(min=low, max=high):
            said = f"{line(exact(low), '')} to {line(exact(high), grace.unit)}"
        case (int() | Decimal()) as target if grace.effect is Effect.TARGET:
            said = line(exact(target), grace.unit)
        case _:
            said = grace_value(grace)
    return f"{grace.effect.replace('_', ' ')} {said}".strip()


def grace_value(grace: Grace) -> str:
    """What a grace sets, as its author might write it, without its unit; empty where the effect says it all."""
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
    return f"due {long_date(due.day)}{' (tentative)' if due.tentative else ''}"
