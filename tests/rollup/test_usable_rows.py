"""Rows that a scorecard reads in another way than somebody may have meant."""

from __future__ import annotations

import pytest

import ragengine


@pytest.mark.parametrize(
    ("frequency", "written", "odd"),
    [
        ("quarterly", ["2020-06", "2020-06-30", "Q1 2020/21", "2020/21"], 0),
        ("quarterly", ["2020-05", "2020-06-29", "Q1 2020/21"], 2),
        ("monthly", ["2020-06-30", "2020-06", "Q1 2020/21"], 0),
        ("monthly", ["2020-06-29"], 1),
        ("daily", ["2020-06-29", "Q1 2020/21"], 0),
        ("daily", ["2020-06"], 1),
        ("", ["2020-06", "2020-06-29"], 0),
    ],
)
def test_a_day_or_month_that_names_no_period_of_the_kpi_is_warned_of_once(
    frequency: str, written: list[str], odd: int
) -> None:
    """How many rows there are of such periods, shorter than the KPI's own; a longer one is what it says."""
    often = f'frequency = "{frequency}"\n' if frequency else ""
    files = {
        "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 2\n{often}',
    }
    rows = [{"kpi": "a.k", "period": each, "value": 4, "entity": f"E{n}"} for n, each in enumerate(written)]
    card = ragengine.load(files).score(ragengine.Data.of(measurements=rows), as_at="2021-03")
    said = [problem.message for problem in card.problems if "names no such period" in problem.message]

    expected = f"a.k is {frequency}, and {odd} of its rows are of a day or month that names no such period"
    assert [expected] * bool(odd) == said
