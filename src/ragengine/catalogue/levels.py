"""The table of levels: everything that a look-up of a rating can come to, a row each, known by its number."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field, frozen

from ..ruling import Outcome
from ..terms import GREY, Reason

__all__ = ["Level", "LevelTable", "level_row"]

_REASONS = tuple(Reason)


@frozen
class Level:
    """Three levels with what is told beside them, as text.

    Attributes:
        reason: why the final level is grey; empty where it is not.
        band: where the computed level's band lies: ``from 80% to below 90%``; empty where it depends on the row.
        grace: names of the graces that changed the level.
    """

    rag: str
    adjusted: str
    computed: str
    reason: str = ""
    band: str = ""
    grace: str = ""


def level_row(outcome: Outcome, band: str = "") -> Level:
    """An outcome of the engine as a row of the table."""
    changed = [applied.grace.name for applied in outcome.graces if applied.granted and applied.changed]
    return Level(
        str(outcome.rag),
        str(outcome.adjusted),
        str(outcome.computed),
        str(outcome.reason) if outcome.reason else "",
        band,
        ", ".join(changed),
    )


@define
class LevelTable:
    """Levels by number; the first are grey, one for each reason, and the levels of one band table stand in a row.

    So the number of a value's level is the number of its lowest band and one more for each threshold it has passed.

    >>> table = LevelTable()
    >>> table.rows[table.grey(Reason.SUPPRESSED)]
    Level(rag='grey', adjusted='grey', computed='grey', reason='suppressed', band='', grace='')
    """

    rows: list[Level] = field(
        factory=lambda: [Level(str(GREY), str(GREY), str(GREY), str(reason)) for reason in _REASONS]
    )
    _known: dict[tuple[Level, ...], int] = field(factory=dict, repr=False)

    @staticmethod
    def grey(reason: Reason) -> int:
        """The number of grey for a reason."""
        return _REASONS.index(reason)

    def add(self, levels: Iterable[Level]) -> int:
        """The number of the first of these levels, which stand in this order; the same levels stand there once."""
        wanted = tuple(levels)
        first = self._known.get(wanted)
        if first is None:
            first = self._known[wanted] = len(self.rows)
            self.rows.extend(wanted)
        return first
