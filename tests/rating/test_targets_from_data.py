"""Targets that measurements bring, with which a rule makes no table: grey with the reason, never an exception."""

from __future__ import annotations

import pytest

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
    """It is of the target's size, and of 0 nothing: the target is then met or red."""
    rules = book(
        'direction = "higher"\ntarget = "from data"\ntolerance = 5\n'
        f'grace = [{{ name = "wider", {GRACE}, tolerance = "10% of target" }}]\n'
    )

    assert "amber" == str(rules.rate("a.k", 91, period="2020-07", target=100).rag)
    assert "red" == str(rules.rate("a.k", 91, period="2021-07", target=100).rag)
    assert "green" == str(rules.rate("a.k", 91, period="2021-07", target=-20).rag)
    for target, value, level in (
        (-20, -20, "green"),
        (-20, -22, "amber"),
        (-20, -23, "red"),
        (0, 0, "green"),
        (0, -1, "red"),
    ):
        assert level == str(rules.rate("a.k", value, period="2020-07", target=target).rag)


@pytest.mark.parametrize("target", [0, -50])
def test_bands_in_per_cent_of_a_target_that_turns_them_round(target: int) -> None:
    """Their edges are of the target itself, its sign kept: of 0 and of a negative one they do not follow one another."""
    rules = book(
        'direction = "higher"\ntarget = "from data"\nbands = [{ rag = "green", from = "100% of target" }, '
        '{ rag = "amber", from = "90% of target", below = "100% of target" }, { rag = "red", below = "90% of target" }]\n'
    )

    rating = rules.rate("a.k", target, target=target)
    assert ("grey", "invalid") == (str(rating.rag), str(rating.reason))
    assert f"with a target of {target} the bands do not follow one another" in rating.explain()


def test_one_edge_in_per_cent_of_a_negative_target() -> None:
    """One line cannot cross itself: 150% of -50 is -75."""
    rules = book('target = "from data"\ndirection = "higher"\nbands = [{ rag = "green", from = "150% of target" }, { rag = "red", below = "150% of target" }]\n')  # fmt: skip

    assert "green" == str(rules.rate("a.k", -75, target=-50).rag)
    assert "red" == str(rules.rate("a.k", "-75.01", target=-50).rag)


def test_an_amber_line_on_the_better_side_of_the_target() -> None:
    """A fixed amber line serves the targets on its better side and the one on it."""
    rules = book('direction = "lower"\ntarget = "from data"\namber = 14.05\n')

    for target, level in (("5", "amber"), ("14.04", "green"), ("14.05", "green"), ("13", "green"), ("12.9", "amber")):
        assert level == str(rules.rate("a.k", 13, target=target).rag)
    for target in ("14.06", "20"):
        rating = rules.rate("a.k", 13, target=target)
        assert ("grey", "invalid") == (str(rating.rag), str(rating.reason))
        assert f"the amber line 14.05 lies on the better side of the target {target}" in rating.explain()


def test_a_relief_beyond_the_amber_line() -> None:
    """A target relieved to 70 has no amber down to 14.05: the author is told, and what to write."""
    with pytest.raises(
        ragengine.RulebookError, match=r"under the grace g: the amber line 14\.05.*write a tolerance instead"
    ):
        book(f'direction = "lower"\ntarget = 10\namber = 14.05\ngrace = [{{ name = "g", {GRACE}, target = 70 }}]\n')
