"""The ratings of one KPI's entities ranked among each other, for a score by rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve

from ..period import Period
from ..rating.rating import Rating
from ..rulebook.compile import printed
from ..statistics import place

__all__ = ["ranked", "ranked_value"]


def ranked(ratings: Mapping[str | None, Rating]) -> dict[str | None, Rating]:
    """Each rating with its place among those of the same period: of entities, rated, by a value of that period.

    Values are ranked as judged, so what prints alike ranks alike. What is of no entity, carried forward or grey by the
    rule has no place.
    """
    values: dict[Period | None, list[Fraction]] = defaultdict(list)
    own = {entity: ranked_value(rating) for entity, rating in ratings.items() if entity is not None}
    for entity, value in own.items():
        if value is not None:
            values[ratings[entity].period].append(value)
    for each in values.values():
        each.sort()
    return {
        entity: rating if entity is None else _placed(rating, own[entity], values) for entity, rating in ratings.items()
    }


def ranked_value(rating: Rating) -> Fraction | None:
    """The value by which the rating of an entity has a place, as judged; None where it has none."""
    facts, kpi = rating.facts, rating.outcome.ruling.kpi
    if facts.value is None or facts.carried_from is not None or rating.computed.is_grey:
        return None
    return printed(facts.value, kpi)


def _placed(rating: Rating, value: Fraction | None, values: Mapping[Period | None, list[Fraction]]) -> Rating:
    if value is None:
        return rating
    lower_is_better = rating.outcome.ruling.kpi.lower_is_better
    standing = place(value, values[rating.period], lower_is_better=lower_is_better)
    return Rating(rating.outcome, None, evolve(rating.facts, standing=standing))
