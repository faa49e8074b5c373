"""The lines of each row's rule: which its number has passed, and which numbers lie too near to one for floats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce

import narwhals.stable.v2 as nw
from attrs import frozen

from ..rating.phrases import places_of
from .cells import NUMBER, ReadCells
from .engines import Frame, unused
from .values import JudgedColumns

__all__ = ["LEAST", "MOST", "NEAR_COMPUTED", "Lines", "are_near", "short_below"]

#: stand among the numbers of thresholds for the ends of what is valid
LEAST, MOST = "least", "most"

#: the target that a row brings, as far as lines move with it: 0 where it is no number
_AIM = unused("aim")

#: nearer than this share of itself to a line, a number of many digits may be on its other side; so may a formula's
_NEAR, NEAR_COMPUTED = 2.0**-46, 2.0**-40

#: so many decimals are few
_FEW = 4

#: what is added to a line that is the target itself is no more than the smallest float
_EXACT = 2.0**-1000


def are_near(one: nw.Expr, other: nw.Expr, share: float = _NEAR) -> nw.Expr:
    """Whether two numbers are so near that floats cannot tell which is the larger.

    ``share`` is how near that is: numbers of many digits unless it is given.
    """
    size = nw.when(one.abs() > other.abs()).then(one.abs()).otherwise(other.abs())
    return (one - other).abs() <= size * share


def short_below(moved: Iterable[Fraction]) -> float:
    """Below which size numbers of few decimals beside a line are on it, for the numbers that make the lines.

    Such numbers, and a line made of them, lie on a grid; a float that is nearer to the line than to the next of the
    grid is on it. 0 where the lines lie on none.
    """
    most = 0
    for number in moved:
        places = places_of(number)
        if places is None:
            return 0.0
        most = max(most, places)
    return float(10.0 ** -(most + _FEW) / NEAR_COMPUTED / 2)


@frozen
class Lines:
    """The lines of each row, as :meth:`ragengine.frames.tables.Tables.variants` has them.

    What is :meth:`kept` of them stands in the frame before anything else is asked.

    Attributes:
        numbers: those of the thresholds, in their order.
        target: what the row brings; None where no line moves with it.
        valid: whether any rule says what is valid.
        short_below: see :func:`short_below`, of the lines that move with the target.
    """

    value: JudgedColumns
    numbers: Sequence[int]
    target: ReadCells | None = None
    valid: bool = False
    short_below: float = 0.0

    def kept(self, frame: Frame) -> Frame:
        """The frame with columns of how far each line is moved by the target that the row brings, and of that target.

        They are named many times.
        """
        if self.target is None:
            return frame
        # 0 times what is no number is none either
        aim = nw.when(self.target.state == NUMBER).then(self.target.number).otherwise(nw.lit(0.0))
        frame = frame.with_columns(aim.alias(_AIM))
        return frame.with_columns(**{unused(f"move{n}"): self._move(n) for n in self.numbers})

    @staticmethod
    def _move(n: int) -> nw.Expr:
        aim = nw.col(_AIM)
        return nw.col(unused(f"slope{n}")) * aim + nw.col(unused(f"sway{n}")) * aim.abs()

    def passed(self) -> nw.Expr:
        """How many thresholds each number has passed."""
        flags = [self._passes(str(n)).cast(nw.Int32) for n in self.numbers]
        return reduce(lambda one, other: one + other, flags) if flags else nw.lit(0)

    def outside(self) -> nw.Expr:
        """Whether a number lies outside what is valid."""
        return ~self._passes(LEAST) | self._passes(MOST)

    def doubtful(self) -> nw.Expr:
        """Whether a float cannot tell on which side of a line a number is."""
        names = [*map(str, self.numbers), *((LEAST, MOST) if self.valid else ())]
        value, found = self.value, nw.lit(False)
        short = self._short()
        for name in names:
            if short is not None and self._moves(name):
                found = found | self._beside_moved(name, short)
            long = self._is_long(name)
            at, number = self._at(name, loosely=False), value.number
            gap, size = (number - at).abs(), nw.max_horizontal(number.abs(), at.abs())
            if long is not None:
                found = found | (long & (gap < size * _NEAR))
            if value.computed is not None:
                near = gap < nw.max_horizontal(size, nw.lit(1.0)) * NEAR_COMPUTED
                found = found | (value.computed & near)
        return found.fill_null(False)

    def _short(self) -> nw.Expr | None:
        """Whether the floats of number and target are those of few decimals; None without a target."""
        if self.target is None:
            return None
        number, target = self.value.number, self.target.number
        return (number.round(_FEW) == number) & (target.round(_FEW) == target)

    def _beside_moved(self, name: str, short: nw.Expr) -> nw.Expr:
        """Whether a number is beside a line that was added up in floats, and could be on it.

        Of numbers of few decimals those that are so near are on it.
        """
        at, lean = nw.col(unused(f"t{name}")), nw.col(unused(f"slope{name}"))
        added = at.abs() + (lean.abs() + nw.col(unused(f"sway{name}")).abs()) * nw.col(_AIM).abs()
        size = added + 1.0
        near = (self.value.number - self._at(name, loosely=False)).abs() < size * NEAR_COMPUTED
        # a line that is the target itself is exact
        near = near & (lean != 0.0) & (at.abs() > _EXACT)
        doubtful = near & ~(short & (size < self.short_below))
        long = self._is_long(name)
        return doubtful if long is None else doubtful | (long & near)

    def _is_long(self, name: str) -> nw.Expr | None:
        """Whether the number or the line may have more digits than floats keep; None where none has."""
        moved_by = self.target.is_long if self.target is not None and self._moves(name) else None
        flags = [flag for flag in (self.value.is_long, moved_by) if flag is not None]
        return reduce(lambda one, other: one | other, flags) if flags else None

    def _passes(self, name: str) -> nw.Expr:
        number = self.value.number
        plain = number >= self._at(name)
        if self.value.parts is None:
            return plain
        whole, rest = self.value.parts
        at, beyond = nw.col(unused(f"whole{name}")), nw.col(unused(f"rest{name}"))
        by_parts = (whole > at) | ((whole == at) & (rest >= beyond))
        told = ~whole.is_null() & (nw.col(unused(f"slope{name}")) == 0.0) if self._moves(name) else ~whole.is_null()
        return nw.when(told).then(by_parts).otherwise(plain)

    def _at(self, name: str, *, loosely: bool = True) -> nw.Expr:
        at = nw.col(unused(f"t{name}"))
        if loosely and self.value.computed is not None:
            at = nw.when(self.value.computed).then(nw.col(unused(f"loose{name}"))).otherwise(at)
        return at + nw.col(unused(f"move{name}")) if self._moves(name) else at

    def _moves(self, name: str) -> bool:
        """Whether a line moves with the target."""
        return self.target is not None and name not in (LEAST, MOST)
