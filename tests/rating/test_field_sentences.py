"""Situations met in the field whose sentences were false, each as a person would read it."""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

import ragengine
from ragengine.report.ratings_csv import ratings_csv

BOOK = '[book]\ntitle = "T"\nedition = "2024-25"\nmissing = "{missing}"\n'
PLAIN = 'unit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'


def load(rule: str, *, kind: str = "kpi", missing: str = "grey") -> ragengine.Rulebook:
    """A book of one KPI ``a.k``, or one action."""
    area = f'[area]\ntitle = "A"\n[{kind}.k]\ntitle = "K"\n{rule}'
    return ragengine.load({"book.toml": BOOK.format(missing=missing), "a.toml": area})


def card_of(book: ragengine.Rulebook, *rows: str, as_at: str | None = None, **more: Any) -> ragengine.Scorecard:
    """The scorecard of measurements as a CSV has them, ``period,value,numerator,denominator,evidence``."""
    names = ("period", "value", "numerator", "denominator", "evidence")
    measurements = [
        {"kpi": "a.k", **{name: cell for name, cell in zip(names, row.split(","), strict=False) if cell}}
        for row in rows
    ]
    from ragengine.data.door import measurement_of

    made = []
    for row in measurements:
        period = ragengine.parse_period(row.pop("period"))
        made.append(measurement_of(row.pop("kpi"), period=period, **row))
    return book.score(ragengine.Data(tuple(made), **more), as_at=as_at)


def judged(level: str, start: date, until: date) -> ragengine.data.model.Override:
    """A judgement on ``a.k``."""
    from ragengine.data.model import Override

    return Override("a.k", "rag", level, start, until, "r", "Board")


def csv_row(card: ragengine.Scorecard) -> dict[str, str]:
    """The KPI's row of ``score --format csv``."""
    return next(row for row in csv.DictReader(io.StringIO(ratings_csv(card))) if row["kind"] != "area")


@pytest.mark.parametrize(
    ("rule", "row", "text", "value", "shortfall"),
    [
        # judged by the rounded value: both are said, and one shortfall
        ('unit = "%"\ndirection = "higher"\ntarget = 99.5\namber = 99.4\ndecimals = 1\n', "2024-07,99.45192756482",
         "99.45%, judged as 99.5%, against a target of at least 99.5%: 0.05 percentage points short before rounding, "
         "and met as judged.", "99.45192756482", "0.04807243518"),
        # a rounded count: as many places as show that it is short
        ('unit = "%"\ndirection = "higher"\ntarget = 70\ntolerance = 0\n', "2024-07,,13999,19999",
         "69.998% (13,999 of 19,999) against a target of at least 70%: 0.002 percentage points short. Red",
         "69.99849992499625", "0.0015000750037501875"),
        ('unit = "%"\ndirection = "higher"\ntarget = 70\namber = 65\n', "2024-07,69.9999999",
         "69.9999999% against a target of at least 70%: 0.0000001 percentage points short. Amber",
         "69.9999999", "0.0000001"),
        ('unit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 2\n', "2024-07,5.0001",
         "5.0001 days against a target of at most 5 days: 0.0001 days over.", "5.0001", "0.0001"),
    ],
)  # fmt: skip
def test_text_csv_and_json_have_one_shortfall(rule: str, row: str, text: str, value: str, shortfall: str) -> None:
    """The text with as many digits as it takes, the data with all of them."""
    card = card_of(load(rule), row)
    rating = card.ratings["a.k"]
    told = rating.explanation

    assert text in rating.explain()
    assert (value, shortfall) == (csv_row(card)["value"], csv_row(card)["shortfall"])
    assert abs(Fraction(told.shortfall or 0) - Fraction(shortfall)) < Fraction(1, 10**20)


def test_one_of_thirteen_is_rounded_away_from_the_line() -> None:
    """1/13 and 0.02 more is still green; 0.0231 more is amber."""
    rule = (
        'direction = "lower"\nformula = "numerator / denominator"\n'
        'bands = [{ rag = "green", below = 0.1 }, { rag = "amber", from = 0.1, below = 0.2 }, '
        '{ rag = "red", from = 0.2 }]\n'
    )
    text = card_of(load(rule), "2024-07,,1,13").ratings["a.k"].explain()

    assert "0.0231 more would make it Amber." in text
    assert "Worked out as numerator / denominator, with denominator 13, numerator 1." in text


def test_evidence_is_carried_with_its_value() -> None:
    """No explanation says both that none is recorded and what it is, and nothing is blamed on a grace."""
    rule = 'unit = "%"\ndirection = "higher"\ntarget = 50\ntolerance = "10 pp"\nrequires_evidence = true\n'
    card = card_of(load(rule, missing="carry forward"), "2020-11,60,,,seen", "2020-12,", as_at="2020-12")
    rating = card.ratings["a.k"]

    assert ("green", "unchanged") == (str(rating.rag), str(rating.movement))
    assert "No evidence" not in rating.explain()
    assert "(carried forward from November 2020)" in rating.explain()


def test_want_of_evidence_is_a_cause_of_its_own() -> None:
    """With the same value, a month without evidence is worse because of the evidence; recording it would do."""
    rating = card_of(load(PLAIN + "requires_evidence = true\n"), "2020-11,95,,,seen", "2020-12,95").ratings["a.k"]

    assert "Was Green in November 2020 (95%): worsened, because of the evidence." in rating.explain()
    assert "With evidence it would be Green." in rating.explain()
    assert rating.needed_for("green") is None


def test_an_override_of_what_is_missing_is_the_cause() -> None:
    """Data are missing in both months; the judgement began in the second."""
    override = judged("red", date(2020, 7, 1), date(2020, 12, 31))
    rating = card_of(load(PLAIN), "2020-06,c", "2020-07,c", overrides=(override,)).ratings["a.k"]

    assert "Was Grey in June 2020: newly rated, because of an override." in rating.explain()
    assert "Computed Grey: suppressed, Red by override" in rating.explain()
    assert "When the judgement ends, 31 December 2020, it would be Grey." in rating.explain()


def test_what_a_relief_made_of_a_level_is_not_called_computed() -> None:
    """Computed Red, suspended, and judged: the level before the judgement is what the relief made of it."""
    relief = '{ from = 2020-07-01, until = 2020-07-31, suspend = true, reason = "R", authority = "A", name = "shut" }'
    override = judged("amber", date(2020, 7, 1), date(2020, 12, 31))
    text = card_of(load(PLAIN + f"grace = [{relief}]\n"), "2020-07,45", overrides=(override,)).ratings["a.k"].explain()

    assert "Computed Red, Grey by grace shut, suspended" in text
    assert "Then Grey: suspended, Amber by override" in text


def test_a_judgement_leaves_no_change_of_value_to_speak_of() -> None:
    """Nothing that is Amber by a judgement would be made Amber by a change."""
    override = judged("amber", date(2020, 7, 1), date(2020, 12, 31))
    text = card_of(load(PLAIN), "2020-07,45", overrides=(override,)).ratings["a.k"].explain()

    assert "would make it" not in text
    assert "When the judgement ends, 31 December 2020, it would be Red." in text


@pytest.mark.parametrize("month", ["2020-06", "2020-07"])
def test_an_actions_override_is_remembered(month: str) -> None:
    """In force on the last day of the month before too, it is what the level was."""
    from ragengine.data.door import report_of

    book = load("due = 2020-01-31\n", kind="action")
    days = [date(2020, 5, 31), date(2020, 6, 30), date(2020, 7, 31)]
    reports = tuple(report_of("a.k", day, book.rules.calendar, status="in progress") for day in days)
    override = judged("amber", date(2020, 1, 1), date(2020, 12, 31))
    rating = book.score(ragengine.Data(actions=reports, overrides=(override,)), as_at=month).ratings["a.k"]

    assert ("amber", "unchanged") == (str(rating.previous), str(rating.movement))


def test_persistence_is_not_called_grace() -> None:
    """92, 80, 80: held in May, adopted in June."""
    rule = 'unit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "5 pp"\npersistence = 2\n'
    rating = card_of(load(rule), "2024-04,92", "2024-05,80", "2024-06,80").ratings["a.k"]

    assert ("green", "red", "persistence") == (
        str(rating.previous), str(rating.rag), str(rating.movement.cause),
    )  # fmt: skip


def test_an_actions_formula_is_said_with_its_numbers() -> None:
    """Progress, elapsed and what came of them; the value is no number of days."""
    bands = '[{ rag = "green", from = 0 }, { rag = "amber", from = -10, below = 0 }, { rag = "red", below = -10 }]'
    rule = f'start = 2024-01-01\ndue = 2024-04-10\nformula = "progress - elapsed"\nbands = {bands}\n'
    rating = load(rule, kind="action").rate("a.k", as_at="2024-02-20", status="in progress", progress=49)
    told = rating.explanation.to_dict()

    assert "progress - elapsed is -1 (elapsed 50, progress 49)." in rating.explain()
    assert ("-1", "", -50, "49", "50") == tuple(told[k] for k in ("value", "unit", "days_late", "progress", "elapsed"))


def test_a_target_that_a_formula_reads_is_an_input() -> None:
    """No shortfall from it, in words or in data."""
    bands = '[{ rag = "green", from = 100 }, { rag = "amber", from = 90, below = 100 }, { rag = "red", below = 90 }]'
    formula = '"((target - value) / target + 1) * 100"'
    card = card_of(
        load(f'unit = "%"\ndirection = "higher"\ntarget = 10\nformula = {formula}\nbands = {bands}\n'), "2024-07,12"
    )
    text = card.ratings["a.k"].explain()

    assert "80%. Red is below 90%." in text
    assert "against" not in text
    assert "with target 10, value 12." in text
    assert "" == csv_row(card)["shortfall"]


def test_a_red_is_an_exception_without_date_or_movement() -> None:
    """Red last month and this: the board reads it, with why."""
    rows = card_of(load(PLAIN), "2024-06,60", "2024-07,55").exceptions()

    assert ("off target: Red, as in the period before",) == next(row.why for row in rows if row.id == "a.k")


def test_what_ends_a_grace_is_said() -> None:
    """Relief decides the level: its end, and what it did, are told."""
    grace = "grace = [{ from = 2020-03-23, until = 2020-09-30, target = 60, tolerance = '5 pp', reason = 'R', authority = 'B' }]\n"
    grace = grace.replace(", tolerance = '5 pp'", "")
    text = load(PLAIN + grace).rate("a.k", 65, period="Jul-20").explain()

    assert "Computed Red, Green by a grace, target at least 60% (R; B; until 30 September 2020)." in text
    assert "When the grace ends, 30 September 2020, it would be Red." in text


def test_relief_in_force_in_both_months_caused_nothing() -> None:
    """The same relieved target stood in June and July: the value moved the level."""
    grace = "grace = [{ from = 2020-03-23, until = 2020-09-30, target = 60, reason = 'R', authority = 'B' }]\n"
    rating = load(PLAIN + grace).rate("a.k", 62, period="Jul-20", history=[("Jun-20", 55)])

    assert ("amber", "green", "data") == (str(rating.previous), str(rating.rag), str(rating.movement.cause))
