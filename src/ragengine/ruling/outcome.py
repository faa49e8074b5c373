"""What a rule decides: three levels and what made them, shared by every measurement that it applies to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field, frozen

from ..rulebook.grace import Grace
from ..terms import GREY, Rag, Reason

if TYPE_CHECKING:
    from .ruling import Ruling

__all__ = ["Applied", "Kept", "Note", "Outcome"]


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
    """What the text of an outcome is made of, made when it is first read.

    Attributes:
        pieces: what is the same in every period.
        heads: by period as given, the text up to the value; None where the text cannot be made of pieces.
    """

    pieces: Any = None
    heads: dict[object, str | None] = field(factory=dict)


@frozen
class Outcome:
    """The three levels and what made them.

    Attributes:
        computed: by the rule as it stands.
        adjusted: with grace, evidence and persistence.
        rag: with the override of a named authority: the final level.
        reason: why the final level is grey.
    """

    ruling: Ruling
    computed: Rag
    adjusted: Rag
    rag: Rag
    reason: Reason | None = None
    graces: tuple[Applied, ...] = ()
    notes: tuple[Note, ...] = ()
    kept: Kept = field(factory=Kept, init=False, eq=False, repr=False)

    def __getstate__(self) -> tuple[object, ...]:
        return (self.ruling, self.computed, self.adjusted, self.rag, self.reason, self.graces, self.notes)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        names = ("ruling", "computed", "adjusted", "rag", "reason", "graces", "notes")
        for name, value in zip((*names, "kept"), (*state, Kept()), strict=True):
            object.__setattr__(self, name, value)

    @property
    def ground(self) -> Ruling:
        return self.ruling

    @property
    def granted(self) -> tuple[Grace, ...]:
        """The graces that were granted, in the order of their effects."""
        return tuple(applied.grace for applied in self.graces if applied.granted)

    def also(self, *applied: Applied) -> Outcome:
        """The same with graces that were not granted."""
        return evolve(self, graces=(*self.graces, *applied)) if applied else self

    def noted(self, stage: str, text: str) -> Outcome:
        """The same with something to tell."""
        return evolve(self, notes=(*self.notes, Note(stage, text)))

    def with_evidence(self, recorded: bool) -> Outcome:
        """The outcome where its rule asks for evidence: no better than amber unless it is recorded."""
        if not self.ruling.rule.requires_evidence or recorded or self.adjusted.is_grey:
            return self
        amber = self.ruling.scale["amber"]
        if self.adjusted <= amber:
            return self
        capped = evolve(self, adjusted=amber, rag=amber)
        return capped.noted("evidence", f"no evidence is recorded: no better than {amber.label}")
