"""Rows for any rulebook: on, just under and just over each line, with every awkward kind of cell among them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random
from typing import Any

from ragengine import PreparedKpi, Rulebook
from ragengine.period import parse_period
from ragengine.rulebook.measure import SpecialTarget
from ragengine.strategies import lines_of

from ..frames.drawn import STRANGE
from .row import INPUTS, Expected, Row

__all__ = ["COUNTS", "LONG", "drawn_rows", "near"]

#: months and days about the dates that drawn rules change on
_PERIODS = ("2019-03", "2019-04", "2020-03", "Apr-20", "2020-05", "Q1 2020/21", "2020-06-30", "2021-03", "2020/21")
_UNKNOWN = Expected.grey("invalid")
#: counts as they come: numerator, denominator, excluded
COUNTS = (
    ("57", "100", None), ("8", "9", "1"), ("8", "9", "10"), ("8", "9", "-1"), ("-1", "9", None), ("8", "-9", None),
    ("0", "0", None), ("3", "3", "3"), ("0", "3", "3"), ("5", "0", None), ("9", "8", None), ("8.5", "10", None),
    ("8", None, None), (None, "9", None), ("8", "", None), ("c", "9", None), ("8", "[c]", None), ("eight", "9", None),
    ("8", "9", "one"), ("1,234", "1,300", "0"), ("0", "9", ""), ("1", "3", None), ("2", "3", "1"), ("c", "-9", None),
)  # fmt: skip
LONG = ("57." + "0" * 29 + "1", "5" * 14 + "." + "5" * 24, "1e-05", "5.551115123125783E-17", "9e1", "57 [p]", "57[r]")
_FLOATS = (math.nan, math.inf, -math.inf, -0.0, 5e-324, 1e15, 1e300, 1e-05, 1 / 3, 0.1 + 0.2)


def drawn_rows(book: Rulebook, seed: int, each: int = 24) -> Iterator[Row]:
    """Rows of every KPI, each of an entity of its own, so that none is another's history."""
    random = Random(seed)
    for kpi in book.kpis.values():
        entities = ["North", "South", *[None] * (each - 2)]
        beside = {target: near(kpi, target) for target in (Fraction(0), Fraction(50), Fraction(80))}
        for entity in entities:
            target = random.choice(list(beside))
            period = random.choice(_PERIODS)
            cells = {
                name: cell
                for name, cell in _cells(beside[target], target, random)
                if cell is not None and (name not in INPUTS or name in kpi.kpi.inputs)
            }
            yield Row(kpi.id.partition(".")[2], cells, _UNKNOWN, "drawn", period, _day(period), entity, kind="drawn")


def _day(period: str) -> date:
    return parse_period(period).end


def near(kpi: PreparedKpi, target: Fraction) -> list[str]:
    """Each line, and a step beside it: the finest only where a line stands still and the value is compared as given."""
    era_targets = [each.target for each in (kpi.kpi, *kpi.kpi.entities.values()) if each.target is not None]
    moves = any(SpecialTarget.FROM_DATA in each.values for each in era_targets) or kpi.kpi.bands is not None
    compares = any(grace.when is not None for grace in kpi.kpi.graces)
    steps = ["0.01", "0.000001"] if kpi.kpi.formula or moves or compares else ["0.01", "1e-12", "1e-15", "1e-20"]
    made = []
    for line in lines_of(kpi, target or None):
        with localcontext(prec=60):
            at = Decimal(line.numerator) / Decimal(line.denominator)
            if Fraction(at) != line:
                continue
            made += [f"{at + sign * Decimal(step):f}" for step in steps for sign in (-1, 0, 1)]
    return [*made, "50", "57", "0"]


def _cells(beside: list[str], target: Fraction, random: Random) -> Iterator[tuple[str, Any]]:
    kind = random.choice(("value", "value", "value", "counts", "counts", "both", "strange", "float", "nothing"))
    numbers: list[Any] = [random.choice(beside)]
    over, under, less = random.choice(COUNTS)
    if kind in ("counts", "both"):
        yield from (("numerator", over), ("denominator", under), ("excluded", less))
    match kind:
        case "strange":
            numbers = [random.choice((*STRANGE, *LONG))]
        case "float":
            numbers = [random.choice(_FLOATS)]
        case "counts":
            numbers = [random.choice((None, "", " "))]
        case "both":
            numbers.append(random.choice((over, "0.57", "0", "57", "c")))
        case "nothing":
            numbers = [random.choice((None, ""))]
    value = random.choice(numbers)
    yield "value", value
    if isinstance(value, float):
        yield "target", float(target)
        yield from (("seen", random.choice((57.0, 0.3, math.nan))), ("due", random.choice((100.0, 0.0, 0.1))))
        return
    strange = random.choice(STRANGE)
    yield "target", random.choice((f"{int(target)}", f"{int(target)}", "", None, "-10", strange))
    yield "seen", random.choice(("0", "1", "57", "0.3", "99.9", strange))
    yield "due", random.choice(("0", "3", "100", "0.1", "99.9", strange))
    yield "evidence", random.choice((None, "", "seen", " seen "))
    yield "causes", random.choice((None, "", "covid", "Covid; flood", "flood ,covid", "covid-19"))
