"""Which way is better: as a column says it, or as the words of a title suggest it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from ..terms import Direction
from .spellings import folded

__all__ = ["Vote", "decided", "guess_direction", "only_moves", "read_direction", "stated_in", "suggests"]  # fmt: skip

_SAID: dict[Direction, tuple[str, ...]] = {
    Direction.HIGHER: (
        "high", "higher", "higher is better", "high is good", "higher is good", "high is better",
        "bigger is better", "bigger better", "big is better", "more is better", "up", "increase", "increasing",
        "increase is good", "maximise", "aim to maximise", "above target is positive", "above target is good",
        "above", "positive", "h", "max", "upward", "upwards", "greater", "larger is better", "maximize",
        "rising", "to increase", "grow", "growing", "growth", "increases", "bigger", "more", "higher better",
        "high better",
        "up is good", "increase is better", "good high", "high good", "raise", "improve", "maximum",
        "greater is better",
        "above target", "upwards is good", "want higher", "higher the better", "the higher the better", "big",
        "larger", "large",
    ),
    Direction.LOWER: (
        "low", "lower", "lower is better", "low is good", "lower is good", "low is better", "smaller is better",
        "smaller better", "small is better", "less is better", "fewer is better", "down", "decrease",
        "decreasing", "decrease is good", "minimise", "aim to minimise", "below target is positive",
        "below target is good", "below", "negative", "l", "min", "downward", "downwards", "reduce", "reducing",
        "minimize", "falling", "to decrease", "decreases", "smaller", "less", "fewer", "lower better", "low better",
        "down is good", "decrease is better", "good low", "low good", "reduction", "minimum", "below target", "shrink",
        "want lower", "lower the better", "the lower the better", "small", "reduce is good",
    ),
    Direction.WITHIN: (
        "on target", "on target is positive", "on target is good", "within", "within range", "range",
        "in range", "plan is best", "stay in range", "target is best", "on plan", "between", "band",
        "closer to target is better", "nearer to target is better", "goldilocks", "target range", "within limits",
        "mid range",
        "close to target", "closest to target",
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
    "⬆": Direction.HIGHER,
    "⇧": Direction.HIGHER,
    "+": Direction.HIGHER,
    "↓": Direction.LOWER,
    "▼": Direction.LOWER,
    "⬇": Direction.LOWER,
    "⇩": Direction.LOWER,
    "-": Direction.LOWER,
    "–": Direction.LOWER,
    "−": Direction.LOWER,
    "↔": Direction.WITHIN,
}
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
_LOW_HEADING = re.compile(r"\b(?:low|lower|smaller|minimise|minimize)\b")

_SPAN = r"(?:working |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?)"
#: a share of what was done, or done in time, is better high, whatever its title counts
_HIGHER_WORDS = (
    "on time", r"(?<!change )in time(?! (?:for|to|of|taken)\b)", "rated good",
    r"within (?:the )?(?:time|target|agreed|\w+ " + _SPAN + ")",
    rf"in (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) {_SPAN}",
    "acknowledged",
    "prescribed time", "timescales?", "resolved", "completed", "answered", "fixed", "implemented", r"satisf\w*",
    "reduction in", "reduced", "prevented", "closed", "recovered", "collected", "achieved", r"recycl\w*", "responded",
    "responses?", "saved", "savings", "detected", r"improv\w*", "compliance", "attendance", "achievement",
    "contribution",
    "growth", "success", "coverage", "established", "trained", "conducted", "delivered", "reviewed", "issued",
    "processed",
    "determined", "constructed", "registered", "uptime", "availability", "take-?up", "engagement", "satisfied",
    "accuracy",
    "visits", "participants", "employment created", "access to", r"enrol\w*", r"graduat\w*", "retention",
    "good or (?:better|outstanding)",
    "paid", r"(?<!not )met", "occupancy", "uptake", "pass rate", "productivity",
)  # fmt: skip
_LOWER_WORDS = (
    "sickness", "absence", "absenteeism", "days lost", "complaints?", "time taken",
    r"average (?:time|days|number of days|wait\w*|length)", "days to", "days taken", "time to", "waiting",
    "wait times?", "missed", "overdue", "late", r"delay\w*", "crimes?", "offences?", "offending",
    "re-?offending", "incidents?",
    "accidents?", r"injur\w+", "casualties", "deaths?", "mortality", r"vacan\w+", "turnover", "re-?referrals?",
    "emissions?", "arrears", "debt", "residual", "landfill", r"fly-?tip\w*", r"unemploy\w*", "neet", r"homeless\w*",
    "errors?", "failures?", "failed", "backlog", "cost per", "unit cost", "breaches", "evictions?", "exclusions?",
    "void", "voids", "costs? of", "operating costs?", "overspend", "defects?", "falls", "infections?", "lost",
    "waste per", "re-?admissions?",
    r"cancell\w*", "did not attend", "dna", "outages?", "rejected", "non-revenue", "leakage", "variance", "poverty",
    "emergency admissions",
    "travel time", "processing time", "response time", "turnaround", "waits?", "length of stay", "queue",
    "days? behind", "downtime", r"burglar\w*", "abuse", "objections?", "objection cases", "new cases", "sick days?",
    "ulcers?", "harm",
)  # fmt: skip
#: words that count what was done, well or not: they say which way is better only where nothing else does
_GENERIC = re.compile(
    r"completed|answered|acknowledged|fixed|implemented|reduced|closed|recovered|collected|responded|responses?|established|trained"
    r"|conducted|delivered|reviewed|issued|processed|determined|constructed|registered|visits|participants|paid"
    r"|occupancy|engagement|contribution|access to|enrol\w*|graduat\w*|variance",
    re.IGNORECASE,
)
_TIMES = r"(?:response|processing|turnaround|travel|waiting|handling|re-?let|cycle|lead|call) times?"
_SUGGESTED = (
    (
        re.compile(rf"^(?!.*(?:%|per ?cent|within|proportion|number of)).*?\b({_TIMES})\b", re.IGNORECASE),
        Direction.LOWER,
    ),
    (re.compile(rf"\b(?:{'|'.join(_HIGHER_WORDS)})\b", re.IGNORECASE), Direction.HIGHER),
    (re.compile(rf"\b(?:{'|'.join(_LOWER_WORDS)})\b", re.IGNORECASE), Direction.LOWER),
)


@frozen
class GuessedDirection:
    """A direction that no column says, and why it is thought."""

    direction: Direction
    why: str
    found: bool = True
    generic: bool = False


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


#: words that say how a measure is to move, which is mostly, and not always, the way that is better
_MOVES = frozenset({"grow", "growing", "growth", "increase", "increasing", "increases", "reduce", "reducing",
                    "decrease",
                    "decreasing", "decreases", "reduction", "up", "down", "rising", "falling", "improve",
                    "raise"})  # fmt: skip


@frozen
class Vote:
    """Something that says which way is better, how much it counts, and how it is told."""

    direction: Direction
    weight: int
    told: str


def only_moves(written: str) -> bool:
    """Whether a polarity says how the measure is to move, rather than which way is better."""
    return folded(written) in _MOVES


def decided(votes: Sequence[Vote]) -> tuple[Direction | None, tuple[Vote, ...]]:
    """The direction that counts most, the first of equals, and the votes for another."""
    if not votes:
        return None, ()
    weights: dict[Direction, int] = {}
    for vote in votes:
        weights[vote.direction] = weights.get(vote.direction, 0) + vote.weight
    best = max(weights, key=lambda direction: weights[direction])
    return best, tuple(vote for vote in votes if vote.direction is not best)


_APART = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|\s[-–:]\s(.*)$|([↑↓▲▼⬆⬇⇧])\s*$")


def stated_in(title: str) -> Direction | None:
    """The direction that a title states apart from its words: ``Sickness days (lower is better)``.

    >>> str(stated_in("Repairs done ↑")), stated_in("Calls (all)")
    ('higher', None)
    """
    for match in _APART.finditer(title):
        apart = next(part for part in match.groups() if part is not None)
        found = read_direction(apart) if len(folded(apart).split()) > 2 or apart in _ARROWS else None
        if found is not None:
            return found
    return None


def suggests(title: str, direction: Direction) -> bool:
    """Whether a word of a title is for a direction, whatever its others say."""
    return any(way is direction and words.search(title) for words, way in _SUGGESTED)


def guess_direction(title: str) -> GuessedDirection:
    """What the words of a title suggest; where they suggest nothing, higher is better, and that is said.

    >>> guess_direction("Working days lost due to sickness").why
    "'days lost' in the title suggests that lower is better"
    """
    for words, direction in _SUGGESTED:
        named = [found[found.re.groups] for found in words.finditer(title)]
        if named:
            why = f"{named[0]!r} in the title suggests that {direction} is better"
            return GuessedDirection(direction, why, generic=all(map(_GENERIC.fullmatch, named)))
    return GuessedDirection(Direction.HIGHER, "nothing says which way is better", found=False)
