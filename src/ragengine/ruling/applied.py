"""What becomes of a grace, and what else a stage did beside the table."""

from __future__ import annotations

from typing import Any

from attrs import define, field, frozen

from ..rulebook.grace import Grace
from ..terms import GREY, Rag

__all__ = ["Applied", "Kept", "Note"]


@frozen
class Applied:
    """A live grace and what became of it.

    Attributes:
        granted: False where its condition did not hold or could not be shown.
        before, after: the level that it found and the one that it left, where it is granted.
        why: for a condition, what it said.
    """

    grace: Grace
    granted: bool
    before: Rag = GREY
    after: Rag = GREY
    why: str = ""

    @property
    def changed(self) -> bool:
        """Whether it changed the level."""
        return self.before != self.after


@frozen
class Note:
    """Something a stage did beside the table: ``evidence``, ``persistence``, ``missing``, ``value``."""

    stage: str
    text: str


@define(eq=False)
class Kept:
    """What the text and the data of an outcome are made of, made when they are first read.

    Attributes:
        pieces: what is the same in every period.
        heads: by period as given, the text up to the value; None where the text cannot be made of pieces.
        lines: the lines beside which a value is printed.
        bands: the bands as an explanation has them, by the rule as it stands and under the graces.
        rule: where the rule stands, as an explanation has it.
    """

    pieces: Any = None
    heads: dict[object, str | None] = field(factory=dict)
    lines: Any = None
    bands: Any = None
    rule: Any = None
