"""A KPI resolved once, ready to rate: the fast path, and the way into the full one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from ..bands import BandTable
from ..data.cells import cell_of
from ..data.model import Measurement, Override
from ..errors import BadArgument
from ..period import Period, PeriodError, parse_period
from ..problem import Place
from ..rulebook.compile import era_on
from ..rulebook.kpi import Kpi
from ..rulebook.measure import SpecialTarget
from ..rulebook.rules import Rules
from ..terms import Direction
from .facts import Previous
from .history import History
from .outcome import Ground, Outcome
from .pipeline import rate_measurement
from .rating import Rating

__all__ = ["PreparedKpi", "measurement_of"]

#: numbers within it compare exactly with float thresholds; outside, and for NaN, the full path answers
BOUND = 1e15

PeriodLike = Period | str | date | None

_MOST_CELLS = 10_000


def measurement_of(
    kpi: str,
    *,
    value: object = None,
    period: Period | None = None,
    numerator: object = None,
    denominator: object = None,
    target: object = None,
    entity: str | None = None,
    causes: Iterable[str] = (),
    evidence: str | bool = "",
    inputs: Mapping[str, object] | None = None,
    excluded: object = None,
    exclusion_reason: str = "",
    note: str = "",
) -> Measurement:
    """A measurement from what a caller passes, by the same grammar as a cell of a file."""
    given = {} if inputs is None else dict(inputs)
    return Measurement(
        kpi=kpi,
        period=period,
        period_text=str(period) if period else "",
        entity=entity or None,
        value=None if value is None else cell_of(value),
        value_text="" if value is None else str(value),
        numerator=None if numerator is None else cell_of(numerator),
        denominator=None if denominator is None else cell_of(denominator),
        target=None if target is None else cell_of(target),
        inputs={name: cell_of(number) for name, number in given.items()},
        evidence="recorded" if evidence is True else (evidence or ""),
        causes=frozenset(cause.strip().casefold() for cause in causes),
        note=note,
        excluded=None if excluded is None else cell_of(excluded),
        exclusion_reason=exclusion_reason,
        extra={},
        place=Place(""),
    )


@frozen(eq=False, repr=False)
class PreparedKpi:
    """One KPI of a rulebook, resolved once; ``kpi.rate(93, "2020-07")`` is the fast path.

    Immutable, safe to share between threads, and picklable; what it keeps inside are look-up tables
    that any thread may make again.
    """

    rules: Rules
    kpi: Kpi
    _grounds: list[Ground] = field(factory=list, init=False)
    _cells: dict[PeriodLike, tuple[tuple[float, ...], tuple[Outcome, ...]] | None] = field(factory=dict, init=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return PreparedKpi, (self.rules, self.kpi)

    def __repr__(self) -> str:
        return f"<PreparedKpi {self.kpi.id}>"

    @property
    def id(self) -> str:
        return self.kpi.id

    def rate(self, value: object = None, period: PeriodLike = None, **details: Any) -> Rating:
        """The rating of one measurement.

        Args:
            value: a number, or the text of a cell (``"93%"``, ``"c"``), or a word where the rule has words.
            period: a :class:`Period`, a date or a text; may be left out where nothing in the rule is dated.
            details: ``numerator, denominator, target, entity, causes, evidence, inputs, excluded,
                exclusion_reason, note``, and ``history``: earlier measurements as mappings with these keys and
                ``period``, or as (period, value) pairs.

        Raises BadArgument for a period that cannot be read, TypeError for an unknown detail.
        """
        if not details:
            try:
                cell = self._cells[period]
            except KeyError:
                cell = self._make_cell(period)
            if cell is not None and (type(value) is float or type(value) is int) and -BOUND < value < BOUND:
                return Rating(cell[1][bisect_right(cell[0], value)], value, period)
        return self._rate_fully(value, period, **details)

    def cell(self, period: PeriodLike) -> tuple[tuple[float, ...], tuple[Outcome, ...]] | None:
        """Float thresholds and shared outcomes of a period; None where a rating takes more than a value."""
        try:
            return self._cells[period]
        except KeyError:
            return self._make_cell(period)

    def _make_cell(self, period: PeriodLike) -> tuple[tuple[float, ...], tuple[Outcome, ...]] | None:
        ground = self.ground(self._period(period), None, None)
        table = _shareable(ground)
        made = None if table is None else (table.floats, table.labels)
        if len(self._cells) >= _MOST_CELLS:
            self._cells.clear()
        self._cells[period] = made
        return made

    def _period(self, period: PeriodLike) -> Period | None:
        if period is None:
            return None
        try:
            return parse_period(period, self.rules.calendar)
        except PeriodError as wrong:
            raise BadArgument("period", period, f"{wrong.message}; {wrong.hint}") from wrong

    def ground(self, period: Period | None, entity: str | None, data_target: Fraction | None) -> Ground:
        """What outcomes of a period rest on; shared between the periods of one era."""
        kpi = self.kpi.for_entity(entity)
        day = period.end if period is not None else self._only_day(kpi)
        for ground in self._grounds:
            era = ground.era
            if era.kpi is kpi and era.start <= day <= era.end and ground.data_target == data_target:
                return ground
        ground = Ground(self.rules, kpi, era_on(kpi, day), data_target)
        if data_target is None:
            self._grounds.append(ground)
        return ground

    def _only_day(self, kpi: Kpi) -> date:
        era = era_on(kpi, date.min)
        if era.end != date.max:
            raise BadArgument("period", None, f"the rule of {kpi.id} is dated: say which period")
        return date.min

    def _rate_fully(
        self,
        value: object = None,
        period: PeriodLike = None,
        *,
        history: Iterable[Mapping[str, Any] | Sequence[Any] | Measurement] = (),
        **details: Any,
    ) -> Rating:
        when = self._period(period)
        given = measurement_of(self.kpi.id, value=value, period=when, **details)
        entity = given.entity
        earlier = [self._earlier(entry, entity) for entry in history]
        past = History(self.kpi.for_entity(entity), earlier, self.rate_measurement)
        return self.rate_measurement(given, past)

    def _earlier(self, entry: Mapping[str, Any] | Sequence[Any] | Measurement, entity: str | None) -> Measurement:
        if isinstance(entry, Measurement):
            return entry
        if isinstance(entry, Mapping):
            fields = dict(entry)
        else:
            fields = dict(zip(("period", "value"), entry, strict=True))
        fields.setdefault("entity", entity)
        fields["period"] = self._period(fields.get("period"))
        return measurement_of(self.kpi.id, **fields)

    def rate_measurement(
        self,
        given: Measurement,
        history: History | None = None,
        overrides: Sequence[Override] = (),
        as_at: date | None = None,
        before: Previous | None = None,
        known_before: bool = False,
    ) -> Rating:
        """The rating of a measurement as a file gives it, with its earlier ones and the overrides on it.

        ``before`` is the previous level where it is known from elsewhere: a scorecard, a publication; with
        ``known_before`` the history is not asked for one.
        """
        ground = self.ground(given.period, given.entity, None)
        if _takes_target(ground) and isinstance(given.target, Fraction):
            ground = self.ground(given.period, given.entity, given.target)
        return rate_measurement(ground, given, given.period, history, overrides, as_at, before, known_before)


def _takes_target(ground: Ground) -> bool:
    """Whether the measurement's own target counts: the rule leaves it to the data, or has bands and states none."""
    era = ground.era
    return era.rule_target is None and (era.target is SpecialTarget.FROM_DATA or bool(era.bands))


def _shareable(ground: Ground) -> BandTable[Outcome] | None:
    """The outcomes by value alone; None where a rating needs more than a value."""
    kpi, era = ground.kpi, ground.era
    needs_more = (
        kpi.formula is not None
        or bool(kpi.words)
        or kpi.direction is Direction.MONITOR
        or kpi.requires_evidence
        or era.not_due
        or any(grace.when is not None for grace in era.live)
        or era.target is SpecialTarget.FROM_DATA
        or any(edge is not None and edge.of_target for band in era.bands for edge in (band.lower, band.upper))
    )
    if needs_more or ground.table is None:
        return None
    return ground.outcomes(era.live)
