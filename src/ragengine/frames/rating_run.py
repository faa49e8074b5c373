"""One rating of a frame by a catalogue: what is looked up, in which order, and what is given back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
from attrs import define, evolve, field

from ..book import Rulebook
from ..catalogue import SEPARATOR, Catalogue
from ..catalogue.levels import Level, LevelTable
from ..data.collection import Data
from ..data.model import Override
from ..rating.movement import UNREPORTED
from ..rulebook.frequency import Frequency
from ..terms import GREY, Reason
from .cells import FrameColumns, first_of
from .conditions import condition_names, with_variant
from .engines import Engine, Frame, engine_of, out, selected, unused
from .history import carried_forward, is_rated, past_values, with_movement, with_previous
from .intervals import IntervalColumns
from .judgements import as_remembered, with_overrides
from .lines import Lines
from .periods import (
    BEFORE,
    DAY,
    ERA,
    FIRST_ERA,
    NO_PERIOD,
    PERIOD,
    YEAR_AGO,
    PeriodNumbers,
    distinct,
    with_periods,
)  # fmt: skip
from .plain_columns import plain_columns
from .relative_targets import targets_of_rows, with_relative_targets
from .row_ratings import GIVEN, in_doubt, rated_one_by_one
from .run_needs import HISTORY, RunNeeds
from .scores import SCORE, Scores
from .small_table import SmallTable
from .spent_columns import spent_columns
from .tables import NONE, Tables, tables_of
from .targets import AimColumns
from .unrated_numbers import has_too_few, unusable_targets, with_words
from .unreported import Unreported, blank_rows, gaps_of, kpis_asked, unmistakable
from .values import JudgedColumns, Numbers, values_of_rows

__all__ = ["RatingRun"]

_CODE = unused("level")
#: whether there is a rating to judge
_KNOWN = nw.col(unused("known")) == 1
_LEVEL_COLUMNS = ("rag", "adjusted", "computed", "reason", "band", "grace")
_grey = LevelTable.grey
#: eras that a column of dates is compared with one by one; more are looked up by their text
_MOST_COMPARED = 16


@define(slots=False)
class RatingRun:
    """One call of :func:`~.rate.rate`."""

    book: Rulebook
    engine: Engine
    frame: Frame
    given: tuple[str, ...] = field(init=False)
    columns: FrameColumns = field(init=False)
    catalogue: Catalogue = field(init=False)
    tables: Tables = field(init=False)
    periods: PeriodNumbers = field(init=False)
    scores: Scores | None = field(default=None, init=False)
    unreported: Unreported | None = field(default=None, init=False)
    judgements: Sequence[Override] = field(default=(), init=False)
    #: the column by which a row's rule is known
    subject: str = field(default="kpi", init=False)
    #: the columns that were looked up
    found: frozenset[str] = field(default=frozenset(), init=False)
    numbers: Numbers = field(init=False)
    targets: AimColumns = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.columns = FrameColumns.of(self.frame, self.book.rules.symbols)
        self.given = tuple(self.columns.kinds)
        self.tables = tables_of(self.book)
        self.catalogue = self.tables.catalogue

    @property
    def needs(self) -> RunNeeds:
        """What it takes, of the columns as they are read by now."""
        inputs = tuple(self.book.rules.inputs)
        return RunNeeds(self.tables, inputs, self.engine, self.given, self.columns, self.scores)

    def rated(
        self,
        as_at: date | None,
        overrides: Data | Iterable[Override],
        history: bool,
        wanted: tuple[str, ...],
        periods: Iterable[Any] | None,
        suffix: str,
    ) -> Any:
        judgements = tuple(overrides.overrides if isinstance(overrides, Data) else overrides)
        self.judgements = judgements
        by_day = bool(judgements) and (as_at is None or history)
        self.scores = self.tables.scores if SCORE in wanted else None
        self.needs.check(wanted, suffix, history, by_day)
        levels = list(self.catalogue.levels.rows)
        self._begin(periods, history=history, by_day=by_day)
        if not self.engine.is_lazy:
            self._look_into_gaps(history)
        value = self._find(wanted, levels, history=history, judged=bool(judgements))
        self._add_numbers(value, wanted)
        if self.scores is not None:
            self.frame = self.scores.added(self.frame, self.engine, self.columns, value, _CODE, levels)
        elif SCORE in wanted:
            self.frame = self.frame.with_columns(nw.lit(None, nw.Float64).alias(out(SCORE)))
        if history:
            level = self._remembered() if judgements else out("adjusted")
            self.frame = with_previous(self.frame, self.engine, self.columns, self.unreported, level)
            if self.needs.refused and GIVEN in self.frame.columns:
                by_hand = nw.col("kpi").cast(nw.String).is_in(list(self.needs.refused))
                previous = nw.when(by_hand).then(nw.col(f"{GIVEN}_previous")).otherwise(nw.col(out("previous")))
                self.frame = self.frame.with_columns(previous.alias(out("previous")))
        if judgements:
            self.frame = with_overrides(self.frame, self.book.scale, judgements, as_at, self.columns, _KNOWN)
        if history:
            self.frame = with_movement(self.frame, self.columns, self.book.scale)
        if self.scores is not None:
            self.frame = self.scores.without_grey(self.frame)
        return self._end((*wanted, *(HISTORY if history else ())), suffix)

    def _remembered(self) -> str:
        """The column of the levels that later rows remember, judgements of then included."""
        self.frame, level = as_remembered(self.frame, self.book.scale, self.judgements, self.columns, _KNOWN)
        return level

    def _begin(self, periods: Iterable[Any] | None, *, history: bool, by_day: bool) -> None:
        self.frame, self.columns = plain_columns(self.frame, self.columns, self.needs.known[2:])
        self.frame = self.engine.begin(self.frame)
        self._read_periods(periods, history=history, by_day=by_day)

    def _find(self, wanted: Collection[str], levels: list[Level], *, history: bool, judged: bool) -> JudgedColumns:
        self._find_rules(wanted, history=history, judged=judged)
        value = self._judge()
        self._find_levels(value, levels, {*wanted, *(("adjusted",) if history else ())})
        return value

    def _look_into_gaps(self, history: bool) -> None:
        """What the rules say of the periods without a row that rows look back at; an eager frame is all there is."""
        judged, book = self._judged_kpis if history else frozenset[str](), self.book
        asked = (kpis_asked(self.book, history) | judged) - set(self.needs.refused)
        if not asked:
            return
        looks = self.catalogue.looks_back
        gaps = gaps_of(self.frame, self.columns, self.periods, book, asked, judged=judged, values=looks)
        if not len(gaps):
            return
        both = blank_rows(self.frame, self.columns, self.periods, gaps, book, self.needs.known)
        run, levels = RatingRun(book, engine_of(both), both), list(self.catalogue.levels.rows)
        run.judgements = self.judgements
        run._begin(map(unmistakable, self.periods.periods), history=True, by_day=bool(judged))
        value = run._find((), levels, history=True, judged=bool(judged))
        number = nw.when(is_rated(value)).then(value.number).otherwise(nw.lit(None, nw.Float64))
        untold = nw.col(out("reason")).cast(nw.String).is_in([str(reason) for reason in UNREPORTED])
        said = nw.col(run._remembered() if judged else out("adjusted")).cast(nw.String)
        untold = untold.fill_null(False) & (said == str(GREY))
        level = nw.when(untold).then(nw.lit(None, nw.String)).otherwise(said)
        self.unreported = Unreported.of(run.engine.end(run.frame), number, level)

    @property
    def _judged_kpis(self) -> frozenset[str]:
        """The KPIs that overrides name: a judgement says something of a period that nobody reported."""
        return frozenset(each.subject for each in self.judgements) & {*self.book.rules.kpis}

    def _read_periods(self, periods: Iterable[Any] | None, *, history: bool, by_day: bool) -> None:
        """Each period's era, and its number and last day where something asks for them."""
        if "period" not in self.columns:
            return
        back = history or self.catalogue.looks_back or self.needs.carries
        numbered = back or self.needs.ranks or self.needs.makes_targets
        wanted = {ERA} | ({PERIOD} if numbered else set())
        wanted |= ({BEFORE, YEAR_AGO, DAY} if back else set()) | ({DAY} if by_day else set())
        is_date = self.columns.kinds["period"] == "date"
        starts = self.catalogue.starts
        kpis = self.book.rules.kpis.values()
        frequencies = {kpi.id: kpi.frequency for kpi in kpis}
        plain = {None, Frequency.DAILY}.issuperset(frequencies.values())
        if plain and is_date and wanted == {ERA} and (len(starts) <= _MOST_COMPARED or self.engine.name == "polars"):
            self.frame = self.engine.eras(self.frame, "period", starts, FIRST_ERA, NO_PERIOD)
            return
        found = distinct(self.frame, "period") if periods is None else periods
        kinds = dict.fromkeys([None, *frequencies.values()])
        self.periods = PeriodNumbers.read(found, calendar=self.book.rules.calendar, frequencies=kinds)
        judged = history and self._judged_kpis
        if numbered and not self.engine.is_lazy and (judged or kpis_asked(self.book, history)):
            # of the gaps before rows, too
            self.periods = self.periods.with_earlier().with_earlier()
        self.frame = with_periods(self.frame, self.engine, self.periods, starts, wanted, frequencies, is_date=is_date)

    def _find_rules(self, wanted: Collection[str], *, history: bool, judged: bool) -> None:
        """The rule of each row: of its KPI, or of its entity where that has one, in its era."""
        tables, place = self.tables, unused("place")
        entities = self.catalogue.entities
        if entities and "entity" in self.columns:
            kpi, self.subject = nw.col("kpi").cast(nw.String), unused("subject")
            own = nw.concat_str([kpi, self.columns.text("entity")], separator=SEPARATOR)
            whose = nw.when(own.is_in(list(entities))).then(own).otherwise(kpi)
            self.frame = self.frame.with_columns(whose.alias(self.subject))
        looks = history or self.needs.carries or self.catalogue.looks_back
        formulas = any(source.formula is not None for source in self.catalogue.sources)
        asked = formulas or self.tables.conditional > 0 or bool(self.catalogue.compared)
        targets = asked or bool({"target", "shortfall"} & {*wanted})
        dated = "period" in self.columns
        subjects, rules = tables.located(
            self.book.edition,
            frozenset(wanted),
            dated=dated,
            history=looks,
            targets=targets,
            judged=judged,
            parts=self.needs.by_parts,
            scores=self.scores,
        )
        self._look_up(self.subject, subjects)
        if rules is not None:
            row = nw.col(place) * tables.eras + nw.col(ERA)
            self.frame = self.frame.with_columns(row.cast(nw.Int32).alias(place))
            self._look_up(place, rules)

    def _look_up(self, key: str, table: SmallTable) -> None:
        self.frame = self.engine.look_up(self.frame, key, table)
        self.found |= table.columns.keys()

    def _has(self, name: str) -> bool:
        """Whether such a column was looked up: asked for its columns, a plan works out the types of all."""
        return unused(name) in self.found

    def _judge(self) -> JudgedColumns:
        """The value of each row, carried forward where the rules say so; and the variant that its conditions choose."""
        columns, catalogue = self.columns, self.catalogue
        own = nw.col(unused("target")) if self._has("target") else None
        self.frame, self.numbers = Numbers.of(self.frame, columns, self.book.rules.inputs, own, catalogue.sources)
        given = self.numbers.known["target"] if self.tables.takes else None
        self.targets = AimColumns.of(given, ranges=self.tables.ranges, beside_aims=self.tables.beside_aims)
        source = nw.col(unused("source")) if self._has("source") else nw.lit(0)
        self.frame, word = with_words(self.frame, self.engine, self.columns, self.tables.words, self.subject)
        value = values_of_rows(columns, self.numbers, catalogue.sources, source, word)
        if self.tables.bounded:
            self.frame, value = value.kept(self.frame)
            outside = value.is_number & Lines(value, ()).outside()
            value = evolve(value, state=nw.when(outside).then(nw.lit(_grey(Reason.INVALID))).otherwise(value.state))
        elif self.needs.is_plain and not (self.needs.takes_more or self.needs.makes_targets or self.catalogue.compared):
            # a column of numbers as it stands needs no column of its own
            return value
        if self.catalogue.compared:
            self.frame, value = value.kept(self.frame)
            value = IntervalColumns.of(self.numbers, columns).checked(value)
        self.frame, value = value.kept(self.frame)
        if self.scores is not None:
            self.frame = self.scores.own_values(self.frame, value)
        if self.needs.makes_targets:
            self.frame = with_relative_targets(self.frame, self.engine, columns, value, catalogue, self.periods)
        if self.needs.carries:
            ages = self.tables.ages
            self.frame, columns = carried_forward(self.frame, self.engine, columns, value, ages, self.periods)
        if self.needs.makes_targets:
            self._take_targets()
        if self.tables.conditional:
            past = catalogue.looks_back
            if past:
                self.frame = past_values(self.frame, self.engine, columns, value, self.unreported)
            names = condition_names(columns, self.numbers, value, self.targets, past=past)
            self.frame = with_variant(self.frame, catalogue, columns, value, names)
            self._look_up(unused("variant"), self.tables.every_variant(parts=self.needs.by_parts))
        return value

    def _take_targets(self) -> None:
        """The targets that are made from other rows, in place of those that these rows bring."""
        self.frame, cell = targets_of_rows(self.frame, self.numbers.given["target"])
        own = nw.col(unused("target")) if self._has("target") else None
        self.numbers = self.numbers.with_target(cell, own)
        self.targets = evolve(self.targets, one=AimColumns.of(self.numbers.known["target"], ranges=False).one)

    def _find_levels(self, value: JudgedColumns, levels: list[Level], wanted: Collection[str]) -> None:
        """The number of each row's level, and what the level table says of it."""
        first = nw.col(unused("first"))
        told: list[tuple[nw.Expr, Any]] = [(first < 0, -1 - first)]
        if self._has("missing"):
            counted = nw.col(unused("missing"))
            told.append((value.missing & (counted != NONE), counted))
        target = self.numbers.given["target"] if self._has("slope0") else None
        below = 0.0 if target is None else self.tables.short_below
        found, doubts = value, list[nw.Expr]()
        if self.catalogue.compared:
            ends = IntervalColumns.of(self.numbers, self.columns)
            self.frame, ends = ends.with_cases(self.frame, self.engine, self.tables.cases, self.numbers, value)
            self.frame, found, doubts = ends.nearest(self.frame, value, self.targets.one, self.tables)
        lines = Lines(found, range(self.catalogue.most_thresholds), target, self.tables.bounded, below)
        self.frame = lines.kept(self.frame)
        of_numbers: list[tuple[nw.Expr, Any]] = []
        if self._has("no_target"):
            of_numbers += unusable_targets(self.numbers.given["target"], self.columns, bounded=self._has("positive"))
        if self._has("instead"):
            of_numbers.append((nw.col(unused("instead")) != NONE, nw.col(unused("instead"))))
        if self._has("minimum_n") and "denominator" in self.columns:
            of_numbers.append((has_too_few(self.numbers.given["denominator"]), _grey(Reason.SMALL_NUMBERS)))
        if self.catalogue.compared:
            of_numbers.append((ends.none, _grey(Reason.MISSING_INPUT)))
        of_number = first_of(*of_numbers, otherwise=first + lines.passed())
        rated = nw.when(value.is_number).then(of_number).otherwise(value.grey)
        self.frame = self.frame.with_columns(first_of(*told, otherwise=rated).alias(_CODE))
        if not self.engine.is_lazy:
            self._rate_by_hand(lines, levels, doubts)
        names = tuple(name for name in _LEVEL_COLUMNS if name in wanted or name in ("rag", "reason"))
        self.frame = self.engine.look_up(self.frame, _CODE, self.tables.levels(levels, names))

    def _rate_by_hand(self, lines: Lines, levels: list[Level], others: Sequence[nw.Expr]) -> None:
        """The levels of the rows that no look-up gives, and of ``others``."""
        flag, rules = unused("by_hand"), self.book.rules.kpis.values()
        where = in_doubt(lines, self.columns, rules, self.needs.refused, others)
        if where is None:
            return
        frame = self.frame.with_columns(where.alias(flag))
        frame = self.engine.collected(frame, spent_columns(frame))
        if frame[flag].any():
            where = nw.col(flag)
            if self.catalogue.takes_history:
                # a rating may take other rows of its KPI and entity
                who = nw.concat_str([nw.col("kpi").cast(nw.String), self.columns.text("entity")], separator=SEPARATOR)
                frame = frame.with_columns(who.alias(unused("whose")))
                doubted = frame.filter(where)
                where = nw.col(unused("whose")).is_in(doubted[unused("whose")].unique().to_list())
                if self.needs.makes_targets:
                    kpis = set(doubted["kpi"].cast(nw.String).unique().to_list()) & set(self.catalogue.made_from_rows)
                    where = where | nw.col("kpi").cast(nw.String).is_in(sorted(kpis))
            given = [name for name in self.needs.known if name in self.given]
            doubtful = self.periods.two_ways if unused("period_text") in frame.columns else ()
            frame = rated_one_by_one(frame, self.engine, self.book, where, given, levels, doubtful, self.judgements)
            by_hand = nw.when(~nw.col(GIVEN).is_null()).then(nw.col(GIVEN)).otherwise(nw.col(_CODE))
            frame = frame.with_columns(by_hand.cast(nw.Int32).alias(_CODE))
        self.frame = self.engine.begin(frame)

    def _add_numbers(self, value: JudgedColumns, wanted: Sequence[str]) -> None:
        """Target and shortfall of each row."""
        if not {"target", "shortfall"} & set(wanted):
            return
        rates = value.is_number & (nw.col(unused("first")) >= 0)
        number = nw.when(rates).then(value.number).otherwise(nw.lit(None, nw.Float64))
        made = {out("target"): self.targets.shown(number), out("shortfall"): self.targets.short(number)}
        if GIVEN in self.frame.columns:
            by_hand = ~nw.col(GIVEN).is_null()
            for name in ("target", "shortfall"):
                made[out(name)] = nw.when(by_hand).then(nw.col(f"{GIVEN}_{name}")).otherwise(made[out(name)])
        self.frame = self.frame.with_columns(**made)

    def _end(self, wanted: Sequence[str], suffix: str) -> Any:
        """The given columns, then those that are wanted."""
        made = {f"{name}{suffix}": out(name) for name in wanted}
        kept = {name: name for name in self.given if name not in made}
        return self.engine.end(selected(self.frame, kept | made)).to_native()
