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
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
from attrs import define, field, frozen

from ..rulebook.kpi import Kpi
from .each_part import on_each_part
from .engines import Frame, engine_of, unused
from .entity_keys import add_to
from .least_rows import least_rows
from .rated_rows import RatedRows
from .row_ratings import rows_of
from .score_grids import FLOATS, LARGEST, PLACES, ScoreGrid, ScoreKind
from .small_table import SmallTable

__all__ = ["ScoreGroup", "ScoreSums", "score_sums"]


#: sums below it are whole numbers of 64 bits
_SUMS = 2**62

_FIRST, _BY_PERIOD, _ENTRY, _KEY = (unused(name) for name in ("first_entry", "by_period", "entry", "sum_key"))
_STACK, _START, _STEP, _PARTS, _TIMES, _SLACK, _GRID, _SIDE = (
    unused(name) for name in ("stack", "start", "step", "parts", "times", "slack", "grid", "side")
)
_WHOLE, _NEAR, _FEW, _NUMBER = (unused(name) for name in ("whole_parts", "near", "few_places", "number_of_rows"))
#: of which the groups of rows are made
_COLUMNS = (_STACK, "period", "entity")
_UNITS, _ODD, _LONG = (unused(name) for name in ("units", "odd", "long"))


@define
class ScoreSums:
    """The scores of KPIs by period and entity.

    Attributes:
        belows: what sums are over.
        cells: by number of the period, and then of the entity: how many have a score at each level, worst first, then
            grey; then their sums.
        single: scores that are in no sum, each with how many have it: told one by one, or for a mean of the worst.
        counts: how many rows are at each level, with a score or without.
    """

    belows: tuple[int, ...] = ()
    cells: dict[int, dict[int, tuple[int, ...]]] = field(factory=dict, init=False)
    single: dict[int, dict[int, list[tuple[Fraction, int]]]] = field(factory=dict, init=False)

    counts: dict[int, dict[int, tuple[int, ...]]] = field(factory=dict, init=False)

    def add(self, period: int, entity: int, counts: Sequence[int], below: int = 0, above: int = 0) -> None:
        """Adds so many scores at each level, and what they sum up to."""
        sums = (above,) if self.belows == (below,) else (above if each == below else 0 for each in self.belows)
        add_to(self.cells.setdefault(period, {}), entity, (*counts, *sums))

    def add_counts(self, period: int, entity: int, counts: tuple[int, ...]) -> None:
        """Adds so many rows at each level."""
        add_to(self.counts.setdefault(period, {}), entity, counts)

    def add_single(self, period: int, entity: int, score: Fraction, count: int = 1) -> None:
        """Adds a score that is in no sum."""
        self.single.setdefault(period, {}).setdefault(entity, []).append((score, count))


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

    @property
    def side(self) -> int:
        """By what parts of their scores are multiplied for the worst to have the least."""
        # parts of a step downwards are larger where scores are less
        return -1 if self.least == (self.kind.step > 0) else 1


def score_sums(
    rows: RatedRows,
    groups: Sequence[ScoreGroup],
    told: Callable[[Sequence[Mapping[str, Any]]], Iterable[Fraction | None]],
    within: Collection[int] | None = None,
) -> list[ScoreSums]:
    """For each group of KPIs, the sums of its rows' scores, and its rows by level.

    ``told`` gives the scores of rows of :meth:`RatedRows.with_scores` that their floats do not tell, None for none;
    ``within`` are numbers of periods, all where it is None. Raises BadArgument for a level that the scale has not.
    """
    number = {kpi: n for n, kpi in enumerate(rows.kpis)}
    reported, *gaps = rows.with_scores()
    ranked = [number[kpi.id] for own in groups for kpi in own.kpis if kpi.score is not None and kpi.score.by_rank]
    entries = _Entries(len(rows.periods), _among(reported, ranked) if ranked else {})
    for n, own in enumerate(groups):
        entries.add(n, own, [(number[kpi.id], kpi) for kpi in own.kpis if kpi.score is not None])
    cells = _Cells(rows, groups, entries.stacks)
    if not entries.grids:
        return cells.made
    mark = partial(_marked, first=entries.first(len(rows.kpis)), table=entries.table())
    longer: list[int] = []
    for frame in (reported, *gaps):
        marked = on_each_part(frame, mark)
        shown = nw.lit(True) if within is None else nw.col("period").is_in(sorted(within))
        scored = ~nw.col("score").is_null() & shown
        found = cells.summed(marked, shown, scored, longer)
        if frame is reported and any(each.longer for each in found):
            longer = _longer(marked)
            found = cells.summed(marked, shown, scored, longer)
        rows.check_levels(sum(each.none for each in found))
        cells.add_sums(found)
        if cells.looked_at:
            looked_at = scored & _is_sure(longer) & nw.col(_STACK).is_in(cells.looked_at)
            cells.add_worst(marked.filter(looked_at))
        if any(each.odd for each in found):
            odd = marked.filter(scored & ~_is_sure(longer))
            left = rows_of(odd.select("kpi", "entity", "period", "level", "score", "value", "whole", _STACK))
            cells.add_singly(left, told(left))
    return cells.made


def _is_sure(longer: Sequence[int]) -> nw.Expr:
    """Whether a row's float tells its score; ``longer`` are the KPIs of which what is carried may be a long value."""
    few = nw.col(_FEW) | (~nw.col("said") & ~nw.col("kpi").is_in(longer)) if longer else nw.col(_FEW) | ~nw.col("said")
    return nw.col(_NEAR) & few


def _longer(marked: Frame) -> list[int]:
    """The KPIs of which some value may have more places than are told of every float."""
    found = marked.filter(nw.col("said") & ~nw.col(_FEW)).select("kpi").unique()
    return [int(row["kpi"]) for row in rows_of(found)]


class _Summed(NamedTuple):
    """Rows of one stack, period and entity.

    Attributes:
        counts: how many are at each level.
        sure: the same of those whose scores floats tell; ``units`` are their parts together.
        odd: how many scores floats do not tell.
        longer: how many values are long, in any period.
        none: how many have a level that is none.
    """

    stack: int
    period: int
    entity: int
    counts: tuple[int, ...]
    sure: tuple[int, ...]
    units: int
    odd: int
    longer: int
    none: int


class _Cells:
    """The scores of each group of KPIs, by period and entity: ``made``."""

    def __init__(self, rows: RatedRows, groups: Sequence[ScoreGroup], stacks: Sequence[tuple[int, int]]) -> None:
        self._groups = groups
        self._kinds = [group.kind for group in groups]
        self._stacks = stacks
        self._keys = rows.keys
        self._grey = len(rows.rules.scale.levels)
        self._factors = [self._factors_of(group, below) for group, below in stacks]
        belows: list[dict[int, None]] = [{} for _ in groups]
        for (group, _), (_, _, below) in zip(stacks, self._factors, strict=True):
            belows[group][below] = None
        self.made = [ScoreSums(tuple(own)) for own in belows]
        #: the stacks of which the worst scores are looked at one by one
        self.looked_at = [n for n, (group, _) in enumerate(stacks) if groups[group].worst is not None]

    def _factors_of(self, group: int, below: int) -> tuple[int, int, int]:
        """What a sum has for each score and for each part, and what both are over."""
        start, step = self._kinds[group].start, self._kinds[group].step
        return (
            start.numerator * step.denominator * below,
            step.numerator * start.denominator,
            start.denominator * step.denominator * below,
        )

    def summed(self, marked: Frame, shown: nw.Expr, scored: nw.Expr, longer: Sequence[int]) -> list[_Summed]:
        """The rows that scorecards show, and what floats tell of those with a score."""
        sure = scored & _is_sure(longer)
        parts = nw.when(sure).then(nw.col(_WHOLE)).otherwise(nw.lit(0.0))
        sums = {
            _UNITS: parts.cast(nw.Int64) * nw.col(_TIMES).cast(nw.Int64),
            _ODD: (scored & ~_is_sure(longer)).cast(nw.Int64),
            _LONG: (nw.col("said") & ~nw.col(_FEW)).cast(nw.Int64),
        }
        counts = [shown.cast(nw.Int64), sure.cast(nw.Int64)]
        grouped = self._keys.grouped(marked, (*_COLUMNS, "level"), counts, sums)
        return [
            _Summed(stack, period, entity, there[:-1], told[:-1], units, odd, long, there[-1])
            for stack, period, entity, (there, told), (units, odd, long) in grouped
        ]

    def add_sums(self, found: Iterable[_Summed]) -> None:
        """Adds counts and sums; where the worst are looked at, only how many have a score."""
        for stack, period, entity, counts, sure, units, *_ in found:
            group, many = self._stacks[stack][0], sum(sure)
            if any(counts):
                self.made[group].add_counts(period, entity, counts)
            if many and self._groups[group].worst is not None:
                self.made[group].add(period, entity, sure)
            elif many:
                each, times, below = self._factors[stack]
                self.made[group].add(period, entity, sure, below, each * many + times * units)

    def add_worst(self, marked: Frame) -> None:
        """Adds the worst rows of each stack, period and entity one by one: a mean of the worst is made of no others."""
        parts = (nw.col(_WHOLE) * nw.col(_SIDE)).cast(nw.Int64) * nw.col(_TIMES).cast(nw.Int64)
        keyed = marked.select(self._keys.cell(_COLUMNS).alias(_KEY), parts.alias(_UNITS))
        worst = [self._groups[group].worst or 0 for group, _ in self._stacks]
        least = least_rows(keyed, _KEY, _UNITS, max(worst))
        found = least.group_by(_KEY, _UNITS).agg(nw.len().alias(_NUMBER)).select(_KEY, _UNITS, _NUMBER)
        cells: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for cell, units, count in (found.collect() if isinstance(found, nw.LazyFrame) else found).iter_rows():
            cells[int(cell)].append((int(units), int(count)))
        for cell, own in cells.items():
            stack, period, entity = self._keys.read(cell)
            group, below = self._stacks[stack]
            kind, side, left = self._kinds[group], self._groups[group].side, worst[stack]
            for units, count in sorted(own):
                if left > 0:
                    score = kind.start + kind.step * Fraction(units * side, below)
                    self.made[group].add_single(period, entity, score, min(count, left))
                left -= count

    def add_singly(self, rows: Sequence[Mapping[str, Any]], told: Iterable[Fraction | None]) -> None:
        """Adds rows whose scores were told one by one; None is told of those that have none."""
        for row, score in zip(rows, told, strict=True):
            if score is None:
                continue
            group, _ = self._stacks[int(row[_STACK])]
            period, entity, level = int(row["period"]), int(row["entity"]), int(row["level"])
            self.made[group].add(period, entity, [int(n == level) for n in range(self._grey + 1)])
            self.made[group].add_single(period, entity, score)


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
    grids: list[tuple[ScoreKind, ScoreGrid, int, int]] = field(factory=list, init=False)
    _first: dict[int, tuple[int, int]] = field(factory=dict, init=False)

    def add(self, group: int, of: ScoreGroup, kpis: Sequence[tuple[int, Kpi]]) -> None:
        """Adds the KPIs of a group."""
        kind = of.kind
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
        stacks = (stack_of.get(grid.parts, last) if grid.told else last for grid in own)
        self.grids += ((kind, grid, stack, of.side) for grid, stack in zip(own, stacks, strict=True))

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
                float(side),
            )
            for kind, grid, stack, side in self.grids
        ]
        # by one number for all rows Polars does not divide: it multiplies by the reciprocal, which rounds twice
        rows.append((0, 0.0, 1.0, 1.0, 1.0, -1.0, 0.0, 1.0))
        names = (_STACK, _START, _STEP, _PARTS, _TIMES, _SLACK, _GRID, _SIDE)
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
    return found.with_columns(exact.round().alias(_WHOLE), near.alias(_NEAR), few.alias(_FEW))
