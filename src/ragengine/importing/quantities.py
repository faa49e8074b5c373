"""Amounts as people write them in cells, ``£1.2m``, ``95%``, ``26:30``, ``1:8``, and bounds: ``<= 10 days``."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, frozen

from ..terms import Direction
from .phrases import readings_of
from .spans import Measure, Reading

__all__ = [
    "MOST_OF_ONE",
    "RATIO",
    "TIME",
    "Bound",
    "Quantity",
    "decimals_of",
    "read_bound",
    "read_quantity",
    "writable",
]

#: a share of one is no larger: 1.05 is 105%
MOST_OF_ONE = 2
#: characters of a cell that can be an amount
_LONGEST = 120
#: the units of ``26:30``, in hours (or minutes: the larger of its two parts), and of ``1:8``
TIME, RATIO = "h:mm", "ratio 1:x"

_LARGEST = Fraction(10**12)
_MOST_PLACES = 15
_QUANTITY = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<currency>[£$€]?)\s*(?P<inner>[+-]?)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d{1,15})?|\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})"
    r"(?:e(?P<power>[+-]?\d{1,2}))?\s*(?P<scale>bn|billion|million|mlls|mn|thousand|[mk](?![a-z]))?\s*(?P<rest>.*)",
    re.ASCII | re.IGNORECASE,
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "mlls": 6, "bn": 9, "billion": 9}
#: words, and the number of whom or what: per 1,000 people
_UNIT = re.compile(
    r"[^\W\d_]+(?:[ /-][^\W\d_]+)*\.?|(?:[^\W\d_]+ )*per \d[\d,]{0,9}(?: [^\W\d_]+)*|°\s?[cf]?|/\s?(?:5|10|20|100)",
    re.IGNORECASE,
)
_PER_CENT = frozenset({"%", "percent", "per cent", "pct", "percentage"})
_CLOCK = re.compile(r"(-?)(\d{1,4}):([0-5]\d)(?::([0-5]\d))?(?:\s*(?:hrs?|hours?|mins?|h))?", re.ASCII | re.IGNORECASE)
_TO_ONE = re.compile(r"1\s?:\s?(\d{1,6}(?:\.\d{1,6})?)", re.ASCII)
_ONE_OF = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s?:\s?1", re.ASCII)
_HOURS_MINUTES = re.compile(
    r"(\d{1,4})\s?(?:h|hrs?|hours?)\s?(?:and )?(\d{1,2})\s?(?:m|mins?|minutes?)", re.ASCII | re.IGNORECASE
)


@frozen
class Quantity:
    """A number with the unit it is written with.

    Attributes:
        scaled: the letter or word by which it was multiplied: ``m`` of ``£1.2m``.
    """

    value: Fraction
    unit: str = ""
    scaled: str = ""


@frozen
class Bound:
    """What a cell says of a number: one, or a range, and on which side of it is well where it says so.

    Attributes:
        beyond: whether only what lies beyond the number counts (``> 90``).
        high: the upper end of a range; None where ``low`` is the one number.
        plain: whether a range is certainly one: ``95 to 105`` with words, not ``95-105``.
    """

    low: Quantity
    high: Quantity | None = None
    side: Direction | None = None
    beyond: bool = False
    plain: bool = True

    @property
    def unit(self) -> str:
        return self.low.unit or (self.high.unit if self.high is not None else "")

    @property
    def scaled(self) -> str:
        return self.low.scaled or (self.high.scaled if self.high is not None else "")

    def converted(self, number: Fraction, high: Fraction | None) -> Bound:
        """With its numbers in another unit."""
        low = evolve(self.low, value=number, scaled="")
        return evolve(self, low=low, high=None if self.high is None or high is None else evolve(self.high, value=high))


def read_quantity(written: str, *, ratio: bool = False) -> Quantity | None:
    """The amount a cell shows, or None; ``ratio``: two numbers with a colon are a ratio, not a time.

    >>> read_quantity("£1,000"), read_quantity("1.42e+08").value, read_quantity("Top quartile")
    (Quantity(value=Fraction(1000, 1), unit='£', scaled=''), Fraction(142000000, 1), None)
    >>> read_quantity("03:45").value, read_quantity("1:8", ratio=True).value
    (Fraction(15, 4), Fraction(8, 1))
    """
    text = " ".join(written.replace("−", "-").split())
    if len(text) > _LONGEST:
        return None
    if ":" in text or "h" in text:
        found = _ratio(text) if ratio else _clock(text)
        if found is not None or ":" in text:
            return found if found is not None or ratio else _ratio(text)
    match = _QUANTITY.fullmatch(text)
    if match is None or (match["sign"] and match["inner"]):
        return None
    scale, rest = (match["scale"] or "").casefold(), match["rest"].strip()
    if scale in ("m", "k") and not match["currency"] and rest:
        return None
    if rest and rest.casefold() not in _PER_CENT and not _UNIT.fullmatch(rest):
        return None
    if re.match(r"(?:st|nd|rd|th)\b", rest, re.IGNORECASE):
        return None  # 1st quartile is a place, not a number
    number = Decimal(match["sign"] + match["inner"] + match["digits"].replace(",", ""))
    power = int(match["power"] or 0) + _SCALES.get(scale, 0)
    if abs(power) > 20:
        return None
    value = Fraction(number) * Fraction(10) ** power
    if not writable(value):
        return None
    unit = "%" if rest.casefold() in _PER_CENT else rest.rstrip(".")
    return Quantity(value, match["currency"] or unit, scale)


def _clock(text: str) -> Quantity | None:
    """``26:30``, ``0:04:10`` or ``3h 45m`` in hours."""
    words = _HOURS_MINUTES.fullmatch(text)
    if words is not None:
        return Quantity(Fraction(words[1]) + Fraction(int(words[2]), 60), TIME)
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours = Fraction(match[2]) + Fraction(int(match[3]), 60) + Fraction(int(match[4] or 0), 3600)
    return Quantity(-hours if match[1] else hours, TIME)


def _ratio(text: str) -> Quantity | None:
    match = _TO_ONE.fullmatch(text) or _ONE_OF.fullmatch(text)
    return Quantity(Fraction(match[1]), RATIO) if match is not None else None


def read_bound(written: str) -> Bound | None:
    """The number or range a cell shows, with its comparator; None where there is none.

    >>> bound = read_bound("<= 10 days")
    >>> str(bound.side), bound.beyond, bound.low.value, bound.unit
    ('lower', False, Fraction(10, 1), 'days')
    """
    text = " ".join(written.split())
    readings = readings_of(text)
    quantity = read_quantity(text) if not readings or readings[0].line else None
    if quantity is not None:
        return Bound(quantity)
    sign, rest = _sign_and_rest(text)
    timed = read_quantity(rest) if sign and ":" in rest else None
    if timed is not None:
        reading = next((r for r in readings_of(f"{sign} 1") if r.measure is Measure.VALUE), None)
        found = None if reading is None else _bound(reading)
        return None if found is None else evolve(found, low=timed)
    value = next((reading for reading in readings if reading.measure is Measure.VALUE), None)
    return _bound(value) if value is not None else None


def _sign_and_rest(text: str) -> tuple[str, str]:
    match = re.match(r"([^\d]*?)\s*(\d.*)", text)
    return (match[1], match[2]) if match is not None and match[1] else ("", text)


def _bound(reading: Reading) -> Bound | None:
    if len(reading.spans) != 1:
        return None
    low, high = reading.spans[0].low, reading.spans[0].high
    if any(end.at is None or not writable(end.at) for end in reading.spans[0].ends):
        return None
    first, second = (
        None if end is None or end.at is None else Quantity(end.at, reading.unit, reading.scaled) for end in (low, high)
    )
    if first is not None and second is not None:
        if low == high:
            return Bound(first)
        return Bound(first, second, Direction.WITHIN, plain=reading.plain)
    if first is not None:
        return Bound(first, side=Direction.HIGHER, beyond=low is not None and not low.closed)
    assert second is not None
    return Bound(second, side=Direction.LOWER, beyond=high is not None and not high.closed)


def writable(value: Fraction) -> bool:
    """Whether a rule file may hold the number."""
    return abs(value) <= _LARGEST and (value * 10**_MOST_PLACES).denominator == 1


def decimals_of(value: Fraction) -> int:
    """How many decimals a number is written with, as far as they matter: six at most."""
    return next((places for places in range(7) if (value * 10**places).denominator == 1), 6)
