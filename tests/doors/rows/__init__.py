"""The table of states: every kind of row, and what each must come to."""

from __future__ import annotations

from attrs import evolve

from ..row import Table
from . import (
    actions,
    carried,
    compared,
    counts,
    formulas,
    graces,
    judgements,
    numbers,
    periods,
    relative,
    symbols,
    targets,
    words,
)

__all__ = ["TABLES"]

_PLAIN = {
    "counts": counts.TABLE, "symbols": symbols.TABLE, "words": words.TABLE, "numbers": numbers.TABLE,
    "targets": targets.TABLE, "formulas": formulas.TABLE, "graces": graces.TABLE, "carried": carried.TABLE,
    "judgements": judgements.TABLE, "relative": relative.TABLE, "compared": compared.TABLE, "periods": periods.PLAIN_TABLE,
}  # fmt: skip
_OTHERS = {
    "own symbols": symbols.OWN_TABLE, "stated targets": targets.STATED_TABLE, "wide lines": numbers.WIDE_TABLE, "valid": numbers.VALID_TABLE,
    "times": numbers.TIMES_TABLE, "spellings": periods.SPELLINGS_TABLE,
    "frequency": periods.FREQUENCY_TABLE, "year starts": periods.YEAR_TABLE, "day first": periods.DAY_FIRST_TABLE,
    "actions": actions.TABLE, "actions rated from": actions.FROM_TABLE,
}  # fmt: skip


def _joined(tables: dict[str, Table]) -> Table:
    """One table of those under one book: an engine plans one query for all."""
    made = Table("plain", {}, ())
    for kind, table in tables.items():
        assert not set(made.rules) & set(table.rules), f"{kind} has a rule that another has too"
        rows = (*made.rows, *table.named(kind).rows)
        made = evolve(made, rules={**made.rules, **table.rules}, rows=rows, overrides=made.overrides + table.overrides)
    return made


#: rows under a rulebook each: where one cannot be loaded, the others still tell
TABLES = (_joined(_PLAIN), *(table.named(kind) for kind, table in _OTHERS.items()))
