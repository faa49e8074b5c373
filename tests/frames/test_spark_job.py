"""The Spark job that the documentation shows, run as it stands there."""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path

import pytest

from .engines import ENGINES, spark_session

pl = pytest.importorskip("polars")
pytest.importorskip("pyspark")

ROOT = Path(__file__).parents[2]

#: repairs in time: target 92, amber to 85.5; missed collections, lower is better: target 50, amber to 65
MEASUREMENTS = [
    ("corporate.repairs-in-time", 92.0, "green"),
    ("corporate.repairs-in-time", 91.999, "amber"),
    ("corporate.repairs-in-time", 85.5, "amber"),
    ("corporate.repairs-in-time", 85.499, "red"),
    ("corporate.repairs-in-time", None, "grey"),
    ("corporate.missed-collections", 50.0, "green"),
    ("corporate.missed-collections", 50.001, "amber"),
    ("corporate.missed-collections", 65.001, "red"),
]


def test_the_job_of_the_documentation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It reads Parquet, writes a rating for every row in a folder for each area, and prints how many of each level."""
    engine = next(engine for engine in ENGINES if engine.name == "pyspark")
    if engine.lacks:
        pytest.skip(engine.lacks)
    spark_session()
    rows = [{"kpi": kpi, "period": "Q2 2021/22", "value": value} for kpi, value, _ in MEASUREMENTS]
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(tmp_path / "in.parquet")

    main = runpy.run_path(str(ROOT / "docs" / "spark_job.py"))["main"]
    main(str(ROOT / "tests" / "suite" / "brighton"), str(tmp_path / "in.parquet"), str(tmp_path / "out"))

    written = pl.read_parquet(tmp_path / "out" / "area=corporate" / "*.parquet")
    expected = Counter((kpi, value, level) for kpi, value, level in MEASUREMENTS)
    assert expected == Counter(written.select("kpi", "value", "rag").rows())
    assert "|corporate|amber|3" in capsys.readouterr().out.replace(" ", "")
