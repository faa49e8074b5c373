"""A rating: three levels, what they were made from, and everything an auditor may ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ..number import exact
from ..period import Period, parse_period
from ..plain import plain
from ..rulebook.measure import Range
from ..ruling import Outcome
from ..terms import Rag, Reason
from .entry import entry_of
from .explaining import explanation_of
from .explanation import Explanation
from .facts import Facts, Movement
from .movement import moved
from .needed import Needed, needed_for
from .notebook import rating_html
from .scoring import score_of
from .words import text_of

__all__ = ["Rating"]


class _FactsLater:
    """A rating may be made without its facts, which are found when somebody looks further than at its levels."""

    __slots__ = ("_find",)
    _find: Callable[[], Facts]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # asked only for what is not set; of threads that find it at once, all find the same
            if name != "_facts":
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            facts = self._find()
            object.__setattr__(self, name, facts)
            return facts


@frozen(init=False, repr=False)
class Rating(_FactsLater):
    """One KPI or action rated: ``rag`` is final, ``adjusted`` and ``computed`` stand beside it.

    The object is small: what does not depend on the measurement is shared (``outcome``), and text is made when it
    is read.
    """

    outcome: Outcome
    #: the number as the caller gave it; None where facts hold it
    _value: int | float | None = field(alias="value")
    _facts: Facts | Period | str | date | None = field(alias="facts")

    def __init__(self, outcome: Outcome, value: int | float | None, facts: Facts | Period | str | date | None) -> None:
        # by the slots themselves, for one is made of every row: attrs' own asks for each by its name
        _set_outcome(self, outcome)
        _set_value(self, value)
        _set_facts(self, facts)

    @staticmethod
    def later(outcome: Outcome, find: Callable[[], Facts]) -> Rating:
        """A rating of this outcome, whose facts are found when somebody looks at them."""
        made = Rating(outcome, None, None)
        object.__setattr__(made, "_find", find)
        object.__delattr__(made, "_facts")
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return Rating, (self.outcome, self._value, self._facts)

    @property
    def rag(self) -> Rag:
        """The final level."""
        return self.outcome.rag

    @property
    def adjusted(self) -> Rag:
        """The level with grace, evidence and persistence, before any override."""
        return self.outcome.adjusted

    @property
    def computed(self) -> Rag:
        """The level by the rule as it stands."""
        return self.outcome.computed

    @property
    def reason(self) -> Reason | None:
        """Why the final level is grey."""
        return self.outcome.reason

    @property
    def facts(self) -> Facts:
        """What the rating was made from."""
        if isinstance(self._facts, Facts):
            return self._facts
        return Facts(self.period, value=None if self._value is None else exact(self._value))

    @property
    def plain(self) -> tuple[int | float, Period | str | date | None] | None:
        """Value and period as given, where the rating rests on nothing else."""
        facts = self._facts
        return None if self._value is None or isinstance(facts, Facts) else (self._value, facts)

    @property
    def id(self) -> str:
        """Id of the KPI or action."""
        return self.outcome.ruling.rule.id

    @property
    def title(self) -> str:
        return self.outcome.ruling.rule.title

    @property
    def is_action(self) -> bool:
        return self.outcome.ruling.is_action

    @property
    def period(self) -> Period | None:
        """The period that was rated; for an action the as-at day."""
        if isinstance(self._facts, Facts):
            return self._facts.period
        if self._facts is None:
            return None
        ruling = self.outcome.ruling
        written = parse_period(self._facts, ruling.rules.calendar)
        return written if ruling.is_action else ruling.kpi.period_named(written)

    @property
    def entity(self) -> str | None:
        return self._facts.entity if isinstance(self._facts, Facts) else None

    @property
    def value(self) -> Fraction | None:
        """The exact number that was judged."""
        return self.facts.value

    @property
    def target(self) -> Fraction | Range | None:
        """The target in force, by the rule as it stands."""
        return self.outcome.ruling.target

    @property
    def shortfall(self) -> Fraction | None:
        """How far the value is short of its target, whichever way is better; negative beyond it."""
        value = self.value
        return None if value is None else self.outcome.ruling.short(value)

    @property
    def score(self) -> Fraction | None:
        """The number that the rule gives beside the level; None for a grey rating, and where the rule gives none.

        By rank among entities it is there in a scorecard, which has their rows, and not in a rating of one row.
        """
        return score_of(self)

    @property
    def previous(self) -> Rag | None:
        """The level of the period before, where one is known."""
        before = self.facts.previous
        return None if before is None else before.rag

    @property
    def movement(self) -> Movement | None:
        """Previous to current and its cause; None where no previous level is known."""
        return self._movement

    @cached_property
    def _movement(self) -> Movement | None:
        facts = self.facts
        return None if facts.previous is None or facts.begins_anew else moved(facts.previous, self.outcome, facts)

    @property
    def days_late(self) -> int | None:
        """For an action: days past its due date, negative while there is time."""
        return self.facts.days_late

    @property
    def explanation(self) -> Explanation:
        """The derivation as data: enough to re-compute the rating without the rule files."""
        return explanation_of(self)

    def explain(self) -> str:
        """The derivation as text: one headline sentence, what would change it, and where the rule stands."""
        return text_of(self)

    def to_dict(self) -> dict[str, Any]:
        """The rating in short, for JSON: its entry in a scorecard's JSON without the derivation.

        Ids, period and entity, the three levels and the reason, value, target and shortfall, counts, the previous
        level, movement and cause, score and interval; numbers are exact texts. ``explanation.to_dict()`` has all.
        """
        made: dict[str, Any] = plain(entry_of(self))
        return made

    def to_json(self) -> str:
        """The same as JSON text, on one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def _repr_html_(self) -> str:
        return rating_html(self)

    def needed_for(self, level: Rag | str) -> Needed | None:
        """The change of value, and of counts where they are known, that gives a level; None where nothing would."""
        return needed_for(self, level)

    def __repr__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        return f"<Rating {self.id} {self.rag}{reason}>"


_set_outcome, _set_value, _set_facts = (vars(Rating)[name].__set__ for name in ("outcome", "_value", "_facts"))
