"""Intervals beside their targets: on, just under and just over them; and ends that are none, or stand the wrong way."""

from __future__ import annotations

import math

from ..row import ANY, Expected, Row, Table, grey, rated

_BEYOND = "an interval wholly on one side of the target has that side's level"
_TOUCH = "to touch the target, or to lie across it, is to be similar"
_BOTH = "an interval has both ends: missing input"
_ITS_OWN = "a symbol at an end: its reason"
_NOT = "an end that is no number: invalid"
_WRONG = "an interval that does not hold its value: invalid"
_COUNTS = "of 84 of 100 the 95% interval by Wilson is 75.6 to 89.9"

_NUMBER = "of 3 cases the 95% interval by Poisson is 0.62 to 8.77, of 9 it is 4.12 to 17.08"
_BYAR = "of 30 cases the 95% interval by Byar is 20.2 to 42.8"

_INTERVAL = 'compare = "interval"'

RULES = {
    "beside": f'direction = "higher"\ntarget = 80.1\n{_INTERVAL}',
    "beside-lower": f'unit = "per 10,000"\ndirection = "lower"\ntarget = 115.2\n{_INTERVAL}',
    "beside-brought": f'direction = "higher"\ntarget = "from data"\n{_INTERVAL}',
    "beside-own": 'direction = "higher"\ntarget = 80\ncompare = { better = "green", similar = "green", worse = "amber" }',
    "beside-dated": f'direction = "higher"\ntarget = {{ 2019-04-01 = 90, 2020-07-01 = 80 }}\n{_INTERVAL}',
    "beside-valid": f'direction = "higher"\ntarget = 80\nvalid = {{ min = 0, max = 100 }}\n{_INTERVAL}',
    "beside-few": f'direction = "higher"\ntarget = 80\nminimum_n = 10\n{_INTERVAL}',
    "beside-red": f'direction = "higher"\ntarget = 80\nmissing = "red"\n{_INTERVAL}',
    "beside-of-counts": f'direction = "higher"\ntarget = 90\nconfidence = "95%"\n{_INTERVAL}',
    "beside-number": f'unit = "cases"\ndirection = "lower"\ntarget = 17\nconfidence = "95%"\n{_INTERVAL}',
    "beside-cases": f'unit = "per 1,000"\ndirection = "lower"\ntarget = 10\nconfidence = "95%"\n{_INTERVAL}\n'
    'formula = "1000 * numerator / denominator"',
    "beside-part": f'direction = "higher"\ntarget = 90\nconfidence = "95%"\n{_INTERVAL}\n'
    'formula = "100 * numerator / denominator"',
}


def _sides(rule: str, target: str, under: str, over: str, levels: str, brought: dict[str, str]) -> list[Row]:
    """Each end on, just under and just over the target; the value is the lower end, the upper one, or between."""
    below, across, above = levels.split()

    def row(rag: str, lower: str, upper: str, why: str) -> Row:
        return rated(rule, rag, ANY, why, value=lower, lower=lower, upper=upper, **brought)

    return [
        row(above, over, "120", _BEYOND),
        row(across, target, "120", _TOUCH),
        row(across, under, "120", _TOUCH),
        row(across, "70", over, _TOUCH),
        row(across, "70", target, _TOUCH),
        row(below, "70", under, _BEYOND),
        row(across, target, target, _TOUCH),
        row(across, under, over, _TOUCH),
        row(above, over, over, _BEYOND),
        row(below, under, under, _BEYOND),
    ]


def _all_sides(rule: str, at: str, levels: str, **brought: str) -> list[Row]:
    """The same by a hundredth, by the last digit that floats tell apart, and beyond it."""
    whole, _, rest = at.partition(".")
    under = f"{int(whole)}.{int(rest) - 1}"
    made = []
    for nines, ones in (("9", "01"), ("999999999999", "000000000001"), ("9" * 20, "0" * 19 + "1")):
        made += _sides(rule, at, under + nines, at + ones, levels, brought)
    return made


ROWS = (
    *_all_sides("beside", "80.1", "red amber green"),
    *_all_sides("beside-lower", "115.2", "green amber red"),
    *_all_sides("beside-brought", "80.1", "red amber green", target="80.1"),
    *_sides("beside-own", "80", "79.9", "80.1", "amber green green", {}),
    rated("beside", "green", "-4.9", "the shortfall is the value's", value="85", lower="81", upper="90"),
    rated("beside", "amber", "-4.9", _TOUCH, value="85", lower="80", upper="90"),
    rated("beside", "red", "0.1", _BEYOND, value="80", lower="79", upper="80.05"),
    rated("beside", "green", "-4.9", "as printed", value="85%", lower="81%", upper="90.0 [p]"),
    rated("beside", "green", "-4.9", "an exponent", value="85", lower="8.1e1", upper="9e1"),
    rated("beside-brought", "amber", 0, "thousands", value="1,100", lower="1,000", upper="1,200", target="1,100"),
    grey("beside", "missing input", _BOTH, value="85", short="-4.9"),
    grey("beside", "missing input", _BOTH, value="85", lower="", upper=" ", short="-4.9"),
    grey("beside", "missing input", _BOTH, value="85", lower="81"),
    grey("beside", "missing input", _BOTH, value="85", upper="90"),
    grey("beside", "missing input", _BOTH, value="85", lower="", upper="c"),
    grey("beside", "suppressed", _ITS_OWN, value="85", lower="c", upper="90"),
    grey("beside", "suppressed", _ITS_OWN, value="85", lower="81", upper="c"),
    grey("beside", "no data", "the lower end is read first", value="85", lower="x", upper="c"),
    grey("beside", "no data", "a blank cell with a symbol beside it is read first too", value="85", lower="..", upper=""),
    grey("beside", "invalid", _NOT, value="85", lower="about 81", upper="90"),
    grey("beside", "invalid", _NOT, value="85", lower="81", upper="1000000000000000"),
    grey("beside", "invalid", _NOT, value="85", lower="rubbish", upper=""),
    grey("beside", "invalid", _NOT, value=85.0, lower=81.0, upper=math.inf),
    grey("beside", "invalid", _NOT, value=85.0, lower=math.nan, upper=90.0,
         as_missing=Expected.grey("missing input")),
    grey("beside", "invalid", "the wrong way round", value="85", lower="90", upper="81"),
    grey("beside", "invalid", _WRONG, value="95", lower="81", upper="90"),
    grey("beside", "invalid", _WRONG, value="80.9", lower="81", upper="90"),
    grey("beside", "invalid", "by the last digit", value="90.00000000000000000001", lower="81", upper="90"),
    grey("beside", "invalid", "whatever the target", value="0.80", lower="81", upper="90"),
    grey("beside", "no data", "the value's own state comes first", lower="81", upper="90"),
    grey("beside", "suppressed", "the value's own state comes first", value="c", lower="90", upper="81"),
    grey("beside", "invalid", "the value's own state comes first", value="rubbish", lower="c", upper="90"),
    rated("beside-red", "red", None, "nothing is red here, whatever its ends", value="", lower="81", upper="90"),
    grey("beside-red", "missing input", "an interval that is missing is no missing value", value="85", short=-5),
    grey("beside-brought", "no target", "no target", value="85", lower="81", upper="90"),
    grey("beside-brought", "no target", "a target is asked for before the interval", value="85"),
    grey("beside-brought", "invalid", "ends that are no interval are told before the target", value="85", lower="90",
         upper="81"),
    grey("beside-brought", "invalid", "a target that is no number", value="85", lower="81", upper="90",
         target="rubbish"),
    grey("beside-brought", "no target", "a target that is a symbol", value="85", lower="81", upper="90", target="c"),
    rated("beside-brought", "green", -85, "a target of 0", value="85", lower="81", upper="90", target="0"),
    rated("beside-brought", "red", 1, "a target of 0", value="-1", lower="-2", upper="-0.5", target="0"),
    rated("beside-brought", "amber", 1, "a target below 0", value="-5", lower="-6", upper="-4", target="-4"),
    rated("beside-dated", "green", -5, "80 from July", value="85", lower="81", upper="89"),
    rated("beside-dated", "red", 5, "90 until then", value="85", lower="81", upper="89", period="2020-06",
          day="2020-06-30"),
    grey("beside-dated", "no target", "none until April 2019", value="85", lower="81", upper="89", period="2019-03",
         day="2019-03-31"),
    grey("beside-valid", "invalid", "what is valid is asked of the value", value="101", lower="c", upper="102"),
    rated("beside-valid", "green", -15, "not of its ends", value="95", lower="90", upper="102"),
    grey("beside-few", "small numbers", "few cases are told first", value="85", denominator="9", short=-5),
    grey("beside-few", "invalid", "ends that are none come before few cases", value="85", lower="9", upper="8",
         denominator="9"),
    rated("beside-few", "amber", -5, "enough cases", value="85", lower="75", upper="92", denominator="10"),
    rated("beside-of-counts", "red", 6, _COUNTS, numerator="84", denominator="100"),
    rated("beside-of-counts", "red", 6, _COUNTS, value="84", numerator="84", denominator="100"),
    rated("beside-of-counts", "amber", 6, "what the row brings comes first", numerator="84", denominator="100",
          lower="75", upper="95"),
    rated("beside-of-counts", "amber", -1, "of 91 of 100 it is 83.8 to 95.2", numerator="91", denominator="100"),
    rated("beside-of-counts", "green", -8, "of 98 of 100 it is 93.0 to 99.4", numerator="98", denominator="100"),
    rated("beside-of-counts", "red", 6, _COUNTS, numerator="84", denominator="105", excluded="5"),
    rated("beside-of-counts", "red", "6.5", "half a point beside its counts", value="83.5", numerator="84",
          denominator="100"),
    grey("beside-of-counts", "missing input", "another value than its counts", value="83.49", numerator="84",
         denominator="100", short="6.51"),
    grey("beside-of-counts", "missing input", "more cases than there are", numerator="101", denominator="100", short=-11),
    rated("beside-of-counts", "green", -10, "of 100 of 100 it is 96.3 to 100", numerator="100", denominator="100"),
    rated("beside-of-counts", "red", 90, "of 0 of 100 it is 0 to 3.7", numerator="0", denominator="100"),
    rated("beside-number", "green", -17, "of no case it is 0 to 3.69", value="0"),
    rated("beside-number", "green", -14, _NUMBER, value="3"),
    rated("beside-number", "amber", -8, _NUMBER, value="9"),
    rated("beside-number", "red", 13, _BYAR, value="30"),
    grey("beside-number", "missing input", "half a case is no count", value="9.5", short="-7.5"),
    rated("beside-cases", "green", -7, _NUMBER, numerator="3", denominator="1000"),
    rated("beside-cases", "amber", -1, _NUMBER, numerator="9", denominator="1000"),
    rated("beside-cases", "red", 20, _BYAR, numerator="30", denominator="1000"),
    rated("beside-cases", "amber", 20, "what the row brings comes first", numerator="30", denominator="1000",
          lower="9", upper="40"),
    grey("beside-cases", "invalid", _WRONG, numerator="30", denominator="1000", lower="31", upper="40"),
    grey("beside-cases", "missing input", "nothing to make a rate of", numerator="30"),
    rated("beside-part", "red", 6, _COUNTS, numerator="84", denominator="100"),
    rated("beside-part", "amber", -1, "of 91 of 100 it is 83.8 to 95.2", numerator="91", denominator="100"),
    grey("beside-of-counts", "missing input", "nothing to make it of", value="84", short=6),
    grey("beside-of-counts", "missing input", "one end is no interval", numerator="84", denominator="100", lower="75"),
)  # fmt: skip

TABLE = Table("compared", RULES, ROWS)
