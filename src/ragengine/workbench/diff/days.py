"""On which days an action that is open is rated otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from attrs import evolve

from ...bands import BandTable
from ...book import PreparedAction
from ...rating.outcome import SUSPENDING
from ...rating.phrases import interval
from ...rulebook.action import Action
from ...rulebook.compile import action_table, limited
from ...rulebook.grace import Effect, Grace, live_on
from ...rulebook.rules import Rules
from ...terms import GREY, Rag
from ..action_days import days_that_matter
from .changes import LevelChange
from .intervals import Found, level_changes, stages
from .written import meaning

__all__ = ["action_level_changes"]


def action_level_changes(old: Rules, new: Rules, before: Action, after: Action) -> tuple[LevelChange, ...]:
    """The days on which an open action is rated otherwise; for one with a formula, the values of the formula."""
    if before.formula is not None or after.formula is not None:
        return tuple(_formula_changes(old, new, before, after))
    days = sorted({*days_that_matter(old, before), *days_that_matter(new, after)})

    def found_on(day: date) -> Iterator[Found]:
        live = [[grace for grace in action.graces if live_on(grace, day)] for action in (before, after)]
        tables = [_levels(old, before, day), _levels(new, after, day)]
        for pieces, names in stages(tables, *live):
            for _, pair in pieces:
                yield Found("while it is open", *pair, *names)

    return tuple(level_changes(days, found_on)) if days else ()


def _levels(rules: Rules, action: Action, day: date) -> list[BandTable[Rag]]:
    """The level on a day: by the rule, under its graces, and were all their conditions to hold."""
    live = [grace for grace in action.graces if live_on(grace, day)]
    own = _level(rules, action, (), day)
    without_condition = tuple(grace for grace in live if grace.when is None)
    granted = tuple(evolve(grace, when=None) for grace in live)
    return [own, *(_level(rules, action, graces, day) if graces else own for graces in (without_condition, granted))]


def _level(rules: Rules, action: Action, graces: tuple[Grace, ...], day: date) -> BandTable[Rag]:
    rating = PreparedAction(rules, evolve(action, graces=graces)).rate(day, "in progress", evidence=True)
    return BandTable.constant(rating.adjusted)


def _formula_changes(old: Rules, new: Rules, before: Action, after: Action) -> Iterator[LevelChange]:
    """The values of one formula that are rated otherwise; another formula has other values."""
    formula = after.formula
    if formula is None or meaning(before.formula) != meaning(formula):
        return
    days = {date.min}
    for grace in (*before.graces, *after.graces):
        days |= {grace.start, grace.until + timedelta(days=1)}

    def found_on(day: date) -> Iterator[Found]:
        live = [[grace for grace in action.graces if live_on(grace, day)] for action in (before, after)]
        tables = [_formula_tables(old, before, live[0]), _formula_tables(new, after, live[1])]
        for pieces, names in stages(tables, *live):
            for piece, pair in pieces:
                yield Found(f"{formula.text} {interval(piece, '')}", *pair, *names, piece)

    yield from level_changes(sorted(days), found_on)


def _formula_tables(rules: Rules, action: Action, live: Sequence[Grace]) -> list[BandTable[Rag]]:
    """The table of a formula: by the rule, under its graces, and were all their conditions to hold.

    What a later due date makes of a formula's value only data can say.
    """
    tables = [action_table(action, rules.scale)]
    for graces in ([grace for grace in live if grace.when is None], live):
        table = tables[0]
        for grace in graces:
            if grace.effect in (Effect.NO_BETTER_THAN, Effect.NO_WORSE_THAN):
                table = limited(table, grace.effect, rules.scale[str(grace.value)])
        suspended = any(grace.effect in SUSPENDING for grace in graces)
        tables.append(BandTable.constant(GREY) if suspended else table)
    return tables
