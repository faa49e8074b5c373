"""A KPI resolved once, ready to rate: the fast path, and the way into the full one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from ..bands import BandTable
from ..data.door import measurement_of, read_by
from ..data.model import Measurement, Override
from ..errors import BadArgument
from ..period import Period, PeriodKind, period_given
from ..problem import printable
from ..rulebook.compile import era_on, era_starts
from ..rulebook.expression import MissingInput
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..ruling import Outcome, Ruling, ruling_on
from ..terms import Missing
from .facts import Previous
from .history import Cohort, History, cohort_of
from .measured import measured_value
from .pipeline import outcome_of_value, rate_measurement
from .rating import Rating

__all__ = ["PreparedKpi"]

#: numbers within it compare exactly with float thresholds; outside, and for NaN, the full path answers
BOUND = 1e15

PeriodLike = Period | str | date | None

_MOST_CELLS = 10_000

_A_HISTORY = "a list of (period, value) pairs, or of mappings with a period"
_A_PERIOD = "write a period as data files do, a date, or a Period"
#: what :meth:`PreparedKpi.rate` takes beside value and period
_DETAILS = (
    "numerator", "denominator", "excluded", "exclusion_reason", "target", "entity", "causes", "evidence", "inputs",
    "note",
)  # fmt: skip


@frozen(eq=False, repr=False)
class PreparedKpi:
    """One KPI of a rulebook, resolved once; ``kpi.rate(93, "2020-07")`` is the fast path.

    Immutable, safe to share between threads, and picklable; what it keeps inside are look-up tables
    that any thread may make again.
    """

    rules: Rules
    kpi: Kpi
    #: by entity that has a rule of its own: the first days of its eras, and the rulings made so far
    _eras: dict[str | None, tuple[tuple[date, ...], dict[date, Ruling]]] = field(factory=dict, init=False)
    _cells: dict[PeriodLike, tuple[tuple[float, ...], tuple[Outcome, ...]] | None] = field(factory=dict, init=False)
    _silent: dict[str | None, tuple[bool, bool]] = field(factory=dict, init=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return PreparedKpi, (self.rules.as_rated(self.kpi.area), self.kpi)

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

        Raises BadArgument for a period that cannot be read and for an unknown detail.
        """
        if not details:
            try:
                cell = self._cells[period]
            except KeyError:
                cell = self._make_cell(period)
            except TypeError:
                raise BadArgument("period", period, _A_PERIOD) from None
            if cell is not None and (type(value) is float or type(value) is int) and -BOUND < value < BOUND:
                return Rating(cell[1][bisect_right(cell[0], value)], value, period)
        return self._rate_fully(value, period, **details)

    def cell(self, period: PeriodLike) -> tuple[tuple[float, ...], tuple[Outcome, ...]] | None:
        """Float thresholds and shared outcomes of a period; None where a rating takes more than a value."""
        try:
            return self._cells[period]
        except KeyError:
            return self._make_cell(period)
        except TypeError:
            raise BadArgument("period", period, _A_PERIOD) from None

    def _make_cell(self, period: PeriodLike) -> tuple[tuple[float, ...], tuple[Outcome, ...]] | None:
        ruling = self.ruling(self._period(period))
        table = _shareable(ruling)
        made = None if table is None else (table.floats, table.labels)
        if len(self._cells) >= _MOST_CELLS:
            self._cells.clear()
        self._cells[period] = made
        return made

    def _period(self, period: PeriodLike) -> Period | None:
        return None if period is None else self.period_named(period_given("period", period, self.rules.calendar))

    def period_named(self, period: Period) -> Period:
        """The period of the KPI's own frequency that a period names, else the period itself."""
        return self.kpi.period_named(period)

    def is_odd(self, named: Period) -> bool:
        """Whether a day or a month that was read names no period of the KPI's own frequency."""
        frequency = self.kpi.frequency
        short = named.kind in (PeriodKind.DAY, PeriodKind.MONTH)
        return short and frequency is not None and named.kind is not frequency.kind

    def needs_a_value(self, entity: str | None = None, *, or_an_earlier: bool = False) -> bool:
        """Whether a row that holds nothing is grey for want of data: whatever came before, or where nothing did."""
        kpi = self.kpi.for_entity(entity)
        if self.rules.missing_of(kpi) not in (Missing.GREY, *((Missing.CARRY_FORWARD,) if or_an_earlier else ())):
            return False
        if kpi.formula is None:
            return True
        nothing = dict.fromkeys(kpi.formula.names)
        return "target" not in kpi.formula.names and isinstance(kpi.formula.evaluate(nothing), MissingInput)

    def ruling(self, period: Period | None, entity: str | None = None) -> Ruling:
        """What outcomes of a period rest on; shared between the periods of one era."""
        day = period.end if period is not None else self._only_day(self.kpi.for_entity(entity))
        return self._ruling_on(day, entity)

    def ruling_of(self, period: PeriodLike, entity: str | None = None) -> Ruling:
        """The same for a period as a caller writes it; raises BadArgument where that cannot be read."""
        return self.ruling(self._period(period), entity)

    def _ruling_on(self, day: date, entity: str | None) -> Ruling:
        own = entity if entity in self.kpi.entities else None
        found = self._eras.get(own) or self._eras.setdefault(own, (era_starts(self.kpi.for_entity(own)), {}))
        starts, rulings = found
        start = starts[bisect_right(starts, day) - 1]
        ruling = rulings.get(start)
        if ruling is None:
            # of threads that make it at once, all get the one that was set
            ruling = rulings.setdefault(start, ruling_on(self.rules, self.kpi.for_entity(own), day))
        return ruling

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
        given = self._row(value, when, details)
        entity = given.entity
        if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
            raise BadArgument("history", history, _A_HISTORY)
        earlier = [self._earlier(entry, entity) for entry in history]
        return self.rate_measurement(given, self.past(given, earlier))

    def past(
        self,
        given: Measurement,
        earlier: Sequence[Measurement],
        overrides: Sequence[Override] = (),
        *,
        whole: bool = False,
    ) -> History:
        """The earlier rows of a row's entity; where other entities' rows came with them, those are its peers.

        ``overrides`` are the judgements on its own; ``whole`` where these are all rows that there are.
        """
        made = self.whole_history if whole else self.history
        own = [row for row in earlier if row.entity == given.entity]
        if len(own) == len(earlier):
            return made(given.entity, own, overrides)
        rows: dict[str | None, list[Measurement]] = {}
        for row in (*earlier, given):
            rows.setdefault(row.entity, []).append(row)
        histories: dict[str | None, History] = {}
        cohort = cohort_of(lambda: histories)
        histories |= {entity: made(entity, some, cohort=cohort) for entity, some in rows.items()}
        return made(given.entity, own, overrides, cohort=cohort)

    def history(
        self,
        entity: str | None,
        rows: Iterable[Measurement],
        overrides: Sequence[Override] = (),
        unreported: Measurement | None = None,
        after_rows: bool = False,
        cohort: Cohort | None = None,
    ) -> History:
        """Measurements of one entity as a series in time; see :class:`History`."""
        return History(self.kpi.for_entity(entity), rows, self, overrides, unreported, after_rows, cohort)

    def whole_histories(
        self, rows: Mapping[str | None, Iterable[Measurement]], overrides: Iterable[Override] = ()
    ) -> dict[str | None, History]:
        """The series of each entity of all the rows that there are, each a peer of the others."""
        judged: dict[str | None, list[Override]] = {}
        for override in overrides:
            judged.setdefault(override.entity or None, []).append(override)
        made: dict[str | None, History] = {}
        cohort = cohort_of(lambda: made)
        for entity, own in rows.items():
            made[entity] = self.whole_history(entity, own, judged.get(entity, ()), cohort)
        return made

    def whole_history(
        self,
        entity: str | None,
        rows: Iterable[Measurement],
        overrides: Sequence[Override] = (),
        cohort: Cohort | None = None,
    ) -> History:
        """The same of all rows that there are, so that of a period without one is known that nobody reported it."""
        # without a judgement on it, a row that holds nothing may only say that there is none
        silent, after_rows = (False, False) if overrides else self._silences(entity)
        blank = None if silent else measurement_of(self.id, entity=entity)
        return self.history(entity, rows, overrides, blank, after_rows, cohort)

    def _silences(self, entity: str | None) -> tuple[bool, bool]:
        """Whether a row that holds nothing says nothing, and whether it says nothing where no row came before."""
        own = entity if entity in self.kpi.entities else None
        known = self._silent.get(own)
        if known is None:
            known = self._silent[own] = self.needs_a_value(own), self.needs_a_value(own, or_an_earlier=True)
        return known

    def _row(self, value: object, period: Period | None, details: Mapping[str, Any]) -> Measurement:
        for name, given in details.items():
            if name not in _DETAILS:
                raise BadArgument(printable(name), given, f"a measurement has {', '.join(_DETAILS)}")
        inputs = details.get("inputs")
        if inputs is not None and not isinstance(inputs, Mapping):
            raise BadArgument("inputs", inputs, "write numbers by name")
        return measurement_of(self.kpi.id, value=value, period=period, **details)

    def _earlier(self, entry: Mapping[str, Any] | Sequence[Any] | Measurement, entity: str | None) -> Measurement:
        if isinstance(entry, Measurement):
            return entry
        if isinstance(entry, Mapping):
            fields = dict(entry)
        else:
            try:
                period, value = entry
            except (TypeError, ValueError):
                raise BadArgument("history", entry, _A_HISTORY) from None
            fields = {"period": period, "value": value}
        fields.setdefault("entity", entity)
        period = self._period(fields.pop("period", None))
        return self._row(fields.pop("value", None), period, fields)

    def measured(self, given: Measurement, history: History) -> Fraction | None:
        """What a row measured, as it is judged; None where it is nothing that a target may be made from."""
        given = read_by(given, self.rules.symbols)
        return measured_value(self.ruling(given.period, given.entity), given, history)

    def outcome_of_value(self, ruling: Ruling, given: Measurement) -> tuple[Outcome, Fraction] | None:
        """What a measurement as a file gives it comes to; see :func:`~.pipeline.outcome_of_value`."""
        return outcome_of_value(ruling, read_by(given, self.rules.symbols))

    def rate_measurement(
        self,
        given: Measurement,
        history: History | None = None,
        overrides: Sequence[Override] = (),
        as_at: date | None = None,
        before: Previous | None = None,
        period: Period | None = None,
    ) -> Rating:
        """The rating of a measurement as a file gives it, with its earlier ones and the overrides on it.

        ``period`` is the one that is rated, where the row's own cannot be read. ``before`` is the previous level where
        it is known from elsewhere: a scorecard, a publication.
        """
        given = read_by(given, self.rules.symbols)
        period = period or given.period
        unread = period is None and bool(given.period_text)
        ruling = self._ruling_on(date.min, given.entity) if unread else self.ruling(period, given.entity)
        return rate_measurement(ruling, given, period, history, overrides, as_at, before)


def _shareable(ruling: Ruling) -> BandTable[Outcome] | None:
    """The outcomes by value alone; None where a rating needs more than a value."""
    return ruling.outcomes_of_values if ruling.rates_a_number_alone else None
