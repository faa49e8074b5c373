"""Which rows of a scorecard a board must read, and why each is in."""

from __future__ import annotations

from datetime import timedelta

from attrs import frozen

from ..rating.facts import Change, Movement
from ..rating.phrases import day
from ..terms import Rag
from .card import Card, Rated

__all__ = ["ExceptionRow", "exception_rows"]

#: a target date so near counts as at risk while its row is not at the best level
_NEAR = timedelta(days=28)

_BACKWARDS = frozenset({Change.WORSENED, Change.NO_LONGER_RATED})


@frozen
class ExceptionRow:
    """One row of the exception report.

    Attributes:
        kind: area, kpi or action.
        why: each ground on which it is in: progress, at risk, deteriorated.
    """

    id: str
    kind: str
    area: str
    title: str
    entity: str | None
    rag: Rag
    previous: Rag | None
    movement: Movement | None
    why: tuple[str, ...]


def exception_rows(card: Card) -> list[ExceptionRow]:
    """Rows with progress and evidence for it, with a date at risk, or with a position that deteriorated."""
    rows: list[ExceptionRow] = []
    for area in card.areas.values():
        if area.movement is not None and area.movement.change in _BACKWARDS:
            why = (_deteriorated(area.previous, area.rag),)
            rows.append(
                ExceptionRow(
                    area.id, "area", area.id, area.title, area.entity, area.rag, area.previous, area.movement, why
                )
            )
        for rating in card.of_area(area.id, area.entity):
            grounds = _grounds(card, rating)
            if grounds:
                rows.append(
                    ExceptionRow(
                        rating.id,
                        rating.explanation.kind,
                        area.id,
                        rating.title,
                        rating.entity,
                        rating.rag,
                        rating.previous,
                        rating.movement,
                        tuple(grounds),
                    )
                )
    return rows


def _deteriorated(previous: Rag | None, now: Rag) -> str:
    before = previous.label if previous is not None else "rated"
    return f"deteriorated: {before} to {now.label}"


def _grounds(card: Card, rating: Rated) -> list[str]:
    explained = rating.explanation
    best = card.scale.best
    movement = rating.movement
    grounds = []
    if explained.evidence and (_forward(movement) or rating.rag == best or explained.status == "complete"):
        grounds.append(f"progress, with evidence: {explained.evidence}")
    if not rating.rag.is_grey and rating.rag != best and explained.status != "complete":
        risk = _risk(card, rating)
        if risk:
            grounds.append(f"at risk: {risk}")
    if movement is not None and movement.change in _BACKWARDS:
        grounds.append(_deteriorated(rating.previous, rating.rag))
    return grounds


def _forward(movement: Movement | None) -> bool:
    return movement is not None and movement.change is Change.IMPROVED


def _risk(card: Card, rating: Rated) -> str:
    """Why a date is at risk: the action's due date, or the date by which a KPI should meet its target."""
    explained = rating.explanation
    if not explained.due:
        return ""
    due = explained.due_day
    if due is None:
        return ""
    far = due > card.as_at + _NEAR
    if far and explained.kind == "kpi" and rating.rag != card.scale.worst:
        return ""
    passed = "passed" if due < card.as_at else "is due"
    what = "due date" if explained.kind == "action" else "target date"
    progress = explained.status or rating.rag.label
    return f"{what} {day(due)} {passed}, {progress}"
