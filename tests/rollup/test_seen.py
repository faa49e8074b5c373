"""What becomes of a row is counted and told."""

from __future__ import annotations

from typing import Any

import pytest

import ragengine

BOOK = ragengine.load(
    {
        "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "carry forward"\n',
        "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
        'valid = { max = 100 }\n[action.do]\ntitle = "Do"\ndue = 2020-07-31\n',
    }
)


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ({"value": 95}, None, ""),
        ({"value": ""}, None, ""),
        ({"value": "c"}, None, ""),
        ({"value": "about 90"}, "RAG105", "'about 90': neither a number nor a symbol"),
        ({"value": 101}, "RAG105", "101"),
        ({"numerator": 84}, "RAG108", ""),
        ({"numerator": 9, "denominator": 0}, None, ""),
    ],
)
@pytest.mark.parametrize("before", [[], [{"kpi": "a.k", "period": "2020-06", "value": 85}]])
def test_what_cannot_be_read_or_cannot_be_is_a_problem_of_its_row(
    before: list[dict[str, Any]], row: dict[str, Any], code: str | None, said: str
) -> None:
    """Also where a value of the month before is there to be carried; what is blank or a symbol is none."""
    card = BOOK.score(ragengine.Data.of(measurements=[*before, {"kpi": "a.k", "period": "2020-07", **row}]), "2020-07")
    told = [problem for problem in card.problems if problem.is_error]

    assert [code] * (code is not None) == [problem.code for problem in told]
    assert all(said in problem.message and problem.message.startswith("a.k: ") for problem in told)
    assert card.rows.read == card.rows.rated + card.rows.grey == 1 + len(before)


def test_a_report_without_a_status_is_what_an_action_was_before() -> None:
    """It was grey for want of data in June; in July it is rated, and newly so."""
    reports = [
        {"action": "a.do", "as_at": "2020-06-30", "status": ""},
        {"action": "a.do", "as_at": "2020-07-31", "status": "in progress"},
    ]
    rating = BOOK.score(ragengine.Data.of(actions=reports), "2020-07").ratings["a.do"]

    assert ("grey", "newly rated", "missing") == (rating.previous, str(rating.movement), rating.movement.cause)
