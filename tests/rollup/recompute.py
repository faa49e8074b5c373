"""A rating computed again from its JSON alone, by comparison and nothing of the engine."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

__all__ = ["recomputed", "recomputed_area", "recomputed_score", "target_again"]


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


def recomputed_score(told: dict[str, Any]) -> Fraction | None:
    """The score of a rating: along its points, or of its rank."""
    how = told["scoring"]
    if how is None:
        return None
    if how["rank"] is not None:
        best, worst = Fraction(how["best"]), Fraction(how["worst"])
        return best if how["of"] == 1 else best + (worst - best) * Fraction(how["rank"] - 1, how["of"] - 1)
    points = [(Fraction(point["at"]), Fraction(point["points"])) for point in how["points"]]
    value = min(max(Fraction(how["value"]), points[0][0]), points[-1][0])
    for (low, score), (high, other) in zip(points, points[1:], strict=False):
        if low <= value <= high:
            return score + (value - low) / (high - low) * (other - score)
    raise AssertionError("the points cover every value between the first and the last")


def recomputed_area(told: dict[str, Any], order: list[str]) -> tuple[str, str, str, Fraction | None]:
    """Computed, adjusted and final level of an area, and the score that its bands judged.

    Of ``rules`` the rule that matched is taken, and of a limit by condition whether it holds: both are told.
    """
    children = [child for child in told["children"] if told["method"] != "points" or Fraction(child["weight"])]
    rated = [child for child in children if child["rag"] != "grey"]
    score = None
    if told["method"] == "points":
        rated = [child for child in rated if child["points"] is not None]
    enough = rated and len(rated) >= Fraction(told["minimum_coverage"]) * len(children)
    if not enough:
        computed = "grey"
    elif told["method"] == "worst":
        computed = min((child["rag"] for child in rated), key=order.index)
    elif told["method"] == "rules":
        computed = told["rules"][-1]["rag"]
    else:
        score = _share(told, rated, order) if told["method"] == "share" else _mean(told, rated, order)
        computed = _level(told["bands"], score)
    ranks = {level: n for n, level in enumerate(order)}
    adjusted = computed
    for limit in told["limits"]:
        holds = limit["holds"]
        if limit["child"]:
            own = [
                c["rag"]
                for c in told["children"]
                if c["id"].partition(", ")[0] == limit["child"] and c["rag"] != "grey"
            ]
            holds = any(ranks[level] <= ranks[limit["at"]] for level in own)
        if holds:
            adjusted = _limited(adjusted, limit["effect"], limit["level"], ranks)
    final = adjusted
    for override in told["overrides"]:
        if override["live"]:
            final = _limited(final, override["effect"], override["level"], ranks)
    return computed, adjusted, final, score


def _share(told: dict[str, Any], rated: list[dict[str, Any]], order: list[str]) -> Fraction:
    least = order.index(told["of"] or order[-1])
    return Fraction(100 * sum(order.index(child["rag"]) >= least for child in rated), len(rated))


def _mean(told: dict[str, Any], rated: list[dict[str, Any]], order: list[str]) -> Fraction:
    brought = [(Fraction(child["points"]), Fraction(child["weight"])) for child in rated]
    if not told["of"]:
        return sum((p * w for p, w in brought), Fraction(0)) / sum((w for _, w in brought), Fraction(0))
    bands = sorted(told["bands"], key=lambda band: (band["lower"] is not None, Fraction(band["lower"] or 0)))
    falls = order.index(bands[-1]["rag"]) < order.index(bands[0]["rag"])
    worst = sorted((p for p, _ in brought), reverse=falls)[: int(told["of"].removeprefix("worst "))]
    return sum(worst, Fraction(0)) / len(worst)


def target_again(told: dict[str, Any]) -> str | None:
    """The target that is made from other rows, worked out again from what is told of them."""
    made = told["relative"]
    values = [Fraction(row["value"]) for row in made["rows"]]
    if made["why"]:
        return None
    if made["share"] is not None:
        position = (made["of"] - 1) * Fraction(made["share"])
        assert [row["rank"] for row in made["rows"]] == sorted({int(position) + 1, -int(-position // 1) + 1})
        number = values[0] + (position - int(position)) * (values[-1] - values[0])
    elif made["total"] is not None:
        number = Fraction(made["total"]) / made["of"]
    elif made["source"].startswith("best"):
        number = min(values) if told["direction"] == "lower" else max(values)
    else:
        number = sum(values) / len(values)
    assert str(number) == made["reference"]
    change = Fraction(made["change"] or 0)
    return str(number + (change * abs(number) / 100 if made["change_of"] == "reference" else change))
