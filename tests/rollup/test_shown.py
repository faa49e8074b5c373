"""The period of a KPI's own length that a scorecard shows."""

from __future__ import annotations

import pytest

import ragengine
from ragengine.period import parse_period
from ragengine.rollup.shown import shown_period

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'


@pytest.mark.parametrize(
    ("frequency", "measured", "of", "shown"),
    [
        ("", [], "2020-07", "2020-07"),
        ("", ["2020-06", "2020-07"], "2020-07", "2020-07"),
        ("", ["Q1 2020/21"], "2020-07", "Q1 2020/21"),
        ("", ["2020-07-14"], "2020-07", "2020-07-14"),
        ("quarterly", [], "2020-07", "Q1 2020/21"),
        ("quarterly", [], "2020-09", "Q2 2020/21"),
        ("quarterly", ["2020-07"], "2020-07", "2020-07"),
        # the latest day within the month, whatever else was measured; the last of the month where there is none
        ("daily", ["2020-06-30", "2020-07-02", "2020-07-14"], "2020-07", "2020-07-14"),
        ("daily", ["2020-07-02", "2020-07"], "2020-07", "2020-07-02"),
        ("daily", ["2020-06-30"], "2020-07", "2020-07-31"),
        ("daily", ["2020-07-01"], "2020-07", "2020-07-01"),
        ("daily", ["2020-07-31"], "2020-07", "2020-07-31"),
    ],
)
def test_the_latest_of_its_own_length_is_shown(frequency: str, measured: list[str], of: str, shown: str) -> None:
    """By its frequency, else by what was measured last; ended by the scorecard's day."""
    often = f'frequency = "{frequency}"\n' if frequency else ""
    area = f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 2\n{often}'
    kpi = ragengine.load({"book.toml": BOOK, "a.toml": area}).kpi("a.k").kpi

    assert parse_period(shown) == shown_period(kpi, [parse_period(each) for each in measured], parse_period(of))
