"""One measurement of a KPI becomes a level, or grey with one of the reasons of the closed list."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine.terms import Reason

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
SEEN = """\
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
"""
WAIT = """\
unit      = "days"
direction = "lower"
target    = 5
tolerance = "2 days"
"""


def kpi(rule: str, book: str = BOOK) -> ragengine.Rulebook:
    """A rulebook of one KPI, ``a.k``, with this rule."""
    return ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{rule}'})


def outcome(rating: ragengine.Rating) -> str:
    """The level, or the reason of a grey."""
    return f"grey: {rating.reason}" if rating.reason else str(rating.rag)


@pytest.mark.parametrize(
    "value",
    [80, 80.0, Decimal("80"), Decimal("8.0E1"), Fraction(80), "80", "80%", " 80.0 ", "80.000 %", "+80", "\u00a080"],
    ids=repr,
)
def test_a_value_may_be_given_in_any_of_its_forms(value: object) -> None:
    """A float, an int, a Decimal, a Fraction and the text of a cell are the same value and the same level."""
    rating = kpi(SEEN).rate("a.k", value, period="Jul-20")

    assert (Fraction(80), "amber", Fraction(10)) == (rating.value, rating.rag, rating.shortfall)


@pytest.mark.parametrize(("value", "expected"), [("1,234", 1234), ("12,345.5", Fraction(24691, 2)), ("-1,234", -1234)])
def test_a_thousands_comma_is_read_as_printed(value: str, expected: object) -> None:
    """A text with thousands commas is the number that it prints."""
    rating = kpi('unit = "children"\ndirection = "higher"\ntarget = 1234\ntolerance = 0\n').rate("a.k", value)

    assert expected == rating.value


def test_a_float_means_the_decimal_it_prints() -> None:
    """0.1 + 0.2 prints as 0.30000000000000004, so it is just over a target of 0.3, and 0.3 is on it."""
    book = kpi('unit = "days"\ndirection = "lower"\ntarget = 0.3\ntolerance = 0\n')

    assert ["green", "red"] == [str(book.rate("a.k", value).rag) for value in (0.3, 0.1 + 0.2)]


@pytest.mark.parametrize(
    ("numerator", "denominator", "value", "level"),
    [
        (9, 10, 90, "green"),
        (57, 100, 57, "red"),
        ("1,200", "1,500", 80, "amber"),
        (239, 300, Fraction(239, 3), "red"),
        (2, 3, Fraction(200, 3), "red"),
    ],
)
def test_counts_make_an_exact_percentage(numerator: object, denominator: object, value: object, level: str) -> None:
    """Numerator and denominator are multiplied before they are divided, exactly."""
    rating = kpi(SEEN).rate("a.k", numerator=numerator, denominator=denominator, period="Jul-20")

    assert (value, level) == (rating.value, rating.rag)


def test_an_exclusion_leaves_the_denominator() -> None:
    """8 of 9 with one excluded is 8 of 8, and the text says what was left out and why."""
    reason = "child moved away"
    rating = kpi(SEEN).rate("a.k", numerator=8, denominator=9, excluded=1, exclusion_reason=reason)

    assert (Fraction(100), "green") == (rating.value, rating.rag)
    assert "100% (8 of 8; 1 of 9 excluded because child moved away)" in rating.explain()


@pytest.mark.parametrize(
    ("rule", "on", "under", "over"),
    [
        (SEEN, "green", "amber", "green"),
        (SEEN + 'met = "beyond target"\n', "amber", "amber", "green"),
        (SEEN.replace('"10 pp"', "0"), "green", "red", "green"),
        (SEEN.replace('"10 pp"', "0") + 'met = "beyond target"\n', "red", "red", "green"),
        (SEEN.replace("target    = 90", "target    = 100"), "amber", "red", "amber"),
        (SEEN.replace('tolerance = "10 pp"', "amber = 90"), "green", "red", "green"),
        (SEEN.replace('"higher"', '"lower"'), "green", "green", "amber"),
        (SEEN.replace('"higher"', '"lower"') + "decimals = 0\n", "green", "green", "green"),
        (SEEN.replace('direction = "higher"', 'direction = "within"').replace("= 90", "= { min = 90, max = 95 }"),
         "green", "amber", "green"),
    ],
)  # fmt: skip
def test_a_line_belongs_where_the_rule_says(rule: str, on: str, under: str, over: str) -> None:
    """On 90, a thousandth under it and a thousandth over it."""
    book = kpi(rule)

    assert (on, under, over) == tuple(str(book.rate("a.k", value).rag) for value in ("90", "89.999", "90.001"))


@pytest.mark.parametrize(
    ("rule", "details", "expected"),
    [
        (SEEN, {"value": None}, "no data"),
        (SEEN, {"value": ""}, "no data"),
        (SEEN, {"value": ".."}, "no data"),
        (SEEN, {"numerator": 5}, "no data"),
        (SEEN, {"value": "c"}, "suppressed"),
        (SEEN, {"numerator": "c", "denominator": 10}, "suppressed"),
        (SEEN, {"value": "z"}, "not applicable"),
        (SEEN, {"value": "k"}, "small numbers"),
        (SEEN, {"value": "about 90"}, "invalid"),
        (SEEN, {"value": float("nan")}, "invalid"),
        (SEEN, {"value": float("inf")}, "invalid"),
        (SEEN, {"value": True}, "invalid"),
        (SEEN, {"numerator": 0, "denominator": 0}, "no cases (0 of 0)"),
        (SEEN, {"numerator": 1, "denominator": 0}, "division by zero"),
        (WAIT, {"numerator": 1, "denominator": 4}, "missing input"),
        (WAIT + 'formula = "a / b"\ninputs = ["a", "b"]\n', {"inputs": {"a": 4}}, "missing input"),
        (WAIT + 'formula = "a / b"\ninputs = ["a", "b"]\n', {"inputs": {"a": 4, "b": 0}}, "division by zero"),
        (WAIT + 'formula = "a / b"\ninputs = ["a", "b"]\n', {"inputs": {"a": 4, "b": "c"}}, "suppressed"),
        (WAIT + 'formula = "a / b"\ninputs = ["a", "b"]\n', {"inputs": {"a": 4, "b": "four"}}, "invalid"),
        (SEEN + "rated_from = 2020-08-01\n", {"value": 95}, "not due"),
        (SEEN + "minimum_n = 10\n", {"numerator": 9, "denominator": 9}, "small numbers"),
        ('unit = "%"\ndirection = "higher"\ntarget = "none"\n', {"value": 95}, "no target"),
        (SEEN.replace("= 90", "= { 2020-08-01 = 90 }"), {"value": 95}, "no target"),
        (SEEN.replace("= 90", '= "from data"'), {"value": 95}, "no target"),
        (SEEN.replace("= 90", '= "from data"'), {"value": 95, "target": "ninety"}, "invalid"),
        ('unit = "%"\ndirection = "monitor"\n', {"value": 95}, "monitored"),
    ],
)  # fmt: skip
def test_what_cannot_be_rated_is_grey_with_its_reason(rule: str, details: dict[str, Any], expected: str) -> None:
    """Each reason of the closed list that a KPI can have, and none of them is an exception or a colour."""
    rating = kpi(rule).rate("a.k", details.pop("value", None), period="Jul-20", **details)

    assert (f"grey: {expected}", "grey", "grey") == (outcome(rating), rating.computed, rating.adjusted)
    assert rating.reason in list(Reason)
    assert rating.explain().startswith(f"Grey: {expected}. K (A), July 2020")


def test_a_suspended_rating_still_says_what_was_computed() -> None:
    """A grace that suspends makes the level grey and leaves the computed one to be read."""
    grace = "grace = [{ from = 2020-07-01, until = 2020-07-31, suspend = true, reason = 'R', authority = 'B' }]\n"
    rating = kpi(SEEN + grace).rate("a.k", 85, period="Jul-20")

    assert ("grey: suspended", "amber", "grey") == (outcome(rating), rating.computed, rating.adjusted)


@pytest.mark.parametrize(("missing", "expected"), [("grey", "grey: no data"), ("red", "red"), ("amber", "amber")])
def test_a_missing_value_is_what_the_book_chose(missing: str, expected: str) -> None:
    """The book's word for a missing value holds for a blank, and not for a suppressed value."""
    book = kpi(SEEN, BOOK.replace('"grey"', f'"{missing}"'))

    assert [expected, "grey: suppressed"] == [outcome(book.rate("a.k", value, period="Jul-20")) for value in ("", "c")]


def test_a_kpi_may_choose_another_word_for_missing() -> None:
    """``missing`` in a KPI stands before the book's."""
    rating = kpi(SEEN + 'missing = "amber"\n', BOOK.replace('"grey"', '"red"')).rate("a.k", "", period="Jul-20")

    assert ("amber", "amber") == (rating.computed, rating.rag)


SCALE = """
[[scale.levels]]
id = "poor"
label = "Poor"
symbol = "P"
colour = "#aa0000"
[[scale.levels]]
id = "good"
label = "Good"
symbol = "G"
colour = "#005500"
"""
BANDS = 'direction = "higher"\nbands = [{ rag = "good", from = 5 }, { rag = "poor", below = 5 }]\n'


@pytest.mark.parametrize(
    ("book", "rule", "said"),
    [
        ("red", "", r"book\.toml:4:.* RAG017: .*the scale has no level red"),
        ("amber", "", r"book\.toml:4:.* RAG017: .*the scale has no level amber"),
        ("grey", 'missing = "red"\n', r"a\.toml:7:.* RAG017: .*the scale has no level red"),
        ("grey", "requires_evidence = true\n", r"a\.toml:7:.* RAG017: .*the scale has no level amber"),
    ],
)
def test_a_level_that_the_scale_lacks_is_refused_when_rules_load(book: str, rule: str, said: str) -> None:
    """A rule whose missing values or evidence need a level that the scale has not never gets to rate."""
    with pytest.raises(ragengine.RulebookError, match=said):
        kpi(BANDS + rule, BOOK.replace('"grey"', f'"{book}"') + SCALE)


CARRY = SEEN + 'missing = "carry forward"\n'


@pytest.mark.parametrize(
    ("max_age", "held", "now", "expected"),
    [
        ("", "Jan-20", "Dec-20", "amber"),
        ('max_age = "1 month"\n', "Jun-20", "Jul-20", "amber"),
        ('max_age = "1 month"\n', "Jun-20", "Aug-20", "grey: stale"),
        ('max_age = "3 months"\n', "Nov-20", "Feb-21", "amber"),
        ('max_age = "30 days"\n', "2020-06-30", "2020-07-30", "amber"),
        ('max_age = "30 days"\n', "2020-06-30", "2020-07-31", "grey: stale"),
        ('max_age = "1 month"\n', "2020-06-30", "2020-07-31", "amber"),
        ('max_age = "1 month"\n', "2020-06-30", "2020-08-01", "grey: stale"),
    ],
)
def test_a_value_is_carried_until_it_is_too_old(max_age: str, held: str, now: str, expected: str) -> None:
    """A missing value is the latest earlier one up to the last day of ``max_age``; the day after it is stale."""
    rating = kpi(CARRY + max_age).rate("a.k", "", period=now, history=[(held, 85)])

    assert expected == outcome(rating)


def test_a_carried_value_is_judged_by_this_periods_rule() -> None:
    """87 met last year's 85 and is short of this year's 90; the text says whence it was carried."""
    rule = CARRY.replace("= 90", "= { 2019-04-01 = 85, 2020-04-01 = 90 }")
    rating = kpi(rule).rate("a.k", "", period="Apr-20", history=[("Mar-20", 87)])

    assert ("amber", "green", Fraction(3)) == (rating.rag, rating.previous, rating.shortfall)
    assert "87% (carried forward from March 2020)" in rating.explain()


def test_nothing_is_carried_from_what_was_carried_or_suppressed() -> None:
    """Only a value of its own is carried: its age counts from its own period, through blanks and symbols."""
    history = [("May-20", 85), ("Jun-20", ""), ("Jul-20", "c")]
    book = kpi(CARRY + 'max_age = "2 months"\n')

    assert "amber" == outcome(book.rate("a.k", "", period="Jul-20", history=history[:2]))
    assert "grey: stale" == outcome(book.rate("a.k", "", period="Aug-20", history=history))
    assert "grey: suppressed" == outcome(book.rate("a.k", "c", period="Jul-20", history=history[:2]))


def test_there_may_be_nothing_to_carry() -> None:
    """Without an earlier value a missing one is grey: no data."""
    assert "grey: no data" == outcome(kpi(CARRY).rate("a.k", "", period="Jul-20", history=[("Jun-20", "c")]))


def test_an_entity_has_its_own_target() -> None:
    """An entity's table replaces the keys it names, the rest is the rule's; other entities keep the rule's."""
    book = kpi(SEEN + '[kpi.k.entities."E06000045"]\ntarget = 80\n')
    values = [(79, "E06000045"), (80, "E06000045"), (80, "E06000046"), (80, None), (70, "E06000045"), (69, "E06000045")]

    levels = [str(book.rate("a.k", value, period="Jul-20", entity=entity).rag) for value, entity in values]

    assert ["amber", "green", "amber", "amber", "amber", "red"] == levels


@pytest.mark.parametrize(
    ("period", "target", "level"),
    [
        ("2019-03-31", None, "grey: no target"),
        ("2019-04-01", 85, "green"),
        ("2020-03-31", 85, "green"),
        ("Mar-20", 85, "green"),
        ("2020-04-01", 90, "amber"),
        ("Apr-20", 90, "amber"),
        ("Q4 2019/20", 85, "green"),
        ("2020/21", 90, "amber"),
        ("2021-04-01", None, "grey: no target"),
    ],
)
def test_a_dated_target_holds_from_its_first_day(period: str, target: int | None, level: str) -> None:
    """A period is judged by its last day; before the first date, and from a date with none, there is no target."""
    rule = SEEN.replace("= 90", '= { 2019-04-01 = 85, 2020-04-01 = 90, 2021-04-01 = "none" }')
    rating = kpi(rule).rate("a.k", 87, period=period)

    assert (target, level) == (rating.target, outcome(rating))


def test_a_dated_tolerance_holds_from_its_first_day() -> None:
    """Amber widens on the day that the table names."""
    rule = SEEN.replace('"10 pp"', '{ 2019-04-01 = "5 pp", 2020-04-01 = "10 pp" }')
    book = kpi(rule)

    assert ["red", "amber"] == [str(book.rate("a.k", 84, period=day).rag) for day in ("2020-03-31", "2020-04-01")]


def test_each_measurement_may_bring_its_own_target() -> None:
    """``target = "from data"`` judges each value by the target beside it."""
    book = kpi(SEEN.replace("= 90", '= "from data"'))
    pairs = [(85, 85), (85, 86), (85, "95%"), (85, 96)]

    ratings = [book.rate("a.k", value, period="Jul-20", target=target) for value, target in pairs]

    assert ["green", "amber", "amber", "red"] == [str(rating.rag) for rating in ratings]
    assert [0, 1, 10, 11] == [rating.shortfall for rating in ratings]


@pytest.mark.parametrize(
    ("target", "value", "level"),
    [(0, 0, "green"), (0, "0.001", "red"), (0, 1, "red"), (0, -1, "green"), (-10, -10, "green"), (-10, "-9.999", "amber"),
     (-10, -9, "amber"), (-10, "-8.999", "red"), (10, 11, "amber"), (10, "11.001", "red")],
)  # fmt: skip
def test_a_relative_tolerance_is_of_the_targets_size(target: int, value: int | str, level: str) -> None:
    """Of 0 it is nothing: no amber, and met is met; of a negative target as wide as of the positive one."""
    book = kpi(WAIT.replace("= 5", '= "from data"').replace('"2 days"', '"10% of target"'))

    assert level == outcome(book.rate("a.k", value, target=target))


@pytest.mark.parametrize(("day", "expected"), [("2020-06-30", "grey: not due"), ("2020-07-01", "amber")])
def test_rated_from_its_first_day(day: str, expected: str) -> None:
    """Before ``rated_from`` a KPI is grey: not due; on it it is rated."""
    assert expected == outcome(kpi(SEEN + "rated_from = 2020-07-01\n").rate("a.k", 85, period=day))


@pytest.mark.parametrize(("denominator", "expected"), [(9, "grey: small numbers"), (10, "green"), (11, "amber")])
def test_minimum_n_is_reached_when_it_is_met(denominator: int, expected: str) -> None:
    """A denominator of exactly ``minimum_n`` is enough."""
    rating = kpi(SEEN + "minimum_n = 10\n").rate("a.k", numerator=9, denominator=denominator)

    assert expected == outcome(rating)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("yes", "green"),
        (" In Development ", "amber"),
        ("NO", "red"),
        ("", "grey: no data"),
        ("z", "grey: not applicable"),
        ("yess", "grey: invalid"),
        (1, "grey: invalid"),
    ],
)
def test_words_stand_for_levels(word: object, expected: str) -> None:
    """A word is read in any case; one that is not listed is invalid, and a symbol is still a symbol."""
    book = kpi('words = { no = "red", "in development" = "amber", yes = "green" }\n')

    assert expected == outcome(book.rate("a.k", word, period="Jul-20"))


def test_two_words_for_one_period_are_not_missing(tmp_path: Path) -> None:
    """Rows that clash are grey: invalid, even where the book rates a missing value."""
    book = kpi('words = { no = "red", yes = "green" }\n', BOOK.replace('"grey"', '"red"'))
    (tmp_path / "measurements.csv").write_text("kpi,period,value\na.k,Jul-20,yes\na.k,Jul-20,no\n", encoding="utf-8")

    card = book.score(ragengine.read(tmp_path), as_at="Jul-20")

    assert ("grey", Reason.INVALID) == (card.ratings["a.k"].rag, card.ratings["a.k"].reason)


def test_a_misspelt_word_is_told_with_the_one_that_was_meant() -> None:
    """An unlisted word that is nearly a listed one is said beside it."""
    rating = kpi('words = { no = "red", yes = "green" }\n').rate("a.k", "yess")

    assert "'yess' is none of its words; did you mean 'yes'?" in rating.explain()


def test_a_formula_reads_the_inputs_it_declares() -> None:
    """A formula over extra numbers gives the value that is judged, exactly."""
    book = kpi(SEEN + 'formula = "100 * seen / due"\ninputs = ["seen", "due"]\n')
    ratings = [book.rate("a.k", period="Jul-20", inputs={"seen": seen, "due": 7}) for seen in (7, 6, "5")]

    assert [100, Fraction(600, 7), Fraction(500, 7)] == [rating.value for rating in ratings]
    assert ["green", "amber", "red"] == [str(rating.rag) for rating in ratings]


def test_a_formula_may_leave_the_value_alone() -> None:
    """A blank value beside a formula that does not read it is not missing."""
    book = kpi(SEEN + 'formula = "100 * numerator / denominator"\n')

    assert "green" == outcome(book.rate("a.k", "", numerator=9, denominator=10))


def test_a_period_is_needed_only_where_the_rule_is_dated() -> None:
    """Without a period an undated rule rates, and a dated one says that it wants to know which."""
    dated = kpi(SEEN.replace("= 90", "= { 2019-04-01 = 85 }"))

    assert "green" == outcome(kpi(SEEN).rate("a.k", 90))
    with pytest.raises(ragengine.BadArgument, match=r"the rule of a\.k is dated: say which period"):
        dated.rate("a.k", 90)
    with pytest.raises(ragengine.BadArgument, match=r"the rule of a\.k is dated: say which period"):
        dated.rate("a.k", numerator=9, denominator=10)


def test_an_unknown_id_is_told_with_its_neighbour() -> None:
    """A caller's wrong id is an exception with fields."""
    with pytest.raises(ragengine.UnknownId) as caught:
        kpi(SEEN).rate("a.kk", 90)

    assert ("a.kk", ("a.k",)) == (caught.value.id, caught.value.near)


@pytest.mark.parametrize(
    ("value", "short", "said"),
    [
        (87, 3, "87 days against a target of 90 to 110 days: 3 days short."),
        (112, 2, "112 days against a target of 90 to 110 days: 2 days over."),
        (90, 0, "90 days against a target of 90 to 110 days: within it."),
        (92, -2, "92 days against a target of 90 to 110 days: within it."),
        (109, -1, "109 days against a target of 90 to 110 days: within it."),
    ],
)
def test_a_value_is_short_of_a_range_by_its_nearer_end(value: int, short: int, said: str) -> None:
    """Below it, or over it; within it so much is left to the nearer end."""
    range_of = 'unit = "days"\ndirection = "within"\ntarget = { min = 90, max = 110 }\ntolerance = 5\n'
    rating = kpi(range_of).rate("a.k", value)

    assert short == rating.shortfall and said in rating.explain()


def test_a_rating_shows_its_level_and_why_it_is_grey() -> None:
    """In a debugger, and in a list of ratings."""
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
            "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 2\n',
        }
    )

    assert ["<Rating a.k green>", "<Rating a.k grey (no data)>"] == [repr(book.rate("a.k", 5)), repr(book.rate("a.k"))]


def test_many_rows_are_rated_in_their_order() -> None:
    """``rate_many`` gives for each row what ``rate`` gives, plain numbers and everything else alike."""
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
            "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\n'
            'tolerance = "10 pp"\n',
        }
    )
    rows = [("a.k", "2020-07", value) for value in (95, 85.5, "79.9%", "c", None, 10**400, Decimal(90))]

    assert [(r.rag, r.reason) for r in book.rate_many(rows)] == [
        (each.rag, each.reason) for each in (book.rate(k, v, period=p) for k, p, v in rows)
    ]
    assert book.rate_many(iter(rows)).levels() == ["green", "amber", "red", "grey", "grey", "grey", "green"]
