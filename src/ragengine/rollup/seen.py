"""What becomes of the rows that a scorecard looks at: each is counted, and told where a person should look too."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..data.collection import Data
from ..data.door import read_by
from ..data.model import Measurement
from ..data.states import Unrated, state_of
from ..problem import Problem
from ..rating.rating import Rating
from ..rulebook.rules import Rules
from ..ruling import Outcome
from ..terms import Rag
from .doubts import Doubts
from .usable_rows import Telling

__all__ = ["RowsSeen"]

_HINTS: Mapping[tuple[str, str], str] = {
    ("RAG105", "value"): "write a number, or a symbol such as c, z or ..",
    ("RAG108", "numerator"): "write both counts, or the value",
    ("RAG108", "denominator"): "write both counts, or the value",
    ("RAG108", "value"): "write the percentage itself",
    ("RAG108", "lower"): "write the two ends of the value's interval",
    ("RAG105", "lower"): "write a number, or a symbol such as c, z or ..",
    ("RAG105", "upper"): "write a number, or a symbol such as c, z or ..",
}


class RowsSeen:
    """The rows that one run has looked at; ``heeded`` says whether what it sees counts and is told.

    Attributes:
        rated, grey: how many rows have a level, and how many have none.
    """

    def __init__(self, rules: Rules, data: Data, tell: Telling, *, heeded: bool) -> None:
        self._heeded = heeded
        self.rated = 0
        self.grey = 0
        self._rules = rules
        self._tell = tell
        self._doubts = Doubts(data)
        #: places of rows whose readers told what is wrong with them
        self._told = {(p.place.file, p.place.line) for p in data.problems if p.is_error}

    def see(self, given: Measurement, rating: Rating) -> None:
        """A row and its rating."""
        if self._heeded:
            self.count(rating.rag)
            self._say_invalid(given, rating)
            self._doubts.look(given, rating.outcome.ruling, rating.value)

    def see_value(self, given: Measurement, outcome: Outcome, value: Fraction) -> None:
        """A row of which the value was judged, and what it came to."""
        if self._heeded:
            self.count(outcome.rag)
            self._doubts.look(given, outcome.ruling, value)

    def count(self, level: Rag | None) -> None:
        """A row with this level, or with none."""
        if level is not None and not level.is_grey:
            self.rated += 1
        else:
            self.grey += 1

    def doubtful(self) -> list[Problem]:
        """Values that can be, and that a person should look at."""
        return self._doubts.told()

    def _say_invalid(self, given: Measurement, rating: Rating) -> None:
        """What cannot be read, or cannot be, is a problem of its row, where its reader has not told it already."""
        if given.fault or (rating.value is not None and rating.facts.carried_from is None):
            return
        place = given.place
        if place.file and (place.file, place.line) in self._told:
            return
        kpi = self._rules.kpis[given.kpi].for_entity(given.entity)
        target = rating.target if isinstance(rating.target, Fraction) else None
        state = state_of(kpi, read_by(given, self._rules.symbols), target)
        if isinstance(state, Unrated) and state.code:
            hint = _HINTS.get((state.code, state.column), "")
            self._tell.say(state.code, f"{given.kpi}: {state.why}", place, hint, key=state.column)
