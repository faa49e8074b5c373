"""Scores along points and by rank: exact on, just under and just over each point, and flat beyond the last."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.statistics import along, by_rank

F = Fraction
LINE = [(F(80), F(4)), (F(95), F(1))]
NUMBERS = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


@pytest.mark.parametrize(
    ("value", "score"),
    # from 80 to 95 the score falls by 3 in 15, which is 1/5 a point
    [(79, 4), (80, 4), (F("80.05"), F("3.99")), (85, 3), (90, 2), (F("94.95"), F("1.01")), (95, 1), (100, 1)],
)
def test_a_score_lies_straight_between_its_points(value: Fraction, score: Fraction) -> None:
    """And is flat beyond them."""
    assert along(LINE, F(value)) == score


def test_no_points_score_nothing() -> None:
    """It is an error to ask."""
    with pytest.raises(ValueError, match="points"):
        along([], F(1))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6, unique_by=lambda p: p[0]), st.data())
def test_on_beside_and_between_the_points(drawn: list[tuple[Fraction, Fraction]], data: st.DataObject) -> None:
    """On a point it is the point's; just beside one it lies between it and the next; halfway it is the mean."""
    points = sorted(drawn)
    n = data.draw(st.integers(0, len(points) - 1))
    at, score = points[n]

    assert along(points, at) == score
    if n + 1 < len(points):
        end, other = points[n + 1]
        hair = (end - at) / 10**6
        assert along(points, at + hair) == score + (other - score) / 10**6
        assert along(points, end - hair) == other - (other - score) / 10**6
        assert along(points, (at + end) / 2) == (score + other) / 2
    assert along(points, points[0][0] - 1) == points[0][1]
    assert along(points, points[-1][0] + 1) == points[-1][1]


@pytest.mark.parametrize(
    ("rank", "of", "score"),
    # published for one trust: ranks 17, 20, 23, 24 of 61, and 47 of 48; 1 + 3 (rank - 1) / (N - 1)
    [
        (1, 61, 1),
        (17, 61, F(9, 5)),
        (20, 61, F("1.95")),
        (23, 61, F("2.1")),
        (24, 61, F("2.15")),
        (61, 61, 4),
        (1, 1, 1),
    ],
)
def test_a_rank_scores_straight_from_best_to_worst(rank: int, of: int, score: Fraction) -> None:
    """One alone has the best."""
    assert by_rank(rank, of, F(1), F(4)) == score


@pytest.mark.parametrize(("rank", "of"), [(0, 3), (4, 3), (1, 0)])
def test_a_rank_that_there_is_not_is_an_error(rank: int, of: int) -> None:
    """Nobody is nobody's third of two."""
    with pytest.raises(ValueError, match="rank"):
        by_rank(rank, of, F(1), F(4))
