"""The value of a row as SQL: its state first, then the number itself, counts multiplied out, a formula or a word."""

from __future__ import annotations

from fractions import Fraction

from attrs import define, field, frozen

from ...catalogue import Source
from ...data.door import SYMBOLS
from ...rulebook.expression import Expression
from ...terms import Reason
from ..band_rows import Given
from ..decimals import Digits
from .columns import COUNTED, COUNTS, PLAIN, Columns, listed
from .dialects import Dialect
from .expressions import Number, all_of, any_of, compiled
from .layout import case

__all__ = ["Formula", "Values"]


@frozen
class Formula:
    """A formula as SQL, under the name that it has in the table."""

    name: str
    made: Number


@define(slots=False)
class Values:
    """The values of a table's rows.

    Attributes:
        inputs: digits of the numbers in formulas; ``targets`` those of targets.
        formulas: those that the dialect does exactly.
    """

    dialect: Dialect
    columns: Columns
    inputs: Digits
    targets: Digits
    formulas: list[Formula] = field(factory=list)

    def formula(self, expression: Expression) -> Number:
        """A formula as SQL; raises CannotWrite."""
        made = compiled(expression.tree, {name: self.name(name) for name in expression.names}, self.dialect)
        assert isinstance(made, Number)
        return made

    def name(self, name: str) -> Number:
        """A number that formulas name, as a column; one that the table has not is always missing."""
        digits = {"numerator": COUNTS, "denominator": COUNTED, "target": self.targets}.get(name, self.inputs)
        if not self.has(name):
            return Number(self.dialect.cast("NULL", digits), digits, missing={name: "1 = 1"})
        columns = {"numerator": "rag_numerator", "denominator": "rag_counted", "target": "rag_stated_target"}
        column = columns.get(name, f"rag_input_{name}")
        return Number(column, digits, missing={name: f"{column} IS NULL"})

    def has(self, name: str) -> bool:
        """Whether there is anything to read for a name; rules may state a target themselves."""
        return name in self.columns or name == "target"

    def word(self) -> str:
        """A row's word, folded."""
        text = "value_text" if "value_text" in self.columns else self.dialect.string("")
        return f"LOWER(COALESCE(TRIM({text}), ''))"

    def _blank(self) -> str:
        """The condition that a row's value is nothing at all, not even a symbol."""
        nothing = ["value IS NULL"] if "value" in self.columns else []
        if "value_text" in self.columns:
            nothing.append("COALESCE(TRIM(value_text), '') = ''")
        return all_of(nothing) if nothing else "1 = 1"

    def _symbols(self, otherwise: str) -> str:
        """What a text that stands for no value means; ``otherwise`` is SQL."""
        if "value_text" not in self.columns:
            return self.dialect.string(Reason.NO_DATA)
        meanings: dict[Reason, list[str]] = {}
        for symbol, reason in SYMBOLS.items():
            meanings.setdefault(reason, []).append(symbol)
        said = self.dialect.string
        pairs = [
            (f"COALESCE(TRIM(value_text), '') IN ({listed(self.dialect, symbols)})", said(reason))
            for reason, symbols in meanings.items()
        ]
        return case(pairs, otherwise)

    def value_state(self) -> str:
        """The state of the value as given: ``value``, or why there is none."""
        said = self.dialect.string
        symbols = self._symbols(said(Reason.INVALID))
        if "value" not in self.columns:
            return symbols
        pairs = [("rag_value IS NOT NULL", said(Given.VALUE)), ("value IS NOT NULL", said(Reason.INVALID))]
        return case(pairs, symbols)

    def state(self, sources: list[Source]) -> str:
        """The state of each row by where its value comes from."""
        said = self.dialect.string
        pairs = [("rag_kpi IS NULL", said(Reason.INVALID))]
        if any(source.words for source in sources):
            pairs.append((f"rag_value_from = {said('word')}", self._word_state()))
        pairs += [(f"rag_value_from = {said(each.name)}", self._formula_state(each)) for each in self.formulas]
        own = self.value_state()
        if "numerator" in self.columns and "denominator" in self.columns:
            own = case([(f"NOT {self._blank()}", own)], self._counts_state())
        return case(pairs, own)

    def _word_state(self) -> str:
        """A symbol comes before a word; a number is no word."""
        said = self.dialect.string
        known = case([("w.word IS NOT NULL", said(Given.VALUE))], said(Reason.INVALID))
        number = [("value IS NOT NULL AND rag_said = ''", said(Reason.INVALID))] if "value" in self.columns else []
        return case(number, self._symbols(known))

    def _counts_state(self) -> str:
        said = self.dialect.string
        refused = [f"({name} IS NOT NULL AND rag_{name} IS NULL)" for name in ("numerator", "denominator")]
        percentage = case(
            [(f"rag_value_from = {said('value or counts')}", said(Given.VALUE))], said(Reason.MISSING_INPUT)
        )
        return case(
            [
                (any_of(refused), said(Reason.INVALID)),
                ("rag_numerator IS NULL OR rag_counted IS NULL", said(Reason.NO_DATA)),
                ("rag_counted = 0 AND rag_numerator = 0", said(Reason.NO_CASES)),
                ("rag_counted = 0", said(Reason.DIVISION_BY_ZERO)),
            ],
            percentage,
        )

    def _formula_state(self, formula: Formula) -> str:
        """The three ends of a formula, in the order in which :mod:`ragengine.rating.value` tells them."""
        said, missing = self.dialect.string, formula.made.missing
        pairs = [(formula.made.zero, said(Reason.DIVISION_BY_ZERO))] if formula.made.zero else []
        pairs += [pair for name in sorted(missing) for pair in self._told(name, missing[name])]
        for only, reason in (("value", Reason.NO_DATA), ("target", Reason.NO_TARGET)):
            if only in missing:
                others = [f"NOT {flag}" for name, flag in missing.items() if name != only]
                pairs.append((all_of([missing[only], *others]), said(reason)))
        if missing:
            pairs.append((any_of(missing.values()), said(Reason.MISSING_INPUT)))
        return case(pairs, said(Given.VALUE))

    def _told(self, name: str, flag: str) -> list[tuple[str, str]]:
        """Why a missing name has no number, where that is more than that nothing was given."""
        said, no_data = self.dialect.string, self.dialect.string(Reason.NO_DATA)
        if name == "value" and self.has(name):
            unfit = [(all_of([flag, "rag_value IS NOT NULL"]), said(Reason.INVALID))]
            return [*unfit, (all_of([flag, f"rag_value_state <> {no_data}"]), "rag_value_state")]
        if name in self.columns:
            return [(all_of([flag, f"{self.dialect.identifier(name)} IS NOT NULL"]), said(Reason.INVALID))]
        return []

    def number(self) -> tuple[str, Digits]:
        """The number of each row that is none of counts."""
        digits = PLAIN
        pairs = []
        for each in self.formulas:
            if each.made.under:
                pairs.append((f"rag_value_from = {self.dialect.string(each.name)}", "NULL"))
                continue
            digits = self.dialect.fitting(digits | each.made.digits)
            pairs.append((f"rag_value_from = {self.dialect.string(each.name)}", each.made.over))
        return case(pairs, "rag_value"), digits

    def ratio(self, sources: list[Source]) -> Number | None:
        """What stands over and under in rows whose value is a ratio; None where no rule makes one."""
        over, under = [], []
        digits, under_digits = Digits(1, 0), Digits(1, 0)
        for each in self.formulas:
            if each.made.under:
                name = f"rag_value_from = {self.dialect.string(each.name)}"
                over.append((name, each.made.over))
                under.append((name, each.made.under))
                digits |= each.made.digits
                under_digits |= each.made.under_digits
        counts = any(source.counts for source in sources) and self.has("numerator") and self.has("denominator")
        if counts:
            name = f"rag_value_from = {self.dialect.string('value or counts')} AND {self._blank()}"
            hundred = Number(self.dialect.number(Fraction(100)), Digits(3, 0))
            digits |= self.dialect.product(hundred.digits, COUNTS)
            under_digits |= COUNTED
            product = f"{hundred.over} * rag_numerator"
            over.append((name, f"CASE WHEN rag_counted < 0 THEN -({product}) ELSE {product} END"))
            under.append((name, "ABS(rag_counted)"))
        if not over:
            return None
        return Number(case(over), self.dialect.fitting(digits), case(under), self.dialect.fitting(under_digits))
