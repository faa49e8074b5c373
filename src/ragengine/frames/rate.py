"""Rates every row of a frame by the catalogue of a rulebook, on the frame's own engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw

from ..book import Rulebook
from ..data.collection import Data
from ..data.model import Override
from ..period import period_given
from .absent_ratings import MEASURED
from .engines import engine_of
from .entrance import a_rulebook, as_printed, entered
from .partitions import by_partition
from .rating_run import RatingRun
from .run_needs import OUTPUT
from .scores import SCORE
from .tables import tables_of

__all__ = ["OUTPUT", "day_given", "rate"]


def rate(
    frame: Any,
    book: Rulebook,
    *,
    as_at: str | date | None = None,
    overrides: Data | Iterable[Override] = (),
    history: bool = False,
    columns: Sequence[str] | None = None,
    periods: Iterable[Any] | None = None,
    suffix: str = "",
) -> Any:
    """The frame with the rating of each row beside its own columns: the same kind of frame, lazy where it was lazy.

    Args:
        frame: what narwhals takes, with the columns of ``measurements.csv``: ``kpi``, ``value`` or ``numerator`` and
            ``denominator``, ``period`` where a rule is dated, and those that the rules need (``entity``, ``target``,
            ``evidence``, ``causes``, a formula's inputs).
        as_at: the day on which ``overrides`` are judged; each period's last day where it is None.
        overrides: judgements of named authorities, or the data that hold them.
        history: also ``previous`` and ``movement``, from the rows of the frame. What the rules say of a period without
            a row is known to eager frames and Dask; a lazy frame knows the rows that it has, and nothing of gaps.
        columns: which of :data:`OUTPUT` to add, and ``score``; all where it is None, ``score`` where a rule has one.
        periods: the periods that may stand in a column of texts. Where it is None they are read from the frame, which
            for a lazy frame collects that one column.
        suffix: ends the names of the added columns, where the frame has columns of these names itself.

    Eager frames keep the order of their rows; engines that join (DuckDB, Spark, Dask) keep none. Raises BadArgument for
    a frame that lacks a column or has one of the wrong kind, CannotRate where the engine cannot do what a rule asks.
    """
    reads = (*MEASURED, *a_rulebook(book).rules.inputs)
    scores = tables_of(book).scores
    wanted = (*OUTPUT, *(() if scores is None else (SCORE,))) if columns is None else tuple(columns)
    if nw.dependencies.is_dask_dataframe(frame):
        entered("frame", frame._meta, reads)
        if scores is not None and SCORE in wanted:
            scores.check("dask", windows=False)
        call = partial(
            rate,
            book=book,
            as_at=as_at,
            overrides=overrides,
            history=history,
            columns=columns,
            periods=periods,
            suffix=suffix,
        )
        return by_partition(frame, book, call, history=history)
    made = entered("frame", frame, reads)
    run = RatingRun(book, engine_of(made), as_printed(made, reads))
    return run.rated(day_given(as_at, book), overrides, history, wanted, periods, suffix)


def day_given(as_at: str | date | None, book: Rulebook) -> date | None:
    """The day that an argument names, or the last one of its period; None for None. Raises BadArgument."""
    return None if as_at is None else period_given("as_at", as_at, book.rules.calendar).end
