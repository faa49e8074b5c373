"""A scorecard as a notebook shows it: its areas, and how many ratings have which level."""

from __future__ import annotations

from ..document.html import Content
from ..document.notebook import rows_table
from ..rating.notebook import level_chip
from ..terms import GREY
from .area_rating import AreaRating
from .card import Card

__all__ = ["card_html"]


def card_html(card: Card) -> str:
    """The programme and its areas, a row each."""
    levels = [*card.scale, GREY]
    headers = ["Area", "Rating", "Before", *(level.label for level in levels)]
    rows = [_row(area, [level.id for level in levels]) for area in (card.programme, *card.areas.values())]
    caption = f"{card.title}, {card.period.label}"
    said = f"{len(card.ratings):,} ratings. {card.rows}.\nEdition {card.edition}, fingerprint {card.fingerprint[:12]}."
    return rows_table(caption, headers, rows, said)


def _row(area: AreaRating, levels: list[str]) -> list[Content]:
    title = f"{area.title}, {area.entity}" if area.entity else area.title
    before = None if area.previous is None else level_chip(area.previous)
    return [title, level_chip(area.rag), before, *(str(area.counts.get(level, 0)) for level in levels)]
