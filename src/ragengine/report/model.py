"""A report as data: what every format prints, and nothing about how it looks.

Sentences of the engine (levels, movements, reasons, explanations) and sentences of people (:class:`Narrative`) are
never in one field.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import field, frozen

from ..bands import BandTable
from ..data.model import Narrative
from ..period import Period
from ..problem import Problem
from ..rating.explanation import BandLine, Step
from ..rating.facts import Change
from ..rollup.rows import RowCounts
from ..terms import Rag, Scale

__all__ = [
    "AreaPage",
    "Chart",
    "ChartPeriod",
    "Event",
    "GraceWindow",
    "Judgement",
    "MovedAlike",
    "Report",
    "ReportRow",
    "RuleCard",
    "Why",
]


@frozen
class Why:
    """One ground on which a row is an exception: ``At risk``, and what makes it so."""

    head: str
    text: str


@frozen
class Judgement:
    """A grace or an override as a reader needs it: what it does, until when, why, by whom, and what ends it."""

    kind: str
    subject: str
    effect: str
    start: date
    until: date
    reason: str
    authority: str
    release_when: str = ""
    evidence: str = ""
    state: str = ""
    changed: bool = False


@frozen
class RuleCard:
    """The rule behind a figure.

    Attributes:
        bands: where each level lies, in words.
        basis: where the target comes from, and why.
        targets: (from when, target), the earliest first; empty where there is only one.
        graces: every grace that the rule opts into.
        place: ``file:line``; ``reference`` adds edition and fingerprint.
    """

    id: str
    bands: tuple[str, ...]
    says: tuple[str, ...]
    basis: str
    targets: tuple[tuple[str, str], ...]
    graces: tuple[Judgement, ...]
    lead: str
    source: str
    place: str
    reference: str


@frozen
class Event:
    """Something marked on a chart: ``rule changed``, ``intervention``, ``rebase`` or ``definition change``."""

    day: date
    kind: str
    text: str

    @property
    def breaks(self) -> bool:
        """Whether figures before and after it are not the same thing."""
        return self.kind in ("definition change", "rebase")


@frozen
class GraceWindow:
    """Days under a grace, and its name."""

    name: str
    start: date
    until: date
    words: str


@frozen
class ChartPeriod:
    """One period of a chart.

    Attributes:
        value: None where there are no data.
        carried: the value is that of an earlier period.
        targets: none, one, or the two ends of a range.
        table: the bands as the rule was then; None where nothing rates.
        limits: the two ends of the value's interval, where its rule states one.
        later: after the report's period: only the rule is known.
    """

    period: Period
    value: Fraction | None = None
    value_text: str = ""
    rag: Rag | None = None
    carried: bool = False
    targets: tuple[Fraction, ...] = ()
    target_text: str = ""
    table: BandTable[Rag] | None = None
    comparator: Fraction | None = None
    comparator_text: str = ""
    limits: tuple[Fraction, ...] = ()
    later: bool = False


@frozen(eq=False)
class Chart:
    """A measure over time, on its bands."""

    title: str
    columns: tuple[ChartPeriod, ...]
    events: tuple[Event, ...] = ()
    graces: tuple[GraceWindow, ...] = ()
    comparator: str = ""


@frozen(eq=False)
class ReportRow:
    """A measure or an action as reported.

    Attributes:
        kind: ``measure`` or ``action``.
        reason: why it is not rated, as one word or two; ``unrated`` says it in a sentence.
        relief: who or what made the final level another than the rule's: ``by grace``, ``for want of evidence``.
        value, measured, counted: as printed, the period it is of, the counts it is made of.
        target: as printed, with what counts as met: ``at least 90%``.
        moved: movement in words, empty where no earlier level is known; ``change`` is the same as a value.
        needed: what would change the level.
        sentence: value, target and distance in one sentence.
        beside: lines under the value: stability, comparison, variation.
        limits: the two ends of the value's interval, where its rule states one.
        text: the explanation, a line each.
        axis_bands: the bands that judged it.
    """

    id: str
    anchor: str
    kind: str
    area: str
    entity: str
    title: str
    rag: Rag
    computed: Rag
    adjusted: Rag
    previous: Rag | None
    reason: str
    unrated: str
    relief: str
    value: str
    number: Fraction | None
    unit: str
    decimals: int | None
    measured: str
    counted: str
    target: str
    targets: tuple[Fraction, ...]
    due: date | None
    due_words: str
    status: str
    lateness: str
    days_late: int | None
    change: Change | None
    moved: str
    needed: str
    why: tuple[Why, ...]
    evidence: str
    note: str
    sentence: str
    text: tuple[str, ...]
    steps: tuple[Step, ...]
    axis_bands: tuple[BandLine, ...]
    card: RuleCard
    judgements: tuple[Judgement, ...] = ()
    chart: Chart | None = None
    previous_number: Fraction | None = None
    beside: tuple[str, ...] = ()
    limits: tuple[Fraction, ...] = ()
    short: str = ""

    @property
    def called(self) -> str:
        """The short title where there is one."""
        return self.short or self.title

    @property
    def is_action(self) -> bool:
        return self.kind == "action"

    @property
    def target_beside(self) -> str:
        """The target where it stands in one cell with the value: no day of an action, and no word."""
        return self.target if self.targets else ""

    @property
    def at_risk(self) -> bool:
        """Whether the board must read it for more than its progress."""
        return any(why.head.casefold() != "progress" for why in self.why)


@frozen
class MovedAlike:
    """What moved alike since the period before: a sentence, and the areas it is of."""

    words: str
    change: Change | None
    areas: tuple[str, ...]
    now: Rag | None = None
    before: Rag | None = None


@frozen(eq=False)
class AreaPage:
    """An area as a board reads it.

    Attributes:
        decided: what decided its level, in words; ``coverage`` how many of its children are rated.
        worse_if: what would make it worse, where the roll-up has words for it.
        history: (period, level) from the earliest on; None where no level is known.
        text: the roll-up's explanation, a line each.
        rows: its measures and actions, in the order in which they are written.
    """

    id: str
    anchor: str
    title: str
    entity: str
    lead: str
    recommendation: str
    rag: Rag
    computed: Rag
    previous: Rag | None
    reason: str
    change: Change | None
    moved: str
    counts: tuple[tuple[Rag, int], ...]
    decided: str
    coverage: str
    judgements: tuple[Judgement, ...]
    text: tuple[str, ...]
    narrative: Narrative
    rows: tuple[ReportRow, ...]
    history: tuple[tuple[Period, Rag | None], ...] = ()
    why: tuple[Why, ...] = ()
    parent: str = ""
    worse_if: str = ""

    def at(self, level: Rag) -> int:
        """How many of its measures and actions have a level."""
        return next((count for own, count in self.counts if own == level), 0)


@frozen(eq=False)
class Report:
    """A reporting period, ready for any format.

    Attributes:
        compared: the period before, as a label; empty where nothing earlier is known.
        programme: the top of the tree; its ``rows`` are empty.
        groups: what changed since then.
        key: each level, what it means, how many areas and how many rows have it.
        periods: those of the areas' histories.
        edition_name: ``board`` or ``public``.
        suppressed: what the public edition hides, in words.
    """

    title: str
    period: Period
    as_at: date
    compared: str
    edition: str
    fingerprint: str
    scale: Scale
    programme: AreaPage
    areas: tuple[AreaPage, ...]
    groups: tuple[MovedAlike, ...]
    key: tuple[tuple[Rag, str, int, int], ...]
    periods: tuple[Period, ...]
    read: RowCounts
    problems: tuple[Problem, ...]
    events: tuple[Event, ...] = ()
    edition_name: str = "board"
    suppressed: tuple[str, ...] = field(default=())

    @property
    def is_public(self) -> bool:
        """Whether it is the public edition: nobody is told there what would change a level, nor names evidence."""
        return self.edition_name == "public"

    @property
    def rows(self) -> tuple[ReportRow, ...]:
        """Every measure and action, by area."""
        return tuple(row for area in self.areas for row in area.rows)

    @property
    def levels(self) -> tuple[Rag, ...]:
        """The levels worst first, and grey."""
        return tuple(level for level, *_ in self.key)
