"""Data and rules make a scorecard: every KPI, action and area of one reporting period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from ..data.model import ActionReport, Data, Invalid, Measurement, Override, period_of
from ..display import Spelling
from ..errors import BadArgument
from ..period import Period, PeriodError, PeriodKind, parse_period
from ..problem import Place, Problem, Severity, shorten, sorted_problems
from ..rating.actions import rate_action
from ..rating.facts import Facts, Previous
from ..rating.history import History
from ..rating.overrides import in_force, in_order, with_level
from ..rating.prepare import PreparedKpi, measurement_of
from ..rating.rating import Rating
from ..rulebook.rules import Rules
from ..terms import Rag, Reason
from .area_rating import AreaRating
from .areas import AreaRoller
from .rows import ByKey, Key, RowCounts
from .scorecard import Rated, Scorecard
from .shown import action_before, shown_period

__all__ = ["default_as_at", "measured_periods", "score"]

AsAt = str | date | Period | None


def default_as_at(data: Data, day_first: bool = False) -> Period | None:
    """The latest period in the data; None where there is none."""
    latest = max(measured_periods(data, day_first), default=None)
    reported = max((report.as_at for report in data.actions), default=None)
    if reported is None or (latest is not None and latest.end >= reported):
        return latest
    if latest is None or latest.kind is PeriodKind.DAY:
        return Period(PeriodKind.DAY, reported)
    return Period(PeriodKind.MONTH, reported.replace(day=1))


def measured_periods(data: Data, day_first: bool = False) -> set[Period]:
    """Every period that a measurement of the data names and that can be read."""
    periods = (period_of(row, day_first) for row in data.measurements)
    return {period for period in periods if period is not None}


def score(
    rules: Rules,
    prepared: Mapping[str, PreparedKpi],
    data: Data,
    as_at: AsAt = None,
    previous: Scorecard | None = None,
) -> Scorecard:
    """The scorecard of one period.

    Args:
        as_at: a period, of which the last day counts, or a day; the latest period in the data where it is None.
        previous: the scorecard of the period before; without it, earlier rows of the data are rated for it.

    Raises BadArgument where ``as_at`` cannot be read, or is left out and the data have no period.
    """
    period = _as_at(rules, data, as_at)
    return _Scoring(rules, prepared, data, period, previous).card()


def _as_at(rules: Rules, data: Data, as_at: AsAt) -> Period:
    if as_at is None:
        found = default_as_at(data, rules.day_first)
        if found is None:
            raise BadArgument("as_at", None, "the data have no period: say which one to score")
        return found
    try:
        return parse_period(as_at, day_first=rules.day_first)
    except PeriodError as wrong:
        raise BadArgument("as_at", as_at, f"{wrong.message}; {wrong.hint}") from wrong


class _Scoring:
    """One run of :func:`score`: what it collects on the way."""

    def __init__(
        self,
        rules: Rules,
        prepared: Mapping[str, PreparedKpi],
        data: Data,
        period: Period,
        previous: Scorecard | None,
    ) -> None:
        self.rules = rules
        self.prepared = prepared
        self.data = data
        self.period = period
        self.day = period.end
        self.before = previous
        self.problems: list[Problem] = []
        self.rejected = data.rejected
        self.later = 0
        self._spellings: dict[str, Spelling] = {}
        self.rated = 0
        self.grey = 0
        self.published = self._published()
        self.overrides = self._overrides()

    def card(self) -> Scorecard:
        rows = self._usable()
        ratings: dict[Key, Rating] = {}
        entities: dict[str | None, None] = {None: None}
        for kpi_id, prepared in self.prepared.items():
            groups = rows.get(kpi_id) or {None: {}}
            for entity, by_period in groups.items():
                ratings[kpi_id, entity] = self._rate(prepared, entity, by_period)
                entities[entity] = None
        for action_id, rating in self._actions():
            ratings[action_id, None] = rating
        roller = AreaRoller(self.rules, self.period, self.day, ratings, self.overrides, self.known_level)
        areas: dict[Key, AreaRating] = {}
        for entity in entities:
            areas |= roller.areas(entity)
        programme = roller.programme(areas)
        self._compare_published(ratings, areas)
        return Scorecard(
            title=self.rules.title,
            edition=self.rules.edition,
            fingerprint=self.rules.fingerprint,
            period=self.period,
            as_at=self.day,
            scale=self.rules.scale,
            ratings=ByKey[Rated]({**ratings}, "rating"),
            areas=ByKey(areas, "area"),
            programme=programme,
            rows=RowCounts(self.rated + self.grey + self.rejected, self.rated, self.grey, self.rejected, self.later),
            problems=tuple(sorted_problems([*self._data_problems(), *self.problems])),
            narrative=self.data.narrative,
        )

    # rows

    def _data_problems(self) -> list[Problem]:
        """The readers' problems, without those on periods that the book's ``dates`` makes readable."""
        if not self.rules.day_first:
            return list(self.data.problems)
        places = {m.place for m in self.data.measurements if m.period is None and period_of(m, True) is not None}
        lines = {(place.file, place.line) for place in places}
        return [p for p in self.data.problems if p.code != "RAG106" or (p.place.file, p.place.line) not in lines]

    def _usable(self) -> dict[str, dict[str | None, dict[Period, Measurement]]]:
        """Measurements by KPI, entity and period, without those that cannot be used; each of them is reported."""
        found: dict[str, dict[str | None, dict[Period, list[Measurement]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        for row in self.data.measurements:
            period = period_of(row, self.rules.day_first)
            if row.kpi not in self.prepared:
                self._reject_unknown(row.kpi, "KPI", self.prepared, row.place)
            elif period is None:
                self.rejected += 1
                if self.rules.day_first or row.place.line == 0:
                    self._say("RAG106", f"{shorten(row.period_text)!r} is no period", row.place)
            elif period.end > self.day:
                self.later += 1
            else:
                found[row.kpi][row.entity][period].append(evolve(row, period=period))
        return {
            kpi: {
                entity: {period: self._one(rows) for period, rows in sorted(by_period.items())}
                for entity, by_period in groups.items()
            }
            for kpi, groups in found.items()
        }

    def _reject_unknown(self, given: str, kind: str, known: Mapping[str, object], place: Place) -> None:
        self.rejected += 1
        self._unknown(given, kind, known, place)

    def _unknown(self, given: str, kind: str, known: Iterable[str], place: Place) -> None:
        if kind not in self._spellings:
            self._spellings[kind] = Spelling(known)
        near = self._spellings[kind].nearest(given)
        hint = f"did you mean {near}?" if near else ""
        self._say("RAG104", f"the rules have no {kind} {shorten(given)!r}", place, hint)

    def _say(self, code: str, message: str, place: Place, hint: str = "", *, warning: bool = False) -> None:
        severity = Severity.WARNING if warning else Severity.ERROR
        self.problems.append(Problem(code, message, place, severity, hint=hint))

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
            self._say("RAG107", message, rows[1].place, "leave one", warning=True)
            self.rejected += len(rows) - 1
            return first
        self._say("RAG107", message, rows[1].place, "leave the right one; none is used")
        self.rejected += len(rows) - 1
        clash = Invalid(lines, "given more than once, differently")
        return evolve(first, value=clash, value_text="", numerator=None, denominator=None)

    # ratings

    def _rate(self, prepared: PreparedKpi, entity: str | None, by_period: Mapping[Period, Measurement]) -> Rating:
        current = shown_period(prepared.kpi, by_period, self.period)
        kpi_id = prepared.kpi.id
        earlier = [m for period, m in by_period.items() if period.end < current.end]
        history = History(prepared.kpi.for_entity(entity), earlier, prepared.rate_measurement)
        given = by_period.get(current)
        for period in by_period:
            if period != current:
                past = history.rating_of(period)
                self._count(past.rag if past is not None else None)
                if past is not None:
                    self._say_invalid(by_period[period], past)
        here = given or evolve(measurement_of(kpi_id, period=current, entity=entity), value=None)
        overrides = [o for o in self.overrides.get(kpi_id, ()) if o.entity in (None, entity)]
        own = history.previous(current) if self.before is None else None
        before = self._before(kpi_id, entity, current, own)
        # a scorecard of the period before is the position then: where it has none, none is made up from later rows
        known_before = before is not None or self.before is not None
        rating = prepared.rate_measurement(here, history, overrides, self.day, before, known_before)
        if given is not None:
            self._count(rating.rag)
            self._say_invalid(given, rating)
        return rating

    def _say_invalid(self, given: Measurement, rating: Rating) -> None:
        """A value that cannot be read is a problem of its row; a clash has been told already."""
        if rating.reason is not Reason.INVALID or not isinstance(given.value, Invalid):
            return
        if given.value.message.startswith("given more than once"):
            return
        kpi = self.rules.kpis[given.kpi]
        hint = "" if kpi.words else "write a number, or a symbol such as c, z or .."
        column = Place(given.place.file, given.place.line, given.place.column)
        self._say("RAG109" if kpi.words else "RAG105", f"{given.kpi}: {rating.facts.why}", column, hint)

    def _count(self, level: Rag | None) -> None:
        if level is not None and not level.is_grey:
            self.rated += 1
        else:
            self.grey += 1

    def _before(self, subject: str, entity: str | None, current: Period, own: Previous | None) -> Previous | None:
        """The previous level: of the scorecard before, else ``own`` of earlier rows; published where there are no data.

        None where nothing gives one, or where there is only that of earlier rows without data.
        """
        if self.before is not None:
            row = self.before.ratings.get((subject, entity) if entity else subject)
            own = None if row is None else _recorded(row)
        if own is not None and own.reason is not Reason.NO_DATA:
            return own
        level = self.published.get((subject, str(current.previous()))) if entity is None else None
        return None if level is None else Previous(level[0], current.previous(), published=level[1])

    def _actions(self) -> list[tuple[str, Rating]]:
        reports: dict[str, dict[date, list[ActionReport]]] = defaultdict(lambda: defaultdict(list))
        for report in self.data.actions:
            if report.action not in self.rules.actions:
                self._reject_unknown(report.action, "action", self.rules.actions, report.place)
            elif report.as_at > self.day:
                self.later += 1
            else:
                reports[report.action][report.as_at].append(report)
        return [(action_id, self._action(action_id, reports.get(action_id, {}))) for action_id in self.rules.actions]

    def _action(self, action_id: str, by_day: Mapping[date, list[ActionReport]]) -> Rating:
        action = self.rules.actions[action_id]
        usable: dict[date, ActionReport] = {}
        for day, rows in by_day.items():
            if any(evolve(row, place=rows[0].place) != rows[0] for row in rows[1:]):
                lines = ", ".join(f"{row.status or 'no status'} at {row.place}" for row in rows)
                self._say("RAG107", f"{action_id}, {day} is given {len(rows)} times: {lines}", rows[1].place)
                self.rejected += len(rows)
                continue
            usable[day] = rows[0]
            if len(rows) > 1:
                self._say("RAG107", f"{action_id}, {day} is given {len(rows)} times", rows[1].place, warning=True)
                self.rejected += len(rows) - 1
        then = action_before(self.rules, action, usable, self.period) if self.before is None else None
        previous = self._before(action_id, None, self.period, then) or then
        latest = max(usable, default=None)
        report = usable[latest] if latest is not None else None
        overrides = self.overrides.get(action_id, [])
        rating = rate_action(self.rules, action, report, self.day, previous, overrides)
        for day in usable:
            own = rating if day == latest else rate_action(self.rules, action, usable[day], day)
            self._count(own.rag)
        return rating

    # judgements and publications

    def _overrides(self) -> dict[str, list[Override]]:
        known = {*self.rules.areas, *self.rules.kpis, *self.rules.actions}
        found: dict[str, list[Override]] = defaultdict(list)
        for override in in_order(self.data.overrides):
            read = with_level(override, self.rules.scale)
            if override.subject not in known:
                self._unknown(override.subject, "area, KPI or action", known, override.place)
            elif read is None:
                levels = ", ".join(str(own) for own in self.rules.scale)
                self._say(
                    "RAG110", f"the scale has no level {shorten(override.level)!r}", override.place, f"use {levels}"
                )
            else:
                if override.until < self.day:
                    said = f"the override of {override.subject} lapsed on {override.until} and is not applied"
                    self._say("RAG111", said, override.place, "renew it, or take it out", warning=True)
                found[override.subject].append(read)
        for subject, overrides in found.items():
            live = [o for o in overrides if o.effect == "rag" and in_force(o, self.day)]
            if len({(o.entity, o.level) for o in live}) > len({o.entity for o in live}):
                said = f"{subject} has {len(live)} overrides in force that name different levels; the last begun counts"
                self._say("RAG110", said, live[-1].place, "end one before the next begins", warning=True)
        return dict(found)

    def _published(self) -> dict[tuple[str, str], tuple[Rag, str]]:
        known = {*self.rules.areas, *self.rules.kpis, *self.rules.actions}
        found: dict[tuple[str, str], tuple[Rag, str]] = {}
        for row in self.data.published:
            level, period = self.rules.scale.read(row.rag), period_of(row, self.rules.day_first)
            if row.subject not in known:
                self._unknown(row.subject, "area, KPI or action", known, row.place)
            elif level is None:
                self._say("RAG110", f"the scale has no level {shorten(row.rag)!r}", row.place)
            elif period is not None:
                found[row.subject, str(period)] = level, row.source or str(row.place)
        return found

    def known_level(self, area: str, entity: str | None) -> tuple[Previous | None, Rag | None]:
        """An area's previous level, and the level published for this period."""
        now = self.published.get((area, str(self.period))) if entity is None else None
        before: Previous | None = None
        if self.before is not None:
            row = self.before.areas.get((area, entity) if entity else area)
            if row is not None and not row.rag.is_grey:
                before = Previous(row.rag, row.period, row.computed, row.computed)
            elif row is not None and row.published is not None:
                before = Previous(row.published, row.period, published="published")
        if before is None and entity is None:
            earlier = self.period.previous()
            level = self.published.get((area, str(earlier)))
            before = None if level is None else Previous(level[0], earlier, published=level[1])
        return before, None if now is None else now[0]

    def _compare_published(self, ratings: Mapping[Key, Rating], areas: Mapping[Key, AreaRating]) -> None:
        for row in self.data.published:
            level = self.published.get((row.subject, str(self.period)))
            if level is None or str(period_of(row, self.rules.day_first)) != str(self.period):
                continue
            rated: Rating | AreaRating | None = areas.get((row.subject, None)) or ratings.get((row.subject, None))
            if rated is not None and not rated.rag.is_grey and rated.rag != level[0]:
                said = f"{row.subject} was published as {level[0].label} and is {rated.rag.label} by rules and data"
                self._say("RAG112", said, row.place, "look at both", warning=True)


def _recorded(row: Rated) -> Previous:
    facts = getattr(row, "facts", None)
    value = facts.value if isinstance(facts, Facts) else getattr(row, "value", None)
    return Previous(row.rag, row.period, row.computed, row.adjusted, value, row.reason)


def _content(row: Measurement) -> tuple[object, ...]:
    words = "" if isinstance(row.value, Fraction) else row.value_text.strip()
    return (row.value, words, row.numerator, row.denominator, row.target, row.excluded)


def _shown(row: Measurement) -> str:
    if row.value_text.strip():
        return shorten(row.value_text.strip(), 20)
    if row.numerator is not None:
        return f"{row.numerator}/{row.denominator}"
    return "blank" if row.value is None else str(row.value)
