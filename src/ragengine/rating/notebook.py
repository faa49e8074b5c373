"""A rating as a notebook shows it."""

from __future__ import annotations

from ..document.html import Content, Html, together
from ..document.notebook import chip, facts_table
from ..terms import Rag
from .readable import Readable
from .words import text_of

__all__ = ["level_chip", "rating_html"]


def level_chip(level: Rag) -> Html:
    """A level as its symbol and its word."""
    return chip(level.label, level.symbol, level.colour)


def rating_html(rating: Readable) -> str:
    """The levels of a rating as a table, and its explanation."""
    reason = f" {rating.reason}" if rating.reason else None
    facts: list[tuple[str, Content]] = [("Rating", together(level_chip(rating.rag), reason))]
    if not rating.rag == rating.adjusted == rating.computed:
        facts += [("By the rule", level_chip(rating.computed)), ("With relief", level_chip(rating.adjusted))]
    if rating.previous is not None:
        facts.append(("Before", together(level_chip(rating.previous), f" {rating.movement}")))
    period = f", {rating.period.label}" if rating.period else ""
    entity = f", {rating.facts.entity}" if rating.facts.entity else ""
    return facts_table(f"{rating.outcome.ruling.rule.title}{entity}{period}", facts, text_of(rating))
