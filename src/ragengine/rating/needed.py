"""What would change a rating: in value and in counts, or the end of a relief, a judgement, the lack of evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ..bands import BandTable, Interval
from ..data.model import Measurement, Override
from ..data.states import counted
from ..number import half_up
from ..rulebook.grace import Grace
from ..rulebook.kpi import Kpi
from ..ruling import Ruling
from ..terms import Rag, level_given
from .conditions import granted_by
from .left_open import turns_within_its_graces, when_left_open
from .overrides import judged
from .persistence import adopted_level
from .phrases import away, gap, long_date, of_money, places_apart, places_of, plural

if TYPE_CHECKING:
    from .readable import Readable as Rating

__all__ = [
    "STAYS",
    "Needed",
    "change_into",
    "days_phrase",
    "endings_of",
    "first_on_grid",
    "needed_for",
    "what_would_change",
    "with_evidence",
]

#: said before a change of a value from which, with others, its own target is made
STAYS = "were the target to stay as it is, "

#: what depends on the value among the names that a condition may read
_OF_VALUE = frozenset({"value", "shortfall", "improved", "worsened", "unchanged", "numerator"})


@frozen
class Needed:
    """The smallest change that gives a level, everything else as it is.

    Attributes:
        level: the level it gives.
        change: signed distance of the value, as it is judged, to the nearest band with that level.
        beyond: the edge itself does not do: the value must go past it.
        up: whether the value must rise.
        stated: the change as a sentence states it, rounded away from the value; None where it is said as more than
            ``change``.
        count: how many more (fewer, if negative) in the numerator, where the value is made of counts and so many
            give the level.
        of: the denominator those counts are of.
        unit: of ``change``.
        tenths: the rule prints its numbers with one decimal, money too.
    """

    level: Rag
    change: Fraction
    beyond: bool = False
    up: bool = True
    stated: Fraction | None = None
    count: int | None = None
    of: int | None = None
    unit: str = ""
    tenths: bool = False

    @property
    def text(self) -> str:
        """In words: ``6 more of 100``, ``more than 2 days less``, ``0.0231 more``."""
        if self.is_met:
            return "no change"
        if self.count is not None:
            more = "more" if self.count > 0 else "fewer"
            return f"{abs(self.count):,} {more}" + (f" of {self.of:,}" if self.of else "")
        more = "more" if self.up else "less"
        if self.stated is not None:
            return f"{gap(abs(self.stated), self.unit, self._places(self.stated))} {more}"
        if not self.change:
            return f"anything {more}"
        return f"more than {gap(abs(self.change), self.unit, self._places(self.change))} {more}"

    def _places(self, number: Fraction) -> int | None:
        places = places_of(number)
        return places if places is None or self.tenths else of_money(places, self.unit)

    @property
    def is_met(self) -> bool:
        """Whether the value has that level already."""
        return self.change == 0 and not self.beyond

    def __str__(self) -> str:
        return f"it is {self.level.label}" if self.is_met else f"{self.text} would make it {self.level.label}"


def change_into(table: BandTable[Rag], value: Fraction, wanted: Rag, kpi: Kpi) -> Needed | None:
    """The smallest change of a value into a band of a table, counts left aside; None where there is no such band."""
    found = _nearest(table, value, wanted, kpi)
    return None if found is None else found[1]


def _nearest(table: BandTable[Rag], value: Fraction, wanted: Rag, kpi: Kpi) -> tuple[Interval, Needed] | None:
    lines = [cut.at for cut in table.thresholds]
    best: tuple[Interval, Needed] | None = None
    for piece, level in table:
        if level != wanted:
            continue
        made = _into(piece, value, wanted, table, kpi, lines)
        if made is not None and (best is None or _size(made) < _size(best[1])):
            best = piece, made
    return best


def _size(needed: Needed) -> tuple[Fraction, bool]:
    return abs(needed.change), needed.beyond


def _into(
    piece: Interval, value: Fraction, wanted: Rag, table: BandTable[Rag], kpi: Kpi, lines: Sequence[Fraction]
) -> Needed | None:
    unit = kpi.unit
    if value in piece:
        return Needed(wanted, Fraction(0), unit=unit)
    up = piece.lower is not None and not piece.lower.is_passed_by(value)
    edge = piece.lower if up else piece.upper
    assert edge is not None
    if kpi.decimals is not None:
        # judged as printed: from one printed number to another
        there = first_on_grid(piece, edge.at, up, kpi.decimals)
        change = None if there is None else there - half_up(value, kpi.decimals)
        return (
            None if change is None else Needed(wanted, change, False, up, change, unit=unit, tenths=kpi.decimals == 1)
        )
    beyond = edge.reached is not up
    change, way = edge.at - value, 1 if up else -1
    if piece.is_point:
        # nothing beside it will do
        return None if places_of(change) is None else Needed(wanted, change, False, up, change, unit=unit)
    places = places_apart(value, lines)
    stays = table.labels[table.exact_index(edge.at)] == table.labels[table.exact_index(value)]
    if beyond and stays and places_of(change, 6) is not None:
        return Needed(wanted, change, beyond, up, unit=unit)
    stated = away(abs(change), past=beyond, places=places)
    while value + way * stated not in piece:
        places = max(places, places_of(stated) or 0) + 1
        stated = away(abs(change), past=True, places=places)
    return Needed(wanted, change, beyond, up, way * stated, unit=unit)


def first_on_grid(piece: Interval, edge: Fraction, up: bool, decimals: int) -> Fraction | None:
    """The printed number of a band that is nearest to its edge; None where no printed number lies in it."""
    grid = 10**decimals
    steps = math.floor(edge * grid)
    beside = (Fraction(steps, grid), Fraction(steps + (1 if up else -1), grid))
    return next((there for there in beside if there in piece), None)


def _final_table(
    rating: Rating,
    ruling: Ruling,
    granted: Iterable[Grace],
    overrides: Iterable[Override] | None = None,
    *,
    evidence: bool | None = None,
) -> BandTable[Rag]:
    """The final level of every number under these graces and judgements, everything else as it is."""
    kpi, facts, scale = ruling.kpi, rating.facts, ruling.scale
    recorded = bool(facts.evidence.strip()) if evidence is None else evidence
    live = facts.overrides if overrides is None else tuple(overrides)
    if not facts.run and not live and (recorded or not ruling.rule.requires_evidence):
        return ruling.levels(tuple(granted))

    def final(level: Rag) -> Rag:
        level = ruling.with_evidence(level, recorded)
        return judged(adopted_level(level, facts.run, kpi.persistence), live, scale)

    return ruling.outcomes(tuple(granted)).relabelled(lambda outcome: final(outcome.adjusted))


def _granted(rating: Rating) -> tuple[Grace, ...]:
    return tuple(applied.grace for applied in rating.outcome.graces if applied.granted)


def _judging_ruling(rating: Rating) -> Ruling | None:
    """The ruling of a KPI whose value was judged by bands that a change of it can be counted in."""
    ruling = rating.outcome.ruling
    if ruling.is_action or ruling.compares or ruling.kpi.words or rating.value is None or rating.computed.is_grey:
        return None
    return ruling


def needed_for(rating: Rating, level: Rag | str) -> Needed | None:
    """The change of value that gives a final level, everything else as it is; None where nothing would.

    A judgement, missing evidence and earlier periods stay as they are, and so does what conditions of graces find:
    where the change itself would make them find something else, and the level with it, there is none either. The
    level is read as everywhere, by id, label or alias in any case; raises BadArgument for one the scale has not.
    """
    wanted = level_given("level", level, rating.outcome.ruling.scale)
    ruling = _judging_ruling(rating)
    return (
        None if ruling is None else _into_level(_final_table(rating, ruling, _granted(rating)), wanted, rating, ruling)
    )


def _into_level(table: BandTable[Rag], wanted: Rag, rating: Rating, ruling: Ruling) -> Needed | None:
    """The change of value into a level; ``table`` is the final one."""
    value = rating.value
    assert value is not None
    found = _nearest(table, value, wanted, ruling.kpi)
    if found is None or found[1].is_met:
        return None if found is None else found[1]
    piece, needed = found
    count, of = _counts(piece, value, rating, ruling)
    needed = evolve(needed, count=count, of=of)
    return needed if _holds(needed, rating, ruling) else None


def _holds(needed: Needed, rating: Rating, ruling: Ruling) -> bool:
    """Whether the changed value can be, and whether the conditions of graces leave it the level that is stated."""
    conditional = any(grace.when is not None and grace.when.names & _OF_VALUE for grace in ruling.live)
    valid, value, given = ruling.kpi.valid, rating.value, rating.facts.given
    if valid is None and not conditional:
        return True
    assert value is not None
    if needed.count is not None and given is not None:
        one = 1 if needed.count > 0 else -1
        there, less = _with_count(given, needed.count), _with_count(given, needed.count - one)
    else:
        change = needed.change if needed.stated is None else needed.stated
        step = Fraction((1 if needed.up else -1), 10 ** ((places_of(change) or 0) + 6 * needed.beyond))
        past = change + step if needed.stated is None else change
        there, less = (value + past, given), (value + past - step, given)
    if valid is not None and not valid.hold(there[0]):
        return False
    if not conditional:
        return True
    levels = [_level_at(number, row, rating, ruling) for number, row in (there, less)]
    return levels[0] == needed.level and levels[1] != needed.level


def _with_count(given: Measurement, more: int) -> tuple[Fraction, Measurement | None]:
    """A row with so many more in its numerator, and its value."""
    numerator, denominator = given.numerator, counted(given)
    assert isinstance(numerator, Fraction) and isinstance(denominator, Fraction)
    return 100 * (numerator + more) / denominator, evolve(given, numerator=numerator + more)


def _level_at(value: Fraction, given: Measurement | None, rating: Rating, ruling: Ruling) -> Rag:
    row = given if given is not None else Measurement(ruling.kpi.id, rating.period)
    granted, _ = granted_by(ruling, value, row, rating.facts)
    table = _final_table(rating, ruling, granted)
    return table.labels[table.exact_index(value)]


def _counts(piece: Interval, value: Fraction, rating: Rating, ruling: Ruling) -> tuple[int | None, int | None]:
    """So many more or fewer in the numerator, of the same denominator; None where no whole number does it."""
    given = rating.facts.given
    if given is None or rating.facts.carried_from is not None or ruling.kpi.formula is not None:
        return None, None
    numerator, denominator = given.numerator, counted(given)
    if not isinstance(numerator, Fraction) or not isinstance(denominator, Fraction) or denominator <= 0:
        return None, None
    if value != 100 * numerator / denominator:
        return None, None
    up = piece.lower is not None and not piece.lower.is_passed_by(value)
    edge = piece.lower if up else piece.upper
    assert edge is not None
    count = math.floor(edge.at * denominator / 100 - numerator)
    for more in (count, count + (1 if up else -1)):
        changed = numerator + more
        if 0 <= changed <= denominator and 100 * changed / denominator in piece:
            return more, int(denominator) if denominator.denominator == 1 else None
    return None, None


def what_would_change(rating: Rating) -> list[str]:
    """What would make it better and what would make it worse, then what else would, a sentence each."""
    ruling = rating.outcome.ruling
    if ruling.is_action:
        return [*when_left_open(rating), *([] if turns_within_its_graces(rating) else endings_of(rating))]
    phrases = _of_value(rating, ruling)
    joined = "; ".join(phrases)
    if joined and ruling.relative is not None and ruling.relative.of_entities:
        # its own value is one of those that the target is made from
        joined = STAYS + joined
    said = [f"{joined[0].upper()}{joined[1:]}."] if joined else []
    return [*said, *with_evidence(rating), *endings_of(rating)]


def _of_value(rating: Rating, ruling: Ruling) -> list[str]:
    level = rating.rag
    if level.is_grey or _judging_ruling(rating) is None:
        return []
    scale, table = ruling.scale.levels, _final_table(rating, ruling, _granted(rating))
    phrases = []
    for ranks in (range(level.rank + 1, len(scale)), range(level.rank - 1, -1, -1)):
        for rank in ranks:
            needed = _into_level(table, scale[rank], rating, ruling)
            if needed is not None:
                phrases.append(str(needed))
                break
    return phrases


def with_evidence(rating: Rating) -> list[str]:
    """What evidence would make of it, as a sentence; nothing where that changes nothing."""
    ruling, value = _judging_ruling(rating), rating.value
    if ruling is None or value is None or not ruling.kpi.requires_evidence or rating.facts.evidence:
        return []
    table = _final_table(rating, ruling, _granted(rating), evidence=True)
    level = table.labels[table.exact_index(value)]
    return [] if level == rating.rag else [f"With evidence it would be {level.label}."]


def endings_of(rating: Rating) -> list[str]:
    """What the first end of a relief or a judgement that changes the level would make of it."""
    graces = [applied.grace for applied in rating.outcome.graces if applied.granted]
    overrides = rating.facts.overrides
    for until in sorted({*(grace.until for grace in graces), *(override.until for override in overrides)}):
        level = _level_after(rating, until)
        if level is None:
            return []
        if level != rating.rag:
            what = "judgement" if any(override.until == until for override in overrides) else "grace"
            return [f"When the {what} ends, {long_date(until)}, it would be {level.label}."]
    return []


def _level_after(rating: Rating, until: date) -> Rag | None:
    """The level without the graces and judgements that have ended by then; None where it cannot be told."""
    scale, left = rating.outcome.ruling.scale, [o for o in rating.facts.overrides if o.until > until]
    ended = [applied.grace for applied in rating.outcome.graces if applied.granted and applied.grace.until <= until]
    if not ended:
        return judged(rating.adjusted, left, scale)
    ruling, value = _judging_ruling(rating), rating.value
    if ruling is not None and value is not None:
        granted = [grace for grace in _granted(rating) if grace not in ended]
        table = _final_table(rating, ruling, granted, left)
        return table.labels[table.exact_index(value)]
    if rating.outcome.ruling.is_action and len(_granted(rating)) == len(ended):
        level = rating.outcome.ruling.with_evidence(rating.computed, bool(rating.facts.evidence.strip()))
        return judged(level, left, scale)
    return None


def days_phrase(days_late: int) -> str:
    """``5 days late``, ``due today``, ``7 days left``."""
    if days_late > 0:
        return f"{plural(days_late, 'day')} late"
    return "due today" if days_late == 0 else f"{plural(-days_late, 'day')} left"
