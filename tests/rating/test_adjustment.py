"""Grace, evidence, persistence and overrides change a level for a named reason; the computed one stands beside it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
KPI = """\
[area]
title = "A"
[kpi.k]
title     = "K"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
"""


def load(more: str = "", *graces: str) -> ragengine.Rulebook:
    """A book with the KPI above and more lines to it, opting into covid graces with these effects."""
    named = "".join(
        f"[grace.g{n}]\nfrom = 2020-03-23\nuntil = 2020-09-30\nreason = 'Covid-19'\nauthority = 'Board'\n{effect}\n"
        for n, effect in enumerate(graces)
    )
    opted = f"grace = {[f'g{n}' for n in range(len(graces))]}\n" if graces else ""
    return ragengine.load({"book.toml": BOOK + named, "a.toml": KPI + opted + more})


def levels(rating: Any) -> tuple[str, str, str]:
    """Computed, adjusted and final level."""
    return str(rating.computed), str(rating.adjusted), str(rating.rag)


@pytest.mark.parametrize(
    ("day", "adjusted"),
    [
        ("2020-03-22", "red"),
        ("2020-03-23", "amber"),
        ("2020-09-30", "amber"),
        ("2020-10-01", "red"),
        ("Feb-20", "red"),
        ("Mar-20", "amber"),
        ("Sep-20", "amber"),
        ("Oct-20", "red"),
        ("Q2 2020/21", "amber"),
        ("2020/21", "red"),
    ],
)
def test_a_grace_is_live_from_its_first_to_its_last_day(day: str, adjusted: str) -> None:
    """A period is judged by its last day; computed is red throughout."""
    rating = load("", 'no_worse_than = "amber"').rate("a.k", 70, period=day)

    assert ("red", adjusted, adjusted) == levels(rating)


def test_a_grace_says_who_granted_it_why_and_until_when() -> None:
    """Relief that changed the level stands in the text and in the data."""
    rating = load("", 'no_worse_than = "amber"').rate("a.k", 70, period="Jul-20")
    line = rating.explanation.graces[0]

    said = "Computed Red, Amber by grace g0, no worse than Amber (Covid-19; Board; until 30 September 2020)."

    assert said in rating.explain()
    assert ("Covid-19", "Board", "2020-03-23", "2020-09-30") == (line.reason, line.authority, line.start, line.until)
    assert (True, True) == (line.granted, line.changed)


@pytest.mark.parametrize(
    ("effect", "value", "said"),
    [
        ("suspend = true", "", "suspended"),
        ('no_worse_than = "amber"', "amber", "no worse than Amber"),
        ("target = 80.5", "80.5", "target at least 80.5%"),
        ('tolerance = "20% of target"', "20% of the target", "tolerance 20% of the target"),
        ('tolerance = "15 pp"', "15", "tolerance 15 percentage points"),
    ],
)
def test_a_grace_says_what_it_does_as_its_author_might(effect: str, value: str, said: str) -> None:
    """The value as data, and the effect in the step."""
    explained = load("", effect).rate("a.k", 70, period="Jul-20").explanation
    step = next(step for step in explained.steps if step.stage == "grace")

    assert value == explained.graces[0].value
    assert step.text.startswith(f"g0 ({said}, 23 March 2020 to 30 September 2020)")


def test_a_kpi_that_has_not_opted_in_gets_no_grace() -> None:
    """A grace in the book is nobody's until a KPI names it."""
    grace = "[grace.g]\nfrom = 2020-03-23\nuntil = 2020-09-30\nsuspend = true\nreason = 'R'\nauthority = 'B'\n"
    book = ragengine.load({"book.toml": BOOK + grace, "a.toml": KPI})

    assert ("red", "red", "red") == levels(book.rate("a.k", 70, period="Jul-20"))


@pytest.mark.parametrize(
    ("graces", "value", "expected"),
    [
        (["suspend = true"], 95, ("green", "grey")),
        (["exclude_period = true"], 95, ("green", "grey")),
        (["target = 80"], 80, ("amber", "green")),
        (["target = 80"], "79.9", ("red", "amber")),
        (["target = 80"], 70, ("red", "amber")),
        (["target = 80"], "69.9", ("red", "red")),
        (["tolerance = '20 pp'"], 90, ("green", "green")),
        (["tolerance = '20 pp'"], 70, ("red", "amber")),
        (["tolerance = '20 pp'"], "69.9", ("red", "red")),
        (["tolerance = '20 pp'", "target = 80"], 60, ("red", "amber")),
        (["tolerance = '20 pp'", "target = 80"], "59.9", ("red", "red")),
        (["no_better_than = 'amber'"], 95, ("green", "amber")),
        (["no_better_than = 'amber'"], 70, ("red", "red")),
        (["no_better_than = 'red'"], 95, ("green", "red")),
        (["no_worse_than = 'amber'"], 70, ("red", "amber")),
        (["no_worse_than = 'green'"], 70, ("red", "green")),
        (["no_worse_than = 'amber'"], 95, ("green", "green")),
        (["no_worse_than = 'amber'", "no_better_than = 'amber'"], 95, ("green", "amber")),
        (["no_worse_than = 'amber'", "no_better_than = 'amber'"], 70, ("red", "amber")),
        (["no_worse_than = 'amber'", "target = 80"], 80, ("amber", "green")),
        (["no_better_than = 'amber'", "target = 80"], 85, ("amber", "amber")),
        (["no_worse_than = 'amber'", "suspend = true"], 70, ("red", "grey")),
    ],
)
def test_each_effect_and_their_order(graces: list[str], value: object, expected: tuple[str, str]) -> None:
    """Suspend, then target and tolerance, then the cap, then the floor, in whatever order they are written."""
    for order in (graces, graces[::-1]):
        rating = load("", *order).rate("a.k", value, period="Jul-20")

        assert (*expected, expected[1]) == levels(rating)
        assert (str(rating.reason) == "suspended") == (expected[1] == "grey")


def test_relief_leaves_the_shortfall_and_the_target_as_the_rule_has_them() -> None:
    """A relieved target changes the adjusted level, and not what the value is short of."""
    rating = load("", "target = 80").rate("a.k", 85, period="Jul-20")

    assert (Fraction(90), Fraction(5)) == (rating.target, rating.shortfall)


HAVERING = 'no_worse_than = "amber"\nwhen = "value >= {}_value"'


@pytest.mark.parametrize("name", ["previous", "year_ago"])
@pytest.mark.parametrize(
    ("before", "adjusted"), [(69, "amber"), (70, "amber"), ("70.1", "red"), ("", "red"), ("c", "red"), (None, "red")]
)
def test_a_condition_may_ask_for_an_earlier_value(name: str, before: object, adjusted: str) -> None:
    """No worse than amber if no worse than then; an earlier value that is missing grants nothing."""
    period = {"previous": "Jun-20", "year_ago": "Jul-19"}[name]
    history = [] if before is None else [(period, before)]
    rating = load("", HAVERING.format(name)).rate("a.k", 70, period="Jul-20", history=history)

    assert ("red", adjusted, adjusted) == levels(rating)
    assert (adjusted == "red") == ("Grace g0 is not granted" in rating.explain())


@pytest.mark.parametrize(
    ("when", "details", "granted"),
    [
        ("100 / denominator > 1", {"numerator": 7, "denominator": 10}, True),
        ("1 / (denominator - 10) > 0", {"numerator": 7, "denominator": 10}, False),
        ("not (1 / (denominator - 10) > 0)", {"numerator": 7, "denominator": 10}, False),
        ("denominator < 20", {"value": 70}, False),
        ("not (denominator < 20)", {"value": 70}, False),
        ('"covid" in causes', {"value": 70, "causes": ["Covid "]}, True),
        ('"covid" in causes', {"value": 70, "causes": ["flood"]}, False),
        ('"covid" in causes', {"value": 70}, False),
        ('entity == "E1"', {"value": 70, "entity": "E1"}, True),
        ('entity == "E1"', {"value": 70}, False),
        ('evidence != ""', {"value": 70, "evidence": "minutes"}, True),
        ('evidence != ""', {"value": 70}, False),
        ("target > 89 and value < target", {"value": 70}, True),
        ("target > 90", {"value": 70}, False),
        ("shortfall <= 20", {"value": 70}, True),
        ("shortfall < 20", {"value": 70}, False),
        ('previous == "red"', {"value": 70, "history": [("Jun-20", 60)]}, True),
        ('year_ago == "green"', {"value": 70, "history": [("Jul-19", 90)]}, True),
        ("improved", {"value": 70, "history": [("Jun-20", 69)]}, True),
        ("improved", {"value": 70, "history": [("Jun-20", 70)]}, False),
        ("unchanged", {"value": 70, "history": [("Jun-20", 70)]}, True),
        ("worsened", {"value": 70, "history": [("Jun-20", 71)]}, True),
        ("not improved", {"value": 70}, False),
    ],
)
def test_a_condition_that_cannot_be_shown_grants_nothing(when: str, details: dict[str, Any], granted: bool) -> None:
    """Missing inputs and division by zero grant nothing, even under ``not``; the rating stands as computed."""
    rating = load("", f"no_worse_than = 'amber'\nwhen = '{when}'").rate("a.k", period="Jul-20", **details)

    assert ("red", "amber" if granted else "red") == (rating.computed, rating.adjusted)
    assert granted == rating.explanation.graces[0].granted


@pytest.mark.parametrize(
    ("value", "evidence", "adjusted", "noted"),
    [
        (95, "", "amber", True),
        (95, "  ", "amber", True),
        (95, "minutes of 3 July", "green", False),
        (95, True, "green", False),
        (85, "", "amber", False),
        (70, "", "red", False),
    ],
)
def test_without_evidence_no_better_than_amber(value: int, evidence: str | bool, adjusted: str, noted: bool) -> None:
    """``requires_evidence`` caps what has none, and says so only where it changed something."""
    rating = load("requires_evidence = true\n").rate("a.k", value, period="Jul-20", evidence=evidence)

    assert (adjusted, noted) == (rating.adjusted, "No evidence is recorded: no better than Amber" in rating.explain())


@pytest.mark.parametrize(
    ("periods", "values", "adopted"),
    [
        (1, [95, 70, 95], ["green", "red", "green"]),
        (2, [70, 95], ["red", "green"]),
        (2, [95, 70, 70, 70], ["green", "green", "red", "red"]),
        (2, [95, 70, 95, 70], ["green", "green", "green", "green"]),
        (2, [95, 70, 85], ["green", "green", "amber"]),
        (2, [95, 85, 70, 70], ["green", "green", "amber", "red"]),
        (2, [95, "c", 70, "c", 70], ["green", "grey", "green", "grey", "red"]),
        (3, [95, 70, 70, 70], ["green", "green", "green", "red"]),
        (3, [95, 70, 85, 70, 85], ["green", "green", "green", "amber", "amber"]),
        (3, [95, 70, 70, 95, 70], ["green", "green", "green", "green", "green"]),
    ],
)
def test_persistence_adopts_a_worse_level_after_so_many_periods(
    periods: int, values: list[object], adopted: list[str]
) -> None:
    """A better level is adopted at once, a worse one in the last of so many periods in a row."""
    book = load(f"persistence = {periods}\n")
    months = [f"2020-{n:02d}" for n in range(1, len(values) + 1)]
    pairs = list(zip(months, values, strict=True))

    ratings = [book.rate("a.k", values[n], period=months[n], history=pairs[:n]) for n in range(len(values))]

    assert adopted == [str(rating.rag) for rating in ratings]


def test_persistence_passes_over_an_excluded_period() -> None:
    """A period that a grace excludes neither counts for a worse level nor breaks the run."""
    grace = (
        "grace = [{ from = 2020-03-01, until = 2020-03-31, exclude_period = true, reason = 'R', authority = 'B' }]\n"
    )
    book = load("persistence = 2\n" + grace)
    pairs = [("Jan-20", 95), ("Feb-20", 70), ("Mar-20", 70)]

    march = book.rate("a.k", 70, period="Mar-20", history=pairs[:2])
    april = book.rate("a.k", 70, period="Apr-20", history=pairs)

    assert ("grey", "suspended") == (march.rag, march.reason)
    assert ("red", "green") == (april.rag, april.previous)


OVERRIDE = """\
[[override]]
subject   = "a.k"
{effect}
from      = 2020-07-31
until     = 2020-08-31
reason    = "Audit of the sample"
authority = "Director"
{more}
"""


def scored(folder: Path, value: object, override: str, as_at: str, rules: ragengine.Rulebook | None = None) -> Any:
    """The scorecard of one measurement a month, of the whole and of E1, and overrides."""
    rows = [f"a.k,2020-{month:02d},{value},{entity}" for month in (6, 7, 8, 9) for entity in ("", "E1")]
    (folder / "measurements.csv").write_text("\n".join(["kpi,period,value,entity", *rows]), encoding="utf-8")
    (folder / "overrides.toml").write_text(override, encoding="utf-8")
    return (rules or load()).score(ragengine.read(folder), as_at=as_at)


@pytest.mark.parametrize(
    ("effect", "value", "final"),
    [
        ('rag = "red"', 95, "red"),
        ('rag = "green"', 70, "green"),
        ('rag = "green"', "c", "green"),
        ('rag = "grey"', 95, "grey"),
        ('no_better_than = "amber"', 95, "amber"),
        ('no_better_than = "amber"', 70, "red"),
        ('no_better_than = "amber"', "c", "grey"),
        ('no_worse_than = "amber"', 70, "amber"),
        ('no_worse_than = "amber"', 95, "green"),
        ('no_worse_than = "amber"', "c", "grey"),
    ],
)
def test_an_override_makes_the_final_level(tmp_path: Path, effect: str, value: object, final: str) -> None:
    """A judgement replaces any level, grey too; a cap or a floor says nothing of grey. Computed stays."""
    rating = scored(tmp_path, value, OVERRIDE.format(effect=effect, more=""), "Jul-20").ratings["a.k"]
    plain = load().rate("a.k", value, period="Jul-20")

    assert (plain.computed, plain.adjusted, final) == (rating.computed, rating.adjusted, rating.rag)
    assert (final == "grey") == (rating.reason is not None)


@pytest.mark.parametrize(
    ("as_at", "final", "live"),
    [
        ("2020-07-30", "red", None),
        ("2020-07-31", "green", True),
        ("2020-08-31", "green", True),
        ("2020-09-01", "red", False),
    ],
)
def test_an_override_is_live_from_its_first_to_its_last_day(
    tmp_path: Path, as_at: str, final: str, live: bool | None
) -> None:
    """Past its last day it is listed as lapsed and not applied; before its first it is not spoken of."""
    more = 'release_when = "the audit is done"'
    override = OVERRIDE.format(effect='rag = "green"', more=more)
    monthly = ragengine.load({"book.toml": BOOK, "a.toml": KPI + 'frequency = "monthly"\n'})
    card = scored(tmp_path, 70, override, as_at, monthly)
    rating = card.ratings["a.k"]

    assert ("red", "red", final) == levels(rating)
    assert ([] if live is None else [live]) == [line.live for line in rating.explanation.overrides]
    assert (live is False) == any(p.code == "RAG111" for p in card.problems)
    assert (live is True) == ("released when: the audit is done" in rating.explain())


@pytest.mark.parametrize(
    ("released", "ending"),
    [("", "until 31 July 2020)"), ("two months green", "until 31 July 2020; released when two months green)")],
)
def test_a_step_says_who_judged_and_when_it_ends(released: str, ending: str) -> None:
    """And by what the judgement is to be released, where somebody said so."""
    override = {
        "subject": "a.k",
        "rag": "red",
        "from": "2020-07-01",
        "until": "2020-07-31",
        "reason": "Audit",
        "authority": "Board",
    }
    data = ragengine.Data.of(
        measurements=[{"kpi": "a.k", "period": "2020-07", "value": 95}],
        overrides=[{**override, "release_when": released}],
    )
    steps = load().score(data, as_at="2020-07").ratings["a.k"].explanation.steps

    assert [f"agreed as Red: Audit (Board; {ending}"] == [step.text for step in steps if step.stage == "override"]


def test_an_override_of_an_entity_is_its_own(tmp_path: Path) -> None:
    """A judgement on one entity's rating leaves the others as they are."""
    override = OVERRIDE.format(effect='rag = "green"', more='entity = "E1"')
    card = scored(tmp_path, 70, override, "Jul-20")

    assert ["red", "green"] == [str(card.ratings[key].rag) for key in ("a.k", ("a.k", "E1"))]


def test_a_grace_and_an_override_stand_beside_each_other(tmp_path: Path) -> None:
    """Computed red, adjusted amber by a grace, final green by an override: all three are said."""
    rules = load("", 'no_worse_than = "amber"')
    rating = scored(tmp_path, 70, OVERRIDE.format(effect='rag = "green"', more=""), "Jul-20", rules).ratings["a.k"]

    assert ("red", "amber", "green") == levels(rating)
    assert "Computed Red, Amber by grace g0" in rating.explain()
    assert "Then Amber, Green by override: Audit of the sample (Director; until 31 August 2020)" in rating.explain()
