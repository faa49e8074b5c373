"""Every check has a function, a page, a bad fixture named for its defect, and the exact words it must say."""

from __future__ import annotations

import ast
import os
import re
from datetime import date
from pathlib import Path

import pytest

import ragengine
from ragengine.problem import ADVICE, CODES, Problem
from ragengine.workbench.checks import CHECKS

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = sorted(path for path in (ROOT / "tests" / "checks").iterdir() if path.is_dir())
AS_AT = date(2020, 8, 31)
#: whose severity a book may set: the checks, and what the loader itself warns of
TITLES = {code: CODES[code] for code in ADVICE} | {check.code: check.title for check in CHECKS.values()}


def found(folder: Path) -> list[Problem]:
    """What ``check`` finds in a fixture at the end of August 2020."""
    data = ragengine.read(folder / "data") if (folder / "data").is_dir() else None
    return ragengine.check(folder, as_at=AS_AT, data=data)


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda path: path.name)
def test_a_check_finds_its_defect_and_nothing_else_is_wrong(folder: Path) -> None:
    """The fixture's one defect, in the exact words an analyst reads (``RAGENGINE_GOLDEN=write`` writes them)."""
    problems = found(folder)
    said = "\n".join(problem.pretty() for problem in problems) + "\n"
    expected = folder / "expected.txt"
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        expected.write_text(said, encoding="utf-8")

    assert {problem.code for problem in problems} == {folder.name[:6]}
    assert said == expected.read_text(encoding="utf-8")


def test_every_check_has_a_fixture() -> None:
    """A new check without a bad fixture fails here."""
    assert {folder.name[:6] for folder in FIXTURES} == set(TITLES)


@pytest.mark.parametrize("code", TITLES)
def test_every_check_has_a_page(code: str) -> None:
    """What it finds, why it matters, a bad example and a good one; the title is the check's own."""
    page = (ROOT / "docs" / "checks" / f"{code}.md").read_text(encoding="utf-8")
    listed = (ROOT / "docs" / "checks" / "README.md").read_text(encoding="utf-8")

    assert page.startswith(f"# {code}: {TITLES[code]}\n")
    assert f"| [{code}]({code}.md) | {TITLES[code]} |" in listed
    assert "## Why it matters" in page
    assert "## Bad" in page
    assert "## Good" in page


@pytest.mark.parametrize("code", TITLES)
def test_the_good_example_of_a_page_is_good(code: str, tmp_path: Path) -> None:
    """The bad example is found and the good one is not: both are whole files."""
    page = (ROOT / "docs" / "checks" / f"{code}.md").read_text(encoding="utf-8")
    for heading, expected in (("## Bad", True), ("## Good", False)):
        folder = tmp_path / heading[3:]
        folder.mkdir()
        (folder / "book.toml").write_text('[book]\ntitle = "P"\nedition = "2020-21"\nmissing = "grey"\n')
        part = page.partition(heading)[2].partition("\n## ")[0]
        for name, text in re.findall(r"```(?:toml|csv)\n# ([\w./-]+)\n(.*?)```", part, re.DOTALL):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        codes = {problem.code for problem in found(folder)}

        assert codes == ({code} if expected else set())


def test_no_code_has_two_meanings() -> None:
    """The loader's codes and the checks' do not overlap."""
    assert not CODES.keys() & CHECKS.keys()


def test_the_page_of_codes_lists_every_code_with_its_title() -> None:
    """docs/problems.md is complete."""
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")

    assert [code for code, title in (CODES | TITLES).items() if f"| {title} |" not in page or code not in page] == []
    assert [code for code in TITLES if f"[{code}](checks/{code}.md)" not in page] == []


def test_what_the_loader_warns_of_is_what_a_book_may_set() -> None:
    """No warning of the loader is left out of the list, and none of its errors is in it."""
    warned = set()
    for part in ("rulefile", "rulebook"):
        for path in (ROOT / "src/ragengine" / part).glob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call):
                    named = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
                    lightly = any(keyword.arg == "warning" for keyword in call.keywords)
                    if lightly or any(isinstance(arg, ast.Attribute) and arg.attr == "WARNING" for arg in call.args):
                        warned |= {value for value in named if str(value).startswith("RAG")}

    assert sorted(warned) == sorted(ADVICE)


SEEN = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'


@pytest.mark.parametrize(("severity", "expected"), [("off", []), ("warning", ["warning"]), ("error", ["error"])])
def test_a_book_sets_how_a_check_counts(severity: str, expected: list[str]) -> None:
    """Off, warning or error, with the reason beside it."""
    setting = f'[book.checks]\nRAG058 = {{ severity = "{severity}", reason = "Cases come in May" }}\n'

    assert [str(p.severity) for p in ragengine.check({"book.toml": BOOK + setting, "a.toml": SEEN})] == expected


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('RAG058 = { severity = "off" }', "RAG005.*reason is missing; a check is set otherwise for a reason"),
        ('RAG058 = { severity = "quiet", reason = "x" }', "RAG007.*'quiet' is not among off, warning, error"),
        ('RAG002 = { severity = "off", reason = "x" }', "RAG019.*'RAG002' is no check.*; an error is mended"),
        ('RAG58 = { severity = "off", reason = "x" }', "RAG019.*'RAG58' is no check.*; did you mean RAG058?"),
        ('RAG095 = { severity = "off", reason = "x" }', "RAG019.*'RAG095' is no check.*; did you mean RAG0"),
        ('reviews = { severity = "off", reason = "x" }', "RAG019.*'reviews' is no check.*; write a code like RAG058"),
        ('RAG058 = { severity = "off", reason = " " }', "RAG00.*reason"),
        ('RAG058 = "off"', "RAG006.*a check's setting is a table"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_problem(setting: str, words: str) -> None:
    """With its place, as any other key."""
    problems = ragengine.check({"book.toml": f"{BOOK}[book.checks]\n{setting}\n", "a.toml": SEEN})

    assert re.search(words, "\n".join(map(str, problems)))
    assert [problem.place.line for problem in problems if problem.is_error] == [6]


def test_what_is_off_is_not_told_at_load_either(caplog: pytest.LogCaptureFixture) -> None:
    """A warning that the book turns off is not logged; one that it makes an error does not keep it from loading."""
    assumed = SEEN + 'basis = "assumed"\n'
    for severity, told in (("off", 0), ("warning", 1), ("error", 1)):
        caplog.clear()
        setting = f'[book.checks]\nRAG032 = {{ severity = "{severity}", reason = "R" }}\n'
        ragengine.load({"book.toml": BOOK + setting, "a.toml": assumed})

        assert sum("RAG032" in record.getMessage() for record in caplog.records) == told


@pytest.mark.parametrize("budget", ["{}", "{ periods = -1 }", '{ share = "120%" }', "6", "{ months = 6 }"])
def test_a_budget_that_cannot_be_used_is_a_problem(budget: str) -> None:
    """Empty, negative, more than all, no table, an unknown key."""
    problems = ragengine.check({"book.toml": f"{BOOK}grace_budget = {budget}\n", "a.toml": SEEN})

    assert any(problem.is_error and problem.key.startswith("book.grace_budget") for problem in problems)


def test_the_plan_is_sound_but_for_what_ends_soon(root: Path) -> None:
    """At the end of August 2020 two graces have a month to go, and nothing else is to be said of the plan."""
    problems = ragengine.check(root / "rules", as_at=AS_AT)

    assert [(p.code, p.key) for p in problems] == [
        ("RAG047", "grace.covid-19-transition"),
        ("RAG047", "grace.covid-19-survey"),
    ]
