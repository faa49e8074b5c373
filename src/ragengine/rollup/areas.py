"""From ratings to areas, children first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from ..data.model import Override
from ..number import exact
from ..period import Period
from ..rating.explanation import RuleReference, override_line
from ..rating.facts import Cause, Movement, Previous
from ..rating.movement import Stage, leading, moved_from
from ..rating.overrides import agreed, in_force
from ..rating.rating import Rating
from ..rulebook.area import Area, RollupPolicy
from ..rulebook.rules import Rules
from ..terms import Rag, Reason
from .area_rating import AreaRating, ChildLine
from .deciding import Decider
from .policy import Child
from .rows import Key

__all__ = ["PROGRAMME", "AreaRoller", "children_first"]

#: id of the roll-up of all areas without a parent
PROGRAMME = "programme"

Known = Callable[[str, str | None, Sequence[Child]], tuple[Previous | None, Rag | None]]


def children_first(rules: Rules) -> list[str]:
    """Area ids, each after its child areas."""
    order: list[str] = []
    waiting = [area.id for area in rules.areas.values() if not area.parent]
    while waiting:
        area = waiting.pop()
        order.append(area)
        waiting.extend(child for child in rules.children(area) if child in rules.areas)
    return order[::-1]


class AreaRoller:
    """Rolls the ratings of one scorecard up.

    ``known`` gives the previous level of an area with these children, and the level published for this period.
    """

    def __init__(
        self,
        rules: Rules,
        period: Period,
        day: date,
        ratings: Mapping[Key, Rating],
        overrides: Mapping[str, Sequence[Override]],
        known: Known,
    ) -> None:
        self._rules = rules
        self._period = period
        self._day = day
        self._overrides = overrides
        self._known = known
        self._decider = Decider(rules.scale)
        self._order = children_first(rules)
        self._depth = {area: n for n, area in enumerate(self._order)}
        self._place = {area: n for n, area in enumerate(rules.areas)}
        self._ratings = ratings
        self._weights = {kpi.id: exact(kpi.weight) for kpi in rules.kpis.values()}
        self._weights |= {action.id: exact(action.weight) for action in rules.actions.values()}
        self._entities: dict[str, list[str | None]] = {}
        self._touched: dict[str | None, set[str]] = {}
        for subject, entity in ratings:
            self._entities.setdefault(subject, []).append(entity)
            self._touched.setdefault(entity, set()).add(subject.partition(".")[0])

    def areas(self, entity: str | None) -> dict[Key, AreaRating]:
        """Every area, in the order reports print them.

        For an entity, the areas that have a rating of it; for none, all areas: there, a KPI that is only reported by
        entity counts once for each of them.
        """
        rated: dict[str, AreaRating] = {}
        for area_id in self._with_ratings(entity):
            children = self._children(area_id, entity, rated)
            if entity is not None and not children:
                continue
            rated[area_id] = self._area(self._rules.areas[area_id], children, entity)
        return {(area, entity): rated[area] for area in sorted(rated, key=self._place.__getitem__)}

    def _with_ratings(self, entity: str | None) -> list[str]:
        """Areas that can have a rating of the entity, each after its child areas; for none, all areas."""
        if entity is None:
            return self._order
        found: set[str] = set()
        for area in self._touched.get(entity, ()):
            while area and area not in found:
                found.add(area)
                area = self._rules.areas[area].parent
        return sorted(found, key=self._depth.__getitem__)

    def programme(self, areas: Mapping[Key, AreaRating]) -> AreaRating:
        """All areas without a parent, by the book's policy."""
        top = [rating for (_, entity), rating in areas.items() if entity is None]
        top = [rating for rating in top if not self._rules.areas[rating.id].parent]
        children = [Child(rating.id, rating.rag, title=rating.title, reason=rating.reason) for rating in top]
        area = Area(PROGRAMME, self._rules.title)
        return self._made(area, self._rules.rollup, children, None, (), (None, None))

    def _children(self, area_id: str, entity: str | None, rated: Mapping[str, AreaRating]) -> list[Child]:
        rules = self._rules
        found: list[Child] = []
        for child_id in rules.children(area_id):
            if child_id in rules.areas:
                if child_id in rated:
                    area = rated[child_id]
                    found.append(Child(child_id, area.rag, title=area.title, reason=area.reason))
                continue
            rule = rules.kpis.get(child_id) or rules.actions[child_id]
            if not rule.in_rollup:
                continue
            chosen: Sequence[str | None] = [entity] if (child_id, entity) in self._ratings else []
            if entity is None and not chosen:
                chosen = self._entities.get(child_id, [])
            weight = self._weights[child_id]
            for of in chosen:
                rating = self._ratings[child_id, of]
                name = child_id if of == entity else f"{child_id}, {of}"
                found.append(Child(name, rating.rag, rule.critical, weight, rule.title, rating.reason))
        return found

    def _area(self, area: Area, children: Sequence[Child], entity: str | None) -> AreaRating:
        overrides = [o for o in self._overrides.get(area.id, ()) if o.entity == entity]
        policy = self._rules.rollup_of(area.id)
        return self._made(area, policy, children, entity, overrides, self._known(area.id, entity, children))

    def _made(
        self,
        area: Area,
        policy: RollupPolicy,
        children: Sequence[Child],
        entity: str | None,
        overrides: Sequence[Override],
        known: tuple[Previous | None, Rag | None],
    ) -> AreaRating:
        scale = self._rules.scale
        decided = self._decider.of(policy, children)
        decision, deciding = decided.decision, decided.deciding
        level = agreed(decision.rag, overrides, self._day, scale)
        lines = tuple(override_line(o, in_force(o, self._day)) for o in overrides if o.start <= self._day)
        previous, published = known
        return AreaRating(
            id=area.id,
            title=area.title,
            period=self._period,
            rag=level,
            computed=decision.computed,
            reason=(decision.reason or Reason.NOT_APPLICABLE) if level.is_grey else None,
            why=decision.why,
            lead=area.lead,
            recommendation=area.recommendation,
            entity=entity,
            method=str(policy.method),
            counts=decided.counts,
            minimum_coverage=policy.minimum_coverage,
            score=decision.score,
            rules=decision.rules,
            children=tuple(ChildLine(c.id, c.title, c.rag, c.reason, c.critical) for c in children),
            deciding=tuple(child.id for child in deciding.children),
            among_others=deciding.among_others,
            overrides=lines,
            previous=previous.rag if previous else None,
            previous_period=previous.period if previous else None,
            movement=_moved(previous, level, decision.rag) if previous else None,
            published=published,
            rule=RuleReference(
                area.id if area.rollup else "book",
                policy.file or "book.toml",
                policy.line,
                self._rules.edition,
                self._rules.fingerprint,
            ),
            adjusted=decision.rag,
            limits=decision.limits,
        )


def _moved(before: Previous, level: Rag, computed: Rag) -> Movement:
    return moved_from(
        before, level, computed, level.is_grey and computed.is_grey, lambda: _cause(before, level, computed)
    )


def _cause(before: Previous, level: Rag, computed: Rag) -> Cause:
    assert before.computed is not None
    found = leading([Stage(Cause.DATA, before.computed, computed), Stage(Cause.OVERRIDE, before.rag, level)])
    # an area without a level has children without one
    return Cause.MISSING if found.cause is Cause.DATA and found.old.is_grey != found.new.is_grey else found.cause
