"""Rulebooks whose rules look at other rows in every way at once, and their rows; drawn by a seed.

What the other drawn rulebooks have each alone stands here side by side: targets of earlier periods, of entities, with
the data and by date; values carried forward; graces that look back; scores along points and by rank; small numbers,
intervals, persistence; months beside quarters; judgements; entities and the whole, with gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from attrs import frozen

from ragengine import Rulebook
from ragengine.number import NumberError, parse_number
from ragengine.period import Period, parse_period
from ragengine.rulefile.load import load_rules

from .drawn import STRANGE

__all__ = ["AFTER", "PERIODS", "TEXTS", "Drawn", "as_numbers", "drawn", "named"]

Row = dict[str, Any]

#: those of the spring before and of half a year, with nothing between
MONTHS = (*(f"2019-{month:02}" for month in range(3, 8)), *(f"2020-{month:02}" for month in range(1, 8)))
#: quarters with the months that end them, by which they may be named
QUARTERS = {
    "Q4 2018/19": "2019-03", "Q1 2019/20": "2019-06", "Q2 2019/20": "2019-09", "Q3 2019/20": "2019-12",
    "Q4 2019/20": "2020-03", "Q1 2020/21": "2020-06",
}  # fmt: skip
#: those whose ratings and areas are compared; the earlier ones are what they look back at
PERIODS = ("2020-03", "2020-05", "2020-06", "2020-07", "Q1 2020/21")
#: a month and a day of which there is no row
AFTER = ("2020-08", "2020-06-20")
ENTITIES = ("Bath", "Hull", "Leeds", "York", "")

_NUMBERS = ("value", "numerator", "denominator", "excluded", "lower", "upper", "target", "seen")
TEXTS = dict.fromkeys(("kpi", "period", "entity", *_NUMBERS, "evidence", "causes"), "string")

_SOURCES = (
    "previous", "year ago", "mean of 3", "best of 2", "median of entities", "quartile 1 of entities",
    "decile 9 of entities", "mean of entities",
)  # fmt: skip
_CONDITIONS = (
    "value > previous_value", "value >= year_ago_value", "improved", "not worsened", 'previous == "red"',
    'year_ago == "green"', '"covid" in causes', "shortfall < 3", "target > 80", "value < target", 'entity == "Bath"',
    'evidence == "seen"', "denominator >= 20",
)  # fmt: skip
_FORMULAS = ("seen", "value - 0.1", "100 * seen / denominator", "value + target - 80", "max(value, seen)")
_BANDS = {
    "higher": 'bands = [{ rag = "red", below = "90% of target" }, { rag = "amber", from = "90% of target", '
    'below = "105% of target" }, { rag = "green", from = "105% of target" }]\n',
    "lower": 'bands = [{ rag = "green", to = "95% of target" }, { rag = "amber", above = "95% of target", '
    'to = "102% of target" }, { rag = "red", above = "102% of target" }]\n',
}
_METHODS = (
    'method = "worst"\n',
    'method = "points"\nbands = [{ rag = "red", below = 1.6 }, { rag = "amber", from = 1.6, below = 2.5 }, '
    '{ rag = "green", from = 2.5 }]\n',
    'method = "share"\nbands = [{ rag = "red", below = 50 }, { rag = "amber", from = 50, below = 80 }, '
    '{ rag = "green", from = 80 }]\n',
    'rules = [{ rag = "red", when = "red >= 2 or critical_red >= 1" }, '
    '{ rag = "amber", when = "red + amber > rated / 4" }, { rag = "green" }]\n',
)
_OF_SCORES = (
    'method = "points"\nbands = [{ rag = "green", to = 2 }, { rag = "amber", above = 2, to = 3 }, '
    '{ rag = "red", above = 3 }]\n'
)
_BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "{missing}"\n'


@frozen
class Drawn:
    """A rulebook as files and as it is loaded, measurements as texts, and judgements."""

    files: dict[str, str]
    book: Rulebook
    rows: Sequence[Row]
    overrides: Sequence[Row]


def drawn(seed: int) -> Drawn:
    """The rulebook of a seed, with its rows."""
    random = Random(seed)
    while True:
        book = _BOOK.format(missing=random.choice(("grey", "grey", "red", "carry forward")))
        book += random.choice(("", "", 'max_age = "3 months"\n'))
        files = {"book.toml": book + "[rollup]\n" + random.choice(_METHODS)}
        scored = random.random() < 0.4
        files["a.toml"] = _area(random, "a", scored=scored, above="")
        files["b.toml"] = _area(random, "b", scored=scored, above='parent = "a"\n' if random.random() < 0.4 else "")
        rules, _ = load_rules(files)
        if rules is not None:
            made = Rulebook(rules)
            return Drawn(files, made, _rows(made, random), _overrides(made, random))


def _area(random: Random, area: str, *, scored: bool, above: str) -> str:
    text = f'[area]\ntitle = "{area}"\n{above}' + "".join(_kpi(random, f"k{n}", scored) for n in range(4))
    text += "[rollup]\n" + (_OF_SCORES if scored else random.choice(_METHODS))
    if 'method = "points"' in text and _often(random, 0.3):
        text += 'of = "worst 2"\n'
    if _often(random, 0.3):
        text += 'minimum_coverage = "60%"\n'
    if _often(random, 0.3):
        limit = random.choice(('"amber", when = "red >= 1"', '"red", child = "k0", at = "amber"'))
        text += f"caps = [{{ no_better_than = {limit} }}]\n"
    if _often(random, 0.2):
        text += 'floors = [{ no_worse_than = "amber", when = "green >= 2" }]\n'
    return text


def _kpi(random: Random, name: str, scored: bool) -> str:
    """A KPI that can be loaded: what rules refuse beside each other is drawn again."""
    while True:
        text = _any_kpi(random, name, scored)
        if load_rules({"book.toml": _BOOK.format(missing="grey"), "a.toml": f'[area]\ntitle = "A"\n{text}'})[0]:
            return text


def _any_kpi(random: Random, name: str, scored: bool) -> str:
    """Half of them have little more than target and tolerance: what is rated row by row would hide how columns are."""
    unit = random.choice(("%", "%", "days", "per 1,000"))
    percent, direction = unit == "%", random.choice(("higher", "lower"))
    text = f'[kpi.{name}]\ntitle = "K"\nunit = "{unit}"\ndirection = "{direction}"\n'
    text += f"target = {_target(random, percent)}\n"
    if scored:
        text += random.choice((
            'score = { rank_of = "entities", best = 1, worst = 4 }\n',
            "score = [{ at = 70, points = 4 }, { at = 90, points = 1 }]\n",
        ))  # fmt: skip
    carried = 'missing = "carry forward"\n'
    text += random.choice(("", carried, carried, 'missing = "red"\n', 'missing = "amber"\n'))
    text += random.choice(("", "", "", 'max_age = "2 months"\n'))
    text += random.choice(("", "", "", "weight = 2\n", 'weight = "0.5"\n', "weight = 0\n", "critical = true\n"))
    if _often(random, 0.5):
        return text + random.choice(("tolerance = 0\n", 'tolerance = "5 pp"\n' if percent else "tolerance = 2\n"))
    return text + _more(random, name, unit, direction)


def _more(random: Random, name: str, unit: str, direction: str) -> str:
    """What else a KPI may have; its tables come last."""
    percent, counts, text = unit == "%", unit != "days" and _often(random, 0.5), ""
    if counts and unit == "per 1,000":
        text += 'formula = "1000 * numerator / denominator"\n'
    elif _often(random, 0.15):
        text += f'formula = "{random.choice(_FORMULAS)}"\ninputs = ["seen"]\n'
    if _often(random, 0.1):
        text += _BANDS[direction]
    elif _often(random, 0.25):
        text += 'compare = "interval"\n'
    else:
        text += random.choice((
            "tolerance = 0\n", 'tolerance = "7% of target"\n', 'tolerance = "5 pp"\n' if percent else "tolerance = 2\n",
        ))  # fmt: skip
        text += random.choice(("", "", 'met = "beyond target"\n'))
        text += random.choice(("", "", "decimals = 0\n", "decimals = 1\n"))
        text += random.choice(("", "", "persistence = 2\n"))
    if counts and _often(random, 0.5):
        text += f'confidence = "{random.choice(("95%", "99.8%"))}"\n'
    text += random.choice(("", "", "", "minimum_n = 5\n", "minimum_n = 10\n"))
    text += random.choice(("", "", "", 'frequency = "quarterly"\n', 'frequency = "monthly"\n'))
    text += random.choice(("", "", "", "rated_from = 2019-10-01\n", "requires_evidence = true\n"))
    for n in range(random.choice((0, 1, 1, 2))):
        text += _grace(random, name, n, percent)
    if _often(random, 0.25):
        own = random.choice(("target = 82", 'missing = "red"', 'missing = "carry forward"', 'target = "from data"',
                             'target = { from = "previous" }'))  # fmt: skip
        text += f"[kpi.{name}.entities]\nHull = {{ {own} }}\n"
    return text


def _target(random: Random, percent: bool) -> str:
    kind = random.choice(("number", "data", "data", "rows", "rows", "dated"))
    if kind == "dated":
        before, after = (_one_target(random, percent) for _ in range(2))
        return f"{{ 2019-01-01 = {before}, 2020-05-01 = {random.choice((after, after, _NONE))} }}"
    return _one_target(random, percent, kind)


_NONE = '"none"'


def _one_target(random: Random, percent: bool, kind: str = "") -> str:
    kind = kind or random.choice(("number", "data", "rows"))
    if kind == "rows":
        change = random.choice(("", ', change = "+1 pp"' if percent else ', change = "+1"', ', change = "-10%"'))
        return f'{{ from = "{random.choice(_SOURCES)}"{change} }}'
    return '"from data"' if kind == "data" else random.choice(("80", "80.5", "75"))


def _grace(random: Random, kpi: str, n: int, percent: bool) -> str:
    effect = random.choice((
        'no_worse_than = "amber"', 'no_better_than = "amber"', "suspend = true", "exclude_period = true", "target = 79",
        'tolerance = "9 pp"' if percent else "tolerance = 9",
    ))  # fmt: skip
    when = f"when = '{random.choice(_CONDITIONS)}'\n" if _often(random, 0.7) else ""
    return (
        f'[[kpi.{kpi}.grace]]\nname = "g{n}"\nfrom = {random.choice(("2020-01-01", "2020-04-15"))}\n'
        f'until = 2020-06-30\nreason = "R"\nauthority = "B"\n{effect}\n{when}'
    )


def _often(random: Random, share: float) -> bool:
    return random.random() < share


def _rows(book: Rulebook, random: Random) -> list[Row]:
    """A row of most KPIs, entities and periods; a period once by whatever name."""
    rows = []
    mixed = _often(random, 0.4)
    for kpi in book.rules.kpis.values():
        quarterly = str(kpi.frequency) == "quarterly"
        periods: Sequence[str] = (*MONTHS, *QUARTERS) if mixed and kpi.frequency is None else MONTHS
        if quarterly:
            periods = [random.choice(names) for names in QUARTERS.items()]
        of_counts = kpi.confidence is not None or kpi.formula is not None or _often(random, 0.2)
        for entity in ENTITIES:
            if not entity and _often(random, 0.3):
                continue
            rows += [_row(random, kpi.id, period, entity, of_counts) for period in periods if not _often(random, 0.12)]
    random.shuffle(rows)
    return rows


def _row(random: Random, kpi: str, period: str, entity: str, of_counts: bool) -> Row:
    row: Row = dict.fromkeys(TEXTS, "") | {"kpi": kpi, "period": period, "entity": entity}
    row["evidence"], row["causes"] = random.choice(("", "seen")), random.choice(("", "covid"))
    row["target"] = (
        random.choice(("80", "80.5", "75", "79", "82", "")) if _often(random, 0.97) else random.choice(STRANGE) or ""
    )
    row["seen"] = random.choice(("75", "80", "80.5", "81.3", "", "9"))
    if _often(random, 0.15):
        return row | {"target": random.choice((row["target"], "", ""))}
    if of_counts and _often(random, 0.9):
        cases = random.choice((4, 9, 20, 100, 1000))
        row["denominator"] = str(cases)
        row["numerator"] = str(int(cases * random.choice((0, 0.7, 0.75, 0.8, 0.81, 0.9, 1))))
        row["excluded"] = random.choice(("", "", "", "1"))
        return row
    row["value"] = random.choice(
        ("70", "75", "78.5", "79.95", "80", "80.05", "80.5", "81", "85", str(random.randrange(700, 950) / 10))
    )
    if _often(random, 0.6):
        value = float(row["value"])
        row["lower"] = f"{value - random.choice((0, 1, 5)):.2f}"
        row["upper"] = f"{value + random.choice((0, 1, 5)):.2f}"
    if _often(random, 0.05):
        row["value"] = random.choice(STRANGE) or ""
    return row


def _overrides(book: Rulebook, random: Random) -> list[Row]:
    made = []
    for _ in range(random.choice((0, 0, 1, 3))):
        subject = random.choice((*book.rules.kpis, *book.rules.areas))
        effect = random.choice(("rag", "no_better_than", "no_worse_than"))
        first, last = f"2020-0{random.randrange(2, 6)}-01", f"2020-0{random.randrange(5, 8)}-15"
        made.append({"subject": subject, "entity": random.choice(ENTITIES), effect: random.choice(("red", "amber", "green")),
                     "from": first, "until": last, "reason": "R", "authority": "B"})  # fmt: skip
    return made


def named(book: Rulebook, kpi: str, label: str) -> Period:
    """The period that a label names for a KPI."""
    frequency, read = book.rules.kpis[kpi].frequency, parse_period(label)
    return frequency.named(read) if frequency else read


def as_numbers(rows: Sequence[Row], seed: int) -> tuple[list[Row], dict[str, str]]:
    """The rows with numbers in place of texts, None where there is none, and the types of their columns.

    Of every third seed some columns stay texts.
    """
    names = [name for name in _NUMBERS if seed % 3 or Random(f"{seed} {name}").random() < 0.5]

    def number(text: str) -> float | None:
        try:
            return float(parse_number(text))
        except NumberError:
            return None

    made = [row | {name: number(row[name]) for name in names} for row in rows]
    return made, TEXTS | dict.fromkeys(names, "number")
