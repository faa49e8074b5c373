"""What an expression may contain: a whitelist over its syntax tree, with static kinds."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from attrs import frozen

from ..display import did_you_mean
from ..problem import shorten

__all__ = ["Checked", "ExpressionError", "NameKind", "check_expression"]

MOST_CHARACTERS = 500
MOST_NODES = 100
MOST_DEPTH = 20
MOST_IN_LIST = 50
LONGEST_TEXT = 200

_NUMBER = re.compile(r"\d{1,15}(\.\d{1,15})?", re.ASCII)
_FUNCTIONS = {"min": (2, MOST_NODES), "max": (2, MOST_NODES), "abs": (1, 1), "round": (1, 2)}
#: names of conditions that no data bring: nobody declares them
_OF_CONDITIONS = frozenset(
    ("previous", "year_ago", "shortfall", "improved", "worsened", "unchanged", "causes", "entity", "evidence", "status")
)
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class NameKind(Enum):
    """What an expression or a name stands for; kinds never mix."""

    NUMBER = "a number"
    YES_NO = "yes or no"
    TEXT = "a text"
    SET = "a set of texts"


class ExpressionError(ValueError):
    """An expression that cannot be used: what is wrong, at which column of its text, and the way out."""

    def __init__(self, message: str, column: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.hint = hint


@frozen
class Checked:
    """A tree of allowed nodes, its numbers exact, and the names it reads."""

    tree: ast.expr
    names: frozenset[str]


def check_expression(text: str, names: Mapping[str, NameKind], result: NameKind) -> Checked:
    """The checked tree of an expression; raises ExpressionError."""
    tree = _parsed(text)
    _bounded(tree)
    checker = _Checker(text, names)
    kind = checker.kind(tree)
    if kind is not result:
        hint = 'compare it: "… >= 1"' if result is NameKind.YES_NO else ""
        raise ExpressionError(f"the expression is {kind.value}, and {result.value} is wanted", 1, hint)
    return Checked(tree, frozenset(checker.used))


def _parsed(text: str) -> ast.expr:
    if not text.strip():
        raise ExpressionError("the expression is empty")
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"the expression has more than {MOST_CHARACTERS} characters")
    for column, character in enumerate(text, start=1):
        if not character.isprintable():
            raise ExpressionError("the expression has a control or line-separating character", column)
    try:
        with warnings.catch_warnings():
            # "1is 2" and the like only warn; the walk refuses them with a message of ours
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as wrong:
        hint = "write == to compare" if re.search(r"(?<![=!<>])=(?!=)", text) else ""
        column = _indent(text) + min(max(wrong.offset or 1, 1), len(text.strip()))
        raise ExpressionError(f"not an expression: {wrong.msg}", column, hint) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("not an expression: too deep, or with characters that do not belong") from None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _bounded(tree: ast.expr) -> None:
    """Walks without recursion, so depth is found before anything recursive meets it."""
    count = 0
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, ast.expr):
            count += 1
        if count > MOST_NODES:
            raise ExpressionError(f"the expression has more than {MOST_NODES} parts")
        if depth > MOST_DEPTH:
            raise ExpressionError(f"the expression is nested more than {MOST_DEPTH} deep")
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]


class _Checker:
    def __init__(self, text: str, names: Mapping[str, NameKind]) -> None:
        self.text = text.strip()
        self.indent = _indent(text)
        self.names = names
        self.used: set[str] = set()

    def kind(self, node: ast.expr) -> NameKind:
        """The kind of a node; raises ExpressionError for what is not allowed."""
        match node:
            case ast.Name():
                return self._name(node)
            case ast.Constant():
                return self._constant(node)
            case ast.BoolOp():
                for part in node.values:
                    self._want(part, NameKind.YES_NO, "and, or take conditions")
                return NameKind.YES_NO
            case ast.UnaryOp(op=ast.Not()):
                self._want(node.operand, NameKind.YES_NO, "not takes a condition")
                return NameKind.YES_NO
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                self._want(node.operand, NameKind.NUMBER, "a sign takes a number")
                return NameKind.NUMBER
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
                for part in (node.left, node.right):
                    self._want(part, NameKind.NUMBER, "arithmetic takes numbers")
                return NameKind.NUMBER
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp():
                return self._choice(node)
            case ast.Call():
                return self._call(node)
        raise self._refused(node)

    def _error(self, node: ast.AST, message: str, hint: str = "") -> ExpressionError:
        # ast counts bytes of UTF-8
        before = self.text.encode()[: getattr(node, "col_offset", 0)].decode()
        return ExpressionError(message, self.indent + len(before) + 1, hint)

    def _refused(self, node: ast.AST) -> ExpressionError:
        part = shorten(ast.get_source_segment(self.text, node) or type(node).__name__, 40)
        allowed = "use names, numbers, + - * /, comparisons, and or not, x if c else y, in [...], min max abs round"
        return self._error(node, f"{part!r} is not allowed", allowed)

    def _want(self, node: ast.expr, kind: NameKind, why: str) -> None:
        found = self.kind(node)
        if found is not kind:
            part = shorten(ast.get_source_segment(self.text, node) or "", 40)
            hint = f'compare it: "{part} >= 1"' if kind is NameKind.YES_NO and found is NameKind.NUMBER else ""
            raise self._error(node, f"{part!r} is {found.value}: {why}", hint)

    def _name(self, node: ast.Name) -> NameKind:
        written = ast.get_source_segment(self.text, node)
        # Python folds look-alike letters in names: what is written must be the name itself
        if not node.id.isascii() or written != node.id:
            raise self._error(node, f"{written!r} is not a plain name")
        kind = self.names.get(node.id)
        if kind is None:
            near = did_you_mean(node.id, self.names)
            hint = f"did you mean {near}?" if near else f"known here: {', '.join(sorted(self.names))}"
            if not near and "numerator" in self.names and node.id.removesuffix("_value") not in _OF_CONDITIONS:
                hint += f'; an extra number of the data is declared: inputs = ["{shorten(node.id, 40)}"]'
            raise self._error(node, f"unknown name {shorten(node.id, 40)!r}", hint)
        self.used.add(node.id)
        return kind

    def _constant(self, node: ast.Constant) -> NameKind:
        if isinstance(node.value, str):
            if len(node.value) > LONGEST_TEXT:
                raise self._error(node, f"a text of more than {LONGEST_TEXT} characters")
            if node.kind is not None:
                raise self._refused(node)
            return NameKind.TEXT
        written = ast.get_source_segment(self.text, node) or ""
        if isinstance(node.value, bool) or not isinstance(node.value, int | float | Fraction):
            raise self._refused(node)
        if not _NUMBER.fullmatch(written):
            hint = "write digits and a point: at most 15 either side"
            raise self._error(node, f"{shorten(written, 40)!r} is not a plain number", hint)
        # from the source text: what the author wrote, not what a float makes of it
        node.value = Fraction(Decimal(written))  # type: ignore[assignment]  # what our evaluator reads
        return NameKind.NUMBER

    def _compare(self, node: ast.Compare) -> NameKind:
        operands = [node.left, *node.comparators]
        if any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            return self._membership(node)
        if any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
            raise self._error(node, "is compares nothing here", "write == or !=")
        kinds = {self.kind(operand) for operand in operands}
        if len(kinds) > 1:
            raise self._error(node, f"compares {' with '.join(sorted(kind.value for kind in kinds))}")
        kind = kinds.pop()
        if kind is NameKind.SET or (kind is not NameKind.NUMBER and any(isinstance(op, _ORDERED) for op in node.ops)):
            raise self._error(node, f"only numbers are ordered, and this is {kind.value}")
        return NameKind.YES_NO

    def _membership(self, node: ast.Compare) -> NameKind:
        if len(node.ops) > 1:
            raise self._error(node, "in stands on its own", "join conditions with and")
        member = self.kind(node.left)
        container = node.comparators[0]
        if isinstance(container, ast.List | ast.Tuple):
            if len(container.elts) > MOST_IN_LIST:
                raise self._error(container, f"a list of more than {MOST_IN_LIST} values")
            if not all(isinstance(value, ast.Constant) for value in container.elts):
                raise self._error(container, "a list holds only numbers or only texts")
            kinds = {self.kind(value) for value in container.elts}
            if kinds != {member}:
                raise self._error(container, f"looks for {member.value} among other things")
            return NameKind.YES_NO
        if isinstance(container, ast.Name) and self.kind(container) is NameKind.SET:
            if member is not NameKind.TEXT:
                raise self._error(node, f"looks for {member.value} in a set of texts")
            return NameKind.YES_NO
        hint = 'write entity in ["North", "South"], or "covid" in causes'
        raise self._error(container, "in looks in a list or a declared set", hint)

    def _choice(self, node: ast.IfExp) -> NameKind:
        self._want(node.test, NameKind.YES_NO, "if takes a condition")
        kinds = {self.kind(node.body), self.kind(node.orelse)}
        if len(kinds) > 1:
            raise self._error(node, "both sides of if … else are to be of one kind")
        return kinds.pop()

    def _call(self, node: ast.Call) -> NameKind:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name not in _FUNCTIONS:
            called = shorten(ast.get_source_segment(self.text, node.func) or "this", 40)
            raise self._error(node, f"{called!r} cannot be called", "only min, max, abs and round can")
        fewest, most = _FUNCTIONS[name]
        if node.keywords or not fewest <= len(node.args) <= most:
            raise self._error(node, f"{name} takes {'numbers' if most > fewest else 'one number'}")
        for argument in node.args:
            self._want(argument, NameKind.NUMBER, f"{name} takes numbers")
        if name == "round" and len(node.args) == 2:
            places = node.args[1]
            if not isinstance(places, ast.Constant) or places.value not in range(7):
                raise self._error(places, "round's places are a plain number from 0 to 6")
        return NameKind.NUMBER
