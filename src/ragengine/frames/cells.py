"""The cells of a frame: numbers, and why there is none, by the grammar that cells of files have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve, field, frozen

from ..catalogue.levels import LevelTable
from ..data.door import NOTES, SYMBOLS
from ..number import BLANKS, MAX_DIGITS, MAX_PLACES, PRINTED, WITH_EXPONENT
from ..terms import Reason
from .engines import Frame, strips_characters

__all__ = ["BLANK", "LACKING", "NUMBER", "FrameColumns", "ReadCells", "first_of", "grey_of"]

#: the state of a cell that holds a number, of a blank one, and of a formula whose inputs are not all there; any other
#: state is the number of grey for a reason
NUMBER, BLANK, LACKING = -1, -2, -3

#: digits that a float keeps for certain, and places that the two parts of a number keep
SAFE_DIGITS = 15

_grey = LevelTable.grey
_NUMBER_TEXT = f"^(?:{PRINTED}|{WITH_EXPONENT})(?:{NOTES})?$"
_NINES = "9" * (MAX_DIGITS - 1)
_ALL_BUT_DIGITS = r"[,% +]|\[[a-z]{1,3}\]"
#: a digit that counts, and as many more as no number has
_TOO_LONG = f"[1-9](?:[.,]?[0-9]){{{MAX_PLACES}}}"


@frozen
class ReadCells:
    """A column read as cells.

    Attributes:
        number: the number, null where there is none.
        state: :data:`NUMBER`, or the number of grey for the reason.
        cheaper: whether there is a number, and the number of grey where there is none, where that is told more cheaply
            than by ``state``.
        is_long: whether it may have more digits than a float keeps; None where none has.
        parts: what stands before the point and after it, both with the sign, where floats are too coarse and nothing
            finer is to be had; null where one float says it all.
    """

    number: nw.Expr
    state: nw.Expr
    cheaper: tuple[nw.Expr, nw.Expr] | None = None
    is_long: nw.Expr | None = None
    parts: tuple[nw.Expr, nw.Expr] | None = None


def first_of(*cases: tuple[nw.Expr, Any], otherwise: Any) -> nw.Expr:
    """The first case that holds."""
    made = otherwise if isinstance(otherwise, nw.Expr) else nw.lit(otherwise)
    for condition, value in reversed(cases):
        made = nw.when(condition).then(value if isinstance(value, nw.Expr) else nw.lit(value)).otherwise(made)
    return made


def grey_of(state: nw.Expr) -> nw.Expr:
    """The number of grey for a state that is no number."""
    blank = (state == BLANK, _grey(Reason.NO_DATA))
    return first_of(blank, (state == LACKING, _grey(Reason.MISSING_INPUT)), otherwise=state)


@frozen
class FrameColumns:
    """Which columns a frame has, and of what kind: ``number``, ``text``, ``decimal``, ``date``, ``flag`` or ``list``.

    Attributes:
        symbols: marks of the rulebook's own.
        instead: columns that are read instead of those of the frame.
        by_parts: whether numbers of many digits are read in two parts.
        floats: the columns of floats.
    """

    kinds: Mapping[str, str]
    symbols: Mapping[str, Reason] = field(factory=dict)
    instead: Mapping[str, str] = field(factory=dict)
    by_parts: bool = False
    floats: frozenset[str] = frozenset()
    _strips_characters: bool = True

    @classmethod
    def of(cls, frame: Frame, symbols: Mapping[str, Reason] | None = None) -> FrameColumns:
        schema = frame.collect_schema()
        kinds = {name: _kind(dtype) for name, dtype in schema.items()}
        floats = frozenset(name for name, dtype in schema.items() if dtype == nw.Float64)
        by_parts, strips = isinstance(frame, nw.LazyFrame), strips_characters(frame)
        return cls(kinds, symbols or {}, by_parts=by_parts, floats=floats, strips_characters=strips)

    def reading(self, instead: Mapping[str, str]) -> FrameColumns:
        """The same, with columns of texts that are read instead of some of the frame's."""
        return evolve(self, kinds={**self.kinds, **dict.fromkeys(instead, "text")}, instead={**self.instead, **instead})

    def __contains__(self, name: object) -> bool:
        return name in self.kinds

    def is_text(self, name: str) -> bool:
        return self.kinds.get(name) == "text"

    def column(self, name: str) -> nw.Expr:
        """The column that is read for a name."""
        return nw.col(self.instead.get(name, name))

    def text(self, name: str) -> nw.Expr:
        """A column as text without blanks around it, empty where there is nothing; empty where there is no column.

        Of yes and no it is ``true`` and ``false``.
        """
        if name not in self.kinds:
            return nw.lit("")
        if self.kinds[name] == "flag":
            flag = self.column(name)
            held = flag.fill_null(False).cast(nw.Boolean)
            return first_of((flag.is_null(), ""), (held, "true"), otherwise="false")
        return self._bare(self.column(name).cast(nw.String))

    def evidence(self) -> nw.Expr:
        """What is recorded as evidence, empty where nothing is."""
        if self.kinds.get("evidence") != "flag":
            return self.text("evidence")
        return first_of((self.column("evidence").fill_null(False).cast(nw.Boolean), "recorded"), otherwise="")

    def members(self, name: str) -> nw.Expr:
        """A column of several words as a text in which each stands between line ends, folded."""
        if name not in self.kinds:
            return nw.lit("\n\n")
        folded = self.text(name).str.to_lowercase().str.replace_all("[ \t\r\n\u00a0]+", " ")
        words = folded.str.replace_all(" ?[;,] ?", "\n")
        return nw.concat_str([nw.lit("\n"), words, nw.lit("\n")])

    def cell(self, name: str) -> ReadCells:
        """A column as cells; no data where there is no column."""
        match self.kinds.get(name):
            case None:
                return ReadCells(nw.lit(None, nw.Float64), nw.lit(BLANK))
            case "number":
                number = self.column(name)
                return _number_cell(number if name in self.floats else number.cast(nw.Float64))
            case "text" | "decimal":
                return self._text_cell(self._bare(self.column(name).cast(nw.String)))
            case _:
                # neither yes and no nor a day is a number
                nothing = self.column(name).is_null()
                return ReadCells(nw.lit(None, nw.Float64), first_of((nothing, BLANK), otherwise=_grey(Reason.INVALID)))

    def _bare(self, column: nw.Expr) -> nw.Expr:
        texts = column.fill_null("")
        if self._strips_characters:
            return texts.str.strip_chars(BLANKS)
        return texts.str.replace_all(f"^[{BLANKS}]+|[{BLANKS}]+$", "")

    def _text_cell(self, bare: nw.Expr) -> ReadCells:
        # a pattern's end is before a last line end, too
        printed = bare.str.contains(_NUMBER_TEXT) & ~bare.str.contains("\n", literal=True)
        symbols: dict[Reason, list[str]] = {}
        for symbol, reason in {**SYMBOLS, **self.symbols}.items():
            if symbol:
                symbols.setdefault(reason, []).append(symbol)
        digits = nw.when(printed).then(bare.str.replace_all(_ALL_BUT_DIGITS, "")).otherwise(nw.lit(None, nw.String))
        number = digits.cast(nw.Float64)
        length = bare.str.len_chars()
        too_long = (length > MAX_PLACES) & bare.str.contains(_TOO_LONG)
        parts, fits = None, ~too_long
        if self.by_parts:
            whole, rest, few = _parts(digits)
            parts, fits = (whole, rest), fits & few
        # 999,999,999,999,999.99 is below 10^15, and its float is not
        nines = digits.str.starts_with(_NINES) | digits.str.starts_with(f"-{_NINES}")
        state = first_of(
            (printed & fits & ((number.abs() < 10.0**MAX_DIGITS) | nines), NUMBER),
            (bare == "", BLANK),
            *((bare.is_in(texts), _grey(reason)) for reason, texts in symbols.items()),
            otherwise=_grey(Reason.INVALID),
        )
        return ReadCells(number, state, None, length > SAFE_DIGITS, parts)


def _parts(digits: nw.Expr) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """The whole and the rest of a number without an exponent, null for any other; and whether they hold it all."""
    plain = nw.when(~digits.str.contains("[eE]")).then(digits).otherwise(nw.lit(None, nw.String))
    whole = plain.str.replace_all("[.].*$", "").cast(nw.Float64)
    places = plain.str.replace_all("^[-0-9]+", "")
    rest = nw.concat_str([nw.lit("0"), places]).cast(nw.Float64)
    few = (places.str.len_chars() <= 1 + SAFE_DIGITS).fill_null(True)
    return whole, nw.when(plain.str.starts_with("-")).then(-rest).otherwise(rest), few


def _kind(dtype: Any) -> str:
    if dtype == nw.Decimal:
        return "decimal"
    if dtype.is_numeric():
        return "number"
    if dtype in (nw.String, nw.Categorical, nw.Enum) or isinstance(dtype, nw.Enum):
        return "text"
    if dtype in (nw.Date, nw.Datetime) or isinstance(dtype, nw.Datetime):
        return "date"
    if dtype == nw.Boolean:
        return "flag"
    if dtype == nw.List or dtype == nw.Array:
        return "list"
    # a column of nothing at all has no type of its own, and some types have no name here
    return "text" if dtype in (nw.Unknown, nw.Object) else str(dtype)


def _number_cell(number: nw.Expr) -> ReadCells:
    # nothing that is not finite is smaller
    bounded = number.abs() < 10.0**MAX_DIGITS

    def unless(blank: int) -> nw.Expr:
        return first_of((number.is_null(), blank), otherwise=_grey(Reason.INVALID))

    state = nw.when(bounded).then(nw.lit(NUMBER)).otherwise(unless(BLANK))
    return ReadCells(number, state, (bounded, unless(_grey(Reason.NO_DATA))))
