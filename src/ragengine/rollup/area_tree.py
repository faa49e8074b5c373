"""The areas of a rulebook as they are rolled up: named children of a scorecard, and counts of a frame, alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from ..data.model import Override
from ..rating.overrides import agreed
from ..rulebook.action import Action
from ..rulebook.area import PROGRAMME
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..rulebook.scored_areas import children_first
from ..terms import Rag

__all__ = ["AreaTree"]

T = TypeVar("T")


class AreaTree:
    """What rolls up to each area and to the programme, in which order, and who judged it.

    Attributes:
        overrides: usable ones of each area, KPI and action.
    """

    def __init__(self, rules: Rules, overrides: Mapping[str, Sequence[Override]]) -> None:
        self.rules = rules
        self.overrides = overrides
        self._order = children_first(rules)
        self._depth = {area: n for n, area in enumerate(self._order)}
        self._place = {area: n for n, area in enumerate(rules.areas)}
        self._below: dict[str, list[str]] = {area: [] for area in (*rules.areas, PROGRAMME)}
        self._rules_of: dict[str, list[Kpi | Action]] = {area: [] for area in self._below}
        for area in rules.areas.values():
            self._below[area.parent or PROGRAMME].append(area.id)
        children: Iterable[Kpi | Action] = (*rules.kpis.values(), *rules.actions.values())
        for rule in children:
            if rule.in_rollup:
                self._rules_of[rule.area].append(rule)

    def areas_below(self, area: str) -> Sequence[str]:
        """Its child areas; of the programme, those without a parent."""
        return self._below[area]

    def rules_of(self, area: str) -> Sequence[Kpi | Action]:
        """Its KPIs, then its actions, that take part in its roll-up."""
        return self._rules_of[area]

    def with_parents(self, areas: Iterable[str]) -> list[str]:
        """Some areas and all above them, each after its child areas."""
        found: set[str] = set()
        for area in areas:
            while area and area not in found:
                found.add(area)
                area = self.rules.areas[area].parent
        return sorted(found, key=self._depth.__getitem__)

    def walked(
        self, make: Callable[[str, Mapping[str, T]], T | None], within: Sequence[str] | None = None
    ) -> dict[str, T]:
        """What is made of each area from what was made of those below it, in the order reports print areas.

        ``within`` are the areas to walk, each after its child areas; all of them where it is None. Areas of which
        nothing is made are left out.
        """
        made: dict[str, T] = {}
        for area in self._order if within is None else within:
            own = make(area, made)
            if own is not None:
                made[area] = own
        return {area: made[area] for area in sorted(made, key=self._place.__getitem__)}

    def overrides_of(self, area: str, entity: str | None) -> list[Override]:
        """The judgements on one area of an entity, or of the whole."""
        own = self.overrides.get(area)
        return [override for override in own if override.entity == entity] if own else []

    def judged(self, level: Rag, area: str, entity: str | None, day: date) -> Rag:
        """The final level of an area on the last day of a scorecard's period."""
        own = self.overrides_of(area, entity)
        return agreed(level, own, day, self.rules.scale) if own else level
