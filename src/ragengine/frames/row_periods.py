"""The number of each row's period, as it is written and as its KPI reads it."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v2 as nw
from attrs import frozen

from ..rulebook.frequency import Frequency
from .engines import Engine, Frame, unused
from .periods import PERIOD, PeriodNumbers
from .small_table import SmallTable

__all__ = ["WRITTEN", "RowPeriods"]

#: the number of a period as it is written
WRITTEN = unused("written_period")
_MARKED = unused("marked_period")


@frozen
class RowPeriods:
    """The number of a row's period: as it is written, and as a KPI of its own frequency reads it."""

    read: PeriodNumbers
    frequencies: Mapping[str, Frequency | None]

    @property
    def written(self) -> set[int]:
        """The numbers of the periods as they are written."""
        return {n for _, n in self._of(self.read.reading_of[None])}

    def _of(self, reading: int) -> list[tuple[str, int]]:
        number = {period: n for n, period in enumerate(self.read.periods)}
        return [
            (text, -1 if period is None else number[period]) for text, period in self.read.readings[reading].items()
        ]

    def looked_up(self, frame: Frame, engine: Engine, kpi: str, text: str) -> Frame:
        """The frame with both numbers; ``kpi`` and ``text`` are the names of its columns of texts."""
        plain = self._of(self.read.reading_of[None])
        table = SmallTable.of({WRITTEN: [*(n for _, n in plain), -1]}, keys=[each for each, _ in plain])
        frame = engine.look_up(frame, text, table)
        if len(self.read.readings) == 1:
            return frame.with_columns(nw.col(WRITTEN).alias(PERIOD))
        frame = engine.look_up(frame, kpi, self.read.reading(self.frequencies))
        marked = nw.concat_str([nw.col(unused("reading")).cast(nw.String), nw.col(text)])
        keys = [(self.read.mark(n) + each, m) for n in range(len(self.read.readings)) for each, m in self._of(n)]
        own = SmallTable.of({PERIOD: [*(n for _, n in keys), -1]}, keys=[each for each, _ in keys])
        return engine.look_up(frame.with_columns(marked.fill_null("").alias(_MARKED)), _MARKED, own)
