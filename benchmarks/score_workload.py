"""Frames for the benchmarks of scores and limits: rules, rows and what users write by hand for the same result."""

from __future__ import annotations

import os
from functools import lru_cache

import numpy as np
import polars as pl

import ragengine

#: rows of a frame; ``RAGENGINE_ROWS=100000`` for a quick look
ROWS = int(float(os.environ.get("RAGENGINE_ROWS", "1e6")))
KPIS, ENTITIES = 200, 500
_HEAD = '[book]\ntitle = "Benchmark"\nedition = "2025"\nmissing = "grey"\n'
_KPI = '[kpi.k{}]\ntitle = "K"\nunit = "days"\ndirection = "higher"\ntarget = {}\ntolerance = 10\n'
_RULES = """[rollup]
rules = [{ rag = "red", when = "red > rated / 2" }, { rag = "amber", when = "red >= 1" }, { rag = "green" }]
"""
_CAP = 'caps = [{ no_better_than = "red", child = "k0", at = "red" }]\n'
_MEAN = """[rollup]
method = "points"
bands = [{ rag = "green", to = 2 }, { rag = "amber", above = 2, to = 3 }, { rag = "red", above = 3 }]
"""
_WORST = _MEAN.replace("bands", 'of = "worst 5"\nbands', 1)
_ROLLUPS = {"caps": _RULES + _CAP, "rules": _RULES, "mean of points": _MEAN, "mean of ranks": _MEAN, "worst 5": _WORST}


def _score(kind: str, n: int) -> str:
    if kind in ("points", "mean of points", "worst 5"):
        low, middle = 60 + n % 10, 75 + n % 10
        return f"score = [{{ at = {low}, points = 4 }}, {{ at = {middle}, points = 2 }}, {{ at = 95, points = 1 }}]\n"
    return 'score = { rank_of = "entities", best = 1, worst = 4 }\n' if kind.startswith(("rank", "mean")) else ""


@lru_cache(maxsize=8)
def book(kind: str) -> ragengine.Rulebook:
    """Rules with a score by ``points`` or ``rank``, and an area by ``rules``, with ``caps``, or by its scores."""
    kpis = "".join(f"{_KPI.format(n, 80 + n % 10)}{_score(kind, n)}" for n in range(KPIS))
    text = f'[area]\ntitle = "A"\n{_ROLLUPS.get(kind, "")}{kpis}'
    return ragengine.load({"book.toml": _HEAD + '[rollup]\nmethod = "worst"\n', "a.toml": text})


@lru_cache(maxsize=1)
def rows() -> pl.DataFrame:
    """Each KPI of each entity in as many months as it takes, one in a thousand without a value."""
    rng = np.random.default_rng(7)
    number = np.arange(ROWS)
    kpi, rest = number % KPIS, number // KPIS
    entity, month = rest % ENTITIES, rest // ENTITIES
    values = pl.Series("value", np.round(rng.uniform(40, 110, ROWS), 1)).set(pl.Series(rng.random(ROWS) < 0.001), None)
    return pl.DataFrame(
        {
            "kpi": pl.Series([f"a.k{n}" for n in range(KPIS)]).gather(kpi.astype(np.uint32)),
            "period": pl.Series([f"{2015 + n // 12}-{n % 12 + 1:02d}" for n in range(120)]).gather(
                month.astype(np.uint32)
            ),
            "entity": pl.Series([f"E{n:04d}" for n in range(ENTITIES)]).gather(entity.astype(np.uint32)),
            "value": values,
        }
    )


@lru_cache(maxsize=1)
def limits() -> pl.DataFrame:
    """What a user keeps beside the data: the lines and the points by KPI."""
    n = np.arange(KPIS)
    return pl.DataFrame(
        {
            "kpi": [f"a.k{i}" for i in range(KPIS)], "target": 80.0 + n % 10, "amber": 70.0 + n % 10,
            "low": 60.0 + n % 10, "middle": 75.0 + n % 10,
        }
    )  # fmt: skip


def _rated() -> pl.LazyFrame:
    c = pl.col
    level = pl.when(c.value.is_null()).then(pl.lit("grey")).when(c.value >= c.target).then(pl.lit("green"))
    level = level.when(c.value >= c.amber).then(pl.lit("amber")).otherwise(pl.lit("red"))
    joined = rows().lazy().join(limits().lazy(), on="kpi", how="left", maintain_order="left")
    return joined.with_columns(rag=level, reason=pl.when(c.value.is_null()).then(pl.lit("no data")))


def points_by_hand() -> pl.DataFrame:
    """Level, reason and the score along three points."""
    c = pl.col
    first = 4 + (c.value - c.low) * -2 / (c.middle - c.low)
    second = 2 + (c.value - c.middle) * -1 / (95 - c.middle)
    score = pl.when(c.value.is_null()).then(None).when(c.value <= c.low).then(4.0).when(c.value >= 95).then(1.0)
    score = score.when(c.value <= c.middle).then(first).otherwise(second)
    return _rated().select("kpi", "period", "entity", "value", "rag", "reason", score=score).collect()


def ranks_by_hand() -> pl.DataFrame:
    """Level, reason and the score of the rank among the entities of a KPI and period."""
    c, keys = pl.col, ("kpi", "period")
    rank, among = c.value.rank("min", descending=True).over(keys), c.value.count().over(keys)
    score = 1 + 3 * (rank - 1) / pl.max_horizontal(among - 1, 1)
    return _rated().select("kpi", "period", "entity", "value", "rag", "reason", score=score).collect()


def areas_by_hand(rated: pl.DataFrame) -> pl.DataFrame:
    """The level of each entity's area in each period: counts, two rules, and a cap by one KPI."""
    c = pl.col
    red = c.rag == "red"
    counted = rated.lazy().group_by("period", "entity").agg(
        red=red.sum(), rated=(c.rag != "grey").sum(), capped=(red & (c.kpi == "a.k0")).any()
    )  # fmt: skip
    level = pl.when(c.rated == 0).then(pl.lit("grey")).when(c.red * 2 > c.rated).then(pl.lit("red"))
    level = level.when(c.red >= 1).then(pl.lit("amber")).otherwise(pl.lit("green"))
    return counted.with_columns(rag=pl.when(c.capped).then(pl.lit("red")).otherwise(level)).collect()


def means_by_hand(rated: pl.DataFrame) -> pl.DataFrame:
    """The area of each entity and of the whole in each period: children by level, the mean of scores, and its level."""
    c = pl.col
    counts = {level: (c.rag == level).sum() for level in ("red", "amber", "green", "grey")}
    entities = (
        rated.lazy().group_by("period", "entity").agg(c.score.sum().alias("sum"), c.score.count().alias("n"), **counts)
    )
    whole = entities.group_by("period").agg(pl.lit(None, pl.String).alias("entity"), c("sum", "n", *counts).sum())
    both = pl.concat([entities, whole.select("period", "entity", "sum", "n", *counts)])
    mean = c.sum / c.n
    level = pl.when(mean <= 2).then(pl.lit("green")).when(mean <= 3).then(pl.lit("amber")).otherwise(pl.lit("red"))
    level = pl.when(c.n == 0).then(pl.lit("grey")).otherwise(level)
    why = pl.format("a score of {} points", mean.round(2))
    return both.with_columns(score=mean, rag=level, why=why, total=c.red + c.amber + c.green + c.grey).collect()


def means_in_full_by_hand(rated: pl.DataFrame) -> pl.DataFrame:
    """The same as :func:`means_by_hand`, with all that the roll-up answers for.

    A KPI given twice for a period is refused, one that was reported before and is not now is grey, and the programme
    is there.
    """
    c, levels = pl.col, ("red", "amber", "green", "grey")
    # of texts the periods of each pair are counted thrice as slowly
    coded = rated.lazy().select(c("kpi", "entity", "period").cast(pl.Categorical))
    pairs = coded.group_by("kpi", "entity").agg(rows=pl.len(), periods=c.period.n_unique(), first=c.period.min())
    pairs = pairs.with_columns(c("entity", "first").cast(pl.String)).collect()
    if (pairs["rows"] != pairs["periods"]).any():
        raise ValueError("a KPI is given twice for a period")
    counts = {level: (c.rag == level).sum() for level in levels}
    there = (
        rated.lazy().group_by("period", "entity").agg(c.score.sum().alias("sum"), c.score.count().alias("n"), **counts)
    )
    periods = rated.lazy().select(c.period.unique())
    first = pairs.lazy().group_by("entity", "first").agg(known=pl.len())
    known = first.join(periods, how="cross").filter(c.first <= c.period).group_by("period", "entity").agg(c.known.sum())
    own = known.join(there, on=["period", "entity"], how="left").with_columns(
        c("n", *levels).fill_null(0), c("sum").fill_null(0)
    )
    own = own.with_columns(grey=c.known - c.red - c.amber - c.green)
    whole = own.group_by("period").agg(pl.lit(None, pl.String).alias("entity"), c("sum", "n", *levels).sum())
    both = pl.concat([own.select(whole.collect_schema().names()), whole])
    mean = c.sum / c.n
    level = pl.when(mean <= 2).then(pl.lit("green")).when(mean <= 3).then(pl.lit("amber")).otherwise(pl.lit("red"))
    level = pl.when(c.n == 0).then(pl.lit("grey")).otherwise(level)
    why = pl.format("a score of {} points", mean.round(2))
    rated_ones = c.red + c.amber + c.green
    areas = both.with_columns(
        area=pl.lit("a"), score=mean, rag=level, why=why, rated=rated_ones, total=rated_ones + c.grey
    )
    areas = areas.drop("sum", "n").collect()
    of_whole = areas.filter(c.entity.is_null())
    programme = of_whole.with_columns(
        pl.lit("programme").alias("area"), pl.lit(None, pl.Float64).alias("score"), total=pl.lit(1, pl.UInt32),
        rated=(c.rag != "grey").cast(pl.UInt32), why=pl.lit("the worst level among those rated"),
        **{each: (c.rag == each).cast(pl.UInt32) for each in levels},
    )  # fmt: skip
    return pl.concat([areas, programme])
