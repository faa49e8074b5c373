"""Small tables for notebooks, which show them in a light or a dark page of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .html import Content, Html, el, together

__all__ = ["chip", "facts_table", "rows_table"]

#: colours are the page's own; only a level brings its paper and ink along
_CAPTION = "caption-side:top;text-align:left;font-weight:bold;padding:0 0 .4em"
_CELL = "text-align:left;vertical-align:top;padding:.2em .8em .2em 0"
_WIDE = "min-width:min(36em,100%)"
_CHIP = "background:#fff;border:1px solid;border-radius:3px;padding:0 .4em;white-space:nowrap"


def chip(label: str, symbol: str, colour: str) -> Html:
    """A level as its symbol and its word, in its own ink on white."""
    hidden = el("span", symbol, aria_hidden="true")
    return el("span", hidden, " ", label, style=f"{_CHIP};color:{colour}")


def facts_table(caption: str, facts: Iterable[tuple[str, Content]], after: str = "") -> Html:
    """A caption and a row for each fact, its name as the row's heading; what stands ``after`` is a paragraph."""
    rows = [
        el("tr", el("th", name, scope="row", style=f"{_CELL};width:1%;white-space:nowrap"), el("td", said, style=_CELL))
        for name, said in facts
    ]
    # a caption is as wide as its table
    return _shown(el("table", el("caption", caption, style=_CAPTION), el("tbody", *rows), style=_WIDE), after)


def rows_table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[Content]], after: str = "") -> Html:
    """A caption, headings of columns, and rows whose first cell is their heading."""
    head = el("tr", *(el("th", name, scope="col", style=_CELL) for name in headers))
    body = [
        el("tr", el("th", row[0], scope="row", style=_CELL), *(el("td", cell, style=_CELL) for cell in row[1:]))
        for row in rows
    ]
    table = el("table", el("caption", caption, style=_CAPTION), el("thead", head), el("tbody", *body))
    return _shown(table, after)


def _shown(table: Html, after: str) -> Html:
    paragraphs = (el("p", line) for line in after.split("\n") if line)
    # wide tables scroll by themselves, also by keyboard
    return el("div", table, together(*paragraphs), lang="en", style="overflow-x:auto;max-width:100%", tabindex="0")
