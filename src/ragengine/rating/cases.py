"""The cases that make a value, and the interval that they give it."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from ..data.model import Measurement
from ..data.states import APART, counted, known_numbers, numbers_only, percentage
from ..rulebook.case_source import CaseSource, case_source
from ..ruling import Ruling
from ..statistics import BYAR_FROM, Limits, poisson, wilson
from .facts import Facts

__all__ = ["Cases", "cases_of"]


@frozen
class Cases:
    """The cases that make a value.

    Attributes:
        number: how many there are.
        each: by how much one of them raises the value.
        of: how many there can be; None where there is no end, and the count is one of Poisson's.
    """

    number: Fraction
    each: Fraction
    of: Fraction | None = None

    @property
    def method(self) -> str:
        """How its limits are worked out: ``Wilson``, ``exact Poisson`` or ``Byar``."""
        if self.of is not None:
            return "Wilson"
        return "exact Poisson" if self.number < BYAR_FROM and self.number.denominator == 1 else "Byar"

    def limits(self, confidence: Fraction) -> Limits | None:
        if self.of is None:
            return poisson(self.number, confidence).times(self.each)
        found = wilson(self.number, self.of, confidence)
        return None if found is None else found.times(self.each * self.of)


def cases_of(ruling: Ruling, facts: Facts, value: Fraction) -> Cases | None:
    """The cases that make a value; None where none are known."""
    kpi, given = ruling.kpi, facts.given
    source = case_source(kpi)
    if source is CaseSource.FORMULA:
        return None if given is None else _of_formula(given, ruling)
    if source is CaseSource.VALUE:
        return Cases(value, Fraction(1)) if value >= 0 and value.denominator == 1 else None
    share = None if given is None else percentage(kpi, given)
    if given is None or share is None or abs(share - value) > APART:
        return None
    numerator, whole = given.numerator, counted(given)
    assert isinstance(numerator, Fraction) and isinstance(whole, Fraction)
    return None if numerator > whole else Cases(numerator, 100 / whole, whole)


def _of_formula(given: Measurement, ruling: Ruling) -> Cases | None:
    """The cases of a rate: a formula that grows evenly with its numerator, from nothing on."""
    numerator, whole = given.numerator, counted(given)
    kpi, formula = ruling.kpi, ruling.kpi.formula
    assert formula is not None
    if not isinstance(numerator, Fraction) or numerator < 0:
        return None
    target = ruling.target if isinstance(ruling.target, Fraction) else None
    numbers = numbers_only(known_numbers(given, target))
    each, none, now = (
        formula.evaluate({**numbers, "numerator": number}) for number in (Fraction(1), Fraction(0), numerator)
    )
    if not isinstance(each, Fraction) or none != 0 or now != numerator * each or each <= 0:
        return None
    if kpi.unit == "%" and isinstance(whole, Fraction) and each * whole == 100 and numerator <= whole:
        return Cases(numerator, each, whole)
    return Cases(numerator, each)
