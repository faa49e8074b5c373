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
    "BLANKS",
    "MAX_DIGITS",
    "MAX_PLACES",
    "PRINTED",
    "WITH_EXPONENT",
    "NumberError",
    "Value",
    "exact",
    "half_up",
    "in_full",
    "parse_number",
    "smallest_float",
    "text",
]

#: what a caller may give as a number
Value = int | float | Decimal | Fraction | str

#: digits before the point, and in all (leading zeros do not count)
MAX_DIGITS = 15
MAX_PLACES = 38

#: what may stand round a cell's text
BLANKS = " \t\u00a0"

#: a number as a cell shows it, for every engine's regular expressions: plain, and with an exponent
PRINTED = r"[+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,38})?(?:[ ]?%)?"
WITH_EXPONENT = r"[+-]?[0-9]{1,38}(?:\.[0-9]{1,38})?[eE][+-]?[0-9]{1,3}"
_PRINTED = re.compile(PRINTED)
_WITH_EXPONENT = re.compile(WITH_EXPONENT)
_APART = str.maketrans("", "", ",% +")


class NumberError(ValueError):
    """A text or object that is no finite, bounded number; the argument says what it is."""


def parse_number(printed: str) -> Fraction:
    """The exact number that a cell shows: ``93%``, ``1,234``, `` 95.6 ``, ``1e-05``.

    A per cent sign is dropped, not divided by: the unit belongs to the KPI. What has an exponent is the shortest
    decimal that prints the same float. Raises NumberError.

    >>> parse_number("1,234.50"), parse_number(" 93% "), parse_number("1e-05")
    (Fraction(2469, 2), Fraction(93, 1), Fraction(1, 100000))
    """
    bare = printed.strip(BLANKS)
    if _PRINTED.fullmatch(bare) is not None:
        digits = bare.translate(_APART)
        if len(digits) > MAX_PLACES and len(digits.replace(".", "").lstrip("-0")) > MAX_PLACES:
            _refuse_size()
        return Fraction(Decimal(digits))
    if _WITH_EXPONENT.fullmatch(bare) is not None:
        return exact(float(bare))
    raise NumberError("not a number")


def exact(value: object) -> Fraction:
    """A number of any kind as an exact ratio; a float of any length means the shortest decimal that prints it.

    A ratio is returned as it is. Raises NumberError for what is not finite, 10^15 or more in size, longer than 38
    digits, or no number.

    >>> exact(0.1) == exact("0.1") == exact(Decimal("0.1")) == Fraction(1, 10)
    True
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        raise NumberError("true and false are no numbers")
    if isinstance(value, int):
        return Fraction(value) if abs(value) < 10**MAX_DIGITS else _refuse_size()
    if isinstance(value, float):
        if not abs(value) < 10.0**MAX_DIGITS:
            return _refuse_size() if math.isfinite(value) else _refuse_infinite()
        return Fraction(Decimal(float.__repr__(value)))
    if isinstance(value, Decimal):
        return _of_decimal(value)
    if isinstance(value, str):
        return parse_number(value)
    return _foreign(value)


def _of_decimal(value: Decimal) -> Fraction:
    if not value.is_finite():
        _refuse_infinite()
    if value and value.adjusted() >= MAX_DIGITS:
        _refuse_size()
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if -exponent <= MAX_PLACES and len(digits) <= MAX_PLACES:
        return Fraction(value)
    # so small that it is written with an exponent: as a text with one is read
    return exact(float(value)) if "E" in str(value) else _refuse_size()


def _foreign(value: Any) -> Fraction:
    """Numbers of other libraries, by the protocols they keep (numpy's integers, ``numbers.Rational``)."""
    if type(value).__name__ in ("bool", "bool_"):
        raise NumberError("true and false are no numbers")
    if getattr(value, "shape", None) == () and getattr(value.dtype, "kind", "") == "f" and math.isfinite(value):
        # a shorter float prints as its own decimal, and as another once it is made a longer one
        return exact(str(value))
    try:
        return exact(operator.index(value))
    except TypeError:
        pass
    try:
        return exact(float(value))
    except (TypeError, ValueError):
        # a list of JSON is kept as a tuple
        kind = "list" if type(value) is tuple else type(value).__name__
        raise NumberError(f"a {kind} is no number") from None


def _refuse_size() -> Fraction:
    raise NumberError(f"10^{MAX_DIGITS} or more in size, or longer than {MAX_PLACES} digits")


def _refuse_infinite() -> Fraction:
    raise NumberError("not a finite number")


def half_up(value: Fraction, places: int) -> Fraction:
    """Rounded to so many places, halves towards plus infinity, for negatives too.

    >>> half_up(Fraction("94.95"), 1), half_up(Fraction("-2.5"), 0)
    (Fraction(95, 1), Fraction(-2, 1))
    """
    return Fraction(_steps(value.numerator, value.denominator, places), 10**places)


def _steps(numerator: int, denominator: int, places: int) -> int:
    """The same in units of the last place, by whole numbers: texts are made of it by the thousand."""
    units: int = 10**places
    return (2 * numerator * units + denominator) // (2 * denominator)


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
    units: int = 10**places
    return units % value.denominator == 0


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
    return _ratio_text(number.numerator, number.denominator, places, grouped)


def in_full(value: Fraction) -> str:
    """A number as a machine reads it: every digit where it ends within 38 places, else the nearest float's.

    >>> in_full(Fraction("69.9999999")), in_full(Fraction(1234567)), in_full(Fraction(2, 3))
    ('69.9999999', '1234567', '0.6666666666666666')
    """
    places = next((n for n in range(MAX_PLACES + 1) if _terminates(value, n)), None)
    return repr(float(value)) if places is None else _ratio_text(value.numerator, value.denominator, places, False)


#: six places hold what divides it
_MOST_EXACT = 10**6


@lru_cache(maxsize=4096)
def _ratio_text(numerator: int, denominator: int, places: int | None, grouped: bool) -> str:
    # a fraction is looked up much more slowly than its two whole numbers
    if places is None:
        places = next(n for n in range(7) if 10**n % denominator == 0) if _MOST_EXACT % denominator == 0 else 2
    scaled = _steps(numerator, denominator, places)
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled), 10**places)
    digits = f"{whole:,}" if grouped else str(whole)
    return f"{sign}{digits}.{rest:0{places}d}" if places else f"{sign}{digits}"
