"""Confidence limits, against vectors computed with 50 digits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.statistics import LEVELS_OF_CONFIDENCE, Limits, byar, exact_poisson, normal_quantile, poisson, wilson

from .vectors import agree, each, ratio, rows

ROWS = rows("intervals")
ROUNDED_Z = {"0.95 (z=1.96)": Decimal("1.96"), "0.998 (z=3.0902)": Decimal("3.0902")}


def of_method(*starts: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["method"].startswith(starts)]


def limits(row: dict[str, str]) -> Limits | None:
    z = ROUNDED_Z.get(row["confidence"])
    confidence, cases = ratio(row["confidence"].split()[0]), ratio(row["x"])
    match row["method"].split():
        case ["wilson"]:
            return wilson(cases, ratio(row["n"]), confidence, z)
        case ["byar"]:
            return byar(cases, confidence)
        case ["exact_poisson"]:
            return exact_poisson(int(cases), confidence)
        case ["count_ohid"]:
            return poisson(cases, confidence)
        case ["rate_ohid", "per", scale]:
            return poisson(cases, confidence).times(ratio(scale) / ratio(row["n"])) if ratio(row["n"]) else None
    raise AssertionError(row["method"])


def test_every_method_of_the_file_is_asked() -> None:
    """No row of the vectors is left out."""
    assert len(of_method("wilson", "byar", "exact", "count", "rate")) == len(ROWS) == 271


@each(ROWS)
def test_limits_are_those_of_the_vectors(row: dict[str, str]) -> None:
    """Both limits agree to 12 digits; of nothing there are none; a negative lower limit of Byar's is none, so 0."""
    found = limits(row)
    if not row["lower"]:
        assert found is None
        return
    assert found is not None
    assert found.lower == 0 if row["lower"].startswith("-") else agree(found.lower, row["lower"])
    assert agree(found.upper, row["upper"])


@pytest.mark.parametrize("confidence", LEVELS_OF_CONFIDENCE)
def test_no_case_and_only_cases_reach_the_ends(confidence: Fraction) -> None:
    """Wilson's limits are exactly 0 and exactly 1 there."""
    none, every = wilson(Fraction(0), Fraction(7), confidence), wilson(Fraction(7), Fraction(7), confidence)

    assert none is not None and none.lower == 0
    assert every is not None and every.upper == 1


def test_the_quantiles_are_the_public_health_tools_own() -> None:
    """95% and 99.8% are told by constants; another confidence is worked out, and agrees with them beside it."""
    assert normal_quantile(Fraction(95, 100)) == Decimal("1.959963984540054")
    assert abs(normal_quantile(Fraction(9, 10)) - Decimal("1.644853626951473")) < Decimal("1e-14")


@pytest.mark.parametrize(("cases", "of"), [(-1, 5), (6, 5)])
def test_an_impossible_proportion_is_refused(cases: int, of: int) -> None:
    """Fewer than none, or more than there are, is the caller's mistake."""
    with pytest.raises(ValueError, match="a proportion needs"):
        wilson(Fraction(cases), Fraction(of), Fraction(95, 100))


def test_negative_counts_and_impossible_confidences_are_refused() -> None:
    """A count is not negative, and a confidence lies between 0 and 1."""
    for limits_of in (byar, poisson):
        with pytest.raises(ValueError, match="not negative"):
            limits_of(Fraction(-1), Fraction(95, 100))
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_quantile(Fraction(1))


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from(sorted(LEVELS_OF_CONFIDENCE)))
def test_an_interval_holds_what_was_observed(cases: int, of: int, confidence: Fraction) -> None:
    """The observed proportion, and the observed count, lie between their limits; more confidence is wider."""
    cases = min(cases, of)
    share = wilson(Fraction(cases), Fraction(of), confidence)
    count = poisson(Fraction(cases), confidence)
    wider = poisson(Fraction(cases), Fraction(9999, 10000))

    assert share is not None and share.lower <= Fraction(cases, of) <= share.upper
    assert count.lower <= cases <= count.upper
    assert wider.lower <= count.lower and count.upper <= wider.upper
