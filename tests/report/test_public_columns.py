"""The public edition has no column that is empty because the public is not told what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import ragengine
from ragengine.document.blocks import Grid
from ragengine.report.build import report_of_card
from ragengine.report.exception_report import exception_report
from ragengine.report.html.page import html_page
from ragengine.report.model import Report
from ragengine.report.plain import plain_report
from ragengine.report.public import public_cards
from ragengine.report.sheets import sheets_of

NEEDS = "What would change it"
SPAN = 'from = 2020-03-01\nuntil = 2020-12-31\nreason = "R"\nauthority = "Board"\n'
RULES = {
    "book.toml": f'[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n[grace.covid]\n{SPAN}'
    'no_worse_than = "amber"\nwhen = \'"covid" in causes\'\n',
    "a.toml": '[area]\ntitle = "A"\n[kpi.seen]\ntitle = "Seen"\nunit = "%"\ndirection = "higher"\ntarget = 90\n'
    'tolerance = "10 pp"\ngrace = ["covid"]\n[kpi.lost]\ntitle = "Lost"\ndirection = "lower"\ntarget = 2\ntolerance = 1\n'
    '[kpi.judged]\ntitle = "Judged"\ndirection = "lower"\ntarget = 2\ntolerance = 1\n'
    '[action.train]\ntitle = "Train"\ndue = 2020-06-30\n',
}


def reports() -> tuple[Report, Report]:
    """The board's report of two periods, and the public's: with evidence, a judgement, and a row of nothing."""
    book = ragengine.load(RULES)
    rows = [
        {"kpi": "a.seen", "period": period, "value": value, "evidence": "audit", "note": "n"}
        for period, value in (("2020-06", 84), ("2020-07", 70))
    ]
    data = ragengine.Data.of(
        [*rows, {"kpi": "a.judged", "period": "2020-07", "value": 9}],
        [{"action": "a.train", "as_at": "2020-07-31", "status": "in progress", "evidence": "minutes"}],
        [
            {"subject": "a.judged", "rag": "amber", "from": "2020-07-01", "until": "2020-10-31", "reason": "R"}
            | {"authority": "Board", "evidence": "paper 3"}
        ],
    )
    before, card = (book.score(data, period) for period in ("2020-06", "2020-07"))
    public = public_cards(book.rules, [before, card])
    return report_of_card(book, card, (before,)), report_of_card(book, public[1], public[:1], public=True)


def tables(report: Report) -> Iterator[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
    """Every table of the formats: its name, heads and rows."""
    for n, block in enumerate(exception_report(report)):
        if isinstance(block, Grid):
            yield f"text {n}", tuple(block.headers), [tuple(row) for row in block.rows]
    for sheet in sheets_of(report):
        yield f"sheet {sheet.name}", tuple(column.name for column in sheet.columns), [*sheet.rows]


def empty(report: Report) -> set[tuple[str, str]]:
    return {
        (name, head)
        for name, heads, rows in tables(report)
        for n, head in enumerate(heads)
        if all(row[n] in (None, "", "—") for row in rows)
    }


def test_what_the_board_is_told_and_the_public_is_not_has_no_column_there() -> None:
    """A column that the public edition keeps empty is one that the board's has empty too."""
    board, public = reports()
    heads = {name: heads for name, heads, _ in tables(public)}

    assert {head for _, head in empty(public)} <= {head for _, head in empty(board)}
    assert NEEDS not in {head for own in heads.values() for head in own}
    assert "Evidence" not in heads["sheet Ratings"] + heads["sheet Narrative"]
    assert all(len(row) == len(heads) for _, heads, rows in tables(public) for row in rows)
    assert {NEEDS, "Evidence"} <= {head for name, own, _ in tables(board) for head in own}


def test_what_is_no_number_is_still_told() -> None:
    """Why something is not rated, and until when a judgement stands, beside the grounds."""
    _, public = reports()
    [grid] = [block for block in exception_report(public) if isinstance(block, Grid) and block.headers[0] == "Priority"]
    last = {row[0]: row[-1] for row in grid.rows}

    assert last["Lost"] == "Nothing was reported."
    assert "The judgement stands until 31 Oct 2020." in last["Judged"]
    assert last["Judged"].count("The judgement") == 1


@pytest.mark.parametrize("is_public", [False, True])
def test_the_page_has_as_many_cells_as_heads(is_public: bool) -> None:
    """Rows of the table of everything, those that are not rated included."""
    page = html_page(reports()[is_public])
    text = page if isinstance(page, str) else page.decode()
    [table] = re.findall(r'<table class="one.*?</table>', text, re.DOTALL)
    heads = re.findall(r"<th[^>]*columnheader[^>]*>(.*?)</th>", table)
    rows = [row for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL) if "rowheader" in row]

    assert (NEEDS in heads) is not is_public
    for row in rows:
        spans = [int(n) - 1 for n in re.findall(r'colspan="?(\d+)', row)]
        assert len(re.findall(r"<t[hd][ >]", row)) + sum(spans) == len(heads)


def test_a_grace_that_is_refused_says_no_more_to_the_public() -> None:
    """The condition is not told, and no colon waits for it."""
    board, public = reports()
    states = [
        {judgement.state for row in report.rows for judgement in row.judgements if judgement.kind == "grace"}
        for report in (board, public)
    ]

    assert all(state.startswith("not granted: ") for state in states[0])
    assert states[1] == {"not granted"}


def test_templates_are_told_which_edition_it_is() -> None:
    """By ``public`` a template of one's own leaves the column out, as the one for PDF does."""
    board, public = reports()

    assert (plain_report(board)["public"], plain_report(public)["public"]) == (False, True)
