"""Whatever the rules, the data and the gaps in them: the areas of a frame are those of the scorecards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.data.collection import Data
from ragengine.data.door import measurement_of
from ragengine.data.model import ActionReport, Override
from ragengine.period import Period
from ragengine.rollup.area_rating import AreaRating
from ragengine.rulebook.kpi import Kpi
from ragengine.terms import Status

frames = pytest.importorskip("ragengine.frames", reason="frames need narwhals")

COLUMNS = {"kpi": "text", "period": "text", "entity": "text", "value": "text"}
REPORTED = {"action": "text", "as_at": "text", "status": "text"}
METHODS = (
    'method = "worst"',
    'method = "points"\nbands = [{ rag = "green", from = 2.5 }, { rag = "amber", from = 1.5, below = 2.5 }, '
    '{ rag = "red", below = 1.5 }]',
    'method = "points"\nof = "worst 2"\nbands = [{ rag = "green", from = 2.5 }, { rag = "amber", from = 1.5, below = 2.5 }, '
    '{ rag = "red", below = 1.5 }]',
    'method = "share"\nbands = [{ rag = "green", from = 75 }, { rag = "amber", from = 50, below = 75 }, '
    '{ rag = "red", below = 50 }]',
    'rules = [{ rag = "red", when = "critical_red >= 1 or red > rated / 2" }, '
    '{ rag = "amber", when = "red >= 1 or amber > rated / 4 or total / grey < 2" }, { rag = "green" }]',
)
#: k1 may be named by a cap, and must count
OUT = ("", "in_rollup = false\n")
GRACE = (
    'grace = [{{ from = 2020-05-01, until = 2020-06-30, no_worse_than = "amber", reason = "r", authority = "a", '
    "when = '{when}' }}]\n"
)
MONTHS = ("2020-04", "2020-05", "2020-06", "2020-07")
QUARTERS = ("Q4 2019/20", "Q1 2020/21")
DAYS = ("2020-06-15", "2020-06-30", "2020-07-03")
ENTITIES = (None, "E1", "E2")


@st.composite
def rulebooks(draw: st.DrawFn) -> dict[str, str]:
    """Two areas, one the other's parent, and a third, with rules of every kind that a roll-up looks at."""

    def policy(*children: str) -> str:
        share = draw(st.sampled_from(("0%", "50%", "100%")))
        text = f'[rollup]\nminimum_coverage = "{share}"\n{draw(st.sampled_from(METHODS))}\n'
        for key, effect in (("caps", "no_better_than"), ("floors", "no_worse_than")):
            whens = ['when = "red >= 1 or total < 2"', *(f'child = "{c}", at = "amber"' for c in children)]
            drawn = draw(st.lists(st.tuples(st.sampled_from(("red", "amber")), st.sampled_from(whens)), max_size=2))
            entries = ", ".join(f'{{ {effect} = "{level}", {when} }}' for level, when in drawn)
            text += f"{key} = [{entries}]\n" if drawn else ""
        return text

    missing = draw(st.sampled_from(("grey", "grey", "red", "carry forward")))
    files = {"book.toml": f'[book]\ntitle = "B"\nedition = "E"\nmissing = "{missing}"\n' + policy("c")}
    for area, parent in (("a", ""), ("b", 'parent = "a"\n'), ("c", "")):
        text = f'[area]\ntitle = "{area}"\n{parent}'
        kpis = draw(st.integers(0, 3))
        named = [*(["k1"] if kpis > 1 else []), *(["b"] if area == "a" else [])]
        text += policy(*named) if draw(st.booleans()) else ""
        for n in range(kpis):
            target = draw(st.sampled_from(("90", "90", "{ 2019-04-01 = 90, 2020-06-01 = 80 }")))
            text += f'[kpi.k{n}]\ntitle = "K"\nunit = "days"\ndirection = "higher"\ntarget = {target}\ntolerance = 10\n'
            text += draw(
                st.sampled_from(("", "critical = true\n", "weight = 2\n", "weight = 0\n", *OUT[: 1 + (n != 1)]))
            )
            text += draw(
                st.sampled_from(("", "", 'missing = "amber"\n', 'missing = "carry forward"\nmax_age = "1 month"\n'))
            )
            text += draw(
                st.sampled_from(("", "", 'frequency = "quarterly"\n', 'frequency = "daily"\n', "persistence = 2\n"))
            )
            text += draw(st.sampled_from(("", "", "requires_evidence = true\n")))
            when = draw(st.sampled_from(("", "", "value < 80", 'entity == "E1"')))
            text += GRACE.format(when=when) if when else ""
            text += draw(st.sampled_from(("", "", f"[kpi.k{n}.entities.E1]\ntarget = 70\n")))
        for n in range(draw(st.integers(0, 1))):
            text += f'[action.x{n}]\ntitle = "X"\ndue = "May-20"\nwarning = "28 days"\n'
            text += draw(st.sampled_from(("", "critical = true\n")))
        files[f"{area}.toml"] = text
    return files


SCORES = (
    "score = [{ at = 70, points = 4 }, { at = 85, points = 2.5 }, { at = 95, points = 1 }]\n",
    "score = [{ at = 70, points = 4 }, { at = 100, points = 1 }]\n",
    "score = [{ at = 69.9999, points = 3.7 }, { at = 77, points = 2.1 }, { at = 98.3, points = -1 }]\n",
    'score = { rank_of = "entities", best = 1, worst = 4 }\n',
)
SCORE_BANDS = (
    'bands = [{ rag = "green", to = 2.5 }, { rag = "amber", above = 2.5, to = 3 }, { rag = "red", above = 3 }]\n',
    'bands = [{ rag = "green", below = 2 }, { rag = "amber", from = 2, below = 2.5 }, { rag = "red", from = 2.5 }]\n',
)


@st.composite
def scored_rulebooks(draw: st.DrawFn) -> dict[str, str]:
    """A domain in an area, and an area of its own, which roll up scores or, the one of its own, levels."""

    def policy(*children: str) -> str:
        share, of = draw(st.sampled_from(("0%", "50%", "100%"))), draw(st.sampled_from(("", 'of = "worst 2"\n')))
        text = f'[rollup]\nminimum_coverage = "{share}"\nmethod = "points"\n{of}{draw(st.sampled_from(SCORE_BANDS))}'
        limits = ['when = "red >= 1 or total < 2"', *(f'child = "{c}", at = "amber"' for c in children)]
        drawn = draw(st.lists(st.sampled_from(limits), max_size=1))
        return text + "".join(f'caps = [{{ no_better_than = "amber", {limit} }}]\n' for limit in drawn)

    missing = draw(st.sampled_from(("grey", "grey", "red", "carry forward")))
    of_levels = draw(st.booleans())
    programme = f"[rollup]\n{METHODS[0]}\n" if of_levels else policy("a")
    files = {"book.toml": f'[book]\ntitle = "B"\nedition = "E"\nmissing = "{missing}"\n' + programme}
    for area, parent in (("a", ""), ("b", 'parent = "a"\n'), ("c", "")):
        text = f'[area]\ntitle = "{area}"\n{parent}'
        scored = area != "c" or not of_levels
        text += policy("k1", *(["b"] if area == "a" else [])) if scored else f"[rollup]\n{METHODS[3]}\n"
        for n in range(2):
            text += f'[kpi.k{n}]\ntitle = "K"\nunit = "days"\ndirection = "higher"\ntarget = 90\ntolerance = 10\n'
            text += draw(st.sampled_from(SCORES))
            text += draw(st.sampled_from(("", "critical = true\n", "weight = 2\n", *(["weight = 0\n"] if n else []))))
            text += draw(st.sampled_from(("", "", 'missing = "amber"\n', 'missing = "carry forward"\n')))
            text += draw(
                st.sampled_from(("", "", 'frequency = "quarterly"\n', 'frequency = "daily"\n', "decimals = 0\n"))
            )
            text += draw(st.sampled_from(("", "", SUSPENDED)))
        text += '[action.x]\ntitle = "X"\ndue = "May-20"\n' + ("weight = 0\n" if scored else "")
        files[f"{area}.toml"] = text
    return files


SUSPENDED = 'grace = [{ from = 2020-05-01, until = 2020-05-31, suspend = true, reason = "r", authority = "a" }]\n'


def named(kpi: Kpi, period: str) -> Period:
    """The period that a label names for a KPI."""
    read = ragengine.parse_period(period)
    return kpi.frequency.named(read) if kpi.frequency else read


@st.composite
def measurements(
    draw: st.DrawFn,
    kpis: Mapping[str, Kpi],
    periods: tuple[str, ...],
    among: tuple[Any, ...] = ("95", "85", "70", "c", "", "nonsense"),
    most: int = 25,
) -> list[dict[str, Any]]:
    """Rows of some of these KPIs, entities and periods (as the KPI's frequency reads them), each once."""
    if not kpis:
        return []

    def whose(key: tuple[str, str, str | None]) -> tuple[str, Period, str | None]:
        kpi, period, entity = key
        return kpi, named(kpis[kpi], period), entity

    keys = st.tuples(st.sampled_from(sorted(kpis)), st.sampled_from(periods), st.sampled_from(ENTITIES))
    chosen = draw(st.lists(keys, max_size=most, unique_by=whose))
    values = st.sampled_from(among)
    return [{"kpi": kpi, "period": p, "entity": e, "value": draw(values)} for kpi, p, e in chosen]


@st.composite
def overrides(draw: st.DrawFn, subjects: list[str]) -> list[Override]:
    """Judgements on areas, KPIs and actions."""
    made = []
    for _ in range(draw(st.integers(0, 3))):
        effect = draw(st.sampled_from(("rag", "no_better_than", "no_worse_than")))
        level = draw(st.sampled_from(("red", "Amber", "g")))
        start, until = date(2020, draw(st.integers(4, 6)), 1), date(2020, 7, 31)
        entity = draw(st.sampled_from(ENTITIES))
        made.append(Override(draw(st.sampled_from(subjects)), effect, level, start, until, "r", "a", entity=entity))
    return made


def as_data(rows: list[dict[str, Any]], reports: list[dict[str, Any]], judged: list[Override]) -> Data:
    """The same as the readers of files would have it."""
    given = [
        measurement_of(r["kpi"], value=r["value"], period=ragengine.parse_period(r["period"]), entity=r["entity"])
        for r in rows
    ]
    actions = [ActionReport(r["action"], date.fromisoformat(r["as_at"]), Status(r["status"])) for r in reports]
    return Data(tuple(given), tuple(actions), tuple(judged))


def described(area: AreaRating) -> dict[str, Any]:
    """What a scorecard says of an area, by the names of columns."""
    return {
        "rag": str(area.rag),
        "adjusted": str(area.adjusted),
        "computed": str(area.computed),
        "reason": None if area.reason is None else str(area.reason),
        "rated": area.rated,
        "total": area.total,
        **area.counts,
        "score": None if area.score is None else float(area.score),
    }


NUMBERS = (95.0, 85.0, 70.0, 82.5, 84.6, 90.1, 77.77, None)
TEXTS = ("95", "85", "70", "82.5", "c", "", "nonsense")


@settings(max_examples=settings().max_examples // 4)
@given(st.data())
def test_areas_of_scores_are_those_of_the_scorecards(polars: Any, data: st.DataObject) -> None:
    """Along points and by rank, over gaps, judgements and mixed periods, on the lines of the bands: exactly the card's."""
    book = ragengine.load(data.draw(scored_rulebooks()))
    periods = data.draw(st.sampled_from((MONTHS, MONTHS, (*MONTHS, *QUARTERS), (*MONTHS, *QUARTERS, *DAYS))))
    numbers = data.draw(st.booleans())
    rows = data.draw(measurements(book.rules.kpis, periods, NUMBERS if numbers else TEXTS, 40))
    judged = data.draw(overrides([*book.rules.areas, *book.rules.kpis, *book.rules.actions]))
    given = as_data(rows, [], judged)
    rated = frames.rate(polars.frame(rows, COLUMNS | ({"value": "number"} if numbers else {})), book, overrides=given)

    every = polars.rows(frames.roll_up(rated, book, overrides=given))
    for period in {ragengine.parse_period(row["period"]) for row in rows}:
        card = of_card(book.score(given, as_at=period))
        assert of_frame(every, period, next(iter(card.values()))) == card


@settings(max_examples=settings().max_examples // 4)
@given(st.data())
def test_entities_left_out_after_rating_change_nobody_elses_areas(polars: Any, data: st.DataObject) -> None:
    """The areas of an entity are what they were, also by rank: its rows say how they scored among all."""
    book = ragengine.load(data.draw(scored_rulebooks()))
    rows = data.draw(measurements(book.rules.kpis, MONTHS, NUMBERS, 40))
    rated = frames.rate(polars.frame(rows, COLUMNS | {"value": "number"}), book)
    kept = data.draw(st.sampled_from(("E1", "E2")))
    own = rated.filter(rated["entity"] == kept)

    everybody, alone = (polars.rows(frames.roll_up(frame, book)) for frame in (rated, own))
    periods = {row["period"] for row in alone}
    before = [row for row in everybody if row["entity"] == kept and row["period"] in periods]
    assert [row for row in alone if row["entity"]] == before


def of_card(card: ragengine.Scorecard) -> dict[tuple[str, str | None], dict[str, Any]]:
    """Every area of a scorecard, and its programme."""
    areas = {(key, None) if isinstance(key, str) else key: described(area) for key, area in card.areas.items()}
    return {**areas, ("programme", None): described(card.programme)}


def of_frame(rows: list[dict[str, Any]], period: Period, columns: Mapping[str, Any]) -> dict[Any, dict[str, Any]]:
    """The same of the rows of one period of a frame."""
    own = [row for row in rows if row["period"] == str(period)]
    return {(row["area"], row["entity"]): {name: row[name] for name in columns} for row in own}


@settings(max_examples=settings().max_examples // 4)
@given(st.data())
def test_the_areas_of_a_frame_are_those_of_the_scorecards(polars: Any, data: st.DataObject) -> None:
    """Every method, gap, weight, frequency and judgement: all areas, of the whole and of each entity, agree."""
    book = ragengine.load(data.draw(rulebooks()))
    periods = data.draw(st.sampled_from((MONTHS, MONTHS, (*MONTHS, *QUARTERS), (*MONTHS, *QUARTERS, *DAYS))))
    rows = data.draw(measurements(book.rules.kpis, periods))
    subjects = [*book.rules.areas, *book.rules.kpis, *book.rules.actions]
    judged = data.draw(overrides(subjects))
    reports = [
        {"action": action, "as_at": day, "status": data.draw(st.sampled_from(("in progress", "complete", "deferred")))}
        for action in book.rules.actions
        for day in data.draw(st.sets(st.sampled_from(("2020-04-10", "2020-06-01", "2020-07-31"))))
    ]
    given = as_data(rows, reports, judged)
    frame, actions = polars.frame(rows, COLUMNS), polars.frame(reports, REPORTED)
    of = ragengine.parse_period(data.draw(st.sampled_from((*MONTHS, *QUARTERS))))
    rated = frames.rate(frame, book, as_at=of.end, overrides=given)
    card = of_card(book.score(given, as_at=of))
    columns = next(iter(card.values()))

    got = frames.roll_up(rated, book, as_at=of, actions=actions, overrides=given)
    assert of_frame(polars.rows(got), of, columns) == card

    rated = frames.rate(frame, book, overrides=given)
    every = polars.rows(frames.roll_up(rated, book, actions=actions, overrides=given))
    assert {row["period"] for row in every} == {str(ragengine.parse_period(row["period"])) for row in rows}
    for period in {ragengine.parse_period(row["period"]) for row in rows}:
        assert of_frame(every, period, columns) == of_card(book.score(given, as_at=period))
