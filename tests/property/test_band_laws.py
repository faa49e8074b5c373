"""Laws of band tables, with values on, just under and just over every threshold."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from ragengine.bands import (
    BandTable,
    Threshold,
    combined,
    differences,
    from_bands,
    from_target,
    rounded,
    within,
)
from ragengine.number import half_up, smallest_float
from ragengine.terms import AMBER, GREEN, RED, Direction

RAG = (RED, AMBER, GREEN)

#: one to four decimals, as people write targets
written = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(-200_000, 200_000), st.integers(0, 4))
widths = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(0, 50_000), st.integers(0, 4))
directions = st.sampled_from([Direction.HIGHER, Direction.LOWER])


@st.composite
def tables(draw: st.DrawFn) -> BandTable[str]:
    """Any table over labels a to d."""
    cuts = sorted(
        draw(st.sets(st.builds(Threshold, st.builds(Fraction, written), st.booleans()), max_size=5)),
    )
    labels = draw(st.lists(st.sampled_from("abcd"), min_size=len(cuts) + 1, max_size=len(cuts) + 1))
    return BandTable.of(cuts, labels)


def around(*tables: BandTable[object]) -> list[Fraction]:
    """Numbers on, just under and just over every threshold, and far away."""
    tiny = Fraction(1, 10**12)
    found = [Fraction(-(10**12)), Fraction(10**12)]
    for table in tables:
        for cut in table.thresholds:
            found += [cut.at - tiny, cut.at, cut.at + tiny]
    return found


def naive(value: Fraction, target: Fraction, width: Fraction, direction: Direction, beyond: bool) -> object:
    """The meaning of a target in the fewest words, to compare with."""
    gap = target - value if direction is Direction.HIGHER else value - target
    if gap < 0 or (gap == 0 and not beyond):
        return GREEN
    return AMBER if width and gap <= width else RED


@given(written, widths, directions, st.booleans())
def test_a_target_means_what_it_says_on_and_beside_every_line(
    target: Decimal, width: Decimal, direction: Direction, beyond: bool
) -> None:
    """Green reaches to the target, amber as far as the tolerance, and the amber line is amber's."""
    table = from_target(Fraction(target), Fraction(width), direction, RAG, beyond=beyond)

    for value in around(table):
        assert table.label(value) == naive(value, Fraction(target), Fraction(width), direction, beyond)


@given(written, widths, st.booleans())
def test_higher_and_lower_mirror_each_other(target: Decimal, width: Decimal, beyond: bool) -> None:
    """A value is to a higher-is-better target what its negative is to the negative, lower-is-better one."""
    higher = from_target(Fraction(target), Fraction(width), Direction.HIGHER, RAG, beyond=beyond)
    lower = from_target(-Fraction(target), Fraction(width), Direction.LOWER, RAG, beyond=beyond)

    for value in around(higher):
        assert higher.label(value) == lower.label(-value)


@given(written, widths, widths, widths, st.booleans())
def test_a_range_is_green_inside_and_amber_beside(
    low: Decimal, span: Decimal, below: Decimal, above: Decimal, beyond: bool
) -> None:
    """Within a range is green, within the tolerance of its own side amber, and the rest red."""
    # strictly inside of a single point lies nothing: the loader refuses that
    assume(span > 0 or not beyond)
    lo, hi, under, over = Fraction(low), Fraction(low + span), Fraction(below), Fraction(above)
    table = within(lo, hi, under, over, RAG, beyond=beyond)

    for value in around(table):
        inside = lo < value < hi if beyond else lo <= value <= hi
        if inside:
            expected = GREEN
        elif (under and lo - under <= value <= lo) or (over and hi <= value <= hi + over):
            expected = AMBER
        else:
            expected = RED
        assert table.label(value) == expected, value


@given(tables())
def test_a_float_an_int_a_decimal_a_text_and_a_ratio_get_the_same_label(table: BandTable[str]) -> None:
    """The kind of number does not matter: a float means the decimal that it prints as."""
    for cut in table.thresholds:
        near = float(cut.at)
        for value in (math.nextafter(near, -math.inf), near, math.nextafter(near, math.inf), float(round(near))):
            exact = Fraction(repr(value))
            assert table.label(value) == table.label(exact) == table.label(Decimal(repr(value)))
            if value == int(value) and abs(value) < 10**12:
                assert table.label(int(value)) == table.label(str(int(value))) == table.label(value)


@given(written, st.booleans())
def test_a_float_threshold_is_the_smallest_float_that_passes(at: Decimal, reached: bool) -> None:
    """The float threshold passes exactly and the float below it does not."""
    found = smallest_float(Fraction(at), reached=reached)
    cut = Threshold(Fraction(at), reached)

    assert cut.is_passed_by(Fraction(repr(found)))
    assert not cut.is_passed_by(Fraction(repr(math.nextafter(found, -math.inf))))


@given(tables(), st.integers(0, 3))
def test_judging_rounded_values_is_judging_raw_values_with_moved_thresholds(table: BandTable[str], places: int) -> None:
    """No engine rounds: the rounded table gives raw numbers what the table gives them rounded half-up."""
    moved = rounded(table, places)

    for value in around(table, moved):
        assert moved.label(value) == table.label(half_up(value, places))


@given(tables(), tables())
def test_differences_are_exactly_where_two_tables_disagree(old: BandTable[str], new: BandTable[str]) -> None:
    """Each listed interval disagrees as it says, and outside of them the tables agree."""
    found = differences(old, new)

    for value in around(old, new):
        listed = [(a, b) for interval, a, b in found if value in interval]
        same = old.label(value) == new.label(value)
        assert listed == ([] if same else [(old.label(value), new.label(value))])


@given(tables())
def test_equal_tables_are_those_that_label_every_number_alike(table: BandTable[str]) -> None:
    """Cutting a table where nothing changes gives the same table."""
    extra = Threshold(Fraction(1, 3), True)
    cut = combined(table, BandTable.of((extra,), ("x", "y")), lambda a, _: a)

    assert cut == table
    assert not differences(cut, table)


@given(tables())
def test_labels_partition_the_line(table: BandTable[str]) -> None:
    """Every number lies in exactly one interval of a table."""
    for value in around(table):
        assert sum(value in interval for interval, _ in table) == 1


@given(tables())
def test_written_bands_make_the_table_they_describe(table: BandTable[str]) -> None:
    """Writing a table's intervals as bands, in any order, and reading them gives the table."""
    levels = {"a": RED, "b": AMBER, "c": GREEN, "d": RED}
    bands = [(levels[label], interval.lower, interval.upper) for interval, label in table]

    assert from_bands(bands[::-1]) == table.relabelled(levels.__getitem__)
