"""A rating as those read it who put it in words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Protocol

from ..period import Period
from ..rulebook.measure import Range
from ..ruling import Outcome
from ..terms import Rag, Reason
from .facts import Facts, Movement

__all__ = ["Readable"]


class Readable(Protocol):
    """What there is to say about one rating; each is told in :class:`~.rating.Rating`."""

    @property
    def outcome(self) -> Outcome: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def plain(self) -> tuple[int | float, Period | str | date | None] | None: ...
    @property
    def rag(self) -> Rag: ...
    @property
    def adjusted(self) -> Rag: ...
    @property
    def computed(self) -> Rag: ...
    @property
    def reason(self) -> Reason | None: ...
    @property
    def period(self) -> Period | None: ...
    @property
    def value(self) -> Fraction | None: ...
    @property
    def target(self) -> Fraction | Range | None: ...
    @property
    def shortfall(self) -> Fraction | None: ...
    @property
    def previous(self) -> Rag | None: ...
    @property
    def movement(self) -> Movement | None: ...
