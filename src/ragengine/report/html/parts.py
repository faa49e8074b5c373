"""What every part of the page shares: chips, levels in running text, links, and cells."""

from __future__ import annotations

from ...document.html import Content, Html, el, together
from ...terms import Rag
from ..model import AreaPage, ReportRow
from ..wording import label_of

__all__ = ["MANY", "chip_of", "href", "level_class", "level_mark", "listed_links", "mini", "soft"]


#: a report of more rows than this is large: parts of it are laid out when they are scrolled to, and drawn once
MANY = 400


def level_class(level: Rag, best: Rag) -> str:
    """The class of a level's chip: worst inverted, best plain, between them outlined."""
    if level.is_grey:
        return "lg"
    if level.rank == 0:
        return "l0"
    return f"l{level.rank} lb" if level == best else f"l{level.rank} lm"


def level_mark(level: Rag, best: Rag, reason: str = "", size: str = "") -> Html:
    """A level as a chip: its symbol, which is copied and not read out, and its word."""
    symbol = el("span", level.symbol, aria_hidden="true")
    name = " ".join(filter(None, ("lv", level_class(level, best), size)))
    return el("strong", symbol, f" {label_of(level, reason)}", class_=name)


def chip_of(item: ReportRow | AreaPage, best: Rag, size: str = "") -> Html:
    """A row's or an area's level; where relief made it another, the rule's below it."""
    own = level_mark(item.rag, best, item.reason if item.rag.is_grey else "", size)
    if item.computed == item.rag or (item.computed.is_grey and item.rag.is_grey):
        return own
    relief = item.relief if isinstance(item, ReportRow) else "by judgement"
    return together(own, el("span", "by the rule ", mini(item.computed), f"; {relief}", class_="sub"))


def mini(level: Rag) -> Html:
    """A level in running text."""
    return el("span", el("span", level.symbol, aria_hidden="true"), f" {label_of(level)}", class_="mini")


def href(item: ReportRow | AreaPage, *content: Content) -> Html:
    """A link to where a row or an area is told."""
    return el("a", *(content or (item.title,)), href=f"#{item.anchor}")


def soft(text: str) -> Html:
    return el("span", text, class_="q")


def listed_links(parts: list[Html]) -> Html:
    """``A, B and C`` of links."""
    if len(parts) < 2:
        return together(*parts)
    first = together(*(together(part, ", " if n < len(parts) - 2 else "") for n, part in enumerate(parts[:-1])))
    return together(first, " and ", parts[-1])
