"""Which conditions hold in each row: they choose among the variants of its rule."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v2 as nw

from ..catalogue import EVIDENCE, Catalogue
from ..rulebook.expression import Expression
from .arithmetic import compiled
from .cells import NUMBER, Columns, first_of
from .engines import unused
from .targets import Targets
from .values import JudgedColumns, Numbers

__all__ = ["condition_bits", "condition_names"]

#: names whose numbers were made in floats, where values were
_MADE = frozenset({"value", "shortfall", "previous_value", "year_ago_value"})


def condition_bits(
    catalogue: Catalogue, columns: Columns, value: JudgedColumns, names: Mapping[str, nw.Expr]
) -> nw.Expr:
    """The number of each row's variant: each condition of its rule that holds adds its worth."""
    made = _MADE if value.computed is not None or "numerator" in columns else frozenset()
    held = [_held(condition, columns, names, made) for condition in catalogue.conditions]
    most = max(len(cell.conditions) for cell in catalogue.cells)
    bits = nw.lit(0)
    for n in range(most):
        asked = nw.col(unused(f"condition{n}"))
        says = first_of(*((asked == number, holds) for number, holds in enumerate(held)), otherwise=False)
        bits = bits + says.cast(nw.Int64) * 2**n
    return bits


def _held(condition: Expression | str, columns: Columns, names: Mapping[str, nw.Expr], made: frozenset[str]) -> nw.Expr:
    if condition == EVIDENCE:
        return columns.text("evidence") != ""
    assert isinstance(condition, Expression)
    result = compiled(condition, names, made)
    return nw.when(result.fails).then(nw.lit(False)).otherwise(result.value)


def condition_names(
    columns: Columns,
    numbers: Numbers,
    value: JudgedColumns,
    targets: Targets,
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
        "evidence": columns.text("evidence"),
        "status": nw.lit(""),
    }
    if past:
        before = nw.col(unused("previous_value"))
        by_target = targets.short(before) - targets.short(judged)
        gain = nw.when(by_target.is_null()).then((judged - before) * targets.better).otherwise(by_target)
        names |= {
            "previous_value": before,
            "year_ago_value": nw.col(unused("year_ago_value")),
            "improved": gain > 0.0,
            "worsened": gain < 0.0,
            "unchanged": gain == 0.0,
        }
    return names
