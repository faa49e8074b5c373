"""A rulebook as two small tables: cells (a KPI's thresholds in one era) and levels (what a look-up comes to).

Everything that rates many rows looks things up here: data frames, SQL, a workbook. What a rule means was settled when
its band table was compiled; here tables are only laid out as numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise, product

from attrs import define, evolve, field

from ..bands import BandTable, Interval, Threshold
from ..book import Rulebook
from ..number import exact
from ..rating.phrases import interval
from ..rulebook.compile import UnusableTarget, shortfall
from ..rulebook.expression import Expression
from ..rulebook.grace import Effect, Grace
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Range, RelativeTarget
from ..rulebook.rules import Rules
from ..ruling import Outcome, Ruling, rulings_of
from ..ruling.granting import EARLIER_LEVELS, EARLIER_VALUES
from ..terms import Direction, Reason
from .cell import EVIDENCE, Cell, ValueSource, rule_key
from .exactness import why_not_exact
from .intervals import INTERVALS, compared_one_by_one, compares_intervals
from .levels import Level, LevelTable, level_row
from .moving_lines import NEGATIVE_PROBES, PROBES, MovingLine, NotStraight, loosened, moving_lines
from .other_rows import made_from_rows, made_one_by_one

__all__ = ["Catalogue", "catalogue_of"]

#: conditions that one cell may have: it has a variant for each way in which they can turn out
MOST_CONDITIONS = 4


@define
class Catalogue:
    """A rulebook laid out for look-ups.

    Attributes:
        sources: where values come from; a cell names one by number.
        conditions: conditions of graces, and :data:`EVIDENCE`; cells name them by number.
        starts: first days of the eras of the whole book, the earliest first.
        refused: KPIs whose rating takes more than a look-up, with the reason in words.
        besides: the same of those that are laid out all the same, in a whole catalogue.
        relatives: how targets are made from other rows, and whether the lowest is the best; a cell names one by number.
        made_from_rows: KPIs with such a target that columns of values make, with the reason why a row alone does not.
        compared: KPIs whose interval is looked up by its end that is nearest to the target, with the reason why a value
            alone does not do.
    """

    rules: Rules
    cells: list[Cell] = field(factory=list)
    levels: LevelTable = field(factory=LevelTable)
    sources: list[ValueSource] = field(factory=list)
    conditions: list[Expression | str] = field(factory=list)
    starts: list[date] = field(factory=list)
    refused: dict[str, str] = field(factory=dict)
    besides: dict[str, str] = field(factory=dict)
    relatives: list[tuple[RelativeTarget, bool]] = field(factory=list)
    made_from_rows: dict[str, str] = field(factory=dict)
    compared: dict[str, str] = field(factory=dict)

    @classmethod
    def of(cls, rules: Rules, *, whole: bool = False) -> Catalogue:
        """The catalogue of a rulebook; ``whole`` lays out those KPIs, too, whose rating takes more than a look-up."""
        made = cls(rules)
        starts = {date.min}
        for kpi in rules.kpis.values():
            variants = [("", kpi), *kpi.entities.items()]
            why = next((why for _, own in variants if (why := _more_than_a_look_up(own))), "")
            if not why and compares_intervals(kpi):
                why = INTERVALS if whole or any(compared_one_by_one(rules, own) for _, own in variants) else ""
                made.compared |= {} if why else {kpi.id: INTERVALS}
            other_rows = made_from_rows(kpi)
            if other_rows and (whole or why or any(made_one_by_one(rules, own) for _, own in variants)):
                why = other_rows
            elif other_rows:
                made.made_from_rows[kpi.id] = other_rows
            if why:
                (made.besides if whole else made.refused)[kpi.id] = why
            for entity, own in variants:
                for ruling in rulings_of(rules, own):
                    starts.add(ruling.era.start)
                    bare = why and not whole
                    made.cells.extend([made._bare(own, entity)] if bare else made._cells(ruling, entity))
        made.starts = sorted(starts)
        made.cells = list(made._without_refused())
        for kpi_id in made.refused:
            # what was found to be rated one by one after all has no target to make in columns
            made.made_from_rows.pop(kpi_id, None)
        if not made.sources:
            # every rule is rated one by one, and each cell names a source
            made.sources.append(ValueSource())
        return made

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """The keys of entities' own rules."""
        return tuple(dict.fromkeys(cell.subject for cell in self.cells if cell.entity))

    @cached_property
    def looks_back(self) -> bool:
        """Whether any condition looks at the values of earlier periods."""
        conditions = (condition for condition in self.conditions if not isinstance(condition, str))
        return any(EARLIER_VALUES & condition.names for condition in conditions)

    @cached_property
    def takes_history(self) -> bool:
        """Whether a row's rating may take other rows of its KPI."""
        return self.looks_back or bool(self.refused or self.made_from_rows) or any(cell.carries for cell in self.cells)

    @property
    def is_dated(self) -> bool:
        """Whether any rule depends on the period."""
        return len(self.starts) > 1

    @cached_property
    def most_thresholds(self) -> int:
        return max((len(cell.thresholds) for cell in self.cells), default=0)

    def _without_refused(self) -> Iterator[Cell]:
        """The cells, with one that rates nothing for each rule that a look-up cannot rate."""
        seen: set[str] = set()
        for cell in self.cells:
            if cell.kpi.id not in self.refused:
                yield cell
            elif cell.subject not in seen:
                seen.add(cell.subject)
                yield self._bare(cell.kpi, cell.entity)

    def _bare(self, kpi: Kpi, entity: str) -> Cell:
        """A cell that rates nothing: whose rule it is, where its rating is made otherwise."""
        invalid = self.levels.grey(Reason.INVALID)
        if not self.sources:
            # a cell names a source, though this one's is never asked
            self.sources.append(ValueSource())
        return Cell(rule_key(kpi.id, entity), kpi, entity, date.min, date.max, 0, always=invalid)

    def _cells(self, ruling: Ruling, entity: str) -> Iterator[Cell]:
        """The variants of one era: one for each way in which its conditions can turn out."""
        kpi = ruling.kpi
        conditional = [grace for grace in ruling.live if grace.when is not None]
        conditions: list[int] = [self._condition(grace.when) for grace in conditional if grace.when is not None]
        if kpi.requires_evidence:
            conditions.append(self._condition(EVIDENCE))
        if len(conditions) > MOST_CONDITIONS:
            self.refused[kpi.id] = f"more than {MOST_CONDITIONS} conditions hold for it at once"
            conditions.clear()
            conditional.clear()
        watched = kpi.direction is Direction.MONITOR
        plain = Cell(
            rule_key(kpi.id, entity),
            kpi,
            entity,
            ruling.era.start,
            ruling.era.end,
            self._source(kpi),
            better=-1 if _rises(kpi.direction) else 1,
            aims=kpi.measures_against_target,
            carries=ruling.carries,
            max_age=ruling.max_age if ruling.carries else None,
            minimum_n=None if watched else kpi.minimum_n,
        )
        low, high, side = _target_ends(ruling)
        plain = evolve(plain, low=low, high=high, data_target=side, relative=self._relative(ruling))
        if ruling.not_due:
            yield evolve(plain, always=self.levels.grey(Reason.NOT_DUE))
            return
        plain = evolve(plain, conditions=tuple(conditions))
        for number, held in enumerate(product((False, True), repeat=len(conditions))):
            # product counts its last item fastest; the first condition is worth 1
            holds = tuple(reversed(held))
            refused = {id(grace) for grace, granted in zip(conditional, holds, strict=False) if not granted}
            granted = tuple(grace for grace in ruling.live if id(grace) not in refused)
            evidence = not kpi.requires_evidence or holds[-1]
            variant = evolve(plain, variant=number)
            try:
                yield self._variant(variant, ruling, granted, evidence)
            except NotStraight:
                self.refused[kpi.id] = "its bands do not grow evenly and in order with the target that the data bring"
                yield variant

    def _variant(self, cell: Cell, ruling: Ruling, granted: tuple[Grace, ...], evidence: bool) -> Cell:
        kpi = ruling.kpi
        grey = self.levels.grey
        if ruling.needs_target:
            cell = evolve(cell, no_target=grey(Reason.NO_TARGET), bad_target=grey(Reason.INVALID))
        if kpi.direction is Direction.MONITOR:
            return evolve(cell, instead=grey(Reason.MONITORED))
        without = ruling.outcome_of_missing(granted)
        if without is not None:
            cell = evolve(cell, missing=self.levels.add([level_row(without.with_evidence(evidence))]))
        if ruling.moves_with_target:
            return self._straight(cell, ruling, granted, evidence)
        try:
            table = ruling.table
        except UnusableTarget:
            return evolve(cell, instead=grey(Reason.INVALID))
        if table is None:
            return evolve(cell, instead=grey(Reason.NO_TARGET))
        outcomes = ruling.outcomes(granted)
        levels = [level_row(o.with_evidence(evidence), _band(ruling, piece)) for piece, o in outcomes]
        return evolve(
            cell,
            cuts=tuple((cut, Fraction(0), Fraction(0)) for cut in outcomes.thresholds),
            thresholds=outcomes.floats,
            loose=tuple(loosened(cut.at, cut.reached) for cut in outcomes.thresholds),
            first=self.levels.add(levels),
        )

    def _straight(self, cell: Cell, ruling: Ruling, granted: tuple[Grace, ...], evidence: bool) -> Cell:
        """The cell of a rule whose thresholds are straight lines over the target that a row brings."""

        def outcomes(target: Fraction) -> BandTable[Outcome]:
            return ruling.with_target(target).outcomes(granted)

        def levels_of(table: BandTable[Outcome]) -> tuple[Level, ...]:
            return tuple(level_row(outcome.with_evidence(evidence)) for outcome in table.labels)

        positive = not _has_table(ruling.with_target(Fraction(0)), granted)
        try:
            made = [outcomes(probe) for probe in PROBES]
            negative = [] if positive else [outcomes(probe) for probe in NEGATIVE_PROBES]
        except UnusableTarget:
            raise NotStraight from None
        levels = [levels_of(table) for table in (*made, *negative)]
        lines = moving_lines(made, negative)
        ordered = all(one.keeps_below(other, positive=positive) for one, other in pairwise(lines))
        if len(set(levels)) > 1 or cell.kpi.decimals is not None or not ordered:
            raise NotStraight
        if not positive:
            _agree_at_0(lines, levels[0], outcomes(Fraction(0)), levels_of(outcomes(Fraction(0))))
        # made from other rows, a target is computed too
        computed = cell.kpi.formula is not None or ruling.relative is not None
        floats = [line.floats(computed=computed) for line in lines]
        return evolve(
            cell,
            cuts=tuple((Threshold(line.at, line.reached), line.slope, line.bend) for line in lines),
            thresholds=tuple(at for at, _ in floats),
            loose=tuple(loosened(line.at, line.reached) for line in lines),
            slopes=tuple(float(line.slope) for line in lines),
            sways=tuple(sway + float(line.bend) for line, (_, sway) in zip(lines, floats, strict=True)),
            first=self.levels.add(levels[0]),
            positive=positive,
        )

    def _source(self, kpi: Kpi) -> int:
        words = tuple(word.casefold() for word, _ in kpi.words)
        source = ValueSource(kpi.formula, kpi.formula is None and not words and kpi.unit == "%", words)
        if source not in self.sources:
            self.sources.append(source)
        return self.sources.index(source)

    def _relative(self, ruling: Ruling) -> int:
        if ruling.relative is None or ruling.kpi.id not in self.made_from_rows:
            return 0
        way = ruling.relative, ruling.kpi.lower_is_better
        if way not in self.relatives:
            self.relatives.append(way)
        return self.relatives.index(way) + 1

    def _condition(self, condition: Expression | str) -> int:
        if condition not in self.conditions:
            self.conditions.append(condition)
        return self.conditions.index(condition)


@lru_cache(maxsize=16)
def catalogue_of(book: Rulebook) -> Catalogue:
    """The catalogue of a rulebook, made once."""
    return Catalogue.of(book.rules)


def _more_than_a_look_up(kpi: Kpi) -> str:
    """Why a KPI's rating takes more than a look-up in floats; empty where it does not."""
    if kpi.persistence > 1:
        return "persistence looks at the levels of the periods before"
    if any(grace.effect is Effect.EXCLUDE_PERIOD for grace in kpi.graces):
        return "a grace leaves periods out of its history"
    for grace in kpi.graces:
        if grace.when is not None and EARLIER_LEVELS & grace.when.names:
            return f"the grace {grace.name} looks at an earlier level"
    if any(word.strip().casefold() != word.strip().lower() for word, _ in kpi.words):
        return "its words fold case in a way of their own"
    expressions = (kpi.formula, *(grace.when for grace in kpi.graces))
    return next(
        (why for expression in expressions if expression is not None and (why := why_not_exact(expression))), ""
    )


def _target_ends(ruling: Ruling) -> tuple[Fraction | None, Fraction | None, int]:
    """Between which numbers the target lies, as a shortfall counts from them; and which side a row's own target is."""
    if ruling.kpi.words:
        return None, None, 0
    target = ruling.target
    if isinstance(target, Range):
        return exact(target.min), exact(target.max), 0
    rises = _rises(ruling.kpi.direction)
    if ruling.takes_target:
        return None, None, -1 if rises else 1
    if target is None:
        return None, None, 0
    return (None, target, 0) if rises else (target, None, 0)


def _rises(direction: Direction | None) -> bool:
    """Whether a shortfall rises with the value."""
    return (shortfall(Fraction(1), Fraction(0), direction) or 0) > 0


def _has_table(ruling: Ruling, granted: tuple[Grace, ...]) -> bool:
    try:
        return ruling.table is not None and bool(ruling.outcomes(granted).labels)
    except UnusableTarget:
        return False


def _agree_at_0(
    lines: Sequence[MovingLine], levels: Sequence[Level], table: BandTable[Outcome], own: Sequence[Level]
) -> None:
    """Raises NotStraight where lines that meet at a target of 0 give other levels than its own table does."""
    at_0 = [line.moved(Fraction(0)) for line in lines]
    edges = sorted({line.at for line in at_0})
    for value in {edge + by for edge in edges for by in (-1, 0, 1)}:
        passed = sum(cut.is_passed_by(value) for cut in at_0)
        if levels[passed] != own[table.exact_index(value)]:
            raise NotStraight


def _band(ruling: Ruling, piece: Interval) -> str:
    """Where the band lies that holds a piece of the line, as it is printed."""
    return "" if ruling.kpi.words or ruling.compares else interval(ruling.band_of(_inside(piece)), ruling.kpi.unit)


def _inside(piece: Interval) -> Fraction:
    match piece.lower, piece.upper:
        case None, None:
            return Fraction(0)
        case None, upper if upper is not None:
            return upper.at - 1
        case lower, None if lower is not None:
            return lower.at + 1
        case lower, upper if lower is not None and upper is not None:
            return (lower.at + upper.at) / 2
    raise AssertionError("unreachable")
