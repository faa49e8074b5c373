"""Steps of work that need no row beside another: done on each partition where a frame has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals.stable.v2 as nw

from .engines import Frame

__all__ = ["on_each_part"]


def on_each_part(frame: Frame, step: Callable[[Frame], Frame]) -> Frame:
    """A step on a frame; of a Dask frame, on each partition, which is a frame of pandas."""
    if not frame.implementation.is_dask():
        return step(frame)
    native = frame.to_native()

    def on_part(part: Any) -> Any:
        return step(nw.from_native(part)).to_native()

    return nw.from_native(native.map_partitions(on_part, meta=on_part(native._meta), enforce_metadata=False))
