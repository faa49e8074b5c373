"""Funnel limits: what may be observed before it differs from a benchmark, as OHID states them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from .intervals import Limits, decimal_of, kept, normal_quantile, poisson

__all__ = ["count_funnel", "proportion_funnel"]


def proportion_funnel(benchmark: Fraction, of: Fraction, confidence: Fraction) -> Limits | None:
    """The observed proportions whose Wilson interval just touches a benchmark, both between 0 and 1; None of nothing.

    Wilson's interval is the score test turned round, so these are ``b ± z √(b(1 - b)/n)``, cut at 0 and 1. Raises
    ValueError for a benchmark that is no proportion.
    """
    if not 0 <= benchmark <= 1 or of < 0:
        raise ValueError("a benchmark of proportions lies between 0 and 1")
    if of == 0:
        return None
    with localcontext(Context(prec=50)):
        b, n = decimal_of(benchmark), decimal_of(of)
        half = normal_quantile(confidence) * (b * (1 - b) / n).sqrt()
        return Limits(kept(max(b - half, Decimal(0))), kept(min(b + half, Decimal(1))))


def count_funnel(expected: Fraction, confidence: Fraction) -> tuple[int, int]:
    """The lowest and the highest count whose Poisson interval reaches an expected number of cases.

    A rate's funnel is this one divided by its denominator. Raises ValueError where fewer than none are expected.
    """
    if expected < 0:
        raise ValueError("the expected number of cases is not negative")
    lowest = _first(0, lambda count: _limits(count, confidence).upper >= expected)
    return lowest, _first(lowest, lambda count: _limits(count + 1, confidence).lower > expected)


def _first(start: int, holds: Callable[[int], bool]) -> int:
    """The first count from a start on for which something holds, and then for all that follow: by doubling, halving."""
    step = 1
    while not holds(start + step):
        step *= 2
    low, high = start, start + step
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _limits(cases: int, confidence: Fraction) -> Limits:
    return poisson(Fraction(cases), confidence)
