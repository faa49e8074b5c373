"""Formulas that grow evenly with their numerator, told by how they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.rulebook.case_source import Product
from ragengine.rulebook.expression import compile_expression, formula_names
from ragengine.rulebook.expression_check import NameKind

NUMBERS = st.fractions(min_value=Fraction(1, 50), max_value=1000, max_denominator=50)
EVEN = (
    "numerator", "-(-numerator)", "1000 * numerator / denominator", "numerator / denominator * 100", "numerator / (2 / seen)",
    "100 / denominator * numerator / seen * seen", "0.5 * numerator",
)  # fmt: skip
UNEVEN = (
    "denominator / numerator", "numerator * numerator", "numerator * numerator / numerator", "numerator + 1",
    "numerator - numerator", "seen / denominator", "0 * numerator", "numerator / (denominator + 1)",
    "min(numerator, seen)", "numerator if seen > 1 else 2 * numerator", "numerator / 0",
)  # fmt: skip


def product(text: str) -> Product | None:
    return Product.of(compile_expression(text, names=formula_names(["seen"]), result=NameKind.NUMBER))


@pytest.mark.parametrize("text", EVEN)
@given(numerator=NUMBERS, denominator=NUMBERS, seen=NUMBERS)
def test_what_grows_evenly_is_as_many_times_one_case(
    text: str, numerator: Fraction, denominator: Fraction, seen: Fraction
) -> None:
    """A product with the numerator once is nothing of no case, and of so many cases so many times one."""
    formula = compile_expression(text, names=formula_names(["seen"]), result=NameKind.NUMBER)
    found = product(text)
    none, one, all_of_them = (
        formula.evaluate({"numerator": cases, "denominator": denominator, "seen": seen})
        for cases in (Fraction(0), Fraction(1), numerator)
    )

    assert found is not None and found.grows_evenly
    assert isinstance(one, Fraction) and none == 0 and all_of_them == numerator * one
    if found.is_share:
        assert one * denominator == 100


@pytest.mark.parametrize("text", UNEVEN)
def test_what_need_not_grow_evenly_is_none(text: str) -> None:
    """Sums, powers, choices, and what divides by its cases or by a sum: that is asked row by row."""
    found = product(text)

    assert found is None or not found.grows_evenly


def test_a_percentage_is_told_however_it_is_written() -> None:
    """100 times numerator by denominator, in any order, and nothing that does not cancel out."""
    told = {text: found is not None and found.is_share for text in (*EVEN, *UNEVEN) for found in [product(text)]}

    assert [text for text, share in told.items() if share] == [EVEN[3], EVEN[5]]
