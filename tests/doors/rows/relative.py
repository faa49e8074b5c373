"""Targets made from earlier rows: from which, what they come to, and what is grey for want of one."""

from __future__ import annotations

from typing import Any

from ..row import Table, grey, rated

_EVEN = "the target is that of the rows: met at it, amber down to its tolerance"
_LACKING = "what cannot be made is grey: no target, whatever target the row brings"


def _rule(source: str, change: str = "", more: str = 'tolerance = "5 pp"', direction: str = "higher") -> str:
    by = f', change = "{change}"' if change else ""
    return f'direction = "{direction}"\ntarget = {{ from = "{source}"{by} }}\n{more}'


_BANDS = (
    'bands = [{ rag = "green", from = "100% of target" }, { rag = "red", below = "50% of target" }, '
    '{ rag = "amber", from = "50% of target", below = "100% of target" }]'
)

RULES = {
    "relative-before": _rule("previous"),
    "relative-more": _rule("previous", "+2 pp"),
    "relative-less": _rule("year ago", "-10%", "tolerance = 0"),
    "relative-mean": _rule("mean of 3"),
    "relative-best": _rule("best of 4"),
    "relative-least": _rule("best of 4", "+1 pp", direction="lower"),
    "relative-bands": _rule("previous", more=_BANDS),
    "relative-rounded": _rule("previous", more="tolerance = 0\ndecimals = 1"),
    "relative-carried": _rule("previous", more='tolerance = "5 pp"\nmissing = "carry forward"'),
    "relative-few": _rule("previous", more='tolerance = "5 pp"\nminimum_n = 10'),
    "relative-dated": 'direction = "higher"\ntarget = { 2019-04-01 = 90, 2020-07-01 = { from = "previous" } }\n'
    'tolerance = "5 pp"',
}

_ENDS = {"2020-03": 31, "2020-04": 30, "2020-05": 31, "2020-06": 30, "2019-07": 31}


def _past(**values: str) -> tuple[dict[str, Any], ...]:
    """Rows of earlier months: ``m2006="84"`` is June 2020."""
    made = []
    for name, value in values.items():
        period = f"20{name[1:3]}-{name[3:]}"
        made.append({"period": period, "day": f"{period}-{_ENDS[period]}", "value": value})
    return tuple(made)


_FOUR = _past(m2003="70", m2004="84", m2005="80", m2006="82")

ROWS = (
    rated("relative-before", "green", 0, _EVEN, value="84", history=_past(m2006="84")),
    rated("relative-before", "amber", "0.01", _EVEN, value="83.99", history=_past(m2006="84")),
    rated("relative-before", "amber", 5, _EVEN, value="79", history=_past(m2006="84")),
    rated("relative-before", "red", "5.01", _EVEN, value="78.99", history=_past(m2006="84")),
    rated("relative-before", "green", 0, "the reporter's target is not read", value="84", target="99",
          history=_past(m2006="84")),
    grey("relative-before", "no target", _LACKING, value="84", target="80", history=_past(m2005="84")),
    grey("relative-before", "no target", _LACKING, value="84", target="rubbish"),
    grey("relative-before", "no target", "a symbol is no measurement", value="84", history=_past(m2006="c")),
    grey("relative-before", "suppressed", "the row's own state comes first", value="c", history=_past(m2006="84")),
    rated("relative-more", "amber", 2, "2 points more than June", value="84", history=_past(m2006="84")),
    rated("relative-more", "green", 0, "2 points more than June", value="86.1", history=_past(m2006="84.1")),
    rated("relative-less", "green", 0, "10% less than a year ago", value="72", history=_past(m1907="80")),
    rated("relative-less", "red", "0.001", "10% less than a year ago", value="71.999", history=_past(m1907="80")),
    grey("relative-less", "no target", "another month is not a year ago", value="72", history=_past(m2006="80")),
    rated("relative-mean", "green", 0, "the mean of 84, 80 and 82", value="82", history=_FOUR),
    rated("relative-mean", "amber", "0.01", "the mean of 84, 80 and 82", value="81.99", history=_FOUR),
    grey("relative-mean", "no target", "all three are needed", value="82", history=_FOUR[2:]),
    rated("relative-best", "green", 0, "the highest of four", value="84", history=_FOUR),
    rated("relative-best", "amber", 1, "the highest of four", value="83", history=_FOUR),
    grey("relative-best", "no target", "all four are needed", value="84", history=_FOUR[1:]),
    rated("relative-least", "green", 0, "of lower values the lowest, and 1 more", value="71", history=_FOUR),
    rated("relative-least", "amber", "0.5", "of lower values the lowest, and 1 more", value="71.5", history=_FOUR),
    rated("relative-bands", "green", 0, "edges in per cent of it", value="80", history=_past(m2006="80")),
    rated("relative-bands", "amber", 40, "edges in per cent of it", value="40", history=_past(m2006="80")),
    rated("relative-bands", "red", "40.1", "edges in per cent of it", value="39.9", history=_past(m2006="80")),
    grey("relative-bands", "no target", "no edges without it", value="80"),
    rated("relative-rounded", "green", "-0.04", "rows are read as they were judged", value="84.04",
          history=_past(m2006="84.04")),
    rated("relative-rounded", "green", "0.05", "83.95 is judged as 84", value="83.95", history=_past(m2006="84.04")),
    rated("relative-rounded", "red", "0.06", "83.94 is judged as 83.9", value="83.94", history=_past(m2006="84.04")),
    rated("relative-carried", "green", 0, "May's value is held against May's own row, as June has none", value="",
          history=_past(m2005="80", m2006="80")),
    grey("relative-carried", "no target", "a carried value is no measurement", value="84",
         history=_past(m2005="84", m2006="")),
    grey("relative-few", "no target", "fewer than ten are no measurement", value="84",
         history=({"period": "2020-06", "day": "2020-06-30", "numerator": "5", "denominator": "9"},)),
    rated("relative-dated", "amber", 4, "from July it is June's", value="80", history=_past(m2006="84")),
    rated("relative-dated", "green", 0, "until then the rule's own", value="90", period="2020-06", day="2020-06-30",
          history=_past(m2005="10")),
)  # fmt: skip

TABLE = Table("relative", RULES, ROWS)
