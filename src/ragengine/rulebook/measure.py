"""What a target, a tolerance and a band are, as an author writes them."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from fractions import Fraction

from attrs import frozen

from ..number import exact

__all__ = [
    "Band", "Bounds", "Edge", "Number", "Range", "RelativeTarget", "SpecialTarget", "Target", "Tolerance", "Width",
]  # fmt: skip

#: a number in a rule file: finite, magnitude at most 1e12, at most 15 digits either side of the point
Number = int | Decimal


@frozen
class Range:
    """The target of ``direction = "within"``: both ends count as met."""

    min: Number
    max: Number


@frozen
class Bounds:
    """What a value can be at all, both ends included; an end that is None is open."""

    min: Number | None = None
    max: Number | None = None

    def hold(self, value: Fraction) -> bool:
        """Whether a value lies in them."""
        return (self.min is None or value >= exact(self.min)) and (self.max is None or value <= exact(self.max))


class SpecialTarget(Enum):
    """A target that is no number."""

    #: reported, grey: no target; in a table of dates it ends a target
    NONE = "none"
    #: each measurement brings its own
    FROM_DATA = "from data"


@frozen
class Width:
    """The width of amber on one side: in the KPI's unit, or per cent of the target (of the bound on its side)."""

    amount: Number
    of_target: bool = False


@frozen
class RelativeTarget:
    """A target that comes with the row and is made from other rows: of earlier periods, or of this period's entities.

    Attributes:
        source: as written: ``year ago``, ``mean of 3``, ``quartile 1 of entities``.
        periods: how many directly before it takes; 0 for the same period a year ago, and of entities.
        share: for a quantile of the entities, the share of values below it.
        best: whether it is the best of the periods; their mean otherwise.
        change: what is added to the number that the rows give; per cent are of its size.
    """

    source: str
    periods: int = 0
    of_entities: bool = False
    share: Fraction | None = None
    best: bool = False
    change: Width | None = None

    def changed(self, number: Fraction) -> Fraction:
        """The target, where the rows give this number."""
        if self.change is None:
            return number
        by = exact(self.change.amount)
        return number + (by * abs(number) / 100 if self.change.of_target else by)


Target = int | Decimal | Range | SpecialTarget | RelativeTarget


@frozen
class Tolerance:
    """The width of amber below and above; only ``within`` has different ones."""

    below: Width
    above: Width


@frozen
class Edge:
    """Where a written band begins or ends: a number, or per cent of the target."""

    amount: Number
    of_target: bool = False


@frozen
class Band:
    """One written band; an end that is None is open.

    ``lower_in`` is True for ``from`` and False for ``above``; ``upper_in`` is True for ``to`` and False for ``below``.
    """

    rag: str
    lower: Edge | None = None
    lower_in: bool = True
    upper: Edge | None = None
    upper_in: bool = False

    @property
    def of_target(self) -> bool:
        """Whether an edge is per cent of the target."""
        return any(edge is not None and edge.of_target for edge in (self.lower, self.upper))
