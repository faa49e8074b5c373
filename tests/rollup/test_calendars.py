"""Scorecards of books whose years do not start in April."""

from __future__ import annotations

from pathlib import Path

import pytest

import ragengine

KPI = '[area]\ntitle = "A"\n[kpi.q]\ntitle = "Q"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\nfrequency = "quarterly"\n'
ROWS = "kpi,period,value\na.q,{},95\na.q,{},85\n"


def book(month: str) -> ragengine.Rulebook:
    text = f'[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\nyear_starts = "{month}"\n'
    return ragengine.load({"book.toml": text, "a.toml": KPI})


@pytest.mark.parametrize(
    ("month", "first", "second", "end"),
    [
        ("July", "Q1 2020/21", "Q2 2020/21", "2020-12-31"), ("January", "Q1 2020", "Q2 2020", "2020-06-30"),
        ("April", "Q1 2020/21", "Q2 2020/21", "2020-09-30"),
    ],
)  # fmt: skip
def test_a_scorecard_of_any_years_is_written_and_read_back(
    month: str, first: str, second: str, end: str, tmp_path: Path
) -> None:
    """Its periods are those of the book, in files read with its calendar, on the scorecard and in its JSON."""
    rules = book(month)
    (tmp_path / "measurements.csv").write_text(ROWS.format(first, second), encoding="utf-8")
    card = rules.score(ragengine.read(tmp_path, calendar=rules.rules.calendar))
    again = ragengine.Scorecard.from_json(card.to_json())

    assert card.period.label == again.period.label == second
    assert card.period.end.isoformat() == end
    for each in (card, again):
        rating = each.ratings["a.q"]
        assert (str(rating.rag), str(rating.previous), rating.period and rating.period.label) == (
            "amber",
            "green",
            second,
        )
        assert each.to_json() == card.to_json()
    assert ("year_starts" in card.to_json()) == (month != "April")


def test_what_was_read_by_another_calendar_is_read_again(tmp_path: Path) -> None:
    """The text decides: Q1 of a year that starts in July ends in September, however the file was read."""
    rules = book("July")
    (tmp_path / "measurements.csv").write_text(ROWS.format("Q1 2020/21", "Q2 2020/21"), encoding="utf-8")

    assert rules.score(ragengine.read(tmp_path)).period.end.isoformat() == "2020-12-31"


def test_json_with_a_month_that_is_none_is_refused(tmp_path: Path) -> None:
    """As any other value that a scorecard cannot have."""
    rules = book("July")
    (tmp_path / "measurements.csv").write_text(ROWS.format("Q1 2020/21", "Q2 2020/21"), encoding="utf-8")
    written = rules.score(ragengine.read(tmp_path)).to_json()

    for month in ("13", "0", '"July"'):
        with pytest.raises(ragengine.ScorecardFormatError):
            ragengine.Scorecard.from_json(written.replace('"year_starts": 7', f'"year_starts": {month}'))
