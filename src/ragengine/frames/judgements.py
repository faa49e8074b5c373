"""Overrides over columns: each judgement on the rows that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals.stable.v2 as nw

from ..data.model import Override
from ..rating.overrides import agreed, in_force
from ..terms import GREY, Reason, Scale
from .cells import Columns
from .engines import Frame, out
from .periods import DAY

__all__ = ["overridden"]


def overridden(
    frame: Frame,
    scale: Scale,
    overrides: Sequence[Override],
    as_at: date | None,
    columns: Columns,
    known: nw.Expr,
) -> Frame:
    """The frame with the final level as the overrides leave it, each applied in turn as one measurement has them.

    An override without an entity is about all of a KPI's rows; ``as_at`` decides which are in force, else each period's
    last day. Where ``known`` does not hold there is no rating to judge: nobody knows the rule, or the period.
    """
    level, reason = nw.col(out("rag")).cast(nw.String), nw.col(out("reason")).cast(nw.String)
    touched = nw.lit(False)
    for override in sorted(overrides, key=lambda each: (each.start, each.place.line)):
        if scale.read(override.level) is None or (as_at is not None and not in_force(override, as_at)):
            continue
        about = known & (nw.col("kpi").cast(nw.String) == override.subject)
        if override.entity:
            about = about & (columns.text("entity") == override.entity)
        if as_at is None:
            about = about & (nw.col(DAY) >= override.start.toordinal()) & (nw.col(DAY) <= override.until.toordinal())
        day = override.start if as_at is None else as_at
        was = level
        for each in (*scale, GREY):
            made = agreed(each, (override,), day, scale)
            if made != each:
                level = nw.when(about & (was == str(each))).then(nw.lit(str(made))).otherwise(level)
        touched = touched | about
    not_applicable = nw.when(reason.is_null()).then(nw.lit(str(Reason.NOT_APPLICABLE))).otherwise(reason)
    told = nw.when(level == str(GREY)).then(not_applicable).otherwise(nw.lit(None, nw.String))
    return frame.with_columns(
        level.alias(out("rag")), nw.when(touched).then(told).otherwise(reason).alias(out("reason"))
    )
