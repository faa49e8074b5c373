"""Previous to current, and why: the data, the rule, a grace, an override, or missing data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine.rating.facts import Cause
from ragengine.rating.movement import Stage, leading

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
AREA = '[area]\ntitle = "A"\n'
KPI = """\
[kpi.k]
title     = "K"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
"""
ACTION = """\
[action.do]
title     = "Do"
due       = 2020-07-31
tolerance = "31 days"
"""
DATED = KPI.replace("= 90", "= { 2019-04-01 = 85, 2020-07-01 = 90 }")
OVERRIDE = '[[override]]\nsubject = "a.k"\n{}\nfrom = {}\nuntil = {}\nreason = "R"\nauthority = "B"\n'


def load(rules: str) -> ragengine.Rulebook:
    """A book of one area ``a`` with these rules."""
    return ragengine.load({"book.toml": BOOK, "a.toml": AREA + rules})


def covid(start: str, until: str, effect: str) -> str:
    """An inline grace with one effect between two days."""
    return f"grace = [{{ from = {start}, until = {until}, {effect}, reason = 'R', authority = 'B' }}]\n"


def told(rating: Any) -> tuple[str, str, str, str]:
    """Previous, current, how it moved and why."""
    movement = rating.movement
    return str(rating.previous), str(rating.rag), str(movement), str(movement.cause) if movement.cause else ""


def data(folder: Path, **files: str) -> ragengine.Data:
    """The data of these files; ``overrides`` is TOML, everything else CSV."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / f"{name}.{'toml' if name == 'overrides' else 'csv'}"
        path.write_text(text, encoding="utf-8")
    return ragengine.read(folder)


def measured(*values: object, first: int = 6) -> str:
    """Measurements of ``a.k`` by month, from June 2020."""
    rows = [f"a.k,2020-{month:02d},{value}" for month, value in enumerate(values, start=first)]
    return "\n".join(["kpi,period,value", *rows])


@pytest.mark.parametrize(
    ("rules", "before", "now", "expected"),
    [
        (KPI, 85, 92, ("amber", "green", "improved", "data")),
        (KPI, 92, 70, ("green", "red", "worsened", "data")),
        (KPI, 84, 86, ("amber", "amber", "unchanged", "")),
        (KPI, "", 86, ("grey", "amber", "newly rated", "missing")),
        (KPI, "c", 86, ("grey", "amber", "newly rated", "missing")),
        (KPI, 86, "", ("amber", "grey", "no longer rated", "missing")),
        (KPI, 86, "k", ("amber", "grey", "no longer rated", "missing")),
        (KPI, "", "c", ("grey", "grey", "unchanged", "")),
        (DATED, 87, 87, ("green", "amber", "worsened", "rule")),
        (DATED, 87, 86, ("green", "amber", "worsened", "rule")),
        (DATED, 92, 87, ("green", "amber", "worsened", "data")),
        (DATED, 87, 70, ("green", "red", "worsened", "data")),
        (KPI + "rated_from = 2020-07-01\n", 86, 86, ("grey", "amber", "newly rated", "rule")),
        (KPI + covid("2020-03-23", "2020-06-30", 'no_worse_than = "amber"'), 70, 70,
         ("amber", "red", "worsened", "grace")),
        (KPI + covid("2020-07-01", "2020-09-30", 'no_worse_than = "amber"'), 70, 70,
         ("red", "amber", "improved", "grace")),
        (KPI + covid("2020-07-01", "2020-09-30", 'no_better_than = "amber"'), 95, 96,
         ("green", "amber", "worsened", "grace")),
        (KPI + covid("2020-07-01", "2020-09-30", "target = 70"), 75, 75, ("red", "green", "improved", "grace")),
        (KPI + covid("2020-07-01", "2020-07-31", "suspend = true"), 75, 75,
         ("red", "grey", "no longer rated", "grace")),
        (KPI + covid("2020-06-01", "2020-06-30", "suspend = true"), 75, 75, ("grey", "red", "newly rated", "grace")),
        (KPI + covid("2020-03-23", "2020-09-30", 'no_worse_than = "amber"'), 85, 92,
         ("amber", "green", "improved", "data")),
    ],
)  # fmt: skip
def test_a_level_moves_for_a_cause(rules: str, before: object, now: object, expected: tuple[str, ...]) -> None:
    """June to July 2020 by a history given by hand."""
    rating = load(rules).rate("a.k", now, period="Jul-20", history=[("Jun-20", before)])

    assert expected == told(rating)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (91, 84, "Was Green in June 2020 (91%): worsened, because of the data."),
        (84, 84, "Was Amber in June 2020 (84%): unchanged."),
        ("", 84, "Was Grey in June 2020: newly rated, because"),
    ],
)
def test_the_text_says_what_a_rating_was_and_why_it_moved(before: object, now: object, said: str) -> None:
    """Previous level, period and value, the change and its cause."""
    assert said in load(KPI).rate("a.k", now, period="Jul-20", history=[("Jun-20", before)]).explain()


@pytest.mark.parametrize("history", [[], [("May-20", 95)], [("Q1 2020/21", 95)]])
def test_without_the_period_before_there_is_no_movement(history: list[tuple[str, int]]) -> None:
    """Previous is the period immediately before, of the same length, and none is made up."""
    rating = load(KPI).rate("a.k", 84, period="Jul-20", history=history)

    assert (None, None) == (rating.previous, rating.movement)
    assert "Was " not in rating.explain()


def test_an_excluded_period_is_passed_over() -> None:
    """The previous period of July is May where a grace leaves June out of the trend."""
    book = load(KPI + covid("2020-06-01", "2020-06-30", "exclude_period = true"))
    rating = book.rate("a.k", 84, period="Jul-20", history=[("May-20", 95), ("Jun-20", 10)])

    assert ("green", "amber", "worsened", "data") == told(rating)
    assert "Was Green in May 2020 (95%)" in rating.explain()


@pytest.mark.parametrize(
    ("start", "until", "june", "july"),
    [
        ("2020-07-01", "2020-07-31", "red", ("red", "green", "improved", "override")),
        ("2020-06-01", "2020-06-30", "green", ("green", "red", "worsened", "override")),
        ("2020-06-01", "2020-07-31", "green", ("green", "green", "unchanged", "")),
    ],
)
def test_an_override_that_begins_or_ends_is_the_cause(
    tmp_path: Path, start: str, until: str, june: str, july: tuple[str, ...]
) -> None:
    """With the scorecard before, an override that was in force then counts for what the level was."""
    book = load(KPI)
    judged = OVERRIDE.format('rag = "green"', start, until)
    given = data(tmp_path, measurements=measured(70, 70), overrides=judged)

    before = book.score(given, as_at="Jun-20")
    now = book.score(given, as_at="Jul-20", previous=before)

    assert (june, july) == (str(before.ratings["a.k"].rag), told(now.ratings["a.k"]))


@pytest.mark.parametrize("written", [False, True], ids=["card", "card read from JSON"])
@pytest.mark.parametrize(
    ("rules", "values", "expected"),
    [
        (KPI, (91, 84), ("green", "amber", "worsened", "data")),
        (DATED, (87, 87), ("green", "amber", "worsened", "rule")),
        (KPI + covid("2020-03-23", "2020-06-30", 'no_worse_than = "amber"'), (70, 70),
         ("amber", "red", "worsened", "grace")),
        (KPI, ("c", 84), ("grey", "amber", "newly rated", "missing")),
        (KPI, (84, "c"), ("amber", "grey", "no longer rated", "missing")),
    ],
)  # fmt: skip
def test_a_scorecard_before_gives_the_same_movement(
    tmp_path: Path, rules: str, values: tuple[object, ...], expected: tuple[str, ...], written: bool
) -> None:
    """June's scorecard, made from June's data alone and perhaps read back, is all that July's needs."""
    book = load(rules)
    before = book.score(data(tmp_path / "june", measurements=measured(values[0])), as_at="Jun-20")
    if written:
        before = ragengine.Scorecard.from_json(before.to_json())
    july = data(tmp_path / "july", measurements=measured(values[1], first=7))

    assert expected == told(book.score(july, as_at="Jul-20", previous=before).ratings["a.k"])


def test_without_a_scorecard_before_earlier_rows_are_rated(tmp_path: Path) -> None:
    """The data's own row of the period before gives the previous level; a published one is not asked."""
    published = "subject,period,rag,source\na.k,2020-06,red,Board report\n"
    card = load(KPI).score(data(tmp_path, measurements=measured(91, 84), published=published), as_at="Jul-20")

    assert ("green", "amber", "worsened", "data") == told(card.ratings["a.k"])


def test_a_published_level_of_the_whole_is_not_an_entitys(tmp_path: Path) -> None:
    """What was published for a KPI says nothing of the level of one organisation."""
    rows = "kpi,period,value,entity\na.k,2020-07,95,\na.k,2020-07,95,E1\n"
    published = "subject,period,rag,source\na.k,2020-06,red,Board report\n"
    card = load(KPI).score(data(tmp_path, measurements=rows, published=published), as_at="Jul-20")

    assert ("red", None) == (card.ratings["a.k"].previous, card.ratings["a.k", "E1"].previous)


def test_a_published_level_stands_where_there_is_no_data(tmp_path: Path) -> None:
    """A level published for the period before is the previous one; nothing here can tell why it moved."""
    published = "subject,period,rag,source\na.k,Jun-20,R,Board report\na,2020-06,A,Board report\n"
    files = {"measurements": measured(95, first=7), "published": published}
    card = load(KPI).score(data(tmp_path, **files), as_at="Jul-20")

    assert ("red", "green", "improved", "unknown") == told(card.ratings["a.k"])
    assert ("amber", "green", "improved", "unknown") == told(card.areas["a"])


def test_a_published_level_is_compared_where_there_is_data(tmp_path: Path) -> None:
    """A level published for this very period that differs from the rated one is a problem, and changes nothing."""
    published = "subject,period,rag,source\na.k,2020-07,red,Board report\na,2020-07,green,Board report\n"
    files = {"measurements": measured(95, first=7), "published": published}
    card = load(KPI).score(data(tmp_path, **files), as_at="Jul-20")
    warned = [str(problem) for problem in card.problems]

    assert ("green", "green") == (card.ratings["a.k"].rag, card.areas["a"].published)
    assert ["RAG112"] == [problem.code for problem in card.problems]
    assert "a.k was published as Red and is Green" in warned[0]


def test_an_action_moves_with_time(tmp_path: Path) -> None:
    """An open action past its tolerance worsens because of the data; a late report makes its previous level."""
    rows = "action,as_at,status\na.do,2020-07-31,in progress\na.do,2020-09-30,in progress\n"
    book, given = load(ACTION), data(tmp_path, actions=rows)

    august, september = (book.score(given, as_at=month).ratings["a.do"] for month in ("Aug-20", "Sep-20"))

    assert ("green", "amber", "worsened", "data") == told(august)
    assert ("amber", "red", "worsened", "data") == told(september)


def test_what_was_not_due_is_rated_by_the_rule() -> None:
    """Although its target comes with the row, and both rows brought one."""
    rules = KPI.replace("90", '"from data"') + "rated_from = 2020-07-01\n"
    then = {"period": "Jun-20", "value": 86, "target": 90}
    rating = load(rules).rate("a.k", 86, period="Jul-20", target=90, history=[then])

    assert ("grey", "amber", "newly rated", "rule") == told(rating)


def test_an_action_that_is_completed_moves_for_the_data(tmp_path: Path) -> None:
    """On the day before too it was due soon: what it is by now is not what the rule made of the same number of days."""
    rules = ACTION + 'warning = "40 days"\non_time = false\n'
    rows = "action,as_at,status,completed_on\na.do,2020-06-30,in progress,\na.do,2020-07-31,complete,2020-06-30\n"
    book, given = load(rules), data(tmp_path, actions=rows)

    assert ("amber", "green", "improved", "data") == told(book.score(given, as_at="Jul-20").ratings["a.do"])


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        # why it is grey tells whether something is missing
        (["a.k,2020-07,c"], "missing"),
        (["a.k,2020-07,"], "missing"),
        (["a.k,2020-07,85"], "unknown"),
    ],
)
def test_a_published_level_that_is_no_more_tells_only_what_is_missing(
    tmp_path: Path, rows: list[str], cause: str
) -> None:
    """What was published cannot be worked out again; that there is nothing now to judge can be seen."""
    published = "subject,period,rag,source\na.k,2020-06,green,Board report\n"
    files = {"measurements": "\n".join(["kpi,period,value", *rows]), "published": published}
    suspended = load(KPI + covid("2020-07-01", "2020-07-31", "suspend = true"))

    assert cause == told(load(KPI).score(data(tmp_path / "plain", **files), as_at="Jul-20").ratings["a.k"])[3]
    if rows == ["a.k,2020-07,85"]:
        assert ("green", "grey", "no longer rated", "unknown") == told(
            suspended.score(data(tmp_path / "suspended", **files), as_at="Jul-20").ratings["a.k"]
        )


@pytest.mark.parametrize(
    ("stages", "cause"),
    [
        ([("data", "amber", "red"), ("grace", "amber", "red"), ("override", "red", "green")], "override"),
        ([("data", "amber", "red"), ("grace", "amber", "green"), ("override", "red", "green")], "grace"),
        ([("data", "red", "amber"), ("grace", "red", "green"), ("override", "red", "green")], "data"),
        ([("data", "red", "amber"), ("grace", "amber", "amber"), ("override", "amber", "green")], "override"),
        # nothing was rated then, or now, and a judgement stood in its place
        ([("data", "grey", "red"), ("grace", "grey", "red"), ("override", "green", "red")], "override"),
        ([("data", "grey", "green"), ("grace", "grey", "green"), ("override", "amber", "green")], "override"),
        ([("data", "red", "grey"), ("grace", "red", "grey"), ("override", "red", "green")], "override"),
        ([("data", "grey", "green"), ("grace", "grey", "amber"), ("override", "grey", "amber")], "data"),
        ([("data", "red", "green"), ("grace", "grey", "green"), ("override", "grey", "green")], "grace"),
    ],
)
def test_the_stage_that_leads_is_the_first_that_moved_as_the_whole_did(
    stages: list[tuple[str, str, str]], cause: str
) -> None:
    """Of the level in the period before and in this one after each stage."""
    scale = load(KPI).rules.scale
    made = [Stage(Cause(name), scale[old], scale[new]) for name, old, new in stages]

    assert cause == leading(made).cause


def test_an_action_moves_by_its_grace(tmp_path: Path) -> None:
    """An action that a grace held worsens when the grace ends."""
    rules = ACTION + covid("2020-07-01", "2020-09-30", 'no_worse_than = "amber"')
    given = data(tmp_path, actions="action,as_at,status\na.do,2020-09-30,in progress\n")
    book = load(rules)

    before = book.score(given, as_at="Sep-20")
    now = book.score(given, as_at="Oct-20", previous=before)

    assert ("amber", "red", "worsened", "grace") == told(now.ratings["a.do"])


def test_an_area_moves_with_its_children_or_by_agreement(tmp_path: Path) -> None:
    """An area's cause is the data where its roll-up moved, and the override where only the agreed level did."""
    book = load(KPI)
    judged = OVERRIDE.format('rag = "red"', "2020-08-01", "2020-08-31").replace('"a.k"', '"a"')
    given = data(tmp_path, measurements=measured(85, 95, 95), overrides=judged)
    june = book.score(given, as_at="Jun-20")
    july = book.score(given, as_at="Jul-20", previous=june)
    august = book.score(given, as_at="Aug-20", previous=july)

    assert ("green", "improved", "data") == told(july.areas["a"])[1:]
    assert ("green", "red", "worsened", "override") == told(august.areas["a"])
    assert "green" == august.areas["a"].computed


def test_the_exception_report_has_what_moved_for_the_worse(tmp_path: Path) -> None:
    """A KPI that is no longer rated deteriorated as much as one that got worse."""
    given = data(tmp_path, measurements=measured(95, 85, "c"))
    book = load(KPI)

    why = {month: [row.why for row in book.score(given, as_at=month).exceptions()] for month in ("Jul-20", "Aug-20")}

    assert ("deteriorated: Green to Amber",) in why["Jul-20"]
    assert ("deteriorated: Amber to Grey",) in why["Aug-20"]


def test_what_was_missing_and_came_in_is_said_so() -> None:
    """The text does not say that data are missing when they are there."""
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
            "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\ndirection = "higher"\ntarget = 90\ntolerance = 10\n',
        }
    )
    rating = book.rate("a.k", 90, period="2020-08", history=[("2020-07", "")])

    assert "Was Grey in July 2020: newly rated, because data were missing then." in rating.explain()
