"""What a scorecard of one period shows: the period of each KPI, and where an action stood before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from ..data.model import ActionReport, Override
from ..period import Period, PeriodKind
from ..rating.actions import rate_action
from ..rating.facts import Previous
from ..rating.movement import UNREPORTED, previous_of
from ..rating.rating import Rating
from ..rulebook.action import Action
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..ruling.granting import EARLIER_LEVELS
from ..terms import GREY, Reason, Scale
from .area_rating import AreaRating
from .card import Rated
from .tally import Child

__all__ = ["action_before", "covers", "recorded_area", "recorded_of", "shown_period"]


def shown_period(kpi: Kpi, measured: Sequence[Period], of: Period) -> Period:
    """The period of the KPI's own length that a scorecard shows: the latest that has ended by the scorecard's day.

    ``measured`` are the periods, ended by that day, in which the KPI was measured, in the order of time.
    """
    kind = kpi.frequency.kind if kpi.frequency else None
    if measured and (kind is None or all(period.kind is not kind for period in measured)):
        kind = measured[-1].kind
    if kind is None or kind is of.kind:
        return of
    if kind is PeriodKind.DAY:
        days = [p for p in measured if p.kind is kind and of.start <= p.start <= of.end]
        return max(days, default=Period(kind, of.end))
    latest = Period.around(of.end, kind, of.year_starts)
    return latest if latest.end <= of.end else latest.previous()


def action_before(
    rules: Rules, action: Action, reports: Mapping[date, ActionReport], of: Period, overrides: Sequence[Override] = ()
) -> Previous | None:
    """Where an action stood at the end of the period before, by the reports of then; None where there was none.

    Where a relief asks for the level before, that is asked in turn, as far back as there are such reliefs and reports.
    """
    periods = [of.previous()]
    asking = [g.start for g in action.graces if g.when is not None and EARLIER_LEVELS & g.when.names]
    if asking:
        known_from = min((*reports, *(override.start for override in overrides)), default=date.max)
        first = max(min(asking), known_from)
        while periods[-1].end >= first and periods[-1].start > known_from:
            periods.append(periods[-1].previous())
    before: Previous | None = None
    for period in reversed(periods):
        known = [reported for reported in reports if reported <= period.end]
        report = reports[max(known)] if known else None
        rating = rate_action(rules, action, report, period.end, before, overrides)
        before = None if not known and rating.reason in UNREPORTED else previous_of(rating)
    return before


def recorded_of(row: Rated, scale: Scale) -> Previous:
    """What a scorecard before remembers of a rating."""
    if isinstance(row, Rating):
        return previous_of(row)
    told = row.explanation
    granted = [line for line in told.graces if line.granted]
    levels = {str(level): level for level in (*scale, GREY)}
    return Previous(
        row.rag,
        row.period,
        row.computed,
        row.adjusted,
        None if told.value is None else Fraction(told.value),
        row.reason,
        unrated=Reason(told.unrated) if told.unrated else row.reason,
        relieved=levels.get(granted[-1].after) if granted else row.computed,
        instant=levels.get(told.instant),
        granted=frozenset((line.name, line.effect, line.value) for line in granted),
    )


def covers(before: AreaRating, children: Sequence[Child]) -> bool:
    """Whether all children that are rated were rated before: data that hold some earlier rows do not make its level."""
    rated = {child.id for child in before.children if not child.rag.is_grey}
    return all(child.rag.is_grey or child.id in rated for child in children)


def recorded_area(row: AreaRating | None) -> Previous | None:
    """What a scorecard before says of an area; None where it had nothing to rate and nothing was published."""
    if row is None:
        return None
    if not row.rag.is_grey:
        return Previous(row.rag, row.period, row.adjusted, row.adjusted)
    return None if row.published is None else Previous(row.published, row.period, published="published")
