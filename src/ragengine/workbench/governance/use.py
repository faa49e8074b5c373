"""What each grace and override did on the scorecards of the data, and whether it is still needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from attrs import define, evolve, field, frozen

from ...data.collection import Data
from ...data.model import Override
from ...period import Period
from ...rating.explanation import override_line
from ...rating.overrides import agreed
from ...rating.rating import Rating
from ...rollup.area_rating import AreaRating
from ...rollup.rows import ByKey
from ...rollup.scorecard import Rated, Scorecard
from ...rulebook.rules import Rules
from ...terms import Rag
from .register import Registered, without
from .scorecards import Scorecards, beneath, narrowed, reporting_periods

__all__ = ["Changed", "Difference", "Use", "override_steps", "uses_of"]


@frozen
class Changed:
    """A change of level, and on how many ratings it was made."""

    before: Rag
    after: Rag
    times: int


@frozen
class Difference:
    """A rating, or an area, that would have another level."""

    id: str
    entity: str | None
    rag: Rag
    without: Rag


@frozen
class Use:
    """What a grace or an override did on the scorecards of the data.

    Attributes:
        fired: ratings on which it was granted; of an override, rows of scorecards on which it was in force.
        refused: for each reason, ratings on which a live grace was not granted.
        changes: the levels that it found and left.
        last_fired: the latest period of whose scorecard that is so.
        needed: what the latest scorecard would have otherwise without it.
        last_needed: the latest period on whose scorecard something would have been otherwise.
        not_needed_since: the first period after that one; None where it is needed, or never was.
    """

    fired: int = 0
    refused: tuple[tuple[str, int], ...] = ()
    changes: tuple[Changed, ...] = ()
    last_fired: Period | None = None
    needed: tuple[Difference, ...] = ()
    last_needed: Period | None = None
    not_needed_since: Period | None = None

    @property
    def changed(self) -> int:
        """How many levels it changed."""
        return sum(change.times for change in self.changes)


@define
class _Tally:
    fired: int = 0
    refused: Counter[str] = field(factory=Counter)
    changes: Counter[tuple[Rag, Rag]] = field(factory=Counter)
    last: Period | None = None

    def add(self, before: Rag, after: Rag, period: Period) -> None:
        self.fired += 1
        self.last = period
        if before != after:
            self.changes[before, after] += 1

    def use(self) -> Use:
        ordered = sorted(self.changes.items(), key=lambda item: (item[0][0].rank, item[0][1].rank))
        changes = tuple(Changed(before, after, times) for (before, after), times in ordered)
        return Use(self.fired, tuple(sorted(self.refused.items())), changes, self.last)


def uses_of(
    rules: Rules, data: Data, graces: Sequence[Registered], card: Scorecard
) -> tuple[list[Use], list[Use], tuple[Period, ...]]:
    """The use of each grace and of each override of the data, and the periods whose scorecards were looked at.

    ``card`` is the scorecard of the latest. Levels of overrides are those of the scale, as scoring reads them.
    """
    return _Uses(rules, data, graces, card).all()


class _Uses:
    """One run of :func:`uses_of`."""

    def __init__(self, rules: Rules, data: Data, graces: Sequence[Registered], card: Scorecard) -> None:
        self.rules = rules
        self.data = data
        self.graces = graces
        self.periods = reporting_periods(rules, data, card.period)
        items: tuple[Registered | Override, ...] = (*graces, *data.overrides)
        watched = {subject for item in items for subject in self._subjects(item)}
        self.cards = Scorecards(*narrowed(rules, data, watched), ready=card)

    def all(self) -> tuple[list[Use], list[Use], tuple[Period, ...]]:
        cards = [self.cards.of(period) for period in self.periods]
        of_graces, of_overrides = self._graces(cards), self._overrides(cards)
        graces = [self._with_need(tally.use(), entry) for entry, tally in zip(self.graces, of_graces, strict=True)]
        overrides = [self._with_need(of_overrides[override].use(), override) for override in self.data.overrides]
        return graces, overrides, self.periods

    def _subjects(self, item: Registered | Override) -> set[str]:
        """The KPIs and actions that decide what it does."""
        if isinstance(item, Registered):
            return item.subjects
        return beneath(self.rules, item.subject) if item.subject in self.rules.areas else {item.subject}

    def _graces(self, cards: Sequence[Scorecard]) -> list[_Tally]:
        tallies = [_Tally() for _ in self.graces]
        of_member = {member: tally for entry, tally in zip(self.graces, tallies) for member in entry.members}
        seen = set()
        for card in cards:
            for rating in card.ratings.values():
                key = (rating.id, rating.entity, rating.period)
                # an action that nothing can rate records its graces, a KPI does not: neither is counted
                if key in seen or not isinstance(rating, Rating) or rating.computed.is_grey:
                    continue
                seen.add(key)
                for applied in rating.outcome.graces:
                    tally = of_member[rating.id, applied.grace]
                    if applied.granted:
                        tally.add(applied.before, applied.after, card.period)
                    else:
                        tally.refused[applied.why] += 1
        return tallies

    def _overrides(self, cards: Sequence[Scorecard]) -> dict[Override, _Tally]:
        tallies = {override: _Tally() for override in self.data.overrides}
        for card in cards:
            rows: list[Rated | AreaRating] = [*card.ratings.values(), *card.areas.values()]
            for rated in rows:
                for override, before, after in override_steps(rated, self.data.overrides, card):
                    tallies[override].add(before, after, card.period)
        return tallies

    def _with_need(self, use: Use, item: Registered | Override) -> Use:
        subjects = self._subjects(item)
        rules, data = narrowed(self.rules, self.data, subjects)
        if isinstance(item, Registered):
            start, rules = item.grace.start, without(rules, item.members)
        else:
            start, data = item.start, evolve(data, overrides=tuple(o for o in data.overrides if o != item))
        others = Scorecards(rules, data)
        found: tuple[Difference, ...] = ()
        since: Period | None = None
        for period in reversed(self.periods):
            # before it began it changed nothing; after it ended it may, through persistence and excluded periods
            if period.end < start or not subjects:
                break
            found = tuple(_differences(self.cards.of(period), others.of(period), subjects, item))
            if found:
                needed = found if since is None else ()
                return evolve(use, needed=needed, last_needed=period, not_needed_since=since)
            since = period
        return use


def _differences(
    card: Scorecard, other: Scorecard, subjects: Collection[str], item: Registered | Override
) -> Iterator[Difference]:
    """Which rating, or which area where it is judged, another scorecard has at another level."""
    rows: list[Rated | AreaRating] = [rating for rating in card.ratings.values() if rating.id in subjects]
    beside: ByKey[Rated] | ByKey[AreaRating] = other.ratings
    if isinstance(item, Override) and item.subject in card.areas:
        rows, beside = [area for area in card.areas.values() if area.id == item.subject], other.areas
    for row in rows:
        without_it = beside[(row.id, row.entity) if row.entity else row.id].rag
        if row.rag != without_it:
            yield Difference(row.id, row.entity, row.rag, without_it)


def override_steps(
    rated: Rated | AreaRating, overrides: Sequence[Override], card: Scorecard
) -> Iterator[tuple[Override, Rag, Rag]]:
    """Each override in force on a rating or an area, with the level that it found and the one that it left."""
    if isinstance(rated, AreaRating):
        lines = {override_line(o, True): o for o in overrides if (o.subject, o.entity) == (rated.id, rated.entity)}
        level, live = rated.computed, tuple(lines[line] for line in rated.overrides if line in lines)
    else:
        assert isinstance(rated, Rating)
        level, live = rated.adjusted, rated.facts.overrides
    for override in live:
        before, level = level, agreed(level, (override,), card.as_at, card.scale)
        yield override, before, level
