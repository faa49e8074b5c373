"""A comparison as plain values for JSON."""

from __future__ import annotations

from typing import Any

from ...bands import Threshold
from ...number import text
from .changes import BookSide, LevelChange, RulesDiff
from .flips import Flip

__all__ = ["diff_as_json"]


def diff_as_json(found: RulesDiff, labels: tuple[str, str]) -> dict[str, Any]:
    """The whole comparison: numbers as exact texts, days as ISO dates, levels by id."""
    made: dict[str, Any] = {
        "old": _side(found.old, labels[0]),
        "new": _side(found.new, labels[1]),
        "changes": [
            {
                "kind": change.kind,
                "id": change.id,
                "what": change.what,
                "title": change.title,
                "details": list(change.details),
                "levels": [_level(level) for level in change.levels],
            }
            for change in found.changes
        ],
        "reworded": list(found.reworded),
    }
    flips = found.flips
    if flips is not None:
        made["flips"] = {
            "periods": [str(period) for period in flips.periods],
            "ratings": flips.ratings,
            "areas": flips.areas,
            "causes": {cause: len(own) for cause, own in flips.by_cause().items()},
            "flips": [_flip(flip) for flip in flips.flips],
        }
    return made


def _side(side: BookSide, label: str) -> dict[str, str]:
    return {"rules": label, "title": side.title, "edition": side.edition, "fingerprint": side.fingerprint}


def _level(change: LevelChange) -> dict[str, Any]:
    interval = change.interval
    return {
        "where": change.where,
        "lower": None if interval is None else _threshold(interval.lower, starts=True),
        "upper": None if interval is None else _threshold(interval.upper, starts=False),
        "old": str(change.old),
        "new": str(change.new),
        "start": None if change.start is None else change.start.isoformat(),
        "end": None if change.end is None else change.end.isoformat(),
        "under": list(change.under),
        "granted": change.granted,
        "entity": change.entity,
    }


def _threshold(cut: Threshold | None, *, starts: bool) -> dict[str, Any] | None:
    """One end of an interval; ``included`` says whether the number itself lies in it."""
    if cut is None:
        return None
    exactly = str(cut.at) if cut.at.denominator == 1 else f"{cut.at.numerator}/{cut.at.denominator}"
    return {"at": exactly, "text": text(cut.at, grouped=False), "included": cut.reached is starts}


def _flip(flip: Flip) -> dict[str, Any]:
    return {
        "kind": flip.kind,
        "id": flip.id,
        "entity": flip.entity,
        "period": str(flip.period),
        "cause": flip.cause,
        "old": None if flip.old is None else str(flip.old),
        "new": None if flip.new is None else str(flip.new),
        "old_explanation": None if flip.before is None else flip.before.explain(),
        "new_explanation": None if flip.after is None else flip.after.explain(),
    }
