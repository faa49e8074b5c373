"""The Green, Amber and Red cells of one KPI as they stand, or what says in their stead what is what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from attrs import evolve, frozen

from ..problem import shorten
from ..terms import AMBER, GREEN, RED, Direction, Rag
from .draft import Seen
from .legend import colours_in
from .lexing import plain_signs
from .phrases import readings_of
from .sheet import SheetRow
from .spellings import folded
from .wording import Say, wording_of

__all__ = ["ThresholdCells"]

_COMPARED = re.compile(
    r"[<>≤≥]|\+$|\b(?:or|and) (?:more|above|over|less|fewer|below|under|higher|lower)\b|\b(?:least|most|below"
    r"|above|under|over|than)\b",
    re.IGNORECASE,
)
_LEVELS = ((GREEN, "green"), (AMBER, "amber"), (RED, "red"))

#: a cell that begins with its own colour, and one that says that the target is met and what it is
_OWN_COLOUR = re.compile(
    r"(?:(g(?:reen)?)|(a(?:mber)?|yellow)|(r(?:ed)?))\s*(?:[:–—-]\s*(?=\S)|=(?![<>/\s]*\d)\s*|(?=[<>≤≥]|=[<>]))",
    re.IGNORECASE,
)
_DOWN_TO = re.compile(r"^\s*(?:from target )?down to (?=[^a-z]*\d)", re.IGNORECASE)
_MET_AT = re.compile(r"([^()\[\]\d]+)[(\[]([^()\[\]]*\d[^()\[\]]*)[)\]]")


def _own_words(level: Rag, written: str) -> str:
    """A cell without its own colour before it; of ``Target met (85%)`` the number."""
    match = _OWN_COLOUR.match(written)
    if match is not None and match.lastindex == [one for one, _ in _LEVELS].index(level) + 1:
        written = written[match.end() :]
    if level is AMBER:
        written = _DOWN_TO.sub("≥ ", written)
    met = _MET_AT.fullmatch(written.strip()) if level is GREEN else None
    if met is not None and wording_of(met[1]).say is Say.MET and readings_of(met[2]):
        return met[2]
    return written


class _ColouredCells(Protocol):
    def seen(self, row: SheetRow, key: str) -> Seen: ...


@frozen
class ThresholdCells:
    """The three cells as they stand, or what says it in their stead: the sheet's legend, the one end of a target."""

    seen: Mapping[Rag, Seen]
    by_legend: bool = False
    by_end: bool = False

    @classmethod
    def of(cls, cells: _ColouredCells, row: SheetRow) -> ThresholdCells:
        """Those of a row."""
        seen = {level: cells.seen(row, key) for level, key in _LEVELS}
        together = cells.seen(row, "thresholds")
        if together.text and not any(each.text for each in seen.values()):
            said = colours_in(together.text)
            seen = {level: evolve(together, text=said.get(key, ""), heading=level.label) for level, key in _LEVELS}
        elif not any(each.text for each in seen.values()) and cells.seen(row, "target").text:
            # one end beside a target is where amber ends
            given = [end for key in ("minimum", "maximum") if (end := cells.seen(row, key)).text]
            if len(given) == 1:
                return cls({**seen, AMBER: given[0]}, by_end=True)
        return cls({level: evolve(each, text=_own_words(level, each.text)) for level, each in seen.items()})

    def with_legend(self, legend: Mapping[str, Seen]) -> ThresholdCells:
        """The same with what a legend says of every KPI."""
        return ThresholdCells({level: legend.get(key, self.seen[level]) for level, key in _LEVELS}, by_legend=True)

    @property
    def usable(self) -> bool:
        """Whether any of them says something of its own."""
        return any(
            wording_of(seen.text).say in (Say.OTHER, Say.MET, Say.MISSED, Say.BEYOND) or readings_of(seen.text)
            for seen in self.seen.values()
        )

    @property
    def says(self) -> bool:
        """Whether any of them is more than a dash, none, or the rest."""
        silent = (Say.BLANK, Say.NONE, Say.REST)
        return any(wording_of(seen.text).say not in silent for seen in self.seen.values())

    @property
    def certain(self) -> bool:
        """Whether two of them have comparators, which say the direction."""
        return sum(bool(_COMPARED.search(plain_signs(seen.text))) for seen in self.seen.values()) > 1

    @property
    def way(self) -> Direction | None:
        """The way that green says beside the target: ``on or above target``."""
        words = set(folded(self.seen[GREEN].text).split())
        if self.by_legend or wording_of(self.seen[GREEN].text).say is not Say.MET:
            return None
        return Direction.HIGHER if "above" in words else Direction.LOWER if "below" in words else None

    @property
    def told(self) -> str:
        """The cells that say something, with their place."""
        said = [seen for seen in self.seen.values() if seen.text]
        if not said:
            return ""
        row = said[0].where.partition(",")[0] if said[0].heading else said[0].where
        return f"{row}, {', '.join(f'{seen.heading}: {shorten(seen.text, 40)!r}' for seen in said)}"
