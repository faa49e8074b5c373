"""Percentages that can be, and that a person should look at: each is rated, and a warning says why."""

from __future__ import annotations

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
USUAL = 'unit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
#: its lines are 2 and 1
SMALL = 'unit = "%"\ndirection = "higher"\ntarget = 2\ntolerance = "1 pp"\n'
#: its lines are -5 and -10, as of a change
CHANGE = 'unit = "%"\ndirection = "higher"\ntarget = -5\ntolerance = "5 pp"\n'
#: its lines are 110 and 100
OVER = 'unit = "%"\ndirection = "higher"\ntarget = 110\ntolerance = "10 pp"\n'
#: nothing is rated, so there are no lines
MONITORED = 'unit = "%"\ndirection = "monitor"\n'


def told(rule: str, *values: object) -> list[str]:
    """The warnings of the months from January on that have these values."""
    book = ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{rule}'})
    rows = [{"kpi": "a.k", "period": f"2020-{month:02}", "value": value} for month, value in enumerate(values, 1)]
    card = book.score(ragengine.Data.of(measurements=rows))
    return [problem.message for problem in card.problems if problem.code == "RAG115"]


@pytest.mark.parametrize(
    ("rule", "value", "kind"),
    [
        (USUAL, -1, "below 0 in a percentage"),
        (USUAL, "-0.01", "below 0 in a percentage"),
        (USUAL, 0, ""),
        (USUAL, "0.84", "at most 1 where its lines are 10 or more: a share written as a percentage?"),
        (USUAL, 1, "at most 1 where its lines are 10 or more: a share written as a percentage?"),
        (USUAL, "1.01", ""),
        (USUAL, 100, ""),
        (USUAL, "100.01", "above 100 in a percentage"),
        (USUAL.replace("90", "10"), -1, "below 0 in a percentage"),
        (SMALL, "0.84", ""),
        (SMALL, -1, "below 0 in a percentage"),
        (CHANGE, -4, ""),
        (CHANGE, "0.84", ""),
        (CHANGE, 101, "above 100 in a percentage"),
        (OVER, 105, ""),
        (OVER, -1, "below 0 in a percentage"),
        (MONITORED, "0.84", ""),
        (MONITORED, -1, "below 0 in a percentage"),
        (USUAL.replace('"%"', '"days"').replace("10 pp", "10 days"), -1, ""),
    ],
)
def test_a_percentage_is_doubted_by_the_lines_of_its_rule(rule: str, value: object, kind: str) -> None:
    """Below 0, above 100 or a share in place of it, unless lines lie there too; 0, 1.01 and 100 are as usual."""
    assert ([f"a.k: the value {value} is {kind}"] if kind else []) == told(rule, value)


@pytest.mark.parametrize(
    ("value", "more", "said"),
    [
        (84, "", []),
        (85, "", ["a.k: the value 85 beside counts that say 84%"]),
        ("83.96", "decimals = 1\n", []),
        (150, "valid = { max = 100 }\n", []),
    ],
)
def test_a_value_beside_other_counts_is_doubted(value: object, more: str, said: list[str]) -> None:
    """Where it was judged, and they differ by more than rounding makes of 84 of 100."""
    files = {"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{USUAL}{more}'}
    row = {"kpi": "a.k", "period": "2020-01", "value": value, "numerator": 84, "denominator": 100}
    card = ragengine.load(files).score(ragengine.Data.of(measurements=[row]))

    assert said == [problem.message for problem in card.problems if not problem.is_error]


def test_those_of_a_kind_are_told_once() -> None:
    """How many there are, and the first of them."""
    assert [
        "a.k: 3 values, 0.84 first, are at most 1 where its lines are 10 or more: a share written as a percentage?",
        "a.k: the value 120 is above 100 in a percentage",
    ] == told(USUAL, "0.84", 84, "0.85", 120, "0.9")
