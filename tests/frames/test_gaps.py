"""Rows after a period that nobody reported: a frame says of it what its own scorecard says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine import Data, Rulebook, frames
from ragengine.data.model import Override

from .engines import PLAIN, Engine

pytest.importorskip("narwhals")

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
KPI = '[kpi.k{n}]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n{keys}\n'
GRACE = (
    'grace = [{{ name = "g", no_worse_than = "amber", from = 2019-01-01, until = 2021-12-31, when = \'{when}\', '
    'reason = "r", authority = "a" }}]\n'
)
TYPES = {"kpi": "string", "period": "string", "entity": "string", "value": "number"}
MONTHS = ("2019-06", "2019-07", "2020-03", "2020-04", "2020-05", "2020-06", "2020-07", "2020-08")
QUARTERS = ("Q4 2019/20", "Q1 2020/21")
#: periods of a quarterly KPI
QUARTERLY = ("2019-03", "2019-06", "Q3 2019/20", "2020-03", "2020-06", "Q2 2020/21", "Q3 2020/21")


def book(*kpis: str) -> Rulebook:
    """A rulebook with these keys of the KPIs a.k0, a.k1 …: green from 90, amber from 80."""
    tables = "".join(KPI.format(n=n, keys=keys) for n, keys in enumerate(kpis))
    return ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n{tables}'})


def rows_of(kpi: str, *values: tuple[str, float | None]) -> list[dict[str, Any]]:
    """Rows of a KPI by period."""
    return [{"kpi": kpi, "period": period, "entity": None, "value": value} for period, value in values]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(each, id=each.name, marks=pytest.mark.skipif(bool(each.lacks), reason=each.lacks))
        for each in PLAIN
        if not each.is_lazy
    ],
)
def eager(request: pytest.FixtureRequest) -> Engine:
    """Every kind of eager frame."""
    made: Engine = request.param
    return made


def told(
    engine: Engine, rules: Rulebook, rows: list[dict[str, Any]], overrides: Any = ()
) -> list[tuple[str, str | None, str | None]]:
    """Level, previous level and movement of each row."""
    got = engine.back(frames.rate(engine.make(rows, TYPES), rules, history=True, overrides=overrides))
    return [(row["rag"], row["previous"], row["movement"]) for row in got]


def test_a_condition_finds_the_value_that_a_gap_carries(eager: Engine) -> None:
    """85 of May is what June carries, and under 90: so July's 70 is no worse than amber; after 95 it is red."""
    rules = book('missing = "carry forward"\n' + GRACE.format(when="previous_value < 90"))
    low = rows_of("a.k0", ("2020-05", 85.0), ("2020-07", 70.0))
    high = rows_of("a.k0", ("2020-05", 95.0), ("2020-07", 70.0))

    assert told(eager, rules, low) == [("amber", None, None), ("amber", "amber", "unchanged")]
    assert told(eager, rules, high) == [("green", None, None), ("red", "green", "worsened")]


def test_a_gap_is_the_previous_level_where_the_rules_say_something_of_it(eager: Engine) -> None:
    """Red for missing, the amber that is carried, nothing where missing is grey; and red before the first row, too."""
    rules = book('missing = "red"', 'missing = "carry forward"', "")
    rows = [each for n in range(3) for each in rows_of(f"a.k{n}", ("2020-05", 85.0), ("2020-08", 95.0))]

    assert [previous for _, previous, _ in told(eager, rules, rows)] == ["red", "red", None, "amber", None, None]


def test_of_several_gaps_each_is_what_its_own_scorecard_says(eager: Engine) -> None:
    """70 of May is red, and carried into June beside no earlier value: red; July has June's, and is amber."""
    rules = book('missing = "carry forward"\n' + GRACE.format(when="previous_value < 90"))
    rows = rows_of("a.k0", ("2020-05", 70.0), ("2020-08", 95.0))

    assert told(eager, rules, rows) == [("red", None, None), ("green", "amber", "improved")]
    given = Data.of(rows)
    assert str(rules.score(given, "2020-07").ratings["a.k0"].rag) == "amber"
    assert str(rules.score(given, "2020-08").ratings["a.k0"].previous) == "amber"


def test_a_value_that_is_too_old_to_carry_is_the_previous_level(eager: Engine) -> None:
    """July may still have what was measured in May, August not: grey, and September is newly rated."""
    rules = book('missing = "carry forward"\nmax_age = "2 months"')
    rows = rows_of("a.k0", ("2020-05", 85.0), ("2020-08", 85.0), ("2020-12", 85.0))

    assert told(eager, rules, rows)[1:] == [("amber", "amber", "unchanged"), ("amber", "grey", "newly rated")]


def test_persistence_and_earlier_levels_over_a_gap(eager: Engine) -> None:
    """A rule that is rated row by row knows the level of a gap as well."""
    rules = book(
        'missing = "amber"\npersistence = 2', 'missing = "carry forward"\n' + GRACE.format(when='previous == "amber"')
    )
    rows = [each for n in range(2) for each in rows_of(f"a.k{n}", ("2020-05", 85.0), ("2020-07", 70.0))]

    assert [(rag, previous) for rag, previous, _ in told(eager, rules, rows)][1::2] == [("amber", "amber")] * 2


def test_the_previous_level_is_the_one_that_was_judged_then(plain: Engine) -> None:
    """A judgement on June is what July moved from, and what its condition reads, on whatever day July is judged."""
    rules = book("", GRACE.format(when='previous == "red"'))
    rows = [each for n in range(2) for each in rows_of(f"a.k{n}", ("2020-06", 95.0), ("2020-07", 70.0))]
    judged = [Override(f"a.k{n}", "rag", "red", date(2020, 6, 1), date(2020, 6, 30), "r", "a") for n in range(2)]
    if plain.is_lazy:
        rules, rows, judged = book(""), rows[:2], judged[:1]
    for as_at in (None, date(2020, 7, 31)):
        got = plain.back(frames.rate(plain.make(rows, TYPES), rules, history=True, overrides=judged, as_at=as_at))
        levels = [(row["rag"], row["previous"], row["movement"]) for row in got]

        assert levels[1::2] == [("red", "red", "unchanged"), ("amber", "red", "improved")][: len(rows) // 2]
        assert levels[0][0] == ("green" if as_at else "red")


def test_a_judgement_on_a_gap_is_the_previous_level(eager: Engine) -> None:
    """June was not reported and judged amber, also before the first row; a day on which no period ends judges nothing."""
    rules = book("")
    rows = rows_of("a.k0", ("2020-07", 95.0), ("2020-09", 95.0))
    june = Override("a.k0", "rag", "amber", date(2020, 6, 1), date(2020, 6, 30), "r", "a")
    august = Override("a.k0", "no_better_than", "amber", date(2020, 8, 1), date(2020, 8, 31), "r", "a")
    early = Override("a.k0", "rag", "amber", date(2020, 6, 1), date(2020, 6, 29), "r", "a")

    assert [previous for _, previous, _ in told(eager, rules, rows, [june, august])] == ["amber", None]
    assert [previous for _, previous, _ in told(eager, rules, rows, [early])] == [None, None]


def test_a_gap_a_year_ago(eager: Engine) -> None:
    """July 2019 carries the 85 of June: the value of a year ago."""
    rules = book('missing = "carry forward"\n' + GRACE.format(when="year_ago_value == 85"))
    rows = rows_of("a.k0", ("2019-06", 85.0), ("2020-06", 95.0), ("2020-07", 70.0))

    assert told(eager, rules, rows)[-1][0] == "amber"


def test_rows_of_gaps_are_not_given_back(eager: Engine) -> None:
    """The rows that went in come out, in their order, with their own columns as they were."""
    rules = book('missing = "red"')
    rows = rows_of("a.k0", ("2020-08", 95.0), ("2020-05", 85.0))
    types = {**TYPES, "value": "whole", "flag": "flag"}
    whole = [{**row, "value": int(row["value"]), "flag": True} for row in rows]
    frame = eager.make(whole, types)
    got = eager.back(frames.rate(frame, rules, history=True))

    assert [{name: row[name] for name in types} for row in got] == whole
    assert [type(row["value"]) for row in got] == [int, int]


def test_a_row_after_a_gap_is_explained_as_it_was_rated() -> None:
    """The whole frame as history knows of the gap what the frame knew."""
    pl = pytest.importorskip("polars")
    rules = book('missing = "carry forward"\n' + GRACE.format(when="previous_value < 90"))
    rated = frames.rate(pl.DataFrame(rows_of("a.k0", ("2020-05", 85.0), ("2020-07", 70.0))), rules)

    assert str(frames.explain(rated[1], rules, history=rated).rag) == "amber"


def test_dask_knows_the_gaps_of_its_partitions() -> None:
    """A partition has all rows of its KPIs, and is rated as an eager frame."""
    dd, pd = pytest.importorskip("dask.dataframe"), pytest.importorskip("pandas")
    rules = book('missing = "carry forward"\n' + GRACE.format(when="previous_value < 90"))
    rows = rows_of("a.k0", ("2020-05", 85.0), ("2020-07", 70.0))
    rated = frames.rate(dd.from_pandas(pd.DataFrame(rows), npartitions=2), rules).compute()

    assert list(rated.sort_values("period")["rag"]) == ["amber", "amber"]


_KEYS = st.tuples(
    st.sampled_from(
        ("", 'missing = "red"\n', 'missing = "amber"\n', *['missing = "carry forward"\n'] * 2)
        + ('missing = "carry forward"\nmax_age = "2 months"\n',)
    ),
    st.sampled_from(
        ("", "persistence = 2\n", 'frequency = "quarterly"\n')
        + tuple(
            GRACE.format(when=when)
            for when in (
                "previous_value < 90", "improved", "year_ago_value == 85", 'previous == "red"', 'previous == "amber"',
            )
        )
    ),
    st.sampled_from(("", "[kpi.k{n}.entities.E1]\ntarget = 70\n")),
)  # fmt: skip


@st.composite
def _drawn(draw: st.DrawFn) -> tuple[Rulebook, list[dict[str, Any]]]:
    """Rules with every policy for what is missing, and rows with gaps."""
    keys = draw(st.lists(_KEYS, min_size=1, max_size=3))
    rules = book(*("".join(each).replace("{n}", str(n)) for n, each in enumerate(keys)))
    plain = draw(st.sampled_from((MONTHS, MONTHS, (*MONTHS, *QUARTERS))))
    kpis = rules.rules.kpis
    keys_of = [
        st.tuples(
            st.just(id_), st.sampled_from(QUARTERLY if kpi.frequency else plain), st.sampled_from((None, None, "E1"))
        )
        for id_, kpi in kpis.items()
    ]

    def whose(key: tuple[str, str, str | None]) -> object:
        kpi, period, entity = key
        return kpi, kpis[kpi].period_named(ragengine.parse_period(period)), entity

    chosen = draw(st.lists(st.one_of(keys_of), min_size=1, max_size=12, unique_by=whose))
    values = st.sampled_from((95.0, 85.0, 70.0, 90.0, 89.9, None))
    return rules, [{"kpi": kpi, "period": p, "entity": e, "value": draw(values)} for kpi, p, e in chosen]


_OVERRIDES = st.builds(
    lambda subject, entity, effect, level, start, until: Override(
        f"a.k{subject}", effect, level, date(*start), date(*until), "r", "a", entity=entity
    ),
    st.integers(0, 2),
    st.sampled_from((None, None, "E1")),
    st.sampled_from(("rag", "rag", "no_better_than", "no_worse_than")),
    st.sampled_from(("red", "amber", "green")),
    st.sampled_from(((2019, 1, 1), (2020, 3, 31), (2020, 5, 1), (2020, 6, 30))),
    st.sampled_from(((2020, 6, 30), (2020, 7, 30), (2020, 12, 31))),
)


@settings(max_examples=settings.default.max_examples // 10)  # type: ignore[union-attr]
@given(drawn=_drawn(), overrides=st.one_of(st.just([]), st.lists(_OVERRIDES, max_size=3)))
def test_levels_and_previous_levels_are_those_of_the_scorecards(
    eager: Engine, drawn: tuple[Rulebook, list[dict[str, Any]]], overrides: list[Override]
) -> None:
    """Whatever the rules say of what is missing, and who judged what: each row is at its own scorecard's level, and moved from that
    of the one before."""
    rules, rows = drawn
    data = evolve(Data.of(rows), overrides=tuple(overrides))
    for row, got in zip(rows, told(eager, rules, rows, overrides), strict=True):
        period = rules.rules.kpis[row["kpi"]].period_named(ragengine.parse_period(row["period"]))
        ratings = rules.score(data, period).ratings
        rating = ratings[row["kpi"], row["entity"]] if row["entity"] else ratings[row["kpi"]]
        if rating.period != period:
            # beside months, a scorecard of a quarter shows its last month
            continue
        movement = None if rating.movement is None else str(rating.movement.change)
        previous = None if rating.previous is None else str(rating.previous)
        assert got == (str(rating.rag), previous, movement), (row, rows)
