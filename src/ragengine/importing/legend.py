"""What the rows beside a table say of its colours: ``Green = on or above target; Amber = within 5% of target``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .draft import Draft, Seen
from .phrases import readings_of
from .sheet import SheetRow
from .spans import Measure
from .wording import Say, wording_of

__all__ = ["BY_LEGEND", "colours_in", "legend_of", "settle_legend"]

#: begins the mark of what a legend says
BY_LEGEND = "by the sheet's legend"
_NAMES = {"green": "green", "amber": "amber", "yellow": "amber", "red": "red"}
_SAYS = re.compile(
    r"\b(green|amber|yellow|red|grey|gray|blue)\b\)?\s*(?:[:=|–—-]+|\bis\b|\bif\b|\bwhen\b|\bmeans\b)\s*", re.IGNORECASE
)
_IN_ONE = re.compile(
    r"(?:^|(?<=[\s;,/|(]))(?:(green|amber|yellow|red)\b|(?-i:([GAR])\b))\)?(?=\s*[:=–—<>≤≥-]|\s+\S)\s*(?:[:–—-]+|=(?![<>])|\bis\b|\bif\b"
    r"|\bwhen\b)?\s*",
    re.IGNORECASE,
)
#: a colour after what it is: ``>= 90% = Green; >= 80% = Amber``
_AFTER = re.compile(
    r"\s*(?P<said>[^;\n|]*?\d[^;\n|]*?)\s*(?:=(?!\s*[<>\d])|:|->|→|[–—-](?=\s)|\()\s*(?:(?P<name>green|amber|yellow|red)|(?-i:(?P<letter>[GAR])))\)?\s*(?:[;,|/\n]|$)",
    re.IGNORECASE,
)
_LETTERS = {"g": "green", "a": "amber", "r": "red"}
_RELATIVE = (Measure.OFF, Measure.OFF_PERCENT, Measure.SHARE)


def colours_in(cell: str) -> Mapping[str, str]:
    """What one cell says of each colour; empty where it does not say it of two at least.

    >>> colours_in("G >= 90%, A >= 80%, R < 80%")
    {'green': '>= 90%', 'amber': '>= 80%', 'red': '< 80%'}
    """
    text = " ".join(cell.split())
    names = list(_IN_ONE.finditer(text))
    found: dict[str, str] = {}
    for n, match in enumerate(names):
        key = _NAMES[match[1].casefold()] if match[1] else _LETTERS[match[2].casefold()]
        end = names[n + 1].start() if n + 1 < len(names) else len(text)
        said = text[match.end() : end].strip(" ;,.|/()")
        if key in found or not said:
            return {}
        found[key] = said
    return found if len(found) > 1 and names[0].start() == 0 else _before_colours(cell)


def _before_colours(cell: str) -> Mapping[str, str]:
    """What stands before each colour, where all of a cell is so."""
    found: dict[str, str] = {}
    at = 0
    while at < len(cell.rstrip()):
        match = _AFTER.match(cell, at)
        if match is None:
            return {}
        key = _NAMES[match["name"].casefold()] if match["name"] else _LETTERS[match["letter"].casefold()]
        if key in found:
            return {}
        found[key] = " ".join(match["said"].split())
        at = match.end()
    return found if len(found) > 1 else {}


def settle_legend(drafts: Iterable[Draft]) -> None:
    """What a legend means of counts and days it means of percentages: ``within 5%`` is of the target.

    It is said once for the whole sheet, so that the mark of each percentage goes.
    """
    kept = [draft for draft in drafts if "tolerance" in draft.lines and "bands" not in draft.lines]
    others = [draft.lines["tolerance"] for draft in kept if draft.unit != "%"]
    relative = {str(line.value) for line in others if not line.confirm}
    for draft in kept:
        line = draft.lines["tolerance"]
        other = str(line.value).replace("% of target", " pp")
        if str(line.value) in relative and line.confirm.startswith(f"{BY_LEGEND}; or tolerance {other} ("):
            draft.settled(("tolerance", line.confirm))


def legend_of(rows: Iterable[SheetRow], source: str) -> Mapping[str, Seen]:
    """What each colour means for every KPI of a sheet, by key; empty where no row says it by the target.

    >>> row = SheetRow(1, ("Green = target met; Amber = within 5% of target; Red = more than 5% off target",))
    >>> [seen.text for seen in legend_of([row], "a.csv").values()]
    ['target met', 'within 5% of target', 'more than 5% off target']
    """
    found: dict[str, Seen] = {}
    for row in rows:
        text = " | ".join(dict.fromkeys(cell for cell in row.cells if cell))
        names = list(_SAYS.finditer(text))
        for n, match in enumerate(names):
            key = _NAMES.get(match[1].casefold())
            end = names[n + 1].start() if n + 1 < len(names) else len(text)
            said = text[match.end() : end].strip(" ;,.|()-–")
            if key is not None and said and len(said) < 80:
                found.setdefault(key, Seen(said, f"{source} row {row.number}", match[1].title()))
    relative = any(
        reading.measure in _RELATIVE and reading.cost < 2
        for key in ("amber", "red") if key in found for reading in readings_of(found[key].text)
    )  # fmt: skip
    green = found.get("green")
    met = green is None or wording_of(green.text).say is Say.MET or bool(readings_of(green.text))
    return found if relative and met else {}
