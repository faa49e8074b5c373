"""A rule on a day: what a row brings to it, what it must bring, and what comes of that."""

from __future__ import annotations

import pickle
from datetime import date
from fractions import Fraction
from textwrap import dedent

import pytest

import ragengine
from ragengine.ruling import Ruling, ruling_on, rulings_of

BOOK = """
[book]
title = "Plan"
edition = "2020-21"
missing = "amber"
max_age = "3 months"
"""


def ruling(body: str, day: date = date(2020, 8, 31)) -> Ruling:
    area = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\n' + dedent(body)
    rules = ragengine.load({"book.toml": BOOK, "a.toml": area}).rules
    return ruling_on(rules, rules.kpis["a.k"], day)


@pytest.mark.parametrize(
    ("body", "takes", "needs", "moves"),
    [
        ('direction = "higher"\ntarget = 90\ntolerance = 5', False, False, False),
        ('direction = "higher"\ntarget = "from data"\ntolerance = 5', True, True, True),
        ('direction = "higher"\nbands = [{ rag = "green", from = 5 }, { rag = "red", below = 5 }]', True, False, False),
        (
            'direction = "higher"\ntarget = "from data"\nbands = [{ rag = "green", from = "50% of target" }, { rag = "red", below = "50% of target" }]',
            True,
            True,
            True,
        ),
        ('words = { no = "red", yes = "green" }', False, False, False),
    ],
)
def test_whether_the_target_comes_with_the_row_is_one_answer(body: str, takes: bool, needs: bool, moves: bool) -> None:
    """Three questions that are not one: does it count, must it be there, do the lines lie where it puts them."""
    asked = ruling(body)

    assert (asked.takes_target, asked.needs_target, asked.moves_with_target) == (takes, needs, moves)


def test_what_a_missing_value_means_is_the_rules_own_word_or_the_books() -> None:
    """The book says amber; a rule may say otherwise, and a monitored one is never rated."""
    of_book = ruling('direction = "higher"\ntarget = 90\ntolerance = 5')
    own = ruling('direction = "higher"\ntarget = 90\ntolerance = 5\nmissing = "carry forward"\nmax_age = "1 month"')
    watched = ruling('direction = "monitor"')

    assert of_book.level_of_missing == "amber" and not of_book.carries
    assert own.level_of_missing is None and own.carries and str(own.max_age) == "1 month"
    assert watched.level_of_missing is None and watched.outcome_of_missing(()) is None


def test_a_value_is_as_short_as_its_target_is_far() -> None:
    """Of a range from its nearer end; where the target is an input of the formula, from nothing."""
    within = ruling('direction = "within"\ntarget = { min = 90, max = 110 }\ntolerance = 5')
    reads = ruling(
        'direction = "higher"\ntarget = 90\nformula = "100 * value / target"\n'
        'bands = [{ rag = "green", from = 5 }, { rag = "red", below = 5 }]'
    )

    assert [within.short(Fraction(value)) for value in (85, 100, 112)] == [5, -10, 2]
    assert reads.short(Fraction(85)) is None


def test_a_rule_has_a_ruling_for_each_stretch_between_its_changes() -> None:
    """Each holds from the day of one change to the day before the next, and together they cover all time."""
    asked = ruling(
        'direction = "higher"\ntarget = { 2019-04-01 = 85, 2020-04-01 = 90 }\ntolerance = 5\nrated_from = 2019-10-01'
    )

    found = list(rulings_of(asked.rules, asked.kpi))

    assert [each.era.start for each in found] == [date.min, date(2019, 4, 1), date(2019, 10, 1), date(2020, 4, 1)]
    assert [each.not_due for each in found] == [True, True, False, False]
    assert [each.target for each in found] == [None, 85, 85, 90]


def test_a_ruling_comes_back_from_a_pickle() -> None:
    """Equal, and with its tables to be made again."""
    asked = ruling('direction = "higher"\ntarget = "from data"\ntolerance = 5').with_target(Fraction(80))

    again = pickle.loads(pickle.dumps(asked))

    assert again == asked and again.table == asked.table and again.data_target == 80


def test_what_is_printed_is_of_the_same_rule_without_its_rounding() -> None:
    """Thresholds as people read them: those of the rule that judges the printed value as it is."""
    asked = ruling('direction = "higher"\ntarget = 90\ntolerance = 5\ndecimals = 1')

    assert asked.as_printed.kpi.decimals is None and asked.as_printed.kpi.id == "a.k"
    assert asked.table is not None and asked.as_printed.table is not None
    assert [cut.at for cut in asked.as_printed.table.thresholds] == [85, 90]
    assert [cut.at for cut in asked.table.thresholds] == [Fraction("84.95"), Fraction("89.95")]


def test_a_suspension_comes_before_a_later_due_date() -> None:
    """An action rated by a formula stays grey while it is suspended, whatever another relief makes of its date."""
    during = 'from = 2020-01-01, until = 2020-12-31, reason = "R", authority = "A"'
    area = (
        '[area]\ntitle = "A"\n[action.x]\ntitle = "X"\ndue = 2020-09-30\nformula = "days_late"\n'
        'bands = [{ rag = "green", to = 0 }, { rag = "red", above = 0 }]\n'
        f'grace = [{{ name = "moved", {during}, extend_due = "60 days" }}, {{ name = "closed", {during}, suspend = true }}]\n'
    )
    prepared = ragengine.load({"book.toml": BOOK, "a.toml": area}).action("a.x")

    rating = prepared.rate("2020-10-15", "in progress")

    assert ("red", "grey", "suspended") == (rating.computed, rating.adjusted, rating.reason)


def test_what_is_not_rounded_is_printed_as_it_is() -> None:
    """An action, and a rule without decimals, are their own printed rule."""
    area = '[area]\ntitle = "A"\n[action.x]\ntitle = "X"\ndue = 2020-09-30\n'
    rules = ragengine.load({"book.toml": BOOK, "a.toml": area}).rules
    plain, of_action = (
        ruling('direction = "higher"\ntarget = 90\ntolerance = 5'),
        ruling_on(rules, rules.actions["a.x"], date(2020, 8, 31)),
    )

    assert plain.as_printed is plain and of_action.as_printed is of_action
    assert of_action.level_of_missing is None and not of_action.rates_a_number_alone
    assert of_action.aim is None and of_action.target is None


def test_each_grace_is_told_with_what_it_did_by_itself() -> None:
    """A wider tolerance makes red amber and leaves green, and the cap after it takes green away: each its own step."""
    during = 'from = 2020-01-01, until = 2020-12-31, reason = "R", authority = "A"'
    asked = ruling(
        'direction = "higher"\ntarget = 90\ntolerance = 5\n'
        f'grace = [{{ {during}, tolerance = 10 }}, {{ {during}, no_better_than = "amber" }}]\n'
    )
    table = asked.outcomes(asked.live)

    assert all(each.granted for _, outcome in table for each in outcome.graces)
    steps = {value: [(each.before, each.after) for each in table.label(value).graces] for value in (75, 82, 87, 95)}

    assert steps == {
        75: [("red", "red"), ("red", "red")],
        82: [("red", "amber"), ("amber", "amber")],
        87: [("amber", "amber"), ("amber", "amber")],
        95: [("green", "green"), ("green", "amber")],
    }


_BOUNDED = 'direction = "higher"\ntarget = 90\ntolerance = 5\n'
_RELIEF = 'from = 2020-01-01, until = 2020-12-31, no_worse_than = "amber", reason = "R", authority = "A"'


@pytest.mark.parametrize(
    ("body", "alone"),
    [
        (_BOUNDED, True),
        (_BOUNDED + f"grace = [{{ {_RELIEF} }}]", True),
        (_BOUNDED + f'grace = [{{ {_RELIEF}, when = "value > 5" }}]', False),
        (_BOUNDED + 'formula = "value - 5"', False),
        (_BOUNDED + "requires_evidence = true", False),
        (_BOUNDED + "valid = { min = 0 }", False),
        (_BOUNDED + "rated_from = 2020-09-01", False),
        (_BOUNDED + "rated_from = 2020-08-01", True),
        ('direction = "monitor"', False),
        ('words = { no = "red", yes = "green" }', False),
        ('direction = "higher"\ntarget = 90\ncompare = "interval"', False),
        ('direction = "higher"\ntarget = "from data"\ntolerance = 5', False),
    ],
)
def test_a_plain_number_is_all_that_some_rules_look_at(body: str, alone: bool) -> None:
    """Neither a condition nor a formula, evidence, a bound, a day, a word, an interval or the row's own target."""
    assert alone is ruling(body).rates_a_number_alone


def test_words_and_days_measure_nothing_of_themselves() -> None:
    """How far a word is short of another is no number."""
    assert not ruling('words = { no = "red", yes = "green" }').measures
    assert ruling(_BOUNDED).measures


def test_rulings_are_equal_where_rule_era_target_and_completion_are() -> None:
    """Each of the four tells two rulings apart; the rest of the book does not."""
    body = 'direction = "higher"\ntarget = "from data"\ntolerance = { 2019-04-01 = 5, 2020-04-01 = 6 }'
    one = ruling(body)

    assert one == ruling(body) and hash(one) == hash(ruling(body))
    others = [
        ruling(body.replace("6", "7")),
        ruling(body, date(2020, 3, 31)),
        one.with_target(Fraction(80)),
        one.once_complete(),
    ]
    assert not any(one == other for other in others)
    assert one != "a.k"


@pytest.mark.parametrize(
    ("relief", "level"),
    [
        ('no_worse_than = "amber"', "amber"),
        ('extend_due = "60 days"', "green"),
        ('extend_due = "7 days"', "red"),
        ('no_better_than = "red"', "red"),
    ],
)
def test_relief_of_an_action_with_a_formula_moves_its_date_or_limits_its_level(relief: str, level: str) -> None:
    """15 days late and red: green by a date so much later, amber by a floor."""
    area = (
        '[area]\ntitle = "A"\n[action.x]\ntitle = "X"\ndue = 2020-09-30\nformula = "days_late"\n'
        'bands = [{ rag = "green", to = 0 }, { rag = "red", above = 0 }]\n'
        f'grace = [{{ from = 2020-01-01, until = 2020-12-31, reason = "R", authority = "A", {relief} }}]\n'
    )
    prepared = ragengine.load({"book.toml": BOOK, "a.toml": area}).action("a.x")

    rating = prepared.rate("2020-10-15", "in progress")

    assert ("red", level) == (rating.computed, rating.adjusted)
    assert [True] == [each.granted for each in rating.outcome.graces]


def test_relief_of_a_complete_action_moves_what_its_lateness_makes_of_it() -> None:
    """Completed 15 days late and judged by that, it is green by a date 60 days later, and by one a week later red."""
    area = '[area]\ntitle = "A"\n[action.x]\ntitle = "X"\ndue = 2020-09-30\n'
    relief = (
        'grace = [{ from = 2020-01-01, until = 2020-12-31, reason = "R", authority = "A", extend_due = "DAYS days" }]\n'
    )
    levels = {}
    for on_time in ("", "on_time = false\n"):
        for days in ("60", "7"):
            texts = {"book.toml": BOOK, "a.toml": area + on_time + relief.replace("DAYS", days)}
            prepared = ragengine.load(texts).action("a.x")
            levels[on_time, days] = prepared.rate("2020-10-31", "complete", completed_on="2020-10-15").rag

    assert levels == {
        ("", "60"): "green",
        ("", "7"): "green",
        ("on_time = false\n", "60"): "green",
        ("on_time = false\n", "7"): "red",
    }


@pytest.mark.parametrize(("status", "level"), [("complete", "green"), ("in progress", "amber")])
def test_a_warning_is_for_what_is_open_by_a_moved_date_too(status: str, level: str) -> None:
    """A day past the date as ruled and six before it as moved: what is complete needs no warning."""
    area = (
        '[area]\ntitle = "A"\n[action.x]\ntitle = "X"\ndue = 2020-09-30\nwarning = "28 days"\non_time = false\n'
        'grace = [{ from = 2020-01-01, until = 2020-12-31, reason = "R", authority = "A", extend_due = "7 days" }]\n'
    )
    prepared = ragengine.load({"book.toml": BOOK, "a.toml": area}).action("a.x")
    completed_on = "2020-10-01" if status == "complete" else None

    assert level == prepared.rate("2020-10-01", status, completed_on=completed_on).rag
