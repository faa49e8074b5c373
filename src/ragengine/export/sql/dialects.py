"""What one database writes otherwise than another: names, types, literals, and how many digits it multiplies."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from attrs import frozen

from ...period import Duration
from ..decimals import Digits, decimal_text, digits_of

__all__ = ["DIALECTS", "CannotWrite", "Dialect"]

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")

#: words that some database keeps for itself, so that a column of this name is quoted
_RESERVED = frozenset(
    """
    all alter analyze and any array as asc assert at authorization begin between both break browse bulk by call
    cascade case cast check checkpoint close cluster clustered coalesce collate column commit compute constraint
    contains continue convert create cross cube current current_date current_time current_timestamp current_user
    cursor database deallocate declare default deferrable define delete deny desc describe disk distinct distributed
    do double drop dump else end enum errlvl escape except exclude exec execute exists exit external extract false
    fetch file fillfactor following for foreign freetext from full function grant group grouping groups hash having
    holdlock identity if ignore ilike in increment index initially inner insert intersect interval into is isnull
    issue join key kill lateral leading left like limit lineno load localtime localtimestamp lookup merge minus
    natural new no nocheck nonclustered not notnull null nullif nulls of off offset offsets old on only open option
    or order outer over overlaps partition percent pivot placing plan preceding precision primary print proc
    procedure proto public qualify raiserror range read recursive references regexp replication respect restore
    restrict return returning revoke right rlike rollback rollup row rowcount rows rule sample save schema select
    semanticsearch session_user set setuser shutdown similar some start statistics struct symmetric system_user
    table tablesample textsize then to top trailing tran transaction treat trigger true truncate try_cast tsequal
    unbounded union unique unpivot update user using values variadic verbose view waitfor when whenever where while
    window with within writetext
    """.split()  # noqa: SIM905  # a list of 200 quoted words reads worse
)


class CannotWrite(Exception):
    """What a dialect cannot do exactly; the argument says what it is."""


@frozen
class Dialect:
    """One database's SQL.

    Attributes:
        text, count, yes_no: types of columns.
        exact: the type of exact numbers, with ``{0}`` for all digits and ``{1}`` for those after the point.
        most_digits: of an exact number; None without limit. ``most_places`` is how many may stand after the point.
        wider: how many digits more than both factors have a product takes.
        narrowest: digits of exact numbers from which on products have all of theirs.
        through_text: whether numbers become exact by their text, which is right for floats too.
        plain: digits that are kept of a value that nothing is done with but comparing it.
        position: where a text stands in another one, from 1; 0 where it does not.
    """

    name: str
    title: str
    text: str = "VARCHAR"
    count: str = "INTEGER"
    yes_no: str = "BOOLEAN"
    true: str = "TRUE"
    false: str = "FALSE"
    exact: str = "DECIMAL({0}, {1})"
    most_digits: int | None = 38
    most_places: int = 38
    wider: int = 0
    narrowest: int = 0
    through_text: bool = True
    plain: Digits = Digits(15, 22)
    position: str = "INSTR({text}, {part})"
    quotes: str = '""'
    backslashes: bool = False
    begin: str = ""
    commit: str = ""

    def identifier(self, name: str) -> str:
        """A name of a table or column, quoted where it has to be."""
        if _PLAIN.fullmatch(name) and name not in _RESERVED:
            return name
        first, last = self.quotes[0], self.quotes[1]
        doubled = name.replace("\\", "\\\\") if self.name == "bigquery" else name
        return f"{first}{doubled.replace(last, last * 2)}{last}"

    def table(self, name: str) -> str:
        """A table's name, each part quoted where it has to be: ``dbo.measurements``."""
        return ".".join(self.identifier(part) for part in name.split("."))

    def string(self, value: str) -> str:
        """A text."""
        if self.backslashes:
            escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
            return f"'{escaped}'"
        doubled = value.replace("'", "''")
        return f"N'{doubled}'" if self.name == "tsql" and not value.isascii() else f"'{doubled}'"

    def day(self, value: date) -> str:
        """A day."""
        said = f"'{value.isoformat()}'"
        return f"CAST({said} AS DATE)" if self.name == "tsql" else f"DATE {said}"

    def stored_type(self, digits: Digits) -> str:
        """The type of a column of exact numbers with so many digits."""
        return self.exact.format(digits.total, digits.places)

    def number_type(self, digits: Digits) -> str:
        """The same for numbers that are multiplied: DuckDB lets the product of two narrow ones overflow."""
        return self.exact.format(max(digits.total, self.narrowest), digits.places)

    def number(self, value: Fraction) -> str:
        """An exact number, of its own type."""
        said = decimal_text(value)
        match self.name:
            case "postgres":
                return said
            case "bigquery":
                return f"BIGNUMERIC '{said}'"
            case _:
                return f"CAST({said} AS {self.stored_type(digits_of([value]))})"

    def stored(self, value: Fraction) -> str:
        """A number as an INSERT has it."""
        return self.number(value) if self.name == "bigquery" else decimal_text(value)

    def cast(self, column: str, digits: Digits) -> str:
        """A column's number as an exact one; a float means the decimal that it prints as, where that can be had."""
        said = f"CAST({column} AS {self.text})" if self.through_text else column
        return f"CAST({said} AS {self.number_type(digits)})"

    @property
    def has_exponents(self) -> bool:
        """Whether the text of a number may have an exponent that its decimals could not hold."""
        return self.through_text and self.most_digits is not None

    @property
    def float(self) -> str:
        """The type of floats."""
        return "FLOAT64" if self.name == "bigquery" else "DOUBLE"

    @property
    def shown(self) -> str:
        """The type of shortfalls: a digit before the point more than values have."""
        return self.number_type(Digits(self.plain.whole + 1, self.plain.places))

    @property
    def tab(self) -> str:
        """A tab."""
        return "CHAR(9)" if self.name == "tsql" else "CHR(9)"

    def trimmed(self, text: str) -> str:
        """A text without the blanks round it, empty for null: those that a cell may have round it."""
        plain = f"REPLACE(REPLACE({text}, {self.tab}, ' '), {self.string(chr(0xA0))}, ' ')"
        return f"COALESCE(TRIM({plain}), '')"

    def found(self, part: str, text: str) -> str:
        """Where a text stands in another one, from 1; 0 where it does not."""
        return self.position.format(part=self.string(part), text=text)

    def after(self, day: str, length: Duration) -> str:
        """The day that is so long after another; the last day of its month where there is none of that number."""
        count, unit = (length.months, "MONTH") if length.months else (length.days, "DAY")
        match self.name:
            case "tsql" | "snowflake":
                return f"DATEADD({unit}, {count}, {day})"
            case "bigquery":
                return f"DATE_ADD({day}, INTERVAL {count} {unit})"
            case "spark":
                return f"ADD_MONTHS({day}, {count})" if unit == "MONTH" else f"DATE_ADD({day}, {count})"
            case _:
                return f"CAST({day} + INTERVAL '{count} {unit}' AS DATE)"

    def product(self, one: Digits, other: Digits) -> Digits:
        """The digits of a product; raises CannotWrite where it would be rounded."""
        made = Digits(one.whole + other.whole + self.wider, one.places + other.places)
        if self.name == "snowflake" and made.places > max(12, one.places, other.places):
            raise CannotWrite(f"{self.title} rounds products to 12 decimals, and it needs {made.places}")
        return self.fitting(made)

    def sum(self, one: Digits, other: Digits) -> Digits:
        """The digits of a sum; raises CannotWrite where it would be rounded."""
        both = one | other
        return self.fitting(Digits(both.whole + 1, both.places))

    def fitting(self, digits: Digits) -> Digits:
        """The same digits; raises CannotWrite where there are more than exact numbers have."""
        if self.most_digits is not None and (digits.total > self.most_digits or digits.places > self.most_places):
            raise CannotWrite(
                f"it needs {digits.total} digits, and exact numbers of {self.title} have {self.most_digits}"
            )
        return digits


DIALECTS = {
    each.name: each
    for each in (
        Dialect("duckdb", "DuckDB", narrowest=19, begin="BEGIN TRANSACTION;", commit="COMMIT;"),
        Dialect(
            "postgres",
            "PostgreSQL",
            "TEXT",
            exact="NUMERIC",
            most_digits=None,
            position="STRPOS({text}, {part})",
            begin="BEGIN;",
            commit="COMMIT;",
        ),
        Dialect("spark", "Spark", "STRING", wider=1, quotes="``", backslashes=True),
        Dialect(
            "bigquery",
            "BigQuery",
            "STRING",
            count="INT64",
            yes_no="BOOL",
            exact="BIGNUMERIC({0}, {1})",
            most_digits=76,
            plain=Digits(15, 38),
            quotes="``",
            backslashes=True,
        ),
        Dialect(
            "snowflake",
            "Snowflake",
            exact="NUMBER({0}, {1})",
            through_text=False,
            position="CHARINDEX({part}, {text})",
            backslashes=True,
        ),
        Dialect(
            "tsql",
            "SQL Server",
            "NVARCHAR(4000)",
            yes_no="BIT",
            true="1",
            false="0",
            wider=1,
            through_text=False,
            position="CHARINDEX({part}, {text})",
            quotes="[]",
        ),
    )
}
