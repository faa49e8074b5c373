"""A rule through time: the stretches of days in which nothing about it changes, and what changes at each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from attrs import frozen

from ...rating.phrases import grace_effect
from ...rulebook.action import Action
from ...rulebook.compile import Era, eras_of
from ...rulebook.grace import Grace, live_on
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ..action_days import days_that_matter, level_when_open
from .grounds import band_changes, level_table, printed_ground
from .rule_words import in_force, span

__all__ = ["Stretch", "action_timeline", "kpi_timeline"]

_ONE_DAY = timedelta(days=1)


@frozen
class Stretch:
    """Days between two changes.

    Attributes:
        start, end: first and last day; None where it has no beginning or end.
        when: the same in words.
        says: what is in force, or what is another than in the stretch before, a line each.
        live: names of the graces that are live.
    """

    start: date | None
    end: date | None
    when: str
    says: tuple[str, ...]
    live: tuple[str, ...]


def kpi_timeline(rules: Rules, kpi: Kpi, data_target: Fraction | None, unit: str) -> tuple[Stretch, ...]:
    """Every era of a KPI's rule, the earliest first; what graces do is said as if each were granted."""
    eras = list(eras_of(kpi))
    grounds = [printed_ground(rules, kpi, era.start, data_target) for era in eras]
    found = []
    for n, era in enumerate(eras):
        if n == 0:
            says = list(in_force(kpi, era, data_target).values()) or ["the rule as it is written"]
            says += [f"{grace.name} is live" for grace in era.live]
        else:
            says = list(_changes(kpi, eras[n - 1], era, data_target))
            before = level_table(grounds[n - 1], eras[n - 1].live)
            after = level_table(grounds[n], era.live)
            says += list(band_changes(before, after, kpi, unit)) or ["no band changes"]
        found.append(_stretch(era.start, era.end, says, era.live))
    return tuple(found)


def _changes(kpi: Kpi, old: Era, new: Era, data_target: Fraction | None) -> Iterator[str]:
    before, after = in_force(kpi, old, data_target), in_force(kpi, new, data_target)
    for key in dict.fromkeys((*before, *after)):
        if old.bands != new.bands and key == "bands":
            yield "other bands"
        elif before.get(key) != after.get(key):
            yield after.get(key, "rated from here on" if key == "rated_from" else f"no {key} any more")
    yield from _comings_and_goings(old.live, new.live)


def _comings_and_goings(old: Sequence[Grace], new: Sequence[Grace]) -> Iterator[str]:
    yield from (f"{grace.name} is over" for grace in old if grace not in new)
    for grace in new:
        if grace not in old:
            condition = f", when {grace.when.text}" if grace.when else ""
            yield f"{grace.name} is live ({grace_effect(grace)}{condition})"


def action_timeline(rules: Rules, action: Action) -> tuple[Stretch, ...]:
    """An open action day by day: its level, and the graces that are live."""
    changes = {grace.start for grace in action.graces}
    changes |= {grace.until + _ONE_DAY for grace in action.graces if grace.until < date.max}
    levels = list(_levels(rules, action))
    changes |= {start for start, _ in levels}
    found: list[Stretch] = []
    starts = sorted({date.min, *changes})
    before: tuple[Grace, ...] = ()
    for n, start in enumerate(starts):
        end = starts[n + 1] - _ONE_DAY if n + 1 < len(starts) else date.max
        live = tuple(grace for grace in action.graces if live_on(grace, start))
        says = list(_comings_and_goings(before, live))
        level = next((level for begins, level in reversed(levels) if begins <= start), None)
        if level is not None:
            says.insert(0, f"while it is open: {level}")
        found.append(_stretch(start, end, says or ["the rule as it is written"], live))
        before = live
    return tuple(found)


def _levels(rules: Rules, action: Action) -> Iterator[tuple[date, str]]:
    """The days on which the level of an action in progress becomes another, with the level; none for a formula."""
    if action.formula is not None:
        return
    last = ""
    for on in days_that_matter(rules, action):
        level = rules.scale[level_when_open(rules, action, on)].label
        if level != last:
            yield (on if last else date.min), level
        last = level


def _stretch(start: date, end: date, says: Sequence[str], live: Sequence[Grace]) -> Stretch:
    return Stretch(
        None if start == date.min else start,
        None if end == date.max else end,
        span(start, end),
        tuple(says),
        tuple(grace.name for grace in live),
    )
