"""A rated frame as numbers: whose row it is, of which entity and period, and at which level; counted on its engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw
from attrs import define, evolve

from ..catalogue import SEPARATOR
from ..errors import BadArgument
from ..period import Period, PeriodKind
from ..rulebook.rules import Rules
from ..rulebook.scored_areas import scored_areas
from ..terms import GREY
from .cells import BLANK, NUMBER, FrameColumns
from .each_part import on_each_part
from .engines import Frame, engine_of, unused
from .entity_keys import EntityKeys, add_to
from .periods import PERIOD, PeriodNumbers, distinct
from .reported import PAIRS, ReportedRows
from .row_periods import WRITTEN, RowPeriods
from .row_ratings import rows_of
from .score_grids import LARGEST
from .scores import SCORE
from .small_table import SmallTable
from .unreported import measured_rows
from .values import counted_cells

__all__ = ["LevelCounts", "RatedRows"]

_KPI, _ENTITY, _LEVEL, _KIND = unused("kpi"), unused("entity_number"), unused("level_number"), unused("kind")
_KEY, _NUMBER = unused("key_number"), unused("number_of_rows")
_PERIODS, _FIRST = unused("given"), unused("first_period")
_SCORE, _VALUE, _SAID, _WHOLE = (unused(name) for name in ("written_score", "own_value", "said", "whole"))

#: how many rows are at each level, worst first, then grey; by number of the period, and then of the entity
LevelCounts = Mapping[int, Mapping[int, tuple[int, ...]]]

_DAY = "%Y-%m-%d"

#: how many rows given twice are named
_NAMED = 3


@define
class RatedRows:
    """The rows of a rated frame that have a KPI of the rules and a period, as numbers.

    Attributes:
        entities: by number; the first is the whole, which has no name.
        periods: by number, in the order of time.
        named: numbers of those that the frame names.
        written: the texts of periods that were read.
    """

    rules: Rules
    columns: FrameColumns
    kpis: tuple[str, ...]
    entities: tuple[str, ...]
    periods: tuple[Period, ...]
    named: tuple[int, ...]
    written: tuple[str, ...]
    _rated: Frame
    _numbers: Frame
    _level_column: str
    #: the column of the levels before any judgement
    adjusted_column: str
    #: that of the scores, which a frame need not have
    score_column: str
    _texts: Mapping[str, nw.Expr]
    #: numbers of rows that were made for gaps
    _made: Frame | None = None

    @classmethod
    def of(
        cls, rated: Frame, rules: Rules, upto: Period | None, periods: Iterable[Any] | None, suffix: str
    ) -> RatedRows:
        """The rows that a scorecard of the period ``upto`` looks at; all where it is None.

        ``score`` names the column of the scores that are rolled up, where some are.
        Raises BadArgument for a frame without the columns that say whose rows they are, and which level they have.
        """
        columns, level = FrameColumns.of(rated), f"rag{suffix}"
        lacking = [name for name in ("kpi", level) if name not in columns]
        if lacking:
            raise BadArgument("rated", sorted(columns.kinds), f"it needs a column {lacking[0]}: rate the frame first")
        if "period" not in columns and upto is None:
            raise BadArgument("as_at", None, "the frame has no column period: say of which period its rows are")
        texts = _texts(columns, level, upto)
        written, names = _written(rated.select(**texts), periods)
        frequencies = {kpi.id: kpi.frequency for kpi in rules.kpis.values()}
        read = PeriodNumbers.read(
            ["", *written], calendar=rules.calendar, frequencies=dict.fromkeys((None, *frequencies.values()))
        )
        named = read.periods
        numbered = RowPeriods(read, frequencies)
        levels = [str(each) for each in (*rules.scale, GREY)]
        tables = {
            _KPI: _table(_KPI, rules.kpis, -1),
            _ENTITY: _table(_ENTITY, names, 0, first=1),
            _LEVEL: _table(_LEVEL, levels, len(levels)),
        }
        last = len(named) - 1
        if upto is not None:
            last = max((n for n, period in enumerate(named) if period.end <= upto.end), default=-1)
        score = f"score{suffix}"
        also = _scores(columns, score) if score in columns and scored_areas(rules) else {}
        numbers_of = partial(_numbers_of, texts=texts, also=also, tables=tables, periods=numbered, last=last)
        numbers = on_each_part(rated, numbers_of)
        if numbers.implementation.is_dask():
            # looked at more than once, and Dask would rate the frame again each time
            numbers = nw.from_native(numbers.to_native().persist())
        wrote = numbered.written if periods is None else {int(n) for n in distinct(numbers, WRITTEN)}
        shown = sorted(n for n in wrote if 0 <= n <= last)
        kpis = tuple(rules.kpis)
        return cls(
            rules,
            columns,
            kpis,
            ("", *names),
            named,
            tuple(shown),
            tuple(written),
            rated,
            numbers,
            level,
            f"adjusted{suffix}",
            score,
            texts,
        )

    @property
    def has_scores(self) -> bool:
        """Whether there are scores to be rolled up."""
        return self.score_column in self.columns and bool(scored_areas(self.rules))

    def reported(self) -> ReportedRows:
        """Which KPIs were reported, and for whom. Raises BadArgument where one is given twice for a period."""
        kinds, entities = tuple(PeriodKind), len(self.entities)
        kind_of = [kinds.index(period.kind) for period in self.periods]
        numbers, kind = self._numbers, nw.lit(kind_of[0] if kind_of else 0)
        if len(set(kind_of)) > 1:
            numbers = on_each_part(numbers, partial(_with, PERIOD, SmallTable.of({_KIND: [*kind_of, 0]})))
            kind = nw.col(_KIND)
        key = (nw.col(_KPI).cast(nw.Int64) * entities + nw.col(_ENTITY)) * len(kinds) + kind
        found = _collected(_by_key(numbers.select(key.cast(nw.Int64).alias(_KEY), nw.col(PERIOD))))
        whose, kind = nw.col(_KEY) // len(kinds), nw.col(_KEY) % len(kinds)
        parts = (whose // entities, whose % entities, kind, nw.col(_PERIODS), nw.col(_FIRST))
        own = {name: part.cast(nw.Int64) for name, part in zip(PAIRS, parts, strict=True)}
        twice = found.filter(nw.col(_NUMBER) != nw.col(_PERIODS)).sort(_KEY).select(**own)
        if len(twice):
            said = [
                f"{self.kpis[kpi]}, {name}" if name else self.kpis[kpi]
                for kpi, entity, *_ in twice.head(_NAMED).iter_rows()
                for name in [self.entities[entity]]
            ]
            more = f" and {len(twice) - _NAMED} more" if len(twice) > _NAMED else ""
            wanted = "a KPI counts once for each entity and period: leave one row"
            raise BadArgument("rated", f"{'; '.join(said)}{more}: given more than once", wanted)
        return ReportedRows(found.select(**own), self.entities.index(""))

    @property
    def keys(self) -> EntityKeys:
        """How rows are grouped: the levels are those of the scale, grey, and what is none."""
        return EntityKeys(len(self.periods), len(self.entities), len(self.rules.scale.levels) + 2)

    def counts(self, group_of: Sequence[int], groups: int, within: Collection[int] | None = None) -> list[LevelCounts]:
        """How many rows are at each level: for each of so many groups of KPIs, by period and entity.

        ``group_of`` has the group of each KPI, -1 for none.

        ``within`` are numbers of periods, all where it is None. Raises BadArgument for a level that the scale has not.
        """
        group, none = unused("group"), 0
        made: list[dict[int, dict[int, tuple[int, ...]]]] = [{} for _ in range(groups)]
        if all(n < 0 for n in group_of):
            return [*made]
        for numbers in (self._numbers,) if self._made is None else (self._numbers, self._made):
            frame = numbers if within is None else numbers.filter(nw.col(PERIOD).is_in(sorted(within)))
            frame = on_each_part(frame, partial(_with, _KPI, SmallTable.of({group: [*group_of, -1]})))
            own_rows, columns = frame.filter(nw.col(group) >= 0), (group, PERIOD, _ENTITY, _LEVEL)
            grouped = self.keys.grouped(own_rows, columns, [nw.lit(1, nw.Int64)], {})
            for whose, period, entity, (levels,), _ in grouped:
                none += levels[-1]
                add_to(made[whose].setdefault(period, {}), entity, levels[:-1])
        self.check_levels(none)
        return [*made]

    def check_levels(self, none: int) -> None:
        """Raises BadArgument where some rows have a level that the scale has not."""
        if none:
            scale = ", ".join(str(each) for each in (*self.rules.scale, GREY))
            raise BadArgument("rated", f"{none} rows of {self._level_column}", f"the levels are {scale}")

    def with_scores(self) -> list[Frame]:
        """Numbers of ``kpi``, ``entity``, ``period`` and ``level``; ``score``, ``value``, ``said`` and ``whole``.

        A grey row has no score. The value is null where a float does not hold what is written; ``said`` is whether
        anything is written of it: a row of which nothing is may have a carried one. ``whole`` is what was counted, of a
        row that has whole counts and no value. Rows made for gaps are a frame of their own.
        """
        names = {"kpi": _KPI, "entity": _ENTITY, "period": PERIOD, "level": _LEVEL, "value": _VALUE}
        names |= {"said": _SAID, "whole": _WHOLE}
        is_grey = nw.col(_LEVEL) >= len(self.rules.scale.levels)
        score = nw.when(~is_grey).then(nw.col(_SCORE)).otherwise(nw.lit(None, nw.Float64))
        columns = {"score": score, **{name: nw.col(own) for name, own in names.items()}}
        return [numbers.select(**columns) for numbers in (self._numbers, self._made) if numbers is not None]

    def lacking(self, expected: Mapping[tuple[int, int], Sequence[int]]) -> nw.DataFrame[Any]:
        """Of the rows that are expected, those that are not there: numbers of KPI, entity and period.

        ``expected`` are the numbers of periods, by those of KPI and entity.
        """
        names, times = ("kpi", "entity", "period"), unused("times")
        mine = self._numbers.filter(nw.col(_KPI).is_in(sorted({kpi for kpi, _ in expected})))
        there = _collected(mine.select(**dict(zip(names, (_KPI, _ENTITY, PERIOD), strict=True))))
        there = there.select(nw.col(*names).cast(nw.Int64))
        # many are expected in the same periods
        alike = {periods: n for n, periods in enumerate(dict.fromkeys(map(tuple, expected.values())))}
        due = {times: [n for periods, n in alike.items() for _ in periods], "period": [p for ps in alike for p in ps]}
        kpis, entities = zip(*expected, strict=True) if expected else ((), ())
        whose = {"kpi": kpis, "entity": entities, times: [alike[tuple(periods)] for periods in expected.values()]}
        every = _of_numbers(whose, there).join(_of_numbers(due, there), on=[times], how="inner")
        return every.join(there, on=[*names], how="anti").select(*names)

    def with_periods(self, periods: Iterable[Period]) -> RatedRows:
        """The same, with numbers for these periods too: after the others, whatever their time."""
        return evolve(self, periods=tuple(dict.fromkeys((*self.periods, *periods))))

    def beside(self, rated: Frame, numbers: Mapping[str, nw.Expr]) -> RatedRows:
        """The same with rows of another rated frame, of which the numbers of KPI, entity and period are known."""
        own = dict(zip((_KPI, _ENTITY, PERIOD), numbers.values(), strict=True))
        levels = _table(_LEVEL, (str(each) for each in (*self.rules.scale, GREY)), 0)
        names, scores = [_KPI, _ENTITY, PERIOD, _LEVEL], {}
        if SCORE in rated.columns:
            nothing = nw.lit(None, nw.Float64)
            scores = {_SCORE: nw.col(SCORE).cast(nw.Float64), _VALUE: nothing, _SAID: nw.lit(False), _WHOLE: nothing}
        found = _with(WRITTEN, levels, rated.select(nw.col("rag").alias(WRITTEN), **own, **scores))
        return evolve(self, made=found.select(nw.col(*names).cast(nw.Int64), *scores))

    def rows(self, whose: Collection[tuple[str, int]], names: Iterable[str]) -> list[dict[str, Any]]:
        """The rows of some KPIs and entities, of any period: those of these columns that the frame has."""
        return rows_of(self._own(whose).select(*(name for name in names if name in self.columns)))

    def measurements(self, whose: Collection[tuple[str, int]], names: Iterable[str]) -> nw.DataFrame[Any]:
        """The same as a frame that others can be put below, KPI, entity and period as texts."""
        period = self._texts[PERIOD].cast(nw.String)
        return measured_rows(self._own(whose), self.columns, names, period=period)

    def with_peers(self, whose: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
        """The same, and all entities of the KPIs whose target is made from the entities of a period."""
        given = set(whose)
        peers = {kpi for kpi, _ in given if self.rules.kpis[kpi].looks_at_peers}
        return given | {(kpi, entity) for kpi in peers for entity in range(len(self.entities))}

    def _own(self, whose: Collection[tuple[str, int]]) -> Frame:
        keys = sorted(SEPARATOR.join((kpi, self.entities[entity])) for kpi, entity in whose)
        key = nw.concat_str([nw.col("kpi").cast(nw.String), self.columns.text("entity")], separator=SEPARATOR)
        # texts are put together of few rows only
        own = self._rated.filter(nw.col("kpi").cast(nw.String).is_in(sorted({kpi for kpi, _ in whose})))
        return own.filter(key.is_in(keys))


def _by_key(keyed: Frame) -> Frame:
    """For each key, its rows, in how many periods they are, and the first of them."""
    period = nw.col(PERIOD)
    names = (_NUMBER, _PERIODS, _FIRST)
    if keyed.implementation.is_dask():
        # narwhals counts what is distinct there partition by partition, and adds up
        pairs = keyed.group_by(_KEY, PERIOD).agg(nw.len().alias(_NUMBER))
        found = pairs.group_by(_KEY).agg(nw.col(_NUMBER).sum(), nw.len().alias(names[1]), period.min().alias(names[2]))
    else:
        found = keyed.group_by(_KEY).agg(
            nw.len().alias(_NUMBER), period.n_unique().alias(names[1]), period.min().alias(names[2])
        )
    return found.select(_KEY, *names)


def _of_numbers(columns: Mapping[str, Sequence[int]], like: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    return nw.from_dict(
        {name: list(numbers) for name, numbers in columns.items()},
        schema=dict.fromkeys(columns, nw.Int64),
        backend=like.implementation,
    )


def _collected(frame: Frame) -> nw.DataFrame[Any]:
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def _texts(columns: FrameColumns, level: str, upto: Period | None) -> dict[str, nw.Expr]:
    """The texts that are numbered, each under the name that its number will have."""
    if "period" not in columns:
        period = nw.lit(str(upto))
    elif columns.kinds["period"] == "date":
        period = nw.col("period").dt.to_string(_DAY)
    else:
        period = nw.col("period").cast(nw.String)
    return {_KPI: nw.col("kpi"), _ENTITY: columns.text("entity"), _LEVEL: nw.col(level), PERIOD: period}


def _scores(columns: FrameColumns, score: str) -> dict[str, nw.Expr]:
    """The scores, the values of which floats keep every digit, and whether a row says anything of a number."""
    value = columns.cell("value")
    held = value.state == NUMBER if value.is_long is None else (value.state == NUMBER) & ~value.is_long
    number = nw.when(held).then(value.number).otherwise(nw.lit(None, nw.Float64))
    numerator, counted = columns.cell("numerator"), counted_cells(columns.cell("denominator"), columns.cell("excluded"))
    said = (value.state != BLANK) | (numerator.state != BLANK)
    made_of = (value.state == BLANK) & (numerator.state == NUMBER) & (counted.state == NUMBER)
    for each in (numerator, counted):
        made_of = made_of & (each.number == each.number.floor()) & (each.number.abs() < LARGEST)
    whole = nw.when(made_of).then(counted.number).otherwise(nw.lit(None, nw.Float64))
    return {_SCORE: nw.col(score).cast(nw.Float64), _VALUE: number, _SAID: said, _WHOLE: whole}


def _written(texts: Frame, periods: Iterable[Any] | None) -> tuple[list[str], list[str]]:
    """The texts of periods and the names of entities, in one look at the frame."""
    if periods is not None:
        given = [each if isinstance(each, str) else format(each, _DAY) for each in periods]
        return given, sorted(name for name in distinct(texts, _ENTITY) if name)
    # Polars finds one of each in groups in half the time that it takes to find them alone
    pairs = _collected(texts.select(PERIOD, _ENTITY).group_by(PERIOD, _ENTITY).agg(nw.len().alias(_NUMBER)))
    found = pairs.select(PERIOD, _ENTITY).iter_rows()
    written, names = zip(*found, strict=True) if len(pairs) else ((), ())
    return [text for text in dict.fromkeys(written) if isinstance(text, str)], sorted({*names} - {""})


def _table(name: str, keys: Iterable[str], otherwise: int, *, first: int = 0) -> SmallTable:
    """The number of each text, and one for any other."""
    # no engine looks up in a table of nothing
    numbers = {"": otherwise, **{key: n for n, key in enumerate(keys, start=first)}}
    return SmallTable.of({name: [*numbers.values(), otherwise]}, keys=[*numbers])


def _numbers_of(
    frame: Frame,
    *,
    texts: Mapping[str, nw.Expr],
    also: Mapping[str, nw.Expr],
    tables: Mapping[str, SmallTable],
    periods: RowPeriods,
    last: int,
) -> Frame:
    """The numbers of the rows that have a KPI, and a period up to the last."""
    engine = engine_of(frame)
    keys = {f"{name}_text": text for name, text in texts.items()}
    found = engine.begin(frame).select(**keys, **also)
    for name, table in tables.items():
        found = engine.look_up(found, f"{name}_text", table)
    found = periods.looked_up(found, engine, f"{_KPI}_text", f"{PERIOD}_text")
    usable = (nw.col(_KPI) >= 0) & (nw.col(PERIOD) >= 0) & (nw.col(PERIOD) <= last)
    return engine.end(found.select(*tables, PERIOD, WRITTEN, *also).filter(usable))


def _with(key: str, table: SmallTable, frame: Frame) -> Frame:
    return engine_of(frame).look_up(frame, key, table)
