"""Speed, each figure beside its baseline in the same run: ``pytest benchmarks -o addopts=""``.

The floor is a hand-written if/elif over a dictionary; every rating is compared with it before anything is timed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from workload import PERIODS, Row, book, floor, measurements, rules_text

import ragengine
from ragengine.period import Period, parse_period
from ragengine.rollup.score import scores

ROWS = measurements()


@pytest.fixture(scope="module")
def rulebook() -> ragengine.Rulebook:
    """The benchmark's rulebook, checked against the floor on every row."""
    made, expected = book(), floor()
    assert [expected(*row) for row in ROWS] == made.rate_many(ROWS).levels()
    return made


def _each(rate: Callable[..., Any], rows: list[Row]) -> None:
    for kpi, period, value in rows:
        rate(kpi, period, value)


@pytest.mark.benchmark(group="rating 100,000 measurements")
def test_floor(benchmark: Any) -> None:
    """The baseline: a hand-written function."""
    benchmark(_each, floor(), ROWS)


@pytest.mark.benchmark(group="rating 100,000 measurements")
def test_kpi_rate(benchmark: Any, rulebook: ragengine.Rulebook) -> None:
    """The prepared KPI: goal at most 10 times the floor."""
    calls = [(rulebook[kpi].rate, value, period) for kpi, period, value in ROWS]

    def run() -> None:
        for rate, value, period in calls:
            rate(value, period)

    benchmark(run)


@pytest.mark.benchmark(group="rating 100,000 measurements")
def test_book_rate(benchmark: Any, rulebook: ragengine.Rulebook) -> None:
    """By id: goal at most 20 times the floor."""
    rate = rulebook.rate

    def run() -> None:
        for kpi, period, value in ROWS:
            rate(kpi, value, period=period)

    benchmark(run)


@pytest.mark.benchmark(group="rating 100,000 measurements")
def test_rate_many(benchmark: Any, rulebook: ragengine.Rulebook) -> None:
    """All at once: goal at most 4 times the floor."""
    benchmark(rulebook.rate_many, ROWS)


@pytest.mark.benchmark(group="rating 100,000 measurements")
def test_rate_many_by_dates(benchmark: Any, rulebook: ragengine.Rulebook) -> None:
    """The same with dates for periods: goal at most 4 times the floor too."""
    dated = [(kpi, date(int(period[:4]), int(period[5:]), 28), value) for kpi, period, value in ROWS]
    benchmark(rulebook.rate_many, dated)


@pytest.mark.benchmark(group="rating 100,000 measurements")
def test_looking_at_each_level(benchmark: Any, rulebook: ragengine.Rulebook) -> None:
    """All at once, then each rating made and asked for its level: goal at most 6 times the floor."""
    benchmark(lambda: [rating.rag for rating in rulebook.rate_many(ROWS)])


@pytest.mark.benchmark(group="rating 100,000 measurements")
def test_reading_each_explanation(benchmark: Any, rulebook: ragengine.Rulebook) -> None:
    """The text of each explanation, with nothing kept from before: goal at most 60 times the floor."""

    def fresh() -> tuple[tuple[list[ragengine.Rating]], dict[str, Any]]:
        made = book()
        return ([made.rate(kpi, value, period=period) for kpi, period, value in ROWS],), {}

    def read(ratings: list[ragengine.Rating]) -> None:
        for rating in ratings:
            rating.explain()

    benchmark.pedantic(read, setup=fresh, rounds=3)


RULES = rules_text(2_000)


@pytest.mark.benchmark(group="loading 2,000 KPIs")
def test_tomllib_alone(benchmark: Any) -> None:
    """The baseline: parsing only."""
    benchmark(lambda: [tomllib.loads(text) for text in RULES.values()])


@pytest.mark.benchmark(group="loading 2,000 KPIs")
def test_load(benchmark: Any) -> None:
    """Parsed, validated and ready to rate: goal at most 1.5 times tomllib."""
    benchmark(ragengine.load, RULES)


@pytest.mark.benchmark(group="loading 2,000 KPIs")
def test_load_with_problems(benchmark: Any) -> None:
    """With a fault in every tenth KPI, each with its position: goal at most 3 times tomllib."""
    broken = {name: text.replace("0]\ntitle", "0]\ntitel") for name, text in RULES.items()}
    problems = benchmark(ragengine.check, broken)

    assert len(problems) >= 400


@pytest.fixture(scope="module")
def months() -> tuple[ragengine.Rulebook, ragengine.Data, list[Period]]:
    """200 KPIs measured in each of twelve months."""
    made = book()
    rows = [
        {"kpi": kpi, "period": period, "value": 20 + (n * 7 + m * 13) % 100}
        for n, kpi in enumerate(made.rules.kpis)
        for m, period in enumerate(PERIODS)
    ]
    return made, ragengine.Data.of(measurements=rows), [parse_period(period) for period in PERIODS]


@pytest.mark.benchmark(group="scorecards of twelve months, 2,400 rows")
def test_months_one_by_one(benchmark: Any, months: tuple[ragengine.Rulebook, ragengine.Data, list[Period]]) -> None:
    """The baseline: a scorecard of each month."""
    made, data, periods = months
    benchmark(lambda: [made.score(data, period) for period in periods])


@pytest.mark.benchmark(group="scorecards of twelve months, 2,400 rows")
def test_months_together(benchmark: Any, months: tuple[ragengine.Rulebook, ragengine.Data, list[Period]]) -> None:
    """As ``diff --data`` makes them: rows sorted out once, each measurement rated once."""
    made, data, periods = months
    benchmark(lambda: list(scores(made.rules, made.kpis, data, periods)))


#: an installed package has its bytecode, and so have the dependencies here
_INSTALLED = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, env=_INSTALLED)


@pytest.mark.benchmark(group="starting")
def test_importing_the_dependencies(benchmark: Any) -> None:
    """The baseline: attrs, cattrs and simpleeval."""
    benchmark(_python, "import attrs, cattrs, simpleeval")


@pytest.mark.benchmark(group="starting")
def test_importing_ragengine(benchmark: Any) -> None:
    """Goal at most 1.5 times the dependencies."""
    benchmark(_python, "import ragengine")


@pytest.mark.benchmark(group="starting")
def test_first_rating(benchmark: Any) -> None:
    """Rules loaded and a value rated in a new process: no goal of its own, so that the light import hides nothing."""
    rules = rules_text(1)
    benchmark(_python, f"import ragengine; ragengine.load({rules!r}).rate('area.k0', 84, period='2020-07').rag")


@pytest.mark.benchmark(group="starting")
def test_importing_all_that_rating_needs(benchmark: Any) -> None:
    """The same for scorecards."""
    benchmark(_python, "import ragengine; ragengine.load; ragengine.Scorecard")


@pytest.mark.benchmark(group="starting")
def test_help(benchmark: Any) -> None:
    """``ragengine --help``: goal no slower than the dependencies and argparse."""
    benchmark(
        lambda: subprocess.run(
            [sys.executable, "-m", "ragengine", "--help"], check=True, capture_output=True, env=_INSTALLED
        )
    )
