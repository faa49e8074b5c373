"""Which conditions hold in each row: they choose among the variants of its rule."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v2 as nw

from ..rulebook.expression import Expression
from .arithmetic import compiled, slack_of
from .catalogue import EVIDENCE, Catalogue
from .cells import NUMBER, Columns, first_of
from .engines import unused
from .values import JudgedColumns, Numbers

__all__ = ["condition_bits", "condition_names"]


def condition_bits(
    catalogue: Catalogue, columns: Columns, value: JudgedColumns, names: Mapping[str, nw.Expr]
) -> nw.Expr:
    """The number of each row's variant: each condition of its rule that holds adds its worth."""
    held = [_held(condition, columns, names, _rounded(value)) for condition in catalogue.conditions]
    most = max(len(cell.conditions) for cell in catalogue.cells)
    bits = nw.lit(0)
    for n in range(most):
        asked = nw.col(unused(f"condition{n}"))
        says = first_of(*((asked == number, holds) for number, holds in enumerate(held)), otherwise=False)
        bits = bits + says.cast(nw.Int64) * 2**n
    return bits


def _rounded(value: JudgedColumns) -> dict[str, nw.Expr | bool]:
    """Names whose numbers are made in floats: values where a formula makes them, and every difference."""
    made = False if value.computed is None else value.computed
    return {"value": made, "previous_value": made, "year_ago_value": made, "shortfall": True}


def _held(
    condition: Expression | str,
    columns: Columns,
    names: Mapping[str, nw.Expr],
    rounded: Mapping[str, nw.Expr | bool],
) -> nw.Expr:
    if condition == EVIDENCE:
        return columns.text("evidence") != ""
    assert isinstance(condition, Expression)
    result = compiled(condition, names, rounded)
    return nw.when(result.fails).then(nw.lit(False)).otherwise(result.value)


def condition_names(
    columns: Columns,
    numbers: Numbers,
    value: JudgedColumns,
    ends: tuple[nw.Expr, nw.Expr],
    *,
    past: bool,
    better: nw.Expr,
) -> dict[str, nw.Expr]:
    """The columns that a condition may name, as the ``when`` of one measurement has them.

    ``ends`` are those of the target in force; ``better`` is 1 where more is better and -1 where less is.
    """
    low, high = ends
    nothing = nw.lit(None, nw.Float64)
    judged = nw.when(value.state == NUMBER).then(value.number).otherwise(nothing)
    both = ~low.is_null() & ~high.is_null()
    target = nw.when(both).then(nothing).otherwise(nw.when(low.is_null()).then(high).otherwise(low))

    def short(number: nw.Expr) -> nw.Expr:
        return nw.max_horizontal(low - number, number - high)

    names = {
        **numbers.known,
        "value": judged,
        "target": target,
        "shortfall": short(judged),
        "causes": columns.members("causes"),
        "entity": columns.text("entity"),
        "evidence": columns.text("evidence"),
        "status": nw.lit(""),
    }
    if past:
        before = nw.col(unused("previous_value"))
        # of one line the value itself tells exactly which is nearer; of a range only the shortfalls do
        gain = nw.when(both).then(short(before) - short(judged)).otherwise((judged - before) * better)
        slack = slack_of(judged, before, both if value.computed is None else both | value.computed)
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
