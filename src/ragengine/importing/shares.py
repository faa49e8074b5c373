"""Whether a sheet keeps its percentages as shares of one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .headings import TableHeading
from .quantities import read_quantity
from .sheet import SheetRow

__all__ = ["shares_of_one"]

_FEWEST_SHARES = 3


def shares_of_one(header: TableHeading, rows: Sequence[SheetRow], is_percent: Sequence[bool]) -> bool:
    """Whether the percentages of a sheet are shares of one: nearly all of several are at most 1, and few are whole."""
    columns = [column for key in ("target", "actual") for column in header.of(key)]
    numbers: list[Fraction] = []
    for row, percent in zip(rows, is_percent, strict=True):
        if not percent:
            continue
        cells = (row.cells[column.index] for column in columns if column.index < len(row.cells))
        found = [quantity for cell in cells if (quantity := read_quantity(cell)) is not None]
        numbers += [quantity.value for quantity in found if quantity.value and quantity.unit != "%"]
    small = [number for number in numbers if abs(number) <= 1]
    broken = [number for number in small if number.denominator != 1]
    return len(broken) >= _FEWEST_SHARES and len(small) * 10 >= 9 * len(numbers)
