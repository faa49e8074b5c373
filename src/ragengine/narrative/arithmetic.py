"""The arithmetic of printed numbers: each is known to half a unit of its last printed place.

Where one number of a statement was rounded, a difference of just that half is right too: a half may be printed up or
down. Where several were, only one true value could make it so, and it counts as wrong: ``4.5% off target (95.6%)``
for a target of 100.
"""

from __future__ import annotations

import math
from fractions import Fraction

from attrs import frozen

from ..number import text
from .quantities import Printed

__all__ = ["GapReading", "allows", "gap_readings", "left_out", "near_shares", "tenths", "whole_numbers"]

#: beyond so many cases a printed percentage can be anything
_MOST_CASES = 300


def allows(difference: Fraction, *steps: Fraction) -> bool:
    """Whether rounding to these printed steps explains a difference.

    >>> allows(Fraction("0.5"), Fraction(1)), allows(Fraction("0.1"), Fraction("0.1"), Fraction("0.1"))
    (True, False)
    """
    rounded = [step for step in steps if step]
    most = sum(rounded, Fraction(0)) / 2
    return abs(difference) <= most if len(rounded) < 2 else abs(difference) < most


def tenths(value: Fraction) -> str:
    """A percentage as a message shows it: exactly, or to one place.

    >>> tenths(Fraction(6)), tenths(Fraction(20, 3))
    ('6', '6.7')
    """
    return text(value) if (10 * value).denominator == 1 else text(value, 1)


@frozen
class GapReading:
    """One reading of a gap: in the unit (points, of a percentage), or in per cent of the target.

    Attributes:
        gap: what it is by this reading, negative above the target.
        holds: whether the printed gap is that, as far as it is printed.
    """

    of_target: bool
    gap: Fraction
    holds: bool


def gap_readings(gap: Printed, bound: str, value: Printed, target: Fraction) -> tuple[GapReading, ...]:
    """The readings that a gap's units leave: a percentage of a percentage may be points or part of the target."""
    short = target - value.value
    readings = []
    if gap.unit != "%" or value.unit == "%":
        readings.append(_reading(False, short, gap, bound, value.step))
    if gap.unit == "%" and target:
        scale = 100 / abs(target)
        readings.append(_reading(True, short * scale, gap, bound, value.step * scale))
    return tuple(readings)


def _reading(of_target: bool, found: Fraction, gap: Printed, bound: str, step: Fraction) -> GapReading:
    over = abs(found) - abs(gap.value)
    within = over <= step / 2
    match bound:
        case "<":
            holds = within
        case ">":
            holds = -over <= step / 2
        case "~":
            holds = abs(over) <= max(abs(gap.value) / 10, gap.step)
        case _:
            holds = allows(over, gap.step, step)
    return GapReading(of_target, found, holds)


def whole_numbers(percent: Printed, remaining: Fraction) -> bool:
    """Whether some whole number of cases leaves so many where ``percent`` are done.

    >>> from .quantities import outline
    >>> fifty_five = next(iter(outline("55%").quantities.values()))
    >>> whole_numbers(fifty_five, Fraction(3)), whole_numbers(fifty_five, Fraction(5))
    (False, True)
    """
    fewest = 100 - percent.value - percent.half
    most = 100 - percent.value + percent.half
    if fewest <= 0:
        return True
    return math.ceil(100 * remaining / most) <= math.floor(100 * remaining / fewest)


def near_shares(percent: Printed, remaining: Fraction) -> tuple[tuple[int, int], ...]:
    """The two counts (done, all) nearest to a percentage with so many remaining."""
    if percent.value >= 100:
        return ()
    below = math.floor(100 * remaining / (100 - percent.value))
    counts = [n for n in (below, below + 1) if n > remaining]
    return tuple((n - int(remaining), n) for n in counts)


def left_out(reported: Printed, actual: Printed, cases: Fraction) -> tuple[bool, tuple[int, int] | None]:
    """Whether counts exist that are ``actual`` of all and ``reported`` once the cases are left out, and the nearest.

    Where the percentages leave room for more than a few hundred cases, some counts fit.
    """
    # part <= actual * whole and part >= reported * (whole - cases) bound the whole
    apart = reported.value - reported.half - actual.value - actual.half
    most = math.ceil(reported.value * cases / apart) + 1 if apart > 0 else _MOST_CASES
    if most >= _MOST_CASES:
        return True, None
    nearest: tuple[Fraction, tuple[int, int]] | None = None
    for whole in range(int(cases) + 1, most + 1):
        counted = whole - int(cases)
        part = math.floor(reported.value * counted / 100 + Fraction(1, 2))
        if not 0 <= part <= counted or not allows(Fraction(100 * part, counted) - reported.value, reported.step):
            continue
        off = abs(Fraction(100 * part, whole) - actual.value)
        if off <= actual.half:
            return True, (part, whole)
        if nearest is None or off < nearest[0]:
            nearest = off, (part, whole)
    return False, nearest[1] if nearest else None
