"""What the cases are that make a KPI's value, and which formulas grow evenly with them whatever the row."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

from attrs import frozen

from .expression import Expression
from .kpi import Kpi

__all__ = ["CaseSource", "Product", "case_source"]


class CaseSource(Enum):
    """What the cases of a value are."""

    #: a numerator, of so many as the denominator has
    COUNTS = "counts"
    #: the value itself
    VALUE = "value"
    #: the numerator of a formula
    FORMULA = "formula"


def case_source(kpi: Kpi) -> CaseSource:
    """What the cases are that make a KPI's value: one that is no percentage of counts is a count itself."""
    if kpi.formula is not None:
        return CaseSource.FORMULA
    return CaseSource.COUNTS if kpi.unit == "%" else CaseSource.VALUE


@frozen
class Product:
    """A formula that only multiplies and divides: a number times powers of names.

    Attributes:
        factor: the number; not 0.
        powers: of each name that is read, 0 where it cancels out.
        times: how often each name is read.
    """

    factor: Fraction
    powers: Mapping[str, int]
    times: Mapping[str, int]

    @classmethod
    def of(cls, formula: Expression) -> Product | None:
        """A formula as a product; None where it is none, or is 0."""
        return _product(formula.tree)

    @property
    def grows_evenly(self) -> bool:
        """Whether it grows evenly with its numerator, from nothing on, in every row that it can be worked out for."""
        return self.powers.get("numerator") == self.times.get("numerator") == 1

    @property
    def is_share(self) -> bool:
        """Whether it is 100 times numerator by denominator, and nothing else."""
        powers = {name: power for name, power in self.powers.items() if power}
        return self.grows_evenly and self.factor == 100 and powers == {"numerator": 1, "denominator": -1}

    def times_other(self, other: Product, power: int) -> Product:
        """It and another one multiplied; divided for a power of -1."""
        names = {*self.powers, *other.powers}
        return Product(
            self.factor * other.factor**power,
            {name: self.powers.get(name, 0) + power * other.powers.get(name, 0) for name in names},
            {name: self.times.get(name, 0) + other.times.get(name, 0) for name in names},
        )


def _product(node: Any) -> Product | None:
    match node:
        case ast.Name(id=name):
            return Product(Fraction(1), {name: 1}, {name: 1})
        case ast.Constant(value=number) if isinstance(number, Fraction) and number:
            return Product(number, {}, {})
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            made = _product(operand)
            minus = Product(Fraction(-1 if isinstance(sign, ast.USub) else 1), {}, {})
            return None if made is None else minus.times_other(made, 1)
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            one, other = _product(left), _product(right)
            if one is None or other is None:
                return None
            return one.times_other(other, -1 if isinstance(op, ast.Div) else 1)
    return None
