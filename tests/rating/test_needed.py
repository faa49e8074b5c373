"""What would change a level: the stated change gives it, and in counts one fewer does not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
SEEN = """\
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
"""
LEVELS = ["red", "amber", "green"]
DAYS = 'unit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 2\n'
RANGE = 'direction = "within"\ntarget = { min = 90, max = 110 }\ntolerance = 5\n'
POUNDS = DAYS.replace("days", "£")
#: amber is one number
ONE = """bands = [{ rag = "red", below = 90 }, { rag = "amber", from = 90, to = 90 }, { rag = "green", above = 90 }]
direction = "higher"
"""
TINY = Fraction(1, 10**9)


def load(rule: str) -> ragengine.Rulebook:
    """A rulebook of one KPI, ``a.k``, with this rule."""
    return ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{rule}'})


@pytest.mark.parametrize(
    ("rule", "value", "level", "change", "said"),
    [
        (SEEN, 84, "green", 6, "6 percentage points more would make it Green"),
        (SEEN, 89, "green", 1, "1 percentage point more would make it Green"),
        (SEEN, 84, "red", -4, "more than 4 percentage points less would make it Red"),
        (SEEN, 80, "red", 0, "anything less would make it Red"),
        (SEEN, 84, "amber", 0, "it is Amber"),
        (SEEN, 70, "amber", 10, "10 percentage points more would make it Amber"),
        (SEEN, 95, "amber", -5, "more than 5 percentage points less would make it Amber"),
        (SEEN + "decimals = 0\n", 84, "green", 6, "6 percentage points more would make it Green"),
        (SEEN + 'met = "beyond target"\n', 84, "green", 6, "more than 6 percentage points more would make it Green"),
        (SEEN + 'met = "beyond target"\n', 90, "green", 0, "anything more would make it Green"),
        (DAYS, 8, "amber", -1, "1 day less would make it Amber"),
        (DAYS, 8, "green", -3, "3 days less would make it Green"),
        (DAYS, 4, "red", 3, "3.01 days more would make it Red"),
        (RANGE, 87, "green", 3, "3 more would make it Green"),
        (RANGE, 112, "green", -2, "2 less would make it Green"),
        (RANGE, 108, "red", 7, "7.01 more would make it Red"),
        (RANGE, 92, "red", -7, "7.01 less would make it Red"),
        (POUNDS, 7.5, "green", -2.5, "£2.50 less would make it Green"),
        (POUNDS + "decimals = 1\n", 7.5, "green", -2.5, "£2.5 less would make it Green"),
        (POUNDS + "decimals = 2\n", 7.5, "green", -2.5, "£2.50 less would make it Green"),
        (ONE, 84, "amber", 6, "6 more would make it Amber"),
        (ONE, 90.5, "amber", -0.5, "0.5 less would make it Amber"),
        (ONE, 0.12345678, "amber", Fraction("89.87654322"), "89.87654322 more would make it Amber"),
    ],
)  # fmt: skip
def test_the_change_is_the_distance_to_the_nearest_edge(
    rule: str, value: int, level: str, change: object, said: str
) -> None:
    """Signed, in the KPI's unit, to the nearest band of the level, in words too."""
    needed = load(rule).rate("a.k", value).needed_for(level)

    assert needed is not None
    assert (change, said) == (needed.change, str(needed))


@pytest.mark.parametrize(
    ("numerator", "denominator", "level", "count", "said"),
    [
        (84, 100, "green", 6, "6 more of 100 would make it Green"),
        (84, 100, "red", -5, "5 fewer of 100 would make it Red"),
        (80, 100, "red", -1, "1 fewer of 100 would make it Red"),
        (90, 100, "amber", -1, "1 fewer of 100 would make it Amber"),
        (1683, 2000, "green", 117, "117 more of 2,000 would make it Green"),
        (5, 7, "green", 2, "2 more of 7 would make it Green"),
        (5, 7, "amber", 1, "1 more of 7 would make it Amber"),
        (84, 100, "amber", 0, "it is Amber"),
    ],
)
def test_counts_are_told_where_they_are_known(
    numerator: int, denominator: int, level: str, count: int, said: str
) -> None:
    """So many more or fewer in the numerator, of the same denominator."""
    needed = load(SEEN).rate("a.k", numerator=numerator, denominator=denominator).needed_for(level)

    assert needed is not None
    assert (count or None, said) == (needed.count, str(needed))


def test_counts_are_of_what_was_not_excluded() -> None:
    """7 of 9 with one excluded is 7 of 8: one more of 8 would do."""
    needed = load(SEEN).rate("a.k", numerator=7, denominator=9, excluded=1).needed_for("green")

    assert needed is not None
    assert (1, 8) == (needed.count, needed.of)


def test_a_count_that_no_whole_number_gives_is_not_told() -> None:
    """Of 3, no whole number is amber: only the change of value is said."""
    needed = load(SEEN).rate("a.k", numerator=3, denominator=3).needed_for("amber")

    assert needed is not None
    assert (None, -10, True) == (needed.count, needed.change, needed.beyond)


GRACE = "grace = [{{ from = 2020-03-23, until = 2020-09-30, {}, reason = 'R', authority = 'B' }}]\n"


@pytest.mark.parametrize(
    ("grace", "value", "level", "expected"),
    [
        ("no_better_than = 'amber'", 84, "green", None),
        ("no_better_than = 'amber'", 90, "amber", (0, False)),
        ("no_better_than = 'amber'", 95, "red", (-15, True)),
        ("no_worse_than = 'amber'", 84, "red", None),
        ("no_worse_than = 'amber'", 80, "amber", (0, False)),
        ("no_worse_than = 'amber'", 95, "amber", (-5, True)),
        ("target = 80", 75, "green", (5, False)),
        ("suspend = true", 75, "green", None),
    ],
)
def test_what_is_needed_is_by_the_rule_and_its_live_graces(
    grace: str, value: int, level: str, expected: tuple[int, bool] | None
) -> None:
    """A level that a grace rules out cannot be had by any value; a capped one is had over its whole width."""
    needed = load(SEEN + GRACE.format(grace)).rate("a.k", value, period="Jul-20").needed_for(level)

    assert expected == (None if needed is None else (needed.change, needed.beyond))
    assert (expected == (0, False)) == (needed is not None and needed.is_met)


@pytest.mark.parametrize(
    ("rule", "lacks", "has"),
    [(ONE, "amber", "green"), ('direction = "within"\ntarget = { min = 90, max = 90 }\ntolerance = 9\n', "green", "amber")],
)  # fmt: skip
def test_no_printed_change_leads_a_third_to_a_band_of_one_number(rule: str, lacks: str, has: str) -> None:
    """A level that is one number alone cannot be had from a third; it is not looked for for ever, and the next is told."""
    rating = load(rule).rate("a.k", Fraction(100, 3))

    assert rating.needed_for(lacks) is None
    assert f"would make it {has.title()}" in rating.explain() and f"it {lacks.title()}" not in rating.explain()


@pytest.mark.parametrize(
    ("when", "level", "count"),
    [
        # 799 of 1,000 are amber by the grace already, so it is not the 100th more that makes it amber
        ("numerator >= 799", "amber", None),
        # 900 are green by the rule and 899 are not, whatever the grace says of both
        ("numerator >= 799", "green", 200),
        ("numerator >= 800", "amber", 100),
        ("numerator >= 900", "amber", 100),
        # not granted to what is worse than now, and so 701 are what they would be without it
        ("numerator < 700", "amber", 100),
    ],
)
def test_a_condition_is_asked_of_the_changed_counts(when: str, level: str, count: int | None) -> None:
    """Of 700 of 1,000, red: so many more are told only where one fewer of them would not do, the grace asked of both."""
    condition = f'no_worse_than = "amber", when = "{when}"'
    needed = load(SEEN + GRACE.format(condition)).rate("a.k", numerator=700, denominator=1000, period="Jul-20")

    found = needed.needed_for(level)
    assert count == (None if found is None else found.count)
    nearly = load(SEEN + GRACE.format(condition)).rate("a.k", numerator=899, denominator=1000, period="Jul-20")
    one = nearly.needed_for("green")
    assert one is not None and one.count == 1


@pytest.mark.parametrize(
    ("denominator", "most", "count"), [("100", "95", 20), ("100", "89.9", None), ("99.5", "95", 20)]
)
def test_what_cannot_be_is_not_told(denominator: str, most: str, count: int | None) -> None:
    """A change beyond what is valid leads nowhere; of a whole that is no whole number the count is told without it."""
    rule = SEEN + f"valid = {{ min = 0, max = {most} }}\n"
    needed = load(rule).rate("a.k", numerator="70", denominator=denominator).needed_for("green")

    assert count == (None if needed is None else needed.count)
    assert needed is None or needed.of == (100 if denominator == "100" else None)


def test_a_coarse_count_may_reach_a_floor_through_the_next_band() -> None:
    """Where everything below green is amber by a grace, one fewer of 3 is amber, though no count lies in 80 to 90."""
    book = load(SEEN + GRACE.format("no_worse_than = 'amber'"))
    needed = book.rate("a.k", numerator=3, denominator=3, period="Jul-20").needed_for("amber")

    assert needed is not None
    assert (-1, 3) == (needed.count, needed.of)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ('words = { no = "red", yes = "green" }\n', "no"),
        ('direction = "monitor"\n', 5),
        (SEEN, "c"),
        (SEEN, None),
    ],
)
def test_nothing_is_needed_where_no_number_was_judged(rule: str, value: object) -> None:
    """Words, what is only monitored and what is grey have no distance to a level."""
    assert load(rule).rate("a.k", value).needed_for("green") is None


def test_an_action_has_no_value_to_change() -> None:
    """An action is rated by the calendar, so nothing is said of what would change it."""
    book = ragengine.load(
        {"book.toml": BOOK, "a.toml": '[area]\ntitle = "A"\n[action.d]\ntitle = "D"\ndue = 2020-09-30\n'}
    )

    assert book.rate("a.d", as_at="2020-10-01", status="in progress").needed_for("green") is None


numbers = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(1, 9_900), st.just(2))
rules = st.builds(
    lambda direction, target, tolerance, more, grace: (
        f'unit = "%"\ndirection = "{direction}"\ntarget = '
        + (f"{{ min = {target:f}, max = {target + 5:f} }}" if direction == "within" else f"{target:f}")
        + f'\ntolerance = "{tolerance:f} pp"\n{more}{GRACE.format(grace) if grace else ""}'
    ),
    st.sampled_from(["higher", "lower", "within"]),
    numbers,
    numbers,
    st.sampled_from(["", "decimals = 0\n", "decimals = 1\n", 'met = "beyond target"\n']),
    st.sampled_from(["", "no_better_than = 'amber'", "no_worse_than = 'amber'"]),
)


@given(rules, st.integers(0, 60), st.integers(1, 60), st.sampled_from(LEVELS))
def test_the_stated_count_gives_the_level_and_one_fewer_does_not(
    rule: str, numerator: int, denominator: int, level: str
) -> None:
    """So many more or fewer of the same denominator do it, and none of the smaller changes does."""
    assume(numerator <= denominator)
    try:
        book = load(rule)
    except ragengine.RulebookError:
        assume(False)

    def level_with(change: int) -> str:
        rating = book.rate("a.k", numerator=numerator + change, denominator=denominator, period="Jul-20")
        return str(rating.adjusted)

    needed = book.rate("a.k", numerator=numerator, denominator=denominator, period="Jul-20").needed_for(level)
    if needed is None or needed.count is None:
        return
    assert (level, denominator) == (level_with(needed.count), needed.of), rule
    assert 0 <= numerator + needed.count <= denominator
    step = 1 if needed.count > 0 else -1
    assert level not in {level_with(change) for change in range(0, needed.count, step)}, rule


@pytest.mark.parametrize(("evidence", "level"), [("", "amber"), ("minutes", "green")])
def test_what_follows_a_suspension_of_an_action_asks_for_evidence_too(evidence: str, level: str) -> None:
    """The level that the end of a suspension is said to give is that of the same report after it."""
    rule = (
        'title = "X"\ndue = 2020-09-30\nrequires_evidence = true\n'
        'grace = [{ from = 2020-04-01, until = 2020-08-31, suspend = true, reason = "R", authority = "B" }]\n'
    )
    book = ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[action.x]\n{rule}'})

    def rated(day: str) -> ragengine.Rating:
        return book.rate("a.x", status="complete", completed_on="2020-07-01", evidence=evidence, as_at=day)

    after = rated("2020-09-01").rag

    assert str(after) == level
    assert f"When the grace ends, 31 August 2020, it would be {after.label}." in rated("2020-07-31").explain()
