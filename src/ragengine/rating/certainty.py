"""How firm a rating is: the interval of its value, the levels that it permits, and how few cases change the level.

All of it stands beside the level and makes none. It is worked out when somebody asks, from the rating alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import frozen

from ..bands import BandTable
from ..data.model import Measurement
from ..data.states import APART, counted, known_numbers, numbers_only, percentage
from ..number import half_up, text
from ..ruling import Ruling
from ..statistics import Flips, Limits, cases_to_flip, permitted, poisson, wilson
from ..terms import Rag
from .facts import Facts
from .phrases import amount
from .readable import Readable

__all__ = [
    "Certainty",
    "IntervalLine",
    "certainty_of",
    "confidence_text",
    "has_interval",
    "in_one_line",
    "in_words",
    "interval_line",
]

_MOST_PLACES = 12


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


@frozen
class _Cases:
    """The cases that make a value.

    Attributes:
        number: how many there are.
        each: by how much one of them raises the value.
        of: how many there can be; None where there is no end, and the count is one of Poisson's.
    """

    number: Fraction
    each: Fraction
    of: Fraction | None = None

    def limits(self, confidence: Fraction) -> Limits | None:
        if self.of is None:
            return poisson(self.number, confidence).times(self.each)
        found = wilson(self.number, self.of, confidence)
        return None if found is None else found.times(self.each * self.of)


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
    flips: Flips = Flips(None, None)
    of: Fraction | None = None


def has_interval(rating: Readable) -> bool:
    """Whether its rule asks for an interval."""
    ruling = rating.outcome.ruling
    return not ruling.is_action and ruling.kpi.confidence is not None


def certainty_of(rating: Readable) -> Certainty | None:
    """How firm a rating is; None where its rule states no confidence or no cases are known that make the value."""
    ruling, value = rating.outcome.ruling, rating.value
    confidence = ruling.kpi.confidence if ruling.measures else None
    if confidence is None or value is None:
        return None
    cases = _cases(ruling, rating.facts, value)
    limits = None if cases is None else cases.limits(confidence)
    if cases is None or limits is None:
        return None
    method = "Wilson" if cases.of is not None else "exact Poisson" if cases.number < 10 else "Byar"
    table = _levels(rating)
    if table is None:
        return Certainty(confidence, method, limits, of=cases.of)
    levels = tuple(sorted(permitted(table, limits)))
    same = value == cases.number * cases.each
    flips = cases_to_flip(table, cases.number, cases.each, cases.of) if same else Flips(None, None)
    return Certainty(confidence, method, limits, levels, flips, cases.of)


def _levels(rating: Readable) -> BandTable[Rag] | None:
    """The levels of every value under the graces that were granted; None where no table rated."""
    if rating.computed.is_grey or rating.adjusted.is_grey:
        return None
    return rating.outcome.ruling.levels(rating.outcome.granted)


def _cases(ruling: Ruling, facts: Facts, value: Fraction) -> _Cases | None:
    kpi, given = ruling.kpi, facts.given
    if kpi.formula is not None:
        return None if given is None else _of_formula(given, ruling)
    if kpi.unit != "%":
        # a value that is no percentage of counts is a count itself
        return _Cases(value, Fraction(1)) if value >= 0 and value.denominator == 1 else None
    share = None if given is None else percentage(kpi, given)
    if given is None or share is None or abs(share - value) > APART:
        return None
    numerator, whole = given.numerator, counted(given)
    assert isinstance(numerator, Fraction) and isinstance(whole, Fraction)
    return None if numerator > whole else _Cases(numerator, 100 / whole, whole)


def _of_formula(given: Measurement, ruling: Ruling) -> _Cases | None:
    """The cases of a rate: a formula that grows evenly with its numerator, from nothing on."""
    numerator, whole = given.numerator, counted(given)
    kpi, formula = ruling.kpi, ruling.kpi.formula
    assert formula is not None
    if not isinstance(numerator, Fraction) or numerator < 0:
        return None
    target = ruling.target if isinstance(ruling.target, Fraction) else None
    numbers = numbers_only(known_numbers(given, target))
    each, none, now = (
        formula.evaluate({**numbers, "numerator": number}) for number in (Fraction(1), Fraction(0), numerator)
    )
    if not isinstance(each, Fraction) or none != 0 or now != numerator * each or each <= 0:
        return None
    if kpi.unit == "%" and isinstance(whole, Fraction) and each * whole == 100 and numerator <= whole:
        return _Cases(numerator, each, whole)
    return _Cases(numerator, each)


# in words


def in_words(rating: Readable) -> tuple[str, ...]:
    """A sentence for the explanation; none where nothing is known."""
    found = interval_line(rating)
    if found is None:
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
    said = f"{found.confidence} interval {_span(found, unit, decimals, lines)}"
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
        places = 1 if decimals is None else decimals
        while places < _MOST_PLACES and not all(_as_apart(limit, line, places) for line in cuts):
            places += 1
        ends.append(amount(half_up(limit, places), shown, places))
    return " to ".join(ends)


def _as_apart(limit: Fraction, line: Fraction, places: int) -> bool:
    """Whether a limit printed with so many places is on its own side of a line."""
    printed = half_up(limit, places)
    return (printed > line) == (limit > line) and (printed < line) == (limit < line)


def _either(words: list[str]) -> str:
    """``Red, Amber or Green``."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def confidence_text(confidence: Fraction) -> str:
    """A confidence as it is written: ``95%``."""
    return f"{text(100 * confidence)}%"


def interval_line(rating: Readable) -> IntervalLine | None:
    """The same as data."""
    found = certainty_of(rating)
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
