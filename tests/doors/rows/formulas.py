"""Formulas: over inputs, counts, value and target; with nothing, with what is no number, and by 0."""

from __future__ import annotations

import math
from fractions import Fraction

from ..row import Table, grey, rated

_EXACT = "exact rationals, never floats of floats"
_ZERO = "a formula that divides by zero"
_MISSING = "nothing in a name that the formula reads"
_EXCLUDED = "with a formula only excluded is asked so"
_IS_INPUT = "a target that a formula reads is an input: no shortfall"

_HIGHER = 'direction = "higher"\ntarget = 90\ntolerance = "10 pp"'
_INPUTS = 'inputs = ["seen", "due"]'

RULES = {
    "share": f'{_HIGHER}\nformula = "100 * seen / due"\n{_INPUTS}',
    "share-57": f'direction = "higher"\ntarget = 57\ntolerance = 0\nformula = "100 * seen / due"\n{_INPUTS}',
    "share-red": f'{_HIGHER}\nmissing = "red"\nformula = "100 * seen / due"\n{_INPUTS}',
    "sum": f'unit = "days"\ndirection = "lower"\ntarget = 0.3\ntolerance = 0\nformula = "seen + due"\n{_INPUTS}',
    "rate-of": f'unit = "per child"\ndirection = "lower"\ntarget = 10\ntolerance = 2\nformula = "seen / due"\n{_INPUTS}',
    "counted": f'{_HIGHER}\nformula = "100 * numerator / denominator"',
    "others": f'{_HIGHER}\nformula = "100 * (denominator - numerator) / denominator"',
    "both": f'{_HIGHER}\nformula = "100 * (numerator + seen) / denominator"\ninputs = ["seen"]',
    "less": f'{_HIGHER}\nformula = "value - 0.1"',
    "performance": 'direction = "higher"\ntarget = "from data"\nformula = "100 * value / target"\nbands = [{ rag = "red", '
    'below = 90 }, { rag = "amber", from = 90, below = 100 }, { rag = "green", from = 100 }]',
    "against": f'direction = "higher"\ntarget = "from data"\ntolerance = "5 pp"\nformula = "100 * seen / due"\n{_INPUTS}',
    "either": f'{_HIGHER}\nformula = "value if value > 50 else 100 - value"',
    "most": f'{_HIGHER}\nformula = "min(value, 100)"',
    "rounded": f'{_HIGHER}\nformula = "round(100 * seen / due)"\n{_INPUTS}',
    "f-few": f'{_HIGHER}\nminimum_n = 10\nformula = "100 * numerator / denominator"',
    "f-watched": f'direction = "monitor"\nformula = "100 * seen / due"\n{_INPUTS}',
}

ROWS = (
    rated("share", "green", 0, "9 of 10", seen="9", due="10"),
    rated("share", "amber", 10, "8 of 10, on the amber line", seen="8", due="10"),
    rated("share", "amber", str(90 - Fraction(900, 11)), "9 of 11 is 81.8", seen="9", due="11"),
    rated("share", "red", str(90 - Fraction(799, 10)), "79.9", seen="799", due="1000"),
    rated("share", "amber", 6, "as printed", seen="84%", due="100"),
    rated("share", "green", -10, "thousands", seen="1,234", due="1,234"),
    rated("share", "red", 190, "a formula may be negative", seen="-10", due="10"),
    rated("share-57", "green", 0, "57/100*100 is 56.99999999999999 in floats", seen="57", due="100"),
    rated("share-57", "green", 0, "0.57 of 1", seen="0.57", due="1"),
    rated("share-57", "red", "0.01", "just below", seen="5699", due="10000"),
    rated("share-57", "red", "0.000001", "just below", seen="56999999", due="100000000"),
    rated("sum", "green", 0, "0.1 + 0.2 is 0.30000000000000004 in floats", seen="0.1", due="0.2"),
    rated("sum", "green", 0, "0.15 + 0.15", seen="0.15", due="0.15"),
    rated("sum", "red", "0.01", "just over", seen="0.11", due="0.2"),
    rated("sum", "green", "-0.3", "0 is a number", seen="0", due="0"),
    rated("rate-of", "green", 0, "100 by 10", seen="100", due="10"),
    rated("rate-of", "amber", str(Fraction(34, 3) - 10), "34 by 3", seen="34", due="3"),
    rated("rate-of", "red", str(Fraction(37, 3) - 10), "37 by 3", seen="37", due="3"),
    rated("less", "green", 0, "90.1 - 0.1", value="90.1"),
    rated("less", "amber", "0.01", "90.09 - 0.1", value="90.09"),
    rated("less", "amber", 10, "80.1 - 0.1", value="80.1"),
    rated("either", "amber", 10, "20 is 80", value="20"),
    rated("either", "green", -5, "5 is 95", value="5"),
    rated("either", "red", 40, "50 is not more than 50", value="50"),
    rated("most", "green", -10, "at most 100", value="1200"),
    rated("rounded", "green", 0, "89.5 is 90, half-up", seen="179", due="200"),
    rated("rounded", "amber", 1, "89.49 is 89", seen="8949", due="10000"),
    rated("rounded", "amber", 10, "79.5 is 80, half-up", seen="159", due="200"),
    # by 0
    grey("share", "division by zero", _ZERO, seen="9", due="0"),
    grey("share", "division by zero", _ZERO, seen="0", due="0"),
    grey("share", "division by zero", _ZERO, seen="9", due="-0"),
    grey("share-red", "division by zero", "division by zero is not missing", seen="9", due="0"),
    rated("share", "red", 90, "0 of 9", seen="0", due="9"),
    grey("counted", "division by zero", _ZERO + ": 0 of 0 too", numerator="0", denominator="0"),
    grey("counted", "division by zero", _ZERO + ", after exclusions", numerator="0", denominator="3", excluded="3"),
    # with counts
    rated("counted", "amber", 6, "84 of 100", numerator="84", denominator="100"),
    rated("counted", "green", -10, "8 of 8 once one is excluded", numerator="8", denominator="9", excluded="1"),
    rated("others", "red", 74, "16 of 100", numerator="84", denominator="100"),
    rated("others", "amber", "10/9", "8 of 9", numerator="1", denominator="9"),
    rated("both", "green", 0, "80 and 10 of 100", numerator="80", seen="10", denominator="100"),
    grey("counted", "invalid", _EXCLUDED, numerator="8", denominator="9", excluded="10"),
    grey("counted", "invalid", _EXCLUDED, numerator="8", denominator="9", excluded="-1"),
    grey("counted", "invalid", _EXCLUDED, numerator="8", denominator="9", excluded="one"),
    rated("counted", "red", str(90 + Fraction(100, 9)), _EXCLUDED, numerator="-1", denominator="9"),
    rated("counted", "amber", "10/9", _EXCLUDED, numerator="-8", denominator="-9"),
    rated("counted", "green", "-45/2", "more than there are", numerator="9", denominator="8"),
    rated("share", "green", 0, "excluded is of no name that the formula reads", seen="9", due="10", numerator="8",
          denominator="9", excluded="10"),
    grey("counted", "missing input", _MISSING, numerator="8"),
    grey("counted", "missing input", _MISSING, denominator="8"),
    grey("counted", "missing input", "the value is no name that it reads", value="84"),
    grey("counted", "invalid", "a count that is no number", numerator="eight", denominator="9"),
    grey("f-few", "small numbers", "fewer than 10", numerator="9", denominator="9", short=-10),
    rated("f-few", "green", -10, "10 is enough", numerator="10", denominator="10"),
    # nothing, and what is no number
    grey("share", "missing input", _MISSING, seen="9"),
    grey("share", "missing input", _MISSING, due="9"),
    grey("share", "missing input", _MISSING, seen="", due=""),
    grey("share", "missing input", "the value is no name that it reads", value="84"),
    grey("share", "missing input", "nothing before what is no number", seen="", due="abc"),
    rated("share-red", "red", None, "nothing is red here", seen="9", due=""),
    grey("share", "invalid", "no number", seen="abc", due="10"),
    grey("share", "invalid", "no number", seen="9", due="1000000000000000"),
    grey("share", "invalid", "a symbol first, and none is here", seen="many", due="0"),
    grey("share", "invalid", "an infinity", seen=9.0, due=math.inf),
    grey("share", "invalid", "NaN", seen=math.nan, due=10.0, as_missing=grey("share", "missing input", "").expected),
    grey("share", "invalid", "a boolean", seen=True, due=True),
    grey("less", "no data", "nothing in value", value=""),
    grey("less", "no data", "nothing in value, though counts are there", numerator="84", denominator="100"),
    grey("less", "invalid", "no number", value="abc"),
    rated("share", "green", 0, "the value is not asked", value="abc", seen="9", due="10"),
    rated("share", "green", 0, "nor 100 times it", value="0.9", numerator="90", denominator="100", seen="9", due="10"),
    grey("f-watched", "monitored", "monitored", seen="9", due="10"),
    grey("f-watched", "division by zero", "before monitored", seen="9", due="0"),
    # targets
    rated("performance", "green", None, _IS_INPUT, value="90", target="90"),
    rated("performance", "amber", None, _IS_INPUT, value="84", target="90"),
    rated("performance", "red", None, _IS_INPUT, value="80", target="90"),
    rated("performance", "green", None, "90 by 90, both negative", value="-90", target="-90"),
    grey("performance", "division by zero", _ZERO, value="90", target="0"),
    grey("performance", "no target", "the only name without a number is the target", value="90"),
    grey("performance", "invalid", "no number", value="90", target="abc"),
    grey("performance", "suppressed", "a symbol in a name that the formula reads", value="90", target="c"),
    rated("against", "green", 0, "57 of 100 against 57", seen="57", due="100", target="57"),
    rated("against", "amber", 3, "57 of 100 against 60", seen="57", due="100", target="60"),
    grey("against", "no target", "no target", seen="57", due="100"),
    grey("against", "division by zero", "before no target", seen="57", due="0"),
)  # fmt: skip

TABLE = Table("plain", RULES, ROWS)
