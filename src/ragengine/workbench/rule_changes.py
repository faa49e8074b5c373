"""Small changes of meaning of one rule: a target one step off, a line strict, a grace a day later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from attrs import evolve

from ..number import exact, text
from ..period import Due, Duration
from ..rating.relative_words import source_text
from ..rulebook.action import Action
from ..rulebook.area import RollupLimit, RollupPolicy
from ..rulebook.dated import ALWAYS, Dated
from ..rulebook.grace import Effect, Grace
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Band, Edge, Number, Range, RelativeTarget, SpecialTarget, Tolerance, Width
from ..rulebook.scoring import Score
from ..terms import Direction, Scale
from .sample_target import SAMPLE_TARGET
from .value_limits import grid_step, line_step

__all__ = ["action_changes", "kpi_changes", "rollup_changes"]

_DAY = timedelta(days=1)
_TURNED = {Direction.HIGHER: Direction.LOWER, Direction.LOWER: Direction.HIGHER}
_SWAPPED = {Effect.NO_BETTER_THAN: Effect.NO_WORSE_THAN, Effect.NO_WORSE_THAN: Effect.NO_BETTER_THAN}
#: narrower than any step in which values are told: amber as it is, but for its own line
_HAIR = Fraction(1, 10**9)


def _number(value: Fraction, places: int = 6) -> Number:
    return int(value) if value.denominator == 1 else Decimal(text(value, places, grouped=False)).normalize()


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


def kpi_changes(kpi: Kpi) -> Iterator[tuple[str, Kpi]]:
    """A KPI's small changes, in words and as the changed KPI; its entities' own rules among them."""
    yield from _changes(kpi)
    for entity, own in kpi.entities.items():
        for said, changed in _changes(own):
            yield f"{said} for {entity}", evolve(kpi, entities={**kpi.entities, entity: changed})


def _changes(kpi: Kpi) -> Iterator[tuple[str, Kpi]]:
    for value, put, since in _each(kpi.target):
        if isinstance(value, Range):
            for moved, said in _stepped(kpi, value.min):
                yield f"target.min {said}{since}", evolve(kpi, target=put(evolve(value, min=moved)))
            for moved, said in _stepped(kpi, value.max):
                yield f"target.max {said}{since}", evolve(kpi, target=put(evolve(value, max=moved)))
        elif isinstance(value, int | Decimal):
            for moved, said in _stepped(kpi, value):
                yield f"target {said}{since}", evolve(kpi, target=put(moved))
        elif isinstance(value, RelativeTarget):
            for relative in _other_sources(kpi, value):
                said = f"{source_text(value, kpi.unit)} → {source_text(relative, kpi.unit)}"
                yield f"target {said}{since}", evolve(kpi, target=put(relative))
    for value, put, since in _each(kpi.amber):
        for moved, said in _stepped(kpi, value):
            yield f"amber {said}{since}", evolve(kpi, amber=put(moved))
        strict = _number(exact(value) + _HAIR * (-1 if kpi.lower_is_better else 1), 9)
        yield f"amber {text(exact(value))} inclusive → strict{since}", evolve(kpi, amber=put(strict))
    for value, put, since in _each(kpi.tolerance):
        for said, tolerance in _other_widths(kpi, value):
            yield f"tolerance {said}{since}", evolve(kpi, tolerance=put(tolerance))
    for value, put, since in _each(kpi.bands if kpi.compare is None else None):
        for said, bands in _other_bands(value, lambda edge: _stepped(kpi, edge)):
            yield f"bands: {said}{since}", evolve(kpi, bands=put(bands))
    if kpi.bands is None and not kpi.words:
        met = ("beyond", "at or beyond") if kpi.met_beyond else ("at or beyond", "beyond")
        yield f"met {met[0]} target → {met[1]} target", evolve(kpi, met_beyond=not kpi.met_beyond)
        if kpi.direction in _TURNED:
            turned = _TURNED[kpi.direction]
            yield f"direction {kpi.direction} → {turned}", evolve(kpi, direction=turned, amber=_mirrored(kpi))
    for n, (one, other) in enumerate(zip(kpi.words, kpi.words[1:], strict=False)):
        swapped = (*kpi.words[:n], (one[0], other[1]), (other[0], one[1]), *kpi.words[n + 2 :])
        yield f"words: {one[0]} and {other[0]} swapped", evolve(kpi, words=swapped)
    for said, score in _other_scores(kpi):
        yield f"score: {said}", evolve(kpi, score=score)
    for said, graces in _other_graces(kpi.graces):
        yield said, evolve(kpi, graces=graces)
    for n, grace in enumerate(kpi.graces):
        for said, value in _other_reliefs(kpi, grace):
            changed = (*kpi.graces[:n], evolve(grace, value=value), *kpi.graces[n + 1 :])
            yield f"grace {grace.name}: {said}", evolve(kpi, graces=changed)


def _other_scores(kpi: Kpi) -> Iterator[tuple[str, Score]]:
    """Each point moved a step along the values, and up and down by one of its own digits.

    Of a score by rank there are none: a case is one row, and notices nothing of it.
    """
    score = kpi.score
    if score is None:
        return
    for n, (at, points) in enumerate(score.points):
        for other in (points - line_step(points), points + line_step(points)):
            changed = (*score.points[:n], (at, other), *score.points[n + 1 :])
            if _all_one_way(changed):
                yield f"{text(points)} at {text(at)} → {text(other)}", evolve(score, points=changed)
        for moved, said in _stepped(kpi, _number(at)):
            changed = (*score.points[:n], (exact(moved), points), *score.points[n + 1 :])
            if all(one < other for (one, _), (other, _) in pairwise(changed)):
                yield f"at {said}", evolve(score, points=changed)


def _all_one_way(points: Sequence[tuple[Fraction, Fraction]]) -> bool:
    """Whether the scores of points all rise, or all fall."""
    return len({one < other for (_, one), (_, other) in pairwise(points) if one != other}) == 1 and all(
        one != other for (_, one), (_, other) in pairwise(points)
    )


def _other_sources(kpi: Kpi, target: RelativeTarget) -> Iterator[RelativeTarget]:
    """The target made from other rows of its kind, changed by a step more and less, and as it is."""
    if target.source == "previous":
        yield RelativeTarget("year ago", change=target.change)
    elif target.source == "year ago":
        yield RelativeTarget("previous", periods=1, change=target.change)
    elif target.periods:
        yield evolve(target, source=f"{'mean' if target.best else 'best'} of {target.periods}", best=not target.best)
    if target.change is None:
        return
    yield evolve(target, change=None)
    for moved, _ in _stepped(kpi, target.change.amount):
        yield evolve(target, change=evolve(target.change, amount=moved))


def _mirrored(kpi: Kpi) -> Dated[Number] | None:
    """Amber lines as far from the target on its other side."""
    if kpi.amber is None:
        return None
    lines = []
    for start, line in kpi.amber.entries:
        target = kpi.target.on(start) if kpi.target is not None else None
        stated = isinstance(target, int | Decimal)
        lines.append((start, _number(2 * exact(target) - exact(line)) if stated else line))
    return Dated(tuple(lines))


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
        if width.amount > 0:
            strict = evolve(width, amount=_number(exact(width.amount) - _HAIR, 9))
            yield f"{named}{text(exact(width.amount))}: amber line inclusive → strict", put(strict)
        kinds = ("% of target", "in the unit") if width.of_target else ("in the unit", "% of target")
        yield f"{named}{kinds[0]} → {kinds[1]}", put(evolve(width, of_target=not width.of_target))


def _widened(kpi: Kpi, width: Width) -> Iterator[tuple[Number, str]]:
    """A width with which amber ends a step earlier, and one with which it ends a step later."""
    target: object = kpi.target.values[-1] if kpi.target is not None else None
    if target is SpecialTarget.FROM_DATA:
        target = SAMPLE_TARGET
    elif isinstance(target, RelativeTarget):
        target = target.changed(SAMPLE_TARGET)
    if not width.of_target or not isinstance(target, int | Decimal | Fraction) or target == 0:
        yield from _stepped(kpi, width.amount)
        return
    amount, at = exact(width.amount), exact(target)
    step = 100 * grid_step(kpi, at - amount * at / 100) / at
    for moved in (amount - step, amount + step):
        yield _number(moved), f"{text(amount)}% of target → {text(moved)}% of target"


def _other_reliefs(kpi: Kpi, grace: Grace) -> Iterator[tuple[str, Any]]:
    """Relief of a target or tolerance one step more, and one less."""
    match grace.value:
        case Tolerance() as tolerance:
            for said, other in _other_widths(kpi, tolerance):
                yield f"tolerance {said}", other
        case (int() | Decimal()) as target if grace.effect is Effect.TARGET:
            for moved, said in _stepped(kpi, target):
                yield f"target {said}", moved
        case Range() as target:
            for side in ("min", "max"):
                for moved, said in _stepped(kpi, getattr(target, side)):
                    yield f"target.{side} {said}", evolve(target, **{side: moved})


def _other_bands(
    bands: tuple[Band, ...], stepped: Callable[[Number], Iterator[tuple[Number, str]]]
) -> Iterator[tuple[str, tuple[Band, ...]]]:
    """Each edge one step off, and strict where it was not, in both bands that meet there."""
    edges = list(dict.fromkeys(edge for band in bands for edge in (band.lower, band.upper) if edge is not None))
    for edge in edges:
        for moved, said in stepped(edge.amount):
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


def action_changes(action: Action) -> Iterator[tuple[str, Action]]:
    """An action's small changes, in words and as the changed action."""
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
    for said, bands in _other_bands(action.bands, _a_day_more_or_less):
        yield f"bands: {said}", evolve(action, bands=bands)
    for said, graces in _other_graces(action.graces):
        yield said, evolve(action, graces=graces)


def _a_day_more_or_less(edge: Number) -> Iterator[tuple[Number, str]]:
    for moved in (edge - 1, edge + 1):
        yield moved, f"{edge} → {moved}"


def _a_step_over_scores(edge: Number) -> Iterator[tuple[Number, str]]:
    at = exact(edge)
    for moved in (at - line_step(at), at + line_step(at)):
        yield _number(moved), f"{text(at)} → {text(moved)}"


def _lengthened(duration: Duration, by: int) -> Duration | None:
    changed = evolve(duration, days=duration.days + by)
    return changed if changed.days >= 0 else None


def rollup_changes(
    policy: RollupPolicy, scale: Scale, *, of_scores: bool = False
) -> Iterator[tuple[str, RollupPolicy]]:
    """Two rules of a roll-up swapped, and each left out; the last, which has no condition, stays last.

    A cap or floor left out, at the next level, or held from another level of its child; one more or fewer of the worst.
    ``of_scores`` where scores roll up: each line of its bands a step off, and in the other band.
    """
    for said, bands in _other_bands(policy.bands, _a_step_over_scores) if of_scores else ():
        yield f"bands: {said}", evolve(policy, bands=bands)
    for n in range(len(policy.rules) - 2):
        first, second = policy.rules[n : n + 2]
        swapped = (*policy.rules[:n], second, first, *policy.rules[n + 2 :])
        yield f"roll-up rules {n + 1} ({first.rag}) and {n + 2} ({second.rag}) swapped", evolve(policy, rules=swapped)
    for n, rule in enumerate(policy.rules[:-1]):
        left = (*policy.rules[:n], *policy.rules[n + 1 :])
        yield f"roll-up rule {n + 1} ({rule.rag}) left out", evolve(policy, rules=left)
    for said, caps in _other_limits(policy.caps, scale):
        yield said, evolve(policy, caps=caps)
    for said, floors in _other_limits(policy.floors, scale):
        yield said, evolve(policy, floors=floors)
    for worst in () if policy.worst is None else (policy.worst - 1, policy.worst + 1):
        if worst:
            yield f"of worst {policy.worst} → worst {worst}", evolve(policy, worst=worst)


def _other_limits(limits: tuple[RollupLimit, ...], scale: Scale) -> Iterator[tuple[str, tuple[RollupLimit, ...]]]:
    for n, limit in enumerate(limits):
        rest = limits[:n], limits[n + 1 :]
        said = f"{limit.effect} {limit.level} where {limit.condition}"
        yield f"{said}: left out", (*rest[0], *rest[1])
        for other in _beside(limit.level, scale):
            yield f"{said}: {limit.level} → {other}", (*rest[0], evolve(limit, level=other), *rest[1])
        for other in _beside(limit.at, scale) if limit.child else ():
            yield f"{said}: at {limit.at} → {other}", (*rest[0], evolve(limit, at=other), *rest[1])


def _beside(level: str, scale: Scale) -> Iterator[str]:
    """The level below, and the one above."""
    at = scale[level].rank
    yield from (str(other) for other in scale if abs(other.rank - at) == 1)
