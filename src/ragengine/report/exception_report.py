"""The exception report of a scorecard: RAG at a glance and key, then each area as a board reads it."""

from __future__ import annotations

from collections.abc import Iterable

from ..data.model import Narrative, Statement
from ..document.blocks import Block, Bullets, Grid, Heading, Paragraph, bullets
from ..period import Period
from ..rating.phrases import day
from ..rollup.area_rating import AreaRating
from ..rollup.exceptions import ExceptionRow
from ..rollup.scorecard import Rated, Scorecard
from ..terms import GREY, Rag

__all__ = ["exception_report", "glance", "level_words", "movement_words"]


def level_words(level: Rag | None) -> str:
    """A level with its symbol and its word; a dash for none."""
    return "—" if level is None else f"{level.symbol} {level.label}"


def movement_words(area: AreaRating | Rated) -> str:
    """How it moved, and why."""
    movement = area.movement
    if movement is None:
        return "—"
    cause = f" ({movement.cause})" if movement.cause and movement.cause != "unknown" else ""
    return f"{movement}{cause}"


def glance(card: Scorecard) -> Grid:
    """RAG at a glance: a row per area with previous and current level, movement and how much is rated."""
    rows = []
    for area in card.areas.values():
        current = level_words(area.rag)
        if area.overrides or area.rag != area.computed:
            current += f" (computed {area.computed.label})"
        name = area.title if area.entity is None else f"{area.title}, {area.entity}"
        rows.append((name, level_words(area.previous), current, movement_words(area), f"{area.rated} of {area.total}"))
    return Grid(("Area", "Previous", "Current", "Movement", "Rated"), tuple(rows), (34, 10, 16, 12, 8))


def key(card: Scorecard) -> Grid:
    """What each level means."""
    meanings = {"red": "short of its target, or late", "amber": "near its target, or its date", "green": "on target"}
    rows = [(level_words(level), meanings.get(str(level), "")) for level in card.scale]
    rows.append((level_words(GREY), "not rated; the reason stands beside it"))
    return Grid(("Level", "Meaning"), tuple(rows), (20, 58))


def exception_report(card: Scorecard) -> list[Block]:
    """The whole report as blocks."""
    blocks: list[Block] = [
        Heading(f"{card.title}: exception report"),
        Paragraph(
            f"{card.period.label}, as at {day(card.as_at)}. Edition {card.edition}, rules {card.fingerprint[:12]}."
        ),
        Heading("RAG at a glance and key", 2),
        glance(card),
        key(card),
        Paragraph(f"{card.rows}."),
    ]
    rows = card.exceptions()
    for area in card.areas.values():
        own = [row for row in rows if row.area == area.id and row.entity == area.entity]
        blocks += _area(card, area, own)
    problems = list(card.problems)
    if problems:
        blocks += [Heading("Problems with the data", 2), *bullets([str(problem) for problem in problems])]
    return blocks


def _area(card: Scorecard, area: AreaRating, rows: list[ExceptionRow]) -> list[Block]:
    name = area.title if area.entity is None else f"{area.title}, {area.entity}"
    blocks: list[Block] = [Heading(name, 2)]
    levels = f"Previous {level_words(area.previous)}. Current {level_words(area.rag)}."
    if area.lead:
        levels = f"Lead: {area.lead}. {levels}"
    blocks.append(Paragraph(levels))
    if area.recommendation:
        blocks.append(Paragraph(f"Recommendation: {area.recommendation}"))
    blocks.append(Bullets(tuple(area.explain().splitlines()[:-1])))
    said = card.narrative.get(area.id, Narrative(area.id))
    for title, statements in (("Key developments", said.key_developments), ("Key risks", said.key_risks)):
        if statements:
            blocks += [Heading(title, 3), *bullets(_sentences(statements))]
    why = {row.id: row.why for row in rows}
    # KPIs and actions in the order in which their file has them
    ratings = sorted(card.of_area(area.id, area.entity), key=lambda rating: rating.explanation.rule.line)
    if ratings:
        blocks += [Heading("Priorities", 3), _priorities(ratings, why)]
    if said.progress:
        blocks += [Heading("Progress, with evidence", 3), *bullets(_sentences(said.progress))]
    if said.risks:
        blocks += [Heading("Risks", 3), *bullets(_sentences(said.risks))]
    if rows:
        in_words = [f"{row.title}: {'; '.join(row.why)}" for row in rows]
        blocks += [Heading("Why these rows are in this report", 3), *bullets(in_words)]
    assumed = [r for r in ratings if r.explanation.basis == "assumed" and not r.rag.is_grey]
    if assumed:
        items = [f"{r.title}: {r.explanation.rationale}" for r in assumed]
        blocks += [Heading("Targets that are assumed", 3), *bullets(items)]
    if said.notes:
        blocks += [Heading("Notes on the source", 3), *bullets(_sentences(said.notes))]
    return blocks


def _sentences(statements: Iterable[Statement]) -> list[str]:
    return [f"{s.text} (evidence: {s.evidence})" if s.evidence else s.text for s in statements]


def _priorities(ratings: list[Rated], why: dict[str, tuple[str, ...]]) -> Grid:
    rows = []
    for rating in ratings:
        explained = rating.explanation
        level = level_words(rating.rag)
        if rating.reason:
            level += f": {rating.reason}"
        elif rating.rag != rating.computed:
            level += f" (computed {rating.computed.label})"
        due = Period.of_day(explained.due_day).label if explained.due_day else "—"
        in_report = "yes" if rating.id in why else ""
        rows.append((rating.title, due, level_words(rating.previous), level, in_report))
    headers = ("Priority", "Target date", "Previous", "Level", "Exception")
    return Grid(headers, tuple(rows), (32, 12, 9, 18, 9))
