"""The top of the page: the answer in a sentence, what changed, how many at each level, and the areas at a glance."""

from __future__ import annotations

from ...document.html import Html, el, together
from ...rating.facts import Change
from ..build import programme_sentence
from ..model import AreaPage, MovedAlike, Report
from ..wording import UNKNOWN, label_of, level_words
from .parts import chip_of, href, level_mark, listed_links, mini, soft

__all__ = ["first_section"]

_MOST_NAMED = 8


def first_section(report: Report) -> Html:
    """The section that a board reads first."""
    return el(
        "section",
        el("div", _answer(report), _changes(report), _counts(report), class_="sum"),
        _areas(report),
        id="glance",
        aria_labelledby="gh",
    )


def _answer(report: Report) -> Html:
    best, programme = report.scale.best, report.programme
    first, worst = programme_sentence(report)
    level = level_mark(programme.rag, best, programme.reason, "big")
    links = together(": ", listed_links([href(area) for area in worst])) if 0 < len(worst) <= _MOST_NAMED else None
    said = el("p", first.rstrip("."), links, ". ", programme.worse_if)
    by_rule = None
    if programme.computed != programme.rag:
        by_rule = el("p", "By the rule ", mini(programme.computed), "; by judgement.")
    public = [el("p", line, class_="q") for line in report.suppressed]
    return el("div", el("h2", "The programme is ", level, id="gh"), said, by_rule, *public)


def _changes(report: Report) -> Html:
    if not report.groups:
        heading = el("h3", "What changed")
        return el("div", heading, el("p", "No earlier level is known: nothing can be compared.", class_="q"))
    pages = {area.id: area for area in report.areas if not area.entity}
    items = [_group(group, pages) for group in report.groups]
    return el("div", el("h3", f"What changed since {report.compared}"), el("ul", *items))


def _group(group: MovedAlike, pages: dict[str, AreaPage]) -> Html:
    if group.change is None:
        return el("li", f"{group.words}.", class_="q")
    levels = None
    if group.now is not None and group.before is not None:
        same = group.change is Change.UNCHANGED
        levels = (
            together(", ", mini(group.now)) if same else together(" from ", mini(group.before), " to ", mini(group.now))
        )
    links = [href(pages[own]) for own in group.areas[:_MOST_NAMED]]
    more = len(group.areas) - len(links)
    return el("li", el("b", group.words), levels, ": ", listed_links(links), f" and {more} more" if more else None, ".")


def _counts(report: Report) -> Html:
    heads = [
        el("th", el("span", level.symbol, aria_hidden="true"), f" {label_of(level)}", scope="col")
        for level in report.levels
    ]
    areas = [areas for *_, areas, _ in report.key]
    rows = [rows for *_, rows in report.key]
    body = [
        el("tr", el("th", name, scope="row"), *(el("td", f"{n:,}") for n in (*numbers, sum(numbers))))
        for name, numbers in (("Areas", areas), ("Measures and actions", rows))
    ]
    return el(
        "table",
        el("caption", "How many at each level"),
        el("thead", el("tr", el("td"), *heads, el("th", "All", scope="col"))),
        el("tbody", *body),
        class_="cnt",
    )


def _areas(report: Report) -> Html:
    since = f"Since {report.compared}" if report.compared else "Previous"
    levels = report.levels
    heads = [
        ("Area", ""),
        ("Level", ""),
        (since, ""),
        *((label_of(level), "n") for level in levels),
        ("What decided it", ""),
    ]
    columns = [el("th", name, scope="col", role="columnheader", class_=own or None) for name, own in heads]
    body = [_row(report, area) for area in report.areas]
    return el(
        "table",
        el("caption", "Areas at a glance"),
        el("thead", el("tr", *columns, role="row"), role="rowgroup"),
        el("tbody", *body, role="rowgroup"),
        class_="glt",
        role="table",
    )


def _row(report: Report, area: AreaPage) -> Html:
    counts = [
        el("td", str(area.at(level)), role="cell", class_="n" if area.at(level) else "n z") for level in report.levels
    ]
    return el(
        "tr",
        el("th", href(area), scope="row", role="rowheader"),
        el("td", chip_of(area, report.scale.best), role="cell", class_="l"),
        el("td", _moved(area), role="cell"),
        *counts,
        el("td", area.decided, role="cell", class_="d"),
        role="row",
        class_="w" if area.rag.rank == 0 else None,
    )


def _moved(area: AreaPage) -> Html:
    if not area.moved:
        return soft(UNKNOWN)
    if area.change in (Change.UNCHANGED, None) or area.previous is None:
        return together(area.moved)
    verb, _, rest = area.moved.partition(" ")
    before = level_words(area.previous)
    start, found, end = rest.partition(before)
    if not found:
        return together(el("b", verb), f" {rest}")
    return together(el("b", verb), f" {start}", mini(area.previous), end)
