"""Small changes of meaning that cases should notice: a target one step off, a line strict, a grace a day later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from ..bands import BandsFault, BandTable
from ..book import Rulebook
from ..number import exact, text
from ..period import Due, Duration
from ..rulebook.action import Action
from ..rulebook.area import RollupMethod, RollupPolicy
from ..rulebook.compile import UnusableTarget, adjusted_table, eras_of, kpi_table
from ..rulebook.dated import ALWAYS, Dated
from ..rulebook.grace import Effect, Grace
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Band, Edge, Number, Range, Tolerance, Width
from ..rulebook.rules import Case, Rules
from ..terms import Direction, Rag
from .action_days import days_that_matter, levels_on
from .case_runner import all_cases, run_case, subject_of
from .coverage import grid_step

__all__ = ["Mutant", "MutationResult", "mutants_of", "tried"]

_DAY = timedelta(days=1)
_TURNED = {Direction.HIGHER: Direction.LOWER, Direction.LOWER: Direction.HIGHER}
_SWAPPED = {Effect.NO_BETTER_THAN: Effect.NO_WORSE_THAN, Effect.NO_WORSE_THAN: Effect.NO_BETTER_THAN}


@frozen
class Mutant:
    """One small change of meaning.

    Attributes:
        subject: id of the KPI or action, or of the area whose roll-up it is (``book`` for the book's).
        change: in words: ``target 90 → 90.1``.
    """

    subject: str
    change: str
    rules: Rules
    file: str = ""
    line: int = 0


@frozen
class MutationResult:
    """What became of the mutants.

    Attributes:
        killed: so many were noticed by a case.
        survivors: those that no case notices.
    """

    killed: int
    survivors: tuple[Mutant, ...]

    @property
    def total(self) -> int:
        return self.killed + len(self.survivors)


Progress = Callable[[list[Mutant]], Iterable[Mutant]]


def tried(rules: Rules, progress: Progress = iter) -> MutationResult:
    """Every mutant against the confirmed cases of its subject; a case that fails already notices nothing.

    ``progress`` may show how far the mutants have come that go through it.
    """
    book = Rulebook(rules)
    by_subject: dict[str, list[Case]] = {}
    for case in all_cases(rules):
        if case.fields.get("unconfirmed") is True or "problem" in case.fields["expect"]:
            continue
        if run_case(book, case).passed:
            subject = subject_of(case)
            by_subject.setdefault(subject, []).append(case)
    killed = 0
    survivors = []
    for mutant in progress(list(mutants_of(rules))):
        changed = Rulebook(mutant.rules)
        cases = [case for subject in _asked(rules, mutant.subject) for case in by_subject.get(subject, ())]
        if any(not run_case(changed, case).passed for case in cases):
            killed += 1
        else:
            survivors.append(mutant)
    return MutationResult(killed, tuple(survivors))


def _asked(rules: Rules, subject: str) -> list[str]:
    """The ids whose cases may notice a change of a subject."""
    if subject != "book":
        return [subject]
    return [area.id for area in rules.areas.values() if area.rollup is None]


def mutants_of(rules: Rules) -> Iterator[Mutant]:
    """Every mutant that means something else than the rules do."""
    for kpi in rules.kpis.values():
        tables = _kpi_tables(rules, kpi)
        for change, mutated in _kpi_mutants(kpi):
            if _kpi_tables(rules, mutated) not in (tables, None):
                made = evolve(rules, kpis={**rules.kpis, kpi.id: mutated})
                yield Mutant(kpi.id, change, made, kpi.file, kpi.line)
    for action in rules.actions.values():
        days = days_that_matter(rules, action)
        before = levels_on(rules, action, days)
        for change, changed in _action_mutants(action):
            if levels_on(rules, changed, days) != before:
                made = evolve(rules, actions={**rules.actions, action.id: changed})
                yield Mutant(action.id, change, made, action.file, action.line)
    yield from _rollup_mutants(rules)


Tables = list[tuple[date, BandTable[Rag] | None, BandTable[Rag] | None, tuple[Any, ...]]]


def _kpi_tables(rules: Rules, kpi: Kpi) -> Tables | None:
    """What a KPI means: its tables in every era, with and without the live graces; None where it means nothing."""
    found: Tables = []
    for era in eras_of(kpi):
        try:
            table = kpi_table(era, rules.scale, _data_target(kpi))
            adjusted = None
            if table is not None:
                adjusted = adjusted_table(era, rules.scale, era.live, table, _data_target(kpi))
        except (UnusableTarget, BandsFault):
            return None
        suspending = tuple((grace.effect, grace.when) for grace in era.live)
        if not found or found[-1][1:] != (table, adjusted, suspending):
            found.append((era.start, table, adjusted, suspending))
    return found


def _data_target(kpi: Kpi) -> Fraction | None:
    """A target for rules that leave it to the data."""
    stated = kpi.target.values if kpi.target is not None else ()
    return None if any(isinstance(value, int | Decimal | Range) for value in stated) else Fraction(100)


def _number(value: Fraction) -> Number:
    return int(value) if value.denominator == 1 else Decimal(text(value, 6, grouped=False)).normalize()


def _stepped(kpi: Kpi, value: Number) -> Iterator[tuple[Number, str]]:
    at = exact(value)
    step = grid_step(kpi, at)
    for moved in (at - step, at + step):
        yield _number(moved), f"{text(at)} → {text(moved)}"


def _each(dated: Dated[Any] | None) -> Iterator[tuple[Any, Callable[[Any], Dated[Any]], str]]:
    """Each dated value, what puts another in its place, and since when it holds."""
    for n, (start, value) in enumerate(dated.entries if dated is not None else ()):

        def put(other: Any, n: int = n, start: date = start) -> Dated[Any]:
            assert dated is not None
            return Dated((*dated.entries[:n], (start, other), *dated.entries[n + 1 :]))

        yield value, put, "" if start == ALWAYS else f" from {start}"


def _kpi_mutants(kpi: Kpi) -> Iterator[tuple[str, Kpi]]:
    for value, put, since in _each(kpi.target):
        if isinstance(value, Range):
            for moved, said in _stepped(kpi, value.min):
                yield f"target.min {said}{since}", evolve(kpi, target=put(evolve(value, min=moved)))
            for moved, said in _stepped(kpi, value.max):
                yield f"target.max {said}{since}", evolve(kpi, target=put(evolve(value, max=moved)))
        elif isinstance(value, int | Decimal):
            for moved, said in _stepped(kpi, value):
                yield f"target {said}{since}", evolve(kpi, target=put(moved))
    for value, put, since in _each(kpi.amber):
        for moved, said in _stepped(kpi, value):
            yield f"amber {said}{since}", evolve(kpi, amber=put(moved))
    for value, put, since in _each(kpi.tolerance):
        for said, tolerance in _other_widths(kpi, value):
            yield f"tolerance {said}{since}", evolve(kpi, tolerance=put(tolerance))
    for value, put, since in _each(kpi.bands):
        for said, bands in _other_bands(kpi, value):
            yield f"bands: {said}{since}", evolve(kpi, bands=put(bands))
    if kpi.bands is None and not kpi.words:
        met = ("beyond", "at or beyond") if kpi.met_beyond else ("at or beyond", "beyond")
        yield f"met {met[0]} target → {met[1]} target", evolve(kpi, met_beyond=not kpi.met_beyond)
        if kpi.direction in _TURNED:
            turned = _TURNED[kpi.direction]
            yield f"direction {kpi.direction} → {turned}", evolve(kpi, direction=turned)
    for n, (one, other) in enumerate(zip(kpi.words, kpi.words[1:], strict=False)):
        swapped = (*kpi.words[:n], (one[0], other[1]), (other[0], one[1]), *kpi.words[n + 2 :])
        yield f"words: {one[0]} and {other[0]} swapped", evolve(kpi, words=swapped)
    for said, graces in _other_graces(kpi.graces):
        yield said, evolve(kpi, graces=graces)


def _other_widths(kpi: Kpi, tolerance: Tolerance) -> Iterator[tuple[str, Tolerance]]:
    for side in ("below", "above"):
        width: Width = getattr(tolerance, side)
        both = tolerance.below == tolerance.above
        if both and side == "above":
            return
        named = "" if both else f"{side} "

        def put(other: Width, side: str = side, both: bool = both) -> Tolerance:
            return Tolerance(other, other) if both else evolve(tolerance, **{side: other})

        for moved, said in _widened(kpi, width):
            if exact(moved) >= 0:
                yield f"{named}{said}", put(evolve(width, amount=moved))
        kinds = ("% of target", "in the unit") if width.of_target else ("in the unit", "% of target")
        yield f"{named}{kinds[0]} → {kinds[1]}", put(evolve(width, of_target=not width.of_target))


def _widened(kpi: Kpi, width: Width) -> Iterator[tuple[Number, str]]:
    """A width with which amber ends a step earlier, and one with which it ends a step later."""
    target = kpi.target.values[-1] if kpi.target is not None else None
    if not width.of_target or not isinstance(target, int | Decimal) or target == 0:
        yield from _stepped(kpi, width.amount)
        return
    amount, at = exact(width.amount), exact(target)
    step = 100 * grid_step(kpi, at - amount * at / 100) / at
    for moved in (amount - step, amount + step):
        yield _number(moved), f"{text(amount)}% of target → {text(moved)}% of target"


def _other_bands(kpi: Kpi, bands: tuple[Band, ...]) -> Iterator[tuple[str, tuple[Band, ...]]]:
    """Each edge one step off, and strict where it was not, in both bands that meet there."""
    edges = list(dict.fromkeys(edge for band in bands for edge in (band.lower, band.upper) if edge is not None))
    for edge in edges:
        for moved, said in _stepped(kpi, edge.amount):
            other = Edge(moved, edge.of_target)
            yield (
                said,
                tuple(
                    evolve(
                        band,
                        lower=other if band.lower == edge else band.lower,
                        upper=other if band.upper == edge else band.upper,
                    )
                    for band in bands
                ),
            )
        yield (
            f"{text(exact(edge.amount))} belongs to the other band",
            tuple(
                evolve(
                    band,
                    lower_in=not band.lower_in if band.lower == edge else band.lower_in,
                    upper_in=not band.upper_in if band.upper == edge else band.upper_in,
                )
                for band in bands
            ),
        )


def _other_graces(graces: tuple[Grace, ...]) -> Iterator[tuple[str, tuple[Grace, ...]]]:
    for n, grace in enumerate(graces):

        def put(other: Grace, n: int = n) -> tuple[Grace, ...]:
            return (*graces[:n], other, *graces[n + 1 :])

        for by in (-_DAY, _DAY):
            moved = (evolve(grace, start=grace.start + by), evolve(grace, until=grace.until + by))
            for key, day, other in zip(("from", "until"), (grace.start, grace.until), moved, strict=True):
                if other.start <= other.until:
                    yield f"grace {grace.name}: {key} {day} → {day + by}", put(other)
        if grace.effect in _SWAPPED:
            swapped = _SWAPPED[grace.effect]
            yield f"grace {grace.name}: {grace.effect} → {swapped}", put(evolve(grace, effect=swapped))
        yield f"grace {grace.name} left out", (*graces[:n], *graces[n + 1 :])


def _action_mutants(action: Action) -> Iterator[tuple[str, Action]]:
    due = action.due.day
    if due is not None:
        for moved in (due - _DAY, due + _DAY):
            yield f"due {due} → {moved}", evolve(action, due=Due(moved, action.due.tentative))
    if not action.bands:
        for by in (-1, 1):
            later = _lengthened(action.tolerance, by)
            if later is not None:
                yield f"tolerance {action.tolerance} → {later}", evolve(action, tolerance=later)
            if action.warning is not None:
                warned = _lengthened(action.warning, by)
                if warned is not None:
                    yield f"warning {action.warning} → {warned}", evolve(action, warning=warned)
    for said, graces in _other_graces(action.graces):
        yield said, evolve(action, graces=graces)


def _lengthened(duration: Duration, by: int) -> Duration | None:
    changed = evolve(duration, days=duration.days + by)
    return changed if changed.days >= 0 else None


def _rollup_mutants(rules: Rules) -> Iterator[Mutant]:
    for subject, policy in [("book", rules.rollup), *((a.id, a.rollup) for a in rules.areas.values() if a.rollup)]:
        if policy.method is not RollupMethod.RULES:
            continue
        for n in range(len(policy.rules) - 2):
            first, second = policy.rules[n : n + 2]
            swapped = (*policy.rules[:n], second, first, *policy.rules[n + 2 :])
            change = f"roll-up rules {n + 1} ({first.rag}) and {n + 2} ({second.rag}) swapped"
            yield _with_policy(rules, subject, evolve(policy, rules=swapped), change)
        for n, rule in enumerate(policy.rules[:-1]):
            left = (*policy.rules[:n], *policy.rules[n + 1 :])
            change = f"roll-up rule {n + 1} ({rule.rag}) left out"
            yield _with_policy(rules, subject, evolve(policy, rules=left), change)


def _with_policy(rules: Rules, subject: str, policy: RollupPolicy, change: str) -> Mutant:
    if subject == "book":
        return Mutant(subject, change, evolve(rules, rollup=policy), "book.toml", policy.line)
    area = evolve(rules.areas[subject], rollup=policy)
    return Mutant(subject, change, evolve(rules, areas={**rules.areas, subject: area}), area.file, policy.line)
