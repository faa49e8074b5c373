"""The values that only ``[book]`` has: its format, the month in which years start, and marks of its own."""

from __future__ import annotations

import calendar
from collections.abc import Mapping

from ..number import NumberError, parse_number
from ..problem import shorten
from ..rulebook.rules import RULE_FORMAT
from ..terms import Reason
from .faults import Wrong
from .values import one_of, table, whole

__all__ = ["MARKED", "MONTHS", "format_value", "symbols_value", "year_starts_value"]

MONTHS = tuple(calendar.month_name)[1:]
#: what a mark can stand for
MARKED = (Reason.SUPPRESSED, Reason.NOT_APPLICABLE, Reason.NO_DATA, Reason.SMALL_NUMBERS)
_NEWEST = 10**6


def year_starts_value(value: object) -> int:
    """A month by its name, as a number from 1."""
    return MONTHS.index(one_of(*MONTHS)(value)) + 1


def format_value(value: object) -> int:
    """The version of the rule format; a newer one is refused by name."""
    given = whole(1, _NEWEST)(value)
    if given > RULE_FORMAT:
        said = f"the rules are of format {given}, and this version reads format {RULE_FORMAT}"
        raise Wrong("RAG007", said, "use a newer version of ragengine")
    return given


def symbols_value(value: object) -> Mapping[str, Reason]:
    """``{ "<5" = "suppressed" }``: each mark with what it stands for; no number is one."""
    found: dict[str, Reason] = {}
    folded: set[str] = set()
    for mark, meaning in table(value).items():
        bare = mark.strip()
        if not bare:
            raise Wrong("RAG007", "a blank cell is missing, whatever the book says", "leave it out", path=(mark,))
        if _is_number(bare):
            said = f"{shorten(mark, 40)!r} is a number and no mark"
            raise Wrong("RAG007", said, "write a mark that no value can be", path=(mark,))
        if bare.casefold() in folded:
            raise Wrong("RAG009", f"the mark {shorten(mark, 40)!r} is there twice, but for case", "leave one")
        folded.add(bare.casefold())
        try:
            found[bare] = Reason(one_of(*MARKED)(meaning))
        except Wrong as wrong:
            raise Wrong(wrong.code, wrong.message, wrong.hint, path=(mark,)) from None
    return found


def _is_number(mark: str) -> bool:
    try:
        parse_number(mark)
    except NumberError:
        return False
    return True
