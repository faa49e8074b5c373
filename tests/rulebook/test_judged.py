"""Written bands under ``decimals``: gaps and overlaps are looked for among values as they are judged."""

from __future__ import annotations

import pytest

import ragengine
from ragengine.rulefile.load import load_rules

BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n'
RULE = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\n'
PUBLISHED = (
    'bands = [{ rag = "green", from = 100 }, { rag = "amber", from = 80.1, to = 99.9 }, { rag = "red", to = 80 }]\n'
)


def texts(keys: str) -> dict[str, str]:
    return {"book.toml": BOOK, "a.toml": RULE + keys}


def refused(keys: str) -> str:
    rules, problems = load_rules(texts(keys))
    assert rules is None
    return "\n".join(map(str, problems))


def test_bands_that_meet_at_the_printed_decimals_have_no_gap() -> None:
    """80.1 to 99.9 beside 100 and 80, at one decimal; what lies between is rounded to one of them."""
    book = ragengine.load(texts(f"{PUBLISHED}decimals = 1\n"))

    for value, level in (
        ("100", "green"), ("99.95", "green"), ("99.94999", "amber"), ("99.9", "amber"), ("80.1", "amber"),
        ("80.05", "amber"), ("80.04999", "red"), ("80", "red"), ("1000", "green"), ("-5", "red"),
    ):  # fmt: skip
        rating = book.rate("a.k", value, period="2020-07")
        assert str(rating.rag) == level, value
        assert rating.explain() and rating.explanation


@pytest.mark.parametrize("decimals", ["", "decimals = 2\n"])
def test_the_same_bands_have_gaps_where_values_have_more_decimals(decimals: str) -> None:
    """Each named, as the values that fall into it."""
    said = refused(PUBLISHED + decimals)

    assert said.count("RAG011") == 2
    assert ("80.01" in said) == bool(decimals)


def test_a_gap_among_judged_values_is_named_by_them() -> None:
    """79.9 is in no band: from 79.9 to below 80 at one decimal."""
    bands = 'bands = [{ rag = "green", from = 80 }, { rag = "red", to = 79.8 }]\ndecimals = 1\n'
    assert "gap from 79.9 to below 80: no band holds it" in refused(bands)


def test_an_overlap_between_judged_values_is_none() -> None:
    """79.94 and 79.96 both round away from where the bands overlap."""
    book = ragengine.load(
        texts('bands = [{ rag = "green", from = 79.92 }, { rag = "red", below = 79.96 }]\ndecimals = 1\n')
    )

    assert str(book.rate("a.k", "79.95", period="2020-07").rag) == "green"
    assert str(book.rate("a.k", "79.94", period="2020-07").rag) == "red"


def test_bands_that_follow_one_another_stay_as_written() -> None:
    """They are shown as their author wrote them."""
    book = ragengine.load(
        texts('bands = [{ rag = "green", above = 79.95 }, { rag = "red", to = 79.95 }]\ndecimals = 1\n')
    )
    bands = book.rules.kpis["a.k"].bands

    assert bands is not None
    (green, red) = bands.values[0]
    assert green.lower is not None and red.upper is not None
    assert (str(green.lower.amount), green.lower_in) == (str(red.upper.amount), False) == ("79.95", False)
    assert red.upper_in
