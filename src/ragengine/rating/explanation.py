"""The derivation of a rating as data: everything needed to re-compute it without the rule files."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import field, frozen

from ..bands import BandTable
from ..data.model import Override
from ..plain import plain
from ..terms import Rag
from .certainty import IntervalLine
from .relative_words import ReferenceLine
from .scoring import ScoreLine

__all__ = [
    "BandLine",
    "Explanation",
    "GraceLine",
    "LevelLine",
    "NumberLine",
    "OverrideLine",
    "RuleReference",
    "Step",
    "band_lines",
    "override_line",
]


@frozen
class Step:
    """One stage: what it looked at and what came out.

    Attributes:
        stage: value, bands, score, grace, evidence, persistence, missing, override or movement.
        level: the level after this stage; empty where it makes none.
    """

    stage: str
    text: str
    level: str = ""
    file: str = ""
    line: int = 0


@frozen
class BandLine:
    """One band as exact numbers, written ``n`` or ``n/d``; an end that is None is open.

    ``lower_in`` and ``upper_in`` say whether the end itself belongs to the band.
    """

    rag: str
    lower: str | None
    lower_in: bool
    upper: str | None
    upper_in: bool


@frozen
class GraceLine:
    """A grace that was live, and what became of it."""

    name: str
    effect: str
    value: str
    start: str
    until: str
    reason: str
    authority: str
    when: str
    granted: bool
    changed: bool
    why: str
    before: str = ""
    after: str = ""
    #: what it does, with the unit: ``tolerance 15 percentage points``
    says: str = ""


@frozen
class NumberLine:
    """A number that a formula or a condition read, by name; None where there was none."""

    name: str
    value: str | None


@frozen
class LevelLine:
    """An earlier period that persistence read: its level before persistence, and the one that was adopted."""

    period: str
    instant: str
    adopted: str


@frozen
class OverrideLine:
    """A judgement on this one rating, live or lapsed."""

    effect: str
    level: str
    start: str
    until: str
    reason: str
    authority: str
    release_when: str
    evidence: str
    live: bool


@frozen
class RuleReference:
    """Where the rule stands."""

    id: str
    file: str
    line: int
    edition: str
    fingerprint: str


@frozen
class Explanation:
    """Why a rating is what it is.

    ``bands`` give ``computed`` from ``value``; ``adjusted_bands``, with the granted graces in them, give the level
    before evidence and persistence; ``overrides`` give the final level. Numbers are exact: ``84``, ``2/3``.

    Attributes:
        levels: the scale's, worst first.
        unrated: why the adjusted level is grey, whatever an override makes of it.
        word: the value as it was reported, where the rule has words.
        inputs: what a formula or a condition read.
        missing: the level that a missing value counts as, where there is none.
        instant: the level before persistence; ``run`` are the earlier periods that it read, oldest first.
        changes: what would change the level, a sentence each.
        interval: of the value, where the rule states one; where that is compared, ``bands`` give ``computed`` from its
            end that is nearest to the target.
        score: the number beside the level; ``scoring`` is what it is worked out from.
        relative: what ``target`` was made from, where the rule makes it from other rows.
        due_moved: the due date as graces moved it; ``value_moved`` is what a formula comes to by it, in ``bands``.
        complete, on_time: the level of a completed action, and whether it has it however late.
    """

    subject: str
    kind: str
    title: str
    area: str
    period: str
    entity: str
    rag: str
    adjusted: str
    computed: str
    reason: str
    why: str
    value: str | None
    unit: str
    decimals: int | None
    numerator: str | None
    denominator: str | None
    excluded: str | None
    exclusion_reason: str
    carried_from: str
    target: str | None
    basis: str
    rationale: str
    shortfall: str | None
    bands: tuple[BandLine, ...]
    adjusted_bands: tuple[BandLine, ...]
    graces: tuple[GraceLine, ...]
    overrides: tuple[OverrideLine, ...]
    evidence: str
    causes: tuple[str, ...]
    note: str
    status: str
    due: str
    days_late: int | None
    previous: str
    previous_period: str
    movement: str
    cause: str
    rule: RuleReference
    steps: tuple[Step, ...] = field(factory=tuple)
    levels: tuple[str, ...] = ()
    unrated: str = ""
    direction: str = ""
    word: str = ""
    formula: str = ""
    inputs: tuple[NumberLine, ...] = ()
    requires_evidence: bool = False
    missing: str = ""
    instant: str = ""
    persistence: int = 1
    run: tuple[LevelLine, ...] = ()
    previous_value: str | None = None
    year_ago: str = ""
    year_ago_period: str = ""
    year_ago_value: str | None = None
    changes: tuple[str, ...] = ()
    start: str = ""
    reported_on: str = ""
    completed_on: str = ""
    progress: str | None = None
    elapsed: str | None = None
    due_moved: str = ""
    value_moved: str | None = None
    complete: str = ""
    on_time: bool = True
    interval: IntervalLine | None = None
    score: str | None = None
    scoring: ScoreLine | None = None
    relative: ReferenceLine | None = None

    @property
    def due_day(self) -> date | None:
        """The day an action is due, or by which a KPI should meet its target."""
        return date.fromisoformat(self.due) if self.due else None

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        made: dict[str, Any] = plain(self)
        return made


def band_lines(table: BandTable[Rag]) -> tuple[BandLine, ...]:
    """The bands of a table as exact numbers."""
    return tuple(
        BandLine(
            str(level),
            None if piece.lower is None else str(piece.lower.at),
            piece.lower is not None and piece.lower.reached,
            None if piece.upper is None else str(piece.upper.at),
            piece.upper is not None and not piece.upper.reached,
        )
        for piece, level in table
    )


def override_line(override: Override, live: bool) -> OverrideLine:
    """An override as it stands in an explanation."""
    return OverrideLine(
        override.effect,
        override.level,
        override.start.isoformat(),
        override.until.isoformat(),
        override.reason,
        override.authority,
        override.release_when,
        override.evidence,
        live,
    )
