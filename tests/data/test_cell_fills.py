"""The colours of cells, as people mean them."""

from __future__ import annotations

import pytest
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import COLOR_INDEX, Color

from ragengine.data.cell_fills import OTHER, colour_of

#: what spreadsheets offer for red, amber and green, and what people choose besides
_NAMED = {
    "red": ("FF0000", "C00000", "FFC7CE", "FF7C80", "F8696B", "FF9999"),
    "amber": ("FFC000", "FFFF00", "FFEB9C", "ED7D31", "FFA500", "FFEB84", "FFD966"),
    "green": ("00B050", "92D050", "C6EFCE", "70AD47", "63BE7B", "00FF00", "E2EFDA"),
    "": ("FFFFFF", "000000", "D9D9D9", "808080", "F2F2F2"),
    OTHER: ("4472C4", "00B0F0", "7030A0", "5B9BD5"),
}


@pytest.mark.parametrize(("meant", "written"), [(meant, each) for meant, all_ in _NAMED.items() for each in all_])
def test_a_colour_is_named_by_its_hue(meant: str, written: str) -> None:
    """Light and dark ones alike; white, grey and black are no colour, blue and purple none of the three."""
    assert colour_of(PatternFill("solid", fgColor=written), COLOR_INDEX) == meant


def test_a_colour_by_number_is_looked_up_and_one_of_the_theme_is_not() -> None:
    """A theme may be any colour: it is none that is read."""
    assert colour_of(PatternFill("solid", fgColor=Color(indexed=10)), COLOR_INDEX) == "red"
    assert colour_of(PatternFill("solid", fgColor=Color(theme=9)), COLOR_INDEX) == OTHER
    assert colour_of(PatternFill(), COLOR_INDEX) == ""
