"""The states of a row: the ordered table that says what a row's cells come to, a number to judge or a reason for grey.

The first state that holds decides (docs/data.md has the table). Engines that rate many rows at once print the same
states in the same order; ``tests/doors`` holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import frozen

from ..display import did_you_mean
from ..number import exact, text
from ..problem import shorten
from ..rulebook.comparison import LIMITS
from ..rulebook.expression import DivisionByZero, MissingInput
from ..rulebook.kpi import Kpi
from ..rulebook.measure import Bounds
from ..statistics import Limits
from ..terms import Reason
from .door import by_unit, is_blank
from .model import BLANK, Cell, Invalid, Measurement, Symbol

__all__ = [
    "APART", "Judged", "Unrated", "brought_limits", "counted", "known_numbers", "numbers_only", "percentage",
    "state_of",
]  # fmt: skip

#: how far a value and the percentage of the counts beside it may lie apart, in percentage points
APART = Fraction(1, 2)


@frozen
class Judged:
    """The number that the bands judge."""

    value: Fraction
    #: how it came about, where it is not the value as given
    how: str = ""


@frozen
class Unrated:
    """Why there is no number to judge.

    Attributes:
        missing: whether nothing was given at all, so that the rules say what that means.
        code, column: the problem to tell of the row, where it is one.
    """

    reason: Reason
    why: str = ""
    missing: bool = False
    code: str = ""
    column: str = ""


#: no row, or one with nothing in it: most rows are asked for counts that they have not
_NOTHING = Unrated(Reason.NO_DATA, missing=True)


def state_of(kpi: Kpi, given: Measurement, target: Fraction | None) -> Judged | Unrated:
    """What a row comes to for a KPI; ``target`` is the rule's own number, where it states one."""
    if kpi.words:
        return _word(kpi, given)
    state = _computed(kpi, given, target) if kpi.formula is not None else _plain(kpi, given)
    if isinstance(state, Judged) and kpi.valid is not None and not kpi.valid.hold(state.value):
        return Unrated(
            Reason.INVALID, f"{text(state.value)} is outside {_bounds(kpi.valid)}", code="RAG105", column="value"
        )
    if isinstance(state, Judged) and kpi.compare is not None:
        brought = brought_limits(given, state.value)
        return brought if isinstance(brought, Unrated) else state
    return state


def brought_limits(given: Measurement, value: Fraction) -> Limits | Unrated | None:
    """The interval of a value that a row brings; None where it brings neither end; why its ends are no interval."""
    cells = {name: given.inputs.get(name, BLANK) for name in LIMITS}
    if all(map(is_blank, cells.values())):
        return None
    for name, cell in cells.items():
        if isinstance(cell, Symbol):
            blank = is_blank(cell)
            why = f"{name} is missing" if blank else f"{name} is printed as {cell.text!r}"
            return Unrated(Reason.MISSING_INPUT if blank else cell.reason, why)
        if isinstance(cell, Invalid):
            return Unrated(Reason.INVALID, f"{name} is {cell.text!r}: {cell.message}", code="RAG105", column=name)
    lower, upper = cells.values()
    assert isinstance(lower, Fraction) and isinstance(upper, Fraction)
    if not lower <= value <= upper:
        why = f"{text(value)} does not lie from {text(lower)} to {text(upper)}"
        return Unrated(Reason.INVALID, why, code="RAG108", column="lower")
    return Limits(lower, upper)


def _bounds(valid: Bounds) -> str:
    """What a value can be, in words."""
    ends = (("at least", valid.min), ("at most", valid.max))
    return "what is valid: " + ", ".join(f"{word} {text(exact(end))}" for word, end in ends if end is not None)


def _word(kpi: Kpi, given: Measurement) -> Judged | Unrated:
    said = given.value_text.strip()
    words = {word.casefold(): n for n, (word, _) in enumerate(kpi.words)}
    number = words.get(said.casefold())
    if number is not None:
        return Judged(Fraction(number), f"the word {said!r}")
    if isinstance(given.value, Symbol):
        return _of_symbol(given.value)
    near = did_you_mean(said, [word for word, _ in kpi.words])
    meant = f"did you mean {near!r}?" if near else f"its words are {', '.join(word for word, _ in kpi.words)}"
    why = f"{shorten(said, 40)!r} is none of its words; {meant}"
    return Unrated(Reason.INVALID, why, code="RAG109", column="value")


def _of_symbol(cell: Symbol) -> Unrated:
    if is_blank(cell):
        return _NOTHING
    return Unrated(cell.reason, f"printed as {cell.text!r}")


def _of_cell(cell: Cell, column: str) -> Unrated:
    """Why a cell that is no number is none."""
    if isinstance(cell, Symbol):
        return _of_symbol(cell)
    assert isinstance(cell, Invalid)
    return Unrated(Reason.INVALID, f"{cell.text!r}: {cell.message}", code="RAG105", column=column)


def _first_symbol(cells: Iterable[Cell]) -> Unrated | None:
    return next((_of_symbol(cell) for cell in cells if isinstance(cell, Symbol) and not is_blank(cell)), None)


def _plain(kpi: Kpi, given: Measurement) -> Judged | Unrated:
    """The value where it is given, else what the counts come to."""
    if is_blank(given.value):
        return _of_counts(kpi, given)
    value = by_unit(given.value, kpi.unit)
    if not isinstance(value, Fraction):
        return _of_cell(value, "value")
    share = percentage(kpi, given)
    if share is not None and abs(value - share) > APART and abs(100 * value - share) <= APART:
        why = f"{text(value)} beside counts that say {text(share)}%: a share written where a percentage is meant"
        return Unrated(Reason.INVALID, why, code="RAG108", column="value")
    return Judged(value)


def percentage(kpi: Kpi, given: Measurement) -> Fraction | None:
    """The percentage that counts say of a KPI in per cent; None where they say none, or cannot be."""
    if kpi.unit != "%" or kpi.formula is not None:
        return None
    state = _of_counts(kpi, given)
    return state.value if isinstance(state, Judged) else None


def _of_counts(kpi: Kpi, given: Measurement) -> Judged | Unrated:
    numerator, denominator = given.numerator, given.denominator
    if is_blank(numerator) and is_blank(denominator):
        return _NOTHING
    told = _first_symbol((numerator, denominator, given.excluded)) or _impossible(given)
    if told is not None:
        return told
    if not isinstance(numerator, Fraction) or not isinstance(denominator, Fraction):
        lacking, other = ("numerator", "denominator") if is_blank(numerator) else ("denominator", "numerator")
        why = f"a {other} without a {lacking}"
        return Unrated(Reason.NO_DATA, why, missing=True, code="RAG108", column=lacking)
    whole = counted(given)
    assert isinstance(whole, Fraction)
    if whole == 0:
        if numerator == 0:
            return Unrated(Reason.NO_CASES)
        return Unrated(Reason.DIVISION_BY_ZERO, "all are excluded" if given.denominator else "the denominator is 0")
    if kpi.unit != "%":
        return Unrated(Reason.MISSING_INPUT, "only a percentage is made of counts without a formula")
    return Judged(100 * numerator / whole, "100 * numerator / denominator")


def _impossible(given: Measurement, names: Iterable[str] = ("numerator", "denominator", "excluded")) -> Unrated | None:
    """Why the counts of these names cannot be; None where they can."""
    for name in names:
        cell = getattr(given, name)
        if isinstance(cell, Invalid):
            return _of_cell(cell, name)
        if isinstance(cell, Fraction) and cell.numerator < 0:
            return Unrated(Reason.INVALID, f"the {name} {text(cell)} is negative", code="RAG108", column=name)
    if isinstance(given.excluded, Fraction):
        whole = given.denominator
        if isinstance(whole, Fraction) and given.excluded > whole:
            why = f"{text(given.excluded)} excluded of {text(whole)}"
            return Unrated(Reason.INVALID, why, code="RAG108", column="excluded")
    return None


def counted(given: Measurement) -> Cell:
    """The denominator without what was excluded from it, with a reason, by the reporter."""
    if isinstance(given.denominator, Fraction) and isinstance(given.excluded, Fraction):
        return given.denominator - given.excluded
    return given.denominator


def known_numbers(given: Measurement, target: Fraction | None) -> dict[str, Cell]:
    """The cells that a formula or a condition may name."""
    return {
        "value": given.value,
        "numerator": given.numerator,
        "denominator": counted(given),
        "target": target if target is not None else given.target,
        **given.inputs,
    }


def numbers_only(cells: Mapping[str, Cell]) -> dict[str, Fraction | bool | str | frozenset[str] | None]:
    """The cells that hold a number; the others are missing."""
    return {name: cell if isinstance(cell, Fraction) else None for name, cell in cells.items()}


def _computed(kpi: Kpi, given: Measurement, target: Fraction | None) -> Judged | Unrated:
    """What the formula comes to, by the names that it needs."""
    formula = kpi.formula
    assert formula is not None
    cells = known_numbers(given, target)
    result = formula.evaluate(numbers_only(cells))
    lacking = result.names if isinstance(result, MissingInput | DivisionByZero) else ()
    asked = [cells[name] for name in lacking if name in cells]
    if "denominator" in formula.names:
        told = _first_symbol((*asked, given.excluded)) or _impossible(given, ("excluded",))
    else:
        told = _first_symbol(asked)
    if told is not None:
        return told
    if isinstance(result, DivisionByZero):
        return Unrated(Reason.DIVISION_BY_ZERO, f"in {formula.text}")
    if isinstance(result, MissingInput):
        return _lacking(cells, lacking)
    assert isinstance(result, Fraction)
    return Judged(result, formula.text)


def _lacking(cells: Mapping[str, Cell], names: tuple[str, ...]) -> Unrated:
    """What the names mean that a formula needs and that hold no number and no symbol."""
    blank = tuple(name for name in names if name not in cells or is_blank(cells[name]))
    if blank == ("value",):
        return Unrated(Reason.NO_DATA, "value is missing", missing=True)
    if blank == ("target",):
        return Unrated(Reason.NO_TARGET, "no target came with the value")
    if blank:
        return Unrated(Reason.MISSING_INPUT, f"{', '.join(blank)} missing", missing=True)
    return _of_cell(cells[names[0]], names[0])
