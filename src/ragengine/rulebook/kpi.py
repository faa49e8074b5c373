"""A KPI: the definition of a measure and its rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from ..period import Duration, Period
from ..terms import Direction, Missing
from .comparison import Comparison
from .dated import Dated
from .frequency import Frequency
from .grace import Grace
from .measure import Band, Bounds, Number, RelativeTarget, Target, Tolerance
from .scoring import Score

if TYPE_CHECKING:
    from .expression import Expression

__all__ = ["Example", "Kpi", "rounded_to"]


def rounded_to(count: int, step: int) -> int:
    """A count as the public edition prints it: the nearest multiple, a half upwards."""
    return (2 * count + step) // (2 * step) * step


@frozen
class Example:
    """A value and the level it must have: read by people, run by ``ragengine test``."""

    fields: Mapping[str, object] = field(hash=False)
    file: str = ""
    line: int = 0


@frozen
class Kpi:
    """One measure and the rule that rates it, as its author means it.

    Exactly one of these makes its bands: ``target`` with ``tolerance``, ``amber`` or ``compare``, ``bands``, ``words``,
    or ``direction = "monitor"`` (none).

    Attributes:
        id: ``area.kpi``.
        met_beyond: True for ``met = "beyond target"``.
        valid: what a value can be at all, before ``decimals`` rounds it; None for anything.
        missing: None means the book's.
        words: (word, level id), worst to best.
        confidence: of the interval that is stated beside a value of counts, 19/20 for 95%; None states none.
        compare: rates the interval beside the target, in place of a tolerance; its formula and bands are made by it.
        score: the number that stands beside its level; None for none.
        entities: per-entity variants of this KPI, complete, with the same id.
        extra: keys that documents carry and nothing here reads (``ref``, ``note``, ``target_date`` …).
    """

    id: str
    title: str
    unit: str = ""
    direction: Direction | None = None
    target: Dated[Target] | None = None
    tolerance: Dated[Tolerance] | None = None
    amber: Dated[Number] | None = None
    bands: Dated[tuple[Band, ...]] | None = None
    words: tuple[tuple[str, str], ...] = ()
    met_beyond: bool = False
    decimals: int | None = None
    missing: Missing | None = None
    max_age: Duration | None = None
    rated_from: date | None = None
    in_rollup: bool = True
    inputs: tuple[str, ...] = ()
    formula: Expression | None = None
    graces: tuple[Grace, ...] = ()
    persistence: int = 1
    requires_evidence: bool = False
    basis: str = "stated"
    rationale: str = ""
    critical: bool = False
    weight: Number = 1
    minimum_n: int | None = None
    confidence: Fraction | None = None
    compare: Comparison | None = None
    score: Score | None = None
    frequency: Frequency | None = None
    valid: Bounds | None = None
    short: str = ""
    source: str = ""
    target_date: str = ""
    ref: str = ""
    lead: str = ""
    recommendation: str = ""
    note: str = ""
    review_by: date | None = None
    #: of the public edition: counts from 1 to below this are hidden, 0 too, and those shown are rounded
    suppress_below: int | None = None
    suppress_zero: bool = False
    round_to: int | None = None
    entities: Mapping[str, Kpi] = field(factory=dict, hash=False)
    examples: tuple[Example, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def area(self) -> str:
        """Id of the area it rolls up to."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """Its id within the area."""
        return self.id.partition(".")[2]

    @property
    def lower_is_better(self) -> bool:
        """Whether of two values the lower is the better one."""
        return self.direction is Direction.LOWER

    @property
    def measures_against_target(self) -> bool:
        """Whether the target is a line for the value; one that the formula reads is an input, and no line."""
        return self.formula is None or "target" not in self.formula.names

    @property
    def relative_targets(self) -> tuple[RelativeTarget, ...]:
        """The targets that it makes from other rows, its entities' own rules included."""
        rules = (self, *self.entities.values())
        stated = (target for rule in rules if rule.target is not None for target in rule.target.values)
        return tuple(target for target in stated if isinstance(target, RelativeTarget))

    @property
    def looks_at_peers(self) -> bool:
        """Whether a target is made from the rows of the entities of a period."""
        return any(target.of_entities for target in self.relative_targets)

    @property
    def looks_at_peers_alone(self) -> bool:
        """Whether every target is made from them, so that no row says by itself what it gives."""
        rules = (self, *self.entities.values())
        stated = [target for rule in rules if rule.target is not None for target in rule.target.values]
        return bool(stated) and all(isinstance(target, RelativeTarget) and target.of_entities for target in stated)

    @cached_property
    def as_rated(self) -> Kpi:
        """What a rating asks of the rule: without its entities' variants and its examples."""
        return evolve(self, entities={}, examples=()) if self.entities or self.examples else self

    def period_named(self, written: Period) -> Period:
        """The period of its own frequency that a period names, else the period itself."""
        return written if self.frequency is None else self.frequency.named(written)

    def for_entity(self, entity: str | None) -> Kpi:
        """The rule for an organisation or team: its own where it has one."""
        return self.entities.get(entity, self) if entity else self
