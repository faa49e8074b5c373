"""The interval beside a value: what it permits, how few cases change the level, and where it is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.rating.certainty import certainty_of
from ragengine.report.build import report_of_card
from ragengine.report.public import public_card, public_cards
from ragengine.report.ratings_csv import ratings_csv
from ragengine.report.rows import row_of
from ragengine.report.sheets import sheets_of
from ragengine.rollup.scorecard import Scorecard

BOOK = '[book]\ntitle = "T"\nedition = "1"\nmissing = "grey"\n[rollup]\nmethod = "worst"\n'
SHARE = 'unit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
COUNT = 'unit = "incidents"\ndirection = "lower"\ntarget = 5\ntolerance = 2\n'
RATE = (
    'unit = "per 1,000"\nformula = "1000 * numerator / denominator"\ndirection = "lower"\ntarget = 3\ntolerance = 1\n'
)


def book(rule: str, confidence: str = "95%") -> ragengine.Rulebook:
    area = f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{rule}confidence = "{confidence}"\n'
    return ragengine.load({"book.toml": BOOK, "a.toml": area})


def rated(rule: str, confidence: str = "95%", **row: Any) -> ragengine.Rating:
    return book(rule, confidence).rate("a.k", period="2020-07", **row)


def test_a_percentage_of_counts_has_wilsons_interval() -> None:
    """84 of 100 may be red or amber by chance alone, and the sentence says so; the level is as it was."""
    rating = rated(SHARE, numerator=84, denominator=100)
    found = certainty_of(rating)

    assert str(rating.rag) == "amber"
    assert found is not None and found.method == "Wilson" and list(map(str, found.levels)) == ["red", "amber"]
    assert (found.flips.more, found.flips.fewer, found.of) == (6, 5, 100)
    assert "The 95% interval of the value is 75.6% to 89.9%: Red or Amber, by chance alone." in rating.explain()


def test_an_interval_within_one_band_is_firm() -> None:
    """Every value that it permits has the level."""
    assert "is 83.8% to 84.2%: Amber throughout." in rated(SHARE, numerator=84_000, denominator=100_000).explain()


@pytest.mark.parametrize(("value", "method", "said"), [(7, "exact Poisson", "2.8 to 14.4 incidents"), (10, "Byar", "4.8 to 18.4 incidents")])  # fmt: skip
def test_a_count_has_poissons_interval(value: int, method: str, said: str) -> None:
    """Exact below 10, Byar's from 10; also by the fast way in, that knows a value and no more."""
    rating = rated(COUNT, value=value)
    found = certainty_of(rating)

    assert found is not None and found.method == method
    assert said in rating.explain()
    assert said in book(COUNT)["a.k"].rate(value, "2020-07").explain()


def test_a_rate_has_the_interval_of_its_cases() -> None:
    """9 of 4,000: exact Poisson limits, divided as the rate is; one case is worth a quarter."""
    found = certainty_of(rated(RATE, numerator=9, denominator=4000))

    assert found is not None
    assert abs(found.limits.lower - Fraction("1.02884327434458")) < Fraction(1, 10**12)
    assert (found.flips.more, found.flips.fewer) == (4, None)


def test_half_a_case_has_byars_interval_however_few_there_are() -> None:
    """The exact limits are those of whole counts; of 2.5 it is Byar's, and is called so."""
    found = certainty_of(rated(RATE, numerator=2.5, denominator=4000))

    assert found is not None and found.method == "Byar"


def test_a_formula_that_is_a_percentage_has_wilsons() -> None:
    """It is the proportion of counts that decides, not how it is written."""
    rule = SHARE + 'formula = "100 * numerator / denominator"\n'
    plain, formula = (certainty_of(rated(each, numerator=84, denominator=100)) for each in (SHARE, rule))

    assert plain is not None and formula is not None and plain.limits == formula.limits


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        (SHARE, {"value": 84}),
        (SHARE, {"value": 84, "numerator": 90, "denominator": 100}),
        (SHARE, {"numerator": 120, "denominator": 100}),
        (COUNT, {"value": 2.5}),
        (COUNT, {"value": -1}),
        (RATE.replace("numerator /", "numerator + denominator * 0 + 1 /"), {"numerator": 9, "denominator": 1}),
        (RATE, {"value": 3, "denominator": 100}),
        (RATE, {"numerator": "c", "denominator": 100}),
        (RATE.replace('"1000 *', '"0 if denominator == 0 else 1000 *'), {"denominator": 0}),
        (SHARE, {}),
    ],
)
def test_without_known_cases_nothing_is_said(rule: str, row: dict[str, Any]) -> None:
    """A bare percentage, counts that say another value, more than all, no whole cases, an uneven formula, no value."""
    rating = rated(rule, **row)

    assert certainty_of(rating) is None
    assert "interval" not in rating.explain()


def test_a_rate_for_each_hundred_is_no_percentage() -> None:
    """One person may be counted twice: the interval is that of a count, as for each thousand."""
    rule = (
        'unit = "per 100"\nformula = "100 * numerator / denominator"\ndirection = "lower"\ntarget = 3\ntolerance = 1\n'
    )
    found = certainty_of(rated(rule, numerator=12, denominator=400))

    assert found is not None and ("Byar", None) == (found.method, found.of)


def test_none_is_for_complete_counts() -> None:
    """There is nothing to doubt: no interval, and an organisation may say so for itself."""
    assert certainty_of(rated(SHARE, "none", numerator=84, denominator=100)) is None
    own = book(SHARE + 'entities = { E1 = { confidence = "none" } }\n')
    row = {"numerator": 84, "denominator": 100, "period": "2020-07"}

    assert certainty_of(own.rate("a.k", entity="E1", **row)) is None
    assert certainty_of(own.rate("a.k", entity="E2", **row)) is not None


def test_a_monitored_value_has_an_interval_and_permits_nothing() -> None:
    """It is reported, and not rated."""
    found = certainty_of(rated('unit = "%"\ndirection = "monitor"\n', numerator=84, denominator=100))

    assert found is not None and found.levels == ()


def test_what_is_suspended_permits_nothing() -> None:
    """Its value has an interval, and no level of the rule is named beside it."""
    relief = 'grace = [{ from = 2020-01-01, until = 2020-12-31, suspend = true, reason = "R", authority = "B" }]\n'
    rating = rated(SHARE + relief, numerator=84, denominator=100)
    found = certainty_of(rating)

    assert found is not None and found.levels == ()
    assert "The 95% interval of the value is 75.6% to 89.9%." in rating.explain()


def test_levels_are_those_under_the_graces() -> None:
    """Where relief allows no red, the interval permits none."""
    relief = (
        'grace = [{ from = 2020-01-01, until = 2020-12-31, no_worse_than = "amber", reason = "R", authority = "B" }]\n'
    )
    found = certainty_of(rated(SHARE + relief, numerator=84, denominator=100))

    assert found is not None and list(map(str, found.levels)) == ["amber"]


def test_printed_limits_are_on_their_side_of_every_line() -> None:
    """A limit of 79.9954% under a line of 80 is not printed as 80.0%."""
    rating = rated(SHARE, numerator=8074, denominator=10000)
    found = certainty_of(rating)

    assert found is not None and 79.9 < found.limits.lower < 80
    lower = rating.explain().split("value is ")[1].split("%")[0]
    assert Fraction(lower) < 80


@given(st.integers(0, 60), st.integers(1, 60))
def test_so_many_cases_change_the_level_and_one_fewer_do_not(cases: int, whole: int) -> None:
    """What is said of cases is tried on the rule."""
    cases, rules = min(cases, whole), book(SHARE)

    def level(number: int) -> str:
        return str(rules.rate("a.k", numerator=number, denominator=whole, period="2020-07").rag)

    found = certainty_of(rules.rate("a.k", numerator=cases, denominator=whole, period="2020-07"))
    assert found is not None
    for step, few in ((1, found.flips.more), (-1, found.flips.fewer)):
        end = whole - cases if step == 1 else cases
        first = next((n for n in range(1, end + 1) if level(cases + step * n) != level(cases)), None)
        assert few == first


def test_it_stands_in_the_data_and_comes_back() -> None:
    """A scorecard's JSON holds it: exact limits, levels, cases."""
    rules = book(SHARE)
    card = rules.score(ragengine.Data.of(measurements=[_row(84, 100)]), "2020-07")
    again = ragengine.Scorecard.from_json(card.to_json())
    line = again.ratings["a.k"].explanation.interval

    assert line is not None and line == card.ratings["a.k"].explanation.interval
    assert (line.confidence, line.method, line.levels, line.more, line.fewer) == (
        "95%",
        "Wilson",
        ("red", "amber"),
        6,
        5,
    )
    assert (
        Fraction(line.lower)
        == certainty_of(rules.rate("a.k", numerator=84, denominator=100, period="2020-07")).limits.lower
    )  # type: ignore[union-attr]


def _row(numerator: int, denominator: int, entity: str = "") -> dict[str, Any]:
    return {"kpi": "a.k", "period": "2020-07", "numerator": numerator, "denominator": denominator, "entity": entity}


def test_a_report_has_a_line_under_the_value() -> None:
    """In words: the interval, what it permits, and how few cases would change the level."""
    rules = book(SHARE)
    card = rules.score(ragengine.Data.of(measurements=[_row(84, 100)]), "2020-07")
    row = row_of(rules, card, card.ratings["a.k"])

    assert row.beside == ("95% interval 75.6% to 89.9%: Red or Amber; 5 fewer or 6 more would change the level",)


def test_the_public_edition_hides_the_interval_with_the_count() -> None:
    """From an interval and its confidence the counts can be worked back: it goes where they go, and where they are rounded."""
    hidden = book(SHARE + "suppress_below = 6\n")
    rounded = book(SHARE + "suppress_below = 8\nround_to = 5\n")
    small, large = _row(4, 100, "E1"), _row(84, 100, "E2")
    for rules, shown in ((hidden, True), (rounded, False)):
        data = ragengine.Data.of(measurements=[small, large, _row(50, 100, "E3")])
        card = public_card(rules.rules, rules.score(data, "2020-07"))
        intervals = {entity: card.ratings["a.k", entity].explanation.interval for entity in ("E1", "E2")}

        assert intervals["E1"] is None
        assert (intervals["E2"] is not None) is shown


def _tables(rules: ragengine.Rulebook, card: Scorecard) -> list[list[tuple[str, str]]]:
    """The two ends of each row's interval, as the CSV and the report's sheets have them."""
    read = csv.DictReader(io.StringIO(ratings_csv(card)))
    ratings = next(sheet for sheet in sheets_of(report_of_card(rules, card)) if sheet.name == "Ratings")
    heads = [column.name for column in ratings.columns]
    sheet = [
        ("", "")
        if "Interval from" not in heads
        else tuple("" if row[heads.index(name)] is None else str(row[heads.index(name)]) for name in heads[8:10])
        for row in ratings.rows
    ]
    return [[(row["lower"], row["upper"]) for row in read if row["kind"] == "kpi"], sheet]


def test_tables_have_the_interval_in_two_columns_and_the_public_ones_where_the_count_is_told() -> None:
    """``lower`` and ``upper`` in the CSV, Interval from and to in the sheets, which have none where no row has one."""
    for extra, shown in (("suppress_below = 6\n", True), ("suppress_below = 8\nround_to = 5\n", False)):
        rules = book(SHARE + extra)
        data = ragengine.Data.of(measurements=[_row(4, 100, "E1"), _row(84, 100, "E2"), _row(50, 100, "E3")])
        card = rules.score(data, "2020-07")
        for board in _tables(rules, card):
            assert all(all(pair) for pair in board) and len(board) == 3
        for public in _tables(rules, public_card(rules.rules, card)):
            assert [all(pair) for pair in public].count(True) == (2 if shown else 0)
            assert public[0] == ("", "") and (public[1] != ("", "")) == shown


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('confidence = "95"', "is no confidence"),
        ('confidence = "49%"', "is no confidence"),
        ('confidence = "100%"', "is no confidence"),
        ("confidence = 0.95", "a number where a text is wanted"),
        ('confidence = "95%"\nformula = "value * 2"', "reads no numerator"),
    ],
)
def test_what_is_no_confidence_is_refused(written: str, said: str) -> None:
    """With a way out, at its place."""
    area = f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{SHARE}{written}\n'
    with pytest.raises(ragengine.RulebookError, match=said):
        ragengine.load({"book.toml": BOOK, "a.toml": area})


def test_words_have_no_interval() -> None:
    """A word is no count."""
    area = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nwords = { no = "red", yes = "green" }\nconfidence = "95%"\n'
    with pytest.raises(ragengine.RulebookError, match="words and confidence exclude each other"):
        ragengine.load({"book.toml": BOOK, "a.toml": area})


def test_a_chart_has_the_interval_of_each_figure_and_the_public_one_none_that_is_hidden() -> None:
    """An upright line at each period; where a count is hidden, its interval is too."""
    rules = book(SHARE + "suppress_below = 6\n")
    periods = ("2020-02", "2020-03", "2020-04", "2020-05")
    rows = [{**_row(count, 100), "period": period} for count, period in zip((84, 4, 85, 86), periods, strict=True)]
    data = ragengine.Data.of(measurements=rows)
    cards = [rules.score(data, period) for period in periods]

    def limits(shown: Sequence[ragengine.Scorecard]) -> list[bool]:
        chart = report_of_card(rules, shown[-1], tuple(shown[:-1])).rows[0].chart
        assert chart is not None
        return [bool(column.limits) for column in chart.columns]

    assert limits(cards) == [True, True, True, True]
    assert limits(public_cards(rules.rules, cards)) == [True, False, True, True]
