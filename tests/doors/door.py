"""What a door is: one way in for rows, what it can carry, and where the number law lets it answer otherwise."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from attrs import frozen

import ragengine

from .row import ANY, NUMBERS, Expected, Given, Table, givens_of

__all__ = [
    "INTERVALS",
    "Answer",
    "Answers",
    "Door",
    "Exempt",
    "book_of",
    "by_kind",
    "columns_of",
    "differences",
    "is_finite",
    "numbers_of",
]

#: why doors that look values up leave rules out that compare intervals
INTERVALS = "an interval is compared with its target"


@frozen
class Answer:
    """What a door says of a row; ``fault`` where it cannot be used at all, or breaks.

    ``refused`` where the rule is one that the door leaves out by name.
    """

    rag: str = ""
    adjusted: str = ""
    computed: str = ""
    reason: str | None = None
    shortfall: Any = None
    fault: str = ""
    refused: bool = False
    score: Any = None

    def __str__(self) -> str:
        if self.fault:
            return self.fault
        short = None if self.shortfall is None else Fraction(self.shortfall)
        return str(Expected(self.rag, self.adjusted, self.computed, self.reason, short))

    @classmethod
    def of(cls, rating: Any) -> Answer:
        """Of a rating."""
        reason = None if rating.reason is None else str(rating.reason)
        levels = (str(rating.rag), str(rating.adjusted), str(rating.computed))
        return cls(*levels, reason, rating.shortfall, score=rating.score)

    @classmethod
    def of_row(cls, row: Mapping[str, Any], suffix: str = "") -> Answer:
        """Of a row with the added columns."""
        found = {name: row.get(f"{name}{suffix}") for name in ("rag", "adjusted", "computed", "reason", "shortfall")}
        return cls(**{**found, "reason": found["reason"] or None, "score": row.get(f"score{suffix}")})

    @classmethod
    def broken(cls, error: BaseException) -> Answer:
        """Of an exception, its first line."""
        return cls(fault=f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]:.160}")


Answers = Mapping[int, Answer]


@frozen
class Exempt:
    """A place where DESIGN's number law lets a door answer otherwise.

    Attributes:
        why: the words of the law.
        applies: to which rows.
        instead: what holds in place of the row's own, for the rules of its table; the row's own is right too unless
            ``only``.
    """

    why: str
    applies: Callable[[Given], bool]
    instead: Callable[[Table, Given], Expected]
    only: bool = False


@frozen
class Door:
    """One way in.

    Attributes:
        carries: whether it can carry a row at all.
        rate: the answers of rows, by their number.
        exempt: where it may answer otherwise.
        slack: how far a shortfall may be off, of its own size, where the door's are floats.
        takes_pandas: whether a period may be one of pandas.
        lacks: why it cannot be used here.
    """

    name: str
    carries: Callable[[Given], bool]
    rate: Callable[[Table, Sequence[Given]], Answers]
    exempt: tuple[Exempt, ...] = ()
    slack: Fraction = Fraction(0)
    lacks: str = ""
    takes_pandas: bool = False

    def wanted(self, table: Table, given: Given) -> list[Expected]:
        """What it may say of a row."""
        found = [given.row.expected]
        for exempt in self.exempt:
            if exempt.applies(given):
                found = [exempt.instead(table, given), *([] if exempt.only else found)]
        return found


@lru_cache(maxsize=64)
def book_of(table: Table) -> ragengine.Rulebook:
    """The table's rulebook; raises RulebookError."""
    return ragengine.load(table.files)


def by_kind(givens: Iterable[Given]) -> dict[str, list[Given]]:
    """The rows by the kind of their columns: those of one kind go together."""
    groups: dict[str, list[Given]] = defaultdict(list)
    for given in givens:
        groups[given.kind].append(given)
    return dict(groups)


def columns_of(givens: Iterable[Given]) -> list[str]:
    """The columns that the rows have besides kpi, period and entity."""
    named = (name for given in givens for each in (given.cells, *given.history) for name in each)
    return [name for name in dict.fromkeys(named) if name not in ("period", "day")]


def differences(table: Table, door: Door) -> list[str]:
    """Where a door says of a row what is not expected, a line each."""
    given = (each for each in givens_of(table) if door.takes_pandas or not each.kind.endswith("/pandas"))
    carried = [each for each in given if door.carries(each)]
    if not carried:
        return []
    try:
        book_of(table)
    except ragengine.RulebookError as error:
        return [f"[{table.name}] the rules of {len(carried)} rows cannot be loaded: {error.problems[0]}"]
    answers = door.rate(table, carried)
    return [
        f"{given}: expected {wanted[0]}, got {answer}: {given.row.why}"
        for given in carried
        if not _is_one_of(
            wanted := door.wanted(table, given), answer := answers.get(given.number, _NOTHING), door.slack
        )
    ]


_NOTHING = Answer(fault="no answer: the row was dropped")


def _is_one_of(wanted: Iterable[Expected], answer: Answer, slack: Fraction) -> bool:
    return not answer.fault and (answer.refused or any(_is(each, answer, slack) for each in wanted))


def _is(wanted: Expected, answer: Answer, slack: Fraction) -> bool:
    levels = (answer.rag, answer.adjusted, answer.computed) == (wanted.rag, wanted.adjusted, wanted.computed)
    if not levels or answer.reason != wanted.reason:
        return False
    if wanted.shortfall == ANY:
        return True
    if wanted.shortfall is None or answer.shortfall is None:
        return wanted.shortfall is answer.shortfall
    short = Fraction(wanted.shortfall)
    return abs(Fraction(answer.shortfall) - short) <= slack * max(1, abs(short))


def numbers_of(given: Given) -> list[Any]:
    """The cells that hold numbers."""
    return [cell for each in (given.cells, *given.history) for name, cell in each.items() if name in NUMBERS]


def is_finite(given: Given) -> bool:
    """Whether no number of the row is NaN or infinite."""
    floats = all(math.isfinite(cell) for cell in numbers_of(given) if isinstance(cell, float))
    return floats and all(cell.is_finite() for cell in numbers_of(given) if isinstance(cell, Decimal))
