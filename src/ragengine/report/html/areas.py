"""An area as the plan's document has it: levels, narrative, priorities, progress and risks with evidence."""

from __future__ import annotations

from collections.abc import Sequence

from ...data.model import Statement
from ...document.html import Content, Html, el, together
from ..build import judgement_words
from ..exception_report import value_words
from ..model import AreaPage, Report, ReportRow
from ..wording import UNKNOWN, sentence
from .figures import each_row
from .parts import chip_of, href, mini, soft

__all__ = ["area_pages"]


def area_pages(report: Report) -> Html:
    """The list of areas, then a page for each."""
    items = [el("li", mini(area.rag), " ", href(area)) for area in report.areas]
    button = el(
        "p", el("button", "Open every explanation", type="button", id="open"), class_="exp", id="exp", hidden=True
    )
    pages = [_page(report, area) for area in report.areas]
    return el(
        "section",
        el("h2", "Area pages", id="ah"),
        el("ul", *items, class_="alist"),
        button,
        *pages,
        id="areas",
        aria_labelledby="ah",
    )


def _page(report: Report, area: AreaPage) -> Html:
    said = area.narrative
    recommendation = (
        el("p", el("b", "Recommendation: "), area.recommendation, class_="rec") if area.recommendation else None
    )
    judgements = [el("p", el("b", "Judgement: "), judgement_words(own), class_="judge") for own in area.judgements]
    why = el("p", *(together(el("b", f"{why.head}: "), why.text, ". ") for why in area.why)) if area.why else None
    return el(
        "article",
        _head(report, area),
        recommendation,
        el("p", f"{area.decided}. {sentence(area.coverage)}.", class_="dec"),
        why,
        *judgements,
        _pair(("Key developments", said.key_developments), ("Key risks", said.key_risks)),
        _priorities(report, area) if area.rows else None,
        _pair(("Analysis: progress", said.progress), ("Analysis: risks", said.risks)),
        _statements("Notes on the source", said.notes) if said.notes else None,
        each_row(report, area),
        el("p", el("a", "Back to areas at a glance", href="#glance"), class_="back"),
        class_="area",
        id=area.anchor,
        aria_labelledby=f"t-{area.anchor}",
    )


def _head(report: Report, area: AreaPage) -> Html:
    before = mini(area.previous) if area.previous is not None else soft(UNKNOWN)
    levels = el(
        "dl",
        el("div", el("dt", report.compared or "Before"), el("dd", before)),
        el("div", el("dt", report.period.label), el("dd", chip_of(area, report.scale.best, "big"))),
        class_="lvls",
    )
    return el(
        "div",
        el(
            "div",
            el("p", f"Exception report, {report.period.label}", class_="ov"),
            el("h3", area.title, id=f"t-{area.anchor}"),
            el("p", area.lead, class_="lead") if area.lead else None,
        ),
        levels,
        class_="ah",
    )


def _pair(*sides: tuple[str, Sequence[Statement]]) -> Html | None:
    known = [side for side in sides if side[1]]
    if not known:
        return None
    return el(
        "div", *(_statements(title, said) for title, said in known), class_="two" if len(known) > 1 else "two sole"
    )


def _statements(title: str, said: Sequence[Statement]) -> Html:
    """People's words, under the heading the service uses."""
    items = [
        el(
            "li",
            statement.text,
            el("span", f" Evidence: {statement.evidence}.", class_="evi") if statement.evidence else None,
        )
        for statement in said
    ]
    return el("div", el("h4", title), el("ul", *items))


def _priorities(report: Report, area: AreaPage) -> Html:
    before = any(row.moved for row in area.rows)
    heads = [
        "Priority",
        "Target date",
        *(["Previous"] if before else []),
        "Level",
        "Value and target",
        "Why it is in this report",
    ]
    columns = [el("th", name, scope="col", role="columnheader") for name in heads]
    body = [_priority(report, row, before) for row in area.rows]
    return el(
        "table",
        el("caption", f"Priorities: {area.title}"),
        el("thead", el("tr", *columns, role="row"), role="rowgroup"),
        el("tbody", *body, role="rowgroup"),
        class_="pri" + (" pv5" if before else ""),
        role="table",
    )


def _priority(report: Report, row: ReportRow, before: bool) -> Html:
    name = f"{row.title}, {row.entity}" if row.entity else row.title
    value = "; ".join(filter(None, (value_words(row), row.target_beside)))
    why: Content = soft("not an exception")
    if row.why:
        why = together(*(together(el("b", f"{why.head}:"), f" {why.text}. ") for why in row.why))
    cells: list[Content] = [row.due_words or soft("none")]
    if before:
        cells.append(mini(row.previous) if row.previous is not None else soft("–"))
    cells += [chip_of(row, report.scale.best), value or soft("none"), why]
    mark = "w" if row.rag.rank == 0 else ("x" if row.rag.is_grey else None)
    return el(
        "tr",
        el("th", href(row, name), scope="row", role="rowheader"),
        *(el("td", cell, role="cell") for cell in cells),
        role="row",
        class_=mark,
    )
