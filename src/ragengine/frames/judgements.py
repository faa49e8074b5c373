"""Overrides over columns: each judgement on the rows that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals.stable.v2 as nw

from ..data.model import Override
from ..rating.overrides import agreed, in_force, usable
from ..terms import GREY, Reason, Scale
from .cells import FrameColumns, first_of
from .engines import Frame, out, unused
from .periods import DAY

__all__ = ["as_remembered", "with_overrides"]


def with_overrides(
    frame: Frame,
    scale: Scale,
    overrides: Sequence[Override],
    as_at: date | None,
    columns: FrameColumns,
    known: nw.Expr,
) -> Frame:
    """The frame with the final level as the overrides leave it, each applied in turn as one measurement has them.

    An override without an entity is about the rows that have none; ``as_at`` decides which are in force, else each
    period's last day. Where ``known`` does not hold there is no rating to judge: nobody knows the rule, or the period.
    """
    level, reason, touched = out("rag"), nw.col(out("reason")).cast(nw.String), unused("judged")
    frame = frame.with_columns(nw.lit(False).alias(touched))
    frame = _judged(frame, level, scale, overrides, as_at, columns, known, touched)
    not_applicable = nw.when(reason.is_null()).then(nw.lit(str(Reason.NOT_APPLICABLE))).otherwise(reason)
    told = nw.when(nw.col(level) == str(GREY)).then(not_applicable).otherwise(nw.lit(None, nw.String))
    return frame.with_columns(nw.when(nw.col(touched)).then(told).otherwise(reason).alias(out("reason")))


def as_remembered(
    frame: Frame, scale: Scale, overrides: Sequence[Override], columns: FrameColumns, known: nw.Expr
) -> tuple[Frame, str]:
    """The frame with the level that later rows remember of each, and its column: judged on its period's last day."""
    name = unused("remembered")
    frame = frame.with_columns(nw.col(out("adjusted")).cast(nw.String).alias(name))
    return _judged(frame, name, scale, overrides, None, columns, known, None), name


def _judged(
    frame: Frame,
    level: str,
    scale: Scale,
    overrides: Sequence[Override],
    as_at: date | None,
    columns: FrameColumns,
    known: nw.Expr,
    touched: str | None,
) -> Frame:
    """The frame with a column of levels as overrides leave them; ``touched`` is the column of what one was about."""
    frame = frame.with_columns(nw.col(level).cast(nw.String))
    for override in usable(overrides, scale):
        if (as_at is not None and not in_force(override, as_at)) or _is_of_area(override):
            continue
        about = known & (nw.col("kpi").cast(nw.String) == override.subject)
        about = about & (columns.text("entity") == (override.entity or ""))
        if as_at is None:
            about = about & (nw.col(DAY) >= override.start.toordinal()) & (nw.col(DAY) <= override.until.toordinal())
        day = override.start if as_at is None else as_at
        made = {str(each): str(agreed(each, (override,), day, scale)) for each in (*scale, GREY)}
        changed = [(about & (nw.col(level) == was), now) for was, now in made.items() if now != was]
        # a step for each: the expression of one within that of the next would grow without bounds
        steps = {level: first_of(*changed, otherwise=nw.col(level))}
        if touched is not None:
            steps[touched] = nw.col(touched) | about
        frame = frame.with_columns(**steps)
    return frame


def _is_of_area(override: Override) -> bool:
    """Whether a judgement is on an area, as an id without a dot is: those count where areas are rolled up."""
    return "." not in override.subject
