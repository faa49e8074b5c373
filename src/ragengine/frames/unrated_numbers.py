"""What a row's own cells say before its bands are asked: its word, too few cases, a target that makes no bands."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from ..catalogue.levels import LevelTable
from ..terms import Reason
from .cells import NUMBER, FrameColumns, ReadCells
from .engines import Engine, Frame, unused
from .small_table import SmallTable
from .tables import NONE

__all__ = ["has_too_few", "unusable_targets", "with_words"]


def with_words(
    frame: Frame, engine: Engine, columns: FrameColumns, words: SmallTable, subject: str
) -> tuple[Frame, nw.Expr]:
    """The frame, and the number of each row's word in its rule, known by ``subject``; null where it is none."""
    if not len(words) or not words.keys or "value" not in columns:
        return frame, nw.lit(None, nw.Float64)
    key = unused("word_key")
    said = columns.text("value").str.to_lowercase()
    made = nw.concat_str([nw.col(subject).cast(nw.String), said], separator="\n")
    return engine.look_up(frame.with_columns(made.alias(key)), key, words), nw.col(unused("word"))


def has_too_few(denominator: ReadCells) -> nw.Expr:
    """Whether a row has fewer cases than its rule asks for."""
    least = nw.col(unused("minimum_n"))
    return (least > 0) & (denominator.state == NUMBER) & (denominator.number < least)


def unusable_targets(target: ReadCells, columns: FrameColumns, *, bounded: bool) -> list[tuple[nw.Expr, Any]]:
    """The levels of rows whose target is none or makes no bands; ``bounded`` where some rule asks for one above 0."""
    takes = nw.col(unused("no_target")) != NONE
    bad = (target.state == LevelTable.grey(Reason.INVALID)) if "target" in columns else nw.lit(False)
    cases: list[tuple[nw.Expr, Any]] = [
        (takes & bad, nw.col(unused("bad_target"))),
        (takes & (target.state != NUMBER), nw.col(unused("no_target"))),
    ]
    if bounded:
        not_positive = (nw.col(unused("positive")) == 1) & (target.number <= 0.0)
        cases.append((takes & not_positive, nw.col(unused("bad_target"))))
    return cases
