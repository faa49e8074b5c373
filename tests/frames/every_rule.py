"""One rulebook with every kind of rule that is rated by look-ups, and one with those that take the rows before."""

from __future__ import annotations

import ragengine

__all__ = ["by_look_ups", "one_by_one"]

_BOOK = """
[book]
title   = "Plan"
edition = "2020-21"
missing = "grey"

[grace.covid]
from          = 2020-03-23
until         = 2020-05-31
no_worse_than = "amber"
reason        = "Closed"
authority     = "Board"
"""

_OWN_SCALE = """
[[scale.levels]]
id = "black"
label = "Black"
symbol = "■"
colour = "#000000"
[[scale.levels]]
id = "red"
label = "Red"
symbol = "▲"
colour = "#651b1b"
[[scale.levels]]
id = "amber"
label = "Amber"
symbol = "●"
colour = "#7a3c1c"
[[scale.levels]]
id = "green"
label = "Green"
symbol = "★"
colour = "#083d29"
"""


def _grace(name: str, effect: str, when: str = "") -> str:
    condition = f", when = '{when}'" if when else ""
    return (
        f'{{ name = "{name}", from = 2020-03-23, until = 2020-05-31, reason = "Closed", authority = "Board", '
        f"{effect}{condition} }}"
    )


def _when(when: str, effect: str = 'no_worse_than = "green"') -> str:
    return f"grace = [{_grace('relief', effect, when)}]"


#: conditions over every name that one may use
_CONDITIONS = (
    "value >= 20 and value not in [57, 60.3]",
    "100 * numerator / denominator >= 57 or value > 80",
    "denominator < 100",
    "target > 40",
    "shortfall <= 0.3 and shortfall > -5.1",
    "improved",
    "worsened or unchanged",
    "not unchanged",
    "value > previous_value",
    "previous_value - value < 0.3",
    "value >= year_ago_value",
    '"covid" in causes and "flood" not in causes',
    'entity in ["North", "e1"] or entity == "e2"',
    'evidence == "seen"',
    "seen / due >= 0.57",
    "value / (seen - 57) > 0.5",
    "abs(round(value, 1) - 50) <= min(seen, due, 3)",
    "value > 57 if seen > 50 else value < 57",
)

_KPIS = {
    "higher": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"',
    "lower": 'direction = "lower"\ntarget = 57\ntolerance = "10 pp"\ngrace = ["covid"]',
    "no-amber": 'direction = "higher"\ntarget = 57\ntolerance = 0\nmet = "beyond target"',
    "relative": 'direction = "higher"\ntarget = 94.9\ntolerance = "7% of target"\nmet = "beyond target"',
    "amber-line": 'direction = "lower"\ntarget = 57.2\namber = 60.35',
    "dated": 'direction = "higher"\ntarget = { 2019-04-01 = 85, 2020-04-01 = 90 }\ntolerance = "10 pp"',
    "ends": 'direction = "higher"\ntarget = { 2019-04-01 = 85, 2020-05-01 = "none" }\ntolerance = "10 pp"',
    "no-target": 'direction = "higher"\ntarget = "none"',
    "range": 'direction = "within"\ntarget = { min = 40, max = 60.3 }\ntolerance = { below = "5 pp", above = "2.1 pp" }',
    "inside": 'direction = "within"\ntarget = { min = 40, max = 60 }\ntolerance = "10% of target"\nmet = "beyond target"',
    "decimals": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\ndecimals = 1',
    "whole": 'direction = "lower"\ntarget = 57\ntolerance = "10 pp"\ndecimals = 0',
    "from-data": 'direction = "higher"\ntarget = "from data"\ntolerance = "10% of target"',
    "from-data-lower": 'direction = "lower"\ntarget = "from data"\ntolerance = "10 pp"\nmet = "beyond target"',
    "from-data-dated": 'direction = "higher"\ntarget = { 2019-04-01 = 57, 2020-04-01 = "from data" }\ntolerance = 0',
    "from-data-formula": 'direction = "higher"\ntarget = "from data"\ntolerance = "5 pp"\nformula = "100 * seen / due"\n'
    'inputs = ["seen", "due"]',
    "bands": 'direction = "within"\nbands = [{ rag = "red", below = 20 }, { rag = "amber", from = 20, below = 40.1 }, '
    '{ rag = "green", from = 40.1, to = 60 }, { rag = "amber", above = 60, to = 80 }, { rag = "red", above = 80 }]',
    "bands-per-cent": 'direction = "higher"\ntarget = 60\nbands = [{ rag = "red", below = "90% of target" }, '
    '{ rag = "amber", from = "90% of target", below = "105% of target" }, { rag = "green", from = "105% of target" }]',
    "bands-from-data": 'direction = "lower"\ntarget = "from data"\nbands = [{ rag = "green", to = "90% of target" }, '
    '{ rag = "amber", above = "90% of target", below = "105% of target" }, { rag = "red", from = "105% of target" }]',
    "monitored": 'direction = "monitor"\ntarget = 57',
    "words": 'words = { no = "red", "In part" = "amber", yes = "green" }',
    "formula": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nformula = "100 * seen / due"\n'
    'inputs = ["seen", "due"]',
    "performance": 'direction = "higher"\ntarget = "from data"\nformula = "100 * value / target"\n'
    'bands = [{ rag = "red", below = 90 }, { rag = "amber", from = 90, below = 100 }, { rag = "green", from = 100 }]',
    "rounded": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nformula = "round(value - 0.05, 1)"',
    "missing-red": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nmissing = "red"\ngrace = ["covid"]',
    "missing-amber": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nmissing = "amber"\nformula = "seen"\n'
    'inputs = ["seen"]',
    "carried": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nmissing = "carry forward"',
    "carried-not-long": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nmissing = "carry forward"\n'
    'max_age = "1 month"\n' + _when("improved"),
    "not-due": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nrated_from = 2020-04-01',
    "evidence": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nrequires_evidence = true',
    "few": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nminimum_n = 10',
    "suspended": f'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\ngrace = [{_grace("closed", "suspend = true")}]',
    "capped": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\ngrace = ['
    + _grace("cap", 'no_better_than = "amber"')
    + "]",
    "relieved": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\ngrace = ['
    + _grace("target", "target = 50")
    + ", "
    + _grace("tolerance", 'tolerance = "20 pp"', "value > 20")
    + "]",
    "own": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\nentities = { North = { target = 80 }, '
    'South = { missing = "red", tolerance = 0 } }',
    **{
        f"when-{n}": f'direction = "{"higher" if n % 2 else "lower"}"\ntarget = 57\ntolerance = "10 pp"\n'
        f'inputs = ["seen", "due"]\n{_when(condition)}'
        for n, condition in enumerate(_CONDITIONS)
    },
    "when-within": 'direction = "within"\ntarget = { min = 40, max = 60 }\ntolerance = "5 pp"\n' + _when("unchanged"),
}  # fmt: skip

_TAKE_OTHER_ROWS = {
    "persistent": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\npersistence = 2',
    "left-out": f'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\ngrace = [{_grace("out", "exclude_period = true")}]',
    "previous": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\n' + _when('previous == "red"'),
    "year-ago": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"\n' + _when('year_ago != "green"'),
    "rounded-target": 'direction = "higher"\ntarget = "from data"\ntolerance = "10 pp"\ndecimals = 1',
    "crossing": 'direction = "higher"\ntarget = "from data"\ntolerance = "10% of target"\n' + _when("", "target = 80"),
    "mixed": 'direction = "lower"\ntarget = "from data"\nbands = [{ rag = "green", to = 57 }, '
    '{ rag = "amber", above = 57, to = "106% of target" }, { rag = "red", above = "106% of target" }]',
    "plain": 'direction = "higher"\ntarget = 57\ntolerance = "10 pp"',
}  # fmt: skip


def _book(kpis: dict[str, str], head: str = _BOOK) -> ragengine.Rulebook:
    tables = "".join(f'\n[kpi.{name}]\ntitle = "K"\nunit = "%"\n{keys}\n' for name, keys in kpis.items())
    return ragengine.load({"book.toml": head, "a.toml": f'[area]\ntitle = "A"\n{tables}'})


def by_look_ups(*only: str) -> ragengine.Rulebook:
    """Every kind of rule that every engine rates, or only these."""
    return _book({name: keys for name, keys in _KPIS.items() if name in only} if only else _KPIS)


def one_by_one() -> ragengine.Rulebook:
    """Rules whose rating takes more than a look-up, and a plain one beside them, on a scale of its own."""
    return _book(_TAKE_OTHER_ROWS, _BOOK + _OWN_SCALE)
