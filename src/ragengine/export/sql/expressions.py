"""Formulas and conditions as SQL that rounds nothing: a number is two columns' worth of SQL, one over the other.

A division is never carried out: ``a / b`` compared with ``c`` is ``a`` compared with ``c * b``. The three ends of an
expression (a value, missing input, division by zero) are those of :mod:`ragengine.rulebook.expression`: what is
missing is NULL, which AND and OR pass just as ``and`` and ``or`` do; a division by zero is a condition of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen

from ..decimals import Digits, digits_of
from .dialects import CannotWrite, Dialect

__all__ = ["Members", "Number", "Part", "Text", "YesNo", "all_of", "any_of", "as_sql", "negated"]

#: characters that the SQL of one expression may have
_LONGEST = 8000

_ONE = Digits(1, 0)


@frozen
class Number:
    """A number as a ratio: ``over / under``, or ``over`` alone; ``under`` is above 0. NULL in either is missing.

    Attributes:
        missing: for each name, the condition that it is missing and would have been needed.
        zero: the condition that something is divided by zero; empty where nothing is.
    """

    over: str
    digits: Digits
    under: str = ""
    under_digits: Digits = _ONE
    missing: Mapping[str, str] = field(factory=dict)
    zero: str = ""

    @property
    def is_there(self) -> str:
        """The condition that it is not missing."""
        return all_of([f"{part} IS NOT NULL" for part in (self.over, self.under) if part])


@frozen
class YesNo:
    """A condition: true, false, or NULL where something is missing; meant only where nothing is divided by zero."""

    holds: str
    missing: Mapping[str, str] = field(factory=dict)
    zero: str = ""

    @property
    def granted(self) -> str:
        """The condition that it holds for sure."""
        return all_of([negated(self.zero), self.holds]) if self.zero else self.holds


@frozen
class Text:
    """A text, which is never missing."""

    text: str
    missing: Mapping[str, str] = field(factory=dict)
    zero: str = ""


@frozen
class Members:
    """A set of texts: one text in which each stands between semicolons."""

    text: str


Part = Number | YesNo | Text


def any_of(conditions: Iterable[str]) -> str:
    """Whether any condition holds; empty means that none ever does."""
    kept = list(dict.fromkeys(condition for condition in conditions if condition))
    return kept[0] if len(kept) == 1 else f"({' OR '.join(kept)})" if kept else ""


def all_of(conditions: Iterable[str]) -> str:
    """Whether all conditions hold; one that is empty never does."""
    kept = list(dict.fromkeys(conditions))
    if "" in kept:
        return ""
    return kept[0] if len(kept) == 1 else f"({' AND '.join(kept)})"


def negated(condition: str) -> str:
    """Whether a condition does not hold; what is joined stands in brackets, so a leading NOT is of the whole."""
    if not condition:
        return "1 = 1"
    return condition.removeprefix("NOT ") if condition.startswith("NOT ") else f"NOT {condition}"


def _surely(condition: str) -> str:
    """Whether a condition holds; false, not NULL, where that is not known."""
    return f"(CASE WHEN {condition} THEN 1 ELSE 0 END = 1)"


def _unless(condition: str) -> str:
    """Whether a condition does not hold, or is not known to."""
    return f"(CASE WHEN {condition} THEN 1 ELSE 0 END = 0)"


def as_sql(tree: ast.expr, names: Mapping[str, Part | Members], dialect: Dialect) -> Part:
    """An expression's syntax tree as SQL; raises CannotWrite for what the dialect cannot do exactly."""
    return _SqlWriter(dialect, names).part(tree)


@frozen
class _SqlWriter:
    dialect: Dialect
    names: Mapping[str, Part | Members]

    def part(self, node: Any) -> Part:
        made = self._made(node)
        match made:
            case Number(over=over, under=under):
                said = over + under
            case YesNo(holds=said) | Text(text=said):
                pass
        if len(said) + len(made.zero) > _LONGEST or sum(map(len, made.missing.values())) > 4 * _LONGEST:
            raise CannotWrite("it comes out too long")
        return made

    def _made(self, node: Any) -> Part:
        match node:
            case ast.Name(id=name):
                known = self.names.get(name)
                if known is None or isinstance(known, Members):
                    raise CannotWrite(f"it reads {name}")
                return known
            case ast.Constant(value=str() as said):
                return Text(self.dialect.string(said))
            case ast.Constant():
                value: Any = node.value
                return Number(self.dialect.number(value), digits_of([value]))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                part = self.yes_no(operand)
                return evolve(part, holds=negated(part.holds))
            case ast.UnaryOp(op=op, operand=operand):
                number = self.number(operand)
                return evolve(number, over=f"(-{number.over})") if isinstance(op, ast.USub) else number
            case ast.BinOp(left=left, op=op, right=right):
                return self._arithmetic(op, self.number(left), self.number(right))
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as op], comparators=[hay]):
                part = self._membership(left, hay)
                return evolve(part, holds=negated(part.holds)) if isinstance(op, ast.NotIn) else part
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                return self._comparison([left, *comparators], ops)
            case ast.BoolOp(op=op, values=values):
                return _sequence([self.yes_no(value) for value in values], decides=isinstance(op, ast.Or))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._choice(self.yes_no(test), self.part(body), self.part(orelse))
            case ast.Call(func=ast.Name(id=function), args=args):
                return self._call(function, args)
        raise AssertionError(f"{type(node).__name__} is no part of an expression")

    def number(self, node: Any) -> Number:
        part = self.part(node)
        assert isinstance(part, Number)
        return part

    def yes_no(self, node: Any) -> YesNo:
        part = self.part(node)
        assert isinstance(part, YesNo)
        return part

    def _times(self, one: str, digits: Digits, other: str, other_digits: Digits) -> tuple[str, Digits]:
        """A product; a factor that is empty is 1."""
        if not other:
            return one, digits
        if not one:
            return other, other_digits
        return f"({one} * {other})", self.dialect.product(digits, other_digits)

    def _arithmetic(self, op: ast.operator, left: Number, right: Number) -> Number:
        missing, zero = _together(left, right)
        times = self._times
        if isinstance(op, ast.Mult):
            over, digits = times(left.over, left.digits, right.over, right.digits)
            under, under_digits = times(left.under, left.under_digits, right.under, right.under_digits)
            return Number(over, digits, under, under_digits, missing, zero)
        if isinstance(op, ast.Div):
            # what lacks an operand is missing before it is divided
            nothing = all_of([f"COALESCE({right.over}, 1) = 0", left.is_there, right.is_there])
            over, digits = times(left.over, left.digits, right.under, right.under_digits)
            under, under_digits = times(right.over, right.digits, left.under, left.under_digits)
            # what is under is above 0: the sign goes over
            over = f"(CASE WHEN {right.over} < 0 THEN -{over} ELSE {over} END)"
            return Number(over, digits, f"ABS({under})", under_digits, missing, any_of([zero, nothing]))
        if left.under == right.under:
            (one, one_digits), (other, other_digits) = (left.over, left.digits), (right.over, right.digits)
            under, under_digits = left.under, left.under_digits
        else:
            one, one_digits = times(left.over, left.digits, right.under, right.under_digits)
            other, other_digits = times(right.over, right.digits, left.under, left.under_digits)
            under, under_digits = times(left.under, left.under_digits, right.under, right.under_digits)
        sign = "+" if isinstance(op, ast.Add) else "-"
        over, digits = f"({one} {sign} {other})", self.dialect.sum(one_digits, other_digits)
        return Number(over, digits, under, under_digits, missing, zero)

    def _compared(self, one: Number, sign: str, other: Number) -> str:
        """A comparison of two numbers, multiplied out."""
        left, left_digits = self._times(one.over, one.digits, other.under, other.under_digits)
        right, right_digits = self._times(other.over, other.digits, one.under, one.under_digits)
        self.dialect.fitting(left_digits | right_digits)
        return f"({left} {sign} {right})"

    def _comparison(self, nodes: list[Any], ops: list[ast.cmpop]) -> YesNo:
        parts = [self.part(node) for node in nodes]
        held = [self._pair(op, one, other) for op, one, other in zip(ops, parts, parts[1:], strict=False)]
        holds = all_of(held)
        there = all_of(part.is_there for part in parts if isinstance(part, Number))
        if len(held) > 1 and there:
            # of a chain everything is needed, whatever its first comparison says
            holds = f"(CASE WHEN NOT {there} THEN NULL WHEN {holds} THEN 1 ELSE 0 END = 1)"
        return YesNo(holds, *_together(*parts))

    def _pair(self, op: ast.cmpop, one: Part, other: Part) -> str:
        sign = _SIGNS[type(op)]
        match one, other:
            case Number(), Number():
                return self._compared(one, sign, other)
            case Text(), Text():
                return f"({one.text} {sign} {other.text})"
            case YesNo(), YesNo():
                neither = all_of([negated(one.holds), negated(other.holds)])
                same = any_of([all_of([one.holds, other.holds]), neither])
                return same if isinstance(op, ast.Eq) else negated(same)
        raise AssertionError("kinds never mix")

    def _membership(self, needle: Any, hay: Any) -> YesNo:
        if isinstance(hay, ast.List | ast.Tuple):
            part = self.part(needle)
            held = [self._pair(ast.Eq(), part, self.part(item)) for item in hay.elts]
            return YesNo(any_of(held), part.missing, part.zero)
        members = self.names.get(hay.id)
        if not isinstance(members, Members) or not isinstance(needle, ast.Constant):
            raise CannotWrite(f"it looks in {hay.id}")
        said = str(needle.value)
        if said != said.strip() or {";", ","} & set(said):
            # causes are written between commas and semicolons: no cause is ever this
            return YesNo("1 = 0")
        if "  " in said:
            raise CannotWrite("it looks for a text with two blanks in a row")
        alone = self.dialect.string(f";{said};")
        return YesNo(f"(REPLACE({members.text}, {alone}, '') <> {members.text})")

    def _choice(self, test: YesNo, body: Part, orelse: Part) -> Part:
        """``body if test else orelse``: only what is chosen is needed."""
        chosen, other = _surely(test.holds), _surely(negated(test.holds))
        missing, zeros = dict(test.missing), [test.zero]
        for branch, taken in ((body, chosen), (orelse, other)):
            for name, flag in branch.missing.items():
                missing[name] = any_of([missing.get(name, ""), all_of([taken, flag])])
            zeros.append(all_of([taken, branch.zero]))
        zero = any_of(zeros)
        match body, orelse:
            case Number(), Number():
                over = _chosen(test.holds, body.over, orelse.over)
                digits = self.dialect.fitting(body.digits | orelse.digits)
                under, under_digits = self._either(test.holds, body, orelse)
                return Number(over, digits, under, under_digits, missing, zero)
            case Text(), Text():
                return Text(_chosen(test.holds, body.text, orelse.text), missing, zero)
            case YesNo(), YesNo():
                as_numbers = (
                    f"CASE WHEN {each} THEN 1 WHEN {negated(each)} THEN 0 END" for each in (body.holds, orelse.holds)
                )
                return YesNo(f"({_chosen(test.holds, *as_numbers)} = 1)", missing, zero)
        raise AssertionError("both sides are of one kind")

    def _either(self, condition: str, one: Number, other: Number) -> tuple[str, Digits]:
        """What is under one of two numbers."""
        if one.under == other.under:
            return one.under, one.under_digits
        unit = self.dialect.number(Fraction(1))
        made = _chosen(condition, one.under or unit, other.under or unit)
        return made, self.dialect.fitting(one.under_digits | other.under_digits)

    def _call(self, function: str, args: list[Any]) -> Number:
        if function == "round":
            return self._rounded(self.number(args[0]), int(args[1].value) if len(args) > 1 else 0)
        parts = [self.number(arg) for arg in args]
        if function == "abs":
            return evolve(parts[0], over=f"ABS({parts[0].over})")
        missing, zero = _together(*parts)
        best = parts[0]
        for part in parts[1:]:
            first = self._compared(best, "<=" if function == "min" else ">=", part)
            under, under_digits = self._either(first, best, part)
            digits = self.dialect.fitting(best.digits | part.digits)
            best = Number(_chosen(first, best.over, part.over), digits, under, under_digits)
            if len(best.over) + len(under) > _LONGEST:
                raise CannotWrite("it comes out too long")
        return evolve(best, missing=missing, zero=zero)

    def _rounded(self, number: Number, places: int) -> Number:
        """Half-up, towards plus infinity; only for what is not divided, for a quotient would be rounded before."""
        if number.under:
            raise CannotWrite("it rounds a quotient; decimals does that exactly")
        scale = Fraction(10**places)
        scaled, digits = number.over, number.digits
        if places:
            scaled, digits = self._times(scaled, digits, self.dialect.number(scale), digits_of([scale]))
        over = f"FLOOR({scaled} + {self.dialect.number(Fraction(1, 2))})"
        whole = Digits(self.dialect.sum(digits, Digits(1, 1)).whole, 0)
        if not places:
            return evolve(number, over=over, digits=whole)
        # over a power of ten, never divided by it
        under = self.dialect.number(scale)
        return evolve(number, over=over, digits=whole, under=under, under_digits=digits_of([scale]))


_SIGNS: dict[type, str] = {ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def _chosen(condition: str, one: str, other: str) -> str:
    """One of two, or NULL where it is not known which."""
    return f"(CASE WHEN {condition} THEN {one} WHEN {negated(condition)} THEN {other} END)"


def _together(*parts: Part) -> tuple[dict[str, str], str]:
    """What parts need together: every name that is missing in any, every division by zero in any."""
    missing: dict[str, str] = {}
    for part in parts:
        for name, flag in part.missing.items():
            missing[name] = any_of([missing.get(name, ""), flag])
    return missing, any_of(part.zero for part in parts)


def _sequence(parts: list[YesNo], *, decides: bool) -> YesNo:
    """``or`` and ``and``: past what is missing where a later part decides, not past a division by zero."""
    says = [part.holds if decides else negated(part.holds) for part in parts]
    zeros = []
    for number, part in enumerate(parts):
        before = any_of(says[:number])
        zeros.append(all_of([part.zero, *([_unless(before)] if before else [])]))
    missing, _ = _together(*parts)
    needed = {name: all_of([flag, _unless(any_of(says))]) for name, flag in missing.items()}
    return YesNo(any_of(says) if decides else all_of(part.holds for part in parts), needed, any_of(zeros))
