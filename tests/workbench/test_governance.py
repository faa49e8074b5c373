"""Every grace and override: where it stands, what it did, whether it is still needed, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.data.collection import Data
from ragengine.data.door import measurement_of
from ragengine.data.model import ActionReport, Measurement, Override
from ragengine.terms import Status

BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
SCALE = "".join(
    f'[[scale.levels]]\nid = "{level}"\nlabel = "{level.title()}"\nsymbol = "{symbol}"\ncolour = "#101010"\n'
    for level, symbol in (("poor", "x"), ("fair", "o"), ("good", "+"), ("fine", "*"))
)


def grace(name: str, effect: str, start: str = "2020-04-01", until: str = "2020-09-30", more: str = "") -> str:
    """A grace of the book."""
    return (
        f"[grace.{name}]\nfrom = {start}\nuntil = {until}\n{effect}\nreason = 'Covid-19'\nauthority = 'Board'\n{more}\n"
    )


def kpi(name: str = "k", *graces: str, more: str = "") -> str:
    """A percentage of which 90 is green and 80 amber."""
    opted = f"grace = [{', '.join(graces)}]\n" if graces else ""
    return (
        f'[kpi.{name}]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n{more}{opted}'
    )


def load(book: str, *kpis: str, area: str = "") -> ragengine.Rulebook:
    """A book with one area, ``a``."""
    return ragengine.load({"book.toml": BOOK + book, "a.toml": f'[area]\ntitle = "A"\n{area}' + "".join(kpis)})


def row(value: Any, period: str, subject: str = "a.k", **details: Any) -> Measurement:
    """One measurement."""
    return measurement_of(subject, value=value, period=ragengine.parse_period(period), **details)


def override(effect: str = "rag", level: str = "green", subject: str = "a.k", **fields: Any) -> Override:
    """A judgement from April to September 2020."""
    given = Override(subject, effect, level, date(2020, 4, 1), date(2020, 9, 30), "Audited", "The director")
    return evolve(given, **fields)


def review(book: ragengine.Rulebook, rows: Iterable[Measurement] = (), as_at: str | None = None, **more: Any) -> Any:
    """The review of some rows."""
    return ragengine.review_grace(book, Data(measurements=tuple(rows), **more), as_at)


# the worked example, counted by hand from docs/examples/2020-08 and rules/


def test_the_plans_graces_are_counted_by_hand(plan: ragengine.Rulebook, root: Any) -> None:
    """Five open actions are under grace on 31 August; of the three past their date two are held at amber, one extended.

    Two of the transition actions are due in September: green without grace. Two are due on 14 August and open, which is
    red. The survey was due on 31 July; 61 days more is 30 September, and open more than 28 days before it is green.
    """
    found = ragengine.review_grace(plan, ragengine.read(root / "docs/examples/2020-08", day_first=True))
    transition, survey = found.graces

    assert [period.label for period in found.periods] == ["June 2020", "July 2020", "August 2020"]
    assert (transition.use.fired, survey.use.fired) == (4, 1)
    assert [(str(c.before), str(c.after), c.times) for c in transition.use.changes] == [("red", "amber", 2)]
    assert [(str(c.before), str(c.after), c.times) for c in survey.use.changes] == [("red", "green", 1)]
    assert [d.id for d in transition.use.needed] == ["send.transitions-operational-group", "send.transition-audit-tool"]
    assert (str(transition.place), transition.days_left, str(transition.state)) == ("book.toml:11", 30, "expiring")


def test_the_plans_exception_debt_is_counted_by_hand(plan: ragengine.Rulebook, root: Any) -> None:
    """One green and four amber ratings rest on it; four of MASH are held at red by judgement.

    Green: the neglect survey. Amber: the two transition actions past their date, the adoptions (no value, judged
    amber) and the visits of home-educated children (55%, not worse than amber).
    """
    found = ragengine.review_grace(plan, ragengine.read(root / "docs/examples/2020-08", day_first=True))
    debt = found.debt
    resting = {d.id: str(d.rag) for d in debt.departures if d.how == "rests on it" and d.kind != "area"}

    assert resting == {
        "lscp.neglect-toolkit-feedback": "green",
        "send.transitions-operational-group": "amber",
        "send.transition-audit-tool": "amber",
        "adoption.number-of-adoptions": "amber",
        "elective-home-education.cohort-visited": "amber",
    }
    assert [(str(level.level), level.resting) for level in debt.total.levels] == [("green", 1), ("amber", 4)]
    by_id = {area.id: area for area in debt.areas}
    assert (by_id["mash"].held_back, debt.total.held_back, debt.total.set_aside) == (4, 4, 0)
    # without the four judgements MASH has no red and no amber
    assert (str(by_id["mash"].rag), str(by_id["mash"].without)) == ("amber", "green")
    # with two of four rated actions red instead of amber: red >= 1, and not more than half
    assert (str(by_id["send"].rag), str(by_id["send"].without)) == ("green", "amber")


def test_an_override_that_says_what_the_rules_say_is_not_needed(plan: ragengine.Rulebook, root: Any) -> None:
    """Leadership was judged red, and is red by its ratings."""
    found = ragengine.review_grace(plan, ragengine.read(root / "docs/examples/2020-08", day_first=True))
    uses = {entry.override.subject: entry.use for entry in found.overrides}

    assert len(uses) == 11
    assert {subject for subject, use in uses.items() if not use.needed} == {
        "leadership",
        "children-with-disabilities",
        "missing-exploited-trafficked",
    }
    assert (uses["leadership"].fired, uses["leadership"].changed, uses["leadership"].last_needed) == (1, 0, None)


# where it stands


@pytest.mark.parametrize(
    ("as_at", "state", "left"),
    [
        ("2020-03-31", "not begun", 183),
        ("2020-04-01", "live", 182),
        ("2020-07-31", "live", 61),
        ("2020-08-01", "expiring", 60),
        ("2020-08-02", "expiring", 59),
        ("2020-09-30", "expiring", 0),
        ("2020-10-01", "expired", -1),
    ],
)
def test_a_grace_is_expiring_for_its_last_sixty_days(as_at: str, state: str, left: int) -> None:
    """61 days before its last day it is live, 60 days before expiring; the day after it is expired."""
    book = load(grace("g", "suspend = true"), kpi("k", "'g'"))
    entry = ragengine.review_grace(book, as_at=as_at).graces[0]

    assert (str(entry.state), entry.days_left, entry.use) == (state, left, None)


@pytest.mark.parametrize(
    ("as_at", "state", "left", "level"),
    [
        ("2020-03-31", "not begun", 183, "red"),
        ("2020-07-31", "live", 61, "green"),
        ("2020-08-01", "expiring", 60, "green"),
        ("2020-09-30", "expiring", 0, "green"),
        ("2020-10-01", "lapsed", -1, "red"),
    ],
)
def test_an_override_lapses_on_the_day_after_its_last(as_at: str, state: str, left: int, level: str) -> None:
    """The state is that of the day on which the scorecard judges it."""
    rows = [row(70, "Feb-20"), row(70, "Mar-20"), row(70, "2020-07-30"), row(70, "Aug-20"), row(70, "Sep-20")]
    found = review(load("", kpi(more='frequency = "monthly"\nmissing = "red"\n')), rows, as_at, overrides=(override(),))
    entry = found.overrides[0]

    assert (str(entry.state), entry.days_left, entry.days_left - entry.days_to_start) == (state, left, 182)
    assert bool(entry.use.needed) == (level == "green")


def test_a_day_is_asked_for_where_nothing_gives_one() -> None:
    """The library has no clock: without data the caller says the day; a day that cannot be read is wrong use."""
    book = load(grace("g", "suspend = true"), kpi("k", "'g'"))
    for as_at in (None, "soon"):
        with pytest.raises(ragengine.BadArgument, match="as_at"):
            ragengine.review_grace(book, as_at=as_at)


# who opts in


def test_a_grace_that_nobody_opts_into_is_listed() -> None:
    """With what is known of it; one whose effect depends on its owner is named only."""
    book = load(grace("idle", "suspend = true") + grace("relief", "target = 80"), kpi())
    found = ragengine.review_grace(book, as_at="2020-05-01")

    assert [(entry.name, entry.opted_in) for entry in found.graces] == [("idle", ())]
    assert found.unread == ("relief",)


def test_an_inline_grace_is_named_with_its_measure() -> None:
    """Two measures with an inline grace each are two graces; their place is the measure's."""
    inline = '{ from = 2020-04-01, until = 2020-09-30, no_worse_than = "amber", reason = "R", authority = "B" }'
    book = load("", kpi("k", inline), kpi("l", inline))
    found = review(book, [row(70, "May-20"), row(85, "May-20", "a.l")])

    assert [(entry.name, entry.opted_in) for entry in found.graces] == [
        ("inline 1 of a.k", ("a.k",)),
        ("inline 1 of a.l", ("a.l",)),
    ]
    assert [(entry.use.fired, entry.use.changed, str(entry.place)) for entry in found.graces] == [
        (1, 1, "a.toml:3"),
        (1, 0, "a.toml:10"),
    ]


def test_an_entity_may_opt_in_alone() -> None:
    """The rule of one organisation has a grace that the KPI has not: it fires for that one only."""
    own = "[kpi.k.entities.E1]\ngrace = ['g']\n"
    book = load(grace("g", 'no_worse_than = "amber"'), kpi("k"), own)
    found = review(book, [row(70, "May-20", entity="E1"), row(70, "May-20", entity="E2")])
    use = found.graces[0].use

    assert found.graces[0].opted_in == ("a.k, E1",)
    assert (use.fired, [(d.entity, str(d.rag), str(d.without)) for d in use.needed]) == (1, [("E1", "amber", "red")])


def test_one_grace_with_a_relative_effect_is_one_grace() -> None:
    """A tolerance in per cent of the target is read anew by each measure, and is listed once."""
    book = load(
        grace("g", 'tolerance = "20% of target"'),
        kpi("k", "'g'"),
        kpi("l", "'g'").replace("target = 90", "target = 50"),
    )
    found = review(book, [row(75, "May-20"), row(39.9, "May-20", "a.l")])

    assert [(entry.name, entry.opted_in, entry.use.fired) for entry in found.graces] == [("g", ("a.k", "a.l"), 2)]
    # 90 less 18 is 72: 75 is amber; 50 less 10 is 40: 39.9 is red, as it is by the rule
    assert [(d.id, str(d.without)) for d in found.graces[0].use.needed] == [("a.k", "red")]


# what it did


def test_a_condition_that_does_not_hold_is_refused_with_its_reason() -> None:
    """Granted for May with the cause, refused for June without it, and for July whose previous level is unknown."""
    conditional = grace("g", 'no_worse_than = "amber"', more="when = '\"covid\" in causes and previous_value > 0'")
    rows = [
        row(70, "Mar-20"),
        row(70, "Apr-20", causes=["covid"]),
        row(70, "May-20"),
        row(70, "Jul-20", causes=["covid"]),
    ]
    use = review(load(conditional, kpi("k", "'g'")), rows).graces[0].use

    assert (use.fired, use.changed, use.last_fired.label) == (1, 1, "April 2020")
    assert use.refused == (
        ("its condition does not hold", 1),
        ("previous_value not known, and relief that cannot be shown is not given", 1),
    )


def test_still_needed_is_asked_of_the_latest_scorecard() -> None:
    """Red in April and May, green since June: it changed two levels, and is not needed since June."""
    rows = [row(value, period) for value, period in ((70, "Apr-20"), (70, "May-20"), (95, "Jun-20"), (95, "Jul-20"))]
    book = load(grace("g", 'no_worse_than = "amber"'), kpi("k", "'g'"))
    use = review(book, rows).graces[0].use

    assert (use.fired, use.changed, use.needed) == (4, 2, ())
    assert (use.last_needed.label, use.not_needed_since.label) == ("May 2020", "June 2020")
    use = review(book, rows, "May-20").graces[0].use
    assert ([str(d.without) for d in use.needed], use.last_needed.label, use.not_needed_since) == (
        ["red"],
        "May 2020",
        None,
    )


def test_a_grace_that_never_fired_says_so() -> None:
    """No measurement lies in its days, and no rating was ever otherwise for it."""
    book = load(grace("g", 'no_worse_than = "amber"'), kpi("k", "'g'"))
    use = review(book, [row(70, "Mar-20"), row(70, "Oct-20")]).graces[0].use

    assert (use.fired, use.last_fired, use.last_needed, use.not_needed_since) == (0, None, None, None)


def test_a_value_on_or_beyond_the_line_needs_no_relief() -> None:
    """80 is amber by the rule, 79.9 red: the floor is needed under the line only."""
    book = load(grace("g", 'no_worse_than = "amber"'), kpi("k", "'g'"))
    needed = {value: bool(review(book, [row(value, "May-20")]).graces[0].use.needed) for value in (79.9, 80, 80.1)}

    assert needed == {79.9: True, 80: False, 80.1: False}


def test_a_quarter_that_three_scorecards_show_is_one_rating() -> None:
    """A quarterly KPI beside a monthly one: its rating of a quarter counts once."""
    book = load(grace("g", 'no_worse_than = "amber"'), kpi("k", "'g'", more='frequency = "quarterly"\n'), kpi("l"))
    months = [row(95, month, "a.l") for month in ("Jun-20", "Jul-20", "Aug-20")]
    use = review(book, [row(70, "Q1 2020/21"), *months], "Aug-20").graces[0].use

    assert (use.fired, use.last_fired.label, [d.id for d in use.needed]) == (1, "June 2020", ["a.k"])


def test_an_action_that_nothing_was_reported_of_has_nothing_to_relieve() -> None:
    """No report, no rating: the grace has not fired; with a report it has."""
    action = "[action.x]\ntitle = 'X'\ndue = 2020-05-15\ngrace = ['g']\n"
    book = load(grace("g", "extend_due = '60 days'"), action)
    reported = ActionReport("a.x", date(2020, 5, 31), Status.IN_PROGRESS)

    assert review(book, as_at="May-20").graces[0].use.fired == 0
    use = review(book, actions=(reported,)).graces[0].use
    assert (use.fired, [(str(c.before), str(c.after)) for c in use.changes]) == (1, [("red", "green")])


def test_two_reliefs_of_one_rating_may_each_be_spared_but_not_both() -> None:
    """Target relief and a floor both make it amber: neither alone is needed, and the rating rests on relief."""
    book = load(grace("t", "target = 75") + grace("f", 'no_worse_than = "amber"'), kpi("k", "'t'", "'f'"))
    found = review(book, [row(70, "May-20")])

    assert [(entry.name, entry.use.changed, entry.use.needed) for entry in found.graces] == [("t", 1, ()), ("f", 0, ())]
    departure = found.debt.departures[0]
    assert (departure.id, str(departure.rag), str(departure.without), departure.by) == ("a.k", "amber", "red", ("t",))


def test_a_floor_beneath_a_suspension_changes_nothing() -> None:
    """What is grey by suspension stays grey: only the suspension is said to have changed the level."""
    book = load(grace("s", "suspend = true") + grace("f", 'no_worse_than = "amber"'), kpi("k", "'s'", "'f'"))
    found = review(book, [row(70, "May-20")])
    suspension, floor = (entry.use for entry in found.graces)

    assert [(str(c.before), str(c.after)) for c in suspension.changes] == [("red", "grey")]
    assert (floor.fired, floor.changed) == (1, 0)
    assert (found.debt.total.set_aside, found.debt.total.resting) == (1, 0)


def test_an_expired_grace_may_still_be_needed_through_persistence() -> None:
    """Two bad months in a row are adopted; the excluded first of them no longer counts, so October stays green."""
    book = load(grace("g", "exclude_period = true", until="2020-09-30"), kpi("k", "'g'", more="persistence = 2\n"))
    rows = [row(95, "Mar-20"), row(70, "Sep-20"), row(70, "Oct-20")]
    entry = review(book, rows).graces[0]

    assert (str(entry.state), [(str(d.rag), str(d.without)) for d in entry.use.needed]) == (
        "expired",
        [("green", "red")],
    )


def test_overrides_in_turn_each_say_what_they_changed() -> None:
    """A cap on the judgement before it: red to green, then green to amber; without the cap it is green."""
    judged = override()
    capped = override("no_better_than", "amber", start=date(2020, 5, 1))
    found = review(load("", kpi()), [row(70, "May-20")], overrides=(judged, capped))
    first, second = (entry.use for entry in found.overrides)

    assert [[(str(c.before), str(c.after)) for c in use.changes] for use in (first, second)] == [
        [("red", "green")],
        [("green", "amber")],
    ]
    assert [str(d.without) for d in second.needed] == ["green"]
    assert [str(d.without) for d in first.needed] == ["red"]


def test_an_override_of_an_area_is_judged_on_the_area() -> None:
    """With child areas: the parent is red by a KPI of its child, and agreed as amber since April."""
    files = {
        "book.toml": BOOK,
        "a.toml": '[area]\ntitle = "A"\n',
        "b.toml": '[area]\ntitle = "B"\nparent = "a"\n' + kpi(),
    }
    judged = override("no_worse_than", "Amber", "a")
    rows = [row(70, period, "b.k") for period in ("Mar-20", "Apr-20", "May-20")]
    found = review(ragengine.load(files), rows, overrides=(judged,))
    use = found.overrides[0].use

    assert (use.fired, [(str(c.before), str(c.after), c.times) for c in use.changes]) == (2, [("red", "amber", 2)])
    assert [(d.id, str(d.rag), str(d.without)) for d in use.needed] == [("a", "amber", "red")]
    areas = {area.id: (str(area.rag), str(area.without), area.resting) for area in found.debt.areas}
    assert areas == {"a": ("amber", "red", 0), "b": ("red", "red", 0)}


def test_an_override_of_nothing_the_rules_have_is_a_problem_and_applies_nowhere() -> None:
    """It is listed, has never been in force, and the scorecard's problem says why."""
    found = review(load("", kpi()), [row(70, "May-20")], overrides=(override(subject="a.kk"),))

    assert (found.overrides[0].use.fired, [p.code for p in found.problems]) == (0, ["RAG104"])


# exception debt


def test_shares_are_of_the_ratings_at_each_level() -> None:
    """Of two ambers one rests on the floor; the green one rests on a judgement; a cap holds another back."""
    rules = (grace("f", 'no_worse_than = "amber"') + grace("c", 'no_better_than = "amber"'),)
    measures = (kpi("floor", "'f'"), kpi("cap", "'c'"), kpi("own"), kpi("judged"), kpi("red"))
    values = {"floor": 70, "cap": 95, "own": 85, "judged": 70, "red": 70}
    rows = [row(value, "May-20", f"a.{name}") for name, value in values.items()]
    debt = review(load(*rules, *measures), rows, overrides=(override(subject="a.judged"),)).debt
    area = debt.areas[0]

    assert [(str(level.level), level.ratings, level.resting, str(level.share)) for level in area.levels] == [
        ("green", 1, 1, "1"),
        ("amber", 3, 1, "1/3"),
    ]
    assert (area.held_back, area.set_aside, str(area.rag), str(area.without)) == (1, 0, "red", "red")
    assert {d.id: (str(d.how), d.by) for d in debt.departures} == {
        "a.floor": ("rests on it", ("f",)),
        "a.cap": ("held back", ("c",)),
        "a.judged": ("rests on it", ("override",)),
    }


def test_evidence_and_persistence_are_rules_and_no_relief() -> None:
    """A level held by persistence or capped for want of evidence rests on no grace."""
    book = load("", kpi("k", more="persistence = 2\n"), kpi("l", more="requires_evidence = true\n"))
    rows = [row(95, "Apr-20"), row(70, "May-20"), row(95, "May-20", "a.l")]

    assert review(book, rows).debt.departures == ()


def test_a_scale_of_ones_own_has_a_share_for_every_level_but_the_worst() -> None:
    """Four levels, three shares, the best first."""
    bands = (
        'bands = [{ rag = "fine", from = 90 }, { rag = "good", from = 80, below = 90 }, '
        '{ rag = "fair", from = 50, below = 80 }, { rag = "poor", below = 50 }]\n'
    )
    measure = f'[kpi.k]\ntitle = "K"\ndirection = "higher"\n{bands}grace = ["g"]\n'
    book = load(SCALE + grace("g", 'no_worse_than = "good"'), measure)
    found = review(book, [row(40, "May-20")])

    assert [(str(level.level), level.ratings, level.resting) for level in found.debt.areas[0].levels] == [
        ("fine", 0, 0),
        ("good", 1, 1),
        ("fair", 0, 0),
    ]
    assert found.graces[0].use.changes[0].after == "good"


EFFECTS = (
    'no_worse_than = "amber"',
    'no_better_than = "amber"',
    "target = 80",
    'tolerance = "20 pp"',
    "suspend = true",
    "exclude_period = true",
)
#: on, just under and just over every threshold that a rule or a relief of these has
VALUES = [line + step for line in (60, 70, 80, 90) for step in (-0.1, 0, 0.1)]
MONTHS = ("Mar-20", "Apr-20", "Sep-20", "Oct-20")


@st.composite
def rulebooks(draw: st.DrawFn) -> tuple[str, list[list[str]], list[str], list[Measurement]]:
    """The book's graces, who opts into which, what else each rule says, and rows for every month."""
    effects = draw(st.lists(st.sampled_from(EFFECTS), min_size=1, max_size=3, unique=True))
    conditions = [
        draw(st.sampled_from(("", "when = 'value >= 65'", "when = 'previous == \"green\"'"))) for _ in effects
    ]
    book = "".join(grace(f"g{n}", e, more=c) for n, (e, c) in enumerate(zip(effects, conditions)))
    names = [f"'g{n}'" for n in range(len(effects))]
    opted = [draw(st.lists(st.sampled_from(names), unique=True)) for _ in range(2)]
    more = [draw(st.sampled_from(("", "persistence = 2\n", "requires_evidence = true\n"))) for _ in range(2)]
    entities = draw(st.sampled_from(((None,), ("E1",), ("E1", "E2"))))
    keys = [(n, month, entity) for n in range(2) for month in MONTHS for entity in entities]
    rows = [row(draw(st.sampled_from(VALUES)), month, f"a.k{n}", entity=entity) for n, month, entity in keys]
    return book, opted, more, rows


def otherwise(card: ragengine.Scorecard, other: ragengine.Scorecard) -> dict[tuple[str, str | None], tuple[str, str]]:
    """The ratings at another level on another scorecard, with both levels."""
    rows = ((rating, other.ratings[key]) for key, rating in card.ratings.items())
    return {(one.id, one.entity): (str(one.rag), str(two.rag)) for one, two in rows if one.rag != two.rag}


@settings(max_examples=80)
@given(rulebooks())
def test_what_rests_on_grace_is_what_rules_without_any_rate_otherwise(
    made: tuple[str, list[list[str]], list[str], list[Measurement]],
) -> None:
    """For any rulebook and every scorecard: rewritten without a grace, exactly the departures have another level."""
    book, opted, more, rows = made
    ruled = load(book, *(kpi(f"k{n}", *opted[n], more=more[n]) for n in range(2)))
    bare = load("", *(kpi(f"k{n}", more=more[n]) for n in range(2)))
    data = Data(measurements=tuple(rows))
    for month in MONTHS:
        card, plain = ruled.score(data, month), bare.score(data, month)
        debt = ragengine.review_grace(ruled, data, month).debt
        kpis = {(d.id, d.entity): (str(d.rag), str(d.without)) for d in debt.departures if d.kind == "kpi"}
        expected = otherwise(card, plain)

        assert kpis == expected
        assert str(debt.areas[0].without) == str(plain.areas["a"].rag)
        assert debt.total.resting + debt.total.held_back + debt.total.set_aside == len(expected)


@settings(max_examples=80)
@given(rulebooks())
def test_a_grace_is_needed_where_the_rules_without_it_rate_otherwise(
    made: tuple[str, list[list[str]], list[str], list[Measurement]],
) -> None:
    """Rewritten without that one, the latest scorecard differs in what is needed; changes of a level are granted ones."""
    book, opted, more, rows = made
    data = Data(measurements=tuple(rows))
    found = ragengine.review_grace(load(book, *(kpi(f"k{n}", *opted[n], more=more[n]) for n in range(2))), data)
    card = load(book, *(kpi(f"k{n}", *opted[n], more=more[n]) for n in range(2))).score(data)
    for entry in found.graces:
        kept = [[name for name in names if name != f"'{entry.name}'"] for names in opted]
        other = load(book, *(kpi(f"k{n}", *kept[n], more=more[n]) for n in range(2))).score(data)

        needed = {(d.id, d.entity): (str(d.rag), str(d.without)) for d in entry.use.needed}
        assert needed == otherwise(card, other)
        assert entry.use.changed <= entry.use.fired <= len(rows)


# the budget


def test_the_budget_is_said_with_how_much_of_it_is_used() -> None:
    """Six months of six is within it; one of two measures is more than 40% and not more than 50%."""
    budget = "grace_budget = { periods = 6, share = '40%' }\n"
    book = load(budget + grace("g", "suspend = true"), kpi("k", "'g'"), kpi("l"))
    used = ragengine.review_grace(book, as_at="2020-05-01").budget

    assert (used.months, used.longest, used.over_periods, used.over_share) == (6, ("a.k",), False, True)
    assert (used.most.count, used.most.measures, used.most.day) == (1, 2, date(2020, 5, 1))


@pytest.mark.parametrize(
    ("start", "until", "over"),
    [
        ("2020-04-01", "2020-09-30", False),
        ("2020-04-01", "2020-10-30", False),
        ("2020-04-01", "2020-10-31", True),
        ("2020-03-31", "2020-09-29", False),
        ("2020-03-31", "2020-09-30", True),
    ],
)
def test_a_month_counts_where_a_grace_is_live_on_its_last_day(start: str, until: str, over: bool) -> None:
    """Exactly six months are within a budget of six, and seven are not."""
    files = {
        "book.toml": BOOK + "grace_budget = { periods = 6 }\n" + grace("g", "suspend = true", start, until),
        "a.toml": '[area]\ntitle = "A"\n' + kpi("k", "'g'"),
    }

    assert ("RAG053" in {p.code for p in ragengine.check(files)}) is over


@pytest.mark.parametrize(("relieved", "over"), [(1, False), (2, True)])
def test_a_share_of_exactly_the_budget_is_within_it(relieved: int, over: bool) -> None:
    """One of five measures is 20%."""
    measures = [kpi(f"k{n}", *(["'g'"] if n < relieved else [])) for n in range(5)]
    files = {
        "book.toml": BOOK + "grace_budget = { share = '20%' }\n" + grace("g", "suspend = true"),
        "a.toml": '[area]\ntitle = "A"\n' + "".join(measures),
    }
    for as_at in (None, date(2020, 9, 30)):
        assert ("RAG053" in {p.code for p in ragengine.check(files, as_at=as_at)}) is over
    assert "RAG053" not in {p.code for p in ragengine.check(files, as_at=date(2020, 10, 1))}


def test_a_share_that_will_be_over_is_said_before_it_is() -> None:
    """A grace that begins next year breaks the budget while it can still be changed, and the first such day is named."""
    late = grace("g", "suspend = true", "2021-01-01", "2021-03-31")
    files = {
        "book.toml": BOOK + "grace_budget = { share = '20%' }\n" + late,
        "a.toml": '[area]\ntitle = "A"\n' + kpi("k", "'g'"),
    }
    said = [p.message for p in ragengine.check(files, as_at=date(2020, 8, 31)) if p.code == "RAG053"]

    assert said == ["1 of 1 measures are under grace on 2021-01-01: 100%"]


def test_an_entitys_own_grace_counts_in_the_budget_of_its_kpi() -> None:
    """Seven months for one organisation are seven months."""
    own = "[kpi.k.entities.E1]\ngrace = ['g']\n"
    files = {
        "book.toml": BOOK + "grace_budget = { periods = 6 }\n" + grace("g", "suspend = true", until="2020-10-31"),
        "a.toml": '[area]\ntitle = "A"\n' + kpi("k") + own,
    }

    assert "a.k is under grace for 7 months" in "\n".join(p.message for p in ragengine.check(files))


def test_the_dates_of_a_review_are_whole_days() -> None:
    """Days left and days to the start of a grace that is still to come."""
    book = load(grace("g", "suspend = true"), kpi("k", "'g'"))
    entry = ragengine.review_grace(book, as_at=date(2020, 4, 1) - timedelta(days=5)).graces[0]

    assert (entry.days_to_start, entry.days_left) == (5, 187)
