"""States of a row that only a formula or an exclusion brings about, asked of the table itself."""

from __future__ import annotations

from fractions import Fraction

import pytest

import ragengine
from ragengine.data.door import measurement_of
from ragengine.data.states import Judged, Unrated, percentage, state_of
from ragengine.rulebook.kpi import Kpi
from ragengine.terms import Reason

_OF_COUNTS = """
[area]
title = "A"
[kpi.k]
title = "K"
unit = "per 1,000"
direction = "lower"
target = 5
tolerance = "1 per 1,000"
formula = "1000 * numerator / denominator"
"""


@pytest.fixture(scope="module")
def kpi() -> Kpi:
    """A rate whose formula reads both counts."""
    book = {"book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n', "a.toml": _OF_COUNTS}
    return ragengine.load(book).rules.kpis["a.k"]


def test_a_symbol_in_what_is_excluded_tells_of_a_formula_over_the_denominator(kpi: Kpi) -> None:
    """How many are left is not known, so the rate is not either: the symbol's reason, and no number."""
    row = measurement_of("a.k", numerator=3, denominator=1000, excluded="c")

    state = state_of(kpi, row, None)

    assert isinstance(state, Unrated)
    assert (Reason.SUPPRESSED, False) == (state.reason, state.missing)


def test_a_symbol_tells_before_a_blank_name(kpi: Kpi) -> None:
    """Of the names that a formula lacks, one that holds a symbol says why."""
    state = state_of(kpi, measurement_of("a.k", denominator="z"), None)

    assert isinstance(state, Unrated)
    assert Reason.NOT_APPLICABLE == state.reason


def test_an_exclusion_leaves_the_denominator_of_a_formula(kpi: Kpi) -> None:
    """3 of 1,000 of whom 250 are excluded are 4 of 1,000."""
    state = state_of(kpi, measurement_of("a.k", numerator=3, denominator=1000, excluded=250), None)

    assert isinstance(state, Judged)
    assert Fraction(4) == state.value


def test_more_excluded_than_there_are_is_impossible_with_a_formula_too(kpi: Kpi) -> None:
    """The problem is of the column excluded; exactly all of them excluded divides by zero."""
    more, all_of_them = (measurement_of("a.k", numerator=3, denominator=10, excluded=n) for n in (11, 10))

    told, divided = state_of(kpi, more, None), state_of(kpi, all_of_them, None)

    assert isinstance(told, Unrated) and isinstance(divided, Unrated)
    assert (Reason.INVALID, "RAG108", "excluded") == (told.reason, told.code, told.column)
    assert Reason.DIVISION_BY_ZERO == divided.reason


def test_a_blank_row_of_a_rule_that_compares_an_interval_has_no_data() -> None:
    """Its ends are looked at where there is a value between them, and not before."""
    rule = '[kpi.c]\ntitle = "C"\nunit = "%"\ndirection = "higher"\ntarget = 90\ncompare = "interval"\n'
    book = {
        "book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": f'[area]\ntitle = "A"\n{rule}',
    }
    compares = ragengine.load(book).rules.kpis["a.c"]

    state = state_of(compares, measurement_of("a.c", inputs={"lower": 80, "upper": 95}), None)

    assert isinstance(state, Unrated)
    assert (Reason.NO_DATA, True) == (state.reason, state.missing)


def test_the_counts_of_a_formula_say_no_percentage() -> None:
    """What a formula makes of its counts is its own; only a plain percentage is compared with them."""
    rule = '[kpi.c]\ntitle = "C"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "5 pp"\n'
    book = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    texts = ("", 'formula = "value - 5"\n')
    plain, computed = (
        ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{rule}{text}'}).rules.kpis["a.c"]
        for text in texts
    )
    row = measurement_of("a.c", value=84, numerator=3, denominator=4)

    assert (Fraction(75), None) == (percentage(plain, row), percentage(computed, row))


_PLAIN = '[kpi.c]\ntitle = "C"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "5 pp"\n'


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "judged"),
    [
        ("84", 84, 100, True),
        ("60", 84, 100, True),
        ("0.84", 84, 100, False),
        ("0.845", 84, 100, False),
        ("0.835", 84, 100, False),
        ("0.8451", 84, 100, True),
        ("0.8349", 84, 100, True),
        # so near to what the counts say that it is no share
        ("0.005", 1, 200, True),
        ("0", 1, 200, True),
        ("0.0051", 51, 10_000, False),
    ],
)
def test_a_share_beside_counts_of_a_percentage_is_refused(
    value: str, numerator: int, denominator: int, judged: bool
) -> None:
    """100 times the value is within half a point of what the counts say, and the value itself is not."""
    book = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    kpi = ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{_PLAIN}'}).rules.kpis["a.c"]

    state = state_of(kpi, measurement_of("a.c", value=value, numerator=numerator, denominator=denominator), None)

    assert judged is isinstance(state, Judged)


@pytest.mark.parametrize("column", ["lower", "upper"])
def test_an_end_of_an_interval_that_cannot_be_read_is_told_of_its_own_column(column: str) -> None:
    """The problem names the column of the cell."""
    rule = '[kpi.c]\ntitle = "C"\nunit = "%"\ndirection = "higher"\ntarget = 90\ncompare = "interval"\n'
    book = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    compares = ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{rule}'}).rules.kpis["a.c"]
    ends = {"lower": 80, "upper": 95} | {column: "abc"}

    state = state_of(compares, measurement_of("a.c", value=90, inputs=ends), None)

    assert isinstance(state, Unrated)
    assert (Reason.INVALID, "RAG105", column) == (state.reason, state.code, state.column)


@pytest.mark.parametrize(("given", "lacking"), [("numerator", "denominator"), ("denominator", "numerator")])
def test_one_count_without_the_other_is_told_of_the_one_that_is_missing(given: str, lacking: str) -> None:
    """The row has no data, and the problem names the empty column."""
    book = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    plain = ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{_PLAIN}'}).rules.kpis["a.c"]

    state = state_of(plain, measurement_of("a.c", **{given: 3}), None)

    assert isinstance(state, Unrated)
    assert (Reason.NO_DATA, True, "RAG108", lacking) == (state.reason, state.missing, state.code, state.column)


def test_an_input_called_lower_is_no_end_of_an_interval_where_none_is_compared() -> None:
    """Only a rule that compares asks for the ends."""
    book = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    plain = ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{_PLAIN}'}).rules.kpis["a.c"]

    assert isinstance(state_of(plain, measurement_of("a.c", value=90, inputs={"lower": "abc"}), None), Judged)


def test_an_exclusion_from_an_unknown_denominator_is_possible(kpi: Kpi) -> None:
    """A formula lacks the denominator; how many were excluded of it says nothing more."""
    state = state_of(kpi, measurement_of("a.k", numerator=3, excluded=2), None)

    assert isinstance(state, Unrated)
    assert (Reason.MISSING_INPUT, True) == (state.reason, state.missing)


def test_a_formula_of_the_value_alone_is_missing_where_the_value_is() -> None:
    """The rules say what a missing value means, as of a rule without a formula."""
    book = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    text = f'[area]\ntitle = "A"\n{_PLAIN}formula = "value - 5"\n'
    computed = ragengine.load({"book.toml": book, "a.toml": text}).rules.kpis["a.c"]

    state = state_of(computed, measurement_of("a.c"), None)

    assert isinstance(state, Unrated)
    assert (Reason.NO_DATA, True) == (state.reason, state.missing)


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"numerator": -1, "denominator": 4}, "RAG108", "numerator"),
        ({"numerator": 1, "denominator": -4}, "RAG108", "denominator"),
        ({"numerator": "abc", "denominator": 4}, "RAG105", "numerator"),
        ({"numerator": 1, "denominator": "abc"}, "RAG105", "denominator"),
        ({"numerator": 1, "denominator": 4, "excluded": "abc"}, "RAG105", "excluded"),
        ({"numerator": 1, "denominator": 4, "excluded": 5}, "RAG108", "excluded"),
    ],
)
def test_a_count_that_cannot_be_is_told_of_its_own_column(cells: dict[str, object], code: str, column: str) -> None:
    """Negative, no number, or more excluded than there are: each problem names the cell that holds it."""
    book = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    plain = ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{_PLAIN}'}).rules.kpis["a.c"]

    state = state_of(plain, measurement_of("a.c", **cells), None)

    assert isinstance(state, Unrated)
    assert (Reason.INVALID, code, column) == (state.reason, state.code, state.column)


def test_what_is_valid_is_asked_of_a_number_and_of_nothing_else() -> None:
    """A blank row of a rule that bounds its value has no data; a number outside is invalid, each end belongs within."""
    book = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    text = f'[area]\ntitle = "A"\n{_PLAIN}valid = {{ min = 0, max = 100 }}\n'
    bounded = ragengine.load({"book.toml": book, "a.toml": text}).rules.kpis["a.c"]

    states = [state_of(bounded, measurement_of("a.c", value=value), None) for value in (None, "c", -1, 0, 100, "100.1")]

    assert [Reason.NO_DATA, Reason.SUPPRESSED, Reason.INVALID, None, None, Reason.INVALID] == [
        state.reason if isinstance(state, Unrated) else None for state in states
    ]
