"""Targets that come with the data, of any sign, missing or no number; and tolerances relative to them."""

from __future__ import annotations

import math
from fractions import Fraction

from ..row import ANY, Expected, Table, grey, rated

_NONE = "a target from the data that is blank: no target"
_BAD = "a target that is no number: invalid"
_SIZE = "a relative tolerance is of the target's size"
_NOTHING = "of 0 it is nothing: no amber, met is met"
_CROSS = "edges that cross: invalid"

_BANDS = (
    'bands = [{ rag = "red", below = "90% of target" }, { rag = "amber", from = "90% of target", '
    'below = "105% of target" }, { rag = "green", from = "105% of target" }]'
)


def _amber(short: str) -> Expected:
    return Expected("amber", "amber", "amber", None, Fraction(short))


RULES = {
    "t-relative": 'unit = "days"\ndirection = "higher"\ntarget = "from data"\ntolerance = "10% of target"',
    "t-lower": 'unit = "days"\ndirection = "lower"\ntarget = "from data"\ntolerance = "10% of target"',
    "t-points": 'direction = "higher"\ntarget = "from data"\ntolerance = "10 pp"',
    "t-none": 'direction = "higher"\ntarget = "from data"\ntolerance = 0',
    "t-beyond": 'direction = "higher"\nmet = "beyond target"\ntarget = "from data"\ntolerance = "10 pp"',
    "t-bands": f'direction = "higher"\ntarget = "from data"\n{_BANDS}',
    "t-dated": 'direction = "higher"\ntarget = { 2019-04-01 = 85, 2020-07-01 = "from data" }\ntolerance = "10 pp"',
    "t-watched": 'direction = "monitor"\ntarget = 50',
    "t-missing": 'direction = "higher"\ntarget = "from data"\ntolerance = "10 pp"\nmissing = "red"',
    "stated-none": 'direction = "higher"\ntarget = "none"',
}  # fmt: skip

ROWS = (
    rated("t-relative", "green", 0, "on the target", value="90", target="90"),
    rated("t-relative", "amber", 9, "on the amber line at 81", value="81", target="90"),
    rated("t-relative", "red", "9.01", "below it", value="80.99", target="90"),
    rated("t-relative", "red", "9.000001", "just below it", value="80.999999", target="90"),
    rated("t-relative", "green", "-0.1", "over it", value="90.1", target="90"),
    rated("t-relative", "amber", 6, "as printed", value="84", target="90%"),
    rated("t-relative", "amber", 100, "thousands", value="1,000", target="1,100"),
    rated("t-relative", "green", -5, _NOTHING, value="5", target="0"),
    rated("t-relative", "green", 0, _NOTHING, value="0", target="0"),
    rated("t-relative", "red", 1, _NOTHING, value="-1", target="0"),
    rated("t-relative", "red", "0.000001", _NOTHING, value="-0.000001", target="0"),
    rated("t-relative", "green", 0, "minus zero is zero", value="0", target="-0"),
    rated("t-relative", "green", 0, _SIZE, value="-10", target="-10"),
    rated("t-relative", "amber", "0.5", _SIZE, value="-10.5", target="-10"),
    rated("t-relative", "amber", 1, _SIZE, value="-11", target="-10"),
    rated("t-relative", "red", "1.1", _SIZE, value="-11.1", target="-10"),
    rated("t-lower", "green", 0, _SIZE, value="-10", target="-10"),
    rated("t-lower", "amber", 1, _SIZE, value="-9", target="-10"),
    rated("t-lower", "red", "1.1", _SIZE, value="-8.9", target="-10"),
    rated("t-lower", "amber", 1, "of 10 it is 1", value="11", target="10"),
    rated("t-lower", "red", "1.01", "of 10 it is 1", value="11.01", target="10"),
    rated("t-lower", "red", "0.1", _NOTHING, value="0.1", target="0"),
    rated("t-points", "amber", 5, "an absolute tolerance beside 0", value="-5", target="0"),
    rated("t-points", "green", 0, "a negative target", value="-5", target="-5"),
    rated("t-points", "amber", 10, "a negative target", value="-15", target="-5"),
    rated("t-points", "red", "10.1", "a negative target", value="-15.1", target="-5"),
    rated("t-points", "amber", 6, "counts against a target", numerator="84", denominator="100", target="90"),
    rated("t-none", "green", 0, "on the target", value="84.9", target="84.9"),
    rated("t-none", "red", str(Fraction("84.9") - Fraction(repr(math.nextafter(84.9, 0)))), "a step of a float below",
          value=math.nextafter(84.9, 0), target=84.9),
    rated("t-none", "green", str(Fraction("84.9") - Fraction(repr(math.nextafter(84.9, 99)))), "and above",
          value=math.nextafter(84.9, 99), target=84.9),
    rated("t-none", "red", "1/100000000000000000000", "a target of 20 places", value="90",
          target="90.00000000000000000001"),
    rated("t-none", "green", 0, "0.1 is 0.1", value="0.1", target="0.10"),
    rated("t-relative", "amber", "0.03", "0.27 is on the line of 0.3", value=0.27, target=0.3),
    rated("t-relative", "red", str(Fraction("0.3") - Fraction("0.26999999999999996")), "a step of a float below it",
          value=0.26999999999999996, target=0.3, on_the_line=_amber("0.03")),
    rated("t-lower", "amber", "10", "110 is on the line of 100", value=110.0, target=100.0),
    rated("t-lower", "red", str(Fraction("10.00000000000001")), "a step of a float above it",
          value=110.00000000000001, target=100.0, on_the_line=_amber("10")),
    rated("t-points", "red", str(Fraction("10") + Fraction("1e-13")), "just below the line of 10 that is at 0",
          value=-1e-13, target=10.0, on_the_line=_amber("10")),
    rated("t-points", "red", str(Fraction("10") + Fraction("1e-17")), "just below it, with an exponent",
          value="-1e-17", target="10", on_the_line=_amber("10")),
    rated("t-points", "amber", 10, "on it", value=0.0, target=10.0),
    rated("t-beyond", "amber", 0, "on the target is not beyond it", value="90", target="90"),
    rated("t-beyond", "green", "-0.01", "beyond it", value="90.01", target="90"),
    rated("t-bands", "green", -5, "105 of 100", value="105", target="100"),
    rated("t-bands", "amber", "-4.99", "just below 105", value="104.99", target="100"),
    rated("t-bands", "amber", 10, "90 of 100", value="90", target="100"),
    rated("t-bands", "red", "10.01", "just below 90", value="89.99", target="100"),
    grey("t-bands", "invalid", _CROSS, value="-100", target="-100", short=ANY),
    grey("t-bands", "invalid", "of 0 every edge is 0: no band has a width", value="0", target="0", short=ANY),
    grey("t-bands", "invalid", "of 0 every edge is 0: no band has a width", value="-1", target="0", short=ANY),
    grey("t-bands", "no target", _NONE, value="100"),
    rated("t-dated", "amber", 5, "the rule's own target until then", value="80", target="50", period="2020-06",
          day="2020-06-30"),
    rated("t-dated", "green", -30, "the data's from then on", value="80", target="50"),
    grey("t-dated", "no target", _NONE, value="80"),
    # none
    grey("t-relative", "no target", _NONE, value="84"),
    grey("t-relative", "no target", _NONE, value="84", target=""),
    grey("t-relative", "no target", _NONE, value="84", target=" "),
    grey("t-relative", "no target", "or a symbol", value="84", target="c"),
    grey("t-relative", "no target", "or a symbol", value="84", target=".."),
    grey("t-relative", "invalid", _BAD, value="84", target="abc"),
    grey("t-relative", "invalid", _BAD, value="84", target="1000000000000000"),
    grey("t-relative", "invalid", _BAD, value="84", target="NaN"),
    grey("t-relative", "invalid", _BAD, value=84.0, target=math.inf),
    grey("t-relative", "invalid", _BAD, value=84.0, target=math.nan,
         as_missing=grey("t-relative", "no target", "").expected),
    grey("t-relative", "invalid", _BAD, value=84, target=True),
    # the value is asked first
    grey("t-relative", "no data", "no value before no target", target="90"),
    grey("t-relative", "no data", "no value before no target", value=""),
    grey("t-relative", "no data", "no value before a bad target", value="", target="abc"),
    grey("t-relative", "suppressed", "a symbol before a bad target", value="c", target="abc"),
    grey("t-relative", "invalid", "a bad value before no target", value="many"),
    rated("t-missing", "red", None, "nothing is red here, whatever the target", value="", target="90"),
    grey("t-missing", "no target", "a value without a target is not missing", value="84"),
    # a target that the rule does not ask for
    grey("stated-none", "no target", "the rule says none", value="84", target="80"),
    grey("t-watched", "monitored", "monitored", value="84", target="abc", short=ANY),
)  # fmt: skip

TABLE = Table("plain", RULES, ROWS)

STATED_TABLE = Table(
    "targets of 0 or less",
    {
        "stated-0": 'unit = "days"\ndirection = "higher"\ntarget = 0\ntolerance = "10% of target"',
        "stated-minus": 'unit = "days"\ndirection = "higher"\ntarget = -10\ntolerance = "10% of target"',
        "stated-minus-lower": 'unit = "days"\ndirection = "lower"\ntarget = -10\ntolerance = "10% of target"',
        "stated-range": 'unit = "days"\ndirection = "within"\ntarget = { min = -20, max = 50 }\ntolerance = "10% of target"',
    },
    (
        rated("stated-0", "green", 0, _NOTHING, value="0"),
        rated("stated-0", "red", "0.1", _NOTHING, value="-0.1"),
        rated("stated-minus", "amber", 1, _SIZE, value="-11"),
        rated("stated-minus", "red", "1.01", _SIZE, value="-11.01"),
        rated("stated-minus", "green", -15, _SIZE, value="5"),
        rated("stated-minus-lower", "amber", 1, _SIZE, value="-9"),
        rated("stated-minus-lower", "red", "1.01", _SIZE, value="-8.99"),
        rated("stated-minus", "green", -15, "the rule states its target", value="5", target="abc"),
        rated("stated-range", "green", "-20", "within", value="0"),
        rated("stated-range", "amber", 2, "of the bound on its side: 2 below -20", value="-22"),
        rated("stated-range", "red", "2.1", "of the bound on its side", value="-22.1"),
        rated("stated-range", "amber", 5, "of the bound on its side: 5 above 50", value="55"),
        rated("stated-range", "red", "5.1", "of the bound on its side", value="55.1"),
    ),
)  # fmt: skip
