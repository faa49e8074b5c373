"""A score beside the level, as it is told."""

from __future__ import annotations

from fractions import Fraction

from ragengine.rulebook.scoring import Score


def test_a_score_says_by_what_it_goes() -> None:
    """Its points in the order of values, or the ranks with the best first."""
    points = Score(((Fraction(80), Fraction(4)), (Fraction("92.5"), Fraction(1))))

    assert "straight through 4 at 80, 1 at 92.5" == str(points)
    assert "by rank among entities, from 1 (best) to 4" == str(Score())
