"""The rulebook a service holds: rules compiled and ready to rate."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, overload

from attrs import field, frozen

from .data.door import report_of
from .display import did_you_mean
from .errors import BadArgument, UnknownId
from .period import Period, period_given
from .rating.facts import Previous
from .rating.phrases import plural
from .rating.prepare import BOUND, PreparedKpi
from .rating.rating import Rating
from .rulebook.action import Action
from .rulebook.rules import Rules
from .ruling import Outcome
from .terms import Scale, Status, level_given

if TYPE_CHECKING:
    from .data.collection import Data
    from .rollup.scorecard import Scorecard

__all__ = ["PreparedAction", "Ratings", "Rulebook"]

_ROWS = "write (kpi, period, value) rows"
PeriodLike = Period | str | date | None
Row = tuple[str, PeriodLike, object]


@frozen(eq=False, repr=False)
class PreparedAction:
    """One action of a rulebook, ready to rate."""

    rules: Rules
    action: Action

    def __reduce__(self) -> tuple[Any, ...]:
        return PreparedAction, (self.rules.as_rated(self.action.area), self.action)

    def __repr__(self) -> str:
        return f"<PreparedAction {self.action.id}>"

    @property
    def id(self) -> str:
        return self.action.id

    def rate(
        self,
        as_at: str | date,
        status: str | Status | None = None,
        *,
        progress: object = None,
        completed_on: str | date | None = None,
        evidence: str | bool = "",
        causes: str | Iterable[str] = (),
        note: str = "",
        previous: str | None = None,
    ) -> Rating:
        """The rating on a day.

        Args:
            as_at: a day, or a period, of which the last day counts.
            status: ``not started``, ``in progress``, ``complete`` or ``deferred``, in any case and with hyphens; None
                rates grey: no data, another word grey: invalid.
            completed_on: a day, or a period, of which the last day counts; one that begins after ``as_at`` rates a
                complete action grey: invalid.
            progress: 0 to 100.
            previous: the level of the period before, where it is known.

        Raises BadArgument for a day that cannot be read, and for a level that the scale has not.
        """
        # who rates KPIs alone does not wait for what rates actions
        from .rating.actions import rate_action

        day = self._day("as_at", as_at)
        if completed_on is not None:
            self._day("completed_on", completed_on)
        report = report_of(
            self.action.id,
            day,
            self.rules.calendar,
            status=status,
            progress=progress,
            completed_on=completed_on,
            evidence=evidence,
            causes=causes,
            note=note,
        )
        before = None
        if previous is not None:
            before = Previous(level_given("previous", previous, self.rules.scale))
        return rate_action(self.rules, self.action, report, day, before)

    def _day(self, argument: str, given: str | date) -> date:
        return period_given(argument, given, self.rules.calendar).end


class Ratings(Sequence[Rating]):
    """What :meth:`Rulebook.rate_many` gives: each rating is made when it is looked at."""

    __slots__ = ("_made", "_rows")

    def __init__(self, rows: Sequence[Row], made: list[Outcome | Rating]) -> None:
        self._rows = rows
        self._made = made

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> Rating: ...
    @overload
    def __getitem__(self, index: slice) -> Ratings: ...
    def __getitem__(self, index: int | slice) -> Rating | Ratings:
        if isinstance(index, slice):
            return Ratings(self._rows[index], self._made[index])
        made = self._made[index]
        if isinstance(made, Rating):
            return made
        _, period, value = self._rows[index]
        assert isinstance(value, int | float)
        return Rating(made, value, period)

    def __iter__(self) -> Iterator[Rating]:
        for made, (_, period, value) in zip(self._made, self._rows, strict=True):
            # of an outcome the value is a number: see Rulebook.rate_many
            yield made if type(made) is Rating else Rating(made, value, period)  # type: ignore[arg-type]

    def levels(self) -> list[str]:
        """The final level of each, without making the ratings."""
        return [str(made.rag) for made in self._made]

    def __repr__(self) -> str:
        return f"<{plural(len(self), 'rating')}>"


@frozen(eq=False, repr=False)
class Rulebook:
    """Rules of one edition, compiled: rates one measurement or many, and scores a reporting period.

    Immutable, safe to share between threads, and picklable.

    Attributes:
        rules: what the authors wrote.
    """

    rules: Rules
    _kpis: dict[str, PreparedKpi] = field(init=False)

    def __attrs_post_init__(self) -> None:
        prepared = {kpi.id: PreparedKpi(self.rules, kpi) for kpi in self.rules.kpis.values()}
        object.__setattr__(self, "_kpis", prepared)

    def __reduce__(self) -> tuple[Any, ...]:
        return Rulebook, (self.rules,)

    def __repr__(self) -> str:
        rules = self.rules
        of = ((rules.areas, "area"), (rules.kpis, "KPI"), (rules.actions, "action"))
        counts = (plural(len(own), noun) for own, noun in of)
        return f"<Rulebook {rules.title!r}, {rules.edition}: {', '.join(counts)}>"

    def _repr_html_(self) -> str:
        from .document.notebook import rows_table

        rules = self.rules
        held = Counter(subject.partition(".")[0] for subject in self._kpis)
        done = Counter(subject.partition(".")[0] for subject in rules.actions)
        rows = [(area.title, str(held[name]), str(done[name])) for name, area in rules.areas.items()]
        after = f"Edition {rules.edition}, fingerprint {rules.fingerprint[:12]}."
        return rows_table(rules.title, ("Area", "KPIs", "Actions"), rows, after)

    def __eq__(self, other: object) -> bool:
        return self.rules == other.rules if isinstance(other, Rulebook) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.rules.fingerprint)

    @property
    def title(self) -> str:
        return self.rules.title

    @property
    def edition(self) -> str:
        return self.rules.edition

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what was written."""
        return self.rules.fingerprint

    @property
    def scale(self) -> Scale:
        return self.rules.scale

    @property
    def kpis(self) -> Mapping[str, PreparedKpi]:
        """The KPIs by id, in the order in which they are written."""
        return dict(self._kpis)

    def __contains__(self, subject: object) -> bool:
        return isinstance(subject, str) and (subject in self._kpis or subject in self.rules.actions)

    def __iter__(self) -> Iterator[str]:
        """The ids of the KPIs and actions in the order of the files, in each the KPIs first."""
        files = {file.removesuffix(".toml"): n for n, file in enumerate(self.rules.document)}
        subjects = (*self._kpis, *self.rules.actions)
        return iter(sorted(subjects, key=lambda subject: files.get(subject.partition(".")[0], len(files))))

    def __len__(self) -> int:
        """How many KPIs and actions there are."""
        return len(self._kpis) + len(self.rules.actions)

    def __getitem__(self, subject: str) -> PreparedKpi | PreparedAction:
        """The KPI or action with this id, resolved once; raises UnknownId."""
        found = self._kpis.get(subject) if isinstance(subject, str) else None
        return (
            found if found is not None else self._action(subject, "KPI or action", (*self._kpis, *self.rules.actions))
        )

    def kpi(self, subject: str) -> PreparedKpi:
        """The KPI with this id; raises UnknownId, for the id of an action too."""
        found = self._kpis.get(subject) if isinstance(subject, str) else None
        if found is None:
            raise _unknown("KPI", subject, self._kpis)
        return found

    def action(self, subject: str) -> PreparedAction:
        """The action with this id; raises UnknownId, for the id of a KPI too."""
        return self._action(subject, "action", self.rules.actions)

    def _action(self, subject: str, kind: str, known: Iterable[str]) -> PreparedAction:
        action = self.rules.actions.get(subject) if isinstance(subject, str) else None
        if action is None:
            raise _unknown(kind, subject, known)
        return PreparedAction(self.rules, action)

    def rate(self, subject: str, value: object = None, *, period: PeriodLike = None, **details: Any) -> Rating:
        """The rating of one measurement of a KPI, or with ``status`` and ``as_at`` of an action.

        ``details`` are those of :meth:`PreparedKpi.rate` and :meth:`PreparedAction.rate`. Raises UnknownId and
        BadArgument.
        """
        try:
            kpi = self._kpis.get(subject)
        except TypeError:
            raise UnknownId("KPI or action", subject) from None
        if kpi is not None:
            return kpi.rate(value, period, **details) if details else kpi.rate(value, period)
        action = self[subject]
        assert isinstance(action, PreparedAction)
        if period is not None:
            details.setdefault("as_at", period)
        if "as_at" not in details:
            raise BadArgument("as_at", None, "an action is rated on a day: say which")
        return action.rate(details.pop("as_at"), details.pop("status", value), **details)

    def rate_many(self, rows: Iterable[Row]) -> Ratings:
        """The ratings of (kpi, period, value) rows, in their order; raises UnknownId and BadArgument as ``rate`` does.

        Many values of one KPI and period share one outcome, so this is the fastest way for plain numbers.
        """
        if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
            raise BadArgument("rows", rows, _ROWS)
        kept: Sequence[Row] = rows if isinstance(rows, list | tuple) else list(rows)
        cells: dict[str, dict[PeriodLike, tuple[tuple[float, ...], tuple[Outcome, ...]] | None]] = {}
        made: list[Outcome | Rating] = []
        add = made.append
        low, high = -BOUND, BOUND
        for row in kept:
            try:
                subject, period, value = row
            except (TypeError, ValueError):
                raise BadArgument(f"rows[{len(made)}]", row, _ROWS) from None
            try:
                cell = cells[subject][period]
            except (KeyError, TypeError):
                cell = self._cell(cells, subject, period)
            kind = type(value)
            # a bool is an int to isinstance, and no number here; mypy does not follow a type that is compared
            if cell is not None and (kind is float or kind is int) and low < value < high:  # type: ignore[operator]
                add(cell[1][bisect_right(cell[0], value)])  # type: ignore[call-overload]
            else:
                add(self._kpi(subject).rate(value, period))
        return Ratings(kept, made)

    def _kpi(self, subject: str) -> PreparedKpi:
        found = self[subject]
        if not isinstance(found, PreparedKpi):
            raise BadArgument("rows", subject, "an action is rated with rate()")
        return found

    def _cell(
        self,
        cells: dict[str, dict[PeriodLike, tuple[tuple[float, ...], tuple[Outcome, ...]] | None]],
        subject: str,
        period: PeriodLike,
    ) -> tuple[tuple[float, ...], tuple[Outcome, ...]] | None:
        cell = self._kpi(subject).cell(period)
        cells.setdefault(subject, {})[period] = cell
        return cell

    def score(self, data: Data, as_at: PeriodLike = None, previous: Scorecard | None = None) -> Scorecard:
        """The scorecard of one reporting period; the latest in the data where ``as_at`` is None.

        ``previous`` is the scorecard of the period before; without it, earlier rows of the data are rated for it.
        Raises BadArgument.
        """
        # who rates values alone does not wait for what makes scorecards
        from .data.collection import Data
        from .rollup.score import score
        from .rollup.scorecard import Scorecard

        if not isinstance(data, Data):
            raise BadArgument("data", data, "give what ragengine.read or Data.of gives")
        if previous is not None and not isinstance(previous, Scorecard):
            raise BadArgument("previous", previous, "give the scorecard of the period before")
        return score(self.rules, self._kpis, data, as_at, previous)


def _unknown(kind: str, subject: object, known: Iterable[str]) -> UnknownId:
    near = did_you_mean(subject, known) if isinstance(subject, str) else ""
    return UnknownId(kind, subject, (near,) if near else ())
