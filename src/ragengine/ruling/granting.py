"""Which live graces are granted: relief that cannot be shown is not given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from ..rulebook.expression import DivisionByZero, MissingInput
from ..rulebook.grace import Grace
from .applied import Applied

__all__ = ["EARLIER_LEVELS", "EARLIER_VALUES", "Names", "granted_of"]

#: names of a condition that stand for the values of earlier periods, and for their levels
EARLIER_VALUES = frozenset({"previous_value", "year_ago_value", "improved", "worsened", "unchanged"})
EARLIER_LEVELS = frozenset({"previous", "year_ago"})
#: what the names of a condition or a formula stand for
Names = Mapping[str, Fraction | bool | str | frozenset[str] | None]


def granted_of(live: Iterable[Grace], names: Callable[[], Names]) -> tuple[tuple[Grace, ...], list[Applied]]:
    """The graces that are granted, and those that are not with the reason; ``names`` is asked for a condition."""
    granted: list[Grace] = []
    refused: list[Applied] = []
    for grace in live:
        result = True if grace.when is None else grace.when.evaluate(names())
        if result is True:
            granted.append(grace)
        else:
            refused.append(Applied(grace, False, why=_refusal(result)))
    return tuple(granted), refused


def _refusal(result: object) -> str:
    """Why a condition granted nothing."""
    match result:
        case MissingInput(names=names):
            return f"{', '.join(names)} not known, and relief that cannot be shown is not given"
        case DivisionByZero():
            return "its condition divides by zero"
        case _:
            return "its condition does not hold"
