"""Earlier rows of a frame beside each row, by joining it to itself: previous values, levels, values carried forward."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import narwhals.stable.v2 as nw

from ..catalogue import SEPARATOR
from ..catalogue.levels import LevelTable
from ..data.door import BREAK
from ..period import Duration
from ..rating.facts import Change
from ..terms import GREY, Reason, Scale
from .cells import BLANK, NUMBER, FrameColumns, first_of
from .engines import PREFIX, Engine, Frame, out, unused
from .periods import BEFORE, DAY, PERIOD, WHO, YEAR_AGO, PeriodNumbers
from .small_table import SmallTable
from .unreported import Unreported
from .values import JudgedColumns

__all__ = ["carried_forward", "is_rated", "past_values", "with_movement", "with_previous"]


def with_who(frame: Frame, columns: FrameColumns) -> Frame:
    """The frame with the KPI and entity of each row in one text."""
    who = nw.concat_str([nw.col("kpi").cast(nw.String), columns.text("entity")], separator=SEPARATOR)
    return frame.with_columns(who.alias(WHO))


def is_rated(value: JudgedColumns) -> nw.Expr:
    """Whether a row has a value that later ones look back at."""
    return (value.state == NUMBER) & (nw.col(unused("rates")) == 1)


def past_values(
    frame: Frame, engine: Engine, columns: FrameColumns, value: JudgedColumns, unreported: Unreported | None
) -> Frame:
    """The frame with the values of the period before and of the same period a year ago, null where there is none."""
    frame = with_who(frame, columns)
    # of two measurements of one period the later given counts, where rows have an order: also where it has no value
    known = engine.one_of_each(frame.filter(nw.col(PERIOD) >= 0), (WHO, PERIOD)).filter(is_rated(value))
    before = known.select(WHO, PERIOD, value.number.alias(unused("previous_value")))
    if unreported is not None:
        before = unreported.below(before, engine)
    for key, name in ((BEFORE, "previous_value"), (YEAR_AGO, "year_ago_value")):
        past = before.select(WHO, nw.col(PERIOD).alias(key), nw.col(unused("previous_value")).alias(unused(name)))
        frame = engine.join(frame, past, (WHO, key))
    return frame


def carried_forward(
    frame: Frame,
    engine: Engine,
    columns: FrameColumns,
    value: JudgedColumns,
    ages: Sequence[Duration | None],
    periods: PeriodNumbers,
) -> tuple[Frame, FrameColumns]:
    """The frame in which a missing value is the latest earlier one of its KPI and entity, where the rules have it so.

    The value brings its row: what this row states itself stands, see :func:`_brought`. ``ages`` are how old a value may
    be, by the number that ``max_age`` has in each row.
    """
    number, state, source, found = unused("number"), unused("state"), unused("from"), unused("carried")
    frame = with_who(frame, columns)
    frame, columns = _with_texts(frame, columns)
    brought = _brought(frame)
    wants = value.missing & (nw.col(unused("carries")) == 1)
    known = engine.one_of_each(frame.filter(nw.col(PERIOD) >= 0), (WHO, PERIOD)).filter(is_rated(value))
    besides = [nw.col(name).alias(f"{name}_from") for name in brought]
    valued = known.select(WHO, nw.col(PERIOD).alias(source), value.number.alias(found), *besides)
    lacking = frame.filter(wants & (nw.col(PERIOD) >= 0)).select(WHO, PERIOD).unique(subset=[WHO, PERIOD], keep="any")
    earlier = lacking.join(valued.select(WHO, source), on=[WHO], how="inner")
    if periods.ends_differ:
        earlier = earlier.filter(nw.col(source) < nw.col(PERIOD))
    else:
        ends = SmallTable.of({unused("from_day"): [*periods.days, -1]})
        own = SmallTable.of({unused("own_day"): [*periods.days, -1]})
        earlier = engine.look_up(engine.look_up(earlier, source, ends), PERIOD, own)
        earlier = earlier.filter(nw.col(unused("from_day")) < nw.col(unused("own_day")))
    latest = earlier.group_by(WHO, PERIOD).agg(nw.col(source).max())
    latest = latest.join(valued, on=[WHO, source], how="inner")
    frame = engine.join(frame, latest, (WHO, PERIOD))
    carried = wants & ~nw.col(found).is_null()
    stale = nw.lit(False)
    if any(ages):
        frame, stale = _too_old(frame, engine, ages, periods, source)
    taken = carried & ~stale
    made = {
        name: nw.when(taken if stands is None else taken & ~stands).then(nw.col(f"{name}_from")).otherwise(nw.col(name))
        for name, stands in brought.items()
    }
    made[number] = nw.when(taken).then(nw.col(found)).otherwise(value.number)
    made[state] = first_of((carried & stale, LevelTable.grey(Reason.STALE)), (carried, NUMBER), otherwise=value.state)
    return frame.with_columns(**made), columns


def _with_texts(frame: Frame, columns: FrameColumns) -> tuple[Frame, FrameColumns]:
    """The frame with evidence and causes as texts of its own, which a carried value may bring."""
    texts = {"evidence": columns.evidence(), "causes": columns.text("causes")}
    there = {name: text for name, text in texts.items() if name in columns}
    named = {name: unused(f"carried_{name}") for name in there}
    if not there:
        return frame, columns
    return frame.with_columns(**{named[name]: text for name, text in there.items()}), columns.reading(named)


def _brought(frame: Frame) -> dict[str, nw.Expr | None]:
    """The columns that a carried value brings; and whether a row's own stands, None where it never does."""
    names = frame.columns
    made: dict[str, nw.Expr | None] = {}
    for name in names:
        kind, _, cell = name.removeprefix(PREFIX).partition("_")
        if not name.startswith(PREFIX) or kind not in ("number", "state", "long") or not cell:
            continue
        counts = cell in ("value", "numerator", "denominator", "excluded")
        made[name] = None if counts else nw.col(unused(f"state_{cell}")) != BLANK
    for name in ("evidence", "causes"):
        if unused(f"carried_{name}") in names:
            made[unused(f"carried_{name}")] = nw.col(unused(f"carried_{name}")) != ""
    return made | {unused(name): None for name in ("long", "whole", "rest") if unused(name) in names}


def _too_old(
    frame: Frame, engine: Engine, ages: Sequence[Duration | None], periods: PeriodNumbers, source: str
) -> tuple[Frame, nw.Expr]:
    """Whether the carried value is older than the row's rule allows."""
    forever = 10**9
    good = [forever if age is None else age.last_good_day(end).toordinal() for end in periods.ends for age in ages]
    key, until = unused("age_key"), unused("good_until")
    row = nw.col(source).fill_null(0).cast(nw.Int64) * len(ages) + nw.col(unused("max_age"))
    frame = engine.look_up(frame.with_columns(row.alias(key)), key, SmallTable.of({until: [*good, forever]}))
    return frame, nw.col(until) < nw.col(DAY)


def with_previous(
    frame: Frame, engine: Engine, columns: FrameColumns, unreported: Unreported | None, level: str
) -> Frame:
    """The frame with the level that each row's KPI had in the period before; ``level`` is the column of those."""
    frame = with_who(frame, columns)
    name = out("previous")
    past = frame.filter(nw.col(PERIOD) >= 0).select(WHO, PERIOD, nw.col(level).cast(nw.String).alias(name))
    past = engine.one_of_each(past, (WHO, PERIOD))
    if unreported is not None:
        past = unreported.below(past, engine)
    return engine.join(frame, past.select(WHO, nw.col(PERIOD).alias(BEFORE), name), (WHO, BEFORE))


def _begins_anew(columns: FrameColumns) -> nw.Expr:
    """Whether the reporter marks that a row's series begins anew with it, beside a number of its own."""
    if not columns.is_text("value"):
        return nw.lit(False)
    return (columns.cell("value").state == NUMBER) & columns.text("value").str.contains(BREAK, literal=True)


def with_movement(frame: Frame, columns: FrameColumns, scale: Scale) -> Frame:
    """The frame with how each level moved since the previous one, null where none is known or the series is broken."""
    old, new = nw.col(out("previous")), nw.col(out("rag")).cast(nw.String)
    grey = str(GREY)

    def rank(level: nw.Expr) -> nw.Expr:
        return reduce(
            lambda so_far, each: nw.when(level == str(each)).then(nw.lit(each.rank)).otherwise(so_far),
            scale,
            nw.lit(-1),
        )

    movement = first_of(
        (old.is_null() | _begins_anew(columns), nw.lit(None, nw.String)),
        (old == new, str(Change.UNCHANGED)),
        (old == grey, str(Change.NEWLY_RATED)),
        (new == grey, str(Change.NO_LONGER_RATED)),
        (rank(new) > rank(old), str(Change.IMPROVED)),
        otherwise=str(Change.WORSENED),
    )
    return frame.with_columns(movement.alias(out("movement")))
