"""What each grace that a rule opts into does on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from ...bands import BandTable, differences, shifted
from ...period import Duration
from ...rating.phrases import grace_effect, long_date, plural
from ...rulebook.action import Action
from ...rulebook.grace import Effect, Grace, live_graces, live_on
from ...rulebook.rules import Rules
from ...ruling import Applied, Ruling
from ...ruling.days import Standing, granted_always, levels_by_day
from ...terms import GREY, Rag
from ..drawing.strip import days_strip
from .level_tables import band_changes, level_table

__all__ = ["GraceOnDay", "action_graces", "kpi_graces", "open_levels"]


@frozen
class GraceOnDay:
    """One grace on one day.

    Attributes:
        state: ``live``, ``not yet`` or ``over``; empty where no day is looked at.
        days: how many are left after this one while it is live, until it begins, or since it ended; None with no day.
        does: what it does to the bands on this day, a line each; empty where it is not live.
        decided: whether it is granted to the measurement or report at hand; without one, what it depends on.
        changes_level: whether it changes the level of what is at hand; None without one.
    """

    name: str
    effect: str
    start: date
    until: date
    state: str
    days: int | None
    does: tuple[str, ...]
    decided: str
    changes_level: bool | None
    when: str
    reason: str
    authority: str
    evidence: str
    file: str
    line: int

    @property
    def state_words(self) -> str:
        """``live, 47 days left (to 30 September 2020)``."""
        if self.days is None:
            return ""
        days = plural(self.days, "day")
        match self.state:
            case "live":
                return f"live, {f'{days} left' if self.days else 'its last day'} (to {long_date(self.until)})"
            case "not yet":
                return f"not yet: begins in {days}, on {long_date(self.start)}"
        return f"over: ended {days} ago, on {long_date(self.until)}"


def kpi_graces(ruling: Ruling, on: date, applied: Sequence[Applied] | None, unit: str) -> tuple[GraceOnDay, ...]:
    """The graces of a KPI; ``applied`` are those that a rating asked, None where there is no measurement.

    ``ruling`` is over printed values. Each live grace is said to do what it adds to those before it, in the order of
    effects, as if every one were granted.
    """
    live = ruling.live
    does: dict[Grace, tuple[str, ...]] = {}
    for n, grace in enumerate(live):
        before, after = level_table(ruling, live[:n]), level_table(ruling, live[: n + 1])
        does[grace] = tuple(band_changes(before, after, ruling.kpi, unit)) or ("changes no band",)
    return tuple(_on_day(grace, on, does.get(grace, ()), applied) for grace in _ordered(live, ruling.kpi.graces))


def action_graces(
    rules: Rules, action: Action, on: date | None, applied: Sequence[Applied] | None
) -> tuple[GraceOnDay, ...]:
    """The graces of an action; what each does is said of the open action, added to those before it."""
    live = () if on is None else live_graces(action.graces, on)
    does = {grace: tuple(_does(rules, action, live[:n], grace)) for n, grace in enumerate(live)}
    return tuple(_on_day(grace, on, does.get(grace, ()), applied) for grace in _ordered(live, action.graces))


def open_levels(rules: Rules, action: Action, granted: Sequence[Grace] = ()) -> BandTable[Rag] | None:
    """The levels of an open action over the days it is late, were these graces granted on every day.

    None for a formula, and where there is no due date.
    """
    due = action.due.day
    if due is None or action.formula is not None:
        return None
    by_day = levels_by_day(rules, granted_always(action, granted), Standing())
    return shifted(by_day, Fraction(-due.toordinal()))


def _ordered(live: Sequence[Grace], graces: Sequence[Grace]) -> list[Grace]:
    """Live ones first, in the order of their effects; then the others as they are written."""
    return [*live, *(grace for grace in graces if grace not in live)]


def _does(rules: Rules, action: Action, before: Sequence[Grace], grace: Grace) -> Iterator[str]:
    due = action.due.day
    if grace.effect is Effect.EXTEND_DUE:
        assert isinstance(grace.value, Duration)
        yield (
            "there is no due date yet to move"
            if due is None
            else f"due {long_date(due)} → {long_date(grace.value.after(due))}"
        )
    old, new = open_levels(rules, action, before), open_levels(rules, action, [*before, grace])
    if old is None or new is None:
        if grace.effect is not Effect.EXTEND_DUE:
            yield "acts on whatever level it has"
        return
    if new.labels == (GREY,):
        yield "every day: not rated"
        return
    words = days_strip(old, due).piece
    changes = [f"{words(piece)}: {was.label} → {now.label}" for piece, was, now in differences(old, new)]
    yield from changes or ["changes no day"]


def _on_day(grace: Grace, on: date | None, does: tuple[str, ...], applied: Sequence[Applied] | None) -> GraceOnDay:
    asked = next((one for one in applied or () if one.grace == grace), None)
    state, days = "", None
    if on is None:
        pass
    elif live_on(grace, on):
        state, days = "live", (grace.until - on).days
    elif on < grace.start:
        state, days = "not yet", (grace.start - on).days
    else:
        state, days = "over", (on - grace.until).days
    changes: bool | None = None
    if state != "live":
        decided = ""
    elif asked is not None:
        changes = asked.granted and asked.changed
        decided = f"refused: {asked.why}" if not asked.granted else "granted"
        decided += "" if changes or not asked.granted else ", and changes nothing here"
    elif applied is not None:
        decided = "not asked: there is nothing it could act on"
    else:
        decided = f"depends on the measurement: when {grace.when.text}" if grace.when else "granted: no condition"
    return GraceOnDay(
        name=grace.name,
        effect=grace_effect(grace),
        start=grace.start,
        until=grace.until,
        state=state,
        days=days,
        does=does,
        decided=decided,
        changes_level=changes,
        when=grace.when.text if grace.when else "",
        reason=grace.reason,
        authority=grace.authority,
        evidence=grace.evidence,
        file=grace.file,
        line=grace.line,
    )
