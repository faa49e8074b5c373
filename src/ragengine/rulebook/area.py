"""Areas and how ratings roll up to them."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from .grace import Effect
from .measure import Band

if TYPE_CHECKING:
    from .expression import Expression

__all__ = ["PROGRAMME", "Area", "RollupLimit", "RollupMethod", "RollupPolicy", "RollupRule"]

#: id of the roll-up of all areas without a parent
PROGRAMME = "programme"


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
class RollupLimit:
    """A limiting judgement: while it holds, an area is no better, or no worse, than a level.

    It holds where ``when`` does, or else where a child is rated ``at`` a level or worse.

    Attributes:
        effect: ``no_better_than`` for a cap, ``no_worse_than`` for a floor.
        child: as written, ``vacancies`` or ``workforce.vacancies``; ``children`` are the ids that it names: one in an
            area's own roll-up, in the book's as many as areas have one of that name.
    """

    effect: Effect
    level: str
    when: Expression | None = None
    child: str = ""
    at: str = ""
    children: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """When it holds, as written: ``red >= 2``, ``vacancies at red or worse``."""
        return self.when.text if self.when is not None else f"{self.child} at {self.at} or worse"


@frozen
class RollupPolicy:
    """How children roll up; first match wins among ``rules``.

    Attributes:
        minimum_coverage: share of the children that must be rated, as a ratio from 0 to 1.
        bands: for ``points`` (over the weighted mean) and ``share`` (over 0 to 100).
        of: level id from which a child counts in ``share``; empty for the scale's best.
        worst: for ``points``, of how many of the worst children the mean is taken; None for all.
        caps, floors: what limits the level that the method gives, caps first.
    """

    method: RollupMethod = RollupMethod.WORST
    minimum_coverage: Fraction = Fraction(0)
    rules: tuple[RollupRule, ...] = ()
    bands: tuple[Band, ...] = ()
    of: str = ""
    worst: int | None = None
    caps: tuple[RollupLimit, ...] = ()
    floors: tuple[RollupLimit, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def limits(self) -> tuple[RollupLimit, ...]:
        """Caps, then floors: so they are applied."""
        return (*self.caps, *self.floors)

    @property
    def named(self) -> frozenset[str]:
        """Ids of the children that a limit names: these count apart from all others."""
        return frozenset(child for limit in self.limits for child in limit.children)

    @property
    def conditions(self) -> str:
        """The text of all its conditions together."""
        asked = [*(rule.when for rule in self.rules), *(limit.when for limit in self.limits)]
        return " ".join(when.text for when in asked if when is not None)


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
