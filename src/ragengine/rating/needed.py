"""What would change a rating: in value, and in counts where they are known."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from ..bands import BandTable, Interval
from ..data.states import counted
from ..errors import BadArgument
from ..ruling import Ruling
from ..terms import Rag, Scale
from .phrases import gap, plural

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = ["Needed", "needed_for", "read_level"]


@frozen
class Needed:
    """The smallest change that gives a level, everything else as it is.

    Attributes:
        level: the level it gives.
        change: signed distance of the value to the edge of the nearest band with that level.
        beyond: the edge itself does not do: the value must go past it.
        up: whether the value must rise.
        count: how many more (fewer, if negative) in the numerator, where the value is made of counts and so many
            give the level.
        of: the denominator those counts are of.
        unit: of ``change``.
    """

    level: Rag
    change: Fraction
    beyond: bool = False
    up: bool = True
    count: int | None = None
    of: int | None = None
    unit: str = ""

    @property
    def text(self) -> str:
        """In words: ``6 more of 100``, ``more than 2 days fewer``."""
        if self.is_met:
            return "no change"
        if self.count is not None:
            more = "more" if self.count > 0 else "fewer"
            return f"{abs(self.count):,} {more}" + (f" of {self.of:,}" if self.of else "")
        more = "more" if self.up else "less"
        if self.change == 0:
            return f"anything {more}"
        return f"{'over ' if self.beyond else ''}{gap(abs(self.change), self.unit)} {more}"

    @property
    def is_met(self) -> bool:
        """Whether the value has that level already."""
        return self.change == 0 and not self.beyond

    def __str__(self) -> str:
        return f"it is {self.level.label}" if self.is_met else f"{self.text} would make it {self.level.label}"


def adjusted_levels(rating: Rating) -> BandTable[Rag] | None:
    """The table of adjusted levels that rated a KPI, under the graces that were granted; None where no table did."""
    ground = rating.outcome.ground
    if ground.is_action or rating.value is None or rating.computed.is_grey:
        return None
    granted = tuple(applied.grace for applied in rating.outcome.graces if applied.granted)
    return ground.outcomes(granted).relabelled(lambda outcome: outcome.adjusted)


def read_level(argument: str, given: object, scale: Scale) -> Rag:
    """The level of a scale that a caller means; raises BadArgument where it has none."""
    level = scale.read(str(given)) if isinstance(given, str | Rag) else None
    if level is None:
        raise BadArgument(argument, given, f"it is one of {', '.join(map(str, scale))}")
    return level


def needed_for(rating: Rating, level: Rag | str) -> Needed | None:
    """The change of value that gives a level by this period's rule and graces; None where nothing would.

    The level is read as everywhere, by id, label or alias in any case; raises BadArgument for one the scale has not.
    Evidence, persistence and overrides are not looked at: they are no matter of the value.
    """
    ground, value = rating.outcome.ground, rating.value
    wanted = read_level("level", level, ground.scale)
    table = adjusted_levels(rating)
    if table is None or value is None or ground.is_action or ground.kpi.words:
        return None
    best: Needed | None = None
    for piece, adjusted in table:
        if adjusted != wanted:
            continue
        found = _into(piece, value, wanted, rating, ground)
        if best is None or abs(found.change) < abs(best.change):
            best = found
    return best


def _into(piece: Interval, value: Fraction, level: Rag, rating: Rating, ground: Ruling) -> Needed:
    unit = ground.kpi.unit
    if value in piece:
        return Needed(level, Fraction(0), unit=unit)
    if piece.lower is not None and not piece.lower.is_passed_by(value):
        edge, beyond, up = piece.lower.at, not piece.lower.reached, True
    else:
        assert piece.upper is not None
        edge, beyond, up = piece.upper.at, piece.upper.reached, False
    count, of = _counts(piece, edge, beyond, up, rating, ground)
    return Needed(level, edge - value, beyond, up, count, of, unit)


def _counts(
    piece: Interval, edge: Fraction, beyond: bool, up: bool, rating: Rating, ground: Ruling
) -> tuple[int | None, int | None]:
    """So many more or fewer in the numerator, of the same denominator; None where no whole number does it."""
    given = rating.facts.given
    if given is None or rating.facts.carried_from is not None or ground.kpi.formula is not None:
        return None, None
    numerator, denominator = given.numerator, counted(given)
    if not isinstance(numerator, Fraction) or not isinstance(denominator, Fraction) or denominator <= 0:
        return None, None
    value = rating.value
    if value is None or value != 100 * numerator / denominator:
        return None, None
    exact_change = edge * denominator / 100 - numerator
    if up:
        count = math.floor(exact_change) + 1 if beyond else math.ceil(exact_change)
    else:
        count = math.ceil(exact_change) - 1 if beyond else math.floor(exact_change)
    changed = numerator + count
    if not 0 <= changed <= denominator or 100 * changed / denominator not in piece:
        return None, None
    return count, int(denominator) if denominator.denominator == 1 else None


def needed_phrases(rating: Rating) -> list[str]:
    """What would make it better and what would make it worse, a phrase each."""
    ground = rating.outcome.ground
    level = rating.outcome.adjusted
    if level.is_grey or ground.is_action:
        return []
    scale = ground.scale.levels
    phrases = []
    for ranks in (range(level.rank + 1, len(scale)), range(level.rank - 1, -1, -1)):
        for rank in ranks:
            needed = needed_for(rating, scale[rank])
            if needed is not None:
                phrases.append(str(needed))
                break
    return phrases


def days_phrase(days_late: int) -> str:
    """``5 days late``, ``due today``, ``7 days left``."""
    if days_late > 0:
        return f"{plural(days_late, 'day')} late"
    return "due today" if days_late == 0 else f"{plural(-days_late, 'day')} left"
