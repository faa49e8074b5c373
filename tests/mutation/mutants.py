"""Small changes of a module's functions, each of which some test should notice."""

from __future__ import annotations

import ast
import copy
import functools
import hashlib
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

__all__ = ["Mutant", "applied", "function_of", "mutants_of", "noted", "noting"]

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
class _Site:
    """Where a node stands in its parent, so that another can stand there for a while."""

    parent: ast.AST
    name: str
    index: int | None
    node: ast.AST

    def put(self, node: ast.AST) -> None:
        if node is not self.node:
            ast.copy_location(node, self.node)
        if self.index is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.index] = node


@frozen
class Mutant:
    """One change.

    Attributes:
        function: the qualified name of the function that is changed.
        statement: the number of the statement, among those of the module's functions, that holds the change.
        key: the same for the same change of the same function, wherever the function stands in its module.
    """

    module: str
    function: str
    statement: int
    line: int
    change: str
    key: str
    _tree: ast.Module = field(repr=False, eq=False)
    _site: _Site = field(repr=False, eq=False)
    _new: ast.AST = field(repr=False, eq=False)

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.function}: {self.change}"

    @property
    def code(self) -> types.CodeType | None:
        """The changed function's; None of a function that is made within another, which has none to be put into."""
        self._site.put(self._new)
        try:
            whole = compile(ast.fix_missing_locations(self._tree), self.module, "exec", dont_inherit=True)
            return _part(whole, self.function)
        finally:
            self._site.put(self._site.node)


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


def _sites(parent: ast.AST) -> Iterator[_Site]:
    for name, value in ast.iter_fields(parent):
        if isinstance(value, ast.AST):
            yield _Site(parent, name, None, value)
        elif isinstance(value, list):
            yield from (_Site(parent, name, n, each) for n, each in enumerate(value) if isinstance(each, ast.AST))


def _within(site: _Site, statement: ast.stmt) -> Iterator[tuple[_Site, ast.stmt]]:
    """A node and all below it, each with the innermost statement that holds it."""
    statement = site.node if isinstance(site.node, ast.stmt) else statement
    yield site, statement
    for below in _sites(site.node):
        yield from _within(below, statement)


def _body(function: ast.FunctionDef) -> Iterator[tuple[_Site, ast.stmt]]:
    for n, statement in enumerate(function.body):
        yield from _within(_Site(function, "body", n, statement), statement)


def _statements(tree: ast.Module) -> dict[ast.stmt, int]:
    every = (statement for _, function in _functions(tree) for _, statement in _body(function))
    return {statement: n for n, statement in enumerate(dict.fromkeys(every))}


def _part(code: types.CodeType, name: str) -> types.CodeType | None:
    found: types.CodeType | None = code
    for part in name.split("."):
        inner = found.co_consts if found is not None else ()
        found = next((c for c in inner if isinstance(c, types.CodeType) and c.co_name == part), None)
    return found


def mutants_of(path: Path, module: str) -> list[Mutant]:
    """Every mutant of a module's functions, function by function; annotations, texts and docstrings stay.

    So do assertions: they tell what is known already.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    numbers = _statements(tree)
    made = []
    for name, function in _functions(tree):
        known = f"{module} {name} {ast.unparse(function)}"
        changes = ((site, held, change, new) for site, held in _body(function) for change, new in _changes(site.node))
        for n, (site, held, change, new) in enumerate(changes):
            if isinstance(held, ast.Assert):
                continue
            line = getattr(site.node, "lineno", held.lineno)
            key = hashlib.sha256(f"{known} {n} {change}".encode()).hexdigest()[:16]
            made.append(Mutant(module, name, numbers[held], line, change, key, tree, site, new))
    return made


def function_of(owner: Any, name: str) -> types.FunctionType:
    """The plain function behind a name: of a property, a class method, a cached one, or a cached property of a class
    with slots, where attrs keeps it beside the class; LookupError where there is none.
    """
    for part in name.split("."):
        made_later = getattr(vars(owner).get("__getattr__"), "__globals__", {}).get("cached_properties", {})
        owner = made_later.get(part) or vars(owner)[part]
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
    code = mutant.code
    if code is None:
        raise LookupError(mutant.function)
    function_of(module, mutant.function).__code__ = code


def noting(path: Path) -> dict[str, types.CodeType]:
    """The functions of a module, each noting the statements that it comes to by calling ``_reached_``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for statement, number in _statements(tree).items():
        statement.number = number  # type: ignore[attr-defined]
    for _, function in _functions(tree):
        _note_each(function)
    whole = compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)
    codes = {name: _part(whole, name) for name, _ in _functions(tree)}
    return {name: code for name, code in codes.items() if code is not None}


def noted(module: types.ModuleType, functions: Mapping[str, types.CodeType]) -> set[int]:
    """Puts functions that note what they come to into a living module; the set that they note it in."""
    reached: set[int] = set()
    vars(module)["_reached_"] = reached.add
    for name, code in functions.items():
        try:
            function_of(module, name).__code__ = code
        except (LookupError, ValueError):
            continue
    return reached


def _note_each(node: ast.AST) -> None:
    for below in ast.iter_child_nodes(node):
        _note_each(below)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            setattr(node, name, [each for statement in block for each in (_note(statement), statement)])


def _note(statement: ast.stmt) -> ast.stmt:
    number = ast.Constant(statement.number)  # type: ignore[attr-defined]
    call = ast.Call(ast.Name("_reached_", ast.Load()), [number], [])
    return ast.copy_location(ast.Expr(call), statement)
