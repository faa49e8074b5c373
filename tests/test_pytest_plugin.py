"""The pytest plugin, in a project of its own: what it collects, when it runs it, and what it says."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
AREA = (
    '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
    '[[kpi.k.examples]]\nvalue = 90\nrag = "green"\n'
)
CASES = (
    '[[case]]\nname = "just under is amber"\nkpi = "a.k"\nvalue = 89.9\nexpect = { rag = "amber" }\n'
    '[[case]]\nname = "on the amber line"\nkpi = "a.k"\nvalue = 80\nexpect = { rag = "red" }\n'
    '[[case]]\nname = "under it"\nkpi = "a.k"\nvalue = 79.9\nexpect = { rag = "red" }\nunconfirmed = true\n'
)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder of rules with an example and three cases, one of them wrong and one unconfirmed."""
    folder = pytester.mkdir("rules")
    for name, text in {"book.toml": BOOK, "a.toml": AREA, "a.cases.toml": CASES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return pytester


def test_examples_and_cases_are_items_of_their_own(project: pytest.Pytester) -> None:
    """One fails with its place, what was expected and why it is otherwise; the others pass."""
    ran = project.runpytest_inprocess("-v", "-p", "no:cacheprovider")

    ran.assert_outcomes(passed=3, failed=1)
    ran.stdout.fnmatch_lines(
        [
            "*example 1 of a::k [[]0[]] PASSED*",
            "*just under is amber [[]1[]] PASSED*",
            "*on the amber line [[]2[]] FAILED*",
            "*under it (unconfirmed) [[]3[]] PASSED*",
            "rules/a.cases.toml:6: rag: expected red, got amber",
            "Amber. K (A)*: 80% against a target of at least 90%*",
        ]
    )
    assert "Traceback" not in ran.stdout.str()


def test_a_case_runs_when_its_turn_comes(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting runs none of them, so an error in one is that item's alone."""
    from ragengine.workbench.testing import case_runner

    def broken(book: object, case: object) -> object:
        raise ZeroDivisionError("a fault of the engine")

    monkeypatch.setattr(case_runner, "run_case", broken)

    project.runpytest_inprocess("--collect-only", "-q").stdout.fnmatch_lines(["*4 tests collected*"])
    ran = project.runpytest_inprocess("-k", "amber and just")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*ZeroDivisionError: a fault of the engine*"])


def test_unconfirmed_cases_can_be_left_out(project: pytest.Pytester) -> None:
    """They carry a mark, which ``--strict-markers`` knows."""
    ran = project.runpytest_inprocess("-m", "not unconfirmed", "--strict-markers")

    ran.assert_outcomes(passed=2, failed=1, deselected=1)


def test_rules_that_cannot_be_used_are_an_error_with_their_places(project: pytest.Pytester) -> None:
    """File, line, column, the line itself and what to write instead."""
    (project.path / "rules" / "a.toml").write_text(AREA.replace("tolerance", "tolerence"), encoding="utf-8")
    ran = project.runpytest_inprocess()

    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["*a.toml:8:1: error RAG004: a.k: tolerence: unknown key*did you mean tolerance?*"])


def test_it_can_be_left_out(project: pytest.Pytester) -> None:
    """``-p no:ragengine`` collects no rules."""
    assert project.runpytest_inprocess("-p", "no:ragengine").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_folder_without_cases_is_none_of_its_business(project: pytest.Pytester) -> None:
    """A book.toml alone may be anybody's."""
    (project.path / "rules" / "a.cases.toml").unlink()

    assert project.runpytest_inprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED
