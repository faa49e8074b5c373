"""Rates every row of a frame by the catalogue of a rulebook, on the frame's own engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw
from attrs import define, field

from ..book import Rulebook
from ..data.model import Data, Override
from ..errors import BadArgument, CannotRate
from ..period import PeriodError, parse_date
from ..terms import Reason
from .catalogue import SEPARATOR, Catalogue, catalogue_of
from .cells import NUMBER, Columns, first_of
from .conditions import condition_bits, condition_names
from .engines import Engine, Frame, SmallTable, engine_of, out, unused
from .history import carried_forward, moved, past_values, with_previous
from .judgements import overridden
from .levels import LevelTable
from .one_by_one import GIVEN, rated_one_by_one
from .partitions import by_partition
from .periods import ERA, PeriodNumbers, distinct, with_periods
from .tables import NONE, Tables, threshold_columns
from .values import JudgedColumns, Numbers, judged

__all__ = ["OUTPUT", "day_of", "rate"]

#: the columns that are added, in this order
OUTPUT = (
    "rag", "adjusted", "computed", "reason", "target", "shortfall", "band", "grace", "rule", "area", "edition",
)  # fmt: skip
_HISTORY = ("previous", "movement")
_LEVEL_COLUMNS = ("rag", "adjusted", "computed", "reason", "band", "grace")
_grey = LevelTable.grey


def rate(
    frame: Any,
    book: Rulebook,
    *,
    as_at: str | date | None = None,
    overrides: Data | Iterable[Override] = (),
    history: bool = False,
    columns: Sequence[str] | None = None,
    periods: Iterable[Any] | None = None,
    suffix: str = "",
) -> Any:
    """The frame with the rating of each row beside its own columns: the same kind of frame, lazy where it was lazy.

    Args:
        frame: what narwhals takes, with the columns of ``measurements.csv``: ``kpi``, ``value`` or ``numerator`` and
            ``denominator``, ``period`` where a rule is dated, and those that the rules need (``entity``, ``target``,
            ``evidence``, ``causes``, a formula's inputs).
        as_at: the day on which ``overrides`` are judged; each period's last day where it is None.
        overrides: judgements of named authorities, or the data that hold them.
        history: also ``previous`` and ``movement``, from the rows of the frame.
        columns: which of :data:`OUTPUT` to add; all where it is None.
        periods: the periods that may stand in a column of texts. Where it is None they are read from the frame, which
            for a lazy frame collects that one column.
        suffix: ends the names of the added columns, where the frame has columns of these names itself.

    Eager frames keep the order of their rows; engines that join (DuckDB, Spark, Dask) keep none. Raises BadArgument for
    a frame that lacks a column or has one of the wrong kind, CannotRate where the engine cannot do what a rule asks.
    """
    made = nw.from_native(frame)
    call = partial(
        rate,
        book=book,
        as_at=as_at,
        overrides=overrides,
        history=history,
        columns=columns,
        periods=periods,
        suffix=suffix,
    )
    if made.implementation.is_dask():
        return by_partition(frame, book, call, history=history)
    wanted = OUTPUT if columns is None else tuple(columns)
    return _Rating(book, engine_of(made), made).rated(day_of(as_at, book), overrides, history, wanted, periods, suffix)


def day_of(as_at: str | date | None, book: Rulebook) -> date | None:
    """The day that an argument names, or the last one of its period; None for None. Raises BadArgument."""
    try:
        return None if as_at is None else parse_date(as_at, day_first=book.rules.day_first)
    except PeriodError as wrong:
        raise BadArgument("as_at", as_at, f"{wrong.message}; {wrong.hint}") from wrong


@define(slots=False)
class _Rating:
    """One call of :func:`rate`."""

    book: Rulebook
    engine: Engine
    frame: Frame
    given: tuple[str, ...] = field(init=False)
    columns: Columns = field(init=False)
    catalogue: Catalogue = field(init=False)
    tables: Tables = field(init=False)
    periods: PeriodNumbers = field(init=False)
    numbers: Numbers = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.columns = Columns.of(self.frame)
        self.given = tuple(self.columns.kinds)
        self.catalogue = catalogue_of(self.book)
        self.tables = Tables(self.catalogue)

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
        dated = self.catalogue.is_dated or history or self.catalogue.looks_back or (bool(judgements) and as_at is None)
        self._check(wanted, suffix, dated, history)
        levels = list(self.catalogue.levels.rows)
        if self.refused:
            self.frame = rated_one_by_one(self.frame, self.engine, self.book, self.refused, levels)
        self.frame = self.engine.begin(self.frame)
        if "period" in self.columns:
            self._read_periods(periods)
        self._find_rules()
        value = self._judge()
        self._find_levels(value, levels, wanted)
        self._add_numbers(value, wanted)
        if history:
            given = f"{GIVEN}_previous" if self.refused else None
            self.frame = with_previous(self.frame, self.engine, self.columns, given)
        if judgements:
            self.frame = overridden(self.frame, self.book.scale, judgements, as_at, self.columns)
        if history:
            self.frame = moved(self.frame, self.book.scale)
        return self._end((*wanted, *(_HISTORY if history else ())), suffix)

    @property
    def refused(self) -> dict[str, str]:
        return self.catalogue.refused

    def _check(self, wanted: Sequence[str], suffix: str, dated: bool, history: bool) -> None:
        unknown = [name for name in wanted if name not in OUTPUT]
        if unknown:
            raise BadArgument("columns", unknown[0], f"the columns are {', '.join(OUTPUT)}")
        if "kpi" not in self.columns:
            raise BadArgument("frame", sorted(self.given), "it needs a column kpi")
        if dated and "period" not in self.columns:
            raise BadArgument("frame", sorted(self.given), "it needs a column period: rules are dated")
        added = {f"{name}{suffix}" for name in (*wanted, *(_HISTORY if history else ()))} - {"target"}
        taken = sorted(added & set(self.given))
        if taken:
            raise BadArgument("frame", taken, "it has columns of these names already: rename them, or give a suffix")
        if self.refused and self.engine.is_lazy:
            hint = "collect the frame first, or leave those rows out"
            raise CannotRate(self.engine.name, dict(self.refused), hint)

    def _read_periods(self, periods: Iterable[Any] | None) -> None:
        """Each period's era and number; a period that cannot be read has none."""
        found = distinct(self.frame, "period") if periods is None else periods
        self.periods = PeriodNumbers.read(found, day_first=self.book.rules.day_first)
        is_date = self.columns.kinds["period"] == "date"
        self.frame = with_periods(self.frame, self.engine, self.periods, self.catalogue.starts, is_date=is_date)

    def _find_rules(self) -> None:
        """The rule of each row: of its KPI, or of its entity where that has one, in its era."""
        tables, key = self.tables, unused("subject")
        kpi = nw.col("kpi")
        entities = self.catalogue.entities
        if entities and "entity" in self.columns:
            both = [nw.col("kpi").cast(nw.String), self.columns.text("entity")]
            own = nw.concat_str(both, separator=SEPARATOR)
            kpi = nw.when(own.is_in(list(entities))).then(own).otherwise(nw.col("kpi").cast(nw.String))
        self.frame = self.engine.look_up(self.frame.with_columns(kpi.alias(key)), key, tables.by_subject())
        number, eras = unused("subject_number"), tables.eras
        row = nw.col(number)
        if eras > 1:
            row = first_of(
                (row == len(tables.subjects), len(tables.grid)),
                (nw.col(ERA) < 0, len(tables.grid)),
                otherwise=row * eras + nw.col(ERA),
            )
        elif "period" in self.columns:
            row = nw.when((nw.col(ERA) < 0) & ~nw.col("period").is_null()).then(nw.lit(len(tables.grid))).otherwise(row)
        place = unused("place")
        rules = tables.rules(tables.grid)
        if not self.catalogue.conditions:
            # without conditions a rule has one variant, and both stand in one table
            variants = tables.variants(tables.grid)
            rules = SmallTable({**rules.columns, **variants.columns})
        self.frame = self.engine.look_up(self.frame.with_columns(row.alias(place)), place, rules)

    def _has(self, name: str) -> bool:
        return unused(name) in self.frame.collect_schema()

    def _judge(self) -> JudgedColumns:
        """The value of each row, carried forward where the rules say so; and the variant that its conditions choose."""
        columns = self.columns
        inputs = sorted({name for kpi in self.book.rules.kpis.values() for name in kpi.inputs if name in columns})
        self.numbers = Numbers.of(columns, inputs, self._rule_target())
        source = nw.col(unused("source")) if self._has("source") else nw.lit(0)
        value = judged(columns, self.numbers, self.catalogue.sources, source, self._word())
        settled = {unused("number"): value.number, unused("state"): value.state}
        self.frame = self.frame.with_columns(**settled)
        number, state = nw.col(unused("number")), nw.col(unused("state"))
        value = JudgedColumns(number, state, value.missing, value.computed)
        if self._has("carries") and "period" in columns:
            ages = self.tables.ages
            self.frame = carried_forward(self.frame, self.engine, columns, value, ages, self.periods)
            value = JudgedColumns(number, state, (state != NUMBER) & value.missing, value.computed)
        if self.catalogue.conditions:
            if self.catalogue.looks_back:
                self.frame = past_values(self.frame, self.engine, columns, value)
            names = condition_names(
                columns,
                self.numbers,
                value,
                self._ends(),
                past=self.catalogue.looks_back,
                better=nw.col(unused("better")),
            )
            bits = condition_bits(self.catalogue, columns, value, names)
            cell = unused("variant")
            self.frame = self.frame.with_columns((nw.col(unused("cell")) + bits).alias(cell))
            self.frame = self.engine.look_up(self.frame, cell, self.tables.variants())
        return value

    def _rule_target(self) -> nw.Expr | None:
        """The rule's own target where it is one number, null elsewhere."""
        low, high = nw.col(unused("low")), nw.col(unused("high"))
        both = ~low.is_null() & ~high.is_null()
        one = nw.when(low.is_null()).then(high).otherwise(low)
        return nw.when(both).then(nw.lit(None, nw.Float64)).otherwise(one)

    def _ends(self) -> tuple[nw.Expr, nw.Expr]:
        """The ends of the target in force: the rule's, or the one that the row brings."""
        low, high = nw.col(unused("low")), nw.col(unused("high"))
        if not self._has("side"):
            return low, high
        side, given = nw.col(unused("side")), self.numbers.known["target"]
        return nw.when(side == 1).then(given).otherwise(low), nw.when(side == -1).then(given).otherwise(high)

    def _word(self) -> nw.Expr:
        words = self.tables.words()
        if not len(words) or not words.keys or not self.columns.is_text("value"):
            return nw.lit(None, nw.Float64)
        key = unused("word_key")
        said = self.columns.text("value").str.to_lowercase()
        made = nw.concat_str([nw.col(unused("subject")).cast(nw.String), said], separator="\n")
        self.frame = self.engine.look_up(self.frame.with_columns(made.alias(key)), key, words)
        return nw.col(unused("word"))

    def _find_levels(self, value: JudgedColumns, levels: Sequence[Any], wanted: Sequence[str]) -> None:
        """The number of each row's level, and what the level table says of it."""
        code = unused("level")
        number = nw.col(unused("first")) + self._passed(value)
        cases: list[tuple[nw.Expr, Any]] = []
        if GIVEN in self.frame.collect_schema():
            cases.append((~nw.col(GIVEN).is_null(), nw.col(GIVEN)))
        cases.append((nw.col(unused("always")) != NONE, nw.col(unused("always"))))
        if self._has("missing"):
            counted = nw.col(unused("missing"))
            cases.append((value.missing & (value.state != NUMBER) & (counted != NONE), counted))
        cases.append((value.state != NUMBER, value.state))
        if self._has("minimum_n") and "denominator" in self.columns:
            few = self._few()
            cases.append((few, _grey(Reason.SMALL_NUMBERS)))
        if self._has("instead"):
            cases.append((nw.col(unused("instead")) != NONE, nw.col(unused("instead"))))
        if self._has("no_target"):
            cases += self._unusable_targets()
        found = first_of(*cases, otherwise=number).cast(nw.Int64)
        needed = {*wanted, "rag", "adjusted", "reason"}
        names = tuple(name for name in _LEVEL_COLUMNS if name in needed)
        self.frame = self.engine.look_up(
            self.frame.with_columns(found.alias(code)), code, self.tables.levels(levels, names)
        )

    def _few(self) -> nw.Expr:
        denominator = self.columns.cell("denominator")
        least = nw.col(unused("minimum_n"))
        return (least > 0) & (denominator.state == NUMBER) & (denominator.number < least)

    def _unusable_targets(self) -> list[tuple[nw.Expr, Any]]:
        target, takes = self.columns.cell("target"), nw.col(unused("no_target")) != NONE
        bad = (target.state == _grey(Reason.INVALID)) if "target" in self.columns else nw.lit(False)
        cases: list[tuple[nw.Expr, Any]] = [
            (takes & bad, nw.col(unused("bad_target"))),
            (takes & (target.state != NUMBER), nw.col(unused("no_target"))),
        ]
        if self._has("positive"):
            not_positive = (nw.col(unused("positive")) == 1) & (target.number <= 0.0)
            cases.append((takes & not_positive, nw.col(unused("bad_target"))))
        return cases

    def _passed(self, value: JudgedColumns) -> nw.Expr:
        """How many thresholds each value has passed."""
        plain, loose = threshold_columns(self.catalogue.most_thresholds)
        passed = nw.lit(0)
        straight = self._has("slope0")
        target = self.columns.cell("target").number.fill_null(0.0) if straight else None
        for n, name in enumerate(plain):
            at = nw.col(name)
            if value.computed is not None:
                at = nw.when(value.computed).then(nw.col(loose[n])).otherwise(at)
            if target is not None:
                at = at + nw.col(unused(f"slope{n}")) * target + nw.col(unused(f"sway{n}")) * target.abs()
            passed = passed + (value.number >= at).cast(nw.Int64)
        return passed

    def _add_numbers(self, value: JudgedColumns, wanted: Sequence[str]) -> None:
        """Target and shortfall: the end of the target that the value is short of, and by how much."""
        if not {"target", "shortfall"} & set(wanted):
            return
        low, high = self._ends()
        nothing = nw.lit(None, nw.Float64)
        number = (
            nw.when((value.state == NUMBER) & (nw.col(unused("always")) == NONE)).then(value.number).otherwise(nothing)
        )
        under, over = low - number, number - high
        short = nw.max_horizontal(under, over)
        range_ = ~low.is_null() & ~high.is_null()
        nearer = nw.when(under >= over).then(low).otherwise(nw.when(over > under).then(high).otherwise(nothing))
        one = nw.when(low.is_null()).then(high).otherwise(low)
        made = {
            out("target"): nw.when(range_).then(nearer).otherwise(one),
            out("shortfall"): short,
        }
        if GIVEN in self.frame.collect_schema():
            by_hand = ~nw.col(GIVEN).is_null()
            for name in ("target", "shortfall"):
                made[out(name)] = nw.when(by_hand).then(nw.col(f"{GIVEN}_{name}")).otherwise(made[out(name)])
        self.frame = self.frame.with_columns(**made)

    def _end(self, wanted: Sequence[str], suffix: str) -> Any:
        """The given columns, then those that are wanted."""
        made = {
            f"{name}{suffix}": nw.lit(self.book.edition) if name == "edition" else nw.col(out(name)) for name in wanted
        }
        kept = [name for name in self.given if name not in made]
        return self.engine.end(self.frame.select(*kept, **made)).to_native()
