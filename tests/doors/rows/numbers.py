"""Numbers on and beside lines, as texts, floats and decimals, up to the last digit; and what is no number."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction

from ..row import ANY, BOOK, Row, Table, grey, rated

_EXACT = "compared exactly, to the last digit"
_FLOAT = "a float is the shortest decimal that prints it"
_NOT = "text that is no number, a number out of bounds: invalid"
_INFINITE = "NaN and infinities are no numbers"

RULES = {
    "line": 'direction = "higher"\ntarget = 90\ntolerance = "10 pp"',
    "fine": 'direction = "higher"\ntarget = 84.35\ntolerance = "0.1 pp"',
    "cost": 'unit = "pounds"\ndirection = "lower"\ntarget = 5.1\ntolerance = 0.3',
    "none": 'unit = "deaths"\ndirection = "lower"\ntarget = 0\ntolerance = 0',
    "big": 'unit = "pounds"\ndirection = "higher"\ntarget = 1000\ntolerance = 100',
    "beyond": 'direction = "higher"\nmet = "beyond target"\ntarget = 90\ntolerance = "10 pp"',
    "range": 'unit = "days"\ndirection = "within"\ntarget = { min = 40, max = 60.3 }\ntolerance = { below = 5, above = 2.1 }',
    "tenths": 'direction = "higher"\ntarget = 95\ntolerance = "5 pp"\ndecimals = 1',
    "whole": 'unit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 2\ndecimals = 0',
    "banded": 'direction = "higher"\nbands = [{ rag = "green", from = 85 }, { rag = "amber", from = 50.05, below = 85 }, '
    '{ rag = "red", below = 50.05 }]',
}

#: lines of so many digits that SQL can write little beside them
WIDE_RULES = {
    "third": 'unit = "ratio"\ndirection = "higher"\ntarget = 0.333333333333333\ntolerance = 0',
    "huge": 'unit = "pounds"\ndirection = "higher"\ntarget = 1000000000000\ntolerance = 1',
}

#: of each rule, its lines and the level below, on and above each
_LINES = {
    "line": (("80", "red amber amber"), ("90", "amber green green")),
    "fine": (("84.25", "red amber amber"), ("84.35", "amber green green")),
    "cost": (("5.1", "green green amber"), ("5.4", "amber amber red")),
    "third": (("0.333333333333333", "red green green"),),
    "beyond": (("80", "red amber amber"), ("90", "amber amber green")),
    "range": (("35", "red amber amber"), ("40", "amber green green"), ("60.3", "green green amber"),
              ("62.4", "amber amber red")),
    "banded": (("50.05", "red amber amber"), ("85", "amber green green")),
}  # fmt: skip
_TARGETS = {"line": "90", "fine": "84.35", "third": "0.333333333333333", "beyond": "90"}


def _short(rule: str, value: Fraction) -> Fraction | None:
    """How far below its target a value is; of a range, how far outside its nearer end."""
    match rule:
        case "banded":
            return None
        case "cost":
            return value - Fraction("5.1")
        case "range":
            return max(40 - value, value - Fraction("60.3"))
        case _:
            return Fraction(_TARGETS[rule]) - value


def _past_a_third(text: str) -> str:
    """How far below 0.333333333333333 it is."""
    return str(Fraction("0.333333333333333") - Fraction(text))


def _beside(line: str, step: Decimal) -> tuple[str, str, str]:
    with localcontext(prec=60):
        below, on, above = (f"{Decimal(line) + by * step:f}" for by in (-1, 0, 1))
    return below, on, above


def _on_and_beside() -> list[Row]:
    """Each line, and a step of 1 to 35 decimals below and above it: 38 digits hold the line and its 35 places."""
    made = []
    for rule, lines in _LINES.items():
        for line, levels in lines:
            for places in (2, 6, 12, 15, 16, 20, 30, 35):
                texts = _beside(line, Decimal(1).scaleb(-places))
                for place, (text, level) in enumerate(zip(texts, levels.split(), strict=True)):
                    if place == 1 and places > 2:
                        continue
                    short = _short(rule, Fraction(text))
                    made.append(_row(rule, level, short, _EXACT, text))
            # a step of a float, whose shortest decimal is the number that is meant
            for end, level in ((-math.inf, levels.split()[0]), (math.inf, levels.split()[2])):
                number = math.nextafter(float(line), end)
                short = _short(rule, Fraction(repr(number)))
                made.append(_row(rule, level, short, _FLOAT, number))
    return made


def _row(rule: str, level: str, short: Fraction | None, why: str, value: object) -> Row:
    return rated(rule, level, None if short is None else str(short), why, value=value)


def _no_numbers() -> list[Row]:
    texts = (
        "1e15", "1E+400", "-1e15", "1000000000000000", "-1000000000000000", "1" + "0" * 30, "9" * 41, "89." + "9" * 37,
        "NaN", "nan", "inf", "-inf", "Infinity", "1_000", "٩٠", "９０", "0x5A", "--5", "9-0", "9 0", "12,34", "1,2,3",
        "90.0.0", "90,5", "£90", "90 days", "about 90", "90-95", "1/2", "%", "90%%", "=90", "'90", "90e", "e5", "1e5.5",
    )  # fmt: skip
    return [grey("line", "invalid", _NOT, value=text) for text in texts]


ROWS = (
    *_on_and_beside(),
    *_no_numbers(),
    # as the field prints them
    rated("line", "green", -3, "a per cent sign", value="93%"),
    rated("line", "green", -3, "a per cent sign apart", value="93 %"),
    rated("line", "green", "-5.6", "blanks around it", value=" 95.6 "),
    rated("line", "green", "-5.6", "a no-break space", value="\u00a095.6"),
    rated("line", "green", -5, "a sign", value="+95"),
    rated("line", "red", 95, "below 0 is warned of and rated", value="-5"),
    rated("big", "green", -234, "thousands", value="1,234"),
    rated("big", "green", "-1233567.5", "thousands and places", value="1,234,567.50"),
    rated("big", "amber", "0.5", "thousands and places", value="999.50"),
    # 38 digits in all, and one more
    rated("line", "amber", "1/1000000000000000000000000000000000000", _EXACT, value="89." + "9" * 36),
    rated("line", "green", 0, "38 digits", value="90." + "0" * 36),
    rated("third", "green", _past_a_third("0.3333333333333333"), "16 places, as a third is often printed",
          value="0.3333333333333333"),
    rated("third", "green", _past_a_third("0.33333333333333333333"), "20 places", value="0.33333333333333333333"),
    rated("third", "red", _past_a_third("0.33333333333333"), "a digit less", value="0.33333333333333"),
    # size
    rated("huge", "green", -(10**15 - 1 - 10**12), "the largest whole number", value="999999999999999"),
    rated("huge", "green", str(10**12 - Fraction("999999999999999.9")), "below 10^15 still",
          value="999999999999999.9"),
    rated("huge", "green", str(10**12 - Fraction("999999999999999.999999999999999")), "below 10^15 still",
          value="999999999999999.999999999999999"),
    rated("huge", "red", 10**12 + 10**15 - 1, "as far below 0", value="-999999999999999"),
    rated("huge", "green", -(10**15 - 1 - 10**12), "an integer", value=999999999999999),
    rated("huge", "amber", str(Fraction(1, 10**15)), "a target of 13 digits, and 15 places",
          value="999999999999.999999999999999"),
    grey("huge", "invalid", "10^15 is out of bounds", value=10**15),
    grey("huge", "invalid", "10^15 is out of bounds", value=-(10**15)),
    grey("huge", "invalid", "10^15 is out of bounds", value=1e15),
    grey("huge", "invalid", "10^15 is out of bounds", value=Decimal(10**15)),
    grey("line", "invalid", "10^15 is out of bounds", value=10**15),
    grey("line", "invalid", "10^15 is out of bounds", value=1e15),
    rated("line", "green", 90 - (10**15 - 1), "below 10^15", value="999999999999999"),
    grey("huge", "invalid", "a huge integer", value=10**30),
    grey("huge", "invalid", "an integer beyond all floats", value=10**400),
    grey("huge", "invalid", "a float beyond all bounds", value=1e300),
    # exponents and what is small
    rated("line", "green", 0, "an exponent is the float that it prints", value="9e1"),
    rated("line", "amber", "0.01", "an exponent", value="8.999E+1"),
    rated("big", "green", 0, "an exponent", value="1e3"),
    rated("big", "green", 0, "an exponent", value="1E+03"),
    rated("none", "red", "1/100000", "an exponent", value="1e-05"),
    rated("none", "red", "1/100000", "a float that prints with one", value=1e-05),
    rated("none", "red", str(Fraction("5.551115123125783E-17")), "however small", value="5.551115123125783E-17"),
    rated("none", "red", str(Fraction("5.551115123125783E-17")), "however small", value=5.551115123125783e-17),
    rated("none", "red", str(Fraction("5e-324")), "the smallest float", value=5e-324),
    rated("none", "green", str(Fraction("-5e-324")), "the smallest float below 0", value=-5e-324),
    rated("none", "red", str(Fraction("1e-30")), "a decimal of 30 places", value="0." + "0" * 29 + "1"),
    rated("none", "green", 0, "nothing is on the line", value="0"),
    rated("none", "green", 0, "minus zero is zero", value="-0"),
    rated("none", "green", 0, "minus zero is zero", value="-0.0"),
    rated("none", "green", 0, "minus zero is zero", value=-0.0),
    rated("none", "green", 0, "minus zero is zero", value=Decimal("-0")),
    rated("none", "red", 1, "an integer", value=1),
    rated("fine", "green", 0, _FLOAT, value=84.35),
    rated("fine", "amber", "0.1", _FLOAT, value=84.25),
    rated("cost", "amber", "0.2", "5.3 in floats is off by a little", value="5.3"),
    rated("third", "green", _past_a_third("0.3333333333333333"), "as a third is printed", value=1 / 3),
    # NaN and infinities
    *(grey("line", "invalid", _INFINITE, value=number) for number in (math.inf, -math.inf)),
    grey("line", "invalid", _INFINITE, value=math.nan, as_missing=grey("line", "no data", "").expected),
    grey("line", "invalid", _INFINITE, value=Decimal("NaN")),
    grey("line", "invalid", _INFINITE, value=Decimal("sNaN")),
    grey("line", "invalid", _INFINITE, value=Decimal("Infinity")),
    grey("line", "invalid", _INFINITE, numerator=math.nan, denominator=100.0,
         as_missing=grey("line", "no data", "").expected),
    grey("line", "invalid", _INFINITE, numerator=84.0, denominator=math.nan,
         as_missing=grey("line", "no data", "").expected),
    grey("line", "invalid", _INFINITE, numerator=84.0, denominator=math.inf),
    # judged as published: half-up, towards plus infinity
    rated("tenths", "green", ANY, "94.95 is 95.0", value="94.95"),
    rated("tenths", "amber", ANY, "94.94 is 94.9", value="94.94"),
    rated("tenths", "amber", ANY, "94.949 to any digit is 94.9", value="94.94" + "9" * 30),
    rated("tenths", "amber", ANY, "89.95 is 90.0, on the amber line", value="89.95"),
    rated("tenths", "red", ANY, "89.94 is 89.9", value="89.94"),
    rated("tenths", "green", ANY, "2,849 of 3,000 is 94.967, and 95.0", numerator="2849", denominator="3000"),
    rated("tenths", "amber", ANY, "2,848 of 3,000 is 94.933, and 94.9", numerator="2848", denominator="3000"),
    rated("tenths", "green", ANY, "1,899 of 2,000 is 94.95 exactly, and 95.0", numerator="1899", denominator="2000"),
    rated("whole", "green", ANY, "5.49 is 5", value="5.49"),
    rated("whole", "amber", ANY, "5.5 is 6", value="5.5"),
    rated("whole", "amber", ANY, "7.49 is 7", value="7.49"),
    rated("whole", "red", ANY, "7.5 is 8", value="7.5"),
    rated("whole", "red", ANY, "7.5 in a float is 8", value=7.5),
    rated("whole", "green", ANY, "-2.5 is -2", value="-2.5"),
)  # fmt: skip

TABLE = Table("plain", RULES, tuple(row for row in ROWS if row.rule in RULES))
WIDE_TABLE = Table("wide lines", WIDE_RULES, tuple(row for row in ROWS if row.rule in WIDE_RULES))

_COLONS = "a length of time in a unit of time"
_NO_TIME = "a length of time where none is meant, or more than one: invalid"
TIMES_TABLE = Table(
    "times",
    {
        "t-hours": 'unit = "hours"\ndirection = "lower"\ntarget = 4\ntolerance = 0.25',
        "t-minutes": 'unit = "Minutes"\ndirection = "lower"\ntarget = 45\ntolerance = 5',
        "t-days": 'unit = "days"\ndirection = "lower"\ntarget = 2\ntolerance = 1',
        "t-number": 'unit = "children"\ndirection = "lower"\ntarget = 4\ntolerance = 1',
    },
    (
        rated("t-hours", "red", Fraction(45, 2), _COLONS, value="26:30"),
        rated("t-hours", "green", 0, "on the target", value=" 04:00 "),
        rated("t-hours", "amber", Fraction(1, 60), "a minute over", value="4:01"),
        rated("t-hours", "amber", Fraction(1, 4), "on the amber line", value="04:15:00"),
        rated("t-hours", "red", Fraction(1, 4) + Fraction(1, 3600), "a second over it", value="04:15:01"),
        rated("t-hours", "green", -4, "nothing", value="0:00"),
        rated("t-minutes", "green", 0, _COLONS, value="00:45:00"),
        rated("t-minutes", "amber", 5, _COLONS, value="0:50:00"),
        rated("t-minutes", "red", 1545, _COLONS, value="26:30:00"),
        grey("t-minutes", "invalid", _NO_TIME, value="26:30"),
        rated("t-days", "green", 0, _COLONS, value="48:00:00"),
        grey("t-days", "invalid", _NO_TIME, value="48:00"),
        grey("t-number", "invalid", _NO_TIME, value="04:00"),
        grey("t-number", "invalid", _NO_TIME, value="04:00:00"),
        *(
            grey("t-hours", "invalid", _NOT, value=text)
            for text in ("4:60", "4:5", ":30", "4:00:60", "-4:00", "4.5:00")
        ),
    ),
)

_VALID = "valid = { min = 0, max = 100 }"
_OUT = "outside valid: invalid"
VALID_TABLE = Table(
    "valid",
    {
        "v-rate": f'direction = "higher"\ntarget = 90\ntolerance = "10 pp"\n{_VALID}',
        "v-tenths": f'direction = "higher"\ntarget = 90\ntolerance = "10 pp"\ndecimals = 1\n{_VALID}',
        "v-least": 'unit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 1\nvalid = { min = 0 }',
        "v-most": 'unit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 1\nvalid = { max = 31 }',
        "v-watched": f'direction = "monitor"\n{_VALID}',
        "v-share": 'direction = "higher"\ntarget = 90\ntolerance = "10 pp"\nformula = "100 * seen / due"\n'
        f'inputs = ["seen", "due"]\n{_VALID}',
        "v-few": f'direction = "higher"\ntarget = 90\ntolerance = "10 pp"\nminimum_n = 10\n{_VALID}',
        "v-brought": f'direction = "higher"\ntarget = "from data"\ntolerance = "10 pp"\n{_VALID}',
        "v-red": f'direction = "higher"\ntarget = 90\ntolerance = "10 pp"\nmissing = "red"\n{_VALID}',
    },
    (
        rated("v-rate", "red", 90, "on the lower end", value="0"),
        rated("v-rate", "green", -10, "on the upper end", value="100"),
        rated("v-rate", "red", 90, "minus zero is zero", value="-0"),
        *(grey("v-rate", "invalid", _OUT, value=text) for text in ("-0.1", "100.1", "101", "-1", "100.000000000001")),
        grey("v-rate", "invalid", _OUT, value="100." + "0" * 19 + "1"),
        grey("v-rate", "invalid", _OUT, value=math.nextafter(100.0, math.inf)),
        grey("v-rate", "invalid", _OUT, value=-5e-324),
        rated("v-rate", "green", str(Fraction("90") - Fraction("99." + "9" * 20)), _EXACT, value="99." + "9" * 20),
        rated("v-rate", "green", -10, "9 of 9 is 100", numerator="9", denominator="9"),
        grey("v-rate", "invalid", "9 of 8 is 112.5", numerator="9", denominator="8"),
        grey("v-rate", "suppressed", "a symbol is not asked", value="c"),
        grey("v-rate", "no data", "nothing is not asked", value=""),
        rated("v-red", "red", None, "nothing is red here", value=""),
        grey("v-red", "invalid", "what is outside is not missing", value="101"),
        grey("v-tenths", "invalid", "asked before decimals round it", value="100.04"),
        grey("v-tenths", "invalid", "asked before decimals round it", value="-0.04"),
        rated("v-tenths", "green", ANY, "on the end", value="100"),
        grey("v-least", "invalid", "below", value="-1"),
        rated("v-least", "red", 999995, "no upper end", value="1000000"),
        grey("v-most", "invalid", "above", value="32"),
        rated("v-most", "green", -6, "no lower end", value="-1"),
        rated("v-most", "red", 26, "on the end", value="31"),
        grey("v-watched", "invalid", "before monitored", value="101"),
        grey("v-watched", "monitored", "within", value="100"),
        grey("v-share", "invalid", "of the formula", seen="9", due="8"),
        rated("v-share", "green", -10, "of the formula", seen="9", due="9"),
        grey("v-share", "division by zero", "nothing to ask", seen="9", due="0"),
        rated("v-share", "amber", 6, "the value is no input of the formula", value="101", seen="84", due="100"),
        grey("v-few", "invalid", "before small numbers", value="101", denominator="9"),
        grey("v-brought", "invalid", "before no target", value="101"),
        grey("v-brought", "no target", "within", value="84"),
        rated("v-brought", "red", 37, "the target is not asked", value="84", target="121"),
    ),
    BOOK,
)
