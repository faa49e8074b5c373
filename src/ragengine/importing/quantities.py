"""Amounts and bounds as people write them in cells: ``£1.2m``, ``95%``, ``<= 10 days``, ``95-105``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, frozen

from ..terms import Direction

__all__ = ["MOST_OF_ONE", "Bound", "Quantity", "read_bound", "read_quantity"]

#: a share of one is no larger: 1.05 is 105%
MOST_OF_ONE = 2
#: characters of a cell that can be an amount
_LONGEST = 120

_LARGEST = Fraction(10**12)
_MOST_PLACES = 15
_QUANTITY = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<currency>[£$€]?)\s*(?P<inner>[+-]?)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d{1,15})?|\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})"
    r"(?:e(?P<power>[+-]?\d{1,2}))?\s*(?P<scale>bn|billion|million|thousand|[mk](?![a-z]))?\s*(?P<rest>.*)",
    re.ASCII | re.IGNORECASE,
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}
#: words, and the number of whom or what: per 1,000 people
_UNIT = re.compile(r"[^\W\d_]+(?:[ /-][^\W\d_]+)*\.?|(?:[^\W\d_]+ )*per \d[\d,]{0,9}(?: [^\W\d_]+)*", re.IGNORECASE)
_PER_CENT = frozenset({"%", "percent", "per cent", "pct", "percentage"})

_NOT_BEYOND, _BEYOND = False, True
#: words before or after a number that say on which side of it is well
_BEFORE: tuple[tuple[str, Direction, bool], ...] = (
    (r">\s*=|=\s*>|≥|⩾", Direction.HIGHER, _NOT_BEYOND),
    (r"<\s*=|=\s*<|≤|⩽", Direction.LOWER, _NOT_BEYOND),
    (r">", Direction.HIGHER, _BEYOND),
    (r"<", Direction.LOWER, _BEYOND),
    (r"(?:at least|no less than|not less than|minimum(?: of)?|min\.?|greater than or equal to)\b",
     Direction.HIGHER, _NOT_BEYOND),
    (r"(?:at most|no more than|not more than|no greater than|not exceeding|maximum(?: of)?|max\.?|up to|within"
     r"|less than or equal to)\b", Direction.LOWER, _NOT_BEYOND),
    (r"(?:above|over|more than|greater than|in excess of|exceeds?)\b", Direction.HIGHER, _BEYOND),
    (r"(?:below|under|less than|fewer than)\b", Direction.LOWER, _BEYOND),
)  # fmt: skip
_AFTER: tuple[tuple[str, Direction, bool], ...] = (
    (r"\+|(?:or|and) (?:more|above|higher|over|greater)|minimum|min\.?", Direction.HIGHER, _NOT_BEYOND),
    (r"(?:or|and) (?:less|fewer|below|lower|under)|maximum|max\.?", Direction.LOWER, _NOT_BEYOND),
)
_STARTS = tuple((re.compile(rf"(?:{words})\s*", re.IGNORECASE), side, beyond) for words, side, beyond in _BEFORE)
_ENDS = tuple((re.compile(rf"(.*?)\s*(?:{words})", re.IGNORECASE), side, beyond) for words, side, beyond in _AFTER)
_BETWEEN = re.compile(r"(?:between\s+)?(.+?)\s*(?:\bto\b|\band\b|-|–|—)\s*(.+)", re.IGNORECASE)
_AROUND = re.compile(r"(.+?)\s*(?:±|\+\s*/\s*-|\bplus or minus\b)\s*(.+)", re.IGNORECASE)


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


def read_quantity(written: str) -> Quantity | None:
    """The amount a cell shows, or None.

    >>> read_quantity("£1,000"), read_quantity("1.42e+08").value, read_quantity("Top quartile")
    (Quantity(value=Fraction(1000, 1), unit='£', scaled=''), Fraction(142000000, 1), None)
    """
    match = _QUANTITY.fullmatch(written.strip().replace("−", "-")) if len(written) <= _LONGEST else None
    if match is None or (match["sign"] and match["inner"]):
        return None
    scale, rest = (match["scale"] or "").casefold(), match["rest"].strip()
    if scale in ("m", "k") and not match["currency"] and rest:
        return None
    if rest and rest.casefold() not in _PER_CENT and not _UNIT.fullmatch(rest):
        return None
    number = Decimal(match["sign"] + match["inner"] + match["digits"].replace(",", ""))
    power = int(match["power"] or 0) + _SCALES.get(scale, 0)
    if abs(power) > 20:
        return None
    value = Fraction(number) * Fraction(10) ** power
    if not _writable(value):
        return None
    unit = "%" if rest.casefold() in _PER_CENT else rest.rstrip(".")
    return Quantity(value, match["currency"] or unit, scale)


def read_bound(written: str) -> Bound | None:
    """The number or range a cell shows, with its comparator; None where there is none.

    >>> bound = read_bound("<= 10 days")
    >>> str(bound.side), bound.beyond, bound.low.value, bound.unit
    ('lower', False, Fraction(10, 1), 'days')
    """
    text = " ".join(written.split())
    if len(text) > _LONGEST:
        return None
    for starts, side, beyond in _STARTS:
        match = starts.match(text)
        if match is not None:
            quantity = read_quantity(text[match.end() :])
            return None if quantity is None else Bound(quantity, side=side, beyond=beyond)
    for ends, side, beyond in _ENDS:
        match = ends.fullmatch(text)
        quantity = read_quantity(match[1]) if match is not None else None
        if quantity is not None:
            return Bound(quantity, side=side, beyond=beyond)
    quantity = read_quantity(text)
    return Bound(quantity) if quantity is not None else _range(text)


def _range(text: str) -> Bound | None:
    around = _AROUND.fullmatch(text)
    if around is not None:
        return _around(*_both(around.groups()))
    between = _BETWEEN.fullmatch(text)
    if between is None:
        return None
    low, high = _both(between.groups())
    if low is None or high is None or low.value > high.value:
        return None
    if low.unit and high.unit and low.unit != high.unit:
        return None
    if high.scaled and not low.scaled:
        # 1-2m: whether the first is in millions too, nobody knows
        return None
    plain = not re.fullmatch(r"\S+?\s*[-–—]\s*\S+", text)
    return Bound(low, high, Direction.WITHIN, plain=plain)


def _both(texts: Sequence[str]) -> tuple[Quantity | None, Quantity | None]:
    first, second = texts
    return read_quantity(first), read_quantity(second)


def _around(middle: Quantity | None, width: Quantity | None) -> Bound | None:
    if middle is None or width is None or width.value < 0:
        return None
    of_middle = width.unit == "%" and middle.unit != "%"
    amount = abs(middle.value) * width.value / 100 if of_middle else width.value
    low, high = evolve(middle, value=middle.value - amount), evolve(middle, value=middle.value + amount)
    return Bound(low, high, Direction.WITHIN) if _writable(low.value) and _writable(high.value) else None


def _writable(value: Fraction) -> bool:
    """Whether a rule file may hold the number."""
    return abs(value) <= _LARGEST and (value * 10**_MOST_PLACES).denominator == 1
