"""What frames give, with values worked out by hand: states, targets that rows bring, conditions, earlier rows."""

from __future__ import annotations

from typing import Any

import pytest

import ragengine
from ragengine import Rulebook, frames
from ragengine.catalogue import catalogue_of

pl = pytest.importorskip("polars")

BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n'
RELIEF = 'from = 2020-01-01, until = 2020-12-31, reason = "Closed", authority = "Board"'


def book(*kpis: str) -> Rulebook:
    """A rulebook with these keys of the KPIs a.k0, a.k1 …, in days."""
    tables = "".join(f'[kpi.k{n}]\ntitle = "K"\nunit = "days"\n{keys}\n' for n, keys in enumerate(kpis))
    return ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n{tables}'})


def rated(rules: Rulebook, **columns: list[Any]) -> Any:
    """The rated frame of these columns; of the first KPI in July 2020 unless they say otherwise."""
    count = len(next(iter(columns.values())))
    given = {"kpi": ["a.k0"] * count, "period": ["2020-07"] * count, **columns}
    return frames.rate(pl.DataFrame(given, strict=False), rules, history=True, suffix="_")


def test_a_rule_that_is_not_dated_needs_no_period() -> None:
    """Beside dated rules too; a dated one without a period is invalid."""
    rules = book(
        'direction = "higher"\ntarget = 50\ntolerance = 5',
        'direction = "higher"\ntarget = { 2019-01-01 = 50, 2020-01-01 = 60 }\ntolerance = 5',
    )
    made = rated(rules, kpi=["a.k0", "a.k1"], period=[None, None], value=[52, 52])

    assert [("green", None), ("grey", "invalid")] == made.select("rag_", "reason_").rows()


def test_a_formula_against_a_target_that_the_row_brings() -> None:
    """57 of 100 is 57: on a target of 57, short of 60 by 3, and without a target not rated."""
    rules = book(
        'direction = "higher"\ntarget = "from data"\ntolerance = 5\nformula = "100 * seen / due"\ninputs = ["seen", "due"]'
    )
    made = rated(rules, seen=[57, 57, 57], due=[100, 100, 100], target=[57, 60, None])

    assert [("green", 0.0, None), ("amber", 3.0, None), ("grey", None, "no target")] == made.select(
        "rag_", "shortfall_", "reason_"
    ).rows()


def test_values_beside_a_target_that_the_row_brings() -> None:
    """One step of a float under the target is short of it, and on it is met: lines that move are exact on the target."""
    higher = book('direction = "higher"\ntarget = "from data"\ntolerance = 0')
    lower = book('direction = "lower"\ntarget = "from data"\ntolerance = 0')
    values, targets = (
        [84.9, 84.89999999999999, 84.90000000000002, -1.0, 0.0, 5e-324],
        [84.9, 84.9, 84.9, -1.0, 0.0, 0.0],
    )

    assert ["green", "red", "green", "green", "green", "green"] == rated(higher, value=values, target=targets)[
        "rag_"
    ].to_list()
    assert ["green", "green", "red", "green", "green", "red"] == rated(lower, value=values, target=targets)[
        "rag_"
    ].to_list()


def test_lines_that_cross_are_not_looked_up() -> None:
    """With a relief to 80, a target of 75 puts its own amber line below that of the relief: counted, it would be wrong."""
    rules = book(
        f'direction = "higher"\ntarget = "from data"\ntolerance = "10% of target"\n'
        f'grace = [{{ name = "g", {RELIEF}, target = 80 }}]'
    )
    made = rated(rules, value=[73, 73], target=[75, 100])

    assert [("amber", "amber"), ("red", "amber")] == made.select("computed_", "rag_").rows()
    assert {"a.k0": "its bands do not grow evenly and in order with the target that the data bring"} == dict(
        catalogue_of(rules).refused
    )


def test_infinite_targets_touch_only_the_rules_that_read_them() -> None:
    """A target that is no number is nothing to a rule that states its own, beside one that takes it."""
    rules = book(
        'direction = "higher"\ntarget = 50\ntolerance = 5', 'direction = "higher"\ntarget = "from data"\ntolerance = 5'
    )
    made = rated(rules, kpi=["a.k0", "a.k1"], value=[52.0, 52.0], target=[float("inf")] * 2)

    assert [("green", None), ("grey", "invalid")] == made.select("rag_", "reason_").rows()


def test_what_is_missing_is_told_before_a_division_by_zero() -> None:
    """A symbol in a name that the formula needs comes before a division by zero, wherever it stands."""
    rules = book(
        'direction = "higher"\ntarget = 50\ntolerance = 5\nformula = "seen / due"\ninputs = ["seen", "due"]',
        'direction = "higher"\ntarget = 50\ntolerance = 5\nformula = "1 / due + seen"\ninputs = ["seen", "due"]',
    )
    made = rated(rules, kpi=["a.k0", "a.k0", "a.k1"], seen=["c", "1", "c"], due=["0", "0", "0"])

    assert ["suppressed", "division by zero", "suppressed"] == made["reason_"].to_list()


def test_inputs_that_the_frame_has_no_column_for() -> None:
    """A formula whose inputs nobody brings is missing its input, as it is one by one; the frame is no fault."""
    rules = book('direction = "higher"\ntarget = 50\ntolerance = 5\nformula = "seen / due"\ninputs = ["seen", "due"]')

    assert ["missing input"] == rated(rules, value=[60])["reason_"].to_list()
    assert ["missing input"] == rated(rules, value=[60], seen=[1])["reason_"].to_list()


def test_shortfalls_in_conditions_are_exact() -> None:
    """90 - 84.9 is 5.1, and 5.099999999999994 in floats: relief below 5.1 is not given."""
    rules = book(
        'direction = "higher"\ntarget = 90\ntolerance = 0\n'
        f'grace = [{{ name = "g", {RELIEF}, no_worse_than = "amber", when = \'shortfall < 5.1\' }}]'
    )

    assert ["red", "amber"] == rated(rules, value=[84.9, 84.91])["rag_"].to_list()


def test_unchanged_is_exact_for_a_range() -> None:
    """0.3 below a range is as far as 0.3 above it, though the floats of 20 - 19.7 and 90.3 - 90 differ."""
    rules = book(
        'direction = "within"\ntarget = { min = 20, max = 90 }\ntolerance = 0\n'
        f'grace = [{{ name = "g", {RELIEF}, no_worse_than = "amber", when = \'unchanged\' }}]'
    )
    assert 20 - 19.7 != 90.3 - 90
    made = rated(rules, period=["2020-06", "2020-07", "2020-08"], value=[19.7, 90.3, 90.4])

    assert ["red", "amber", "red"] == made["rag_"].to_list()


def test_of_two_rows_of_a_period_the_later_counts() -> None:
    """As a history by hand has it: also where the later one has no value."""
    rules = book(
        'direction = "higher"\ntarget = 50\ntolerance = 0\n'
        f'grace = [{{ name = "g", {RELIEF}, no_worse_than = "amber", when = \'value > previous_value\' }}]'
    )
    periods = ["2020-06", "2020-06", "2020-07"]

    assert "red" == rated(rules, period=periods, value=[10, 30, 20])["rag_"][2]
    assert "amber" == rated(rules, period=periods, value=[30, 10, 20])["rag_"][2]
    assert "red" == rated(rules, period=periods, value=[10, None, 20])["rag_"][2]


def test_the_target_of_a_rule_that_is_not_due_is_told() -> None:
    """What the target is, is known before it counts."""
    rules = book('direction = "higher"\ntarget = 50\ntolerance = 5\nrated_from = 2021-01-01')

    assert [("grey", "not due", 50.0, None)] == rated(rules, value=[10]).select(
        "rag_", "reason_", "target_", "shortfall_"
    ).rows()


def test_a_book_of_rules_that_are_all_rated_one_by_one() -> None:
    """Persistence alone: the second red month in a row is adopted, and the first row has no previous level."""
    rules = book('direction = "higher"\ntarget = 50\ntolerance = 0\npersistence = 2')
    made = rated(rules, period=["2020-05", "2020-06", "2020-07"], value=[60, 10, 20])

    assert [("green", None), ("green", "green"), ("red", "green")] == made.select("rag_", "previous_").rows()


def test_a_period_that_is_left_out_is_nobodys_previous_one() -> None:
    """June is excluded and nobody measured May: July has no previous level, though June's row is there."""
    rules = book(
        'direction = "higher"\ntarget = 50\ntolerance = 0\n'
        f'grace = [{{ name = "g", {RELIEF.replace("2020-01-01", "2020-06-01").replace("2020-12-31", "2020-06-30")}, '
        "exclude_period = true }]"
    )
    made = rated(rules, period=["2020-06", "2020-07"], value=[10, 60])

    assert [("suspended", None), (None, None)] == made.select("reason_", "previous_").rows()


def test_numbers_are_no_words() -> None:
    """A number where words are asked for is invalid, as it is one by one; nothing is no data."""
    rules = book('words = { no = "red", yes = "green" }')

    assert ["invalid", "no data"] == rated(rules, value=[1.0, None])["reason_"].to_list()
    assert ["green", "red", "invalid"] == [
        "invalid" if level == "grey" else level for level in rated(rules, value=["yes", "No ", "maybe"])["computed_"]
    ]


def test_evidence_of_python_objects() -> None:
    """False in a pandas column of objects is no evidence, though its text is not empty; numbers there are numbers."""
    pd = pytest.importorskip("pandas")
    rules = book('direction = "higher"\ntarget = 50\ntolerance = 5\nrequires_evidence = true')
    frame = pd.DataFrame({"kpi": ["a.k0"] * 3, "value": [60, 60, 1e-7], "evidence": [True, False, None]}, dtype=object)

    assert ["green", "amber", "red"] == list(frames.rate(frame, rules)["rag"])


def test_a_number_that_is_not_there_and_one_that_is_none() -> None:
    """NaN is nothing in pandas and no number in Polars: rated by a look-up or one by one."""
    pd = pytest.importorskip("pandas")
    rules = book(
        'direction = "higher"\ntarget = 50\ntolerance = 5',
        'direction = "higher"\ntarget = 50\ntolerance = 5\npersistence = 2',
    )
    columns = {"kpi": ["a.k0", "a.k1"], "period": ["2020-07"] * 2, "value": [float("nan")] * 2}

    assert ["invalid"] * 2 == frames.rate(pl.DataFrame(columns), rules)["reason"].to_list()
    assert ["no data"] * 2 == list(frames.rate(pd.DataFrame(columns), rules)["reason"])


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_a_relative_tolerance_is_of_the_size_of_the_target_that_the_row_brings(direction: str, lazy: bool) -> None:
    """On, just under and just over each line of targets above, at and below 0, as the engine for one measurement says."""
    rules = book(f'direction = "{direction}"\ntarget = "from data"\ntolerance = "10% of target"')
    pairs = [
        (round(target * share + step, 9), target)
        for target in (-10.0, -0.3, 0.0, 0.3, 33.3)
        for share in (0.9, 1.0, 1.1)
        for step in (-1e-6, 0.0, 1e-6)
    ]
    frame = pl.DataFrame(
        {
            "kpi": ["a.k0"] * len(pairs),
            "value": [value for value, _ in pairs],
            "target": [target for _, target in pairs],
        }
    )
    made = frames.rate(frame.lazy() if lazy else frame, rules)
    levels = (made.collect() if lazy else made)["rag"].to_list()

    assert levels == [str(rules.rate("a.k0", value, target=target).rag) for value, target in pairs]
    assert {"red", "green"} == {level for level, (_, target) in zip(levels, pairs, strict=True) if target == 0}
    assert "amber" in {level for level, (_, target) in zip(levels, pairs, strict=True) if target == -10}


@pytest.mark.parametrize("keys", ["", "persistence = 2"])
def test_no_movement_is_told_after_a_break(keys: str) -> None:
    """``[b]`` beside a number begins a new series: it was red before, and nothing moved; the note of what is no number says nothing."""
    rules = book(f'direction = "higher"\ntarget = 50\ntolerance = 5\n{keys}')
    periods = ["2020-04", "2020-05", "2020-06", "2020-07", "2020-08"]
    made = rated(rules, kpi=["a.k0"] * 5, period=periods, value=["40", "60 [b]", "40 [p]", "40[r] [b]", "soon [b]"])

    told = [(previous, movement) for previous, movement in made.select("previous_", "movement_").rows()]
    assert [(None, None), ("red", None)] == told[:2]
    if not keys:
        assert [("green", "worsened"), ("red", None), ("red", "no longer rated")] == told[2:]


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("count", [1, 254, 255, 256, 257])
def test_coded_ids_are_those_of_their_texts(count: int, lazy: bool) -> None:
    """Beside the sizes of small codes; in the rulebook's order, another one, with ids that the rules have not, and none."""
    rules = book(*['direction = "higher"\ntarget = 50\ntolerance = 5'] * count)
    ids = list(rules.kpis)
    given, values = [ids[0], ids[-1], "x", None], [50.0, 49.0, 50.0, 50.0]
    expected = [("green", ids[0]), ("amber", ids[-1]), ("grey", None), ("grey", None)]
    lines = {f"a.toml:{rules.rules.kpis[kpi].line}": kpi for kpi in ids}
    kinds = [pl.String, pl.Categorical, *(pl.Enum(some) for some in (ids, ids[::-1], [*ids, "x"], ["x", *ids]))]
    for kind in kinds:
        frame = pl.DataFrame({"kpi": pl.Series(given).cast(kind, strict=False), "value": values})
        made = frames.rate(frame.lazy() if lazy else frame, rules, columns=["rag", "rule"])
        found = (made.collect() if lazy else made).select("rag", "rule").rows()

        assert expected == [(rag, lines.get(rule)) for rag, rule in found]
