"""Which lines of a rulebook its cases reach: thresholds, words, first and last days of grace, roll-up rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from attrs import evolve, frozen

from ...bands import BandTable, Interval, differences
from ...book import PreparedAction
from ...number import text
from ...rating.comparing import side_of
from ...rating.needed import days_phrase
from ...rating.rating import Rating
from ...rulebook.action import Action
from ...rulebook.area import RollupMethod
from ...rulebook.compile import UnusableTarget, printed
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...rulebook.scored_areas import scored_areas
from ...ruling import Ruling, ruling_on, rulings_of
from ...terms import Direction, Rag
from ..sample_target import sample_table, sampled
from ..value_limits import grid_step
from .case_runner import CaseResult
from .points import Point, bringing_target, can_be, case_of, day_in, decimal
from .score_points import line_points, score_points, shown_lines, shown_scores

__all__ = ["Coverage", "Point", "coverage_of", "in_few_words"]

_SIDES = ("just under", "at", "just over")


@frozen
class Coverage:
    """What cases show and what they do not.

    Attributes:
        subjects: ids of the KPIs, actions and areas that have points, in the order of the rules.
    """

    covered: tuple[Point, ...]
    missing: tuple[Point, ...]
    subjects: tuple[str, ...] = ()

    @property
    def percent(self) -> Fraction:
        """Share of the points that confirmed cases show, from 0 to 100; 100 where there is nothing to show."""
        total = len(self.covered) + len(self.missing)
        return Fraction(100 * len(self.covered), total) if total else Fraction(100)

    def of(self, subject: str) -> Coverage:
        """The part about one KPI, action or area."""
        return Coverage(
            tuple(point for point in self.covered if point.subject == subject),
            tuple(point for point in self.missing if point.subject == subject),
            (subject,),
        )


def coverage_of(rules: Rules, results: Iterable[CaseResult], *, unconfirmed: bool = False) -> Coverage:
    """What the passing cases among the results show of the rules; ``unconfirmed`` ones only where asked for."""
    shown: set[tuple[str, tuple[object, ...]]] = set()
    for result in results:
        if result.passed and (unconfirmed or not result.unconfirmed):
            shown.update(_shown(rules, result))
    covered: list[Point] = []
    missing: list[Point] = []
    subjects: dict[str, None] = {}
    for point in points(rules):
        subjects[point.subject] = None
        (covered if (point.subject, point.key) in shown else missing).append(point)
    return Coverage(tuple(covered), tuple(missing), tuple(subjects))


def in_few_words(found: Iterable[Point]) -> list[str]:
    """What points want, those of one line together: ``just under and at 90``, ``first day and last day of covid``."""
    together: dict[tuple[object, ...], list[Point]] = {}
    for point in found:
        same = point.key[:-1] if point.key[0] in ("threshold", "grace") else point.key
        together.setdefault(same, []).append(point)
    return [_joined(list(group)) for group in together.values()]


def _joined(group: list[Point]) -> str:
    if len(group) == 1:
        return group[0].what
    sides = [str(point.key[-1]) for point in group]
    of = group[0].what.removeprefix(sides[0])
    return f"{', '.join(sides[:-1])} and {sides[-1]}{of}"


def points(rules: Rules) -> Iterator[Point]:
    """Everything a rulebook's cases should show."""
    for kpi in rules.kpis.values():
        yield from _kpi_points(rules, kpi, None)
        for entity, own in kpi.entities.items():
            yield from _kpi_points(rules, own, entity)
    for action in rules.actions.values():
        yield from _action_points(rules, action)
    yield from _rule_points(rules)


def _relieved(ruling: Ruling, granted: Iterable[Grace]) -> BandTable[Rag] | None:
    """The table as people read it, under graces that relieve the target or the tolerance; None without one."""
    relief = [grace for grace in granted if grace.effect.relieves]
    try:
        return ruling.as_printed.under(relief) if relief else None
    except UnusableTarget:
        return None


def _sides(value: Fraction, at: Fraction, step: Fraction) -> Iterator[str]:
    if value == at:
        yield "at"
    elif at - step <= value < at:
        yield "just under"
    elif at < value <= at + step:
        yield "just over"


def _place(ruling: Ruling, at: Fraction, number: int) -> object:
    """A threshold is known by its place; where each row's target puts it, by its number."""
    return number if ruling.moves_with_target else at


def _kpi_points(rules: Rules, kpi: Kpi, entity: str | None) -> Iterator[Point]:
    seen: set[tuple[object, ...]] = set()
    for ruling in sorted(rulings_of(rules, kpi), key=lambda each: (len(each.live), each.era.start)):
        if ruling.not_due or _of_entities(ruling):
            continue
        if kpi.words:
            yield from _new(seen, _word_points(ruling, entity))
            continue
        ruling = sampled(ruling)
        table = sample_table(ruling.as_printed)
        if ruling.compares:
            yield from _new(seen, _side_points(ruling, entity))
        elif table is not None:
            yield from _new(seen, _threshold_points(ruling, table, entity))
            yield from _new(seen, score_points(ruling, table, entity))
            relief = _relieved(ruling, ruling.live)
            if relief is not None and all(grace.when is None for grace in ruling.live):
                yield from _new(seen, _threshold_points(ruling, relief, entity))
    for grace in kpi.graces:
        yield from _grace_points(rules, kpi, grace, entity)


def _of_entities(ruling: Ruling) -> bool:
    """Whether its target is made from the rows of all entities, of which no case has more than one."""
    return ruling.relative is not None and ruling.relative.of_entities


def _new(seen: set[tuple[object, ...]], found: Iterable[Point]) -> Iterator[Point]:
    for point in found:
        if point.key not in seen:
            seen.add(point.key)
            yield point


def _threshold_points(ruling: Ruling, table: BandTable[Rag], entity: str | None) -> Iterator[Point]:
    kpi = ruling.kpi
    more = bringing_target(ruling, entity)
    of_sample = f" of a target of {text(ruling.data_target)}" if ruling.moves_with_target and ruling.data_target else ""
    whose = f" for {entity}" if entity else ""
    for number, cut in enumerate(table.thresholds):
        for side, value in _beside(kpi, cut.at):
            if not can_be(kpi, table, value):
                continue
            key = ("threshold", entity, _place(ruling, cut.at, number), side)
            fields = None
            if kpi.formula is None or kpi.formula.text.strip() == "value":
                fields = case_of(kpi, day_in(ruling), entity, value=decimal(value), **more)
            yield Point(kpi.id, f"{side} {text(cut.at)}{of_sample}{whose}", key, fields)


def _beside(kpi: Kpi, at: Fraction) -> Iterator[tuple[str, Fraction]]:
    """The values to be tried at a line: on it and a step away, of those that can be printed."""
    step = grid_step(kpi, at)
    if kpi.decimals is None or (at / step).denominator == 1:
        yield from zip(_SIDES, (at - step, at, at + step), strict=True)
    else:
        below = (at / step).__floor__() * step
        yield from (("just under", below), ("just over", below + step))


def _side_points(ruling: Ruling, entity: str | None) -> Iterator[Point]:
    """An interval on each side of its target, and one across it."""
    target = ruling.target
    if not isinstance(target, Fraction):
        return
    more = bringing_target(ruling, entity)
    for away in (-2, 0, 2):
        ends = {"lower": decimal(target + away - 1), "upper": decimal(target + away + 1)}
        fields = case_of(ruling.kpi, day_in(ruling), entity, value=decimal(target + away), **ends, **more)
        better = (away > 0) == (ruling.kpi.direction is Direction.HIGHER)
        side = "similar" if not away else "better" if better else "worse"
        yield Point(ruling.kpi.id, f"an interval that is {side}", ("side", entity, side), fields)


def _word_points(ruling: Ruling, entity: str | None) -> Iterator[Point]:
    kpi = ruling.kpi
    for word, _ in kpi.words:
        key = ("word", entity, word.strip().casefold())
        yield Point(kpi.id, f"the word {word}", key, case_of(kpi, day_in(ruling), entity, value=word))


def _grace_days(grace: Grace) -> Iterator[tuple[str, date]]:
    yield "first day", grace.start
    yield "last day", grace.until
    if grace.day_after is not None:
        yield "day after", grace.day_after


def _grace_points(rules: Rules, kpi: Kpi, grace: Grace, entity: str | None) -> Iterator[Point]:
    for which, day in _grace_days(grace):
        if _of_entities(ruling_on(rules, kpi, day)):
            continue
        key = ("grace", entity, grace.name, which)
        plain = not kpi.words and kpi.formula is None and grace.when is None
        value = _relieved_value(rules, kpi, grace) if plain else None
        fields = None if value is None else case_of(kpi, day, entity, value=decimal(value))
        yield Point(kpi.id, f"{which} of {grace.name}", key, fields)


def _relieved_value(rules: Rules, kpi: Kpi, grace: Grace) -> Fraction | None:
    """A value whose level the grace changes; one on the first threshold where it changes none."""
    ruling = ruling_on(rules, kpi, grace.start).as_printed
    table = sample_table(ruling)
    if table is None or not table.thresholds:
        return None
    try:
        changed = differences(table, ruling.under([grace]))
    except UnusableTarget:
        return None
    return _inside(kpi, changed[0][0]) if changed else table.thresholds[0].at


def _inside(kpi: Kpi, piece: Interval) -> Fraction:
    """A value of the piece, a step from its end."""
    if piece.upper is not None:
        return piece.upper.at - grid_step(kpi, piece.upper.at)
    assert piece.lower is not None
    return piece.lower.at + grid_step(kpi, piece.lower.at)


def _action_points(rules: Rules, action: Action) -> Iterator[Point]:
    due = action.due.day
    if due is None:
        return
    days: dict[int, Point] = {}
    if action.formula is None:
        table = ruling_on(rules, action, due).table
        assert table is not None
        for cut in table.thresholds:
            for late in range(int(cut.at) - 1, int(cut.at) + 2):
                at = due + timedelta(days=late)
                fields = {"action": action.id, "as_at": at, "status": "in progress"}
                days.setdefault(late, Point(action.id, f"open, {days_phrase(late)}", ("late", late), fields))
        yield from days.values()
    for grace in action.graces:
        yield from _action_grace_points(rules, action, grace)
    fields = {"action": action.id, "as_at": due, "status": "complete", "completed_on": due}
    yield Point(action.id, "complete", ("complete",), fields)


def _action_grace_points(rules: Rules, action: Action, grace: Grace) -> Iterator[Point]:
    """The first and last day on which a grace changes something for an open action; it is late by the same calendar."""
    without = evolve(action, graces=tuple(each for each in action.graces if each != grace))
    for which, day in _grace_days(grace):
        asked = grace.until if which == "day after" else day
        rated = [PreparedAction(rules, each).rate(asked, "in progress").rag for each in (action, without)]
        if rated[0] != rated[1]:
            fields = {"action": action.id, "as_at": day, "status": "in progress"}
            yield Point(action.id, f"{which} of {grace.name}", ("grace", None, grace.name, which), fields)


def _rule_points(rules: Rules) -> Iterator[Point]:
    own = {area.id for area in rules.areas.values() if area.rollup is not None}
    shared = [area for area in rules.areas if area not in own]
    scored = scored_areas(rules)
    for subject, policy in [("book", rules.rollup)] + [(area, rules.rollup_of(area)) for area in sorted(own)]:
        if subject == "book" and not shared:
            continue
        for number, limit in enumerate(policy.limits, start=1):
            what = f"{limit.effect} {limit.level} where {limit.condition}"
            yield Point(subject, f"roll-up limit {number}: {what}", ("limit", what))
        if scored & ({subject} if subject != "book" else {*shared}):
            yield from line_points(subject, policy, rules.scale)
        if policy.method is not RollupMethod.RULES:
            continue
        for number, rule in enumerate(policy.rules, start=1):
            when = rule.when.text if rule.when is not None else "nothing else"
            yield Point(subject, f"roll-up rule {number}: {rule.rag} when {when}", ("rule", number))


def _shown(rules: Rules, result: CaseResult) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Subject and key of each point that a result shows."""
    rating, decision = result.rating, result.decision
    if decision is not None:
        subject = result.subject if rules.areas[result.subject].rollup is not None else "book"
        if decision.rules:
            yield subject, ("rule", len(decision.rules))
        for trace in decision.limits:
            if trace.changed:
                yield subject, ("limit", f"{trace.effect} {trace.level} where {trace.condition}")
        for line in shown_lines(rules.rollup_of(result.subject), rules.scale, decision):
            yield subject, line
    if rating is None:
        return
    ruling = rating.outcome.ruling
    if not ruling.is_action:
        for key in _shown_by_kpi(rules, rating, ruling):
            yield result.subject, key
        if "score" in result.expects:
            for key in shown_scores(rating, _entity_of(rules, rating)):
                yield result.subject, key
        return
    if rating.facts.status == "complete":
        yield result.subject, ("complete",)
    elif rating.days_late is not None and rating.period is not None:
        yield result.subject, ("late", rating.days_late)
        for grace in ruling.action.graces:
            for which, day in _grace_days(grace):
                if rating.period.end == day:
                    yield result.subject, ("grace", None, grace.name, which)


def _entity_of(rules: Rules, rating: Rating) -> str | None:
    """Whose rule it is, where an entity has one of its own."""
    return rating.entity if rating.entity in rules.kpis[rating.id].entities else None


def _shown_by_kpi(rules: Rules, rating: Rating, ruling: Ruling) -> Iterator[tuple[object, ...]]:
    kpi = ruling.kpi
    entity = _entity_of(rules, rating)
    if rating.period is not None:
        for grace in kpi.graces:
            for which, day in _grace_days(grace):
                if rating.period.end == day:
                    yield ("grace", entity, grace.name, which)
    if rating.value is None:
        return
    if kpi.words:
        yield ("word", entity, kpi.words[int(rating.value)][0].strip().casefold())
        return
    if ruling.compares:
        yield ("side", entity, side_of(ruling, rating.value, rating.facts))
        return
    table = sample_table(ruling.as_printed)
    if table is None:
        return
    value = printed(rating.value, kpi)
    relief = _relieved(ruling, rating.outcome.granted)
    for shown in (table, relief):
        for number, cut in enumerate(shown.thresholds if shown is not None else ()):
            for side in _sides(value, cut.at, grid_step(kpi, cut.at)):
                yield ("threshold", entity, _place(ruling, cut.at, number), side)
