"""Published keys that ``init`` writes: each sound, tested, and told with its source."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import ragengine
from ragengine.rulefile.load import load_rules
from ragengine.starter import published_files, published_keys
from ragengine.workbench.testing.case_runner import run_cases

KEYS = [key.name for key in published_keys()]


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    for name, text in published_files(request.param).items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize("folder", KEYS, indirect=True)
def test_a_key_checks_clean(folder: Path) -> None:
    """No error and no warning, so whatever check says later is about the user's own changes."""
    assert ragengine.check(folder, as_at=date(2026, 11, 29)) == []


@pytest.mark.parametrize("folder", KEYS, indirect=True)
def test_a_key_passes_its_own_cases(folder: Path) -> None:
    """Its cases say what the key gives on, under and over its lines."""
    rules, problems = load_rules(folder)
    assert rules is not None, problems
    results = list(run_cases(rules))

    assert len(results) >= 6
    assert [] == [(result.name, result.wrong) for result in results if not result.passed]


@pytest.mark.parametrize("key", published_keys(), ids=lambda key: key.name)
def test_a_key_says_what_it_is_and_where_it_stands(key: ragengine.starter.PublishedKey) -> None:
    """A sentence, and a source that ends in its year."""
    assert key.about.endswith(".") and len(key.about) > 30
    assert re.search(r"(19|20)\d\d(/\d\d)?$", key.source)


def test_the_keys_that_people_ask_for_are_there() -> None:
    """The names that documents of the project give."""
    assert {
        "havering", "clearpoint", "camms", "pm3-2", "cqc-2022", "ofsted", "nhs-oversight-2025", "open-sdg",
    } <= set(KEYS)  # fmt: skip


def test_a_key_that_is_not_there_is_a_key_error() -> None:
    """The command turns it into what was meant."""
    with pytest.raises(KeyError):
        published_files("haverin")
