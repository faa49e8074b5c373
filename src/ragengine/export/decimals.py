"""Exact decimals as text, and how many digits they take on either side of the point."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

__all__ = ["Digits", "decimal_text", "digits_of"]


def _places(value: Fraction) -> int:
    """How many decimals a number has that ends; what rule files hold all do."""
    places, left = 0, value.denominator
    while left != 1:
        places += 1
        left = (value * 10**places).denominator
    return places


def decimal_text(value: Fraction) -> str:
    """A number in full, without exponent or groups.

    >>> decimal_text(Fraction("-89.950")), decimal_text(Fraction(90))
    ('-89.95', '90')
    """
    places = _places(value)
    whole, rest = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


@frozen
class Digits:
    """Digits before and after the point."""

    whole: int
    places: int

    @property
    def total(self) -> int:
        return self.whole + self.places

    def __or__(self, other: Digits) -> Digits:
        """Enough for both."""
        return Digits(max(self.whole, other.whole), max(self.places, other.places))


def digits_of(values: Iterable[Fraction]) -> Digits:
    """Enough for each of these numbers.

    >>> digits_of([Fraction("89.95"), Fraction(100)])
    Digits(whole=3, places=2)
    """
    needed = Digits(1, 0)
    for value in values:
        needed |= Digits(len(str(abs(value.numerator) // value.denominator)), _places(value))
    return needed
