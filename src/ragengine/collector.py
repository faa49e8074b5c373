"""Python's collector of cycles, kept still while many values are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["kept_still"]


@contextmanager
def kept_still() -> Iterator[None]:
    """Nothing is looked for that could be thrown away: of a million rows that are kept it is looked for in vain.

    Where it was on it is on again afterwards, whatever happens, and where a caller had it off it stays off. Of threads
    that do this at once the first to end may turn it on for the others: they are slower then, and nothing else.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
