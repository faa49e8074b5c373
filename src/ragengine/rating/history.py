"""The earlier periods of one KPI: previous, year ago, carry forward and persistence all ask here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from ..data.model import Measurement
from ..period import Period
from ..rulebook.compile import era_on
from ..rulebook.grace import Effect
from ..rulebook.kpi import Kpi
from ..terms import Rag
from .facts import Facts, Previous
from .rating import Rating

__all__ = ["History", "previous_of"]

#: how many excluded periods in a row are passed over to find the previous one
_FURTHEST = 24

Rate = Callable[[Measurement, "History"], Rating]


def previous_of(rating: Rating) -> Previous:
    """What later periods remember of a rating."""
    facts = rating.facts
    return Previous(rating.rag, facts.period, rating.computed, rating.adjusted, facts.value, rating.reason)


class History:
    """Measurements of one KPI and entity, rated in the order of time when somebody asks.

    Of two measurements of one period the later given counts; that is for callers who pass a history by hand, the
    scorecard has reported duplicates before.
    """

    def __init__(self, kpi: Kpi, measurements: Iterable[Measurement], rate: Rate) -> None:
        self._kpi = kpi
        self._rate = rate
        self.by_period: dict[Period, Measurement] = {m.period: m for m in measurements if m.period is not None}
        self._order = sorted(self.by_period)
        self._ratings: dict[Period, Rating] = {}

    def rating_of(self, period: Period) -> Rating | None:
        """The rating of an earlier period, made from what is older than it."""
        if period not in self.by_period:
            return None
        for earlier in self._order:
            if earlier not in self._ratings:
                self._ratings[earlier] = self._rate(self.by_period[earlier], self)
            if earlier == period:
                break
        return self._ratings[period]

    def excluded(self, period: Period) -> bool:
        """Whether a grace leaves a period out of trend and persistence."""
        return any(g.effect is Effect.EXCLUDE_PERIOD and g.when is None for g in era_on(self._kpi, period.end).live)

    def previous(self, period: Period) -> Previous | None:
        """The period before, passing over excluded ones."""
        before = period.previous()
        for _ in range(_FURTHEST):
            if not self.excluded(before):
                break
            before = before.previous()
        rating = self.rating_of(before)
        return None if rating is None else previous_of(rating)

    def year_ago(self, period: Period) -> Previous | None:
        """The same period a year earlier."""
        rating = self.rating_of(period.year_before())
        return None if rating is None else previous_of(rating)

    def latest_value(self, period: Period) -> tuple[Period, Fraction, Measurement] | None:
        """The latest earlier period that has a value of its own."""
        for earlier in reversed([p for p in self._order if p.end < period.end]):
            rating = self.rating_of(earlier)
            if rating is not None and rating.value is not None and rating.facts.carried_from is None:
                return earlier, rating.value, self.by_period[earlier]
        return None

    def levels_before(self, period: Period) -> list[tuple[Rag, Rag]]:
        """Of the rated earlier periods, oldest first: the level before persistence, and the adjusted one."""
        found = []
        for earlier in self._order:
            if earlier.end >= period.end:
                break
            rating = self.rating_of(earlier)
            facts = rating.facts if rating is not None else Facts(None)
            if rating is None or facts.instant is None or rating.adjusted.is_grey or self.excluded(earlier):
                continue
            found.append((facts.instant, rating.adjusted))
        return found
