"""Dask: each partition is a pandas frame, and is rated as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..book import Rulebook
from ..catalogue import catalogue_of

__all__ = ["by_partition", "on_partitions"]


def by_partition(frame: Any, book: Rulebook, call: Callable[[Any], Any], *, history: bool) -> Any:
    """A Dask frame rated lazily, partition by partition.

    Where a rating may take other rows of its KPI, the rows of one KPI are brought into one partition first.
    """
    if history or catalogue_of(book).takes_history:
        frame = frame.shuffle("kpi")
    return on_partitions(frame, call)


def on_partitions(frame: Any, call: Callable[[Any], Any]) -> Any:
    """What a step on frames of pandas makes of a Dask frame, lazily."""
    return frame.map_partitions(call, meta=call(frame._meta), enforce_metadata=False)
