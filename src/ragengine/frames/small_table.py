"""A small table that is sent to an engine to be looked up in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

__all__ = ["Column", "SmallTable"]

Column = Sequence[Any]


@frozen
class SmallTable:
    """Columns to be looked up by number, or by text.

    Attributes:
        columns: by the name under which they come out; texts, floats, or whole numbers, None being null.
        keys: the text of each row, where rows are known by a text; the one row more at the end is for any other.
        orders: for columns of texts whose values are known and ordered, all of them in their order.
        number: the name under which the row's number comes out; empty where it does not.
        sent: what Polars has made of its columns, by name, and of its keys, by none; what Spark has: a kept rulebook is
            sent once.
    """

    columns: Mapping[str, Column]
    texts: frozenset[str] = frozenset()
    keys: tuple[str, ...] | None = None
    orders: Mapping[str, tuple[str, ...]] = field(factory=dict)
    number: str = ""
    sent: dict[str, Any] = field(factory=dict, init=False, eq=False, repr=False)

    def __len__(self) -> int:
        return len(self.keys) + 1 if self.keys is not None else len(next(iter(self.columns.values())))

    @classmethod
    def of(
        cls,
        numbers: Mapping[str, Column],
        texts: Mapping[str, Column] | None = None,
        *,
        keys: Sequence[str] | None = None,
        orders: Mapping[str, tuple[str, ...]] | None = None,
        number: str = "",
    ) -> SmallTable:
        """A table of columns of numbers and of texts."""
        named = {} if texts is None else dict(texts)
        known = {} if orders is None else {name: order for name, order in orders.items() if name in named}
        rows = None if keys is None else tuple(keys)
        return cls({**numbers, **named}, frozenset(named), rows, known, number)

    def beside(self, other: SmallTable) -> SmallTable:
        """The same rows with the columns of another table too."""
        return evolve(self, columns={**self.columns, **other.columns}, texts=self.texts | other.texts)

    def categories(self, name: str) -> tuple[str, ...]:
        """The values that a column of texts may have, each once."""
        found = self.orders.get(name)
        return found or tuple(dict.fromkeys(value for value in self.columns[name] if value is not None))
