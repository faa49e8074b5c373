"""What an action is rated on each day that matters: on and beside its lines and the ends of its graces."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from attrs import evolve

from ..book import PreparedAction
from ..period import Duration
from ..rulebook.action import Action
from ..rulebook.compile import action_table
from ..rulebook.rules import Rules

__all__ = ["days_that_matter", "level_when_open", "levels_on"]


def days_that_matter(rules: Rules, action: Action) -> list[date]:
    """The days on and beside every line of an action, also of its extended due dates, and every end of its graces.

    There are none without a due date.
    """
    due = action.due.day
    if due is None:
        return []
    # a grace may move the due date, and with it every line
    dues = [due, *(grace.value.after(due) for grace in action.graces if isinstance(grace.value, Duration))]
    ends = [*dues, *([action.rated_from] if action.rated_from is not None else [])]
    if action.formula is None:
        for day in dues:
            later = evolve(action, due=evolve(action.due, day=day))
            ends += [day + timedelta(days=int(cut.at)) for cut in action_table(later, rules.scale).thresholds]
    for grace in action.graces:
        ends += [grace.start, grace.until]
    return sorted({end + timedelta(days=by) for end in ends for by in (-2, -1, 0, 1, 2)})


def level_when_open(rules: Rules, action: Action, day: date) -> str:
    """The level of an action in progress on a day."""
    return str(PreparedAction(rules, action).rate(day, "in progress").rag)


def levels_on(rules: Rules, action: Action, days: Iterable[date]) -> list[object]:
    """Computed and final level on each day, while the action is open and once it is complete."""
    prepared = PreparedAction(rules, action)
    levels: list[object] = []
    for day in days:
        ratings = [prepared.rate(day, "in progress"), prepared.rate(day, "complete", completed_on=day)]
        levels += [(rating.computed.id, rating.rag.id) for rating in ratings]
    return [*levels, action.formula, action.bands]
