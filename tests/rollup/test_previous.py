"""The previous level is what that period's own scorecard says, by every way, and a cause lies only where it changed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.data.door import measurement_of, report_of
from ragengine.data.model import Override
from ragengine.period import APRIL

MONTHS = ["2020-05", "2020-06", "2020-07", "2020-08", "2020-09"]
LEVELS = ["red", "amber", "green"]
VALUES: list[Any] = [70, 80, 85, 90, 95, 100, "c", "", "z", "rubbish"]
EFFECTS = [
    "suspend = true", "exclude_period = true", "target = 80", "no_better_than = 'amber'", "no_worse_than = 'amber'",
]  # fmt: skip

TARGETS = [
    "90", "{ 2019-04-01 = 90, 2020-07-01 = 95 }", "{ from = 'previous' }", "{ from = 'mean of 2', change = '+1 pp' }",
    "{ 2019-04-01 = 90, 2020-07-01 = { from = 'best of 2', change = '-5%' } }",
]  # fmt: skip

days = st.dates(date(2020, 4, 20), date(2020, 10, 10))


@st.composite
def graces(draw: st.DrawFn, effects: list[str], plain: bool = False) -> str:
    """Some reliefs, each live for a while; some on a condition."""
    made = []
    for effect in draw(st.sets(st.sampled_from(effects), max_size=2)):
        first, last = sorted((draw(days), draw(days)))
        when = draw(st.sampled_from(["", ", when = \"previous == 'red'\""])) if not plain else ""
        made.append(f"{{ from = {first}, until = {last}, {effect}, reason = 'R', authority = 'B'{when} }}")
    return f"grace = [{', '.join(made)}]\n" if made else ""


@st.composite
def books(draw: st.DrawFn) -> ragengine.Rulebook:
    """A KPI and an action with everything that makes a level of more than a value."""
    missing = draw(st.sampled_from(["grey", "red", "amber", "carry forward"]))
    rule = '[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntolerance = "10 pp"\n'
    rule += f"target = {draw(st.sampled_from(TARGETS))}\n"
    rule += draw(st.sampled_from(["", "persistence = 2\n", "persistence = 3\n"]))
    rule += draw(st.sampled_from(["", "", 'frequency = "quarterly"\n']))
    rule += draw(st.sampled_from(["", "requires_evidence = true\n"])) + draw(graces(EFFECTS, plain=missing != "grey"))
    rule += '[action.x]\ntitle = "X"\ndue = 2020-07-15\ntolerance = "20 days"\nwarning = "30 days"\n'
    rule += draw(graces(["extend_due = '40 days'", *EFFECTS[3:], EFFECTS[0]]))
    book = f'[book]\ntitle = "B"\nedition = "e"\nmissing = "{missing}"\n'
    try:
        return ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{rule}'})
    except ragengine.RulebookError:
        assume(False)
        raise


@st.composite
def datas(draw: st.DrawFn) -> ragengine.Data:
    """Rows of some months, reports on some days, and judgements that begin and end in between."""
    rows = [
        measurement_of(
            "a.k", value=draw(st.sampled_from(VALUES)), period=ragengine.parse_period(month),
            evidence=draw(st.sampled_from(["", "seen"])),
        )
        for month in MONTHS if draw(st.integers(0, 4))
    ]  # fmt: skip
    reported = sorted(draw(st.sets(days, max_size=4)))
    status = st.sampled_from(["in progress", "not started", "complete", "deferred", "rubbish"])
    reports = [
        report_of("a.x", day, APRIL, status=draw(status), completed_on=draw(st.sampled_from([None, day])))
        for day in reported
    ]
    overrides = []
    for subject in draw(st.lists(st.sampled_from(["a.k", "a.x"]), max_size=2)):
        first, last = sorted((draw(days), draw(days)))
        effect = draw(st.sampled_from(["rag", "no_better_than", "no_worse_than"]))
        overrides.append(Override(subject, effect, draw(st.sampled_from(LEVELS)), first, last, "R", "B"))
    return ragengine.Data(tuple(rows), tuple(reports), overrides=tuple(overrides))


def told(rating: Any) -> tuple[str, str, str, str]:
    movement = rating.movement
    return str(rating.previous), str(rating.rag), str(movement), str(movement.cause) if movement else ""


@settings(max_examples=60)
@given(books(), datas())
def test_the_previous_level_is_that_of_its_own_scorecard(book: ragengine.Rulebook, data: ragengine.Data) -> None:
    """From the data alone, with the scorecard before, and with it read back: the same level, movement and cause."""
    assume(data.measurements or data.actions)
    cards = {month: book.score(data, as_at=month) for month in MONTHS}
    for before, now in pairwise(MONTHS):
        written = ragengine.Scorecard.from_json(cards[before].to_json())
        with_card = book.score(data, as_at=now, previous=cards[before])
        with_json = book.score(data, as_at=now, previous=written)
        for subject in ("a.k", "a.x"):
            then, rating = cards[before].ratings[subject], cards[now].ratings[subject]
            live = (
                grace for grace in book.rules.kpis["a.k"].graces if grace.start <= cards[before].as_at <= grace.until
            )
            passed_over = book.rules.kpis["a.k"].frequency is not None or any(
                grace.effect == "exclude_period" for grace in live
            )
            passed_over = passed_over or rating.explanation.previous_period[:7] not in ("", before)
            if not passed_over and str(then.reason) != "no data":
                assert then.rag == rating.previous, (subject, now)
            # also where that scorecard shows the very quarter that is rated, or a period that is left out; a month in
            # a KPI of quarters is a position then, and no period before; a judgement may hold on the day of that
            # scorecard, and not on the last one of the quarter that it shows
            of_one_length = then.period is None or then.period.kind is rating.period.kind
            judged_later = data.overrides and then.period is not None and then.period.end != cards[before].as_at
            assert not of_one_length or judged_later or told(rating) == told(with_card.ratings[subject]), (subject, now)
            assert told(with_card.ratings[subject]) == told(with_json.ratings[subject]), (subject, now)
            _look_at_the_cause(book, then, rating)


def _look_at_the_cause(book: ragengine.Rulebook, then: Any, rating: Any) -> None:
    """A cause that the rulebook has, and that is not the same in both periods."""
    cause = str(rating.movement.cause) if rating.movement and rating.movement.cause else ""
    told = rating.explanation
    if cause == "grace":
        assert book.rules.kpis["a.k"].graces or book.rules.actions["a.x"].graces
    if cause == "evidence":
        assert told.requires_evidence
    if cause == "persistence":
        assert told.persistence > 1
    if cause == "override" and str(then.rag) == told.previous:
        assert (
            then.explanation.overrides != told.overrides or then.adjusted != then.rag or rating.adjusted != rating.rag
        )


def test_a_relief_that_asks_for_the_level_before_is_asked_in_the_period_before_too() -> None:
    """Red in May, so capped at amber in June: in July the previous level is that amber, as June's scorecard has it."""
    relief = (
        "{ from = 2020-06-01, until = 2020-06-30, no_better_than = 'amber', when = \"previous == 'red'\", "
        "reason = 'R', authority = 'B' }"
    )
    area = f'[area]\ntitle = "A"\n[action.x]\ntitle = "X"\ndue = 2020-05-15\ngrace = [{relief}]\n'
    book = ragengine.load({"book.toml": '[book]\ntitle = "B"\nedition = "e"\nmissing = "grey"\n', "a.toml": area})
    reports = [
        {"action": "a.x", "as_at": "2020-05-20", "status": "in progress"},
        {"action": "a.x", "as_at": "2020-06-20", "status": "complete", "completed_on": "2020-05-10"},
    ]
    data = ragengine.Data.of(actions=reports)
    levels = [str(book.score(data, as_at=month).ratings["a.x"].rag) for month in ("2020-05", "2020-06", "2020-07")]

    assert levels == ["red", "amber", "green"]
    assert str(book.score(data, as_at="2020-07").ratings["a.x"].previous) == "amber"


QUARTERLY = '[kpi.q]\ntitle = "Q"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\nfrequency = "quarterly"\n'


def quarters(*rows: tuple[str, int]) -> ragengine.Data:
    """Measurements of a quarterly KPI."""
    return ragengine.Data.of(measurements=[{"kpi": "a.q", "period": name, "value": value} for name, value in rows])


def test_a_scorecard_of_the_month_before_that_shows_the_same_quarter_is_no_level_before() -> None:
    """In July and in August a board reads the quarter to June: red after green, whatever July's scorecard is given."""
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "B"\nedition = "e"\nmissing = "grey"\n',
            "a.toml": f'[area]\ntitle = "A"\n{QUARTERLY}',
        }
    )
    both, last = quarters(("Q4 2019/20", 95), ("Q1 2020/21", 70)), quarters(("Q1 2020/21", 70))
    july = book.score(both, as_at="2020-07")

    for data, before in (
        (both, None),
        (both, july),
        (last, july),
        (last, ragengine.Scorecard.from_json(july.to_json())),
    ):
        rating = book.score(data, as_at="2020-08", previous=before).ratings["a.q"]
        assert (str(rating.rag), str(rating.previous)) == ("red", "green")
        assert rating.movement is not None and str(rating.movement.change) == "worsened"
