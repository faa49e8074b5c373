"""Which way is better: as a column says it, or as the words of a title suggest it."""

from __future__ import annotations

import re

from attrs import frozen

from ..terms import Direction
from .spellings import folded

__all__ = ["GuessedDirection", "guess_direction", "read_direction"]

_SAID: dict[Direction, tuple[str, ...]] = {
    Direction.HIGHER: (
        "high", "higher", "higher is better", "high is good", "higher is good", "high is better",
        "bigger is better", "bigger better", "big is better", "more is better", "up", "increase", "increasing",
        "increase is good", "maximise", "aim to maximise", "above target is positive", "above target is good",
        "above", "positive", "h", "max", "upward", "upwards", "greater", "larger is better", "maximize",
        "rising", "to increase",
    ),
    Direction.LOWER: (
        "low", "lower", "lower is better", "low is good", "lower is good", "low is better", "smaller is better",
        "smaller better", "small is better", "less is better", "fewer is better", "down", "decrease",
        "decreasing", "decrease is good", "minimise", "aim to minimise", "below target is positive",
        "below target is good", "below", "negative", "l", "min", "downward", "downwards", "reduce", "reducing",
        "minimize", "falling", "to decrease",
    ),
    Direction.WITHIN: (
        "on target", "on target is positive", "on target is good", "within", "within range", "range",
        "in range", "plan is best", "stay in range", "target is best", "on plan", "between", "band",
        "closer to target is better", "nearer to target is better", "goldilocks",
    ),
    Direction.MONITOR: (
        "monitor", "monitor only", "monitoring", "neutral", "information only", "for information", "info only",
        "contextual", "context", "context only", "data only", "n a", "na", "none", "not applicable",
        "no polarity", "neither", "tracking", "track only",
    ),
}  # fmt: skip
_BY_WORD = {word: direction for direction, words in _SAID.items() for word in words}
_ARROWS = {
    "↑": Direction.HIGHER,
    "▲": Direction.HIGHER,
    "+": Direction.HIGHER,
    "↓": Direction.LOWER,
    "▼": Direction.LOWER,
    "-": Direction.LOWER,
    "↔": Direction.WITHIN,
}
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
_LOW_HEADING = re.compile(r"\b(?:low|lower|smaller|minimise|minimize)\b")

_SPAN = r"(?:working |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?)"
#: a share of what was done, or done in time, is better high, whatever its title counts
_HIGHER_WORDS = (
    "on time", "in time", r"within (?:the )?(?:time|target|agreed|\w+ " + _SPAN + ")", rf"in \d+ {_SPAN}",
    "prescribed time", "timescales?", "resolved", "completed", "answered", "fixed", "implemented", r"satisf\w*",
    "reduction in", "reduced", "prevented", "closed", "recovered", "collected", "achieved", r"recycl\w*", "responded",
    "responses?", "saved", "savings", "detected", r"improv\w*", "compliance", "attendance",
)  # fmt: skip
_LOWER_WORDS = (
    "sickness", "absence", "absenteeism", "days lost", "complaints?", "time taken",
    r"average (?:time|days|number of days|wait\w*|length)", "days to", "days taken", "time to", "waiting",
    "wait times?", "missed", "overdue", "late", r"delay\w*", "crimes?", "offences?", "offending",
    "re-?offending", "incidents?",
    "accidents?", r"injur\w+", "casualties", "deaths?", "mortality", r"vacan\w+", "turnover", "re-?referrals?",
    "emissions?", "arrears", "debt", "residual", "landfill", r"fly-?tip\w*", r"unemploy\w*", "neet", r"homeless\w*",
    "errors?", "failures?", "failed", "backlog", "cost per", "unit cost", "breaches", "evictions?", "exclusions?",
    "void", "overspend", "days? behind", "downtime", r"burglar\w*", "abuse",
)  # fmt: skip
_SUGGESTED = (
    (re.compile(rf"\b(?:{'|'.join(_HIGHER_WORDS)})\b", re.IGNORECASE), Direction.HIGHER),
    (re.compile(rf"\b(?:{'|'.join(_LOWER_WORDS)})\b", re.IGNORECASE), Direction.LOWER),
)


@frozen
class GuessedDirection:
    """A direction that no column says, and why it is thought."""

    direction: Direction
    why: str


def read_direction(written: str, heading: str = "") -> Direction | None:
    """What a cell under a heading says: ``Higher``, ``Low is good``, or yes and no under ``High is good``.

    >>> str(read_direction("Above target is positive")), str(read_direction("No", "High is good"))
    ('higher', 'lower')
    """
    arrow = _ARROWS.get(written.strip())
    if arrow is not None:
        return arrow
    words = folded(written)
    if words in _YES | _NO:
        asks_low = bool(_LOW_HEADING.search(folded(heading)))
        asks_high = "hig" in folded(heading) or "bigger" in folded(heading) or "maximi" in folded(heading)
        if asks_low == asks_high:
            return None
        return Direction.LOWER if (words in _YES) == asks_low else Direction.HIGHER
    return _BY_WORD.get(words)


def guess_direction(title: str) -> GuessedDirection:
    """What the words of a title suggest; where they suggest nothing, higher is better, and that is said.

    >>> guess_direction("Working days lost due to sickness").why
    "'days lost' in the title suggests that lower is better"
    """
    for words, direction in _SUGGESTED:
        found = words.search(title)
        if found is not None:
            return GuessedDirection(direction, f"{found[0]!r} in the title suggests that {direction} is better")
    return GuessedDirection(Direction.HIGHER, "nothing says which way is better")
