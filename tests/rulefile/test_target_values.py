"""A range that is written around a number."""

from __future__ import annotations

from decimal import Decimal

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'


def loaded(target: str, unit: str = "%", direction: str = "within") -> ragengine.Rulebook:
    tolerance = '"5 pp"' if unit == "%" else "5"
    area = (
        f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "{unit}"\ndirection = "{direction}"\n'
        f"target = {target}\ntolerance = {tolerance}\n"
    )
    return ragengine.load({"book.toml": BOOK, "a.toml": area})


@pytest.mark.parametrize(
    ("target", "unit", "low", "high"),
    [
        ('{ around = 100, within = "5 pp" }', "%", "95", "105"),
        ('{ around = 90, within = "2.5% of target" }', "%", "87.75", "92.25"),
        ("{ around = 10, within = 2 }", "days", "8", "12"),
        ('{ around = 10, within = "2 days" }', "days", "8", "12"),
        ('{ around = -10, within = "20% of target" }', "days", "-12", "-8"),
        ("{ around = 10, within = 0 }", "days", "10", "10"),
    ],
)
def test_a_range_around_a_number_is_the_range_of_its_two_ends(target: str, unit: str, low: str, high: str) -> None:
    """Both ends are met and just beyond them is amber, exactly as where min and max are written."""
    book, written = loaded(target, unit), loaded(f"{{ min = {low}, max = {high} }}", unit)
    step = Decimal("0.000000001")
    values = [Decimal(end) + n * step for end in (low, high) for n in (-1, 0, 1)]
    given = [str(book.rate("a.k", value, period="Jul-20").rag) for value in values]

    assert given == [str(written.rate("a.k", value, period="Jul-20").rag) for value in values]
    assert given[0] == given[-1] == "amber"
    assert given[1] == given[4] == "green"


def test_a_range_around_a_number_may_change_from_a_day_on() -> None:
    """In a table of dates each holds from its date."""
    book = loaded('{ 2019-04-01 = { around = 100, within = "5 pp" }, 2020-04-01 = { around = 90, within = "5 pp" } }')

    assert [str(book.rate("a.k", 97, period=period).rag) for period in ("Mar-20", "Apr-20")] == ["green", "amber"]


@pytest.mark.parametrize(
    ("target", "direction", "said"),
    [
        ("{ around = 100 }", "within", 'target: a range around a number has around and within; write { around = 100'),
        ("{ around = 100, within = 5 }", "within", 'target.within: .* can mean two things: "5 pp" or "5% of target"'),
        ('{ around = 100, within = "-5 pp" }', "within", "target.within: the width -5 is negative"),
        ('{ around = "x", within = "5 pp" }', "within", "target.around: a text 'x' where a number is wanted"),
        ('{ around = 100, within = "5 days" }', "within", "target.within: the tolerance is in 'days', and the unit is '%'"),
        ('{ around = 100, within = "5 pp" }', "higher", 'target: .*write direction = "within"'),
        ('{ around = 0.333333333333333, within = "0.7% of target" }', "within", "target.within: .*at most 1e12, and 15 places"),
    ],
)  # fmt: skip
def test_a_range_around_a_number_that_is_none_is_told(target: str, direction: str, said: str) -> None:
    """Each with the key within the target that is wrong, and what to write."""
    with pytest.raises(ragengine.RulebookError, match=said):
        loaded(target, direction=direction)
