"""A walk through periods: a line for each, with what is in force and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

from attrs import frozen

from ...book import Rulebook
from ...data.collection import Data
from ...errors import BadArgument
from ...period import Calendar, Period, PeriodError, parse_period
from ...rating.rating import Rating
from ...rollup.area_rating import AreaRating
from ...rollup.scorecard import Rated
from ...rulebook.action import Action
from ...rulebook.grace import live_on
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...ruling import ruling_on
from ...ruling.days import Standing, levels_by_day
from ...terms import Rag
from .level_tables import OF_TARGET, band_changes, level_table, relative_target
from .rule_words import bands_in_words

__all__ = ["Stop", "periods_between", "walk_action", "walk_kpi", "walk_ratings"]

#: periods that one walk shows
MOST_PERIODS = 400


@frozen
class Stop:
    """One period of a walk.

    Attributes:
        level: the final level; None where no value or data are given.
        why: the reason of a grey, or what made the level another than the computed one.
        in_force: target and tolerance in words.
        graces: names of the graces that are live on its last day.
        does: what they do to the bands.
    """

    period: str
    label: str
    level: Rag | None
    why: str
    in_force: str
    graces: tuple[str, ...]
    does: tuple[str, ...]


def periods_between(written: str, calendar: Calendar) -> list[Period]:
    """The periods of ``2020-01..2020-12``, first and last included; raises BadArgument."""
    first_text, _, last_text = written.partition("..")
    ends = []
    for text in (first_text, last_text):
        try:
            ends.append(parse_period(text, calendar))
        except PeriodError as wrong:
            raise BadArgument("--period", written, f"{text or 'nothing'}: {wrong.message}; {wrong.hint}") from wrong
    first, last = ends
    if first.kind is not last.kind:
        raise BadArgument("--period", written, f"one end is a {first.kind} and the other a {last.kind}")
    if last < first:
        raise BadArgument("--period", written, "the last period is before the first")
    found = [first]
    while found[-1] < last:
        if len(found) == MOST_PERIODS:
            raise BadArgument("--period", written, f"name at most {MOST_PERIODS} periods")
        found.append(found[-1].shifted(1))
    return found


def walk_kpi(
    rules: Rules, kpi: Kpi, periods: list[Period], data_target: Fraction | None, rate: Callable[[Period], Rating] | None
) -> Iterator[Stop]:
    """What is in force in each period and, with a value, its level; ``kpi`` is the entity's own where it has one."""
    for period in periods:
        ruling = ruling_on(rules, kpi, period.end).with_target(data_target)
        shown = ruling.as_printed
        unit = kpi.unit
        if relative_target(shown):
            shown, unit = shown.with_target(Fraction(100)), OF_TARGET
        does = band_changes(level_table(shown), level_table(shown, shown.live), kpi, unit) if shown.live else ()
        rating = rate(period) if rate else None
        yield Stop(
            str(period),
            period.label,
            rating.rag if rating else None,
            _why(rating) if rating else "",
            "; ".join(bands_in_words(ruling).values()),
            tuple(grace.name for grace in ruling.live),
            tuple(does),
        )


def walk_action(
    rules: Rules, action: Action, periods: list[Period], rate: Callable[[date], Rating] | None
) -> Iterator[Stop]:
    """The level of an action on the last day of each period: as reported, or while it is open."""
    when_open = levels_by_day(rules, action, Standing()) if action.formula is None else None
    for period in periods:
        rating = rate(period.end) if rate else None
        level: Rag | None
        if rating is not None:
            level, why = rating.rag, _why(rating)
        else:
            level, why = when_open.label(period.end.toordinal()) if when_open else None, ""
        live = tuple(grace.name for grace in action.graces if live_on(grace, period.end))
        yield Stop(str(period), period.label, level, why, "", live, ())


def walk_ratings(book: Rulebook, data: Data, subject: str, entity: str | None, periods: list[Period]) -> Iterator[Stop]:
    """The level in each period by the data: of a KPI, an action or an area."""
    for period in periods:
        card = book.score(data, period)
        rows = card.areas if subject in book.rules.areas else card.ratings
        row = rows[(subject, entity) if entity else subject]
        live: tuple[str, ...] = ()
        said = ""
        if isinstance(row, Rating):
            live = tuple(applied.grace.name for applied in row.outcome.graces)
            if row.period is not None and str(row.period) != str(period):
                said = f"of {row.period.label}"
        why = "; ".join(part for part in (_why(row), said) if part)
        yield Stop(str(period), period.label, row.rag, why, "", live, ())


def _why(row: Rated | AreaRating) -> str:
    said = []
    if row.reason:
        said.append(str(row.reason))
    if isinstance(row, Rating):
        facts = row.facts
        if facts.carried_from is not None:
            said.append(f"carried forward from {facts.carried_from.label}")
        said += [
            f"{applied.grace.name} refused" if not applied.granted else f"by grace {applied.grace.name}"
            for applied in row.outcome.graces
            if applied.changed or not applied.granted
        ]
    if row.rag != row.adjusted:
        said.append("by override")
    if row.rag != row.computed:
        said.append(f"computed {row.computed.label}")
    return "; ".join(said)
