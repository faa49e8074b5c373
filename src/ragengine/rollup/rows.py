"""The rows of a scorecard: looked up by id and entity, and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from attrs import frozen

from ..display import Spelling
from ..errors import UnknownId

__all__ = ["ByKey", "Key", "RowCounts"]

T = TypeVar("T")
Key = tuple[str, str | None]


class ByKey(Mapping[str | tuple[str, str], T]):
    """Ratings by id, or by id and entity: ``card.ratings["mash.referrals-24h", "E06000045"]``."""

    __slots__ = ("_kind", "_rows", "_spelling")

    def __init__(self, rows: Mapping[Key, T], kind: str) -> None:
        # a mapping of another kind makes its rows when they are looked at
        self._rows = dict(rows) if isinstance(rows, dict) else rows
        self._kind = kind
        self._spelling: Spelling | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return ByKey, (dict(self._rows), self._kind)

    def __getitem__(self, key: str | tuple[str, str]) -> T:
        subject, entity = key if isinstance(key, tuple) and len(key) == 2 else (key, None)
        if not isinstance(subject, str) or not isinstance(entity, str | None):
            raise UnknownId(self._kind, key, owner="scorecard")
        try:
            return self._rows[subject, entity]
        except KeyError:
            near = tuple(f"{i}, {other}" for i, other in self._rows if i == subject and other)
            near = near or tuple(filter(None, [self._meant(subject)]))
            raise UnknownId(self._kind, ", ".join(filter(None, (subject, entity))), near[:3], "scorecard") from None

    def _meant(self, subject: str) -> str:
        if self._spelling is None:
            self._spelling = Spelling(i for i, _ in self._rows)
        return self._spelling.meant(subject)

    def __iter__(self) -> Iterator[str | tuple[str, str]]:
        for subject, entity in self._rows:
            yield subject if entity is None else (subject, entity)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self)} {self._kind}{'' if len(self) == 1 else 's'}>"


@frozen
class RowCounts:
    """What became of the rows read: ``read == rated + grey + rejected``.

    ``later`` counts rows later than the scorecard's day, which were not looked at.
    """

    read: int = 0
    rated: int = 0
    grey: int = 0
    rejected: int = 0
    later: int = 0

    def __str__(self) -> str:
        read, later = ("row" if count == 1 else "rows" for count in (self.read, self.later))
        said = f"{self.read:,} {read} read = {self.rated:,} rated + {self.grey:,} grey + {self.rejected:,} rejected"
        return f"{said} ({self.later:,} later {later} not looked at)" if self.later else said
