"""The score of a rating: what stands beside its level, as a number, in words and as data."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from ..number import text
from ..rulebook.compile import printed
from ..rulebook.scoring import Score
from ..statistics.scores import along, by_rank
from .phrases import amount
from .readable import Readable

__all__ = ["PointLine", "ScoreLine", "score_by_rule", "score_line", "score_of", "score_text"]


@frozen
class PointLine:
    """A point of a score, as exact numbers."""

    at: str
    points: str


@frozen
class ScoreLine:
    """How a score came about: from ``value``, as judged, by points; or by ``rank`` among ``of`` entities."""

    value: str
    points: tuple[PointLine, ...] = ()
    rank: int | None = None
    of: int | None = None
    best: str = ""
    worst: str = ""


def _scored(rating: Readable) -> tuple[Score, Fraction] | None:
    """The rule's score and the value as judged; None where a rating can have no score."""
    return None if rating.outcome.rag.is_grey else _by_rule(rating)


def _by_rule(rating: Readable) -> tuple[Score, Fraction] | None:
    ruling, value = rating.outcome.ruling, rating.facts.value
    score = None if ruling.is_action else ruling.kpi.score
    if score is None or value is None or rating.outcome.computed.is_grey:
        return None
    return score, printed(value, ruling.kpi)


def score_of(rating: Readable) -> Fraction | None:
    """The score of a rating; None for one that is grey, or that the rule gives none.

    Graces, caps and overrides move the level and not the score. By rank there is one where a scorecard has ranked the
    entities of the period.
    """
    return None if rating.outcome.rag.is_grey else score_by_rule(rating)


def score_by_rule(rating: Readable) -> Fraction | None:
    """The same whatever relief made of the level: a suspended rating has it when a judgement gives it a level."""
    found = _by_rule(rating)
    if found is None:
        return None
    score, value = found
    if not score.by_rank:
        return along(score.points, value)
    standing = rating.facts.standing
    return None if standing is None else by_rank(standing.rank, standing.of, score.best, score.worst)


def score_line(rating: Readable) -> ScoreLine | None:
    """The same as data, enough to work it out again."""
    found = _scored(rating)
    if found is None or score_of(rating) is None:
        return None
    score, value = found
    if not score.by_rank:
        return ScoreLine(str(value), tuple(PointLine(str(at), str(points)) for at, points in score.points))
    standing = rating.facts.standing
    assert standing is not None
    return ScoreLine(str(value), (), standing.rank, standing.of, str(score.best), str(score.worst))


def score_text(rating: Readable) -> str:
    """A sentence: ``Scores 2 points: straight between 4 at 80% and 1 at 95%.``; empty where there is nothing to say."""
    found, made = _scored(rating), score_of(rating)
    if found is None:
        return ""
    score, value = found
    if made is None:
        return "Its score is by rank among the entities of a period, which one row alone does not give."
    number = f"Scores {_plural(made)}"
    if score.by_rank:
        standing = rating.facts.standing
        assert standing is not None
        shared = f", shared by {standing.shared_by}" if standing.shared_by > 1 else ""
        way = f"from {text(score.best)} (best) to {text(score.worst)}"
        return f"{number}: rank {standing.rank} of {standing.of} entities{shared}, {way}."
    unit = rating.outcome.ruling.kpi.unit
    (first, low), (last, high) = score.points[0], score.points[-1]
    if value <= first:
        return f"{number}, as all do at {amount(first, unit)} or less."
    if value >= last:
        return f"{number}, as all do at {amount(last, unit)} or more."
    (at, low), (end, high) = next((one, other) for one, other in pairwise(score.points) if value <= other[0])
    if value == end:
        return f"{number}, as written for {amount(end, unit)}."
    return f"{number}: straight between {text(low)} at {amount(at, unit)} and {text(high)} at {amount(end, unit)}."


def _plural(score: Fraction) -> str:
    return f"{text(score)} point{'' if score == 1 else 's'}"
