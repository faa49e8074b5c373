"""A frame as data: its rows by the same door as those of files."""

from __future__ import annotations

from typing import Any

from ..data.collection import Data
from ..period import APRIL, Calendar
from .entrance import as_printed, entered
from .row_ratings import rows_of

__all__ = ["data"]


def data(frame: Any = None, actions: Any = None, *, calendar: Calendar = APRIL) -> Data:
    """The rows of a frame of measurements, and of one of action reports, as :class:`ragengine.Data`.

    Args:
        frame: what narwhals takes, with the columns of ``measurements.csv``; a lazy one is collected.
        actions: the same with those of ``actions.csv``.
        calendar: how texts of periods are read: ``book.rules.calendar`` is that of a book.

    A problem's place is ``measurements[3]`` or ``actions[3]``, counted from 0, and its key the column. What its engine
    calls null is a blank cell; in a pandas frame so is NaN. Raises BadArgument for what is no frame, and for a column
    whose name is no text or stands twice.
    """
    measured = [] if frame is None else rows_of(as_printed(entered("frame", frame)))
    reported = [] if actions is None else rows_of(as_printed(entered("actions", actions)))
    return Data.of(measured, reported, calendar=calendar)
