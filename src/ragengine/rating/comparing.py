"""An interval beside its target: where in the rule's bands it is looked up, and what is said of it."""

from __future__ import annotations

from fractions import Fraction

from ..data.states import Unrated, brought_limits
from ..number import half_up
from ..rulebook.comparison import sides
from ..ruling import Ruling
from ..statistics import Limits, Side, against
from ..terms import Reason
from .cases import cases_of
from .facts import Facts
from .inputs import counts_text
from .phrases import amount

__all__ = ["compared_text", "limits_of", "place_of", "side_of"]

_MOST_PLACES = 12


def place_of(ruling: Ruling, value: Fraction, facts: Facts) -> Fraction | Unrated:
    """Where a value is looked up: itself, or, where an interval is compared, its end that is nearest to the target.

    That end lies beyond the target only where the whole interval does, and is the target where it touches or crosses.
    """
    if ruling.kpi.compare is None:
        return value
    limits = limits_of(ruling, value, facts)
    target = ruling.target
    if isinstance(limits, Unrated):
        return limits
    assert isinstance(target, Fraction)
    return min(max(target, limits.lower), limits.upper)


def limits_of(ruling: Ruling, value: Fraction, facts: Facts) -> Limits | Unrated:
    """The interval that the row brings, else the one of its cases; why there is none."""
    brought = None if facts.given is None else brought_limits(facts.given, value)
    if brought is not None:
        return brought
    confidence = ruling.kpi.confidence
    cases = None if confidence is None else cases_of(ruling, facts, value)
    made = None if confidence is None or cases is None else cases.limits(confidence)
    if made is None:
        why = "no interval: lower and upper are missing"
        if confidence is not None:
            counts = counts_text(facts).strip(" ()")
            why += f", and {counts} makes none" if counts else ", and so are counts"
        return Unrated(Reason.MISSING_INPUT, why)
    return made


def side_of(ruling: Ruling, value: Fraction, facts: Facts) -> str:
    """``better``, ``similar`` or ``worse``; empty where there is no interval or no target."""
    limits, target = limits_of(ruling, value, facts), ruling.target
    if isinstance(limits, Unrated) or not isinstance(target, Fraction):
        return ""
    side = against(limits, target)
    if side is Side.ACROSS:
        return "similar"
    assert ruling.kpi.direction is not None
    above, below = sides("better", "worse", ruling.kpi.direction)
    return above if side is Side.ABOVE else below


_IN_WORDS = {"better": "better than", "similar": "similar to", "worse": "worse than"}


def _where(limits: Limits, target: Fraction) -> str:
    side = against(limits, target)
    if side is not Side.ACROSS:
        return f"lies {side.value}"
    return "touches" if target in (limits.lower, limits.upper) else "lies on both sides of"


def compared_text(ruling: Ruling, value: Fraction, facts: Facts) -> str:
    """What an interval is beside its target, in words; every number printed stands as the numbers do.

    ``is worse than England: 154.2 to 161.8 lies above 115.2``.
    """
    limits, target = limits_of(ruling, value, facts), ruling.target
    kpi = ruling.kpi
    assert kpi.compare is not None and isinstance(limits, Limits) and isinstance(target, Fraction)
    said, lies = _IN_WORDS[side_of(ruling, value, facts)], _where(limits, target)
    places = 1
    while places < _MOST_PLACES and not _stand_alike(limits, target, places):
        places += 1
    lower, upper, at = (half_up(number, places) for number in (limits.lower, limits.upper, target))
    span = f"{amount(lower, kpi.unit if kpi.unit == '%' else '', places)} to {amount(upper, kpi.unit, places)}"
    return f"is {said} {kpi.compare.than or 'the target'}: {span} {lies} {amount(at, kpi.unit, places)}"


def _stand_alike(limits: Limits, target: Fraction, places: int) -> bool:
    """Whether the numbers printed with so many places stand to each other as they do themselves."""
    at = half_up(target, places)
    return all(
        (half_up(end, places) > at) == (end > target) and (half_up(end, places) < at) == (end < target)
        for end in (limits.lower, limits.upper)
    )
