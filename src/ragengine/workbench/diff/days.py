"""On which days an action that is open is rated otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from ...bands import BandTable
from ...data.door import evidence_of
from ...rating.phrases import interval
from ...rulebook.action import Action
from ...rulebook.compile import eras_of
from ...rulebook.grace import live_on
from ...rulebook.rules import Rules
from ...ruling import Ruling, ruling_on
from ...ruling.days import Standing, levels_by_day
from ...terms import Rag
from .changes import LevelChange
from .intervals import Found, level_changes, stages, tables_of_ruling
from .written import meaning

__all__ = ["action_level_changes"]

#: an open action with evidence: what it lacks is no matter of the rule
_OPEN = Standing(evidence=evidence_of(True))


def action_level_changes(old: Rules, new: Rules, before: Action, after: Action) -> tuple[LevelChange, ...]:
    """The days on which an open action is rated otherwise; for one with a formula, the values of the formula."""
    if before.formula is not None or after.formula is not None:
        return tuple(_formula_changes(old, new, before, after))
    if before.due.day is None and after.due.day is None:
        return ()
    both = _by_day(old, before), _by_day(new, after)
    cuts = {cut.at for tables in both for table in tables for cut in table.thresholds}
    days = sorted({*_starts(before, after), *(date.fromordinal(int(cut)) for cut in cuts)})

    def found_on(day: date) -> Iterator[Found]:
        live = [[grace for grace in action.graces if live_on(grace, day)] for action in (before, after)]
        tables = [[BandTable.constant(table.label(day.toordinal())) for table in own] for own in both]
        for pieces, names in stages(tables, *live):
            for _, pair in pieces:
                yield Found("while it is open", *pair, *names)

    return tuple(level_changes(days, found_on))


def _starts(before: Action, after: Action) -> set[date]:
    return {era.start for action in (before, after) for era in eras_of(action)}


def _by_day(rules: Rules, action: Action) -> list[BandTable[Rag]]:
    """The level on each day: by the rule, under its graces, and were all their conditions to hold."""
    steady = tuple(grace for grace in action.graces if grace.when is None)
    granted = tuple(evolve(grace, when=None) for grace in action.graces)
    return [levels_by_day(rules, evolve(action, graces=graces), _OPEN) for graces in ((), steady, granted)]


def _formula_changes(old: Rules, new: Rules, before: Action, after: Action) -> Iterator[LevelChange]:
    """The values of one formula that are rated otherwise; another formula has other values.

    What a later due date makes of a formula's value only data can say.
    """
    formula = after.formula
    if formula is None or meaning(before.formula) != meaning(formula):
        return

    def found_on(day: date) -> Iterator[Found]:
        rulings: list[Ruling] = [ruling_on(rules, action, day) for rules, action in ((old, before), (new, after))]
        for pieces, names in stages([tables_of_ruling(ruling) for ruling in rulings], *(each.live for each in rulings)):
            for piece, pair in pieces:
                yield Found(f"{formula.text} {interval(piece, '')}", *pair, *names, piece)

    yield from level_changes(sorted(_starts(before, after)), found_on)
