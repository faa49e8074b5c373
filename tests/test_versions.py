"""What a released version wrote is read by every later one: rules give the same levels, records keep their keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine.rollup.card_json import FORMAT
from ragengine.rulebook.rules import RULE_FORMAT

HOME = Path(__file__).parent / "versions"
#: a folder for each released version, with the fingerprint that its rules had then
RELEASED = {"0.1.0": "73cb9d9b72dc3a640d5b1d855e8cb5a87c042fc518132db5bb2b6962f1df628b"}


@pytest.mark.parametrize("version", RELEASED)
def test_rules_of_a_version_are_read_without_a_problem(version: str) -> None:
    """They load, their cases pass, and their fingerprint is the one that records of then have."""
    rules = HOME / version / "rules"

    assert [problem for problem in ragengine.check(rules, as_at=None) if problem.is_error] == []
    assert ragengine.load(rules).rules.fingerprint == RELEASED[version]


@pytest.mark.parametrize("version", RELEASED)
def test_rules_and_data_of_a_version_give_the_same_levels(version: str) -> None:
    """Scored again, each rating has the level, the reason and the numbers that were recorded."""
    folder = HOME / version
    card = ragengine.load(folder / "rules").score(ragengine.read(folder / "data"), "Jul-20")
    then = ragengine.Scorecard.from_json((folder / "scorecard.json").read_text("utf-8"))

    assert list(card.ratings) == list(then.ratings) and list(card.areas) == list(then.areas)
    for key, rating in card.ratings.items():
        assert rating.to_dict() == then.ratings[key].to_dict(), key
    for key, area in card.areas.items():
        assert (area.rag, area.computed, area.reason, area.counts) == (
            then.areas[key].rag,
            then.areas[key].computed,
            then.areas[key].reason,
            then.areas[key].counts,
        ), key


def _keys(value: Any, place: str = "") -> set[str]:
    """The paths of keys in a JSON value; those of a mapping by id are one."""
    if isinstance(value, list):
        return {key for each in value for key in _keys(each, f"{place}[]")}
    if not isinstance(value, dict):
        return set()
    return {f"{place}.{key}" for key in value} | {
        key for name, each in value.items() for key in _keys(each, f"{place}.{name}")
    }


@pytest.mark.parametrize("version", RELEASED)
def test_a_scorecard_of_a_version_is_read_and_loses_nothing(version: str) -> None:
    """Read and written again it says the same under every key it had; a scorecard of today has all those keys too."""
    folder = HOME / version
    text = (folder / "scorecard.json").read_text("utf-8")
    then = json.loads(text)
    again = json.loads(ragengine.Scorecard.from_json(text).to_json())
    today = ragengine.load(folder / "rules").score(ragengine.read(folder / "data"), "Jul-20")

    assert again["format"] == FORMAT
    assert _keys(then) - _keys(again) == set()
    assert _keys(then) - _keys(json.loads(today.to_json())) == set()
    for name in ("areas", "ratings", "programme", "rows"):
        assert again[name] == then[name]


def test_a_newer_format_is_refused_by_name() -> None:
    """Rules and scorecards of a later format say which they are and which this version reads."""
    rules = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\nformat = 2\n'
    with pytest.raises(ragengine.RulebookError, match=rf"format 2, and this version reads format {RULE_FORMAT}"):
        ragengine.load({"book.toml": rules})
    text = (HOME / "0.1.0" / "scorecard.json").read_text("utf-8").replace(FORMAT, "ragengine scorecard 2")
    with pytest.raises(ragengine.ScorecardFormatError, match="scorecard 2"):
        ragengine.Scorecard.from_json(text)
