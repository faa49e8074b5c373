"""Which expressions floats give exactly: what they cannot is refused before anything starts."""

from __future__ import annotations

import ast
from fractions import Fraction

from ..rulebook.expression import Expression

__all__ = ["why_not_exact"]


def _is_longer(number: Fraction) -> bool:
    return Fraction(repr(float(number))) != number


def why_not_exact(expression: Expression) -> str:
    """Why columns of floats cannot give an expression exactly; empty where they can."""
    for node in ast.walk(expression.tree):
        match node:
            case ast.Constant(value=number) if isinstance(number, Fraction) and _is_longer(number):
                return f"{expression.text!r} has a number of more digits than a float"
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.List() | ast.Tuple()]):
                if not isinstance(left, ast.Name):
                    return f"{expression.text!r} looks for a computed number in a list"
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
                if not isinstance(left, ast.Constant) or not str(left.value).isascii():
                    return f"{expression.text!r} looks for what is not a plain text"
    return ""
