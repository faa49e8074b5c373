"""The rows of data that a scorecard uses, by KPI, entity and period; each that it cannot use is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import define, evolve, field

from ..data.collection import Data
from ..data.door import is_blank
from ..data.model import Invalid, Measurement, period_of
from ..display import Spelling
from ..period import Period
from ..problem import Place, Problem, Severity, shorten
from ..rating.prepare import PreparedKpi
from ..rulebook.rules import Rules

__all__ = ["Rows", "Telling", "UsableRows"]

#: the rows of one KPI and entity, in the order of time
Rows = tuple[Measurement, ...]

_CELLS = ("value", "numerator", "denominator", "target", "excluded")


@define
class Telling:
    """The problems of one run, as they are found; ``data`` knows in which columns cells stand."""

    data: Data = field(factory=Data)
    problems: list[Problem] = field(factory=list)
    _spellings: dict[str, Spelling] = field(factory=dict, init=False)

    def say(
        self,
        code: str,
        message: str,
        place: Place,
        hint: str = "",
        *,
        warning: bool = False,
        key: str = "",
        cell: str = "",
    ) -> None:
        """A problem of a row, or of its cell in a column: ``key`` also names the column in words."""
        severity = Severity.WARNING if warning else Severity.ERROR
        at = self.data.cell(place, cell or key)
        self.problems.append(Problem(code, message, at, severity, key, hint=hint))

    def unknown(self, given: str, kind: str, known: Iterable[str], place: Place, cell: str = "") -> None:
        if kind not in self._spellings:
            self._spellings[kind] = Spelling(known)
        near = self._spellings[kind].meant(given)
        hint = f"did you mean {near}?" if near else ""
        self.say("RAG104", f"the rules have no {kind} {shorten(given)!r}", place, hint, cell=cell)


@define(slots=False)
class UsableRows:
    """The measurements of one run, sorted out.

    Attributes:
        unread: of each KPI and entity the first row whose period cannot be read; ``grey`` counts them all.
        rejected: rows that are no measurement of these rules, or are given before.
        later: rows of periods that end after ``day``.
    """

    rules: Rules
    prepared: Mapping[str, PreparedKpi]
    data: Data
    day: date
    tell: Telling
    unread: dict[str, dict[str | None, Measurement]] = field(factory=dict, init=False)
    grey: int = field(default=0, init=False)
    rejected: int = field(default=0, init=False)
    later: int = field(default=0, init=False)

    def readers_problems(self) -> list[Problem]:
        """The readers' problems, without those on cells that the book's own dates and symbols make readable."""
        rules, read = self.rules, set[tuple[str, int, str]]()
        for row in self.data.measurements:
            if row.period is None and period_of(row, rules.calendar) is not None:
                read.add((row.place.file, row.place.line, "period"))
            if rules.symbols:
                for name in _CELLS:
                    if isinstance(cell := getattr(row, name), Invalid) and cell.text in rules.symbols:
                        read.add((row.place.file, row.place.line, name))
        return [p for p in self.data.problems if (p.place.file, p.place.line, p.key) not in read]

    def by_kpi(self) -> dict[str, dict[str | None, Rows]]:
        """Measurements by KPI and entity, in the order of time, without those that cannot be used; each is reported."""
        found: dict[str, dict[str | None, list[Measurement] | Rows]] = {kpi: {} for kpi in self.prepared}
        odd: dict[str, list[Measurement]] = {}
        for row in self.data.measurements:
            period = period_of(row, self.rules.calendar)
            prepared = self.prepared.get(row.kpi)
            if prepared is None:
                self.rejected += 1
                self.tell.unknown(row.kpi, "KPI", self.prepared, row.place, "kpi")
                continue
            if period is None:
                self._unread(row)
                continue
            named = prepared.period_named(period)
            if prepared.is_odd(named):
                odd.setdefault(row.kpi, []).append(row)
            if named.end > self.day:
                self.later += 1
                continue
            own, usable = found[row.kpi], row if row.period is named else evolve(row, period=named)
            before = own.get(row.entity)
            if before is None:
                # the only one, in a country's month
                own[row.entity] = (usable,)
            elif isinstance(before, list):
                before.append(usable)
            else:
                own[row.entity] = [*before, usable]
        for kpi, rows in odd.items():
            frequency, first = self.rules.kpis[kpi].frequency, rows[0]
            said = f"{kpi} is {frequency}, and {len(rows)} of its rows are of a day or month that names no such period"
            hint = f"{first.period_text or first.period} is the first: write the period, or its last month"
            self.tell.say("RAG114", said, first.place, hint, warning=True, cell="period")
        return {
            kpi: {entity: rows if isinstance(rows, tuple) else self._in_order(rows) for entity, rows in own.items()}
            for kpi, own in found.items()
            if own
        }

    def _in_order(self, rows: Iterable[Measurement]) -> Rows:
        """The rows of one KPI and entity, one a period, the earliest first."""
        by_period: dict[Period | None, list[Measurement]] = defaultdict(list)
        for row in rows:
            by_period[row.period].append(row)
        return tuple(self._one(by_period[period]) for period in sorted(filter(None, by_period)))

    def _unread(self, row: Measurement) -> None:
        """A row whose period cannot be read is grey, and stands for its KPI where nothing else does."""
        self.grey += 1
        self.unread.setdefault(row.kpi, {}).setdefault(row.entity, row)
        if row.place.line == 0:
            self.tell.say("RAG106", f"{shorten(row.period_text)!r} is no period", row.place, cell="period")

    def _one(self, rows: Sequence[Measurement]) -> Measurement:
        """One measurement of several for the same KPI, entity and period."""
        first = rows[0]
        if len(rows) == 1:
            return first
        same = all(_content(row) == _content(first) for row in rows[1:])
        lines = ", ".join(f"{_shown(row)} at {row.place}" for row in rows)
        entity = f", {first.entity}" if first.entity else ""
        message = f"{first.kpi}, {first.period_text or first.period}{entity} is given {len(rows)} times: {lines}"
        if same:
            self.tell.say("RAG107", message, rows[1].place, "leave one", warning=True)
            self.rejected += len(rows) - 1
            return first
        self.tell.say("RAG107", message, rows[1].place, "leave the right one; none is used")
        self.rejected += len(rows) - 1
        return evolve(first, fault=f"given more than once, differently: {lines}")


def _content(row: Measurement) -> tuple[object, ...]:
    words = "" if isinstance(row.value, Fraction) else row.value_text.strip()
    numbers = (row.value, words, row.numerator, row.denominator, row.target, row.excluded, dict(row.inputs))
    return (*numbers, row.evidence, row.causes)


def _shown(row: Measurement) -> str:
    if row.value_text.strip():
        return shorten(row.value_text.strip(), 20)
    if isinstance(row.numerator, Fraction) and isinstance(row.denominator, Fraction):
        return f"{row.numerator}/{row.denominator}"
    return "blank" if is_blank(row.value) else str(row.value)
