"""Which values of a KPI are rated otherwise, and between which days."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from attrs import frozen

from ...bands import BandTable, Interval, combined
from ...number import text
from ...rating.phrases import interval
from ...rulebook.compile import UnusableTarget
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...ruling import Ruling, ruling_on, rulings_of
from ...terms import GREY, Rag
from .changes import LevelChange

__all__ = ["Found", "kpi_level_changes", "level_changes", "stages", "tables_of_ruling"]

_DAY = timedelta(days=1)
#: targets that a measurement might bring, tried where the rule leaves it to the data
_TARGETS = (Fraction(100), Fraction(50))

Levels = tuple[Rag, ...]
Pair = tuple[Rag, Rag]


@frozen
class Found:
    """A change on one day, before it is known since when it holds and until when."""

    where: str
    old: Rag
    new: Rag
    under: tuple[str, ...] = ()
    granted: bool = False
    interval: Interval | None = None


def level_changes(days: Sequence[date], found_on: Callable[[date], Iterable[Found]]) -> Iterator[LevelChange]:
    """Changes with the days on which they hold; on the days between two of ``days`` what holds on the first does."""
    running: dict[Found, date] = {}

    def ended(found: Found, end: date | None) -> LevelChange:
        start = running.pop(found)
        # what holds on the first of the days has no beginning
        since = None if start == days[0] else start
        return LevelChange(
            found.where, found.old, found.new, since, end, found.under, found.granted, interval=found.interval
        )

    for day in days:
        now = list(found_on(day))
        for found in [each for each in running if each not in now]:
            yield ended(found, day - _DAY)
        for found in now:
            running.setdefault(found, day)
    for found in list(running):
        yield ended(found, None)


def kpi_level_changes(old: Rules, new: Rules, before: Kpi, after: Kpi) -> tuple[LevelChange, ...]:
    """The values that two rules of a KPI, or of an entity, rate otherwise.

    Where both judge values as printed to the same number of places, they are printed values; where only the number
    of places differs, they are the values as given.
    """
    sides = (old, before), (new, after)
    days = sorted({ruling.era.start for rules, kpi in sides for ruling in rulings_of(rules, kpi)})
    places = before.decimals if before.decimals == after.decimals else None

    def found_on(day: date) -> list[Found]:
        one, other = (ruling_on(rules, kpi, day) for rules, kpi in sides)
        if places is not None:
            one, other = one.as_printed, other.as_printed
        return [
            *_words_on((one, other)),
            *(found for found in _values_on((one, other)) if _is_printed(found.interval, places)),
        ]

    return tuple(sorted(level_changes(days, found_on), key=_order))


def _order(change: LevelChange) -> tuple[object, ...]:
    lower = None if change.interval is None else change.interval.lower
    at = (0, ()) if lower is None else (1, lower.sort_key)
    return change.start or date.min, change.under, at, change.where


def _is_printed(piece: Interval | None, places: int | None) -> bool:
    """Whether a value that is printed to so many places lies in a piece of the line."""
    if piece is None or places is None or piece.lower is None:
        return True
    step = Fraction(1, 10**places)
    steps = piece.lower.at / step
    return (math.ceil(steps) if piece.lower.reached else math.floor(steps) + 1) * step in piece


def _values_on(rulings: tuple[Ruling, Ruling]) -> list[Found]:
    if all(ruling.kpi.words for ruling in rulings):
        return []
    targets: tuple[Fraction | None, ...] = (None,)
    if any(ruling.moves_with_target for ruling in rulings):
        targets = _TARGETS
    for target in targets:
        tables = [
            [BandTable.constant(GREY)] * 3 if ruling.kpi.words else tables_of_ruling(ruling.with_target(target))
            for ruling in rulings
        ]
        given = "" if target is None else f"with a target of {text(target)}: "
        found = [
            Found(given + _said(piece, rulings[1].kpi), *pair, *names, piece)
            for pieces, names in stages(tables, rulings[0].live, rulings[1].live)
            for piece, pair in pieces
        ]
        if found:
            return found
    return []


def _said(piece: Interval, kpi: Kpi) -> str:
    return "every value" if piece.lower is None and piece.upper is None else interval(piece, kpi.unit)


def tables_of_ruling(ruling: Ruling) -> list[BandTable[Rag]]:
    """What a rule makes of each value: as it stands, under its graces, and with those that have a condition."""
    grey: list[BandTable[Rag]] = [BandTable.constant(GREY)] * 3
    try:
        if ruling.not_due or ruling.table is None:
            return grey
        steady = tuple(grace for grace in ruling.live if grace.when is None)
        return [ruling.table, *(ruling.levels(granted) for granted in (steady, ruling.live))]
    except UnusableTarget:
        return grey


def stages(
    tables: Sequence[Sequence[BandTable[Rag]]], old: Iterable[Grace], new: Iterable[Grace]
) -> Iterator[tuple[list[tuple[Interval, Pair]], tuple[tuple[str, ...], bool]]]:
    """The pieces in which two rules differ, with the names of the graces that make them.

    ``tables`` are three of the old rule and three of the new: as it stands, under the graces without a condition, and
    with those that have one. A grace is told of where it makes something else of a change than there is without it.
    """
    both: BandTable[Levels] = tables[0][0].relabelled(lambda level: (level,))
    for table in (tables[1][0], tables[0][1], tables[1][1], tables[0][2], tables[1][2]):
        both = combined(both, table, lambda so_far, level: (*so_far, level))
    graces = (*old, *new)
    steady = tuple(sorted({grace.name for grace in graces if grace.when is None}))
    conditional = tuple(sorted({grace.name for grace in graces if grace.when is not None}))
    for stage, names in enumerate(((), steady, conditional)):
        yield _pieces(both, stage), (names, stage == 2)


def _pieces(both: BandTable[Levels], stage: int) -> list[tuple[Interval, Pair]]:
    def change(levels: Levels) -> Pair | None:
        own = levels[2 * stage], levels[2 * stage + 1]
        if stage == 0:
            return own if own[0] != own[1] else None
        without = levels[2 * stage - 2], levels[2 * stage - 1]
        return own if own != without and (own[0] != own[1] or without[0] != without[1]) else None

    return [(piece, pair) for piece, pair in both.relabelled(change) if pair is not None]


def _words_on(rulings: tuple[Ruling, Ruling]) -> Iterator[Found]:
    """The words that are rated otherwise; a word that a rule does not know is not rated."""
    spelt = {word.casefold(): word for ruling in rulings for word, _ in ruling.kpi.words}
    tables = [tables_of_ruling(ruling) for ruling in rulings]
    for folded, word in spelt.items():
        levels = [
            [BandTable.constant(_level_of(folded, ruling.kpi, table)) for table in own]
            for own, ruling in zip(tables, rulings, strict=True)
        ]
        for pieces, names in stages(levels, rulings[0].live, rulings[1].live):
            for _, pair in pieces:
                yield Found(f'"{word}"', *pair, *names)


def _level_of(folded: str, kpi: Kpi, table: BandTable[Rag]) -> Rag:
    words = {word.casefold(): n for n, (word, _) in enumerate(kpi.words)}
    return table.labels[table.exact_index(Fraction(words[folded]))] if folded in words else GREY
