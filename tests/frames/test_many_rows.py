"""Many random rows over whole rulebooks: the levels of frames are those of ``rate_many``."""

from __future__ import annotations

import pytest

import ragengine

pytest.importorskip("polars")
pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

from .compare_million import awkward_frame, books, compare_awkward, compare_levels, compare_wholly, random_frame


@pytest.mark.parametrize("title", ["benchmark", "plan"])
def test_a_hundred_thousand_rows(title: str) -> None:
    """No level of 100,000 rows differs, and no cell of 1,000; a million are compared by compare_million."""
    book: ragengine.Rulebook = books()[title]
    frame = random_frame(book, 100_000, seed=7)

    assert {0} == set(compare_levels(book, frame).values())
    assert {0} == set(compare_wholly(book, frame.head(1_000)).values())


@pytest.mark.parametrize("title", ["benchmark", "plan", "every kind of rule"])
def test_awkward_rows(title: str) -> None:
    """No level or reason of 5,000 rows with every awkward kind of cell differs; compare_million has a million."""
    book: ragengine.Rulebook = books()[title]
    told = compare_awkward(book, awkward_frame(book, 5_000, seed=7))

    assert [] == [row for rows in told.values() for row in rows]
