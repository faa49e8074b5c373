"""Which areas roll up by points the scores of their children, which their levels, and where both are mixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .area import PROGRAMME, RollupMethod
from .rules import Rules

__all__ = ["children_first", "levelled_areas", "mixed_areas", "scored_areas"]


def scored_areas(rules: Rules) -> frozenset[str]:
    """Ids of the areas that roll up by points over scores: all their children with weight have one.

    A child area has a score where it is one of these itself; the programme may be among them.
    """
    if all(kpi.score is None for kpi in rules.kpis.values()):
        return frozenset()
    found: dict[str, bool] = {}
    for area in (*children_first(rules), PROGRAMME):
        found[area] = any(scored for _, scored in _weighed(rules, area, found))
    return frozenset(area for area, scored in found.items() if scored)


def levelled_areas(rules: Rules) -> frozenset[str]:
    """Ids of the areas that roll up by points over levels, whose scale then gives each some."""
    scored = scored_areas(rules)
    return frozenset(
        area for area in (*rules.areas, PROGRAMME) if area not in scored and any(_weighed(rules, area, {}))
    )


def mixed_areas(rules: Rules) -> Iterator[tuple[str, str, str]]:
    """Areas with a child that has a score and one that has none: the area's id, and theirs."""
    scored = dict.fromkeys(scored_areas(rules), True)
    for area in scored:
        children = list(_weighed(rules, area, scored))
        without = next((child for child, has in children if not has), None)
        if without is not None:
            yield area, next(child for child, has in children if has), without


def _weighed(rules: Rules, area: str, scored: Mapping[str, bool]) -> Iterator[tuple[str, bool]]:
    """The children that a roll-up by points weighs, each with whether it has a score; none by another method."""
    if rules.rollup_of(area).method is not RollupMethod.POINTS:
        return
    for child in rules.children(area):
        if child in rules.areas:
            # an area in which nothing can be rated is grey, and takes no part
            if rules.children(child):
                yield child, scored.get(child, False)
            continue
        rule = rules.kpis.get(child) or rules.actions[child]
        if rule.in_rollup and rule.weight:
            yield child, child in rules.kpis and rules.kpis[child].score is not None


def children_first(rules: Rules) -> list[str]:
    """Area ids, each after its child areas."""
    order: list[str] = []
    waiting = list(rules.children(PROGRAMME))
    while waiting:
        area = waiting.pop()
        order.append(area)
        waiting.extend(child for child in rules.children(area) if child in rules.areas)
    return order[::-1]
