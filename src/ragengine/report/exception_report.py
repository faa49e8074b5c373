"""The exception report as blocks: RAG at a glance and key, then each area as a board reads it."""

from __future__ import annotations

from collections.abc import Iterable

from ..data.model import Statement
from ..document.blocks import Block, Grid, Heading, Paragraph, bullets
from ..rating.phrases import long_date
from .build import judgement_words, named, programme_sentence
from .model import AreaPage, Report, ReportRow
from .wording import UNKNOWN, label_of, level_words

__all__ = ["changes", "exception_report", "glance", "key", "whole_level"]


def whole_level(row: ReportRow | AreaPage) -> str:
    """A level with its symbol, or why it is not rated; where relief made it another, the rule's too."""
    reason = row.reason if row.rag.is_grey else ""
    said = f"{row.rag.symbol} {label_of(row.rag, reason)}"
    if row.computed == row.rag or (row.rag.is_grey and row.computed.is_grey):
        return said
    relief = row.relief if isinstance(row, ReportRow) else "by judgement"
    return f"{said} (by the rule {label_of(row.computed)}; {relief})"


def glance(report: Report) -> Grid:
    """RAG at a glance: a row per area with previous and current level, movement, counts and what decided it."""
    levels = report.levels
    rows = []
    for area in report.areas:
        before = level_words(area.previous) if area.previous else UNKNOWN
        counts = [str(area.at(level)) for level in levels]
        rows.append((area.title, before, whole_level(area), area.moved or "—", *counts, area.decided))
    heads = [label_of(level) for level in levels]
    return Grid(("Area", "Previous", "Current", "Movement", *heads, "What decided it"), tuple(rows))


def key(report: Report) -> Grid:
    """What each level means, and how many areas and rows have it."""
    rows = [
        (f"{level.symbol} {label_of(level)}", meaning, str(areas), str(rows))
        for level, meaning, areas, rows in report.key
    ]
    return Grid(("Level", "Meaning", "Areas", "Measures and actions"), tuple(rows))


def changes(report: Report) -> list[str]:
    """What changed since the period before, a sentence each."""
    titles = {area.id: area.title for area in report.areas}
    said = []
    for group in report.groups:
        levels = ""
        if group.now is not None and group.before is not None:
            levels = (
                f", {level_words(group.now)}"
                if group.now == group.before
                else (f" from {level_words(group.before)} to {level_words(group.now)}")
            )
        areas = f": {named([titles[own] for own in group.areas])}" if group.areas else ""
        said.append(f"{group.words}{levels}{areas}.")
    return said


def exception_report(report: Report) -> list[Block]:
    """The whole report as blocks."""
    compared = f" Compared with {report.compared}." if report.compared else ""
    programme = report.programme
    first, worst = programme_sentence(report)
    areas = f": {named([area.title for area in worst])}" if worst else ""
    blocks: list[Block] = [
        Heading(f"{report.title}: exception report"),
        Paragraph(
            f"{report.period.label}, as at {long_date(report.as_at)}.{compared} "
            f"Edition {report.edition}, rules {report.fingerprint[:12]}."
        ),
        Paragraph(
            f"The programme is {whole_level(programme)}. {first.rstrip('.')}{areas}. {programme.worse_if}".strip()
        ),
    ]
    changed = changes(report)
    if changed:
        blocks += [Heading(f"What changed since {report.compared}", 2), *bullets(changed)]
    blocks += [Heading("RAG at a glance and key", 2), glance(report), key(report)]
    blocks += [*map(Paragraph, report.suppressed), Paragraph(f"{report.read}.")]
    for area in report.areas:
        blocks += _area(report, area)
    if report.problems:
        blocks += [Heading("Problems with the data", 2), *bullets([str(problem) for problem in report.problems])]
    return blocks


def _area(report: Report, area: AreaPage) -> list[Block]:
    before = level_words(area.previous) if area.previous else UNKNOWN
    levels = f"Previous: {before}. Current: {whole_level(area)}."
    if area.lead:
        levels = f"Lead: {area.lead}. {levels}"
    blocks: list[Block] = [Heading(area.title, 2), Paragraph(levels)]
    if area.recommendation:
        blocks.append(Paragraph(f"Recommendation: {area.recommendation}"))
    blocks.append(Paragraph(f"{area.decided}. {area.coverage}."))
    blocks += bullets([f"Judgement: {judgement_words(judgement)}" for judgement in area.judgements])
    said = area.narrative
    for title, statements in (("Key developments", said.key_developments), ("Key risks", said.key_risks)):
        if statements:
            blocks += [Heading(title, 3), *bullets(sentences(statements))]
    if area.rows:
        blocks += [Heading("Priorities", 3), _priorities(report, area.rows)]
    for title, statements in (("Progress, with evidence", said.progress), ("Risks", said.risks)):
        if statements:
            blocks += [Heading(title, 3), *bullets(sentences(statements))]
    relieved = [f"{row.called}: {judgement_words(own)}" for row in area.rows for own in row.judgements if own.changed]
    if relieved:
        blocks += [Heading("Graces and judgements that changed a level", 3), *bullets(relieved)]
    assumed = [f"{row.called}: {row.card.basis}" for row in area.rows if _assumed(row)]
    if assumed:
        blocks += [Heading("Targets that are assumed", 3), *bullets(assumed)]
    if said.notes:
        blocks += [Heading("Notes on the source", 3), *bullets(sentences(said.notes))]
    return blocks


def _assumed(row: ReportRow) -> bool:
    return row.card.basis.casefold().startswith("assumed") and not row.rag.is_grey


def sentences(statements: Iterable[Statement]) -> list[str]:
    """What people wrote, each with the evidence it names."""
    return [f"{s.text} (evidence: {s.evidence})" if s.evidence else s.text for s in statements]


def value_words(row: ReportRow) -> str:
    """Value, counts and period in one cell: ``84% (84 of 100, Jul 2020)``."""
    if row.is_action:
        return ", ".join(filter(None, (row.value, row.lateness)))
    beside = "; ".join(filter(None, (", ".join(filter(None, (row.counted, row.measured))), *row.beside)))
    return f"{row.value} ({beside})" if row.value and beside else row.value


def met_words(row: ReportRow) -> str:
    """What counts as met; for an action the day it is due."""
    return row.due_words if row.is_action else row.target_beside


def _priorities(report: Report, rows: Iterable[ReportRow]) -> Grid:
    since = f"Since {report.compared}" if report.compared else "Previous"
    lines = []
    for row in rows:
        name = f"{row.title}, {row.entity}" if row.entity else row.title
        value = value_words(row) or "—"
        why = "; ".join(f"{why.head}: {why.text}" for why in row.why)
        needed = row.unrated if row.rag.is_grey else row.needed
        # for the public only what is no number: why it is not rated, until when a judgement stands
        last = (". ".join(filter(None, (why, needed))),) if report.is_public else (needed, why)
        lines.append(
            (name, row.due_words or "—", whole_level(row), value, row.target or "—", row.moved or UNKNOWN, *last)
        )
    needs = () if report.is_public else ("What would change it",)
    heads = ("Priority", "Target date", "Level", "Value", "Target", since, *needs, "Why it is here")
    return Grid(heads, tuple(lines))
