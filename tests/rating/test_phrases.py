"""Numbers with their units, as sentences say them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.rating.phrases import amount, line


@pytest.mark.parametrize(
    ("value", "unit", "places", "said"),
    [
        ("5", "£", None, "£5"),
        ("1499.5", "£", None, "£1,499.50"),
        ("1499.5", "£", 1, "£1,499.5"),
        ("1499.55", "£", None, "£1,499.55"),
        ("-5", "£", None, "-£5"),
        ("5", "£m", None, "£5m"),
        ("5", "£bn", None, "£5bn"),
        ("1.5", "£m", None, "£1.5m"),
        ("5", "£000s", None, "5 £000s"),
        ("5", "£ per head", None, "5 £ per head"),
        ("5", "£million", None, "5 £million"),
        ("1", "days", None, "1 day"),
        ("1", "process", None, "1 process"),
        ("5.5", "days", None, "5.5 days"),
    ],
)
def test_a_number_stands_with_its_unit(value: str, unit: str, places: int | None, said: str) -> None:
    """A currency goes before, with pence unless it is of thousands; one of a plural has no s."""
    assert said == amount(Fraction(value), unit, places)


@pytest.mark.parametrize(("places", "said"), [(0, "86.67%"), (2, "86.67%"), (4, "86.6667%")])
def test_a_line_that_no_decimal_writes_has_two_places_or_as_many_as_its_value(places: int, said: str) -> None:
    """Never fewer: a value printed finer has its line as fine beside it."""
    assert said == line(Fraction(260, 3), "%", places)


@pytest.mark.parametrize(
    ("direction", "met", "target", "value", "said"),
    [
        ("higher", "at or beyond target", 90, "89.6", "0.4 points short before rounding, and met as judged"),
        ("higher", "beyond target", 90, "89.6", "0.4 points short before rounding, and not met as judged"),
        ("higher", "beyond target", 90, "90.4", "0.4 points better before rounding, and not met as judged"),
        ("higher", "at or beyond target", 90, "90.4", "0.4 points better before rounding, and met as judged"),
        ("higher", "at or beyond target", "89.7", "89.6", "0.1 points short before rounding, and met as judged"),
        ("higher", "at or beyond target", "90.3", "90.4", "0.1 points better before rounding, and not met as judged"),
        ("lower", "at or beyond target", "90.3", "90.4", "0.1 points over before rounding, and met as judged"),
        ("lower", "at or beyond target", "89.7", "89.6", "0.1 points better before rounding, and not met as judged"),
        ("higher", "at or beyond target", 90, "89.4", "0.6 points short"),
        ("higher", "at or beyond target", 90, "91.4", "1.4 points better"),
    ],
)
def test_where_rounding_turns_a_shortfall_it_is_said(
    direction: str, met: str, target: object, value: str, said: str
) -> None:
    """A value short of its target may print as one that meets it, and one that is better as one that does not."""
    rule = (
        f'unit = "points"\ndirection = "{direction}"\nmet = "{met}"\ntarget = {target}\ntolerance = 10\ndecimals = 0\n'
    )
    files = {
        "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{rule}',
    }

    assert f": {said}. " in ragengine.load(files).rate("a.k", value).explain().splitlines()[0]


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        ("0.4999999", 0, "0.4999999 points, judged as 0 points"),
        ("0.4999", 0, "0.4999 points, judged as 0 points"),
        ("94.96", 1, "94.96 points, judged as 95.0 points"),
        ("94.9", 1, "94.9 points against"),
    ],
)
def test_a_value_is_printed_so_that_it_rounds_to_what_it_was_judged_as(value: str, decimals: int, said: str) -> None:
    """With no more digits than that takes: two of 0.4999999 would be 0.50, and that is judged as 1."""
    rule = f'unit = "points"\ndirection = "higher"\ntarget = 90\ntolerance = 10\ndecimals = {decimals}\n'
    files = {
        "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{rule}',
    }

    assert f": {said}" in ragengine.load(files).rate("a.k", value).explain()


_SHARE = ragengine.load(
    {
        "book.toml": '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n',
        "a.toml": '[area]\ntitle = "A"\n'
        + "".join(
            f'[kpi.{way}]\ntitle = "K"\nunit = "%"\ndirection = "{way}"\ntarget = 62.5\ntolerance = "10 pp"\n'
            for way in ("higher", "lower")
        ),
    }
)


@given(st.sampled_from(["higher", "lower"]), st.integers(0, 700), st.integers(1, 700))
def test_whoever_subtracts_the_printed_value_from_the_target_finds_the_printed_shortfall(
    way: str, numerator: int, denominator: int
) -> None:
    """84.67% against 90% is 5.33 short: an auditor who works it out again finds no other last digit."""
    rating = _SHARE.rate(f"a.{way}", numerator=numerator, denominator=denominator, period="Jul-20")
    said = rating.explain().splitlines()[0]
    value = re.search(r"July 2020: ([0-9,.]+)%", said)
    distance = re.search(r": ([0-9,.]+) percentage points? (?:short|over|better)", said)

    assert value is not None
    printed = abs(Decimal("62.5") - Decimal(value[1].replace(",", "")))
    assert printed == (Decimal(distance[1].replace(",", "")) if distance else 0)
