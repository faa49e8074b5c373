"""What a cell of targets or thresholds says in words: none, still to come, met, the rest, a rank, a change."""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from ..terms import Direction
from .quantities import read_quantity
from .spellings import folded

__all__ = ["Say", "Wording", "wording_of"]


class Say(StrEnum):
    """What words mean where a number is looked for."""

    BLANK = "blank"
    NONE = "no target"
    WAITING = "still to come"
    MONITORED = "monitored"
    MET = "the target is met"
    BEYOND = "better than the target"
    MISSED = "the target is not met"
    REST = "what the others leave"
    RANK = "a place among others"
    CHANGE = "a change"
    KEEP = "as it was"
    FORMULA = "a formula"
    OTHER = "no number"


@frozen
class Wording:
    """Words, with the change they name where they name one.

    Attributes:
        amount: of a change, in per cent of what was before where ``percent``.
        way: the way of a change.
    """

    say: Say
    amount: Fraction | None = None
    percent: bool = False
    way: Direction | None = None


_MONITORED = ("monitor", "monitoring", "information only", "for information", "info only", "data only", "contextual",
              "context only", "context", "trend only", "track", "tracking", "not rated", "for monitoring")  # fmt: skip
_NONE = frozenset(
    {
        "n a", "na", "none", "no target", "no target set", "not applicable", "not set", "nil", "not targeted",
        "no tolerance",
    }
)  # fmt: skip
_PERFORMANCE = re.compile(r"^(?:performance|result|outturn|value)(?: is)? ")
_NO_TARGET = re.compile(r"^no target(?: set)? ")
_WAITING = ("tbc", "tba", "tbd", "to be confirmed", "to be agreed", "to be determined", "to be set", "to be advised",
            "baseline", "baselining", "new", "pending", "under review", "in development", "awaiting", "not yet set",
            "not yet agreed", "to follow")  # fmt: skip
_MET = frozenset({
    "target met", "met", "met target", "on target", "at target", "achieved", "target achieved", "meets target",
    "target",
    "meeting target", "target or better", "target or above", "target and above", "at or above", "at or above target",
    "on or above target", "on or above", "at or better than target", "on or better than target",
    "on or exceeding target",
    "at or below target", "on or below target", "target or below", "target or less", "target or more",
    "at target or better",
    "on track", "target met or exceeded", "met or exceeded", "meets or exceeds target", "met or exceeded target",
    "at or exceeding target", "on target or better", "target achieved or exceeded", "achieved or exceeded",
    "at or below",
    "on or below", "on target or above", "performance on or above target", "performance meets target",
    "at or over target",
    "achieving target", "target being met", "green", "meets or exceeds",
})  # fmt: skip
#: the same with another verb: ``target hit or bettered``
_MET_OR = re.compile(
    r"(?:(?:target|plan|standard) )?(?:is |was |has been )?(?:met|hit|reached|achieved|matched)"
    r"(?: or (?:exceeded|bettered|beaten|better|surpassed|above|below))?"
    r"|(?:achiev|meet|match|reach|hit|equal)\w* or (?:exceed|better|beat|surpass)\w*"
    r"(?: (?:the )?(?:target|plan|standard))?"
    r"|(?:meets|hits|reaches|achieves|matches)(?: or (?:exceeds|betters|beats|surpasses))?(?: the)? (?:target|plan"
    r"|standard)|(?:at|on)(?: or (?:above|below|better than))? (?:plan|standard|trajectory)|in line with target"
    r"|better than or (?:equal to|at|on)(?: the)? target|equal to or better than(?: the)? target"
)
_BEYOND = frozenset({"better than target", "above target", "exceeds target", "exceeding target", "exceeded"})
_MISSED = frozenset({"not met", "target not met", "missed", "target missed", "below target", "worse than target",
                     "not achieved",
                     "off target", "under target", "target not achieved", "did not meet target"})  # fmt: skip
_REST = re.compile(
    r"(?:otherwise|any(?:thing)? (?:else|other.*|worse|lower|higher|less|more|fewer|greater|smaller"
    r"|(?:below|above|under|over|outside)(?: .*)?)|all others?|all other values"
    r"|everything else|neither"
    r"|(?:in )?between|in between|the rest|rest|else|(?:below|above|worse than|less than|more than|outside"
    r"|greater than|under|over|within"
    r"|beyond|lower than|higher than|exceeds?|more than the)(?: the| agreed| set)? (?:amber|tolerances?|green|red"
    r"|thresholds?)(?: .*)?"
    r"|between (?:green|red|target) and .*|amber|red)"
)
_RANK = re.compile(
    r"\b(?:quartiles?|quintiles?|deciles?|percentiles?|tertiles?|centiles?|median|mean|average|averages"
    r"|benchmark\w*|ranking|ranked|rank"
    r"|top \w+|nearest neighbours?|national|england|peers?|best in class|above average|statistical neighbours?"
    r"|family group)\b"
)
_LOWER_VERB = r"(?:reduc\w*|decreas\w*|lower(?:ing)?|fall|cut|drop|declin\w*|minimi[sz]e|fewer|less)"
_HIGHER_VERB = r"(?:increas\w*|improv\w*|grow\w*|rais\w*|rise|maximi[sz]e|more|uplift|gain)"
_CHANGE = (
    (re.compile(rf"\b{_LOWER_VERB}\b", re.IGNORECASE), Direction.LOWER),
    (re.compile(rf"\b{_HIGHER_VERB}\b", re.IGNORECASE), Direction.HIGHER),
    (re.compile(r"↓|▼|⬇"), Direction.LOWER),
    (re.compile(r"↑|▲|⬆"), Direction.HIGHER),
)
_KEEP = re.compile(r"\b(?:maintain\w*|hold|sustain\w*|same as|no change|keep|stable|steady|remain)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"(?<![\d/])([+-]?\d+(?:\.\d+)?)\s*(%|per ?cent|pp|percentage points?)?", re.IGNORECASE)


def wording_of(written: str) -> Wording:
    """What a cell says that is no plain statement about numbers.

    >>> wording_of("Top quartile").say, wording_of("reduce by 5%").amount
    (<Say.RANK: 'a place among others'>, Fraction(5, 1))
    """
    words = folded(written)
    if not written.strip():
        return Wording(Say.BLANK)
    if _is_formula(written):
        return Wording(Say.FORMULA)
    if not words and any(pattern.search(written) for pattern, _ in _CHANGE):
        return _change(written, words)
    if words in _NONE or not words:
        return Wording(Say.NONE)
    words = _PERFORMANCE.sub("", words) or words
    if _MET_OR.fullmatch(words):
        return Wording(Say.MET)
    for say, known in ((Say.MET, _MET), (Say.BEYOND, _BEYOND), (Say.MISSED, _MISSED)):
        if words in known:
            return Wording(say)
    if _REST.fullmatch(words):
        return Wording(Say.REST)
    words = _NO_TARGET.sub("", words) or words
    for say, begins in ((Say.MONITORED, _MONITORED), (Say.WAITING, _WAITING)):
        if any(words == word or words.startswith(f"{word} ") for word in begins):
            return Wording(say)
    return _change(written, words)


def _change(written: str, words: str) -> Wording:
    if _RANK.search(words):
        return Wording(Say.RANK)
    way = next((way for pattern, way in _CHANGE if pattern.search(written)), None)
    if way is not None:
        amounts = [match for match in _AMOUNT.finditer(written) if not _is_year(match[1])]
        if len(amounts) == 1:
            percent = (amounts[0][2] or "").casefold() in ("%", "percent", "per cent")
            return Wording(Say.CHANGE, abs(Fraction(amounts[0][1])), percent, way)
        return Wording(Say.CHANGE, way=way)
    if _KEEP.search(written):
        return Wording(Say.KEEP)
    return Wording(Say.OTHER)


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")


def _is_formula(written: str) -> bool:
    """Whether it is a formula without its result: an equals sign before a name, a bracket or a cell."""
    bare = written.strip()
    return (
        bare.startswith("=")
        and read_quantity(bare.lstrip("= ")) is None
        and bool(re.match(r"=\s*[+(]?[A-Za-z$'\"(]|=\d+[*/+-]", bare))
    )
