"""Why a rating is not another level: every obstacle is told, and what is said to do does."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.data.collection import Data
from ragengine.data.door import measurement_of
from ragengine.data.model import Override
from ragengine.period import parse_period
from ragengine.rating.rating import Rating
from ragengine.rollup.policy import decide
from ragengine.rollup.tally import Child
from ragengine.rulebook.area import RollupPolicy
from ragengine.rulefile.provenance import origins_of
from ragengine.terms import AMBER, DEFAULT_SCALE, GREEN, GREY, RED, Rag
from ragengine.workbench.explain import changes
from ragengine.workbench.explain.area import explain_area
from ragengine.workbench.explain.changes import smallest_changes, way_words
from ragengine.workbench.explain.why_not import WhyNot, why_not
from ragengine.workbench.explain.why_not_area import why_not_area

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

[grace.unproven]
from           = 2020-07-01
until          = 2020-07-31
no_better_than = "amber"
reason         = "The count is not assured"
authority      = "Audit"

[grace.moving]
from      = 2020-06-01
until     = 2020-06-30
tolerance = "30 pp"
reason    = "A new system"
authority = "Board"
when      = "'moving' in causes"

[grace.later]
from       = 2020-03-23
until      = 2020-09-30
extend_due = "30 days"
reason     = "A delay"
authority  = "Board"

[rollup]
minimum_coverage = "50%"
rules = [
  { rag = "red",   when = "critical_red >= 1 or red > rated / 2" },
  { rag = "amber", when = "red >= 1 or amber > rated / 2" },
  { rag = "green" },
]
"""
AREA = """\
[area]
title = "A"

[kpi.seen]
title     = "Seen"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
grace     = ["covid-19", "unproven", "moving"]

[kpi.proven]
title     = "Proven"
unit      = "days"
direction = "lower"
target    = 5
tolerance = "1 day"
decimals  = 1
requires_evidence = true
persistence = 2

[kpi.word]
title = "Word"
words = { poor = "red", mixed = "amber", fair = "amber", good = "green" }

[kpi.watched]
title     = "Watched"
direction = "monitor"

[action.train]
title     = "Train"
due       = 2020-07-31
warning   = "28 days"
tolerance = "0 days"
grace     = ["later"]

[action.strict]
title   = "Strict"
due     = 2020-07-31
on_time = false
warning = "28 days"
tolerance = "10 days"
requires_evidence = true

[action.tbc]
title = "Agree"
due   = "TBC"
"""
FILES = {"book.toml": BOOK, "a.toml": AREA}
BOOK_LOADED = ragengine.load(FILES)
LEVELS = (RED, AMBER, GREEN)


def asked(level: str, subject: str, value: object = None, **details: object) -> WhyNot:
    """The answer about one measurement or report."""
    return why_not(BOOK_LOADED.rate(subject, value, **details), BOOK_LOADED.scale[level])


def told(answer: WhyNot) -> list[tuple[str, str]]:
    """Stage and text of each obstacle."""
    return [(obstacle.stage, obstacle.text) for obstacle in answer.obstacles]


def test_a_value_says_its_distance_in_value_and_in_counts() -> None:
    """84 of 100 is 6 percentage points, and 6 more, short of green."""
    answer = asked("green", "a.seen", numerator=84, denominator=100, period="2021-01")

    assert told(answer) == [
        ("value", "the value is 84%; Green is at least 90%: 6 percentage points more, 6 more of 100, would do")
    ]
    assert answer.headline == "Why not Green: it is Amber. In the way:"


def test_what_has_the_level_has_nothing_in_its_way() -> None:
    """No obstacle, and a headline that says so."""
    answer = asked("amber", "a.seen", 84, period="2021-01")

    assert (answer.headline, answer.obstacles) == ("It is Amber already.", ())


def test_a_cap_stands_in_the_way_of_a_value_that_is_good_enough() -> None:
    """Green by the rule alone: the grace that caps it, until when, by whom and why."""
    assert told(asked("green", "a.seen", 95, period="2020-07")) == [
        ("grace", "unproven, no better than amber until 31 July 2020 (Audit; The count is not assured); "
                  "by the rule alone it is Green")
    ]  # fmt: skip


def test_a_cap_and_a_value_both_have_to_go() -> None:
    """Short of the target and capped: two obstacles."""
    assert told(asked("green", "a.seen", 84, period="2020-07")) == [
        ("value", "the value is 84%; Green is at least 90%: 6 percentage points more would do"),
        ("grace", "unproven: no better than Amber until 31 July 2020 (Audit; The count is not assured)"),
    ]


def test_a_floor_keeps_a_bad_value_from_red() -> None:
    """By the rule alone it is red: the grace is what keeps it from it."""
    answer = asked("red", "a.seen", 50, period="2020-05")

    assert [stage for stage, _ in told(answer)] == ["grace"]
    assert "covid-19, no worse than amber until 30 September 2020" in told(answer)[0][1]


def test_a_refused_relief_that_would_have_done_is_told_beside() -> None:
    """65% in June: the wider tolerance would reach amber; nobody said the system was moving. The floor does it here."""
    rule = AREA.replace('grace     = ["covid-19", "unproven", "moving"]', 'grace     = ["moving"]')
    book = ragengine.load({"book.toml": BOOK, "a.toml": rule})
    answer = why_not(book.rate("a.seen", 65, period="2020-06"), AMBER)

    assert told(answer) == [
        ("value", "the value is 65%; Amber is from 80% to below 90%: 15 percentage points more would do")
    ]
    assert answer.beside == ("Grace moving would have given Amber, and is refused: its condition does not hold.",)


def test_evidence_and_value_are_both_asked_for() -> None:
    """5.5 days and no evidence: judged to one decimal, anything below 5.05 is green; and there is no proof."""
    stages = told(asked("green", "a.proven", Fraction("5.5")))

    assert stages[0] == ("value", "the value is 5.5 days; Green is up to 5 days: 0.5 days less would do")
    assert stages[1] == ("evidence", "none is recorded, and without it no better than Amber: record it")


def test_persistence_holds_a_better_level() -> None:
    """Red once after green: only a second red in a row is adopted."""
    answer = asked("red", "a.proven", 9, period="2020-07", evidence="seen", history=[("2020-06", 4), ("2020-05", 4)])

    assert told(answer)[-1][0] == "persistence"
    assert "only after 2 periods in a row" in told(answer)[-1][1]


def test_a_word_says_which_words_would_do() -> None:
    """All words of the level."""
    assert told(asked("amber", "a.word", "poor")) == [("value", 'the word is "poor"; Amber is "mixed" or "fair"')]


@pytest.mark.parametrize(
    ("subject", "value", "said"),
    [
        ("a.seen", None, "it is Grey, no data; it needs a value: Green is at least 90%"),
        ("a.seen", "c", "it is Grey, suppressed (printed as 'c'); it needs a value: Green is at least 90%"),
        ("a.watched", 5, "it is Grey, monitored; a monitored KPI is never rated"),
    ],
)
def test_a_grey_says_what_it_needs(subject: str, value: object, said: str) -> None:
    """The reason, and what would lift it."""
    assert [text for _, text in told(asked("green", subject, value, period="2021-01"))] == [said]


def test_a_late_action_is_to_be_completed() -> None:
    """An open action was green until its warning; complete, it is green on whatever day."""
    assert told(asked("green", "a.train", as_at="2020-10-14", status="in progress")) == [
        ("due", "open, it is Green only until 1 August 2020; complete it, on whatever day, and it is Green")
    ]


def test_an_action_that_keeps_its_lateness_says_by_when() -> None:
    """Complete by the due date, with evidence: later it keeps the colour of its lateness."""
    assert told(asked("green", "a.strict", as_at="2020-07-20", status="in progress")) == [
        ("due", "open, it is Green only until 2 July 2020; completed until 31 July 2020 with evidence, it is Green"),
        ("evidence", "none is recorded, and without it no better than Amber: record it"),
    ]


def test_an_action_without_a_due_date_needs_one_or_completion() -> None:
    """TBC is grey while it is open."""
    assert told(asked("green", "a.tbc", as_at="2020-07-20", status="in progress")) == [
        ("due", "it has no due date yet (TBC): give it one; complete it, on whatever day, and it is Green")
    ]
    assert told(asked("green", "a.tbc", as_at="2020-07-20", status="deferred"))[0][0] == "status"


def test_a_relief_keeps_an_action_from_the_level_of_the_rule() -> None:
    """Late by the rule, in time by its grace: why not red is the grace."""
    answer = asked("red", "a.train", as_at="2020-08-01", status="in progress")

    assert [stage for stage, _ in told(answer)] == ["grace"]
    assert "later, extend due 30 days until 30 September 2020" in told(answer)[0][1]


def overridden(effect: str, level: str, value: object) -> Rating:
    """A rating under one override in force."""
    override = Override("a.seen", effect, level, date(2021, 1, 1), date(2021, 3, 31), "Moderated", "Director")
    measured = measurement_of("a.seen", value=value, period=parse_period("2021-01"))
    rating = BOOK_LOADED.score(Data((measured,), overrides=(override,)), "2021-01").ratings["a.seen"]
    assert isinstance(rating, Rating)
    return rating


def test_an_override_stands_in_the_way_whatever_the_value() -> None:
    """Green by the data and agreed as red: only the override."""
    answer = why_not(overridden("rag", "red", 95), GREEN)

    assert told(answer) == [("override", "agreed as Red until 31 March 2021 by Director: Moderated")]


@pytest.mark.parametrize(
    ("effect", "level", "wanted"), [("no_better_than", "amber", GREEN), ("no_worse_than", "amber", RED)]
)
def test_a_cap_or_floor_by_override_stands_only_beyond_it(effect: str, level: str, wanted: Rag) -> None:
    """A cap keeps from better levels, a floor from worse ones."""
    value = 95 if wanted is GREEN else 20
    assert [o.stage for o in why_not(overridden(effect, level, value), wanted).obstacles] == ["override"]


@settings(max_examples=100)
@given(
    value=st.sampled_from(["79.999", "80", "80.001", "89.999", "90", "90.001", "49", "60", "c", None]),
    month=st.sampled_from(["2020-02", "2020-05", "2020-06", "2020-07", "2020-10"]),
    moving=st.booleans(),
    wanted=st.sampled_from(LEVELS),
)
def test_there_is_an_obstacle_exactly_where_the_level_is_another(
    value: str | None, month: str, moving: bool, wanted: Rag
) -> None:
    """On and beside every line, in and out of every grace: never an answer without a reason, never a needless one."""
    rating = BOOK_LOADED.rate("a.seen", value, period=month, causes={"moving"} if moving else ())

    assert bool(why_not(rating, wanted).obstacles) == (rating.rag != wanted)


@settings(max_examples=100)
@given(
    day=st.integers(-60, 60),
    subject=st.sampled_from(["a.train", "a.strict", "a.tbc"]),
    status=st.sampled_from(["not started", "in progress", "complete", "deferred", None]),
    wanted=st.sampled_from(LEVELS),
)
def test_an_action_has_an_obstacle_exactly_where_its_level_is_another(
    day: int, subject: str, status: str | None, wanted: Rag
) -> None:
    """On any day and in any state."""
    at = date(2020, 7, 31) + timedelta(days=day)
    completed = at if status == "complete" else None
    rating = BOOK_LOADED.rate(subject, as_at=at, status=status, completed_on=completed)

    assert bool(why_not(rating, wanted).obstacles) == (rating.rag != wanted)


# areas

RULES = BOOK_LOADED.rules.rollup
COMMON_LEVELS = (*LEVELS, GREY)


def children(levels: list[Rag], critical: int = 0) -> list[Child]:
    """Children a, b, c …, the first ones critical."""
    return [Child(f"a.{chr(97 + n)}", level, n < critical) for n, level in enumerate(levels)]


def fewest(policy: RollupPolicy, given: list[Child], wanted: Rag) -> int | None:
    """By trying every set of levels: the fewest children that must change. Independent of the search."""
    best: int | None = None
    for levels in product(LEVELS, repeat=len(given)):
        for kept in product((True, False), repeat=len(given)):
            made = [child if keep else child.with_level(level) for child, level, keep in zip(given, levels, kept)]
            if decide(policy, DEFAULT_SCALE, made).rag == wanted:
                count = sum(a.rag != b.rag for a, b in zip(given, made))
                best = count if best is None else min(best, count)
    return best


@settings(max_examples=40)
@given(
    levels=st.lists(st.sampled_from(COMMON_LEVELS), min_size=1, max_size=4),
    critical=st.integers(0, 2),
    wanted=st.sampled_from(LEVELS),
)
def test_the_smallest_change_is_the_smallest(levels: list[Rag], critical: int, wanted: Rag) -> None:
    """Against every combination of levels: the same number of changed children; and each way told gives the level."""
    given_children = children(levels, critical)
    now = decide(RULES, DEFAULT_SCALE, given_children).rag
    if now == wanted:
        return
    search = smallest_changes(RULES, DEFAULT_SCALE, given_children, wanted)

    assert search.smallest
    assert search.size == fewest(RULES, given_children, wanted)
    for way in search.ways:
        made = {child.id: child for child in given_children}
        for move in way:
            free = [i for i in move.of if made[i].rag == move.old and made[i] in given_children]
            for child_id in free[: move.count]:
                made[child_id] = made[child_id].with_level(move.new)
        assert decide(RULES, DEFAULT_SCALE, list(made.values())).rag == wanted


def test_a_bound_that_is_hit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a bound of ten sets the search goes on child by child, and does not call what it finds the smallest."""
    monkeypatch.setattr(changes, "MOST_TRIED", 10)
    search = smallest_changes(RULES, DEFAULT_SCALE, children([RED] * 6), GREEN)

    assert (search.smallest, search.size) == (False, 6)
    assert decide(RULES, DEFAULT_SCALE, children([GREEN] * 6)).rag is GREEN


def test_a_level_that_no_mix_gives_is_said() -> None:
    """A roll-up that never says amber."""
    files = {**FILES, "book.toml": BOOK.replace('{ rag = "amber", when = "red >= 1 or amber > rated / 2" },', "")}
    search = smallest_changes(ragengine.load(files).rules.rollup, DEFAULT_SCALE, children([GREEN, RED]), AMBER)

    assert (search.size, search.ways, search.smallest) == (None, (), True)


def test_ways_name_children_as_within_their_area() -> None:
    """Those that count alike together, with how many of them."""
    search = smallest_changes(RULES, DEFAULT_SCALE, children([RED, RED, GREEN]), GREEN)

    assert [way_words(way, "a") for way in search.ways] == [
        "of a, b (Red) 1 to Amber and 1 to Green",
        "a, b (Red) to Green",
    ]


def test_an_area_says_its_children_and_its_override() -> None:
    """Computed amber and agreed as red: both stand in the way of green."""
    data = ragengine.read("docs/examples/2020-08", day_first=True)
    book = ragengine.load("rules")
    answer = why_not_area(book.rules, book.score(data, "Aug-20").areas["children-with-disabilities"], GREEN)

    assert [obstacle.stage for obstacle in answer.obstacles] == ["children", "override"]
    assert answer.obstacles[0].ways == ("management-audits (Red) to Amber", "management-audits (Red) to Green")
    assert answer.obstacles[1].text.startswith("no better than Amber until 31 December 2020 by Improvement plan")


def test_an_area_without_data_says_the_smallest_mix_of_each_level() -> None:
    """Six children that count, none critical: four red, one red, and what green bears."""
    explained = explain_area(BOOK_LOADED.rules, "a", origins_of(FILES))

    assert [(mix.level, mix.ways) for mix in explained.mixes] == [
        ("Red", ("4 Red",)),
        ("Amber", ("1 Red",)),
        ("Green", ("every child Green, or with up to 3 Amber",)),
    ]
    assert "Fewer than 4 of its 7 children rated (50%): Grey" in " ".join(explained.says)
