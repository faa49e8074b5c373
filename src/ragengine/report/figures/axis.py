"""Where a figure's axis begins and ends, and its ticks. Numbers here are drawn, never compared with a line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from attrs import frozen

from ...rating.explanation import BandLine

__all__ = ["Axis", "axis_of", "chart_axis", "days_axis", "pieces_on"]

_DAYS = 90
_STEP_OF_DAYS = 30


@frozen
class Axis:
    """From ``low`` to ``high``, with ticks; ``zero`` says whether a bar may start at its beginning."""

    low: float
    high: float
    ticks: tuple[float, ...] = ()

    @property
    def zero(self) -> bool:
        return self.low == 0

    def place(self, value: Fraction | float, room: float) -> float:
        """How far along so much room a number stands; at an end where it lies beyond it."""
        share = (float(value) - self.low) / (self.high - self.low)
        return room * min(max(share, 0.0), 1.0)

    def holds(self, value: Fraction | float) -> bool:
        return self.low <= float(value) <= self.high


def _nice(step: float) -> float:
    """The next round step: 1, 2 or 5 times a power of ten."""
    if step <= 0 or not math.isfinite(step):
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    for factor in (1, 2, 5, 10):
        if step <= factor * power * (1 + 1e-9):
            return factor * power
    return 10 * power


def _numbers(numbers: Iterable[Fraction | None]) -> list[float]:
    return [float(number) for number in numbers if number is not None]


def axis_of(numbers: Iterable[Fraction | None], unit: str) -> Axis:
    """The axis of a strip or a bullet: percentages from 0 to 100, others from 0 to a round number."""
    known = _numbers(numbers) or [0.0]
    low, high = min(known), max(known)
    if unit == "%" and low >= 0 and high <= 100:
        return Axis(0.0, 100.0, (0.0, 100.0))
    low = min(low, 0.0)
    span = (high - low) * 1.15 or 1.0
    step = _nice(span / 5)
    first, last = math.floor(low / step) * step, math.ceil((low + span) / step) * step
    return Axis(first, last, (first, last))


def chart_axis(numbers: Iterable[Fraction | None], unit: str, wanted: int = 5) -> Axis:
    """The axis of a chart: it may start above zero, where the figures are far from it."""
    known = _numbers(numbers) or [0.0, 1.0]
    low, high = min(known), max(known)
    pad = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    low, high = low - pad, high + pad
    if min(known) >= 0 and low < 0.35 * high:
        low = 0.0
    if unit == "%" and max(known) <= 100:
        high = min(high, 100.0)
    step = _nice((high - low) / wanted)
    first, last = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    count = round((last - first) / step)
    return Axis(first, last, tuple(first + n * step for n in range(count + 1)))


def days_axis(days: Iterable[float]) -> Axis:
    """From 90 days early to 90 days late, wider by 30s."""
    widest = max((abs(day) for day in days), default=0.0)
    end = max(_DAYS, math.ceil((widest + 5) / _STEP_OF_DAYS) * _STEP_OF_DAYS)
    return Axis(-end, end, (-end, end))


def pieces_on(bands: Sequence[BandLine], axis: Axis) -> list[tuple[str, float, float]]:
    """(level id, from, to) of each band within the axis, in the axis's numbers."""
    found = []
    for band in bands:
        low = axis.low if band.lower is None else max(float(Fraction(band.lower)), axis.low)
        high = axis.high if band.upper is None else min(float(Fraction(band.upper)), axis.high)
        if high > low:
            found.append((band.rag, low, high))
    return found


def edges_of(bands: Sequence[BandLine]) -> list[Fraction]:
    """The lines between bands, each once."""
    return sorted({Fraction(end) for band in bands for end in (band.lower, band.upper) if end is not None})
