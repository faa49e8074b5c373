"""From ratings to areas, children first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

from ..data.model import Override
from ..number import exact
from ..period import Period
from ..rating.explanation import BandLine, RuleReference, band_lines, override_line
from ..rating.facts import Cause, Movement, Previous
from ..rating.movement import Stage, leading, moved_from
from ..rating.overrides import in_force
from ..rulebook.area import PROGRAMME, Area, RollupMethod, RollupPolicy
from ..rulebook.compile import policy_table
from ..rulebook.rules import Rules
from ..rulebook.scored_areas import scored_areas
from ..ruling import Outcome
from ..terms import Rag, Reason
from .area_rating import AreaRating, ChildLine
from .area_tree import AreaTree
from .deciding import Decider
from .made import Made, keeps_what_is_asked, outcome_in
from .rows import Key
from .tally import Child, points_of

__all__ = ["AreaRoller", "child_line"]

Children = Callable[[], Sequence[Child]]
Known = Callable[[str, str | None, Sequence[Child]], tuple[Previous | None, Rag | None]]


class AreaRoller:
    """Rolls the ratings of one scorecard up.

    ``known`` gives the previous level of an area with these children, and the level published for this period.
    """

    def __init__(
        self,
        rules: Rules,
        period: Period,
        day: date,
        made: Mapping[Key, Made],
        overrides: Mapping[str, Sequence[Override]],
        known: Known,
    ) -> None:
        self._rules = rules
        self._tree = AreaTree(rules, overrides)
        self._period = period
        self._day = day
        self._known = known
        self._decider = Decider(rules.scale)
        self._scored = scored_areas(rules)
        self._bands: dict[int, tuple[BandLine, ...]] = {}
        #: the least and the most that the score of an area can be, as far as they are known
        self._spans: dict[Key, tuple[Fraction, Fraction] | None] = {}
        self._made_of = made
        self._weights = {kpi.id: exact(kpi.weight) for kpi in rules.kpis.values()}
        self._weights |= {action.id: exact(action.weight) for action in rules.actions.values()}
        self._entities: dict[str, list[str | None]] = {}
        self._touched: dict[str | None, set[str]] = {}
        for subject, entity in made:
            self._entities.setdefault(subject, []).append(entity)
            self._touched.setdefault(entity, set()).add(subject.partition(".")[0])

    def areas(self, entity: str | None) -> dict[Key, AreaRating]:
        """Every area, in the order reports print them.

        For an entity, the areas that have a rating of it; for none, all areas: there, a KPI that is only reported by
        entity counts once for each of them.
        """

        def rated(area: str, made: Mapping[str, AreaRating]) -> AreaRating | None:
            again = partial(self._children, area, entity, made)
            children = again()
            if entity is not None and not children:
                return None
            return self._area(self._rules.areas[area], children, again, entity)

        within = None if entity is None else self._tree.with_parents(self._touched.get(entity, ()))
        return {(area, entity): rating for area, rating in self._tree.walked(rated, within).items()}

    def programme(self, areas: Mapping[Key, AreaRating]) -> AreaRating:
        """All areas without a parent, by the book's policy."""
        children = [self._child_area(areas[area, None], PROGRAMME) for area in self._tree.areas_below(PROGRAMME)]
        area = Area(PROGRAMME, self._rules.title)
        return self._made(area, self._rules.rollup, children, lambda: children, None, (None, None))

    def _children(self, area_id: str, entity: str | None, rated: Mapping[str, AreaRating]) -> list[Child]:
        found: list[Child] = []
        for rule in self._tree.rules_of(area_id):
            chosen: Sequence[str | None] = [entity] if (rule.id, entity) in self._made_of else []
            if entity is None and not chosen:
                chosen = self._entities.get(rule.id, [])
            weight = self._weights[rule.id]
            for of in chosen:
                made = self._made_of[rule.id, of]
                outcome = outcome_in(made)
                name = rule.id if of == entity else f"{rule.id}, {of}"
                child = Child(name, outcome.rag, rule.critical, weight, rule.title, outcome.reason)
                found.append(child if area_id not in self._scored else _with_score(child, made))
        below = [rated[area] for area in self._tree.areas_below(area_id) if area in rated]
        return [*found, *(self._child_area(area, area_id) for area in below)]

    def _child_area(self, area: AreaRating, above: str) -> Child:
        child = Child(area.id, area.rag, title=area.title, reason=area.reason)
        if above not in self._scored:
            return child
        score = None if area.rag.is_grey else area.score
        return child.scored(score, self._spans.get((area.id, area.entity)))

    def _area(self, area: Area, children: Sequence[Child], again: Children, entity: str | None) -> AreaRating:
        policy = self._rules.rollup_of(area.id)
        return self._made(area, policy, children, again, entity, self._known(area.id, entity, children))

    def _made(
        self,
        area: Area,
        policy: RollupPolicy,
        children: Sequence[Child],
        again: Children,
        entity: str | None,
        known: tuple[Previous | None, Rag | None],
    ) -> AreaRating:
        """An area's rating; its children, which may be many thousands, are found ``again`` when somebody looks."""
        decided = self._decider.of(policy, children, again)
        decision = decided.decision
        self._spans[area.id, entity] = decision.span
        level = self._tree.judged(decision.rag, area.id, entity, self._day)
        overrides = self._tree.overrides_of(area.id, entity)
        lines = tuple(override_line(o, in_force(o, self._day)) for o in overrides if o.start <= self._day)
        previous, published = known
        made = AreaRating(
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
            of=policy.of or ("" if policy.worst is None else f"worst {policy.worst}"),
            bands=self._bands_of(policy),
        )
        return made.rests_on(
            lambda: tuple(child_line(child, policy) for child in again()),
            decided.ids,
            kept=keeps_what_is_asked(self._made_of),
        )

    def _bands_of(self, policy: RollupPolicy) -> tuple[BandLine, ...]:
        if not policy.bands:
            return ()
        # a policy lives as long as the rules do
        known = self._bands.get(id(policy))
        if known is None:
            known = self._bands[id(policy)] = band_lines(policy_table(policy, self._rules.scale))
        return known


def _with_score(child: Child, made: Made) -> Child:
    """A child as a roll-up over scores takes it; where the rule gives a score, the rating itself is there."""
    if isinstance(made, Outcome):
        return child.scored(None, None)
    score = None if made.is_action else made.outcome.ruling.kpi.score
    return child.scored(made.score, None if score is None else score.span)


def child_line(child: Child, policy: RollupPolicy) -> ChildLine:
    """A child as its area's rating tells of it; what it brings to a mean of points is told where there is one."""
    points = None
    if policy.method is RollupMethod.POINTS and not child.rag.is_grey:
        points = child.score if child.span is not None else points_of(child.rag)
    return ChildLine(child.id, child.title, child.rag, child.reason, child.critical, child.weight, points)


def _moved(before: Previous, level: Rag, computed: Rag) -> Movement:
    return moved_from(
        before, level, computed, level.is_grey and computed.is_grey, lambda: _cause(before, level, computed)
    )


def _cause(before: Previous, level: Rag, computed: Rag) -> Cause:
    assert before.computed is not None
    found = leading([Stage(Cause.DATA, before.computed, computed), Stage(Cause.OVERRIDE, before.rag, level)])
    # an area without a level has children without one
    return Cause.MISSING if found.cause is Cause.DATA and found.old.is_grey != found.new.is_grey else found.cause
