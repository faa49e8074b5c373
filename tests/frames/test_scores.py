"""The score of each row of a frame is that of one measurement, and by rank that of the scorecard of its period."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.errors import CannotRate

from .engines import Engine

frames = pytest.importorskip("ragengine.frames", reason="frames need narwhals")

TYPES = {"kpi": "string", "period": "string", "entity": "string", "value": "number"}
RULE = '[kpi.{}]\ntitle = "K"\nunit = "days"\ndirection = "{}"\ntarget = 90\ntolerance = "10 days"\n{}\n'
POINTS = "score = [{ at = 80, points = 4 }, { at = 85, points = 1.5 }, { at = 95, points = 1 }]"
RANKS = 'score = { rank_of = "entities", best = 1, worst = 4 }'
ALONG = {
    "points": ("higher", POINTS),
    "printed": ("higher", f"{POINTS}\ndecimals = 1"),
    "carried": ("higher", f'{POINTS}\nmissing = "carry forward"'),
    "missing": ("higher", f'{POINTS}\nmissing = "red"'),
    "held": ("lower", f"{POINTS}\npersistence = 2"),
    "none": ("higher", ""),
}
BY_RANK = {
    "best": ("higher", RANKS),
    "least": ("lower", f"{RANKS}\ndecimals = 0"),
    "kept": ("higher", f'{RANKS}\nmissing = "carry forward"'),
    "slow": ("lower", f"{RANKS}\npersistence = 2"),
    "turned": ("higher", f'{RANKS}\npersistence = 2\nformula = "180 - value"'),
}
HEAD = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
#: on, just under and just over each point, and on and beside halves of the last decimal
VALUES = [
    sign * 2.0**-40 + at
    for at in (80.0, 85.0, 95.0, 84.95, 94.95, 94.5, 79.5, 90.0, 60.0, 120.0)
    for sign in (-1, 0, 1)
]


def book(rules: dict[str, tuple[str, str]]) -> ragengine.Rulebook:
    """These KPIs in an area that does not roll scores up."""
    text = "".join(RULE.format(name, direction, rest) for name, (direction, rest) in rules.items())
    return ragengine.load({"book.toml": HEAD, "a.toml": f'[area]\ntitle = "A"\n{text}'})


@st.composite
def rows(draw: st.DrawFn, names: list[str]) -> list[dict[str, Any]]:
    """Measurements of entities over two months, each once; some have no value."""
    keys = st.tuples(
        st.sampled_from([f"a.{name}" for name in names]), st.sampled_from(["2025-05", "2025-06"]),
        st.sampled_from([None, "E1", "E2", "E3", "E4"]),
    )  # fmt: skip
    chosen = draw(st.lists(keys, min_size=1, max_size=25, unique=True))
    values = st.one_of(st.none(), st.sampled_from(VALUES))
    return [{"kpi": k, "period": p, "entity": e, "value": draw(values)} for k, p, e in chosen]


def scored(engine: Engine, rules: ragengine.Rulebook, given: list[dict[str, Any]], **asked: Any) -> list[float | None]:
    """The column of scores."""
    return [row["score"] for row in engine.back(frames.rate(engine.make(given, TYPES), rules, **asked))]


def of_cards(rules: ragengine.Rulebook, given: list[dict[str, Any]], overrides: Any = ()) -> list[float | None]:
    """The same from the scorecard of each row's period."""
    data = ragengine.Data.of(measurements=given, overrides=list(overrides))
    cards = {period: rules.score(data, as_at=period) for period in {row["period"] for row in given}}
    found = []
    for row in given:
        key = row["kpi"] if row["entity"] is None else (row["kpi"], row["entity"])
        score = cards[row["period"]].ratings[key].score
        found.append(None if score is None else float(score))
    return found


def close(one: list[float | None], other: list[float | None]) -> bool:
    """Alike to the last digits of a float, and none where the other has none."""
    pairs = zip(one, other, strict=True)
    return all((a is None) == (b is None) and (a is None or a == pytest.approx(b, abs=1e-12)) for a, b in pairs)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows([*ALONG]))
def test_scores_along_points_are_those_of_one_measurement(plain: Engine, given: list[dict[str, Any]]) -> None:
    """Whatever the engine: rounded, carried, missing, with persistence, and none where the rule has none."""
    rules = book(ALONG)
    if plain.is_lazy and plain.name != "polars lazy" and "dask" not in plain.name:
        rules = book({name: rule for name, rule in ALONG.items() if name != "held"})
        given = [row for row in given if row["kpi"] != "a.held"]
    if not given:
        return

    assert close(scored(plain, rules, given), of_cards(rules, given))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows([*BY_RANK, "points"]))
def test_ranks_are_those_of_the_scorecard(given: list[dict[str, Any]]) -> None:
    """Ties, values as judged, carried ones, of the whole; in frames of Polars, pandas and pyarrow."""
    from .engines import PLAIN

    rules = book({**BY_RANK, "points": ALONG["points"]})
    wanted = of_cards(rules, given)
    for engine in PLAIN:
        if engine.name in ("polars", "pandas", "pyarrow") and not engine.lacks:
            assert close(scored(engine, rules, given), wanted), engine.name


def test_an_override_to_a_level_leaves_the_score_and_grace_to_grey_takes_it() -> None:
    """As in a scorecard."""
    grace = '\n[[kpi.shut.grace]]\nfrom = 2025-01-01\nuntil = 2025-12-31\nreason = "R"\nauthority = "A"\nsuspend = true'
    rules = book({"points": ("higher", POINTS), "shut": ("higher", POINTS + grace)})
    given = [{"kpi": f"a.{name}", "period": "2025-06", "entity": None, "value": 90.0} for name in ("points", "shut")]
    judged = [
        {
            "subject": "a.points",
            "rag": "red",
            "from": "2025-06-01",
            "until": "2025-07-31",
            "reason": "R",
            "authority": "A",
        }
    ]
    pl = pytest.importorskip("polars")
    made = frames.rate(pl.DataFrame(given), rules, overrides=ragengine.Data.of(overrides=judged))

    assert [("red", 1.25), ("grey", None)] == made.select("rag", "score").rows()
    assert [1.25, None] == of_cards(rules, given, judged)


def test_a_judgement_on_a_suspended_row_brings_its_score_back(plain: Engine) -> None:
    """The level is red again, and the score was never moved; also where the suspension asks for the level before."""
    shut = '\n[[kpi.{}.grace]]\nfrom = 2025-06-01\nuntil = 2025-06-30\nreason = "R"\nauthority = "A"\nsuspend = true\n'
    asking = shut.format("asking") + "when = 'previous == \"red\"'"
    rules = book({"plain": ("higher", POINTS + shut.format("plain")), "asking": ("higher", POINTS + asking)})
    if plain.is_lazy:
        rules = book({"plain": ("higher", POINTS + shut.format("plain"))})
    given = [
        {"kpi": kpi, "period": period, "entity": None, "value": value}
        for kpi in rules.kpis for period, value in (("2025-05", 70.0), ("2025-06", 82.5))
    ]  # fmt: skip
    judged = [
        {"subject": kpi, "rag": "red", "from": "2025-06-01", "until": "2025-07-31", "reason": "R", "authority": "A"}
        for kpi in rules.kpis
    ]
    overrides = ragengine.Data.of(overrides=judged)

    assert scored(plain, rules, given, overrides=overrides) == [4.0, 2.75] * len(rules.kpis)
    assert of_cards(rules, given, judged) == [4.0, 2.75] * len(rules.kpis)


def test_the_column_is_there_where_a_rule_has_a_score_or_it_is_asked_for() -> None:
    """A rulebook without scores has none, and gives an empty one by name."""
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"kpi": ["a.k"], "value": [90.0]})
    plain, with_score = book({"k": ("higher", "")}), book({"k": ("higher", POINTS)})

    assert "score" not in frames.rate(frame, plain).columns
    assert [None] == frames.rate(frame, plain, columns=("score",))["score"].to_list()
    assert "score" in frames.rate(frame, with_score).columns
    assert "score" not in frames.rate(frame, with_score, columns=("rag",)).columns


def test_engines_without_windows_refuse_ranks_by_name(plain: Engine) -> None:
    """And rate the rest where the column is not asked for."""
    rules = book({"best": BY_RANK["best"]})
    frame = plain.make([{"kpi": "a.best", "period": "2025-06", "entity": "E1", "value": 90.0}], TYPES)
    if plain.name.startswith("polars") or not plain.is_lazy:
        assert [1.0] == [row["score"] for row in plain.back(frames.rate(frame, rules))]
        return

    with pytest.raises(CannotRate, match=r"a\.best: its score is by rank"):
        frames.rate(frame, rules)
    assert ["green"] == [row["rag"] for row in plain.back(frames.rate(frame, rules, columns=("rag",)))]


ROLLUP = """\
[rollup]
method = "points"
bands = [{ rag = "green", to = 2 }, { rag = "amber", above = 2, to = 2.5 }, { rag = "red", above = 2.5 }]
"""


def plain_rows(engine: Engine, frame: Any) -> list[dict[str, Any]]:
    """The rows of areas, None for what is not there."""
    return [{k: None if str(v) in ("nan", "None", "<NA>") else v for k, v in row.items()} for row in engine.rows(frame)]


def areas(
    engine: Engine, rules: ragengine.Rulebook, given: list[dict[str, Any]], as_at: str, overrides: Any = ()
) -> list[dict[str, Any]]:
    """The areas of a period, each beside the one of its scorecard."""
    data = ragengine.Data.of(measurements=given, overrides=list(overrides))
    card = rules.score(data, as_at=as_at)
    ranked = any(kpi.score.by_rank for kpi in rules.rules.kpis.values() if kpi.score is not None)
    columns = ("rag", "adjusted") if ranked and engine.name == "duckdb" else None
    rated = frames.rate(engine.make(given, TYPES), rules, overrides=data, columns=columns)
    rolled = plain_rows(engine, frames.roll_up(rated, rules, as_at=as_at, overrides=data))
    for row in rolled:
        key = row["area"] if row["entity"] is None else (row["area"], row["entity"])
        area = card.programme if key == "programme" else card.areas[key]
        score = None if area.score is None else float(area.score)
        assert (row["rag"], row["adjusted"], row["score"]) == (str(area.rag), str(area.adjusted), score), row
        assert {name: row[name] for name in area.counts} == area.counts
    return rolled


@pytest.mark.parametrize("names", [("points", "printed"), ("best", "least")])
def test_areas_of_frames_roll_up_scores_as_scorecards_do(plain: Engine, names: tuple[str, ...]) -> None:
    """On each kind of frame, its column of scores or not; a mean on the line of a band is on it."""
    kpis = {name: (ALONG | BY_RANK)[name] for name in names}
    text = "".join(RULE.format(name, direction, rest) for name, (direction, rest) in kpis.items())
    rules = ragengine.load({"book.toml": HEAD + ROLLUP, "a.toml": f'[area]\ntitle = "A"\n{text}'})
    values = {"E1": (83.0, 85.0), "E2": (82.0, 95.0), "E3": (90.1, None), "E4": (84.95, 84.94)}
    given = [
        {"kpi": f"a.{name}", "period": "2025-06", "entity": entity, "value": value}
        for entity, own in values.items()
        for name, value in zip(names, own, strict=True)
    ]
    rolled = areas(plain, rules, given, "2025-06")

    own = {row["entity"]: row["score"] for row in rolled if row["area"] == "a"}
    # 2.5 along the points and 1.5, or third of four and, printed alike, among the first of three: on the line of green
    assert own["E1"] == 2.0
    assert [row["area"] for row in rolled] == ["a", "programme", "a", "a", "a", "a"]


def test_a_judgement_of_another_day_leaves_the_score_that_it_lets_through(plain: Engine) -> None:
    """A quarter that is suspended has no score of its own; the scorecard of a later month, where it is judged, has it."""
    suspended = (
        'frequency = "quarterly"\ngrace = [{ from = 2025-06-01, until = 2025-06-30, suspend = true, reason = "r", '
        'authority = "a" }]'
    )
    text = RULE.format("k", "higher", f"{POINTS}\n{suspended}")
    rules = ragengine.load({"book.toml": HEAD + ROLLUP, "a.toml": f'[area]\ntitle = "A"\n{text}'})
    given = [{"kpi": "a.k", "period": "Q1 2025/26", "entity": "E", "value": 85.0}]
    judged = {"subject": "a.k", "entity": "E", "rag": "amber", "from": "2025-07-10", "until": "2025-12-31",
              "reason": "r", "authority": "a"}  # fmt: skip
    rolled = areas(plain, rules, given, "2025-07", [judged])

    assert [row["score"] for row in rolled] == [1.5, 1.5, 1.5]


def test_ranks_are_among_those_that_a_scorecard_shows(plain: Engine) -> None:
    """Of days, a month shows the latest of each entity: those of another day are no peers of it."""
    daily = RULE.format("k", "higher", f'{RANKS}\nfrequency = "daily"')
    rules = ragengine.load({"book.toml": HEAD + ROLLUP, "a.toml": f'[area]\ntitle = "A"\n{daily}'})
    days = {"E1": ("2025-06-29", 80.0), "E2": ("2025-06-29", 95.0), "E3": ("2025-06-29", 90.0)}
    given = [{"kpi": "a.k", "period": day, "entity": entity, "value": value} for entity, (day, value) in days.items()]
    given.append({"kpi": "a.k", "period": "2025-06-30", "entity": "E2", "value": 70.0})
    rolled = areas(plain, rules, given, "2025-06")

    assert {row["entity"]: row["score"] for row in rolled} == {None: 2.0, "E1": 4.0, "E2": 1.0, "E3": 1.0}
