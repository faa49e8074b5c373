"""Measures and areas over several periods: each period is scored once, and charts and histories read the same cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from ..bands import BandTable
from ..book import Rulebook
from ..data.collection import Data
from ..number import exact
from ..period import Calendar, Period, PeriodError, parse_period
from ..rating.explanation import Explanation
from ..rating.phrases import amount, grace_effect, target_text
from ..rating.rating import Rating
from ..rollup.score import default_as_at, scores
from ..rollup.scorecard import Rated, Scorecard
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Range
from ..ruling import Ruling, rulings_of
from ..terms import Rag, Reason
from ..workbench.explain.rule_words import bands_in_words
from ..workbench.sample_target import sample_table
from .events import EventRow
from .model import Chart, ChartPeriod, Event, GraceWindow
from .wording import sentence

__all__ = ["Series", "cards_of", "chart_of"]

#: fewer known values than this are no line
_LEAST = 3
#: more months than this after the report's period are not drawn
_MOST_LATER = 12


def cards_of(
    book: Rulebook, data: Data, as_at: str | None, periods: int, previous: Scorecard | None = None
) -> tuple[Scorecard, ...]:
    """The scorecards of so many periods, each scored once; the wanted one is last.

    Args:
        as_at: the last period; the latest in the data where it is None.
        previous: what the last one is compared with, where that is another than the data's own period before.

    Raises BadArgument as ``Rulebook.score`` does.
    """
    last = default_as_at(data, book.rules.calendar) if as_at is None else _read(as_at, book.rules.calendar)
    if periods < 2 or last is None:
        return (book.score(data, as_at, previous),)
    wanted = [*(last.shifted(-n) for n in range(periods - 1, 0, -1)), last]
    return tuple(scores(book.rules, book.kpis, data, wanted, previous=previous))


def _read(written: str, calendar: Calendar) -> Period | None:
    """The period that is meant; None where the scoring will say what is wrong with it."""
    try:
        return parse_period(written, calendar)
    except PeriodError:
        return None


@frozen(eq=False)
class Series:
    """The cards of a report's periods, and the events to be marked."""

    book: Rulebook
    cards: tuple[Scorecard, ...]
    events: tuple[EventRow, ...] = ()

    def levels(self, area: str, entity: str | None) -> dict[Period, Rag | None]:
        """The level of an area in each period; None where nothing was rated."""
        found: dict[Period, Rag | None] = {}
        for card in self.cards:
            own = card.areas.get((area, entity) if entity else area)
            known = own is not None and not own.rag.is_grey
            found[card.period] = own.rag if own is not None and known else None
        return found

    def of(self, subject: str, entity: str | None) -> list[tuple[Period, Rated, Explanation]]:
        """The ratings of a measure in each period that is its own, the earliest first, each with its explanation."""
        found: dict[Period, Rated] = {}
        for card in self.cards:
            rated = card.ratings.get((subject, entity) if entity else subject)
            if rated is not None and rated.period is not None:
                found[rated.period] = rated
        return [(period, found[period], found[period].explanation) for period in sorted(found)]


def chart_of(series: Series, rated: Rated) -> Chart | None:
    """The chart of a measure; None where fewer than three of its values are known, or they are words."""
    rule = series.book.rules.kpis.get(rated.id)
    kpi = None if rule is None else rule.for_entity(rated.entity)
    if kpi is None or kpi.words or len(series.cards) < _LEAST:
        return None
    known = series.of(rated.id, rated.entity)
    first = next((n for n, (*_, told) in enumerate(known) if _has_value(told)), len(known))
    known = known[first:]
    if sum(_has_value(told) for *_, told in known) < _LEAST:
        return None
    lines = _SeriesLines(series.book, kpi)
    columns = [_column(period, one, told, kpi, lines) for period, one, told in known]
    columns += _later(known[-1][0], lines)
    start, end = columns[0].period.start, columns[-1].period.end
    events = [e for e in (*_rule_changes(lines), *_own_events(series.events, kpi)) if start <= e.day <= end]
    return Chart(
        title=_title(kpi, columns),
        columns=tuple(columns),
        events=tuple(sorted(events, key=lambda event: (event.day, event.kind, event.text))),
        graces=tuple(_windows(kpi, start, end)),
        comparator=_comparator_name(known),
    )


def _has_value(told: Explanation) -> bool:
    return told.value is not None and not told.carried_from


class _SeriesLines:
    """The bands and targets of a rule by day, each era looked up once."""

    def __init__(self, book: Rulebook, kpi: Kpi) -> None:
        self.rulings = list(rulings_of(book.rules, kpi))
        self.kept: dict[object, tuple[BandTable[Rag] | None, tuple[Fraction, ...], str]] = {}

    def on(self, day: date, data_target: Fraction | None) -> tuple[BandTable[Rag] | None, tuple[Fraction, ...], str]:
        ruling = next(each for each in reversed(self.rulings) if each.era.start <= day).with_target(data_target)
        if ruling not in self.kept:
            self.kept[ruling] = self._made(ruling)
        return self.kept[ruling]

    def _made(self, ruling: Ruling) -> tuple[BandTable[Rag] | None, tuple[Fraction, ...], str]:
        target = ruling.target
        if target is None:
            targets: tuple[Fraction, ...] = ()
        else:
            targets = (exact(target.min), exact(target.max)) if isinstance(target, Range) else (target,)
        table = None if ruling.not_due else sample_table(ruling.as_printed)
        return table, targets, "" if target is None else target_text(target, ruling.kpi)


def _data_target(rated: Rated) -> Fraction | None:
    """The target that came with the row, where the rule leaves it to the data."""
    target = getattr(rated, "target", None)
    return target if isinstance(target, Fraction) else None


def _column(period: Period, rated: Rated, told: Explanation, kpi: Kpi, lines: _SeriesLines) -> ChartPeriod:
    value = None if told.value is None else Fraction(told.value)
    table, targets, words = lines.on(period.end, _data_target(rated))
    beside = _comparator(rated)
    return ChartPeriod(
        period=period,
        value=value,
        value_text=_value_text(rated, value, kpi),
        rag=rated.rag,
        carried=bool(told.carried_from),
        targets=targets,
        target_text=words,
        table=table,
        comparator=beside,
        comparator_text="" if beside is None else amount(beside, kpi.unit),
        limits=told.interval.ends if told.interval else (),
    )


def _value_text(rated: Rated, value: Fraction | None, kpi: Kpi) -> str:
    if value is None:
        return "too few to publish" if rated.reason is Reason.SUPPRESSED else ""
    return amount(value, kpi.unit, kpi.decimals)


def _later(last: Period, lines: _SeriesLines) -> list[ChartPeriod]:
    """The periods up to the last dated target, without values."""
    ends = max((each.era.start for each in lines.rulings if bands_in_words(each).get("target")), default=date.min)
    found: list[ChartPeriod] = []
    period = last.shifted(1)
    while period.start <= ends and len(found) < _MOST_LATER:
        table, targets, words = lines.on(period.end, None)
        found.append(ChartPeriod(period, targets=targets, target_text=words, table=table, later=True))
        period = period.shifted(1)
    return found


def _rule_changes(lines: _SeriesLines) -> Iterable[Event]:
    for old, new in zip(lines.rulings, lines.rulings[1:], strict=False):
        before, after = bands_in_words(old), bands_in_words(new)
        changed = [
            after.get(key, f"no {key} any more") for key in {**before, **after} if before.get(key) != after.get(key)
        ]
        if changed:
            was = [before[key] for key in {**before, **after} if before.get(key) != after.get(key) and key in before]
            yield Event(
                new.era.start, "rule changed", "; ".join(changed) + (f" (before: {'; '.join(was)})" if was else "")
            )


def _own_events(events: Sequence[EventRow], kpi: Kpi) -> Iterable[Event]:
    return (row.event for row in events if row.subject in ("", kpi.id, kpi.area))


def _windows(kpi: Kpi, start: date, end: date) -> Iterable[GraceWindow]:
    for grace in kpi.graces:
        if grace.start <= end and grace.until >= start:
            yield GraceWindow(grace.name, grace.start, grace.until, grace_effect(grace))


def _comparator(rated: Rated) -> Fraction | None:
    """The number of a column ``comparator`` beside the value."""
    given = rated.facts.given if isinstance(rated, Rating) else None
    number = None if given is None else given.inputs.get("comparator")
    return number if isinstance(number, Fraction) else None


def _comparator_name(known: Sequence[tuple[Period, Rated, Explanation]]) -> str:
    """What the column ``comparator_name`` calls it; empty where no period has one."""
    for _, rated, _ in reversed(known):
        if _comparator(rated) is not None:
            given = rated.facts.given if isinstance(rated, Rating) else None
            name = given.inputs.get("comparator_name") if given else None
            return str(getattr(name, "text", "") or "Comparator")
    return ""


def _title(kpi: Kpi, columns: Sequence[ChartPeriod]) -> str:
    """What is seen, in a few words: where the last figure stands, and for how long it has stood there."""
    measured = [c for c in columns if c.value is not None and not c.carried and c.rag is not None]
    last = measured[-1]
    assert last.rag is not None
    same = 0
    for column in reversed(measured):
        if column.rag != last.rag:
            break
        same += 1
    if last.rag.is_grey:
        return f"{last.value_text} in {last.period.label}"
    if same == len(measured):
        return f"{last.rag.label} in each of the {same} periods with figures"
    since = measured[-same].period.label
    return sentence(f"{last.rag.label} since {since}" if same > 1 else f"{last.rag.label} in {since}")
