"""What each row comes to before any look-up, by the table of states: a number to judge, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from ..catalogue import ValueSource
from ..catalogue.levels import LevelTable
from ..terms import Reason
from .arithmetic import Computed, as_columns
from .cells import BLANK, LACKING, NUMBER, FrameColumns, ReadCells, first_of, grey_of
from .engines import Frame, unused

__all__ = ["APART", "JudgedColumns", "Numbers", "values_of_rows"]

_grey = LevelTable.grey
_INVALID, _NO_CASES, _BY_ZERO = (_grey(why) for why in (Reason.INVALID, Reason.NO_CASES, Reason.DIVISION_BY_ZERO))

#: how far a value and the percentage of the counts beside it may lie apart; floats may be off by next to nothing
APART, _OFF = 0.5, 2.0**-40
#: counts below this are divided without any doubt on which side of a line they lie
_SURE = 2.0**31


@frozen
class Numbers:
    """The cells of a frame, each with columns of its own.

    Attributes:
        given: by the name of the column.
        cells: as formulas and conditions name them: the target is the rule's where it states one, and what is excluded
            is not counted.
        share: the percentage that counts come to; None where none are asked, or none are there.
        made_of_counts: whether there is no column of values.
    """

    given: Mapping[str, ReadCells]
    cells: Mapping[str, ReadCells]
    share: ReadCells | None = None
    made_of_counts: bool = False

    @classmethod
    def of(
        cls,
        frame: Frame,
        columns: FrameColumns,
        inputs: Sequence[str],
        target: nw.Expr | None,
        sources: Sequence[ValueSource],
    ) -> tuple[Frame, Numbers]:
        """The frame with its cells read, and what they are; ``target`` is null where the rule states no number."""
        names = ("value", "numerator", "denominator", "excluded", "target", *inputs)
        given = {name: columns.cell(name) for name in names}
        given = {name: cell if name == "value" else evolve(cell, parts=None) for name, cell in given.items()}
        there = {name: cell for name, cell in given.items() if name in columns}
        if len(there) > 1:
            frame, read = _read_once(frame, there)
            given |= read
        made = cls(given, _named(given, target, counted="excluded" in columns))
        plain = any(source.formula is None and not source.words for source in sources)
        if not plain or not {"numerator", "denominator"} & columns.kinds.keys():
            return frame, made
        frame, read = _read_once(frame, {"share": _share_of_counts(made, excludes="excluded" in columns)})
        return frame, evolve(made, share=read["share"], made_of_counts="value" not in columns)

    def with_target(self, target: ReadCells, stated: nw.Expr | None) -> Numbers:
        """The same with another target in the rows; ``stated`` is the rule's own number, null where there is none."""
        given = {**self.given, "target": target}
        return evolve(self, given=given, cells={**self.cells, "target": _target_of(target, stated)})

    @property
    def known(self) -> dict[str, nw.Expr]:
        """The numbers by name, null where a cell holds none."""
        return {
            name: nw.when(cell.state == NUMBER).then(cell.number).otherwise(nw.lit(None, nw.Float64))
            for name, cell in self.cells.items()
        }


def _named(given: Mapping[str, ReadCells], target: nw.Expr | None, *, counted: bool) -> dict[str, ReadCells]:
    """The cells as formulas and conditions name them."""
    cells = dict(given)
    if counted:
        cells["denominator"] = counted_cells(given["denominator"], given["excluded"])
    del cells["excluded"]
    cells["target"] = _target_of(given["target"], target)
    return cells


def _target_of(given: ReadCells, stated: nw.Expr | None) -> ReadCells:
    """The target in force: the rule's, else the row's."""
    if stated is None:
        return given
    return ReadCells(
        nw.when(stated.is_null()).then(given.number).otherwise(stated),
        nw.when(stated.is_null()).then(given.state).otherwise(nw.lit(NUMBER)),
    )


def _read_once(frame: Frame, cells: Mapping[str, ReadCells]) -> tuple[Frame, dict[str, ReadCells]]:
    """The frame with the cells as columns: what names a cell several times does not read its text as often."""
    columns: dict[str, nw.Expr] = {}

    def kept(kind: str, name: str, made: nw.Expr) -> nw.Expr:
        columns[unused(f"{kind}_{name}")] = made
        return nw.col(unused(f"{kind}_{name}"))

    read = {}
    for name, cell in cells.items():
        parts = None
        if cell.parts is not None:
            parts = kept("whole", name, cell.parts[0]), kept("rest", name, cell.parts[1])
        long = None if cell.is_long is None else kept("long", name, cell.is_long)
        read[name] = ReadCells(kept("number", name, cell.number), kept("state", name, cell.state), None, long, parts)
    return frame.with_columns(**columns), read


def counted_cells(denominator: ReadCells, excluded: ReadCells) -> ReadCells:
    """The denominator without what was excluded from it."""
    both = (denominator.state == NUMBER) & (excluded.state == NUMBER)
    less = nw.when(both).then(denominator.number - excluded.number).otherwise(denominator.number)
    return ReadCells(less, denominator.state)


@frozen
class JudgedColumns:
    """What the bands judge.

    Attributes:
        computed: where the number was made in floats by a formula, so that thresholds want slack; None where nowhere.
        cheaper: see :class:`~.cells.ReadCells`.
        is_long: whether the number may have more digits than a float keeps; None where none has.
        parts: see :class:`~.cells.ReadCells`.
    """

    number: nw.Expr
    state: nw.Expr
    computed: nw.Expr | None = None
    is_long: nw.Expr | None = None
    parts: tuple[nw.Expr, nw.Expr] | None = None
    cheaper: tuple[nw.Expr, nw.Expr] | None = None

    @property
    def is_number(self) -> nw.Expr:
        """Whether there is a number."""
        return self.state == NUMBER if self.cheaper is None else self.cheaper[0]

    @property
    def grey(self) -> nw.Expr:
        """The number of grey where there is no number."""
        return grey_of(self.state) if self.cheaper is None else self.cheaper[1]

    @property
    def missing(self) -> nw.Expr:
        """Whether nothing was given at all."""
        return (self.state == BLANK) | (self.state == LACKING)

    def kept(self, frame: Frame) -> tuple[Frame, JudgedColumns]:
        """The frame with these as columns, and the same by their names."""
        made = {"number": self.number, "state": self.state}
        made |= {} if self.is_long is None else {"long": self.is_long}
        made |= {} if self.parts is None else {"whole": self.parts[0], "rest": self.parts[1]}
        col = {name: nw.col(unused(name)) for name in made}
        parts = (col["whole"], col["rest"]) if self.parts is not None else None
        same = JudgedColumns(col["number"], col["state"], self.computed, col.get("long"), parts)
        return frame.with_columns(**{unused(name): column for name, column in made.items()}), same


def values_of_rows(
    columns: FrameColumns, numbers: Numbers, sources: Sequence[ValueSource], source: nw.Expr, word: nw.Expr
) -> JudgedColumns:
    """The value of each row by the source of its KPI; ``word`` is the number of the row's word, null for none."""
    if len(sources) > 1 and all(each.formula is None and not each.words for each in sources):
        # without counts, a percentage and any other number are read alike
        sources = sources if {"numerator", "denominator"} & set(columns.kinds) else sources[:1]
    made = [_of_source(columns, numbers, each, word) for each in sources]
    cell = made[0]
    for n, other in enumerate(made[1:], start=1):
        cell = _either(source == n, other, cell)
    formulas = [n for n, each in enumerate(sources) if each.formula is not None]
    computed = source.is_in(formulas) if formulas else None
    cheaper = cell.cheaper if len(made) == 1 else None
    return JudgedColumns(cell.number, cell.state, computed, cell.is_long, cell.parts, cheaper)


def _either(holds: nw.Expr, one: ReadCells, other: ReadCells) -> ReadCells:
    """One cell where something holds, else the other."""

    def chosen(first: nw.Expr | None, second: nw.Expr | None, lacking: nw.Expr) -> nw.Expr | None:
        if first is None and second is None:
            return None
        return nw.when(holds).then(lacking if first is None else first).otherwise(lacking if second is None else second)

    number = nw.when(holds).then(one.number).otherwise(other.number)
    state = nw.when(holds).then(one.state).otherwise(other.state)
    none = nw.lit(None, nw.Float64)
    ones, others = one.parts or (None, None), other.parts or (None, None)
    whole, rest = chosen(ones[0], others[0], none), chosen(ones[1], others[1], none)
    parts = None if whole is None or rest is None else (whole, rest)
    return ReadCells(number, state, None, chosen(one.is_long, other.is_long, nw.lit(False)), parts)


def _of_source(columns: FrameColumns, numbers: Numbers, source: ValueSource, word: nw.Expr) -> ReadCells:
    value = numbers.cells["value"]
    if source.words:
        return _word(value.state, word)
    if source.formula is not None:
        return _computed(source, numbers, excludes="excluded" in columns)
    if numbers.share is None:
        return value
    counts = numbers.share if source.counts else _no_percentage(numbers.share)
    return counts if numbers.made_of_counts else _plain(value, counts, percentage=source.counts)


def _word(as_cell: nw.Expr, word: nw.Expr) -> ReadCells:
    told = (as_cell != NUMBER) & (as_cell != _INVALID)
    state = first_of((~word.is_null(), NUMBER), (told, as_cell), otherwise=_INVALID)
    return ReadCells(word, state)


def _is_symbol(state: nw.Expr) -> nw.Expr:
    return (state >= 0) & (state != _INVALID)


def _impossible(excluded: ReadCells, whole: ReadCells) -> nw.Expr:
    """Whether what is excluded cannot be."""
    more = (whole.state == NUMBER) & (excluded.number > whole.number)
    return (excluded.state == _INVALID) | ((excluded.state == NUMBER) & ((excluded.number < 0.0) | more))


def _plain(value: ReadCells, counts: ReadCells, *, percentage: bool) -> ReadCells:
    """The value where it is given, else what the counts come to."""
    given = value.state
    if percentage:
        gap, apart = (value.number - counts.number).abs(), (value.number * 100.0 - counts.number).abs()
        both = (value.state == NUMBER) & (counts.state == NUMBER)
        as_share = both & (gap > APART + _OFF) & (apart <= APART + _OFF)
        given = nw.when(as_share).then(nw.lit(_INVALID)).otherwise(given)
    return _either(value.state == BLANK, counts, evolve(value, state=given))


def _no_percentage(counts: ReadCells) -> ReadCells:
    """What counts come to that make no percentage: no other value is made of them."""
    lacking = nw.when(counts.state == NUMBER).then(nw.lit(_grey(Reason.MISSING_INPUT))).otherwise(counts.state)
    return evolve(counts, state=lacking)


def _share_of_counts(numbers: Numbers, *, excludes: bool) -> ReadCells:
    """100 times numerator by denominator, or why that cannot be."""
    numerator, denominator, excluded = (numbers.given[name] for name in ("numerator", "denominator", "excluded"))
    whole = numbers.cells["denominator"]
    counts = (numerator, denominator, *((excluded,) if excludes else ()))
    impossible = [(cell.state == _INVALID) | ((cell.state == NUMBER) & (cell.number < 0.0)) for cell in counts]
    if excludes:
        impossible.append(_impossible(excluded, denominator))
    none = [cell.state == BLANK for cell in (numerator, denominator)]
    of_nothing = whole.number == 0.0
    nothing = nw.when(numerator.number == 0.0).then(nw.lit(_NO_CASES)).otherwise(nw.lit(_BY_ZERO))
    state = first_of(
        (none[0] & none[1], BLANK),
        *((_is_symbol(cell.state), cell.state) for cell in counts),
        (reduce(lambda one, other: one | other, impossible), _INVALID),
        (none[0] | none[1], BLANK),
        (of_nothing, nothing),
        otherwise=NUMBER,
    )
    divisor = nw.when(of_nothing).then(nw.lit(1.0)).otherwise(whole.number)
    # multiplied before it is divided: 57/100*100 is 56.99999999999999
    number = numerator.number * 100.0 / divisor
    sure = [(cell.number == cell.number.floor()) & (cell.number.abs() < _SURE) for cell in (numerator, whole)]
    long = [cell.is_long for cell in counts if cell.is_long is not None]
    return ReadCells(
        number, state, None, reduce(lambda one, other: one | other, long, ~(sure[0] & sure[1]).fill_null(True))
    )


def _computed(source: ValueSource, numbers: Numbers, *, excludes: bool) -> ReadCells:
    """What the formula comes to, by the names that it needs."""
    assert source.formula is not None
    made = as_columns(source.formula, numbers.known)
    states = {name: numbers.cells[name].state for name in sorted(made.missing)}
    symbols = [(made.missing[name] & _is_symbol(state), state) for name, state in states.items()]
    impossible = []
    if excludes and "denominator" in source.formula.names:
        excluded = numbers.given["excluded"]
        symbols.append((_is_symbol(excluded.state), excluded.state))
        impossible.append((_impossible(excluded, numbers.given["denominator"]), _INVALID))
    zero = [] if made.zero is None else [(made.zero, _grey(Reason.DIVISION_BY_ZERO))]
    state = first_of(*symbols, *impossible, *zero, *_lacking(made, states), otherwise=NUMBER)
    return ReadCells(made.value, state)


def _lacking(made: Computed, states: Mapping[str, nw.Expr]) -> list[tuple[nw.Expr, int]]:
    """What the names mean that the formula needs and that hold no number and no symbol."""
    blank = {name: made.missing[name] & (state == BLANK) for name, state in states.items()}

    def alone(name: str) -> nw.Expr:
        others = [flag for other, flag in blank.items() if other != name]
        return blank[name] & ~reduce(lambda one, other: one | other, others, nw.lit(False))

    told = [
        (alone(name), means) for name, means in (("value", BLANK), ("target", _grey(Reason.NO_TARGET))) if name in blank
    ]
    some = reduce(lambda one, other: one | other, blank.values(), nw.lit(False))
    return [*told, (some, LACKING), (made.lacks, _INVALID)]
