"""Levels by their aliases wherever a level is named, and the names that no level can have."""

from __future__ import annotations

import pytest

import ragengine
from ragengine.rulefile.load import load_rules
from ragengine.workbench.testing.case_runner import run_cases

LEVELS = """
[[scale.levels]]
id = "inadequate"
label = "Inadequate"
symbol = "1"
colour = "#651b1b"
points = 1
[[scale.levels]]
id = "requires_improvement"
label = "Requires improvement"
symbol = "2"
colour = "#7a3c1c"
points = 2
aliases = ["RI", "needs work"]
[[scale.levels]]
id = "good"
label = "Good"
symbol = "3"
colour = "#083d29"
points = 3
aliases = ["G"]
"""
BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n'
BANDS = '[{ rag = "G", from = 80 }, { rag = "RI", from = 50, below = 80 }, { rag = "Inadequate", below = 50 }]'
AREA = f"""
[area]
title = "A"
[kpi.k]
title = "K"
direction = "higher"
bands = {BANDS}
grace = [{{ from = 2020-01-01, until = 2020-12-31, reason = "R", authority = "A", no_better_than = "ri" }}]
examples = [{{ value = 85, period = "2019-07", rag = "g" }}, {{ value = 85, period = "2020-07", rag = "needs work" }}]
[kpi.w]
title = "W"
words = {{ no = "inadequate", partly = "RI", yes = "g" }}
examples = [{{ value = "partly", rag = "RI" }}]
[action.x]
title = "X"
due = 2020-09-30
bands = [{{ rag = "g", to = 0 }}, {{ rag = "inadequate", above = 0 }}]
complete = "RI"
"""
CASES = """
[[case]]
name = "an area"
area = "a"
ratings = { k = "RI", w = "G", x = "g" }
expect = { rag = "needs work" }
"""


@pytest.mark.parametrize(
    "rollup",
    [
        'rules = [{ rag = "RI", when = "requires_improvement >= 1" }, { rag = "G" }]',
        'method = "share"\nof = "G"\nbands = [{ rag = "G", from = 90 }, { rag = "RI", from = 20, below = 90 }, { rag = "inadequate", below = 20 }]',
        'method = "points"\nbands = [{ rag = "G", from = 2.9 }, { rag = "RI", from = 2, below = 2.9 }, { rag = "inadequate", below = 2 }]',
    ],
)  # fmt: skip
def test_an_alias_is_read_wherever_a_level_is_named(rollup: str) -> None:
    """Bands, words, graces, complete, roll-ups, examples and cases; what comes out is the level's id."""
    book = ragengine.load({"book.toml": f"{BOOK}[rollup]\n{rollup}\n{LEVELS}", "a.toml": AREA, "a.cases.toml": CASES})
    results = list(run_cases(book.rules))

    assert str(book.rate("a.k", 85, period="2019-07").rag) == "good"
    assert str(book.rate("a.k", 85, period="2020-07").rag) == "requires_improvement"
    assert str(book.rate("a.w", "partly", period="2020-07").rag) == "requires_improvement"
    assert book.rules.actions["a.x"].complete == "requires_improvement"
    assert len(results) == 4
    assert [(result.name, result.wrong) for result in results if not result.passed] == []


def test_the_short_forms_of_the_usual_scale_are_of_data_alone() -> None:
    """In a rule ``yellow`` is a slip."""
    rules, problems = load_rules({"book.toml": BOOK, "a.toml": AREA.replace('"G"', '"yellow"')})

    assert rules is None
    assert any("the scale has no level 'yellow'" in str(problem) for problem in problems)


@pytest.mark.parametrize(
    "taken", ["total", "rated", "worst", "grey", "if", "and", "or", "not", "else", "in", "min", "round", "critical_red", "class", "none"]
)  # fmt: skip
def test_an_id_that_a_roll_up_has_for_itself_is_refused(taken: str) -> None:
    """Where the scale is read, at its place."""
    levels = LEVELS.replace("inadequate", taken, 1)
    rules, problems = load_rules({"book.toml": BOOK + levels, "a.toml": '[area]\ntitle = "A"\n'})

    assert rules is None
    assert any(str(problem).startswith("book.toml:7:6: error RAG007") for problem in problems), problems


def test_a_name_that_two_levels_have_is_refused() -> None:
    """It would be read as one of them."""
    rules, problems = load_rules(
        {"book.toml": BOOK + LEVELS.replace('"needs work"', '"good"'), "a.toml": '[area]\ntitle = "A"\n'}
    )

    assert rules is None
    assert "are both called" in str(problems[0])
