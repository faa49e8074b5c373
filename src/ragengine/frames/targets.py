"""The target in force in each row: the rule's own, a range, or the one that the row brings."""

from __future__ import annotations

import narwhals.stable.v2 as nw
from attrs import frozen

from .engines import unused

__all__ = ["AimColumns"]


@frozen
class AimColumns:
    """What a shortfall counts from.

    Attributes:
        one: the target where it is one number, null elsewhere.
        better: 1 where more is better, -1 where less is.
        low, high: the ends of a range, null elsewhere; None where no rule has a range.
        aims: 0 where the target is an input of the formula, from which nothing is short; None where it is nowhere.
    """

    one: nw.Expr
    better: nw.Expr
    low: nw.Expr | None = None
    high: nw.Expr | None = None
    aims: nw.Expr | None = None

    @classmethod
    def of(cls, given: nw.Expr | None, *, ranges: bool, beside_aims: bool = False) -> AimColumns:
        """The targets of the rules that were looked up; ``given`` is what rows bring, where a rule takes it."""
        one = nw.col(unused("target"))
        if given is not None:
            one = nw.when(nw.col(unused("takes")) == 1).then(given).otherwise(one)
        ends = (nw.col(unused("low")), nw.col(unused("high"))) if ranges else (None, None)
        low, high = ends
        return cls(one, nw.col(unused("better")), low, high, nw.col(unused("aims")) if beside_aims else None)

    def short(self, number: nw.Expr) -> nw.Expr:
        """How far a number is short of its target, negative beyond it; null without either."""
        short = (self.one - number) * self.better
        if self.low is not None and self.high is not None:
            beside = nw.max_horizontal(self.low - number, number - self.high)
            short = nw.when(self.low.is_null()).then(short).otherwise(beside)
        if self.aims is None:
            return short
        return nw.when(self.aims == 1.0).then(short).otherwise(nw.lit(None, nw.Float64))

    def shown(self, number: nw.Expr) -> nw.Expr:
        """The target as a number: of a range the end that the shortfall counts from, null without a number."""
        if self.low is None or self.high is None:
            return self.one
        nothing = nw.lit(None, nw.Float64)
        nearer = nw.when(self.low - number >= number - self.high).then(self.low).otherwise(self.high)
        of_range = nw.when(number.is_null()).then(nothing).otherwise(nearer)
        return nw.when(self.low.is_null()).then(self.one).otherwise(of_range)
