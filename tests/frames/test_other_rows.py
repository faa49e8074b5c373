"""Drawn rules whose targets and scores are made from other rows, with whatever else a rule may say, beside scorecards."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.rulefile.load import load_rules

from .engines import PLAIN, Engine

frames = pytest.importorskip("ragengine.frames", reason="frames need narwhals")

BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "{}"\n'
AREA = '[area]\ntitle = "A"\n'
SOURCES = ("previous", "year ago", "mean of 3", "best of 4", "median of entities", "quartile 1 of entities",
           "decile 9 of entities", "mean of entities")  # fmt: skip
MONTHS = [*(f"2019-{month:02}" for month in range(6, 13)), *(f"2020-{month:02}" for month in range(1, 9))]
ENTITIES = ("Bath", "Hull", "Leeds", "York", "")
NUMBERS = ("value", "numerator", "denominator", "lower", "upper", "target")
TEXTS = ("kpi", "period", "entity", "evidence", "causes")
#: about targets of 80 and 80.5 and of 8, and on halves of a last decimal
VALUES = ("70", "75", "78.5", "79.95", "80", "80.05", "80.5", "81", "85", "8", "84.9")
STRANGE = ("", "c", "rubbish", "z", "12 [b]", "85 [p]")
CONDITIONS = ("value > previous_value", "improved", "not worsened", '"covid" in causes', "value >= year_ago_value",
              "shortfall < 3", "target > 80", 'entity == "Bath"')  # fmt: skip
SCORES = (
    'score = { rank_of = "entities", best = 1, worst = 4 }',
    "score = [{ at = 70, points = 4 }, { at = 90, points = 1 }]",
)
GRACE = '[[kpi.k{}.grace]]\nname = "g"\nfrom = 2020-01-01\nuntil = 2020-06-30\nreason = "R"\nauthority = "B"\n'
EAGER = [each for each in PLAIN if not each.is_lazy and not each.lacks]
COLUMNS = ("rag", "reason", "target", "score", "previous", "movement")


def rule(random: Random, number: int) -> str:
    """A rule that takes other rows in one way or several."""
    unit = random.choice(("%", "days", "per 1,000"))
    lines = ['title = "K"', f'unit = "{unit}"', f'direction = "{random.choice(("higher", "lower"))}"']
    source = random.choice((*SOURCES, "from data", ""))
    change = random.choice(("", "+1 pp" if unit == "%" else "+1", "-10%", "+5%"))
    if source in SOURCES:
        lines.append(f'target = {{ from = "{source}"' + (f', change = "{change}" }}' if change else " }"))
    else:
        lines.append('target = "from data"' if source else "target = 80.5")
    if unit == "per 1,000":
        lines.append('formula = "1000 * numerator / denominator"')
    if random.random() < 0.35:
        lines.append('compare = "interval"')
    else:
        lines.append(
            random.choice(('tolerance = "7% of target"', "tolerance = 0", 'tolerance = 0\nmet = "beyond target"'))
        )
        lines += random.sample((f"decimals = {random.choice((0, 1))}", "persistence = 2"), random.choice((0, 0, 1)))
    if unit != "days" and random.random() < 0.6:
        lines.append(f'confidence = "{random.choice(("95%", "99.8%"))}"')
    others = (
        f"minimum_n = {random.choice((5, 10))}", f'missing = "{random.choice(("red", "carry forward", "amber"))}"',
        "rated_from = 2019-10-01", "requires_evidence = true", random.choice(SCORES),
    )  # fmt: skip
    lines += random.sample(others, random.choice((0, 1, 2)))
    text = f"[kpi.k{number}]\n" + "\n".join(lines) + "\n"
    if random.random() < 0.4:
        effects = ('no_worse_than = "amber"', 'no_better_than = "amber"', "suspend = true", "exclude_period = true",
                   "target = 79")  # fmt: skip
        when = random.choice((None, *CONDITIONS))
        text += GRACE.format(number) + random.choice(effects) + "\n" + (f"when = '{when}'\n" if when else "")
    return text


def drawn_book(random: Random) -> ragengine.Rulebook:
    """Four rules of those that the loader takes."""
    missing = random.choice(("grey", "grey", "carry forward"))
    made = ""
    for number in range(4):
        while True:
            text = rule(random, number)
            if load_rules({"book.toml": BOOK.format(missing), "a.toml": AREA + text})[0] is not None:
                made += text
                break
    return ragengine.load({"book.toml": BOOK.format(missing), "a.toml": AREA + made})


def drawn_rows(book: ragengine.Rulebook, random: Random) -> list[dict[str, Any]]:
    """Months of each entity and of the whole, some left out, by values, counts and intervals."""
    made = []
    for kpi in book.kpis.values():
        counted = kpi.kpi.unit != "days" and random.random() < 0.6
        for month in MONTHS:
            for entity in ENTITIES:
                if random.random() < 0.15:
                    continue
                row = dict.fromkeys(NUMBERS, "") | {"kpi": kpi.id, "period": month, "entity": entity}
                row |= {"evidence": random.choice(("", "seen")), "causes": random.choice(("", "covid"))}
                row["target"] = random.choice(("80", "80.5", "8", ""))
                if counted or (kpi.kpi.formula and random.random() < 0.9):
                    whole = random.choice((4, 9, 20, 100, 200, 1000))
                    row["denominator"] = str(whole)
                    row["numerator"] = str(random.choice((0, whole, whole * 8 // 10, whole * 8 // 10 + 1, 9, 10)))
                else:
                    row["value"] = random.choice(VALUES if random.random() < 0.95 else STRANGE)
                if row["value"] in VALUES and random.random() < 0.3:
                    row["lower"] = str(float(row["value"]) - random.choice((0, 1, 5)))
                    row["upper"] = str(float(row["value"]) + random.choice((0, 1, 5)))
                made.append(row)
    return made


def number(text: str) -> float | None:
    """What a column of numbers holds for a cell."""
    try:
        return float(text)
    except ValueError:
        return None


def by_scorecards(book: ragengine.Rulebook, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The columns that are compared, of each row by the scorecard of its month."""
    data = ragengine.Data.of(measurements=rows)
    cards = {month: book.score(data, as_at=month) for month in MONTHS}
    made = []
    for row in rows:
        rating = cards[row["period"]].ratings[row["kpi"], row["entity"] or None]
        exact = [None if each is None else float(each) for each in (rating.target, rating.score)]
        words = [None if each is None else str(each) for each in (rating.reason, rating.previous, rating.movement)]
        made.append((str(rating.rag), words[0], *exact, *words[1:]))
    return made


@pytest.mark.parametrize("engine", EAGER, ids=lambda each: each.name)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.booleans())
def test_frames_say_of_drawn_rules_what_scorecards_say(engine: Engine, seed: int, of_numbers: bool) -> None:
    """Level, reason, target, score, previous level and movement, of columns of numbers and of texts."""
    random = Random(seed)
    book = drawn_book(random)
    rows = drawn_rows(book, random)
    if of_numbers:
        rows = [{name: number(cell) if name in NUMBERS else cell for name, cell in row.items()} for row in rows]
    types = dict.fromkeys(TEXTS, "string") | dict.fromkeys(NUMBERS, "number" if of_numbers else "string")
    rated = engine.back(frames.rate(engine.make(rows, types), book, columns=COLUMNS[:4], history=True, suffix="_"))

    for row, have, want in zip(rows, rated, by_scorecards(book, rows), strict=True):
        told = [have[f"{name}_"] for name in COLUMNS]
        assert [pytest.approx(each, rel=1e-9) if isinstance(each, float) else each for each in want] == told, (
            row,
            book,
        )


@pytest.mark.parametrize("engine", EAGER, ids=lambda each: each.name)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6))
def test_areas_over_gaps_of_drawn_rules_are_those_of_scorecards(engine: Engine, seed: int) -> None:
    """What an entity without a row carries is judged by its peers: how many children have each level, and the area's."""
    random = Random(seed)
    book = drawn_book(random)
    rows = drawn_rows(book, random)
    types = dict.fromkeys(TEXTS, "string") | dict.fromkeys(NUMBERS, "string")
    rated = frames.rate(engine.make(rows, types), book, columns=("rag", "adjusted"))
    card = book.score(ragengine.Data.of(measurements=rows), as_at=MONTHS[-1])

    for row in engine.rows(frames.roll_up(rated, book, as_at=MONTHS[-1])):
        entity = row["entity"] if isinstance(row["entity"], str) else None
        area = (
            card.programme
            if row["area"] == "programme"
            else card.areas[(row["area"], entity) if entity else row["area"]]
        )
        assert (str(area.rag), area.counts) == (row["rag"], {name: row[name] for name in area.counts}), (row, book)


@pytest.mark.parametrize("engine", EAGER, ids=lambda each: each.name)
def test_a_relief_to_another_target_for_one_entity(engine: Engine) -> None:
    """The median of 79, 80 and 81 is 80; under the relief Bath's 79 meets its 79, and Hull's 79 does not meet 80."""
    relief = GRACE.format(0) + "target = 79\nwhen = 'entity == \"Bath\"'\n"
    keys = 'direction = "higher"\ntarget = { from = "median of entities" }\ntolerance = 0\n'
    book = ragengine.load({"book.toml": BOOK.format("grey"), "a.toml": f'{AREA}[kpi.k0]\ntitle = "K"\n{keys}{relief}'})
    told = {}
    for own in ("Bath", "Hull"):
        rows = [{"kpi": "a.k0", "period": "2020-03", "entity": entity, "value": value}
                for entity, value in ((own, 79.0), ("Leeds", 80.0), ("York", 81.0))]  # fmt: skip
        types = dict.fromkeys(("kpi", "period", "entity"), "string") | {"value": "number"}
        told[own] = [row["rag"] for row in engine.back(frames.rate(engine.make(rows, types), book))]

    assert {"Bath": ["green", "green", "green"], "Hull": ["red", "green", "green"]} == told
