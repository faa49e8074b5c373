"""Green, Amber and Red columns solved together: all their readings are tried, and what fits best is taken."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from ..bands import Interval, Threshold
from ..number import text
from ..terms import AMBER, GREEN, RED, Direction, Rag
from .quantities import decimals_of
from .spans import End, Measure, Reading, Span

__all__ = ["CellsOfKpi", "Solved", "solve"]

#: what each misfit costs; the readings that cost least together are taken
_NO_ORDER, _GREEN_AND_RED, _NO_GREEN, _NO_RED, _EMPTY = 60, 50, 60, 12, 20
_OVERLAP, _NESTED, _POINT, _GAP, _STEP, _FAR, _LARGE, _UNLIKE = 18, 1, 3, 9, 1, 5, 30, 3
_MOST_TRIED = 400


@frozen
class CellsOfKpi:
    """What the cells of one KPI say.

    Attributes:
        target: the number of the target column, with whether it is itself met; None where there is none.
        levels: the readings of each level's cell; a level without a cell, or whose cell says "the rest", is left out.
        met: whether the green cell says only that the target is met.
        directions: how little each direction is thought of by what stands elsewhere.
        percent: whether the values are percentages.
        grid: one in the last place that the values are written with; None where there are none.
    """

    levels: Mapping[Rag, tuple[Reading, ...]]
    directions: Mapping[Direction, int]
    target: Fraction | None = None
    target_open: bool = False
    met: bool = False
    percent: bool = False
    grid: Fraction | None = None


@frozen
class Solved:
    """The line as the columns have it.

    Attributes:
        bands: each level with its stretch, from the lowest number to the highest.
        target: the number on which green begins, where it begins on one.
        chosen: the reading taken for each level.
        doubts: gaps, overlaps and contradictions, each with its interval.
        cost: how badly it fits.
    """

    direction: Direction
    bands: tuple[tuple[Rag, Interval], ...]
    target: Fraction | None
    chosen: Mapping[Rag, Reading]
    doubts: tuple[str, ...]
    cost: int

    @property
    def cuts(self) -> tuple[Threshold, ...]:
        return tuple(interval.lower for _, interval in self.bands if interval.lower is not None)

    def same_line(self, other: Solved) -> bool:
        return self.bands == other.bands


def solve(columns: CellsOfKpi) -> list[Solved]:
    """The lines that fit, the best first; each gives another level to some number."""
    found: list[Solved] = []
    choices = [[(level, reading) for reading in readings] for level, readings in columns.levels.items()]
    tried = itertools.islice(itertools.product(*choices), _MOST_TRIED)
    for combination in tried:
        chosen = dict(combination)
        for direction in (Direction.HIGHER, Direction.LOWER, Direction.WITHIN):
            for solved in _tried(columns, chosen, direction):
                found.append(solved)
    found.sort(key=lambda solved: solved.cost)
    distinct: list[Solved] = []
    for solved in found:
        if not any(solved.same_line(other) for other in distinct):
            distinct.append(solved)
    return distinct


def _tried(columns: CellsOfKpi, chosen: Mapping[Rag, Reading], direction: Direction) -> Iterator[Solved]:
    green = chosen.get(GREEN)
    target, is_open = columns.target, columns.target_open
    if green is not None and green.measure is Measure.VALUE and target is None:
        target, is_open = _own_target(green, direction)
    placed: dict[Rag, Sequence[Span]] = {}
    for level, reading in chosen.items():
        spans = _spans(level, reading, target, direction, is_open=is_open)
        if spans is None:
            return
        placed[level] = spans
    claims = _claims(placed, columns.percent, direction)
    if GREEN not in claims:
        if target is None or direction is Direction.WITHIN:
            return
        claims[GREEN] = [_beyond(target, direction, is_open=is_open).interval()]
    if any(_empty(interval) for intervals in claims.values() for interval in intervals):
        return
    bare = all(reading.line for reading in chosen.values())
    against = columns.directions.get(direction, 0) - min(columns.directions.values(), default=0)
    cost = sum(reading.cost for reading in chosen.values()) + against * (3 if bare else 1)
    cost += _far_off(chosen, claims, target) + _unlike(chosen, columns)
    laid = _laid(claims, direction, chosen, columns.grid)
    bands = _merged(laid.pieces)
    cost += laid.cost + _order_cost(bands, direction)
    levels = {level for level, _ in bands}
    cost += _NO_GREEN * (GREEN not in levels) + _NO_RED * (RED not in levels)
    nowhere = [level for level in claims if level not in levels]
    cost += _EMPTY * len(nowhere)
    doubts = (*laid.doubts, *(f"{level.label} is left no number" for level in nowhere))
    yield Solved(direction, bands, target, chosen, doubts, cost)


def _own_target(green: Reading, direction: Direction) -> tuple[Fraction | None, bool]:
    """The number on which a green stretch begins, and whether it is itself outside."""
    if len(green.spans) != 1:
        return None, False
    span = green.spans[0]
    end = span.low if direction is Direction.HIGHER else span.high if direction is Direction.LOWER else None
    return (None, False) if end is None else (end.at, not end.closed)


def _beyond(target: Fraction, direction: Direction, *, is_open: bool) -> Span:
    end = End(target, not is_open)
    return Span(end, None) if direction is Direction.HIGHER else Span(None, end)


def _spans(
    level: Rag, reading: Reading, target: Fraction | None, direction: Direction, *, is_open: bool
) -> Sequence[Span] | None:
    """A reading in values; a bare number is where green or amber begins, or where red does."""
    if not reading.line:
        return reading.placed(target, direction, met_open=is_open)
    at = reading.spans[0].ends[0].at
    if at is None:
        at = target
    if at is None:
        return None
    if direction is Direction.WITHIN:
        return [Span(End(at), End(at))] if level is GREEN else None
    towards_good = level is not RED
    low = (direction is Direction.HIGHER) == towards_good
    if level is RED:
        # a bare number under Red is taken to be the last that is amber, as the amber line always is
        return [Span(End(at, closed=False), None) if low else Span(None, End(at, closed=False))]
    return [Span(End(at), None) if low else Span(None, End(at))]


def _claims(placed: Mapping[Rag, Sequence[Span]], percent: bool, direction: Direction) -> dict[Rag, list[Interval]]:
    """The stretches of each level, without ends that no value can pass and beyond which no level has any."""
    if direction is Direction.WITHIN:
        return {level: [span.interval() for span in spans] for level, spans in placed.items()}
    ends = [(span.low, span.high) for spans in placed.values() for span in spans]
    lowest = any(high is not None and high.at is not None and high.at <= 0 for _, high in ends)
    highest = any(low is not None and low.at is not None and low.at >= 100 for low, _ in ends)
    return {
        level: [_natural(span, zero=not lowest, hundred=percent and not highest).interval() for span in spans]
        for level, spans in placed.items()
    }


def _natural(span: Span, *, zero: bool, hundred: bool) -> Span:
    """Without 0 as its lower end, or 100 of per cent as its upper, on a stretch that begins elsewhere."""
    low, high = span.low, span.high
    if low is not None and high is not None and low.at != high.at:
        if zero and low.at == 0 and low.closed:
            low = None
        elif hundred and high.at == 100 and high.closed:
            high = None
    return Span(low, high)


def _empty(interval: Interval) -> bool:
    return interval.lower is not None and interval.upper is not None and not interval.lower < interval.upper


def _far_off(chosen: Mapping[Rag, Reading], claims: Mapping[Rag, Sequence[Interval]], target: Fraction | None) -> int:
    """An amber line far from the target is a tolerance taken for a line, a distance as large as the target a line."""
    if target is None or not target:
        return 0
    if any(_is_large(reading, target) for reading in chosen.values()):
        return _LARGE
    amber = chosen.get(AMBER)
    if amber is None or amber.measure is not Measure.VALUE:
        return 0
    ends = [cut.at for interval in claims[AMBER] for cut in (interval.lower, interval.upper) if cut is not None]
    outer = max((abs(at - target) for at in ends), default=Fraction(0))
    factor = outer / abs(target)
    return _FAR * (2 if factor > 3 else 1 if factor > Fraction(7, 10) else 0)


def _unlike(chosen: Mapping[Rag, Reading], columns: CellsOfKpi) -> int:
    """Bare numbers under Green and Amber are mostly two lines, rather than a line and a distance from it."""
    green, amber = chosen.get(GREEN), chosen.get(AMBER)
    if green is None or amber is None or not green.line or amber.line:
        return 0
    return _UNLIKE * any(reading.line for reading in columns.levels[AMBER])


def _is_large(reading: Reading, target: Fraction) -> bool:
    """Whether a distance that no word says to be one is as large as the target."""
    if reading.measure not in (Measure.OFF, Measure.OFF_PERCENT) or not reading.cost:
        return False
    size = Fraction(100) if reading.measure is Measure.OFF_PERCENT else abs(target)
    return any(end.at is not None and abs(end.at) >= size * 4 / 5 for span in reading.spans for end in span.ends)


@frozen
class _Laid:
    """The pieces of the line in their order, each with its level, and what was wrong with them."""

    pieces: tuple[tuple[Rag, Interval], ...]
    doubts: tuple[str, ...]
    cost: int


def _laid(
    claims: Mapping[Rag, Sequence[Interval]], direction: Direction, chosen: Mapping[Rag, Reading],
    grid: Fraction | None,
) -> _Laid:  # fmt: skip
    cuts = sorted(
        {cut for each in claims.values() for one in each for cut in (one.lower, one.upper) if cut is not None}
    )
    edges: list[Threshold | None] = [None, *cuts, None]
    found: list[tuple[Rag | None, Interval]] = []
    doubts: list[str] = []
    cost = 0
    for lower, upper in itertools.pairwise(edges):
        piece = Interval(lower, upper)
        names = {level for level, intervals in claims.items() if any(_covers(one, piece) for one in intervals)}
        level, said, spent = _claimed(names, piece, claims, direction, chosen)
        found.append((level, piece))
        cost += spent
        if said:
            doubts.append(said)
    pieces, more, spent = _filled(found, claims, direction, chosen, grid)
    return _Laid(pieces, tuple(_told(doubts + more)), cost + spent)


def _told(doubts: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(doubts)


def _covers(interval: Interval, piece: Interval) -> bool:
    above = interval.lower is None or (piece.lower is not None and not piece.lower < interval.lower)
    below = interval.upper is None or (piece.upper is not None and not interval.upper < piece.upper)
    return above and below


def _open_towards(level: Rag, better: bool, claims: Mapping[Rag, Sequence[Interval]], direction: Direction) -> bool:
    """Whether a level's stretch goes on without end towards the better or the worse side."""
    up = (direction is Direction.HIGHER) == better
    return direction is not Direction.WITHIN and any((one.upper if up else one.lower) is None for one in claims[level])


def _claimed(
    names: set[Rag], piece: Interval, claims: Mapping[Rag, Sequence[Interval]], direction: Direction,
    chosen: Mapping[Rag, Reading],
) -> tuple[Rag | None, str, int]:  # fmt: skip
    """The level of a piece by what claims it, what has to be told, and what it costs."""
    if len(names) < 2:
        return next(iter(names), None), "", 0
    where = _shown(piece)
    if GREEN in names and RED in names:
        return (
            RED,
            f"{where} stands in Green and in Red: taken as red",
            _GREEN_AND_RED if not piece.is_point else _POINT,
        )
    if names == {GREEN, AMBER}:
        if _open_towards(AMBER, True, claims, direction):
            return GREEN, "", 0
        if _inside(claims[GREEN], claims[AMBER]):
            return GREEN, f"{where} stands in Green and in Amber: taken as green", _NESTED + 2
        return GREEN, f"{where} stands in Green and in Amber: taken as green", _POINT if piece.is_point else _OVERLAP
    if _open_towards(AMBER, False, claims, direction) and _inside(claims[RED], claims[AMBER]):
        return RED, "", _NESTED  # "<90" beside "<80"
    if piece.is_point:
        level = RED if chosen[RED].explicit and not chosen[AMBER].explicit else AMBER
        return level, f"{where} stands in Amber and in Red: taken as {level}", _POINT
    return AMBER, f"{where} stands in Amber and in Red: taken as amber", _OVERLAP


def _inside(inner: Sequence[Interval], outer: Sequence[Interval]) -> bool:
    return all(any(_covers(wide, narrow) for wide in outer) for narrow in inner)


def _shown(piece: Interval) -> str:
    if piece.is_point and piece.lower is not None:
        return text(piece.lower.at)
    return piece.describe()


def _filled(
    found: Sequence[tuple[Rag | None, Interval]], claims: Mapping[Rag, Sequence[Interval]], direction: Direction,
    chosen: Mapping[Rag, Reading], grid: Fraction | None,
) -> tuple[tuple[tuple[Rag, Interval], ...], list[str], int]:  # fmt: skip
    """The pieces without holes: what no cell claims is the worse of what lies beside it, or what has no cell."""
    made: list[tuple[Rag, Interval]] = []
    doubts: list[str] = []
    cost = 0
    for n, (level, piece) in enumerate(found):
        if level is not None:
            made.append((level, piece))
            continue
        before = next((lv for lv, _ in reversed(found[:n]) if lv is not None), None)
        after = next((lv for lv, _ in found[n + 1 :] if lv is not None), None)
        level, natural = _rest(before, after, claims, direction)
        made.append((level, piece))
        if natural:
            continue
        size = None if piece.lower is None or piece.upper is None else piece.upper.at - piece.lower.at
        small = size is not None and size <= _step(chosen.values())
        if small and size is not None and grid is not None and grid >= size:
            continue  # 89.9 and 90 are neighbours where values have one decimal
        cost += _STEP if small else _GAP
        doubts.append(f"{_shown(piece)} stands in none of the columns: taken as {level}")
    return tuple(made), doubts, cost


def _rest(
    before: Rag | None, after: Rag | None, claims: Mapping[Rag, Sequence[Interval]], direction: Direction
) -> tuple[Rag, bool]:
    """The level of a piece that no cell claims, and whether that is just what the cells leave open."""
    near = [level for level in (before, after) if level is not None]
    worst = min(near, default=RED)
    if len(near) == 2:
        if set(near) == {GREEN, RED} and AMBER not in claims:
            return AMBER, True
        return worst, False
    if worst is GREEN and direction is not Direction.WITHIN:
        outer = before if direction is Direction.HIGHER else after
        if outer is GREEN:  # beyond the better end of green
            return GREEN, False
    if worst is GREEN:
        return (
            (AMBER, True) if AMBER not in claims and RED in claims else (RED, RED not in claims and AMBER not in claims)
        )
    return RED, RED not in claims


def _step(readings: Iterable[Reading]) -> Fraction:
    """One in the last place that the cells are written with."""
    finest = 0
    for reading in readings:
        for span in reading.spans:
            for end in span.ends:
                if end.at is None:
                    continue
                finest = max(finest, decimals_of(end.at))
    return Fraction(1, 10**finest)


def _merged(pieces: Sequence[tuple[Rag, Interval]]) -> tuple[tuple[Rag, Interval], ...]:
    made: list[tuple[Rag, Interval]] = []
    for level, piece in pieces:
        if made and made[-1][0] == level:
            made[-1] = (level, evolve(made[-1][1], upper=piece.upper))
        else:
            made.append((level, piece))
    return tuple(made)


def _order_cost(bands: Sequence[tuple[Rag, Interval]], direction: Direction) -> int:
    """Levels that do not fall from the better side to the worse; for a range, from its middle to both sides."""
    ranks = [level.rank for level, _ in bands]
    if direction is Direction.LOWER:
        ranks.reverse()
    if direction is Direction.WITHIN:
        top = ranks.index(max(ranks))
        bent = any(a > b for a, b in itertools.pairwise(ranks[: top + 1])) or any(
            a < b for a, b in itertools.pairwise(ranks[top:])
        )
        one_sided = top in (0, len(ranks) - 1)
        return _NO_ORDER * bent + _NO_ORDER * one_sided
    return _NO_ORDER * sum(a > b for a, b in itertools.pairwise(ranks))
