"""An explanation says in one sentence why a level is what it is, and its data re-compute it without the rules."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ragengine
from ragengine.data.collection import Data
from ragengine.data.door import measurement_of
from ragengine.data.model import Override

BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
SEEN = """\
[area]
title = "Early Help"
[kpi.seen-10-days]
title     = "Children seen within 10 working days"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
decimals  = 1
"""


def load(old: str = "", new: str = "") -> ragengine.Rulebook:
    """The book of DESIGN's example, with one thing changed."""
    assert old in SEEN
    return ragengine.load({"book.toml": BOOK, "early-help.toml": SEEN.replace(old, new) if old else SEEN})


def test_the_text_is_a_headline_and_then_the_steps() -> None:
    """Level, title, period, value, target, shortfall and band; what would change it; where the rule stands."""
    book = load("decimals  = 1\n")
    history = [("Jun-20", 91)]
    rating = book.rate("early-help.seen-10-days", numerator=84, denominator=100, period="Jul-20", history=history)

    assert rating.explain().splitlines() == [
        "Amber. Children seen within 10 working days (Early Help), July 2020: 84% (84 of 100) against a target of at "
        "least 90%: 6 percentage points short. Amber runs from 80% to below 90%.",
        "6 more of 100 would make it Green; 5 fewer of 100 would make it Red. "
        "Was Green in June 2020 (91%): worsened, because of the data.",
        f"Rule early-help.seen-10-days, early-help.toml:3, edition 2020-21, fingerprint {book.fingerprint[:12]}.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "value", "said"),
    [
        ("decimals  = 1\n", "", 84, "84% against a target of at least 90%: 6 percentage points short."),
        ("decimals  = 1\n", "", 90, "90% against a target of at least 90%: on the target. Green is at least 90%."),
        ("decimals  = 1\n", "", 91, "91% against a target of at least 90%: 1 percentage point better."),
        ("decimals  = 1\n", "", 70, "20 percentage points short. Red is below 80%."),
        ("decimals  = 1\n", 'met = "beyond target"\n', 90, "more than 90%: on the line, which does not meet it. Amber runs from 80% to 90%."),
        ('"higher"', '"lower"', 93, "93.0% against a target of at most 90%: 3.0 percentage points over."),
        ("= 90", "= 90\nbasis = 'assumed'\nrationale = 'as last year'", 93, "The target is assumed: as last year."),
        ("", "", "94.96", "94.96%, judged as 95.0%,"),
    ],
)  # fmt: skip
def test_the_headline_says_value_target_and_band(old: str, new: str, value: object, said: str) -> None:
    """On the target, better than it, short of it; rounded, assumed, strictly beyond."""
    assert said in load(old, new).rate("early-help.seen-10-days", value, period="Jul-20").explain()


@pytest.mark.parametrize("direction", ["higher", "lower"])
@pytest.mark.parametrize("more", ["", "decimals = 1\n", 'met = "beyond target"\n'])
@pytest.mark.parametrize(
    "relief", ["", 'no_worse_than = "amber"', 'no_better_than = "amber"', "target = 80", "suspend = true"]
)
@pytest.mark.parametrize("value", [70, 79.9, 80, 84, 89.9, 89.95, 90, 90.1, 99.5, 100, 100.1, 111, -3, 0.1, 1e-7])
def test_warm_and_cold_text_are_the_same(direction: str, more: str, relief: str, value: float) -> None:
    """The first explanation of a rulebook, one of many, and one made through text instead of a float say the same."""
    if relief:
        until = 'until = 2020-09-30, reason = "Closed", authority = "Board"'
        more += f"grace = [{{ from = 2020-03-23, {until}, {relief} }}]\n"
    rules = SEEN.replace("decimals  = 1\n", more).replace('"higher"', f'"{direction}"')
    files = {"book.toml": BOOK, "early-help.toml": rules}
    cold = ragengine.load(files).rate("early-help.seen-10-days", value, period="Jul-20").explain()
    warm_book = ragengine.load(files)
    for other in (50, 85, 95, 120, value):
        warm_book.rate("early-help.seen-10-days", other, period="Jul-20").explain()

    warm = warm_book.rate("early-help.seen-10-days", value, period="Jul-20").explain()
    many = warm_book.rate_many([("early-help.seen-10-days", "Jul-20", value)])[0].explain()
    text = warm_book.rate("early-help.seen-10-days", f"{Decimal(repr(value)):f}", period="Jul-20").explain()

    assert (cold, cold, cold) == (warm, many, text)


@pytest.mark.parametrize(
    "rule",
    [
        'direction = "lower"\nunit = "£"\ntarget = 100\ntolerance = 10.5\n',
        'direction = "lower"\nunit = "£"\ntarget = 100\ntolerance = 10.5\ndecimals = 1\n',
        'direction = "higher"\nunit = "days"\ntarget = 1\ntolerance = 0.123456\n',
        'direction = "higher"\nunit = "days"\ntarget = 1\ntolerance = 0.1234567\n',
        'direction = "within"\ntarget = { min = 85, max = 100 }\ntolerance = 5\n',
        'direction = "within"\nbands = [{ rag = "red", below = 80 }, { rag = "green", from = 80, to = 90 }, { rag = "red", above = 90 }]\n',
        'direction = "higher"\nbands = [{ rag = "red", below = 90 }, { rag = "amber", from = 90, to = 90 }, { rag = "green", above = 90 }]\n',
        'direction = "higher"\ntarget = 90\ntolerance = 0\n',
        'direction = "higher"\ntarget = 90\ntolerance = 10\nbasis = "assumed"\nrationale = "as last year"\ntarget_date = "Dec-20"\n',
        'direction = "higher"\ntarget = 90\ntolerance = 10\ngrace = [{ from = 2020-01-01, until = 2020-09-30, no_worse_than = "amber", '
        'reason = "R", authority = "B" }, { from = 2020-01-01, until = 2020-12-31, target = 85, reason = "R", authority = "B" }]\n',
    ],
)  # fmt: skip
def test_a_number_reads_to_the_letter_as_its_text_does(rule: str) -> None:
    """In money, with finer lines than a millionth, of a range, of a band that is one number, under two graces."""
    unit = "" if "unit" in rule else 'unit = "points"\n'
    files = {"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{unit}{rule}'}
    book, other = ragengine.load(files), ragengine.load(files)
    values = (0, 0.5, 0.876543, 0.8765433, 1, 79.5, 80, 84, 85, 89.5, 90, 90.25, 95, 99.5, 100, 100.1, 110.5, 1000, 2e9)

    said = {value: other.rate("a.k", f"{Decimal(repr(value)):f}", period="Jul-20").explain() for value in values}
    assert said == {value: book.rate("a.k", value, period="Jul-20").explain() for value in values}


def naive_level(bands: list[dict[str, Any]], value: Fraction) -> str:
    """The level of the one band that holds a value, by comparison alone."""
    found = []
    for band in bands:
        low, high = band["lower"], band["upper"]
        above = low is None or value > Fraction(low) or (band["lower_in"] and value == Fraction(low))
        below = high is None or value < Fraction(high) or (band["upper_in"] and value == Fraction(high))
        if above and below:
            found.append(band["rag"])
    assert len(found) == 1, "the bands cover the line exactly once"
    return str(found[0])


ORDER = ["red", "amber", "green"]


def recomputed(told: dict[str, Any]) -> tuple[str, str, str]:
    """Computed, adjusted and final level from an explanation's JSON and nothing else."""
    value = Fraction(told["value"])
    computed = naive_level(told["bands"], value)
    adjusted = naive_level(told["adjusted_bands"], value)
    if any(grace["granted"] and grace["effect"] in ("suspend", "exclude_period") for grace in told["graces"]):
        adjusted = "grey"
    final = adjusted
    for override in told["overrides"]:
        if not override["live"]:
            continue
        if override["effect"] == "rag":
            final = override["level"]
        elif final != "grey":
            choose = min if override["effect"] == "no_better_than" else max
            final = choose(final, override["level"], key=ORDER.index)
    return computed, adjusted, final


numbers = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(1, 9_999), st.integers(0, 2))
level_ids = st.sampled_from(ORDER)
EFFECTS = [
    "suspend = true",
    "target = {n}",
    "tolerance = {n}",
    'no_better_than = "amber"',
    'no_worse_than = "amber"',
]


@st.composite
def area_files(draw: st.DrawFn) -> str:
    """A KPI of any direction, with amber, rounding and graces, some on a condition."""
    direction = draw(st.sampled_from(["higher", "lower", "within"]))
    if direction == "within":
        low = draw(numbers)
        target = f"{{ min = {low:f}, max = {low + draw(numbers):f} }}"
    else:
        target = f"{draw(numbers):f}"
    tolerance = draw(st.sampled_from(["0", f"{draw(numbers):f}", f'"{draw(st.integers(1, 80))}% of target"']))
    lines = [f'direction = "{direction}"', f"target = {target}", f"tolerance = {tolerance}", 'unit = "days"']
    lines += draw(st.sampled_from([[], ["decimals = 0"], ["decimals = 1"], ['met = "beyond target"']]))
    graces = []
    for effect in draw(st.sets(st.sampled_from(EFFECTS), max_size=3)):
        if direction == "within" and effect.startswith("target"):
            continue
        when = draw(st.sampled_from(["", ", when = 'value > 50'", ", when = '\"covid\" in causes'"]))
        said = effect.format(n=f"{draw(numbers):f}")
        graces.append(f"{{ from = 2020-03-23, until = 2020-09-30, {said}, reason = 'R', authority = 'B'{when} }}")
    lines.append(f"grace = [{', '.join(graces)}]")
    return '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n' + "\n".join(lines) + "\n"


@st.composite
def overrides(draw: st.DrawFn) -> list[Override]:
    """Judgements of every effect, live and lapsed."""
    made = []
    for _ in range(draw(st.integers(0, 2))):
        effect = draw(st.sampled_from(["rag", "no_better_than", "no_worse_than"]))
        until = draw(st.sampled_from([date(2020, 7, 30), date(2020, 7, 31), date(2020, 12, 31)]))
        made.append(Override("a.k", effect, draw(level_ids), date(2020, 7, 1), until, "R", "B"))
    return made


@given(area_files(), overrides(), st.sampled_from([frozenset(), frozenset({"covid"})]))
def test_an_explanation_is_enough_to_compute_all_three_levels(
    area: str, judged: list[Override], causes: frozenset[str]
) -> None:
    """On, just under and just over every threshold, the JSON alone gives computed, adjusted and final level."""
    try:
        book = ragengine.load({"book.toml": BOOK, "a.toml": area})
    except ragengine.RulebookError:
        assume(False)
    first = book.rate("a.k", 50, period="Jul-20").explanation
    edges = {Fraction(band.lower) for band in (*first.bands, *first.adjusted_bands) if band.lower is not None}
    tiny = Fraction(1, 10**6)
    period = ragengine.parse_period("Jul-20")
    for value in sorted({Fraction(50), *(edge + by for edge in edges for by in (-tiny, 0, tiny))}):
        row = measurement_of("a.k", value=value, period=period, causes=causes)
        rating = book.score(Data((row,), overrides=tuple(judged)), as_at="Jul-20").ratings["a.k"]
        told = json.loads(json.dumps(rating.explanation.to_dict()))

        assert recomputed(told) == (str(rating.computed), str(rating.adjusted), str(rating.rag)), (area, value)
        assert (told["computed"], told["adjusted"], told["rag"]) == recomputed(told)


def test_an_explanation_names_every_stage_with_its_place() -> None:
    """Each step says what it looked at, and those of the rule say in which file and line it stands."""
    book = load("decimals  = 1\n")
    rating = book.rate("early-help.seen-10-days", 84, period="Jul-20", history=[("Jun-20", 91)])
    steps = rating.explanation.steps

    assert ["value", "bands", "movement"] == [step.stage for step in steps]
    assert ("amber", "early-help.toml", 3) == (steps[1].level, steps[1].file, steps[1].line)
    assert "target at least 90% (stated); Amber runs from 80% to below 90%" == steps[1].text


def test_a_target_that_is_not_there_is_not_called_assumed() -> None:
    """The row brought none: its basis says nothing."""
    assumed = load("= 90", '= "from data"\nbasis = "assumed"\nrationale = "as last year"')

    without = assumed.rate("early-help.seen-10-days", 84, period="Jul-20").explain()
    brought = assumed.rate("early-help.seen-10-days", 84, period="Jul-20", target=90).explain()
    assert "assumed" not in without and "The target is assumed: as last year." in brought


def test_a_word_that_is_missing_is_explained() -> None:
    """There is no word to say, and the words that would do stand nowhere in its place."""
    area = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nwords = { no = "red", yes = "green" }\n'
    book = ragengine.load({"book.toml": BOOK, "a.toml": area})

    assert ("", "yes") == (book.rate("a.k").explanation.word, book.rate("a.k", "Yes").explanation.word)
    assert ("A", "A") == (book.rate("a.k").to_dict()["area"], book.rate("a.k", "yes").explanation.area)


def steps_of(files: str, book: str = BOOK, **row: Any) -> list[str]:
    """The texts of the steps of a rating of July 2020 by these rules."""
    rules = ragengine.load({"book.toml": book, "early-help.toml": files})
    return [step.text for step in rules.rate("early-help.seen-10-days", period="Jul-20", **row).explanation.steps]


def test_the_first_steps_say_what_the_value_is_and_where_its_target_comes_from() -> None:
    """Counts stand once; a carried value, a brought target and an assumed one are named; a missing value has its reason."""
    brought = SEEN.replace("= 90", '= "from data"')
    assumed = SEEN + "basis = 'assumed'\nrationale = 'as last year.'\n"
    formula = SEEN + 'formula = "100 * numerator / denominator"\n'
    carrying = BOOK.replace('"grey"', '"carry forward"')
    counts = {"numerator": 84, "denominator": 100}

    assert "84.0% (84 of 100)" == steps_of(SEEN, **counts)[0]
    assert (
        "84.0% (84 of 100), from 100 * numerator / denominator with denominator 100, numerator 84"
        == (steps_of(formula, **counts)[0])
    )
    assert "84.0%, carried forward from June 2020" == steps_of(SEEN, carrying, history=[("Jun-20", 84)])[0]
    assert steps_of(brought, value=84, target=90)[1].startswith("target at least 90% (from the data); Amber")
    assert steps_of(assumed, value=84)[1].startswith("target at least 90% (assumed: as last year); Amber")
    assert ["no data"] == steps_of(SEEN)
    assert ["suppressed: printed as 'c'"] == steps_of(SEEN, value="c")
    assert "no value" == steps_of(SEEN, BOOK.replace('"grey"', '"red"'))[0]
    assert ["84.0%", "monitored"] == steps_of(
        SEEN.replace('"higher"', '"monitor"').replace("target    = 90\n", "").replace('tolerance = "10 pp"\n', ""),
        value=84,
    )


@pytest.mark.parametrize(
    ("missing", "relief", "told"),
    [
        ("grey", "", ("", "no data")),
        ("red", "", ("red", "")),
        ("amber", "", ("amber", "")),
        ("red", "suspend = true", ("red", "suspended")),
    ],
)
def test_what_a_missing_value_counts_as_stands_in_the_data(missing: str, relief: str, told: tuple[str, str]) -> None:
    """Beside why nothing is rated; of a value that is there the data say neither."""
    until = "from = 2020-07-01, until = 2020-09-30, reason = 'R', authority = 'B'"
    files = SEEN + (f"grace = [{{ {until}, {relief} }}]\n" if relief else "")
    book = ragengine.load({"book.toml": BOOK.replace('"grey"', f'"{missing}"'), "early-help.toml": files})
    without = book.rate("early-help.seen-10-days", period="Jul-20").explanation
    there = book.rate("early-help.seen-10-days", 84, period="Jul-20").explanation

    assert told == (without.missing, without.unrated)
    assert ("", "suspended" if relief else "") == (there.missing, there.unrated)


def test_an_explanation_carries_the_rule_and_its_fingerprint() -> None:
    """Which rule, in which edition, and the SHA-256 of everything that was written, whatever its layout."""
    same = ragengine.load({"book.toml": "\n\n" + BOOK, "early-help.toml": SEEN.replace("    = 90", "=90.0")})
    other = load("= 90", "= 91")
    rule = load().rate("early-help.seen-10-days", 84, period="Jul-20").explanation.rule

    assert ("early-help.seen-10-days", "early-help.toml", 3, "2020-21") == (rule.id, rule.file, rule.line, rule.edition)
    assert (rule.fingerprint, 64) == (same.fingerprint, len(rule.fingerprint))
    assert rule.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"), [(84, 100, "84"), (2, 3, "200/3"), ("1,000", "3,000", "100/3")]
)
def test_numbers_in_json_are_exact(numerator: object, denominator: object, value: str) -> None:
    """A value that no decimal writes stands as a ratio, with the counts it was made of."""
    rating = load().rate("early-help.seen-10-days", numerator=numerator, denominator=denominator, period="Jul-20")
    told = rating.explanation.to_dict()

    assert value == told["value"]
    assert Fraction(told["value"]) == 100 * Fraction(told["numerator"]) / Fraction(told["denominator"])


def test_grey_is_explained_with_its_reason_and_no_bands() -> None:
    """What was not rated has a reason and why, and no bands that could be taken for a level."""
    told = load().rate("early-help.seen-10-days", "about 90", period="Jul-20").explanation

    assert ("grey", "invalid", (), ()) == (told.rag, told.reason, told.bands, told.adjusted_bands)
    assert "'about 90': neither a number nor a symbol" == told.why


def test_a_relief_of_the_tolerance_is_told_in_words() -> None:
    """The width of amber as an author thinks of it, in the explanation's data and in its steps."""
    grace = '[{ from = 2020-07-01, until = 2020-07-31, tolerance = "20 pp", reason = "r", authority = "a" }]'
    area = f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\ngrace = {grace}\n'
    explanation = ragengine.load({"a.toml": area}).rate("a.k", 75, period="2020-07").explanation

    assert explanation.graces[0].value == "20"
    assert any(
        "(tolerance 20 percentage points, 1 July 2020 to 31 July 2020): granted" in step.text
        for step in explanation.steps
    )
