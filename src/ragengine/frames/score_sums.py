"""Sums of the exact scores of a rated frame's rows, as whole numbers on its own engine.

A frame's own scores are floats, and a mean of floats may lie beside a line that the scores' mean is on. But a score
along points is a whole number of small parts where its value has few places, and one by rank a whole number of parts
of one less than there are entities. The float tells which whole number, and whole numbers have exact sums.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import define, field, frozen

from ..rulebook.kpi import Kpi
from .each_part import on_each_part
from .engines import Frame, engine_of, unused
from .rated_rows import RatedRows
from .row_ratings import rows_of
from .score_grids import FLOATS, LARGEST, PLACES, ScoreGrid, ScoreKind
from .small_table import SmallTable

__all__ = ["ScoreGroup", "ScoreSum", "ScoreSums", "score_sums"]


@define
class ScoreSum:
    """So many scores and their sum; beside them those that are looked at one by one, each with how many there are."""

    count: int = 0
    sum: Fraction = Fraction(0)
    each: list[tuple[Fraction, int]] = field(factory=list)

    def add(self, others: ScoreSum) -> None:
        """Adds others."""
        self.count += others.count
        self.sum += others.sum
        self.each += others.each


#: by number of the entity and of the period, and then of the level
ScoreSums: TypeAlias = dict[tuple[int, int], dict[int, ScoreSum]]

#: sums below it are whole numbers of 64 bits
_SUMS = 2**62

_FIRST, _BY_PERIOD, _ENTRY, _KEY = (unused(name) for name in ("first_entry", "by_period", "entry", "sum_key"))
_STACK, _START, _STEP, _PARTS, _TIMES, _SLACK, _GRID = (
    unused(name) for name in ("stack", "start", "step", "parts", "times", "slack", "grid")
)
_WHOLE, _NEAR, _FEW, _NUMBER = (unused(name) for name in ("whole_parts", "near", "few_places", "number_of_rows"))


@frozen
class ScoreGroup:
    """KPIs with scores of one kind.

    Attributes:
        worst: how many of an entity's worst scores are looked at one by one; None for none.
        least: whether less is better.
    """

    kpis: Sequence[Kpi]
    worst: int | None = None
    least: bool = False

    @property
    def kind(self) -> ScoreKind:
        """The kind of their scores."""
        return ScoreKind.of(self.kpis[0].score)


def score_sums(
    rows: RatedRows,
    groups: Sequence[ScoreGroup],
    told: Callable[[Sequence[Mapping[str, Any]]], Iterable[Fraction | None]],
    within: Collection[int] | None = None,
) -> list[ScoreSums]:
    """For each group of KPIs, the sums of its rows' scores.

    ``told`` gives the scores of rows of :meth:`RatedRows.with_scores` that their floats do not tell, None for none;
    ``within`` are numbers of periods, all where it is None.
    """
    number = {kpi: n for n, kpi in enumerate(rows.kpis)}
    reported, *gaps = rows.with_scores()
    ranked = [number[kpi.id] for own in groups for kpi in own.kpis if kpi.score is not None and kpi.score.by_rank]
    entries = _Entries(len(rows.periods), _among(reported, ranked) if ranked else {})
    for n, own in enumerate(groups):
        entries.add(n, own.kind, [(number[kpi.id], kpi) for kpi in own.kpis if kpi.score is not None])
    made: list[ScoreSums] = [{} for _ in groups]
    if not entries.grids:
        return made
    mark = partial(_marked, first=entries.first(len(rows.kpis)), table=entries.table())
    cells = _Cells(rows, groups, entries.stacks)
    looked_at = [n for n, (group, _) in enumerate(entries.stacks) if groups[group].worst is not None]
    marked = on_each_part(reported, mark)
    longer = _longer(marked)
    for frame in (marked, *(on_each_part(gap, mark) for gap in gaps)):
        scored = frame.filter(~nw.col("score").is_null())
        if within is not None:
            scored = scored.filter(nw.col("period").is_in(sorted(within)))
        # what is carried is another value of the KPI
        few = nw.col(_FEW) | (~nw.col("said") & ~nw.col("kpi").is_in(longer))
        sure, odd = scored.filter(nw.col(_NEAR) & few), scored.filter(~(nw.col(_NEAR) & few))
        if len(looked_at) < len(entries.stacks):
            cells.add_sums(made, sure.filter(~nw.col(_STACK).is_in(looked_at)) if looked_at else sure)
        if looked_at:
            cells.add_worst(made, sure.filter(nw.col(_STACK).is_in(looked_at)))
        left = rows_of(odd.select("kpi", "entity", "period", "level", "score", "value", "whole", _STACK))
        for row, score in zip(left, told(left), strict=True):
            if score is None:
                continue
            group, _ = entries.stacks[int(row[_STACK])]
            alone = ScoreSum(1, score) if groups[group].worst is None else ScoreSum(each=[(score, 1)])
            _scores(made[group], int(row["entity"]), int(row["period"]), int(row["level"])).add(alone)
    return made


def _longer(marked: Frame) -> list[int]:
    """The KPIs of which some value may have more places than are told of every float."""
    found = marked.filter(nw.col("said") & ~nw.col(_FEW)).select("kpi").unique()
    return [int(row["kpi"]) for row in rows_of(found)]


def _scores(sums: ScoreSums, entity: int, period: int, level: int) -> ScoreSum:
    return sums.setdefault((entity, period), {}).setdefault(level, ScoreSum())


@frozen
class _Cells:
    """The rows of one stack, entity, period and level."""

    rows: RatedRows
    groups: Sequence[ScoreGroup]
    stacks: Sequence[tuple[int, int]]

    @property
    def _sizes(self) -> dict[str, int]:
        rows = self.rows
        return {"entity": len(rows.entities), "period": len(rows.periods), "level": len(rows.rules.scale.levels)}

    def _keyed(self, marked: Frame) -> Frame:
        key = nw.col(_STACK).cast(nw.Int64)
        for column, size in self._sizes.items():
            key = key * size + nw.col(column).cast(nw.Int64)
        units = nw.col(_WHOLE).cast(nw.Int64) * nw.col(_TIMES).cast(nw.Int64)
        return marked.select(key.alias(_KEY), units.alias(_WHOLE))

    def _read(self, key: int) -> tuple[int, int, int, int]:
        """The numbers of the stack, the entity, the period and the level."""
        entities, periods, levels = self._sizes.values()
        key, level = divmod(key, levels)
        key, period = divmod(key, periods)
        stack, entity = divmod(key, entities)
        return stack, entity, period, level

    def add_sums(self, made: Sequence[ScoreSums], marked: Frame) -> None:
        """Adds the rows' sums."""
        found = self._keyed(marked).group_by(_KEY).agg(nw.len().alias(_NUMBER), nw.col(_WHOLE).sum())
        for row in rows_of(found.select(_KEY, _NUMBER, _WHOLE)):
            stack, entity, period, level = self._read(int(row[_KEY]))
            group, below = self.stacks[stack]
            count, kind = int(row[_NUMBER]), self.groups[group].kind
            total = kind.start * count + kind.step * Fraction(int(row[_WHOLE]), below)
            _scores(made[group], entity, period, level).add(ScoreSum(count, total))

    def add_worst(self, made: Sequence[ScoreSums], marked: Frame) -> None:
        """Adds the worst rows of each stack, entity and period one by one, and the others' sums."""
        found = self._keyed(marked).group_by(_KEY, _WHOLE).agg(nw.len().alias(_NUMBER))
        levels = self._sizes["level"]
        cells: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for row in rows_of(found.select(_KEY, _WHOLE, _NUMBER)):
            cell, level = divmod(int(row[_KEY]), levels)
            cells[cell].append((int(row[_WHOLE]), level, int(row[_NUMBER])))
        for cell, own in cells.items():
            stack, entity, period, _ = self._read(cell * levels)
            group, below = self.stacks[stack]
            kind, worst = self.groups[group].kind, self.groups[group].worst or 0
            # parts of a step downwards are larger where scores are less
            own.sort(reverse=self.groups[group].least == (kind.step > 0))
            rest: dict[int, list[int]] = {}
            for units, level, count in own:
                alone = min(count, worst)
                worst -= alone
                if alone:
                    score = kind.start + kind.step * Fraction(units, below)
                    _scores(made[group], entity, period, level).each.append((score, alone))
                others = rest.setdefault(level, [0, 0])
                others[0] += count - alone
                others[1] += units * (count - alone)
            for level, (count, total) in rest.items():
                scores = ScoreSum(count, kind.start * count + kind.step * Fraction(total, below))
                _scores(made[group], entity, period, level).add(scores)


def _among(scored: Frame, ranked: Collection[int]) -> dict[tuple[int, int], int]:
    """How many rows of a ranked KPI have a score in each period."""
    own = scored.filter(nw.col("kpi").is_in(sorted(ranked)) & ~nw.col("score").is_null())
    found = own.group_by("kpi", "period").agg(nw.len().alias(_WHOLE))
    return {(int(row["kpi"]), int(row["period"])): int(row[_WHOLE]) for row in rows_of(found)}


@define
class _Entries:
    """What is looked up for each KPI, and for each period of one that is ranked.

    Attributes:
        among: of ranked KPIs, how many have a score: by numbers of KPI and period.
        stacks: rows whose parts are summed together: their group, and the denominator of the sum.
    """

    periods: int
    among: Mapping[tuple[int, int], int]
    stacks: list[tuple[int, int]] = field(factory=list, init=False)
    grids: list[tuple[ScoreKind, ScoreGrid, int]] = field(factory=list, init=False)
    _first: dict[int, tuple[int, int]] = field(factory=dict, init=False)

    def add(self, group: int, kind: ScoreKind, kpis: Sequence[tuple[int, Kpi]]) -> None:
        """Adds the KPIs of a group."""
        own: list[ScoreGrid] = []
        for number, kpi in kpis:
            assert kpi.score is not None
            self._first[number] = len(self.grids) + len(own), int(kpi.score.by_rank)
            if kpi.score.by_rank:
                own += (ScoreGrid.of_ranks(kind, self.among.get((number, n), 0)) for n in range(self.periods))
            else:
                own.append(ScoreGrid.of_points(kpi, kpi.score))
        if not own:
            return
        most = max(map(abs, kind.span or ())) / abs(kind.step) * len(kpis)
        stack_of: dict[int, int] = {}
        for parts, below in _stacked({grid.parts for grid in own if grid.told}, most):
            if not self.stacks or self.stacks[-1] != (group, below):
                self.stacks.append((group, below))
            stack_of[parts] = len(self.stacks) - 1
        if not stack_of:
            self.stacks.append((group, 1))
        last = len(self.stacks) - 1
        self.grids += ((kind, grid, stack_of.get(grid.parts, last) if grid.told else last) for grid in own)

    def first(self, kpis: int) -> SmallTable:
        """For each number of a KPI, that of its first entry, and whether it has one for each period."""
        firsts = [self._first.get(n, (-1, 0)) for n in range(kpis)]
        return SmallTable.of({_FIRST: [n for n, _ in firsts], _BY_PERIOD: [n for _, n in firsts]})

    def table(self) -> SmallTable:
        """The entries."""
        rows = [
            (
                stack,
                float(kind.start),
                float(kind.step),
                float(grid.parts) if grid.told else 0.0,
                float(self.stacks[stack][1] // grid.parts) if grid.told else 0.0,
                grid.parts * grid.error if grid.told else -1.0,
                10.0**PLACES if grid.places else 0.0,
            )
            for kind, grid, stack in self.grids
        ]
        # by one number for all rows Polars does not divide: it multiplies by the reciprocal, which rounds twice
        rows.append((0, 0.0, 1.0, 1.0, 1.0, -1.0, 0.0))
        names = (_STACK, _START, _STEP, _PARTS, _TIMES, _SLACK, _GRID)
        return SmallTable.of(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _stacked(parts: Collection[int], most: Fraction) -> Iterator[tuple[int, int]]:
    """Each number of parts with the denominator of the sums it is in: one for as many as sums have room for."""
    stack: list[int] = []
    below = 1
    for own in sorted(parts):
        both = math.lcm(below, own)
        if stack and (both >= FLOATS or both * most >= _SUMS):
            yield from ((each, below) for each in stack)
            stack, both = [], own
        stack.append(own)
        below = both
    yield from ((each, below) for each in stack)


def _marked(frame: Frame, *, first: SmallTable, table: SmallTable) -> Frame:
    """The rows that have an entry, with how many parts their scores are, and whether that is sure."""
    engine = engine_of(frame)
    found = engine.look_up(engine.begin(frame), "kpi", first).filter(nw.col(_FIRST) >= 0)
    entry = nw.col(_FIRST) + nw.col(_BY_PERIOD) * nw.col("period")
    found = engine.look_up(found.with_columns(entry.cast(nw.Int64).alias(_ENTRY)), _ENTRY, table)
    exact = (nw.col("score") - nw.col(_START)) / nw.col(_STEP) * nw.col(_PARTS)
    near = (exact - exact.round()).abs() <= nw.col(_SLACK)
    value, any_value = nw.col("value"), nw.col(_GRID) == 0.0
    grid = nw.when(any_value).then(nw.lit(1.0)).otherwise(nw.col(_GRID))
    few = ((value * grid).round() / grid == value) & (value.abs() < LARGEST)
    few = any_value | few.fill_null(False)
    return engine.end(found.with_columns(exact.round().alias(_WHOLE), near.alias(_NEAR), few.alias(_FEW)))
