"""The value of each row before any look-up: a number, counts, a formula or a word; and why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import narwhals.stable.v2 as nw
from attrs import evolve, field, frozen

from ..catalogue import Source
from ..catalogue.levels import LevelTable
from ..terms import Reason
from .arithmetic import compiled
from .cells import NUMBER, Cell, Columns, first_of
from .engines import Frame, unused

__all__ = ["JudgedColumns", "Numbers", "judged"]

_grey = LevelTable.grey
_NO_DATA, _MISSING_INPUT = _grey(Reason.NO_DATA), _grey(Reason.MISSING_INPUT)


@frozen
class Numbers:
    """The cells of a frame, each a pair of columns of its own.

    Attributes:
        given: by the name of the column.
        cells: as formulas and conditions name them: the target is the rule's where it states one, and what is excluded
            is not counted.
    """

    given: Mapping[str, Cell]
    cells: Mapping[str, Cell]

    @classmethod
    def of(cls, frame: Frame, columns: Columns, inputs: Sequence[str], target: nw.Expr | None) -> tuple[Frame, Numbers]:
        """The frame with its cells read, and what they are; ``target`` is null where the rule states no number."""
        names = ("value", "numerator", "denominator", "excluded", "target", *inputs)
        given = {name: columns.cell(name) for name in names}
        there = {name: cell for name, cell in given.items() if name in columns}
        if len(there) > 1:
            frame, read = _read_once(frame, there)
            given |= read
        cells = dict(given)
        if "excluded" in columns:
            cells["denominator"] = _counted(given["denominator"], given["excluded"])
        del cells["excluded"]
        if target is not None:
            cells["target"] = Cell(
                nw.when(target.is_null()).then(given["target"].number).otherwise(target),
                nw.when(target.is_null()).then(given["target"].state).otherwise(nw.lit(NUMBER)),
            )
        return frame, cls(given, cells)

    @property
    def known(self) -> dict[str, nw.Expr]:
        """The numbers by name, null where a cell holds none."""
        return {
            name: nw.when(cell.state == NUMBER).then(cell.number).otherwise(nw.lit(None, nw.Float64))
            for name, cell in self.cells.items()
        }


def _read_once(frame: Frame, cells: Mapping[str, Cell]) -> tuple[Frame, dict[str, Cell]]:
    """The frame with the cells as columns: what names a cell several times does not read its text as often."""
    numbers = {unused(f"number_{name}"): cell.number for name, cell in cells.items()}
    states = {unused(f"state_{name}"): cell.state for name, cell in cells.items()}
    read = {name: Cell(nw.col(unused(f"number_{name}")), nw.col(unused(f"state_{name}"))) for name in cells}
    return frame.with_columns(**numbers, **states), read


def _counted(denominator: Cell, excluded: Cell) -> Cell:
    both = (denominator.state == NUMBER) & (excluded.state == NUMBER)
    less = nw.when(both).then(denominator.number - excluded.number).otherwise(denominator.number)
    return Cell(less, denominator.state)


@frozen
class JudgedColumns:
    """What the bands judge.

    Attributes:
        computed: where the number was made in floats by a formula, so that thresholds want slack; None where nowhere.
        is_number: whether there is a number, where that is told more cheaply than by ``state``.
    """

    number: nw.Expr
    state: nw.Expr
    computed: nw.Expr | None = None
    is_number: nw.Expr = field()

    @is_number.default
    def _by_state(self) -> nw.Expr:
        return self.state == NUMBER

    @property
    def missing(self) -> nw.Expr:
        """Whether nothing was given at all."""
        nothing = self.state == _NO_DATA
        return nothing if self.computed is None else nothing | (self.computed & (self.state == _MISSING_INPUT))


def judged(
    columns: Columns, numbers: Numbers, sources: Sequence[Source], source: nw.Expr, word: nw.Expr
) -> JudgedColumns:
    """The value of each row by the source of its KPI; ``word`` is the number of the row's word, null for none."""
    if len(sources) > 1 and all(each.formula is None and not each.words for each in sources):
        # without counts, a percentage and any other number are read alike
        sources = sources if {"numerator", "denominator"} & set(columns.kinds) else sources[:1]
    made = [_of_source(columns, numbers, each, word) for each in sources]
    number, state = made[0].number, made[0].state
    for n, cell in enumerate(made[1:], start=1):
        number = nw.when(source == n).then(cell.number).otherwise(number)
        state = nw.when(source == n).then(cell.state).otherwise(state)
    formulas = [n for n, each in enumerate(sources) if each.formula is not None]
    value = JudgedColumns(number, state, source.is_in(formulas) if formulas else None)
    cheaper = made[0].is_number if len(made) == 1 else None
    return value if cheaper is None else evolve(value, is_number=cheaper)


def _of_source(columns: Columns, numbers: Numbers, source: Source, word: nw.Expr) -> Cell:
    value = numbers.cells["value"]
    if source.words:
        return _word(value.state, word)
    if source.formula is not None:
        return _computed(source, numbers)
    if "numerator" not in columns and "denominator" not in columns:
        return value
    return _counts(value, columns.is_blank("value"), numbers, percentage=source.counts)


def _word(as_cell: nw.Expr, word: nw.Expr) -> Cell:
    settled = (as_cell != NUMBER) & (as_cell != _grey(Reason.INVALID))
    state = first_of((settled, as_cell), (~word.is_null(), NUMBER), otherwise=_grey(Reason.INVALID))
    return Cell(word, state)


def _counts(value: Cell, blank: nw.Expr, numbers: Numbers, *, percentage: bool) -> Cell:
    numerator, denominator = numbers.cells["numerator"], numbers.cells["denominator"]
    of_nothing = denominator.number == 0.0
    of_counts = first_of(
        ((numerator.state != NUMBER) & (numerator.state != _NO_DATA), numerator.state),
        ((denominator.state != NUMBER) & (denominator.state != _NO_DATA), denominator.state),
        ((numerator.state != NUMBER) | (denominator.state != NUMBER), _NO_DATA),
        (of_nothing & (numerator.number == 0.0), _grey(Reason.NO_CASES)),
        (of_nothing, _grey(Reason.DIVISION_BY_ZERO)),
        otherwise=NUMBER if percentage else _MISSING_INPUT,
    )
    state = nw.when(blank).then(of_counts).otherwise(value.state)
    divisor = nw.when(of_nothing).then(nw.lit(1.0)).otherwise(denominator.number)
    # multiplied before it is divided: 57/100*100 is 56.99999999999999
    number = nw.when(value.state == NUMBER).then(value.number).otherwise(numerator.number * 100.0 / divisor)
    return Cell(number, state)


def _computed(source: Source, numbers: Numbers) -> Cell:
    assert source.formula is not None
    made = compiled(source.formula, numbers.known)
    states = {name: numbers.cells[name].state for name in made.missing}
    told = [(made.missing[name] & (states[name] != _NO_DATA), states[name]) for name in sorted(made.missing)]
    others = {only: [flag for name, flag in made.missing.items() if name != only] for only in ("value", "target")}
    alone = [
        (made.missing[only] & ~reduce(lambda a, b: a | b, others[only], nw.lit(False)), _grey(reason))
        for only, reason in (("value", Reason.NO_DATA), ("target", Reason.NO_TARGET))
        if only in made.missing
    ]
    zero = [] if made.zero is None else [(made.zero, _grey(Reason.DIVISION_BY_ZERO))]
    state = first_of(*zero, *told, *alone, (made.lacks, _MISSING_INPUT), otherwise=NUMBER)
    return Cell(made.value, state)
