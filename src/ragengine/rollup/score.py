"""Data and rules make a scorecard: every KPI, action and area of one reporting period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from attrs import evolve

from ..collector import kept_still
from ..data.collection import Data
from ..data.door import measurement_of
from ..data.model import ActionReport, period_of
from ..errors import BadArgument
from ..period import APRIL, Calendar, Period, PeriodError, PeriodKind, parse_period, period_given
from ..problem import Place, Problem, shorten, sorted_problems
from ..rating.actions import rate_action
from ..rating.facts import Previous
from ..rating.history import History
from ..rating.movement import UNREPORTED
from ..rating.prepare import PreparedKpi
from ..rating.rating import Rating
from ..rulebook.rules import Rules
from ..terms import Rag, Reason
from .area_rating import AreaRating
from .areas import AreaRoller
from .by_value import ByValue
from .histories import Histories, KpiHistories
from .judgements import checked_overrides, tell_unmet
from .made import Made, MadeRatings
from .published import PublishedLevels
from .ranks import ranked
from .rows import ByKey, Key, RowCounts
from .scorecard import Rated, Scorecard
from .seen import RowsSeen
from .shown import action_before, covers, recorded_area, recorded_of, shown_period
from .tally import Child
from .usable_rows import Telling

__all__ = ["default_as_at", "measured_periods", "score", "scores"]

AsAt = str | date | Period | None


def default_as_at(data: Data, calendar: Calendar = APRIL) -> Period | None:
    """The latest period in the data; None where there is none."""
    latest = max(measured_periods(data, calendar), default=None)
    reported = max((report.as_at for report in data.actions if report.as_at is not None), default=None)
    if reported is None or (latest is not None and latest.end >= reported):
        return latest
    if latest is None or latest.kind is PeriodKind.DAY:
        return Period.around(reported, PeriodKind.DAY, calendar.year_starts)
    return Period.around(reported, PeriodKind.MONTH, calendar.year_starts)


def measured_periods(data: Data, calendar: Calendar = APRIL) -> set[Period]:
    """Every period that a measurement of the data names and that can be read."""
    periods = (period_of(row, calendar) for row in data.measurements)
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
    with kept_still():
        histories = Histories(rules, prepared, data, period.end, shared=False)
        return _Scoring(rules, data, period, histories, previous).card()


def scores(
    rules: Rules,
    prepared: Mapping[str, PreparedKpi],
    data: Data,
    periods: Sequence[Period],
    *,
    previous: Scorecard | None = None,
    histories: Histories | None = None,
) -> Iterator[Scorecard]:
    """The scorecards of several periods of the same data, in their order: rows are sorted out once, and rated once.

    What is wrong with the rows, and how many there are, is told by the last one for all of them.

    Args:
        previous: what the last one is compared with, where that is another than the data's own period before.
        histories: the rows by the last of their days, where a caller has sorted them out already.
    """
    if not periods:
        return
    if histories is None:
        histories = Histories(rules, prepared, data, max(period.end for period in periods))
    last: Scorecard | None = None
    for n, period in enumerate(periods, start=1):
        is_last = n == len(periods)
        before = previous if is_last else None
        areas = None if last is None or last.period != period.previous() else last.areas.values()
        last = _Scoring(rules, data, period, histories, before, counts=is_last, areas_before=areas).card()
        yield last


def _as_at(rules: Rules, data: Data, as_at: AsAt) -> Period:
    if as_at is None:
        found = default_as_at(data, rules.calendar)
        if found is None:
            raise BadArgument("as_at", None, _no_period(data, rules.calendar))
        return found
    return period_given("as_at", as_at, rules.calendar)


def _no_period(data: Data, calendar: Calendar) -> str:
    """Why there is no latest period: rows name none, or none that can be read."""
    written = next((row.period_text for row in data.measurements if row.period_text), None)
    if written is not None:
        try:
            parse_period(written, calendar)
        except PeriodError as wrong:
            return f"no period in the data can be read: {shorten(written)!r}: {wrong.message}; {wrong.hint}"
    return "the data have no period: say which one to score"


class _Scoring:
    """One scorecard in the making: what it collects on the way.

    ``counts`` says whether it counts the rows and tells what is wrong with them. ``areas_before`` are the areas of the
    period before, for those that ``previous`` does not know; they are scored here where they are None.
    """

    def __init__(
        self,
        rules: Rules,
        data: Data,
        period: Period,
        histories: Histories,
        previous: Scorecard | None = None,
        *,
        counts: bool = True,
        areas_before: Iterable[AreaRating] | None = None,
    ) -> None:
        self.rules = rules
        self.prepared = histories.prepared
        self.data = data
        self.period = period
        self.day = period.end
        self.histories = histories
        self.counts = counts
        self.areas_before = areas_before
        self.before = previous
        self.tell = Telling(data)
        self.usable = histories.usable
        self.rejected = data.rejected
        self.later = 0
        self.seen = RowsSeen(rules, data, self.tell, heeded=counts)
        self.by_value = ByValue(histories, period, self.seen)
        self.published = PublishedLevels(rules, data.published, self.tell)
        self.overrides = checked_overrides(rules, data.overrides, self.day, self.tell)
        for area in sorted(data.narrative.keys() - rules.areas.keys()):
            # a report has no page for it: what was written there would be missing without a word
            self.tell.unknown(area, "area", rules.areas, Place("narrative.toml"))

    def card(self) -> Scorecard:
        made, areas, programme = self._rated_and_rolled_up()
        ratings = MadeRatings(made, self.by_value.facts)
        if self.overrides:
            tell_unmet(self.overrides, self.day, {*made, *areas}, self.tell)
        if self.published:
            self.published.compare({**ratings, **areas}, self.period)
        return Scorecard(
            title=self.rules.title,
            edition=self.rules.edition,
            fingerprint=self.rules.fingerprint,
            period=self.period,
            as_at=self.day,
            scale=self.rules.scale,
            ratings=ByKey[Rated](ratings, "rating"),
            areas=ByKey(areas, "area"),
            programme=programme,
            rows=self._counts(),
            problems=tuple(sorted_problems([*self._of_rows(), *self.tell.problems])),
            narrative=self.data.narrative,
        )

    def _rated_and_rolled_up(self) -> tuple[dict[Key, Made], dict[Key, AreaRating], AreaRating]:
        made: dict[Key, Made] = {}
        entities: dict[str | None, None] = {None: None}
        for kpi_id, prepared in self.prepared.items():
            own = self._of_kpi(prepared)
            for entity, one in own.items():
                made[kpi_id, entity] = one
            entities |= dict.fromkeys(own)
        for action_id, rating in self._actions():
            made[action_id, None] = rating
        roller = AreaRoller(self.rules, self.period, self.day, made, self.overrides, self.known_level)
        areas: dict[Key, AreaRating] = {}
        for entity in entities:
            areas |= roller.areas(entity)
        return made, areas, roller.programme(areas)

    def _of_kpi(self, prepared: PreparedKpi) -> Mapping[str | None, Made]:
        """A KPI by entity: rated, or no more than what its rating comes to."""
        series, score = self.histories.of(prepared.id), prepared.kpi.score
        if score is not None and score.by_rank:
            return ranked({entity: self._rate(series, entity) for entity in series.entities(self.day)})
        # a rating made later would keep the scorecard before alive; one that several scorecards share is made once
        if self.before is not None or self.published or self.histories.shared:
            return {entity: self._rate(series, entity) for entity in series.entities(self.day)}
        return {
            entity: self.by_value.outcome(series, entity) or self._rate(series, entity)
            for entity in series.entities(self.day)
        }

    @cached_property
    def _areas_before(self) -> Mapping[Key, AreaRating]:
        """The areas of the period before as its own scorecard has them; none where the data say nothing of it."""
        before, areas = self.period.previous(), self.areas_before
        if areas is None and self.histories.begin_by(before.end):
            earlier = _Scoring(self.rules, self.data, before, self.histories, counts=False, areas_before=())
            areas = earlier._rated_and_rolled_up()[1].values()
        return {(area.id, area.entity): area for area in areas or ()}

    def _of_rows(self) -> list[Problem]:
        if not self.counts:
            return []
        return [*self.usable.readers_problems(), *self.histories.tell.problems, *self.seen.doubtful()]

    def _counts(self) -> RowCounts:
        rated, grey, rejected = self.seen.rated, self.seen.grey + self.usable.grey, self.rejected + self.usable.rejected
        return RowCounts(rated + grey + rejected, rated, grey, rejected, self.later + self.usable.later)

    # ratings

    def _rate(self, series: KpiHistories, entity: str | None) -> Rating:
        prepared, history = series.prepared, series.history(entity)
        measured = history.periods_by(self.day)
        current = shown_period(prepared.kpi, measured, self.period)
        kpi_id = prepared.kpi.id
        if self.counts:
            self._past(history, measured, current)
        given = history.by_period.get(current)
        overrides = [o for o in self.overrides.get(kpi_id, ()) if o.entity == entity]
        if given is not None and self.before is None and not overrides and not self.published:
            # its own rows decide, as they do when a later period looks back at it
            rating = history.rating_of(current)
            assert rating is not None
        else:
            before = self._before(kpi_id, entity, current, lambda: history.previous(current), history.excluded)
            unread = None if measured else self.usable.unread.get(kpi_id, {}).get(entity)
            here = given or unread or measurement_of(kpi_id, period=current, entity=entity)
            rating = prepared.rate_measurement(here, history, overrides, self.day, before, current)
        if given is not None:
            self.seen.see(given, rating)
        return rating

    def _past(self, history: History, measured: Sequence[Period], current: Period) -> None:
        """Counts and looks at the rows of every other period than the one that is shown."""
        for period in measured:
            if period == current:
                continue
            past = history.rating_of(period) if period.end < current.end else None
            if past is None:
                self.seen.count(None)
            else:
                self.seen.see(history.by_period[period], past)

    def _before(
        self,
        subject: str,
        entity: str | None,
        current: Period,
        own: Callable[[], Previous | None],
        excluded: Callable[[Period], bool] = lambda _: False,
    ) -> Previous | None:
        """The previous level: of the scorecard before, else ``own`` of earlier rows; published where there are no data.

        What a scorecard before had no data for is asked of the data here, and of what was published; so it is where
        that shows the very period that is rated, or an excluded one, and what it says came before is asked last.
        """
        row = None if self.before is None else self.before.ratings.get((subject, entity) if entity else subject)
        passed_over = row is not None and row.period is not None and (row.period == current or excluded(row.period))
        if row is not None and not passed_over:
            recorded = recorded_of(row, self.rules.scale)
            if recorded.reason not in UNREPORTED:
                return recorded
        found = own()
        if found is not None and found.reason is not Reason.NO_DATA:
            return found
        found = self.published.previous((subject, entity), current.previous()) or found
        if found is None and row is not None and passed_over and row.previous is not None:
            return Previous(row.previous)
        return found

    def _actions(self) -> list[tuple[str, Rating]]:
        reports: dict[str, dict[date, list[ActionReport]]] = defaultdict(lambda: defaultdict(list))
        unread: dict[str, ActionReport] = {}
        for report in self.data.actions:
            if report.action not in self.rules.actions:
                self.rejected += 1
                self.tell.unknown(report.action, "action", self.rules.actions, report.place, "action")
            elif report.as_at is None:
                self.seen.count(None)
                unread.setdefault(report.action, report)
            elif report.as_at > self.day:
                self.later += 1
            else:
                reports[report.action][report.as_at].append(report)
        return [
            (action_id, self._action(action_id, reports.get(action_id, {}), unread.get(action_id)))
            for action_id in self.rules.actions
        ]

    def _action(self, action_id: str, by_day: Mapping[date, list[ActionReport]], unread: ActionReport | None) -> Rating:
        action = self.rules.actions[action_id]
        usable: dict[date, ActionReport] = {}
        for day, rows in by_day.items():
            if any(evolve(row, place=rows[0].place) != rows[0] for row in rows[1:]):
                lines = ", ".join(f"{row.status or 'no status'} at {row.place}" for row in rows)
                self.tell.say("RAG107", f"{action_id}, {day} is given {len(rows)} times: {lines}", rows[1].place)
                self.rejected += len(rows)
                continue
            usable[day] = rows[0]
            if len(rows) > 1:
                self.tell.say("RAG107", f"{action_id}, {day} is given {len(rows)} times", rows[1].place, warning=True)
                self.rejected += len(rows) - 1
        overrides = [o for o in self.overrides.get(action_id, []) if o.entity is None]
        previous = self._before(
            action_id, None, self.period, lambda: action_before(self.rules, action, usable, self.period, overrides)
        )
        latest = max(usable, default=None)
        report = usable[latest] if latest is not None else unread
        rating = rate_action(self.rules, action, report, self.day, previous, overrides)
        for day in usable:
            own = rating if day == latest else rate_action(self.rules, action, usable[day], day)
            self.seen.count(own.rag)
        return rating

    # areas

    def known_level(
        self, area: str, entity: str | None, children: Sequence[Child]
    ) -> tuple[Previous | None, Rag | None]:
        """An area's previous level, and the level published for this period."""
        key: Key = (area, entity)
        before = (
            None if self.before is None else recorded_area(self.before.areas.get((area, entity) if entity else area))
        )
        if before is None:
            row = self._areas_before.get(key)
            before = recorded_area(row) if row is not None and covers(row, children) else None
        if before is None:
            before = self.published.previous(key, self.period.previous())
        return before, self.published.level(key, self.period)
