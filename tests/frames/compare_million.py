"""One million random rows, many of them on a line, rated by Polars and by DuckDB and one by one: no difference.

    python -m tests.frames.compare_million [ROWS]

Prints a line for each rulebook and engine, and ends with 1 where any row differs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import polars as pl

import ragengine
from ragengine import frames

from .agreement import COMPARED, differences, expected, scalar_ratings
from .every_rule import by_look_ups

__all__ = ["books", "compare_levels", "compare_wholly", "random_frame"]

ROOT = Path(__file__).resolve().parents[2]
_PERIODS = [f"{year}-{month:02d}" for year in (2019, 2020, 2021) for month in range(1, 13)]


def books() -> dict[str, ragengine.Rulebook]:
    """The benchmark's 200 KPIs, the improvement plan's, and one of every kind of rule."""
    return {
        "benchmark": ragengine.load(run_path(str(ROOT / "benchmarks" / "workload.py"))["rules_text"]()),
        "plan": ragengine.load(ROOT / "rules"),
        "every kind of rule": by_look_ups(),
    }


def random_frame(book: ragengine.Rulebook, rows: int, seed: int) -> pl.DataFrame:
    """So many rows of plain numbers to one place, from -20 to 140: a line is hit once in a few hundred.

    Each is of an entity of its own, so that none is another's history.
    """
    random = np.random.default_rng(seed)
    kpis = [name for name, kpi in book.kpis.items() if not kpi.kpi.words]
    return pl.DataFrame(
        {
            "n": np.arange(rows),
            "entity": "row " + pl.Series(np.arange(rows)).cast(pl.String),
            "kpi": pl.Series(kpis).gather(random.integers(0, len(kpis), rows)),
            "period": pl.Series(_PERIODS).gather(random.integers(0, len(_PERIODS), rows)),
            "value": np.round(random.uniform(-20, 140, rows), 1),
        }
    )


def _engines() -> Iterator[tuple[str, Any]]:
    yield "polars", lambda frame, book, **asked: frames.rate(frame, book, **asked)
    try:
        import duckdb
    except ImportError:
        return

    def by_duckdb(frame: pl.DataFrame, book: ragengine.Rulebook, **asked: Any) -> pl.DataFrame:
        rated = frames.rate(duckdb.from_arrow(frame.to_arrow()), book, **asked)
        table = rated.to_arrow_table() if hasattr(rated, "to_arrow_table") else rated.arrow()
        made = pl.from_arrow(table)
        assert isinstance(made, pl.DataFrame)
        return made.sort("n")

    yield "duckdb", by_duckdb


def compare_levels(book: ragengine.Rulebook, frame: pl.DataFrame) -> dict[str, int]:
    """By engine, how many rows have another level than ``rate_many`` gives."""
    rows = list(zip(frame["kpi"].to_list(), frame["period"].to_list(), frame["value"].to_list(), strict=True))
    levels = pl.Series("level", book.rate_many(rows).levels())
    return {
        name: int((rate(frame, book, columns=("rag",))["rag"].cast(pl.String) != levels).sum())
        for name, rate in _engines()
    }


def compare_wholly(book: ragengine.Rulebook, frame: pl.DataFrame) -> dict[str, int]:
    """By engine, how many cells of the added columns differ from the engine for one measurement; history aside."""
    rows = frame.to_dicts()
    wanted = [expected(book, row, rating) for row, rating in zip(rows, scalar_ratings(book, rows), strict=True)]
    return {
        name: len(differences(rows, wanted, rate(frame, book).to_dicts(), suffix="", but=COMPARED[-2:]))
        for name, rate in _engines()
    }


def main(rows: int = 1_000_000, sample: int = 20_000) -> int:
    """Compares and prints; 1 where anything differs."""
    wrong = 0
    for seed, (title, book) in enumerate(books().items()):
        frame = random_frame(book, rows, seed)
        start = time.perf_counter()
        levels, wholly = compare_levels(book, frame), compare_wholly(book, frame.head(sample))
        for engine in levels:
            print(
                f"{title}, {engine}: {levels[engine]:,} of {rows:,} levels differ; "
                f"{wholly[engine]:,} cells of {min(rows, sample):,} rows differ"
            )
        print(f"{title}: {time.perf_counter() - start:.0f} s")
        wrong += sum(levels.values()) + sum(wholly.values())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*(int(each) for each in sys.argv[1:2])))
