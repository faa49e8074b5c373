"""Two rulebooks compared: by the tables they compile to, not by their text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve

from ...bands import BandTable, Interval, differences
from ...number import exact, text
from ...rating.phrases import interval
from ...rulebook.action import Action
from ...rulebook.compile import UnusableTarget, adjusted_table, era_on, eras_of, printed_table
from ...rulebook.dated import ALWAYS, Dated
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...rulebook.measure import Band, Range, SpecialTarget, Tolerance, Width
from ...rulebook.rules import Rules
from ...terms import Rag
from ..action_days import days_that_matter, level_when_open
from .changes import Change, LevelChange, RulesDiff
from .policies import policy_details

__all__ = ["rules_diff"]

_DAY = timedelta(days=1)
#: keys that people read and nothing is rated by
_WORDING = ("title", "source", "ref", "lead", "recommendation", "note", "rationale", "basis", "frequency", "review_by")
#: keys of a KPI that say what its level is, beside what its tables show
_KPI_KEYS = (
    "unit", "direction", "met_beyond", "decimals", "missing", "max_age", "rated_from", "in_rollup", "inputs", "formula",
    "persistence", "requires_evidence", "critical", "weight", "minimum_n", "words",
)  # fmt: skip
_ACTION_KEYS = (
    "due", "start", "warning", "tolerance", "formula", "complete", "on_time", "requires_evidence", "in_rollup",
    "critical", "weight",
)  # fmt: skip
_NAMES = {"met_beyond": "met"}


def rules_diff(old: Rules, new: Rules) -> RulesDiff:
    """What changed in meaning from one rulebook to another; nothing for another layout, order or spelling."""
    changes: list[Change] = []
    reworded: list[str] = []
    book = tuple(_book_details(old, new))
    if book:
        changes.append(Change("book", "", "changed", details=book))
    changes += _grace_changes(old, new)
    changes += _compared(
        "area", old.areas, new.areas, lambda a, b: (tuple(_area_details(old, new, a.id)), ()), reworded
    )
    changes += _compared("kpi", old.kpis, new.kpis, lambda a, b: _kpi_changes(old, new, a, b), reworded)
    changes += _compared("action", old.actions, new.actions, lambda a, b: _action_changes(old, new, a, b), reworded)
    return RulesDiff(old.edition, new.edition, tuple(changes), tuple(reworded))


Compare = Callable[[Any, Any], tuple[tuple[str, ...], tuple[LevelChange, ...]]]


def _compared(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], compare: Compare, reworded: list[str]
) -> Iterator[Change]:
    for subject in dict.fromkeys((*old, *new)):
        before, after = old.get(subject), new.get(subject)
        if before is None or after is None:
            whole = after if before is None else before
            assert whole is not None
            yield Change(kind, subject, "added" if before is None else "removed", whole.title)
            continue
        details, levels = compare(before, after)
        if details or levels:
            yield Change(kind, subject, "changed", after.title, details, levels)
        elif any(getattr(before, key, None) != getattr(after, key, None) for key in _WORDING):
            reworded.append(subject)


def _book_details(old: Rules, new: Rules) -> Iterator[str]:
    for key in ("missing", "max_age", "day_first"):
        if getattr(old, key) != getattr(new, key):
            yield f"{key} {_shown(getattr(old, key))} → {_shown(getattr(new, key))}"
    if old.scale != new.scale:
        yield f"scale {', '.join(map(str, old.scale))} → {', '.join(map(str, new.scale))}"
    yield from (f"roll-up: {detail}" for detail in policy_details(old.rollup, new.rollup, new.scale))


def _area_details(old: Rules, new: Rules, area: str) -> Iterator[str]:
    before, after = old.areas[area], new.areas[area]
    if before.parent != after.parent:
        yield f"parent {before.parent or 'none'} → {after.parent or 'none'}"
    if (before.rollup is None) != (after.rollup is None):
        yield "has a roll-up of its own" if after.rollup else "rolls up as the book says"
    if before.rollup is not None or after.rollup is not None:
        found = policy_details(old.rollup_of(area), new.rollup_of(area), new.scale)
        yield from (f"roll-up: {detail}" for detail in found)


def _shown(value: object) -> str:
    """A value as its author might write it."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case int() | Decimal() | Fraction():
            return text(exact(value))
        case SpecialTarget():
            return f'"{value.value}"'
        case Range():
            return f"{text(exact(value.min))} to {text(exact(value.max))}"
        case Width():
            return f"{text(exact(value.amount))}{'% of target' if value.of_target else ''}"
        case Tolerance():
            return (
                _shown(value.below)
                if value.below == value.above
                else (f"{_shown(value.below)} below and {_shown(value.above)} above")
            )
        case tuple() if value and isinstance(value[0], Band):
            return f"{len(value)} bands"
        case tuple() if value and isinstance(value[0], tuple):
            return ", ".join(f"{word} = {level}" for word, level in value)
        case tuple():
            return ", ".join(map(str, value)) or "none"
        case _:
            return str(getattr(value, "text", None) or getattr(value, "written", None) or value)


def _kpi_changes(old: Rules, new: Rules, before: Kpi, after: Kpi) -> tuple[tuple[str, ...], tuple[LevelChange, ...]]:
    details = [
        *_key_details(before, after, _KPI_KEYS),
        *_dated_details(before, after, ("target", "tolerance", "amber", "bands")),
        *_opted_details(before, after),
    ]
    levels = _level_changes(old, new, before, after)
    for entity in dict.fromkeys((*before.entities, *after.entities)):
        own_before, own_after = before.for_entity(entity), after.for_entity(entity)
        if (entity in before.entities) != (entity in after.entities):
            details.append(f"{entity} {'has' if entity in after.entities else 'no longer has'} a rule of its own")
        inner, of_entity = _kpi_changes(old, new, _alone(own_before), _alone(own_after))
        details += [f"{entity}: {detail}" for detail in inner if detail not in details]
        levels += tuple(
            LevelChange(f"{entity}: {change.where}", change.old, change.new, change.start, change.end, change.graced)
            for change in of_entity
            if change not in levels
        )
    return tuple(details), levels


def _alone(kpi: Kpi) -> Kpi:
    return evolve(kpi, entities={})


def _key_details(before: Any, after: Any, keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        one, other = getattr(before, key), getattr(after, key)
        if _meaning(one) != _meaning(other):
            yield f"{_NAMES.get(key, key)} {_met(key, one)} → {_met(key, other)}"


def _met(key: str, value: object) -> str:
    if key == "met_beyond":
        return "beyond target" if value else "at or beyond target"
    return _shown(value)


def _meaning(value: Any) -> object:
    """What can be compared: an expression by its tree, a due date by its day."""
    if hasattr(value, "meaning"):
        return value.meaning
    if hasattr(value, "tentative"):
        return value.day, value.tentative
    return value


def _dated_details(before: Kpi, after: Kpi, keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        one: Dated[Any] | None = getattr(before, key)
        other: Dated[Any] | None = getattr(after, key)
        if _numbers(one) == _numbers(other):
            continue
        for day in sorted({*_days(one), *_days(other)}):
            old_value = one.on(day) if one else None
            new_value = other.on(day) if other else None
            if _number(old_value) != _number(new_value):
                since = "" if day == ALWAYS else f" from {day}"
                yield f"{key} {_shown(old_value)} → {_shown(new_value)}{since}"


def _days(dated: Dated[Any] | None) -> list[date]:
    return [start for start, _ in dated.entries] if dated else []


def _number(value: object) -> object:
    return exact(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _numbers(dated: Dated[Any] | None) -> object:
    return None if dated is None else tuple((start, _number(value)) for start, value in dated.entries)


def _opted_details(before: Kpi | Action, after: Kpi | Action) -> Iterator[str]:
    """Which graces are opted into, and inline ones that say something else."""
    one = {grace.name: grace for grace in before.graces}
    other = {grace.name: grace for grace in after.graces}
    for name in dict.fromkeys((*one, *other)):
        if name not in other:
            yield f"no longer opts into {name}"
        elif name not in one:
            yield f"opts into {name}"
        elif name.startswith("inline"):
            yield from (f"{name}: {detail}" for detail in _grace_details(one[name], other[name]))


def _grace_details(before: Grace, after: Grace) -> Iterator[str]:
    for key, shown in (("start", "from"), ("until", "until"), ("authority", "authority")):
        if getattr(before, key) != getattr(after, key):
            yield f"{shown} {getattr(before, key)} → {getattr(after, key)}"
    if (before.effect, _number(before.value)) != (after.effect, _number(after.value)):
        yield f"{before.effect} {_shown(before.value)} → {after.effect} {_shown(after.value)}"
    if _meaning(before.when) != _meaning(after.when):
        yield f"when {_shown(before.when)} → {_shown(after.when)}"


def _named_graces(rules: Rules) -> dict[str, Grace]:
    """The book's graces that somebody opts into, by name."""
    found: dict[str, Grace] = dict(rules.graces)
    measures: list[Kpi | Action] = [*rules.kpis.values(), *rules.actions.values()]
    for measure in measures:
        for grace in measure.graces:
            if not grace.name.startswith("inline"):
                found.setdefault(grace.name, grace)
    return found


def _grace_changes(old: Rules, new: Rules) -> Iterator[Change]:
    before, after = _named_graces(old), _named_graces(new)
    for name in dict.fromkeys((*before, *after)):
        if name not in before or name not in after:
            grace = after.get(name) or before[name]
            span = f"{grace.effect} {_shown(grace.value)}, {grace.start} to {grace.until}, {grace.authority}"
            yield Change("grace", name, "added" if name in after else "removed", details=(span,))
            continue
        details = tuple(_grace_details(before[name], after[name]))
        if details:
            yield Change("grace", name, "changed", details=details)


_A_TARGET = Fraction(100)
Tables = tuple[BandTable[Rag] | None, BandTable[Rag] | None]


def _tables_on(rules: Rules, kpi: Kpi, day: date) -> Tables:
    """The rule's own table on a day and the one under its graces; None where nothing rates."""
    era = era_on(kpi, day)
    target = None if isinstance(era.rule_target, Fraction | Range) else _A_TARGET
    try:
        table = printed_table(era, rules.scale, target)
        return table, None if table is None else adjusted_table(era, rules.scale, era.live, table, target)
    except UnusableTarget:
        return None, None


def _level_changes(old: Rules, new: Rules, before: Kpi, after: Kpi) -> tuple[LevelChange, ...]:
    """The intervals of values that are rated otherwise, each with the days between which they are."""
    starts = sorted({era.start for kpi in (before, after) for era in eras_of(kpi)})
    runs: list[tuple[date, date | None, tuple[tuple[str, str, str, bool], ...]]] = []
    for n, start in enumerate(starts):
        end = starts[n + 1] - _DAY if n + 1 < len(starts) else None
        found = tuple(_segment(_tables_on(old, before, start), _tables_on(new, after, start), after))
        if runs and runs[-1][2] == found:
            runs[-1] = (runs[-1][0], end, found)
        else:
            runs.append((start, end, found))
    return tuple(
        LevelChange(where, was, now, None if start == date.min else start, end, graced)
        for start, end, found in runs
        for where, was, now, graced in found
    )


def _segment(old: Tables, new: Tables, kpi: Kpi) -> Iterator[tuple[str, str, str, bool]]:
    own = list(_table_changes(old[0], new[0], kpi))
    yield from ((*change, False) for change in own)
    for change in _table_changes(old[1], new[1], kpi):
        if change not in own:
            yield (*change, True)


def _table_changes(old: BandTable[Rag] | None, new: BandTable[Rag] | None, kpi: Kpi) -> Iterator[tuple[str, str, str]]:
    if old is None or new is None:
        if old is not new:
            yield "every value", "not rated" if old is None else "rated", "not rated" if new is None else "rated"
        return
    for piece, was, now in differences(old, new):
        yield _said(piece, kpi), was.label, now.label


def _said(piece: Interval, kpi: Kpi) -> str:
    return "every value" if piece.lower is None and piece.upper is None else interval(piece, kpi.unit)


def _action_changes(
    old: Rules, new: Rules, before: Action, after: Action
) -> tuple[tuple[str, ...], tuple[LevelChange, ...]]:
    details = [*_key_details(before, after, _ACTION_KEYS), *_opted_details(before, after)]
    if before.bands != after.bands:
        details.append(f"bands {_shown(before.bands)} → {_shown(after.bands)}")
    days = sorted({*days_that_matter(old, before), *days_that_matter(new, after)})
    runs: list[tuple[date, date, str, str]] = []
    for day in days:
        was, now = level_when_open(old, before, day), level_when_open(new, after, day)
        if was == now:
            continue
        last = runs[-1] if runs else None
        if last is not None and last[2:] == (was, now) and _same_between(old, new, before, after, last[1], day):
            runs[-1] = (last[0], day, was, now)
        else:
            runs.append((day, day, was, now))
    levels = [
        LevelChange("while it is open", old.scale[was].label, new.scale[now].label, start, end)
        for start, end, was, now in runs
    ]
    return tuple(details), tuple(levels)


def _same_between(old: Rules, new: Rules, before: Action, after: Action, first: date, last: date) -> bool:
    """Whether nothing changes between two days that matter: lines lie only beside such days."""
    middle = first + (last - first) / 2
    levels = [(level_when_open(old, before, d), level_when_open(new, after, d)) for d in (first, middle, last)]
    return len(set(levels)) == 1
