"""Small changes of a module's functions, each of which some test should notice."""

from __future__ import annotations

import ast
import copy
import functools
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

__all__ = ["Mutant", "applied", "mutants_of"]

_COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_REVERSED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_COMPUTED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


@frozen
class Mutant:
    """One change.

    Attributes:
        function: the qualified name of the function that is changed.
        source: the function with the change.
    """

    module: str
    function: str
    line: int
    change: str
    code: types.CodeType

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.function}: {self.change}"


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The changed copies of one node, each with what was done."""

    def like(**fields: Any) -> ast.AST:
        made = copy.copy(node)
        for name, value in fields.items():
            setattr(made, name, value)
        return made

    match node:
        case ast.Compare(ops=[op], left=left, comparators=[right]):
            shown = ast.unparse(node)
            for table in (_COMPARED, _REVERSED):
                if type(op) in table:
                    made = like(ops=[table[type(op)]()], left=left, comparators=[right])
                    yield f"{shown} -> {ast.unparse(made)}", made
        case ast.BoolOp(op=op, values=values):
            other: ast.boolop = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{ast.unparse(node)} -> {'or' if isinstance(other, ast.Or) else 'and'}", like(op=other)
            for n in range(len(values)):
                left = [value for m, value in enumerate(values) if m != n]
                made = like(values=left) if len(left) > 1 else left[0]
                yield f"{ast.unparse(node)} without {ast.unparse(values[n])}", made
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"{ast.unparse(node)} -> {ast.unparse(operand)}", operand
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield f"{ast.unparse(node)} -> {ast.unparse(operand)}", operand
        case ast.BinOp(op=op) if type(op) in _COMPUTED:
            made = like(op=_COMPUTED[type(op)]())
            yield f"{ast.unparse(node)} -> {ast.unparse(made)}", made
        case ast.Constant(value=bool() as value):
            yield f"{value} -> {not value}", ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield f"{value} -> {value + 1}", ast.Constant(value + 1)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield f"if not {ast.unparse(test)}", like(test=ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=value) if value is not None and not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield f"return {ast.unparse(value)[:60]} -> None", like(value=ast.Constant(None))
        case ast.Call(func=ast.Name(id=name)) if name in _CALLED:
            yield f"{name} -> {_CALLED[name]}", like(func=ast.Name(_CALLED[name], ast.Load()))
        case ast.Continue() | ast.Break():
            yield f"{type(node).__name__.lower()} -> pass", ast.Pass()
        case ast.keyword(arg=name, value=value) if name and not isinstance(value, ast.Constant):
            yield f"{name}={ast.unparse(value)[:40]} -> None", like(value=ast.Constant(None))


def _functions(tree: ast.AST, outer: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield f"{outer}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{outer}{node.name}.")


def _code(tree: ast.Module, file: str, name: str) -> types.CodeType | None:
    code: types.CodeType | None = compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True)
    for part in name.split("."):
        inner = code.co_consts if code is not None else ()
        code = next((c for c in inner if isinstance(c, types.CodeType) and c.co_name == part), None)
    return code


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self._new if node is self._old else super().visit(node)


def mutants_of(path: Path, module: str) -> list[Mutant]:
    """Every mutant of a module's functions, in the order of its lines; annotations, texts and docstrings stay."""
    text = path.read_text(encoding="utf-8")
    made: list[Mutant] = []
    count = len(list(_functions(ast.parse(text))))
    for index in range(count):
        tree = ast.parse(text)
        name, function = list(_functions(tree))[index]
        sites = [node for statement in function.body for node in ast.walk(statement)]
        for number, site in enumerate(sites):
            for turn in range(len(list(_changes(site)))):
                fresh = ast.parse(text)
                own = list(_functions(fresh))[index][1]
                node = [each for statement in own.body for each in ast.walk(statement)][number]
                change, new = list(_changes(node))[turn]
                own.body = [_Replace(node, ast.copy_location(new, node)).visit(statement) for statement in own.body]
                code = _code(fresh, str(path), name)
                if code is not None:
                    line = getattr(node, "lineno", function.lineno)
                    made.append(Mutant(module, name, line, change, code))
    return made


def _function(owner: Any, name: str) -> types.FunctionType:
    """The plain function behind a name: of a property, a class method, a cached one."""
    for part in name.split("."):
        owner = vars(owner)[part]
    clear = getattr(owner, "cache_clear", None)
    if clear is not None:
        clear()
    while not isinstance(owner, types.FunctionType):
        inner = next(
            (getattr(owner, key) for key in ("fget", "__func__", "func", "__wrapped__") if hasattr(owner, key)), None
        )
        if isinstance(owner, functools.partial) or inner is None:
            raise LookupError(name)
        owner = inner
    return owner


def applied(mutant: Mutant, module: types.ModuleType) -> None:
    """Puts the mutant's code into the living function; raises LookupError or ValueError where it does not fit."""
    _function(module, mutant.function).__code__ = mutant.code
