"""What a row's target was made from, where it is made from other rows."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from ..period import Period
from ..rulebook.measure import RelativeTarget
from ..statistics import PeerPlace

__all__ = ["Reference", "Taken"]


@frozen
class Taken:
    """A row that a target rests on.

    Attributes:
        rank: among the entities of the period, from 1 for the lowest value; None of an earlier period.
    """

    period: Period
    value: Fraction
    entity: str = ""
    rank: int | None = None


@frozen
class Reference:
    """What a row's target was made from.

    Attributes:
        rows: of earlier periods those taken, the latest first; of entities those on either side of a quantile.
        of: how many entities were measured; ``total`` is the sum of their values, where their mean is taken.
        number: what the rows give, before the change; None where they give nothing, and ``why``.
        place: this row's own among the entities, where it is one of them.
    """

    rule: RelativeTarget
    rows: tuple[Taken, ...] = ()
    of: int | None = None
    total: Fraction | None = None
    number: Fraction | None = None
    place: PeerPlace | None = None
    why: str = ""

    @property
    def target(self) -> Fraction | None:
        """The target that comes of it."""
        return None if self.number is None else self.rule.changed(self.number)
