"""The ratings and areas of data that two rulebooks rate otherwise, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from attrs import frozen

from ...book import Rulebook
from ...data.collection import Data
from ...period import Period
from ...problem import Problem, sorted_problems
from ...rating.rating import Rating
from ...rollup.area_rating import AreaRating
from ...terms import Rag
from .causes import area_cause, rating_cause
from .every_period import RatedPeriods, Subject, periods_compared, rated_in_every_period

__all__ = ["Flip", "Flips", "flips"]


@frozen
class Flip:
    """One rating, or one area, whose final level another rulebook makes another.

    Attributes:
        kind: ``kpi``, ``action`` or ``area``.
        period: for an action the day on which it was judged.
        cause: what explains it: ``target``, ``grace covid-19``, ``KPI added``, ``roll-up`` …
        before, after: by the old and the new rules; None where a rulebook does not have it.
    """

    kind: str
    id: str
    entity: str
    period: Period
    cause: str
    before: Rating | AreaRating | None
    after: Rating | AreaRating | None

    @property
    def old(self) -> Rag | None:
        return None if self.before is None else self.before.rag

    @property
    def new(self) -> Rag | None:
        return None if self.after is None else self.after.rag

    @property
    def name(self) -> str:
        """The id, with the entity where there is one."""
        return f"{self.id}, {self.entity}" if self.entity else self.id


@frozen
class Flips:
    """What flips in the data, and how much was compared.

    Attributes:
        flips: ratings first, then areas; in the order of time.
        ratings, areas: how many either rulebook rated, not grey.
        periods: the reporting periods.
        problems: what is wrong with the data by both rulebooks.
    """

    flips: tuple[Flip, ...]
    ratings: int
    areas: int
    periods: tuple[Period, ...]
    problems: tuple[Problem, ...] = ()

    def by_cause(self) -> dict[str, list[Flip]]:
        """The flips of each cause, the most frequent cause first."""
        counted = Counter(flip.cause for flip in self.flips)
        order = sorted(counted, key=lambda cause: (-counted[cause], cause))
        return {cause: [flip for flip in self.flips if flip.cause == cause] for cause in order}


def flips(old: Rulebook, new: Rulebook, old_data: Data, new_data: Data) -> Flips:
    """Every rating and area of every period that flips.

    ``old_data`` and ``new_data`` are the same files, as each rulebook reads their dates.
    """
    before = rated_in_every_period(old, old_data)
    after = rated_in_every_period(new, new_data, before if new_data is old_data else None)
    found = [*_rating_flips(old, new, before, after), *_area_flips(old, new, before, after)]
    periods = sorted({*periods_compared(old_data, old.rules.calendar), *periods_compared(new_data, new.rules.calendar)})
    return Flips(
        tuple(found),
        _rated(before.ratings, after.ratings),
        _rated(before.areas, after.areas),
        tuple(periods),
        tuple(sorted_problems(before.problems & after.problems)),
    )


def _rated(old: Mapping[Subject, Rating | AreaRating], new: Mapping[Subject, Rating | AreaRating]) -> int:
    return len({key for rows in (old, new) for key, row in rows.items() if not row.rag.is_grey})


def _order(key: Subject) -> tuple[object, ...]:
    return key[2].end, key[2].start, key[0], key[1]


def _level(row: Rating | AreaRating | None) -> str:
    return "" if row is None or row.rag.is_grey else str(row.rag)


def _rating_flips(old: Rulebook, new: Rulebook, before: RatedPeriods, after: RatedPeriods) -> Iterator[Flip]:
    for key in sorted({*before.ratings, *after.ratings}, key=_order):
        was, now = before.ratings.get(key), after.ratings.get(key)
        if _level(was) != _level(now):
            one = now if was is None else was
            assert one is not None
            kind = "action" if one.is_action else "kpi"
            yield Flip(kind, *key, rating_cause(old.rules, new.rules, was, now), was, now)


def _area_flips(old: Rulebook, new: Rulebook, before: RatedPeriods, after: RatedPeriods) -> Iterator[Flip]:
    for key in sorted({*before.areas, *after.areas}, key=_order):
        was, now = before.areas.get(key), after.areas.get(key)
        if _level(was) != _level(now):
            yield Flip("area", *key, area_cause(old.rules, new.rules, was, now), was, now)
