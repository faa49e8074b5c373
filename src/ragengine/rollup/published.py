"""Levels that were published: what a rating is compared with, and what stands for a period without data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..data.model import Published, period_of
from ..display import did_you_mean
from ..period import Period
from ..problem import shorten
from ..rating.facts import Previous
from ..rating.rating import Rating
from ..rulebook.rules import Rules
from ..terms import Rag
from .area_rating import AreaRating
from .rows import Key
from .usable_rows import Telling

__all__ = ["PublishedLevels"]


class PublishedLevels:
    """The published rows of a run by area, KPI or action, entity and period; each that cannot be used is told."""

    def __init__(self, rules: Rules, rows: Iterable[Published], tell: Telling) -> None:
        self._tell = tell
        self._rows: dict[tuple[Key, str], list[tuple[Rag, Published]]] = {}
        known = {*rules.areas, *rules.kpis, *rules.actions}
        for row in rows:
            level, period = rules.scale.read(row.rag), period_of(row, rules.calendar)
            if row.subject not in known:
                tell.unknown(row.subject, "area, KPI or action", known, row.place, "subject")
            elif level is None:
                near = did_you_mean(row.rag, map(str, rules.scale))
                hint = f"did you mean {near}?" if near else f"use {', '.join(map(str, rules.scale))}"
                tell.say("RAG110", f"the scale has no level {shorten(row.rag)!r}", row.place, hint, cell="rag")
            elif period is not None:
                self._rows.setdefault(((row.subject, row.entity), str(period)), []).append((level, row))

    def __bool__(self) -> bool:
        return bool(self._rows)

    def level(self, key: Key, period: Period) -> Rag | None:
        """What was published of one subject and entity for a period; of several rows the last."""
        rows = self._rows.get((key, str(period)))
        return rows[-1][0] if rows else None

    def previous(self, key: Key, period: Period) -> Previous | None:
        """The published level of a period before, as a rating remembers it."""
        rows = self._rows.get((key, str(period)))
        if not rows:
            return None
        level, row = rows[-1]
        return Previous(level, period, published=row.source or str(row.place))

    def compare(self, rated: Mapping[Key, Rating | AreaRating], period: Period) -> None:
        """Tells each rating of the period that differs from what was published for it."""
        for (key, of), rows in self._rows.items():
            own = rated.get(key)
            if of != str(period) or own is None or own.rag.is_grey:
                continue
            for level, row in rows:
                if level != own.rag:
                    said = f"{row.subject} was published as {level.label} and is {own.rag.label} by rules and data"
                    self._tell.say("RAG112", said, row.place, "look at both", warning=True, cell="rag")
