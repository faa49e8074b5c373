"""The keys of a rule that say what the threshold columns say: target and amber line, tolerance, or bands."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from ..bands import Interval
from ..number import text
from ..terms import AMBER, GREEN, RED, Direction, Rag
from ..toml.write import toml_number
from .spans import Measure, Reading
from .thresholds import Solved

__all__ = ["RuleLines", "rule_lines"]


@frozen
class RuleLines:
    """The keys that state a solved line; ``width_key`` is the one where amber stands."""

    lines: Mapping[str, Any]
    width_key: str

    @property
    def as_offer(self) -> dict[str, Any]:
        """All keys that say where bands lie, those that go with None."""
        return {key: self.lines.get(key) for key in ("target", "met", "tolerance", "amber", "bands")} | {
            "direction": self.lines["direction"]
        }

    @property
    def told(self) -> str:
        """The difference to other readings, in a few words."""
        for key in ("tolerance", "amber"):
            value = self.lines.get(key)
            if value is not None:
                shown = value if isinstance(value, str) else text(value)
                return f"{key} {shown}"
        bands = self.lines.get("bands")
        return "bands " + ", ".join(_band_told(band) for band in bands) if isinstance(bands, list) else ""


def _band_told(band: Mapping[str, Any]) -> str:
    ends = [f"{key} {value if isinstance(value, str) else text(value)}" for key, value in band.items() if key != "rag"]
    return f"{band['rag']} {' '.join(ends)}"


def rule_lines(solved: Solved, unit: str) -> RuleLines:
    """The shortest way to write a solved line: target with tolerance or amber where they say it, else bands."""
    direction = solved.direction
    usual = _usual(solved, unit)
    if usual is not None:
        return usual
    lines: dict[str, object] = {
        "direction": str(direction),
        "bands": [_band(level, piece) for level, piece in solved.bands],
    }
    return RuleLines(lines, "bands")


def _usual(solved: Solved, unit: str) -> RuleLines | None:
    """Target, met, and tolerance or amber, where green, amber and red lie as they mean it."""
    bands, direction = solved.bands, solved.direction
    if direction is Direction.WITHIN:
        return _range(solved, unit)
    levels = [level for level, _ in bands]
    outward = list(reversed(bands)) if direction is Direction.HIGHER else list(bands)
    if levels not in ([RED, AMBER, GREEN], [RED, GREEN]) if direction is Direction.HIGHER else levels not in (
        [GREEN, AMBER, RED], [GREEN, RED],
    ):  # fmt: skip
        return None
    met = _edge(outward[0][1], direction)
    assert met is not None
    target, reached = met
    lines: dict[str, object] = {"direction": str(direction), "target": target}
    if not reached:
        lines["met"] = "beyond target"
    if len(bands) == 2:
        lines["tolerance"] = 0
        return RuleLines(lines, "tolerance")
    amber = _edge(outward[1][1], direction)
    assert amber is not None
    line, own = amber
    if not own:
        return None  # the amber line always belongs to amber
    width = _width(solved.chosen, abs(target - line), target, unit)
    key = "amber" if width is None else "tolerance"
    lines[key] = line if width is None else width
    return RuleLines(lines, key)


def _edge(piece: Interval, direction: Direction) -> tuple[Fraction, bool] | None:
    """Where a level ends towards the worse side, and whether that number is still of it."""
    cut = piece.lower if direction is Direction.HIGHER else piece.upper
    if cut is None:
        return None
    return cut.at, cut.reached == (direction is Direction.HIGHER)


def _width(chosen: Mapping[Rag, Reading], width: Fraction, target: Fraction, unit: str) -> object | None:
    """The tolerance, where a cell says amber as a distance from the target."""
    for level in (AMBER, RED):
        reading = chosen.get(level)
        if reading is None or reading.measure not in (Measure.OFF, Measure.OFF_PERCENT):
            continue
        for amount in (end.at for span in reading.spans for end in span.ends if end.at is not None):
            if reading.measure is Measure.OFF_PERCENT and abs(amount) * abs(target) / 100 == width:
                return f"{toml_number(abs(amount))}% of target"
            if reading.measure is Measure.OFF and abs(amount) == width:
                return f"{toml_number(width)} pp" if unit == "%" else width
    return None


def _range(solved: Solved, unit: str) -> RuleLines | None:
    """A range with as wide an amber on either side."""
    levels = [level for level, _ in solved.bands]
    if levels not in ([RED, AMBER, GREEN, AMBER, RED], [RED, GREEN, RED]):
        return None
    middle = len(levels) // 2
    green = solved.bands[middle][1]
    low, high = green.lower, green.upper
    assert low is not None and high is not None
    if not low.reached or high.reached:
        return None
    lines: dict[str, object] = {"direction": "within", "target": {"min": low.at, "max": high.at}}
    if len(levels) == 3:
        return RuleLines(lines | {"tolerance": 0}, "tolerance")
    below, above = solved.bands[1][1].lower, solved.bands[3][1].upper
    assert below is not None and above is not None
    if not below.reached or above.reached:
        return None
    widths = low.at - below.at, above.at - high.at
    shown = [f"{toml_number(width)} pp" if unit == "%" else width for width in widths]
    lines["tolerance"] = shown[0] if widths[0] == widths[1] else {"below": shown[0], "above": shown[1]}
    return RuleLines(lines, "tolerance")


def _band(level: Rag, piece: Interval) -> dict[str, object]:
    made: dict[str, object] = {"rag": str(level)}
    if piece.lower is not None:
        made["from" if piece.lower.reached else "above"] = piece.lower.at
    if piece.upper is not None:
        made["below" if piece.upper.reached else "to"] = piece.upper.at
    return made
