"""How much grace the measures of a book are under: months for one, and how many on one day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from attrs import frozen

from ..rulebook.action import Action
from ..rulebook.grace import Grace, live_on
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules

__all__ = ["MostRelieved", "measures_of", "month_ends", "months_under", "most_relieved"]


@frozen
class MostRelieved:
    """How many of the measures are under grace on a day."""

    count: int
    measures: int
    day: date


def measures_of(rules: Rules) -> list[Kpi | Action]:
    """Every KPI and action, an entity's own rule being part of its KPI."""
    return [*rules.kpis.values(), *rules.actions.values()]


def variants_of(measure: Kpi | Action) -> Iterator[Kpi | Action]:
    """A measure's rule, and those of a KPI's entities."""
    yield measure
    if isinstance(measure, Kpi):
        yield from measure.entities.values()


def months_under(measure: Kpi | Action) -> int:
    """Months for which a measure is under grace: those on whose last day a grace is live.

    Of a KPI with rules of entities' own, the most for one of them.
    """
    return max(len({day for grace in variant.graces for day in month_ends(grace)}) for variant in variants_of(measure))


def month_ends(grace: Grace) -> Iterator[date]:
    """The last days of months on which a grace is live."""
    for month in range(12 * grace.start.year + grace.start.month - 1, 12 * grace.until.year + grace.until.month):
        year, number = divmod(month, 12)
        last = date(year, number + 1, monthrange(year, number + 1)[1])
        if live_on(grace, last):
            yield last


def most_relieved(rules: Rules, as_at: date | None) -> MostRelieved | None:
    """The day on which most measures are under grace: ``as_at`` or one after it, the first of several.

    Any day of the rulebook where ``as_at`` is None; None where there is none.
    """
    measures = measures_of(rules)
    # the number rises only where a grace begins
    starts = {g.start for measure in measures for variant in variants_of(measure) for g in variant.graces}
    days = sorted(starts if as_at is None else {as_at, *(start for start in starts if start > as_at)})
    counted = [MostRelieved(sum(_is_under(m, day) for m in measures), len(measures), day) for day in days]
    return max(counted, key=lambda found: found.count, default=None)


def _is_under(measure: Kpi | Action, day: date) -> bool:
    return any(live_on(grace, day) for variant in variants_of(measure) for grace in variant.graces)
