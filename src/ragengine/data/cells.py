"""The grammar of a cell: a number as printed, a statistical symbol, or invalid; one rule for every format."""

from __future__ import annotations

from functools import lru_cache

from ..number import NumberError, exact, parse_number
from ..problem import shorten
from ..terms import Reason
from .model import Cell, Invalid, Symbol

__all__ = ["SYMBOLS", "cell_of", "read_cell"]

#: symbols as printed; those of letters that begin words are small only
SYMBOLS: dict[str, Reason] = {
    "": Reason.NO_DATA,
    "c": Reason.SUPPRESSED,
    "[c]": Reason.SUPPRESSED,
    "*": Reason.SUPPRESSED,
    "z": Reason.NOT_APPLICABLE,
    "[z]": Reason.NOT_APPLICABLE,
    "n/a": Reason.NOT_APPLICABLE,
    "N/A": Reason.NOT_APPLICABLE,
    ":": Reason.NO_DATA,
    "x": Reason.NO_DATA,
    "[x]": Reason.NO_DATA,
    "..": Reason.NO_DATA,
    "-": Reason.NO_DATA,
    "–": Reason.NO_DATA,
    "TBC": Reason.NO_DATA,
    "tbc": Reason.NO_DATA,
    "u": Reason.NO_DATA,
    "[u]": Reason.NO_DATA,
    "k": Reason.SMALL_NUMBERS,
    "[k]": Reason.SMALL_NUMBERS,
    "low": Reason.SMALL_NUMBERS,
    "[low]": Reason.SMALL_NUMBERS,
}

_LONGEST = 40


@lru_cache(maxsize=65536)
def read_cell(written: str) -> Cell:
    """A cell of a file.

    >>> read_cell(" 1,234 "), read_cell("c"), read_cell("abc").message
    (Fraction(1234, 1), Symbol(text='c', reason=<Reason.SUPPRESSED: 'suppressed'>), 'neither a number nor a symbol')
    """
    bare = written.strip(" \t\u00a0")
    reason = SYMBOLS.get(bare)
    if reason is not None:
        return Symbol(bare, reason)
    if len(bare) > _LONGEST:
        return Invalid(shorten(bare, _LONGEST), "neither a number nor a symbol")
    try:
        return parse_number(bare)
    except NumberError:
        return Invalid(shorten(bare, _LONGEST), "neither a number nor a symbol")


def cell_of(value: object) -> Cell:
    """The same for a value that is no text: of JSON, or from a caller."""
    if value is None:
        return Symbol("", Reason.NO_DATA)
    if isinstance(value, str):
        return read_cell(value)
    try:
        return exact(value)
    except NumberError as wrong:
        return Invalid(shorten(value, _LONGEST), str(wrong))
