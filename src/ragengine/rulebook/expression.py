"""Formulas and conditions: a fixed, finite language, checked when the file loads and exact when evaluated."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import simpleeval
from attrs import field, frozen

from ..number import half_up
from .expression_check import Checked, ExpressionError, NameKind, check_expression

__all__ = [
    "DivisionByZero",
    "Expression",
    "ExpressionError",
    "MissingInput",
    "NameKind",
    "action_names",
    "compile_expression",
    "formula_names",
    "rollup_names",
    "when_names",
]

Operand = Fraction | bool | str | frozenset[str]
Values = Mapping[str, Operand | None]


@frozen
class MissingInput:
    """The result of an expression that needs a value nobody gave: which names."""

    names: tuple[str, ...]


@frozen
class DivisionByZero:
    """The result of an expression that divides by zero; ``names`` are those that are missing as well."""

    names: tuple[str, ...] = ()


class _Missing(Exception):
    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names


class _DividedByZero(Exception):
    """A division by zero, with the names that are missing beside it."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names


def _round(value: Fraction, places: Fraction = Fraction(0)) -> Fraction:
    return half_up(value, int(places))


def _divide(left: Fraction, right: Fraction) -> Fraction:
    if not right:
        raise _DividedByZero(frozenset())
    return left / right


class _Evaluator(simpleeval.SimpleEval):  # type: ignore[misc]  # simpleeval has no types
    """simpleeval with nothing but our own nodes; a new one for each evaluation, so threads never share one."""

    def __init__(self, values: Values) -> None:
        # not the parent's: it would build tables of what is refused here anyway
        self.values = values
        self.expr = ""

    def evaluate(self, node: ast.AST) -> Any:
        return _NODES[type(node)](self, node)

    def both(self, *nodes: ast.AST) -> list[Any]:
        """All operands, with every missing name at once."""
        found, missing, zero = [], frozenset[str](), False
        for node in nodes:
            try:
                found.append(self.evaluate(node))
            except _Missing as lacking:
                missing |= lacking.names
            except _DividedByZero as divided:
                missing, zero = missing | divided.names, True
        if zero:
            raise _DividedByZero(missing)
        if missing:
            raise _Missing(missing)
        return found


def _name(ev: _Evaluator, node: Any) -> Operand:
    value = ev.values.get(node.id)
    if value is None:
        raise _Missing(frozenset({node.id}))
    return value


def _all_or_any(ev: _Evaluator, node: Any) -> bool:
    """Short-circuits past what is missing: a name that cannot change the answer is not needed."""
    decides: bool = isinstance(node.op, ast.Or)
    missing = frozenset[str]()
    for part in node.values:
        try:
            if bool(ev.evaluate(part)) is decides:
                return decides
        except _Missing as lacking:
            missing |= lacking.names
        except _DividedByZero:
            raise _DividedByZero(frozenset()) from None
    if missing:
        raise _Missing(missing)
    return not decides


def _compare(ev: _Evaluator, node: Any) -> bool:
    values = ev.both(node.left, *node.comparators)
    return all(_COMPARE[type(op)](a, b) for op, a, b in zip(node.ops, values, values[1:], strict=False))


def _choose(ev: _Evaluator, node: Any) -> Any:
    return ev.evaluate(node.body if ev.evaluate(node.test) else node.orelse)


_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: _divide,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "abs": abs, "round": _round}
_NODES: dict[type, Callable[[_Evaluator, Any], Any]] = {
    ast.Name: _name,
    ast.Constant: lambda _, node: node.value,
    ast.BoolOp: _all_or_any,
    ast.Compare: _compare,
    ast.IfExp: _choose,
    ast.BinOp: lambda ev, node: _ARITHMETIC[type(node.op)](*ev.both(node.left, node.right)),
    ast.UnaryOp: lambda ev, node: _unary(node.op, ev.evaluate(node.operand)),
    ast.Call: lambda ev, node: _FUNCTIONS[node.func.id](*ev.both(*node.args)),
    ast.List: lambda ev, node: ev.both(*node.elts),
    ast.Tuple: lambda ev, node: ev.both(*node.elts),
}


def _unary(operator: ast.unaryop, value: Any) -> Any:
    if isinstance(operator, ast.Not):
        return not value
    return -value if isinstance(operator, ast.USub) else value


@frozen
class Expression:
    """A checked formula or condition; two are equal when their text, names and result are.

    After load it can end in exactly three ways: a value, missing input, division by zero.

    >>> share = compile_expression("100 * seen / due", names=formula_names(["seen", "due"]), result=NameKind.NUMBER)
    >>> share.evaluate({"seen": Fraction(8), "due": Fraction(9)})
    Fraction(800, 9)
    >>> share.evaluate({"seen": Fraction(8), "due": None})
    MissingInput(names=('due',))
    """

    text: str
    #: the names it reads
    names: frozenset[str]
    result: NameKind
    _tree: ast.expr = field(eq=False, repr=False, alias="tree")

    @property
    def tree(self) -> ast.expr:
        """The checked syntax tree, for those who compile it to another engine."""
        return self._tree

    @property
    def meaning(self) -> str:
        """The text without its author's spacing and needless brackets: equal for what was only laid out anew."""
        return ast.unparse(self._tree)

    def evaluate(self, values: Values) -> Fraction | bool | MissingInput | DivisionByZero:
        """The value for these names; a name that is None or absent is missing."""
        try:
            result = _Evaluator(values).evaluate(self._tree)
        except _Missing as lacking:
            return MissingInput(tuple(sorted(lacking.names)))
        except _DividedByZero as divided:
            return DivisionByZero(tuple(sorted(divided.names)))
        assert isinstance(result, Fraction | bool)
        return result


def compile_expression(text: str, *, names: Mapping[str, NameKind], result: NameKind) -> Expression:
    """An expression, checked to use only these names and to give this kind; raises ExpressionError."""
    checked: Checked = check_expression(text, names, result)
    return Expression(text, checked.names, result, checked.tree)


def formula_names(inputs: Iterable[str] = ()) -> dict[str, NameKind]:
    """What a KPI's ``formula`` may name: the measurement's numbers and the extra inputs it declares."""
    return dict.fromkeys(("value", "numerator", "denominator", "target", *inputs), NameKind.NUMBER)


def when_names(inputs: Iterable[str] = ()) -> dict[str, NameKind]:
    """What a KPI's grace may name in ``when``."""
    return {
        **formula_names(inputs),
        **dict.fromkeys(("shortfall", "previous_value", "year_ago_value"), NameKind.NUMBER),
        **dict.fromkeys(("improved", "worsened", "unchanged"), NameKind.YES_NO),
        **dict.fromkeys(("previous", "year_ago", "entity", "evidence", "status"), NameKind.TEXT),
        "causes": NameKind.SET,
    }


def action_names() -> dict[str, NameKind]:
    """What an action's ``formula`` and the ``when`` of its graces may name."""
    return {
        **dict.fromkeys(("days_late", "progress", "elapsed"), NameKind.NUMBER),
        **dict.fromkeys(("improved", "worsened", "unchanged"), NameKind.YES_NO),
        **dict.fromkeys(("status", "previous", "evidence"), NameKind.TEXT),
        "causes": NameKind.SET,
    }


def rollup_names(level_ids: Iterable[str]) -> dict[str, NameKind]:
    """What a roll-up's ``when`` may name: a count for every level, critical ones, grey, rated, total, worst."""
    levels = list(level_ids)
    counts = (*levels, *(f"critical_{level}" for level in levels), "grey", "rated", "total")
    return {**dict.fromkeys(counts, NameKind.NUMBER), "worst": NameKind.TEXT}
