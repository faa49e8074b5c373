"""Formulas and conditions over columns: the checked expressions of rule files, with the same three ends.

A value, missing input, or division by zero: as :mod:`ragengine.rulebook.expression` has it, row by row.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import evolve, frozen

from ..rulebook.expression import Expression

__all__ = ["YES_NO", "Computed", "as_columns", "slack_of"]

#: of names, whether or in which rows their columns were computed in floats
Rounded: TypeAlias = Mapping[str, nw.Expr | bool]

#: names that hold or do not; a frame cannot tell False from nothing in every engine, so 1 and 0 stand for them
YES_NO = frozenset({"improved", "worsened", "unchanged"})

#: floats nearer to each other than this share of the larger one came of one exact number
_SLACK = 2.0**-44


@frozen
class Computed:
    """What an expression comes to in each row.

    Attributes:
        value: meant only where nothing is missing and nothing is divided by zero.
        missing: for each name, whether it is missing and would have been needed.
        zero: whether something is divided by zero; None where nothing is divided.
        rounded: whether the value was computed in floats, and may be beside the exact one; or in which rows.
    """

    value: nw.Expr
    missing: Mapping[str, nw.Expr]
    zero: nw.Expr | None = None
    rounded: nw.Expr | bool = False

    @property
    def lacks(self) -> nw.Expr:
        """Whether any name is missing."""
        return _any(self.missing.values())

    @property
    def fails(self) -> nw.Expr:
        """Whether there is no value."""
        return self.lacks if self.zero is None else self.lacks | self.zero


def as_columns(expression: Expression, names: Mapping[str, nw.Expr], rounded: Rounded | None = None) -> Computed:
    """An expression over columns; ``names`` gives each name's column, null where it is missing.

    A name that is yes or no has a column of 1 and 0. ``rounded`` says of names whether, or in which rows, their columns
    were computed in floats. What :mod:`ragengine.catalogue.exactness` refuses is not asked.
    """
    return _node(expression.tree, names, {} if rounded is None else rounded)


def _any(flags: Any) -> nw.Expr:
    return reduce(lambda one, other: one | other, flags, nw.lit(False))


def _node(node: Any, names: Mapping[str, nw.Expr], rounded: Rounded) -> Computed:
    match node:
        case ast.Name(id=name):
            column = names[name]
            value = column == 1.0 if name in YES_NO else column
            return Computed(value, {name: column.is_null()}, rounded=rounded.get(name, False))
        case ast.Constant(value=value):
            return Computed(nw.lit(_constant(value)), {})
        case ast.UnaryOp(op=op, operand=operand):
            made = _node(operand, names, rounded)
            if isinstance(op, ast.Not):
                return evolve(made, value=~made.value)
            return evolve(made, value=-made.value) if isinstance(op, ast.USub) else made
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(op, _node(left, names, rounded), _node(right, names, rounded))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return _comparison(left, ops, comparators, names, rounded)
        case ast.BoolOp(op=op, values=values):
            parts = [_node(value, names, rounded) for value in values]
            return _all_or_any(parts, decides=isinstance(op, ast.Or))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _choice(*(_node(part, names, rounded) for part in (test, body, orelse)))
        case ast.Call(func=ast.Name(id=function), args=args):
            return _call(function, args, names, rounded)
    raise AssertionError(f"{type(node).__name__} is no part of an expression")


def _constant(value: Any) -> Any:
    return float(value) if isinstance(value, Fraction) else value


def _both(*parts: Computed) -> Computed:
    """What the parts need together; the value is the first part's."""
    missing: dict[str, nw.Expr] = {}
    for part in parts:
        for name, flag in part.missing.items():
            missing[name] = missing[name] | flag if name in missing else flag
    zeros = [part.zero for part in parts if part.zero is not None]
    return Computed(parts[0].value, missing, _any(zeros) if zeros else None, _rounded(parts))


def _rounded(parts: Sequence[Computed]) -> nw.Expr | bool:
    """Whether any of the parts was computed in floats."""
    flags = [part.rounded for part in parts]
    if True in [flag for flag in flags if isinstance(flag, bool)]:
        return True
    somewhere = [flag for flag in flags if not isinstance(flag, bool)]
    return _any(somewhere) if somewhere else False


def _arithmetic(op: ast.operator, left: Computed, right: Computed) -> Computed:
    both = _both(left, right)
    match op:
        case ast.Add():
            value = left.value + right.value
        case ast.Sub():
            value = left.value - right.value
        case ast.Mult():
            value = left.value * right.value
        case _:
            # null is not 0, and nothing is divided where anything is missing: that is told as missing
            nothing = nw.when(both.fails).then(nw.lit(False)).otherwise(right.value == 0.0)
            zero = nothing if both.zero is None else both.zero | nothing
            value = left.value / nw.when(nothing).then(nw.lit(1.0)).otherwise(right.value)
            return evolve(both, value=value, zero=zero, rounded=True)
    return evolve(both, value=value, rounded=True)


def _comparison(
    left: Any,
    ops: list[ast.cmpop],
    comparators: list[Any],
    names: Mapping[str, nw.Expr],
    rounded: Rounded,
) -> Computed:
    if len(ops) == 1 and isinstance(ops[0], ast.In | ast.NotIn):
        made = _membership(left, comparators[0], names, rounded)
        return evolve(made, value=~made.value) if isinstance(ops[0], ast.NotIn) else made
    parts = [_node(part, names, rounded) for part in (left, *comparators)]
    held = [_compared(op, one, other) for op, one, other in zip(ops, parts, parts[1:], strict=False)]
    return evolve(_both(*parts), value=reduce(lambda a, b: a & b, held), rounded=False)


def _compared(op: ast.cmpop, one: Computed, other: Computed) -> nw.Expr:
    left, right = one.value, other.value
    rounded = _rounded((one, other))
    if rounded is False:
        match op:
            case ast.Eq():
                return left == right
            case ast.NotEq():
                return left != right
            case ast.Lt():
                return left < right
            case ast.LtE():
                return left <= right
            case ast.Gt():
                return left > right
            case _:
                return left >= right
    gap = left - right
    slack = slack_of(left, right, rounded)
    match op:
        case ast.Eq():
            return gap.abs() <= slack
        case ast.NotEq():
            return gap.abs() > slack
        case ast.Lt():
            return gap < -slack
        case ast.LtE():
            return gap <= slack
        case ast.Gt():
            return gap > slack
        case _:
            return gap >= -slack


def slack_of(left: nw.Expr, right: nw.Expr, rounded: nw.Expr | bool) -> nw.Expr:
    """How far two numbers may lie apart and still come of one exact number: nothing where neither was computed."""
    slack = nw.max_horizontal(left.abs(), right.abs(), nw.lit(1.0)) * _SLACK
    return slack if isinstance(rounded, bool) else nw.when(rounded).then(slack).otherwise(nw.lit(0.0))


def _membership(needle: Any, hay: Any, names: Mapping[str, nw.Expr], rounded: Rounded) -> Computed:
    if isinstance(hay, ast.List | ast.Tuple):
        made = _node(needle, names, rounded)
        if made.rounded is not False:
            same = _any(_compared(ast.Eq(), made, _node(item, names, rounded)) for item in hay.elts)
            return evolve(made, value=same, rounded=False)
        listed = [_constant(item.value) for item in hay.elts if isinstance(item, ast.Constant)]
        return evolve(made, value=made.value.is_in(listed), rounded=False)
    # a set is a text in which each member stands between line ends
    column = names[hay.id]
    held = column.str.contains(f"\n{needle.value!s}\n", literal=True)
    return Computed(nw.when(column.is_null()).then(nw.lit(False)).otherwise(held), {hay.id: column.is_null()})


def _all_or_any(parts: list[Computed], *, decides: bool) -> Computed:
    """``or`` and ``and``: past what is missing where a later part decides, not past a division by zero."""
    false = nw.lit(False)
    decided, zero = false, false
    missing: dict[str, nw.Expr] = {}
    divides = any(part.zero is not None for part in parts)
    for part in parts:
        going = ~(decided | zero)
        part_zero = part.zero if part.zero is not None else false
        fails = part.fails
        says = nw.when(fails).then(false).otherwise(part.value if decides else ~part.value)
        for name, flag in part.missing.items():
            told = going & flag & ~part_zero
            missing[name] = missing[name] | told if name in missing else told
        zero = zero | (going & part_zero)
        decided = decided | (going & says)
    stopped = decided | zero
    needed = {name: flag & ~stopped for name, flag in missing.items()}
    return Computed(decided if decides else ~decided, needed, zero if divides else None)


def _choice(test: Computed, body: Computed, orelse: Computed) -> Computed:
    """``body if test else orelse``: only what is chosen is needed."""
    fails = test.fails
    chosen = nw.when(fails).then(nw.lit(False)).otherwise(test.value)
    missing = dict(test.missing)
    for branch, taken in ((body, chosen), (orelse, ~chosen & ~fails)):
        for name, flag in branch.missing.items():
            told = flag & taken
            missing[name] = missing[name] | told if name in missing else told
    zeros = [] if test.zero is None else [test.zero]
    zeros += [] if body.zero is None else [body.zero & chosen]
    zeros += [] if orelse.zero is None else [orelse.zero & ~chosen & ~fails]
    value = nw.when(chosen).then(body.value).otherwise(orelse.value)
    return Computed(value, missing, _any(zeros) if zeros else None, _rounded((body, orelse)))


def _call(function: str, args: list[Any], names: Mapping[str, nw.Expr], rounded: Rounded) -> Computed:
    parts = [_node(arg, names, rounded) for arg in args]
    both = _both(*parts)
    values = [part.value for part in parts]
    match function:
        case "min":
            return evolve(both, value=nw.min_horizontal(*values))
        case "max":
            return evolve(both, value=nw.max_horizontal(*values))
        case "abs":
            return evolve(both, value=values[0].abs())
    places = int(args[1].value) if len(args) > 1 else 0
    scale = 10.0**places
    scaled = values[0] * scale
    slack = nw.max_horizontal(scaled.abs(), nw.lit(1.0)) * _SLACK
    return evolve(both, value=(scaled + 0.5 + slack).floor() / scale, rounded=True)
