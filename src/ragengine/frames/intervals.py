"""Intervals beside their targets, in columns: the end that is nearest to the target is what is looked up."""

from __future__ import annotations

from functools import reduce

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from ..catalogue.levels import LevelTable
from ..rulebook.comparison import LIMITS
from ..terms import Reason
from .case_intervals import CaseIntervals
from .case_rules import CaseRules
from .cells import BLANK, NUMBER, FrameColumns, ReadCells, first_of
from .engines import Engine, Frame, unused
from .lines import NEAR_COMPUTED, Lines, are_near
from .tables import Tables
from .values import JudgedColumns, Numbers

__all__ = ["IntervalColumns"]

_INVALID, _LACKING = (LevelTable.grey(reason) for reason in (Reason.INVALID, Reason.MISSING_INPUT))
#: whether a row's rule compares an interval
_COMPARES = nw.col(unused("compares")) == 1
_PLACE = unused("place_in_bands")


@frozen
class IntervalColumns:
    """The intervals that rows bring, or that their cases make.

    Attributes:
        lower, upper: the ends that rows bring.
        value, target: the cells that hold the value and the target, where the row brings them.
        brought: whether the frame has a column of ends.
        of_cases: the intervals of the rows that bring none; None where no rule makes one.
    """

    lower: ReadCells
    upper: ReadCells
    value: ReadCells
    target: ReadCells
    brought: bool
    of_cases: CaseIntervals | None = None

    @classmethod
    def of(cls, numbers: Numbers, columns: FrameColumns) -> IntervalColumns:
        """Those of a frame whose cells are read."""
        lower, upper, value, target = (numbers.given[name] for name in (*LIMITS, "value", "target"))
        return cls(lower, upper, value, target, any(name in columns for name in LIMITS))

    def with_cases(
        self, frame: Frame, engine: Engine, rules: CaseRules | None, numbers: Numbers, value: JudgedColumns
    ) -> tuple[Frame, IntervalColumns]:
        """The frame, and the same with the intervals of the rows that bring neither end, where rules make them."""
        if rules is None:
            return frame, self
        frame, made = CaseIntervals.of(frame, engine, rules, numbers, value, self._brings_none)
        return frame, evolve(self, of_cases=made)

    @property
    def _brings_none(self) -> nw.Expr:
        """Whether a row should bring an interval, and brings neither end."""
        none = _COMPARES & (self.lower.state == BLANK) & (self.upper.state == BLANK)
        return none if self.brought else _COMPARES

    @property
    def none(self) -> nw.Expr:
        """Whether a row that should have an interval has none."""
        return self._brings_none if self.of_cases is None else self._brings_none & ~self.of_cases.made

    @property
    def _ends(self) -> tuple[nw.Expr, nw.Expr]:
        brought, made = (self.lower.number, self.upper.number), self.of_cases
        if made is None:
            return brought
        if not self.brought:
            # of the other rows nothing is looked up
            return made.lower, made.upper
        low, high = (
            nw.when(made.made).then(own).otherwise(end)
            for own, end in zip((made.lower, made.upper), brought, strict=True)
        )
        return low, high

    def checked(self, value: JudgedColumns) -> JudgedColumns:
        """The values, none where ends are brought that are no interval of it, with the reason."""
        if not self.brought:
            return value
        low, high = self.lower, self.upper
        within = (low.number <= value.number) & (value.number <= high.number)
        state = first_of(
            (~_COMPARES | ~value.is_number | self._brings_none, value.state),
            (low.state == BLANK, _LACKING),
            (low.state != NUMBER, low.state),
            (high.state == BLANK, _LACKING),
            (high.state != NUMBER, high.state),
            (within, NUMBER),
            otherwise=_INVALID,
        )
        return evolve(value, state=state, cheaper=None)

    def nearest(
        self, frame: Frame, value: JudgedColumns, target: nw.Expr, tables: Tables
    ) -> tuple[Frame, JudgedColumns, list[nw.Expr]]:
        """The frame with what is looked up: the value, or of an interval the end that is nearest to the target.

        And which rows that does not rate.
        """
        alone = tables.all_compare
        low, high = self._ends
        end = nw.when(low > target).then(low).otherwise(nw.when(high < target).then(high).otherwise(target))
        place = end if alone else nw.when(_COMPARES).then(end).otherwise(value.number)
        frame = frame.with_columns(place.alias(_PLACE))
        flags = (value.is_long, value.computed)
        long, computed = (None if alone or flag is None else flag & ~_COMPARES for flag in flags)
        doubts = [_COMPARES & self._doubt_of_brought(value, target).fill_null(False)] if self.brought else []
        if self.of_cases is not None:
            doubts.append(self.of_cases.in_doubt(target).fill_null(False))
        if tables.bounded:
            doubts.append(Lines(value, (), valid=True).doubtful())
        return frame, evolve(value, number=nw.col(_PLACE), is_long=long, computed=computed), doubts

    def _doubt_of_brought(self, value: JudgedColumns, target: nw.Expr) -> nw.Expr:
        """Whether floats cannot tell where the ends are that a row brings."""
        low, high, number = self.lower.number, self.upper.number, value.number
        beside_ends = are_near(number, low) | are_near(number, high)
        cells = (self.lower, self.upper, self.value, self.target)
        long = [cell.is_long.fill_null(False) for cell in cells if cell.is_long is not None]
        doubt = (self.value.state != NUMBER) & beside_ends
        if value.computed is not None:
            near = are_near(number, low, NEAR_COMPUTED) | are_near(number, high, NEAR_COMPUTED)
            doubt = doubt | (value.computed & near)
        if long:
            near = beside_ends | are_near(low, target) | are_near(high, target)
            doubt = doubt | (reduce(lambda one, other: one | other, long) & near)
        return doubt
