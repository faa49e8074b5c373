"""Confidence limits of a proportion, a count and a rate, as the public-health tools state them.

Limits are worked out in 50 decimal digits and kept to 15, as ratios: so that one number is judged, printed and stored.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any

from attrs import frozen

__all__ = [
    "BYAR_FROM", "LEVELS_OF_CONFIDENCE", "Limits", "byar", "byar_end", "decimal_of", "exact_poisson", "kept",
    "normal_quantile", "poisson", "wilson", "wilson_ends",
]  # fmt: skip

_WORKING = Context(prec=50)
_KEPT = Context(prec=15)

#: the standard normal quantiles that belong to 95% and 99.8%, both sides (PHEindicatormethods, R/utils.R)
LEVELS_OF_CONFIDENCE = {
    Fraction(95, 100): Decimal("1.959963984540054"),
    Fraction(998, 1000): Decimal("3.090232306167813"),
}

#: from so many cases Byar's approximation is used, below it the exact limits
BYAR_FROM = 10


@frozen
class Limits:
    """The two ends of an interval; both belong to it."""

    lower: Fraction
    upper: Fraction

    def times(self, scale: Fraction) -> Limits:
        """The limits of a number that many times as large (the scale is positive)."""
        return Limits(self.lower * scale, self.upper * scale)


def decimal_of(value: Fraction | Decimal) -> Decimal:
    """A ratio in the digits of the context that is in force."""
    return value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)


def kept(value: Decimal) -> Fraction:
    """A worked-out number, to 15 digits."""
    return Fraction(_KEPT.plus(value))


def normal_quantile(confidence: Fraction) -> Decimal:
    """The standard normal quantile of a two-sided confidence, to the digits of a float.

    Raises ValueError unless the confidence lies between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    known = LEVELS_OF_CONFIDENCE.get(confidence)
    return _other_quantile(confidence) if known is None else known


@lru_cache(maxsize=64)
def _other_quantile(confidence: Fraction) -> Decimal:
    from statistics import NormalDist  # what states no interval needs none of it

    return Decimal(repr(NormalDist().inv_cdf(float((1 + confidence) / 2))))


def wilson(cases: Fraction, of: Fraction, confidence: Fraction, z: Decimal | None = None) -> Limits | None:
    """Wilson's score interval of a proportion, between 0 and 1; None of nothing.

    Exactly 0 with no case and exactly 1 with nothing but cases. Raises ValueError for fewer than no cases or more than
    there are.
    """
    if cases < 0 or of < 0 or cases > of:
        raise ValueError("a proportion needs at least 0 cases and at most as many as there are")
    if of == 0:
        return None
    z = normal_quantile(confidence) if z is None else z
    with localcontext(_WORKING):
        low, high = wilson_ends(decimal_of(cases), decimal_of(of), z, Decimal.sqrt)
        lower = Fraction(0) if cases == 0 else kept(low)
        upper = Fraction(1) if cases == of else kept(high)
    return Limits(lower, upper)


def wilson_ends(cases: Any, of: Any, z: Any, root: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The ends of Wilson's interval, ``(2x + z² ± z √(z² + 4x(1 - x/n))) / 2(n + z²)``, in numbers of any one kind.

    Decimals, floats, or columns of them; ``root`` takes their square root. The ends multiplied are ``x² / n(n + z²)``,
    which gives the lower one without a difference of two numbers that are nearly equal.
    """
    middle = 2 * cases + z * z
    sum_of_both = middle + z * root(z * z + 4 * cases * (1 - cases / of))
    return 2 * cases * cases / (of * sum_of_both), sum_of_both / (2 * (of + z * z))


def byar(cases: Fraction, confidence: Fraction) -> Limits:
    """Byar's approximate limits of a count; the lower one is 0 where the formula has none or a negative one.

    Its ends are :func:`byar_end`'s. Raises ValueError below 0.
    """
    if cases < 0:
        raise ValueError("a count is not negative")
    z = normal_quantile(confidence)
    with localcontext(_WORKING):
        x = decimal_of(cases)
        lower = byar_end(x, -z, Decimal.sqrt) if x else Decimal(0)
        return Limits(kept(max(lower, Decimal(0))), kept(byar_end(x + 1, z, Decimal.sqrt)))


def byar_end(count: Any, z: Any, root: Callable[[Any], Any]) -> Any:
    """One end by Byar: ``c (1 - 1/9c + z/3√c)³``, in numbers of any one kind as :func:`wilson_ends` takes them.

    The lower end is that of the count and ``-z``, the upper one that of one more and ``z``.
    """
    share = 1 - 1 / (9 * count) + z / (3 * root(count))
    return count * share * share * share


@lru_cache(maxsize=1024)
def exact_poisson(cases: int, confidence: Fraction) -> Limits:
    """The exact limits of a Poisson count: the means under which so many, or so few, have half the rest of the chance.

    Equal to ``χ²(α/2; 2x) / 2`` and ``χ²(1 - α/2; 2x + 2) / 2``; the lower is 0 with no case. Raises ValueError
    below 0. The work grows with the count.
    """
    if cases < 0:
        raise ValueError("a count is not negative")
    near = byar(Fraction(cases), confidence)
    with localcontext(_WORKING):
        tail = decimal_of((1 - confidence) / 2)
        lower = _mean_with(cases - 1, 1 - tail, decimal_of(near.lower)) if cases else Decimal(0)
        return Limits(kept(lower), kept(_mean_with(cases, tail, decimal_of(near.upper))))


def _mean_with(most: int, chance: Decimal, start: Decimal) -> Decimal:
    """The mean of a Poisson count that is at most ``most`` with this chance, by Newton's steps kept in a bracket."""
    low, high = Decimal(0), Decimal(2 * most + 40)
    mean = start if low < start < high else (low + high) / 2
    for _ in range(200):
        at_most, exactly = _poisson_chances(mean, most)
        if at_most > chance:
            low = mean
        else:
            high = mean
        step = mean + (at_most - chance) / exactly
        following = step if low < step < high else (low + high) / 2
        if abs(following - mean) <= following * Decimal("1e-30"):
            return following
        mean = following
    raise AssertionError("unreachable: the bracket halves")


def _poisson_chances(mean: Decimal, most: int) -> tuple[Decimal, Decimal]:
    """The chance of at most so many, and of exactly so many."""
    term = (-mean).exp()
    total = term
    for count in range(1, most + 1):
        term = term * mean / count
        total += term
    return total, term


def poisson(cases: Fraction, confidence: Fraction) -> Limits:
    """The limits of a count as OHID states them: exact below 10, Byar's from 10.

    A count below 10 that is no whole number takes Byar's too. Raises ValueError below 0.
    """
    if cases < BYAR_FROM and cases.denominator == 1:
        return exact_poisson(int(cases), confidence)
    return byar(cases, confidence)
