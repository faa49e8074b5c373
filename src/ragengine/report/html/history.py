"""Areas over time as a heat map whose cells are words, and the key."""

from __future__ import annotations

from ...document.html import Html, el, together
from ...terms import Rag
from ..model import AreaPage, Report
from ..wording import UNKNOWN, initial, label_of, short_period
from .parts import href, level_class, level_mark

__all__ = ["heat_map", "key_section"]

#: to so many periods a cell has the whole word
_WORDS = 12


def heat_map(report: Report) -> Html | None:
    """The level of each area in each period; nothing where only one is known."""
    if len(report.periods) < 2:
        return None
    narrow = len(report.periods) > _WORDS
    heads = [el("th", short_period(period), scope="col") for period in report.periods]
    rows = [_row(report, area, narrow) for area in (*report.areas,)]
    table = el(
        "table",
        el("caption", "Level of each area, period by period"),
        el("thead", el("tr", el("th", "Area", scope="col"), *heads)),
        el("tbody", *rows),
        class_="heat" + (" many" if narrow else ""),
    )
    wide = len(report.periods) > 2
    box = el(
        "div",
        table,
        class_="scr",
        tabindex=0 if wide else None,
        role="region" if wide else None,
        aria_label="Areas over time, scrolls sideways" if wide else None,
    )
    return el("section", el("h2", "Areas over time", id="hh"), box, id="heat", aria_labelledby="hh")


def _row(report: Report, area: AreaPage, narrow: bool) -> Html:
    known = dict(area.history)
    cells = []
    for period in report.periods:
        level = area.rag if period == report.period else known.get(period)
        cells.append(_cell(level, report.scale.best, narrow, area.reason if period == report.period else ""))
    return el("tr", el("th", href(area), scope="row"), *cells)


def _cell(level: Rag | None, best: Rag, narrow: bool, reason: str) -> Html:
    if level is None:
        return el("td", "–" if narrow else UNKNOWN, el("span", UNKNOWN, class_="vh") if narrow else None, class_="h q")
    symbol = el("span", level.symbol, aria_hidden="true")
    if not narrow:
        return el("td", symbol, f" {label_of(level, reason)}", class_=f"h {level_class(level, best)}")
    letter = el("span", f" {initial(level)}" if not level.is_grey else "", aria_hidden="true")
    word = el("span", label_of(level), class_="vh")
    return el("td", symbol, letter, word, class_=f"h {level_class(level, best)}")


def key_section(report: Report) -> Html:
    """What each level means, with counts."""
    rows = [
        el(
            "tr",
            el("th", level_mark(level, report.scale.best), scope="row"),
            el("td", meaning),
            el("td", f"{areas:,}", class_="n"),
            el("td", f"{rows:,}", class_="n"),
        )
        for level, meaning, areas, rows in report.key
    ]
    heads = together(
        el("th", "Level", scope="col"),
        el("th", "What it means", scope="col"),
        el("th", "Areas", scope="col", class_="n"),
        el("th", "Measures and actions", scope="col", class_="n"),
    )
    table = el(
        "table", el("caption", "Levels", class_="vh"), el("thead", el("tr", heads)), el("tbody", *rows), class_="key"
    )
    told = (
        "A level is a word first; symbol, weight and shade repeat it. Where a grace or a judgement made a level "
        "another than the rule's, both are shown."
    )
    return el("section", el("h2", "Key", id="kh"), table, el("p", told, class_="intro"), id="key", aria_labelledby="kh")
