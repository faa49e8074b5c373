"""What can be wrong with one rule on its own: gaps, overlaps, directions, widths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from ..bands import BandsFault, BandTable, Interval, describe_hole
from ..number import exact, text
from ..problem import Severity
from ..terms import Direction, Rag, Scale
from .action import Action
from .area import RollupMethod, RollupPolicy
from .compile import (
    Era,
    UnusableTarget,
    crosses,
    era_on,
    eras_at,
    eras_of,
    own_table,
    policy_table,
    table_under,
    width_of,
)
from .dated import ALWAYS
from .fault import Fault
from .interval_faults import interval_faults
from .kpi import Kpi, rounded_to
from .measure import Band, Range, SpecialTarget
from .score_faults import score_faults

__all__ = ["action_faults", "is_plainly_sound", "kpi_faults", "rollup_faults"]

#: a number as an author writes it
_WRITTEN = (int, Decimal)


def _eras(kpi: Kpi) -> Iterator[Era]:
    days = {ALWAYS}
    for dated in (kpi.target, kpi.tolerance, kpi.amber, kpi.bands):
        if dated is not None:
            days.update(dated.changes)
    return eras_at(kpi, sorted(days))


def kpi_faults(kpi: Kpi, scale: Scale) -> tuple[Fault, ...]:
    """Everything wrong with a KPI's numbers, each fault once; its entities' rules are KPIs of their own."""
    faults = [] if is_plainly_sound(kpi, scale) else list(_kpi_faults(kpi, scale))
    faults += _disclosure_faults(kpi)
    faults += interval_faults(kpi, scale)
    faults += score_faults(kpi)
    faults += _relative_faults(kpi)
    relieved = any(grace.effect.relieves for grace in kpi.graces)
    if relieved and not any(fault.severity is Severity.ERROR for fault in faults):
        faults += _relief_faults(kpi, scale)
    return tuple(dict.fromkeys(faults))


def _relative_faults(kpi: Kpi) -> Iterator[Fault]:
    """A target made of what the rule measures cannot be part of what it measures."""
    if not kpi.measures_against_target and kpi.relative_targets:
        message = "the formula reads target, and the target is made of what the formula gives in other rows"
        yield Fault("RAG016", message, 'write target = "from data", or a formula without target', "formula")


def _disclosure_faults(kpi: Kpi) -> Iterator[Fault]:
    """Rounding after hiding: each printed number must stand for as many counts as its neighbours."""
    below, step = kpi.suppress_below, kpi.round_to
    if below is None:
        for key, given in (("round_to", step), ("suppress_zero", kpi.suppress_zero or None)):
            if given is not None:
                yield Fault("RAG005", "suppress_below is missing", f"{key} is for what is shown after hiding", key)
        return
    if step is None:
        return
    first = rounded_to(below, step)
    stands_for = sum(rounded_to(count, step) == first for count in range(below, below + 2 * step))
    if stands_for < step:
        sound = next(n for n in range(below, below + step + 1) if rounded_to(n - 1, step) != rounded_to(n, step))
        message = f"a printed {first} would stand for {stands_for} counts, and its neighbours for {step}"
        yield Fault("RAG007", message, f"suppress_below = {sound} goes with round_to = {step}", "round_to")


def is_plainly_sound(kpi: Kpi, scale: Scale) -> bool:
    """Whether it is a number with a width no larger than itself: most rules are, and need no table to be sure."""
    target, tolerance = kpi.target, kpi.tolerance
    if target is None or tolerance is None or kpi.bands is not None or kpi.amber is not None or not scale.has_the_usual:
        return False
    if kpi.direction is not Direction.HIGHER and kpi.direction is not Direction.LOWER:
        return False
    if len(target.entries) > 1 or len(tolerance.entries) > 1:
        return False
    value, width = target.entries[0][1], tolerance.entries[0][1].below
    return isinstance(value, _WRITTEN) and not width.of_target and 0 <= width.amount <= value


def _kpi_faults(kpi: Kpi, scale: Scale) -> Iterator[Fault]:
    if kpi.words or kpi.direction is Direction.MONITOR:
        return
    if kpi.direction is None and kpi.bands is None:
        # without it a target makes no bands, and that it is missing has been told
        return
    if kpi.bands is None and not scale.has_the_usual:
        yield Fault(
            "RAG017",
            "target and tolerance make red, amber and green, and the scale has not all of them",
            "write bands with the levels of the scale",
            "target",
        )
        return
    if kpi.bands is not None:
        unknown = [band.rag for bands in kpi.bands.values for band in bands if scale.get(band.rag) is None]
        if unknown:
            yield from (_unknown_level(level, scale) for level in unknown)
            return
    for era in _eras(kpi):
        if kpi.direction is Direction.WITHIN and era.target is SpecialTarget.FROM_DATA and not era.bands:
            message = "the direction is within, and a measurement brings one number"
            yield Fault("RAG007", message, 'write { min = …, max = … }, or bands from "90% of target"', "target")
            continue
        widths = list(_width_faults(kpi, era))
        yield from widths
        if any(fault.severity is Severity.ERROR for fault in widths):
            continue
        try:
            table = own_table(era, scale, _sample(era))
        except BandsFault as fault:
            yield from _bands_faults(fault, "bands")
        except UnusableTarget as unusable:
            if isinstance(unusable.__cause__, BandsFault):
                yield from _bands_faults(unusable.__cause__, "bands")
            else:
                yield Fault("RAG015", str(unusable), "write a number instead", "bands" if era.bands else "tolerance")
        else:
            if table is not None and kpi.direction is not None:
                yield from _direction_faults(table, kpi.direction, "bands" if era.bands else "amber")


def _relief_faults(kpi: Kpi, scale: Scale) -> Iterator[Fault]:
    """Reliefs of target or tolerance that make no table, alone or together."""
    for era in eras_of(kpi):
        reliefs = [grace for grace in era.live if grace.effect.relieves]
        target = _sample(era)
        table = own_table(era, scale, target) if reliefs else None
        if table is None:
            continue
        for granted in (*((grace,) for grace in reliefs), tuple(reliefs)):
            try:
                table_under(era, scale, granted, table, target)
            except UnusableTarget as unusable:
                names = " with ".join(grace.name for grace in granted)
                hint = (
                    "write a number in the unit"
                    if era.amber is None
                    else "write a tolerance instead: it moves with the target"
                )
                yield Fault("RAG015", f"under the grace {names}: {unusable}", hint, "grace")


def _sample(era: Era) -> Fraction | None:
    """A target that data might bring, with which a sound rule makes a table; None where the data bring none."""
    if not era.target_comes_with_row:
        return None
    # bands in per cent of the target are alike for all that are positive
    return Fraction(100) if era.amber is None else exact(era.amber)


def _unknown_level(level: str, scale: Scale) -> Fault:
    known = ", ".join(str(own) for own in scale)
    return Fault("RAG017", f"the scale has no level {level!r}", f"its levels are {known}", "bands")


def _bands_faults(fault: BandsFault, key: str) -> Iterator[Fault]:
    for gap in fault.gaps:
        yield Fault("RAG011", f"gap {describe_hole(gap)}: no band holds it", _closing(gap), key)
    for overlap in fault.overlaps:
        hint = f"end one band where the next begins{_one_edge(overlap)}"
        yield Fault("RAG012", f"overlap {describe_hole(overlap)}: two bands hold it", hint, key)
    for index in fault.empty:
        yield Fault("RAG007", f"band {index + 1} holds no number", "its lower end must lie below its upper end", key)


def _closing(gap: Interval) -> str:
    if gap.lower is None:
        return "leave out the lower end of the lowest band"
    if gap.upper is None:
        return "leave out the upper end of the highest band"
    return f"let one band begin where the one before ends{_one_edge(gap)}"


def _one_edge(hole: Interval) -> str:
    """How two bands meet where a gap or an overlap begins."""
    edge = hole.lower or hole.upper
    written = text(edge.at) if edge is not None else "70"
    return f": from = {written} beside below = {written}"


def _width_faults(kpi: Kpi, era: Era) -> Iterator[Fault]:
    """Tolerances that are negative, of nothing, or larger than the target; ranges the wrong way round."""
    target, tolerance = era.rule_target, era.tolerance
    if isinstance(target, Range) and target.min > target.max:
        yield Fault("RAG007", f"min {target.min} is above max {target.max}", "write the lower end as min", "target")
        return
    if isinstance(target, Range) and kpi.met_beyond and target.min == target.max:
        yield Fault("RAG007", f"nothing lies strictly inside of {target.min}", "write a wider range", "target")
        return
    if era.amber is not None and isinstance(target, Fraction):
        line = exact(era.amber)
        if crosses(line, target, kpi.direction):
            message = f"the amber line {text(line)} lies on the better side of the target {text(target)}"
            yield Fault("RAG013", message, "check amber, target and direction", "amber")
    if tolerance is None:
        return
    ends = _ends(target)
    for width, end in zip((tolerance.below, tolerance.above), ends, strict=True):
        if width.amount < 0:
            yield Fault("RAG015", f"the tolerance {width.amount} is negative", "write the width of amber", "tolerance")
            continue
        if end is None:
            continue
        amount = width_of(width, end)
        if width.of_target and end <= 0:
            said = "0 is no width: no amber" if end == 0 else f"a negative target: {text(amount)}"
            hint = "where that is not meant, write the width itself, or a table of dates"
            yield Fault("RAG036", f"{text(exact(width.amount))}% of {said}", hint, "tolerance", Severity.WARNING)
        if amount > abs(end) and end and kpi.direction is Direction.HIGHER:
            message = f"the tolerance {text(amount)} is larger than the target {text(end)}"
            yield Fault("RAG030", message, "check both numbers", "tolerance", Severity.WARNING)


def _ends(target: Fraction | Range | None) -> tuple[Fraction | None, Fraction | None]:
    if isinstance(target, Range):
        return exact(target.min), exact(target.max)
    return target, target


def _direction_faults(table: BandTable[Rag], direction: Direction, key: str) -> Iterator[Fault]:
    ranks = [level.rank for level in table.labels]
    rising = ranks == sorted(ranks)
    falling = ranks == sorted(ranks, reverse=True)
    if direction is Direction.HIGHER and not rising:
        yield Fault("RAG013", "the direction is higher, and a higher value is worse", "check bands and direction", key)
    elif direction is Direction.LOWER and not falling:
        yield Fault("RAG013", "the direction is lower, and a lower value is worse", "check bands and direction", key)
    elif direction is Direction.WITHIN:
        top = ranks.index(max(ranks))
        if ranks[:top] != sorted(ranks[:top]) or ranks[top:] != sorted(ranks[top:], reverse=True):
            message = "the direction is within, and a value nearer the range is worse"
            yield Fault("RAG013", message, "check bands and direction", key)


def action_faults(action: Action, scale: Scale) -> Iterator[Fault]:
    """Everything wrong with an action's bands and levels."""
    if scale.get(action.complete) is None:
        fault = _unknown_level(action.complete, scale)
        yield Fault(fault.code, fault.message, fault.hint, "complete")
    if not action.bands:
        if not scale.has_the_usual:
            message = "warning and tolerance make red, amber and green, and the scale has not all of them"
            yield Fault("RAG017", message, "write bands with the levels of the scale", "tolerance")
        return
    faults = list(_written_faults(action.bands, scale))
    yield from faults
    if not faults:
        table = own_table(era_on(action, ALWAYS), scale)
        ranks = [level.rank for level in table.labels] if table is not None else []
        if action.formula is None and ranks != sorted(ranks, reverse=True):
            yield Fault(
                "RAG013", "more days late is better in these bands", "check the direction of the bands", "bands"
            )


def _written_faults(bands: Sequence[Band], scale: Scale) -> Iterator[Fault]:
    unknown = [band.rag for band in bands if scale.get(band.rag) is None]
    if unknown:
        yield from (_unknown_level(level, scale) for level in unknown)
        return
    try:
        policy_table(RollupPolicy(bands=tuple(bands)), scale)
    except BandsFault as fault:
        yield from _bands_faults(fault, "bands")
    except UnusableTarget as unusable:
        yield Fault("RAG015", str(unusable), "write a number instead", "bands")


def rollup_faults(policy: RollupPolicy, scale: Scale) -> Iterator[Fault]:
    """Everything wrong with a roll-up's levels and bands."""
    for rule in policy.rules:
        if scale.get(rule.rag) is None:
            fault = _unknown_level(rule.rag, scale)
            yield Fault(fault.code, fault.message, fault.hint, "rules")
    if policy.of and scale.get(policy.of) is None:
        yield Fault("RAG017", f"the scale has no level {policy.of!r}", "name one of its levels", "of")
    if policy.method in (RollupMethod.POINTS, RollupMethod.SHARE):
        if not policy.bands:
            yield Fault("RAG005", f"a {policy.method} roll-up needs bands", "write bands over the score", "bands")
            return
        unusable = list(_written_faults(policy.bands, scale))
        yield from unusable
        if policy.worst is not None and not unusable:
            ranks = [level.rank for level in policy_table(policy, scale).labels]
            if len(ranks) < 2 or ranks not in (sorted(ranks), sorted(ranks, reverse=True)):
                said = "the bands neither rise nor fall, and so do not say which children are the worst"
                yield Fault("RAG023", said, "let the bands rise with the score, or fall", "of")
