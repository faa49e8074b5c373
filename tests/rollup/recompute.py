"""A rating computed again from its JSON alone, by comparison and nothing of the engine."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

__all__ = ["recomputed"]


def _level(bands: list[dict[str, Any]], value: Fraction) -> str:
    """The level of the one band that holds a value."""
    found = []
    for band in bands:
        low, high = band["lower"], band["upper"]
        above = low is None or value > Fraction(low) or (band["lower_in"] and value == Fraction(low))
        below = high is None or value < Fraction(high) or (band["upper_in"] and value == Fraction(high))
        if above and below:
            found.append(band["rag"])
    assert len(found) == 1, "the bands cover the line exactly once"
    return str(found[0])


def recomputed(told: dict[str, Any]) -> tuple[str, str, str]:
    """Computed, adjusted and final level."""
    order = {level: n for n, level in enumerate(told["levels"])}
    computed, adjusted = _action(told) if told["kind"] == "action" else _kpi(told)
    if told["requires_evidence"] and not told["evidence"].strip() and adjusted != "grey":
        adjusted = min(adjusted, "amber", key=order.__getitem__)
    if told["run"] and adjusted != "grey":
        adjusted = _held(told, adjusted, order)
    final = adjusted
    for override in told["overrides"]:
        if override["live"]:
            final = _limited(final, override["effect"], override["level"], order)
    return computed, adjusted, final


def _limited(level: str, effect: str, limit: str, order: dict[str, int]) -> str:
    if effect == "rag":
        return limit
    if level == "grey":
        return level
    return (min if effect == "no_better_than" else max)(level, limit, key=order.__getitem__)


def _held(told: dict[str, Any], instant: str, order: dict[str, int]) -> str:
    """A worse level is adopted after so many periods in a row, and then the best of them."""
    adopted = told["run"][-1]["adopted"]
    if order[instant] >= order[adopted]:
        return instant
    periods = told["persistence"]
    run = [past["instant"] for past in told["run"]][len(told["run"]) - periods + 1 :] + [instant]
    if len(run) == periods and all(order[level] < order[adopted] for level in run):
        return max(run, key=order.__getitem__)
    return str(adopted)


def _kpi(told: dict[str, Any]) -> tuple[str, str]:
    order = {level: n for n, level in enumerate(told["levels"])}
    if told["missing"]:
        computed = adjusted = told["missing"]
    elif told["bands"]:
        value = Fraction(told["value"])
        computed, adjusted = _level(told["bands"], value), _level(told["adjusted_bands"], value)
    else:
        return "grey", "grey"
    granted = [grace for grace in told["graces"] if grace["granted"]]
    if told["missing"]:
        for grace in granted:
            if grace["effect"].startswith("no_"):
                adjusted = _limited(adjusted, grace["effect"], grace["value"], order)
    if any(grace["effect"] in ("suspend", "exclude_period") for grace in granted):
        adjusted = "grey"
    return computed, adjusted


def _action(told: dict[str, Any]) -> tuple[str, str]:
    order = {level: n for n, level in enumerate(told["levels"])}
    if told["bands"]:
        computed = _level(told["bands"], Fraction(told["value"]))
    else:
        own = told["unrated"] not in ("", "suspended") or told["status"] != "complete"
        computed = "grey" if own else told["complete"]
    adjusted = computed
    if told["adjusted_bands"]:
        adjusted = _level(told["adjusted_bands"], Fraction(told["value"]))
    for grace in told["graces"]:
        if not grace["granted"]:
            continue
        if grace["effect"] in ("suspend", "exclude_period"):
            adjusted = "grey"
        elif grace["effect"] == "extend_due" and told["value_moved"] and adjusted != "grey":
            adjusted = _level(told["bands"], Fraction(told["value_moved"]))
        elif grace["effect"].startswith("no_") and not told["adjusted_bands"]:
            adjusted = _limited(adjusted, grace["effect"], grace["value"], order)
    return computed, adjusted
