"""Everything that one rule is on one day: whoever asks one of these questions asks here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

from attrs import define, evolve, field, frozen

from ..bands import BandTable, Interval, combined
from ..period import Duration
from ..rulebook.action import Action
from ..rulebook.compile import Era, Rule, UnusableTarget, era_on, eras_of, own_table, printed, shortfall, table_under
from ..rulebook.grace import Effect, Grace, limited
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Range, RelativeTarget
from ..rulebook.rules import Rules
from ..terms import GREY, Direction, Missing, Rag, Reason, Scale
from .applied import Applied, Kept, Note

__all__ = ["Outcome", "Ruling", "ruling_on", "rulings_of"]


def ruling_on(rules: Rules, rule: Rule, day: date) -> Ruling:
    """What a rule is on a day; a KPI is the entity's own where that has one."""
    return Ruling(rules, rule, era_on(rule, day))


def rulings_of(rules: Rules, rule: Rule) -> Iterator[Ruling]:
    """What a rule is in each of its eras, the earliest first; a KPI is the entity's own where that has one."""
    return (Ruling(rules, rule, era) for era in eras_of(rule))


@define(eq=False)
class Ruling:
    """One KPI or action between two changes of its rule, with what a row may bring to it.

    A KPI's table lies over its values; an action's over the days it is late by the due date as ruled, or over its
    formula.

    Attributes:
        data_target: the target that the measurement brings, where the rule leaves it to the data.
        complete: whether an action is.
    """

    rules: Rules
    rule: Rule
    era: Era
    data_target: Fraction | None = None
    complete: bool = False
    _joint: dict[tuple[Grace, ...], BandTable[Outcome]] = field(factory=dict, init=False, repr=False)
    _levels: dict[tuple[Grace, ...], BandTable[Rag]] = field(factory=dict, init=False, repr=False)

    @property
    def _identity(self) -> tuple[object, ...]:
        return self.rule.as_rated, self.era.start, self.data_target, self.complete

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return self._identity == other._identity if isinstance(other, Ruling) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.rule.id, self.era.start, self.data_target, self.complete))

    def __reduce__(self) -> tuple[object, ...]:
        # a rating that travels takes its own rule along and not the whole rulebook
        rules, rule = self.rules.as_rated(self.rule.area), self.rule.as_rated
        return Ruling, (rules, rule, self._era_alone, self.data_target, self.complete)

    @cached_property
    def _era_alone(self) -> Era:
        return evolve(self.era, rule=self.rule.as_rated)

    # whose rule

    @property
    def is_action(self) -> bool:
        return isinstance(self.rule, Action)

    @property
    def kpi(self) -> Kpi:
        """The KPI, where it is one."""
        assert isinstance(self.rule, Kpi)
        return self.rule

    @property
    def action(self) -> Action:
        """The action, where it is one."""
        assert isinstance(self.rule, Action)
        return self.rule

    @property
    def scale(self) -> Scale:
        return self.rules.scale

    @property
    def measures(self) -> bool:
        """Whether it judges numbers that mean something of themselves: neither words nor days."""
        return isinstance(self.rule, Kpi) and not self.rule.words

    @property
    def compares(self) -> bool:
        """Whether it judges an interval, beside its target."""
        return isinstance(self.rule, Kpi) and self.rule.compare is not None

    # which days

    @property
    def live(self) -> tuple[Grace, ...]:
        """The graces that are live, in the order of their effects."""
        return self.era.live

    @property
    def not_due(self) -> bool:
        """Whether it is not rated yet."""
        return self.era.not_due

    # what a row brings, and what it must bring

    @cached_property
    def takes_target(self) -> bool:
        """Whether a row's own target counts: the rule leaves it to the data, or has bands and states none."""
        return self.era.takes_target

    @cached_property
    def needs_target(self) -> bool:
        """Whether nothing can be rated without the row's own target."""
        return self.era.needs_target

    @property
    def moves_with_target(self) -> bool:
        """Whether its lines lie where the row's own target puts them."""
        return self.era.moves_with_target

    @property
    def relative(self) -> RelativeTarget | None:
        """How the row's target is made from other rows; None where it is not."""
        return self.era.relative

    def with_target(self, target: Fraction | None) -> Ruling:
        """The same with the target that a row brings."""
        return self if self.data_target == target else evolve(self, data_target=target)

    def once_complete(self) -> Ruling:
        """The same of an action that is complete."""
        return evolve(self, complete=True)

    @property
    def rates_a_number_alone(self) -> bool:
        """Whether a plain number is all that its rating takes and looks at."""
        rule = self.rule
        return (
            isinstance(rule, Kpi)
            and rule.formula is None
            and not rule.words
            and rule.valid is None
            and self.judges_a_value_alone
        )

    @property
    def judges_a_value_alone(self) -> bool:
        """Whether the levels of a value, once it is known, rest on nothing else."""
        rule = self.rule
        return (
            isinstance(rule, Kpi)
            and rule.direction is not Direction.MONITOR
            and not rule.requires_evidence
            and rule.compare is None
            and not self.not_due
            and all(grace.when is None for grace in self.live)
            and not self.needs_target
        )

    @cached_property
    def outcomes_of_values(self) -> BandTable[Outcome] | None:
        """The outcomes of values where they rest on nothing else; None where they do, or where nothing rates."""
        try:
            return self.outcomes(self.live) if self.judges_a_value_alone and self.table is not None else None
        except UnusableTarget:
            return None

    # the target

    @property
    def target(self) -> Fraction | Range | None:
        """The target in force: the rule's, else the measurement's; an action has none."""
        stated = self.era.rule_target
        return self.data_target if stated is None else stated

    @property
    def aim(self) -> Fraction | Range | None:
        """What a value is short of: the target in force, where it is a line and no input of the formula."""
        return self.target if isinstance(self.rule, Kpi) and self.rule.measures_against_target else None

    def short(self, value: Fraction) -> Fraction | None:
        """How far a value is short of its target, whichever way is better; None without one, and for words."""
        return shortfall(value, self.aim, self.kpi.direction) if self.measures else None

    # the tables

    @cached_property
    def table(self) -> BandTable[Rag] | None:
        """The rule as it stands; None where nothing rates. Raises UnusableTarget."""
        return own_table(self.era, self.scale, self.data_target, complete=self.complete)

    @cached_property
    def as_printed(self) -> Ruling:
        """The same over values as people read them, before rounding moves its thresholds."""
        if not isinstance(self.rule, Kpi) or self.rule.decimals is None:
            return self
        rule = evolve(self.rule, decimals=None)
        return evolve(self, rule=rule, era=evolve(self.era, rule=rule))

    def band_of(self, value: Fraction) -> Interval:
        """The band in which a value lies, as it is printed."""
        table = self.as_printed.table
        assert table is not None
        return table.interval(table.exact_index(printed(value, self.kpi)))

    def under(self, granted: Sequence[Grace]) -> BandTable[Rag]:
        """The table under the granted graces; a suspension leaves it as it is."""
        assert self.table is not None
        return table_under(self.era, self.scale, granted, self.table, self.data_target, complete=self.complete)

    def levels(self, granted: Sequence[Grace]) -> BandTable[Rag]:
        """The adjusted level of every value under the granted graces: a suspension makes all grey."""
        key = tuple(granted)
        made = self._levels.get(key)
        if made is None:
            made = self._levels[key] = self.outcomes(key).relabelled(lambda outcome: outcome.adjusted)
        return made

    def outcomes(self, granted: tuple[Grace, ...]) -> BandTable[Outcome]:
        """The table of outcomes under the granted graces: computed and adjusted level of every number at once."""
        joint = self._joint.get(granted)
        # of threads that make it at once, all get the one that was set
        return joint if joint is not None else self._joint.setdefault(granted, self._join(granted))

    def _join(self, granted: tuple[Grace, ...]) -> BandTable[Outcome]:
        assert self.table is not None
        both: BandTable[tuple[Rag, ...]] = self.table.relabelled(lambda level: (level,))
        for n in range(len(granted)):
            both = combined(both, self.under(granted[: n + 1]), lambda so_far, level: (*so_far, level))

        def outcome(levels: tuple[Rag, ...]) -> Outcome:
            level, suspended = levels[0], False
            applied: list[Applied] = []
            for grace, relieved in zip(granted, levels[1:], strict=True):
                suspended = suspended or grace.effect.suspends
                before, level = level, GREY if suspended else relieved
                applied.append(Applied(grace, True, before, level))
            reason = Reason.SUSPENDED if suspended else None
            return Outcome(self, levels[0], level, level, reason, tuple(applied))

        return both.relabelled(outcome)

    # what comes without the table

    def grey(self, reason: Reason, *notes: Note) -> Outcome:
        """The outcome of what cannot be rated."""
        return Outcome(self, GREY, GREY, GREY, reason, notes=notes)

    def given(
        self,
        computed: Rag,
        granted: Sequence[Grace],
        reason: Reason | None = None,
        moved: Callable[[Duration], tuple[Rag, Reason | None]] | None = None,
    ) -> Outcome:
        """The outcome of a level that no table gave, under the granted graces, one after the other.

        Relief of target and tolerance has nothing to act on; ``moved`` is the level by a due date so much later.
        """
        level, suspended = computed, False
        applied: list[Applied] = []
        for grace in granted:
            before = level
            if grace.effect.suspends:
                # what it is grey for of its own comes before a suspension
                level, reason, suspended = GREY, reason or Reason.SUSPENDED, True
            elif grace.effect is Effect.EXTEND_DUE and moved is not None and not suspended:
                assert isinstance(grace.value, Duration)
                level, reason = moved(grace.value)
            elif grace.effect.limits:
                level = limited(level, grace.effect, self.scale[str(grace.value)])
            applied.append(Applied(grace, True, before, level))
        return Outcome(self, computed, level, level, reason, tuple(applied))

    def with_evidence(self, level: Rag, recorded: bool) -> Rag:
        """A level where the rule asks for evidence: no better than amber unless it is recorded."""
        if recorded or not self.rule.requires_evidence or level.is_grey:
            return level
        return min(level, self.scale["amber"])

    # what a missing value means

    @property
    def carries(self) -> bool:
        """Whether a missing value is the latest earlier one."""
        return self.rules.missing_of(self.kpi) is Missing.CARRY_FORWARD

    @property
    def max_age(self) -> Duration | None:
        """How old a carried value may be."""
        return self.rules.max_age_of(self.kpi)

    @property
    def level_of_missing(self) -> Rag | None:
        """The level that a missing value counts as; None where it is grey or carried forward, or nothing is rated."""
        if self.is_action or self.kpi.direction is Direction.MONITOR:
            return None
        missing = self.rules.missing_of(self.kpi)
        if missing not in (Missing.RED, Missing.AMBER):
            return None
        return self.scale[missing.value]

    def outcome_of_missing(self, granted: Sequence[Grace]) -> Outcome | None:
        """The outcome of a missing value that the rules give a level, under the granted graces; None: it is grey."""
        computed = self.level_of_missing
        if computed is None:
            return None
        return self.given(computed, granted).noted("missing", f"a missing value counts as {computed.label}")


@frozen
class Outcome:
    """The three levels and what made them.

    Attributes:
        computed: by the rule as it stands.
        adjusted: with grace, evidence and persistence.
        rag: with the override of a named authority: the final level.
        reason: why the final level is grey.
    """

    ruling: Ruling
    computed: Rag
    adjusted: Rag
    rag: Rag
    reason: Reason | None = None
    graces: tuple[Applied, ...] = ()
    notes: tuple[Note, ...] = ()
    kept: Kept = field(factory=Kept, init=False, eq=False, repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        # without what is kept of its text
        return Outcome, (self.ruling, self.computed, self.adjusted, self.rag, self.reason, self.graces, self.notes)

    @property
    def granted(self) -> tuple[Grace, ...]:
        """The graces that were granted, in the order of their effects."""
        return tuple(applied.grace for applied in self.graces if applied.granted)

    def also(self, *applied: Applied) -> Outcome:
        """The same with graces that were not granted."""
        return evolve(self, graces=(*self.graces, *applied)) if applied else self

    def noted(self, stage: str, text: str) -> Outcome:
        """The same with something to tell."""
        return evolve(self, notes=(*self.notes, Note(stage, text)))

    def with_evidence(self, recorded: bool) -> Outcome:
        """The outcome where its rule asks for evidence: no better than amber unless it is recorded."""
        level = self.ruling.with_evidence(self.adjusted, recorded)
        if level == self.adjusted:
            return self
        capped = evolve(self, adjusted=level, rag=level)
        return capped.noted("evidence", f"no evidence is recorded: no better than {level.label}")
