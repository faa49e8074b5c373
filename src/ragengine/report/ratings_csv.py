"""A scorecard's ratings as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from ..display import safe_cell
from ..number import decimal_text
from ..rollup.scorecard import Scorecard

__all__ = ["ratings_csv", "safe_cell"]

_COLUMNS = (
    "area", "id", "kind", "entity", "title", "period", "value", "target", "shortfall", "previous", "computed",
    "adjusted", "rag", "reason", "movement", "cause",
)  # fmt: skip


def _number(written: str | None) -> str:
    """An exact ratio as a decimal a spreadsheet reads: all of its digits, or 28 of those that have no end."""
    if written is None:
        return ""
    try:
        return decimal_text(Fraction(written))
    except ValueError:
        return written


def ratings_csv(card: Scorecard) -> str:
    """Areas first, then KPIs and actions, a row each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for area in card.areas.values():
        movement = area.movement
        writer.writerow(
            map(
                safe_cell,
                (
                    area.id, area.id, "area", area.entity or "", area.title, str(area.period), "", "", "",
                    str(area.previous or ""), str(area.computed), str(area.computed), str(area.rag),
                    str(area.reason or ""), str(movement or ""), str(movement.cause or "") if movement else "",
                ),
            )
        )  # fmt: skip
    for rating in card.ratings.values():
        e = rating.explanation
        writer.writerow(
            map(
                safe_cell,
                (
                    e.subject.partition(".")[0], e.subject, e.kind, e.entity, e.title, e.period, _number(e.value),
                    _number(e.target), _number(e.shortfall), e.previous, e.computed, e.adjusted, e.rag, e.reason,
                    e.movement, e.cause,
                ),
            )
        )  # fmt: skip
    return out.getvalue()
