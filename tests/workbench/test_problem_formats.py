"""Problems as other tools read them: JSON, GitHub annotations, SARIF 2.1.0."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ragengine.problem import Place, Problem, Severity
from ragengine.workbench.problem_formats import github, problems_as_json, sarif

ODD = Problem(
    "RAG005",
    "50% of\n‮title: missing",
    Place("früh help.toml", 3, 7),
    Severity.ERROR,
    "kpi.x",
    "write, it: now",
    "🙂 x = 1",
)
WARNED = Problem("RAG058", "no case", Place("a.toml", 2, 1), Severity.WARNING)
UNREAD = Problem("RAG001", "does not exist", Place("rules"))


def test_github_lines_escape_what_would_end_them() -> None:
    """Per cent signs and line ends in the message; colons and commas in a property too; no character that turns text."""
    (line,) = github([ODD], "our rules")

    assert line == (
        "::error file=our rules/früh help.toml,line=3,col=7,title=RAG005%3A a key is missing"
        "::kpi.x: 50%25 of%0A�title: missing; write, it: now"
    )


def test_a_folder_that_cannot_be_read_is_named_once() -> None:
    """Not as a file within itself, and without a line."""
    (line,) = github([UNREAD], "./rules")

    assert line.startswith("::error file=rules,title=")


def test_sarif_has_what_the_standard_requires() -> None:
    """Version, one run with driver and rules, and for each result rule, level, message and place (section 3 of SARIF 2.1.0)."""
    log = json.loads(sarif([ODD, WARNED, WARNED, UNREAD], "rules"))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert log["version"] == "2.1.0"
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in rules] == ["RAG001", "RAG005", "RAG058"]
    assert len(run["results"]) == 4
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert result["message"]["text"]
    odd, warned, _, unread = (result["locations"][0]["physicalLocation"] for result in run["results"])
    assert odd["artifactLocation"]["uri"] == "rules/fr%C3%BCh%20help.toml"
    assert odd["region"] == {"startLine": 3, "startColumn": 7}
    assert warned["region"] == {"startLine": 2, "startColumn": 1}
    assert unread == {"artifactLocation": {"uri": "rules"}}


def test_sarif_of_an_absolute_folder_names_files_by_uri(tmp_path: Path) -> None:
    """A path that is no relative reference is a file URI."""
    log = json.loads(sarif([WARNED], str(tmp_path)))

    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith(
        "file:///"
    )


def test_a_check_without_findings_is_a_whole_log() -> None:
    """Code scanning clears old findings by an empty list, not by a missing one."""
    assert json.loads(sarif([], "rules"))["runs"][0]["results"] == []
    assert problems_as_json([]) == "[]"


def test_json_has_every_field_and_nothing_a_terminal_obeys() -> None:
    """What a reader cannot see is escaped, and reads back as it was."""
    written = problems_as_json([ODD])

    assert json.loads(written) == [
        {
            "code": "RAG005", "message": "50% of\n‮title: missing", "place": {"file": "früh help.toml", "line": 3, "column": 7},
            "severity": "error", "key": "kpi.x", "hint": "write, it: now", "source": "🙂 x = 1",
        }
    ]  # fmt: skip
    assert "‮" not in written
    assert "früh" in written


@given(st.text())
def test_any_text_reads_back_from_json(text: str) -> None:
    """Whatever a file holds."""
    assert json.loads(problems_as_json([Problem("RAG005", text)]))[0]["message"] == text


@given(st.text(), st.text())
def test_any_text_makes_one_github_line(text: str, file: str) -> None:
    """No message can start an annotation of its own."""
    (line,) = github([Problem("RAG005", text, Place(file, 1, 1))], "rules")

    assert len(line.splitlines()) == 1
    assert line.startswith("::error file=")
