"""A scorecard's rows as those read them who read many: what exceptions ask, and the derivation made once."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from attrs import frozen

from ..rating.explaining import due_day_of, rule_reference
from ..rating.explanation import Explanation, RuleReference
from ..rating.rating import Rating
from ..rating.words import text_of
from .card import Rated

__all__ = ["brief_of", "told_of"]


class Brief(Protocol):
    """A part of :class:`~ragengine.rating.explanation.Explanation`, under the same names."""

    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def evidence(self) -> str: ...
    @property
    def days_late(self) -> int | None: ...
    @property
    def shortfall(self) -> str | None: ...
    @property
    def due_day(self) -> date | None: ...
    @property
    def rule(self) -> RuleReference: ...


def brief_of(rated: Rated) -> Brief:
    """That part of a row's explanation; of a rating that was computed here, without making the rest."""
    return _OfRating(rated) if isinstance(rated, Rating) else rated.explanation


def told_of(rated: Rated) -> tuple[Explanation, str]:
    """A row's derivation as data and as text; of a rating that was computed here, what both say is worked out once."""
    explanation = rated.explanation
    if isinstance(rated, Rating):
        return explanation, text_of(rated, explanation.changes)
    return explanation, rated.explain()


@frozen
class _OfRating:
    rating: Rating

    @property
    def kind(self) -> str:
        return "action" if self.rating.is_action else "kpi"

    @property
    def status(self) -> str:
        return self.rating.facts.status

    @property
    def evidence(self) -> str:
        return self.rating.facts.evidence

    @property
    def days_late(self) -> int | None:
        return self.rating.days_late

    @property
    def shortfall(self) -> str | None:
        short = self.rating.shortfall
        return None if short is None else str(short)

    @property
    def due_day(self) -> date | None:
        return due_day_of(self.rating)

    @property
    def rule(self) -> RuleReference:
        return rule_reference(self.rating)
