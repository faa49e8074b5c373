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


def test_areas_of_frames_refuse_to_roll_up_scores() -> None:
    """They are counted by levels, and say so with the area's name."""
    pl = pytest.importorskip("polars")
    rollup = '[rollup]\nmethod = "points"\nbands = [{ rag = "green", to = 2 }, { rag = "red", above = 2 }]\n'
    text = f'[area]\ntitle = "A"\n{RULE.format("k", "higher", POINTS)}'
    rules = ragengine.load({"book.toml": HEAD + rollup, "a.toml": text})
    rated = frames.rate(pl.DataFrame({"kpi": ["a.k"], "period": ["2025-06"], "entity": ["E"], "value": [90.0]}), rules)

    with pytest.raises(CannotRate, match="a: it rolls up the scores"):
        frames.roll_up(rated, rules)
