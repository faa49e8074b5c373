"""Intervals beside their targets in eager frames: what ``book.rate`` says, and looked up in columns."""

from __future__ import annotations

import math
import random
from typing import Any

import polars as pl
import pytest

import ragengine
from ragengine import frames
from ragengine.frames import rating_run

BOOK = '[book]\ntitle = "T"\nedition = "1"\nmissing = "grey"\n'
RULES = {
    "plain": 'direction = "higher"\ntarget = 80.1\ncompare = "interval"',
    "brought": 'direction = "lower"\ntarget = "from data"\ncompare = "interval"\nvalid = { min = 0, max = 100 }',
    "counts": 'direction = "higher"\ntarget = 80.1\ncompare = "interval"\nconfidence = "95%"\nminimum_n = 10',
    "fine": 'direction = "lower"\ntarget = 80.100000000000001\ncompare = "interval"',
    "usual": 'direction = "higher"\ntarget = 80.1\ntolerance = "5 pp"',
}
NUMBERS = ("value", "lower", "upper", "target", "numerator", "denominator")
_SIDES = [80.1, math.nextafter(80.1, 0), math.nextafter(80.1, 100), 80.0, 81.0, 0.0, 100.0, 100.5]


def book(*names: str) -> ragengine.Rulebook:
    rules = "".join(f'[kpi.{name}]\ntitle = "K"\nunit = "%"\n{RULES[name]}\n' for name in names or RULES)
    return ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n{rules}'})


def frame_of(rows: list[dict[str, Any]], kind: Any) -> pl.DataFrame:
    cells = [
        {n: str(c) if kind == pl.String and n in NUMBERS and c is not None else c for n, c in r.items()} for r in rows
    ]
    return pl.DataFrame(
        cells, schema={name: kind if name in NUMBERS else pl.String for name in ("kpi", "entity", *NUMBERS)}
    )


def drawn_rows(seed: int, number: int) -> list[dict[str, Any]]:
    """Rows with each end on, just under and just over the target, some the wrong way round, some cells missing."""
    draw = random.Random(seed)
    made = []
    for n in range(number):
        lower, value, upper = sorted(draw.choices(_SIDES, k=3), reverse=draw.random() < 0.1)
        cells = {"value": value, "lower": lower, "upper": upper, "target": draw.choice(_SIDES),
                 "denominator": draw.choice([5.0, 100.0]), "numerator": 4.0}  # fmt: skip
        lacking = draw.sample(NUMBERS, draw.choice([0, 0, 1, 3]))
        made.append(
            {"kpi": f"a.{draw.choice(list(RULES))}", "entity": str(n)}
            | {name: None if name in lacking else cell for name, cell in cells.items()}
        )
    return made


def told(rating: ragengine.Rating) -> tuple[str, str | None, float | None]:
    reason = None if rating.reason is None else str(rating.reason)
    return str(rating.rag), reason, None if rating.shortfall is None else float(rating.shortfall)


@pytest.mark.parametrize("kind", [pl.Float64, pl.String], ids=str)
@pytest.mark.parametrize("native", [lambda frame: frame, pl.DataFrame.to_pandas, pl.DataFrame.to_arrow])
def test_every_row_is_what_rate_says(native: Any, kind: Any) -> None:
    """Ends on, just under and just over the target, missing, beside a value out of them: level, reason, shortfall."""
    rules, drawn = book(), drawn_rows(1, 300)
    rated = frames.rate(native(frame_of(drawn, kind)), rules, suffix="_")
    found = rated if isinstance(rated, pl.DataFrame) else pl.DataFrame(rated)

    for row, got in zip(drawn, found.to_dicts(), strict=True):
        cells = {name: cell for name, cell in row.items() if cell is not None and name not in ("kpi", "lower", "upper")}
        inputs = {name: row[name] for name in ("lower", "upper") if row[name] is not None}
        rag, reason, short = told(rules.rate(row["kpi"], inputs=inputs, **cells))

        assert (got["rag_"], got["reason_"]) == (rag, reason)
        assert got["shortfall_"] == (None if short is None else pytest.approx(short, abs=1e-9))


def test_ends_are_looked_up_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row of numbers that brings its interval, or whose counts make it, is rated one by one."""
    asked: list[int] = []
    one_by_one = rating_run.rated_one_by_one

    def counted(*given: Any) -> Any:
        asked.append(1)
        return one_by_one(*given)

    monkeypatch.setattr(rating_run, "rated_one_by_one", counted)
    cells = {"value": 84.0, "lower": 80.1, "upper": 90.0, "target": 80.1, "denominator": 100.0, "numerator": 84.0}
    brings = [{"kpi": f"a.{name}", "entity": ""} | cells for name in ("plain", "brought", "counts")]
    rules = book("plain", "brought", "counts")

    of_counts = {**brings[2], "lower": None, "upper": None}
    rated = frames.rate(frame_of([*brings, of_counts], pl.Float64), rules, suffix="_")
    assert rated["rag_"].to_list() == ["amber"] * 4
    assert not asked
