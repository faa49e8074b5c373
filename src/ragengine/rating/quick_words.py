"""The text of a rating that rests on its value alone, from pieces made once per outcome.

It says to the letter what :mod:`.words` says; a property test holds the two together. Numbers are counted in
millionths, as whole numbers, so nothing is rounded; a number that has finer digits takes the other way.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import frozen

from ..bands import BandTable
from ..rulebook.kpi import Kpi
from ..ruling import Outcome, Ruling
from ..terms import Direction, Rag
from .phrases import amount, band, gap, target_text

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = ["Pieces", "pieces_of"]

_MILLION = 1_000_000
#: up to here a float that prints with six places or fewer is its millionths exactly
_LARGEST = 1e9


@frozen
class _Edge:
    """Where a better or worse band begins."""

    at: int
    beyond: bool
    way: str
    words: str


@frozen
class Pieces:
    """What stays the same in the text of one outcome.

    Attributes:
        after: from behind the gap to the end of the headline.
        target: in millionths; None where the rule has no target.
        sign: 1 where higher is better, -1 where lower is.
        ways: for the better and for the worse level, the edges that lead there.
        rest: the lines after.
    """

    against: str
    target: int | None
    sign: int
    after: str
    relief: str
    ways: tuple[tuple[_Edge, ...], ...]
    rest: str
    shown: Callable[[int], str | None]
    gap: Callable[[int], str]
    distance: Callable[[int], str]

    def text(self, head: str, value: int | float) -> str | None:
        """The text for a value, after what stands before it; None where the other way must be taken."""
        if not -_LARGEST < value < _LARGEST:
            return None
        millionths = round(value * _MILLION)
        if millionths / _MILLION != value:
            return None
        shown = self.shown(millionths)
        if shown is None:
            return None
        if self.target is None:
            said = f"{head}{shown}{self.after}"
        else:
            short = (self.target - millionths) * self.sign
            if short > 0:
                said = f"{head}{shown}{self.against}{self.gap(short)} short{self.after}"
            elif short < 0:
                said = f"{head}{shown}{self.against}{self.gap(-short)} better{self.after}"
            else:
                said = f"{head}{shown}{self.against}on the target{self.after}"
        changes = []
        for edges in self.ways:
            # of two bands that meet at one number, the one that holds it is the nearer
            edge = edges[0] if len(edges) == 1 else min(edges, key=lambda e: (abs(e.at - millionths), e.beyond))
            change = edge.at - millionths
            over = "over " if edge.beyond else ""
            if change > 0:
                changes.append(f"{over}{self.distance(change)} more would make it {edge.words}")
            elif change < 0:
                changes.append(f"{over}{self.distance(-change)} less would make it {edge.words}")
            else:
                changes.append(f"anything {edge.way} would make it {edge.words}")
        if changes:
            joined = "; ".join(changes)
            return f"{said}{self.relief}\n{joined[0].upper()}{joined[1:]}.\n{self.rest}"
        return f"{said}{self.relief}\n{self.rest}"


def pieces_of(rating: Rating, relief: str, rest: str) -> Pieces | None:
    """The pieces of a rating's outcome; None where its text cannot be made of them.

    ``relief`` and ``rest`` are the lines about graces, and those after what would change the level.
    """
    outcome, ground = rating.outcome, rating.outcome.ground
    if ground.is_action or ground.table is None or outcome.computed.is_grey or ground.kpi.words:
        return None
    kpi, target = ground.kpi, ground.target
    if kpi.direction is Direction.WITHIN or (target is not None and not isinstance(target, Fraction)):
        return None
    cuts = [cut.at for cut in ground.outcomes(ground.era.live).thresholds]
    numbers = [*cuts, target] if target is not None else cuts
    if any((number * _MILLION).denominator != 1 for number in numbers):
        return None
    value = rating.value
    assert value is not None
    piece = ground.band_of(value)
    against = "" if target is None else f" against a target of {target_text(target, kpi)}: "
    return Pieces(
        against=against,
        target=None if target is None else int(target * _MILLION),
        sign=-1 if kpi.direction is Direction.LOWER else 1,
        after=f". {band(outcome.computed, piece, kpi.unit)}.",
        relief=relief,
        ways=_ways(outcome, ground, value),
        rest=rest,
        shown=_shower(kpi),
        gap=_distance(kpi.unit, kpi.decimals),
        distance=_distance(kpi.unit, None),
    )


def _ways(outcome: Outcome, ground: Ruling, value: Fraction) -> tuple[tuple[_Edge, ...], ...]:
    level = outcome.adjusted
    if level.is_grey:
        return ()
    table = ground.outcomes(ground.era.live)
    here = table.exact_index(value)
    levels = ground.scale.levels
    ways = []
    for ranks in (range(level.rank + 1, len(levels)), range(level.rank - 1, -1, -1)):
        for rank in ranks:
            edges = _edges(table, here, levels[rank])
            if edges:
                ways.append(edges)
                break
    return tuple(ways)


def _edges(table: BandTable[Outcome], here: int, wanted: Rag) -> tuple[_Edge, ...]:
    """Where bands of the wanted level begin, seen from the band of a number."""
    found = []
    for n, (piece, label) in enumerate(table):
        if label.adjusted != wanted:
            continue
        if n > here and piece.lower is not None:
            found.append(_Edge(int(piece.lower.at * _MILLION), not piece.lower.reached, "more", wanted.label))
        elif n < here and piece.upper is not None:
            found.append(_Edge(int(piece.upper.at * _MILLION), piece.upper.reached, "less", wanted.label))
    return tuple(found)


@lru_cache(maxsize=256)
def _shower_of(unit: str, places: int | None) -> Callable[[int], str | None]:
    grid = 1 if places is None else 10 ** max(6 - places, 0)

    @lru_cache(maxsize=16384)
    def show(millionths: int) -> str | None:
        # a value that rounding changes is told with both numbers: the other way does that
        if millionths % grid:
            return None
        return amount(Fraction(millionths, _MILLION), unit, places)

    return show


def _shower(kpi: Kpi) -> Callable[[int], str | None]:
    return _shower_of(kpi.unit, kpi.decimals)


@lru_cache(maxsize=256)
def _distance(unit: str, places: int | None) -> Callable[[int], str]:
    @lru_cache(maxsize=16384)
    def say(millionths: int) -> str:
        return gap(Fraction(millionths, _MILLION), unit, places)

    return say
