"""Targets that are made from other rows: from which, exactly what they come to, and what is said of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine import Rulebook, strategies
from ragengine.rating.relative_words import source_text

VECTORS = Path(__file__).resolve().parents[1] / "statistics" / "vectors"
BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "{missing}"\n'
HEAD = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "{unit}"\ndirection = "{direction}"\n'
COVID = 'from = 2020-06-01, until = 2020-06-30, reason = "Closed", authority = "Board"'
HAIR = Fraction(1, 10**9)


def book(keys: str, unit: str = "%", direction: str = "higher", missing: str = "grey") -> Rulebook:
    """A rulebook of one KPI, a.k."""
    area = HEAD.format(unit=unit, direction=direction) + keys
    return ragengine.load({"book.toml": BOOK.format(missing=missing), "a.toml": area})


def target(source: str, change: str = "", tolerance: str = '"5 pp"') -> str:
    """The keys of a rule whose target is made from other rows."""
    by = f', change = "{change}"' if change else ""
    return f'target = {{ from = "{source}"{by} }}\ntolerance = {tolerance}\n'


def july(rules: Rulebook, value: object, history: Sequence[Any]) -> Any:
    return rules.rate("a.k", value, period="Jul-20", history=history)


def of_entities(rules: Rulebook, values: dict[str, object], period: str = "Jul-20") -> Any:
    """The scorecard of one period with a row an entity."""
    rows = [{"kpi": "a.k", "period": period, "entity": entity, "value": value} for entity, value in values.items()]
    return rules.score(ragengine.Data.of(measurements=rows), as_at=period)


PAST = [("Apr-19", 70), ("Jul-19", 80), ("Mar-20", 60), ("Apr-20", 81), ("May-20", 83), ("Jun-20", 85)]


@pytest.mark.parametrize(
    ("source", "change", "made"),
    [
        ("previous", "", "85"),
        ("previous", "+2 pp", "87"),
        ("year ago", "-10%", "72"),
        ("mean of 3", "", "83"),
        ("mean of 3", "+0.5 pp", "83.5"),
        ("best of 4", "", "85"),
        ("mean of 2", "-1 pp", "83"),
    ],
)
def test_a_target_of_earlier_periods(source: str, change: str, made: str) -> None:
    """The rows directly before, or of the same period a year ago, and what is added to what they give."""
    rating = july(book(target(source, change)), 85, PAST)

    assert Fraction(made) == rating.target
    assert rating.shortfall == rating.target - 85


def test_the_best_of_a_kpi_whose_lower_values_are_better_is_the_lowest() -> None:
    """Best is meant by the rule's direction."""
    rules = book(target("best of 4", tolerance='"5 pp"'), direction="lower")

    assert july(rules, 60, PAST).target == 60


def test_a_percentage_is_of_the_size_of_what_the_rows_give() -> None:
    """Ten per cent less than -50 is -55: less, whatever the sign; in the unit of the KPI it is that number."""
    assert july(book(target("previous", "-10%", "0"), unit="£"), -50, [("Jun-20", -50)]).target == -55
    assert july(book(target("previous", "-2 days", "0"), unit="days"), 5, [("Jun-20", 9)]).target == 7
    plain = book('target = { from = "previous", change = -2 }\ntolerance = 0\n', unit="days")
    assert july(plain, 5, [("Jun-20", 9)]).target == 7


@pytest.mark.parametrize("rag", ["green", "amber", "red"])
def test_levels_on_just_under_and_just_over_the_lines(rag: str) -> None:
    """The target is one as any other: met at it, amber down to its tolerance, red below."""
    rules = book(target("mean of 3", "+0.3 pp"))
    made = Fraction("83.3")
    values = {"green": (made, made + HAIR), "amber": (made - HAIR, made - 5), "red": (made - 5 - HAIR,)}

    for value in values[rag]:
        assert rag == str(july(rules, value, PAST).rag), value


def test_a_mean_that_no_decimal_writes_is_exact() -> None:
    """The mean of 80, 80 and 81 is 241/3, and a value beside it is told apart."""
    rules = book(target("mean of 3", tolerance="0"))
    past = [("Apr-20", 80), ("May-20", 80), ("Jun-20", 81)]

    assert july(rules, 80, past).target == Fraction(241, 3)
    assert "red" == str(july(rules, Fraction(241, 3) - HAIR, past).rag)
    assert "green" == str(july(rules, Fraction(241, 3), past).rag)


@pytest.mark.parametrize(
    ("source", "past", "why"),
    [
        ("previous", [("May-20", 83)], "nothing was measured in June 2020"),
        ("previous", [("Jun-20", "c")], "nothing was measured in June 2020"),
        ("previous", [("Jun-20", "rubbish")], "nothing was measured in June 2020"),
        ("year ago", [("Jun-20", 85)], "nothing was measured in July 2019"),
        ("mean of 3", [("Jun-20", 85), ("May-20", ""), ("Apr-20", 80)], "nothing was measured in May 2020"),
        ("best of 4", [("Jun-20", 85), ("May-20", 85), ("Apr-20", 80)], "nothing was measured in March 2020"),
        ("previous", [], "nothing was measured in June 2020"),
    ],
)
def test_what_cannot_be_made_is_grey_with_the_period_that_lacks(source: str, past: list[Any], why: str) -> None:
    """No target, never another one in its place."""
    rating = july(book(target(source)), 85, past)

    assert ("grey", "no target") == (str(rating.rag), str(rating.reason))
    assert rating.target is None
    assert why in rating.explain()
    assert why == rating.explanation.relative.why


def test_without_earlier_rows_there_is_no_target() -> None:
    """A row alone has nothing that its target could be made from; without a period neither."""
    rules = book(target("previous"))

    assert "no target" == str(rules.rate("a.k", 85, period="Jul-20").reason)
    assert "no target" == str(rules.rate("a.k", 85).reason)


def test_the_reporter_has_no_say_in_it() -> None:
    """A target in the row is not read where the rule makes it from other rows."""
    rules = book(target("previous"))

    assert rules.rate("a.k", 85, period="Jul-20", target=10, history=[("Jun-20", 90)]).target == 90
    assert "no target" == str(rules.rate("a.k", 85, period="Jul-20", target=10).reason)
    assert "no target" == str(rules.rate("a.k", 85, period="Jul-20", target="rubbish").reason)


def test_a_row_without_a_target_of_its_own_is_measured_all_the_same() -> None:
    """Each first period is grey for want of an earlier one, and the next is rated against it."""
    rules = book(target("previous"))
    rows = [{"kpi": "a.k", "period": f"2020-0{month}", "value": value} for month, value in ((5, 80), (6, 82), (7, 81))]
    data = ragengine.Data.of(measurements=rows)

    levels = [str(rules.score(data, as_at=month).ratings["a.k"].rag) for month in ("May-20", "Jun-20", "Jul-20")]
    assert ["grey", "green", "amber"] == levels


def test_a_carried_value_is_no_measurement_and_is_rated_against_this_periods_target() -> None:
    """June is carried from May: July has nothing before it, and June itself is held against May's own row."""
    rules = book(target("previous"), missing="carry forward")
    rows = [
        {"kpi": "a.k", "period": month, "value": v} for month, v in (("Apr-20", 90), ("May-20", 80), ("Jul-20", 80))
    ]
    data = ragengine.Data.of(measurements=[*rows, {"kpi": "a.k", "period": "Jun-20", "value": ""}])
    june, july_ = (rules.score(data, as_at=month).ratings["a.k"] for month in ("Jun-20", "Jul-20"))

    assert (june.value, june.target) == (80, 80)
    assert "no target" == str(july_.reason)


@pytest.mark.parametrize("effect", ["suspend = true", "exclude_period = true"])
def test_a_suspended_row_is_not_used(effect: str) -> None:
    """An excluded period is passed over, as the previous level passes it over; a suspended one leaves a hole."""
    rules = book(target("previous") + f'grace = [{{ name = "g", {COVID}, {effect} }}]\n')

    rating = july(rules, 85, PAST)
    assert rating.target == (83 if effect.startswith("exclude") else None)


def test_a_year_ago_that_is_excluded_is_no_measurement() -> None:
    """The same period a year ago has no other in its place."""
    covid = COVID.replace("2020-06-01", "2019-07-01").replace("2020-06-30", "2019-07-31")
    rules = book(target("year ago") + f'grace = [{{ name = "g", {covid}, exclude_period = true }}]\n')

    assert july(rules, 85, PAST).target is None


def test_a_suspension_on_a_condition_is_asked_of_the_earlier_row() -> None:
    """What its causes say of it, not what this row's do."""
    rules = book(
        target("previous") + f'grace = [{{ name = "g", {COVID}, suspend = true, when = "\'covid\' in causes" }}]\n'
    )
    shut = {"period": "Jun-20", "value": 85, "causes": "covid"}

    assert july(rules, 85, [shut]).target is None
    assert july(rules, 85, [{**shut, "causes": "strike"}]).target == 85


def test_small_numbers_and_rows_not_due_are_not_used() -> None:
    """Grey for a reason of their own, they are no measurements."""
    few = {"period": "Jun-20", "numerator": 4, "denominator": 5}
    assert july(book(target("previous") + "minimum_n = 6\n"), 85, [few]).target is None
    assert july(book(target("previous") + "minimum_n = 5\n"), 85, [few]).target == 80
    assert july(book(target("previous") + "rated_from = 2020-07-01\n"), 85, [("Jun-20", 80)]).target is None


def test_a_month_that_is_given_twice_makes_no_target() -> None:
    """June is 80 by one row and 85 by another: nobody knows what July should meet."""
    rows = [
        {"kpi": "a.k", "period": period, "value": value}
        for period, value in (("Jun-20", 80), ("Jun-20", 85), ("Jul-20", 84))
    ]
    rating = book(target("previous")).score(ragengine.Data.of(measurements=rows), as_at="Jul-20").ratings["a.k"]

    assert ("no target", None) == (str(rating.reason), rating.target)
    assert "nothing was measured in June 2020" in rating.explain()


def test_a_break_in_the_series_refuses_what_lies_before_it() -> None:
    """What is measured otherwise is no measure for this: marked on this row, or on one in between."""
    assert july(book(target("previous")), "85 [b]", PAST).target is None
    rating = july(book(target("year ago")), 85, [("Jul-19", 80), ("May-20", "83 [b]")])
    assert rating.target is None
    assert "the series is marked as broken in May 2020" in rating.explain()
    # a series that begins anew with the row that is taken
    assert july(book(target("previous")), 85, [("May-20", 1), ("Jun-20", "83 [b]")]).target == 83


def test_rows_are_read_as_they_were_judged() -> None:
    """With decimals, what was published is what is held against: an unchanged value meets its own."""
    rules = book(target("previous", tolerance="0") + "decimals = 1\n")

    rating = july(rules, "84.04", [("Jun-20", "84.04")])
    assert ("green", 84) == (str(rating.rag), rating.target)
    for value, level in (("83.95", "green"), ("83.9499", "red")):
        assert level == str(july(rules, value, [("Jun-20", "84.04")]).rag)


def test_periods_are_those_of_the_rule() -> None:
    """A quarterly KPI's previous period is the quarter before, whatever day names it."""
    rules = book(target("previous") + 'frequency = "quarterly"\n')
    rating = rules.rate("a.k", 85, period="Sep-20", history=[("Mar-20", 1), ("Jun-20", 80)])

    assert rating.target == 80
    assert "Q1 2020/21" == rating.explanation.relative.rows[0].period


def test_a_dated_table_may_hold_them() -> None:
    """Before its date there is the target of then; a table may begin and end with none."""
    rules = book('target = { 2019-04-01 = 75, 2020-07-01 = { from = "previous", change = "+1 pp" } }\ntolerance = 0\n')

    assert july(rules, 85, [("Jun-20", 80)]).target == 81
    assert rules.rate("a.k", 85, period="Jun-20", history=[("May-20", 80)]).target == 75
    baseline = book('target = { 2019-04-01 = "none", 2020-07-01 = { from = "year ago" } }\ntolerance = 0\n')
    assert july(baseline, 85, [("Jul-19", 80)]).target == 80


def test_bands_in_per_cent_of_it() -> None:
    """An edge may be per cent of the target that other rows make."""
    rules = book(
        'target = { from = "year ago" }\nbands = [{ rag = "green", from = "105% of target" }, '
        '{ rag = "amber", from = "95% of target", below = "105% of target" }, { rag = "red", below = "95% of target" }]\n'
    )

    for value, level in ((84, "green"), ("83.999", "amber"), (76, "amber"), ("75.999", "red")):
        assert level == str(july(rules, value, [("Jul-19", 80)]).rag)
    crossed = july(rules, 1, [("Jul-19", -80)])
    assert "invalid" == str(crossed.reason)


def test_an_interval_is_compared_with_it() -> None:
    """``compare`` takes such a target as any other."""
    rules = book('target = { from = "previous" }\ncompare = "interval"\nconfidence = "95%"\n')
    then = {"period": "Jun-20", "numerator": 50, "denominator": 100}

    for count, level in ((50, "amber"), (90, "green"), (10, "red")):
        rating = rules.rate("a.k", numerator=count, denominator=100, period="Jul-20", history=[then])
        assert (level, 50) == (str(rating.rag), rating.target)


def test_a_relief_of_the_target_stands_in_its_place() -> None:
    """A grace's target relieves one that other rows make."""
    when = COVID.replace("-06-", "-07-").replace("30", "31")
    rules = book(target("previous", tolerance="0") + f'grace = [{{ name = "g", {when}, target = 70 }}]\n')

    rating = july(rules, 75, [("Jun-20", 80)])
    assert ("red", "green") == (str(rating.computed), str(rating.rag))


@pytest.mark.parametrize(
    ("source", "change", "said"),
    [
        ("previous", "", "the value of the period before"),
        ("year ago", "-10%", "10% below the value of the same period a year ago"),
        ("mean of 3", "+2 pp", "2 percentage points above the mean of the 3 periods before"),
        ("best of 4", "", "the best of the 4 periods before"),
        ("median of entities", "", "the median of the period's entities"),
        ("quartile 1 of entities", "-1 pp", "1 percentage point below quartile 1 of the period's entities"),
    ],
)
def test_a_rule_says_from_what_its_targets_are_made(source: str, change: str, said: str) -> None:
    """Of periods or of entities, before any row is there."""
    kpi = book(target(source, change)).kpi("a.k").kpi

    assert [said] == [source_text(rule, kpi.unit) for rule in kpi.relative_targets]


# of entities


@pytest.mark.parametrize(
    "row", list(csv.DictReader((VECTORS / "quantiles.csv").read_text("utf-8").splitlines())), ids=lambda row: row["id"]
)
def test_quantiles_of_entities_are_type_7(row: dict[str, str]) -> None:
    """Exactly, by the published vectors; of fewer than three entities there is none."""
    values = {f"E{n}": value for n, value in enumerate(row["values"].split(";"))}
    # decimals stand in the file where no short one writes the value
    rules = book(target(f"{row['which']} of entities", tolerance="0"), unit="points")

    for rating in of_entities(rules, dict(values)).ratings.values():
        if len(values) < 3:
            assert "no target" == str(rating.reason)
            continue
        wanted = Fraction(row["type7_percentile_inc_default"])
        assert abs(rating.target - wanted) <= abs(wanted) / 10**12


def test_entities_are_those_of_the_period_with_a_value_this_one_too() -> None:
    """Neither the row of the whole nor one without a value is among them, and other periods have their own."""
    rules = book(target("mean of entities"))
    rows = [("A", "Jul-20", 80), ("B", "Jul-20", 90), ("C", "Jul-20", "c"), ("D", "Jul-20", 100), ("", "Jul-20", 10),
            ("A", "Jun-20", 1), ("B", "Jun-20", 2), ("C", "Jun-20", 3)]  # fmt: skip
    data = ragengine.Data.of(measurements=[dict(zip(("kpi", "entity", "period", "value"), ("a.k", *row), strict=True)) for row in rows])  # fmt: skip
    card = rules.score(data, as_at="Jul-20")

    assert {90} == {card.ratings["a.k", entity].target for entity in "ABD"}
    assert card.ratings["a.k"].target == 90
    assert card.ratings["a.k", "A"].explanation.relative.of == 3
    assert {2} == {rules.score(data, as_at="Jun-20").ratings["a.k", entity].target for entity in "ABC"}


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 40), min_size=3), st.integers(1, 3))
def test_a_quartile_of_entities_by_its_definition(values: dict[str, int], which: int) -> None:
    """Straight between ranks; each entity's level is that of its value beside it, on, under and over the line."""
    card = of_entities(book(target(f"quartile {which} of entities", tolerance="0"), unit="points"), dict(values))
    ranked = sorted(values.values())
    position = Fraction((len(ranked) - 1) * which, 4)
    low = int(position)
    wanted = ranked[low] + (position - low) * (ranked[min(low + 1, len(ranked) - 1)] - ranked[low])

    for entity, value in values.items():
        rating = card.ratings["a.k", entity]
        assert rating.target == wanted
        assert ("green" if value >= wanted else "red") == str(rating.rag)


def test_the_explanation_says_from_which_rows_it_came() -> None:
    """Periods and values, or the entities on either side, and the row's own place among its peers."""
    three = july(book(target("mean of 3", "+2 pp")), 85, PAST).explain()
    assert (
        "The target is 2 percentage points above the mean (83%) of June 2020 (85%), May 2020 (83%) and April 2020 (81%)."
        in three
    )
    one = july(book(target("year ago", "-10%")), 85, PAST).explain()
    assert "The target is 10% below the value of July 2019 (80%)." in one

    card = of_entities(book(target("median of entities")), {"A": 70, "B": 80, "C": 85, "D": 70})
    said = card.ratings["a.k", "A"].explain()
    assert "The target is the median of 4 entities (75%), between D (70%) and B (80%); A is joint 3rd of 4." in said
    line = card.ratings["a.k", "A"].explanation.relative
    assert [("D", "70", 2), ("B", "80", 3)] == [(row.entity, row.value, row.rank) for row in line.rows]
    assert (4, "1/2", "75", 3, 2) == (line.of, line.share, line.target, line.place, line.shared_by)


def test_a_place_among_entities_is_by_the_direction() -> None:
    """The lowest is the first where lower is better; whoever has no value, or is the whole, has no place."""
    values = {"A": 70, "B": 80, "C": 85, "D": 70, "": 75}
    card = of_entities(book(target("mean of entities"), direction="lower"), values)

    said = card.ratings["a.k", "A"].explain()
    assert "The target is the mean of 4 entities (76.25%); A is joint 1st of 4." in said
    assert "The target is the mean of 4 entities (76.25%); C is 4th of 4." in card.ratings["a.k", "C"].explain()
    assert "The target is the mean of 4 entities (76.25%)." in card.ratings["a.k"].explain()
    briefs = [card.ratings[key].explanation.relative.brief for key in (("a.k", "A"), "a.k")]
    assert ["the mean of 4 entities; joint 1st of 4", "the mean of 4 entities"] == briefs


def test_a_place_is_said_as_people_say_it() -> None:
    """First to third by themselves, eleventh to thirteenth not, and again from twenty-first on."""
    values: dict[str, object] = {f"E{n:03}": 300 - n for n in range(1, 114)}
    card = of_entities(book(target("mean of entities", tolerance="5"), unit="points"), values)
    said = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 10: "10th", 11: "11th", 12: "12th", 13: "13th", 20: "20th", 21: "21st",
            22: "22nd", 23: "23rd", 24: "24th", 101: "101st", 111: "111th", 112: "112th", 113: "113th"}  # fmt: skip

    for rank, place in said.items():
        assert f"E{rank:03} is {place} of 113." in card.ratings["a.k", f"E{rank:03}"].explain()


def test_a_brief_reference_names_no_other_entity() -> None:
    """Of earlier periods of its own it says what the long one does; where there is no target it says nothing."""
    rules = book(target("median of entities", "+2 pp"))
    many = of_entities(rules, {"A": 70, "B": 80, "C": 85}).ratings["a.k", "A"].explanation.relative
    few = of_entities(rules, {"A": 70, "B": 80}).ratings["a.k", "A"].explanation.relative
    own = july(book(target("previous")), 84, PAST).explanation.relative

    assert "2 percentage points above the median of 3 entities; 3rd of 3" == many.brief
    assert ("", "", 2, 2) == (few.brief, few.text, few.of, few.place)
    unmoved = july(book(target("previous", "+0 pp")), 84, PAST).explanation.relative
    assert "the value of June 2020 (85%)" == own.brief == own.text == unmoved.text


def test_a_suspension_for_want_of_an_earlier_level_is_asked_of_the_earlier_row() -> None:
    """May's row is suspended where April's was red, and so makes no target for June."""
    when = COVID.replace("-06-", "-05-").replace("30", "31")
    grace = f'grace = [{{ name = "g", {when}, suspend = true, when = \'previous == "red"\' }}]\n'
    dated = 'target = { 2020-01-01 = 80, 2020-06-01 = { from = "previous" } }\ntolerance = "5 pp"\n'

    other = f"grace = [{{ {when}, exclude_period = true, when = '\"flood\" in causes' }}, "
    for then, which in (
        ("Apr-20", grace),
        ("May-19", grace.replace("previous ==", "year_ago ==")),
        ("Apr-20", grace.replace("grace = [", other)),
    ):
        for value, expected in ((70, "no target"), (90, "None")):
            history = [(then, value), ("May-20", 85)]
            rules = book(dated.replace("2020-01-01", "2019-01-01") + which)
            assert expected == str(rules.rate("a.k", 84, period="Jun-20", history=history).reason)


def test_a_peers_own_earlier_target_counts() -> None:
    """Of rows that a caller brings, a peer that is suspended for its level of June, by June's entities, is no peer."""
    when = 'from = 2020-07-01, until = 2020-07-31, reason = "Closed", authority = "Board"'
    grace = f'grace = [{{ name = "g", {when}, suspend = true, when = \'previous == "red"\' }}]\n'
    rules = book(target("median of entities", tolerance="0") + grace)
    june = [("A", 90), ("B", 80), ("C", 70), ("D", 80)]
    july_ = [("B", 60), ("C", 100), ("D", 80)]
    rows = [{"period": "Jun-20", "entity": entity, "value": value} for entity, value in june]
    rows += [{"period": "Jul-20", "entity": entity, "value": value} for entity, value in july_]

    # C was red in June: 70 below the median of 80
    assert 70 == rules.rate("a.k", 70, period="Jul-20", entity="A", history=rows).target


def test_what_would_change_an_entitys_level_says_that_its_target_would_move_too() -> None:
    """Its own value is one of those that the median is made from."""
    card = of_entities(book(target("median of entities")), {"A": 70, "B": 80, "C": 85})

    assert "Were the target to stay as it is, " in card.ratings["a.k", "A"].explain()
    assert "Were the target" not in july(book(target("previous")), 84, PAST).explain()


def test_history_may_bring_the_rows_of_other_entities() -> None:
    """Those of this period are its peers; none of them is taken for an earlier row of its own."""
    rules = book(target("median of entities"))
    others = [{"period": "Jul-20", "entity": entity, "value": value} for entity, value in (("B", 80), ("C", 90))]

    assert rules.rate("a.k", 70, period="Jul-20", entity="A", history=others).target == 80
    alone = rules.rate("a.k", 70, period="Jul-20", entity="A", history=others[:1])
    assert "only 2 entities measured in July 2020" in alone.explain()
    nobody = rules.rate("a.k", 70, period="Jul-20", entity="A")
    assert "the rows of the other entities are not here" in nobody.explain()


def test_an_entity_may_have_a_target_of_its_own_and_is_a_peer_of_the_others() -> None:
    """Its row counts among the period's entities whatever its own rule is."""
    rules = book(target("median of entities") + '[kpi.k.entities."A"]\ntarget = 10\n')
    card = of_entities(rules, {"A": 70, "B": 80, "C": 90})

    assert card.ratings["a.k", "A"].target == 10
    assert card.ratings["a.k", "B"].target == 80


def test_a_target_that_moved_is_of_the_data() -> None:
    """The same rule with other rows: the level moved because of the data, and for want of them because they were missing."""
    rules = book(target("previous", tolerance="0"))
    past = [("Apr-20", 80), ("May-20", 80), ("Jun-20", 85)]

    rating = rules.rate("a.k", 80, period="Jul-20", history=past)
    assert ("worsened", "data") == (str(rating.movement), str(rating.movement.cause))
    first = rules.rate("a.k", 80, period="May-20", history=past[:1])
    assert ("newly rated", "missing") == (str(first.movement), str(first.movement.cause))


def test_previous_levels_are_rated_against_their_own_periods_targets() -> None:
    """June's level is the one that June's scorecard had, by May and by June's entities."""
    rules = book(target("median of entities", tolerance="0"))
    rows = [("A", "Jun-20", 90), ("B", "Jun-20", 80), ("C", "Jun-20", 70), ("A", "Jul-20", 60), ("B", "Jul-20", 80), ("C", "Jul-20", 90)]  # fmt: skip
    data = ragengine.Data.of(measurements=[dict(zip(("kpi", "entity", "period", "value"), ("a.k", *row), strict=True)) for row in rows])  # fmt: skip
    june, july_ = (rules.score(data, as_at=month) for month in ("Jun-20", "Jul-20"))

    for entity in "ABC":
        assert july_.ratings["a.k", entity].previous == june.ratings["a.k", entity].rag


@pytest.mark.parametrize("source", ["previous", "year ago", "mean of 3", "best of 4", "median of entities"])
@given(data=st.data())
def test_drawn_measurements_bring_the_rows_of_their_target(source: str, data: st.DataObject) -> None:
    """Whoever writes a property of rules such as these draws rows that are rated, on and beside their lines."""
    area = (
        '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "higher"\ntolerance = 5\n'
        f'target = {{ from = "{source}", change = "+2 days" }}\n'
    )
    book = ragengine.load({"book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n', "a.toml": area})
    kpi = book.kpi("a.k")
    drawn = data.draw(strategies.measurements(kpi))
    rating = kpi.rate(**drawn)

    assert drawn["history"] and "target" not in drawn
    assert rating.reason != "no target"
    if rating.reason is None:
        assert rating.target == Fraction(drawn["history"][0]["value"]) + 2
