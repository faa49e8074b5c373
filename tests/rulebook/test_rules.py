"""What a rulebook is as a whole: its fingerprint, and what of a rule a rating takes along."""

from __future__ import annotations

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
KPI = """[area]
title = "A"
[kpi.k]
title = "K"
unit = "%"
direction = "higher"
target = { 2019-04-01 = 85.5, 2020-04-01 = 90 }
tolerance = "10 pp"
critical = true
review_by = 2021-04-01
[[kpi.k.examples]]
value = 93
period = "2020-07"
rag = "green"
"""


def load(old: str = "", new: str = "") -> ragengine.Rulebook:
    """The rulebook with one thing written in another way."""
    assert old in KPI
    return ragengine.load({"book.toml": BOOK, "a.toml": KPI.replace(old, new) if old else KPI})


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("= 90 }", "= 90.0 }", True),
        ("85.5", "85.50", True),
        ("85.5", "855e-1", True),
        ('unit = "%"\ndirection = "higher"', 'direction = "higher" # better\n\nunit = "%"', True),
        ("85.5", "85.51", False),
        ("= 90 }", "= 900 }", False),
        ("= 90 }", "= 9 }", False),
        ("2020-04-01", "2020-05-01", False),
        ("2019-04-01", "2018-04-01", False),
        ("review_by = 2021-04-01", "review_by = 2021-04-02", False),
        ("critical = true", "critical = false", False),
        ("value = 93", "value = 94", False),
    ],
)
def test_a_fingerprint_is_of_what_is_meant(old: str, new: str, same: bool) -> None:
    """Every number and every day; not how they are written, nor in which order."""
    assert same == (load().fingerprint == load(old, new).fingerprint)


def test_a_rating_takes_the_rule_along_without_its_examples_and_variants() -> None:
    """What rates a value is the same whoever has a rule of its own beside it, and whatever is tried on it."""
    plain = load(KPI[KPI.index("[[") :], "").kpi("a.k").kpi
    with_both = load("critical = true\n", 'critical = true\n[kpi.k.entities."E1"]\ntarget = 80\n').kpi("a.k").kpi

    assert plain.as_rated is plain
    assert ((), {}) == (load().kpi("a.k").kpi.as_rated.examples, with_both.as_rated.entities)
    assert with_both.as_rated.examples == ()
