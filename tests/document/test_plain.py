"""Tables as plain text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ragengine.document.blocks import Grid
from ragengine.document.plain import table_lines

CELLS = st.text(st.sampled_from("ab -"), max_size=40)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4), st.integers(20, 130))
def test_a_table_fits_its_width(rows: list[tuple[str, str, str]], width: int) -> None:
    """No line is wider than is asked for, and no letter of a cell is lost."""
    lines = table_lines(Grid(("One", "Two", "Three"), tuple(rows)), width)

    assert max(map(len, lines)) <= width
    for letter in "ab":
        # the headers have none of these
        assert sum(line.count(letter) for line in lines) == sum(cell.count(letter) for row in rows for cell in row)


def test_a_long_cell_takes_no_longer_for_its_length() -> None:
    """The width of a column is found, not counted down to."""
    lines = table_lines(Grid(("A", "B"), (("word " * 200_000, "x"),)), 80)

    assert max(map(len, lines)) <= 80
