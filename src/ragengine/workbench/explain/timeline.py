"""A rule through time: the stretches of days in which nothing about it changes, and what changes at each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from ...rating.phrases import grace_effect
from ...rulebook.action import Action
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...ruling import Ruling, rulings_of
from ...ruling.days import Standing, levels_by_day
from .level_tables import band_changes, level_table
from .rule_words import bands_in_words, span

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
    found: list[Stretch] = []
    before: Ruling | None = None
    for ruling in rulings_of(rules, kpi):
        ruling = ruling.with_target(data_target)
        if before is None:
            says = list(bands_in_words(ruling).values()) or ["the rule as it is written"]
            says += [f"{grace.name} is live" for grace in ruling.live]
        else:
            says = list(_changes(before, ruling))
            if any(each.needs_target and each.data_target is None for each in (before, ruling)):
                says.append("each row's target puts its bands in their place")
            else:
                old, new = (level_table(each.as_printed, each.live) for each in (before, ruling))
                says += list(band_changes(old, new, kpi, unit)) or ["no band changes"]
        found.append(_stretch(ruling.era.start, ruling.era.end, says, ruling.live))
        before = ruling
    return tuple(found)


def _changes(old: Ruling, new: Ruling) -> Iterator[str]:
    before, after = bands_in_words(old), bands_in_words(new)
    for key in dict.fromkeys((*before, *after)):
        if old.era.bands != new.era.bands and key == "bands":
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
    found: list[Stretch] = []
    lives = {ruling.era.start: ruling.live for ruling in rulings_of(rules, action)}
    changes = {day for (_, old), (day, new) in pairwise(lives.items()) if old != new}
    levels = _levels(rules, action)
    starts = sorted({date.min, *changes, *levels})
    before: tuple[Grace, ...] = ()
    level = ""
    for n, start in enumerate(starts):
        end = starts[n + 1] - _ONE_DAY if n + 1 < len(starts) else date.max
        on_day = next(live for day, live in reversed(lives.items()) if day <= start)
        live = tuple(grace for grace in action.graces if grace in on_day)
        says = list(_comings_and_goings(before, live))
        level = levels.get(start, level)
        if level:
            says.insert(0, f"while it is open: {level}")
        found.append(_stretch(start, end, says or ["the rule as it is written"], live))
        before = live
    return tuple(found)


def _levels(rules: Rules, action: Action) -> dict[date, str]:
    """The days on which the level of an action in progress becomes another, with the level; none for a formula."""
    if action.formula is not None or action.due.day is None:
        return {}
    table = levels_by_day(rules, action, Standing())
    starts = [date.min if piece.lower is None else date.fromordinal(int(piece.lower.at)) for piece, _ in table]
    return dict(zip(starts, (level.label for level in table.labels), strict=True))


def _stretch(start: date, end: date, says: Sequence[str], live: Sequence[Grace]) -> Stretch:
    return Stretch(
        None if start == date.min else start,
        None if end == date.max else end,
        span(start, end),
        tuple(says),
        tuple(grace.name for grace in live),
    )
