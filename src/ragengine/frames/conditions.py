"""Which conditions hold in each row: they choose among the variants of its rule."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v2 as nw

from ..catalogue import EVIDENCE, Catalogue
from ..rulebook.expression import Expression
from .arithmetic import as_columns, slack_of
from .cells import NUMBER, FrameColumns, first_of
from .engines import Frame, unused
from .targets import AimColumns
from .values import JudgedColumns, Numbers

__all__ = ["condition_names", "with_variant"]


def with_variant(
    frame: Frame, catalogue: Catalogue, columns: FrameColumns, value: JudgedColumns, names: Mapping[str, nw.Expr]
) -> Frame:
    """The frame with the number of each row's cell: each condition of its rule that holds adds its worth.

    What conditions name, and whether they hold, become columns first, so that nothing is worked out more than once.
    """
    asked = {name for each in catalogue.conditions if isinstance(each, Expression) for name in each.names}
    frame = frame.with_columns(**{unused(f"name_{name}"): names[name] for name in sorted(asked)}) if asked else frame
    named = {name: nw.col(unused(f"name_{name}")) for name in asked}
    held = [_held(condition, columns, named, _rounded(value)) for condition in catalogue.conditions]
    frame = frame.with_columns(**{unused(f"holds{n}"): holds.cast(nw.Int64) for n, holds in enumerate(held)})
    most = max(len(cell.conditions) for cell in catalogue.cells)
    number = nw.col(unused("cell"))
    for n in range(most):
        condition = nw.col(unused(f"condition{n}"))
        cases = [(condition == each, nw.col(unused(f"holds{each}"))) for each in range(len(held))]
        number = number + first_of(*cases, otherwise=0) * 2**n
    return frame.with_columns(number.alias(unused("variant")))


def _rounded(value: JudgedColumns) -> dict[str, nw.Expr | bool]:
    """Names whose numbers are made in floats: values where a formula makes them, and every difference."""
    made = False if value.computed is None else value.computed
    return {"value": made, "previous_value": made, "year_ago_value": made, "shortfall": True}


def _held(
    condition: Expression | str,
    columns: FrameColumns,
    names: Mapping[str, nw.Expr],
    rounded: Mapping[str, nw.Expr | bool],
) -> nw.Expr:
    if condition == EVIDENCE:
        return columns.evidence() != ""
    assert isinstance(condition, Expression)
    result = as_columns(condition, names, rounded)
    return nw.when(result.fails).then(nw.lit(False)).otherwise(result.value)


def condition_names(
    columns: FrameColumns,
    numbers: Numbers,
    value: JudgedColumns,
    targets: AimColumns,
    *,
    past: bool,
) -> dict[str, nw.Expr]:
    """The columns that a condition may name, as the ``when`` of one measurement has them.

    With ``past``, the values of earlier periods stand beside each row.
    """
    nothing = nw.lit(None, nw.Float64)
    judged = nw.when(value.state == NUMBER).then(value.number).otherwise(nothing)
    names = {
        **numbers.known,
        "value": judged,
        "target": targets.one,
        "shortfall": targets.short(judged),
        "causes": columns.members("causes"),
        "entity": columns.text("entity"),
        "evidence": columns.evidence(),
        "status": nw.lit(""),
    }
    if past:
        before = nw.col(unused("previous_value"))
        # of one line the value itself tells exactly which is nearer; of a range only the shortfalls do
        ranged = nw.lit(False) if targets.low is None else ~targets.low.is_null()
        by_range = targets.short(before) - targets.short(judged)
        gain = nw.when(ranged).then(by_range).otherwise((judged - before) * targets.better)
        slack = slack_of(judged, before, ranged if value.computed is None else ranged | value.computed)
        names |= {
            "previous_value": before,
            "year_ago_value": nw.col(unused("year_ago_value")),
            "improved": _one_or_none(gain, gain > slack),
            "worsened": _one_or_none(gain, gain < -slack),
            "unchanged": _one_or_none(gain, gain.abs() <= slack),
        }
    return names


def _one_or_none(known: nw.Expr, holds: nw.Expr) -> nw.Expr:
    """1 where a condition holds and 0 where not; null where what it rests on is not known."""
    return nw.when(~known.is_null()).then(holds.cast(nw.Float64)).otherwise(nw.lit(None, nw.Float64))
