"""The band table of a rulebook as rows that people and other engines read: one for each band of each rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from attrs import define, evolve, field, fields, frozen

from ..bands import Threshold
from ..book import Rulebook
from ..catalogue import EVIDENCE, Catalogue, Cell, ValueSource
from ..catalogue.levels import Level
from ..number import exact
from ..rulebook.measure import Number
from ..ruling.granting import EARLIER_VALUES
from ..terms import Direction, Reason

__all__ = [
    "COLUMNS",
    "EVIDENCE_RECORDED",
    "BandRow",
    "BandRows",
    "Given",
    "condition_text",
    "value_from",
]

#: stands among ``conditions`` where evidence is asked for
EVIDENCE_RECORDED = "evidence is recorded"


class Given:
    """What a row of the table is for: what was found where a value was looked for."""

    VALUE = "value"
    #: nothing, where the rules give that a level
    NO_VALUE = "no value"
    NO_TARGET = "no target"
    UNUSABLE_TARGET = "unusable target"
    ANYTHING = "anything"


@frozen
class BandRow:
    """One band of one rule, in one era, with its conditions turned out one way.

    Attributes:
        entity: of a rule of its own; empty for the KPI's.
        valid_from, valid_until: first and last day; None without end. The last day of a period decides.
        conditions, held: what the rule asks of a row, and for which answers the band is (``yes``, ``no`` each).
        given: one of :class:`Given`.
        word: for values in words, the one that this row is for, folded.
        lower, upper: the edges; None is open, and ``…_included`` whether the edge itself is in the band. Where the
            row brings the target, ``…_per_target`` times it and ``…_per_size`` times its size are to be added.
        rag, adjusted, computed: the levels, None where the table does not say.
        target_low, target_high: the ends of the target, from which a shortfall counts.
        target_side: ``at least`` or ``at most`` where the row's own target counts.
        target_needed: ``yes`` where the bands rest on the row's target, ``above 0`` where it has to be that.
        valid_min, valid_max: what a value can be at all, both ends included.
        carry_forward: ``yes`` where a missing value is the latest earlier one, or how old that may be: ``3 months``.
        value_from: where the value comes from: ``value``, ``value or counts``, ``word``, ``formula: …``;
            empty where none is looked at.
        besides: what a rating takes besides this table; empty where nothing.
        rule: file and line.
    """

    kpi: str
    title: str
    entity: str
    valid_from: date | None
    valid_until: date | None
    conditions: str = ""
    held: str = ""
    given: str = Given.VALUE
    word: str = ""
    lower: Fraction | None = None
    lower_included: bool | None = None
    upper: Fraction | None = None
    upper_included: bool | None = None
    lower_per_target: Fraction | None = None
    upper_per_target: Fraction | None = None
    lower_per_size: Fraction | None = None
    upper_per_size: Fraction | None = None
    computed: str | None = None
    adjusted: str | None = None
    rag: str | None = None
    reason: str = ""
    grace: str = ""
    band: str = ""
    target_low: Fraction | None = None
    target_high: Fraction | None = None
    target_side: str = ""
    target_needed: str = ""
    minimum_n: int | None = None
    valid_min: Fraction | None = None
    valid_max: Fraction | None = None
    carry_forward: str = ""
    value_from: str = ""
    besides: str = ""
    area: str = ""
    rule: str = ""
    edition: str = ""
    fingerprint: str = ""


#: the columns in their order, as every format has them
COLUMNS = tuple(each.name for each in fields(BandRow))


@define(slots=False)
class BandRows:
    """The band table of a rulebook.

    Attributes:
        catalogue: the whole one that the rows were made from.
        rows: in the order of the rules, the lowest band first.
        besides: by KPI, what its ratings take besides the table, in words.
    """

    book: Rulebook
    catalogue: Catalogue = field(init=False)
    rows: tuple[BandRow, ...] = field(init=False)
    besides: dict[str, str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.catalogue = Catalogue.of(self.book.rules, whole=True)
        self.besides = _besides(self.catalogue)
        self.rows = tuple(row for cell in self.catalogue.cells for row in self._rows_of(cell))

    def source(self, cell: Cell) -> ValueSource:
        """Where the values of a cell's KPI come from."""
        return self.catalogue.sources[cell.source]

    def _rows_of(self, cell: Cell) -> Iterator[BandRow]:
        plain = self._plain(cell)
        levels = self.catalogue.levels.rows
        if cell.kpi.id in self.catalogue.refused:
            yield evolve(plain, given=Given.ANYTHING, value_from="")
            return
        if cell.always is not None:
            yield _levelled(evolve(plain, given=Given.ANYTHING, value_from=""), levels[cell.always])
            return
        if cell.missing is not None and not _is_watched(cell):
            yield _levelled(evolve(plain, given=Given.NO_VALUE), levels[cell.missing])
        if cell.no_target is not None and cell.bad_target is not None:
            without = _levelled(evolve(plain, given=Given.NO_TARGET), levels[cell.no_target])
            yield evolve(without, reason=str(Reason.NO_TARGET))
            yield _levelled(evolve(plain, given=Given.UNUSABLE_TARGET), levels[cell.bad_target])
        if cell.instead is not None:
            yield _levelled(plain, levels[cell.instead])
        else:
            yield from self._bands(cell, plain)

    def _bands(self, cell: Cell, plain: BandRow) -> Iterator[BandRow]:
        """A row for each band, or for each word."""
        levels = self.catalogue.levels.rows[cell.first : cell.first + len(cell.cuts) + 1]
        if cell.kpi.words:
            for number, word in enumerate(self.source(cell).words):
                passed = sum(cut.is_passed_by(Fraction(number)) for cut, _, _ in cell.cuts)
                yield _levelled(evolve(plain, word=word), levels[passed])
            return
        lower: tuple[Threshold, Fraction, Fraction] | None = None
        for upper, level in zip((*cell.cuts, None), levels, strict=True):
            row = _levelled(plain, level)
            if lower is not None:
                cut, slope, bend = lower
                row = evolve(row, lower=cut.at, lower_included=cut.reached)
                row = evolve(row, lower_per_target=slope or None, lower_per_size=bend or None)
            if upper is not None:
                cut, slope, bend = upper
                row = evolve(row, upper=cut.at, upper_included=not cut.reached)
                row = evolve(row, upper_per_target=slope or None, upper_per_size=bend or None)
            yield row
            lower = upper

    def _plain(self, cell: Cell) -> BandRow:
        """What all bands of a cell have in common."""
        kpi = cell.kpi
        held = [bool(cell.variant >> n & 1) for n in range(len(cell.conditions))]
        return BandRow(
            kpi=kpi.id,
            title=kpi.title,
            entity=cell.entity,
            valid_from=None if cell.start == date.min else cell.start,
            valid_until=None if cell.end == date.max else cell.end,
            conditions="; ".join(condition_text(self.catalogue, number) for number in cell.conditions),
            held=", ".join("yes" if each else "no" for each in held),
            target_low=cell.low,
            target_high=cell.high,
            target_side={1: "at least", -1: "at most"}.get(cell.data_target, ""),
            target_needed="" if cell.no_target is None else "above 0" if cell.positive else "yes",
            # no target at all is told before few cases
            minimum_n=cell.minimum_n if cell.instead is None else None,
            valid_min=_end(kpi.valid.min if kpi.valid else None),
            valid_max=_end(kpi.valid.max if kpi.valid else None),
            carry_forward=str(cell.max_age or "yes") if cell.carries and not _is_watched(cell) else "",
            value_from=value_from(self.source(cell)),
            besides=self.besides.get(kpi.id, ""),
            area=kpi.area,
            rule=f"{kpi.file}:{kpi.line}",
            edition=self.book.edition,
            fingerprint=self.book.fingerprint,
        )


def _is_watched(cell: Cell) -> bool:
    """Whether a KPI is monitored: what is missing there is grey, whatever the rules say of missing values."""
    return cell.kpi.direction is Direction.MONITOR


def _end(number: Number | None) -> Fraction | None:
    return None if number is None else exact(number)


def value_from(source: ValueSource) -> str:
    """Where a value comes from, in the words of the table."""
    if source.formula is not None:
        return f"formula: {source.formula.text}"
    if source.words:
        return "word"
    return "value or counts" if source.counts else "value"


def _levelled(row: BandRow, level: Level) -> BandRow:
    return evolve(
        row,
        computed=level.computed,
        adjusted=level.adjusted,
        rag=level.rag,
        reason=level.reason,
        grace=level.grace,
        band=level.band,
    )


def condition_text(catalogue: Catalogue, number: int) -> str:
    """A condition as ``conditions`` has it."""
    condition = catalogue.conditions[number]
    return EVIDENCE_RECORDED if condition == EVIDENCE or isinstance(condition, str) else condition.text


def _besides(catalogue: Catalogue) -> dict[str, str]:
    """By KPI, what its ratings take besides the table."""
    told = {**catalogue.refused, **catalogue.besides}
    for cell in catalogue.cells:
        conditional = [(grace.name, grace.when) for grace in cell.kpi.graces if grace.when is not None]
        names = {name for name, when in conditional if EARLIER_VALUES & when.names}
        if names:
            told.setdefault(cell.kpi.id, f"the grace {sorted(names)[0]} looks at the values of earlier periods")
    return {kpi: told[kpi] for kpi in catalogue.rules.kpis if kpi in told}
