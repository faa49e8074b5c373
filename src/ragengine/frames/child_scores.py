"""The exact scores of a rated frame's rows, one by one: what areas take the mean of where no sum of columns does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..book import Rulebook
from ..data.model import Measurement, Override
from ..number import exact
from ..period import Period, PeriodError, parse_period
from ..rating.history import History
from ..rating.prepare import PreparedKpi
from ..rating.rating import Rating
from ..rollup.ranks import ranked
from ..rulebook.compile import printed
from ..rulebook.kpi import Kpi
from ..rulebook.scoring import Score
from ..statistics import along
from .absent_ratings import AbsentRatings
from .area_children import WHOLE
from .child_groups import OneKpi
from .rated_rows import RatedRows
from .row_ratings import measurement_of_row
from .score_grids import MOST_RANKED, ScoreGrid

__all__ = ["ChildScores", "RowScores"]

_NUMBERS = (int, float, Decimal)


class RowScores:
    """The scores of one KPI's rows, as exact numbers.

    Of a rank the float tells the exact score, and so it does of whole counts; along points the value does. Where none
    of them does (a formula, a judgement of another day) the engine for one measurement is asked, with the rows of
    ``own``.
    """

    def __init__(
        self,
        book: Rulebook,
        kpi: Kpi,
        rows: RatedRows,
        own: Callable[[], Iterable[dict[str, Any]]],
        overrides: Sequence[Override] = (),
    ) -> None:
        prepared = book[kpi.id]
        assert isinstance(prepared, PreparedKpi)
        self._book = book
        self._prepared = prepared
        self._own = own
        self.rows = rows
        self._overrides = overrides
        self._spans: dict[str | None, tuple[Fraction, Fraction] | None] = {}
        self._told: dict[tuple[str | None, type, Any], Fraction | None] = {}
        self._grids: dict[tuple[str | None, int], ScoreGrid] = {}
        self._rated: dict[tuple[str | None, Period, Period], Rating] = {}

    @property
    def column(self) -> str:
        """The column of scores as floats."""
        return self.rows.score_column

    def are_written(self, entity: str | None) -> bool:
        """Whether the frame's own scores of an entity are those of any day."""
        judged = any(override.entity == entity for override in self._overrides)
        return self.column in self.rows.columns and not judged

    def rule(self, entity: str | None) -> Score | None:
        """The rule of an entity's scores."""
        return self._prepared.kpi.for_entity(entity).score

    def span(self, entity: str | None) -> tuple[Fraction, Fraction] | None:
        """The least and the most that an entity's can be; None where the rule gives none."""
        own = entity if entity in self._prepared.kpi.entities else None
        if own not in self._spans:
            score = self.rule(own)
            self._spans[own] = None if score is None else score.span
        return self._spans[own]

    def told(self, entity: str | None, written: float, value: Any, whole: float | None = None) -> Fraction | None:
        """The exact score of a row from its float, and its value or what was counted, if these tell it."""
        score = self.rule(entity)
        assert score is not None
        # the rows of a KPI share their values, or their ranks
        told_by = written if score.by_rank else (value, whole, None if whole is None else written)
        own = entity if entity in self._prepared.kpi.entities else None
        key = (own, type(value), told_by)
        if key not in self._told:
            told = self._of_rank(score, written) if score.by_rank else self._along(score, entity, value)
            if told is None and whole:
                told = self._of_counts(score, own, written, int(whole))
            self._told[key] = told
        return self._told[key]

    def _of_counts(self, score: Score, own: str | None, written: float, whole: int) -> Fraction | None:
        if self._prepared.kpi.for_entity(own).formula is not None:
            return None
        if (own, whole) not in self._grids:
            # a percentage of whole counts has no other denominator
            self._grids[own, whole] = ScoreGrid.along(score, whole)
        return self._grids[own, whole].nearest(written)

    @staticmethod
    def _of_rank(score: Score, written: float) -> Fraction:
        step = score.worst - score.best
        # of n entities ranks are whole (n - 1)ths, further apart than floats err
        share = ((Fraction(written) - score.best) / step).limit_denominator(MOST_RANKED - 1)
        return score.best + step * share

    def _along(self, score: Score, entity: str | None, value: Any) -> Fraction | None:
        kpi = self._prepared.kpi.for_entity(entity)
        if kpi.formula is not None or type(value) not in _NUMBERS:
            return None
        return along(score.points, printed(exact(value), kpi))

    def rating(self, entity: str | None, shown: Period, of: Period) -> Rating:
        """The rating of a row, judged on the last day of another period."""
        key = (entity, shown, of)
        found = self._rated.get(key)
        if found is None:
            given = self._measured(self.given[entity, shown])
            assert given is not None
            judged = [override for override in self._overrides if override.entity == entity]
            history = self._histories[entity]
            found = self._rated[key] = self._prepared.rate_measurement(given, history, judged, of.end)
        return found

    @cached_property
    def given(self) -> dict[tuple[str | None, Period], dict[str, Any]]:
        """The rows by entity and period."""
        found: dict[tuple[str | None, Period], dict[str, Any]] = {}
        periods: dict[Any, Period | None] = {}
        for row in self._own():
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
        for (entity, _), row in self.given.items():
            given = self._measured(row)
            if given is not None:
                groups.setdefault(entity, []).append(given)
        return self._prepared.whole_histories(groups, self._overrides)

    def _measured(self, row: dict[str, Any]) -> Measurement | None:
        return measurement_of_row(self._book, row, nan_is_nothing=False)


class ChildScores:
    """The scores that one KPI has in the scorecards of periods, as exact numbers."""

    def __init__(self, own: OneKpi, scores: RowScores, absent: AbsentRatings) -> None:
        by_rank = own.kpi.score is not None and own.kpi.score.by_rank
        self._own = own
        self._scores = scores
        self._absent = absent
        self._by_rank = by_rank
        #: whether a scorecard may rank other rows beside each other than the frame did
        self._ranks_others = by_rank and own.by_rows
        self._ranked: dict[Period, dict[str | None, Rating]] = {}

    def of(self, entity: int, of: Period) -> Fraction | None:
        """The score that the scorecard of a period shows; None where it shows none."""
        shown, name = self._own.shown(entity, of), self._name(entity)
        if self._scores.rule(name) is None:
            return None
        if shown not in self._own.levels.get(entity, {}):
            return self._absent.rating(self._own.kpi.id, name, shown, of).score
        if self._ranks_others or not self._scores.are_written(name):
            return self._one_by_one(name, shown, of)
        row = self._scores.given[name, shown]
        written = row[self._scores.column]
        if written is None:
            return None
        told = self._scores.told(name, written, row.get("value"))
        return self._one_by_one(name, shown, of) if told is None else told

    def span(self, entity: int) -> tuple[Fraction, Fraction] | None:
        """The least and the most that it can be; None where the rule gives none."""
        return self._scores.span(self._name(entity))

    def _name(self, entity: int) -> str | None:
        return self._scores.rows.entities[entity] or None

    def _one_by_one(self, entity: str | None, shown: Period, of: Period) -> Fraction | None:
        if not self._by_rank:
            return self._scores.rating(entity, shown, of).score
        placed = self._ranked.get(of)
        if placed is None:
            there = {
                self._name(each): self._own.shown(each, of)
                for each in self._own.known(of)
                if each != WHOLE and self._own.shown(each, of) in self._own.levels.get(each, {})
            }
            placed = ranked({name: self._scores.rating(name, period, of) for name, period in there.items()})
            self._ranked[of] = placed
        rating = placed.get(entity)
        return None if rating is None else rating.score
