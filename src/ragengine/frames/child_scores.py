"""The exact scores of a rated frame's rows: what areas take the mean of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import define, field

from ..book import Rulebook
from ..data.model import Measurement, Override
from ..number import exact
from ..period import Period, PeriodError, parse_period
from ..rating.history import History
from ..rating.prepare import PreparedKpi
from ..rating.rating import Rating
from ..rollup.policy import Child
from ..rollup.ranks import ranked
from ..rulebook.compile import printed
from ..rulebook.scoring import Score
from ..statistics import along
from ..terms import GREY, Scale
from .absent_ratings import MEASURED, AbsentRatings, check_measured
from .area_children import WHOLE, OneKpi
from .rated_rows import RatedRows
from .row_ratings import measurement_of_row

__all__ = ["ChildScores", "ScoredKpi"]

_NUMBERS = (int, float, Decimal)


class ChildScores:
    """The scores that one KPI has in the scorecards of periods, as exact numbers.

    A frame's own scores are floats, and a mean of floats may lie beside a line that the scores' mean is on. Of a rank
    the float tells the exact score, along points the value does. Where neither stands in the row (a value of counts, a
    carried one, a judgement of another day) the engine for one measurement is asked.
    """

    def __init__(
        self,
        book: Rulebook,
        own: OneKpi,
        rows: RatedRows,
        overrides: Sequence[Override],
        absent: AbsentRatings,
        column: str,
    ) -> None:
        prepared = book[own.kpi.id]
        assert isinstance(prepared, PreparedKpi)
        self._book = book
        self._prepared = prepared
        self._own = own
        self._rows = rows
        self._overrides = overrides
        self._absent = absent
        self._column = column
        #: whether the frame's own scores are those of every scorecard
        self._as_rated = not overrides and column in rows.columns and not (self._by_rank and own.by_rows)
        self._known: dict[tuple[Any, ...], Fraction | None] = {}
        self._spans: dict[str | None, tuple[Fraction, Fraction] | None] = {}
        self._rated: dict[tuple[str | None, Period, Period], Rating] = {}
        self._ranked: dict[Period, dict[str | None, Rating]] = {}

    @property
    def _by_rank(self) -> bool:
        score = self._own.kpi.score
        return score is not None and score.by_rank

    def of(self, entity: int, of: Period) -> Fraction | None:
        """The score that the scorecard of a period shows; None where it shows none."""
        shown, name = self._own.shown(entity, of), self._name(entity)
        score = self._score(name)
        if score is None:
            return None
        if shown not in self._own.levels.get(entity, {}):
            return self._absent.rating(self._own.kpi.id, name, shown, of).score
        if not self._as_rated:
            return self._one_by_one(name, shown, of)
        row = self._given[name, shown]
        written = row[self._column]
        if written is None:
            return None
        # the rows of a KPI share their values, or their ranks
        told_by = written if score.by_rank else row.get("value")
        key = (name if name in self._prepared.kpi.entities else None, type(told_by), told_by)
        told = self._known.get(key)
        if told is None:
            told = self._known[key] = self._told(name, row, written)
        return self._one_by_one(name, shown, of) if told is None else told

    def _told(self, entity: str | None, row: Mapping[str, Any], written: float) -> Fraction | None:
        """The exact score, as far as the row tells it."""
        kpi, score = self._prepared.kpi.for_entity(entity), self._score(entity)
        assert score is not None
        if score.by_rank:
            step = score.worst - score.best
            # of n entities ranks are whole (n - 1)ths, further apart than floats err
            most = max(len(self._rows.entities) - 1, 1)
            share = ((Fraction(written) - score.best) / step).limit_denominator(most)
            return score.best + step * share
        value = row.get("value")
        if kpi.formula is None and type(value) in _NUMBERS:
            return along(score.points, printed(exact(value), kpi))
        return None

    def span(self, entity: int) -> tuple[Fraction, Fraction] | None:
        """The least and the most that it can be; None where the rule gives none."""
        name = self._name(entity)
        own = name if name in self._prepared.kpi.entities else None
        if own not in self._spans:
            score = self._score(own)
            self._spans[own] = None if score is None else score.span
        return self._spans[own]

    def _score(self, entity: str | None) -> Score | None:
        return self._prepared.kpi.for_entity(entity).score

    def _name(self, entity: int) -> str | None:
        return self._rows.entities[entity] or None

    def _one_by_one(self, entity: str | None, shown: Period, of: Period) -> Fraction | None:
        if not self._by_rank:
            return self._rating(entity, shown, of).score
        placed = self._ranked.get(of)
        if placed is None:
            there = {
                self._name(each): self._own.shown(each, of)
                for each in self._own.known(of)
                if each != WHOLE and self._own.shown(each, of) in self._own.levels.get(each, {})
            }
            placed = ranked({name: self._rating(name, period, of) for name, period in there.items()})
            self._ranked[of] = placed
        rating = placed.get(entity)
        return None if rating is None else rating.score

    def _rating(self, entity: str | None, shown: Period, of: Period) -> Rating:
        key = (entity, shown, of)
        found = self._rated.get(key)
        if found is None:
            given = self._measured(self._given[entity, shown])
            assert given is not None
            judged = [override for override in self._overrides if override.entity == entity]
            history = self._histories[entity]
            found = self._rated[key] = self._prepared.rate_measurement(given, history, judged, of.end)
        return found

    @cached_property
    def _given(self) -> dict[tuple[str | None, Period], dict[str, Any]]:
        """The rows by entity and period."""
        kpi = self._own.kpi
        check_measured(self._book, kpi.id, self._rows.columns.kinds, "brings scores to its area")
        whose = [(kpi.id, each.entity) for each in self._own.reported]
        found: dict[tuple[str | None, Period], dict[str, Any]] = {}
        periods: dict[Any, Period | None] = {}
        for row in self._rows.rows(whose, (*MEASURED, *kpi.inputs, self._column)):
            written = row.get("period")
            if written not in periods:
                periods[written] = self._period(written)
            period = periods[written]
            if period is not None:
                found[row.get("entity") or None, period] = row
        return found

    def _period(self, written: Any) -> Period | None:
        try:
            return self._prepared.period_named(parse_period(written, self._book.rules.calendar))
        except PeriodError:
            return None

    @cached_property
    def _histories(self) -> dict[str | None, History]:
        groups: dict[str | None, list[Measurement]] = {}
        for (entity, _), row in self._given.items():
            given = self._measured(row)
            if given is not None:
                groups.setdefault(entity, []).append(given)
        return self._prepared.whole_histories(groups, self._overrides)

    def _measured(self, row: Mapping[str, Any]) -> Measurement | None:
        return measurement_of_row(self._book, row, nan_is_nothing=False)


@define(slots=False)
class ScoredKpi:
    """A KPI in an area of scores: each of its ratings is a child, and none is only counted."""

    own: OneKpi
    scores: ChildScores
    scale: Scale
    #: one is asked for its entity and for the whole
    _made: dict[tuple[int, Period], Child] = field(factory=dict, init=False)

    @property
    def area(self) -> str:
        return self.own.area

    @cached_property
    def _weight(self) -> Fraction:
        return exact(self.own.kpi.weight)

    def of_entity(self, entity: int, period: Period) -> Iterator[Child]:
        """The child that it is in the scorecard of a period; none where it is not known then."""
        if self.own.of_entity(entity, period) is not None:
            yield self._child(entity, period)

    def of_whole(self, period: Period) -> Iterator[Child]:
        """The same of the whole: one for each of its entities, where it is only reported by them."""
        for entity in self.own.in_whole(period):
            yield self._child(entity, period)

    def _child(self, entity: int, period: Period) -> Child:
        found = self._made.get((entity, period))
        if found is None:
            kpi = self.own.kpi
            level = (*self.scale, GREY)[self.own.level(entity, period)]
            score = None if level.is_grey else self.scores.of(entity, period)
            child = Child(kpi.id, level, kpi.critical, self._weight)
            found = self._made[entity, period] = child.scored(score, self.scores.span(entity))
        return found
