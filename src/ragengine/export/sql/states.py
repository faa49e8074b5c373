"""The states of a row as SQL: the table of :mod:`ragengine.data.states`, in its order.

A state is ``value``, the reason of a grey, or one of two of its own for what is missing (:data:`NOTHING`,
:data:`NO_INPUTS`), which the rules may give a level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from ...catalogue import ValueSource
from ...data.states import APART
from ...terms import Reason
from ..band_rows import Given
from ..decimals import Digits
from .columns import COUNT_NAMES, SqlColumns, listed
from .dialects import Dialect
from .expressions import all_of, any_of
from .layout import case
from .values import Formula, SqlValues

__all__ = ["NOTHING", "NO_INPUTS", "States"]

#: nothing was given; a name that the formula reads is blank
NOTHING, NO_INPUTS = "nothing", "no inputs"


@frozen
class States:
    """The states of a table's rows.

    Attributes:
        symbols: what stands for no number, with its reason.
        bounded: whether any rule says what a value can be at all.
        own: how the columns begin that hold a row's own number, before anything is carried forward.
    """

    values: SqlValues
    symbols: Mapping[str, Reason]
    bounded: bool
    own: str = "rag_"

    @property
    def dialect(self) -> Dialect:
        return self.values.dialect

    @property
    def columns(self) -> SqlColumns:
        return self.values.columns

    def _said(self, text: str) -> str:
        return self.dialect.string(text)

    def cells(self) -> Iterator[tuple[str, str]]:
        """For each column of numbers its name and what is in it: ``value``, ``''`` for nothing, or why it is none."""
        for name in dict.fromkeys(["value", *self.columns.numbers]):
            if name in self.columns or f"{name}_text" in self.columns:
                yield name, self._cell(name)

    def _cell(self, name: str) -> str:
        pairs = []
        if name in self.columns:
            column = self.dialect.identifier(name)
            kept = f"rag_{name}" if name in (*COUNT_NAMES, "value", "target") else f"rag_input_{name}"
            pairs += [
                (f"{kept} IS NOT NULL", self._said(Given.VALUE)),
                (f"{column} IS NOT NULL", self._said(Reason.INVALID)),
            ]
        text = f"{name}_text"
        if text not in self.columns:
            return case(pairs, self._said(""))
        meanings: dict[str, list[str]] = {}
        for symbol, reason in self.symbols.items():
            meanings.setdefault(str(reason) if symbol else "", []).append(symbol)
        bare = self.dialect.trimmed(self.dialect.identifier(text))
        pairs += [
            (f"{bare} IN ({listed(self.dialect, each)})", self._said(reason)) for reason, each in meanings.items()
        ]
        return case(pairs, self._said(Reason.INVALID))

    def _is(self, name: str) -> str:
        """The column with what is in a cell; a text for one that the table has not."""
        there = name in self.columns or f"{name}_text" in self.columns
        return f"rag_is_{name}" if there else self._said("")

    def _symbol(self, name: str) -> list[tuple[str, str]]:
        """A symbol in a cell, and its reason."""
        if f"{name}_text" not in self.columns:
            return []
        none = ", ".join(map(self._said, ("", Given.VALUE, Reason.INVALID)))
        return [(f"{self._is(name)} NOT IN ({none})", self._is(name))]

    def word(self) -> str:
        """A row's word, folded; a number is the word that it is written as."""
        text = self.dialect.trimmed("value_text") if "value_text" in self.columns else self._said("")
        if "value" not in self.columns:
            return f"LOWER({text})"
        return f"COALESCE(NULLIF(LOWER({text}), ''), rag_text_value, '')"

    def state(self, sources: Sequence[ValueSource]) -> str:
        """The state of each row by where its value comes from."""
        pairs = [("rag_kpi IS NULL", self._said(Reason.INVALID))]
        if any(source.words for source in sources):
            pairs.append((self.values.is_from(["word"]), self._word()))
        pairs += [(self.values.is_from([each.name]), self._formula(each)) for each in self.values.formulas]
        return case(pairs, self._plain(any(source.counts for source in sources)))

    def _word(self) -> str:
        cell = case([(f"{self._is('value')} = {self._said('')}", self._said(NOTHING))], self._is("value"))
        number = [(f"{self._is('value')} = {self._said(Given.VALUE)}", self._said(Reason.INVALID))]
        return case([("w.word IS NOT NULL", self._said(Given.VALUE)), *number], cell)

    def _plain(self, counts: bool) -> str:
        """The value where it is given, else what the counts come to."""
        value, said = self._is("value"), self._said
        judged = self._outside(counts=counts)
        if counts and self.values.counts and "value" in self.columns:
            can_be = f"({self._counts([])}) = {said(Given.VALUE)}"
            judged.insert(0, (f"{self._hundredth()} AND {can_be}", said(Reason.INVALID)))
        pairs = [(f"{value} = {said(Given.VALUE)}", case(judged, said(Given.VALUE)))] if "value" in self.columns else []
        pairs.append((f"{value} <> {said('')}", value))
        return case(pairs, self._counts(self._outside(counts=counts)) if self.values.counts else said(NOTHING))

    def _hundredth(self) -> str:
        """The condition that a value is the hundredth of what the counts beside it say."""
        # digits that all products have room for; what is larger is no hundredth of a percentage
        digits, number = Digits(4, 9), self.dialect.number
        value = case([(f"ABS(rag_value) < 1{'0' * digits.whole}", self.dialect.cast("rag_value", digits))])
        twice, apart = f"{number(Fraction(200))} * rag_numerator", f"{number(2 * APART)} * rag_counted"
        far = f"ABS({number(Fraction(2))} * {value} * rag_counted - {twice}) > {apart}"
        return f"{far} AND ABS({number(Fraction(200))} * {value} * rag_counted - {twice}) <= {apart}"

    def _outside(self, *, counts: bool = False) -> list[tuple[str, str]]:
        """A number outside what is valid, or a ratio: of a formula, or of ``counts`` where a rule takes them."""
        if not self.bounded:
            return []
        own = self.own
        sides = [f"{own}number < rag_valid_min OR {own}number > rag_valid_max"]
        if self.values.formulas or (counts and self.values.counts):
            over, under = f"{own}over", f"{own}under"
            ratio = f"{over} < rag_ratio_min * {under} OR {over} > rag_ratio_max * {under}"
            sides.append(f"({own}number IS NULL AND ({ratio}))")
        return [(" OR ".join(sides), self._said(Reason.INVALID))]

    def _impossible(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """Counts that cannot be."""
        names = [name for name in names if name in self.columns or f"{name}_text" in self.columns]
        wrong = [f"{self._is(name)} = {self._said(Reason.INVALID)}" for name in names]
        wrong += [f"rag_{name} < 0" for name in names if name in self.columns]
        if "excluded" in names and "excluded" in self.columns and "denominator" in self.columns:
            wrong.append("rag_excluded > rag_denominator")
        return [(" OR ".join(wrong), self._said(Reason.INVALID))] if wrong else []

    def _counts(self, outside: list[tuple[str, str]]) -> str:
        over, under = self._is("numerator"), self._is("denominator")
        said, nothing = self._said, self._said("")
        symbols = [pair for name in COUNT_NAMES for pair in self._symbol(name)]
        of_counts = case(outside, said(Given.VALUE))
        percentage = case([(self.values.is_from(["value or counts"]), of_counts)], said(Reason.MISSING_INPUT))
        return case(
            [
                (f"{over} = {nothing} AND {under} = {nothing}", said(NOTHING)),
                *symbols,
                *self._impossible(COUNT_NAMES),
                (f"{over} = {nothing} OR {under} = {nothing}", said(NOTHING)),
                ("rag_counted = 0 AND rag_numerator = 0", said(Reason.NO_CASES)),
                ("rag_counted = 0", said(Reason.DIVISION_BY_ZERO)),
            ],
            percentage,
        )

    def _formula(self, formula: Formula) -> str:
        """The ends of a formula: a symbol, what cannot be excluded, a division by zero, what is missing, a number."""
        said, missing = self._said, formula.made.missing
        pairs = []
        for name in sorted(missing):
            pairs += [(all_of([missing[name], there]), reason) for there, reason in self._symbol(name)]
        if "denominator" in formula.names:
            pairs += [*self._symbol("excluded"), *self._impossible(("excluded",))]
        if formula.made.zero:
            pairs.append((formula.made.zero, said(Reason.DIVISION_BY_ZERO)))
        blank = {name: all_of([flag, f"{self._is(name)} = {said('')}"]) for name, flag in missing.items()}
        for only, state in (("value", NOTHING), ("target", Reason.NO_TARGET)):
            if only in missing:
                others = [f"NOT {_certain(flag)}" for name, flag in blank.items() if name != only]
                pairs.append((all_of([blank[only], *others]), said(state)))
        if missing:
            pairs.append((any_of(blank.values()), said(NO_INPUTS)))
            pairs.append((any_of(missing.values()), said(Reason.INVALID)))
        return case([*pairs, *self._outside()], said(Given.VALUE))


def _certain(condition: str) -> str:
    return condition if condition.startswith("(") else f"({condition})"
