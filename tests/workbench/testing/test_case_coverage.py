"""What cases cover, what they do not notice, and the cases written for a person to confirm."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import ragengine
from ragengine.rulebook.rules import Rules
from ragengine.rulefile.load import load_rules
from ragengine.workbench.testing.case_runner import run_cases
from ragengine.workbench.testing.coverage import coverage_of, in_few_words
from ragengine.workbench.testing.junit import junit
from ragengine.workbench.testing.missing_cases import missing_cases, with_head
from ragengine.workbench.testing.mutants import mutants_of, tried

BOOK = (
    '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
    '[grace.covid]\nfrom = 2020-03-23\nuntil = 2020-09-30\nno_worse_than = "amber"\nreason = "R"\nauthority = "A"\n'
    "[rollup]\nrules = [\n"
    '  { rag = "red", when = "critical_red >= 1" },\n  { rag = "amber", when = "red + amber >= 1" },\n  { rag = "green" },\n]\n'
)
SEEN = (
    '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
    'critical = true\ngrace = ["covid"]\n'
    '[action.x]\ntitle = "X"\ndue = 2020-09-30\nwarning = "28 days"\n'
)


def rules_of(cases: str = "", area: str = SEEN) -> Rules:
    """The rules with these cases."""
    rules, problems = load_rules({"book.toml": BOOK, "a.toml": area, "a.cases.toml": cases})
    assert rules is not None, problems
    return rules


def case(**fields: str) -> str:
    """One case as TOML."""
    return "[[case]]\nname = 'n'\n" + "".join(f"{key} = {value}\n" for key, value in fields.items())


def missing(rules: Rules, subject: str) -> list[str]:
    """What no case of a subject shows."""
    return [point.what for point in coverage_of(rules, run_cases(rules)).of(subject).missing]


def test_a_rule_wants_a_case_on_and_beside_each_line() -> None:
    """Both thresholds, both ends of its grace and the day after; an action every day on and beside its lines."""
    rules = rules_of()

    assert missing(rules, "a.k") == [
        "just under 80", "at 80", "just over 80", "just under 90", "at 90", "just over 90",
        "first day of covid", "last day of covid", "day after of covid",
    ]  # fmt: skip
    assert missing(rules, "a.x") == [
        "open, 29 days left", "open, 28 days left", "open, 27 days left", "open, 1 day left", "open, due today",
        "open, 1 day late", "complete",
    ]  # fmt: skip
    assert missing(rules, "book") == [
        "roll-up rule 1: red when critical_red >= 1",
        "roll-up rule 2: amber when red + amber >= 1",
        "roll-up rule 3: green when nothing else",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("90", "at 90"), ("89.9", "just under 90"), ("89.95", "just under 90"), ("90.1", "just over 90"), ("89.8", "")],
)
def test_a_value_shows_a_line_within_a_step_of_it(value: str, shown: str) -> None:
    """A tenth of a per cent is the step; what lies further away shows nothing."""
    level = '"green"' if float(value) >= 90 else '"amber"'
    cases = case(kpi="'a.k'", period="2020-12-31", value=value, expect=f"{{ rag = {level} }}")
    got = {"just under 90", "at 90", "just over 90"} - set(missing(rules_of(cases), "a.k"))

    assert got == ({shown} if shown else set())


def test_a_failing_or_unconfirmed_case_shows_nothing() -> None:
    """Only what passes and a person has confirmed counts."""
    fields = {"kpi": "'a.k'", "period": "2020-12-31", "value": "90"}
    failing = case(**fields, expect='{ rag = "red" }')
    waiting = case(**fields, expect='{ rag = "green" }', unconfirmed="true")

    assert "at 90" in missing(rules_of(failing), "a.k")
    assert "at 90" in missing(rules_of(waiting), "a.k")
    assert "at 90" not in missing(rules_of(waiting.replace("unconfirmed = true\n", "")), "a.k")


def test_written_cases_load_pass_and_cover_everything_once_confirmed() -> None:
    """They are marked, the mark keeps them from counting, and a second run writes none again."""
    rules = rules_of()
    texts, left = missing_cases(rules, coverage_of(rules, run_cases(rules)))
    (text,) = texts.values()
    waiting = rules_of(with_head(text))
    confirmed = rules_of(text.replace("unconfirmed = true\n", ""))

    assert list(texts) == ["a.boundaries.cases.toml"]
    assert left == ()
    assert all(result.passed for result in run_cases(waiting))
    assert coverage_of(waiting, run_cases(waiting)).percent == 0
    assert missing_cases(waiting, coverage_of(waiting, run_cases(waiting), unconfirmed=True)) == ({}, ())
    assert coverage_of(confirmed, run_cases(confirmed)).percent == 100


def test_a_case_only_a_person_can_write_is_named() -> None:
    """A formula cannot be turned round to find the inputs that lie on a line."""
    area = SEEN.replace("critical", 'inputs = ["seen", "due"]\nformula = "100 * seen / due"\ncritical')
    rules = rules_of(area=area)
    _, left = missing_cases(rules, coverage_of(rules, run_cases(rules)))

    assert "at 90" in [point.what for point in left]


def test_words_entities_and_targets_from_the_data_are_covered_too() -> None:
    """Each word, each entity's own lines, and the lines of a target that each row brings."""
    area = (
        '[area]\ntitle = "A"\n[kpi.w]\ntitle = "W"\nwords = { no = "red", yes = "green" }\n'
        '[kpi.d]\ntitle = "D"\ndirection = "higher"\ntarget = "from data"\ntolerance = "2"\n'
        '[kpi.e]\ntitle = "E"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 0\nentities.North.target = 7\n'
    )
    rules = rules_of(area=area)

    assert missing(rules, "a.w") == ["the word no", "the word yes"]
    assert missing(rules, "a.d")[:3] == [f"{side} 78 of a target of 80" for side in ("just under", "at", "just over")]
    assert missing(rules, "a.e")[3:] == ["just under 7 for North", "at 7 for North", "just over 7 for North"]
    texts, left = missing_cases(rules, coverage_of(rules, run_cases(rules)))
    confirmed = rules_of(texts["a.boundaries.cases.toml"].replace("unconfirmed = true\n", ""), area)
    assert [point.subject for point in left] == ["book"]  # nothing is critical here
    assert coverage_of(confirmed, run_cases(confirmed)).of("a.e").missing == ()


def test_a_small_change_that_no_case_notices_survives() -> None:
    """With a case on the target alone, everything but a higher target goes unnoticed."""
    cases = case(kpi="'a.k'", period="2020-12-31", value="90", expect='{ rag = "green" }')
    changes = {mutant.change for mutant in tried(rules_of(cases)).survivors if mutant.subject == "a.k"}

    assert "target 90 → 90.1" not in changes
    assert "target 90 → 89.9" in changes
    assert "met at or beyond target → beyond target" not in changes
    assert "tolerance 10 → 9.9" in changes
    assert "grace covid: until 2020-09-30 → 2020-10-01" in changes
    assert "direction higher → lower" in changes


def test_full_boundary_coverage_notices_every_mutant() -> None:
    """What coverage promises, mutation confirms."""
    rules = rules_of()
    texts, _ = missing_cases(rules, coverage_of(rules, run_cases(rules)))
    result = tried(rules_of(texts["a.boundaries.cases.toml"].replace("unconfirmed = true\n", "")))

    assert [f"{mutant.subject}: {mutant.change}" for mutant in result.survivors] == []
    assert result.killed > 20


def test_a_mutant_that_means_the_same_is_none() -> None:
    """A tolerance of 10 points and of 10% of 100 are one meaning."""
    rules = rules_of(area=SEEN.replace("target = 90", "target = 100"))
    changes = [mutant.change for mutant in tried(rules).survivors]

    assert "tolerance in the unit → % of target" not in changes


def changes(rules: Rules, subject: str) -> list[str]:
    """The mutants of a subject, in words."""
    return [mutant.change for mutant in mutants_of(rules) if mutant.subject == subject]


def test_every_kind_of_small_change_is_tried() -> None:
    """Target, tolerance and its unit, both lines strict, direction, each end of a grace, floor to cap, roll-up rules."""
    assert changes(rules_of(), "a.k") == [
        "target 90 → 89.9", "target 90 → 90.1",
        "tolerance 10 → 9.9", "tolerance 10 → 10.1", "tolerance 10: amber line inclusive → strict",
        "tolerance in the unit → % of target",
        "met at or beyond target → beyond target", "direction higher → lower",
        "grace covid: from 2020-03-23 → 2020-03-22", "grace covid: until 2020-09-30 → 2020-09-29",
        "grace covid: from 2020-03-23 → 2020-03-24", "grace covid: until 2020-09-30 → 2020-10-01",
        "grace covid: no_worse_than → no_better_than", "grace covid left out",
    ]  # fmt: skip
    assert changes(rules_of(), "book") == [
        "roll-up rules 1 (red) and 2 (amber) swapped", "roll-up rule 1 (red) left out", "roll-up rule 2 (amber) left out",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("target = 90\namber = 80", "amber 80 inclusive → strict"),
        ("target = 90\namber = 80", "direction higher → lower"),
        ("target = 90\namber = 90", "met at or beyond target → beyond target"),
        ('bands = [{ rag = "green", from = 85 }, { rag = "red", below = 85 }]', "bands: 85 belongs to the other band"),
        ("target = 90\ntolerance = 0\nentities.North.target = 80", "target 80 → 80.1 for North"),
        ('target = "from data"\ntolerance = "10% of target"', "tolerance % of target → in the unit"),
        ('target = "from data"\namber = 70', "amber 70 → 70.1"),
        ('target = { 2019-04-01 = 90, 2020-04-01 = "from data" }\ntolerance = "10 pp"', "direction higher → lower"),
        ('target = 90\ntolerance = "10 pp"\ngrace = [{ from = 2020-01-01, until = 2020-12-31, target = 85, reason = "R", '
         'authority = "A" }]', "grace inline 1: target 85 → 85.1"),
    ],
)  # fmt: skip
def test_each_way_to_write_a_rule_has_its_changes(rule: str, expected: str) -> None:
    """Amber lines, bands, entities, targets from the data, relief."""
    area = f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\n{rule}\n'

    assert expected in changes(rules_of(area=area), "a.k")


def test_an_actions_own_bands_are_changed_too() -> None:
    """A day earlier, a day later, and the day itself in the other band."""
    area = (
        '[area]\ntitle = "A"\n[action.x]\ntitle = "X"\ndue = 2020-09-30\n'
        'bands = [{ rag = "green", to = 0 }, { rag = "red", above = 0 }]\n'
    )

    assert {"bands: 0 → -1", "bands: 0 → 1", "bands: 0 belongs to the other band"} <= set(
        changes(rules_of(area=area), "a.x")
    )


def test_a_grace_that_changes_nothing_has_no_mutants() -> None:
    """Left out or a day longer, a floor at red means what it did."""
    rules, _ = load_rules(
        {"book.toml": BOOK.replace('no_worse_than = "amber"', 'no_worse_than = "red"'), "a.toml": SEEN}
    )
    assert rules is not None

    assert [
        change for change in changes(rules, "a.k") if change.startswith("grace") and "no_better" not in change
    ] == []


def test_roll_up_rules_that_may_change_places_are_no_mutant() -> None:
    """Two rules of one level in another order give every set of children the same."""
    book = BOOK.replace('{ rag = "amber", when = "red + amber >= 1" }', '{ rag = "red", when = "red > rated / 2" }')
    rules, problems = load_rules({"book.toml": book, "a.toml": SEEN})
    assert rules is not None, problems

    assert changes(rules, "book") == ["roll-up rule 1 (red) left out", "roll-up rule 2 (red) left out"]


def test_lines_of_relief_want_cases_too() -> None:
    """A grace that moves the target to 85 makes two lines of its own, while it is live."""
    book = BOOK.replace('no_worse_than = "amber"', "target = 85")
    rules, _ = load_rules({"book.toml": book, "a.toml": SEEN})
    assert rules is not None
    texts, left = missing_cases(rules, coverage_of(rules, run_cases(rules)))
    cases = texts["a.boundaries.cases.toml"].replace("unconfirmed = true\n", "")
    covered, _ = load_rules({"book.toml": book, "a.toml": SEEN, "a.cases.toml": cases})
    assert covered is not None

    assert {"just under 75", "at 75", "just over 75", "just under 85", "at 85", "just over 85"} <= set(
        missing(rules, "a.k")
    )
    assert left == ()
    assert coverage_of(covered, run_cases(covered)).percent == 100
    assert tried(covered).survivors == ()


@pytest.mark.parametrize(
    "rule",
    [
        'direction = "higher"\nbands = [{ rag = "green", from = 85 }, { rag = "red", below = 85 }]',
        'direction = "higher"\ntarget = 90\ntolerance = "5.55 pp"\ndecimals = 1',
        'direction = "higher"\ntarget = 90\ntolerance = "10 pp"\nvalid = { max = 90 }',
        'direction = "higher"\ntarget = { 2019-04-01 = 85, 2021-04-01 = 90 }\ntolerance = "10 pp"\nrated_from = 2021-01-01',
    ],
)
def test_what_is_written_for_confirmation_covers_the_rule(rule: str) -> None:
    """Bands that no target moves, a line that no printed value meets, one at the end of what is valid, a year before it
    is rated: each value asked for can be shown, once, with no target that nothing needs."""
    area = f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\n{rule}\n'
    texts, left = missing_cases(rules_of(area=area), coverage_of(rules_of(area=area), ()))
    confirmed = texts["a.boundaries.cases.toml"].replace("unconfirmed = true", "")
    rules = rules_of(confirmed, area)

    assert missing(rules, "a.k") == []
    assert "target =" not in confirmed
    assert {mutant.subject for mutant in tried(rules).survivors} <= {"book"}
    assert [point.subject for point in left if point.subject != "book"] == []


SCORED_BOOK = BOOK.partition("[rollup]")[0]
SCORED = """
[area]
title = "A"
[kpi.k]
title = "K"
unit = "%"
direction = "higher"
target = 90
tolerance = "10 pp"
score = [{ at = 80, points = 4 }, { at = 90, points = 2 }, { at = 95.5, points = 1 }]
[kpi.l]
title = "L"
direction = "lower"
target = 5
tolerance = 2
decimals = 1
score = { rank_of = "entities", best = 1, worst = 4 }
[kpi.m]
title = "M"
direction = "lower"
target = 5
tolerance = 2
weight = 0
"""
OVER_SCORES = """[rollup]
method = "points"
{of}bands = [{{ rag = "green", to = 2 }}, {{ rag = "amber", above = 2, below = 2.75 }}, {{ rag = "red", from = 2.75 }}]
caps = [{{ no_better_than = "amber", when = "red >= 1" }}]
floors = [{{ no_worse_than = "amber", child = "l", at = "red" }}]
"""


def scored_rules(cases: str = "", of: str = "") -> Rules:
    """An area that rolls scores up."""
    text = {"book.toml": SCORED_BOOK, "a.toml": SCORED + OVER_SCORES.format(of=of), "a.cases.toml": cases}
    rules, problems = load_rules(text)
    assert rules is not None, problems
    return rules


def test_a_score_wants_a_case_at_each_point_and_between_and_a_roll_up_of_scores_one_at_each_line() -> None:
    """Of a case only one that expects the score shows it; a score by rank wants none, for one row has no rank."""
    rules = scored_rules()

    assert [what for what in missing(rules, "a.k") if "score" in what] == [
        "the score at 80", "the score at 90", "the score at 95.5", "the score between 80 and 90",
        "the score between 90 and 95.5",
    ]  # fmt: skip
    assert not any("score" in what for what in missing(rules, "a.l"))
    assert [what for what in missing(rules, "a") if "mean" in what] == [
        f"a mean of scores {side} {line}" for line in ("2", "2.75") for side in ("just under", "at", "just over")
    ]
    level_alone = case(kpi='"a.k"', period="2020-11-30", value="90", expect='{ rag = "green" }')
    with_score = case(kpi='"a.k"', period="2020-11-30", value="90", expect='{ rag = "green", score = 2 }')
    assert "the score at 90" in missing(scored_rules(level_alone), "a.k")
    assert "the score at 90" not in missing(scored_rules(with_score), "a.k")


@pytest.mark.parametrize("of", ["", 'of = "worst 2"\n'])
def test_cases_written_for_scores_cover_them_and_notice_every_change(of: str) -> None:
    """Once confirmed nothing is missing, and no change of a point, of a line or of what a limit does goes unnoticed."""
    texts, left = missing_cases(scored_rules(of=of), coverage_of(scored_rules(of=of), ()))
    rules = scored_rules("".join(texts.values()).replace("unconfirmed = true", ""), of)
    result = tried(rules)

    assert left == () and texts["a.boundaries.cases.toml"].count("value  = 90\n") == 1
    assert coverage_of(rules, run_cases(rules)).percent == 100
    # at which level of a child a limit begins, and of how many the worst are, wants a case that a person thinks of
    others = [mutant.change for mutant in result.survivors if not re.search("at red →|of worst", mutant.change)]
    assert others == []
    changes = [mutant.change for mutant in mutants_of(rules)]
    assert {"score: 2 at 90 → 2.1", "score: at 80 → 80.1", "bands: 2.75 → 2.74"} <= {*changes}
    assert "bands: 2 belongs to the other band" in changes


def test_what_is_missing_is_said_line_by_line() -> None:
    """The sides of one line and the days of one grace stand together, in the order of the rules."""
    covered = coverage_of(rules_of(), ())

    assert covered.subjects == ("a.k", "a.x", "book")
    assert in_few_words(covered.of("a.k").missing) == [
        "just under, at and just over 80", "just under, at and just over 90", "first day, last day and day after of covid",
    ]  # fmt: skip


def test_the_plan_is_covered_and_every_mutant_noticed(root: Path) -> None:
    """Every line of the plan's rules has a case, and no small change of them goes unnoticed."""
    rules, _ = load_rules(root / "rules")
    assert rules is not None

    assert [(p.subject, p.what) for p in coverage_of(rules, run_cases(rules)).missing] == []
    assert [(m.subject, m.change) for m in tried(rules).survivors] == []


def test_junit_holds_each_case_and_why_one_failed() -> None:
    """CI systems read it: names, files, and the failure with its explanation."""
    cases = case(kpi="'a.k'", period="2020-12-31", value="90", expect='{ rag = "red" }')
    rules = rules_of(cases + case(kpi="'a.k'", period="2020-12-31", value="79", expect='{ rag = "red" }'))
    root = ElementTree.fromstring(junit([("rules", result) for result in run_cases(rules)]))
    suite = root.find("testsuite")

    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None and failure.get("message") == "rag: expected red, got green"
    assert re.search("against a target of at least 90%", failure.text or "")


def test_one_file_of_cases_per_area_may_be_split(tmp_path: Path) -> None:
    """``a.boundaries.cases.toml`` belongs to the area a."""
    texts = {"book.toml": BOOK, "a.toml": SEEN}
    wrong = {**texts, "b.boundaries.cases.toml": case(kpi="'a.k'", value="90", expect='{ rag = "green" }')}

    assert [p.code for p in ragengine.check(wrong) if p.is_error] == ["RAG019"]


def relative(source: str, change: str = "") -> str:
    """An area of one KPI whose target is made from other rows."""
    by = f', change = "{change}"' if change else ""
    return SEEN.partition("target")[0] + f'target = {{ from = "{source}"{by} }}\ntolerance = "10 pp"\n'


@pytest.mark.parametrize("source", ["previous", "year ago", "mean of 3", "best of 4"])
def test_cases_of_a_target_made_from_earlier_rows_bring_them(source: str) -> None:
    """The written cases have the history that makes the sample target, cover each line, and notice every mutant."""
    area = relative(source, "+2 pp")
    texts, left = missing_cases(rules_of(area=area), coverage_of(rules_of(area=area), []))
    written = texts["a.boundaries.cases.toml"].replace("unconfirmed = true\n", "")
    rules = rules_of(written, area)

    assert left == tuple(point for point in left if point.subject == "book")
    assert "just over 82 of a target of 82" in written
    assert "history = [{ period = " in written
    assert [] == missing(rules, "a.k")
    survivors = [mutant.change for mutant in tried(rules).survivors if mutant.subject == "a.k"]
    # rows that are all alike cannot tell their mean from their best
    assert survivors == [change for change in survivors if "the mean of the" in change and "the best of the" in change]
    changes = [mutant.change for mutant in mutants_of(rules) if mutant.change.startswith("target ")]
    assert f"target {_words(source)} → {_words(source).removeprefix('2 percentage points above ')}" in changes


def _words(source: str) -> str:
    said = {"previous": "the value of the period before", "year ago": "the value of the same period a year ago"}
    return f"2 percentage points above {said.get(source, f'the {source[:4]} of the {source[-1]} periods before')}"


def test_a_target_of_entities_wants_no_case_and_refuses_one() -> None:
    """A case has one row: nothing is asked for, no mutant is counted, and a case that tries is told why not."""
    area = relative("median of entities")
    rules = rules_of(case(kpi='"a.k"', period='"Jul-20"', value="80", expect='{ rag = "grey" }'), area)
    result = next(iter(run_cases(rules)))

    assert not result.passed
    assert "the target of a.k is the median of entities, and a case has one row: test it on data" in result.wrong[0]
    assert [] == missing(rules, "a.k")
    assert not [mutant for mutant in mutants_of(rules) if mutant.subject == "a.k"]
    _, problems = load_rules({"book.toml": BOOK, "a.toml": area})
    assert not [problem for problem in problems if problem.code == "RAG058"]
