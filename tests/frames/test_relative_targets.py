"""Targets made from other rows, in frames: what the engine for one scorecard says, and refused by name where lazy."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine import frames
from ragengine.errors import CannotRate
from ragengine.whole_files import rate_files

from .engines import Engine

BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n'
SOURCES = ("previous", "year ago", "mean of 3", "best of 4", "median of entities", "quartile 1 of entities",
           "decile 9 of entities", "mean of entities")  # fmt: skip
CHANGES = ("", "+1 pp", "-10%")
ENTITIES = ("Bath", "Hull", "Leeds", "York", "")
MONTHS = [*(f"2019-{month:02}" for month in range(6, 13)), *(f"2020-{month:02}" for month in range(1, 9))]


@lru_cache
def book() -> ragengine.Rulebook:
    """A KPI for each source, each with one of the changes."""
    made = '[area]\ntitle = "A"\n'
    for n, source in enumerate(SOURCES):
        change = CHANGES[n % 3]
        by = f', change = "{change}"' if change else ""
        made += f'[kpi.k{n}]\ntitle = "K"\nunit = "%"\ndirection = "{"higher" if n % 2 else "lower"}"\n'
        made += f'target = {{ from = "{source}"{by} }}\ntolerance = "5 pp"\n'
    return ragengine.load({"book.toml": BOOK, "a.toml": made})


@lru_cache
def rows() -> list[dict[str, Any]]:
    """Rows of 15 months, some of them blank or suppressed, of four entities and the whole."""
    made = []
    for k, kpi in enumerate(book().kpis):
        for n, month in enumerate(MONTHS):
            for e, entity in enumerate(ENTITIES):
                value = str((37 * k + 11 * n + 17 * e * e + n * e) % 23 + 70)
                if (k + n + e) % 11 == 0:
                    value = ("", "c", "rubbish")[n % 3]
                made.append({"kpi": kpi, "period": month, "entity": entity, "value": value})
    return made


@lru_cache
def scored() -> list[tuple[str, str | None, float | None]]:
    """Level, reason and target of each row, by the scorecard of its month."""
    rules, given = book(), rows()
    data = ragengine.Data.of(measurements=given)
    cards = {month: rules.score(data, as_at=month) for month in MONTHS}
    made = []
    for row in given:
        rating = cards[row["period"]].ratings[row["kpi"], row["entity"] or None]
        target = None if rating.target is None else float(rating.target)
        made.append((str(rating.rag), None if rating.reason is None else str(rating.reason), target))
    return made


def test_a_frame_says_what_scorecards_say(engine: Engine) -> None:
    """Row by row, in eager frames and in Dask; other lazy engines name KPI and reason before anything starts."""
    rules = book()
    given = rows()
    types = dict.fromkeys(("kpi", "period", "entity", "value"), "string")
    if engine.is_lazy and engine.name != "dask":
        with pytest.raises(CannotRate, match="its target is made from other rows: year ago") as refused:
            frames.rate(engine.make(given, types), rules, suffix="_")
        assert set(refused.value.why) == set(rules.kpis)
        return
    for cells in (given, [row | {"value": _number(row["value"])} for row in given]):
        made = engine.make(cells, types if cells is given else types | {"value": "number"})
        back = engine.back(frames.rate(made, rules, suffix="_"))
        for row, have, (rag, reason, target) in zip(cells, back, scored(), strict=True):
            wanted = (rag, reason if cells is given or reason == "no target" or rag != "grey" else "no data")
            assert wanted == (have["rag_"], have["reason_"]), row
            assert have["target_"] == (None if target is None else pytest.approx(target)), row


def _number(text: str) -> float | None:
    """A cell of a column of numbers: what is none there is not there."""
    return float(text) if text.isdecimal() else None


def test_whole_files_bring_all_entities_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many buckets the rows are sorted into, a target of entities is made from all of its KPI."""
    from ragengine.whole_files import by_kpi

    monkeypatch.setattr(by_kpi, "_BUCKET_ROWS", 100)
    rules = book()
    given = rows()
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(given[0]))
        writer.writeheader()
        writer.writerows(given)
    rate_files(rules, [str(tmp_path / "in.csv")], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        back = list(csv.DictReader(file))

    for row, have, (rag, reason, _) in zip(given, back, scored(), strict=True):
        assert (rag, reason or "") == (have["rag"], have["reason"]), row


def test_a_row_is_explained_with_the_rows_it_was_rated_by() -> None:
    """The frame is its history: the rows of other entities too, where its target needs them."""
    import polars as pl

    rules = ragengine.load(
        {
            "book.toml": BOOK,
            "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\n'
            'target = { from = "median of entities" }\ntolerance = 0\n',
        }
    )
    given = pl.DataFrame({"kpi": "a.k", "period": "2020-07", "entity": ["A", "B", "C"], "value": [70, 80, 90]})
    rated = frames.rate(given, rules)

    rating = frames.explain(rated.head(1), rules, history=given)
    assert "The target is the median of 3 entities (80%), that of B; A is 3rd of 3." in rating.explain()


def test_a_carried_value_brings_the_target_of_its_row_beside_relative_ones(engine: Engine) -> None:
    """What data state of July stands in a blank August, and a target that August states itself; of Hull it is met.

    The other KPI's target is June's value by its own rule: 70 less 1; July's, carried into August, is 80 for August.
    """
    rules = ragengine.load(
        {
            "book.toml": BOOK,
            "a.toml": '[area]\ntitle = "A"\n'
            '[kpi.stated]\ntitle = "K"\nunit = "days"\ndirection = "higher"\ntarget = "from data"\ntolerance = 0\n'
            'missing = "carry forward"\n'
            '[kpi.made]\ntitle = "K"\nunit = "days"\ndirection = "higher"\n'
            'target = { from = "previous", change = "-1" }\ntolerance = 0\nmissing = "carry forward"\n',
        }
    )
    given = [
        {"kpi": f"a.{kpi}", "period": period, "entity": entity, "value": value, "target": target}
        for kpi, entity, period, value, target in (
            ("stated", "Bath", "2020-07", 80.05, 80.5),
            ("stated", "Bath", "2020-08", None, None),
            ("stated", "Hull", "2020-07", 80.05, 80.5),
            ("stated", "Hull", "2020-08", None, 80.0),
            ("made", "Bath", "2020-06", 70.0, None),
            ("made", "Bath", "2020-07", 81.0, 99.0),
            ("made", "Bath", "2020-08", None, None),
        )
    ]
    types = {"kpi": "string", "period": "string", "entity": "string", "value": "number", "target": "number"}
    if engine.is_lazy and engine.name != "dask":
        pytest.skip("targets that are made from other rows are refused by name where rows are far away")
    made = engine.rows(frames.rate(engine.make(given, types), rules, suffix="_", columns=("rag", "target")))
    data = ragengine.Data.of(measurements=given)
    found = {(row["kpi"], row["entity"], row["period"]): (row["rag_"], row["target_"]) for row in made}
    wanted = {
        (row["kpi"], row["entity"], row["period"]): rules.score(data, as_at=row["period"]).ratings[
            row["kpi"], row["entity"]
        ]
        for row in given
    }

    assert found["a.stated", "Bath", "2020-08"] == ("red", 80.5)
    assert found["a.stated", "Hull", "2020-08"] == ("green", 80.0)
    assert found["a.made", "Bath", "2020-07"] == ("green", 69.0)
    assert found["a.made", "Bath", "2020-08"] == ("green", 80.0)
    assert {key: level for key, (level, _) in found.items()} == {key: str(each.rag) for key, each in wanted.items()}
