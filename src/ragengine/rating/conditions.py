"""Whether a live grace is granted: its condition, asked of one measurement."""

from __future__ import annotations

from fractions import Fraction

from ..data.model import Measurement
from ..data.states import known_numbers, numbers_only
from ..rulebook.compile import shortfall
from ..rulebook.grace import Grace
from ..ruling import Applied, Ruling
from ..ruling.granting import Names, granted_of
from .facts import Facts

__all__ = ["granted_by", "names_of"]


def granted_by(
    ruling: Ruling, value: Fraction | None, given: Measurement, facts: Facts
) -> tuple[tuple[Grace, ...], list[Applied]]:
    """The live graces that are granted, and those that are not with the reason."""
    if not ruling.live:
        return (), []
    return granted_of(ruling.live, lambda: names_of(ruling, value, given, facts))


def names_of(ruling: Ruling, value: Fraction | None, given: Measurement, facts: Facts) -> Names:
    """The names a grace's ``when`` may use."""
    target = ruling.target if isinstance(ruling.target, Fraction) else None
    direction = ruling.kpi.direction
    before = facts.previous.value if facts.previous else None
    better: int | None = None
    if before is not None and value is not None:
        # without a target any number serves: which way is better is what counts
        aim = Fraction(0) if ruling.aim is None else ruling.aim
        gap, old = shortfall(value, aim, direction), shortfall(before, aim, direction)
        if gap is not None and old is not None:
            better = (old > gap) - (old < gap)
    numbers = numbers_only(known_numbers(given, target))
    return {
        **numbers,
        "value": value,
        "target": target,
        "shortfall": None if value is None else shortfall(value, ruling.aim, direction),
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
