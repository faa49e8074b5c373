"""The worked example against the facts of its source: counts, levels stated in words, and the routes to them."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

import ragengine
from ragengine.rating.rating import Rating

AREAS = {
    "A01": "leadership", "A02": "quality-assurance", "A03": "early-help", "A04": "mash", "A05": "assessment",
    "A06": "children-with-disabilities", "A07": "elective-home-education", "A08": "send",
    "A09": "help-and-protection", "A10": "missing-exploited-trafficked", "A11": "childrens-resource-service",
    "A12": "youth-justice", "A13": "looked-after-children", "A14": "care-leavers", "A15": "fostering",
    "A16": "adoption", "A17": "lscp",
}  # fmt: skip


def seed(root: Path, name: str) -> list[dict[str, str]]:
    """A table of the source's facts."""
    with (root / "tests" / "seed" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_ref(plan: ragengine.Rulebook) -> dict[str, str]:
    """Id of the KPI or action for each priority or measure of the source."""
    rules = plan.rules
    both = [*rules.kpis.values(), *rules.actions.values()]
    return {rule.ref: rule.id for rule in both}


def test_every_priority_stands_once_in_its_area(plan: ragengine.Rulebook, root: Path) -> None:
    """All 151 priorities are KPIs or actions of their own area, each once."""
    rules = plan.rules
    refs = Counter(rule.ref for rule in (*rules.kpis.values(), *rules.actions.values()))
    rows = seed(root, "priorities")
    found = by_ref(plan)

    assert len(rows) == 151
    assert [row["priority_id"] for row in rows if refs[row["priority_id"]] != 1] == []
    assert all(found[row["priority_id"]].startswith(AREAS[row["area_id"]] + ".") for row in rows)


def test_target_dates_are_as_printed(plan: ragengine.Rulebook, root: Path) -> None:
    """A priority's target or due date is the one printed, in its spelling; KPIs and actions both carry it."""
    rules = plan.rules
    found = by_ref(plan)
    wrong = []
    for row in seed(root, "priorities"):
        rule_id = found[row["priority_id"]]
        written = rules.kpis[rule_id].target_date if rule_id in rules.kpis else rules.actions[rule_id].due.written
        if written != row["target_date_printed"]:
            wrong.append((rule_id, written, row["target_date_printed"]))

    assert wrong == []


def test_areas_stand_in_printed_order_with_their_leads(plan: ragengine.Rulebook) -> None:
    """Reports show the 17 areas in the order of the source."""
    assert list(plan.rules.areas) == list(AREAS.values())
    assert all(area.lead for area in plan.rules.areas.values())


@pytest.mark.parametrize(
    ("area", "previous", "current"),
    [
        ("early-help", "green", "green"),
        ("missing-exploited-trafficked", "green", "amber"),
        ("childrens-resource-service", "green", "amber"),
        ("care-leavers", "green", "amber"),
        ("adoption", "green", "green"),
    ],
)
def test_the_printed_pairs_come_out(plan_card: ragengine.Scorecard, area: str, previous: str, current: str) -> None:
    """The areas whose previous and current level are printed or said in words have both."""
    rated = plan_card.areas[area]

    assert (str(rated.previous), str(rated.rag)) == (previous, current)


def test_leadership_is_red_by_judgement_beside_its_computed_level(plan_card: ragengine.Scorecard) -> None:
    """The judgement names who, why and until when, and the computed level stands beside it."""
    rated = plan_card.areas["leadership"]

    assert rated.rag == "red"
    assert not rated.computed.is_grey
    assert rated.overrides[0].effect == "rag"
    assert "staffing pressures" in rated.overrides[0].reason
    assert "agreed as Red" in rated.explain()


@pytest.mark.parametrize(
    "area",
    ["children-with-disabilities", "missing-exploited-trafficked", "childrens-resource-service", "lscp"],
)
def test_areas_pending_an_audit_are_capped_at_amber(plan_card: ragengine.Scorecard, area: str) -> None:
    """Lack of assurance caps the area until the audit, and says what releases it."""
    rated = plan_card.areas[area]

    assert rated.rag == "amber"
    assert [o.effect for o in rated.overrides] == ["no_better_than"] * len(rated.overrides)
    assert all(o.live and "audit" in o.release_when.casefold() for o in rated.overrides)


def test_adoption_stays_green_with_the_number_of_adoptions_amber(plan_card: ragengine.Scorecard) -> None:
    """One KPI amber by judgement does not change the area."""
    rating = plan_card.ratings["adoption.number-of-adoptions"]

    assert (str(rating.rag), str(rating.computed)) == ("amber", "grey")
    assert plan_card.areas["adoption"].rag == "green"


def test_four_mash_items_are_red_although_covid_is_the_cause(plan_card: ragengine.Scorecard, root: Path) -> None:
    """The cause is recorded and gives no relief."""
    items = ["A04-P02", "A04-P03", "A04-P04", "A04-P05"]
    rated = {r.id: r for r in plan_card.of_area("mash")}
    found = by_ref(ragengine.load(root / "rules"))

    for item in items:
        assert rated[found[item]].rag == "red", item
        assert rated[found[item]].explanation.causes == ("covid",)
        assert rated[found[item]].explanation.graces == ()


@pytest.mark.parametrize("area", ["send", "elective-home-education", "childrens-resource-service", "adoption"])
def test_areas_said_to_have_no_red_have_none(plan_card: ragengine.Scorecard, area: str) -> None:
    """By relief, by an explained exception, or because nothing is red."""
    assert [r.id for r in plan_card.of_area(area) if r.rag == "red"] == []


def test_send_has_no_red_by_relief(plan_card: ragengine.Scorecard) -> None:
    """The transition actions are late: computed red, and amber by a grace that names Covid."""
    relieved = [r for r in plan_card.of_area("send") if r.computed == "red"]

    assert relieved
    assert all(r.rag == "amber" and r.explanation.graces[0].changed for r in relieved)


def test_eight_of_nine_with_one_exclusion_is_all(plan_card: ragengine.Scorecard, root: Path) -> None:
    """The exclusion leaves the denominator, with its reason, and is shown."""
    found = by_ref(ragengine.load(root / "rules"))
    rating = plan_card.ratings[found["A07-P01"]]
    assert isinstance(rating, Rating)

    assert (rating.value, str(rating.rag)) == (Fraction(100), "green")
    assert "100% (8 of 8; 1 of 9 excluded because" in rating.explain()
    assert any("1 of 9 excluded because" in step.text for step in rating.explanation.steps)


def test_402_days_against_402_is_met(plan_card: ragengine.Scorecard) -> None:
    """On the target is met."""
    rating = plan_card.ratings["adoption.days-to-placement"]

    assert (str(rating.rag), rating.explanation.shortfall) == ("green", "0")


def test_the_only_printed_value_with_its_colour(plan_card: ragengine.Scorecard, root: Path) -> None:
    """50% good or outstanding is red, as flagged."""
    found = by_ref(ragengine.load(root / "rules"))
    rating = plan_card.ratings[found["A06-P01"]]

    assert (rating.explanation.value, str(rating.rag)) == ("50", "red")


def test_no_level_contradicts_what_was_published(plan_card: ragengine.Scorecard) -> None:
    """Every level that the source states in words is compared, and none differs."""
    assert [p for p in plan_card.problems if p.code == "RAG112"] == []
    assert [p for p in plan_card.problems if p.is_error] == []


def test_measurements_are_those_of_the_source(root: Path, plan: ragengine.Rulebook) -> None:
    """No number is in the data that the source does not print, and each printed number is there."""
    data = ragengine.read(root / "docs/examples/2020-08", day_first=True)
    given = {m.value for m in data.measurements if isinstance(m.value, Fraction)}
    given |= {m.numerator for m in data.measurements if isinstance(m.numerator, Fraction)}
    given |= {m.denominator for m in data.measurements if isinstance(m.denominator, Fraction)}
    printed = {Fraction(row["value"]) for row in seed(root, "measurements") if row["value"]}

    # 8 of 9 is printed as 88.8%
    assert given - printed <= {Fraction(8), Fraction(9)}
    assert printed - given <= {Fraction(100), Fraction("88.8"), Fraction(1)}


def test_narratives_are_verbatim(root: Path) -> None:
    """Each sentence of the source stands in the narrative of its area, word for word."""
    document = tomllib.loads((root / "docs/examples/2020-08/narrative.toml").read_text(encoding="utf-8"))
    lost = []
    for row in seed(root, "narratives"):
        if row["section"] == "ofsted_recommendation":
            continue
        said = document[AREAS[row["area_id"]]]
        texts = [s if isinstance(s, str) else s["text"] for key in said for s in said[key]]
        if row["text"] not in texts:
            lost.append(row["narrative_id"])

    assert lost == []


def test_contradictions_are_kept_as_notes(root: Path) -> None:
    """Each inconsistency of the source is cited in data, narrative or rules, not smoothed."""
    texts = [p.read_text(encoding="utf-8") for p in (root / "docs/examples/2020-08").iterdir() if p.is_file()]
    texts += [p.read_text(encoding="utf-8") for p in (root / "rules").iterdir()]
    texts.append((root / "docs/decisions/0010-the-plan-as-rules.md").read_text(encoding="utf-8"))
    everything = "\n".join(texts)

    assert [
        r["inconsistency_id"] for r in seed(root, "inconsistencies") if r["inconsistency_id"] not in everything
    ] == []


def test_each_area_shows_how_many_of_its_children_are_rated(plan_card: ragengine.Scorecard) -> None:
    """What is not known stays grey, and the count says so."""
    for area in plan_card.areas.values():
        assert area.total == len(area.children)
        assert area.rated == sum(not c.rag.is_grey for c in area.children)
        assert f"{area.rated} of {area.total} rated" in area.explain()


def test_the_scorecard_survives_json(plan_card: ragengine.Scorecard) -> None:
    """Out and in again: the same text, the same levels, the same explanations."""
    text = plan_card.to_json()
    read = ragengine.Scorecard.from_json(text)

    assert read.to_json() == text
    assert read == plan_card
    assert read.areas["mash"].rag == plan_card.areas["mash"].rag
    assert (
        read.ratings["adoption.days-to-placement"].explain()
        == plan_card.ratings["adoption.days-to-placement"].explain()
    )
    assert [r.id for r in read.exceptions()] == [r.id for r in plan_card.exceptions()]
