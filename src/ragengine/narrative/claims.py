"""What a sentence claims, as values."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from ..terms import Rag
from .quantities import Printed
from .sentences import Sentence

__all__ = [
    "ChangeClaim",
    "Claim",
    "Content",
    "Equals",
    "LeftOut",
    "LevelClaim",
    "LevelCount",
    "Outstanding",
    "Share",
    "StandingClaim",
    "TargetGap",
    "TargetIs",
]


@frozen
class Equals:
    """A measure has this value; ``bound`` is ``=``, ``<``, ``>``, or ``~`` for "about".

    ``noun`` holds the words after a number without a unit: ``39 reflective group sessions``.
    """

    value: Printed
    bound: str = "="
    noun: tuple[str, ...] = ()


@frozen
class TargetIs:
    """A measure has this target."""

    target: Printed


@frozen
class TargetGap:
    """A measure is so far from its target: ``below`` it, ``above`` it, or ``off`` it, either way."""

    gap: Printed
    side: str
    bound: str = "="
    value: Printed | None = None
    target: Printed | None = None


@frozen
class StandingClaim:
    """How a measure stands to its target: ``met``, ``missed``, ``below``, ``above``, ``not below``, ``not above``, or
    ``exceeded``, which may mean above it or better."""

    side: str


@frozen
class ChangeClaim:
    """A measure went up or down, from, to or by so much.

    ``way`` is ``up``, ``down``, ``better`` or ``worse``.
    """

    way: str
    start: Printed | None = None
    end: Printed | None = None
    by: Printed | None = None


@frozen
class Share:
    """So many of so many are so many per cent."""

    part: Printed
    whole: Printed
    percent: Printed


@frozen
class LeftOut:
    """A percentage as reported, the actual one, and how many cases were left out to report it."""

    reported: Printed
    actual: Printed
    cases: Printed


@frozen
class Outstanding:
    """So many are still to do; any of ``counts`` may be meant (one family of three children)."""

    counts: tuple[Printed, ...]
    noun: str


@frozen
class LevelClaim:
    """An area, KPI or action has this level.

    Attributes:
        manner: ``rated`` states it; ``changed`` (amended, downgraded) and ``kept`` (retained) tell of a judgement.
        way: ``up`` or ``down`` where the word says so (upgraded, downgraded).
        before: the level it had, where the sentence says so.
        of: ``area``, ``last`` (the measure just spoken of), ``words`` (whatever the words name), ``list`` (each of
            what follows) or ``unsaid``.
    """

    level: Rag
    manner: str
    of: str
    way: str = ""
    before: Rag | None = None


@frozen
class LevelCount:
    """So many of an area's ratings have this level; None for all of them."""

    level: Rag
    count: Fraction | None


Content = (
    Equals
    | TargetIs
    | TargetGap
    | StandingClaim
    | ChangeClaim
    | Share
    | LeftOut
    | Outstanding
    | LevelClaim
    | LevelCount
)


@frozen
class Claim:
    """One claim of a sentence, and the words that say of what.

    Attributes:
        words: the part of its clause that says of what it speaks, in small letters.
        after: what follows it in the clause.
        borrowed: whether the words stand in an earlier clause of the sentence: its own says nothing of the kind.
        position: where it begins in the sentence.
        printed: the part of the sentence that claims it.
    """

    sentence: Sentence
    content: Content
    words: str
    position: int
    printed: str
    after: str = ""
    borrowed: bool = False
