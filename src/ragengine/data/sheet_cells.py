"""What is read of a sheet of a workbook, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

__all__ = ["Cells", "UnusableWorkbook"]


class UnusableWorkbook(ValueError):
    """A file that is no workbook, or one beyond the limits: what is wrong, and the way out."""

    def __init__(self, message: str, hint: str = "save it again as .xlsx, or as CSV UTF-8") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@frozen
class Cells:
    """The rows of one sheet by number, merged cells filled.

    Attributes:
        uncalculated: the cells whose formula has no result.
        hidden: what of it nobody sees, each in words: rows, columns.
        other_sheets: names of sheets of the file that are hidden.
        fills: how cells are filled, by row and column.
        conditional: whether some are to be coloured by conditions, which nobody evaluates here.
    """

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    uncalculated: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    fills: Mapping[tuple[int, int], str] = field(factory=dict, hash=False)
    conditional: bool = False
