"""The scorecards that the data make, one for each reporting period; and rules and data cut to some measures."""

from __future__ import annotations

from collections.abc import Collection

from attrs import evolve

from ...book import Rulebook
from ...data.collection import Data
from ...period import Period, PeriodKind
from ...rollup.score import default_as_at, measured_periods
from ...rollup.scorecard import Scorecard
from ...rulebook.rules import Rules

__all__ = ["Scorecards", "beneath", "narrowed", "reporting_periods"]


class Scorecards:
    """The scorecard of any period by some rules and data, each made once, when it is asked for."""

    def __init__(self, rules: Rules, data: Data, ready: Scorecard | None = None) -> None:
        self._book = Rulebook(rules)
        self._data = data
        self._made = {} if ready is None else {ready.period: ready}

    def of(self, period: Period) -> Scorecard:
        """The scorecard of a period."""
        if period not in self._made:
            self._made[period] = self._book.score(self._data, period)
        return self._made[period]


def reporting_periods(rules: Rules, data: Data, latest: Period) -> tuple[Period, ...]:
    """The periods up to ``latest`` for which the data have a measurement or a report of an action, earliest first.

    They are as long as ``latest``; where that is a day, as long as the data's own latest period.
    """
    kind = latest.kind
    if kind is PeriodKind.DAY:
        own = default_as_at(data, rules.calendar)
        kind = own.kind if own is not None else kind
    days = {period.end for period in measured_periods(data, rules.calendar)}
    days |= {report.as_at for report in data.actions if report.as_at is not None}
    periods = {Period.around(day, kind, latest.year_starts) for day in days}
    return (*sorted(period for period in periods if period.end < latest.end), latest)


def narrowed(rules: Rules, data: Data, subjects: Collection[str]) -> tuple[Rules, Data]:
    """Rules with these KPIs and actions only, and the data of these: each of them is rated as by the whole."""
    kept = evolve(
        rules,
        kpis={subject: kpi for subject, kpi in rules.kpis.items() if subject in subjects},
        actions={subject: action for subject, action in rules.actions.items() if subject in subjects},
    )
    known = {*subjects, *rules.areas}
    return kept, evolve(
        data,
        measurements=tuple(row for row in data.measurements if row.kpi in subjects),
        actions=tuple(row for row in data.actions if row.action in subjects),
        overrides=tuple(override for override in data.overrides if override.subject in known),
        published=tuple(row for row in data.published if row.subject in known),
        problems=(),
        rejected=0,
    )


def beneath(rules: Rules, area: str) -> set[str]:
    """Ids of the KPIs and actions of an area and of the areas below it."""
    found: set[str] = set()
    for child in rules.children(area):
        found |= beneath(rules, child) if child in rules.areas else {child}
    return found
