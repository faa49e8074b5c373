"""Levels that a sheet shows by the fill of a cell, where no word says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define

from ..terms import DEFAULT_SCALE, Rag
from .headings import TableHeading
from .sheet import SheetRow

__all__ = ["Fills"]


@define
class Fills:
    """The fills of one sheet's cells.

    Attributes:
        colours: by row and column, counted from 1: red, amber, green, or another word for any other colour.
        of_values: whether the fills of values are levels: two colours at least are among them. One alone is a design.
        read: how many levels were read from them.
    """

    colours: Mapping[tuple[int, int], str]
    of_values: bool
    read: int = 0

    @classmethod
    def of(cls, colours: Mapping[tuple[int, int], str], header: TableHeading, rows: Sequence[SheetRow]) -> Fills:
        """Those of a sheet."""
        places = ((row.number, column.index + 1) for row in rows for column in header.of("actual"))
        named = {colours[place] for place in places if place in colours}
        return cls(colours, len(named & set(map(str, DEFAULT_SCALE))) > 1)

    def colour(self, row: SheetRow, column: int) -> str:
        """How a cell is filled; empty where it is not."""
        return self.colours.get((row.number, column + 1), "")

    def level(self, row: SheetRow, column: int) -> Rag | None:
        """The level of a cell's fill."""
        return DEFAULT_SCALE.read(self.colour(row, column))

    def note(self) -> tuple[str, ...]:
        """What is said of the levels that were read."""
        return (f"published levels read from the fills of cells, where no word is: {self.read:,}",) if self.read else ()
