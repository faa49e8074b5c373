"""Funnel limits, against vectors computed with 50 digits."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ragengine.statistics import count_funnel, proportion_funnel, wilson

from .vectors import agree, each, ratio, rows


@each(rows("funnel_proportion"))
def test_a_funnel_of_proportions_is_ohids(row: dict[str, str]) -> None:
    """The limits are the proportions whose Wilson interval touches the benchmark."""
    found = proportion_funnel(ratio(row["benchmark"]), ratio(row["n"]), ratio(row["confidence"]))

    assert found is not None
    assert agree(found.lower, row["lower_inverse_wilson_ohid"])
    assert agree(found.upper, row["upper_inverse_wilson_ohid"])


@each(rows("funnel_rate"))
def test_a_funnel_of_counts_is_ohids(row: dict[str, str]) -> None:
    """The lowest and the highest count whose Poisson interval reaches what is expected."""
    lowest, highest = count_funnel(ratio(row["expected_events"]), ratio(row["confidence"]))

    assert lowest == int(row["lowest_count_not_low_ohid"]) == int(row["lowest_count_not_low_exact"])
    assert highest == int(row["highest_count_not_high_ohid"]) == int(row["highest_count_not_high_exact"])


def test_wilson_at_the_limit_touches_the_benchmark() -> None:
    """The interval of the upper funnel limit begins at the benchmark, that of the lower ends there."""
    found = proportion_funnel(Fraction(1, 5), Fraction(1000), Fraction(95, 100))
    assert found is not None
    low, high = (wilson(end * 1000, Fraction(1000), Fraction(95, 100)) for end in (found.lower, found.upper))

    assert low is not None and high is not None
    assert abs(low.upper - Fraction(1, 5)) < Fraction(1, 10**13) > abs(high.lower - Fraction(1, 5))


def test_of_nothing_there_is_no_funnel() -> None:
    """A denominator of 0 has no limits; a benchmark that is no proportion is refused."""
    assert proportion_funnel(Fraction(1, 2), Fraction(0), Fraction(95, 100)) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        proportion_funnel(Fraction(2), Fraction(10), Fraction(95, 100))
    with pytest.raises(ValueError, match="not negative"):
        count_funnel(Fraction(-1), Fraction(95, 100))
