"""Which lines of a rulebook its cases reach: thresholds, words, first and last days of grace, roll-up rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from ...bands import BandTable, Interval, differences
from ...number import text
from ...rating.needed import days_phrase
from ...rating.outcome import Ground
from ...rating.rating import Rating
from ...rulebook.action import Action
from ...rulebook.area import RollupMethod
from ...rulebook.compile import Era, UnusableTarget, action_table, adjusted_table, eras_of, printed, printed_table
from ...rulebook.grace import Effect, Grace
from ...rulebook.kpi import Kpi
from ...rulebook.measure import SpecialTarget
from ...rulebook.rules import Rules
from ...terms import Rag
from ..action_days import level_when_open
from ..value_limits import value_limits
from .case_runner import CaseResult

__all__ = ["SAMPLE_TARGET", "Coverage", "Point", "coverage_of", "grid_step", "in_few_words"]

_SIDES = ("just under", "at", "just over")
_ONE_DAY = timedelta(days=1)
#: stands for a target that comes with the data; not 100, of which 10% and 10 are the same
SAMPLE_TARGET = Fraction(80)


@frozen
class Point:
    """One thing a case should show.

    Attributes:
        subject: id of the KPI, action or area.
        what: ``just under 90``, ``first day of covid-19``, ``word yes``, ``rule 2``.
        key: what identifies it: kind and exact place.
        fields: what a case for it holds beside its expectation; None where it cannot be made without a person.
    """

    subject: str
    what: str
    key: tuple[object, ...]
    fields: Mapping[str, Any] | None = None


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


def grid_step(kpi: Kpi, at: Fraction) -> Fraction:
    """The step in which values are told: that of ``decimals``, a tenth of a per cent, or that of the number."""
    if kpi.decimals is not None:
        return Fraction(1, 10**kpi.decimals)
    places = next((n for n in range(7) if (at * 10**n).denominator == 1), 6)
    return Fraction(1, 10 ** max(places, 1 if kpi.unit == "%" else 0))


def _table(era: Era, rules: Rules, target: Fraction | None) -> BandTable[Rag] | None:
    try:
        return printed_table(era, rules.scale, target)
    except UnusableTarget:
        return None


def _relieved(
    era: Era, rules: Rules, table: BandTable[Rag], granted: Iterable[Grace], target: Fraction | None
) -> BandTable[Rag] | None:
    """The table as people read it, under graces that relieve the target or the tolerance; None without one."""
    relief = [grace for grace in granted if grace.effect in (Effect.TARGET, Effect.TOLERANCE)]
    if not relief:
        return None
    try:
        return adjusted_table(evolve(era, kpi=evolve(era.kpi, decimals=None)), rules.scale, relief, table, target)
    except UnusableTarget:
        return None


def _sides(value: Fraction, at: Fraction, step: Fraction) -> Iterator[str]:
    if value == at:
        yield "at"
    elif at - step <= value < at:
        yield "just under"
    elif at < value <= at + step:
        yield "just over"


def _place(at: Fraction, number: int, from_data: bool) -> object:
    """A threshold is known by its place; where each row brings its target, by its number."""
    return number if from_data else at


def _kpi_points(rules: Rules, kpi: Kpi, entity: str | None) -> Iterator[Point]:
    seen: set[tuple[object, ...]] = set()
    for era in sorted(eras_of(kpi), key=lambda era: (len(era.live), era.start)):
        if era.not_due:
            continue
        if kpi.words:
            yield from _new(seen, _word_points(kpi, era, entity))
            continue
        from_data = era.target is SpecialTarget.FROM_DATA or (era.target is None and bool(era.bands))
        target = SAMPLE_TARGET if from_data else None
        table = _table(era, rules, target)
        if table is not None:
            yield from _new(seen, _threshold_points(kpi, era, table, entity, from_data))
            relief = _relieved(era, rules, table, era.live, target)
            if relief is not None and all(grace.when is None for grace in era.live):
                yield from _new(seen, _threshold_points(kpi, era, relief, entity, from_data))
    for grace in kpi.graces:
        yield from _grace_points(rules, kpi, grace, entity)


def _new(seen: set[tuple[object, ...]], found: Iterable[Point]) -> Iterator[Point]:
    for point in found:
        if point.key not in seen:
            seen.add(point.key)
            yield point


def _day_in(era: Era) -> date:
    """A day of the era, the last of a month where there is one."""
    if era.start == date.min:
        return era.end if era.end != date.max else date(2020, 4, 30)
    return era.start


def _case(kpi: Kpi, day: date, entity: str | None, **more: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"kpi": kpi.id}
    if entity:
        fields["entity"] = entity
    return {**fields, "period": day, **more}


def _decimal(value: Fraction) -> Decimal | int:
    if value.denominator == 1:
        return int(value)
    return Decimal(text(value, 6, grouped=False)).normalize()


def _threshold_points(
    kpi: Kpi, era: Era, table: BandTable[Rag], entity: str | None, from_data: bool
) -> Iterator[Point]:
    least, most = value_limits(kpi, table)
    for number, cut in enumerate(table.thresholds):
        step = grid_step(kpi, cut.at)
        for side, value in zip(_SIDES, (cut.at - step, cut.at, cut.at + step), strict=True):
            if (least is not None and value < least) or (most is not None and value > most):
                continue
            key = ("threshold", entity, _place(cut.at, number, from_data), side)
            shown = text(cut.at) + (f" of a target of {SAMPLE_TARGET}" if from_data else "")
            whose = f" for {entity}" if entity else ""
            fields = None
            if kpi.formula is None or kpi.formula.text.strip() == "value":
                more = {"target": _decimal(SAMPLE_TARGET)} if from_data else {}
                fields = _case(kpi, _day_in(era), entity, value=_decimal(value), **more)
            yield Point(kpi.id, f"{side} {shown}{whose}", key, fields)


def _word_points(kpi: Kpi, era: Era, entity: str | None) -> Iterator[Point]:
    for word, _ in kpi.words:
        key = ("word", entity, word.strip().casefold())
        yield Point(kpi.id, f"the word {word}", key, _case(kpi, _day_in(era), entity, value=word))


def _grace_days(grace: Grace) -> Iterator[tuple[str, date]]:
    yield "first day", grace.start
    yield "last day", grace.until
    if grace.until < date.max:
        yield "day after", grace.until + _ONE_DAY


def _grace_points(rules: Rules, kpi: Kpi, grace: Grace, entity: str | None) -> Iterator[Point]:
    for which, day in _grace_days(grace):
        key = ("grace", entity, grace.name, which)
        plain = not kpi.words and kpi.formula is None and grace.when is None
        value = _relieved_value(rules, kpi, grace) if plain else None
        fields = None if value is None else _case(kpi, day, entity, value=_decimal(value))
        yield Point(kpi.id, f"{which} of {grace.name}", key, fields)


def _relieved_value(rules: Rules, kpi: Kpi, grace: Grace) -> Fraction | None:
    """A value whose level the grace changes; one on the first threshold where it changes none."""
    for era in eras_of(kpi):
        table = _table(era, rules, None) if era.start <= grace.start <= era.end else None
        if table is None or not table.thresholds:
            continue
        try:
            changed = differences(table, adjusted_table(era, rules.scale, [grace], table))
        except UnusableTarget:
            return None
        return _inside(kpi, changed[0][0]) if changed else table.thresholds[0].at
    return None


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
        for cut in action_table(action, rules.scale).thresholds:
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
        if level_when_open(rules, action, asked) != level_when_open(rules, without, asked):
            fields = {"action": action.id, "as_at": day, "status": "in progress"}
            yield Point(action.id, f"{which} of {grace.name}", ("grace", None, grace.name, which), fields)


def _rule_points(rules: Rules) -> Iterator[Point]:
    own = {area.id for area in rules.areas.values() if area.rollup is not None}
    shared = [area for area in rules.areas if area not in own]
    for subject, policy in [("book", rules.rollup)] + [(area, rules.rollup_of(area)) for area in sorted(own)]:
        if policy.method is not RollupMethod.RULES or (subject == "book" and not shared):
            continue
        for number, rule in enumerate(policy.rules, start=1):
            when = rule.when.text if rule.when is not None else "nothing else"
            yield Point(subject, f"roll-up rule {number}: {rule.rag} when {when}", ("rule", number))


def _shown(rules: Rules, result: CaseResult) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Subject and key of each point that a result shows."""
    rating, decision = result.rating, result.decision
    if decision is not None and decision.rules:
        own = rules.areas[result.subject].rollup is not None
        yield (result.subject if own else "book"), ("rule", len(decision.rules))
    if rating is None:
        return
    ground = rating.outcome.ground
    if isinstance(ground, Ground):
        for key in _shown_by_kpi(rules, rating, ground):
            yield result.subject, key
        return
    if rating.facts.status == "complete":
        yield result.subject, ("complete",)
    elif rating.days_late is not None and rating.period is not None:
        yield result.subject, ("late", rating.days_late)
        for grace in ground.action.graces:
            for which, day in _grace_days(grace):
                if rating.period.end == day:
                    yield result.subject, ("grace", None, grace.name, which)


def _shown_by_kpi(rules: Rules, rating: Rating, ground: Ground) -> Iterator[tuple[object, ...]]:
    kpi = ground.kpi
    entity = rating.entity if rating.entity in rules.kpis[kpi.id].entities else None
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
    from_data = ground.data_target is not None
    table = _table(ground.era, rules, ground.data_target)
    if table is None:
        return
    value = printed(rating.value, kpi)
    granted = [applied.grace for applied in rating.outcome.graces if applied.granted]
    relief = _relieved(ground.era, rules, table, granted, ground.data_target)
    for shown in (table, relief):
        for number, cut in enumerate(shown.thresholds if shown is not None else ()):
            for side in _sides(value, cut.at, grid_step(kpi, cut.at)):
                yield ("threshold", entity, _place(cut.at, number, from_data), side)
