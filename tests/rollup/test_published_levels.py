"""Levels that were published, beside those that rules and data make."""

from __future__ import annotations

from typing import Any

import pytest

import ragengine
from ragengine.period import parse_period
from ragengine.rollup.score import scores

BOOK = ragengine.load(
    {
        "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n',
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("published", "told"),
    [
        ("a.k,2020-07,,green", []),
        ("a.k,2020-07,,red", ["a.k was published as Red and is Green by rules and data"]),
        ("a.k,2020-06,,red", []),
        ("a.k,2020-07,E1,red", ["a.k was published as Red and is Amber by rules and data"]),
        ("a.k,2020-07,E2,red", []),
        ("a.k,2020-07,E9,red", []),
    ],
)
def test_only_what_is_rated_differs_from_what_was_published(tmp_path, published: str, told: list[str]) -> None:  # type: ignore[no-untyped-def]
    """Of the same period and entity; one that is grey here, or has no row, is compared with nothing."""
    (tmp_path / "measurements.csv").write_text(
        "kpi,period,value,entity\na.k,2020-07,95,\na.k,2020-07,85,E1\na.k,2020-07,c,E2\n"
    )
    (tmp_path / "published.csv").write_text(f"subject,period,entity,rag\n{published}\n")
    card = BOOK.score(ragengine.read(tmp_path), "2020-07")

    assert told == [problem.message for problem in card.problems if problem.code == "RAG112"]


def test_a_month_that_was_reported_without_a_value_is_what_it_was_before() -> None:
    """June's row holds nothing: July is newly rated, also where a judgement is looked for and nothing was published."""
    rows = [
        {"kpi": "a.k", "period": "2020-06", "value": "", "note": "late"},
        {"kpi": "a.k", "period": "2020-07", "value": 95},
    ]
    override = {
        "subject": "a.k",
        "rag": "amber",
        "from": "2020-07-01",
        "until": "2020-07-31",
        "reason": "R",
        "authority": "B",
    }
    plain = BOOK.score(ragengine.Data.of(measurements=rows), "2020-07").ratings["a.k"]
    judged = BOOK.score(ragengine.Data.of(measurements=rows, overrides=[override]), "2020-07").ratings["a.k"]

    assert ("grey", "newly rated", "missing") == (plain.previous, str(plain.movement), plain.movement.cause)
    assert ("grey", "newly rated") == (judged.previous, str(judged.movement))


def test_of_several_scorecards_the_last_is_compared_with_another_where_one_is_given() -> None:
    """Each with what the data say of the period before, and the last of them with what was said elsewhere."""
    months = [parse_period(month) for month in ("2020-06", "2020-07")]
    rows = [{"kpi": "a.k", "period": "2020-06", "value": 85}, {"kpi": "a.k", "period": "2020-07", "value": 95}]
    elsewhere = BOOK.score(ragengine.Data.of(measurements=[{**rows[0], "value": 70}]), "2020-06")

    def before(**given: Any) -> list[Any]:
        cards = scores(BOOK.rules, BOOK.kpis, ragengine.Data.of(measurements=rows), months, **given)
        return [card.ratings["a.k"].previous for card in cards]

    assert [None, "amber"] == before()
    assert [None, "red"] == before(previous=elsewhere)


@pytest.mark.parametrize(
    ("measured", "reported", "latest"),
    [
        (["2020-06", "2020-07"], [], "2020-07"),
        (["2020-07"], ["2020-07-31"], "2020-07"),
        (["2020-07"], ["2020-08-14"], "2020-08"),
        ([], ["2020-08-14", "2020-08-02"], "2020-08-14"),
        (["2020-08-01"], ["2020-08-14"], "2020-08-14"),
        (["2020-08-20"], ["2020-08-14"], "2020-08-20"),
    ],
)
def test_the_latest_period_of_the_data_is_scored(measured: list[str], reported: list[str], latest: str) -> None:
    """Of measurements and reports; a report on a day after the last month is of its own month, or of the day by itself."""
    rows = [{"kpi": "a.k", "period": period, "value": 95} for period in measured]
    reports = [{"action": "a.do", "as_at": day, "status": "in progress"} for day in reported]

    assert latest == str(BOOK.score(ragengine.Data.of(measurements=rows, actions=reports)).period)
