"""A rulebook as SQL: what is planned for a dialect, refused by name or left out, and written."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import BadArgument
from ..band_rows import BandRows
from .columns import SqlColumns
from .dialects import DIALECTS
from .plan import Plan, planned
from .query import STEPS
from .script import script

__all__ = ["sql_plan", "sql_text"]


def sql_plan(table: BandRows, dialect: str, columns: Sequence[str] | None = None) -> Plan:
    """What one query can rate in a dialect; raises BadArgument for a dialect or columns that cannot be used."""
    if dialect not in DIALECTS:
        raise BadArgument("dialect", dialect, f"it is one of {', '.join(DIALECTS)}")
    return planned(table, DIALECTS[dialect], SqlColumns.of(table, columns))


def sql_text(
    plan: Plan, *, measurements: str = "measurements", bands: str = "rag_bands", view: str = "rag_ratings"
) -> str:
    """The SQL file of a plan; KPIs that it refuses are in it with no level and the reason.

    Raises BadArgument for names of tables that cannot be used.
    """
    for argument, name in (("table", measurements), ("bands", bands), ("view", view)):
        if not all(name.split(".")) or any(not character.isprintable() for character in name):
            raise BadArgument(argument, name, "write a name, or a schema and a name: dbo.measurements")
        if name.casefold() in STEPS:
            raise BadArgument(argument, name, "a step of the query has this name: give another")
    if len({name.casefold() for name in (measurements, bands, view)}) < 3:
        raise BadArgument("view", view, "measurements, band table and view need names of their own")
    return script(plan, measurements, bands, view)
