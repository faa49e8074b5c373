"""What became of a claim: it held, it is flagged, or nothing can be said of it."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from ..problem import Problem, Severity
from .claims import Claim

__all__ = ["NOT_SAID", "ClaimOutcome", "Verdict", "flagged", "held", "open_"]


NOT_SAID = "the words do not say surely of which measure"


class ClaimOutcome(StrEnum):
    """How a claim fared."""

    HELD = "held"
    FLAGGED = "flagged"
    OPEN = "not checked"


@frozen
class Verdict:
    """A claim, how it fared, and against what.

    Attributes:
        subject: id of the KPI, action or area it was held against; empty where none is surely meant.
        how: what was compared, in words.
    """

    claim: Claim
    outcome: ClaimOutcome
    how: str
    subject: str = ""
    problem: Problem | None = None


def held(claim: Claim, how: str, subject: str = "") -> Verdict:
    return Verdict(claim, ClaimOutcome.HELD, how, subject)


def open_(claim: Claim, how: str, subject: str = "") -> Verdict:
    return Verdict(claim, ClaimOutcome.OPEN, how, subject)


def flagged(
    claim: Claim, code: str, message: str, hint: str, subject: str = "", severity: Severity = Severity.ERROR
) -> Verdict:
    problem = claim.sentence.problem(code, claim.position, message, hint, severity)
    return Verdict(claim, ClaimOutcome.FLAGGED, message, subject, problem)
