"""Rates rows of a Parquet file and counts levels by area, beside hand-written Polars; each in a process of its own.

    python benchmarks/hundred_million.py [ROWS] [FOLDER]

Prints seconds, rows a second and the process's peak memory, and checks that both count the same. ROWS is 1e8 and FOLDER
a temporary one if left out.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import frame_workload as w
import numpy as np
import polars as pl

from ragengine import frames

_CHUNK = 5_000_000


def write(path: Path, rows: int) -> None:
    """The measurements, a row group at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    ids = pa.array(w.limits()["kpi"].to_list())
    rng = np.random.default_rng(7)
    writer = None
    for start in range(0, rows, _CHUNK):
        count = min(_CHUNK, rows - start)
        codes = pa.array(rng.integers(0, len(ids), count, dtype=np.int32))
        values = pa.array(np.round(rng.uniform(20, 120, count), 1), mask=rng.random(count) < 0.001)
        table = pa.table({"kpi": pa.DictionaryArray.from_arrays(codes, ids).dictionary_decode(), "value": values})
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=1_000_000)
    if writer is not None:
        writer.close()


def by_hand(path: Path) -> pl.LazyFrame:
    """A join and a chain of when/then."""
    return w.by_hand(pl.scan_parquet(path), w.limits().lazy())


def rated(path: Path) -> pl.LazyFrame:
    """The same by the rulebook."""
    return frames.rate(pl.scan_parquet(path), w.plain_book(), columns=["rag", "reason"])


WAYS = {"by-hand": by_hand, "ragengine": rated}


def run(way: str, path: Path) -> None:
    """One way, in this process."""
    w.plain_book()
    started = time.perf_counter()
    counted = WAYS[way](path).group_by("kpi", "rag").len().collect(engine="streaming")
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    total = counted.with_columns(pl.col("rag").cast(pl.String)).sort("kpi", "rag").hash_rows(seed=1).sum()
    sys.stdout.write(f"{took:.2f} {peak} {counted['len'].sum()} {total}\n")


def main(rows: int, folder: Path) -> int:
    """Both ways three times over, the best of each."""
    path = folder / f"measurements-{rows}.parquet"
    if not path.exists():
        write(path, rows)
    best: dict[str, tuple[float, int]] = {}
    sums = set()
    for _ in range(3):
        for way in WAYS:
            command = [sys.executable, __file__, "--run", way, str(path)]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            seconds, peak = float(said[0]), int(said[1])
            sums.add((said[2], said[3]))
            best[way] = min(best.get(way, (seconds, peak)), (seconds, peak))
    for way, (seconds, peak) in best.items():
        sys.stdout.write(
            f"{way:<10} {seconds:7.2f} s  {rows / seconds / 1e6:6.1f} million rows a second  {peak:,} MiB\n"
        )
    ratio = best["ragengine"][0] / best["by-hand"][0]
    sys.stdout.write(f"ratio {ratio:.2f}; the counts are {'the same' if len(sums) == 1 else 'DIFFERENT'}\n")
    return int(len(sums) != 1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2], Path(sys.argv[3]))
    else:
        rows = int(float(sys.argv[1])) if len(sys.argv) > 1 else 100_000_000
        if len(sys.argv) > 2:
            sys.exit(main(rows, Path(sys.argv[2])))
        with tempfile.TemporaryDirectory() as made:
            sys.exit(main(rows, Path(made)))
