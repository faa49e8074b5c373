"""Each grace of the rules once, with the measures that opt into it; and the rules without one, or without any."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from enum import StrEnum

from attrs import evolve, frozen

from ...data.model import Override
from ...problem import Place
from ...rating.overrides import in_force
from ...rulebook.action import Action
from ...rulebook.grace import Grace, live_on
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ..checks.base import CheckInput
from ..checks.graces import SOON
from ..grace_budget import measures_of

__all__ = ["Registered", "State", "registered", "state_on", "unread", "without", "without_any"]


class State(StrEnum):
    """Where a grace or an override stands on a day."""

    NOT_BEGUN = "not begun"
    LIVE = "live"
    #: live, and over within 60 days
    EXPIRING = "expiring"
    #: of a grace
    EXPIRED = "expired"
    #: of an override
    LAPSED = "lapsed"


def state_on(judgement: Grace | Override, day: date) -> State:
    """The state of a grace or an override on a day."""
    is_grace = isinstance(judgement, Grace)
    live = live_on(judgement, day) if isinstance(judgement, Grace) else in_force(judgement, day)
    if live:
        return State.EXPIRING if judgement.until - day <= SOON else State.LIVE
    if day < judgement.start:
        return State.NOT_BEGUN
    return State.EXPIRED if is_grace else State.LAPSED


@frozen
class Registered:
    """One grace, defined in the book or inline.

    Attributes:
        name: as the book has it; of an inline one, with its measure.
        grace: as the first measure reads it; without a unit where others have another.
        place: where it is defined; of an inline one, where its measure begins.
        opted_in: ids of the measures; ``id, entity`` where only an entity's own rule opts in.
        members: the grace as each measure reads it: a tolerance relative to the target is not the same for all.
    """

    name: str
    grace: Grace
    place: Place
    opted_in: tuple[str, ...] = ()
    members: frozenset[tuple[str, Grace]] = frozenset()

    @property
    def subjects(self) -> set[str]:
        """Ids of the KPIs and actions that opt in."""
        return {subject for subject, _ in self.members}


def registered(rules: Rules) -> list[Registered]:
    """Each grace once: the book's in their order, then inline ones in that of their measures."""
    of_book = {name: _unused(grace) for name, grace in rules.graces.items()}
    inline: dict[tuple[str, Grace], Registered] = {}
    given = CheckInput(rules)
    for measure, entity, grace in _opted(rules):
        _, path = given.grace_at(measure, grace)
        if path[0] == "grace":
            found = of_book.get(grace.name) or _unused(grace)
            of_book[grace.name] = _joined(found, measure, entity, grace)
        else:
            key = (measure.id, grace)
            own = inline.get(key) or Registered(f"{grace.name} of {measure.id}", grace, _place(measure))
            inline[key] = _joined(own, measure, entity, grace)
    order = {name: n for n, name in enumerate(_names(rules))}
    return [*sorted(of_book.values(), key=lambda entry: order[entry.name]), *inline.values()]


def unread(rules: Rules) -> tuple[str, ...]:
    """Names of the book's graces that nobody opts into and whose effect depends on who does."""
    known = {entry.name for entry in registered(rules)}
    return tuple(name for name in _names(rules) if name not in known)


def _names(rules: Rules) -> list[str]:
    return list(rules.document.get("book.toml", {}).get("grace", {}))


def _opted(rules: Rules) -> Iterator[tuple[Kpi | Action, str, Grace]]:
    for measure in measures_of(rules):
        yield from ((measure, "", grace) for grace in measure.graces)
        if isinstance(measure, Kpi):
            for entity, own in measure.entities.items():
                yield from ((own, entity, grace) for grace in own.graces)


def _unused(grace: Grace) -> Registered:
    return Registered(grace.name, grace, Place(grace.file, grace.line))


def _place(measure: Kpi | Action) -> Place:
    return Place(measure.file, measure.line)


def _joined(entry: Registered, measure: Kpi | Action, entity: str, grace: Grace) -> Registered:
    opted_in = entry.opted_in
    if measure.id not in opted_in:
        opted_in = (*opted_in, f"{measure.id}, {entity}" if entity else measure.id)
    shown, members = entry.grace.as_of_both(grace), entry.members | {(measure.id, grace)}
    return evolve(entry, grace=shown, opted_in=opted_in, members=members)


def without(rules: Rules, members: Collection[tuple[str, Grace]]) -> Rules:
    """The rules as they would be had nobody opted into these."""
    return _keeping(rules, lambda subject, grace: (subject, grace) not in members)


def without_any(rules: Rules) -> Rules:
    """The rules as they would be without any grace."""
    return _keeping(rules, lambda subject, grace: False)


def _keeping(rules: Rules, wanted: Callable[[str, Grace], bool]) -> Rules:
    def graces(measure: Kpi | Action) -> tuple[Grace, ...]:
        return tuple(grace for grace in measure.graces if wanted(measure.id, grace))

    def kept(kpi: Kpi) -> Kpi:
        own = {entity: evolve(variant, graces=graces(variant)) for entity, variant in kpi.entities.items()}
        return evolve(kpi, graces=graces(kpi), entities=own)

    kpis = {subject: kept(kpi) for subject, kpi in rules.kpis.items()}
    actions = {subject: evolve(action, graces=graces(action)) for subject, action in rules.actions.items()}
    return evolve(rules, kpis=kpis, actions=actions)
