"""The areas of a rated frame, on every kind of frame: as the scorecard has them, a row each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine.data.model import Override
from ragengine.workbench.testing.case_runner import all_cases, children_of

frames = pytest.importorskip("ragengine.frames", reason="frames need narwhals")

BOOK = """
[book]
title = "Plan"
edition = "2020-21"
missing = "grey"

[rollup]
minimum_coverage = "50%"
rules = [
  { rag = "red",   when = "critical_red >= 1 or red > rated / 2" },
  { rag = "amber", when = "red >= 1 or amber > rated / 4" },
  { rag = "green" },
]
"""
KPI = 'unit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
#: k1 to k3 and an action in "help"; k4, which is left out of the roll-up, and k5, which is critical, in its child area
HELP = f"""
[area]
title = "Help"
[kpi.k1]
title = "K1"
{KPI}
[kpi.k2]
title = "K2"
{KPI}
[kpi.k3]
title = "K3"
{KPI}
[action.train]
title = "Train everybody"
due = "2020-07-30"
"""
FRONT = f"""
[area]
title = "Front door"
parent = "help"
[kpi.k4]
title = "K4"
in_rollup = false
{KPI}
[kpi.k5]
title = "K5"
critical = true
{KPI}
"""
COLUMNS = {"kpi": "text", "period": "text", "entity": "text", "value": "number"}
SAID = (
    "area", "period", "entity", "rag", "adjusted", "computed", "reason", "rated", "total", "red", "amber", "green",
    "grey",
)  # fmt: skip


def book(policy: str = BOOK) -> ragengine.Rulebook:
    """The rules above."""
    return ragengine.load({"book.toml": policy, "help.toml": HELP, "front.toml": FRONT})


def row(kpi: str, value: float | None, period: str = "2020-07", entity: str | None = None) -> dict[str, Any]:
    """A measurement."""
    return {"kpi": kpi, "period": period, "entity": entity, "value": value}


def rolled(
    kind: Any, rows: list[dict[str, Any]], **arguments: Any
) -> dict[tuple[str, str, str | None], dict[str, Any]]:
    """The areas of some rows, by area, period and entity."""
    rated = frames.rate(kind.frame(rows, COLUMNS), book())
    got = kind.rows(frames.roll_up(rated, book(), **arguments))
    return {(each["area"], each["period"], each["entity"]): each for each in got}


def test_areas_come_back_as_the_same_kind_of_frame(engine: Any) -> None:
    """A frame that came lazily goes lazily, an eager one eagerly, with the columns in their order."""
    rated = frames.rate(engine.frame([row("help.k1", 95.0)], COLUMNS), book())
    got = frames.roll_up(rated, book())

    assert engine.is_same_kind(got)
    assert list(engine.rows(got)[0]) == [*SAID, "score", "rule", "why"]


def test_each_area_of_the_whole_and_of_each_entity(engine: Any) -> None:
    """A critical red KPI makes its area red, and that area is a child of the one above.

    For E1 the front door has k5 red, so is red; help has k1 green and that red area: one red of two is amber.
    Of the whole k1 and k5, reported by entity only, count once for each; k2 is of the whole; k3 and the action, of which
    nothing is known, are grey.
    """
    rows = [
        row("help.k1", 95.0, entity="E1"),
        row("help.k1", 85.0, entity="E2"),
        row("help.k2", 95.0),
        row("front.k4", 10.0, entity="E2"),
        row("front.k5", 10.0, entity="E1"),
    ]
    got = rolled(engine, rows)

    assert [tuple(got[key][name] for name in SAID) for key in sorted(got, key=str)] == [
        ("front", "2020-07", "E1", "red", "red", "red", None, 1, 1, 1, 0, 0, 0),
        ("front", "2020-07", None, "red", "red", "red", None, 1, 1, 1, 0, 0, 0),
        ("help", "2020-07", "E1", "amber", "amber", "amber", None, 2, 2, 1, 0, 1, 0),
        ("help", "2020-07", "E2", "amber", "amber", "amber", None, 1, 1, 0, 1, 0, 0),
        ("help", "2020-07", None, "amber", "amber", "amber", None, 4, 6, 1, 1, 2, 2),
        ("programme", "2020-07", None, "amber", "amber", "amber", None, 1, 1, 0, 1, 0, 0),
    ]
    assert got["front", "2020-07", "E1"]["why"] == "critical_red >= 1 or red > rated / 2"
    assert got["help", "2020-07", None]["rule"] == "book.toml:7"


def test_a_kpi_without_a_row_is_a_grey_child(engine: Any) -> None:
    """What was known in June and is not told in July counts as grey; with too few rated, the area is grey."""
    rows = [
        row("help.k1", 95.0, "2020-06", "E1"),
        row("help.k2", 95.0, "2020-06", "E1"),
        row("help.k3", 95.0, "Jul-20", "E1"),
    ]
    got = rolled(engine, rows)

    june, july = got["help", "2020-06", "E1"], got["help", "2020-07", "E1"]
    assert (june["rag"], june["rated"], june["total"]) == ("green", 2, 2)
    assert (july["rag"], july["reason"], july["rated"], july["total"]) == ("grey", "insufficient coverage", 1, 3)
    assert july["why"] == "1 of 3 rated, and 50% is the least"


def test_one_period_is_rolled_up_as_its_scorecard_does(engine: Any) -> None:
    """With as_at only that period comes back, and rows that are later are not looked at."""
    rows = [row("help.k1", 95.0, "2020-06", "E1"), row("help.k2", 10.0, "2020-07", "E2")]
    got = rolled(engine, rows, as_at="Jun-20", by_entity=False)

    assert set(got) == {("front", "2020-06", None), ("help", "2020-06", None), ("programme", "2020-06", None)}
    assert (got["help", "2020-06", None]["green"], got["help", "2020-06", None]["grey"]) == (1, 4)


def test_actions_count_by_their_latest_report(engine: Any) -> None:
    """An action is judged on the last day of each period by what was reported by then."""
    reports = [
        {"action": "help.train", "as_at": "2020-06-15", "status": "in progress"},
        {"action": "help.train", "as_at": "2020-08-20", "status": "complete"},
    ]
    actions = engine.frame(reports, {"action": "text", "as_at": "text", "status": "text"})
    rows = [row("help.k1", 95.0, period) for period in ("2020-05", "2020-06", "2020-07", "2020-08", "2020-09")]
    rows += [row("help.k2", 95.0, "2020-10"), row("help.k1", 95.0, "2020-10")]
    got = rolled(engine, rows, actions=actions)
    # k2 (before October), k3 and the child area are grey
    counts = {key[1]: (each["red"], each["amber"], each["green"]) for key, each in got.items() if key[0] == "help"}

    # nothing known in May; on time in June; a day late at the end of July; then complete
    assert counts == {
        "2020-05": (0, 0, 1),
        "2020-06": (0, 0, 2),
        "2020-07": (1, 0, 1),
        "2020-08": (0, 0, 2),
        "2020-09": (0, 0, 2),
        "2020-10": (0, 0, 3),
    }


def test_what_was_agreed_of_an_area_stands_beside_what_was_computed(engine: Any) -> None:
    """A judgement replaces an area's level while it is in force, for its entity alone, and the area above sees it."""
    judged = [
        Override("front", "rag", "green", date(2020, 7, 1), date(2020, 7, 31), "Checked", "Board"),
        Override("front", "rag", "amber", date(2020, 7, 1), date(2020, 7, 31), "Checked", "Board", entity="E1"),
    ]
    rows = [row("front.k5", 10.0, period, "E1") for period in ("2020-07", "2020-08")]
    got = rolled(engine, rows, overrides=judged)
    levels = {key: (each["computed"], each["rag"]) for key, each in got.items() if key[0] == "front"}

    assert levels == {
        ("front", "2020-07", None): ("red", "green"),
        ("front", "2020-07", "E1"): ("red", "amber"),
        ("front", "2020-08", None): ("red", "red"),
        ("front", "2020-08", "E1"): ("red", "red"),
    }
    assert got["help", "2020-07", "E1"]["amber"] == 1
    assert got["help", "2020-08", "E1"]["red"] == 1


def test_a_missing_value_counts_as_the_rules_have_it(engine: Any) -> None:
    """Where a missing value is red, a KPI without a row is a red child, as the scorecard has it."""
    strict = ragengine.load({"book.toml": BOOK.replace('"grey"', '"red"'), "help.toml": HELP, "front.toml": FRONT})
    rated = frames.rate(engine.frame([row("help.k1", 95.0), row("help.k1", 95.0, "2020-06")], COLUMNS), strict)
    got = {(r["area"], r["period"]): r for r in engine.rows(frames.roll_up(rated, strict))}

    # k2 and k3 have no row, nor has k5 in the child area; the action has no report and stays grey
    assert (got["help", "2020-07"]["red"], got["help", "2020-07"]["grey"]) == (3, 1)


def test_a_value_is_carried_forward_to_a_period_without_a_row(engine: Any) -> None:
    """The latest earlier value of the KPI and entity is judged again, until it is too old."""
    text = BOOK.replace('missing = "grey"', 'missing = "carry forward"\nmax_age = "1 month"')
    carrying = ragengine.load({"book.toml": text, "help.toml": HELP, "front.toml": FRONT})
    rows = [row("help.k1", 85.0, "2020-05", "E1"), *(row("help.k2", 95.0, f"2020-0{n}", "E1") for n in (5, 6, 7))]
    rated = frames.rate(engine.frame(rows, COLUMNS), carrying)
    got = {(r["area"], r["period"], r["entity"]): r for r in engine.rows(frames.roll_up(rated, carrying))}
    amber = {key[1]: each["amber"] for key, each in got.items() if key[0] == "help" and key[2] == "E1"}

    assert amber == {"2020-05": 1, "2020-06": 1, "2020-07": 0}


def carrying() -> ragengine.Rulebook:
    """The same rules, where a value is carried forward and evidence is asked for."""
    text = BOOK.replace('missing = "grey"', 'missing = "carry forward"')
    evident = HELP.replace('title = "K1"', 'title = "K1"\nrequires_evidence = true')
    return ragengine.load({"book.toml": text, "help.toml": evident, "front.toml": FRONT})


def test_counts_and_evidence_are_carried_into_a_gap(engine: Any) -> None:
    """What a value was made of, and its evidence, count in the periods that nobody reported."""
    told = {"kpi": "help.k1", "entity": "E1", "denominator": 100.0}
    rows = [
        {**told, "period": "2020-05", "numerator": 95.0, "evidence": "audit"},
        {**told, "period": "2020-06", "numerator": 95.0, "entity": "E2", "evidence": None},
        {**told, "period": "2020-07", "numerator": 70.0, "entity": "E2", "evidence": None},
        {**told, "period": "2020-08", "numerator": 70.0, "evidence": None},
    ]
    columns = {"kpi": "text", "period": "text", "entity": "text", "evidence": "text"}
    rated = frames.rate(engine.frame(rows, {**columns, "numerator": "number", "denominator": "number"}), carrying())
    got = {(r["area"], r["period"], r["entity"]): r for r in engine.rows(frames.roll_up(rated, carrying()))}

    assert [got["help", f"2020-0{n}", "E1"]["green"] for n in (5, 6, 7, 8)] == [1, 1, 1, 0]
    assert [got["help", f"2020-0{n}", "E2"]["amber"] for n in (6, 7, 8)] == [1, 0, 0]
    assert got["help", "2020-08", "E2"]["red"] == 1


@pytest.mark.parametrize("kinds", [{"value": "Int64"}, {"value": "int64", "evidence": "bool"}, {"kpi": "category"}])
def test_columns_of_pandas_that_know_no_gaps_are_carried_all_the_same(kinds: dict[str, str]) -> None:
    """Whole numbers, yes and no, and categories, in which pandas has no place for what is missing."""
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    rows = [("2020-05", "E1", 95, True), ("2020-06", "E2", 70, False), ("2020-07", "E2", 95, False)]
    frame = pd.DataFrame(
        {
            "kpi": ["help.k1"] * 3,
            "period": [period for period, *_ in rows],
            "entity": [entity for _, entity, *_ in rows],
            "value": [value for *_, value, _ in rows],
            "evidence": [evidence for *_, evidence in rows],
        },
        index=[7, 7, 7],
    ).astype(kinds)
    got = frames.roll_up(frames.rate(frame, carrying()), carrying())
    help_of = {(r["period"], r["entity"]): r for r in got.to_dict("records") if r["area"] == "help"}

    assert [help_of[f"2020-0{n}", "E1"]["green"] for n in (5, 6, 7)] == [1, 1, 1]
    assert [help_of[f"2020-0{n}", "E2"]["rag"] for n in (6, 7)] == ["red", "amber"]


def test_a_month_beside_financial_years_stays_a_month_in_a_gap(polars: Any) -> None:
    """A gap in November 2010 is no gap in 2010/11, though ``2010-11`` beside ``2012-13`` is that year."""
    periods = {"help.k1": ("Oct-10", "Dec-10"), "help.k2": ("Oct-10", "Nov-10", "Dec-10"), "help.k3": ("2012-13",)}
    rows = [row(kpi, 95.0, period) for kpi, own in periods.items() for period in own]
    text = BOOK.replace('missing = "grey"', 'missing = "carry forward"')
    rules = ragengine.load({"book.toml": text, "help.toml": HELP, "front.toml": FRONT})
    got = polars.rows(frames.roll_up(frames.rate(polars.frame(rows, COLUMNS), rules), rules))

    assert {r["green"] for r in got if (r["area"], r["period"]) == ("help", "2010-11")} == {2}


def test_a_quarterly_kpi_counts_in_the_months_that_follow(engine: Any) -> None:
    """A scorecard of a month shows the latest quarter that has ended, and so do the areas of that month."""
    rows = [row("help.k1", 85.0, "Q1 2020/21"), *(row("help.k2", 95.0, f"2020-0{n}") for n in (5, 6, 7))]
    got = rolled(engine, rows)
    amber = {key[1]: each["amber"] for key, each in got.items() if key[0] == "help"}

    assert amber == {"2020-05": 0, "2020-06": 1, "2020-07": 1, "Q1 2020/21": 1}


def test_a_frame_without_rows_has_no_areas(engine: Any) -> None:
    """Nothing reported is no period; a period that is asked for has every area, grey."""
    empty = engine.frame([], {"kpi": "text", "period": "text", "entity": "text", "rag": "text"})

    assert engine.rows(frames.roll_up(empty, book())) == []
    assert [each["rag"] for each in engine.rows(frames.roll_up(empty, book(), as_at="Jul-20"))] == ["grey"] * 3


def test_rows_that_no_scorecard_takes_are_no_children(engine: Any) -> None:
    """A KPI that the rules have not and a period that cannot be read stay in the rated frame and count nowhere."""
    rows = [row("help.k1", 95.0), row("help.nobody", 10.0), row("help.k2", 10.0, "soon")]
    got = rolled(engine, rows)

    assert (got["help", "2020-07", None]["green"], got["help", "2020-07", None]["red"]) == (1, 0)
    assert {key[1] for key in got} == {"2020-07"}


def test_a_row_given_twice_is_refused_by_name(engine: Any) -> None:
    """Two rows of one KPI, entity and period are never counted as two children."""
    rows = [row("help.k1", 95.0, entity="E1"), row("help.k1", 10.0, "Jul-20", "E1")]

    with pytest.raises(ragengine.BadArgument, match=r"help\.k1, E1: given more than once"):
        rolled(engine, rows)


def test_a_period_without_a_column_is_named_by_the_caller(polars: Any) -> None:
    """Rules that are not dated need no column period; whose areas they are, the caller says."""
    columns = {"kpi": "text", "value": "number"}
    rated = frames.rate(polars.frame([{"kpi": "help.k1", "value": 95.0}], columns), book())

    with pytest.raises(ragengine.BadArgument, match="say of which period"):
        frames.roll_up(rated, book())
    got = polars.rows(frames.roll_up(rated, book(), as_at="2020-07"))
    assert [(each["area"], each["period"], each["green"]) for each in got if each["area"] == "help"] == [
        ("help", "2020-07", 1)
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"value": "number", "rag": "text"}, "column kpi"),
        ({"kpi": "text", "value": "number"}, "column rag: rate the frame"),
    ],
)
def test_a_frame_that_was_not_rated_is_refused(polars: Any, columns: dict[str, str], message: str) -> None:
    """The frame needs the columns that say whose rows they are and at which level."""
    with pytest.raises(ragengine.BadArgument, match=message):
        frames.roll_up(polars.frame([], columns), book(), as_at="2020-07")


def test_a_level_that_the_scale_has_not_is_refused(polars: Any) -> None:
    """Another book's levels are never counted as grey."""
    given = [{"kpi": "help.k1", "period": "2020-07", "rag": "blue"}]
    rated = polars.frame(given, {"kpi": "text", "period": "text", "rag": "text"})

    with pytest.raises(ragengine.BadArgument, match="the levels are red, amber, green, grey"):
        frames.roll_up(rated, book())


SUITE = Path(__file__).resolve().parents[2] / "suite"
AREA_CASES = [
    pytest.param(folder.name, case.name, id=f"{folder.name}: {case.name}")
    for folder in sorted(SUITE.iterdir())
    if folder.is_dir()
    for case in all_cases(ragengine.load(folder).rules)
    if "area" in case.fields and "rules" not in case.fields
]


@pytest.mark.parametrize(("folder", "name"), AREA_CASES)
def test_the_published_cases_of_areas(polars: Any, folder: str, name: str) -> None:
    """The roll-up cases of the suite, their KPIs' levels given as a frame: the level that the case expects.

    Child areas and actions take their level from what is below them, so cases that state one are for the scalar engine.
    """
    rulebook = ragengine.load(SUITE / folder)
    case = next(case for case in all_cases(rulebook.rules) if case.name == name)
    area, levels = case.fields["area"], case.fields.get("ratings", {})
    children = {child.id for child in children_of(rulebook.rules, area)}
    stated = {f"{area}.{child}": str(rulebook.scale.read(level)) for child, level in levels.items()}
    if not set(stated) <= set(rulebook.rules.kpis):
        pytest.skip("the case states the level of an action or a child area")
    rows = [{"kpi": kpi, "period": "2020-07", "rag": level} for kpi, level in stated.items()]
    frame = polars.frame(rows, {"kpi": "text", "period": "text", "rag": "text"})
    got = next(r for r in polars.rows(frames.roll_up(frame, rulebook, as_at="2020-07")) if r["area"] == area)

    assert got["total"] == len(children)
    assert got["rag"] == case.fields["expect"]["rag"]


def test_the_plan_rolls_up_as_its_scorecard(engine: Any, polars: Any, plan: ragengine.Rulebook, root: Path) -> None:
    """Every area of the improvement plan of August 2020, with its actions, overrides and values carried forward.

    The plan's rows are rated once; each kind of frame counts them.
    """
    folder = root / "docs/examples/2020-08"
    data = ragengine.read(folder, day_first=True)
    texts = {"kpi": "kpi", "period": "period_text", "value": "value_text", "evidence": "evidence"}
    numbers = ("numerator", "denominator", "excluded")
    measured = [
        {column: getattr(m, name) for column, name in texts.items()}
        | {"causes": ";".join(m.causes)}
        | {name: None if (cell := getattr(m, name)) is None else getattr(cell, "text", str(cell)) for name in numbers}
        for m in data.measurements
    ]
    reported = [
        {"action": a.action, "as_at": a.as_at.isoformat(), "status": str(a.status or ""), "evidence": a.evidence}
        for a in data.actions
    ]
    frame = polars.frame(measured, dict.fromkeys(measured[0], "text"))
    rows = polars.rows(frames.rate(frame, plan, as_at="Aug-20", overrides=data, columns=["rag"]))
    rated = engine.frame(rows, dict.fromkeys(rows[0], "text"))
    actions = engine.frame(reported, dict.fromkeys(reported[0], "text"))
    got = engine.rows(frames.roll_up(rated, plan, as_at="Aug-20", actions=actions, overrides=data))
    card = plan.score(data, as_at="Aug-20")

    assert {each["area"]: (each["rag"], each["computed"], each["rated"], each["total"]) for each in got} == {
        area.id: (str(area.rag), str(area.computed), area.rated, area.total)
        for area in (*card.areas.values(), card.programme)
    }
