"""What a scorecard keeps of a row: its rating, or no more than the outcome where the rating can be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..rating.rating import Rating
from ..ruling import Outcome
from .rows import Key

__all__ = ["Made", "MadeRatings", "outcome_in"]

#: of an outcome the rating is made when somebody looks: a country's month has a million
Made = Rating | Outcome


def outcome_in(made: Made) -> Outcome:
    """What a row comes to."""
    return made if isinstance(made, Outcome) else made.outcome


class MadeRatings(Mapping[Key, Rating]):
    """The ratings of a scorecard; ``make`` gives that of a row of which the outcome was kept, the same each time."""

    __slots__ = ("_made", "_make")

    def __init__(self, made: Mapping[Key, Made], make: Callable[[Key], Rating]) -> None:
        self._made = made
        self._make = make

    def __getitem__(self, key: Key) -> Rating:
        made = self._made[key]
        return made if isinstance(made, Rating) else self._make(key)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __contains__(self, key: object) -> bool:
        return key in self._made
