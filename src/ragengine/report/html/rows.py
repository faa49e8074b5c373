"""Every measure and action in one table, by area, worst first, with filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...document.html import Content, Html, el, together
from ...rating.phrases import plural
from ...terms import Rag
from ..figures.chart import sparkline
from ..figures.strip import strip
from ..model import AreaPage, Report, ReportRow
from ..wording import label_of, short_day
from .parts import chip_of, href

__all__ = ["every_row"]


def every_row(report: Report) -> Html:
    """The section with the filters and the table."""
    since = f"Since {report.compared}" if report.compared else "Previous"
    moved, lines_below = any(row.moved for row in report.rows), any(row.beside for row in report.rows)
    told = (
        "Worst first in each area. Strip: the bands of the levels, the stronger the shade the worse; line: target or "
        "due date; dot: where it stands."
    )
    if not moved:
        told += " No earlier figures are known, so what moved is not shown."
    heads = ["Measure or action", "Level", "Value", "Target", "On its bands"]
    heads += [since] if moved else []
    heads += ["Exception"] if report.is_public else ["What would change it", "Exception"]
    columns = [el("th", name, scope="col", role="columnheader") for name in heads]
    bodies = [_body(report, area, moved, len(heads)) for area in report.areas if area.rows]
    table = el(
        "table",
        el("caption", "Every measure and action", class_="vh"),
        el("thead", el("tr", *columns, role="row"), role="rowgroup"),
        *bodies,
        class_=" ".join(_classes(report, moved=moved, told=lines_below)),
        role="table",
    )
    return el(
        "section",
        el("h2", "Every measure and action", id="oh"),
        el("p", told, class_="intro"),
        _filters(report),
        table,
        el("p", "No measure or action fits this choice.", id="none", hidden=True),
        id="one",
        aria_labelledby="oh",
    )


def _classes(report: Report, *, moved: bool, told: bool) -> Iterator[str]:
    """What the widths of the columns depend on."""
    yield "one"
    for name, holds in (("still", not moved), ("told", told), ("bare", report.is_public)):
        if holds:
            yield name


def _filters(report: Report) -> Html:
    levels = [
        el(
            "label",
            el("input", type="checkbox", name="l", value=_code(level), checked=True),
            el("span", f"{level.symbol} {label_of(level)}"),
        )
        for level in report.levels
    ]
    areas = [el("option", area.title, value=area.anchor) for area in report.areas if area.rows]
    changes = dict.fromkeys(str(row.change) for row in report.rows if row.change is not None)
    movement = (
        el(
            "label",
            "Movement",
            el(
                "select",
                el("option", "Any", value=""),
                *(el("option", c.capitalize(), value=c) for c in changes),
                name="m",
            ),
            class_="f",
        )
        if changes
        else None
    )
    return el(
        "form",
        el("fieldset", el("legend", "Level"), *levels),
        el("label", "Area", el("select", el("option", "All areas", value=""), *areas, name="a"), class_="f"),
        movement,
        el("label", "Find", el("input", type="search", name="q", autocomplete="off"), class_="f"),
        el("label", el("input", type="checkbox", name="x"), el("span", "Exceptions only")),
        el("button", "Show all", type="reset"),
        el("output", plural(len(report.rows), "row"), id="cnt", role="status"),
        id="flt",
        hidden=True,
        role="search",
        aria_label="Choose measures and actions",
    )


def _code(level: Rag) -> str:
    return "g" if level.is_grey else str(level.rank)


def _worst_first(rows: Sequence[ReportRow]) -> list[ReportRow]:
    return sorted(rows, key=lambda row: len(rows) + 99 if row.rag.is_grey else row.rag.rank)


def _body(report: Report, area: AreaPage, moved: bool, width: int) -> Html:
    counts = [
        f"{n} {label_of(level) if not level.is_grey else 'not rated'}" for level, n in _counted(report, area) if n
    ]
    head = el(
        "tr",
        el(
            "th",
            el(
                "span",
                href(area),
                " ",
                chip_of(area, report.scale.best),
                " ",
                el("span", ", ".join(counts), class_="gc"),
                class_="gl",
            ),
            colspan=width,
            scope="rowgroup",
            role="rowheader",
        ),
        role="row",
        class_="g",
    )
    rows = [_row(report, area, row, moved, width) for row in _worst_first(area.rows)]
    return el("tbody", head, *rows, role="rowgroup")


def _counted(report: Report, area: AreaPage) -> list[tuple[Rag, int]]:
    return [(level, sum(row.rag == level for row in area.rows)) for level in report.levels]


def _row(report: Report, area: AreaPage, row: ReportRow, moved: bool, width: int) -> Html:
    sub = "Action" if row.is_action else (f"by {row.due_words}" if row.due_words else None)
    name = f"{row.called}, {row.entity}" if row.entity else row.called
    title = el("th", href(row, name), el("span", sub, class_="sub") if sub else None, scope="row", role="rowheader")
    level = _cell(chip_of(row, report.scale.best), "l")
    marks = {
        "data_l": _code(row.rag),
        "data_a": area.anchor,
        "data_m": str(row.change or ""),
        "data_x": "1" if row.why else None,
    }
    if row.rag.is_grey and row.computed.is_grey:
        figure = together(el("b", row.value), f", {row.measured}. " if row.measured else ". ") if row.value else None
        rest = el("td", figure, row.unrated, " ", _why(row), role="cell", colspan=width - 2, class_="w")
        return el("tr", title, level, rest, role="row", class_="x", **marks)
    cells = [title, level, _value(row), _target(row), _cell(_figure(report, row), "p")]
    if moved:
        cells.append(_cell(row.moved or "–", "m"))
    why = _why(row) or el("span", "no", class_="q")
    if report.is_public:
        cells.append(_cell(together(why, " ", row.needed), "ex"))
    else:
        cells += [_cell(row.needed, "c"), _cell(why, "ex")]
    return el("tr", *cells, role="row", class_="w" if row.rag.rank == 0 else None, **marks)


def _cell(content: Content, name: str) -> Html:
    return el("td", content, role="cell", class_=name)


def _value(row: ReportRow) -> Html:
    if row.is_action:
        late = el("span", row.lateness, class_="sub") if row.lateness else None
        return el("td", row.value, late, role="cell", class_="v t")
    number = row.value.partition(" ")
    unit = f"{number[2]}, " if number[2] and row.number is not None else ""
    main = number[0] if row.number is not None else row.value
    below = ", ".join(filter(None, (f"{unit}{row.measured}".rstrip(", "), row.counted)))
    beside = [el("span", line, class_="sub") for line in row.beside]
    words = "v" if row.number is not None else "v t"
    return el("td", main, el("span", below, class_="sub") if below else None, *beside, role="cell", class_=words)


def _target(row: ReportRow) -> Html:
    if row.is_action:
        return _cell(row.due_words or "no date", "t")
    for head in ("at least", "at most", "below", "more than", "from", "between"):
        if row.target.startswith(f"{head} "):
            return el("td", el("span", head, " ", class_="sub"), row.target[len(head) + 1 :], role="cell", class_="t")
    return _cell(row.target or "none", "t")


def _figure(report: Report, row: ReportRow) -> Html | None:
    if row.chart is not None:
        return sparkline(row.chart, row, report.scale)
    return strip(row, {str(level): level for level in report.scale})


def _why(row: ReportRow) -> Html | None:
    if not row.why:
        return None
    return together(*(together(el("b", f"{why.head}:"), f" {why.text}. ") for why in row.why))


def due_or_dash(row: ReportRow) -> str:
    return short_day(row.due) if row.due else "–"
