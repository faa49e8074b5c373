"""The band table: sorted thresholds that cut the number line, and a label for each piece.

Everything that turns a number into a level is a look-up in such a table, and everything that changes a rule is
a function from table to table.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Generic, TypeVar

from attrs import frozen

from ..number import Value, exact, smallest_float, text

__all__ = ["BandTable", "Interval", "Threshold", "combined", "differences", "rounded", "shifted"]

L = TypeVar("L", bound=Hashable)
M = TypeVar("M", bound=Hashable)
N = TypeVar("N", bound=Hashable)


@frozen(order=False)
class Threshold:
    """Where one band ends and the next begins; ``reached`` means that ``at`` itself belongs to the band above."""

    at: Fraction
    reached: bool

    @property
    def sort_key(self) -> tuple[Fraction, bool]:
        """At the same number, the threshold that ``at`` has already passed comes first."""
        return (self.at, not self.reached)

    def __lt__(self, other: Threshold) -> bool:
        return self.sort_key < other.sort_key

    def is_passed_by(self, value: Fraction) -> bool:
        """Whether an exact number belongs above it."""
        # comparing fractions by their whole numbers takes a fifth of the time of comparing them
        at = self.at
        beyond = value.numerator * at.denominator - at.numerator * value.denominator
        return beyond > 0 or (beyond == 0 and self.reached)


@frozen
class Interval:
    """A piece of the number line between two thresholds; None is without end."""

    lower: Threshold | None
    upper: Threshold | None

    def __contains__(self, value: Fraction) -> bool:
        above = self.lower is None or self.lower.is_passed_by(value)
        return above and not (self.upper is not None and self.upper.is_passed_by(value))

    @property
    def is_point(self) -> bool:
        return self.lower is not None and self.upper is not None and self.lower.at == self.upper.at

    def describe(self, show: Callable[[Fraction], str] = text) -> str:
        """In words: ``from 80 to below 90``, ``at least 90``, ``below 80``, ``above 7``, ``exactly 5``."""
        match self.lower, self.upper:
            case None, None:
                return "any value"
            case None, Threshold(at=at, reached=reached):
                return f"{'below' if reached else 'up to'} {show(at)}"
            case Threshold(at=at, reached=reached), None:
                return f"{'at least' if reached else 'above'} {show(at)}"
            case Threshold() as lower, Threshold() as upper:
                if self.is_point:
                    return f"exactly {show(lower.at)}"
                start = "from" if lower.reached else "above"
                end = "to below" if upper.reached else "to"
                return f"{start} {show(lower.at)} {end} {show(upper.at)}"
        raise AssertionError("unreachable")


@frozen
class BandTable(Generic[L]):
    """n sorted thresholds and n + 1 labels; it covers the whole line by construction.

    Neighbouring pieces with one label are merged, so two tables are equal where they give the same label to
    every number.

    >>> table = BandTable.of((Threshold(Fraction(80), True), Threshold(Fraction(90), True)), ("red", "amber", "green"))
    >>> table.label(79.999), table.label("80"), table.label(90), [str(i.describe()) for i, _ in table]
    ('red', 'amber', 'green', ['below 80', 'from 80 to below 90', 'at least 90'])
    """

    thresholds: tuple[Threshold, ...]
    labels: tuple[L, ...]

    @classmethod
    def of(cls, thresholds: Iterable[Threshold], labels: Iterable[L]) -> BandTable[L]:
        """A table from sorted thresholds; where two are equal the piece between them is empty and left out.

        Raises ValueError where the thresholds are not sorted or the number of labels does not fit.
        """
        cuts, names = tuple(thresholds), tuple(labels)
        if len(names) != len(cuts) + 1 or any(b < a for a, b in zip(cuts, cuts[1:], strict=False)):
            raise ValueError("sorted thresholds and one label more are needed")
        kept_cuts: list[Threshold] = []
        kept: list[L] = [names[0]]
        for cut, label in zip(cuts, names[1:], strict=True):
            if kept_cuts and kept_cuts[-1] == cut:
                kept_cuts.pop()
                kept.pop()
            if kept[-1] != label:
                kept_cuts.append(cut)
                kept.append(label)
        return cls(tuple(kept_cuts), tuple(kept))

    @classmethod
    def constant(cls, label: L) -> BandTable[L]:
        """The table that gives every number the same label."""
        return cls((), (label,))

    @cached_property
    def floats(self) -> tuple[float, ...]:
        """The thresholds as floats to be compared with ``>=``, converted once, see :func:`smallest_float`."""
        return tuple(smallest_float(cut.at, reached=cut.reached) for cut in self.thresholds)

    def index(self, value: Value) -> int:
        """Which piece a number lies in, from 0; raises NumberError for what is no finite number."""
        if isinstance(value, float) and math.isfinite(value):
            return bisect_right(self.floats, value)
        return self.exact_index(exact(value))

    def exact_index(self, value: Fraction) -> int:
        """Which piece an exact number lies in."""
        index = 0
        for cut in self.thresholds:
            if not cut.is_passed_by(value):
                break
            index += 1
        return index

    def label(self, value: Value) -> L:
        """The label of a number: the same for a float, int, Decimal, text or ratio that mean the same."""
        return self.labels[self.index(value)]

    def interval(self, index: int) -> Interval:
        """The piece of the line with this index."""
        return self._pieces[index][0]

    @cached_property
    def _pieces(self) -> tuple[tuple[Interval, L], ...]:
        """Each piece of the line with its label: words ask for them again and again."""
        ends = (None, *self.thresholds, None)
        return tuple((Interval(*pair), label) for pair, label in zip(pairwise(ends), self.labels, strict=True))

    def __iter__(self) -> Iterator[tuple[Interval, L]]:
        return iter(self._pieces)

    def relabelled(self, change: Callable[[L], M]) -> BandTable[M]:
        """The table with each label changed."""
        labels = [change(label) for label in self.labels]
        # thresholds of a table are in order, and no two are equal: only pieces can become one
        first = [n for n, label in enumerate(labels) if n == 0 or label != labels[n - 1]]
        return BandTable(tuple(self.thresholds[n - 1] for n in first[1:]), tuple(labels[n] for n in first))


def combined(first: BandTable[L], second: BandTable[M], join: Callable[[L, M], N]) -> BandTable[N]:
    """The table that gives each number the two tables' labels joined."""
    cuts = sorted({*first.thresholds, *second.thresholds})
    labels: list[N] = []
    position = {cut: n for n, cut in enumerate(cuts, start=1)}
    starts = [0, *(position[cut] for cut in first.thresholds)]
    others = [0, *(position[cut] for cut in second.thresholds)]
    for piece in range(len(cuts) + 1):
        left = first.labels[bisect_right(starts, piece) - 1]
        right = second.labels[bisect_right(others, piece) - 1]
        labels.append(join(left, right))
    return BandTable.of(cuts, labels)


def differences(old: BandTable[L], new: BandTable[L]) -> list[tuple[Interval, L, L]]:
    """The intervals to which two tables give different labels, with both labels."""
    both = combined(old, new, lambda a, b: (a, b))
    return [(interval, a, b) for interval, (a, b) in both if a != b]


def rounded(table: BandTable[L], places: int) -> BandTable[L]:
    """The table for raw numbers that judges them as rounded half-up to so many places.

    ``rounded >= t`` holds exactly when ``raw >= ceil_to_grid(t) - ½ step``, and ``rounded > t`` exactly when
    ``raw >= floor_to_grid(t) + step - ½ step``: so no engine rounds.
    """
    step = Fraction(1, 10**places)
    cuts = []
    for cut in table.thresholds:
        grid = math.ceil(cut.at / step) if cut.reached else math.floor(cut.at / step) + 1
        cuts.append(Threshold(grid * step - step / 2, True))
    return BandTable.of(cuts, table.labels)


def shifted(table: BandTable[L], by: Fraction) -> BandTable[L]:
    """The table with every threshold moved by so much."""
    return BandTable(tuple(Threshold(cut.at + by, cut.reached) for cut in table.thresholds), table.labels)
