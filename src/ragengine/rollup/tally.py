"""Children of an area, and what a policy reads of them: how many are at each level, and what their scores come to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from attrs import define, evolve, field, frozen

from ..number import exact
from ..terms import GREY, Rag, Reason, Scale

__all__ = ["Child", "Counted", "Span", "Sums", "Tally", "points_of", "ratio", "worth"]

#: the least and the most that a score can be
Span: TypeAlias = tuple[Fraction, Fraction]
#: whole numbers by what they are over: very many fractions have few denominators
Sums: TypeAlias = dict[int, int]

#: the span of a child that takes part in a roll-up over scores and whose rule gives none
_NOTHING = (Fraction(0), Fraction(0))


@frozen
class Child:
    """One KPI, action or child area in a roll-up.

    Attributes:
        score: what it brings to a mean of scores; None where it has none.
        span: the least and the most that its score can be; None where levels count, and no scores.
    """

    id: str
    rag: Rag
    critical: bool = False
    weight: Fraction = Fraction(1)
    title: str = ""
    reason: Reason | None = None
    score: Fraction | None = None
    span: Span | None = None

    @property
    def subject(self) -> str:
        """Its id without the entity that a child of the whole may carry behind it."""
        return self.id.partition(", ")[0]

    def with_level(self, level: Rag) -> Child:
        """The same child at another level."""
        return evolve(self, rag=level)

    def scored(self, score: Fraction | None, span: Span | None) -> Child:
        """The same child where scores roll up; one whose rule gives none brings none, and may not be anything else."""
        span = _NOTHING if span is None else span
        return Child(self.id, self.rag, self.critical, self.weight, self.title, self.reason, score, span)

    def at_best(self, best: Rag, *, least: bool) -> Child:
        """The same child at the best level and the best score, which is the least where less is better."""
        score = None if self.span is None or self.score is None else self.span[0 if least else 1]
        return evolve(self, rag=best, score=score)


#: a child and how many count as it does
Counted = tuple[Child, int]


@define
class Tally:
    """What a policy reads of the children of an area.

    What weighs nothing is no part of a mean, nor of what that covers.

    Attributes:
        over_points: whether a mean is taken, of scores where ``scored``.
        singly: whether the points of each are kept, for a mean of the worst.
        named: ids of the children that limits ask.
        counts: how many are at each level, worst first, then grey: a level's rank is its place.
        counted, critical: the same of those that are part, and of those that are critical.
        rated: the same of those that make the level: what is grey does not, nor where scores count what has none.
        points, weights: the sums over them.
        single: their points, and how many have them.
        asked: id and level of each child that a limit names.
    """

    scale: Scale
    over_points: bool = False
    scored: bool = False
    singly: bool = False
    named: frozenset[str] = frozenset()
    counts: list[int] = field(init=False)
    counted: list[int] = field(init=False)
    critical: list[int] = field(init=False)
    rated: list[int] = field(init=False)
    points: Sums = field(factory=dict, init=False)
    weights: Sums = field(factory=dict, init=False)
    single: list[tuple[Fraction, int]] = field(factory=list, init=False)
    asked: list[tuple[str, Rag]] = field(factory=list, init=False)
    _spans: dict[int, Span] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        nothing = [0] * (len(self.scale.levels) + 1)
        self.counts, self.counted, self.critical, self.rated = nothing, [*nothing], [*nothing], [*nothing]

    def add(self, child: Child, count: int = 1) -> None:
        """Adds so many children that count alike."""
        level, weight = child.rag, child.weight
        if self.named and child.subject in self.named:
            self.asked.append((child.subject, level))
        self.counts[level.rank] += count
        if self.over_points and not weight:
            return
        self.counted[level.rank] += count
        if child.critical:
            self.critical[level.rank] += count
        if level.rank < 0 or (self.scored and child.score is None):
            return
        self.rated[level.rank] += count
        if self.over_points:
            points = worth(child)
            if self.singly:
                # weights would say which are worst
                self.single.append((points, count))
            else:
                self._weigh(points.numerator * count, points.denominator, weight, count)
            if child.span is not None:
                # the ratings of a KPI share theirs
                self._spans[id(child.span)] = child.span

    def _weigh(self, above: int, below: int, weight: Fraction, count: int) -> None:
        """Adds a sum of points, as a number of parts, and how many have them."""
        own, parts = weight.numerator, weight.denominator
        self.points[below * parts] = self.points.get(below * parts, 0) + above * own
        self.weights[parts] = self.weights.get(parts, 0) + own * count

    def add_counts(self, counts: Sequence[int], critical: bool, weight: Fraction, id: str) -> None:
        """Adds children of one weight at each level, worst first, then grey, whose scores are added apart.

        All of them have the id, where limits ask it.
        """
        if id in self.named:
            self.asked += ((id, level) for level, count in zip((*self.scale, GREY), counts, strict=True) if count)
        _add(self.counts, counts)
        if weight:
            _add(self.counted, counts)
            if critical:
                _add(self.critical, counts)

    def add_scores(
        self,
        counts: Sequence[int],
        sums: Iterable[tuple[int, int]],
        single: Iterable[tuple[Fraction, int]],
        weight: Fraction,
        span: Span | None,
    ) -> None:
        """Adds the scores of such children.

        Args:
            counts: how many have one at each level.
            sums: what they sum up to, each after what it is over; for a mean of the worst none is asked.
            single: scores that are in none of these, each with how many have it.
        """
        if not weight:
            return
        _add(self.rated, counts)
        if self.singly:
            self.single += single
        else:
            many = sum(counts)
            for below, above in sums:
                self._weigh(above, below, weight, many)
                many = 0
            for score, count in single:
                self._weigh(score.numerator * count, score.denominator, weight, many)
                many = 0
        if span is not None:
            self._spans[id(span)] = span

    @property
    def span(self) -> Span | None:
        """The least and the most that a score can be; None where levels count."""
        spans = [*self._spans.values()]
        if len(spans) < 2:
            return spans[0] if spans else None
        return min(low for low, _ in spans), max(high for _, high in spans)


def _add(so_far: list[int], counts: Sequence[int]) -> None:
    for rank, count in enumerate(counts):
        so_far[rank] += count


def ratio(sums: Sums, of: Sums) -> Fraction:
    """One sum over another."""
    above, below = _as_one(sums)
    other, parts = _as_one(of)
    return Fraction(above * parts, below * other)


def _as_one(sums: Sums) -> tuple[int, int]:
    if len(sums) == 1:
        ((below, above),) = sums.items()
        return above, below
    above, below = 0, 1
    for parts, own in sums.items():
        both = math.lcm(below, parts)
        above, below = above * (both // below) + own * (both // parts), both
    return above, below


def worth(child: Child) -> Fraction:
    """What a rated child brings to a mean: its score, else the points of its level."""
    return points_of(child.rag) if child.score is None else child.score


def points_of(level: Rag) -> Fraction:
    """The points of a level, in a scale whose levels have some."""
    assert level.points is not None
    return exact(level.points)
