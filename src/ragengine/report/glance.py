"""The areas of a scorecard as a table: what ``score`` prints before any report is made."""

from __future__ import annotations

from ..document.blocks import Grid
from ..rollup.scorecard import Scorecard
from .wording import level_words, moved_words

__all__ = ["area_levels"]


def area_levels(card: Scorecard) -> Grid:
    """A row per area with previous and current level, movement and how much is rated."""
    rows = []
    for area in card.areas.values():
        current = level_words(area.rag)
        if area.rag != area.adjusted:
            current += f" (by the rule {area.adjusted.label})"
        name = area.title if area.entity is None else f"{area.title}, {area.entity}"
        before = level_words(area.previous)
        moved = moved_words(area.previous, area.movement) or "—"
        rows.append((name, before, current, moved, f"{area.rated} of {area.total}"))
    return Grid(("Area", "Previous", "Current", "Movement", "Rated"), tuple(rows), (34, 10, 16, 12, 8))
