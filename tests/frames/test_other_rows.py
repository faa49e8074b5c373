"""Drawn rules whose targets and scores are made from other rows, with whatever else a rule may say, beside scorecards."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.strategies import rulebooks, series

from .agreement import target_of
from .engines import PLAIN, Engine

frames = pytest.importorskip("ragengine.frames", reason="frames need narwhals")

BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n'
AREA = '[area]\ntitle = "A"\n'
NUMBERS = ("value", "numerator", "denominator", "lower", "upper", "target")
TEXTS = ("kpi", "period", "entity", "evidence", "causes")
GRACE = '[[kpi.k{}.grace]]\nname = "g"\nfrom = 2020-01-01\nuntil = 2020-06-30\nreason = "R"\nauthority = "B"\n'
EAGER = [each for each in PLAIN if not each.is_lazy and not each.lacks]
UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
COLUMNS = ("rag", "reason", "target", "score", "previous", "movement")


Drawn = tuple[ragengine.Rulebook, list[dict[str, Any]]]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """A rulebook of the rules that take other rows in one way or several, and all rows of its KPIs."""
    book = draw(rulebooks(3, 0, statistics=True, other_rows=True))
    rows = [row for kpi in book.kpis.values() for row in draw(series(kpi))]
    assume(rows)
    return book, rows


def number(text: str) -> float | None:
    """What a column of numbers holds for a cell."""
    try:
        return float(text)
    except ValueError:
        return None


def by_scorecards(book: ragengine.Rulebook, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The columns that are compared, of each row by the scorecard of its month."""
    data = ragengine.Data.of(measurements=rows)
    cards = {month: book.score(data, as_at=month) for month in {row["period"] for row in rows}}
    made = []
    for row in rows:
        rating = cards[row["period"]].ratings[row["kpi"], row["entity"] or None]
        exact = [target_of(rating), None if rating.score is None else float(rating.score)]
        words = [None if each is None else str(each) for each in (rating.reason, rating.previous, rating.movement)]
        made.append((str(rating.rag), words[0], *exact, *words[1:]))
    return made


@pytest.mark.parametrize("engine", EAGER, ids=lambda each: each.name)
@settings(max_examples=10, deadline=None, suppress_health_check=UNHURRIED)
@given(drawn(), st.booleans())
def test_frames_say_of_drawn_rules_what_scorecards_say(engine: Engine, made: Drawn, of_numbers: bool) -> None:
    """Level, reason, target, score, previous level and movement, of columns of numbers and of texts."""
    book, rows = made
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
@settings(max_examples=10, deadline=None, suppress_health_check=UNHURRIED)
@given(drawn())
def test_areas_over_gaps_of_drawn_rules_are_those_of_scorecards(engine: Engine, made: Drawn) -> None:
    """What an entity without a row carries is judged by its peers: how many children have each level, and the area's."""
    book, rows = made
    last = max(row["period"] for row in rows)
    types = dict.fromkeys(TEXTS, "string") | dict.fromkeys(NUMBERS, "string")
    rated = frames.rate(engine.make(rows, types), book, columns=("rag", "adjusted"))
    card = book.score(ragengine.Data.of(measurements=rows), as_at=last)

    for row in engine.rows(frames.roll_up(rated, book, as_at=last)):
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
    book = ragengine.load({"book.toml": BOOK, "a.toml": f'{AREA}[kpi.k0]\ntitle = "K"\n{keys}{relief}'})
    told = {}
    for own in ("Bath", "Hull"):
        rows = [{"kpi": "a.k0", "period": "2020-03", "entity": entity, "value": value}
                for entity, value in ((own, 79.0), ("Leeds", 80.0), ("York", 81.0))]  # fmt: skip
        types = dict.fromkeys(("kpi", "period", "entity"), "string") | {"value": "number"}
        told[own] = [row["rag"] for row in engine.back(frames.rate(engine.make(rows, types), book))]

    assert {"Bath": ["green", "green", "green"], "Hull": ["red", "green", "green"]} == told
