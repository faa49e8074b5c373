"""How firm a rating is: the interval of its value, the levels that it permits, and how few cases change the level.

All of it stands beside the level and makes none. It is worked out when somebody asks, from the rating alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import frozen

from ..bands import BandTable
from ..number import half_up, text
from ..rulebook.comparison import LIMITS
from ..statistics import CasesToFlip, Limits, cases_to_flip, permitted
from ..terms import Rag
from .cases import cases_of
from .comparing import limits_of
from .phrases import amount, places_apart
from .readable import Readable

__all__ = [
    "IntervalLine",
    "certainty_of",
    "confidence_text",
    "has_interval",
    "in_one_line",
    "in_words",
    "interval_line",
]


@frozen
class IntervalLine:
    """The interval of a value as an explanation holds it: exact numbers, ids of levels, cases that change the level."""

    confidence: str
    method: str
    lower: str
    upper: str
    levels: tuple[str, ...] = ()
    more: int | None = None
    fewer: int | None = None

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The two ends as numbers."""
        return Fraction(self.lower), Fraction(self.upper)


@frozen
class Certainty:
    """How firm a rating is.

    Attributes:
        confidence: of the interval, 19/20 for 95%.
        method: ``Wilson``, ``exact Poisson`` or ``Byar``.
        limits: the interval, in the value's unit.
        levels: those that the rule, under its graces, has in it, the worst first; empty of what is not rated.
        flips: how many more and how many fewer cases give another level.
        of: how many cases there can be.
    """

    confidence: Fraction
    method: str
    limits: Limits
    levels: tuple[Rag, ...] = ()
    flips: CasesToFlip = CasesToFlip(None, None)
    of: Fraction | None = None


def _compared(rating: Readable) -> IntervalLine | None:
    ruling, value = rating.outcome.ruling, rating.value
    limits = None if value is None else limits_of(ruling, value, rating.facts)
    if not isinstance(limits, Limits):
        return None
    inputs = {} if rating.facts.given is None else rating.facts.given.inputs
    brought = any(isinstance(inputs.get(name), Fraction) for name in LIMITS)
    confidence = None if brought else ruling.kpi.confidence
    said = "" if confidence is None else confidence_text(confidence)
    return IntervalLine(said, "brought by the row" if brought else "of its cases", str(limits.lower), str(limits.upper))


def has_interval(rating: Readable) -> bool:
    """Whether its rule asks for an interval."""
    ruling = rating.outcome.ruling
    return not ruling.is_action and (ruling.kpi.confidence is not None or ruling.compares)


def certainty_of(rating: Readable) -> Certainty | None:
    """How firm a rating is; None where its rule states no confidence or no cases are known that make the value."""
    ruling, value = rating.outcome.ruling, rating.value
    confidence = ruling.kpi.confidence if ruling.measures and not ruling.compares else None
    if confidence is None or value is None:
        return None
    cases = cases_of(ruling, rating.facts, value)
    limits = None if cases is None else cases.limits(confidence)
    if cases is None or limits is None:
        return None
    method = cases.method
    table = _levels(rating)
    if table is None:
        return Certainty(confidence, method, limits, of=cases.of)
    levels = tuple(sorted(permitted(table, limits)))
    same = value == cases.number * cases.each
    flips = cases_to_flip(table, cases.number, cases.each, cases.of) if same else CasesToFlip(None, None)
    return Certainty(confidence, method, limits, levels, flips, cases.of)


def _levels(rating: Readable) -> BandTable[Rag] | None:
    """The levels of every value under the graces that were granted; None where no table rated."""
    if rating.computed.is_grey or rating.adjusted.is_grey:
        return None
    return rating.outcome.ruling.levels(rating.outcome.granted)


# in words


def in_words(rating: Readable) -> tuple[str, ...]:
    """A sentence for the explanation; none where nothing is known."""
    found = interval_line(rating)
    if found is None or rating.outcome.ruling.compares:
        return ()
    kpi, scale, table = rating.outcome.ruling.kpi, rating.outcome.ruling.scale, _levels(rating)
    lines = [] if table is None else [cut.at for cut in table.thresholds]
    said = f"The {found.confidence} interval of the value is {_span(found, kpi.unit, kpi.decimals, lines)}"
    labels = [scale[level].label for level in found.levels]
    if len(labels) == 1:
        return (f"{said}: {labels[0]} throughout.",)
    return (f"{said}: {_either(labels)}, by chance alone." if labels else f"{said}.",)


def in_one_line(
    found: IntervalLine, unit: str, decimals: int | None, lines: Iterable[Fraction], labels: Mapping[str, str]
) -> str:
    """A line for under a value: the interval, the levels that it permits, and how few cases change it.

    Args:
        lines: the lines of the rule, on whose sides the printed limits must lie.
        labels: by the id of a level.
    """
    said = f"{found.confidence} interval {_span(found, unit, decimals, lines)}".lstrip()
    if found.levels:
        said += f": {_either([labels[level] for level in found.levels])}"
    counts = ((found.fewer, "fewer"), (found.more, "more"))
    few = [f"{number:,} {word}" for number, word in counts if number is not None]
    return f"{said}; {' or '.join(few)} would change the level" if few else said


def _span(found: IntervalLine, unit: str, decimals: int | None, lines: Iterable[Fraction]) -> str:
    """``75.6% to 89.9%``, ``2.8 to 14.4 incidents``."""
    cuts = tuple(lines)
    ends = []
    for limit, shown in ((Fraction(found.lower), unit if unit == "%" else ""), (Fraction(found.upper), unit)):
        places = places_apart(limit, cuts, least=1 if decimals is None else decimals)
        ends.append(amount(half_up(limit, places), shown, places))
    return " to ".join(ends)


def _either(words: list[str]) -> str:
    """``Red, Amber or Green``."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def confidence_text(confidence: Fraction) -> str:
    """A confidence as it is written: ``95%``."""
    return f"{text(100 * confidence)}%"


def interval_line(rating: Readable) -> IntervalLine | None:
    """The same as data; of an interval that is compared, the interval alone."""
    found = certainty_of(rating)
    if rating.outcome.ruling.compares:
        return _compared(rating)
    if found is None:
        return None
    return IntervalLine(
        confidence_text(found.confidence),
        found.method,
        str(found.limits.lower),
        str(found.limits.upper),
        tuple(str(level) for level in found.levels),
        found.flips.more,
        found.flips.fewer,
    )
