"""The cells of a frame: numbers, and why there is none, by the grammar that cells of files have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen

from ..catalogue.levels import LevelTable
from ..data.door import SYMBOLS
from ..errors import BadArgument
from ..number import MAX_DIGITS, PRINTED
from ..terms import Reason
from .engines import Frame, kind_of_objects, strips_characters

__all__ = ["BLANKS", "NUMBER", "Cell", "Columns", "first_of"]

#: the state of a cell that holds a number; any other state is the number of grey for a reason
NUMBER = -1

#: what may stand around the text of a cell
BLANKS = " \t\u00a0"
_grey = LevelTable.grey


@frozen
class Cell:
    """A column read as cells.

    Attributes:
        number: the number, null where there is none.
        state: :data:`NUMBER`, or the number of grey for the reason.
        is_number: whether there is a number, where that is told more cheaply than by ``state``.
    """

    number: nw.Expr
    state: nw.Expr
    is_number: nw.Expr | None = None


def first_of(*cases: tuple[nw.Expr, Any], otherwise: Any) -> nw.Expr:
    """The first case that holds."""
    made = otherwise if isinstance(otherwise, nw.Expr) else nw.lit(otherwise)
    for condition, value in reversed(cases):
        made = nw.when(condition).then(value if isinstance(value, nw.Expr) else nw.lit(value)).otherwise(made)
    return made


@frozen
class Columns:
    """Which columns a frame has, and of what kind: ``number``, ``text``, ``date`` or ``flag``."""

    kinds: Mapping[str, str]
    _strips_characters: bool = True

    @classmethod
    def of(cls, frame: Frame) -> Columns:
        kinds = {name: _kind(dtype) for name, dtype in frame.collect_schema().items()}
        objects = [name for name, kind in kinds.items() if kind == "objects"]
        return cls(
            kinds | {name: kind_of_objects(frame[name].to_native()) for name in objects}, strips_characters(frame)
        )

    def __contains__(self, name: object) -> bool:
        return name in self.kinds

    def is_text(self, name: str) -> bool:
        return self.kinds.get(name) == "text"

    def text(self, name: str) -> nw.Expr:
        """A column as text without blanks around it, empty where there is nothing; empty where there is no column."""
        if name not in self.kinds:
            return nw.lit("")
        if self.kinds[name] == "flag":
            return first_of((nw.col(name).fill_null(False).cast(nw.Boolean), "recorded"), otherwise="")
        return self._bare(nw.col(name).cast(nw.String))

    def members(self, name: str) -> nw.Expr:
        """A column of several words as a text in which each stands between line ends, folded."""
        if name not in self.kinds:
            return nw.lit("\n\n")
        words = self.text(name).str.to_lowercase().str.replace_all("[ \t]*[;,][ \t]*", "\n")
        return nw.concat_str([nw.lit("\n"), words, nw.lit("\n")])

    def is_blank(self, name: str) -> nw.Expr:
        """Whether a cell holds nothing at all, not even a symbol."""
        if name not in self.kinds:
            return nw.lit(True)
        return self.text(name) == "" if self.is_text(name) else nw.col(name).is_null()

    def cell(self, name: str) -> Cell:
        """A column as cells; no data where there is no column. Raises BadArgument for one of another kind."""
        match self.kinds.get(name):
            case None:
                return Cell(nw.lit(None, nw.Float64), nw.lit(_grey(Reason.NO_DATA)))
            case "number":
                return _number_cell(nw.col(name).cast(nw.Float64))
            case "text":
                return _text_cell(self._bare(nw.col(name).cast(nw.String)))
            case kind:
                raise BadArgument("frame", f"{name} ({kind})", "this column holds numbers, or texts as cells do")

    def _bare(self, column: nw.Expr) -> nw.Expr:
        texts = column.fill_null("")
        if self._strips_characters:
            return texts.str.strip_chars(BLANKS)
        return texts.str.replace_all(f"^[{BLANKS}]+|[{BLANKS}]+$", "")


def _kind(dtype: Any) -> str:
    if dtype.is_numeric():
        return "number"
    if dtype in (nw.String, nw.Categorical, nw.Enum) or isinstance(dtype, nw.Enum):
        return "text"
    if dtype in (nw.Date, nw.Datetime) or isinstance(dtype, nw.Datetime):
        return "date"
    if dtype == nw.Boolean:
        return "flag"
    if dtype == nw.Object:
        return "objects"
    # a column of nothing at all has no type of its own, and some types have no name here
    return "text" if dtype == nw.Unknown else str(dtype)


def _number_cell(number: nw.Expr) -> Cell:
    # nothing that is not finite is smaller
    bounded = number.abs() < 10.0**MAX_DIGITS
    why_not = first_of((number.is_null(), _grey(Reason.NO_DATA)), otherwise=_grey(Reason.INVALID))
    return Cell(number, nw.when(bounded).then(nw.lit(NUMBER)).otherwise(why_not), bounded)


def _text_cell(bare: nw.Expr) -> Cell:
    printed = bare.str.contains(f"^{PRINTED}$") & ~bare.str.contains("\n", literal=True)
    symbols: dict[Reason, list[str]] = {}
    for symbol, reason in SYMBOLS.items():
        symbols.setdefault(reason, []).append(symbol)
    digits = nw.when(printed).then(bare.str.replace_all("[,% +]", "")).otherwise(nw.lit(None, nw.String))
    state = first_of(
        (printed, NUMBER),
        *((bare.is_in(texts), _grey(reason)) for reason, texts in symbols.items()),
        otherwise=_grey(Reason.INVALID),
    )
    return Cell(digits.cast(nw.Float64), state)
