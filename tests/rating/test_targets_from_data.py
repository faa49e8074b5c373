"""Targets that measurements bring, with which a rule makes no table: grey with the reason, never an exception."""

from __future__ import annotations

import ragengine
from ragengine import Rulebook

BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n'
GRACE = 'from = 2020-01-01, until = 2020-12-31, reason = "Closed", authority = "Board"'


def book(keys: str) -> Rulebook:
    """A rulebook of one KPI, a.k, in days."""
    return ragengine.load(
        {"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\n{keys}'}
    )


def test_bands_that_cross_with_the_target() -> None:
    """A fixed edge of 57 and one at 106% of the target follow one another only for targets above 53.77."""
    rules = book(
        'direction = "lower"\ntarget = "from data"\nbands = [{ rag = "green", to = 57 }, '
        '{ rag = "amber", above = 57, to = "106% of target" }, { rag = "red", above = "106% of target" }]\n'
    )

    assert "amber" == str(rules.rate("a.k", 58, target=60).rag)
    for target in (53, 50, 1):
        rating = rules.rate("a.k", 58, target=target)
        assert ("grey", "invalid") == (str(rating.rag), str(rating.reason))
        assert f"with a target of {target} the bands do not follow one another" in rating.explain()


def test_a_relief_in_per_cent_of_a_negative_target() -> None:
    """The rule makes a table of any target, and its relief only of a positive one."""
    rules = book(
        'direction = "higher"\ntarget = "from data"\ntolerance = 5\n'
        f'grace = [{{ name = "wider", {GRACE}, tolerance = "10% of target" }}]\n'
    )

    assert "amber" == str(rules.rate("a.k", 91, period="2020-07", target=100).rag)
    assert "red" == str(rules.rate("a.k", 91, period="2021-07", target=100).rag)
    assert "green" == str(rules.rate("a.k", 91, period="2021-07", target=-20).rag)
    for target, what in ((-20, "a negative target"), (0, "0")):
        rating = rules.rate("a.k", 91, period="2020-07", target=target)
        assert ("grey", "invalid") == (str(rating.rag), str(rating.reason))
        assert f"10% of {what} makes no band" in rating.explain()
