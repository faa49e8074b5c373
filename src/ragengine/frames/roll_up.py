"""Rolls the ratings of a frame up to areas: by period, for the whole and for each entity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

import narwhals.stable.v2 as nw

from ..book import Rulebook
from ..collector import kept_still
from ..data.collection import Data
from ..data.model import Override
from ..period import Period, period_given
from ..rating.overrides import usable_by_subject
from ..rulebook.area import PROGRAMME
from ..rulebook.rules import Rules
from ..rulebook.scored_areas import scored_areas
from ..terms import GREY, Reason
from .absent_ratings import MEASURED, AbsentRatings
from .action_reports import reports_by_day
from .area_rolling import ActionLevels, AreaRolling, RolledArea
from .child_grouping import groups_of
from .entrance import a_rulebook, as_printed, entered
from .judged_rows import JudgedRows
from .rated_rows import RatedRows
from .results import like
from .scored_children import children_with_scores, told_singly

__all__ = ["roll_up"]


def roll_up(
    rated: Any,
    book: Rulebook,
    *,
    as_at: Period | str | date | None = None,
    by_entity: bool = True,
    actions: Any = None,
    overrides: Data | Iterable[Override] = (),
    periods: Iterable[Any] | None = None,
    suffix: str = "",
) -> Any:
    """The areas of a rated frame, as scorecards of its periods have them: a frame of the same kind, a row each.

    Its columns are ``area, period, entity, rag, adjusted, computed, reason, rated, total``, a count for each level and
    ``grey``, ``score``, ``rule`` and ``why``: ``computed`` by the roll-up's method, ``adjusted`` within its caps and
    floors. The area ``programme`` rolls up the areas without a parent.

    Args:
        rated: what :func:`ragengine.frames.rate` gives, with its ``kpi``, ``period``, ``entity`` and ``rag``.
        as_at: the one period whose areas are wanted; those of every period of the frame where it is None.
        by_entity: also the areas of each entity; without it only those of the whole.
        actions: a frame with the columns of ``actions.csv``, rated or not: the latest report by the end of each period
            counts. Actions that nobody reported are grey: no data.
        overrides: judgements of named authorities, or the data that hold them: the same that ``rate`` was given. Each
            is judged on the last day of the scorecard's period, of what is measured in longer or shorter ones too.
        periods: the periods that may stand in a column of texts, as for ``rate``.
        suffix: ends the names of the columns ``rag`` and ``score`` that are read.

    The frame is counted on its own engine and the counts are collected, of a lazy frame too. Raises BadArgument for a
    frame without these columns, or with a KPI given twice for one period and entity. Of areas that roll up scores the
    column ``score`` is summed exactly; where it does not tell the exact score, or is not there, measurements are read.
    """
    a_rulebook(book)
    frame = entered("rated", rated, ("kpi", "period", "entity", f"rag{suffix}"))
    rules = book.rules
    frame = as_printed(frame, (*MEASURED, *rules.inputs))
    upto = None if as_at is None else period_given("as_at", as_at, rules.calendar)
    rows = RatedRows.of(frame, rules, upto, periods, suffix)
    shown = [rows.periods[n] for n in rows.named] if upto is None else [upto]
    judged = usable_by_subject(overrides.overrides if isinstance(overrides, Data) else overrides, rules.scale)
    absent, scored = AbsentRatings(book, judged), scored_areas(rules)
    singly = told_singly(rows, scored, judged)
    groups = groups_of(book, rows, shown, absent, JudgedRows(rules, judged), scored, singly)
    scores = children_with_scores(book, [own for own in groups if own.area in scored], rows, absent, judged)
    levels = ActionLevels(rules, reports_by_day(actions, rules), judged)
    rolling = AreaRolling(rules, groups, scores, levels, judged, rows.entities)
    table = _AreaRows(rules, rows.entities)
    with kept_still():
        for period in shown:
            rolling.of_period(period, table.of(period), by_entity=by_entity)
    return like(frame, table.columns(), table.schema)


class _AreaRows:
    """The areas that come back, row by row."""

    def __init__(self, rules: Rules, entities: Sequence[str]) -> None:
        levels = [str(level) for level in (*rules.scale, GREY)]
        self._entities = [name or None for name in entities]
        policies = {area: rules.rollup_of(area) for area in (*rules.areas, PROGRAMME)}
        self._places = {area: f"{policy.file or 'book.toml'}:{policy.line}" for area, policy in policies.items()}
        #: in which order areas are printed
        self._order = {area: n for n, area in enumerate(policies)}
        texts = dict.fromkeys(("area", "period", "entity", "rag", "adjusted", "computed", "reason"), nw.String)
        counts = dict.fromkeys(("rated", "total", *levels), nw.Int64)
        self.schema = {**texts, **counts, "score": nw.Float64, "rule": nw.String, "why": nw.String}
        self._rows: list[tuple[int, tuple[Any, ...]]] = []
        self._periods = 0

    def columns(self) -> dict[str, list[Any]]:
        """What came back of each area, by the name of the column: in each period the whole, then entity by entity."""
        self._rows.sort(key=itemgetter(0))
        return {name: [row[n] for _, row in self._rows] for n, name in enumerate(self.schema)}

    def of(self, period: Period) -> Callable[[RolledArea], None]:
        """Takes the areas of the next period."""
        text, first = str(period), self._periods * len(self._entities)
        self._periods += 1

        def add(rolled: RolledArea) -> None:
            verdict, counts = rolled.verdict, rolled.verdict.counts
            decision = verdict.decision
            reason = (decision.reason or Reason.NOT_APPLICABLE).value if rolled.rag.is_grey else None
            row = (
                rolled.area,
                text,
                self._entities[rolled.entity],
                rolled.rag.id,
                decision.rag.id,
                decision.computed.id,
                reason,
                sum(counts[:-1]),
                sum(counts),
                *counts,
                None if decision.score is None else float(decision.score),
                self._places[rolled.area],
                verdict.why,
            )
            place = (first + rolled.entity) * len(self._order) + self._order[rolled.area]
            self._rows.append((place, row))

        return add
