"""Scores and limits on frames beside hand-written Polars: ``pytest benchmarks/test_scores.py -o addopts=""``.

Goals, in the same run: scores at most 1.5 of the hand-written ones; a cap at most 1.1 of the roll-up without one, and
the same of an area of scores beside one of levels.
Before anything is timed, every result is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
import score_workload as w

from ragengine import frames

COLUMNS = ("rag", "reason", "score")


def timed(benchmark: Any, work: Callable[[], Any]) -> Any:
    """The work, some times over, after one that warms up."""
    return benchmark.pedantic(work, rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("kind", ["points", "rank"])
def test_by_hand(benchmark: Any, kind: str) -> None:
    """The baseline: a join, when/then, and for ranks a window."""
    benchmark.group = kind
    timed(benchmark, w.points_by_hand if kind == "points" else w.ranks_by_hand)


@pytest.mark.parametrize("kind", ["points", "rank"])
def test_scores(benchmark: Any, kind: str) -> None:
    """Level, reason and score."""
    benchmark.group = kind
    made = timed(benchmark, lambda: frames.rate(w.rows(), w.book(kind), columns=COLUMNS))
    by_hand = w.points_by_hand() if kind == "points" else w.ranks_by_hand()

    assert (made["rag"].cast(pl.String) == by_hand["rag"]).all()
    assert made["score"].is_null().equals(by_hand["score"].is_null())
    assert (made["score"] - by_hand["score"]).abs().max() < 1e-9


@pytest.fixture(scope="module")
def rated() -> pl.DataFrame:
    return frames.rate(w.rows(), w.book("caps"), columns=("rag", "reason"))


@pytest.mark.benchmark(group="areas with a cap")
def test_areas_by_hand(benchmark: Any, rated: pl.DataFrame) -> None:
    """The baseline: the levels of the entities' areas alone, by one group_by."""
    timed(benchmark, lambda: w.areas_by_hand(rated))


@pytest.mark.benchmark(group="areas with a cap")
def test_areas_without_a_cap(benchmark: Any, rated: pl.DataFrame) -> None:
    """The baseline for the cap: the same rules without it."""
    timed(benchmark, lambda: frames.roll_up(rated, w.book("rules")))


@pytest.mark.benchmark(group="areas with a cap")
def test_areas(benchmark: Any, rated: pl.DataFrame) -> None:
    """The areas of each entity and period, with the whole, the programme, counts and why: at most 1.1 without a cap."""
    made = timed(benchmark, lambda: frames.roll_up(rated, w.book("caps")))
    by_hand = w.areas_by_hand(rated)
    own = made.filter(pl.col("entity").is_not_null()).select("period", "entity", rag=pl.col("rag"))
    joined = own.join(by_hand, on=["period", "entity"], how="inner", suffix="_by_hand")

    assert len(joined) == len(by_hand)
    assert (joined["rag"] == joined["rag_by_hand"]).all()


@pytest.fixture(scope="module", params=["mean of points", "mean of ranks", "worst 5"])
def scored(request: Any) -> tuple[str, pl.DataFrame]:
    return request.param, frames.rate(w.rows(), w.book(request.param), columns=COLUMNS)


def test_means_by_hand(benchmark: Any, scored: tuple[str, pl.DataFrame]) -> None:
    """The baseline: means of floats by two group_bys; of the worst five there is none."""
    kind, rated = scored
    benchmark.group = f"areas of scores, {kind}"
    timed(benchmark, lambda: w.means_by_hand(rated))


def test_means_in_full_by_hand(benchmark: Any, scored: tuple[str, pl.DataFrame]) -> None:
    """The baseline for all of it: also what nobody reported, what is given twice, and the programme."""
    kind, rated = scored
    benchmark.group = f"areas of scores, {kind}"
    timed(benchmark, lambda: w.means_in_full_by_hand(rated))


def test_means(benchmark: Any, scored: tuple[str, pl.DataFrame]) -> None:
    """The areas of each entity and of the whole by the exact mean of scores, with the programme, counts and why."""
    kind, rated = scored
    benchmark.group = f"areas of scores, {kind}"
    made = timed(benchmark, lambda: frames.roll_up(rated, w.book(kind)))
    if kind == "worst 5":
        return
    by_hand = w.means_in_full_by_hand(rated)
    joined = made.join(by_hand, on=["area", "period", "entity"], how="inner", suffix="_by_hand", nulls_equal=True)

    assert len(joined) == len(by_hand) == len(made)
    for column in ("red", "amber", "green", "grey", "rated", "total"):
        assert (joined[column] == joined[f"{column}_by_hand"]).all()
    assert (joined["score"] - joined["score_by_hand"]).abs().max() < 1e-9
    # a mean of floats may be on the other side of a line that it is near
    near = joined["score"].is_in([2.0, 3.0])
    assert ((joined["rag"] == joined["rag_by_hand"]) | near.fill_null(False)).all()
