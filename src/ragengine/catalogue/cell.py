"""A cell: one KPI in one era, laid out as numbers to be looked up."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import frozen

from ..bands import Threshold
from ..period import Duration
from ..rulebook.expression import Expression
from ..rulebook.kpi import Kpi

__all__ = ["EVIDENCE", "SEPARATOR", "Cell", "ValueSource", "rule_key"]

#: between a KPI's id and an entity that has a rule of its own; no id has it
SEPARATOR = "\x1f"
#: stands among conditions for "evidence is recorded"
EVIDENCE = "evidence"


@frozen
class ValueSource:
    """Where a KPI's value comes from.

    Attributes:
        formula: None for the value itself.
        counts: whether a numerator and a denominator make one.
        words: folded words, worst first, for values in words.
    """

    formula: Expression | None = None
    counts: bool = False
    words: tuple[str, ...] = ()


@frozen
class Cell:
    """One KPI in one era, with its conditions turned out one way.

    Attributes:
        subject: id of the KPI, with the entity's where that has a rule of its own, see :func:`rule_key`.
        cuts: the thresholds exactly, each with how much it grows with a target that the row brings.
        thresholds: floats to be compared with ``>=``. Where the row brings the target, each is ``threshold + slope *
            target + sway * |target|``; elsewhere there are no slopes.
        loose: the same, for values that were computed in floats.
        first: number of the level below the first threshold.
        missing: number of the level of a missing value; None where that is grey with its reason.
        always: number of the level whatever the value (not due), or None.
        instead: number of the level of any value (monitored, no target), or None.
        low, high: the ends of the target, from which a shortfall counts; None where the row brings the target.
        better: 1 where more is better, -1 where less is.
        aims: whether the target is what a value is short of; a formula's own input is not.
        data_target: 1 where the row's target is to be reached, -1 where it is not to be passed, 0 where it plays no
            part; ``no_target`` and ``bad_target`` are the numbers of the levels where it is missing or unusable.
        positive: whether only a target above 0 makes a table.
        carries, max_age: whether a missing value is carried forward, and how old it may be.
        conditions: numbers of the conditions that choose among the variants, the first being worth 1.
        variant: which of the conditions hold, each by its worth.
        relative: number, from 1, of the way in which the target is made from other rows; 0 where it is not.
    """

    subject: str
    kpi: Kpi
    entity: str
    start: date
    end: date
    source: int
    cuts: tuple[tuple[Threshold, Fraction, Fraction], ...] = ()
    thresholds: tuple[float, ...] = ()
    loose: tuple[float, ...] = ()
    slopes: tuple[float, ...] = ()
    sways: tuple[float, ...] = ()
    first: int = 0
    missing: int | None = None
    always: int | None = None
    instead: int | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    better: int = 1
    aims: bool = True
    data_target: int = 0
    no_target: int | None = None
    bad_target: int | None = None
    positive: bool = False
    carries: bool = False
    max_age: Duration | None = None
    minimum_n: int | None = None
    conditions: tuple[int, ...] = ()
    variant: int = 0
    relative: int = 0


def rule_key(kpi: str, entity: str = "") -> str:
    """The key of a KPI's rule, or of the rule that an entity has for it."""
    return f"{kpi}{SEPARATOR}{entity}" if entity else kpi
