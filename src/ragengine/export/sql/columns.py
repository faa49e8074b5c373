"""The columns of a table of measurements: which of them the rules read, and their numbers as exact ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from attrs import frozen

from ...errors import BadArgument
from ..band_rows import EVIDENCE_RECORDED, BandRows
from ..decimals import Digits
from .dialects import Dialect

__all__ = ["COUNTED", "COUNTS", "OUTPUT", "PLAIN", "TARGET", "Columns", "exact_number"]

#: what the query adds, in this order
OUTPUT = (
    "rag", "adjusted", "computed", "reason", "target", "shortfall", "band", "grace", "rule", "area", "edition",
)  # fmt: skip

#: digits that are kept of a value, of counts and of a target; a value is rounded beyond them, the others refused
PLAIN, COUNTS, TARGET = Digits(15, 15), Digits(11, 3), Digits(12, 4)
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
class Columns:
    """The columns of the user's table.

    Attributes:
        names: in their order.
        read: those that the rules read, with what each is.
    """

    names: tuple[str, ...]
    read: dict[str, str]

    def __contains__(self, name: object) -> bool:
        return name in self.names

    @classmethod
    def of(cls, table: BandRows, given: Sequence[str] | None) -> Columns:
        """The columns that rules can read, or those that are given; raises BadArgument for what cannot be meant."""
        read = _read(table)
        if given is None:
            return cls(tuple(read), read)
        names = tuple(dict.fromkeys(given))
        if "kpi" not in names:
            raise BadArgument("columns", ",".join(given), "there must be a column kpi")
        dated = any(row.valid_from or row.valid_until or row.carry_forward for row in table.rows)
        if dated and "period_end" not in names:
            raise BadArgument("columns", ",".join(given), "rules are dated, so there must be a column period_end")
        for name in names:
            near = difflib.get_close_matches(name, [each for each in read if each not in names], n=1, cutoff=0.8)
            if name not in read and near:
                raise BadArgument("columns", name, f"did you mean {near[0]}? A column that rules read has its name")
            if name.startswith("rag_") or (name in OUTPUT and name != "target"):
                raise BadArgument("columns", name, "the query adds columns of this name itself")
        return cls(names, read)


def _read(table: BandRows) -> dict[str, str]:
    """The columns that rules read, with their meaning."""
    rows, rules = table.rows, table.book.rules
    counts = any(row.value_from == "value or counts" for row in rows)
    inputs = sorted({name for kpi in rules.kpis.values() for name in kpi.inputs})
    asked = {name for kpi in rules.kpis.values() for grace in kpi.graces if grace.when for name in grace.when.names}
    asked |= {name for kpi in rules.kpis.values() if kpi.formula for name in kpi.formula.names}
    evidence = any(EVIDENCE_RECORDED in row.conditions for row in rows) or "evidence" in asked
    needed = {
        "numerator": counts or "numerator" in asked,
        "denominator": counts or "denominator" in asked or any(row.minimum_n for row in rows),
        "excluded": counts or "denominator" in asked,
        "target": any(row.target_side for row in rows) or "target" in asked,
        "evidence": evidence,
        "causes": "causes" in asked,
    }
    read = {name: meaning for name, meaning in _MEANING.items() if needed.get(name, True)}
    return read | dict.fromkeys(inputs, "number: for formulas")


def exact_number(dialect: Dialect, column: str, digits: Digits, *, whole: bool) -> str:
    """A column's number as an exact one; null for what is no finite number or has more digits.

    With ``whole`` digits beyond the last are refused; without they are rounded.
    """
    bound = "1" + "0" * digits.whole
    made = dialect.cast(column, digits)
    if whole and dialect.most_digits is not None:
        made = f"CASE WHEN {column} = {made} THEN {made} END"
    return f"CASE WHEN ABS({column}) < {bound} THEN {made} END"


def listed(dialect: Dialect, texts: Iterable[str]) -> str:
    """Texts for ``IN``."""
    return ", ".join(dialect.string(each) for each in texts)
