"""KPIs as the children of areas that roll up scores: those with sums together, and those that are told singly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

from attrs import define, field

from ..book import Rulebook
from ..data.model import Override
from ..number import exact
from ..period import Period
from ..rollup.policy import Child, Counted
from ..terms import GREY, Scale
from .absent_ratings import AbsentRatings
from .area_children import WHOLE, ChildGroup, Counts
from .child_groups import CountedAlike, OneKpi
from .child_scores import ChildScores, RowScores
from .rated_rows import RatedRows, Reported
from .score_sums import NO_SCORES, ScoreKind, Scores, ScoreSums, score_sums

__all__ = ["ScoredChildren", "scored_children", "told_singly"]


class ScoredChildren(Protocol):
    """KPIs of one area whose scores roll up."""

    @property
    def area(self) -> str: ...
    def of_entity(self, entity: int, period: Period) -> Iterator[Counted]:
        """The children that they are for an entity in the scorecard of a period; none where they are not known then."""
        ...

    def of_whole(self, period: Period) -> Iterator[Counted]:
        """The same of the whole: one for each entity, where a KPI is only reported by entities."""
        ...


def told_singly(rows: RatedRows, scored: frozenset[str], judged: Mapping[str, Sequence[Override]]) -> frozenset[str]:
    """The KPIs in areas of scores whose scores are told one by one.

    A frame may be without them, a judgement of another day takes a score away, an entity may have points of its own,
    and of an area's worst scores each is looked at.
    """
    rules, written = rows.rules, rows.score_column in rows.columns
    return frozenset(
        kpi.id
        for kpi in rules.kpis.values()
        if kpi.area in scored
        if not written
        or kpi.id in judged
        or rules.rollup_of(kpi.area).worst is not None
        or any(kpi.for_entity(entity).score != kpi.score for entity in kpi.entities)
    )


def scored_children(
    book: Rulebook,
    groups: Sequence[ChildGroup],
    rows: RatedRows,
    absent: AbsentRatings,
    judged: Mapping[str, Sequence[Override]],
) -> list[ScoredChildren]:
    """The KPIs of areas of scores as their children."""
    scale = book.rules.scale
    single: list[ScoredChildren] = [
        _ScoredKpi(own, ChildScores(own, RowScores(book, own.kpi, own.reported, rows, overrides), absent), scale)
        for own in groups
        if isinstance(own, OneKpi)
        for overrides in [judged.get(own.kpi.id, ())]
    ]
    alike = [own for own in groups if isinstance(own, CountedAlike)]
    if not alike:
        return single
    kinds = [ScoreKind.of(own.kpis[0].score) for own in alike]
    told = _ToldRows(book, rows, alike)
    kpis = [(kind, own.kpis) for kind, own in zip(kinds, alike, strict=True)]
    sums = score_sums(rows, kpis, told.score, alike[0].within)
    together = (
        _ScoredAlike(own, scores, kind.span, scale) for own, scores, kind in zip(alike, sums, kinds, strict=True)
    )
    return [*together, *single]


class _ToldRows:
    """Rows whose scores no whole number tells."""

    def __init__(self, book: Rulebook, rows: RatedRows, alike: Sequence[CountedAlike]) -> None:
        self._book = book
        self._rows = rows
        self._alike = alike
        self._scores: dict[str, RowScores] = {}

    def score(self, row: Mapping[str, Any]) -> Fraction:
        """The score of a row of :meth:`RatedRows.scored`."""
        kpi, entity = self._rows.kpis[int(row["kpi"])], self._rows.entities[int(row["entity"])] or None
        scores = self._scores.get(kpi)
        if scores is None:
            scores = self._scores[kpi] = RowScores(
                self._book, self._rows.rules.kpis[kpi], self._reported[kpi], self._rows
            )
        told = scores.told(entity, row["value"], row["score"])
        if told is None:
            period = self._rows.periods[int(row["period"])]
            told = scores.rating(entity, period, period).score
        # what has no score is no row with one
        assert told is not None
        return told

    @cached_property
    def _reported(self) -> dict[str, list[Reported]]:
        found: dict[str, list[Reported]] = defaultdict(list)
        for own in self._alike:
            for each in own.reported:
                found[self._rows.kpis[each.kpi]].append(each)
        return found


@define(slots=False)
class _ScoredAlike:
    """KPIs that count alike, and whose scores have one sum for each entity, period and level."""

    counted: CountedAlike
    sums: ScoreSums
    span: tuple[Fraction, Fraction] | None
    scale: Scale

    @property
    def area(self) -> str:
        return self.counted.area

    def of_entity(self, entity: int, period: Period) -> Iterator[Counted]:
        counts = self.counted.of_entity(entity, period)
        if counts is not None:
            yield from self._children(counts, self.sums.get((entity, self.counted.number(period)), {}))

    def of_whole(self, period: Period) -> Iterator[Counted]:
        number = self.counted.number(period)
        of_whole = self.counted.is_of_whole(period)
        scores = self.sums.get((WHOLE, number), {}) if of_whole else self._by_entity.get(number, {})
        yield from self._children(self.counted.of_whole(period), scores)

    @cached_property
    def _by_entity(self) -> dict[int, dict[int, Scores]]:
        """Those of all entities together, by period."""
        found: dict[int, dict[int, Scores]] = {}
        for (entity, period), by_level in self.sums.items():
            if entity != WHOLE:
                own = found.setdefault(period, {})
                for level, scores in by_level.items():
                    own[level] = own.get(level, NO_SCORES).and_(scores)
        return found

    def _children(self, counts: Counts, scores: Mapping[int, Scores]) -> Iterator[Counted]:
        """The children at each level: those with a score, at the mean of their scores, and those without."""
        critical, weight, id = self.counted.weighing
        for n, (level, count) in enumerate(zip((*self.scale, GREY), counts, strict=True)):
            child, scored = Child(id, level, critical, weight), scores.get(n, NO_SCORES)
            if scored.count:
                yield child.scored(scored.sum / scored.count, self.span), scored.count
            if count > scored.count:
                yield child.scored(None, self.span), count - scored.count


@define(slots=False)
class _ScoredKpi:
    """A KPI of which each rating is a child, and none is only counted."""

    own: OneKpi
    scores: ChildScores
    scale: Scale
    #: one is asked for its entity and for the whole
    _made: dict[tuple[int, Period], Child] = field(factory=dict, init=False)

    @property
    def area(self) -> str:
        return self.own.area

    @cached_property
    def _weight(self) -> Fraction:
        return exact(self.own.kpi.weight)

    def of_entity(self, entity: int, period: Period) -> Iterator[Counted]:
        if self.own.of_entity(entity, period) is not None:
            yield self._child(entity, period), 1

    def of_whole(self, period: Period) -> Iterator[Counted]:
        for entity in self.own.in_whole(period):
            yield self._child(entity, period), 1

    def _child(self, entity: int, period: Period) -> Child:
        found = self._made.get((entity, period))
        if found is None:
            kpi = self.own.kpi
            level = (*self.scale, GREY)[self.own.level(entity, period)]
            score = None if level.is_grey else self.scores.of(entity, period)
            child = Child(kpi.id, level, kpi.critical, self._weight)
            found = self._made[entity, period] = child.scored(score, self.scores.span(entity))
        return found
