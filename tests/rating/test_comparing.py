"""An interval beside its target: levels, words, every state of its ends, and every door."""

from __future__ import annotations

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
import ragengine.frames
from ragengine.statistics import wilson
from ragengine.workbench.diff.compare import diff
from ragengine.workbench.testing.case_runner import run_cases
from ragengine.workbench.testing.coverage import coverage_of

BOOK = '[book]\ntitle = "T"\nedition = "1"\nmissing = "grey"\n[rollup]\nmethod = "worst"\n'
HIGHER = 'unit = "%"\ndirection = "higher"\ntarget = 80\ncompare = "interval"\n'
LOWER = 'unit = "per 10,000"\ndirection = "lower"\ntarget = "from data"\ncompare = { than = "England" }\n'


def texts(rule: str) -> dict[str, str]:
    return {"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{rule}'}


def book(rule: str) -> ragengine.Rulebook:
    return ragengine.load(texts(rule))


def rated(rule: str, **row: Any) -> ragengine.Rating:
    inputs = {name: row.pop(name) for name in ("lower", "upper") if name in row}
    return book(rule).rate("a.k", period="2020-07", inputs=inputs, **row)


@pytest.mark.parametrize(
    ("lower", "value", "upper", "higher", "lower_is_better"),
    [
        (80.1, 85, 90, "green", "red"), (80, 85, 90, "amber", "amber"), (75, 80, 85, "amber", "amber"),
        (70, 75, 80, "amber", "amber"), (70, 75, 79.9, "red", "green"), (80, 80, 80, "amber", "amber"),
    ],
)  # fmt: skip
def test_an_interval_wholly_on_one_side_has_that_sides_level(
    lower: float, value: float, upper: float, higher: str, lower_is_better: str
) -> None:
    """Beyond the target it is better or worse, by the direction; touching or across it is similar."""
    row = {"value": value, "lower": lower, "upper": upper}

    assert str(rated(HIGHER, **row).rag) == higher
    assert str(rated(LOWER, target=80, **row).rag) == lower_is_better


def test_the_sentence_says_what_was_compared() -> None:
    """The side, the name of what it is beside, the interval and the line; and no shortfall, for none decided."""
    said = rated(LOWER, value=9.8, lower=9.1, upper=10.4, target=8.7).explain()

    assert "9.8 per 10,000 is worse than England: 9.1 to 10.4 per 10,000 lies above 8.7 per 10,000." in said
    assert "short" not in said and "would make it" not in said


def test_printed_numbers_stand_as_the_numbers_do() -> None:
    """An end just beside the line is printed with as many digits as it takes."""
    said = rated(LOWER, value=115, lower=110, upper="115.216", target="115.2166797").explain()

    assert "is better than England: 110.000 to 115.216 per 10,000 lies below 115.217 per 10,000." in said


def test_the_interval_may_be_that_of_the_counts() -> None:
    """With ``confidence``, where the row brings none; what it brings comes first."""
    rule = HIGHER.replace("80", "90") + 'confidence = "95%"\n'
    own = rated(rule, numerator=84, denominator=100)

    assert str(own.rag) == "red" and "75.6% to 89.9% lies below 90.0%" in own.explain()
    assert str(rated(rule, numerator=84, denominator=100, lower=80, upper=95).rag) == "amber"


@pytest.mark.parametrize(
    ("row", "reason", "why"),
    [
        ({"value": 85}, "missing input", "lower and upper are missing"),
        ({"value": 85, "lower": 80}, "missing input", "upper is missing"),
        ({"value": 85, "lower": "c", "upper": 90}, "suppressed", "lower is printed as 'c'"),
        ({"value": 85, "lower": "x1", "upper": 90}, "invalid", "lower is 'x1'"),
        ({"value": 85, "lower": 90, "upper": 80}, "invalid", "85 does not lie from 90 to 80"),
        ({"value": 95, "lower": 80, "upper": 90}, "invalid", "95 does not lie from 80 to 90"),
        ({"lower": 80, "upper": 90}, "no data", ""),
    ],
)
def test_what_is_no_interval_has_no_colour(row: dict[str, Any], reason: str, why: str) -> None:
    """Missing, a symbol, no number, the wrong way round, beside its value: grey, and it is said why."""
    rating = rated(HIGHER, **row)

    assert str(rating.rag) == "grey"
    assert str(rating.reason) == reason
    assert why in rating.explain()


def test_what_would_have_made_an_interval_is_said() -> None:
    """With a confidence counts would do as well, and without one they would not."""
    rule = HIGHER + 'confidence = "95%"\n'

    assert rated(rule, value=85).explanation.why == "no interval: lower and upper are missing, and so are counts"
    assert rated(HIGHER, value=85).explanation.why == "no interval: lower and upper are missing"
    told = rated(rule, numerator=4, denominator=3).explanation.why
    assert told == "no interval: lower and upper are missing, and 4 of 3 makes none"


@given(st.integers(1, 200), st.data(), st.integers(1, 99))
def test_an_interval_of_counts_decides_as_its_ends_do(whole: int, data: st.DataObject, target: int) -> None:
    """Better only where Wilson's lower end is beyond the target, worse only where the upper is short of it."""
    cases = data.draw(st.integers(0, whole))
    rule = HIGHER.replace("80", str(target)) + 'confidence = "99.8%"\n'
    limits = wilson(Fraction(cases), Fraction(whole), Fraction(998, 1000))
    assert limits is not None
    lower, upper = 100 * limits.lower, 100 * limits.upper
    wanted = "green" if lower > target else "red" if upper < target else "amber"

    assert str(rated(rule, numerator=cases, denominator=whole).rag) == wanted


def test_levels_have_the_names_that_the_rule_gives_them() -> None:
    """A scale of one's own says better, similar, worse."""
    levels = "".join(
        f'[[scale.levels]]\nid = "{level}"\nlabel = "{level.title()}"\nsymbol = "{symbol}"\ncolour = "#0b0c0c"\n'
        for level, symbol in (("worse", "▲"), ("alike", "●"), ("better", "★"))
    )
    rule = HIGHER.replace('"interval"', '{ better = "better", similar = "alike", worse = "worse" }')
    made = ragengine.load({**texts(rule), "book.toml": BOOK + levels})
    rating = made.rate("a.k", 90, period="2020-07", inputs={"lower": 85, "upper": 95})

    assert str(rating.rag) == "better"


def test_graces_that_limit_the_level_work_and_those_that_move_the_line_are_refused() -> None:
    """An interval is compared with the target itself."""
    grace = 'grace = [{{ from = 2020-01-01, until = 2020-12-31, {}, reason = "R", authority = "B" }}]\n'
    floored = rated(HIGHER + grace.format('no_worse_than = "amber"'), value=70, lower=65, upper=75)

    assert (str(floored.computed), str(floored.adjusted)) == ("red", "amber")
    with pytest.raises(ragengine.RulebookError, match="moves the line"):
        book(HIGHER + grace.format("target = 70"))


@pytest.mark.parametrize(("target", "levels"), [("0", "red amber green"), ("-5", "green green green")])
def test_a_target_of_0_or_less_is_a_line_as_any_other(target: str, levels: str) -> None:
    """Nothing here is per cent of it."""
    rule = HIGHER.replace("80", target).replace('"%"', '"points"')
    found = [rated(rule, value=value, lower=value - 1, upper=value + 1).rag for value in (-3, 0, 3)]

    assert " ".join(map(str, found)) == levels


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (HIGHER + 'tolerance = "5 pp"\n', "compare and tolerance exclude each other"),
        (HIGHER + "amber = 70\n", "compare and amber exclude each other"),
        (HIGHER + "decimals = 1\n", "compare and decimals exclude each other"),
        (HIGHER + 'bands = [{ rag = "green", from = 1 }, { rag = "red", below = 1 }]\n', "bands and compare exclude each other"),
        (HIGHER.replace("target = 80\n", ""), "target is missing"),
        (HIGHER.replace('"higher"', '"within"').replace("80", "{ min = 1, max = 2 }"), "the direction is within"),
        (HIGHER.replace('"interval"', '"intervall"'), "did you mean interval"),
        (HIGHER.replace('"interval"', '{ beter = "green" }'), "did you mean better"),
        (HIGHER.replace('"interval"', '{ better = "gold" }'), "the scale has not"),
        (HIGHER.replace('"interval"', '{ better = "red", worse = "green" }'), "not in the order of the scale"),
        (HIGHER.replace('"interval"', "5"), '"interval" or a table'),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_comparison_is_refused(rule: str, said: str) -> None:
    """At load, with what to write."""
    with pytest.raises(ragengine.RulebookError) as refused:
        book(rule)
    assert said in str(refused.value)


def _rows() -> list[dict[str, Any]]:
    ends = (("81", "90"), ("80", "90"), ("70", "79.9"), ("", ""), ("c", "90"), ("90", "80"))
    rows = [
        {"kpi": "a.k", "period": "2020-07", "entity": f"E{n}", "value": "85" if n < 2 else "75" if n == 2 else "85",
         "numerator": "", "denominator": "", "lower": low, "upper": high}
        for n, (low, high) in enumerate(ends)
    ]  # fmt: skip
    return [*rows, {**rows[3], "entity": "E9", "value": "", "numerator": "84", "denominator": "100"}]


def test_every_door_gives_the_same_level(tmp_path: Path) -> None:
    """By hand, from a file, from memory, from an eager frame."""
    rules = book(HIGHER + 'confidence = "95%"\n')
    rows = _rows()
    by_hand = {
        row["entity"]: rules.rate(
            "a.k", row["value"], period="2020-07", numerator=row["numerator"], denominator=row["denominator"],
            inputs={"lower": row["lower"], "upper": row["upper"]},
        )
        for row in rows
    }  # fmt: skip
    frame = ragengine.frames.rate(pl.DataFrame(rows), rules)
    (tmp_path / "measurements.csv").write_text(pl.DataFrame(rows).write_csv())
    from_file = rules.score(ragengine.read(tmp_path), "2020-07")
    from_memory = rules.score(ragengine.Data.of(measurements=rows), "2020-07")

    wanted = {entity: str(rating.rag) for entity, rating in by_hand.items()}
    assert list(wanted.values()) == ["green", "amber", "red", "grey", "grey", "grey", "amber"]
    for card in (from_file, from_memory):
        assert {entity: str(card.ratings["a.k", entity].rag) for entity in wanted} == wanted
    assert dict(zip(frame["entity"], frame["rag"], strict=True)) == wanted


def test_an_interval_that_cannot_be_is_a_problem_of_its_row() -> None:
    """A file's reader is told what is wrong with the ends; a missing one is grey and no problem."""
    rules = book(HIGHER)
    card = rules.score(ragengine.Data.of(measurements=_rows()), "2020-07")

    (told,) = [problem for problem in card.problems if problem.is_error]
    assert told.code == "RAG108" and "85 does not lie from 90 to 80" in told.message


def test_lazy_frames_refuse_it_by_name() -> None:
    """As every rule that takes more than a look-up."""
    with pytest.raises(ragengine.RagError, match="an interval is compared with its target"):
        ragengine.frames.rate(pl.DataFrame(_rows()).lazy(), book(HIGHER))


def test_sql_and_workbooks_refuse_it_by_name() -> None:
    """What one query cannot rate is left out, with the reason; no sheet rates the value alone."""
    from ragengine.export.band_rows import BandRows
    from ragengine.export.workbook.book import workbook_refusals

    table, why = BandRows(book(HIGHER)), {"a.k": "an interval is compared with its target"}

    assert table.besides == why
    assert workbook_refusals(table) == why


def test_a_changed_comparison_is_told() -> None:
    """``diff`` says what it was and what it is, and not what bands that makes."""
    before, after = book(HIGHER.replace('compare = "interval"', 'tolerance = "5 pp"')), book(HIGHER)

    assert "compare none → interval (green, amber, red)" in str(diff(before, after))
    assert "bands" not in str(diff(before, after))


def test_coverage_wants_an_interval_on_each_side() -> None:
    """Better, similar and worse: three points, and a case shows its own."""
    cases = '[[case]]\nname = "b"\nkpi = "a.k"\nperiod = "2020-07"\nvalue = 85\nlower = 81\nupper = 90\nexpect = { rag = "green" }\n'
    rules = ragengine.load({**texts(HIGHER), "a.cases.toml": cases}).rules
    found = coverage_of(rules, run_cases(rules))

    assert [point.what for point in found.covered if point.subject == "a.k"] == ["an interval that is better"]
    assert {point.what for point in found.missing if point.subject == "a.k"} == {
        "an interval that is similar", "an interval that is worse",
    }  # fmt: skip


def test_the_data_hold_the_interval_and_movement_is_of_the_data() -> None:
    """JSON has the ends; a level that changed is not put down to the rule by the value alone."""
    rules = book(HIGHER)
    history = [{"period": "2020-06", "value": 85, "inputs": {"lower": 75, "upper": 95}}]
    rating = rules.rate("a.k", 85, period="2020-07", inputs={"lower": 81, "upper": 90}, history=history)
    line = rating.explanation.interval

    assert line is not None and (line.lower, line.upper, line.method) == ("81", "90", "brought by the row")
    assert str(rating.previous) == "amber" and str(rating.movement.cause) == "data"  # type: ignore[union-attr]


def test_the_profiles_comparisons_with_england(shared: Path) -> None:
    """Hospital admissions for child injury: every published comparison of a region, but for those not compared."""
    file = shared / "data/fingertips_child_injury_region/region.csv"
    with file.open(encoding="utf-8", newline="") as source:
        published = [row for row in csv.DictReader(source) if row["lower_ci_95"] and row["england_value"]]
    rules = book(LOWER)
    words = {"Better": "green", "Similar": "amber", "Worse": "red"}
    differing: Counter[tuple[str, str, str]] = Counter()
    agreed = 0
    for row in published:
        inputs = {"lower": row["lower_ci_95"], "upper": row["upper_ci_95"]}
        rating = rules.rate("a.k", row["value"], period=row["time_period"], target=row["england_value"], inputs=inputs)
        said = row["published_compared_to_england"]
        if words.get(said) == str(rating.rag):
            agreed += 1
        else:
            differing[row["area_type"], said, str(rating.rag)] += 1

    assert agreed == 342
    # England's own rows are printed "Not compared"; its interval holds its own value
    assert differing == {("England", "Not compared", "amber"): 38}
