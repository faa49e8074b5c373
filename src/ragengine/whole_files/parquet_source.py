"""Parquet files in batches; columns keep their types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from .source import BATCH_ROWS, Batch, unusable

__all__ = ["ParquetSource"]


class ParquetSource:
    """A Parquet file; a row's number stands for its line."""

    header_line = 0
    place = "row"

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.part_read = 0.0
        self._scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        try:
            self.schema = self._scan.collect_schema()
            self.rows_guessed = int(self._scan.select(pl.len()).collect().item())
        except (pl.exceptions.PolarsError, OSError) as wrong:
            raise self._broken(wrong) from wrong

    def batches(self) -> Iterator[Batch]:
        start = 1
        reader = self._scan.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)
        try:
            for frame in reader:
                lines = pl.int_range(start, start + frame.height, dtype=pl.UInt64, eager=True)
                start += frame.height
                self.part_read = (start - 1) / max(self.rows_guessed, 1)
                yield Batch(self.name, frame, lines, {})
        except (pl.exceptions.PolarsError, OSError) as wrong:
            raise self._broken(wrong) from wrong
        self.part_read = 1.0

    def _broken(self, wrong: Exception) -> Exception:
        return unusable(self.name, f"cannot be read as Parquet: {str(wrong).splitlines()[0]}")
