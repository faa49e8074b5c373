"""Data rated by one rulebook in every period they have: what each scorecard would have said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import evolve, field, frozen

from ...book import Rulebook
from ...data.collection import Data
from ...data.model import period_of
from ...period import Calendar, Period, PeriodKind
from ...problem import Problem
from ...rating.prepare import PreparedKpi
from ...rating.rating import Rating
from ...rollup.area_rating import AreaRating
from ...rollup.histories import Histories
from ...rollup.score import scores
from ...rollup.scorecard import Scorecard
from .keys import rates_alike

__all__ = ["RatedPeriods", "periods_compared", "rated_in_every_period"]

#: id, entity and period
Subject = tuple[str, str, Period]
_LENGTHS = (
    PeriodKind.WEEK,
    PeriodKind.MONTH,
    PeriodKind.QUARTER,
    PeriodKind.HALF_YEAR,
    PeriodKind.YEAR,
    PeriodKind.DAY,
)


@frozen
class RatedPeriods:
    """Everything that data were rated, by id, entity (empty for none) and period.

    Attributes:
        problems: those of all scorecards.
        histories: the rows, as all scorecards rated them.
    """

    ratings: Mapping[Subject, Rating]
    areas: Mapping[Subject, AreaRating]
    problems: frozenset[Problem]
    histories: Histories = field(eq=False)


def periods_compared(data: Data, calendar: Calendar) -> list[Period]:
    """The periods of the data, in the shortest length that they have beside days; actions in those that hold them."""
    measured = {period for row in data.measurements if (period := period_of(row, calendar)) is not None}
    kinds = {period.kind for period in measured} or {PeriodKind.MONTH if data.actions else PeriodKind.DAY}
    kind = next(kind for kind in _LENGTHS if kind in kinds)
    days = {period.end for period in measured} | {report.as_at for report in data.actions if report.as_at is not None}
    return sorted({Period.around(day, kind, calendar.year_starts) for day in days})


def rated_in_every_period(book: Rulebook, data: Data, others: RatedPeriods | None = None) -> RatedPeriods:
    """The scorecards of every reporting period, and what is reported within one and superseded by its end.

    ``others`` are those of the same data by another rulebook: what both rate alike is rated once.
    """
    ratings: dict[Subject, Rating] = {}
    areas: dict[Subject, AreaRating] = {}
    problems: set[Problem] = set()
    periods = periods_compared(data, book.rules.calendar)
    known = None if others is None else others.histories
    prepared = book.kpis if known is None else _prepared_once(book, known.prepared)
    histories = Histories(book.rules, prepared, data, max((p.end for p in periods), default=date.min), known)
    for period, card in zip(periods, scores(book.rules, prepared, data, periods, histories=histories), strict=True):
        problems.update(card.problems)
        ratings |= {key: rating for key, rating in _of_card(card) if key not in ratings}
        # an area of that name comes before the programme
        for area in (card.programme, *card.areas.values()):
            areas[area.id, area.entity or "", period] = area
    unshown = _unshown(data, periods, ratings, book)
    wanted = {subject for of_period in unshown.values() for subject in of_period}
    rest = _only(data, {subject for subject, _, _ in wanted})
    for card in scores(book.rules, book.kpis, rest, sorted(unshown)):
        ratings |= {key: rating for key, rating in _of_card(card) if key in wanted}
    return RatedPeriods(ratings, areas, frozenset(problems), histories)


def _prepared_once(book: Rulebook, known: Mapping[str, PreparedKpi]) -> dict[str, PreparedKpi]:
    """The KPIs of a rulebook; of those that another rates alike, the other's: only their wording may differ."""
    prepared = dict(book.kpis)
    for kpi_id, own in book.kpis.items():
        other = known.get(kpi_id)
        if other is not None and rates_alike(other.rules, book.rules, other.kpi, own.kpi):
            prepared[kpi_id] = other
    return prepared


def _of_card(card: Scorecard) -> Iterable[tuple[Subject, Rating]]:
    for rating in card.ratings.values():
        assert isinstance(rating, Rating) and rating.period is not None
        yield (rating.id, rating.entity or "", rating.period), rating


def _unshown(
    data: Data, periods: Sequence[Period], rated: Mapping[Subject, Rating], book: Rulebook
) -> dict[Period, set[Subject]]:
    """What was reported and is on no scorecard, by its period: days among months, reports that a later one replaced."""
    found: dict[Period, set[Subject]] = {}
    kpis = book.kpis
    for row in data.measurements:
        period, kpi = period_of(row, book.rules.calendar), kpis.get(row.kpi)
        if period is not None and kpi is not None:
            period = kpi.period_named(period)
        if period is not None and (row.kpi, row.entity or "", period) not in rated:
            found.setdefault(period, set()).add((row.kpi, row.entity or "", period))
    latest: dict[tuple[str, Period], date] = {}
    reported = [(report.as_at, report.action) for report in data.actions if report.as_at is not None]
    for as_at, action in sorted(reported):
        before = latest.get(at := (action, Period.around(as_at, periods[0].kind, book.rules.calendar.year_starts)))
        if before is not None and before != as_at:
            day = Period.of_day(before)
            found.setdefault(day, set()).add((action, "", day))
        latest[at] = as_at
    return found


def _only(data: Data, subjects: set[str]) -> Data:
    rows = tuple(row for row in data.measurements if row.kpi in subjects)
    reports = tuple(report for report in data.actions if report.action in subjects)
    return evolve(data, measurements=rows, actions=reports)
