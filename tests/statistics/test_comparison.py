"""Which side of a number an interval lies on."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ragengine.statistics import Limits, Side, against, between

F = Fraction


@pytest.mark.parametrize(
    ("lower", "upper", "side"),
    [
        ("8", "9.9", Side.BELOW), ("8", "10", Side.ACROSS), ("8", "12", Side.ACROSS), ("10", "12", Side.ACROSS),
        ("10.1", "12", Side.ABOVE), ("10", "10", Side.ACROSS),
    ],
)  # fmt: skip
def test_an_interval_that_touches_is_across(lower: str, upper: str, side: Side) -> None:
    """Strictly beyond a number is below or above it; to touch is to be across."""
    assert against(Limits(F(lower), F(upper)), F(10)) is side


def test_two_intervals_that_touch_are_alike() -> None:
    """Beside another interval the nearer ends are compared, strictly."""
    other = Limits(F(10), F(12))

    assert between(Limits(F(7), F(10)), other) is Side.ACROSS
    assert between(Limits(F(7), F(9)), other) is Side.BELOW
    assert between(Limits(F(13), F(14)), other) is Side.ABOVE


def _limits(data: dict[str, Any], suffix: str = "") -> Limits | None:
    ends = [data.get(f"{end}_ci{suffix}") for end in ("lower", "upper")]
    return None if None in ends else Limits(*(F(Decimal(repr(end))) for end in ends))


def test_the_profiles_own_comparisons_are_ours(shared: Path) -> None:
    """Fingertips' test cases of one and of two intervals give what ours give.

    But for one: beside a target, and only there and only from above, its code lets an interval that touches count as
    beyond. Beside a benchmark it does not, nor does PHEindicatormethods: to touch is to be across.
    """
    cases = json.loads((shared / "data/peer_fingertips_comparers/cases.json").read_text("utf-8"))["cases"]
    words = {"low_is_good": ("Better", "Worse"), "high_is_good": ("Worse", "Better")}
    differing = []
    asked = 0
    for case in cases:
        given = case["input"]
        if case["rule"] == "double_overlapping_ci":
            mine, other = _limits(given["data"] or {}), _limits(given["benchmark"] or {})
        elif case["rule"] == "single_overlapping_ci_95":
            mine, number = _limits(given["data"] or {}), given["benchmark_value"]
            other = None if number is None else Limits(*(F(Decimal(repr(number))),) * 2)
        elif case["rule"] == "single_value_target_with_ci":
            mine, number = _limits(given), given["target"]
            other = None if number is None else Limits(*(F(Decimal(repr(number))),) * 2)
        else:
            continue
        if mine is None or other is None or case["polarity"] not in words:
            continue
        asked += 1
        below, above = words[case["polarity"]]
        said = {Side.BELOW: below, Side.ACROSS: "Same", Side.ABOVE: above}[between(mine, other)]
        if said != case["expected"]:
            differing.append(case["id"])

    assert asked == 20
    assert differing == ["single_value_target_with_ci-08"]
