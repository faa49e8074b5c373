"""Lengths of time that a workbook holds as parts of a day."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

import ragengine


@pytest.mark.parametrize(
    ("number_format", "value", "told"),
    [
        (
            "[h]:mm",
            datetime.timedelta(hours=26, minutes=30),
            "'26:30': neither a number nor a symbol: 26.5 where hours",
        ),
        (
            "[hh]:mm",
            datetime.timedelta(hours=3, minutes=45),
            "'03:45': neither a number nor a symbol: 3.75 where hours",
        ),
        ("h:mm", datetime.time(4, 10), "'04:10': neither a number nor a symbol: 4.167 where hours"),
    ],
)
def test_a_duration_is_never_a_part_of_a_day(tmp_path: Path, number_format: str, value: object, told: str) -> None:
    """It is what it shows, which no KPI can have as its value: grey, with the number to write."""
    made = openpyxl.Workbook()
    made.active.append(["kpi", "period", "value"])
    made.active.append(["a.k", "2024-07", value])
    made.active["C2"].number_format = number_format
    made.save(tmp_path / "measurements.xlsx")
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "T"\nedition = "1"\nmissing = "grey"\n',
            "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "hours"\ndirection = "lower"\ntarget = 4\ntolerance = 1\n',
        }
    )
    card = book.score(ragengine.read(tmp_path))

    assert str(card.ratings["a.k"].reason) == "invalid"
    assert any(told in problem.message for problem in card.problems)
