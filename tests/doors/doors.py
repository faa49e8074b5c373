"""Every door."""

from __future__ import annotations

from . import by_file, by_frame, by_hand, by_model, by_sql, by_workbook

__all__ = ["DOORS"]

DOORS = (*by_model.DOORS, *by_hand.DOORS, *by_file.DOORS, *by_frame.DOORS, *by_sql.DOORS, *by_workbook.DOORS)
