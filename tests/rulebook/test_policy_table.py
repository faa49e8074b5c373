"""The table of a roll-up over scores, which is made once for all areas that ask for it."""

from __future__ import annotations

import ragengine
from ragengine.rulebook.compile import policy_table

BOOK = """\
[book]
title = "B"
edition = "E"
missing = "grey"
[rollup]
method = "points"
bands = [{ rag = "red", below = 2 }, { rag = "amber", from = 2, below = 3 }, { rag = "green", from = 3 }]
"""
LEVEL = '[[scale.levels]]\nid = "{}"\nlabel = "{}"\nsymbol = "{}"\ncolour = "#083d29"\npoints = {}\n'
NAMED = (("red", "Poor"), ("amber", "Fair"), ("green", "Achieving"))
SCALE = "".join(LEVEL.format(id, label, n, n) for n, (id, label) in enumerate(NAMED, start=1))


def labels(scale: str) -> list[str]:
    """What the levels of the table print."""
    rules = ragengine.load({"book.toml": BOOK + scale, "a.toml": '[area]\ntitle = "A"\n'}).rules
    return [level.label for level in policy_table(rules.rollup, rules.scale).labels]


def test_a_table_prints_the_levels_of_its_own_rulebook() -> None:
    """Two rulebooks whose levels have the same ids, bands and no other name, in one process and in any order."""
    assert labels("") == ["Red", "Amber", "Green"]
    assert labels(SCALE) == ["Poor", "Fair", "Achieving"]
    assert labels("") == ["Red", "Amber", "Green"]
