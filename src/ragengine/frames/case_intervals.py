"""Intervals of the cases that make a row's value, in columns: Wilson's of a share, Poisson's or Byar's of a count.

Which cases those are :mod:`ragengine.rating.cases` decides; what floats cannot tell of that is left to it, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import narwhals.stable.v2 as nw
from attrs import frozen

from ..catalogue.intervals import CaseColumns
from ..statistics import BYAR_FROM, byar_end, wilson_ends
from .arithmetic import as_columns
from .case_rules import FEW, CaseRules
from .cells import NUMBER, first_of
from .engines import Engine, Frame, unused
from .lines import NEAR_COMPUTED
from .values import APART, JudgedColumns, Numbers

__all__ = ["CaseIntervals"]

_WAY = nw.col(unused("cases"))
_MADE, _UNSURE, _SHARE = unused("cases_made"), unused("cases_unsure"), unused("cases_share")
_NUMBER, _OF, _EACH = unused("cases_number"), unused("cases_of"), unused("cases_each")
_LOWER, _UPPER = unused("cases_lower"), unused("cases_upper")
_ROW = unused("cases_row")
#: between these a case's worth is multiplied without a loss
_LEAST, _MOST = 1e-200, 1e200


@frozen
class CaseIntervals:
    """The intervals of the rows that bring none.

    Attributes:
        made: whether a row has one.
        lower, upper: its ends.
        unsure: whether floats cannot tell what its cases are.
        shares: whether any is that of a share.
    """

    made: nw.Expr
    lower: nw.Expr
    upper: nw.Expr
    unsure: nw.Expr
    shares: bool

    @classmethod
    def of(
        cls, frame: Frame, engine: Engine, rules: CaseRules, numbers: Numbers, value: JudgedColumns, asked: nw.Expr
    ) -> tuple[Frame, CaseIntervals]:
        """The frame that has them as columns, and what they are; ``asked`` is whether a row wants one."""
        frame = _with_cases(frame, rules, numbers, value, asked & value.is_number)
        share, ends = nw.col(_SHARE), list[tuple[nw.Expr, nw.Expr]]()
        if rules.shares:
            ends.append(_wilson(rules.z))
        if rules.counts:
            frame = engine.look_up(frame, _ROW, rules.few_cases)
            ends.append(_poisson(rules.z))
        # of rules that are asked row by row alone there are none
        lower, upper = ends[0] if ends else (nw.lit(0.0), nw.lit(0.0))
        if len(ends) > 1:
            lower, upper = (nw.when(share).then(one).otherwise(other) for one, other in zip(*ends, strict=True))
        frame = frame.with_columns(lower.alias(_LOWER), upper.alias(_UPPER))
        return frame, cls(nw.col(_MADE), nw.col(_LOWER), nw.col(_UPPER), nw.col(_UNSURE), rules.shares)

    def in_doubt(self, target: nw.Expr) -> nw.Expr:
        """Whether floats cannot tell what a row's cases are, or on which side of a target an end of their interval is.

        0 of no case and 100 of nothing but cases are exact; any other end is within a little share of the exact one.
        """
        # as far as the nearer end is from the target; no end is near where it is not
        gap = nw.max_horizontal(self.lower - target, target - self.upper)
        near = (gap.abs() <= target.abs() * NEAR_COMPUTED) & ~((target == 0.0) & (nw.col(_NUMBER) == 0.0))
        if self.shares:
            near = near & ~((target == 100.0) & nw.col(_SHARE) & (nw.col(_NUMBER) == nw.col(_OF)))
        return self.unsure | (self.made & near)


def _with_cases(frame: Frame, rules: CaseRules, numbers: Numbers, value: JudgedColumns, asked: nw.Expr) -> Frame:
    """The frame with the cases of each row: how many, of how many, of which worth; 1 without any."""
    one, whole = nw.lit(1.0), numbers.cells["denominator"].number
    number, each = numbers.given["numerator"].number, one
    share, there, doubt = [], [], [_WAY == CaseColumns.ONE_BY_ONE]
    if CaseColumns.COUNTS in rules.ways:
        mine, told, unsure = _of_counts(numbers, value)
        there.append(mine & told & (number <= whole))
        doubt.append(mine & unsure)
        share.append(mine)
    if CaseColumns.VALUE in rules.ways:
        mine = _WAY == CaseColumns.VALUE
        there.append(mine & (value.number >= 0.0) & (value.number.floor() == value.number))
        doubt.append(mine & _any([value.is_long]))
    if rules.rates:
        mine = (_WAY == CaseColumns.RATE) | (_WAY == CaseColumns.SHARE)
        each = _each(rules, numbers)
        there.append(mine & (number >= 0.0) & (each > 0.0))
        share.append((_WAY == CaseColumns.SHARE) & (number <= whole))
        doubt.append(mine & _unsure_rate(numbers, each))
    if CaseColumns.VALUE in rules.ways:
        number = nw.when(_WAY == CaseColumns.VALUE).then(value.number).otherwise(number)
    made, unsure = asked & _any(there), asked & _any(doubt)
    frame = frame.with_columns(
        made.fill_null(False).alias(_MADE),
        unsure.fill_null(False).alias(_UNSURE),
        _any(share).fill_null(False).alias(_SHARE),
    )
    number = nw.when(nw.col(_MADE)).then(number).otherwise(one)
    columns = {
        _NUMBER: number,
        _OF: nw.when(nw.col(_MADE) & nw.col(_SHARE)).then(whole).otherwise(number),
        _EACH: nw.when(nw.col(_MADE)).then(each).otherwise(one),
    }
    if rules.counts:
        few = nw.when(number < BYAR_FROM).then(number.floor()).otherwise(nw.lit(float(BYAR_FROM)))
        row = nw.col(unused("confidence")) * (BYAR_FROM + 1) + few
        columns[_ROW] = row.cast(nw.Int32)
    return frame.with_columns(**columns)


def _of_counts(numbers: Numbers, value: JudgedColumns) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """Whether a row's cases are its counts, whether those make its value, and whether that is in doubt."""
    mine, found = _WAY == CaseColumns.COUNTS, numbers.share
    if found is None:
        return mine, nw.lit(False), nw.lit(False)
    told, unsure = found.state == NUMBER, _any([found.is_long])
    if numbers.made_of_counts:
        return mine, told, unsure
    beyond = (found.number - value.number).abs() - APART
    return mine, told & (beyond <= 0.0), told & ((beyond.abs() < NEAR_COMPUTED) | unsure)


def _each(rules: CaseRules, numbers: Numbers) -> nw.Expr:
    """What a formula comes to for one case."""
    names = {**numbers.known, "numerator": nw.lit(1.0)}
    found = {number: as_columns(formula, names).value for number, formula in rules.rates.items()}
    cases = [(nw.col(unused("source")) == number, value) for number, value in found.items()]
    return first_of(*cases, otherwise=nw.lit(1.0)) if rules.beside_others else next(iter(found.values()))


def _unsure_rate(numbers: Numbers, each: nw.Expr) -> nw.Expr:
    """Whether floats cannot tell how many cases make a rate, of how many, or what each is worth."""
    numerator, denominator, excluded = (numbers.given[name] for name in ("numerator", "denominator", "excluded"))
    in_parts = (numerator.number < BYAR_FROM) & (numerator.number.floor() != numerator.number)
    less = (excluded.state == NUMBER) & (
        (denominator.number.floor() != denominator.number) | (excluded.number.floor() != excluded.number)
    )
    long = [cell.is_long for cell in (numerator, denominator, excluded)]
    size = each.abs()
    return _any([in_parts, less, (size < _LEAST) | (size > _MOST), *long])


def _wilson(z: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Of no case the lower end is 0, of nothing but cases the upper one 100, to the last digit."""
    number, of = nw.col(_NUMBER), nw.col(_OF)
    lower, upper = wilson_ends(number, of, z, nw.Expr.sqrt)
    return lower * 100.0, nw.when(number == of).then(nw.lit(100.0)).otherwise(upper * 100.0)


def _poisson(z: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """The exact limits of few cases are looked up."""
    number, each = nw.col(_NUMBER), nw.col(_EACH)
    few, many = number < BYAR_FROM, nw.max_horizontal(number, nw.lit(float(BYAR_FROM)))
    made = byar_end(many, -z, nw.Expr.sqrt), byar_end(many + 1.0, z, nw.Expr.sqrt)
    lower, upper = (
        nw.when(few).then(nw.col(known)).otherwise(end) * each for known, end in zip(FEW, made, strict=True)
    )
    return lower, upper


def _any(flags: Sequence[nw.Expr | None]) -> nw.Expr:
    known = [flag for flag in flags if flag is not None]
    return reduce(lambda one, other: one | other, known) if known else nw.lit(False)
