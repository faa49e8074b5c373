"""Exception debt: which levels of a scorecard rest on grace or override, and what would stand without any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction

from attrs import evolve, frozen

from ...book import Rulebook
from ...data.collection import Data
from ...rating.rating import Rating
from ...rollup.area_rating import AreaRating
from ...rollup.scorecard import Rated, Scorecard
from ...rulebook.rules import Rules
from ...terms import Rag
from .register import without_any
from .use import override_steps

__all__ = ["AreaDebt", "ExceptionDebt", "How", "LevelDebt", "exception_debt"]


class How(StrEnum):
    """How a level departs from what it would be without any grace or override."""

    #: better than without, or rated at all
    RESTING = "rests on it"
    #: worse than without
    HELD_BACK = "held back"
    #: grey, where it would be rated
    SET_ASIDE = "set aside"


def how(level: Rag, bare: Rag) -> How | None:
    """How a level departs from the one without any relief; None where it does not."""
    if level == bare:
        return None
    if level.is_grey:
        return How.SET_ASIDE
    return How.RESTING if bare.is_grey or level > bare else How.HELD_BACK


@frozen
class Departure:
    """A rating or an area whose level is another than it would be without any grace or override.

    Attributes:
        without: the level it would have.
        by: names of the graces that changed it, and ``override``; empty for an area whose children depart, and where
            the relief of earlier periods did it, through persistence.
    """

    id: str
    entity: str | None
    title: str
    kind: str
    rag: Rag
    without: Rag
    how: How
    by: tuple[str, ...] = ()


@frozen
class LevelDebt:
    """Of the ratings at a level, how many rest on grace or override."""

    level: Rag
    ratings: int
    resting: int

    @property
    def share(self) -> Fraction | None:
        """From 0 to 1; None where there is no such rating."""
        return Fraction(self.resting, self.ratings) if self.ratings else None


@frozen
class AreaDebt:
    """The exception debt of one area's own KPIs and actions, or of all.

    Attributes:
        levels: each level above the worst, the best first.
        held_back: ratings that are worse than they would be without relief.
        set_aside: ratings that are grey and would be rated.
        rag, without: the area's level, and what it would be were no grace given and no override made.
    """

    id: str
    title: str
    levels: tuple[LevelDebt, ...]
    held_back: int
    set_aside: int
    rag: Rag
    without: Rag

    @property
    def resting(self) -> int:
        """Ratings at any level that rest on grace or override."""
        return sum(level.resting for level in self.levels)

    @property
    def departs(self) -> bool:
        """Whether a rating of it, or its own level, would be another."""
        return bool(self.resting or self.held_back or self.set_aside) or self.rag != self.without


@frozen
class ExceptionDebt:
    """What of a scorecard rests on grace or override.

    Attributes:
        areas: in the order reports print them.
        total: of the programme.
        departures: each rating and area whose level would be another.
    """

    areas: tuple[AreaDebt, ...]
    total: AreaDebt
    departures: tuple[Departure, ...]


def exception_debt(rules: Rules, data: Data, card: Scorecard) -> ExceptionDebt:
    """The exception debt of a scorecard: it is compared with the one that rules without graces make of data without
    overrides, rolled up by the same policies."""
    bare = Rulebook(without_any(rules)).score(evolve(data, overrides=()), card.period)
    ratings = list(_departures(list(card.ratings.values()), list(bare.ratings.values()), data, card))
    areas = list(_departures(list(card.areas.values()), list(bare.areas.values()), data, card))

    def debt(area: AreaRating, other: AreaRating, rows: Sequence[Rated], own: Sequence[Departure]) -> AreaDebt:
        levels = tuple(
            LevelDebt(
                level,
                sum(row.rag == level for row in rows),
                sum(found.rag == level and found.how is How.RESTING for found in own),
            )
            for level in reversed(card.scale.levels[1:])
        )
        held_back, set_aside = (sum(found.how is how for found in own) for how in (How.HELD_BACK, How.SET_ASIDE))
        return AreaDebt(area.id, area.title, levels, held_back, set_aside, area.rag, other.rag)

    rows = list(card.ratings.values())
    made = []
    for area in card.areas.values():
        if area.entity is None:
            within = [row for row in rows if _area_of(row.id) == area.id]
            own = [found for found in ratings if _area_of(found.id) == area.id]
            made.append(debt(area, bare.areas[area.id], within, own))
    total = debt(card.programme, bare.programme, rows, ratings)
    return ExceptionDebt(tuple(made), total, (*ratings, *areas))


def _area_of(subject: str) -> str:
    return subject.partition(".")[0]


def _departures(
    rows: Sequence[Rated | AreaRating], others: Sequence[Rated | AreaRating], data: Data, card: Scorecard
) -> Iterator[Departure]:
    """Rows of two scorecards of the same subjects, in the same order, that differ."""
    for row, other in zip(rows, others, strict=True):
        found = how(row.rag, other.rag)
        if found is not None:
            by = tuple(dict.fromkeys(_by(row, data, card)))
            yield Departure(row.id, row.entity, row.title, _kind(row), row.rag, other.rag, found, by)


def _kind(row: Rated | AreaRating) -> str:
    return "area" if isinstance(row, AreaRating) else row.explanation.kind


def _by(row: Rated | AreaRating, data: Data, card: Scorecard) -> Iterator[str]:
    if isinstance(row, Rating):
        yield from (applied.grace.name for applied in row.outcome.graces if applied.granted and applied.changed)
    for _, before, after in override_steps(row, data.overrides, card):
        if before != after:
            yield "override"
