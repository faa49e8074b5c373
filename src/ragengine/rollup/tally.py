"""Children of an area, and what a policy reads of them: how many are at each level, and what their scores come to."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TypeAlias

from attrs import define, evolve, field, frozen

from ..number import exact
from ..terms import Rag, Reason, Scale

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

    Where a mean is taken, what weighs nothing is left out of all but ``asked``: it is no part of the mean, nor of what
    that covers.

    Attributes:
        over_points: whether a mean is taken, of scores where ``scored``.
        singly: whether the points of each are kept, for a mean of the worst.
        named: ids of the children that limits ask.
        counts, critical: how many are at each level, worst first, then grey: a level's rank is its place.
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
    critical: list[int] = field(init=False)
    rated: list[int] = field(init=False)
    points: Sums = field(factory=dict, init=False)
    weights: Sums = field(factory=dict, init=False)
    single: list[tuple[Fraction, int]] = field(factory=list, init=False)
    asked: list[tuple[str, Rag]] = field(factory=list, init=False)
    _spans: dict[int, Span] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        nothing = [0] * (len(self.scale.levels) + 1)
        self.counts, self.critical, self.rated = nothing, [*nothing], [*nothing]

    def add(self, child: Child, count: int = 1) -> None:
        """Adds so many children that count alike."""
        level = child.rag
        if self.named and child.subject in self.named:
            self.asked.append((child.subject, level))
        if self.over_points and not child.weight:
            return
        self.counts[level.rank] += count
        if child.critical:
            self.critical[level.rank] += count
        if level.rank < 0 or (self.scored and child.score is None):
            return
        self.rated[level.rank] += count
        if self.over_points:
            self._weigh(worth(child), child.weight, count)
            if child.span is not None:
                self.add_span(child.span)

    def _weigh(self, points: Fraction, weight: Fraction, count: int) -> None:
        if self.singly:
            # weights would say which are worst
            self.single.append((points, count))
            return
        below = points.denominator * weight.denominator
        self.points[below] = self.points.get(below, 0) + points.numerator * weight.numerator * count
        self.weights[weight.denominator] = self.weights.get(weight.denominator, 0) + weight.numerator * count

    def add_span(self, span: Span) -> None:
        """Adds the least and the most that the score of some can be."""
        # the ratings of a KPI share theirs
        self._spans[id(span)] = span

    @property
    def span(self) -> Span | None:
        """The least and the most that a score can be; None where levels count."""
        spans = self._spans.values()
        return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


def ratio(sums: Sums, of: Sums) -> Fraction:
    """One sum over another."""
    above, below = _as_one(sums)
    other, parts = _as_one(of)
    return Fraction(above * parts, below * other)


def _as_one(sums: Sums) -> tuple[int, int]:
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
