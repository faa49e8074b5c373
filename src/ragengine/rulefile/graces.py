"""Grace tables: of the book, and inline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import frozen

from ..problem import shorten
from ..rulebook.expression import Expression, ExpressionError, NameKind, compile_expression
from ..rulebook.grace import Effect, Grace
from ..rulebook.measure import RelativeTarget, SpecialTarget, Tolerance
from ..terms import Scale
from ..toml.positions import Path
from .faults import Faults, Wrong, near
from .fields import GRACE, INLINE_GRACE
from .keys import as_meant, read_table
from .target_values import target_value
from .values import MOST_GRACES, at_most, duration, flag, text_value, tolerance_value

__all__ = ["GraceTable", "graces_of", "overlaps", "read_grace", "when_of"]

_EFFECTS = tuple(str(effect) for effect in Effect)
_ACTION_ONLY = frozenset({Effect.EXTEND_DUE})
_KPI_ONLY = frozenset({Effect.TARGET, Effect.TOLERANCE})
#: a grace longer than this is hardly meant
_LONG_DAYS = 5 * 366


@frozen
class GraceTable:
    """A grace as written: its table and where it stands."""

    name: str
    raw: Mapping[str, Any]
    file: str
    path: Path
    line: int = 0
    #: the file's name as it is shown: of an edition that is extended, with the way to it
    shown: str = ""


def when_of(
    raw: Mapping[str, Any], names: Mapping[str, NameKind], faults: Faults, file: str, path: Path
) -> Expression | None:
    """The compiled ``when`` of a table, if it has one."""
    return expression_of(raw, "when", names, NameKind.YES_NO, faults, file, path)


def expression_of(
    raw: Mapping[str, Any],
    key: str,
    names: Mapping[str, NameKind],
    result: NameKind,
    faults: Faults,
    file: str,
    path: Path,
) -> Expression | None:
    """A compiled formula or condition; what is wrong with it is a fault at its column."""
    if key not in raw:
        return None
    try:
        return compile_expression(text_value(raw[key]), names=names, result=result)
    except Wrong as wrong:
        faults.add_wrong(file, (*path, key), wrong)
    except ExpressionError as wrong:
        faults.add(file, (*path, key), "RAG018", wrong.message, wrong.hint, column=wrong.column)
    return None


def read_grace(
    table: GraceTable, names: Mapping[str, NameKind], owner: Mapping[str, Any], scale: Scale, faults: Faults
) -> Grace | None:
    """A grace for the KPI or action that opts into it (``owner``), or None where it cannot be used."""
    file, path = table.file, table.path
    before = faults.has_errors
    raw, fields = read_table(table.raw, GRACE, faults, file, path)
    for key in ("from", "until", "reason", "authority"):
        if key not in raw:
            hint = "a grace without an end is a rule" if key == "until" else "an auditor asks who granted what, and why"
            faults.add(file, path, "RAG020", f"the grace {table.name} has no {key}", hint)
    effects = [key for key in raw if key in _EFFECTS]
    if len(effects) != 1:
        said = "no effect" if not effects else f"{len(effects)} effects ({', '.join(effects)})"
        faults.add(file, path, "RAG020", f"the grace {table.name} has {said}", f"write one of {', '.join(_EFFECTS)}")
    start, until = fields.get("start"), fields.get("until")
    if start and until and until < start:
        faults.add(file, (*path, "until"), "RAG020", f"until {until} is before from {start}", "check both dates")
    elif start and until and (until - start).days > _LONG_DAYS:
        said = f"the grace {table.name} lasts {(until - start).days // 365} years"
        faults.add(file, (*path, "until"), "RAG033", said, "a relief that long is a target", warning=True)
    when = when_of(raw, names, faults, file, path)
    if len(effects) != 1 or not start or not until or "reason" not in fields or "authority" not in fields:
        return None
    effect = Effect(effects[0])
    try:
        value = _effect_value(effect, raw[effects[0]], owner, scale)
    except Wrong as wrong:
        faults.add_wrong(file, (*path, effects[0]), wrong)
        return None
    if faults.has_errors and not before and when is None and "when" in raw:
        return None
    unit = str(owner.get("unit", "")) if effect.relieves else ""
    shown = table.shown or file
    return Grace(
        name=table.name, effect=effect, value=value, when=when, file=shown, line=table.line, unit=unit, **fields
    )


def _effect_value(effect: Effect, value: Any, owner: Mapping[str, Any], scale: Scale) -> Any:
    match effect:
        case Effect.SUSPEND | Effect.EXCLUDE_PERIOD:
            if flag(value) is not True:
                raise Wrong("RAG020", f"{effect} = false is no effect", "leave the grace out")
            return True
        case Effect.TARGET:
            target = target_value(value, owner)
            if isinstance(target, SpecialTarget | RelativeTarget):
                raise Wrong("RAG020", f"target = {value!r} is no relief", "write a number, or suspend = true")
            return target
        case Effect.TOLERANCE:
            return _relieved(tolerance_value(value, owner))
        case Effect.EXTEND_DUE:
            return duration(value)
        case _:
            level = scale.get(scale.id_of(text_value(value)))
            if level is None or level.is_grey:
                known = ", ".join(str(own) for own in scale)
                raise Wrong("RAG017", f"the scale has no level {shorten(value, 40)!r}", f"its levels are {known}")
            return str(level)


def _relieved(tolerance: Tolerance) -> Tolerance:
    for width in (tolerance.below, tolerance.above):
        if width.amount < 0:
            raise Wrong("RAG015", f"the tolerance {width.amount} is negative", "write the width of amber")
    return tolerance


def graces_of(
    raw: Mapping[str, Any],
    book: Mapping[str, GraceTable],
    ready: Mapping[str, Grace],
    names: Callable[[], Mapping[str, NameKind]],
    scale: Scale,
    faults: Faults,
    file: str,
    path: Path,
    *,
    action: bool,
) -> tuple[Grace, ...]:
    """The graces that a KPI or action opts into, by name or inline.

    ``ready`` are those of the book that mean the same for every rule: without a condition and with an effect that
    does not depend on the rule's own keys. ``names`` gives what a condition may use.
    """
    if "grace" not in raw:
        return ()
    listed = raw["grace"]
    if not isinstance(listed, list):
        faults.add(file, (*path, "grace"), "RAG006", "grace is not a list", 'write grace = ["covid-19"]')
        return ()
    try:
        at_most(MOST_GRACES, listed, "graces")
    except Wrong as wrong:
        faults.add_wrong(file, (*path, "grace"), wrong)
        return ()
    found: list[Grace] = []
    for n, item in enumerate(listed):
        at: Path = (*path, "grace", n)
        grace: Grace | None = None
        if isinstance(item, dict):
            item = as_meant(item, INLINE_GRACE, faults, file, at)
            table = GraceTable(str(item.get("name", f"inline {n + 1}")), _without_name(item), file, at)
        elif isinstance(item, str) and item in book:
            table = book[item]
            grace = ready.get(item)
        else:
            hint = near(str(item), book) or f"the book has {', '.join(book) or 'no grace'}"
            faults.add(file, at, "RAG019", f"no grace is called {shorten(item, 40)!r}", hint)
            continue
        if grace is None:
            grace = read_grace(table, names(), raw, scale, faults)
        if grace is None:
            continue
        if grace.effect in (_KPI_ONLY if action else _ACTION_ONLY):
            what = "an action" if action else "a KPI"
            faults.add(file, at, "RAG020", f"{grace.effect} is no effect for {what}", "opt into another grace")
            continue
        found.append(grace)
    overlaps(found, scale, faults, file, (*path, "grace"))
    return tuple(found)


def _without_name(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "name"}


def overlaps(graces: Sequence[Grace], scale: Scale, faults: Faults, file: str, path: Path) -> None:
    """Two graces with the same effect on the same day, or a cap below a floor."""
    for n, one in enumerate(graces):
        for other in graces[n + 1 :]:
            start, until = max(one.start, other.start), min(one.until, other.until)
            if start > until:
                continue
            if one.effect is other.effect:
                said = f"{one.name} and {other.name} both have the effect {one.effect} from {start} to {until}"
                faults.add(file, path, "RAG021", said, "end one before the other begins, or opt into one")
            caps = {g.effect: g for g in (one, other)}
            cap, floor = caps.get(Effect.NO_BETTER_THAN), caps.get(Effect.NO_WORSE_THAN)
            if cap and floor and scale[str(cap.value)] < scale[str(floor.value)]:
                said = f"no_better_than {cap.value} of {cap.name} is below no_worse_than {floor.value} of {floor.name}"
                faults.add(file, path, "RAG021", said, "no level is both: change one of them")
