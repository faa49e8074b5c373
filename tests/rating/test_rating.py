"""What one measurement is rated, in every state a value can be in."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
SEEN = 'title = "Seen"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'


def kpi(rule: str, book: str = BOOK) -> ragengine.Rulebook:
    """A rulebook with one KPI, ``a.k``."""
    return ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\n{rule}'})


def rated(book: ragengine.Rulebook, value: object = None, period: str = "2020-07", **details: Any) -> tuple[str, str]:
    """Level and reason."""
    rating = book.rate("a.k", value, period=period, **details)
    return str(rating.rag), str(rating.reason or "")


@pytest.mark.parametrize(
    "value",
    [89.9, Decimal("89.9"), "89.9", "89.9%", " 89.9 ", Fraction(899, 10)],
    ids=lambda v: f"{type(v).__name__} {v}",
)
def test_a_value_is_read_however_it_is_given(value: object) -> None:
    """Float, Decimal, text with sign or blanks and ratio are the same number: just short of 90."""
    rating = kpi(SEEN).rate("a.k", value, period="Jul-20")

    assert (rating.rag, rating.value, rating.shortfall) == ("amber", Fraction(899, 10), Fraction(1, 10))


def test_thousands_are_read_in_a_text() -> None:
    """1,234 is one thousand two hundred and thirty-four."""
    book = kpi('title = "N"\nunit = "children"\ndirection = "lower"\ntarget = 1234\ntolerance = 0\n')

    assert rated(book, "1,234") == ("green", "")
    assert rated(book, "1,235") == ("red", "")


def test_counts_make_a_percentage_multiplied_before_it_is_divided() -> None:
    """57 of 100 is 57, which 57/100*100 in floats is not."""
    book = kpi(SEEN.replace("90", "57"))

    assert book.rate("a.k", numerator=57, denominator=100, period="2020-07").rag == "green"
    assert book.rate("a.k", numerator=113, denominator=200, period="2020-07").rag == "amber"


def test_an_exclusion_leaves_the_denominator() -> None:
    """8 of 9 with one excluded is 8 of 8."""
    rating = kpi(SEEN).rate(
        "a.k", numerator=8, denominator=9, excluded=1, exclusion_reason="has moved away", period="2020-07"
    )

    assert (rating.rag, rating.value) == ("green", 100)
    assert "8 of 8; 1 excluded because has moved away" in rating.explain()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "no data"),
        ({"value": ""}, "no data"),
        ({"value": ":"}, "no data"),
        ({"value": "c"}, "suppressed"),
        ({"value": "[c]"}, "suppressed"),
        ({"value": "n/a"}, "not applicable"),
        ({"value": "k"}, "small numbers"),
        ({"value": "lots"}, "invalid"),
        ({"value": float("nan")}, "invalid"),
        ({"value": float("inf")}, "invalid"),
        ({"value": True}, "invalid"),
        ({"value": "٩٠"}, "invalid"),
        ({"numerator": 0, "denominator": 0}, "no cases (0 of 0)"),
        ({"numerator": 3, "denominator": 0}, "division by zero"),
        ({"numerator": 3}, "no data"),
        ({"numerator": "c", "denominator": 12}, "suppressed"),
    ],
)
def test_what_is_no_number_is_grey_with_its_reason(given: dict[str, Any], reason: str) -> None:
    """Each state of a value has a word of its own, and none is a level."""
    assert rated(kpi(SEEN), **given) == ("grey", reason)


@pytest.mark.parametrize(
    ("rule", "given", "reason"),
    [
        (SEEN + "rated_from = 2020-08-01\n", {"value": 95}, "not due"),
        ('title = "K"\ndirection = "monitor"\n', {"value": 95}, "monitored"),
        ('title = "K"\ndirection = "higher"\ntarget = "none"\n', {"value": 95}, "no target"),
        ('title = "K"\ndirection = "higher"\ntarget = "from data"\ntolerance = 0\n', {"value": 95}, "no target"),
        (SEEN.replace("90", "{ 2020-08-01 = 90 }"), {"value": 95}, "no target"),
        (SEEN + "minimum_n = 10\n", {"numerator": 9, "denominator": 9}, "small numbers"),
        (SEEN + 'inputs = ["seen", "due"]\nformula = "100 * seen / due"\n', {"inputs": {"seen": 3}}, "missing input"),
        (SEEN + 'inputs = ["seen", "due"]\nformula = "100 * seen / due"\n', {"inputs": {"seen": 3, "due": 0}}, "division by zero"),
    ],
)  # fmt: skip
def test_what_a_rule_does_not_rate_is_grey_with_its_reason(rule: str, given: dict[str, Any], reason: str) -> None:
    """A rule that does not rate says why."""
    assert rated(kpi(rule), **given) == ("grey", reason)


def test_a_period_is_judged_by_its_last_day() -> None:
    """A target that changes on the last day of July holds for July."""
    book = kpi(SEEN.replace("90", "{ 2019-04-01 = 90, 2020-07-31 = 95 }"))

    assert rated(book, 92, "2020-06") == ("green", "")
    assert rated(book, 92, "2020-07") == ("amber", "")


def test_a_target_from_the_data_is_each_measurements_own() -> None:
    """The same value meets one target and misses another."""
    book = kpi('title = "K"\ndirection = "higher"\ntarget = "from data"\ntolerance = "2"\n')

    assert rated(book, 50, target=50) == ("green", "")
    assert rated(book, 50, target=52) == ("amber", "")
    assert rated(book, 50, target="52.01") == ("red", "")


def test_an_entity_has_its_own_target_and_the_rest_of_the_rule() -> None:
    """Only what the entity's table names is replaced."""
    book = kpi(SEEN + '[kpi.k.entities."E06000045"]\ntarget = 80\n')

    assert rated(book, 80) == ("amber", "")
    assert rated(book, 80, entity="E06000045") == ("green", "")
    assert rated(book, 70, entity="E06000045") == ("amber", "")
    assert rated(book, 80, entity="E06000001") == ("amber", "")


def test_words_are_read_in_any_case_and_a_near_word_is_asked_about() -> None:
    """A word that is not listed is invalid, with what it may have meant."""
    book = kpi('title = "K"\nwords = { no = "red", "in development" = "amber", yes = "green" }\n')

    assert rated(book, "In Development ") == ("amber", "")
    assert rated(book, "in developement") == ("grey", "invalid")
    assert "in development" in book.rate("a.k", "in developement", period="2020-07").explain()


def test_values_are_judged_as_published() -> None:
    """At one decimal 89.95 is 90.0, half-up, and 89.94 is not; negatives round toward plus infinity."""
    book = kpi(SEEN + "decimals = 1\n")
    below = kpi('title = "K"\ndirection = "higher"\ntarget = -1\ntolerance = 0\ndecimals = 0\n')

    assert rated(book, 89.95) == ("green", "")
    assert rated(book, 89.94) == ("amber", "")
    assert "89.94%, judged as 89.9%," in book.rate("a.k", 89.94, period="2020-07").explain()
    assert rated(below, -1.5) == ("green", "")
    assert rated(below, -1.51) == ("red", "")


@pytest.mark.parametrize(
    ("choice", "expected"), [("red", ("red", "")), ("amber", ("amber", "")), ("grey", ("grey", "no data"))]
)
def test_the_book_chooses_what_missing_means(choice: str, expected: tuple[str, str]) -> None:
    """Only a missing value is concerned: a suppressed one stays grey."""
    book = kpi(SEEN, BOOK.replace("grey", choice))

    assert rated(book) == expected
    assert rated(book, "c") == ("grey", "suppressed")


def test_a_kpi_may_choose_otherwise_than_its_book() -> None:
    """``missing`` of a KPI goes before the book's."""
    assert rated(kpi(SEEN + 'missing = "grey"\n', BOOK.replace("grey", "red"))) == ("grey", "no data")


def test_a_carried_value_is_judged_by_this_periods_rule_until_it_is_stale() -> None:
    """With three months, a value of June serves until the end of September."""
    rule = SEEN.replace("90", "{ 2019-04-01 = 80, 2020-07-01 = 90 }") + 'max_age = "3 months"\n'
    book = kpi(rule, BOOK.replace("grey", "carry forward"))
    june = {"history": [("2020-05", 99), ("2020-06", 85)]}

    assert str(book.rate("a.k", 85, period="2020-06").rag) == "green"
    assert rated(book, None, "2020-07", **june) == ("amber", "")
    assert "85% (carried forward from June 2020)" in book.rate("a.k", period="2020-07", **june).explain()
    assert rated(book, None, "2020-09", **june) == ("amber", "")
    assert rated(book, None, "2020-10", **june) == ("grey", "stale")
    assert rated(book, "c", "2020-07", **june) == ("grey", "suppressed")
    assert rated(book, None, "2020-07") == ("grey", "no data")


def test_a_formula_reads_declared_inputs_and_the_target() -> None:
    """Numbers by name, exactly."""
    book = kpi(
        'title = "K"\nunit = "%"\ndirection = "higher"\ntarget = 100\ntolerance = "5 pp"\n'
        'inputs = ["seen", "due"]\nformula = "100 * seen / (due - 1)"\n'
    )

    rating = book.rate("a.k", period="2020-07", inputs={"seen": "19", "due": 21})
    assert (rating.rag, rating.value) == ("amber", 95)


@pytest.mark.parametrize(
    ("subject", "error", "words"),
    [("a.kk", ragengine.UnknownId, "a.k"), ("b.x", ragengine.UnknownId, "b.x")],
)
def test_an_unknown_id_is_an_exception_with_what_was_meant(subject: str, error: type[Exception], words: str) -> None:
    """The caller's mistake is raised, with a near id."""
    with pytest.raises(error, match=words):
        kpi(SEEN).rate(subject, 1, period="2020-07")


def test_a_period_that_cannot_be_read_is_an_exception_with_its_text() -> None:
    """A caller who passes nonsense is told, not given a grey."""
    with pytest.raises(ragengine.BadArgument, match="Smarch"):
        kpi(SEEN).rate("a.k", 90, period="Smarch-20")


def test_many_rows_are_rated_in_their_order() -> None:
    """``rate_many`` gives for each row what ``rate`` gives, plain numbers and everything else alike."""
    book = kpi(SEEN)
    rows = [("a.k", "2020-07", value) for value in (95, 85.5, "79.9%", "c", None, 10**400, Decimal(90))]

    assert [(r.rag, r.reason) for r in book.rate_many(rows)] == [
        (each.rag, each.reason) for each in (book.rate(k, v, period=p) for k, p, v in rows)
    ]
    assert book.rate_many(iter(rows)).levels() == ["green", "amber", "red", "grey", "grey", "grey", "green"]
