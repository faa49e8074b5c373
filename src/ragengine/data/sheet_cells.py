"""What is read of a sheet of a workbook, and what cannot be."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Cells", "UnusableWorkbook"]


class UnusableWorkbook(ValueError):
    """A file that is no workbook, or one beyond the limits: what is wrong, and the way out."""

    def __init__(self, message: str, hint: str = "save it again as .xlsx, or as CSV UTF-8") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@frozen
class Cells:
    """The rows of one sheet by number, merged cells filled, and the cells whose formula has no result."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    uncalculated: tuple[str, ...]
