"""What threshold cells say: each cell's readings, and the line that Green, Amber and Red make together."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.importing.importing import import_sheet
from ragengine.importing.phrases import readings_of
from ragengine.importing.sheet import Sheet, SheetRow
from ragengine.importing.spans import Reading
from ragengine.importing.wording import Say, wording_of
from ragengine.number import text


def shown(reading: Reading) -> str:
    """A reading in short: what its numbers are, and its stretches."""
    measure = {"VALUE": "", "SHARE": "% of target ", "OFF": "off ", "OFF_PERCENT": "% off "}[reading.measure.name]
    side = {-1: "below ", 1: "above ", 2: "either side ", 0: ""}[reading.side]
    spans = []
    for span in reading.spans:
        low, high = (None if end is None else "T" if end.at is None else text(end.at) for end in (span.low, span.high))
        if reading.line:
            spans.append(f"at {low}")
            continue
        opens = "[" if span.low is not None and span.low.closed else "("
        closes = "]" if span.high is not None and span.high.closed else ")"
        spans.append(f"{opens}{low or ''},{high or ''}{closes}")
    return f"{measure}{side}{' '.join(spans)}"


@pytest.mark.parametrize(
    ("written", "likeliest"),
    [
        ("≥90%", "[90,)"), ("=/> 101%", "[101,)"), ("=>95%", "[95,)"), (">/= 85%", "[85,)"), ("=<5", "(,5]"),
        ("> or = 7", "[7,)"), ("</=7", "(,7]"), (">80", "(80,)"), ("under 5", "(,5)"), ("no more than 3", "(,3]"),
        ("not below 95%", "[95,)"), ("greater than or equal to 90%", "[90,)"), ("equal to or above 90", "[90,)"),
        ("90+", "[90,)"), ("85%+", "[85,)"), ("12 days or fewer", "(,12]"), ("12 and under", "(,12]"),
        ("80–89.9%", "[80,89.9]"), ("80 to <90", "[80,90)"), (">=80 and <90", "[80,90)"), (">=95, <98", "[95,98)"),
        ("above 80 but below 90", "(80,90)"), ("Less than 90% but more than 80%", "(80,90)"), ("89-80", "[80,89]"),
        ("90 <= x < 95", "[90,95)"), ("between 80 and 90", "[80,90]"), ("75% to target", "[75,T)"),
        ("<90 or >110", "(,90) (110,)"), ("90-94.9 or 105.1-110", "[90,94.9] [105.1,110]"), ("100 ± 5", "[95,105]"),
        ("within 10%", "% off (,10]"), ("within 2 days", "off (,2]"), ("1–5 below", "off below [1,5]"),
        ("5% to 10% below", "% off below [5,10]"), ("more than 10% below target", "% off below (10,)"),
        ("5pp below", "off below (,5]"), ("10% or more below target", "% off below [10,)"),
        (">10% variance", "% off (10,)"), ("95% of target", "% of target [95,)"),
        ("within 90% of target", "% of target [90,)"), ("± 5% of target", "% off either side [-5,5]"),
        ("85%", "at 85"), ("£5,000", "at 5,000"), ("at or above target", "[T,)"), ("±4.5%", "[-4.5,4.5]"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_what_it_most_likely_says(written: str, likeliest: str) -> None:
    """Signs and words, in the spellings of the field, with the end that belongs to the stretch."""
    assert shown(readings_of(written)[0]) == likeliest


@pytest.mark.parametrize(
    "written", ["Top quartile", "1st quartile", "95th percentile", "TBC", "improve", "A4 paper", ""]
)
def test_what_is_no_statement_about_numbers_has_no_reading(written: str) -> None:
    """A place among others is no number."""
    assert readings_of(written) == ()


@pytest.mark.parametrize(
    ("written", "say"),
    [
        ("N/A", Say.NONE), ("TBC", Say.WAITING), ("Monitor only", Say.MONITORED), ("Target met", Say.MET),
        ("At or above", Say.MET), ("otherwise", Say.REST), ("between", Say.REST), ("outside tolerance", Say.REST),
        ("below target", Say.MISSED), ("Top quartile", Say.RANK), ("95th percentile", Say.RANK),
        ("reduce by 5%", Say.CHANGE), ("increase", Say.CHANGE), ("↓", Say.CHANGE), ("maintain", Say.KEEP),
        ("=SUM(B2:B9)", Say.FORMULA), ("=/> 101%", Say.OTHER), ("", Say.BLANK),
    ],
)  # fmt: skip
def test_words_say_what_a_target_is(written: str, say: Say) -> None:
    """None is taken for a number; a sign that begins with = is no formula."""
    assert wording_of(written).say is say


def rated(headings: str, cells: str) -> tuple[ragengine.Rulebook, str]:
    """The rulebook of one row, and what is marked in it."""
    rows = tuple(
        SheetRow(n, tuple(line.split("|"))) for n, line in enumerate((f"Indicator|{headings}", f"K|{cells}"), 1)
    )
    made = import_sheet(Sheet("k.csv", rows))
    return ragengine.load(made.rules), made.rules["k.toml"]


def levels(book: ragengine.Rulebook, *values: Fraction | int | float | str) -> str:
    """The first letters of the levels of some values."""
    return "".join(str(book.rate("k.k", value, period="Apr-24").rag)[0] for value in values)


POINT = Fraction(1, 1000)
NUMBERS = st.integers(-2000, 2000).map(lambda n: Fraction(n, 10))


@given(NUMBERS, NUMBERS, st.booleans(), st.booleans(), st.booleans())
def test_three_columns_are_rated_as_they_say(one: Fraction, other: Fraction, lower: bool, met: bool, own: bool) -> None:
    """On each line, just under and just over it, whichever side is better and whatever end is closed; nothing is marked."""
    if one == other:
        other += 1
    amber, green = sorted((one, other), reverse=lower)
    better, worse = (
        (("<=" if met else "<"), (">" if own else ">=")) if lower else ((">=" if met else ">"), ("<" if own else "<="))
    )
    inner = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
    cells = [
        f"{better}{text(green)}",
        f"{inner[worse]}{text(amber)} and {inner[better]}{text(green)}",
        f"{worse}{text(amber)}",
    ]
    book, written = rated("Green|Amber|Red", "|".join(cell.replace(",", "") for cell in cells))
    step = -POINT if lower else POINT

    assert levels(book, green - step, green, green + step) == f"a{'g' if met else 'a'}g"
    assert levels(book, amber - step, amber, amber + step) == f"r{'a' if own else 'r'}a"
    assert "CONFIRM: " not in written.partition("[kpi.k]")[2]


@given(st.integers(10, 2000).map(lambda n: Fraction(n, 10)), st.sampled_from([1, 2, 5, 10, 20]), st.booleans())
def test_a_distance_is_never_a_line(target: Fraction, width: int, lower: bool) -> None:
    """``within 10%`` of a number of days is of the target, on and beside both lines."""
    polarity = "Low" if lower else "High"
    book, _ = rated(
        "Polarity|Unit|Target|Amber|Red",
        f"{polarity}|days|{target.numerator / target.denominator}|within {width}%|more than {width}%",
    )
    amber = target * (100 + width if lower else 100 - width) / 100
    step = -POINT if lower else POINT

    assert levels(book, target - step, target, target + step) == "agg"
    assert levels(book, amber - step, amber, amber + step) == "raa"


@pytest.mark.parametrize(
    ("cells", "interval"),
    [
        ("≥90|80–89|<80", "above 89 to below 90 stands in none of the columns: taken as amber"),
        ("≥90|80–90|≤80", "80 stands in Amber and in Red: taken as red"),
        ("≥90|≥70|<80", "from 70 to below 80 stands in Amber and in Red"),
        ("≥90|70–80|<60", "from 60 to below 70 stands in none of the columns"),
    ],
)
def test_gaps_overlaps_and_contradictions_show_their_interval(cells: str, interval: str) -> None:
    """In a mark beside the key that decides it."""
    _, written = rated("Green|Amber|Red", cells)

    assert interval in written
