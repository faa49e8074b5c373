"""Lengths of time that a workbook holds as parts of a day, and texts that print them."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

import ragengine

_HALF_PAST = datetime.timedelta(hours=26, minutes=30)


def _scored(folder: Path, unit: str) -> ragengine.Scorecard:
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "T"\nedition = "1"\nmissing = "grey"\n',
            "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "{unit}"\ndirection = "lower"\n'
            "target = 4\ntolerance = 1\n",
        }
    )
    return book.score(ragengine.read(folder))


def _workbook(folder: Path, number_format: str, value: object) -> None:
    made = openpyxl.Workbook()
    made.active.append(["kpi", "period", "value"])
    made.active.append(["a.k", "2024-07", value])
    made.active["C2"].number_format = number_format
    made.save(folder / "measurements.xlsx")


@pytest.mark.parametrize(
    ("unit", "number_format", "value", "read"),
    [
        ("hours", "[h]:mm", _HALF_PAST, Fraction(53, 2)),
        ("hours", "[hh]:mm", datetime.timedelta(hours=3, minutes=45), Fraction(15, 4)),
        ("Hours", "h:mm", datetime.time(4, 10), Fraction(25, 6)),
        ("minutes", "[h]:mm", _HALF_PAST, 1590),
        ("minutes", "[mm]:ss", datetime.timedelta(minutes=7, seconds=30), Fraction(15, 2)),
        ("seconds", "[h]:mm:ss", datetime.timedelta(seconds=95), 95),
        ("days", "[h]:mm", datetime.timedelta(hours=36), Fraction(3, 2)),
    ],
)
def test_a_duration_is_a_number_in_the_unit(
    tmp_path: Path, unit: str, number_format: str, value: object, read: Fraction | int
) -> None:
    """A cell that shows 26:30 is 26.5 hours or 1,590 minutes, and never the 1.1 days that the file holds."""
    _workbook(tmp_path, number_format, value)
    card = _scored(tmp_path, unit)

    assert card.ratings["a.k"].value == read
    assert card.problems == ()


@pytest.mark.parametrize("unit", ["children", "working days", ""])
def test_a_duration_where_no_time_is_meant_is_told(tmp_path: Path, unit: str) -> None:
    """Grey, with the number of hours it is."""
    _workbook(tmp_path, "[h]:mm", _HALF_PAST)
    card = _scored(tmp_path, unit)

    assert str(card.ratings["a.k"].reason) == "invalid"
    assert any("'26:30:00': neither a number nor a symbol: 26.5 where hours" in p.message for p in card.problems)


@pytest.mark.parametrize(("unit", "read"), [("hours", Fraction(53, 2)), ("minutes", None)])
def test_a_text_of_hours_and_minutes_is_hours(tmp_path: Path, unit: str, read: Fraction | None) -> None:
    """In a CSV file 26:30 is 26.5 of a KPI in hours; of one in minutes it may be minutes and seconds, and is asked."""
    (tmp_path / "measurements.csv").write_text("kpi,period,value\na.k,2024-07,26:30\n", "utf-8")
    card = _scored(tmp_path, unit)

    assert card.ratings["a.k"].value == read
    assert len(card.problems) == (read is None)
