"""What a rule decides, built once and shared by every measurement it applies to."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from ..bands import BandTable, Interval, combined
from ..rulebook.action import Action
from ..rulebook.compile import Era, adjusted_table, kpi_table, printed, printed_table
from ..rulebook.grace import Effect, Grace
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Range, SpecialTarget
from ..terms import GREY, Rag, Reason, Scale

if TYPE_CHECKING:
    from ..rulebook.rules import Rules
    from .quick_words import Pieces

__all__ = ["SUSPENDING", "ActionGround", "Applied", "Ground", "Kept", "Note", "Outcome"]

#: an excluded period is not rated either; it is left out of trend and persistence besides
SUSPENDING = frozenset({Effect.SUSPEND, Effect.EXCLUDE_PERIOD})


@frozen
class Applied:
    """A live grace and what became of it.

    Attributes:
        granted: False where its condition did not hold or could not be shown.
        before, after: the level that it found and the one that it left, where it is granted.
        why: for a condition, what it said.
    """

    grace: Grace
    granted: bool
    before: Rag = GREY
    after: Rag = GREY
    why: str = ""

    @property
    def changed(self) -> bool:
        """Whether it changed the level."""
        return self.before != self.after


@frozen
class Note:
    """Something a stage did beside the table: ``evidence``, ``persistence``, ``missing``, ``value``."""

    stage: str
    text: str


@define(eq=False)
class Ground:
    """What outcomes of one KPI in one era rest on: rule, tables and where they come from.

    Attributes:
        data_target: the target that the measurement brought, where the rule leaves it to the data.
    """

    rules: Rules
    kpi: Kpi
    era: Era
    data_target: Fraction | None = None
    _joint: dict[tuple[Grace, ...], BandTable[Outcome]] = field(factory=dict, init=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ground):
            return NotImplemented
        mine, theirs = (self.kpi, self.era.start, self.data_target), (other.kpi, other.era.start, other.data_target)
        return mine == theirs

    def __hash__(self) -> int:
        return hash((self.kpi.id, self.era.start, self.data_target))

    def __getstate__(self) -> tuple[Rules, Kpi, Era, Fraction | None]:
        return self.rules, self.kpi, self.era, self.data_target

    def __setstate__(self, state: tuple[Rules, Kpi, Era, Fraction | None]) -> None:
        self.rules, self.kpi, self.era, self.data_target = state
        self._joint = {}

    @property
    def scale(self) -> Scale:
        return self.rules.scale

    @cached_property
    def takes_target(self) -> bool:
        """Whether a row's own target counts: the rule leaves it to the data, or has bands and states none."""
        era = self.era
        return era.rule_target is None and (era.target is SpecialTarget.FROM_DATA or bool(era.bands))

    @cached_property
    def needs_target(self) -> bool:
        """Whether nothing can be rated without the row's own target."""
        era = self.era
        edges = (edge for band in era.bands for edge in (band.lower, band.upper))
        of_target = any(edge is not None and edge.of_target for edge in edges)
        return self.takes_target and (era.target is SpecialTarget.FROM_DATA or of_target)

    def with_target(self, target: Fraction) -> Ground:
        """The same with the target that a row brings."""
        return self if self.data_target == target else Ground(self.rules, self.kpi, self.era, target)

    @property
    def target(self) -> Fraction | Range | None:
        """The target in force: the rule's, else the measurement's."""
        stated = self.era.rule_target
        return self.data_target if stated is None else stated

    @property
    def aim(self) -> Fraction | Range | None:
        """What a value is short of: the target in force, where it is a line and no input of the formula."""
        return self.target if self.kpi.measures_against_target else None

    @cached_property
    def table(self) -> BandTable[Rag] | None:
        """The rule as it stands; None where nothing rates. Raises UnusableTarget."""
        return kpi_table(self.era, self.scale, self.data_target)

    @cached_property
    def printed_table(self) -> BandTable[Rag] | None:
        """The rule as it stands over printed values: what a sentence about its bands says."""
        return self.table if self.kpi.decimals is None else printed_table(self.era, self.scale, self.data_target)

    def band_of(self, value: Fraction) -> Interval:
        """The band in which a value lies, as it is printed."""
        table = self.printed_table
        assert table is not None
        return table.interval(table.exact_index(printed(value, self.kpi)))

    def adjusted(self, granted: tuple[Grace, ...]) -> BandTable[Rag]:
        """The table under the granted graces."""
        assert self.table is not None
        return adjusted_table(self.era, self.scale, granted, self.table, self.data_target)

    def outcomes(self, granted: tuple[Grace, ...]) -> BandTable[Outcome]:
        """The table of outcomes under the granted graces: computed and adjusted level of every number at once."""
        joint = self._joint.get(granted)
        if joint is None:
            joint = self._joint[granted] = self._join(granted)
        return joint

    def _join(self, granted: tuple[Grace, ...]) -> BandTable[Outcome]:
        assert self.table is not None
        steps = [self.adjusted(granted[: n + 1]) for n in range(len(granted))]
        tables: list[BandTable[Rag]] = [self.table, *steps]
        both: BandTable[tuple[Rag, ...]] = self.table.relabelled(lambda level: (level,))
        for table in tables[1:]:
            both = combined(both, table, lambda so_far, level: (*so_far, level))

        def outcome(levels: tuple[Rag, ...]) -> Outcome:
            level, suspended = levels[0], False
            applied: list[Applied] = []
            for grace, relieved in zip(granted, levels[1:], strict=True):
                suspended = suspended or grace.effect in SUSPENDING
                before, level = level, GREY if suspended else relieved
                applied.append(Applied(grace, True, before, level))
            reason = Reason.SUSPENDED if suspended else None
            return Outcome(self, levels[0], level, level, reason, tuple(applied))

        return both.relabelled(outcome)

    def grey(self, reason: Reason, *notes: Note) -> Outcome:
        """The outcome of what cannot be rated."""
        return Outcome(self, GREY, GREY, GREY, reason, notes=notes)


@define(eq=False)
class Kept:
    """What the text of an outcome is made of, made when it is first read.

    Attributes:
        pieces: what is the same in every period.
        heads: by period as given, the text up to the value; None where the text cannot be made of pieces.
    """

    pieces: Pieces | None = None
    heads: dict[object, str | None] = field(factory=dict)


@frozen
class Outcome:
    """The three levels and what made them.

    Attributes:
        computed: by the rule as it stands.
        adjusted: with grace, evidence and persistence.
        rag: with the override of a named authority: the final level.
        reason: why the final level is grey.
    """

    ground: Ground | ActionGround
    computed: Rag
    adjusted: Rag
    rag: Rag
    reason: Reason | None = None
    graces: tuple[Applied, ...] = ()
    notes: tuple[Note, ...] = ()
    kept: Kept = field(factory=Kept, init=False, eq=False, repr=False)

    def __getstate__(self) -> tuple[object, ...]:
        return (self.ground, self.computed, self.adjusted, self.rag, self.reason, self.graces, self.notes)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        names = ("ground", "computed", "adjusted", "rag", "reason", "graces", "notes")
        for name, value in zip((*names, "kept"), (*state, Kept()), strict=True):
            object.__setattr__(self, name, value)

    def also(self, *applied: Applied) -> Outcome:
        """The same with graces that were not granted."""
        return evolve(self, graces=(*self.graces, *applied)) if applied else self

    def noted(self, stage: str, text: str) -> Outcome:
        """The same with something to tell."""
        return evolve(self, notes=(*self.notes, Note(stage, text)))


@frozen(eq=False)
class ActionGround:
    """What outcomes of one action rest on."""

    rules: Rules
    action: Action

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActionGround) and self.action == other.action

    def __hash__(self) -> int:
        return hash(self.action.id)

    @property
    def scale(self) -> Scale:
        return self.rules.scale
