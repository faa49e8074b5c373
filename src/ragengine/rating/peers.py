"""What was measured of the entities of one KPI in one period, and a value's place among it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from attrs import field, frozen

from ..period import Period
from ..statistics import PeerPlace, place, quantile

__all__ = ["Peers"]


@frozen(eq=False)
class Peers:
    """The entities of a period by their values, the lowest first.

    Attributes:
        ranked: (value, entity).
    """

    period: Period
    ranked: tuple[tuple[Fraction, str], ...]
    values: tuple[Fraction, ...] = field(init=False)
    _of: dict[str, Fraction] = field(init=False, repr=False)
    _kept: dict[Fraction | None, Fraction] = field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(value for value, _ in self.ranked))
        object.__setattr__(self, "_of", {entity: value for value, entity in self.ranked})

    @classmethod
    def among(cls, period: Period, measured: Iterable[tuple[str, Fraction]]) -> Peers:
        """From the entities and what was measured of each."""
        return cls(period, tuple(sorted((value, entity) for entity, value in measured)))

    def __len__(self) -> int:
        return len(self.ranked)

    @property
    def total(self) -> Fraction:
        return self.mean * len(self)

    @property
    def mean(self) -> Fraction:
        if None not in self._kept:
            self._kept[None] = sum(self.values, Fraction(0)) / len(self)
        return self._kept[None]

    def quantile(self, share: Fraction) -> Fraction:
        """The value below which a share of the values lies, straight between ranks."""
        if share not in self._kept:
            self._kept[share] = quantile(self.values, share)
        return self._kept[share]

    def beside(self, share: Fraction) -> tuple[int, ...]:
        """The one or two ranks, from 1 for the lowest value, between which a quantile lies."""
        position = (len(self) - 1) * share
        return tuple(dict.fromkeys((floor(position) + 1, ceil(position) + 1)))

    def place_of(self, entity: str | None, *, lower_is_better: bool) -> PeerPlace | None:
        """An entity's place; None where nothing was measured of it."""
        value = None if entity is None else self._of.get(entity)
        return None if value is None else place(value, self.values, lower_is_better=lower_is_better)
