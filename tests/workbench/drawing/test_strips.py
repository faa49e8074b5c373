"""Strips as text and as SVG: every band and line is named, in order, and a value lies in its own band."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.bands import BandTable, Threshold
from ragengine.rulebook.kpi import Kpi
from ragengine.terms import AMBER, GREEN, GREY, RED, Direction, Rag
from ragengine.workbench.drawing.layout import laid_out, rows_apart
from ragengine.workbench.drawing.level_colours import LEAST_CONTRAST, colours, contrast
from ragengine.workbench.drawing.number_line import band_list, number_line
from ragengine.workbench.drawing.strip import Strip, StripMark, days_strip, formula_strip, kpi_strip, side_by_side
from ragengine.workbench.drawing.svg import strips_svg

SVG = "{http://www.w3.org/2000/svg}"


def table(*parts: Rag | str) -> BandTable[Rag]:
    """``table(RED, ">= 80", AMBER, "> 90", GREEN)``."""
    cuts = [Threshold(Fraction(part[2:].strip()), part[1] == "=") for part in parts if isinstance(part, str)]
    return BandTable.of(cuts, [part for part in parts if isinstance(part, Rag)])


USUAL = table(RED, ">= 80", AMBER, ">= 90", GREEN)
SEEN = Kpi("a.seen", "Seen", unit="%", direction=Direction.HIGHER)


@st.composite
def strips(draw: st.DrawFn) -> Strip:
    """Up to six lines anywhere, near each other or far apart, with a value on or beside one of them."""
    numbers = st.fractions(-1000, 1000, max_denominator=20) | st.integers(-3, 3).map(Fraction)
    cuts = sorted(
        draw(st.sets(st.tuples(numbers, st.booleans()), min_size=1, max_size=6)), key=lambda c: (c[0], not c[1])
    )
    names = [draw(st.sampled_from([RED, AMBER, GREEN])) for _ in range(len(cuts) + 1)]
    made = BandTable.of([Threshold(at, reached) for at, reached in cuts], names)
    edges = [cut.at for cut in made.thresholds] or [Fraction(0)]
    value = draw(st.sampled_from(edges)) + draw(st.sampled_from([Fraction(0), Fraction(1, 1000), Fraction(-1, 1000)]))
    return formula_strip(made, [StripMark(value, "VALUE")])


def test_the_usual_line_is_to_scale_with_lines_value_and_target() -> None:
    """Red to 80, amber to 90, green to 100: thirds of the window from 70, and 84 lies two fifths into amber."""
    drawn = number_line(kpi_strip(SEEN, USUAL, Fraction(84), Fraction(90)), 64)

    assert (drawn[1].index("≥ 80%"), drawn[1].index("≥ 90%")) == (19, 40)
    assert drawn[1].endswith("100%") and len(drawn[1]) == 64
    assert (drawn[2].index("↑ 84%"), drawn[2].index("↑ target 90%")) == (30, 42)
    assert [len(part) for part in drawn[0][1:-1].split("|")] == [20, 20, 20]


def test_a_narrow_band_is_widened_for_its_name_and_that_is_said() -> None:
    """A single number is no width at all; its band has room for its word, and the line says it is not to scale."""
    drawn = number_line(formula_strip(table(RED, ">= 5", GREEN, "> 5", RED)), 60)

    assert " ★ Green " in drawn[0]
    assert drawn[-1] == "Not to scale: drawn wider to fit the name: Green."


def test_where_words_do_not_fit_there_is_a_list() -> None:
    """Four bands with long names in 40 columns: no line, and a list that says the same."""
    strip = formula_strip(
        table(RED, ">= 1", AMBER, ">= 2", GREEN, ">= 3", AMBER, ">= 4", RED), [StripMark(Fraction(2), "2")]
    )

    assert number_line(strip, 40) == []
    assert band_list(strip)[2] == "★ Green  from 2 to below 3 <- 2"


def test_the_range_of_a_percentage_is_closed_and_a_value_beyond_opens_it() -> None:
    """0 to 100 are the ends of a percentage; 104 is drawn beyond 100, which is then no end."""
    assert number_line(kpi_strip(SEEN, USUAL), 60)[0].endswith("|")
    assert number_line(kpi_strip(SEEN, USUAL, Fraction(104)), 60)[0].endswith(">")


def test_a_value_far_away_is_said_to_be_off_the_line() -> None:
    """The bands keep their room, and the arrow stands at the end."""
    drawn = number_line(kpi_strip(SEEN, table(RED, ">= 98", AMBER, ">= 99", GREEN), Fraction(2)), 60)

    assert " ↑ 2%, off the line" in drawn


def test_words_stand_in_their_order_with_the_word_marked() -> None:
    """Each word has a stretch of its own; no number is printed."""
    kpi = Kpi("a.b", "B", words=(("poor", "red"), ("mixed", "amber"), ("good", "green")))
    strip = kpi_strip(kpi, table(RED, ">= 1", AMBER, ">= 2", GREEN), Fraction(1))
    drawn = number_line(strip, 62)

    assert [len(part) for part in drawn[0].strip("|").split("|")] == [20, 19, 19]
    assert drawn[1].strip() == "↑ mixed"
    assert band_list(strip) == ['▲ Red    "poor"', '● Amber  "mixed" <- mixed', '★ Green  "good"']


def test_days_late_are_days_of_the_calendar() -> None:
    """A line is the first day of the band above it: > 0 days late is the day after it is due."""
    strip = days_strip(table(GREEN, ">= -28", AMBER, "> 0", RED), date(2020, 9, 30), date(2020, 8, 14))
    drawn = "\n".join(number_line(strip, 72))

    assert "from 2 Sep 2020" in drawn
    assert "from 1 Oct 2020" in drawn
    assert "↑ 14 Aug 2020" in drawn
    assert "↑ due 30 Sep 2020" in drawn
    assert strip.piece(strip.table.interval(2)) == "from 1 Oct 2020 (from 1 day late)"


def test_a_plain_console_has_its_own_signs() -> None:
    """Where the console lacks them, >= and ^ keep every column in its place."""
    drawn = number_line(kpi_strip(SEEN, USUAL, Fraction(84)), 60, plain=True)

    assert ">= 80%" in drawn[1]
    assert "^ 84%" in drawn[2]


def test_strips_side_by_side_have_one_window() -> None:
    """A floor takes a line away; the line that stays stands in the same column."""
    graced = table(AMBER, ">= 90", GREEN)
    one, other = side_by_side([kpi_strip(SEEN, USUAL), kpi_strip(SEEN, graced)])

    assert number_line(one, 64)[1].index("≥ 90%") == number_line(other, 64)[1].index("≥ 90%")


@given(strips(), st.integers(40, 140))
def test_every_line_is_named_and_the_bands_stand_in_their_order(strip: Strip, width: int) -> None:
    """On any table and in any width: each threshold's words, each level's word in order, nothing wider than asked."""
    drawn = number_line(strip, width)
    if not drawn:
        listed = band_list(strip, width)
        assert [line.split()[1] for line in listed if line[0] != " "] == [level.label for level in strip.table.labels]
        return
    names = [part.strip("· ") for part in drawn[0][1:-1].split("|")]

    assert names == [f"{level.symbol} {level.label}" for level in strip.table.labels]
    assert all(strip.line(cut) in "\n".join(drawn[1:]) for cut in strip.table.thresholds)
    assert max(map(len, drawn)) <= width


@given(strips(), st.integers(60, 140))
def test_a_value_is_marked_within_its_own_band(strip: Strip, width: int) -> None:
    """On a threshold, just under and just over it the arrow stands below the band that the value is rated by."""
    drawn = number_line(strip, width)
    if not drawn:
        return
    row = next(line for line in drawn[1:] if "VALUE" in line)
    column = row.index("↑")

    assert drawn[0][1:column].count("|") == strip.table.exact_index(strip.marks[0].at)
    assert drawn[0][column] != "|"


@given(strips(), st.integers(30, 800), st.integers(0, 1))
def test_a_layout_fills_its_room(strip: Strip, room: int, gap: int) -> None:
    """Widths and gaps add up to the room, and none is narrower than its name."""
    layout = laid_out(strip, room, lambda level: len(level.label) + 4, gap)
    least = [len(level.label) + 4 for level in strip.table.labels]
    if layout is None:
        assert sum(least) + gap * (len(least) - 1) > room
        return
    widths = [piece.width for piece in layout.pieces]

    assert sum(widths) + gap * (len(widths) - 1) == room
    assert all(width >= enough for width, enough in zip(widths, least, strict=True))
    assert all(b.start == a.start + a.width + gap for a, b in pairwise(layout.pieces))


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 20)), max_size=8))
def test_words_in_one_row_stand_clear_of_each_other(spans: list[tuple[int, int]]) -> None:
    """Sorted words in a row are at least two cells apart."""
    spans = sorted(spans)
    rows = rows_apart(spans, 2)
    for row in set(rows):
        own = [span for span, at in zip(spans, rows, strict=True) if at == row]
        assert all(b[0] >= a[0] + a[1] + 2 for a, b in pairwise(own))


@pytest.mark.parametrize(
    ("level", "pair"),
    [
        (RED, ("#651b1b", "#f4d7d7")),
        (AMBER, ("#7a3c1c", "#fde4d7")),
        (GREEN, ("#083d29", "#cfe4dc")),
        (GREY, ("#0b0c0c", "#cecece")),
    ],
)
def test_the_usual_levels_have_the_house_colours(level: Rag, pair: tuple[str, str]) -> None:
    """Text on background, each far above the least contrast."""
    assert colours(level) == pair
    assert contrast(*pair) > 6.5


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white is 21, a colour on itself 1, and #777777 on white 4.48: the standard's well-known near miss."""
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert contrast("#123456", "#123456") == 1
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_of_ones_own_is_always_readable(colour: int) -> None:
    """Whatever colour a scale has for its text, the background that goes with it has contrast enough."""
    text, background = colours(Rag("own", "Own", "◆", f"#{colour:06x}", 0))

    assert text == f"#{colour:06x}"
    assert contrast(text, background) >= LEAST_CONTRAST


@given(strips())
def test_a_picture_says_every_band_in_words(strip: Strip) -> None:
    """Well-formed, with title and description, and on each band its symbol and its word: never colour alone."""
    root = ET.fromstring(strips_svg([strip], "A title", "What it says", "a.b"))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    names = [f"{level.symbol} {level.label}" for level in strip.table.labels]

    assert [text for text in texts if text in set(names)] == names
    assert root.find(f"{SVG}title").text == "A title"
    assert root.find(f"{SVG}desc").text == "What it says"
    assert root.get("aria-labelledby") == "a-b-title a-b-desc"


def test_a_picture_holds_no_markup_of_others() -> None:
    """Titles and levels come from files: markup in them is text, and characters that XML has not are replaced."""
    level = Rag("x", '<script>"&', "<", "#651b1b", 0)
    written = strips_svg([formula_strip(BandTable.constant(level), caption="\x00\u202e</svg>")], "<b>", "&", "a")
    root = ET.fromstring(written)

    assert "<script" not in written
    assert '< <script>"&' in [element.text for element in root.iter(f"{SVG}text")]
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "text",
    }
