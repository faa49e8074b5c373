"""A rulebook with everything that a query rates, and rows on and beside its edges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import hypothesis.strategies as st

import ragengine
from ragengine.book import Rulebook
from ragengine.period import Period, parse_period

FILES = {
    "book.toml": """
[book]
title = "Everything that a query rates"
edition = "2020-21"
missing = "amber"

[grace.covid-19]
from = 2020-03-23
until = 2020-09-30
no_worse_than = "amber"
reason = "Visits suspended"
authority = "Board"
when = '"covid" in causes and shortfall <= 15'

[grace.relief]
from = 2020-06-01
until = 2020-12-31
target = 13
reason = "Migration"
authority = "Board"

[grace.cap]
from = 2020-01-01
until = 2020-12-31
no_better_than = "amber"
reason = "Unaudited"
authority = "Board"
when = 'not (denominator >= 5) or entity in ["North", "South West"]'
""",
    "area.toml": """
[area]
title = "Area"

[kpi.higher]
title = "Higher, relative tolerance, conditional grace, few cases, a rule of its own for North"
unit = "%"
direction = "higher"
target = { 2019-04-01 = 85, 2020-04-01 = 90 }
tolerance = "10% of target"
grace = ["covid-19"]
minimum_n = 5

[kpi.higher.entities.North]
target = 80

[kpi.lower]
title = "Lower, it's judged as printed; evidence and relief"
unit = "days"
direction = "lower"
target = 12.5
amber = 14.05
decimals = 1
met = "beyond target"
missing = "red"
grace = ["relief"]
requires_evidence = true

[kpi.range]
title = "Range"
unit = "beds"
direction = "within"
target = { min = 90, max = 110 }
tolerance = { below = "5% of target", above = "10 beds" }
missing = "grey"

[kpi.share]
title = "A quotient, carried forward for three months"
unit = "%"
direction = "higher"
target = 33
tolerance = "3 pp"
formula = "100 * seen / due"
inputs = ["seen", "due"]
grace = ["cap"]
missing = "carry forward"
max_age = "3 months"

[kpi.gap]
title = "Difference of quotients, with a choice"
unit = "points"
direction = "lower"
target = 0.5
tolerance = "0.25 points"
formula = "abs(value / due - seen / due) if due > 0 else min(value, seen, 2)"
inputs = ["seen", "due"]

[kpi.brought]
title = "The target comes with the data"
unit = "days"
direction = "lower"
target = "from data"
tolerance = "10% of target"

[kpi.brought-share]
title = "The same for counts"
unit = "%"
direction = "higher"
target = "from data"
tolerance = "5 pp"

[kpi.per-cent]
title = "Bands in per cent of a target that comes with the data"
unit = "pounds"
direction = "lower"
bands = [
  { rag = "red", above = "110% of target" },
  { rag = "amber", above = "100% of target", to = "110% of target" },
  { rag = "green", to = "100% of target" },
]
target = "from data"

[kpi.words]
title = "Words, carried forward"
words = { no = "red", "in development" = "amber", yes = "green" }
missing = "carry forward"

[kpi.watched]
title = "Watched"
unit = "contacts"
direction = "monitor"

[kpi.later]
title = "Rated from July, carried forward"
unit = "%"
direction = "higher"
target = 50
tolerance = "5 pp"
rated_from = 2020-07-01
missing = "carry forward"
""",
}


@cache
def everything() -> Rulebook:
    """The rulebook, loaded once."""
    return ragengine.load(FILES)


KPIS = ("higher", "lower", "range", "share", "gap", "brought", "brought-share", "per-cent", "words", "watched", "later")

_EDGES = [
    "0",
    "0.25",
    "0.5",
    "0.75",
    "5",
    "12.45",
    "12.5",
    "12.55",
    "13.05",
    "14.05",
    "14.15",
    "30",
    "33",
    "45",
    "50",
    "72",
    "76.5",
    "80",
    "81",
    "85",
    "85.5",
    "90",
    "95",
    "99",
    "110",
    "120",
]
_BESIDE = ("0", "0.000001", "-0.000001", "0.05", "-0.05")

_values = st.builds(lambda edge, by: Decimal(edge) + Decimal(by), st.sampled_from(_EDGES), st.sampled_from(_BESIDE))
_counts = st.none() | st.integers(0, 12).map(Decimal) | st.integers(-3, 400).map(Decimal)
_periods = st.builds(lambda year, month: parse_period(date(year, month, 28).strftime("%Y-%m")), st.sampled_from((2019, 2020)), st.integers(1, 12))  # fmt: skip
_texts = st.sampled_from((None, "c", "..", "z", " ", "k", "yes", "No", "In Development", "abc", "–"))

_row = st.fixed_dictionaries(
    {
        "kpi": st.sampled_from([f"area.{name}" for name in KPIS] + ["area.unknown"]),
        "entity": st.sampled_from((None, "North", "South West", "E1", "E2", "O'Hara")),
        "period": _periods,
        "value": st.none() | _values,
        "value_text": _texts,
        "numerator": _counts,
        "denominator": _counts,
        "excluded": st.sampled_from((None, None, Decimal(0), Decimal(1))),
        "target": st.sampled_from((None, *map(Decimal, ("0", "100", "12.5", "-3", "90.0001")))),
        "evidence": st.sampled_from((None, "", "photo")),
        "causes": st.sampled_from((None, "Covid", "flood,  COVID ;x", "covid19")),
        "seen": _counts,
        "due": _counts,
    }
)


def _settled(row: dict[str, Any]) -> dict[str, Any]:
    """A cell holds a number or a text, not both."""
    if row["kpi"] == "area.words":
        return row | {"value": None}
    return row if row["value"] is None else row | {"value_text": None}


def _place(row: dict[str, Any]) -> tuple[str, str | None, Period]:
    return row["kpi"], row["entity"], row["period"]


#: rows of a table of measurements, each KPI and entity once in a period
rows = st.lists(_row.map(_settled), min_size=1, max_size=60, unique_by=_place)
