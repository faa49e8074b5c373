"""Which graces are granted, and what is said of those that are not."""

from __future__ import annotations

from fractions import Fraction

import pytest

import ragengine
from ragengine.ruling.granting import Names, granted_of

BOOK = """
[book]
title = "T"
edition = "E"
missing = "grey"
[grace.relief]
from = 2020-01-01
until = 2020-12-31
no_worse_than = "amber"
when = "value / numerator >= 2"
reason = "R"
authority = "A"
"""
AREA = """
[area]
title = "A"
[kpi.k]
title = "K"
unit = "days"
direction = "higher"
target = 10
tolerance = "2 days"
grace = ["relief"]
"""


@pytest.mark.parametrize(
    ("names", "granted", "why"),
    [
        ({"value": Fraction(4), "numerator": Fraction(2)}, True, []),
        ({"value": Fraction(3), "numerator": Fraction(2)}, False, ["its condition does not hold"]),
        ({"value": Fraction(3), "numerator": Fraction(0)}, False, ["its condition divides by zero"]),
        (
            {"value": Fraction(3), "numerator": None},
            False,
            ["numerator not known, and relief that cannot be shown is not given"],
        ),
    ],
)
def test_relief_is_granted_where_its_condition_is_shown_to_hold(names: Names, granted: bool, why: list[str]) -> None:
    """A condition that fails, divides by zero or lacks what it reads grants nothing, and says so."""
    graces = ragengine.load({"book.toml": BOOK, "a.toml": AREA}).rules.kpis["a.k"].graces

    given, refused = granted_of(graces, lambda: names)

    assert (graces if granted else ()) == given
    assert why == [each.why for each in refused]
    assert not any(each.granted for each in refused)
