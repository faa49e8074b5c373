"""An action is rated by its status and days late, on, one day before and one day after each of its lines."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\ndates = "day first"\n'
USUAL = 'due = 2020-09-30\nwarning = "28 days"\ntolerance = "5 days"\n'


def load(rule: str, book: str = BOOK) -> ragengine.Rulebook:
    """A rulebook of one action, ``a.do``, with this rule."""
    return ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n[action.do]\ntitle = "Do"\n{rule}'})


def rate(rule: str, as_at: str, status: str | None = "in progress", **details: Any) -> ragengine.Rating:
    """The rating of the action by this rule."""
    return load(rule).rate("a.do", as_at=as_at, status=status, **details)


def outcome(rating: ragengine.Rating) -> str:
    """The level, or the reason of a grey."""
    return f"grey: {rating.reason}" if rating.reason else str(rating.rag)


@pytest.mark.parametrize("status", ["in progress", "not started", " In Progress "])
@pytest.mark.parametrize(
    ("as_at", "days_late", "level"),
    [
        ("2020-09-01", -29, "green"),
        ("2020-09-02", -28, "amber"),
        ("2020-09-03", -27, "amber"),
        ("2020-09-29", -1, "amber"),
        ("2020-09-30", 0, "amber"),
        ("2020-10-01", 1, "amber"),
        ("2020-10-04", 4, "amber"),
        ("2020-10-05", 5, "amber"),
        ("2020-10-06", 6, "red"),
    ],
)
def test_an_open_action_on_each_line(as_at: str, days_late: int, level: str, status: str) -> None:
    """The warning includes its first day, and tolerance its last; later is red."""
    rating = rate(USUAL, as_at, status)

    assert (days_late, level, level) == (rating.days_late, rating.computed, rating.rag)


@pytest.mark.parametrize(
    ("rule", "as_at", "level"),
    [
        ("due = 2020-09-30\n", "2020-09-30", "green"),
        ("due = 2020-09-30\n", "2020-10-01", "red"),
        ('due = 2020-09-30\ntolerance = "1 day"\n', "2020-09-30", "green"),
        ('due = 2020-09-30\ntolerance = "1 day"\n', "2020-10-01", "amber"),
        ('due = 2020-09-30\ntolerance = "1 day"\n', "2020-10-02", "red"),
        ('due = 2020-09-30\nwarning = "0 days"\n', "2020-09-29", "green"),
        ('due = 2020-09-30\nwarning = "0 days"\n', "2020-09-30", "amber"),
        ('due = 2020-09-30\nwarning = "0 days"\n', "2020-10-01", "red"),
        ('due = 2020-03-31\nwarning = "1 month"\n', "2020-02-28", "green"),
        ('due = 2020-03-31\nwarning = "1 month"\n', "2020-02-29", "amber"),
        ('due = 2020-01-31\ntolerance = "1 month"\n', "2020-02-29", "amber"),
        ('due = 2020-01-31\ntolerance = "1 month"\n', "2020-03-01", "red"),
        ('due = "Sep-20"\n', "2020-09-30", "green"),
        ('due = "Sep-20"\n', "2020-10-01", "red"),
        ('due = "Q1 2020/21"\n', "2020-06-30", "green"),
        ('due = "Q1 2020/21"\n', "2020-07-01", "red"),
        ('due = "2020/21"\n', "2021-03-31", "green"),
        ('due = "2020/21"\n', "2021-04-01", "red"),
        ('due = "14/08/20"\n', "2020-08-14", "green"),
        ('due = "14/08/20"\n', "Aug-20", "red"),
    ],
)
def test_lines_are_days_of_the_calendar(rule: str, as_at: str, level: str) -> None:
    """A month as a due date means its last day, months in a warning are calendar months, and nothing is a default."""
    assert level == outcome(rate(rule, as_at))


@pytest.mark.parametrize("completed", [None, "2020-09-01", "2020-10-05", "2020-12-31"])
def test_a_completed_action_is_green_however_late(completed: str | None) -> None:
    """Complete is green; how late it was is still said, where it is known."""
    rating = rate(USUAL, "2021-01-31", "complete", completed_on=completed)
    late = {None: None, "2020-09-01": -29, "2020-10-05": 5, "2020-12-31": 92}

    assert ("green", late[completed]) == (rating.rag, rating.days_late)


@pytest.mark.parametrize(
    ("completed", "expected"),
    [
        ("2020-06-01", "green"),
        ("2020-09-02", "green"),
        ("2020-09-29", "green"),
        ("2020-09-30", "green"),
        ("2020-10-01", "amber"),
        ("2020-10-05", "amber"),
        ("2020-10-06", "red"),
        (None, "grey: missing input"),
    ],
)
def test_a_completed_action_may_keep_the_colour_of_its_lateness(completed: str | None, expected: str) -> None:
    """With ``on_time = false`` it is judged by its completion; a warning is for what is not complete."""
    rating = rate(USUAL + "on_time = false\n", "2021-01-31", "complete", completed_on=completed)

    assert expected == outcome(rating)


def test_on_time_says_nothing_of_an_open_action() -> None:
    """An open action with ``on_time = false`` is warned of as any other."""
    rule = USUAL + "on_time = false\n"

    assert ["green", "amber", "red"] == [outcome(rate(rule, day)) for day in ("2020-09-01", "2020-09-02", "2020-10-06")]


BLACK = """
[[scale.levels]]
id = "red"
label = "Red"
symbol = "R"
colour = "#aa0000"
[[scale.levels]]
id = "amber"
label = "Amber"
symbol = "A"
colour = "#aa5500"
[[scale.levels]]
id = "green"
label = "Green"
symbol = "G"
colour = "#005500"
[[scale.levels]]
id = "black"
label = "Black"
symbol = "B"
colour = "#000000"
"""


def test_complete_may_name_another_level() -> None:
    """``complete = "black"`` is the level of a completed action, by days late and by bands over a formula."""
    late = load(USUAL + 'complete = "black"\n', BOOK + BLACK)
    bands = 'bands = [{ rag = "green", from = 50 }, { rag = "red", below = 50 }]\nformula = "progress"\n'
    formula = load('due = 2020-09-30\ncomplete = "black"\n' + bands, BOOK + BLACK)

    assert ["black", "black"] == [
        str(b.rate("a.do", as_at="2020-12-31", status="complete").rag) for b in (late, formula)
    ]


def test_a_completed_action_is_complete_with_bands_too() -> None:
    """A formula does not rate what is complete, whatever its progress."""
    rule = (
        'due = 2020-09-30\nformula = "progress"\nbands = [{ rag = "green", from = 50 }, { rag = "red", below = 50 }]\n'
    )

    assert "green" == outcome(rate(rule, "2020-08-31", "complete", progress=10))


@pytest.mark.parametrize(
    ("rule", "as_at", "status", "expected"),
    [
        ('due = "TBC"\n', "2020-10-31", "in progress", "grey: no due date"),
        ('due = "TBC"\n', "2020-10-31", "complete", "green"),
        ('due = "TBC"\n', "2020-10-31", "deferred", "grey: not applicable"),
        ('due = "TBC"\non_time = false\n', "2020-10-31", "complete", "green"),
        ('due = "TBC 14/08/20"\n', "2020-08-14", "in progress", "green"),
        ('due = "TBC 14/08/20"\n', "2020-08-15", "in progress", "red"),
        (USUAL, "2021-01-31", "deferred", "grey: not applicable"),
        (USUAL, "2021-01-31", None, "grey: no data"),
        (USUAL, "2021-01-31", "", "grey: no data"),
    ],
)
def test_what_has_no_day_or_status(rule: str, as_at: str, status: str | None, expected: str) -> None:
    """TBC is grey until complete, a tentative date rates, deferred is not applicable, silence is no data."""
    assert expected == outcome(rate(rule, as_at, status))


def test_a_tentative_date_says_that_it_is_tentative() -> None:
    """The text of an action with a tentative date says so, and that of a firm one does not."""
    tentative, firm = (rate(rule, "2020-08-15").explain() for rule in ('due = "TBC 14/08/20"\n', 'due = "14/08/20"\n'))

    assert "due 14 August 2020 (tentative), 1 day late" in tentative
    assert "due 14 August 2020, 1 day late" in firm


def test_the_text_of_an_action_says_status_lateness_and_band() -> None:
    """The headline of an open action on the last day of its tolerance."""
    headline = rate(USUAL, "2020-10-05").explain().splitlines()[0]

    assert headline == (
        "Amber. Do (A), as at 5 October 2020: in progress, due 30 September 2020, 5 days late. "
        "Amber runs from 28 days before it is due to 5 days late."
    )


def graced(effect: str, when: str = "") -> str:
    """The usual action with an inline grace in October 2020."""
    condition = f", when = '{when}'" if when else ""
    return USUAL + (
        f"grace = [{{ from = 2020-10-01, until = 2020-10-31, {effect}, reason = 'R', authority = 'B'{condition} }}]\n"
    )


@pytest.mark.parametrize(
    ("effect", "as_at", "levels"),
    [
        ('extend_due = "10 days"', "2020-09-30", ("amber", "amber")),
        ('extend_due = "10 days"', "2020-10-05", ("amber", "amber")),
        ('extend_due = "10 days"', "2020-10-06", ("red", "amber")),
        ('extend_due = "10 days"', "2020-10-15", ("red", "amber")),
        ('extend_due = "10 days"', "2020-10-16", ("red", "red")),
        ('extend_due = "60 days"', "2020-10-31", ("red", "green")),
        ('extend_due = "60 days"', "2020-11-01", ("red", "red")),
        ('extend_due = "1 month"', "2020-10-02", ("amber", "amber")),
        ('extend_due = "1 month"', "2020-10-01", ("amber", "green")),
        ('no_worse_than = "amber"', "2020-10-31", ("red", "amber")),
        ('no_worse_than = "amber"', "2020-11-01", ("red", "red")),
        ('no_better_than = "red"', "2020-10-01", ("amber", "red")),
        ("suspend = true", "2020-10-01", ("amber", "grey")),
    ],
)
def test_grace_of_an_action(effect: str, as_at: str, levels: tuple[str, str]) -> None:
    """A grace is judged on the as-at day; an extended due date moves warning and tolerance with it."""
    rating = rate(graced(effect), as_at)

    assert (*levels, levels[1]) == (rating.computed, rating.adjusted, rating.rag)


@pytest.mark.parametrize(
    ("when", "details", "granted"),
    [
        ("progress >= 50", {"progress": 50}, True),
        ("progress >= 50", {"progress": 49}, False),
        ("progress >= 50", {}, False),
        ("days_late <= 15", {}, True),
        ("days_late < 15", {}, False),
        ('"covid" in causes', {"causes": ["covid"]}, True),
        ('"covid" in causes', {}, False),
        ('status == "in progress"', {}, True),
        ('previous == "red"', {"previous": "red"}, True),
        ('previous == "red"', {}, False),
        ("100 / progress > 1", {"progress": 0}, False),
    ],
)
def test_a_condition_of_an_action(when: str, details: dict[str, Any], granted: bool) -> None:
    """On 15 October the action is 15 days late; what cannot be shown is not granted."""
    rating = rate(graced('no_worse_than = "amber"', when), "2020-10-15", **details)

    assert ("red", "amber" if granted else "red") == (rating.computed, rating.rag)


def test_what_a_grace_asked_in_vain_is_told() -> None:
    """A grace that is not granted stands among the others in the order of effects, with what it wanted."""
    two = USUAL + (
        "grace = [{ from = 2020-10-01, until = 2020-10-31, no_better_than = 'amber', reason = 'R', authority = 'B' }, "
        "{ from = 2020-10-01, until = 2020-10-31, extend_due = '1 month', reason = 'R', authority = 'B', when = 'progress > 50' }]\n"
    )
    rating = rate(two, "2020-10-15", progress=20)

    assert [("extend_due", False), ("no_better_than", True)] == [
        (grace.effect, grace.granted) for grace in rating.explanation.graces
    ]
    told = next(step.text for step in rating.explanation.steps if step.stage == "grace")
    assert told.endswith("1 October 2020 to 31 October 2020): not granted, its condition does not hold")


def test_the_steps_of_an_action_say_what_was_looked_at() -> None:
    """Status and due date, the day of the report, the days it is late by, and the band that they lie in."""
    by_days = rate(USUAL, "2020-10-05").explanation.steps
    by_formula = rate(CAMMS, "2020-02-20", progress=45).explanation.steps
    without = rate(CAMMS, "2020-02-20").explanation.steps
    complete = rate(USUAL, "2020-10-15", "complete", completed_on="2020-10-02").explanation

    assert [
        "in progress, due 30 September 2020", "reported on 5 October 2020", "5 days late",
        "Amber runs from 28 days before it is due to 5 days late",
    ] == [step.text for step in by_days]  # fmt: skip
    assert [
        "in progress, due 10 April 2020", "reported on 20 February 2020", "50 days left",
        "100 * progress / elapsed is 90, with elapsed 50, progress 45", "Green is at least 90",
    ] == [step.text for step in by_formula]  # fmt: skip
    assert [
        "in progress, due 10 April 2020", "reported on 20 February 2020", "50 days left", "progress missing",
        "Grey: missing input",
    ] == [step.text for step in without]  # fmt: skip
    assert "completed on 2 October 2020" in [step.text for step in complete.steps]
    assert ("green", "") == (complete.computed, complete.missing)


CAMMS = """\
start   = 2020-01-01
due     = 2020-04-10
formula = "100 * progress / elapsed"
bands   = [{ rag = "green", from = 90 }, { rag = "amber", from = 70, below = 90 }, { rag = "red", below = 70 }]
"""


@pytest.mark.parametrize(
    ("as_at", "progress", "value", "expected"),
    [
        # 100 days from start to due: 50 of them have gone on 20 February
        ("2020-02-20", 45, 90, "green"),
        ("2020-02-20", "44.9", Fraction(449, 5), "amber"),
        ("2020-02-20", 35, 70, "amber"),
        ("2020-02-20", "34.9", Fraction(349, 5), "red"),
        ("2020-02-20", "35%", 70, "amber"),
        ("2020-04-10", 90, 90, "green"),
        ("2020-12-31", 89, 89, "amber"),
        ("2020-01-01", 0, None, "grey: division by zero"),
        ("2019-12-01", 5, None, "grey: division by zero"),
        ("2020-02-20", None, None, "grey: missing input"),
    ],
)
def test_progress_over_elapsed_time(as_at: str, progress: object, value: object, expected: str) -> None:
    """Elapsed runs from 0 on the first day to 100 on the due date and stays there."""
    rating = rate(CAMMS, as_at, progress=progress)

    assert (value, expected) == (rating.value, outcome(rating))


@pytest.mark.parametrize(("as_at", "level"), [("2020-09-30", "green"), ("2020-10-01", "amber"), ("2020-10-06", "red")])
def test_without_a_warning_amber_begins_on_the_first_day_late(as_at: str, level: str) -> None:
    """And it is said on which days an action that is left open would turn; not of one that is complete."""
    rule = 'due = 2020-09-30\ntolerance = "5 days"\n'

    assert level == outcome(rate(rule, as_at))
    assert ("Left open, it would be" in rate(rule, as_at).explain()) == (level != "red")
    late = rate(rule + "on_time = false\n", "2020-10-03", "complete", completed_on="2020-10-03")
    assert "amber" == outcome(late) and "Left open" not in late.explain()


LATER = "grace = [{ from = 2020-01-01, until = 2020-12-31, extend_due = '100 days', reason = 'R', authority = 'B' }]\n"


@pytest.mark.parametrize(
    ("as_at", "progress", "levels"),
    [
        # by a due date 100 days later half as much of the time has gone
        ("2020-02-20", 44, ("amber", "green")),
        ("2020-02-20", "17.5", ("red", "amber")),
        ("2020-02-20", 17, ("red", "red")),
        ("2020-02-20", None, ("grey", "grey: missing input")),
        ("2020-01-01", 5, ("grey", "grey: division by zero")),
    ],
)
def test_a_later_due_date_is_read_by_the_formula(as_at: str, progress: object, levels: tuple[str, str]) -> None:
    """The time that has gone is of the longer whole; what could not be worked out still cannot."""
    rating = rate(CAMMS + LATER, as_at, progress=progress)

    assert levels == (rating.computed, outcome(rating))


def test_what_only_a_later_date_makes_a_number_is_rated_by_it() -> None:
    """A formula that divides by nothing on the day as ruled is worked out anew by the day as moved."""
    rule = CAMMS.replace("progress / elapsed", "progress / (50 - elapsed)")
    rating = rate(rule + LATER, "2020-02-20", progress=20)

    assert "grey: division by zero" == outcome(rate(rule, "2020-02-20", progress=20))
    # a quarter has gone: 100 * 20 / (50 - 25) is 80
    assert ("grey", "amber") == (rating.computed, outcome(rating))


def test_a_formula_may_read_the_days_late() -> None:
    """They stand among its inputs; of a report that cannot be judged they stand nowhere."""
    rule = (
        'due = 2020-09-30\nformula = "2 * days_late"\nbands = [{ rag = "green", to = 0 }, { rag = "red", above = 0 }]\n'
    )
    rating = rate(rule, "2020-10-05")

    assert (10, "red") == (rating.value, outcome(rating))
    assert [("days_late", "5")] == [(line.name, line.value) for line in rating.explanation.inputs]
    assert "2 * days_late is 10 (days_late 5)." in rating.explain()
    # what else a formula reads nobody knows ahead
    assert "Left open" not in rate(rule, "2020-09-20").explain()


def test_an_action_without_a_day_may_be_rated_by_its_progress() -> None:
    """A formula that asks for no time needs no due date."""
    undated = CAMMS.replace("2020-04-10", '"TBC"')

    assert "amber" == outcome(rate(undated.replace("100 * progress / elapsed", "progress"), "2020-02-20", progress=75))
    assert "grey: no due date" == outcome(rate(undated, "2020-02-20", progress=75))


@pytest.mark.parametrize(("as_at", "level"), [("2020-09-30", "green"), ("2020-10-01", "amber"), ("2020-10-31", "red")])
def test_bands_over_days_late(as_at: str, level: str) -> None:
    """Bands without a formula judge the days late."""
    bands = 'bands = [{ rag = "green", to = 0 }, { rag = "amber", above = 0, to = 30 }, { rag = "red", above = 30 }]\n'

    assert level == outcome(rate("due = 2020-09-30\n" + bands, as_at))


@pytest.mark.parametrize(("evidence", "level"), [("", "amber"), ("minutes", "green"), (True, "green")])
def test_a_completed_action_may_need_evidence(evidence: str | bool, level: str) -> None:
    """``requires_evidence`` caps a completed action that has none."""
    rating = rate(USUAL + "requires_evidence = true\n", "2020-09-01", "complete", evidence=evidence)

    assert ("green", level) == (rating.computed, rating.rag)


def test_a_scale_without_amber_cannot_ask_for_evidence_of_an_action() -> None:
    """The cap is amber, so a rulebook whose scale lacks it is refused when it loads, not when it rates."""
    rule = 'due = 2020-09-30\nrequires_evidence = true\nbands = [{ rag = "good" }]\ncomplete = "good"\n'
    scale = '[[scale.levels]]\nid = "{0}"\nlabel = "{0}"\nsymbol = "{1}"\ncolour = "#{1}{1}{1}{1}{1}{1}"\n'

    with pytest.raises(ragengine.RulebookError, match="the scale has no level amber"):
        load(rule, BOOK + scale.format("poor", 1) + scale.format("good", 2))


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"as_at": "someday"}, "as_at: 'someday' cannot be used; not a period"),
        ({"completed_on": "32/01/20"}, "completed_on: '32/01/20' cannot be used; there is no such day"),
        ({"as_at": None}, "as_at is missing; "),
    ],
)
def test_what_a_caller_gives_wrongly_is_named(details: dict[str, Any], said: str) -> None:
    """A day that cannot be read is an exception that names the argument."""
    with pytest.raises(ragengine.BadArgument) as caught:
        load(USUAL).rate("a.do", **{"as_at": "2020-08-31", "status": "complete", **details})

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({"status": "nearly"}, "'nearly' is no status"),
        ({"status": "in progress", "progress": 150}, "'150' is not from 0 to 100"),
        ({"status": "in progress", "progress": "most"}, "'most' is neither a number nor a symbol"),
        (
            {"status": "complete", "completed_on": "2020-09-01"},
            "its day of completion is after the report of 31 August 2020",
        ),
    ],
)
def test_a_report_that_cannot_be_is_grey_invalid(details: dict[str, Any], why: str) -> None:
    """A status or progress that is none is grey: invalid, and the explanation says why."""
    rating = load(USUAL).rate("a.do", as_at="2020-08-31", **details)

    assert str(rating.rag) == "grey" and rating.reason == "invalid"
    assert why in rating.explain()


@pytest.mark.parametrize("status", ["In-Progress", "IN PROGRESS", " in_progress "])
def test_a_status_word_is_folded(status: str) -> None:
    """Case, spaces, hyphens and underscores of a status do not matter."""
    assert load(USUAL).rate("a.do", as_at="2020-08-31", status=status).facts.status == "in progress"
