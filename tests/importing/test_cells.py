"""What a cell of a KPI sheet is read as: amounts, bounds, targets, tolerances, polarities, headings."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragengine.importing.draft import Seen
from ragengine.importing.headings import find_header
from ragengine.importing.ids import area_ids, kpi_ids, slug
from ragengine.importing.polarity import guess_direction, read_direction
from ragengine.importing.quantities import read_bound, read_quantity
from ragengine.importing.sheet import Sheet, SheetRow
from ragengine.importing.targets import is_date, read_target
from ragengine.importing.tolerances import read_tolerance
from ragengine.toml.parse import parse_toml
from ragengine.toml.write import toml_number, toml_text


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("95%", 95, "%"),
        ("95 per cent", 95, "%"),
        ("£1,000", 1000, "£"),
        ("-£5", -5, "£"),
        ("£1.2m", 1_200_000, "£"),
        ("3 million", 3_000_000, ""),
        ("5e+06", 5_000_000, ""),
        ("10 working days", 10, "working days"),
        ("4.5 per 1,000", Fraction(9, 2), "per 1,000"),
        (".5", Fraction(1, 2), ""),
    ],
)
def test_an_amount_is_read_exactly(written: str, value: Fraction | int, unit: str) -> None:
    """As people print it, with its unit."""
    quantity = read_quantity(written)

    assert quantity is not None
    assert (quantity.value, quantity.unit) == (value, unit)


@pytest.mark.parametrize(
    "written",
    ["", "Top quartile", "90 by March 2015", "1_000", "９０", "1e99", "9" * 20, "NaN", "inf", "12/13", "1,23", "5m wide",
     "31/03/2015", "+-5", "0." + "1" * 40],
)  # fmt: skip
def test_what_is_no_amount_is_not_guessed(written: str) -> None:
    """Words, dates, other digits and sizes out of bounds."""
    assert read_quantity(written) is None


@pytest.mark.parametrize(
    ("written", "low", "high", "side", "beyond"),
    [
        ("90", 90, None, None, False),
        (">= 90%", 90, None, "higher", False),
        ("≥90", 90, None, "higher", False),
        ("> 90", 90, None, "higher", True),
        ("at least 90%", 90, None, "higher", False),
        ("90+", 90, None, "higher", False),
        ("90 or more", 90, None, "higher", False),
        ("<= 10 days", 10, None, "lower", False),
        ("< 10", 10, None, "lower", True),
        ("no more than 10", 10, None, "lower", False),
        ("within 10 days", 10, None, "lower", False),
        ("max 5", 5, None, "lower", False),
        ("95-105", 95, 105, "within", False),
        ("95% to 105%", 95, 105, "within", False),
        ("between 95 and 105", 95, 105, "within", False),
        ("100 ± 5", 95, 105, "within", False),
        ("200 +/- 5%", 190, 210, "within", False),
    ],
)
def test_a_bound_says_on_which_side_is_well(
    written: str, low: int, high: int | None, side: str | None, beyond: bool
) -> None:
    """Comparators as signs and as words, and ranges."""
    bound = read_bound(written)

    assert bound is not None
    assert (bound.low.value, bound.high.value if bound.high else None) == (low, high)
    assert (str(bound.side) if bound.side else None, bound.beyond) == (side, beyond)


@pytest.mark.parametrize("written", ["1-2m", "5 days to 3 weeks", "to 5", "≥", "between 5"])
def test_a_range_that_makes_no_sense_is_none(written: str) -> None:
    """Of two units, of an unclear scale, with one end."""
    assert read_bound(written) is None


@pytest.mark.parametrize(
    ("written", "monitored", "doubted"),
    [
        ("N/A", False, False),
        ("No target", False, False),
        ("Monitor only", True, False),
        ("Information only", True, False),
        ("TBC", False, True),
        ("Baseline year", False, True),
        ("Top quartile", False, True),
        ("=SUM(B2:B9)", False, True),
        ("#DIV/0!", False, True),
        ("", False, True),
    ],
)
def test_a_target_without_a_number_says_what_it_is(written: str, monitored: bool, doubted: bool) -> None:
    """Stated to be none or monitored, or to confirm; a number is made up for none of them."""
    target = read_target(Seen(written, "k.csv row 2, Target"))

    assert target.bound is None
    assert (target.monitored, bool(target.doubt)) == (monitored, doubted)


def test_a_day_is_no_target() -> None:
    """A row whose target is a day is a milestone; a number, a percentage and a financial quarter's figure are none."""
    assert [is_date(text) for text in ("31/03/2015", "2015-03-31", "March 2015", "2015", "95%", "12-14", "TBC")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "unit", "value", "doubt"),
    [
        ("10% of target", "%", "10% of target", ""),
        ("5 pp", "%", "5 pp", ""),
        ("5%", "%", "5% of target", 'or "5 pp"'),
        ("5", "%", "5 pp", 'or "5% of target"'),
        ("5%", "days", "5% of target", ""),
        ("2 days", "days", 2, ""),
        ("+/- 5", "", 5, ""),
        ("-5", "", 5, "-5 is read as 5"),
        ("0", "%", 0, ""),
        ("none", "%", 0, ""),
    ],
)
def test_a_tolerance_that_can_mean_two_things_says_the_other(
    written: str, unit: str, value: object, doubt: str
) -> None:
    """What a rule file refuses as ambiguous is written in one reading, and the other stands in the comment."""
    tolerance = read_tolerance(written, unit)

    assert tolerance is not None
    assert (tolerance.value(unit), tolerance.doubt) == (value, doubt)


@pytest.mark.parametrize(
    ("written", "heading", "direction"),
    [
        ("High", "Polarity", "higher"),
        ("Bigger is better", "", "higher"),
        ("Below target is positive", "pattern", "lower"),
        ("On target is positive", "pattern", "within"),
        ("Yes", "High is good", "higher"),
        ("No", "High is good", "lower"),
        ("Y", "Low is good?", "lower"),
        ("↓", "", "lower"),
        ("Neutral", "", "monitor"),
        ("Yes", "High or low is good", None),
        ("Sideways", "", None),
    ],
)
def test_a_polarity_is_read_with_its_heading(written: str, heading: str, direction: str | None) -> None:
    """Words, arrows, and yes or no to the question that the heading asks."""
    found = read_direction(written, heading)

    assert (str(found) if found else None) == direction


@pytest.mark.parametrize(
    ("title", "direction", "word"),
    [
        ("Working days lost to sickness", "lower", "days lost"),
        ("Number of complaints", "lower", "complaints"),
        ("% of complaints answered in 10 days", "higher", "answered"),
        ("% reduction in fly-tipping", "higher", "reduction in"),
        ("Average time to re-let a home", "lower", "Average time"),
        ("Library shelves", "higher", "nothing says"),
    ],
)
def test_a_title_suggests_a_direction_and_why(title: str, direction: str, word: str) -> None:
    """What is done in time is better high, whatever it counts; where nothing is said, that is said."""
    guess = guess_direction(title)

    assert str(guess.direction) == direction
    assert word in guess.why


def keys(*headings: str) -> list[str]:
    """What the columns of a header row are read as."""
    rows = (SheetRow(1, headings), SheetRow(2, tuple("x" for _ in headings)))
    header = find_header(Sheet("k.csv", rows), {})
    assert header is not None
    return [f"{c.key}{f' {c.period}' if c.period else ''}{'?' if c.guessed else ''}" for c in header.columns]


def test_headings_are_read_in_common_spellings() -> None:
    """Case, punctuation, a period in the heading; a misspelt one is a guess; values of another time are not read."""
    assert keys(
        "KPI Ref", "Performance Indicator", "Directorate", "Target 2014/15", "Tollerance", "Good is...", "Q1 2014/15",
        "RAG", "Previous year", "Shoe size",
    ) == ["ref", "title", "area", "target 2014/15", "tolerance?", "direction", "actual Q1 2014/15", "status Q1 2014/15",
          "", ""]  # fmt: skip


def test_of_two_columns_for_one_key_the_more_usual_heading_wins() -> None:
    """``Indicator`` before ``Description``, wherever they stand; the other is not read, and says why."""
    assert keys("Description", "Indicator", "Target") == ["", "title", "target"]


@given(st.text())
def test_any_text_is_a_string_of_toml(text: str) -> None:
    """It loads as the same text, within the limits of a rule file, and every line can be seen."""
    written = toml_text(text)
    document, problems = parse_toml(f"x = {written}\n", "a.toml")

    assert problems == []
    assert document == {"x": text.encode("utf-8", "replace").decode() if not text.isascii() else text}
    assert all(c.isprintable() or c.isspace() for c in written)


@pytest.mark.parametrize("size", [398, 399, 400, 401, 5_000])
@pytest.mark.parametrize("filler", ["a", " ", "\U0001f600", "\x00", '"', "\\"])
def test_a_long_text_goes_over_several_lines(size: int, filler: str) -> None:
    """No line is longer than a rule file may have, and the text is the same."""
    written = toml_text(filler * size)

    assert parse_toml(f"x = {written}", "a.toml") == ({"x": filler * size}, [])


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6))
def test_a_number_is_written_exactly(number: object) -> None:
    """What is read back is the same number."""
    exact = Fraction(str(number))
    document, _ = parse_toml(f"x = {toml_number(exact)}", "a.toml")

    assert document is not None
    assert Fraction(str(document["x"])) == exact


def test_a_number_without_end_is_refused() -> None:
    """A third cannot be written."""
    with pytest.raises(ValueError, match="places"):
        toml_number(Fraction(1, 3))


def test_ids_are_readable_unique_and_safe() -> None:
    """Words of the title; alike ones take their reference, then a number; no file name that Windows keeps."""
    assert slug("  % of Calls – answered  in 15 secs! ") == "percent-of-calls-answered-in-15-secs"
    assert slug("𝑴issed bins of the Café’s") == "missed-bins-of-the-cafes"
    assert kpi_ids(["Visits", "visits!", "Visit5", "評価"], ["A1", "A2", "", "B/9"]) == [
        "visits-a1", "visits-a2", "visit5", "b-9",
    ]  # fmt: skip
    assert kpi_ids(["Visits", "Visits", "###"], ["", "", ""]) == ["visits", "visits-2", "number-number-number"]
    assert area_ids(["Book", "CON", "Café", "../..", "../../etc"]) == ["book-area", "con-area", "cafe", "area", "etc"]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=8)), max_size=6))
def test_ids_are_always_ids(rows: list[tuple[str, str]]) -> None:
    """Whatever the titles are: of small letters, digits and hyphens, and no two alike."""
    made = kpi_ids([title for title, _ in rows], [ref for _, ref in rows])

    assert len(set(made)) == len(rows)
    assert all(set(each) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and each[0] != "-" for each in made)
    assert all(len(each) <= 80 for each in made)
