"""The vectors beside this module, row by row."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent / "vectors"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of vectors."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def each(found: list[dict[str, str]]) -> pytest.MarkDecorator:
    """A test a row, named by its id."""
    return pytest.mark.parametrize("row", found, ids=lambda row: row["id"])


def ratio(printed: str) -> Fraction:
    """A number of a file, as a ratio."""
    return Fraction(printed)


def agree(ours: Fraction, printed: str, digits: int = 12) -> bool:
    """Whether a number is the printed one, to so many digits."""
    said = Fraction(Decimal(printed))
    return abs(ours - said) <= abs(said) * Fraction(1, 10**digits)
