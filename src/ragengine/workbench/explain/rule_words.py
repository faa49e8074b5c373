"""What is in force on a day, and stretches of days, in words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ...number import exact, text
from ...rating.phrases import long_date, target_text, tolerance_text
from ...rating.relative_words import source_text
from ...rulebook.measure import Range, SpecialTarget
from ...ruling import Ruling
from ...terms import Direction

__all__ = ["WAY", "bands_in_words", "span"]

#: which way is better, in words
WAY = {
    Direction.HIGHER: "higher is better",
    Direction.LOWER: "lower is better",
    Direction.WITHIN: "within a range is best",
    Direction.MONITOR: "monitored: reported, not rated",
}


def span(start: date, end: date) -> str:
    """A stretch of days: ``until 22 March 2020``, ``23 March 2020 to 30 September 2020``, ``always``."""
    if start == date.min:
        return "always" if end == date.max else f"until {long_date(end)}"
    if end == date.max:
        return f"from {long_date(start)}"
    return long_date(start) if start == end else f"{long_date(start)} to {long_date(end)}"


def bands_in_words(ruling: Ruling) -> dict[str, str]:
    """What makes the bands on the days of a ruling, each key in words; empty where the rule has no dated parts."""
    kpi, era, data_target = ruling.kpi, ruling.era, ruling.data_target
    said: dict[str, str] = {}
    if era.not_due:
        said["rated_from"] = f"not rated yet: rated from {long_date(kpi.rated_from)}"
    if era.target is SpecialTarget.FROM_DATA:
        given = "" if data_target is None else f", here {target_text(data_target, kpi)}"
        said["target"] = f"target from the data{given}"
    elif era.relative is not None:
        given = "" if data_target is None else f", here {target_text(data_target, kpi)}"
        said["target"] = f"target {source_text(era.relative, kpi.unit)}{given}"
    elif era.target is SpecialTarget.NONE:
        said["target"] = "no target"
    elif isinstance(era.rule_target, Fraction | Range):
        said["target"] = f"target {target_text(era.rule_target, kpi)}"
    elif kpi.target is not None:
        said["target"] = "no target yet"
    if era.tolerance is not None and era.target is not SpecialTarget.NONE:
        said["tolerance"] = f"tolerance {tolerance_text(era.tolerance, kpi.unit)}"
    if era.amber is not None:
        said["amber"] = f"amber line {text(exact(era.amber))}{'%' if kpi.unit == '%' else ''}"
    if kpi.compare is not None:
        named = ((kpi.compare.better, "better"), (kpi.compare.similar, "similar"), (kpi.compare.worse, "worse"))
        levels = ", ".join(f"{side} is {ruling.scale[level].label}" for level, side in named)
        said["bands"] = f"the interval is compared with {kpi.compare.than or 'the target'}: {levels}"
    elif era.bands:
        said["bands"] = f"{len(era.bands)} written bands"
    return said
