"""The SQL file: the band table, its rows, and a view that rates the table of measurements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import Attribute, fields

from ..band_rows import BandRow, Given
from .columns import COUNTS
from .dialects import Dialect
from .plan import Plan
from .query import query

__all__ = ["script"]

#: rows of one INSERT: SQL Server takes no more than 1,000
_ROWS_AT_ONCE = 500


def script(plan: Plan, measurements: str, bands: str, view: str) -> str:
    """The whole file; the names of the three tables are as the user gave them."""
    return "\n".join(_Script(plan, measurements, bands, view).lines()) + "\n"


class _Script:
    def __init__(self, plan: Plan, measurements: str, bands: str, view: str) -> None:
        self.plan = plan
        self.dialect: Dialect = plan.dialect
        self.measurements, self.bands, self.view = map(plan.dialect.table, (measurements, bands, view))
        self.rows = [_left_out(row, plan) for row in plan.table.rows]
        self.rows = list(dict.fromkeys(self.rows))

    def lines(self) -> Iterator[str]:
        yield from self._heading()
        yield ""
        if self.dialect.begin:
            yield self.dialect.begin
        yield f"DROP VIEW IF EXISTS {self.view};"
        yield f"DROP TABLE IF EXISTS {self.bands};"
        yield ""
        yield f"CREATE TABLE {self.bands} ("
        yield ",\n".join(f"  {self.dialect.identifier(each.name)} {self._type(each)}" for each in fields(BandRow))
        yield ");"
        yield ""
        for start in range(0, len(self.rows), _ROWS_AT_ONCE):
            yield from self._insert(self.rows[start : start + _ROWS_AT_ONCE])
            yield ""
        # SQL Server wants a view to be the first of its batch
        batch = ["GO", ""] if self.dialect.name == "tsql" else []
        yield from batch
        yield f"CREATE VIEW {self.view} AS"
        yield query(self.plan, self.measurements, self.bands) + ";"
        yield from batch
        if self.dialect.commit:
            yield self.dialect.commit

    def _heading(self) -> Iterator[str]:
        table, rules = self.plan.table, self.plan.table.book.rules
        yield f"-- {_one_line(rules.title)}, edition {_one_line(rules.edition)}"
        yield f"-- fingerprint {rules.fingerprint}"
        yield f"-- for {self.dialect.title}, drawn by ragengine export: change the rules, not this file"
        yield "--"
        yield f"-- {self.bands} is the band table, and {self.view} rates every row of {self.measurements}, which has:"
        for name in self.plan.columns.names:
            yield f"--   {_one_line(name)}: {self.plan.columns.meaning(name)}"
        for line in self._bounds():
            yield f"-- {line}"
        if self.plan.refused:
            yield "-- Left out, for one query cannot rate them exactly; their rag is null:"
            for kpi, why in self.plan.refused.items():
                yield f"--   {kpi}: {_one_line(why)}"
        if table.book.rules.actions:
            yield "-- Actions are rated by days, not values, and are not in it; nor are overrides."

    def _bounds(self) -> Iterator[str]:
        """How large the numbers may be."""
        if self.dialect.most_digits is None:
            yield "Numbers are exact to any length; from 1,000,000,000,000,000 on they are invalid, as NaN is."
            return
        plain, inputs, targets = self.plan.dialect.plain, self.plan.values.inputs, self.plan.values.targets
        yield f"Numbers are exact. A value has up to {plain.whole} digits before the point and any number after it;"
        yield (
            f"counts have up to {COUNTS.whole} and {COUNTS.places}, a target {targets.whole} and {targets.places}, "
            f"inputs of formulas {inputs.whole} and {inputs.places}."
        )
        yield "What has more is invalid, as NaN is: nothing is rounded."
        if not self.dialect.through_text:
            yield "Columns of numbers must be DECIMAL or integers: a float is taken as it is stored, not as it prints."

    def _type(self, column: Attribute[Any]) -> str:
        name, kind = column.name, str(column.type)
        if kind.startswith("Fraction"):
            return self.dialect.stored_type(self.plan.edges.of_column(name))
        if kind.startswith("bool"):
            return self.dialect.yes_no
        if kind.startswith("date"):
            return "DATE"
        return self.dialect.count if kind.startswith("int") else self.dialect.text

    def _insert(self, rows: Sequence[BandRow]) -> Iterator[str]:
        names = ", ".join(self.dialect.identifier(each.name) for each in fields(BandRow))
        yield f"INSERT INTO {self.bands} ({names}) VALUES"
        yield ",\n".join(f"  ({', '.join(self._literals(row))})" for row in rows) + ";"

    def _literals(self, row: BandRow) -> Iterator[str]:
        for each in fields(BandRow):
            value = getattr(row, each.name)
            if value is None and each.name.endswith(("_per_target", "_per_size")):
                value = Fraction(0)
            yield self._literal(value)

    def _literal(self, value: object) -> str:
        match value:
            case None:
                return "NULL"
            case bool():
                return self.dialect.true if value else self.dialect.false
            case int():
                return str(value)
            case Fraction():
                return self.dialect.stored(value)
            case date():
                return self.dialect.day(value)
            case _:
                return self.dialect.string(str(value))


def _left_out(row: BandRow, plan: Plan) -> BandRow:
    """The row itself; of a KPI that is left out, one that rates nothing and says so."""
    why = plan.refused.get(row.kpi)
    if why is None:
        return row
    return BandRow(
        kpi=row.kpi,
        title=row.title,
        entity=row.entity,
        valid_from=None,
        valid_until=None,
        given=Given.ANYTHING,
        reason=f"left out: {why}",
        besides=why,
        area=row.area,
        rule=row.rule,
        edition=row.edition,
        fingerprint=row.fingerprint,
    )


def _one_line(text: str) -> str:
    """A text that stays in a comment."""
    return "".join(c if c.isprintable() else " " for c in text)
