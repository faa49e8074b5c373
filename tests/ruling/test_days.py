"""What an action is rated on each day is one table, and rating it on a day looks it up."""

from __future__ import annotations

from datetime import date, timedelta
from textwrap import dedent

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.book import PreparedAction
from ragengine.ruling.days import Standing, granted_always, levels_by_day, spans_of
from ragengine.strategies import actions
from ragengine.terms import Status

BOOK = """
[book]
title = "Plan"
edition = "2020-21"
missing = "grey"
"""


def action(body: str, due: str = "2020-09-30") -> PreparedAction:
    area = '[area]\ntitle = "A"\n[action.x]\ntitle = "X"\n' + f"due = {due}\n" + dedent(body)
    book = ragengine.load({"book.toml": BOOK, "a.toml": area})
    found = book["a.x"]
    assert isinstance(found, PreparedAction)
    return found


@given(data=st.data(), status=st.sampled_from((Status.IN_PROGRESS, Status.COMPLETE)), recorded=st.booleans())
def test_the_table_of_days_gives_what_rating_each_day_gives(
    data: st.DataObject, status: Status, recorded: bool
) -> None:
    """On, just before and just after each day on which something changes, and far from all of them."""
    prepared = data.draw(actions())
    if prepared.action.formula is not None:
        return
    evidence = "recorded" if recorded else ""
    table = levels_by_day(prepared.rules, prepared.action, Standing(status=status, evidence=evidence))
    cuts = [date.fromordinal(int(cut.at)) for cut in table.thresholds]
    days = {date(1990, 1, 1), date(2090, 1, 1), *(cut + timedelta(days=by) for cut in cuts for by in (-1, 0, 1))}

    for day in days:
        completed_on = day if status is Status.COMPLETE else None
        rated = prepared.rate(day, status, completed_on=completed_on, evidence=evidence)

        assert table.label(day.toordinal()) == rated.rag, day


def test_a_condition_that_reads_the_day_is_asked_on_every_day() -> None:
    """A floor for the first week late: no line of the action lies at its end, and the level falls there."""
    prepared = action("""
        grace = [{ from = 2020-01-01, until = 2020-12-31, no_worse_than = "amber", when = "days_late <= 7", reason = "R", authority = "A" }]
    """)

    table = levels_by_day(prepared.rules, prepared.action, Standing())
    red = list(spans_of(table, prepared.rules.scale["red"]))

    assert red == [(date(2020, 10, 8), date.max)]


@pytest.mark.parametrize(("day", "level"), [("2020-11-29", "green"), ("2020-11-30", "red")])
def test_a_due_date_that_moves_shifts_the_table(day: str, level: str) -> None:
    """60 days more are 60 days more for every line."""
    prepared = action("""
        grace = [{ from = 2020-01-01, until = 2021-12-31, extend_due = "60 days", reason = "R", authority = "A" }]
    """)

    assert prepared.rate(day, "in progress").rag == level


def test_a_due_date_that_moves_makes_nothing_due() -> None:
    """Before it is rated at all an action is grey, not due, whatever relief is live."""
    prepared = action("""
        rated_from = 2020-06-01
        grace = [{ from = 2020-01-01, until = 2021-12-31, extend_due = "60 days", reason = "R", authority = "A" }]
    """)

    rating = prepared.rate("2020-05-31", "in progress")

    assert (rating.rag, rating.reason) == ("grey", "not due")


def test_a_condition_that_reads_the_day_is_asked_on_the_last_day_of_its_relief_too() -> None:
    """The floor holds on each day of the relief on which the action is a week late at most, its ends included."""
    prepared = action("""
        grace = [{ from = 2020-10-02, until = 2020-10-04, no_worse_than = "amber", when = "days_late <= 7", reason = "R", authority = "A" }]
    """)

    table = levels_by_day(prepared.rules, prepared.action, Standing())
    amber = list(spans_of(table, prepared.rules.scale["amber"]))

    assert amber == [(date(2020, 10, 2), date(2020, 10, 4))]
    assert [prepared.rate(f"2020-10-0{day}", "in progress").rag for day in (1, 2, 4, 5)] == [
        "red",
        "amber",
        "amber",
        "red",
    ]


def test_unconditional_relief_is_asked_once_for_all_its_days() -> None:
    """A floor without a condition holds from its first day to its last, beside one that reads the day."""
    prepared = action("""
        grace = [
            { from = 2020-10-02, until = 2020-10-20, no_worse_than = "amber", reason = "R", authority = "A" },
            { from = 2020-10-10, until = 2020-10-12, no_better_than = "amber", when = "days_late >= 11", reason = "R", authority = "A" },
        ]
    """)

    table = levels_by_day(prepared.rules, prepared.action, Standing())
    amber = list(spans_of(table, prepared.rules.scale["amber"]))

    assert amber == [(date(2020, 10, 2), date(2020, 10, 20))]


@pytest.mark.parametrize(("start", "elapsed"), [(None, None), (30, None), (29, 100), (20, 50), (10, 25)])
def test_the_share_of_the_time_that_has_gone_needs_time_between_start_and_due(
    start: int | None, elapsed: int | None
) -> None:
    """Due on the day of its start, or without a start, no share of the time is known."""
    prepared = action("")
    own = evolve(prepared.action, start=None if start is None else date(2020, 9, start))

    gone = {29: date(2020, 10, 5), 20: date(2020, 9, 25), 10: date(2020, 9, 15)}.get(start or 0, date(2020, 9, 30))

    assert elapsed == Standing(until=gone).elapsed(own)


def test_without_a_due_date_no_share_of_the_time_is_known() -> None:
    """Nor is it known of no day."""
    dated, undated = action("start = 2020-09-01"), action("start = 2020-09-01", due='"TBC"')

    assert Standing(until=date(2020, 9, 10)).elapsed(undated.action) is None
    assert Standing().elapsed(dated.action) is None and Standing().days_late(dated.action) is None


def test_what_is_complete_is_rated_without_a_due_date() -> None:
    """Its table is green on every day; while it is open it is grey on every day."""
    undated = action("", due='"TBC"')

    complete = levels_by_day(undated.rules, undated.action, Standing(status=Status.COMPLETE))
    open_still = levels_by_day(undated.rules, undated.action, Standing())

    assert (["green"], ["grey"]) == (list(complete.labels), list(open_still.labels))


def test_relief_that_is_granted_always_has_no_days_and_no_condition() -> None:
    """As if the graces that are named held for all time, and no other."""
    relief = 'from = 2020-01-01, until = 2020-12-31, reason = "R", authority = "A"'
    prepared = action(f"""
        grace = [
            {{ {relief}, no_worse_than = "amber", when = "days_late <= 7" }},
            {{ {relief}, extend_due = "60 days" }},
        ]
    """)
    floor, later = prepared.action.graces

    always = granted_always(prepared.action, [floor])

    assert [(each.effect, each.start, each.until, each.when) for each in always.graces] == [
        (floor.effect, date.min, date.max, None)
    ]
    assert later.effect not in {each.effect for each in always.graces}


def test_a_condition_that_fails_on_the_last_day_of_its_relief_fails_there() -> None:
    """Each day is asked, the last one too: what held on the day before does not last."""
    prepared = action("""
        grace = [{ from = 2020-10-01, until = 2020-10-04, no_worse_than = "amber", when = "days_late <= 3", reason = "R", authority = "A" }]
    """)

    table = levels_by_day(prepared.rules, prepared.action, Standing())
    amber = list(spans_of(table, prepared.rules.scale["amber"]))

    assert amber == [(date(2020, 10, 1), date(2020, 10, 3))]


def test_before_it_is_rated_every_day_is_grey() -> None:
    """Not due until the day from which it is rated, however late."""
    prepared = action("rated_from = 2020-10-10")

    table = levels_by_day(prepared.rules, prepared.action, Standing())

    days = [date(2020, 9, 1), date(2020, 10, 9), date(2020, 10, 10)]
    assert ["grey", "grey", "red"] == [table.label(day.toordinal()) for day in days]
