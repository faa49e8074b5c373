"""Intervals beside their targets, in columns: the end that is nearest to the target is what is looked up."""

from __future__ import annotations

from functools import reduce

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from ..catalogue.levels import LevelTable
from ..terms import Reason
from .cells import BLANK, NUMBER, ReadCells, first_of
from .engines import Frame, unused
from .lines import Lines, are_near
from .values import JudgedColumns, Numbers

__all__ = ["IntervalColumns"]

_INVALID, _LACKING = (LevelTable.grey(reason) for reason in (Reason.INVALID, Reason.MISSING_INPUT))
#: whether a row's rule compares an interval: 1 the one that the row brings, 2 that of its counts too
_COMPARES = unused("compares")


@frozen
class IntervalColumns:
    """The intervals that rows bring.

    Attributes:
        lower, upper: their ends.
        value, target: the cells that hold the value and the target, where the row brings them.
    """

    lower: ReadCells
    upper: ReadCells
    value: ReadCells
    target: ReadCells

    @classmethod
    def of(cls, numbers: Numbers) -> IntervalColumns:
        """Those of a frame whose cells are read."""
        return cls(*(numbers.given[name] for name in ("lower", "upper", "value", "target")))

    @property
    def none(self) -> nw.Expr:
        """Whether a row should bring an interval, and brings neither end."""
        return (nw.col(_COMPARES) > 0) & (self.lower.state == BLANK) & (self.upper.state == BLANK)

    def checked(self, value: JudgedColumns) -> JudgedColumns:
        """The values, none where ends are brought that are no interval of it, with the reason."""
        low, high = self.lower, self.upper
        within = (low.number <= value.number) & (value.number <= high.number)
        state = first_of(
            ((nw.col(_COMPARES) == 0) | ~value.is_number | self.none, value.state),
            (low.state == BLANK, _LACKING),
            (low.state != NUMBER, low.state),
            (high.state == BLANK, _LACKING),
            (high.state != NUMBER, high.state),
            (within, NUMBER),
            otherwise=_INVALID,
        )
        return evolve(value, state=state, cheaper=None)

    def nearest(
        self, frame: Frame, value: JudgedColumns, target: nw.Expr, *, bounded: bool
    ) -> tuple[Frame, JudgedColumns, list[nw.Expr]]:
        """The frame with what is looked up: the value, or of an interval the end that is nearest to the target.

        And which rows that does not rate; ``bounded`` where some rule says what is valid.
        """
        place = unused("place_in_bands")
        compares = nw.col(_COMPARES) > 0
        low, high = self.lower.number, self.upper.number
        end = nw.when(low > target).then(low).otherwise(nw.when(high < target).then(high).otherwise(target))
        frame = frame.with_columns(nw.when(compares).then(end).otherwise(value.number).alias(place))
        long = None if value.is_long is None else value.is_long & ~compares
        doubts = self._doubts(value, target)
        if bounded:
            doubts.append(Lines(value, (), valid=True).doubtful())
        return frame, evolve(value, number=nw.col(place), is_long=long), doubts

    def _doubts(self, value: JudgedColumns, target: nw.Expr) -> list[nw.Expr]:
        """Which rows floats cannot tell, and which have the interval of their counts."""
        low, high, number = self.lower.number, self.upper.number, value.number
        beside_ends = are_near(number, low) | are_near(number, high)
        cells = (self.lower, self.upper, self.value, self.target)
        long = [cell.is_long.fill_null(False) for cell in cells if cell.is_long is not None]
        doubt = (self.value.state != NUMBER) & beside_ends
        if long:
            near = beside_ends | are_near(low, target) | are_near(high, target)
            doubt = doubt | (reduce(lambda one, other: one | other, long) & near)
        of_counts = (nw.col(_COMPARES) == 2) & self.none & value.is_number
        return [(nw.col(_COMPARES) > 0) & doubt.fill_null(False), of_counts]
