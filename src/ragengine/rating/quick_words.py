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
from ..rulebook.measure import Range
from ..ruling import Ruling
from ..terms import Rag
from .needed import first_on_grid
from .phrases import amount, band, distance_words, gap, of_money, places_of, target_text

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
        sides: what is said of a value short of the target, at it and past it, see :func:`~.phrases.distance_words`.
        ways: for the better and for the worse level, the edges that lead there.
        endings: what the end of a grace would make of it.
        rest: the lines after.
    """

    against: str
    target: int | None
    sign: int
    after: str
    relief: str
    endings: str
    ways: tuple[tuple[_Edge, ...], ...]
    rest: str
    shown: Callable[[int], str | None]
    sides: tuple[str, str, str]
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
            shortly, at_it, better = self.sides
            if short > 0:
                lies = f"{self.gap(short)} {shortly}"
            else:
                lies = f"{self.gap(-short)} {better}" if short else at_it
            said = f"{head}{shown}{self.against}{lies}{self.after}"
        changes = []
        for edges in self.ways:
            # of two bands that meet at one number, the one that holds it is the nearer
            edge = edges[0] if len(edges) == 1 else min(edges, key=lambda e: (abs(e.at - millionths), e.beyond))
            change = edge.at - millionths
            over = "more than " if edge.beyond else ""
            if change > 0:
                changes.append(f"{over}{self.distance(change)} more would make it {edge.words}")
            elif change < 0:
                changes.append(f"{over}{self.distance(-change)} less would make it {edge.words}")
            else:
                changes.append(f"anything {edge.way} would make it {edge.words}")
        if changes:
            joined = "; ".join(changes)
            ending = f" {self.endings}" if self.endings else ""
            return f"{said}{self.relief}\n{joined[0].upper()}{joined[1:]}.{ending}\n{self.rest}"
        ending = f"\n{self.endings}" if self.endings else ""
        return f"{said}{self.relief}{ending}\n{self.rest}"


def pieces_of(rating: Rating, relief: str, endings: str, rest: str) -> Pieces | None:
    """The pieces of a rating's outcome; None where its text cannot be made of them.

    ``relief``, ``endings`` and ``rest`` are what is said of graces, of their ends, and after all that.
    """
    outcome, ruling = rating.outcome, rating.outcome.ruling
    kpi, target = ruling.kpi, ruling.target
    # of several graces it may matter for each value by itself which ends first
    if isinstance(target, Range) or len(ruling.live) > 1:
        return None
    value = rating.value
    assert value is not None
    ways = _ways(outcome.adjusted, ruling, value)
    numbers = [cut.at for cut in ruling.outcomes(ruling.live).thresholds]
    numbers += [target] if target is not None else []
    if ways is None or any((number * _MILLION).denominator != 1 for number in numbers):
        return None
    piece = ruling.band_of(value)
    against = "" if target is None else f" against a target of {target_text(target, kpi)}: "
    return Pieces(
        against=against,
        target=None if target is None else int(target * _MILLION),
        sign=-1 if kpi.lower_is_better else 1,
        after=f". {band(outcome.computed, piece, kpi.unit)}.",
        relief=relief,
        endings=endings,
        ways=ways,
        rest=rest,
        shown=_shower(kpi),
        sides=distance_words(kpi),
        gap=_distance(kpi.unit, kpi.decimals or 0, tenths=kpi.decimals == 1),
        distance=_distance(kpi.unit, 0, tenths=kpi.decimals == 1),
    )


def _ways(level: Rag, ruling: Ruling, value: Fraction) -> tuple[tuple[_Edge, ...], ...] | None:
    """For the better and for the worse level, the edges that lead there; None where not all can be said so."""
    if level.is_grey:
        return ()
    table = ruling.levels(ruling.live)
    here = table.exact_index(value)
    levels = ruling.scale.levels
    ways = []
    for ranks in (range(level.rank + 1, len(levels)), range(level.rank - 1, -1, -1)):
        for rank in ranks:
            edges = _edges(table, here, levels[rank], ruling.kpi.decimals)
            if edges is None:
                return None
            if edges:
                ways.append(edges)
                break
    return tuple(ways)


def _edges(table: BandTable[Rag], here: int, wanted: Rag, decimals: int | None) -> tuple[_Edge, ...] | None:
    """Where the bands of a level begin; None where one begins at a line that belongs to another level than both."""
    found = []
    for n, (piece, level) in enumerate(table):
        cut, up = (piece.lower, True) if n > here else (piece.upper, False)
        if level != wanted or cut is None or n == here:
            continue
        beyond, way = cut.reached is not up, "more" if up else "less"
        at: Fraction | None = cut.at
        if decimals is not None:
            at, beyond = first_on_grid(piece, cut.at, up, decimals), False
        elif beyond and table.labels[table.exact_index(cut.at)] != table.labels[here]:
            return None
        if at is not None:
            found.append(_Edge(int(at * _MILLION), beyond, way, wanted.label))
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
def _distance(unit: str, least: int, *, tenths: bool) -> Callable[[int], str]:
    @lru_cache(maxsize=16384)
    def say(millionths: int) -> str:
        distance = Fraction(millionths, _MILLION)
        places = max(places_of(distance, 6) or 0, least)
        return gap(distance, unit, places if tenths else of_money(places, unit))

    return say
