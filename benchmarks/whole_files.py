"""Whole files against plain Polars that copies the same file: ``python benchmarks/whole_files.py 1e7 [FOLDER]``.

Prints seconds, processor seconds with their ratio to the copy's in the same run (other work on the machine changes the
first far more than the second), and the most memory that the process had.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
from workload import rules_text

import ragengine

PLAN = Path(__file__).resolve().parent.parent / "rules"
COPY = {
    ".parquet": "import polars, sys; polars.scan_parquet(sys.argv[1]).sink_parquet(sys.argv[2])",
    ".csv": "import polars, sys; polars.scan_csv(sys.argv[1], infer_schema=False).sink_csv(sys.argv[2])",
}
_STEP = 500_000
_VALUES = pl.Series([n / 10 for n in range(1201)])
_MONTHS = [f"{year}-{month:02d}" for year in (2018, 2019, 2020) for month in range(1, 13)]


def write_measurements(stem: Path, kpis: list[str], rows: int) -> None:
    """Entity, KPI, period, value and a note, one value in 17 missing, as Parquet and as CSV."""
    writer = None
    with stem.with_suffix(".csv").open("wb") as file:
        for start in range(0, rows, _STEP):
            n = pl.int_range(start, min(start + _STEP, rows), eager=True).alias("n")
            which = pl.col("n") // len(_MONTHS)
            frame = n.to_frame().select(
                entity=pl.format("E{}", which // len(kpis) + 10_000_000),
                kpi=pl.lit(pl.Series(kpis)).gather(which % len(kpis)),
                period=pl.lit(pl.Series(_MONTHS)).gather(pl.col("n") % len(_MONTHS)),
                value=pl.when(pl.col("n") % 17 != 0).then(pl.lit(_VALUES).gather(pl.col("n") * 7919 % len(_VALUES))),
                note=pl.lit("as reported"),
            )
            table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            writer = writer or pq.ParquetWriter(stem.with_suffix(".parquet"), table.schema)
            writer.write_table(table)
            frame.write_csv(file, include_header=start == 0)
    assert writer is not None
    writer.close()


def measured(*command: str) -> tuple[float, float, float]:
    """Seconds, processor seconds, and the most memory in MiB, of one process."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(rows: int, folder: Path) -> None:
    bench = folder / "rules"
    bench.mkdir()
    for name, text in rules_text().items():
        (bench / name).write_text(text, encoding="utf-8")
    for title, rules in (("200 KPIs, each row by itself", bench), ("the plan, values carried forward", PLAN)):
        kpis = [kpi.id for kpi in ragengine.load(rules).rules.kpis.values() if not (kpi.words or kpi.inputs)]
        write_measurements(folder / "in", kpis, rows)
        for ending in (".parquet", ".csv"):
            given, made = str(folder / f"in{ending}"), str(folder / f"out{ending}")
            _, copied, _ = measured("-c", COPY[ending], given, made)
            seconds, rated, memory = measured("-m", "ragengine", "score", str(rules), given, "--rows", "-o", made)
            ratio = f"{rated:.1f} s of processor, {rated / copied:.1f} x the copy"
            sys.stdout.write(f"{title}, {ending}: {seconds:.1f} s, {ratio}, {memory:,.0f} MiB\n")
            sys.stdout.flush()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as made:
        main(int(float(sys.argv[1])), Path(made))
