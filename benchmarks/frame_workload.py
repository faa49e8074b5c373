"""Frames for the benchmarks: the same KPIs as :mod:`workload`, millions of rows, and what users write by hand."""

from __future__ import annotations

import os
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
import workload

import ragengine
from ragengine.statistics import exact_poisson

#: rows of a frame; ``RAGENGINE_ROWS=100000`` for a quick look
ROWS = int(float(os.environ.get("RAGENGINE_ROWS", "1e7")))
TWO = ("rag", "reason")


@lru_cache(maxsize=8)
def plain_book(kpis: int = 200) -> ragengine.Rulebook:
    """The benchmark's rules without their grace: nothing in them is dated."""
    text = {name: text.replace('grace = ["covid-19"]\n', "") for name, text in workload.rules_text(kpis).items()}
    return ragengine.load(text)


def _limits(kpis: int) -> dict[str, Any]:
    n = np.arange(kpis)
    higher, target, width = n % 2 == 0, 50.0 + n % 40, 5.0 + n % 7
    return {
        "kpi": [f"area.k{i}" for i in range(kpis)],
        "higher": higher,
        "target": target,
        "amber": np.where(higher, target - width, target + width),
    }


@lru_cache(maxsize=4)
def limits(kpis: int = 200) -> pl.DataFrame:
    """What a user keeps beside the data: direction, target and amber line by KPI."""
    return pl.DataFrame(_limits(kpis))


@lru_cache(maxsize=2)
def frame(rows: int = ROWS, kpis: int = 200) -> pl.DataFrame:
    """So many measurements in random order, one in a thousand without a value."""
    rng = np.random.default_rng(1)
    codes = pl.Series(rng.integers(0, kpis, rows, dtype=np.int32))
    values = pl.Series("value", np.round(rng.uniform(20, 120, rows), 1))
    values = values.set(pl.Series(rng.random(rows) < 0.001), None)
    return pl.DataFrame([limits(kpis)["kpi"].gather(codes), values])


def coded(plain: pl.DataFrame, kpis: int = 200) -> pl.DataFrame:
    """The same with its ids coded once, as a caller does who keeps the frame."""
    return plain.with_columns(pl.col("kpi").cast(pl.Enum(limits(kpis)["kpi"])))


def by_hand(plain: pl.LazyFrame, rules: pl.LazyFrame, **join: Any) -> pl.LazyFrame:
    """Hand-written Polars: a join and a chain of when/then; level and reason."""
    return _rated(plain.join(rules, on="kpi", how="left", **join))


def _rated(joined: pl.LazyFrame, *kept: str) -> pl.LazyFrame:
    c = pl.col
    met = pl.when(c.higher).then(c.value >= c.target).otherwise(c.value <= c.target)
    amber = pl.when(c.higher).then(c.value >= c.amber).otherwise(c.value <= c.amber)
    none = c.value.is_null() | c.value.is_nan()
    level = pl.when(none).then(pl.lit("grey")).when(met).then(pl.lit("green")).when(amber).then(pl.lit("amber"))
    return joined.select(
        "kpi", "value", *kept, rag=level.otherwise(pl.lit("red")), reason=pl.when(none).then(pl.lit("no data"))
    )


_STARTS = (date(2018, 4, 1), date(2019, 4, 1), date(2020, 4, 1))


@lru_cache(maxsize=1)
def dated_book(kpis: int = 200) -> ragengine.Rulebook:
    """Rules whose targets change twice: three windows a KPI."""
    lines = ['[area]\ntitle = "Area"\n']
    for n in range(kpis):
        dates = ", ".join(f"{start} = {50 + n % 40 + step}" for step, start in enumerate(_STARTS))
        lines.append(
            f'\n[kpi.k{n}]\ntitle = "Measure {n}"\nunit = "%"\ndirection = "{"higher" if n % 2 == 0 else "lower"}"\n'
            f'target = {{ {dates} }}\ntolerance = "{5 + n % 7} pp"\n'
        )
    book = '[book]\ntitle = "Benchmark"\nedition = "2020-21"\nmissing = "grey"\n'
    return ragengine.load({"book.toml": book, "area.toml": "".join(lines)})


@lru_cache(maxsize=1)
def dated_frame(rows: int = ROWS, kpis: int = 200) -> pl.DataFrame:
    """The measurements with a period each: the last day of a month of the three years."""
    months = [f"{year}-{month:02d}" for year in (2018, 2019, 2020) for month in range(1, 13)][3:]
    ends = pl.Series([f"{m}-01" for m in months]).str.to_date().dt.month_end()
    codes = pl.Series(np.random.default_rng(2).integers(0, len(months), rows, dtype=np.int32))
    return frame(rows, kpis).with_columns(period=ends.gather(codes))


@lru_cache(maxsize=1)
def dated_limits(kpis: int = 200) -> pl.DataFrame:
    """Three rows a KPI, each with the days between which it holds."""
    base = limits(kpis)
    ends = [*_STARTS[1:], date(2100, 1, 1)]
    return pl.concat(
        base.with_columns(target=pl.col("target") + step, amber=pl.col("amber") + step, start=start, end=end)
        for step, (start, end) in enumerate(zip(_STARTS, ends, strict=True))
    )


def dated_by_hand(plain: pl.LazyFrame, rules: pl.LazyFrame) -> pl.LazyFrame:
    """Hand-written Polars over windows: join by KPI, keep the window that holds."""
    joined = plain.join(rules, on="kpi", how="left")
    return _rated(joined.filter((pl.col.period >= pl.col.start) & (pl.col.period < pl.col.end)), "period")


@lru_cache(maxsize=2)
def beside_others_book(source: str, kpis: int = 100) -> ragengine.Rulebook:
    """KPIs whose targets are made from other rows."""
    book = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'
    rule = f'direction = "higher"\ntarget = {{ from = "{source}" }}\ntolerance = "5 pp"\n'
    rules = "".join(f'[kpi.k{n}]\ntitle = "K"\nunit = "%"\n{rule}' for n in range(kpis))
    return ragengine.load({"book.toml": book, "area.toml": f'[area]\ntitle = "A"\n{rules}'})


@lru_cache(maxsize=1)
def series(rows: int = ROWS // 10, kpis: int = 100) -> pl.DataFrame:
    """A row for each KPI, entity and month in random order: as many entities as months."""
    side = max(int((rows / kpis) ** 0.5), 3)
    rng = np.random.default_rng(1)
    n = rng.permutation(kpis * side * side)
    months = pl.Series([f"{1950 + m // 12}-{m % 12 + 1:02}" for m in range(side)])
    return pl.DataFrame(
        {
            "kpi": pl.Series([f"area.k{k}" for k in range(kpis)]).gather(n // side**2),
            "entity": pl.Series([f"E{e:04}" for e in range(side)]).gather(n // side % side),
            "period": months.gather(n % side),
            "value": np.round(rng.uniform(20, 100, len(n)), 1),
        }
    )


def beside_others_by_hand(plain: pl.DataFrame, source: str) -> pl.DataFrame:
    """What a user writes: a join with the month before, or with medians."""
    rows = plain.lazy()
    if source == "previous":
        keys = ["kpi", "entity", "month"]
        rows = rows.with_columns((pl.col.period + "-01").str.to_date().alias("month"))
        past = rows.select("kpi", "entity", pl.col.month.dt.offset_by("1mo"), target=pl.col.value)
    else:
        keys = ["kpi", "period"]
        value = pl.col.value
        made = {"median": value.median(), "mean": value.mean(), "quartile": value.quantile(0.25, "linear")}
        past = rows.group_by(keys).agg(target=made[source.split()[0]])
    joined = rows.join(past, on=keys, how="left", maintain_order="left")
    level = pl.when(pl.col.target.is_null()).then(pl.lit("grey")).when(pl.col.value >= pl.col.target)
    level = level.then(pl.lit("green")).when(pl.col.value >= pl.col.target - 5).then(pl.lit("amber"))
    return joined.with_columns(rag=level.otherwise(pl.lit("red"))).collect()


@lru_cache(maxsize=1)
def compared_book(kpis: int = 200) -> ragengine.Rulebook:
    """KPIs that compare an interval with a target of their own."""
    book = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'
    rules = "".join(
        f'[kpi.k{n}]\ntitle = "K"\nunit = "%"\ndirection = "{"higher" if n % 2 == 0 else "lower"}"\n'
        f'target = {50 + n % 40}\ncompare = "interval"\n'
        for n in range(kpis)
    )
    return ragengine.load({"book.toml": book, "area.toml": f'[area]\ntitle = "A"\n{rules}'})


@lru_cache(maxsize=1)
def compared_frame(rows: int = ROWS // 10, kpis: int = 200) -> pl.DataFrame:
    """The measurements with an interval each: one in a thousand has a value alone, as many ends the wrong way round."""
    rng = np.random.default_rng(3)
    plain = frame(rows, kpis)
    low, high = (pl.Series(np.round(rng.uniform(0, 10, rows), 1)) for _ in range(2))
    turned = pl.when(pl.Series(rng.random(rows) < 0.001)).then(-1.0).otherwise(1.0)
    kept = pl.when(pl.Series(rng.random(rows) >= 0.001))
    return plain.with_columns(
        lower=kept.then((pl.col.value - low * turned).round(1)),
        upper=kept.then((pl.col.value + high * turned).round(1)),
    )


def compared_by_hand(plain: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """What a user writes: a join, and a chain of when/then over the ends."""
    c, grey = pl.col, pl.lit("grey")
    none, lacking = c.value.is_null(), c.lower.is_null() | c.upper.is_null()
    wrong = (c.lower > c.value) | (c.value > c.upper)
    better = pl.when(c.higher).then(c.lower > c.target).otherwise(c.upper < c.target)
    worse = pl.when(c.higher).then(c.upper < c.target).otherwise(c.lower > c.target)
    level = pl.when(none | lacking | wrong).then(grey).when(better).then(pl.lit("green")).when(worse)
    reason = pl.when(none).then(pl.lit("no data")).when(lacking).then(pl.lit("missing input"))
    joined = plain.lazy().join(rules.lazy(), on="kpi", how="left", maintain_order="left")
    return joined.select(
        *plain.columns, rag=level.then(pl.lit("red")).otherwise(pl.lit("amber")),
        reason=reason.when(wrong).then(pl.lit("invalid")),
    ).collect()  # fmt: skip


_SHARE = 'unit = "%"\n', lambda n: 50 + n % 40
_RATE = 'unit = "per 1,000"\nformula = "1000 * numerator / denominator"\n', lambda n: 5 + n % 10


@lru_cache(maxsize=2)
def counted_book(rates: bool, kpis: int = 200) -> ragengine.Rulebook:
    """KPIs that compare the 95% interval of their counts with a target: Wilson's, or Poisson's of rates."""
    book = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'
    kind, target = _RATE if rates else _SHARE
    rules = "".join(
        f'[kpi.k{n}]\ntitle = "K"\n{kind}direction = "{"higher" if n % 2 == 0 else "lower"}"\n'
        f'target = {target(n)}\ncompare = "interval"\nconfidence = "95%"\n'
        for n in range(kpis)
    )
    return ragengine.load({"book.toml": book, "area.toml": f'[area]\ntitle = "A"\n{rules}'})


@lru_cache(maxsize=2)
def counted_frame(rates: bool, rows: int = ROWS // 10, kpis: int = 200) -> pl.DataFrame:
    """Counts about those targets, a tenth of the rates of fewer than ten cases: one row in a thousand without any."""
    rng = np.random.default_rng(4)
    codes = rng.integers(0, kpis, rows, dtype=np.int32)
    targets = np.array([(_RATE if rates else _SHARE)[1](n) for n in range(kpis)], dtype=float)[codes]
    whole = rng.integers(400, 20_000, rows) if rates else rng.integers(20, 2_000, rows)
    chance = targets * rng.uniform(0.8, 1.2, rows) / (1000 if rates else 100)
    cases = np.minimum(rng.poisson(whole * chance) if rates else rng.binomial(whole, np.minimum(chance, 1)), whole)
    none = pl.Series(rng.random(rows) < 0.001)
    return pl.DataFrame(
        [
            limits(kpis)["kpi"].gather(pl.Series(codes)),
            pl.Series("numerator", cases.astype(float)).set(none, None),
            pl.Series("denominator", whole.astype(float)).set(none, None),
        ]
    )


def counted_by_hand(plain: pl.DataFrame, rules: pl.DataFrame, few: pl.DataFrame | None) -> pl.DataFrame:
    """What a user writes: Wilson's interval; with the exact limits of few cases to be joined, Poisson's of a rate."""
    z, x, n, c = 1.959963984540054, pl.col.numerator, pl.col.denominator, pl.col
    joined = plain.lazy().join(rules.lazy(), on="kpi", how="left", maintain_order="left")
    if few is None:
        half = z * (z * z + 4 * x * (1 - x / n)).sqrt()
        low, high = ((2 * x + z * z + sign * half) / (2 * (n + z * z)) * 100 for sign in (-1, 1))
    else:
        joined = joined.join(few.lazy(), on="numerator", how="left", maintain_order="left")
        y = x + 1
        low = pl.coalesce(c.few_low, x * (1 - 1 / (9 * x) - z / (3 * x.sqrt())).pow(3)) * 1000 / n
        high = pl.coalesce(c.few_high, y * (1 - 1 / (9 * y) + z / (3 * y.sqrt())).pow(3)) * 1000 / n
    joined = joined.with_columns(low=low, high=high)
    better = pl.when(c.higher).then(c.low > c.target).otherwise(c.high < c.target)
    worse = pl.when(c.higher).then(c.high < c.target).otherwise(c.low > c.target)
    none = x.is_null() | n.is_null()
    level = pl.when(none).then(pl.lit("grey")).when(better).then(pl.lit("green")).when(worse).then(pl.lit("red"))
    return joined.select(
        *plain.columns, rag=level.otherwise(pl.lit("amber")), reason=pl.when(none).then(pl.lit(_NO_COUNTS[few is None]))
    ).collect()


#: why a share without counts is grey, and a rate
_NO_COUNTS = {True: "no data", False: "missing input"}


def counted_limits(rates: bool, kpis: int = 200) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """What a user keeps beside the counts: directions and targets, and the exact limits of few cases."""
    known = limits(kpis).select("kpi", "higher")
    rules = known.with_columns(target=pl.Series([float((_RATE if rates else _SHARE)[1](n)) for n in range(kpis)]))
    if not rates:
        return rules, None
    found = [exact_poisson(number, Fraction(95, 100)) for number in range(10)]
    ends = {"few_low": [float(each.lower) for each in found], "few_high": [float(each.upper) for each in found]}
    return rules, pl.DataFrame({"numerator": [float(number) for number in range(10)], **ends})
