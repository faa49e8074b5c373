"""Quantiles, groups and places, against exact vectors."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.statistics import PeerPlace, place, quantile, quantile_groups

from .vectors import agree, each, ratio, rows


@each(rows("quantiles"))
def test_a_quantile_is_type_7(row: dict[str, str]) -> None:
    """Exactly what Excel's PERCENTILE.INC and numpy give."""
    values = [ratio(value) for value in row["values"].split(";")]

    assert agree(quantile(values, ratio(row["p"])), row["type7_percentile_inc_default"])


@each(rows("quantile_groups"))
def test_groups_are_ohids(row: dict[str, str]) -> None:
    """Ties share a group, and fewer values than groups have none."""
    values = [ratio(value) if value else None for value in row["values"].split(";")]
    wanted = [int(group) if group else None for group in row["ohid_groups"].split(";")]

    assert quantile_groups(values, int(row["groups"]), highest_first=row["direction"].startswith("highest")) == wanted


def test_what_is_missing_has_no_group() -> None:
    """A missing value is left out of the count and gets none."""
    values = [Fraction(1), None, Fraction(2), Fraction(3), Fraction(4)]

    assert quantile_groups(values, 4) == [1, None, 2, 3, 4]


def test_a_place_shares_the_better_rank() -> None:
    """Equal values have one rank, and say how many share it."""
    peers = [Fraction(n) for n in (70, 80, 80, 90)]

    assert place(Fraction(80), peers) == PeerPlace(2, 2, 4)
    assert place(Fraction(70), peers, lower_is_better=True) == PeerPlace(1, 1, 4)
    with pytest.raises(ValueError, match="hold the value itself"):
        place(Fraction(1), peers)


@given(st.lists(st.fractions(-100, 100, max_denominator=10), min_size=1, max_size=12), st.fractions(0, 1))
def test_a_quantile_stays_within_the_values(values: list[Fraction], share: Fraction) -> None:
    """Between the least and the greatest, which are the quantiles of 0 and 1."""
    assert min(values) == quantile(values, Fraction(0)) <= quantile(values, share)
    assert quantile(values, share) <= quantile(values, Fraction(1)) == max(values)


def test_a_quantile_of_nothing_is_refused() -> None:
    """No values, or a share that is none, is the caller's mistake."""
    for values, share in (([], Fraction(1, 2)), ([Fraction(1)], Fraction(2))):
        with pytest.raises(ValueError, match="needs values"):
            quantile(values, share)
