"""Targets that are made from other rows of a frame, as a column: earlier periods by joins, entities by groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce

import narwhals.stable.v2 as nw
from attrs import evolve

from ..catalogue import Catalogue
from ..number import exact
from ..period import Period
from ..rulebook.measure import RelativeTarget
from .cells import BLANK, NUMBER, FrameColumns, ReadCells, first_of
from .engines import Engine, Frame, unused
from .periods import FIRST_ERA, PERIOD, PeriodNumbers
from .small_table import SmallTable
from .values import JudgedColumns

__all__ = ["targets_of_rows", "with_relative_targets"]

#: the number of the rule by which a row's target is made from other rows, counted from 1; 0 where it is not
RELATIVE = unused("relative")
_ENTITY, _COUNT = unused("entity_text"), unused("entity_count")
_VALUE = unused("measured")
_OF_PERIOD = unused("of_period")
_NUMBER, _STATE = unused("relative_number"), unused("relative_state")
_FEWEST = 3
#: sums of numbers that people write are off by no more than this share of themselves
_PLACES, _OFF = 6, 2.0**-46


def with_relative_targets(
    frame: Frame,
    engine: Engine,
    columns: FrameColumns,
    value: JudgedColumns,
    catalogue: Catalogue,
    periods: PeriodNumbers,
) -> Frame:
    """The frame with what other rows make of the target of each: see :func:`targets_of_rows`."""
    made_from = catalogue.relatives
    rules = [rule for rule, _ in made_from]
    ids = [*catalogue.rules.kpis]
    # where each KPI has one rule, that has its number: a number tells whose row it is, sooner than an id does
    whose, kpis = unused("place"), (len(ids) + 1) * (FIRST_ERA + 1)
    if catalogue.is_dated or catalogue.entities:
        whose, kpis = unused("kpi_number"), len(ids)
        frame = engine.look_up(frame, "kpi", SmallTable.of({whose: [*range(len(ids)), -1]}, keys=ids))
    # computed so far, for it is read twice
    frame = engine.begin(engine.collected(frame.with_columns(columns.text("entity").alias(_ENTITY))))
    known = frame.filter(nw.col(PERIOD) >= 0)
    if len(catalogue.made_from_rows) < len(catalogue.rules.kpis):
        known = known.filter(nw.col("kpi").cast(nw.String).is_in(list(catalogue.made_from_rows)))
    # of two measurements of one period the later given counts: also where it has no value
    known = known.select(whose, _ENTITY, PERIOD, value.number.alias(_VALUE), value.is_number.alias(_STATE))
    known = engine.one_of_each(engine.collected(known), (whose, _ENTITY, PERIOD)).filter(nw.col(_STATE)).drop(_STATE)
    known = engine.begin(known)
    frame = _with_earlier(frame, engine, known, whose, rules, periods)
    if any(rule.of_entities for rule in rules):
        frame = _with_entities(frame, engine, known, whose, kpis, len(periods.periods) + 1, rules)
    cases = [
        (nw.col(RELATIVE) == n, _changed(rule, _made(rule, lowest=lowest)))
        for n, (rule, lowest) in enumerate(made_from, start=1)
    ]
    made = first_of(*cases, otherwise=nw.lit(None, nw.Float64))
    frame = frame.with_columns(made.alias(_NUMBER))
    return frame.with_columns(_as_written(nw.col(_NUMBER)).alias(_NUMBER))


def targets_of_rows(frame: Frame, given: ReadCells) -> tuple[Frame, ReadCells]:
    """The frame, and the target of each row as a cell: made by its rule, else the one that was given.

    To be asked once values have been carried forward: these bring what was given beside them.
    """
    own = nw.col(RELATIVE) == 0
    of_rows = nw.when(nw.col(_NUMBER).is_null()).then(nw.lit(BLANK)).otherwise(nw.lit(NUMBER))
    # lines that move with it ask for it many times
    frame = frame.with_columns(
        nw.when(own).then(given.number).otherwise(nw.col(_NUMBER)).alias(_NUMBER),
        nw.when(own).then(given.state).otherwise(of_rows).alias(_STATE),
    )
    is_long = None if given.is_long is None else given.is_long & own
    cell = evolve(given, number=nw.col(_NUMBER), state=nw.col(_STATE), cheaper=None, is_long=is_long, parts=None)
    return frame, cell


def _back(steps: int) -> str:
    """The column of the values so many periods before; 0 for a year ago."""
    return unused(f"back{steps}")


def _with_earlier(
    frame: Frame, engine: Engine, known: Frame, whose: str, rules: Sequence[RelativeTarget], periods: PeriodNumbers
) -> Frame:
    """The frame with the values of the earlier periods that any rule takes."""
    earlier = [rule for rule in rules if not rule.of_entities]
    steps = [*range(1, max((rule.periods for rule in earlier), default=0) + 1)]
    if any(not rule.periods for rule in earlier):
        steps.append(0)
    if not steps:
        return frame
    number = {period: n for n, period in enumerate(periods.periods)}

    def then(period: Period, back: int) -> Period:
        return period.shifted(-back) if back else period.year_before()

    numbers = {
        unused(f"then{back}"): [*(number.get(then(period, back), -1) for period in periods.periods), -1]
        for back in steps
    }
    frame = engine.look_up(frame, PERIOD, SmallTable.of(numbers))
    for back in steps:
        key = unused(f"then{back}")
        past = known.select(whose, _ENTITY, nw.col(PERIOD).alias(key), nw.col(_VALUE).alias(_back(back)))
        frame = engine.join(frame, past, (whose, _ENTITY, key))
    return frame


def _of_entities(share: Fraction | None) -> str:
    """The column of a quantile of the period's entities, or of their mean."""
    return unused("mean" if share is None else f"share{share.numerator}_{share.denominator}")


def _with_entities(
    frame: Frame, engine: Engine, known: Frame, whose: str, kpis: int, periods: int, rules: Sequence[RelativeTarget]
) -> Frame:
    """The frame with what the entities of each period come to, and how many there are.

    One number stands for a KPI and a period: by it the rows of the few are found sooner than by two. 0 is for rows that
    have no period, or another KPI.
    """
    size = kpis * periods + 1
    number = nw.col(whose).cast(nw.Int64) * periods + nw.col(PERIOD).cast(nw.Int64) + 1
    key = nw.when((nw.col(PERIOD) >= 0) & (nw.col(whose) >= 0)).then(number).otherwise(nw.lit(0)).alias(_OF_PERIOD)
    shares = dict.fromkeys(rule.share for rule in rules if rule.of_entities)

    def asked() -> Iterator[nw.Expr]:
        yield nw.col(_VALUE).len().alias(_COUNT)
        for share in shares:
            made = nw.col(_VALUE).mean() if share is None else nw.col(_VALUE).quantile(float(share), "linear")
            yield made.alias(_of_entities(share))

    named = known.filter(nw.col(_ENTITY) != "").with_columns(key)
    return engine.join_numbered(frame.with_columns(key), named.group_by(_OF_PERIOD).agg(*asked()), _OF_PERIOD, size)


def _made(rule: RelativeTarget, *, lowest: bool) -> nw.Expr:
    """What the rows give, null where they give nothing; ``lowest`` says which of several is best."""
    if rule.of_entities:
        made = nw.col(_of_entities(rule.share))
        return nw.when(nw.col(_COUNT) >= _FEWEST).then(made).otherwise(nw.lit(None, nw.Float64))
    taken = [nw.col(_back(back)) for back in (range(1, rule.periods + 1) if rule.periods else (0,))]
    lacking = first_of(*((each.is_null(), True) for each in taken), otherwise=False)
    if not rule.best:
        made = reduce(lambda one, other: one + other, taken) / float(len(taken))
    else:
        made = nw.min_horizontal(*taken) if lowest else nw.max_horizontal(*taken)
    return nw.when(lacking).then(nw.lit(None, nw.Float64)).otherwise(made)


def _as_written(number: nw.Expr) -> nw.Expr:
    """A number as the decimal that it stands for, where that has few places: 50.2 for 50.199999999999996."""
    written = number.round(_PLACES)
    near = (number - written).abs() <= number.abs() * _OFF
    return nw.when(near).then(written).otherwise(number)


def _changed(rule: RelativeTarget, number: nw.Expr) -> nw.Expr:
    if rule.change is None:
        return number
    by = float(exact(rule.change.amount))
    return number + (number.abs() * (by / 100.0) if rule.change.of_target else by)
