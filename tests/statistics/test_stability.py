"""Which labels an interval permits, and how few cases change one."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ragengine.bands import BandTable, Threshold
from ragengine.statistics import CasesToFlip, Limits, cases_to_flip, permitted

F = Fraction
TABLE = BandTable.of((Threshold(F(80), True), Threshold(F(90), True)), ("red", "amber", "green"))


def test_an_interval_permits_every_label_that_it_meets() -> None:
    """Both ends count; a label is told once, from below upwards."""
    assert permitted(TABLE, Limits(F(81), F(89))) == ("amber",)
    assert permitted(TABLE, Limits(F(81), F(90))) == ("amber", "green")
    assert permitted(TABLE, Limits(F("79.9"), F(95))) == ("red", "amber", "green")


def test_one_case_flips_a_colour_on_its_line() -> None:
    """9 of 10 is on the green line: one fewer is amber, and no one more changes it."""
    assert cases_to_flip(TABLE, F(9), F(10), F(10)) == CasesToFlip(None, 1)
    assert cases_to_flip(TABLE, F(84), F(1), F(100)) == CasesToFlip(6, 5)


def test_there_are_no_more_cases_than_all() -> None:
    """A line that no number of cases reaches flips nothing."""
    never = BandTable.of((Threshold(F(100), False),), ("red", "green"))

    assert cases_to_flip(never, F(10), F(10), F(10)) == CasesToFlip(None, None)


@given(
    st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=4),
    st.integers(1, 40),
    st.data(),
)
def test_so_many_cases_change_the_label_and_one_fewer_do_not(
    cuts: list[tuple[int, bool]], whole: int, data: st.DataObject
) -> None:
    """The numbers stated are the smallest that do it."""
    lines = sorted({Threshold(F(at), reached) for at, reached in cuts})
    table = BandTable.of(lines, range(len(lines) + 1))
    cases = data.draw(st.integers(0, whole))
    each = F(100, whole)
    now = table.exact_index(cases * each)
    found = cases_to_flip(table, F(cases), each, F(whole))

    more = next((n for n in range(1, whole - cases + 1) if table.exact_index((cases + n) * each) != now), None)
    fewer = next((n for n in range(1, cases + 1) if table.exact_index((cases - n) * each) != now), None)
    assert found == CasesToFlip(more, fewer)
