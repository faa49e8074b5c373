"""The language-neutral suite, through the scalar path; pytest also collects each case through the plugin."""

from __future__ import annotations

import filecmp
from pathlib import Path

import pytest

from ragengine.rulefile.load import load_rules
from ragengine.workbench.testing.case_runner import run_cases

ROOT = Path(__file__).resolve().parent
FOLDERS = sorted(folder.name for folder in (ROOT / "suite").iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", FOLDERS)
def test_every_case_of_a_published_key_passes(name: str) -> None:
    """A folder of the suite gives what its key says, case by case."""
    rules, problems = load_rules(ROOT / "suite" / name)
    assert rules is not None, problems
    results = list(run_cases(rules))

    assert results
    assert [] == [(r.name, r.wrong) for r in results if not r.passed]


def test_the_suite_has_all_its_cases() -> None:
    """No case is lost on the way: the README of the suite counts them."""
    rules = [load_rules(ROOT / "suite" / name)[0] for name in FOLDERS]

    assert sum(len(each.cases) for each in rules if each is not None) == 557


def test_the_suite_is_the_shared_one(shared: Path) -> None:
    """The copy in the repository does not drift from the contract's."""
    for name in FOLDERS:
        left, right = shared / "cases" / name, ROOT / "suite" / name
        same, differs, failed = filecmp.cmpfiles(left, right, [p.name for p in left.iterdir()], shallow=False)
        assert (differs, failed) == ([], []), name
        assert same
