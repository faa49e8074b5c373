"""The scorecards of a report's lines."""

from __future__ import annotations

import ragengine
from ragengine.report.series import cards_of

BOOK = '[book]\ntitle = "B"\nedition = "e"\nmissing = "grey"\n[rollup]\nmethod = "worst"\n'
RULE = '[kpi.{}]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n{}\n'
AREA = f'[area]\ntitle = "A"\n{RULE.format("quarter", "frequency = " + chr(34) + "quarterly" + chr(34))}'
AREA += RULE.format("month", "") + RULE.format("new", "") + '[action.x]\ntitle = "X"\ndue = 2020-08-15\n'
ROWS = [
    ("quarter", "Q4 2019/20", 95), ("quarter", "Q1 2020/21", 70), ("month", "2020-06", 95), ("month", "2020-07", 85),
    ("month", "2020-08", 95), ("new", "2020-08", 70),
]  # fmt: skip


def test_the_last_scorecard_of_a_report_is_that_of_score() -> None:
    """The previous level of each rating and area too: of a quarter that July showed already, of an area that grew."""
    book = ragengine.load({"book.toml": BOOK, "a.toml": AREA})
    rows = [{"kpi": f"a.{kpi}", "period": period, "value": value} for kpi, period, value in ROWS]
    reports = [{"action": "a.x", "as_at": "2020-07-20", "status": "in progress"}]
    data = ragengine.Data.of(measurements=rows, actions=reports)

    alone = book.score(data, as_at="2020-08")
    *_, last = cards_of(book, data, "2020-08", 6)

    assert alone.to_json() == last.to_json()
    assert str(last.ratings["a.quarter"].previous) == "green"
    assert last.areas["a"].previous is None
