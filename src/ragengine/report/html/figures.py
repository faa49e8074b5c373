"""Each figure and action of an area: a sentence, its picture, and in one fold why, and the rule card."""

from __future__ import annotations

from ...document.html import Html, el, together
from ...terms import Rag
from ..build import judgement_words
from ..figures.chart import NARROW, WIDE, chart
from ..figures.strip import bullet
from ..model import AreaPage, Chart, ChartPeriod, Judgement, Report, ReportRow, RuleCard
from ..wording import label_of, sentence, short_day, short_period
from .parts import MANY, chip_of, mini

__all__ = ["each_row"]


def each_row(report: Report, area: AreaPage) -> Html | None:
    """The measures and actions of an area one by one."""
    if not area.rows:
        return None
    cards = [_card(report, row) for row in area.rows]
    return el("div", el("h4", f"{area.title}: each measure and action", class_="ch"), *cards, class_="cards")


def _card(report: Report, row: ReportRow) -> Html:
    best = report.scale.best
    levels = {str(level): level for level in report.scale}
    name = f"{row.title}, {row.entity}" if row.entity else row.title
    told = row.unrated if row.rag.is_grey and row.computed.is_grey else together(row.sentence, " ", row.needed)
    value = f"{row.value}. " if row.rag.is_grey and row.computed.is_grey and row.value and not row.is_action else ""
    parts: list[Html | None] = [
        el("h5", name),
        Html(" "),
        el("p", chip_of(row, best), " ", value, told, f" {row.moved}." if row.moved else None, class_="line"),
        el("p", f"Evidence: {row.evidence}.", class_="ev") if row.evidence else None,
    ]
    if row.chart is not None:
        parts += [_chart(report, row, row.chart)]
    drawn = bullet(row, levels)
    if drawn is not None:
        parts.append(el("div", drawn, class_="bf"))
    parts.append(_fold(report, row))
    mark = "e " + ("keep " if row.chart is not None else "") + _mark(row.rag)
    return el("div", *parts, class_=mark, id=row.anchor)


def _mark(level: Rag) -> str:
    return "w" if level.rank == 0 else ("x" if level.is_grey else "")


def _chart(report: Report, row: ReportRow, made: Chart) -> Html:
    first, last = made.columns[0].period, report.period
    below = f"{row.called}, {row.unit or 'number'}, {short_period(first)} to {short_period(last)}."
    caption = el("figcaption", el("b", made.title), el("span", below))
    events = [
        el(
            "li",
            el("b", f"{short_day(event.day)}, {event.kind}: "),
            event.text,
            ". The line is broken here." if event.breaks else None,
        )
        for event in made.events
    ]
    legend = []
    if made.graces:
        told = "; ".join(f"{g.name}, {short_day(g.start)} to {short_day(g.until)}, {g.words}" for g in made.graces)
        legend.append(f"Hatched: grace ({told}).")
    if any(column.carried for column in made.columns):
        legend.append("Hollow point: an earlier figure, carried forward.")
    if any(column.targets for column in made.columns):
        legend.append("Dashed line: target.")
    legend.append("The stronger the shade, the worse the level.")
    return el(
        "figure",
        caption,
        *_drawings(report, row, made),
        el("ol", *events, class_="marks") if events else None,
        el("p", " ".join(legend), class_="leg"),
        el("details", el("summary", "The figures in the chart"), _figures(made, row)),
        class_="cf",
    )


def _drawings(report: Report, row: ReportRow, made: Chart) -> list[Html]:
    """One drawing for each width; a large report has the one that every width can show."""
    if len(report.rows) > MANY:
        return [el("div", chart(made, row, report.scale, NARROW), class_="one-size")]
    return [chart(made, row, report.scale, WIDE), chart(made, row, report.scale, NARROW)]


def _figures(made: Chart, row: ReportRow) -> Html:
    compared = bool(made.comparator)
    heads = ["Period", "Value", "Target", "Level", *([made.comparator] if compared else [])]
    rows = [_figure(column, compared) for column in made.columns]
    return el(
        "table",
        el("caption", row.called, class_="vh"),
        el("thead", el("tr", *(el("th", head, scope="col") for head in heads))),
        el("tbody", *rows),
        class_="plain",
    )


def _figure(column: ChartPeriod, compared: bool) -> Html:
    value = column.value_text or ("later" if column.later else "no data")
    level = mini(column.rag) if column.rag is not None else None
    cells = [
        el("td", value, " (carried forward)" if column.carried else None),
        el("td", column.target_text or "none"),
        el("td", level),
    ]
    if compared:
        cells.append(el("td", column.comparator_text))
    return el("tr", el("th", column.period.label, scope="row"), *cells)


def _fold(report: Report, row: ReportRow) -> Html:
    return el("details", el("summary", "Why this level, and its rule"), _steps(report, row), _rule_card(row.card, row))


def _steps(report: Report, row: ReportRow) -> Html | None:
    """The derivation: each stage, what it looked at, and the level after it."""
    if not row.steps:
        return None
    levels = {str(level): level for level in report.levels}
    rows = []
    for step in row.steps:
        level = levels.get(step.level)
        after = mini(level) if level is not None else None
        place = f"{step.file}:{step.line}" if step.file else None
        rows.append(el("tr", el("td", sentence(step.stage)), el("td", step.text), el("td", after), el("td", place)))
    heads = [el("th", head, scope="col") for head in ("Stage", "What was looked at", "Level after it", "Where")]
    computed, adjusted, final = map(label_of, (row.computed, row.adjusted, row.rag))
    three = f"By the rule {computed}; after grace and evidence {adjusted}; final {final}."
    table = el(
        "table",
        el("caption", "How the level was reached"),
        el("thead", el("tr", *heads)),
        el("tbody", *rows),
        class_="steps",
    )
    return together(table, el("p", three, class_="ev"))


def _rule_card(card: RuleCard, row: ReportRow) -> Html:
    entries: list[tuple[str, Html | str]] = []
    if card.bands or card.says:
        bands = "; ".join(card.bands)
        entries.append(("Rule in words", ". ".join(filter(None, (bands, *card.says))) + "."))
    if card.basis:
        entries.append(("Where the target comes from", f"{card.basis.rstrip('.')}."))
    if card.targets:
        entries.append(
            (
                "Targets over time",
                together(*(el("span", f"{when}: {target}", class_="li") for when, target in card.targets)),
            )
        )
    entries += [("Grace", _relief(grace)) for grace in card.graces]
    entries += [("Judgement", judgement_words(own)) for own in row.judgements if own.kind == "judgement"]
    entries += [
        (name, text)
        for name, text in (("Answers for it", card.lead), ("Source of data", card.source), ("Note", row.note))
        if text
    ]
    entries.append(("Rule", together(el("code", card.id), f", {card.reference}")))
    return el("dl", *(el("div", el("dt", name), el("dd", told)) for name, told in entries), class_="rc")


def _relief(grace: Judgement) -> str:
    when = f", {grace.state}" if grace.state else ""
    return (
        f"{grace.subject and grace.effect}, {short_day(grace.start)} to {short_day(grace.until)}{when}. "
        f"{sentence(grace.reason.rstrip('.'))}. Authority: {grace.authority.rstrip('.')}."
    )
