"""KPIs as the children of areas that roll up scores: those with sums together, and those that are told singly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, Protocol, TypeAlias

from attrs import define, evolve, field

from ..book import Rulebook
from ..data.model import Override
from ..number import exact
from ..period import Period
from ..rollup.policy import Decision, PolicyDecider, worst_are_largest
from ..rollup.tally import Child, Span, Tally
from ..rulebook.compile import policy_table
from ..rulebook.rules import Rules
from ..terms import GREY, Scale
from .absent_ratings import MEASURED, AbsentRatings, check_measured
from .area_children import WHOLE, ChildGroup
from .child_groups import CountedAlike, OneKpi
from .child_scores import ChildScores, RowScores
from .rated_rows import RatedRows
from .score_sums import ScoreGroup, ScoreSums, score_sums

__all__ = ["ScoredChildren", "children_with_scores", "told_singly"]


#: the number of an entity, the level by a mean, and its children by level
Mean: TypeAlias = tuple[int, Decision, Sequence[int]]


class ScoredChildren(Protocol):
    """KPIs of one area whose scores roll up."""

    @property
    def area(self) -> str: ...
    def add_entities(self, tallies: Mapping[int, Tally], period: Period) -> None:
        """Adds those of each entity in the scorecard of a period, to a tally of its own, which is made when asked."""
        ...

    def means(self, period: Period, decider: PolicyDecider) -> Iterator[Mean] | None:
        """What an area of these alone is for each entity, by the mean of their scores; None where it takes a tally."""
        ...

    def add_whole(self, tally: Tally, period: Period) -> None:
        """Adds those of the whole: one for each entity, where a KPI is only reported by entities."""
        ...


def told_singly(rows: RatedRows, scored: frozenset[str], judged: Mapping[str, Sequence[Override]]) -> frozenset[str]:
    """The KPIs in areas of scores whose scores are told one by one.

    A frame may be without them, a judgement of another day takes a score away, and an entity may have points of its
    own.
    """
    rules, written = rows.rules, rows.score_column in rows.columns
    return frozenset(
        kpi.id
        for kpi in rules.kpis.values()
        if kpi.area in scored
        if not written or kpi.id in judged or any(kpi.for_entity(entity).score != kpi.score for entity in kpi.entities)
    )


def children_with_scores(
    book: Rulebook,
    groups: Sequence[ChildGroup],
    rows: RatedRows,
    absent: AbsentRatings,
    judged: Mapping[str, Sequence[Override]],
) -> list[ScoredChildren]:
    """The KPIs of areas of scores as their children."""
    scale = book.rules.scale
    single: list[ScoredChildren] = []
    alike: list[CountedAlike] = []
    for own in groups:
        if isinstance(own, OneKpi):
            whose = [(own.kpi.id, each.entity) for each in own.reported]
            scores = RowScores(book, own.kpi, rows, partial(_rows, book, rows, whose), judged.get(own.kpi.id, ()))
            single.append(_ScoredKpi(own, ChildScores(own, scores, absent), scale))
        elif isinstance(own, CountedAlike):
            alike.append(own)
    if not alike:
        return single
    # with the rows that were made for gaps
    rows = alike[0].scene.rows
    summed = [_score_group(own, book.rules) for own in alike]
    sums = score_sums(rows, summed, partial(_told, book, rows, absent), alike[0].within)
    together = (
        _ScoredAlike(evolve(own, counts=scores.counts or own.counts), scores, group.kind.span)
        for own, scores, group in zip(alike, sums, summed, strict=True)
    )
    return [*together, *single]


def _score_group(own: CountedAlike, rules: Rules) -> ScoreGroup:
    policy = rules.rollup_of(own.area)
    if policy.worst is None:
        return ScoreGroup(own.kpis)
    return ScoreGroup(own.kpis, policy.worst, worst_are_largest(policy_table(policy, rules.scale)))


def _rows(book: Rulebook, rows: RatedRows, whose: Collection[tuple[str, int]]) -> list[dict[str, Any]]:
    """The rows of some KPIs and entities with all that their scores are made of."""
    kpis = {kpi for kpi, _ in whose}
    for kpi in sorted(kpis):
        check_measured(book, kpi, rows.columns.kinds, "brings scores to its area")
    inputs = sorted({name for kpi in kpis for name in rows.rules.kpis[kpi].inputs})
    return rows.rows(whose, (*MEASURED, *inputs, rows.score_column))


def _told(
    book: Rulebook, rows: RatedRows, absent: AbsentRatings, some: Sequence[Mapping[str, Any]]
) -> list[Fraction | None]:
    """The scores of rows of :meth:`RatedRows.with_scores` that no whole number tells; None where there is none."""
    whose = [(rows.kpis[int(row["kpi"])], int(row["entity"])) for row in some]
    names = [rows.entities[entity] or None for _, entity in whose]
    own: dict[str, list[dict[str, Any]]] = defaultdict(list)
    scores = {
        id: RowScores(book, rows.rules.kpis[id], rows, partial(own.__getitem__, id)) for id in {kpi for kpi, _ in whose}
    }
    told = [
        scores[kpi].told(name, row["score"], row["value"], row["whole"])
        for (kpi, _), name, row in zip(whose, names, some, strict=True)
    ]
    lacking = rows.with_peers(each for each, score in zip(whose, told, strict=True) if score is None)
    if not lacking:
        return told
    read = _rows(book, rows, lacking)
    for row in read:
        own[str(row["kpi"])].append(row)
    absent.remember(read, rows.columns.kinds)
    for n, (kpi, _) in enumerate(whose):
        if told[n] is None:
            name, period = names[n], rows.periods[int(some[n]["period"])]
            is_there = (name, period) in scores[kpi].given
            rating = scores[kpi].rating(name, period, period) if is_there else absent.rating(kpi, name, period, period)
            told[n] = rating.score
    return told


@define(slots=False)
class _ScoredAlike:
    """KPIs that count alike, and whose scores have one sum for each entity and period."""

    counted: CountedAlike
    sums: ScoreSums
    span: Span | None

    @property
    def area(self) -> str:
        return self.counted.area

    def add_entities(self, tallies: Mapping[int, Tally], period: Period) -> None:
        number, weighing, levels = self.counted.number(period), self.counted.weighing, len(self.counted.scene.levels)
        cells, single = self.sums.cells.get(number, {}), self.sums.single.get(number, {})
        for entity, counts in self.counted.of_entities(period):
            tally = tallies[entity]
            tally.add_counts(counts, *weighing)
            cell = cells.get(entity)
            if cell is not None:
                sums = zip(self.sums.belows, cell[levels:], strict=True)
                tally.add_scores(cell[:levels], sums, single.get(entity, ()), weighing[1], self.span)

    def means(self, period: Period, decider: PolicyDecider) -> Iterator[Mean] | None:
        number = self.counted.number(period)
        if len(self.sums.belows) != 1 or self.sums.single.get(number) or not self.counted.weighing[1]:
            return None
        return self._means(period, decider, self.sums.cells.get(number, {}), self.sums.belows[0])

    def _means(
        self, period: Period, decider: PolicyDecider, cells: Mapping[int, tuple[int, ...]], below: int
    ) -> Iterator[Mean]:
        # they all weigh the same, so that the weight is none of the mean's
        for entity, counts in self.counted.of_entities(period):
            cell = cells.get(entity)
            rated = 0 if cell is None else sum(cell[:-1])
            made = decider.too_few(sum(counts), rated, scored=True)
            if made is None:
                assert cell is not None
                made = decider.at(Fraction(cell[-1], below * rated), self.span)
            yield entity, made, counts

    def add_whole(self, tally: Tally, period: Period) -> None:
        number, weighing, levels = self.counted.number(period), self.counted.weighing, len(self.counted.scene.levels)
        tally.add_counts(self.counted.of_whole(period), *weighing)
        of_whole = self.counted.is_of_whole(period)
        cells = [own for entity, own in self.sums.cells.get(number, {}).items() if (entity == WHOLE) == of_whole]
        if cells:
            cell = [sum(each) for each in zip(*cells, strict=True)]
            single = self.sums.single.get(number, {}).items()
            listed = [score for entity, own in single if (entity == WHOLE) == of_whole for score in own]
            sums = zip(self.sums.belows, cell[levels:], strict=True)
            tally.add_scores(cell[:levels], sums, listed, weighing[1], self.span)


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

    def add_entities(self, tallies: Mapping[int, Tally], period: Period) -> None:
        for entity in self.own.known(period):
            if entity != WHOLE:
                tallies[entity].add(self._child(entity, period))

    def means(self, period: Period, decider: PolicyDecider) -> None:
        return None

    def add_whole(self, tally: Tally, period: Period) -> None:
        for entity in self.own.in_whole(period):
            tally.add(self._child(entity, period))

    def _child(self, entity: int, period: Period) -> Child:
        found = self._made.get((entity, period))
        if found is None:
            kpi = self.own.kpi
            level = (*self.scale, GREY)[self.own.level(entity, period)]
            score = None if level.is_grey else self.scores.of(entity, period)
            child = Child(kpi.id, level, kpi.critical, self._weight)
            found = self._made[entity, period] = child.scored(score, self.scores.span(entity))
        return found
