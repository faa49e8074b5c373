"""The report's own words: levels, dates, movements and reasons, one wording for each wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..period import Period, PeriodKind
from ..rating.explanation import Explanation
from ..rating.facts import Change, Movement
from ..terms import Rag, Reason

__all__ = [
    "UNKNOWN",
    "initial",
    "joined",
    "label_of",
    "level_words",
    "moved_words",
    "reason_words",
    "relief_words",
    "sentence",
    "short_day",
    "short_period",
    "unrated_words",
]

#: where no earlier level is known
UNKNOWN = "not known"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_CHANGES = {
    Change.IMPROVED: "Improved",
    Change.WORSENED: "Worsened",
    Change.NEWLY_RATED: "Newly rated",
    Change.NO_LONGER_RATED: "No longer rated",
}

#: by the id of the cause; one that is not here is said as it is
_CAUSES = {
    "data": "",
    "unknown": "",
    "rule": "because the rule changed",
    "grace": "by grace",
    "override": "by judgement",
    "evidence": "for want of evidence",
    "persistence": "by persistence",
    "missing": "because data are missing",
}

_UNRATED = {
    Reason.NO_DATA: "Nothing was reported",
    Reason.MISSING_INPUT: "A number that it is worked out from is missing",
    Reason.SUPPRESSED: "Too few cases to publish",
    Reason.NOT_APPLICABLE: "It does not apply",
    Reason.NOT_DUE: "It is not rated yet",
    Reason.NO_DUE_DATE: "It has no due date yet",
    Reason.STALE: "The last figure is too old to carry forward",
    Reason.NO_TARGET: "Reported; no target is set, so it cannot be rated",
    Reason.SUSPENDED: "Rating is suspended",
    Reason.MONITORED: "Reported for information, not rated",
    Reason.INVALID: "What was reported cannot be read",
    Reason.NO_CASES: "There were no cases",
    Reason.DIVISION_BY_ZERO: "It would divide by zero",
    Reason.SMALL_NUMBERS: "Too few cases to rate",
    Reason.INSUFFICIENT_COVERAGE: "Too little of it is rated",
}


def level_words(level: Rag | None) -> str:
    """A level with its symbol and its word; a dash for none."""
    return "—" if level is None else f"{level.symbol} {level.label}"


def label_of(level: Rag, reason: str = "") -> str:
    """The word of a level for the public: grey is ``Not rated``, or why."""
    if not level.is_grey:
        return level.label
    return sentence(reason) if reason else "Not rated"


def initial(level: Rag) -> str:
    """One letter for narrow columns; a dash for grey."""
    return level.symbol if level.is_grey else level.label[:1].upper()


def short_day(day: date) -> str:
    """``31 Aug 2020``, whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_period(period: Period) -> str:
    """``Jul 2020`` for a month; any other as it is called."""
    if period.kind is PeriodKind.MONTH:
        return f"{_MONTHS[period.start.month - 1]} {period.start.year}"
    return short_day(period.start) if period.kind is PeriodKind.DAY else period.label


def sentence(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]


def joined(names: Sequence[str]) -> str:
    """``A, B and C``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def moved_words(previous: Rag | None, movement: Movement | None) -> str:
    """``Worsened from ★ Green, by judgement``; empty where no earlier level is known."""
    if previous is None or movement is None:
        return ""
    before = f"{previous.symbol} {label_of(previous)}"
    if movement.change is Change.UNCHANGED:
        return f"Unchanged, {before}"
    cause = str(movement.cause) if movement.cause else ""
    if movement.change is Change.NEWLY_RATED and cause == "missing":
        why = "data were missing then"
    else:
        why = _CAUSES.get(cause, cause)
    said = _CHANGES[movement.change]
    if movement.change is not Change.NEWLY_RATED:
        said += f" from {before}"
    return f"{said}, {why}" if why else said


def reason_words(reason: Reason | None) -> str:
    """A reason for grey as it stands in a chip: ``no cases``."""
    return "" if reason is None else str(reason).partition(" (")[0]


def unrated_words(reason: Reason | None, due: date | None, as_at: date) -> str:
    """Why something is not rated, as a sentence, with its date where that matters."""
    if reason is None:
        return ""
    said = _UNRATED[reason]
    if reason is Reason.NO_DATA and due is not None:
        when = f", {short_day(due)}, has passed" if due < as_at else f" is {short_day(due)}"
        said += f"; its date{when}"
    return f"{said}."


def relief_words(told: Explanation, computed: Rag, adjusted: Rag, final: Rag) -> str:
    """Who or what made the final level another than the rule's; empty where it is the rule's."""
    if final != adjusted:
        return "by judgement"
    if adjusted == computed:
        return ""
    held = bool(told.instant) and told.instant != told.adjusted
    if any(grace.granted and grace.changed for grace in told.graces):
        return "by grace and persistence" if held else "by grace"
    # only persistence betters a level without a grace, and only the want of evidence worsens it
    return "by persistence" if adjusted > computed else "for want of evidence"
