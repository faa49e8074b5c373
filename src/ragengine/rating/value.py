"""The value of a measurement: its state first, then formula, counts or the number itself."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from ..data.model import Cell, Invalid, Measurement, Symbol
from ..rulebook.expression import DivisionByZero, Expression, MissingInput
from ..rulebook.kpi import Kpi
from ..terms import Reason

__all__ = ["Judged", "Unrated", "judged_value", "known_numbers"]


@frozen
class Judged:
    """The number that the bands judge."""

    value: Fraction
    #: how it came about, where it is not the value as given
    how: str = ""


@frozen
class Unrated:
    """Why there is no number to judge; ``missing`` means that nothing was given at all."""

    reason: Reason
    why: str = ""
    missing: bool = False


def judged_value(kpi: Kpi, given: Measurement, target: Fraction | None) -> Judged | Unrated:
    """The number that a measurement gives a KPI's bands, or why there is none."""
    if kpi.words:
        return _word(kpi, given)
    if kpi.formula is not None:
        return _computed(kpi.formula, given, target)
    if isinstance(given.value, Fraction):
        return Judged(given.value)
    if given.numerator is None and given.denominator is None:
        return _state(given.value)
    if given.value is not None and not _is_blank(given.value):
        return _state(given.value)
    return _ratio(kpi, given)


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, Symbol) and not cell.text.strip())


def _state(cell: Cell) -> Unrated:
    match cell:
        case Symbol(text=text, reason=reason):
            return Unrated(reason, f"printed as {text!r}" if text.strip() else "", reason is Reason.NO_DATA)
        case Invalid(text=text, message=message):
            return Unrated(Reason.INVALID, f"{text!r}: {message}")
        case None:
            return Unrated(Reason.NO_DATA, missing=True)
        case _:
            return Unrated(Reason.INVALID, f"{cell!r} is no number")


def _word(kpi: Kpi, given: Measurement) -> Judged | Unrated:
    said = given.value_text.strip()
    if isinstance(given.value, Symbol):
        return _state(given.value)
    if not said:
        # a clash of two rows has no text of its own, and is not missing
        return _state(given.value)
    words = {word.casefold(): n for n, (word, _) in enumerate(kpi.words)}
    number = words.get(said.casefold())
    if number is not None:
        return Judged(Fraction(number), f"the word {said!r}")
    near = difflib.get_close_matches(said.casefold(), list(words), n=1, cutoff=0.6)
    meant = f"did you mean {near[0]!r}?" if near else f"its words are {', '.join(word for word, _ in kpi.words)}"
    return Unrated(Reason.INVALID, f"{said!r} is none of its words; {meant}")


def known_numbers(given: Measurement, target: Fraction | None) -> dict[str, Cell]:
    """The cells that a formula or a condition may name."""
    cells: dict[str, Cell] = {
        "value": given.value,
        "numerator": given.numerator,
        "denominator": counted(given),
        "target": target if target is not None else given.target,
        **given.inputs,
    }
    return cells


def numbers_only(cells: Mapping[str, Cell]) -> dict[str, Fraction | bool | str | frozenset[str] | None]:
    """The cells that hold a number; the others are missing."""
    return {name: cell if isinstance(cell, Fraction) else None for name, cell in cells.items()}


def counted(given: Measurement) -> Cell:
    """The denominator without what was excluded from it, with a reason, by the reporter."""
    if isinstance(given.denominator, Fraction) and isinstance(given.excluded, Fraction):
        return given.denominator - given.excluded
    return given.denominator


def _computed(formula: Expression, given: Measurement, target: Fraction | None) -> Judged | Unrated:
    cells = known_numbers(given, target)
    result = formula.evaluate(numbers_only(cells))
    if isinstance(result, MissingInput):
        states = [_state(cells.get(name)) for name in result.names]
        told = next((state for state in states if not state.missing), None)
        if told is not None:
            return told
        if result.names == ("value",):
            return Unrated(Reason.NO_DATA, "value is missing", missing=True)
        if result.names == ("target",):
            return Unrated(Reason.NO_TARGET, "no target came with the value")
        return Unrated(Reason.MISSING_INPUT, f"{', '.join(result.names)} missing", missing=True)
    if isinstance(result, DivisionByZero):
        return Unrated(Reason.DIVISION_BY_ZERO, f"in {formula.text}")
    assert isinstance(result, Fraction)
    return Judged(result, formula.text)


def _ratio(kpi: Kpi, given: Measurement) -> Judged | Unrated:
    numerator, denominator = given.numerator, counted(given)
    states = [_state(cell) for cell in (numerator, denominator) if not isinstance(cell, Fraction)]
    if states:
        return next((state for state in states if not state.missing), states[0])
    assert isinstance(numerator, Fraction) and isinstance(denominator, Fraction)
    if denominator == 0:
        if numerator == 0:
            return Unrated(Reason.NO_CASES)
        return Unrated(Reason.DIVISION_BY_ZERO, "the denominator is 0")
    if kpi.unit != "%":
        return Unrated(Reason.MISSING_INPUT, "only a percentage is made of counts without a formula")
    return Judged(100 * numerator / denominator, "100 * numerator / denominator")
