"""The report's model: every row has its value, target, level, what moved, what would change it, and why it is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

import ragengine
from ragengine.data.model import Narrative, Statement
from ragengine.report.build import programme_sentence, report_of_card
from ragengine.report.conditions import clauses_of
from ragengine.report.events import read_events
from ragengine.report.model import Report, ReportRow
from ragengine.terms import DEFAULT_SCALE


def row(report: Report, subject: str) -> ReportRow:
    return next(row for row in report.rows if row.id == subject)


def test_a_measure_has_value_target_unit_period_and_distance(plan: Report) -> None:
    """The 84% of July against 90% stands with its period and what would make it green."""
    seen = row(plan, "early-help.seen-10-days")

    assert (seen.value, seen.target, seen.measured, seen.due_words) == (
        "84%",
        "at least 90%",
        "Jul 2020",
        "31 May 2020",
    )
    assert str(seen.rag) == "amber"
    assert "would make it Green" in seen.needed
    assert seen.why[0].head == "At risk"
    assert seen.card.basis.startswith("Derived")


def test_counts_and_exclusions_are_told(plan: Report) -> None:
    """8 of the 8 that count, one of 9 excluded with its reason: the share that is printed beside it."""
    assert row(plan, "elective-home-education.priority-children-allocated").counted.startswith(
        "8 of 8, 1 of 9 excluded: "
    )


def test_relief_and_judgement_show_both_levels(plan: Report) -> None:
    """A grace and an override each leave the rule's level beside the final one, and say what ends them."""
    graced, judged = row(plan, "send.transitions-operational-group"), row(plan, "mash.learning-circles")

    assert (str(graced.computed), str(graced.rag), graced.relief) == ("red", "amber", "by grace")
    assert graced.needed == "When the grace ends, 30 Sep 2020, it would be Red."
    assert (str(judged.computed), str(judged.rag), judged.relief) == ("green", "red", "by judgement")
    assert judged.needed == "The judgement stands until 31 Dec 2020."


def test_what_is_not_rated_says_why_and_when_it_was_due(plan: Report) -> None:
    """Never a bare grey: a reason in a sentence, with the date."""
    turnover, stepped = row(plan, "leadership.agency-workers"), row(plan, "early-help.stepped-up")

    assert turnover.unrated == "Nothing was reported; its date, 31 Jul 2020, has passed."
    assert (stepped.reason, stepped.value) == ("monitored", "20%")
    assert all(own.unrated for own in plan.rows if own.rag.is_grey)


def test_areas_say_what_decided_them_in_words(plan: Report) -> None:
    """No condition and no id: the rule that matched, with both numbers."""
    decided = {area.id: area.decided for area in plan.areas}

    assert decided["leadership"] == "More than half of those rated are Red (4 of 5)"
    assert decided["assessment"] == "1 of 5 rated is Red"
    assert decided["fostering"] == "None is Red, none Amber"
    assert decided["childrens-resource-service"] == "The rule gives Green; Amber by judgement"
    assert all(name not in sentence for sentence in decided.values() for name in ("critical_red", ">="))


def test_the_programme_is_one_sentence(plan: Report) -> None:
    """How many areas are red, which, and what would make the programme red."""
    said, worst = programme_sentence(plan)

    assert said == "3 of 17 areas are Red"
    assert [area.id for area in worst] == ["leadership", "help-and-protection", "youth-justice"]
    assert plan.programme.worse_if == "It would be Red if more than half of those rated were Red."


def test_what_changed_groups_areas_that_moved_alike(plan: Report) -> None:
    """Worse first; areas of which nothing earlier is known are counted."""
    assert [group.words for group in plan.groups] == [
        "3 areas worsened",
        "2 areas are unchanged",
        "For 12 other areas no earlier level is known",
    ]


def test_counts_of_the_key_add_up(plan: Report) -> None:
    """Each row and each area is counted once."""
    assert sum(areas for _, _, areas, _ in plan.key) == 17
    assert sum(rows for _, _, _, rows in plan.key) == len(plan.rows) == 157


def test_a_chart_has_steps_gaps_events_graces_and_later_months(two_years: Report) -> None:
    """Dated targets step and go on to the last of them; a month without data is no figure of its own."""
    chart = row(two_years, "early-help.seen-10-days").chart
    assert chart is not None
    by_period = {str(column.period): column for column in chart.columns}

    assert [str(t) for t in by_period["2019-01"].targets] == ["85"]
    assert [str(t) for t in by_period["2020-08"].targets] == ["90"]
    assert by_period["2021-01"].later and [str(t) for t in by_period["2021-01"].targets] == ["92"]
    assert by_period["2019-01"].carried
    assert [event.kind for event in chart.events] == [
        "definition change",
        "intervention",
        "rule changed",
        "rule changed",
    ]
    assert [grace.name for grace in chart.graces] == ["covid-19"]
    assert chart.comparator == "Similar councils"
    assert (by_period["2020-08"].comparator_text, by_period["2021-01"].comparator_text) == ("78%", "")


def test_areas_have_a_level_for_each_period(two_years: Report) -> None:
    """Each period was scored once; the last is the card's own."""
    area = next(area for area in two_years.areas if area.id == "early-help")

    assert len(two_years.periods) == 24
    assert dict(area.history)[two_years.period] == area.rag
    assert area.previous == dict(area.history)[two_years.period.previous()]


def test_fewer_than_three_figures_are_no_line(plan: Report) -> None:
    """Two points would draw a trend that is none."""
    assert all(own.chart is None for own in plan.rows)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("red > rated / 2", "more than half of those rated are Red"),
        ("amber >= rated / 4", "at least a quarter of those rated are Amber"),
        ("red >= 1", "any is Red"),
        ("red >= 2", "2 or more are Red"),
        ("critical_red >= 1", "a critical one is Red"),
    ],
)
def test_conditions_have_words(when: str, words: str) -> None:
    """The conditions that people write most."""
    clauses = clauses_of(when, DEFAULT_SCALE)
    assert clauses is not None

    assert [clause.words for clause in clauses] == [words]


@pytest.mark.parametrize(
    "when", ["red >= 1 and amber >= 2", "red > rated / 0", "red < 2", "worst == 'red'", "purple >= 1"]
)
def test_other_conditions_have_none(when: str) -> None:
    """What cannot be said rightly is not said."""
    assert clauses_of(when, DEFAULT_SCALE) is None


def test_bad_events_are_problems_with_a_place(tmp_path: Path) -> None:
    """An unknown subject, a kind that is none and a day that cannot be read, each with its line and column."""
    (tmp_path / "events.csv").write_text(
        "from,text,subject,kind\n2020-01-01,moved,a.k,intervention\n2020-01-01,x,a.z,rebase\n2020-01-01,x,a.k,party\nsoon,x,a.k,rebase\n"
    )
    events, problems = read_events([tmp_path], frozenset({"a.k"}))

    assert [row.event.text for row in events] == ["moved"]
    places = [(p.code, p.place.line, p.place.column) for p in problems]
    assert places == [("RAG104", 3, 3), ("RAG105", 4, 4), ("RAG106", 5, 1)]


def test_a_recorded_scorecard_makes_a_report_too(plan: Report) -> None:
    """A card read back from JSON gives the same levels, values and decisions."""
    root = Path(__file__).resolve().parent.parent.parent
    book = ragengine.load(root / "rules")
    data = ragengine.read(root / "docs" / "examples" / "2020-08", day_first=True)
    card = ragengine.Scorecard.from_json(book.score(data, "Aug-20").to_json())
    again = report_of_card(book, card)

    assert [(own.id, own.rag, own.value, own.target) for own in again.rows] == [
        (own.id, own.rag, own.value, own.target) for own in plan.rows
    ]


RULES = {
    "book.toml": """[book]
title = "B"
edition = "1"
missing = "grey"
[grace.flood]
from = 2020-01-01
until = 2020-12-31
no_worse_than = "amber"
reason = "Flood"
authority = "Board"
""",
    "a.toml": """[area]
title = "A"
[kpi.proved]
title = "Proved"
unit = "%"
direction = "higher"
target = 90
tolerance = "10 pp"
requires_evidence = true
[kpi.lasting]
title = "Lasting"
unit = "%"
direction = "higher"
target = 90
tolerance = "10 pp"
persistence = 2
[kpi.eased]
title = "Eased"
unit = "%"
direction = "higher"
target = 90
tolerance = "10 pp"
grace = ["flood"]
[kpi.both]
title = "Both"
unit = "%"
direction = "higher"
target = 90
tolerance = "10 pp"
persistence = 2
grace = ["flood"]
[kpi.worded]
title = "Worded"
direction = "higher"
words = { no = "red", drafted = "amber", yes = "green", done = "green" }
""",
}


@pytest.fixture(scope="module")
def small() -> tuple[ragengine.Rulebook, ragengine.Scorecard]:
    book = ragengine.load(RULES)
    rows = [
        {"kpi": f"a.{kpi}", "period": period, "value": value}
        for kpi, values in (
            ("proved", (95, 95)), ("lasting", (95, 70)), ("eased", (70, 70)), ("both", (95, 70)), ("worded", ("no", "drafted")),
        )
        for period, value in zip(("Jun-20", "Jul-20"), values, strict=True)
    ]  # fmt: skip
    rows.append({"kpi": "a.eased", "period": "Jul-20", "entity": "North", "value": 95})
    return book, book.score(ragengine.Data.of(rows), "Jul-20")


def test_what_made_a_level_another_than_the_rules_is_called_by_its_name(
    small: tuple[ragengine.Rulebook, ragengine.Scorecard],
) -> None:
    """Nobody granted anything where evidence is wanting, or where a worse level has not lasted long enough."""
    report = report_of_card(*small)
    said = {own.id: (str(own.computed), str(own.rag), own.relief) for own in report.rows if not own.entity}

    assert said["a.proved"] == ("green", "amber", "for want of evidence")
    assert said["a.lasting"] == ("red", "green", "by persistence")
    assert said["a.eased"] == ("red", "amber", "by grace")
    assert said["a.both"] == ("red", "green", "by grace and persistence")
    assert row(report, "a.proved").needed == "With evidence it would be Green."


def test_a_target_in_words_is_the_words_that_meet_it(small: tuple[ragengine.Rulebook, ragengine.Scorecard]) -> None:
    """What would be green is said, and not only that it is a word."""
    assert row(report_of_card(*small), "a.worded").target == "“yes” or “done”"


def test_what_people_wrote_of_an_area_stands_once(
    small: tuple[ragengine.Rulebook, ragengine.Scorecard],
) -> None:
    """The page of an area's entity does not repeat the narrative of the whole."""
    book, card = small
    told = {"a": Narrative("a", progress=(Statement("Nine of ten visits made"),))}
    pages = report_of_card(book, evolve(card, narrative=told)).areas

    assert [(page.entity, len(page.narrative.progress)) for page in pages] == [("", 1), ("North", 0)]


def test_how_much_is_rated_reads_as_a_sentence(small: tuple[ragengine.Rulebook, ragengine.Scorecard]) -> None:
    """One, all and none are words; other counts agree with their verb."""
    pages = {page.entity: page.coverage for page in report_of_card(*small).areas}

    assert pages == {"": "All of the 5 that count are rated", "North": "The one that counts is rated"}


@pytest.mark.parametrize("subject", ["a", "a.lasting"])
@pytest.mark.parametrize(("level", "changed"), [("red", False), ("amber", True)])
def test_a_judgement_that_leaves_the_level_as_it_is_changed_nothing(
    small: tuple[ragengine.Rulebook, ragengine.Scorecard], subject: str, level: str, changed: bool
) -> None:
    """An area that is Red and agreed as Red is not said to be so by judgement; nor is a measure."""
    book, _ = small
    until = {"from": "2020-07-01", "until": "2020-12-31", "reason": "R", "authority": "B"}
    rows = [{"kpi": "a.lasting", "period": "2020-07", "value": 70}]
    data = ragengine.Data.of(rows, overrides=[{"subject": subject, "rag": level, **until}])
    report = report_of_card(book, book.score(data, "Jul-20"))
    said = report.areas[0].judgements if subject == "a" else row(report, subject).judgements

    assert [own.changed for own in said] == [changed]


def test_what_moved_since_another_period_than_the_reports_names_it() -> None:
    """A quarter is compared with the quarter before, under a heading that says since when the others are."""
    rule = 'unit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
    area = f'[area]\ntitle = "A"\n[kpi.q]\ntitle = "Q"\nfrequency = "quarterly"\n{rule}[kpi.m]\ntitle = "M"\n{rule}'
    book = ragengine.load({"book.toml": RULES["book.toml"], "a.toml": area})
    values = (("q", "Q1 2020/21", 70), ("q", "Q2 2020/21", 85), ("m", "Oct-20", 70), ("m", "Nov-20", 85))
    data = ragengine.Data.of([{"kpi": f"a.{kpi}", "period": period, "value": value} for kpi, period, value in values])
    report = report_of_card(book, book.score(data, "Nov-20"))

    assert report.compared == "October 2020"
    assert row(report, "a.m").moved == "Improved from ▲ Red"
    assert row(report, "a.q").moved == "Improved from ▲ Red (Q1 2020/21)"
