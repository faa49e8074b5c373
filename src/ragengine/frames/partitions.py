"""Dask: each partition is a pandas frame, and is rated as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals.stable.v2 as nw

from ..book import Rulebook
from .catalogue import catalogue_of
from .engines import Frame

__all__ = ["by_partition", "on_each_part"]


def by_partition(frame: Any, book: Rulebook, call: Callable[[Any], Any], *, history: bool) -> Any:
    """A Dask frame rated lazily, partition by partition.

    Where a rating may take other rows of its KPI, the rows of one KPI are brought into one partition first.
    """
    if history or catalogue_of(book).takes_history:
        frame = frame.shuffle("kpi")
    return frame.map_partitions(call, meta=call(frame._meta), enforce_metadata=False)


def on_each_part(frame: Frame, step: Callable[[Frame], Frame]) -> Frame:
    """A step of work on a frame whose rows do not need each other; of a Dask frame, on each partition."""
    if not frame.implementation.is_dask():
        return step(frame)
    native = frame.to_native()

    def on_part(part: Any) -> Any:
        return step(nw.from_native(part)).to_native()

    return nw.from_native(native.map_partitions(on_part, meta=on_part(native._meta), enforce_metadata=False))
