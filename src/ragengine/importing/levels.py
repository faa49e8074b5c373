"""The levels that a sheet prints: words, letters, signs, and whether a target was met."""

from __future__ import annotations

from ..terms import DEFAULT_SCALE, GREY, Rag
from .spellings import folded

__all__ = ["is_level", "level_named"]

_MET, _MISSED = (
    frozenset({"yes", "y", "true", "met", "1", "achieved", "exceeded", "on target"}),
    frozenset({"no", "n", "false", "not met", "0", "missed", "not achieved", "off target"}),
)
_GREY = ("grey", "gray", "not rated", "no target", "information only", "data only", "no data", "not due", "n a",
         "na", "not applicable",
         "no rag", "white", "monitor", "tbc", "not yet due", "not available", "data not available",
         "awaiting data")  # fmt: skip
_LEVELS = {"🟢": "green", "🟩": "green", "🟠": "amber", "🟡": "amber", "🟧": "amber", "🟨": "amber",
           "🔴": "red", "🟥": "red",
           "on track": "green", "on target": "green", "at risk": "amber", "off track": "red", "off target": "red",
           "above target": "green",
           "orange": "amber", "target met": "green", "met": "green", "exceeded": "green", "achieved": "green",
           "slightly below target": "amber", "just below target": "amber", "close to target": "amber",
           "near target": "amber", "below target": "red", "well below target": "red",
           "significantly below target": "red", "within tolerance": "amber", "outside tolerance": "red"}  # fmt: skip


def level_named(cell: str, *, met: bool) -> Rag | None:
    """The level a status cell names, grey included; ``met``: the column says whether the target was met."""
    words = folded(cell)
    if met:
        return DEFAULT_SCALE.best if words in _MET else DEFAULT_SCALE.worst if words in _MISSED else None
    if any(words == word or words.startswith(f"{word} ") for word in _GREY):
        return GREY
    known = DEFAULT_SCALE.read(words) or DEFAULT_SCALE.read(_LEVELS.get(words, "") or _LEVELS.get(cell.strip(), ""))
    if known is not None:
        return known
    named = {level for level in DEFAULT_SCALE if level.id in words.split()}
    return named.pop() if len(named) == 1 and len(words.split()) <= 3 else None


def is_level(cell: str) -> bool:
    """Whether a cell names a level, grey left out: a column of nothing else is one of levels."""
    level = level_named(cell, met=False)
    return level is not None and not level.is_grey
