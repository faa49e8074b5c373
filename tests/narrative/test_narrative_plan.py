"""The narrative check on the improvement plan: its own slips are found, and nothing else is said of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import ragengine
from ragengine.narrative import NarrativeReport, check_narrative
from ragengine.narrative.sentences import read_sentences

#: each slip of the plan that is found: its code, and where it begins in which sentence
FOUND: dict[str, list[tuple[str, str, str]]] = {
    "I01": [("RAG122", "8% lower than target", "Care leavers accommodation suitability is ")],
    "I02": [("RAG120", "4.5% off target (95.6%)", "(94%) and timeliness of allocation is ")],
    "I04": [("RAG120", "100% (actual % is 88.8%", "Allocations of appropriate cases is ")],
    "I05": [("RAG120", "55%", "but visits for vulnerable children is at ")],
    "I06": [("RAG124", "No red RAG", "")],
    "I10": [("RAG124", "Implementation of learning circles", ""), ("RAG124", "MASH partner training", "")],
    "I15": [("RAG125", "amended to amber", "RAG rating of this PI "), ("RAG125", "regraded to amber", "adoptions ")],
}

#: why nothing is to be said of the others
UNSEEN = {
    "I03": "the rule's target of 90% settles it: in points 84% is 6 short; -v shows both readings",
    "I07": "two wordings of one measure: allocated or seen, under 10 or 10; no number is wrong",
    "I08": "past tense with a day to come: tenses of dates are not read",
    "I09": "grammar",
    "I11": "one colour with two reasons: reasons are not read",
    "I12": "each sentence holds: within target, no red, and amber by a judgement whose reason is given",
    "I13": "a spelling in published.csv, not a sentence",
    "I14": "402 days is on the target; whether less or more timeliness is meant, words do not tell",
    "I16": "counts of lines against dates in the source's layout",
    "I17": "counts of lines against dates in the source's layout",
    "I18": "counts of lines against dates in the source's layout",
    "I19": "counts of lines against dates in the source's layout",
    "I20": "a date's form, in the rules",
    "I21": "a date's form, in the rules",
    "I22": "a date's form, in the rules",
    "I23": "care plan or pathway plan: two names, one number",
    "I24": "a missing word",
    "I25": "missing and wrong words",
    "I26": "one measure in two areas: the number is the same in both",
    "I27": "a target without a value: the target is the rule's",
    "I28": "a date that may be misaligned, in the rules",
    "I29": "statements that are not there",
    "I30": "colours that are not there",
    "I31": "names of one body",
    "I32": "names of one body",
    "I33": "names of one body",
    "I34": "stable and higher than baseline can both hold",
    "I35": "below baseline and rising can both hold",
    "I36": "the scope of one target: both readings are below it",
    "I37": "two areas are rolled up differently: each sentence holds",
    "I38": "the largest gap, and right",
    "I39": "a provisional value: the number is the one measured",
    "I40": "missing data: no sentence says otherwise",
}


@pytest.fixture(scope="module")
def report(plan: ragengine.Rulebook, root: Path) -> NarrativeReport:
    """The check of the plan's August narrative."""
    return check_narrative(plan, root / "docs/examples/2020-08", as_at="Aug-20")


def seed(root: Path, name: str) -> list[dict[str, str]]:
    """A table of the source."""
    with (root / "tests" / "seed" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_inconsistency_is_found_or_has_a_reason(root: Path) -> None:
    """The forty of the source, each in one of the two tables above; every one of arithmetic or rating is found."""
    kinds = {row["inconsistency_id"]: row["kind"] for row in seed(root, "inconsistencies.csv")}

    assert FOUND.keys() | UNSEEN.keys() == kinds.keys()
    assert FOUND.keys().isdisjoint(UNSEEN)
    assert {each for each, kind in kinds.items() if kind.startswith(("arithmetic", "rating"))} <= FOUND.keys()


def test_the_slips_are_found_and_nothing_else_is_flagged(report: NarrativeReport) -> None:
    """Each at its code and column; the sentences that hold raise nothing."""
    flagged = []
    for problem in report.problems:
        line = problem.source
        column = problem.place.column - 1
        flagged.append((problem.code, line[column:], line[:column]))

    expected = sorted(slip for slips in FOUND.values() for slip in slips)
    assert len(flagged) == len(expected)
    for code, at, before in expected:
        assert any(c == code and rest.startswith(at) and left.endswith(before) for c, rest, left in flagged), (code, at)


def test_arithmetic_and_contradictions_are_errors_and_judgements_warnings(report: NarrativeReport) -> None:
    """A judgement is no error: the author is asked to say that it is one."""
    assert {(p.code, str(p.severity)) for p in report.problems} == {
        ("RAG120", "error"),
        ("RAG122", "error"),
        ("RAG124", "warning"),
        ("RAG125", "warning"),
    }


def test_every_sentence_of_the_source_is_read_where_it_stands(root: Path) -> None:
    """All but the recommendations, which stand in the rules; each place is that of its first letter."""
    path = root / "docs/examples/2020-08/narrative.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    sentences, problems = read_sentences(path)
    expected = [row["text"] for row in seed(root, "narratives.csv") if row["section"] != "ofsted_recommendation"]

    assert problems == []
    assert [sentence.text for sentence in sentences if not sentence.is_evidence] == expected
    for sentence in sentences:
        assert lines[sentence.place.line - 1][sentence.place.column - 1 :].startswith(sentence.text)


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("graded as good or outstanding in 54%", "graded as good or outstanding in 64%", "RAG121", "54% in July 2020"),
        ("93% of single assessments", "94% of single assessments", "RAG121", "93% in July 2020"),
        ("(target 5 days)", "(target 6 days)", "RAG121", "where the rules have 5 days"),
        ("increased to 14.14 days", "increased to 14.41 days", "RAG121", "14.14 days in July 2020"),
        ("6% lower than target at 10", "5% lower than target at 10", "RAG120", "84% is 6 percentage points"),
        ("is 6% off target (94%)", "is 7% off target (94%)", "RAG120", "94% is 6 percentage points"),
        ("the 90% target for children", "the 95% target for children", "RAG121", "where the rules have 90%"),
        ("increased by 1 (165)", "increased by 1 (156)", "RAG121", "165 carers in July 2020"),
        ("(402 days)", "(420 days)", "", ""),
        ("downgraded to red", "downgraded to amber", "RAG123", "leadership is Red"),
        ("is flagged as red", "is flagged as amber", "RAG123", "management-audits is Red"),
        ("Overall rating retained as green", "Overall rating retained as amber", "RAG123", "adoption is Green"),
        ("No red RAGS – but Covid", "No amber RAGS – but Covid", "RAG123", "send.transition-audit-tool are"),
        ("No red RAGs – however, number", "Two red RAGs – however, number", "RAG123", "and 0 are"),
        ("is not meeting the 90% target", "is meeting the 90% target", "RAG121", "75% against a target of 90%"),
    ],
)
def test_a_slip_that_is_brought_into_the_plan_is_found(
    plan: ragengine.Rulebook,
    report: NarrativeReport,
    root: Path,
    tmp_path: Path,
    old: str,
    new: str,
    code: str,
    said: str,
) -> None:
    """One word or number of a true sentence changed; 420 for 402 days is too far off to be surely the same measure."""
    for file in (root / "docs/examples/2020-08").iterdir():
        text = file.read_text(encoding="utf-8")
        if file.name == "narrative.toml":
            assert text.count(old) == 1
            text = text.replace(old, new)
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    before = {(problem.code, problem.place.line, problem.place.column) for problem in report.problems}
    found = check_narrative(plan, tmp_path).problems
    added = [p for p in found if (p.code, p.place.line, p.place.column) not in before]

    assert [problem.code for problem in added if said in problem.text][:1] == ([code] if code else [])
    assert bool(added) is bool(code)
