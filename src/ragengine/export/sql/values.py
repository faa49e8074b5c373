"""The value of a row as SQL: the number itself, counts multiplied out, a formula or a word."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from attrs import define, field, frozen

from ...catalogue import ValueSource
from ...rulebook.expression import Expression
from ..decimals import Digits
from .columns import COUNTED, COUNTS, SqlColumns
from .dialects import Dialect
from .expressions import Number, as_sql
from .layout import case

__all__ = ["Formula", "SqlValues"]


@frozen
class Formula:
    """A formula as SQL, under the name that it has in the table."""

    name: str
    made: Number
    names: frozenset[str]


@define(slots=False)
class SqlValues:
    """The values of a table's rows.

    Attributes:
        inputs: digits of the numbers in formulas; ``targets`` those of a row's own target, ``stated`` those of any
            target, and ``read`` those of targets that formulas read.
        formulas: those that the dialect does exactly.
    """

    dialect: Dialect
    columns: SqlColumns
    inputs: Digits
    targets: Digits
    stated: Digits
    read: Digits
    formulas: list[Formula] = field(factory=list)

    def formula(self, expression: Expression) -> Number:
        """A formula as SQL; raises CannotWrite."""
        made = as_sql(expression.tree, {name: self.name(name) for name in expression.names}, self.dialect)
        assert isinstance(made, Number)
        return made

    def name(self, name: str, prefix: str = "rag_") -> Number:
        """A number that formulas name, as a column; one that the table has not is always missing."""
        digits = {"numerator": COUNTS, "denominator": COUNTED, "target": self.read}.get(name, self.inputs)
        if not self.has(name):
            return Number(self.dialect.cast("NULL", digits), digits, missing={name: "1 = 1"})
        columns = {"numerator": "numerator", "denominator": "counted", "target": "stated_target"}
        column = prefix + columns.get(name, f"input_{name}")
        return Number(column, digits, missing={name: f"{column} IS NULL"})

    def has(self, name: str) -> bool:
        """Whether there is anything to read for a name; rules may state a target themselves."""
        return name in self.columns or name == "target"

    @property
    def counts(self) -> bool:
        """Whether there are counts."""
        return self.has("numerator") and self.has("denominator")

    def is_from(self, names: Iterable[str]) -> str:
        """The condition that a row's value comes from one of these, by their names in the table."""
        listed = ", ".join(self.dialect.string(name) for name in names)
        return f"rag_value_from IN ({listed})" if "," in listed else f"rag_value_from = {listed}"

    @property
    def ratios(self) -> list[str]:
        """Where values come from that are made of other numbers, by their names in the table."""
        return [each.name for each in self.formulas] + (["value or counts"] if self.counts else [])

    @property
    def _without_value(self) -> str:
        there = "value" in self.columns or "value_text" in self.columns
        return f" AND rag_is_value = {self.dialect.string('')}" if there else ""

    def number(self) -> str:
        """The number of each row that is none of counts and no formula's."""
        if "value" not in self.columns:
            return self.dialect.cast("NULL", self.dialect.plain)
        made = [each.name for each in self.formulas]
        return case([(self.is_from(made), "NULL")], "rag_value") if made else "rag_value"

    def ratio(self, sources: list[ValueSource]) -> Number | None:
        """What stands over and under in rows whose value is made of others; None where no rule makes one."""
        over, under = [], []
        digits, under_digits = Digits(1, 0), Digits(1, 0)
        for each in self.formulas:
            name = self.is_from([each.name])
            over.append((name, each.made.over))
            under.append((name, each.made.under or self.dialect.number(Fraction(1))))
            digits |= each.made.digits
            under_digits |= each.made.under_digits
        if any(source.counts for source in sources) and self.counts:
            name = self.is_from(["value or counts"]) + self._without_value
            hundred = Number(self.dialect.number(Fraction(100)), Digits(3, 0))
            digits |= self.dialect.product(hundred.digits, COUNTS)
            under_digits |= COUNTED
            over.append((name, f"{hundred.over} * rag_numerator"))
            under.append((name, "CASE WHEN rag_counted > 0 THEN rag_counted END"))
        if not over:
            return None
        return Number(case(over), self.dialect.fitting(digits), case(under), self.dialect.fitting(under_digits))
