"""Intervals that are made of counts, in eager frames: what ``book.rate`` says, on, under and over every line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import polars as pl
import pytest

import ragengine
from ragengine import frames
from ragengine.frames import rating_run
from ragengine.number import text
from ragengine.statistics import Limits, poisson, wilson

from .engines import FAST, Engine

BOOK = '[book]\ntitle = "T"\nedition = "1"\nmissing = "grey"\n'
RULES = {
    "share": 'unit = "%"\ndirection = "higher"\ntarget = "from data"\nconfidence = "95%"',
    "surer": 'unit = "%"\ndirection = "lower"\ntarget = "from data"\nconfidence = "99.8%"',
    "stated": 'unit = "%"\ndirection = "higher"\ntarget = 80.1\nconfidence = "95%"\nminimum_n = 4',
    "count": 'unit = "cases"\ndirection = "lower"\ntarget = "from data"\nconfidence = "95%"',
    "expected": 'unit = "cases"\ndirection = "lower"\ntarget = 5\nconfidence = "99.8%"',
    "rate": 'unit = "per 1,000"\ndirection = "lower"\ntarget = "from data"\nconfidence = "95%"\n'
    'formula = "1000 * numerator / denominator"',
    "standard": 'unit = "ratio"\ndirection = "lower"\ntarget = 100\nconfidence = "90%"\n'
    'formula = "numerator * 100 / expected"\ninputs = ["expected"]',
    "part": 'unit = "%"\ndirection = "higher"\ntarget = "from data"\nconfidence = "95%"\n'
    'formula = "100 * numerator / denominator"',
    "of-others": 'unit = "%"\ndirection = "higher"\ntarget = 50\nconfidence = "95%"\n'
    'formula = "100 * numerator / expected"\ninputs = ["expected"]',
    "shifted": 'unit = "per 100"\ndirection = "higher"\ntarget = 50\nconfidence = "95%"\n'
    'formula = "100 * (numerator + 1) / (denominator + 1)"',
    "brought": 'unit = "%"\ndirection = "higher"\ntarget = 80.1\nformula = "100 * numerator / denominator"',
    "usual": 'unit = "%"\ndirection = "higher"\ntarget = 80.1',
}  # fmt: skip
NUMBERS = ("value", "numerator", "denominator", "excluded", "expected", "target", "lower", "upper")
_CONFIDENCE = {"share": "0.95", "surer": "0.998", "count": "0.95", "rate": "0.95", "part": "0.95"}


def book(*names: str) -> ragengine.Rulebook:
    compared = {
        name: rule + ('\ntolerance = "5 pp"' if name == "usual" else '\ncompare = "interval"')
        for name, rule in RULES.items()
    }
    rules = "".join(f'[kpi.{name}]\ntitle = "K"\n{compared[name]}\n' for name in names or RULES)
    return ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n{rules}'})


def limits(rule: str, cases: int, whole: int) -> Limits | None:
    """The exact ends of a rule's interval."""
    confidence = Fraction(_CONFIDENCE[rule])
    if rule in ("share", "surer", "part"):
        found = wilson(Fraction(cases), Fraction(whole), confidence)
        return None if found is None else found.times(Fraction(100))
    return poisson(Fraction(cases), confidence).times(Fraction(1) if rule == "count" else Fraction(1000, whole))


def beside(end: Fraction, draw: Random) -> str:
    """A target on an end, or just under or over it, as far as that is written in 38 digits."""
    step = Fraction(1, 10 ** draw.choice([3, 9, 12, 15, 18]))
    at = Fraction(round((end + draw.choice([-1, 0, 0, 1]) * step) * 10**20), 10**20)
    return text(at)


def drawn(seed: int, number: int) -> Iterator[dict[str, Any]]:
    """Rows of every rule: targets beside both ends of their intervals, few and many cases, and what is no interval."""
    draw = Random(seed)
    for n in range(number):
        rule = draw.choice(list(RULES))
        whole = draw.choice([1, 2, 9, 40, 365, 12_345, 3_000_000_019])
        cases = draw.choice([0, 1, 2, 8, 9, 10, 11, whole // 3, whole - 1, whole, whole + 1])
        row: dict[str, Any] = {"kpi": f"a.{rule}", "entity": str(n), "numerator": str(cases), "denominator": str(whole),
                               "expected": str(draw.choice([whole, whole + 1, 3])), "target": "50"}  # fmt: skip
        if rule in ("count", "expected"):
            row["value"] = draw.choice([str(cases)] * 4 + ["3.5", "-1", "12.0", "7.00000000000000000001"])
        elif rule in _CONFIDENCE or rule == "stated":
            share = Fraction(100 * cases, whole)
            near = draw.choice([Fraction(0), Fraction(1, 2), Fraction(-1, 2), Fraction(51, 100)])
            row["value"] = draw.choice([None, None, text(Fraction(round((share + near) * 1000), 1000))])
        made = limits(rule, cases, whole) if rule in _CONFIDENCE and cases <= whole else None
        if made is not None:
            row["target"] = draw.choice([beside(made.lower, draw), beside(made.upper, draw), "0", "100"])
        yield row | draw.choice(_CHANGES)


#: how a row differs from one whose interval its counts make
_CHANGES: list[dict[str, Any]] = [
    *([{}] * 12), {"numerator": None}, {"denominator": None}, {"denominator": "0"}, {"numerator": "2.5"},
    {"numerator": "12.5"}, {"excluded": "1"}, {"excluded": "0.1"}, {"excluded": "c"}, {"target": None},
    {"numerator": "c"}, {"numerator": "-1"}, {"lower": "0"}, {"lower": "0", "upper": "1000000"}, {"expected": "0"},
    {"numerator": "8.00000000000000000001"}, {"denominator": "40.5"},
]  # fmt: skip


def told(rules: ragengine.Rulebook, row: dict[str, Any]) -> tuple[str, str | None]:
    cells = {
        name: cell for name, cell in row.items() if cell is not None and name in (*NUMBERS[:4], "target", "entity")
    }
    inputs = {name: row.get(name) for name in ("expected", "lower", "upper") if row.get(name) is not None}
    rating = rules.rate(row["kpi"], inputs=inputs, **cells)
    return str(rating.rag), None if rating.reason is None else str(rating.reason)


def as_floats(row: dict[str, Any]) -> dict[str, Any]:
    """A row as a frame of floats holds it: a symbol is no number there, and targets are moved by one float, or not."""
    made = dict(row)
    for name in NUMBERS:
        cell = row.get(name)
        made[name] = None if cell in (None, "c") else float(cell.replace(",", ""))
    if made["target"] is not None:
        side = (math.inf, -math.inf, made["target"])[int(row["target"][-1]) % 3]
        made["target"] = math.nextafter(made["target"], side)
    return made


@pytest.mark.parametrize("engine", [e for e in FAST if not e.is_lazy], ids=lambda engine: engine.name)
@pytest.mark.parametrize("kind", ["number", "string"])
def test_every_row_is_what_rate_says(engine: Engine, kind: str) -> None:
    """Whole numbers, texts and floats beside both ends of an interval: the level and the reason of one measurement."""
    rules = book()
    rows = [as_floats(row) if kind == "number" else row for row in drawn(1, 1_200)]
    types = {"kpi": "string", "entity": "string"} | dict.fromkeys(NUMBERS, kind)
    found = engine.back(frames.rate(engine.make(rows, types), rules, suffix="_"))

    for row, got in zip(rows, found, strict=True):
        assert (got["rag_"], got["reason_"]) == told(rules, row), row


@pytest.mark.parametrize("rule", list(RULES))
def test_every_rule_alone_is_what_rate_says(rule: str) -> None:
    """A rulebook of one rule asks for the columns of that one; frames without columns of values or ends are as good."""
    rules = book(rule)
    rows = [row | {"kpi": f"a.{rule}"} for row in drawn(2, 1_500) if row["kpi"] == f"a.{rule}"]
    there = [name for name in NUMBERS if name not in ("lower", "upper") and (name != "value" or "cases" in RULES[rule])]
    rows = [{name: cell for name, cell in row.items() if name in (*there, "kpi", "entity")} for row in rows]
    made = pl.DataFrame(rows, schema=dict.fromkeys(("kpi", "entity", *there), pl.String))

    levels = frames.rate(made, rules, suffix="_").select("rag_", "reason_").rows()
    assert levels == [told(rules, row) for row in rows]


def one_by_one(monkeypatch: pytest.MonkeyPatch, rules: ragengine.Rulebook, rows: list[dict[str, Any]]) -> int:
    """How many rows are rated one by one."""
    asked = [0]
    given = rating_run.rated_one_by_one

    def counted(frame: Any, engine: Any, book: Any, where: Any, *rest: Any) -> Any:
        asked[0] += len(frame.filter(where))
        return given(frame, engine, book, where, *rest)

    monkeypatch.setattr(rating_run, "rated_one_by_one", counted)
    frames.rate(pl.DataFrame(rows), rules, suffix="_")
    return asked[0]


@pytest.mark.parametrize("rule", ["share", "surer", "count", "rate", "part"])
def test_counts_make_intervals_in_columns(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    """No row of whole counts goes one by one, but where its target is an end of its interval: not at 0, nor at 100."""
    draw = Random(3)
    rows = []
    for whole in range(1, 120):
        cases = draw.randint(0, whole)
        cells = {"value": float(cases)} if rule == "count" else {"numerator": float(cases), "denominator": float(whole)}
        rows += [{"kpi": f"a.{rule}", "target": target, **cells} for target in (0.0, 100.0, 33.3)]

    assert one_by_one(monkeypatch, book(rule), rows) == 0
    end = limits(rule, 8, 10)
    assert end is not None
    beside_it = {"value": 8.0} if rule == "count" else {"numerator": 8.0, "denominator": 10.0}
    assert one_by_one(monkeypatch, book(rule), [{"kpi": f"a.{rule}", "target": float(end.lower), **beside_it}]) == 1


@pytest.mark.parametrize(
    ("rule", "cells", "levels"),
    [
        # more cases than there are have no interval, and floats say that there are as many
        ("stated", {"numerator": "10.00000000000000000001", "denominator": "10"}, ("grey", "missing input")),
        # a value that is further from its counts than half a point, and floats say that it is not
        ("stated", {"value": "84.500000000000000001", "numerator": "84", "denominator": "100"},
         ("grey", "missing input")),
        ("stated", {"value": "84.5", "numerator": "84", "denominator": "100"}, ("amber", None)),
        # 8 cases and next to nothing take Byar's limits, from 3.444, and 8 the exact ones, from 3.454
        ("rate", {"numerator": "8.00000000000000000001", "denominator": "1000", "target": "3.45"}, ("amber", None)),
        ("rate", {"numerator": "8", "denominator": "1000", "target": "3.45"}, ("red", None)),
        # all of 10.6 without 0.3 are cases, and floats find more cases than that
        ("part", {"numerator": "10.3", "denominator": "10.6", "excluded": "0.3", "target": "120"}, ("red", None)),
    ],
)  # fmt: skip
def test_what_floats_cannot_tell_of_cases(rule: str, cells: dict[str, str], levels: tuple[str, str | None]) -> None:
    """Beside another number of cases, or another interval, by less than a float: what the exact numbers say."""
    made = frames.rate(pl.DataFrame([{"kpi": f"a.{rule}", **cells}]), book(rule), suffix="_")

    assert made.select("rag_", "reason_").row(0) == levels == told(book(rule), {"kpi": f"a.{rule}", **cells})
