"""Whether a live grace is granted: its condition, asked of one measurement."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..data.model import Measurement
from ..data.states import known_numbers, numbers_only
from ..rulebook.compile import shortfall
from ..rulebook.expression import DivisionByZero, MissingInput
from ..rulebook.grace import Grace
from .facts import Facts
from .outcome import Applied, Ground

__all__ = ["granted_of", "refusal"]

Values = Mapping[str, Fraction | bool | str | frozenset[str] | None]


def granted_of(
    ground: Ground, value: Fraction | None, given: Measurement, facts: Facts
) -> tuple[tuple[Grace, ...], list[Applied]]:
    """The live graces that are granted, and those that are not with the reason."""
    granted: list[Grace] = []
    refused: list[Applied] = []
    for grace in ground.era.live:
        result = True if grace.when is None else grace.when.evaluate(_names(ground, value, given, facts))
        if result is True:
            granted.append(grace)
        else:
            refused.append(Applied(grace, False, why=refusal(result)))
    return tuple(granted), refused


def refusal(result: object) -> str:
    """Why a condition granted nothing."""
    match result:
        case MissingInput(names=names):
            return f"{', '.join(names)} not known, and relief that cannot be shown is not given"
        case DivisionByZero():
            return "its condition divides by zero"
        case _:
            return "its condition does not hold"


def _names(ground: Ground, value: Fraction | None, given: Measurement, facts: Facts) -> Values:
    """The names a grace's ``when`` may use."""
    target = ground.target if isinstance(ground.target, Fraction) else None
    direction = ground.kpi.direction
    before = facts.previous.value if facts.previous else None
    better: int | None = None
    if before is not None and value is not None:
        # without a target any number serves: which way is better is what counts
        aim = Fraction(0) if ground.aim is None else ground.aim
        gap, old = shortfall(value, aim, direction), shortfall(before, aim, direction)
        if gap is not None and old is not None:
            better = (old > gap) - (old < gap)
    numbers = numbers_only(known_numbers(given, target))
    return {
        **numbers,
        "value": value,
        "target": target,
        "shortfall": None if value is None else shortfall(value, ground.aim, direction),
        "improved": None if better is None else better > 0,
        "worsened": None if better is None else better < 0,
        "unchanged": None if better is None else better == 0,
        "previous": str(facts.previous.rag) if facts.previous else None,
        "previous_value": before,
        "year_ago": str(facts.year_ago.rag) if facts.year_ago else None,
        "year_ago_value": facts.year_ago.value if facts.year_ago else None,
        "causes": given.causes,
        "entity": given.entity or "",
        "evidence": given.evidence,
        "status": facts.status,
    }
