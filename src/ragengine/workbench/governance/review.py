"""The review of every grace and override: for those who authorise them, and those who audit."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve, frozen

from ...book import Rulebook
from ...data.collection import Data
from ...data.model import Override
from ...errors import BadArgument
from ...period import Period, period_given
from ...problem import Place, Problem
from ...rollup.rows import RowCounts
from ...rulebook.grace import Grace
from ...rulebook.rules import Rules
from ...rulebook.settings import GraceBudget
from ...terms import Scale
from ..grace_budget import MostRelieved, measures_of, months_under, most_relieved
from .debt import ExceptionDebt, exception_debt
from .plain_values import review_values
from .register import Registered, State, registered, state_on, unread
from .use import Use, uses_of

__all__ = ["BudgetUse", "GraceEntry", "GraceReview", "OverrideEntry", "review_grace"]


@frozen
class GraceEntry:
    """One grace of the rules.

    Attributes:
        name: as the book has it; of an inline one, with its measure.
        place: where it is defined; of an inline one, where its measure begins.
        opted_in: ids of the KPIs and actions under it; ``id, entity`` where only an entity's own rule opts in.
        days_left: to its last day; negative once that has passed.
        use: what it did; None without data.
    """

    name: str
    grace: Grace
    place: Place
    opted_in: tuple[str, ...]
    state: State
    days_left: int
    use: Use | None = None

    @property
    def days_to_start(self) -> int:
        """Days until it begins; negative once it has."""
        return self.days_left - (self.grace.until - self.grace.start).days


@frozen
class OverrideEntry:
    """One override of the data; attributes as of :class:`GraceEntry`."""

    override: Override
    state: State
    days_left: int
    use: Use

    @property
    def days_to_start(self) -> int:
        """Days until it begins; negative once it has."""
        return self.days_left - (self.override.until - self.override.start).days


@frozen
class BudgetUse:
    """How much of the book's grace budget is used.

    Attributes:
        months: the most months for which one measure is under grace, and of which measures.
        most: on which day the most measures are under grace, from the as-at day on.
    """

    budget: GraceBudget
    months: int
    longest: tuple[str, ...]
    most: MostRelieved | None

    @property
    def over_periods(self) -> bool:
        """Whether one measure has more months than the book allows."""
        return self.budget.periods is not None and self.months > self.budget.periods

    @property
    def over_share(self) -> bool:
        """Whether more of the measures are under grace on one day than the book allows."""
        most, share = self.most, self.budget.share
        return most is not None and share is not None and most.count > share * most.measures


@frozen
class GraceReview:
    """Every grace and override of a rulebook and its data on one day.

    Attributes:
        as_at: the day for what is live; ``period`` is that of the latest scorecard, None without data.
        periods: those whose scorecards were looked at, earliest first.
        unread: names of graces that nobody opts into and whose effect depends on who does.
        overrides: of the data, in their order.
        debt: None without data.
        budget: None where the book has none.
        problems: of the latest scorecard.
    """

    title: str
    edition: str
    fingerprint: str
    as_at: date
    scale: Scale
    graces: tuple[GraceEntry, ...]
    unread: tuple[str, ...] = ()
    budget: BudgetUse | None = None
    period: Period | None = None
    periods: tuple[Period, ...] = ()
    overrides: tuple[OverrideEntry, ...] = ()
    debt: ExceptionDebt | None = None
    rows: RowCounts | None = None
    problems: tuple[Problem, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        made: dict[str, Any] = review_values(self)
        return made


def review_grace(book: Rulebook, data: Data | None = None, as_at: str | date | Period | None = None) -> GraceReview:
    """Every grace and override, where each stands on a day, and with data what it did and what rests on it.

    Args:
        data: measurements, reports of actions and overrides; without them nobody knows what fired.
        as_at: a day, or a period, of which the last day counts; the latest period in the data where it is None.

    With data, the scorecards of all their periods up to ``as_at`` are looked at. A grace or an override is still
    needed where the latest scorecard would have another level without it. Raises BadArgument where ``as_at`` cannot
    be read, or is left out and nothing gives a day.

    >>> import ragengine
    >>> book = ragengine.load("rules/")
    >>> review = review_grace(book, ragengine.read("docs/examples/2020-08/", day_first=True))
    >>> [(entry.name, str(entry.state), entry.days_left, entry.use.fired) for entry in review.graces]
    [('covid-19-transition', 'expiring', 30, 4), ('covid-19-survey', 'expiring', 30, 1)]
    """
    rules = book.rules
    entries = registered(rules)
    if data is None:
        day = _day(rules, as_at)
        graces = tuple(_grace_entry(entry, day, None) for entry in entries)
        return GraceReview(
            rules.title, rules.edition, rules.fingerprint, day, rules.scale, graces, unread(rules), _budget(rules, day)
        )
    card = book.score(data, as_at)
    day = card.as_at
    data = evolve(data, overrides=tuple(_with_level(override, rules.scale) for override in data.overrides))
    of_graces, of_overrides, periods = uses_of(rules, data, entries, card)
    return GraceReview(
        title=rules.title,
        edition=rules.edition,
        fingerprint=rules.fingerprint,
        as_at=day,
        scale=rules.scale,
        graces=tuple(_grace_entry(entry, day, use) for entry, use in zip(entries, of_graces, strict=True)),
        unread=unread(rules),
        budget=_budget(rules, day),
        period=card.period,
        periods=periods,
        overrides=tuple(
            OverrideEntry(override, state_on(override, day), (override.until - day).days, use)
            for override, use in zip(data.overrides, of_overrides, strict=True)
        ),
        debt=exception_debt(rules, data, card),
        rows=card.rows,
        problems=card.problems,
    )


def _day(rules: Rules, as_at: str | date | Period | None) -> date:
    if as_at is None:
        raise BadArgument("as_at", None, "without data, say the day")
    return period_given("as_at", as_at, rules.calendar).end


def _with_level(override: Override, scale: Scale) -> Override:
    """An override with the id of the level it names, as scoring reads it."""
    level = scale.read(override.level)
    return override if level is None else evolve(override, level=str(level))


def _grace_entry(entry: Registered, day: date, use: Use | None) -> GraceEntry:
    grace = entry.grace
    left = (grace.until - day).days
    return GraceEntry(entry.name, grace, entry.place, entry.opted_in, state_on(grace, day), left, use)


def _budget(rules: Rules, day: date) -> BudgetUse | None:
    if rules.grace_budget is None:
        return None
    months = {measure.id: months_under(measure) for measure in measures_of(rules)}
    most = max(months.values(), default=0)
    longest = tuple(subject for subject, count in months.items() if count == most > 0)
    return BudgetUse(rules.grace_budget, most, longest, most_relieved(rules, day))
