"""What a rating takes from a row, and from the rows before it."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import ragengine
from ragengine.data.door import measurement_of
from ragengine.data.model import Override
from ragengine.period import parse_period
from ragengine.problem import Place
from ragengine.rating.facts import Previous
from ragengine.rating.overrides import with_level
from ragengine.terms import DEFAULT_SCALE, GREEN

BOOK = '[book]\ntitle = "T"\nedition = "E"\nmissing = "carry forward"\n'
KPI = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "higher"\n'


def book(keys: str) -> ragengine.Rulebook:
    return ragengine.load({"book.toml": BOOK, "a.toml": KPI + keys})


def test_a_row_is_rated_where_nothing_is_known_of_earlier_ones() -> None:
    """Without a history there is no previous level, no year ago, and nothing to carry forward."""
    prepared = book("target = 90\ntolerance = 5\n").kpi("a.k")
    period = parse_period("2020-07")

    valued = prepared.rate_measurement(measurement_of("a.k", value=91, period=period))
    blank = prepared.rate_measurement(measurement_of("a.k", period=period))

    persists = book("target = 90\ntolerance = 5\npersistence = 2\n").kpi("a.k")

    assert ("green", None) == (valued.rag, valued.previous)
    assert "red" == persists.rate_measurement(measurement_of("a.k", value=70, period=period)).rag
    assert ("grey", "no data") == (blank.rag, blank.reason)
    assert "no earlier one to carry forward" in blank.explain()


def test_a_target_that_cannot_be_read_is_said_as_it_was_written() -> None:
    """Grey: invalid, with the cell of the target."""
    rating = book('target = "from data"\ntolerance = 5\n').rate("a.k", 91, period="2020-07", target="abc")

    assert ("grey", "invalid") == (rating.rag, rating.reason)
    assert "the target 'abc' is" in rating.explain()


@pytest.mark.parametrize(
    ("then", "now", "level"),
    [(3, None, "amber"), (9, None, "red"), (9, 3, "amber"), (3, 9, "red"), (None, 3, "amber"), (3, "", "amber")],
)
def test_what_a_row_states_stands_before_what_its_carried_value_brings(then: object, now: object, level: str) -> None:
    """The inputs of the row that the value comes from, but for those that this period's own row has."""
    rules = book(
        'target = 90\ntolerance = 5\ninputs = ["staff"]\n'
        'grace = [{ from = 2020-01-01, until = 2020-12-31, no_worse_than = "amber", when = "staff < 5", '
        'reason = "R", authority = "A" }]\n'
    )
    earlier = {"period": "2020-06", "value": 70, "inputs": {} if then is None else {"staff": then}}

    rating = rules.rate("a.k", None, period="2020-07", history=[earlier], inputs={} if now is None else {"staff": now})

    assert level == rating.rag


def test_a_carried_value_brings_its_evidence_and_note_unless_the_row_has_its_own() -> None:
    """What this period's own row states stands instead."""
    rules = book("target = 90\ntolerance = 5\n")
    earlier = {"period": "2020-06", "value": 70, "evidence": "old.pdf", "note": "then", "causes": ["covid"]}

    bare = rules.rate("a.k", None, period="2020-07", history=[earlier]).facts
    own = rules.rate(
        "a.k", None, period="2020-07", history=[earlier], evidence="new.pdf", note="now", causes=["flood"]
    ).facts

    assert ("old.pdf", "then", {"covid"}) == (bare.evidence, bare.note, bare.causes)
    assert ("new.pdf", "now", {"flood"}) == (own.evidence, own.note, own.causes)


def test_the_level_before_that_a_scorecard_gives_stands_before_what_rows_say() -> None:
    """A published or recorded level of the period before is the previous one, whatever earlier rows come to."""
    prepared = book("target = 90\ntolerance = 5\n").kpi("a.k")
    before = measurement_of("a.k", value=70, period=parse_period("2020-06"))
    row = measurement_of("a.k", value=91, period=parse_period("2020-07"))
    history = prepared.history(None, [before])

    by_rows = prepared.rate_measurement(row, history)
    given = prepared.rate_measurement(row, history, before=Previous(GREEN, parse_period("2020-06")))

    assert ("red", "green") == (by_rows.previous, given.previous)


def test_a_carried_value_stands_in_the_row_that_lacks_one() -> None:
    """The row that is shown is this period's, with its place in its file and its name of the period."""
    prepared = book("target = 90\ntolerance = 5\n").kpi("a.k")
    earlier = measurement_of("a.k", value=70, period=parse_period("2020-06"), place=Place("june.csv", 2))
    blank = measurement_of("a.k", period=parse_period("2020-07"), place=Place("july.csv", 5))

    row = prepared.rate_measurement(blank, prepared.history(None, [earlier])).facts.given

    assert row is not None
    assert (Place("july.csv", 5), parse_period("2020-07"), "2020-07") == (row.place, row.period, row.period_text)


def test_without_a_period_nothing_is_carried_and_no_run_is_looked_at() -> None:
    """No period comes before one that is not named: a blank is grey, and a level is adopted at once."""
    earlier = [{"period": f"2020-0{month}", "value": 95} for month in (4, 5, 6)]
    carries = book("target = 90\ntolerance = 5\n")
    persists = book("target = 90\ntolerance = 5\npersistence = 2\n")

    blank = carries.rate("a.k", None, history=earlier)

    assert ("grey", "no data") == (blank.rag, blank.reason)
    assert "red" == persists.rate("a.k", 70, history=earlier).rag
    assert "green" == persists.rate("a.k", 70, period="2020-07", history=earlier).rag


def test_a_row_that_says_why_it_has_no_value_says_so_though_nothing_can_be_carried() -> None:
    """One count without the other is told before the want of an earlier value."""
    rating = book("target = 90\ntolerance = 5\n").rate("a.k", numerator=3, period="2020-07")

    assert ("grey", "a numerator without a denominator") == (rating.rag, rating.facts.why)


def test_a_carried_value_meets_the_target_that_this_periods_rows_make() -> None:
    """70 of June is carried to July, and is judged by July of the year before, not by June's."""
    rules = book('target = { from = "year ago" }\ntolerance = 5\n')
    rows = {"2019-06": 60, "2019-07": 80, "2020-06": 70}
    earlier = [{"period": period, "value": value} for period, value in rows.items()]

    rating = rules.rate("a.k", None, period="2020-07", history=earlier)

    assert ("red", 80, 70) == (rating.rag, rating.target, rating.value)
    assert rating.facts.given is not None and 80 == rating.facts.given.target


@pytest.mark.parametrize(
    ("as_at", "level"), [(None, "amber"), (date(2020, 8, 14), "green"), (date(2020, 7, 31), "amber")]
)
def test_overrides_are_judged_on_the_day_that_is_asked_for(as_at: date | None, level: str) -> None:
    """The last day of the period where no other is; the scorecard's own day where it is given."""
    prepared = book("target = 90\ntolerance = 5\n").kpi("a.k")
    judged = Override("a.k", "rag", "green", date(2020, 8, 1), date(2020, 8, 31), reason="R", authority="A")
    row = measurement_of("a.k", value=86, period=parse_period("2020-07"))

    rating = prepared.rate_measurement(row, overrides=[with_level(judged, DEFAULT_SCALE) or judged], as_at=as_at)

    assert level == rating.rag


def test_a_row_that_cannot_be_used_says_why() -> None:
    """A clash of rows, or a period that cannot be read, is the reason that is told."""
    prepared = book("target = 90\ntolerance = 5\n").kpi("a.k")
    row = measurement_of("a.k", value=91, period=parse_period("2020-07"))

    rating = prepared.rate_measurement(evolve(row, fault="given more than once, differently"))

    assert ("grey", "invalid", "given more than once, differently") == (rating.rag, rating.reason, rating.facts.why)


@pytest.mark.parametrize(
    ("value", "when", "level"),
    [
        (86, "shortfall <= 5", "amber"),
        (84, "shortfall <= 5", "red"),
        (84, "target >= 90", "amber"),
        (84, "target > 90", "red"),
        (84, "shortfall + value == target", "amber"),
    ],
)
def test_a_condition_reads_the_target_and_how_far_the_value_is_from_it(value: int, when: str, level: str) -> None:
    """Relief for what is nearly met, and none for what is further off."""
    rules = book(
        "target = 90\ntolerance = 0\n"
        f'grace = [{{ from = 2020-01-01, until = 2020-12-31, no_worse_than = "amber", when = "{when}", '
        'reason = "R", authority = "A" }]\n'
    )

    assert level == rules.rate("a.k", value, period="2020-07").rag


@pytest.mark.parametrize(("before", "level"), [(60, "amber"), (80, "red"), (70, "red")])
def test_a_rule_without_a_target_improves_with_its_value(before: int, level: str) -> None:
    """Which way is better is what counts: no target is needed to be nearer to it."""
    rules = book(
        'bands = [{ rag = "green", from = 85 }, { rag = "red", below = 85 }]\n'
        'grace = [{ from = 2020-01-01, until = 2020-12-31, no_worse_than = "amber", when = "improved", '
        'reason = "R", authority = "A" }]\n'
    )

    rating = rules.rate("a.k", 70, period="2020-07", history=[("2020-06", before)])

    assert level == rating.rag
