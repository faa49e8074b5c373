"""Every check has a function, a page, a bad fixture named for its defect, and the exact words it must say."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

import ragengine
from ragengine.problem import CODES, Problem
from ragengine.workbench.checks import CHECKS, Check

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = sorted(path for path in (ROOT / "tests" / "checks").iterdir() if path.is_dir())
AS_AT = date(2020, 8, 31)


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
    assert {folder.name[:6] for folder in FIXTURES} == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_every_check_has_a_page(check: Check) -> None:
    """What it finds, why it matters, a bad example and a good one; the title is the check's own."""
    page = (ROOT / "docs" / "checks" / f"{check.code}.md").read_text(encoding="utf-8")

    assert page.startswith(f"# {check.code}: {check.title}\n")
    assert "## Why it matters" in page
    assert "## Bad" in page
    assert "## Good" in page


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_the_good_example_of_a_page_is_good(check: Check, tmp_path: Path) -> None:
    """The bad example is found and the good one is not: both are whole files."""
    page = (ROOT / "docs" / "checks" / f"{check.code}.md").read_text(encoding="utf-8")
    for heading, expected in (("## Bad", True), ("## Good", False)):
        folder = tmp_path / heading[3:]
        folder.mkdir()
        (folder / "book.toml").write_text('[book]\ntitle = "P"\nedition = "2020-21"\nmissing = "grey"\n')
        part = page.partition(heading)[2].partition("\n## ")[0]
        for name, text in re.findall(r"```(?:toml|csv)\n# ([\w./-]+)\n(.*?)```", part, re.DOTALL):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        codes = {problem.code for problem in found(folder)}

        assert (check.code in codes) is expected, codes


def test_no_code_has_two_meanings() -> None:
    """The loader's codes and the checks' do not overlap."""
    assert not CODES.keys() & CHECKS.keys()


def test_the_page_of_codes_lists_every_code_with_its_title() -> None:
    """docs/problems.md is complete."""
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    titles = CODES | {check.code: check.title for check in CHECKS.values()}

    assert [code for code, title in titles.items() if f"| {title} |" not in page or code not in page] == []


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
        ('RAG002 = { severity = "off", reason = "x" }', "RAG019.*'RAG002' is no check whose severity can be set"),
        ('RAG058 = "off"', "RAG006.*a check's setting is a table"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_problem(setting: str, words: str) -> None:
    """With its place, as any other key."""
    problems = ragengine.check({"book.toml": f"{BOOK}[book.checks]\n{setting}\n", "a.toml": SEEN})

    assert re.search(words, "\n".join(map(str, problems)))
    assert problems[0].place.line == 6


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
