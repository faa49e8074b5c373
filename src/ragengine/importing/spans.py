"""Stretches of the number line as cells state them: of values, of shares of the target, or of distances from it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from ..bands import Interval, Threshold
from ..terms import Direction

__all__ = ["End", "Measure", "Reading", "Span"]


class Measure(StrEnum):
    """What the numbers of a span are."""

    VALUE = "a value"
    SHARE = "per cent of the target"
    OFF = "so far from the target"
    OFF_PERCENT = "so many per cent of the target from it"


@frozen
class End:
    """One end of a span: a number, or the target itself (None); ``closed`` where the end belongs to the span."""

    at: Fraction | None
    closed: bool = True


@frozen
class Span:
    """From one end to another; None is without end."""

    low: End | None
    high: End | None

    @property
    def ends(self) -> tuple[End, ...]:
        return tuple(end for end in (self.low, self.high) if end is not None)

    def mapped(self, change: Callable[[Fraction], Fraction]) -> Span:
        """With each number changed; the change keeps their order."""
        return Span(_mapped(self.low, change), _mapped(self.high, change))

    def interval(self) -> Interval:
        """As the bands know it; every end is a number."""
        low, high = self.low, self.high
        return Interval(
            None if low is None or low.at is None else Threshold(low.at, low.closed),
            None if high is None or high.at is None else Threshold(high.at, not high.closed),
        )


def _mapped(end: End | None, change: Callable[[Fraction], Fraction]) -> End | None:
    return end if end is None or end.at is None else End(change(end.at), end.closed)


@frozen
class Reading:
    """One way to read a cell.

    Attributes:
        spans: its stretches; one with both ends at a number for a bare number.
        side: of distances: -1 below the target, 1 above it, 2 on either side, 0 on whichever is worse.
        line: whether the cell is a bare number: where a stretch begins or ends, the column says which.
        explicit: whether a comparator or a word states its ends, rather than a range of two numbers.
        plain: whether a range is certainly one: ``95 to 105`` with words, not ``95-105``.
        cost: how unlikely it is among the readings of its cell; the likeliest costs nothing.
    """

    spans: tuple[Span, ...]
    measure: Measure = Measure.VALUE
    side: int = 0
    line: bool = False
    unit: str = ""
    scaled: str = ""
    explicit: bool = True
    plain: bool = True
    cost: int = 0

    def placed(
        self, target: Fraction | None, direction: Direction, *, met_open: bool = False
    ) -> tuple[Span, ...] | None:
        """The same in values, for a target; None where it cannot be."""
        made: list[Span] = []
        for span in self.spans:
            placed = self._placed(span, target, direction, met_open=met_open)
            if placed is None:
                return None
            made.append(placed)
        return tuple(made)

    def _placed(self, span: Span, target: Fraction | None, direction: Direction, *, met_open: bool) -> Span | None:
        if self.measure is Measure.VALUE:
            if all(end.at is not None for end in span.ends):
                return span
            return None if target is None else _with_target(span, target)
        if target is None or (self.measure is not Measure.OFF and target <= 0):
            return None
        if self.measure is Measure.SHARE:
            return _with_target(span.mapped(lambda at: at * target / 100), target)
        scale = abs(target) / 100 if self.measure is Measure.OFF_PERCENT else Fraction(1)
        span = _with_target(span.mapped(lambda at: at * scale), Fraction(0))
        if self.side == 2:
            return Span(_moved(span.low, target), _moved(span.high, target))
        side = self.side or (1 if direction is Direction.LOWER else -1)
        if direction is Direction.WITHIN and not self.side:
            return None
        # a distance of 0 is the target itself, which is met
        near = span.low if span.low is not None and span.low.at else End(Fraction(0), closed=met_open)
        if side < 0:
            return Span(_turned(span.high, target), _turned(near, target))
        return Span(_moved(near, target), _moved(span.high, target))


def _with_target(span: Span, target: Fraction) -> Span:
    def known(end: End | None) -> End | None:
        return End(target, end.closed) if end is not None and end.at is None else end

    low, high = known(span.low), known(span.high)
    if low is not None and high is not None and low.at is not None and high.at is not None and low.at > high.at:
        low, high = high, low  # between the target and 80
    return Span(low, high)


def _turned(end: End | None, target: Fraction) -> End | None:
    return None if end is None or end.at is None else End(target - end.at, end.closed)


def _moved(end: End | None, target: Fraction) -> End | None:
    return None if end is None or end.at is None else End(target + end.at, end.closed)
