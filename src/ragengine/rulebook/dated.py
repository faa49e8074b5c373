"""A value that may change on a date: each holds from its date until the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from typing import Generic, TypeVar

from attrs import frozen

__all__ = ["ALWAYS", "Dated"]

T = TypeVar("T")

#: the date of a value that holds from the beginning
ALWAYS = date.min


def _start(entry: tuple[date, object]) -> date:
    return entry[0]


@frozen
class Dated(Generic[T]):
    """One value, or several with the dates from which they hold, earliest first.

    >>> Dated(((date(2019, 4, 1), 85), (date(2020, 4, 1), 90))).on(date(2020, 3, 31))
    85
    """

    entries: tuple[tuple[date, T], ...]

    @classmethod
    def of(cls, value: T) -> Dated[T]:
        """A value that always holds."""
        return cls(((ALWAYS, value),))

    def on(self, day: date) -> T | None:
        """The value in force on a day; None before the first."""
        index = bisect_right(self.entries, day, key=_start)
        return self.entries[index - 1][1] if index else None

    def mapped(self, change: Callable[[T], T]) -> Dated[T]:
        """The same dates with each value changed."""
        return Dated(tuple((start, change(value)) for start, value in self.entries))

    @property
    def changes(self) -> tuple[date, ...]:
        """The days on which another value begins to hold."""
        return tuple(start for start, _ in self.entries if start != ALWAYS)

    @property
    def values(self) -> tuple[T, ...]:
        return tuple(value for _, value in self.entries)

    def __iter__(self) -> Iterator[tuple[date, T]]:
        return iter(self.entries)
