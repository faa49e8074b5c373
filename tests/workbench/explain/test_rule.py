"""A rule explained: its bands, its graces on a day, its way through time, and a walk through periods."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

import ragengine
from ragengine.book import PreparedAction
from ragengine.period import APRIL, parse_period
from ragengine.rulebook.grace import live_on
from ragengine.rulefile.provenance import origins_of
from ragengine.workbench.explain.graces import open_levels
from ragengine.workbench.explain.rule import RuleExplanation, explain_action, explain_kpi, rating_graces
from ragengine.workbench.explain.timeline import Stretch, action_timeline, kpi_timeline
from ragengine.workbench.explain.walk import periods_between, walk_action, walk_kpi

GOOD = Path(__file__).resolve().parent.parent.parent / "rulefiles" / "good"
BOOK = """\
[book]
title   = "Plan"
edition = "2020-21"
missing = "grey"

[grace.covid-19]
from          = 2020-03-23
until         = 2020-09-30
no_worse_than = "amber"
reason        = "Visits suspended"
authority     = "Board"

[grace.moving]
from      = 2020-06-01
until     = 2020-06-30
target    = 70
reason    = "A new system"
authority = "Board"
when      = "'moving' in causes"

[grace.later]
from       = 2020-03-23
until      = 2020-09-30
extend_due = "30 days"
reason     = "A delay"
authority  = "Board"
"""
AREA = """\
[area]
title = "A"

[kpi.seen]
title     = "Seen"
unit      = "%"
direction = "higher"
target    = { 2019-04-01 = 85, 2020-04-01 = 90 }
tolerance = "10 pp"
grace     = ["covid-19", "moving"]

[action.train]
title     = "Train"
due       = 2020-07-31
warning   = "28 days"
tolerance = "0 days"
grace     = ["covid-19", "later"]

[action.tbc]
title = "Agree"
due   = "TBC"
"""
FILES = {"book.toml": BOOK, "a.toml": AREA}


@pytest.fixture(scope="module")
def book() -> ragengine.Rulebook:
    """One KPI under two graces, two actions."""
    return ragengine.load(FILES)


def kpi_on(book: ragengine.Rulebook, on: date | None, target: Fraction | None = None) -> RuleExplanation:
    """The KPI's rule on a day."""
    return explain_kpi(book.rules, book.rules.kpis["a.seen"], origins_of(FILES), on, None, target)


def test_without_a_day_the_latest_form_is_explained_and_that_is_said(book: ragengine.Rulebook) -> None:
    """After every dated change: the target of 2020 and no grace; the day is the first of that form."""
    explained = kpi_on(book, None)

    assert explained.day == date(2020, 10, 1)
    assert explained.why_day.startswith("the latest form of the rule")
    assert explained.says == ("Higher is better; target at least 90%; tolerance 10 percentage points.",)
    assert [(band.rag, band.lower, band.upper) for band in explained.bands] == [
        ("red", None, "80"), ("amber", "80", "90"), ("green", "90", None),
    ]  # fmt: skip
    assert explained.graced_bands == ()
    assert [grace.state_words for grace in explained.graces] == [
        "over: ended 1 day ago, on 30 September 2020",
        "over: ended 93 days ago, on 30 June 2020",
    ]


def test_a_live_grace_says_days_left_and_which_values_go_from_what_to_what(book: ragengine.Rulebook) -> None:
    """On 15 June both are live: the target's relief first, then the floor; the condition is named."""
    moving, covid = kpi_on(book, date(2020, 6, 15)).graces

    assert (moving.name, moving.state_words) == ("moving", "live, 15 days left (to 30 June 2020)")
    assert moving.does == ("from 60% to below 70%: Red → Amber", "from 70% to below 80%: Red → Green",
                           "from 80% to below 90%: Amber → Green")  # fmt: skip
    assert moving.decided == "depends on the measurement: when 'moving' in causes"
    assert covid.does == ("below 60%: Red → Amber",)
    assert covid.decided == "granted: no condition"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2020, 3, 22), "not yet: begins in 1 day, on 23 March 2020"),
        (date(2020, 3, 23), "live, 191 days left (to 30 September 2020)"),
        (date(2020, 9, 30), "live, its last day (to 30 September 2020)"),
        (date(2020, 10, 1), "over: ended 1 day ago, on 30 September 2020"),
    ],
)
def test_a_grace_on_and_beside_its_first_and_last_day(book: ragengine.Rulebook, on: date, words: str) -> None:
    """Both ends belong to it."""
    covid = next(grace for grace in kpi_on(book, on).graces if grace.name == "covid-19")

    assert covid.state_words == words


def test_with_a_measurement_each_grace_is_granted_or_refused(book: ragengine.Rulebook) -> None:
    """50% with no cause given: the floor lifts it, the conditional relief is refused and says why."""
    rating = book.rate("a.seen", 50, period="2020-06")
    moving, covid = rating_graces(rating, date(2020, 6, 30))

    assert (covid.decided, covid.changes_level) == ("granted", True)
    assert (moving.decided, moving.changes_level) == ("refused: its condition does not hold", False)
    granted = rating_graces(book.rate("a.seen", 95, period="2020-06", causes={"moving"}), date(2020, 6, 30))
    assert [grace.decided for grace in granted] == ["granted, and changes nothing here"] * 2


def test_the_eras_say_what_changes_at_each(book: ragengine.Rulebook) -> None:
    """Target, then Covid-19 from 23 March, the new target in April, the move in June, and the end of both."""
    stretches = kpi_on(book, None).timeline

    assert [stretch.when for stretch in stretches] == [
        "until 31 March 2019", "1 April 2019 to 22 March 2020", "23 March 2020 to 31 March 2020",
        "1 April 2020 to 31 May 2020", "1 June 2020 to 30 June 2020", "1 July 2020 to 30 September 2020",
        "from 1 October 2020",
    ]  # fmt: skip
    assert stretches[0].says == ("no target yet", "tolerance 10 percentage points")
    assert stretches[2].says == ("covid-19 is live (no worse than amber)", "below 75%: Red → Amber")
    assert stretches[3].says == ("target at least 90%", "from 85% to below 90%: Green → Amber")
    assert stretches[4].live == ("moving", "covid-19")
    assert stretches[6].says == ("covid-19 is over", "below 80%: Amber → Red")


def contiguous(stretches: tuple[Stretch, ...]) -> bool:
    """Whether stretches cover all days, each once."""
    return (
        stretches[0].start is None
        and stretches[-1].end is None
        and all(a.end is not None and b.start == a.end + timedelta(days=1) for a, b in pairwise(stretches))
    )


@pytest.mark.parametrize("folder", [GOOD.parent.parent.parent / "rules", *sorted(GOOD.iterdir())], ids=lambda p: p.name)
def test_stretches_cover_all_time_and_name_the_graces_that_are_live(folder: Path) -> None:
    """For every KPI and action: no day is missing or doubled, and on its first day exactly these graces are live."""
    rules = ragengine.load(folder).rules
    for kpi in rules.kpis.values():
        stretches = kpi_timeline(rules, kpi, None, kpi.unit)
        assert contiguous(stretches), kpi.id
        for stretch in stretches:
            on = stretch.start or date(1900, 1, 1)
            assert set(stretch.live) == {grace.name for grace in kpi.graces if live_on(grace, on)}
    for action in rules.actions.values():
        stretches = action_timeline(rules, action)
        assert contiguous(stretches), action.id
        for stretch in stretches:
            on = stretch.start or date(1900, 1, 1)
            assert set(stretch.live) == {grace.name for grace in action.graces if live_on(grace, on)}
            if action.formula is None and action.due.day is not None:
                level = PreparedAction(rules, action).rate(on, "in progress").rag.label
                assert stretch.says[0] == f"while it is open: {level}"


def test_an_action_day_by_day_with_its_graces(book: ragengine.Rulebook) -> None:
    """Due on 31 July, 30 days of grace: amber from 2 August, red never while the floor holds, red from October."""
    stretches = explain_action(book.rules, book.rules.actions["a.train"], origins_of(FILES)).timeline

    assert [(stretch.when, stretch.says[0]) for stretch in stretches] == [
        ("until 22 March 2020", "while it is open: Green"),
        ("23 March 2020 to 1 August 2020", "while it is open: Green"),
        ("2 August 2020 to 30 September 2020", "while it is open: Amber"),
        ("from 1 October 2020", "while it is open: Red"),
    ]


def test_a_grace_of_an_action_says_which_days_it_changes(book: ragengine.Rulebook) -> None:
    """The due date moves first, then the floor acts on what is still red."""
    later, covid = explain_action(
        book.rules, book.rules.actions["a.train"], origins_of(FILES), date(2020, 8, 14)
    ).graces

    assert later.does == (
        "due 31 July 2020 → 30 August 2020",
        "from 3 Jul 2020 to 31 Jul 2020 (from 28 days before it is due to the due date): Amber → Green",
        "from 1 Aug 2020 to 1 Aug 2020 (from 1 day late to 1 day late): Red → Green",
        "from 2 Aug 2020 to 30 Aug 2020 (from 2 days late to 30 days late): Red → Amber",
    )
    assert covid.does == ("from 31 Aug 2020 (from 31 days late): Red → Amber",)


def test_levels_under_a_grace_are_those_that_data_get_while_it_is_live(plan: ragengine.Rulebook) -> None:
    """For each graced action of the plan, on every day of its graces: the drawn level is the rated one."""
    graced = [action for action in plan.rules.actions.values() if action.graces and action.due.day]
    assert len(graced) >= 3
    for action in graced:
        table = open_levels(plan.rules, action, action.graces)
        assert table is not None and action.due.day is not None
        on = max(grace.start for grace in action.graces)
        while on <= min(grace.until for grace in action.graces):
            rated = PreparedAction(plan.rules, action).rate(on, "in progress").rag
            assert table.label((on - action.due.day).days) == rated, (action.id, on)
            on += timedelta(days=5)


def test_an_action_without_a_due_date_says_so(book: ragengine.Rulebook) -> None:
    """TBC: the bands are those it will have, in days late, and open it is grey."""
    explained = explain_action(book.rules, book.rules.actions["a.tbc"], origins_of(FILES))

    assert explained.says[0] == "No due date yet."
    assert explained.says[-1] == "Open, it is Grey: no due date; the bands are those it will have."
    assert explained.strips[0].line(explained.strips[0].table.thresholds[0]) == "from 1 day late"


def test_a_target_from_the_data_is_drawn_in_per_cent_of_it_or_with_one_given() -> None:
    """Bands that are all shares of the target have no numbers until a target comes; with one they have."""
    folder = GOOD / "bands-and-ranges"
    rules, origins = ragengine.load(folder).rules, origins_of(folder)
    kpi = rules.kpis["assessment.spend"]
    shares = explain_kpi(rules, kpi, origins)
    given = explain_kpi(rules, kpi, origins, data_target=Fraction(200))

    assert [band.upper for band in shares.bands] == ["100", "105", None]
    assert shares.strips[0].caption == "In % of the target, which comes with each measurement"
    assert [band.upper for band in given.bands] == ["200", "210", None]


@pytest.mark.parametrize(
    ("kpi", "why"),
    [
        ("assessment.contacts", "there is no target: every value is Grey, no target"),
        ("assessment.referrals", "it is monitored: reported, and never rated"),
    ],
)
def test_what_is_not_rated_by_bands_says_why(kpi: str, why: str) -> None:
    """No line is drawn, and the reason stands in its place."""
    folder = GOOD / "bands-and-ranges"
    rules = ragengine.load(folder).rules
    explained = explain_kpi(rules, rules.kpis[kpi], origins_of(folder))

    assert (explained.strips, explained.why_no_bands) == ((), why)


def test_a_walk_says_for_each_period_what_is_in_force(book: ragengine.Rulebook) -> None:
    """With a value also its level, by which grace, and what it would be without."""
    kpi, prepared = book.rules.kpis["a.seen"], book["a.seen"]
    periods = periods_between("2020-02..2020-04", APRIL)
    stops = list(walk_kpi(book.rules, kpi, periods, None, lambda period: prepared.rate(50, period)))

    assert [(stop.label, str(stop.level), stop.why) for stop in stops] == [
        ("February 2020", "red", ""),
        ("March 2020", "amber", "by grace covid-19; computed Red"),
        ("April 2020", "amber", "by grace covid-19; computed Red"),
    ]
    assert [stop.in_force.partition(";")[0] for stop in stops] == ["target at least 85%"] * 2 + ["target at least 90%"]
    assert stops[2].does == ("below 80%: Red → Amber",)


def test_a_walk_of_an_open_action_shows_its_level_on_each_last_day(book: ragengine.Rulebook) -> None:
    """The last day of a month counts."""
    stops = walk_action(book.rules, book.rules.actions["a.train"], periods_between("2020-07..2020-10", APRIL), None)

    assert [(stop.period, str(stop.level)) for stop in stops] == [
        ("2020-07", "green"), ("2020-08", "amber"), ("2020-09", "amber"), ("2020-10", "red"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("2020-01..", "nothing: not a period"),
        ("2020-01..Q1 2020/21", "one end is a month and the other a quarter"),
        ("2020-03..2020-01", "the last period is before the first"),
        ("1900-01..2199-12", "name at most 400 periods"),
        ("2020-13..2020-12", "2020-13"),
    ],
)
def test_a_range_that_is_none_is_refused_by_name(written: str, wrong: str) -> None:
    """What is wrong with it, and never a loop without end."""
    with pytest.raises(ragengine.BadArgument) as caught:
        periods_between(written, APRIL)

    assert wrong in str(caught.value)


def test_a_range_holds_both_of_its_ends() -> None:
    """Quarters follow quarters, over the financial year's end."""
    found = periods_between("Q3 2019/20..Q1 2020/21", APRIL)

    assert found == [parse_period(written) for written in ("Q3 2019/20", "Q4 2019/20", "Q1 2020/21")]
