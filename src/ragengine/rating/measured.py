"""What was measured: the values of rows from which another row's target may be made."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..data.model import Measurement
from ..data.states import Judged, Unrated, state_of
from ..number import text
from ..rulebook.compile import printed
from ..rulebook.kpi import Kpi
from ..ruling import Ruling
from ..ruling.granting import EARLIER_LEVELS, EARLIER_VALUES, granted_of
from .comparing import limits_of
from .conditions import names_of
from .facts import Facts

if TYPE_CHECKING:
    from .history import History

__all__ = ["measured_value", "too_few"]

_EARLIER = EARLIER_LEVELS | EARLIER_VALUES


def too_few(kpi: Kpi, given: Measurement) -> str:
    """That a row has fewer cases than the rule asks for, in words; empty where it has enough."""
    if kpi.minimum_n is None or not isinstance(given.denominator, Fraction) or given.denominator >= kpi.minimum_n:
        return ""
    return f"{text(given.denominator)} is fewer than {kpi.minimum_n}"


def measured_value(ruling: Ruling, given: Measurement, history: History) -> Fraction | None:
    """The value of a row of its own, as it is judged; None where it has none, or is grey for more than its target."""
    kpi = ruling.kpi
    if given.unusable or given.period is None or ruling.not_due:
        return None
    state = state_of(kpi, given, None)
    if isinstance(state, Unrated) or too_few(kpi, given):
        return None
    assert isinstance(state, Judged)
    facts = Facts(given.period, given)
    if ruling.compares and isinstance(limits_of(ruling, state.value, facts), Unrated):
        return None
    return None if _suspended(ruling, state.value, facts, history) else printed(state.value, kpi)


def _suspended(ruling: Ruling, value: Fraction, facts: Facts, history: History) -> bool:
    """Whether a grace rates nothing of the row; a condition on its target cannot be asked here, and grants nothing."""
    suspending = [grace for grace in ruling.live if grace.effect.suspends]
    if not suspending:
        return False
    given, period = facts.given, facts.period
    assert given is not None and period is not None
    if any(grace.when is not None and _EARLIER & grace.when.names for grace in suspending):
        facts = Facts(period, given, previous=history.previous(period), year_ago=history.year_ago(period))
    granted, _ = granted_of(suspending, lambda: names_of(ruling, value, given, facts))
    return bool(granted)
