"""Areas and how ratings roll up to them."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from .measure import Band

if TYPE_CHECKING:
    from .expression import Expression

__all__ = ["Area", "RollupMethod", "RollupPolicy", "RollupRule"]


class RollupMethod(StrEnum):
    """How an area's level is made from its children's."""

    RULES = "rules"
    WORST = "worst"
    POINTS = "points"
    SHARE = "share"


@frozen
class RollupRule:
    """A level and its condition; the last rule of a policy has none."""

    rag: str
    when: Expression | None = None
    line: int = 0


@frozen
class RollupPolicy:
    """How children roll up; first match wins among ``rules``.

    Attributes:
        minimum_coverage: share of the children that must be rated, as a ratio from 0 to 1.
        bands: for ``points`` (over the weighted mean) and ``share`` (over 0 to 100).
        of: level id from which a child counts in ``share``; empty for the scale's best.
    """

    method: RollupMethod = RollupMethod.WORST
    minimum_coverage: Fraction = Fraction(0)
    rules: tuple[RollupRule, ...] = ()
    bands: tuple[Band, ...] = ()
    of: str = ""
    file: str = ""
    line: int = 0


@frozen
class Area:
    """What ratings roll up to.

    Attributes:
        parent: id of the area above; empty at the top of the programme.
        rollup: None means the book's.
        order: where it stands in reports; areas without one come after, by id.
    """

    id: str
    title: str
    lead: str = ""
    recommendation: str = ""
    parent: str = ""
    rollup: RollupPolicy | None = None
    order: int | None = None
    note: str = ""
    file: str = ""
    line: int = 0
