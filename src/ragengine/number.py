"""Numbers as people print them, as exact ratios, and back as text."""

from __future__ import annotations

import math
import operator
import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

__all__ = [
    "MAX_DIGITS",
    "PRINTED",
    "NumberError",
    "Value",
    "exact",
    "half_up",
    "parse_number",
    "smallest_float",
    "text",
]

#: what a caller may give as a number
Value = int | float | Decimal | Fraction | str

#: digits allowed on either side of the point
MAX_DIGITS = 15

#: a number as a cell shows it, for every engine's regular expressions
PRINTED = r"[+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,15})?[ ]?%?"
_PRINTED = re.compile(PRINTED)
_APART = str.maketrans("", "", ",% ")


class NumberError(ValueError):
    """A text or object that is no finite, bounded number; the argument says what it is."""


def parse_number(printed: str) -> Fraction:
    """The exact number that a cell shows: ``93%``, ``1,234``, `` 95.6 ``.

    A per cent sign is dropped, not divided by: the unit belongs to the KPI. Raises NumberError.

    >>> parse_number("1,234.50"), parse_number(" 93% ")
    (Fraction(2469, 2), Fraction(93, 1))
    """
    bare = printed.strip(" \t\u00a0")
    if _PRINTED.fullmatch(bare) is None:
        raise NumberError("not a number")
    return Fraction(bare.translate(_APART))


def exact(value: object) -> Fraction:
    """A number of any kind as an exact ratio; a float means the shortest decimal that prints it.

    Raises NumberError for what is not finite, out of bounds (15 digits either side of the point) or no number.

    >>> exact(0.1) == exact("0.1") == exact(Decimal("0.1")) == Fraction(1, 10)
    True
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        raise NumberError("true and false are no numbers")
    if isinstance(value, int):
        return _bounded(Decimal(value)) if abs(value) < 10**MAX_DIGITS else _refuse_size()
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NumberError("not a finite number")
        return _bounded(Decimal(float.__repr__(value)))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NumberError("not a finite number")
        return _bounded(value)
    if isinstance(value, str):
        return parse_number(value)
    return _foreign(value)


def _foreign(value: Any) -> Fraction:
    """Numbers of other libraries, by the protocols they keep (numpy's integers, ``numbers.Rational``)."""
    try:
        return exact(operator.index(value))
    except TypeError:
        pass
    try:
        return exact(float(value))
    except (TypeError, ValueError):
        raise NumberError(f"a {type(value).__name__} is no number") from None


def _bounded(value: Decimal) -> Fraction:
    if value and not -400 <= value.adjusted() < MAX_DIGITS:
        _refuse_size()
    return Fraction(value)


def _refuse_size() -> Fraction:
    raise NumberError(f"more than {MAX_DIGITS} digits before the point, or far more after it")


def half_up(value: Fraction, places: int) -> Fraction:
    """Rounded to so many places, halves towards plus infinity, for negatives too.

    >>> half_up(Fraction("94.95"), 1), half_up(Fraction("-2.5"), 0)
    (Fraction(95, 1), Fraction(-2, 1))
    """
    scale = 10**places
    return Fraction(math.floor(value * scale + Fraction(1, 2)), scale)


def smallest_float(at: Fraction, *, reached: bool) -> float:
    """The smallest float whose printed decimal is at least ``at`` (or beyond it where ``at`` is not reached).

    ``value >= smallest_float(at, reached=…)`` then gives for every float what exact arithmetic gives for the
    decimal that the float prints as, so no engine that compares floats needs a second look at a tie.
    """
    guess = float(at)

    def passes(value: Fraction) -> bool:
        return value >= at if reached else value > at

    while passes(Fraction(float.__repr__(guess))):
        guess = math.nextafter(guess, -math.inf)
    while not passes(Fraction(float.__repr__(guess))):
        guess = math.nextafter(guess, math.inf)
    return guess


def _terminates(value: Fraction, places: int) -> bool:
    scaled: Fraction = value * Fraction(10**places)
    return scaled.denominator == 1


def text(value: Fraction | Decimal | int | float, places: int | None = None, *, grouped: bool = True) -> str:
    """A number as a report prints it; without ``places`` exactly where six places suffice, else half-up to two.

    >>> text(Fraction("84.0"), 1), text(Fraction(1234567, 2)), text(Fraction(2, 3))
    ('84.0', '617,283.5', '0.67')
    """
    if isinstance(value, Fraction):
        number = value
    elif places is None and isinstance(value, int):
        return f"{value:,}" if grouped else str(value)
    else:
        number = exact(value)
    return _fraction_text(number, places, grouped)


@lru_cache(maxsize=4096)
def _fraction_text(value: Fraction, places: int | None, grouped: bool) -> str:
    if places is None:
        places = next((n for n in range(7) if _terminates(value, n)), 2)
    scaled = math.floor(value * 10**places + Fraction(1, 2))
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled), 10**places)
    digits = f"{whole:,}" if grouped else str(whole)
    return f"{sign}{digits}.{rest:0{places}d}" if places else f"{sign}{digits}"
