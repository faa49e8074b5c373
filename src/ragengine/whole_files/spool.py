"""Frames kept on disk, in the order in which they came."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from attrs import define, field

__all__ = ["Cursor", "Spool"]

_LENGTH = 8


@define
class Spool:
    """One file of frames, each behind its length; opened only while it is added to or read."""

    path: Path

    def add(self, frame: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        frame.write_ipc_stream(buffer, compression="lz4")
        with self.path.open("ab") as file:
            file.write(buffer.getbuffer().nbytes.to_bytes(_LENGTH, "big"))
            file.write(buffer.getbuffer())

    def frames(self) -> Iterator[pl.DataFrame]:
        if not self.path.exists():
            return
        place = 0
        while True:
            # opened anew for each frame: there may be more spools than a process may have files open
            with self.path.open("rb") as file:
                file.seek(place)
                length = file.read(_LENGTH)
                if not length:
                    return
                made = file.read(int.from_bytes(length, "big"))
                place = file.tell()
            yield pl.read_ipc_stream(io.BytesIO(made))

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)


@define
class Cursor:
    """Reads a spool whose frames are sorted by a column of numbers, up to a number at a time."""

    _frames: Iterator[pl.DataFrame]
    _column: str
    _rest: pl.DataFrame | None = field(default=None, init=False)

    def below(self, number: int) -> list[pl.DataFrame]:
        """The rows that are left whose number is below this one."""
        found: list[pl.DataFrame] = []
        while True:
            if self._rest is None:
                self._rest = next(self._frames, None)
            if self._rest is None:
                return found
            rest = self._rest
            count = int(rest[self._column].search_sorted(number, side="left"))
            if count:
                found.append(rest.head(count))
            if count < rest.height:
                self._rest = rest.slice(count)
                return found
            self._rest = None
