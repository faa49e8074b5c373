"""Rows grouped at once by KPIs, period, entity and level: as whole numbers on the frame's engine, and then told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import add
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import frozen

from .engines import Frame, unused

__all__ = ["EntityKeys", "add_to"]

_KEY, _CELL = unused("entity_key"), unused("entity_cell")
_PARTS = tuple(unused(name) for name in ("group_part", "period_part", "entity_part"))

#: numbers of the KPIs, the period and the entity; for each count how many are at each level; and what is summed
_Row: TypeAlias = tuple[int, int, int, tuple[tuple[int, ...], ...], tuple[int, ...]]


def add_to(cells: dict[int, tuple[int, ...]], entity: int, cell: tuple[int, ...]) -> None:
    """Adds the numbers of an entity to those that it has already."""
    cells[entity] = tuple(map(add, cells[entity], cell)) if entity in cells else cell


@frozen
class EntityKeys:
    """A whole number for each group of KPIs, period, entity and level.

    Attributes:
        periods, entities, levels: how many there are.
    """

    periods: int
    entities: int
    levels: int

    def grouped(
        self, frame: Frame, columns: Sequence[str], counts: Sequence[nw.Expr], sums: Mapping[str, nw.Expr]
    ) -> Iterator[_Row]:
        """The rows of each group, period and entity: the sums of ``counts`` at each level, and those of ``sums``.

        ``columns`` are the names of the numbers of the group, the period, the entity and the level.
        """
        key = self.cell(columns) * self.levels + nw.col(columns[-1]).cast(nw.Int64)
        counted = {unused(f"count_{n}"): count for n, count in enumerate(counts)}
        summed = {**counted, **sums}
        by_level = frame.select(key.alias(_KEY), **summed).group_by(_KEY).agg(*(nw.col(each).sum() for each in summed))
        # DuckDB sums up to whole numbers of 128 bits, which come back as decimals
        found = by_level.select(_KEY, *(nw.col(each).cast(nw.Int64) for each in summed))
        return self._told(found.collect() if isinstance(found, nw.LazyFrame) else found, [*counted], [*sums])

    def cell(self, columns: Sequence[str]) -> nw.Expr:
        """The number of a group, period and entity."""
        group, period, entity = (nw.col(name).cast(nw.Int64) for name in columns[:3])
        return (group * self.periods + period) * self.entities + entity

    def read(self, cell: int) -> tuple[int, int, int]:
        """The numbers of its group, period and entity."""
        rest, entity = divmod(cell, self.entities)
        return (*divmod(rest, self.periods), entity)

    def _told(self, by_level: nw.DataFrame[Any], counts: Sequence[str], sums: Sequence[str]) -> Iterator[_Row]:
        """One row for all levels: there are few of them, and many entities."""
        level = nw.col(_KEY) % self.levels
        spread = {
            f"{count}_{n}": nw.when(level == n).then(nw.col(count)).otherwise(nw.lit(0, nw.Int64))
            for count in counts
            for n in range(self.levels)
        }
        kept = by_level.select((nw.col(_KEY) // self.levels).alias(_CELL), *sums, **spread)
        found = kept.group_by(_CELL).agg(*(nw.col(name).sum() for name in (*spread, *sums)))
        rest = nw.col(_CELL) // self.entities
        parts = (rest // self.periods, rest % self.periods, nw.col(_CELL) % self.entities)
        numbers = found.select(**dict(zip(_PARTS, parts, strict=True)))
        by_count = (
            zip(*(found[f"{count}_{n}"].to_list() for n in range(self.levels)), strict=True) for count in counts
        )
        # nothing need be summed beside the counts of levels
        summed = zip(*(found[name].to_list() for name in sums), strict=True) if sums else [()] * len(found)
        return zip(*(numbers[name].to_list() for name in _PARTS), zip(*by_count, strict=True), summed, strict=True)
