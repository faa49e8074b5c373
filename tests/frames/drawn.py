"""Rulebooks of every kind of rule, drawn and written as rule files; and rows on and beside all their lines."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from ragengine import PreparedKpi, Rulebook
from ragengine.number import NumberError, parse_number
from ragengine.rulebook.measure import SpecialTarget
from ragengine.rulefile.load import load_rules
from ragengine.strategies import lines_of
from ragengine.toml.write import toml_table

__all__ = ["PERIODS", "STRANGE", "TYPES", "book_of", "broad_files", "numeric", "rows_around", "without"]

Table = dict[str, Any]

#: the columns of drawn rows; numbers stand as texts, as in a file
TYPES = dict.fromkeys(
    ("kpi", "period", "entity", "value", "numerator", "denominator", "excluded", "target", "seen", "due", "evidence",
     "causes"),
    "string",
)  # fmt: skip

#: cells that hold no plain number, or one that is written in a way of its own
STRANGE = (
    None, "", " ", "c", "[c]", "*", "z", "[z]", "n/a", "N/A", ":", "x", "[x]", "..", "-", "–", "TBC", "tbc", "u", "[u]",
    "k", "[k]", "low", "[low]", "C", "Low", "NaN", "nan", "inf", "-inf", "1e3", "1_000", "٣", "93%", "93 %", "1,234",
    "12,34", " 95.6 ", "\u00a095.6", "95.6\n", "+5", "-0.0", "-0", ".5", "5.", "0x1F", "true", "--5", "1000000000000000",
    "999999999999999", "9" * 41, "1,234.50 %", "57 [b]", "80[p][b]", "93% [r]", "c [b]", "soon [b]",
    "yes", "Yes ", "NO", "in part", "maybe",
)  # fmt: skip

#: months about the dates that rules change on, with the same month a year before, and some that are no month
PERIODS = ("2019-03", "2019-04", "2020-03", "Apr-20", "2020-05", "Q1 2020-21", "2020-06", "2021-03", "2021-04")

_LEVELS = ("red", "amber", "green")
_DAYS = (date(2019, 4, 1), date(2020, 4, 1), date(2020, 5, 1), date(2021, 3, 31))
_CONDITIONS = (
    "value > previous_value",
    "value >= year_ago_value",
    "improved",
    "not worsened",
    "unchanged or worsened",
    "shortfall < 5.1",
    "shortfall <= 0.3 and shortfall > -5",
    '"covid" in causes',
    '"flood" not in causes and evidence == "seen"',
    'entity == "North" or entity in ["e1", "e2"]',
    'evidence != ""',
    "numerator >= 10 and denominator < 100",
    "100 * numerator / denominator > 57",
    "target >= 50",
    "value in [50, 57, 80]",
    "value < target if target > 60 else value > 20",
    "numerator > 1 or denominator > 1",
    "previous_value - value < 0.3",
    "abs(value - year_ago_value) <= 5",
    "min(value, target) > 20",
    "value / shortfall > 2",
)
_INPUT_CONDITIONS = ("seen >= due", "seen / due >= 0.57", "seen - due < 0.3 or value > 80")
_FORMULAS = (
    "100 * seen / due",
    "seen - due",
    "seen + due + 0.1",
    "100 * numerator / denominator",
    "100 * (denominator - numerator) / denominator",
    "value",
    "value - 0.1",
    "100 * value / target",
    "value - target",
    "min(value, 100)",
    "max(seen, due, 0)",
    "round(value, 1)",
    "round(100 * seen / due)",
    "abs(value - 50)",
    "value if value > 50 else 100 - value",
    "100 * seen / (seen + due)",
    "seen / (due - 3)",
    "-value * 0.3",
)


def _decimals(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(least, most), st.sampled_from((0, 1, 2)))


_numbers = _decimals(-300, 12_000)
_positive = _decimals(1, 9_000)


def _flag(draw: st.DrawFn, often: int = 3) -> bool:
    return draw(st.integers(0, often - 1)) == often - 1


def _dated(draw: st.DrawFn, values: st.SearchStrategy[Any], often: int = 3) -> Any:
    if not _flag(draw, often):
        return draw(values)
    return {date(2019, 4, 1).isoformat(): draw(values), date(2020, 4, 1).isoformat(): draw(values)}


def _width(draw: st.DrawFn, unit: str, *, relative: bool = True) -> Any:
    kind = draw(st.sampled_from(("plain", "plain", "none", *(("relative",) if relative else ()))))
    if kind == "none":
        return 0
    if kind == "relative":
        return f"{draw(st.integers(1, 90))}% of target"
    width = draw(_positive)
    return f"{width:f} pp" if unit == "%" else width


def _pointed(draw: st.DrawFn, unit: str) -> Table:
    """Higher or lower: a number, dated, with the data, or none."""
    written: Table = {"direction": draw(st.sampled_from(("higher", "lower")))}
    kind = draw(st.sampled_from(("number", "number", "amber", "from data", "dated from data", "none", "ends")))
    if kind == "none":
        return {**written, "target": "none"}
    if kind == "from data":
        written |= {"target": "from data", "tolerance": _width(draw, unit)}
    elif kind == "dated from data":
        dates = {"2019-04-01": draw(_positive), "2020-04-01": "from data"}
        written |= {"target": dates, "tolerance": _width(draw, unit)}
    elif kind == "ends":
        dates = {"2019-04-01": draw(_positive), "2020-05-01": "none"}
        written |= {"target": dates, "tolerance": _width(draw, unit)}
    elif kind == "amber":
        target, width = draw(_positive), draw(_positive)
        written |= {"target": target, "amber": target - width if written["direction"] == "higher" else target + width}
    else:
        written |= {"target": _dated(draw, _positive), "tolerance": _width(draw, unit)}
    if _flag(draw):
        written["met"] = "beyond target"
    return written


def _ranged(draw: st.DrawFn, unit: str) -> Table:
    low, span = draw(_positive), draw(_positive)
    tolerance = _width(draw, unit)
    if _flag(draw):
        tolerance = {"below": _width(draw, unit), "above": _width(draw, unit)}
    written: Table = {"direction": "within", "target": {"min": low, "max": low + span}, "tolerance": tolerance}
    if _flag(draw):
        written["met"] = "beyond target"
    return written


def _banded(draw: st.DrawFn, unit: str, levels: tuple[str, ...] = _LEVELS) -> Table:
    """Two to five bands, several of one level where it is a range; edges are numbers or per cent of a target."""
    direction = draw(st.sampled_from(("higher", "lower", "within")))
    names = list(levels if direction == "higher" else levels[::-1])
    if direction == "within":
        names = [*levels, *levels[-2::-1]]
    how = draw(st.sampled_from(("numbers", "numbers", "target", "from data", "mixed")))
    written: Table = {"direction": direction}
    places = st.integers(1, 200) if how != "numbers" else _numbers
    cuts = sorted(draw(st.sets(places, min_size=len(names) - 1, max_size=len(names) - 1)))
    edges: list[Any] = list(cuts)
    if how != "numbers":
        edges = [f"{cut}% of target" for cut in cuts]
    if how == "mixed":
        edges[0] = cuts[0]
    if how == "target":
        written["target"] = _dated(draw, _positive)
    elif how != "numbers":
        written["target"] = "from data"
    bands: list[Table] = [{"rag": level} for level in names]
    for edge, below, above in zip(edges, bands[:-1], bands[1:], strict=True):
        reached = draw(st.booleans())
        below["below" if reached else "to"] = edge
        above["from" if reached else "above"] = edge
    return {**written, "bands": bands}


def _worded(draw: st.DrawFn, unit: str) -> Table:
    return {
        "words": draw(
            st.sampled_from(({"no": "red", "In part": "amber", "yes": "green"}, {"yes": "red", "no": "green"}))
        )
    }


def _monitored(draw: st.DrawFn, unit: str) -> Table:
    return {"direction": "monitor"} | ({"target": draw(_positive)} if draw(st.booleans()) else {})


def _grace(draw: st.DrawFn, name: str, effect: str, value: Any, conditions: tuple[str, ...]) -> Table:
    start = draw(st.sampled_from(_DAYS))
    until = start + timedelta(days=draw(st.sampled_from((0, 29, 60, 400))))
    table: Table = {
        "name": name,
        "from": start,
        "until": until,
        "reason": "Closed",
        "authority": "Board",
        effect: value,
    }
    if draw(st.booleans()):
        table["when"] = draw(st.sampled_from(conditions))
    return table


def _graces(draw: st.DrawFn, written: Table, unit: str, conditions: tuple[str, ...]) -> list[Table]:
    floor = draw(st.integers(0, 2))
    effects: list[tuple[str, Any]] = [
        ("no_worse_than", _LEVELS[floor]),
        ("no_better_than", _LEVELS[draw(st.integers(floor, 2))]),
        ("suspend", True),
    ]
    if "tolerance" in written and not isinstance(written.get("target"), dict):
        effects.append(("tolerance", _width(draw, unit)))
    if "tolerance" in written and written["direction"] != "within":
        effects.append(("target", draw(_positive)))
    picked = [pair for pair in effects if _flag(draw, 4)]
    return [_grace(draw, f"g{n}", effect, value, conditions) for n, (effect, value) in enumerate(picked)]


def _kpi(draw: st.DrawFn, looks_back: bool) -> Table:
    unit = draw(st.sampled_from(("%", "%", "days")))
    kind = draw(st.sampled_from((_pointed, _pointed, _pointed, _ranged, _banded, _banded, _worded, _monitored)))
    written: Table = {"title": "Seen in time", "unit": unit, **kind(draw, unit)}
    inputs = _flag(draw, 4)
    if kind is not _worded:
        if _flag(draw):
            written["decimals"] = draw(st.integers(0, 2))
        if inputs or _flag(draw, 4):
            written["formula"] = draw(st.sampled_from(_FORMULAS))
            written["inputs"] = ["seen", "due"]
    conditions = _CONDITIONS + (_INPUT_CONDITIONS if "inputs" in written else ())
    if _flag(draw, 4):
        written["missing"] = draw(st.sampled_from(("grey", "red", "amber", "carry forward")))
        if written["missing"] == "carry forward" and draw(st.booleans()):
            written["max_age"] = draw(st.sampled_from(("1 month", "3 months", "45 days")))
    if _flag(draw, 6):
        written["rated_from"] = draw(st.sampled_from(_DAYS))
    if _flag(draw, 5):
        written["requires_evidence"] = True
    if _flag(draw, 5):
        written["minimum_n"] = draw(st.sampled_from((5, 10, 100)))
    if looks_back and _flag(draw, 4):
        written["persistence"] = draw(st.integers(2, 3))
    graces = _graces(draw, written, unit, conditions)
    if looks_back and _flag(draw, 5):
        graces.append(_grace(draw, "left out", "exclude_period", True, ('"covid" in causes',)))
    if graces:
        written["grace"] = graces
    if isinstance(written.get("target"), Decimal) and "amber" not in written and _flag(draw, 3):
        written["entities"] = {"North": {"target": draw(_positive)}, "South": {"missing": "red"}}
    return written


@st.composite
def broad_files(draw: st.DrawFn, kpis: int = 4, looks_back: bool = True) -> dict[str, str]:
    """Files of a rulebook with up to so many KPIs, each of a kind of its own; ``looks_back`` allows persistence."""
    book: Table = {
        "title": "Plan",
        "edition": "2020-21",
        "missing": draw(st.sampled_from(("grey", "red", "carry forward"))),
    }
    if draw(st.booleans()):
        book["max_age"] = "2 months"
    area = toml_table("area", {"title": "Early help"})
    for n in range(draw(st.integers(1, kpis))):
        area += toml_table(f"kpi.k{n}", _kpi(draw, looks_back))
    return {"book.toml": toml_table("book", book), "a.toml": area}


def book_of(files: dict[str, str]) -> Rulebook:
    """The rulebook of drawn files; what the loader refuses is no example."""
    rules, _ = load_rules(files)
    assume(rules is not None)
    assert rules is not None
    return Rulebook(rules)


def without(files: dict[str, str], kpis: Iterable[str]) -> dict[str, str]:
    """The files without some KPIs: what a lazy engine cannot rate."""
    first, *tables = re.split(r"(?m)^(?=\[kpi\.)", files["a.toml"])
    kept = [each for each in tables if f"a.{each[5 : each.index(']')]}" not in set(kpis)]
    return files | {"a.toml": "".join((first, *kept))}


def rows_around(book: Rulebook, seed: int, each: int = 40, *, twice: bool = False) -> list[dict[str, Any]]:
    """Rows of every KPI on, under and over its lines, and without a number; a KPI, entity and period once, or ``twice``.

    Every KPI has series of months for several entities, so that previous values and those of a year ago are there.
    """
    random = Random(seed)
    rows = [row for kpi in book.kpis.values() for row in _of_kpi(kpi, random, each)]
    rows += [row | {"kpi": name} for row, name in zip(rows[:3], ("a.unknown", None, " a.k0"))]
    random.shuffle(rows)
    if twice:
        return rows + [
            row | {"value": random.choice(("1", "55.5", None))} for row in random.sample(rows, len(rows) // 5)
        ]
    return rows


_NUMBERS = ("value", "numerator", "denominator", "excluded", "target", "seen", "due")
_STRANGE_NUMBERS = (None, math.nan, math.inf, -math.inf, 1e15, -1e15, 999999999999999.0, -0.0, 1e-7)


def numeric(rows: Iterable[Mapping[str, Any]], seed: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The rows with numbers in place of texts, and the types of their columns; what is no number is a strange one."""
    random = Random(seed)

    def number(text: str | None) -> float | None:
        try:
            return float(parse_number(text or ""))
        except NumberError:
            return random.choice(_STRANGE_NUMBERS)

    made = [{**row, **{name: number(row[name]) for name in _NUMBERS}} for row in rows]
    return made, TYPES | dict.fromkeys(_NUMBERS, "number")


def _of_kpi(kpi: PreparedKpi, random: Random, each: int) -> Iterator[dict[str, Any]]:
    target = Fraction(random.choice((0, 1, 50, 80, -20, 1000)))
    # values that formulas make, and lines that move with a target, are compared within a slack: decision 44
    exact = kpi.kpi.formula is None and not _takes_target(kpi) and not _compares_shortfalls(kpi)
    near = [*_near(lines_of(kpi, target if target else None), exact=exact), "50", "57", "0"]
    entities = ["North", "South", "", *(f"e{n}" for n in range(each))]
    places = [(entity, period) for entity in entities for period in PERIODS]
    for entity, period in places[:each]:
        yield _row(kpi.id, entity, period, near, target, random)
    for period in (None, "", "soon", "03/04/2020"):
        yield _row(kpi.id, f"at {period}", period, near, target, random)


def _row(
    kpi: str, entity: str, period: str | None, near: list[str], target: Fraction, random: Random
) -> dict[str, Any]:
    denominator = random.choice((0, 1, 3, 7, 100, 1000))
    numerator = random.choice((0, 1, denominator, denominator // 2, max(denominator - 1, 0), 57))
    kind = random.choice(("value", "value", "value", "counts", "strange", "nothing"))
    value = {"value": random.choice(near), "strange": random.choice(STRANGE), "counts": random.choice(("", None))}.get(
        kind
    )
    counts = kind == "counts" or random.random() < 0.3
    row = {
        "kpi": kpi,
        "period": period,
        "entity": entity,
        "value": value,
        "numerator": str(numerator) if counts else None,
        "denominator": str(denominator) if counts else None,
        "excluded": random.choice((None, None, "1", "0")) if counts else None,
        "target": random.choice((str(target), str(target), str(target), *random.sample(STRANGE, 2))),
        "seen": random.choice(("0", "1", "57", "0.3", "99.9", str(numerator), *random.sample(STRANGE, 1))),
        "due": random.choice(("0", "3", "100", "0.1", "99.9", str(denominator), *random.sample(STRANGE, 1))),
        "evidence": random.choice((None, "", "seen", " seen ", "minutes")),
        "causes": random.choice((None, "", "covid", "Covid; flood", "flood ,covid", "covid-19")),
    }  # fmt: skip
    return row


def _takes_target(kpi: PreparedKpi) -> bool:
    own = (kpi.kpi, *kpi.kpi.entities.values())
    return any(each.target is not None and SpecialTarget.FROM_DATA in each.target.values for each in own)


def _compares_shortfalls(kpi: PreparedKpi) -> bool:
    compared = {"shortfall", "improved", "worsened", "unchanged"}
    return any(grace.when is not None and compared & grace.when.names for grace in kpi.kpi.graces)


def _near(lines: list[Fraction], *, exact: bool) -> list[str]:
    """Texts of the numbers on each line, a step of a printed number beside it, and where ``exact`` one of a float."""
    made = []
    for line in lines:
        number = float(line)
        made += [_text(each) for each in (number, number + 0.01, number - 0.01, number + 1e-6, number - 1e-6)]
        if exact:
            made += [_text(math.nextafter(number, end)) for end in (math.inf, -math.inf)]
    return made


def _text(number: float) -> str:
    """A float as a cell shows it, in no more places than cells may have."""
    return f"{Decimal(repr(number)):f}" if abs(number) >= 1e-4 else f"{number:.10f}"
