"""One million random rows, many of them on a line, rated by Polars and by DuckDB and one by one: no difference.

Then as many rows of texts with every awkward kind among them: symbols, long numbers, counts that cannot be, targets.
Then floats on, and one step beside, each line that moves with the target of its row.

    python -m tests.frames.compare_million [ROWS]

Prints a line for each rulebook and engine, and ends with 1 where any row differs.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import polars as pl

import ragengine
from ragengine import frames
from ragengine.number import NumberError, parse_number
from ragengine.ruling import rulings_of
from ragengine.strategies import lines_of

from ..doors.drawn_rows import COUNTS, LONG, near
from .agreement import COMPARED, differences, expected, scalar_ratings
from .drawn import STRANGE
from .every_rule import by_look_ups

__all__ = ["awkward_frame", "books", "compare_awkward", "compare_levels", "compare_wholly", "random_frame"]

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


_LEVELS = ("rag", "adjusted", "computed", "reason")
_TARGETS = (*("50", "80", "57.5") * 6, "0", "-10", None, "", "c", "abc", "50.00000000000000000001")
_INPUTS = (*("0", "1", "57", "99.9", "100") * 4, *STRANGE)


def awkward_frame(book: ragengine.Rulebook, rows: int, seed: int) -> pl.DataFrame:
    """So many rows of texts: values on and beside lines, counts with and without a value, and whatever cells hold.

    Each is of an entity of its own, so that none is another's history.
    """
    random = np.random.default_rng(seed)
    kpis = list(book.kpis.values())
    values = [[*near(kpi, Fraction(80)), *LONG, *STRANGE] for kpi in kpis]

    def some(pool: Sequence[Any]) -> list[Any]:
        return [pool[n] for n in random.integers(0, len(pool), rows)]

    which = random.integers(0, len(kpis), rows)
    plain = np.round(random.uniform(-20, 140, rows), 1)
    spread, kind = random.random(rows), random.random(rows)
    value = [
        str(plain[n]) if kind[n] < 0.4 else values[k][int(spread[n] * len(values[k]))] if kind[n] < 0.7 else None
        for n, k in enumerate(which)
    ]
    counts = [each if kind[n] > 0.6 else (None, None, None) for n, each in enumerate(some(COUNTS))]
    inputs = {name: some(_INPUTS) for name in sorted({name for kpi in kpis for name in kpi.kpi.inputs})}
    columns: dict[str, Any] = {
        "n": np.arange(rows),
        "entity": "row " + pl.Series(np.arange(rows)).cast(pl.String),
        "kpi": [kpis[k].id for k in which],
        "period": some(_PERIODS),
        "value": value,
        **{
            name: [each[place] for each in counts]
            for place, name in enumerate(("numerator", "denominator", "excluded"))
        },
        "target": some(_TARGETS),
        "evidence": some((None, "", " ", "seen")),
        "causes": some((None, "covid", "Covid; flood", "flood")),
    }
    return pl.DataFrame(columns | inputs)


def _levels_of(book: ragengine.Rulebook, row: dict[str, Any]) -> tuple[str | None, ...]:
    """The levels and the reason of a row by ``rate``."""
    kpi = book[row["kpi"]]
    assert isinstance(kpi, ragengine.PreparedKpi)
    inputs = {name: row[name] for name in kpi.kpi.inputs}
    known = {name: row[name] for name in _DETAILS if row[name] is not None}
    rating = kpi.rate(row["value"], row["period"], inputs=inputs, **known)
    return (
        *(str(getattr(rating, name)) for name in _LEVELS[:3]),
        None if rating.reason is None else str(rating.reason),
    )


_DETAILS = ("entity", "numerator", "denominator", "excluded", "target", "evidence", "causes")
_LONGEST = 15


def _may_be_invalid(row: dict[str, Any]) -> bool:
    """Whether a number has more decimals than a lazy engine keeps: to such an engine it is invalid, never rounded."""
    cells = (cell for name, cell in row.items() if isinstance(cell, str) and name not in ("kpi", "entity", "period"))
    return any(len(cell.partition(".")[2]) > _LONGEST or "E-" in cell.upper() for cell in cells)


def compare_awkward(book: ragengine.Rulebook, frame: pl.DataFrame) -> dict[str, list[str]]:
    """By engine, the rows whose levels or reason differ from what ``rate`` says, a line each."""
    rows = frame.to_dicts()
    wanted = [_levels_of(book, row) for row in rows]
    found = {}
    for name, rate in _engines():
        got = rate(frame, book, columns=_LEVELS, suffix="_").select(f"{each}_" for each in _LEVELS).rows()
        found[name] = [
            f"{have}, not {want}: {row}"
            for row, want, have in zip(rows, wanted, got, strict=True)
            if have != want and not (name == "duckdb" and _may_differ(book, row, have[3]))
        ]
    return found


def _may_differ(book: ragengine.Rulebook, row: dict[str, Any], reason: str | None) -> bool:
    """Where the number law lets an engine that is lazy answer otherwise."""
    return (reason == "invalid" and _may_be_invalid(row)) or _added_up(book, row)


def _added_up(book: ragengine.Rulebook, row: dict[str, Any]) -> bool:
    """Whether a value is so near to a line that moves with its target that floats add both up alike."""
    kpi = book[row["kpi"]]
    assert isinstance(kpi, ragengine.PreparedKpi)
    try:
        value, target = parse_number(row["value"] or ""), parse_number(row["target"] or "")
    except NumberError:
        return False
    return any(abs(value - line) <= max(1, abs(target), abs(line)) / 2**44 for line in lines_of(kpi, target))


def _takes_target(kpi: ragengine.PreparedKpi) -> bool:
    return any(ruling.takes_target for ruling in rulings_of(kpi.rules, kpi.kpi))


def beside_frame(book: ragengine.Rulebook, rows: int, seed: int) -> pl.DataFrame:
    """Floats on, one step below and one step above lines that move with the target; empty where none does."""
    random = np.random.default_rng(seed)
    kpis = [each for each in book.kpis.values() if not each.kpi.formula and _takes_target(each)]
    targets = [float(each) for each in np.round(random.uniform(-20, 140, 400), 1)]
    made = []
    for kpi in kpis:
        for target in targets:
            for line in lines_of(kpi, Fraction(repr(target))):
                on = float(line)
                made += [(kpi.id, each, target) for each in (on, math.nextafter(on, -999), math.nextafter(on, 999))]
    chosen = [made[n] for n in random.integers(0, len(made), rows)] if made else []
    return pl.DataFrame(
        {
            "kpi": [kpi for kpi, _, _ in chosen],
            "period": pl.Series(_PERIODS).gather(random.integers(0, len(_PERIODS), len(chosen))),
            "value": pl.Series([value for _, value, _ in chosen], dtype=pl.Float64),
            "target": pl.Series([target for _, _, target in chosen], dtype=pl.Float64),
        }
    )


def compare_beside(book: ragengine.Rulebook, frame: pl.DataFrame) -> list[str]:
    """The rows whose level in an eager frame differs from what ``rate`` says, a line each."""
    got = frames.rate(frame, book, columns=("rag",), suffix="_")["rag_"].cast(pl.String).to_list()
    made = []
    for row, have in zip(frame.to_dicts(), got, strict=True):
        want = str(book.rate(row["kpi"], row["value"], period=row["period"], target=row["target"]).rag)
        if have != want:
            made.append(f"{have}, not {want}: {row}")
    return made


def main(rows: int = 1_000_000, sample: int = 20_000) -> int:
    """Compares and prints; 1 where anything differs."""
    wrong = 0
    for seed, (title, book) in enumerate(books().items()):
        frame = random_frame(book, rows, seed)
        start = time.perf_counter()
        levels, wholly = compare_levels(book, frame), compare_wholly(book, frame.head(sample))
        awkward = compare_awkward(book, awkward_frame(book, rows, seed))
        for engine, told in awkward.items():
            print(f"{title}, {engine}: {len(told):,} of {rows:,} awkward rows differ", *told[:10], sep="\n  ")
        beside = compare_beside(book, beside_frame(book, rows // 10, seed))
        print(
            f"{title}, polars: {len(beside):,} of {rows // 10:,} floats beside a line differ", *beside[:10], sep="\n  "
        )
        wrong += len(beside)
        for engine in levels:
            print(
                f"{title}, {engine}: {levels[engine]:,} of {rows:,} levels differ; "
                f"{wholly[engine]:,} cells of {min(rows, sample):,} rows differ"
            )
        print(f"{title}: {time.perf_counter() - start:.0f} s")
        wrong += sum(levels.values()) + sum(wholly.values()) + sum(map(len, awkward.values()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*(int(each) for each in sys.argv[1:2])))
