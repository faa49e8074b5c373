"""The columns of a table of measurements: which of them the rules read, and their numbers as exact ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from ...display import did_you_mean
from ...errors import BadArgument
from ...number import MAX_PLACES
from ..band_rows import EVIDENCE_RECORDED, BandRows
from ..decimals import Digits
from .dialects import Dialect
from .layout import case

__all__ = ["COUNTED", "COUNTS", "COUNT_NAMES", "OUTPUT", "SqlColumns", "exact_number", "fixed_text", "listed"]

#: what the query adds, in this order
OUTPUT = (
    "rag", "adjusted", "computed", "reason", "target", "shortfall", "band", "grace", "rule", "area", "edition",
)  # fmt: skip

#: digits that are kept of counts; what has more is refused
COUNTS = Digits(11, 3)
COUNT_NAMES = ("numerator", "denominator", "excluded")
#: of a denominator without what is excluded from it
COUNTED = Digits(12, 3)

_MEANING = {
    "kpi": "text: id of the KPI, as the rule files have it",
    "entity": "text: organisation or team; null for none",
    "period_end": "date: last day of the period, which decides what rule is in force",
    "value": "number: null where there is none",
    "value_text": "text: a value in words, or the symbol that stands for none (c, z, ..); else null",
    "numerator": "number",
    "denominator": "number",
    "excluded": "number: how many of the denominator do not count",
    "target": "number: of rules whose target comes with the data",
    "evidence": "text: null or blank where none is recorded",
    "causes": "text: separated by commas or semicolons",
}


@frozen
class SqlColumns:
    """The columns of the user's table.

    Attributes:
        names: in their order.
        read: those that the rules read, with what each is.
        texts: those that may stand beside columns of numbers: a symbol in place of the number.
    """

    names: tuple[str, ...]
    read: dict[str, str]
    texts: dict[str, str]

    def __contains__(self, name: object) -> bool:
        """Whether a column is there and something reads it; what no rule reads is kept as it is."""
        return name in self.names and (name in self.read or name in self.texts)

    @classmethod
    def of(cls, table: BandRows, given: Sequence[str] | None) -> SqlColumns:
        """The columns that rules can read, or those that are given; raises BadArgument for what cannot be meant."""
        read = _read(table, given or ())
        beside = [name for name, said in read.items() if said.startswith("number") and name != "value"]
        texts = {f"{name}_text": f"text: the symbol that stands in place of {name}; else null" for name in beside}
        if given is None:
            return cls(tuple(read), read, texts)
        names = tuple(dict.fromkeys(given))
        if "kpi" not in names:
            raise BadArgument("columns", ",".join(given), "there must be a column kpi")
        dated = any(row.valid_from or row.valid_until or row.carry_forward for row in table.rows)
        if dated and "period_end" not in names:
            raise BadArgument("columns", ",".join(given), "rules are dated, so there must be a column period_end")
        for name in names:
            near = did_you_mean(name, [each for each in read if each not in names], alike=0.8)
            if name not in read and name not in texts and near:
                raise BadArgument("columns", name, f"did you mean {near}? A column that rules read has its name")
            if name in texts and name.removesuffix("_text") not in names:
                raise BadArgument("columns", name, f"it stands beside a column {name.removesuffix('_text')}")
            if name.startswith("rag_") or (name in OUTPUT and name != "target"):
                raise BadArgument("columns", name, "the query adds columns of this name itself")
        return cls(names, read, texts)

    def meaning(self, name: str) -> str:
        """What a column is; those that no rule reads are kept."""
        return self.read.get(name) or self.texts.get(name) or "kept as it is"

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns of numbers that are there."""
        return tuple(name for name, said in self.read.items() if name in self.names and said.startswith("number"))


def _read(table: BandRows, given: Sequence[str]) -> dict[str, str]:
    """The columns that rules read, with their meaning; counts also where they are given and make no percentage."""
    rows, rules = table.rows, table.book.rules
    counts = any(row.value_from == "value or counts" for row in rows)
    inputs = rules.inputs
    asked = {name for kpi in rules.kpis.values() for grace in kpi.graces if grace.when for name in grace.when.names}
    asked |= {name for kpi in rules.kpis.values() if kpi.formula for name in kpi.formula.names}
    evidence = any(EVIDENCE_RECORDED in row.conditions for row in rows) or "evidence" in asked
    needed = {
        "numerator": counts or "numerator" in asked or "numerator" in given,
        "denominator": counts or "denominator" in (*asked, *given) or any(row.minimum_n for row in rows),
        "excluded": counts or "denominator" in asked or "excluded" in given,
        "target": any(row.target_side for row in rows) or "target" in asked,
        "evidence": evidence,
        "causes": "causes" in asked,
    }
    read = {name: meaning for name, meaning in _MEANING.items() if needed.get(name, True)}
    return read | dict.fromkeys(inputs, "number: for formulas")


def fixed_text(dialect: Dialect, said: str, column: str) -> str:
    """A number's text without an exponent; ``said`` is its text as the database has it, in small letters."""
    if not dialect.has_exponents:
        return said
    at = dialect.found("e-", said)
    sign = f"CASE WHEN {said} LIKE '-%' THEN '-' ELSE '' END"
    digits = f"REPLACE(REPLACE(SUBSTRING({said}, 1, {at} - 1), '.', ''), '-', '')"
    noughts = f"REPEAT('0', CAST(SUBSTRING({said}, {at} + 2, 4) AS {dialect.count}) - 1)"
    small = f"CONCAT({sign}, '0.', {noughts}, {digits})"
    large = f"CAST(CAST({said} AS {dialect.number_type(dialect.plain)}) AS {dialect.text})"
    bounded = f"{said} LIKE '%e%' AND ABS(CAST({column} AS {dialect.float})) < 1e{dialect.plain.whole}"
    return case([(f"{said} LIKE '%e-%'", small), (bounded, large)], said)


def _is_bounded(dialect: Dialect, column: str, text: str, whole: int) -> str:
    """The condition that a number has no more digits before the point; NaN and infinities are never so."""
    if not dialect.has_exponents:
        return f"ABS({column}) < 1{'0' * whole}"
    # a column with many decimals cannot be compared with a number with many digits
    point, signs = dialect.found(".", text), f"CASE WHEN {text} LIKE '-%' THEN 1 ELSE 0 END"
    before = f"CASE WHEN {point} > 0 THEN {point} - 1 ELSE LENGTH({text}) END - {signs}"
    return f"ABS(CAST({column} AS {dialect.float})) <= 1e{whole} AND {text} NOT LIKE '%e%' AND {before} <= {whole}"


def exact_number(dialect: Dialect, column: str, text: str, digits: Digits, *, marked: bool = False) -> str:
    """A column's number as an exact one; null for what is no finite number or has more digits.

    ``text`` is its text without an exponent. With ``marked`` what has more decimals is kept as well: cut, with a 5 as
    its last digit in place of all that follow, so that it lies on the side of every edge on which the number itself
    does.
    """
    pairs = []
    if dialect.most_digits is None:
        # as many as a number may have anywhere; a float is as long as it prints
        bare = f"LTRIM(REPLACE(REPLACE({text}, '.', ''), '-', ''), '0')"
        long = f"LENGTH({bare}) > {MAX_PLACES} OR LENGTH(SPLIT_PART({text}, '.', 2)) > {MAX_PLACES}"
        pairs.append((f"{text} NOT LIKE '%e%' AND ({long})", "NULL"))
        made = f"CAST({text} AS {dialect.exact})"
    else:
        made = f"CAST({text if dialect.through_text else column} AS {dialect.number_type(digits)})"
        point = dialect.found(".", text)
        kept = digits.places - marked
        beyond = f"{point} > 0 AND REPLACE(SUBSTRING({text}, {point} + {kept + 1}, 400), '0', '') <> ''"
        cut = f"CAST(CONCAT(SUBSTRING({text}, 1, {point} + {kept}), '5') AS {dialect.number_type(digits)})"
        pairs.append((beyond, cut if marked else "NULL"))
    return case([(_is_bounded(dialect, column, text, digits.whole), case(pairs, made))])


def listed(dialect: Dialect, texts: Iterable[str]) -> str:
    """Texts for ``IN``."""
    return ", ".join(dialect.string(each) for each in texts)
