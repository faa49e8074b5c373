"""The level of a KPI that has no row in a period, as a scorecard shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ..book import Rulebook
from ..data.door import measurement_of
from ..data.model import Measurement, Override
from ..errors import BadArgument
from ..period import Period
from ..rating.history import History
from ..rating.prepare import PreparedKpi
from ..rating.rating import Rating
from ..rulebook.kpi import Kpi
from ..terms import GREY
from .row_ratings import measurement_of_row

__all__ = ["MEASURED", "AbsentRatings", "check_measured"]

#: the columns that make a measurement, beside a formula's inputs
MEASURED = ("kpi", "period", "entity", "value", "numerator", "denominator", "target", "excluded", "evidence", "causes")


def check_measured(book: Rulebook, kpi: str, columns: Collection[str], why: str = "has periods without a row") -> None:
    """Raises BadArgument where a frame has no column of measurements, which a gap of the KPI, or a score, may take."""
    if not {"value", "numerator", *book.rules.kpis[kpi].inputs} & set(columns):
        wanted = f"{kpi} {why}: give the columns it was rated from"
        raise BadArgument("rated", sorted(columns), wanted)


class AbsentRatings:
    """Levels of measurements that nobody gave, each made once.

    Most are grey: no data. Where the rules give a missing value a level, carry an earlier one forward, or a named
    authority has judged the KPI, the engine for one measurement is asked.
    """

    def __init__(self, book: Rulebook, overrides: Mapping[str, Sequence[Override]]) -> None:
        self._book = book
        self._overrides = overrides
        self._always_grey = {
            kpi.id for kpi in book.rules.kpis.values() if kpi.id not in overrides and self._takes_a_value(kpi)
        }
        self._histories: dict[tuple[str, str | None], History] = {}
        self._ratings: dict[tuple[str, str | None, Period, Period], Rating] = {}

    def always_grey(self, kpi: str) -> bool:
        """Whether a KPI without a row is grey, whatever came before."""
        return kpi in self._always_grey

    def looks_back(self, kpi: str) -> bool:
        """Whether the level of a KPI without a row may take its earlier rows."""
        return not self._takes_a_value(self._book.rules.kpis[kpi])

    def _takes_a_value(self, kpi: Kpi) -> bool:
        prepared = self._prepared(kpi.id)
        return all(prepared.needs_a_value(entity) for entity in (None, *kpi.entities))

    def remember(self, rows: Iterable[Mapping[str, Any]], columns: Collection[str]) -> None:
        """Rows that may be carried forward or looked back at. Raises BadArgument where they hold no measurements."""
        groups: dict[str, dict[str | None, list[Measurement]]] = {}
        for row in rows:
            given = measurement_of_row(self._book, row, nan_is_nothing=False)
            if given is None:
                continue
            check_measured(self._book, given.kpi, columns)
            groups.setdefault(given.kpi, {}).setdefault(given.entity, []).append(given)
        for kpi, own in groups.items():
            made = self._prepared(kpi).whole_histories(own, self._overrides.get(kpi, ()))
            self._histories |= {(kpi, entity): history for entity, history in made.items()}

    def level(self, kpi: str, entity: str | None, period: Period, of: Period) -> str:
        """The final level in a period, as the scorecard of another (or the same) has it on its last day."""
        return str(GREY) if kpi in self._always_grey else str(self.rating(kpi, entity, period, of).rag)

    def rating(self, kpi: str, entity: str | None, period: Period, of: Period) -> Rating:
        """The same with all that it was made from: a value that is carried has a score."""
        key = (kpi, entity, period, of)
        rating = self._ratings.get(key)
        if rating is None:
            given = measurement_of(kpi, period=period, entity=entity)
            overrides = [o for o in self._overrides.get(kpi, ()) if o.entity == entity]
            history = self._histories.get((kpi, entity))
            rating = self._prepared(kpi).rate_measurement(given, history, overrides, of.end)
            self._ratings[key] = rating
        return rating

    def _prepared(self, kpi: str) -> PreparedKpi:
        found = self._book[kpi]
        assert isinstance(found, PreparedKpi)
        return found
