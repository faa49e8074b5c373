"""A rule becomes band tables: the only place that knows direction, tolerance and rounding.

Time is cut into eras: the days between which nothing about a KPI's rule changes. In one era a KPI has one table
for its rule as it stands; the graces that are live turn it into another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from attrs import evolve, frozen

from ..bands import BandsFault, BandTable, Threshold, beyond_or_at, from_bands, from_words, rounded, within
from ..number import exact, half_up, text
from ..terms import Direction, Rag, Scale
from .action import Action
from .area import RollupPolicy
from .grace import Effect, Grace, live_graces
from .kpi import Kpi
from .measure import Band, Edge, Number, Range, SpecialTarget, Target, Tolerance, Width

__all__ = [
    "Era",
    "UnusableTarget",
    "action_table",
    "adjusted_table",
    "amber_line",
    "band_cuts",
    "crosses",
    "era_on",
    "eras_at",
    "eras_of",
    "kpi_table",
    "latest_day",
    "policy_table",
    "printed",
    "printed_table",
    "shortfall",
    "width_of",
]

_ONE_DAY = timedelta(days=1)


class UnusableTarget(ValueError):
    """A target with which the rule makes no table: bands or an amber line that it puts out of order."""


@frozen
class Era:
    """One KPI's rule between two changes.

    Attributes:
        start, end: first and last day.
        target: None where none holds yet.
        live: graces live throughout, in the order of their effects.
    """

    start: date
    end: date
    kpi: Kpi
    target: Target | None
    tolerance: Tolerance | None
    amber: Number | None
    bands: tuple[Band, ...]
    live: tuple[Grace, ...]
    not_due: bool

    @cached_property
    def rule_target(self) -> Fraction | Range | None:
        """The target the rule states, or None."""
        if self.target is None or isinstance(self.target, SpecialTarget):
            return None
        return self.target if isinstance(self.target, Range) else exact(self.target)


def _changes(kpi: Kpi) -> set[date]:
    days: set[date] = set()
    for dated in (kpi.target, kpi.tolerance, kpi.amber, kpi.bands):
        if dated is not None:
            days.update(dated.changes)
    for grace in kpi.graces:
        days.add(grace.start)
        if grace.until < date.max:
            days.add(grace.until + _ONE_DAY)
    if kpi.rated_from is not None:
        days.add(kpi.rated_from)
    return days


def era_on(kpi: Kpi, day: date) -> Era:
    """The era that a day lies in; ``kpi`` is the entity's own where it has one."""
    return next(eras_at(kpi, (day,)))


def eras_of(kpi: Kpi) -> Iterator[Era]:
    """Every era of a rule, the earliest first; ``kpi`` is the entity's own where it has one."""
    return eras_at(kpi, sorted({date.min, *_changes(kpi)}))


def eras_at(kpi: Kpi, days: Iterable[date]) -> Iterator[Era]:
    """The era of each of the days."""
    starts = sorted({date.min, *_changes(kpi)})
    for day in days:
        index = bisect_right(starts, day)
        yield Era(
            start=starts[index - 1],
            end=date.max if index == len(starts) else starts[index] - _ONE_DAY,
            kpi=kpi,
            target=kpi.target.on(day) if kpi.target else None,
            tolerance=kpi.tolerance.on(day) if kpi.tolerance else None,
            amber=kpi.amber.on(day) if kpi.amber else None,
            bands=(kpi.bands.on(day) or ()) if kpi.bands else (),
            live=live_graces(kpi.graces, day),
            not_due=kpi.rated_from is not None and day < kpi.rated_from,
        )


def latest_day(kpi: Kpi) -> date:
    """A day on which the latest form of a rule holds, and no dated grace that ends."""
    return max(_changes(kpi), default=date(2000, 1, 1))


def width_of(width: Width, target: Fraction) -> Fraction:
    """The width of amber in the KPI's unit: per cent of the target are of its size, so of 0 there is none."""
    amount = exact(width.amount)
    return amount * abs(target) / 100 if width.of_target else amount


def amber_line(target: Number | Fraction, direction: Direction, width: Width) -> Fraction:
    """Where amber ends for a target and the width of amber."""
    at = exact(target)
    return at + width_of(width, at) if direction is Direction.LOWER else at - width_of(width, at)


def crosses(line: Fraction, target: Fraction, direction: Direction | None) -> bool:
    """Whether an amber line lies on the better side of its target."""
    return line < target if direction is Direction.LOWER else line > target


def _levels(scale: Scale) -> tuple[Rag, Rag, Rag]:
    return scale["red"], scale["amber"], scale["green"]


def _edge(edge: Edge, target: Fraction | None) -> Fraction:
    if not edge.of_target:
        return exact(edge.amount)
    if target is None:
        raise UnusableTarget("a band is per cent of a target that there is not")
    return exact(edge.amount) * target / 100


def band_cuts(
    bands: Iterable[Band], scale: Scale, target: Fraction | None = None
) -> list[tuple[Rag, Threshold | None, Threshold | None]]:
    """Written bands as levels and thresholds; raises UnusableTarget, KeyError for a level the scale has not."""
    return [
        (
            scale[band.rag],
            None if band.lower is None else Threshold(_edge(band.lower, target), band.lower_in),
            None if band.upper is None else Threshold(_edge(band.upper, target), not band.upper_in),
        )
        for band in bands
    ]


def _written_table(bands: tuple[Band, ...], scale: Scale, target: Fraction | None) -> BandTable[Rag]:
    """The table of written bands; raises BandsFault, as UnusableTarget where the target decides where they lie."""
    cuts = band_cuts(bands, scale, target)
    try:
        return from_bands(cuts)
    except BandsFault as fault:
        edges = (edge for band in bands for edge in (band.lower, band.upper))
        if target is None or not any(edge is not None and edge.of_target for edge in edges):
            raise
        raise UnusableTarget(f"with a target of {text(target)} the bands do not follow one another") from fault


def _table(era: Era, scale: Scale, target: Fraction | Range | None, tolerance: Tolerance | None) -> BandTable[Rag]:
    """The table of an era with this target and tolerance, judged on raw values."""
    kpi = era.kpi
    if kpi.words:
        return from_words([scale[level] for _, level in kpi.words])
    if era.bands:
        table = _written_table(era.bands, scale, target if isinstance(target, Fraction) else None)
    elif isinstance(target, Range):
        low, high = exact(target.min), exact(target.max)
        below = width_of(tolerance.below, low) if tolerance else Fraction(0)
        above = width_of(tolerance.above, high) if tolerance else Fraction(0)
        table = within(low, high, below, above, _levels(scale), beyond=kpi.met_beyond)
    else:
        if target is None or kpi.direction is None:
            raise UnusableTarget("there is no target")
        if era.amber is not None:
            line = exact(era.amber)
            if crosses(line, target, kpi.direction):
                raise UnusableTarget(
                    f"the amber line {text(line)} lies on the better side of the target {text(target)}"
                )
        else:
            line = amber_line(target, kpi.direction, tolerance.below) if tolerance else target
        table = beyond_or_at(target, line, kpi.direction, _levels(scale), beyond=kpi.met_beyond)
    return table if kpi.decimals is None else rounded(table, kpi.decimals)


def kpi_table(era: Era, scale: Scale, data_target: Fraction | None = None) -> BandTable[Rag] | None:
    """The table of the rule as it stands; None where nothing rates (monitored, no target).

    ``data_target`` is the target that a measurement brings, for ``"from data"`` and for bands in per cent of the
    target. Raises UnusableTarget where that target makes no table.
    """
    kpi = era.kpi
    if kpi.direction is Direction.MONITOR or (era.target is SpecialTarget.NONE and not era.bands):
        return None
    target = era.rule_target
    if target is None:
        target = data_target
    if target is None and not era.bands and not kpi.words:
        return None
    return _table(era, scale, target, era.tolerance)


def printed_table(era: Era, scale: Scale, data_target: Fraction | None = None) -> BandTable[Rag] | None:
    """The table as people read it: over values as they are printed, before rounding moves its thresholds."""
    return kpi_table(evolve(era, kpi=evolve(era.kpi, decimals=None)), scale, data_target)


def printed(value: Fraction, kpi: Kpi) -> Fraction:
    """A value as it is printed, and judged."""
    return value if kpi.decimals is None else half_up(value, kpi.decimals)


def adjusted_table(
    era: Era, scale: Scale, granted: Iterable[Grace], table: BandTable[Rag], data_target: Fraction | None = None
) -> BandTable[Rag]:
    """The table with the effects of the granted graces: relief of target and tolerance, then cap, then floor."""
    target = era.rule_target if era.rule_target is not None else data_target
    tolerance = era.tolerance
    relieved = False
    limits: list[Grace] = []
    for grace in granted:
        if grace.effect is Effect.TARGET:
            value = grace.value
            assert isinstance(value, Range) or not isinstance(value, bool | str)
            target = value if isinstance(value, Range) else exact(value)
            relieved = True
        elif grace.effect is Effect.TOLERANCE:
            assert isinstance(grace.value, Tolerance)
            tolerance = grace.value
            relieved = True
        elif grace.effect in (Effect.NO_BETTER_THAN, Effect.NO_WORSE_THAN):
            limits.append(grace)
    if relieved:
        table = _table(era, scale, target, tolerance)
    for grace in limits:
        assert isinstance(grace.value, str)
        table = limited(table, grace.effect, scale[grace.value])
    return table


def limited(table: BandTable[Rag], effect: Effect, limit: Rag) -> BandTable[Rag]:
    """The table with a cap (no better than) or a floor (no worse than)."""
    choose = min if effect is Effect.NO_BETTER_THAN else max
    return table.relabelled(lambda level: choose(level, limit))


def shortfall(value: Fraction, target: Fraction | Range | None, direction: Direction | None) -> Fraction | None:
    """How far a value is short of its target, whichever way is better; negative beyond it, None without a target."""
    match target:
        case None:
            return None
        case Range():
            low, high = exact(target.min), exact(target.max)
            return max(low - value, value - high)
        case _ if direction is Direction.LOWER:
            return value - target
        case _:
            return target - value


def action_table(action: Action, scale: Scale, *, complete: bool = False) -> BandTable[Rag]:
    """The table of an action: over its formula, or over the days it is late (negative while there is time).

    A warning is for what is not ``complete``.
    """
    if action.bands:
        return from_bands(band_cuts(action.bands, scale))
    red, amber, green = _levels(scale)
    due = action.due.day
    warned, late = Threshold(Fraction(0), False), Fraction(0)
    if due is not None:
        late = Fraction((action.tolerance.after(due) - due).days)
        if action.warning is not None and not complete:
            # the warning includes its first day
            warned = Threshold(Fraction((action.warning.before(due) - due).days), True)
    return BandTable.of((warned, Threshold(late, False)), (green, amber, red))


def policy_table(policy: RollupPolicy, scale: Scale) -> BandTable[Rag]:
    """The table of a ``points`` or ``share`` roll-up; raises BandsFault."""
    return from_bands(band_cuts(policy.bands, scale))
