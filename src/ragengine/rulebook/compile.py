"""A rule becomes band tables: the only place that knows direction, tolerance and rounding.

Time is cut into eras: the days between which nothing about a rule changes. In one era a KPI has one table for its rule
as it stands, over its values, and an action one over the days it is late (or over its formula); the graces that are
live turn it into another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache, partial

from attrs import frozen

from ..bands import BandsFault, BandTable, Threshold, beyond_or_at, from_bands, from_words, rounded, shifted, within
from ..number import exact, half_up, text
from ..period import Duration
from ..terms import Direction, Rag, Scale
from .action import Action
from .area import RollupPolicy
from .grace import Effect, Grace, limited, live_graces
from .kpi import Kpi
from .measure import Band, Edge, Number, Range, RelativeTarget, SpecialTarget, Target, Tolerance, Width

__all__ = [
    "Era",
    "Rule",
    "UnusableTarget",
    "amber_line",
    "band_cuts",
    "crosses",
    "era_on",
    "era_starts",
    "eras_at",
    "eras_of",
    "latest_day",
    "own_table",
    "policy_table",
    "printed",
    "shortfall",
    "table_under",
    "width_of",
]

_ONE_DAY = timedelta(days=1)

#: what a day has a table of
Rule = Kpi | Action


class UnusableTarget(ValueError):
    """A target with which the rule makes no table: bands or an amber line that it puts out of order."""


@frozen
class Era:
    """One rule between two changes.

    Attributes:
        start, end: first and last day.
        target: None where none holds yet, and for an action.
        live: graces live throughout, in the order of their effects.
    """

    start: date
    end: date
    rule: Rule
    target: Target | None
    tolerance: Tolerance | None
    amber: Number | None
    bands: tuple[Band, ...]
    live: tuple[Grace, ...]
    not_due: bool

    @cached_property
    def rule_target(self) -> Fraction | Range | None:
        """The target the rule states, or None."""
        if self.target is None or isinstance(self.target, SpecialTarget | RelativeTarget):
            return None
        return self.target if isinstance(self.target, Range) else exact(self.target)

    @property
    def relative(self) -> RelativeTarget | None:
        """How the row's target is made from other rows; None where it is not."""
        return self.target if isinstance(self.target, RelativeTarget) else None

    @property
    def target_comes_with_row(self) -> bool:
        """Whether each row has a target of its own, by its reporter or from other rows."""
        return self.target is SpecialTarget.FROM_DATA or self.relative is not None

    @property
    def takes_target(self) -> bool:
        """Whether a row's own target counts: the rule leaves it to the data, or has bands and states none."""
        if self.rule_target is not None or isinstance(self.rule, Action):
            return False
        return self.target_comes_with_row or bool(self.bands)

    @property
    def needs_target(self) -> bool:
        """Whether nothing can be rated without the row's own target."""
        return self.takes_target and (self.target_comes_with_row or self.bands_of_target)

    @property
    def moves_with_target(self) -> bool:
        """Whether its lines lie where the row's own target puts them; what a formula reads puts none."""
        return self.needs_target and not self.has_words and (not self.bands or self.bands_of_target)

    @property
    def bands_of_target(self) -> bool:
        """Whether an edge of its bands is per cent of the target."""
        return any(band.of_target for band in self.bands)

    @property
    def has_words(self) -> bool:
        """Whether values are words."""
        return isinstance(self.rule, Kpi) and bool(self.rule.words)


def _changes(rule: Rule) -> set[date]:
    days: set[date] = set()
    dated = (rule.target, rule.tolerance, rule.amber, rule.bands) if isinstance(rule, Kpi) else ()
    for values in dated:
        if values is not None:
            days.update(values.changes)
    for grace in rule.graces:
        days.add(grace.start)
        if grace.day_after is not None:
            days.add(grace.day_after)
    if rule.rated_from is not None:
        days.add(rule.rated_from)
    return days


def era_on(rule: Rule, day: date) -> Era:
    """The era that a day lies in; a KPI is the entity's own where that has one."""
    return next(eras_at(rule, (day,)))


def eras_of(rule: Rule) -> Iterator[Era]:
    """Every era of a rule, the earliest first; a KPI is the entity's own where that has one."""
    return eras_at(rule, era_starts(rule))


def eras_at(rule: Rule, days: Iterable[date]) -> Iterator[Era]:
    """The era of each of the days."""
    starts = era_starts(rule)
    for day in days:
        index = bisect_right(starts, day)
        start, end = starts[index - 1], date.max if index == len(starts) else starts[index] - _ONE_DAY
        live = live_graces(rule.graces, day)
        not_due = rule.rated_from is not None and day < rule.rated_from
        if isinstance(rule, Action):
            yield Era(start, end, rule, None, None, None, rule.bands, live, not_due)
            continue
        target = rule.target.on(day) if rule.target else None
        # an interval is compared with nothing where no target holds
        compares_nothing = rule.compare is not None and target in (None, SpecialTarget.NONE)
        yield Era(
            start=start,
            end=end,
            rule=rule,
            target=target,
            tolerance=rule.tolerance.on(day) if rule.tolerance else None,
            amber=rule.amber.on(day) if rule.amber else None,
            bands=(rule.bands.on(day) or ()) if rule.bands and not compares_nothing else (),
            live=live,
            not_due=not_due,
        )


def era_starts(rule: Rule) -> tuple[date, ...]:
    """The first day of every era of a rule, the earliest first; a KPI is the entity's own where that has one."""
    return tuple(sorted({date.min, *_changes(rule)}))


def latest_day(rule: Rule) -> date:
    """A day on which the latest form of a rule holds, and no dated grace that ends."""
    return max(_changes(rule), default=date(2000, 1, 1))


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
        if target is None or not any(band.of_target for band in bands):
            raise
        raise UnusableTarget(f"with a target of {text(target)} the bands do not follow one another") from fault


def _kpi_table(
    kpi: Kpi, era: Era, scale: Scale, target: Fraction | Range | None, tolerance: Tolerance | None
) -> BandTable[Rag]:
    """The table of a KPI's era with this target and tolerance, judged on raw values."""
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


def own_table(
    era: Era, scale: Scale, data_target: Fraction | None = None, *, complete: bool = False
) -> BandTable[Rag] | None:
    """The table of the rule as it stands; None where nothing rates (monitored, no target).

    ``data_target`` is the target that a measurement brings, for ``"from data"`` and for bands in per cent of the
    target; ``complete`` is for an action that is. Raises UnusableTarget where that target makes no table.
    """
    rule = era.rule
    if isinstance(rule, Action):
        return _action_table(rule, scale, complete=complete)
    if rule.direction is Direction.MONITOR:
        return None
    target = data_target if era.rule_target is None else era.rule_target
    if target is None and not era.bands and not rule.words:
        return None
    return _kpi_table(rule, era, scale, target, era.tolerance)


def printed(value: Fraction, kpi: Kpi) -> Fraction:
    """A value as it is printed, and judged."""
    return value if kpi.decimals is None else half_up(value, kpi.decimals)


def table_under(
    era: Era,
    scale: Scale,
    granted: Iterable[Grace],
    table: BandTable[Rag],
    data_target: Fraction | None = None,
    *,
    complete: bool = False,
) -> BandTable[Rag]:
    """The table with the effects of the granted graces: relief of target, tolerance and due date, then cap, then floor.

    A due date that moves shifts an action's table; what it makes of a formula's value only the formula says.
    """
    granted = tuple(granted)
    if any(grace.effect.relieves or grace.effect is Effect.EXTEND_DUE for grace in granted):
        table = _relieved(era, scale, granted, table, data_target, complete=complete)
    for grace in granted:
        if grace.effect.limits:
            assert isinstance(grace.value, str)
            table = table.relabelled(partial(limited, effect=grace.effect, limit=scale[grace.value]))
    return table


def _relieved(
    era: Era,
    scale: Scale,
    granted: tuple[Grace, ...],
    table: BandTable[Rag],
    data_target: Fraction | None,
    *,
    complete: bool,
) -> BandTable[Rag]:
    rule = era.rule
    if isinstance(rule, Action):
        durations = [grace.value for grace in granted if isinstance(grace.value, Duration)]
        later = rule.due_after(durations[-1]) if durations else rule
        if rule.formula is not None or later.due.day is None or rule.due.day is None:
            return table
        by = (later.due.day - rule.due.day).days
        return shifted(_action_table(later, scale, complete=complete), Fraction(by))
    target = era.rule_target if era.rule_target is not None else data_target
    tolerance = era.tolerance
    for grace in granted:
        if grace.effect is Effect.TARGET:
            value = grace.value
            assert isinstance(value, int | Decimal | Range) and not isinstance(value, bool)
            target = value if isinstance(value, Range) else exact(value)
        elif grace.effect is Effect.TOLERANCE:
            assert isinstance(grace.value, Tolerance)
            tolerance = grace.value
    return _kpi_table(rule, era, scale, target, tolerance)


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


def _action_table(action: Action, scale: Scale, *, complete: bool) -> BandTable[Rag]:
    """The table of an action: over its formula, or over the days it is late (negative while there is time).

    A warning is for what is not ``complete``; what is, and need not be on time, has one level.
    """
    if complete and (action.on_time or action.due.day is None):
        return BandTable.constant(scale[action.complete])
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
    # levels are equal by their ids, and print by what else they are
    printed_as = tuple((level.label, level.symbol, level.colour, level.points, level.aliases) for level in scale)
    return _score_table(policy.bands, scale, printed_as)


@lru_cache(maxsize=64)
def _score_table(bands: tuple[Band, ...], scale: Scale, _: tuple[object, ...]) -> BandTable[Rag]:
    # asked for every area of every entity
    return from_bands(band_cuts(bands, scale))
