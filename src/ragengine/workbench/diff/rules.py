"""Two rulebooks compared: by the tables they compile to, not by their text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from attrs import evolve

from ...rating.phrases import band, due_text
from ...rulebook.action import Action
from ...rulebook.area import Area
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...ruling import rulings_of
from ...terms import Rag, Scale
from ..sample_target import sample_table
from .changes import BookSide, LevelChange, RuleChange, RulesDiff
from .days import action_level_changes
from .intervals import kpi_level_changes
from .keys import (
    NOTATION,
    action_details,
    grace_details,
    grace_text,
    has_one_rule,
    is_of_book,
    kpi_details,
    only_reworded,
)
from .policies import policy_details
from .written import bands_text, written

__all__ = ["rules_diff"]

T = TypeVar("T", Area, Kpi, Action, Grace)
#: details, levels, and whether the notation of something changed that means the same
Compared = tuple[tuple[str, ...], tuple[LevelChange, ...], bool]


def rules_diff(old: Rules, new: Rules) -> RulesDiff:
    """What changed in meaning from one rulebook to another; nothing for another layout, order or spelling."""
    changes: list[RuleChange] = []
    reworded: list[str] = []
    book = tuple(_book_details(old, new))
    if book:
        changes.append(RuleChange("book", "", "changed", details=book))
    elif old.title != new.title or _shown(old.scale) != _shown(new.scale):
        reworded.append("the book")
    changes += _compared("grace", _named_graces(old), _named_graces(new), _grace_change, reworded, _grace_summary)
    changes += _compared("area", old.areas, new.areas, lambda a, b: _area_change(old, new, a, b), reworded)
    changes += _compared(
        "kpi", old.kpis, new.kpis, lambda a, b: _kpi_change(old, new, a, b), reworded, lambda k: _kpi_summary(new, k)
    )
    changes += _compared(
        "action", old.actions, new.actions, lambda a, b: _action_change(old, new, a, b), reworded, _action_summary
    )
    return RulesDiff(_side(old), _side(new), tuple(changes), tuple(reworded))


def _side(rules: Rules) -> BookSide:
    return BookSide(rules.title, rules.edition, rules.fingerprint)


def _nothing(_: object) -> tuple[str, ...]:
    return ()


def _compared(
    kind: str,
    old: Mapping[str, T],
    new: Mapping[str, T],
    compare: Callable[[T, T], Compared],
    reworded: list[str],
    summary: Callable[[T], tuple[str, ...]] = _nothing,
) -> Iterator[RuleChange]:
    for subject in dict.fromkeys((*old, *new)):
        before, after = old.get(subject), new.get(subject)
        if before is None:
            assert after is not None
            yield RuleChange(kind, subject, "added", _title(after), summary(after))
        elif after is None:
            yield RuleChange(kind, subject, "removed", _title(before))
        else:
            details, levels, renoted = compare(before, after)
            if details or levels:
                yield RuleChange(kind, subject, "changed", _title(after), details, levels)
            elif renoted or only_reworded(before, after):
                reworded.append(subject)


def _title(whole: T) -> str:
    return "" if isinstance(whole, Grace) else whole.title


def _book_details(old: Rules, new: Rules) -> Iterator[str]:
    for key in ("missing", "max_age"):
        if getattr(old, key) != getattr(new, key):
            yield f"{key} {written(getattr(old, key))} → {written(getattr(new, key))}"
    before, after = old.calendar, new.calendar
    if before.day_first != after.day_first:
        ways = {True: "day first", False: "none"}
        yield f"dates {ways[before.day_first]} → {ways[after.day_first]}"
    if before.year_starts != after.year_starts:
        yield f"years start in {before.month} → {after.month}"
    for mark in sorted({*old.symbols, *new.symbols}):
        if old.symbols.get(mark) != new.symbols.get(mark):
            yield f"symbol {mark}: {written(old.symbols.get(mark))} → {written(new.symbols.get(mark))}"
    yield from _scale_details(old.scale, new.scale)
    details = policy_details(old.rollup, new.rollup, old.scale, new.scale)
    yield from (f"roll-up: {detail}" for detail in details)
    was, now = ({check.code: check.severity for check in rules.checks} for rules in (old, new))
    for code in sorted({*was, *now}):
        if was.get(code) != now.get(code):
            yield f"check {code}: {was.get(code, 'as usual')} → {now.get(code, 'as usual')}"
    budgets = [_budget(rules) for rules in (old, new)]
    if budgets[0] != budgets[1]:
        yield f"grace_budget {budgets[0]} → {budgets[1]}"


def _budget(rules: Rules) -> str:
    budget = rules.grace_budget
    if budget is None:
        return "none"
    periods = "" if budget.periods is None else f"{budget.periods} periods"
    share = "" if budget.share is None else f"{written(budget.share * 100, '%')} of the KPIs and actions"
    return " and ".join(filter(None, (periods, share)))


def _scale_details(old: Scale, new: Scale) -> Iterator[str]:
    if old != new:
        yield f"scale {', '.join(map(str, old))} → {', '.join(map(str, new))}"
    for level in new:
        before = old.get(level.id)
        if before is None:
            continue
        if before.points != level.points:
            yield f"points of {level} {written(before.points)} → {written(level.points)}"
        if set(before.aliases) != set(level.aliases):
            yield f"aliases of {level} {written(before.aliases)} → {written(level.aliases)}"


def _shown(scale: Scale) -> list[tuple[str, str, str]]:
    return [(level.label, level.symbol, level.colour) for level in scale]


def _area_change(old: Rules, new: Rules, before: Area, after: Area) -> Compared:
    details = []
    if before.parent != after.parent:
        details.append(f"parent {before.parent or 'none'} → {after.parent or 'none'}")
    if before.rollup is not None or after.rollup is not None:
        found = list(policy_details(old.rollup_of(before.id), new.rollup_of(after.id), old.scale, new.scale))
        if found and before.rollup is None:
            details.append("has a roll-up of its own")
        if found and after.rollup is None:
            details.append("rolls up as the book says")
        details += [f"roll-up: {detail}" for detail in found]
    return tuple(details), (), (before.rollup is None) != (after.rollup is None)


def _kpi_change(old: Rules, new: Rules, before: Kpi, after: Kpi) -> Compared:
    if old.scale == new.scale and has_one_rule(before, after):
        return (), (), False
    details, levels, renoted = _one_kpi_change(old, new, before, after)
    lines, changes = list(details), list(levels)
    for entity in dict.fromkeys((*before.entities, *after.entities)):
        inner, of_entity, _ = _one_kpi_change(old, new, before.for_entity(entity), after.for_entity(entity))
        if (entity in before.entities) != (entity in after.entities) and (inner or of_entity):
            lines.append(f"{entity} {'has' if entity in after.entities else 'no longer has'} a rule of its own")
        lines += [f"{entity}: {line}" for line in inner if line not in details]
        if levels and not of_entity:
            lines.append(f"{entity}: is rated as before")
        changes += [evolve(change, entity=entity) for change in of_entity]
    return tuple(lines), tuple(changes), renoted or before.entities.keys() != after.entities.keys()


def _one_kpi_change(old: Rules, new: Rules, before: Kpi, after: Kpi) -> Compared:
    found = kpi_details(old, new, before, after)
    levels = kpi_level_changes(old, new, before, after)
    # with a target that the data bring, two notations that agree here may differ there
    sides = (old, before), (new, after)
    open_target = any(ruling.moves_with_target for rules, kpi in sides for ruling in rulings_of(rules, kpi))
    told = bool(levels) or open_target
    details = [line for key, lines in found.items() if told or key not in NOTATION for line in lines]
    return tuple(details), levels, bool(found)


def _kpi_summary(rules: Rules, kpi: Kpi) -> tuple[str, ...]:
    """How an added KPI rates, by the rule that holds last."""
    if kpi.words:
        return (f"words {written(kpi.words)}",)
    *_, latest = rulings_of(rules, kpi)
    table = sample_table(latest.as_printed)
    if table is None:
        direction = f"direction {kpi.direction}" if kpi.direction else ""
        bands = bands_text(kpi.bands.values[-1], kpi.unit) if kpi.bands else ""
        target = f"target {written(kpi.target.values[-1], kpi.unit)}" if kpi.target else ""
        return tuple(filter(None, (direction, target, bands)))
    said: list[tuple[Rag, str]] = [(level, band(level, piece, kpi.unit)) for piece, level in table]
    return tuple(text for _, text in reversed(said))


def _action_change(old: Rules, new: Rules, before: Action, after: Action) -> Compared:
    details = action_details(before, after)
    # nothing about an action is dated but its graces, and what they say may change in the book
    alike = not details and before.graces == after.graces and old.scale == new.scale
    return tuple(details), () if alike else action_level_changes(old, new, before, after), False


def _action_summary(action: Action) -> tuple[str, ...]:
    return (due_text(action.due),)


def _named_graces(rules: Rules) -> dict[str, Grace]:
    """The book's graces and those of its name that somebody opts into: relief of a target is read with its KPI."""
    found: dict[str, Grace] = dict(rules.graces)
    measures: list[Kpi | Action] = [*rules.kpis.values(), *rules.actions.values()]
    for measure in measures:
        for grace in measure.graces:
            if is_of_book(grace):
                found[grace.name] = found.get(grace.name, grace).as_of_both(grace)
    return found


def _grace_change(before: Grace, after: Grace) -> Compared:
    return tuple(grace_details(before, after)), (), False


def _grace_summary(grace: Grace) -> tuple[str, ...]:
    return (grace_text(grace),)
