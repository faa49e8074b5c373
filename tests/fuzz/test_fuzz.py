"""A few inputs of every fuzzing target on every change; the hundred thousand are ``python -m tests.fuzz``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import ragengine

from .targets import RULES, TARGETS, emptied


def test_what_is_mutated_is_sound() -> None:
    """The rules that mutations begin from have no error, so what is found lies in the mutation."""
    assert not [problem for problem in ragengine.check(RULES) if problem.is_error]


@pytest.mark.parametrize("name", TARGETS)
def test_only_errors_of_our_own_come_out(name: str, tmp_path: Path) -> None:
    """Forty mutated inputs end as a result or as a RagError, and some of either kind of them are looked at."""
    ended = set()
    for number in range(40):
        try:
            TARGETS[name](random.Random(number), emptied(tmp_path / "input"), lambda _: None)
        except ragengine.RagError:
            ended.add("refused")
        else:
            ended.add("sound")

    assert "sound" in ended
