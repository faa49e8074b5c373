"""What a scorecard keeps of a row: its rating, or no more than the outcome where the rating can be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sized
from functools import partial

from ..rating.facts import Facts
from ..rating.rating import Rating
from ..ruling import Outcome
from .rows import Key

__all__ = ["Made", "MadeRatings", "keeps_what_is_asked", "outcome_in"]

#: of an outcome the rating is made when somebody looks: a country's month has a million
Made = Rating | Outcome


def outcome_in(made: Made) -> Outcome:
    """What a row comes to."""
    return made if isinstance(made, Outcome) else made.outcome


_FEW = 10_000


def keeps_what_is_asked(made: Sized) -> bool:
    """Whether a scorecard of these rows keeps what it made when somebody looked: of a million it would be too much."""
    return len(made) <= _FEW


class MadeRatings(Mapping[Key, Rating]):
    """The ratings of a scorecard; ``find`` gives, each time anew, the facts of a row whose outcome alone was kept."""

    __slots__ = ("_find", "_made")

    def __init__(self, made: dict[Key, Made], find: Callable[[Key], Facts]) -> None:
        self._made = made
        self._find = find

    def __getitem__(self, key: Key) -> Rating:
        made = self._made[key]
        if isinstance(made, Rating):
            return made
        rating = Rating.later(made, partial(self._find, key))
        if keeps_what_is_asked(self._made):
            # of threads that look at once each may get its own, and all are equal
            self._made[key] = rating
        return rating

    def __iter__(self) -> Iterator[Key]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __contains__(self, key: object) -> bool:
        return key in self._made
