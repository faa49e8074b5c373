"""Every door."""

from __future__ import annotations

from . import by_file, by_frame, by_hand, by_model, by_sql, by_workbook

__all__ = ["BEHIND", "DOORS", "EXPORTS"]

DOORS = (*by_model.DOORS, *by_hand.DOORS, *by_file.DOORS, *by_frame.DOORS, *by_sql.DOORS, *by_workbook.DOORS)

#: doors whose engines still print an older table of states, and why their rows that differ are no failure yet
EXPORTS = ("workbook",)
BEHIND = "the exported workbook does not print every state yet: impossible counts, `valid`, symbols of one's own"
