"""The earlier periods of one KPI: previous, year ago, carry forward and persistence all ask here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from attrs import evolve

from ..data.door import BREAK
from ..data.model import Measurement, Override
from ..period import Period
from ..rulebook.grace import Effect, live_graces
from ..rulebook.kpi import Kpi
from ..ruling.granting import EARLIER_LEVELS, EARLIER_VALUES
from .facts import PastLevel, Previous
from .movement import UNREPORTED, previous_of
from .overrides import overridden
from .peers import Peers
from .rating import Rating

__all__ = ["Cohort", "History", "cohort_of"]

#: how many excluded periods in a row are passed over to find the previous one
_FURTHEST = 24

#: what was measured of the entities in a period
Cohort = Callable[[Period], Peers]


class Rater(Protocol):
    """What rates the measurements of a history: the KPI, prepared."""

    def rate_measurement(self, given: Measurement, history: History | None = None) -> Rating: ...
    def measured(self, given: Measurement, history: History) -> Fraction | None: ...


class History:
    """Measurements of one KPI and entity, rated in the order of time when somebody asks.

    Of two measurements of one period the later given counts; that is for callers who pass a history by hand, the
    scorecard has reported duplicates before. ``overrides`` are those of the KPI and entity: a period's level is what
    its own scorecard said. ``unreported`` is the row of a period that nobody reported, where all that was is here and
    such a row says anything; with ``after_rows`` it does so only where rows came before. ``cohort`` knows what was
    measured of the entities in a period, where their rows are here too.
    """

    def __init__(
        self,
        kpi: Kpi,
        measurements: Iterable[Measurement],
        rater: Rater,
        overrides: Sequence[Override] = (),
        unreported: Measurement | None = None,
        after_rows: bool = False,
        cohort: Cohort | None = None,
    ) -> None:
        self._overrides = overrides
        self._unreported = unreported
        self._after_rows = after_rows
        self._kpi = kpi
        self._rater = rater
        self._cohort = cohort
        self._measured: dict[Period, Fraction | None] = {}
        self.by_period: dict[Period, Measurement] = {m.period: m for m in measurements if m.period is not None}
        self._order = sorted(self.by_period)
        self._ends = [period.end for period in self._order]
        self._ratings: dict[Period, Rating] = {}
        #: of periods that nobody reported; one may take another where a condition looks at the periods before
        self._gaps: dict[Period, Rating] = {}
        conditions = (grace.when for grace in kpi.graces if grace.when is not None)
        self._asks_back = any((EARLIER_LEVELS | EARLIER_VALUES) & when.names for when in conditions)
        #: for the first so many periods: how many of `_levels` are theirs, and the latest with a value of its own
        self._so_far: list[tuple[int, Period | None]] = [(0, None)]
        self._levels: list[PastLevel] = []

    def begins_by(self, day: date) -> bool:
        """Whether any period had ended by a day."""
        return bisect_right(self._ends, day) > 0

    def periods_by(self, day: date) -> list[Period]:
        """The periods that had ended by a day, in the order of time."""
        return self._order[: bisect_right(self._ends, day)]

    def rating_of(self, period: Period) -> Rating | None:
        """The rating of an earlier period, made from what is older than it."""
        known = self._ratings.get(period)
        if known is not None or period not in self.by_period:
            return known
        self._rate_until(bisect_right(self._order, period))
        return self._ratings[period]

    def _rate_until(self, count: int) -> None:
        """Rates the first so many periods in the order of time, each once; a rating may ask for those before it."""
        while len(self._ratings) < count:
            period = self._order[len(self._ratings)]
            rating = self._rater.rate_measurement(self.by_period[period], self)
            self._ratings[period] = rating
            facts = rating.facts
            if facts.instant is not None and self._kpi.persistence > 1 and not self.excluded(period):
                self._levels.append(PastLevel(period, facts.instant, rating.adjusted))
            own = facts.value is not None and facts.carried_from is None
            self._so_far.append((len(self._levels), period if own else self._so_far[-1][1]))

    def _before(self, period: Period) -> tuple[int, Period | None]:
        """What is remembered of the periods that ended before this one does."""
        count = bisect_left(self._ends, period.end)
        self._rate_until(count)
        return self._so_far[count]

    def excluded(self, period: Period) -> bool:
        """Whether a grace leaves a period out of trend and persistence."""
        if not self._kpi.graces:
            return False
        live = live_graces(self._kpi.graces, period.end)
        return any(grace.effect is Effect.EXCLUDE_PERIOD and grace.when is None for grace in live)

    def period_before(self, period: Period) -> Period:
        """The period before, passing over excluded ones."""
        before = period.previous()
        if not self._kpi.graces:
            return before
        for _ in range(_FURTHEST):
            if not self.excluded(before):
                break
            before = before.previous()
        return before

    def previous(self, period: Period) -> Previous | None:
        """What the period before was, passing over excluded ones."""
        return self._remembered(self.period_before(period))

    def measured(self, period: Period) -> Fraction | None:
        """What was measured in a period, as it was judged; None where nothing was, or is not to be used."""
        if period not in self._measured:
            given = self.by_period.get(period)
            self._measured[period] = None if given is None else self._rater.measured(given, self)
        return self._measured[period]

    def breaks_in(self, period: Period) -> bool:
        """Whether the reporter marks that the series begins anew in a period."""
        given = self.by_period.get(period)
        return given is not None and BREAK in given.marks

    def peers(self, period: Period) -> Peers | None:
        """What was measured of the entities in a period; None where only this one's rows are here."""
        return None if self._cohort is None else self._cohort(period)

    def year_ago(self, period: Period) -> Previous | None:
        """The same period a year earlier."""
        return self._remembered(period.year_before())

    def _without_row(self, period: Period) -> Rating | None:
        """A period that nobody reported, by what the rules say of a missing value."""
        blank = self._unreported
        if period in self._gaps or blank is None or (self._after_rows and self._is_before_rows(period)):
            return self._gaps.get(period)
        for each in self._asked_with(period):
            # else no other is asked in turn: before the first row there would be no end
            if not self._asks_back or self._is_before_rows(each):
                self._unreported = None
            self._gaps[each] = self._rater.rate_measurement(evolve(blank, period=each), self)
            self._unreported = blank
        return self._gaps[period]

    def _is_before_rows(self, period: Period) -> bool:
        return bisect_left(self._ends, period.end) == 0

    def _asked_with(self, period: Period) -> list[Period]:
        """A period without a row after those whose ratings its own may take in turn, oldest first: gaps may be long."""
        asked = [period]
        while self._asks_back:
            before = self.period_before(asked[-1])
            if before in self.by_period or before in self._gaps or self._is_before_rows(before):
                break
            asked.append(before)
        return asked[::-1]

    def _remembered(self, period: Period) -> Previous | None:
        """A period as its own scorecard had it."""
        own = self.rating_of(period)
        if own is None and self._unreported is None:
            return None
        rating = self._without_row(period) if own is None else own
        if rating is None:
            return None
        if self._overrides:
            outcome, _, _ = overridden(rating.outcome, self._overrides, period.end)
            rating = Rating(outcome, None, rating.facts)
        return None if own is None and rating.reason in UNREPORTED else previous_of(rating)

    def latest_value(self, period: Period) -> tuple[Period, Fraction, Measurement] | None:
        """The latest earlier period that has a value of its own."""
        _, latest = self._before(period)
        if latest is None:
            return None
        value = self._ratings[latest].value
        assert value is not None
        return latest, value, self.by_period[latest]

    def levels_before(self, period: Period, most: int) -> list[PastLevel]:
        """Of the last so many rated earlier periods, oldest first: the level before persistence, and the adjusted."""
        count, _ = self._before(period)
        return self._levels[max(count - most, 0) : count]


def cohort_of(histories: Callable[[], Mapping[str | None, History]]) -> Cohort:
    """What was measured of the entities whose histories these are, by period; each period is looked through once."""
    kept: dict[Period, Peers] = {}

    def of(period: Period) -> Peers:
        if period not in kept:
            named = ((entity, history.measured(period)) for entity, history in histories().items() if entity)
            kept[period] = Peers.among(period, ((entity, value) for entity, value in named if value is not None))
        return kept[period]

    return of
