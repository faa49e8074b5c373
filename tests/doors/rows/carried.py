"""Carried values: which is carried, how long, and what comes with it."""

from __future__ import annotations

from typing import Any

from ..row import ANY, Table, grey, rated

_HIGHER = 'direction = "higher"\ntarget = 90\ntolerance = "10 pp"\nmissing = "carry forward"'
_WHOLE = "a carried value brings its whole row"
_OWN = "what this period's own row states stands instead"

RULES = {
    "carry": _HIGHER,
    "carry-months": f'{_HIGHER}\nmax_age = "3 months"',
    "carry-days": f'{_HIGHER}\nmax_age = "45 days"',
    "carry-few": f"{_HIGHER}\nminimum_n = 10",
    "carry-evident": f"{_HIGHER}\nrequires_evidence = true",
    "carry-covid": f'{_HIGHER}\ngrace = [{{ name = "g", from = 2020-03-23, until = 2020-09-30, reason = "Closed", '
    'authority = "Board", no_worse_than = "amber", when = \'"covid" in causes\' }]',
    "carry-brought": 'direction = "higher"\ntarget = "from data"\ntolerance = "10 pp"\nmissing = "carry forward"',
    "carry-share": f'{_HIGHER}\nformula = "100 * seen / due"\ninputs = ["seen", "due"]',
    "carry-dated": _HIGHER.replace("target = 90", "target = { 2019-04-01 = 80, 2020-07-01 = 90 }"),
    "carry-begins": f"{_HIGHER}\nrated_from = 2020-07-01",
    "carry-words": 'words = { no = "red", yes = "green" }\nmissing = "carry forward"',
}


def _past(period: str, day: str, **cells: Any) -> dict[str, Any]:
    return {"period": period, "day": day, **cells}


def _june(**cells: Any) -> tuple[dict[str, Any], ...]:
    return (_past("2020-06", "2020-06-30", **cells),)


_TWO = (_past("2020-05", "2020-05-31", value="84"), _past("2020-06", "2020-06-30", value="95"))

ROWS = (
    rated("carry", "amber", 6, "June's 84", value="", history=_june(value="84")),
    rated("carry", "green", -5, "the latest", value="", history=_TWO),
    rated("carry", "amber", 6, "June's 84, over a gap", value="", period="2020-12", day="2020-12-31",
          history=_june(value="84")),
    rated("carry", "red", 20, "this period's own value", value="70", history=_june(value="84")),
    rated("carry", "amber", 6, "June's counts", value="", history=_june(numerator="84", denominator="100")),
    rated("carry", "amber", 6, "one count without the other is missing", numerator="8", history=_june(value="84")),
    rated("carry", "amber", 6, "blank counts are missing", numerator="", denominator="", history=_june(value="84")),
    grey("carry", "no data", "nothing to carry", value=""),
    grey("carry", "no data", "a symbol is grey with its reason", value="..", history=_june(value="84")),
    grey("carry", "suppressed", "a symbol is not carried over", value="c", history=_june(value="84")),
    grey("carry", "invalid", "what is no number is not missing", value="many", history=_june(value="84")),
    grey("carry", "no cases (0 of 0)", "0 of 0 is not missing", numerator="0", denominator="0",
         history=_june(value="84")),
    rated("carry", "amber", 6, "a suppressed June is passed over", value="",
          history=(_past("2020-05", "2020-05-31", value="84"), _past("2020-06", "2020-06-30", value="c"))),
    rated("carry", "amber", 6, "an invalid June is passed over", value="",
          history=(_past("2020-05", "2020-05-31", value="84"), _past("2020-06", "2020-06-30", value="many"))),
    rated("carry", "amber", 6, "an impossible June is passed over", value="",
          history=(_past("2020-05", "2020-05-31", value="84"),
                   _past("2020-06", "2020-06-30", numerator="8", denominator="9", excluded="10"))),
    rated("carry", "amber", 6, "a later value is not carried back", value="",
          history=(*_june(value="84"), _past("2020-08", "2020-08-31", value="95"))),
    rated("carry-months", "amber", 6, "three months after June is 30 September", value="", period="2020-09",
          day="2020-09-30", history=_june(value="84")),
    grey("carry-months", "stale", "a day more is stale", value="", period="2020-10-01", day="2020-10-01",
         history=(_past("2020-06-30", "2020-06-30", value="84"),)),
    grey("carry-months", "stale", "October is later", value="", period="2020-10", day="2020-10-31",
         history=_june(value="84")),
    rated("carry-days", "amber", 6, "45 days after 30 June is 14 August", value="", period="2020-08-14",
          day="2020-08-14", history=(_past("2020-06-30", "2020-06-30", value="84"),)),
    grey("carry-days", "stale", "a day more is stale", value="", period="2020-08-15", day="2020-08-15",
         history=(_past("2020-06-30", "2020-06-30", value="84"),)),
    # what comes with it
    rated("carry-few", "amber", "6", "minimum_n asks of the row that the value comes from", value="",
          history=_june(value="84", denominator="10")),
    grey("carry-few", "small numbers", "minimum_n asks of the row that the value comes from", short=ANY, value="",
         history=_june(value="84", denominator="9")),
    rated("carry-evident", "green", -5, _WHOLE, value="", history=_june(value="95", evidence="seen")),
    rated("carry-evident", "amber", -5, "no evidence then or now", value="", history=_june(value="95"),
          computed="green", adjusted="amber"),
    rated("carry-evident", "green", -5, _OWN, value="", evidence="minutes", history=_june(value="95")),
    rated("carry-covid", "amber", 20, _WHOLE, value="", history=_june(value="70", causes="covid"), computed="red"),
    rated("carry-covid", "red", 20, _OWN, value="", causes="flood", history=_june(value="70", causes="covid")),
    rated("carry-covid", "amber", 20, _OWN, value="", causes="covid", history=_june(value="70"), computed="red"),
    rated("carry-brought", "amber", 6, "and its target", value="", history=_june(value="84", target="90")),
    rated("carry-brought", "green", -4, _OWN, value="", target="80", history=_june(value="84", target="90")),
    rated("carry-share", "amber", 6, "and its inputs", seen="", due="", history=_june(seen="84", due="100")),
    rated("carry-dated", "amber", 6, "the rule is this period's", value="", history=_june(value="84")),
    rated("carry-begins", "amber", 6, "of a period that was due", value="", period="2020-08", day="2020-08-31",
          history=(_past("2020-07", "2020-07-31", value="84"),)),
    grey("carry-begins", "no data", "what was not due was not measured", value="", period="2020-08", day="2020-08-31",
         history=_june(value="84")),
    rated("carry-words", "green", None, "a word too", value="", history=_june(value="yes")),
)  # fmt: skip

TABLE = Table("plain", RULES, ROWS)
