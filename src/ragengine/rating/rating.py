"""A rating: three levels, what they were made from, and everything an auditor may ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from ..number import exact
from ..period import Period, parse_period
from ..plain import plain
from ..rulebook.measure import Range
from ..ruling import Outcome
from ..terms import Rag, Reason
from .facts import Facts, Movement
from .movement import moved

if TYPE_CHECKING:
    from .explanation import Explanation
    from .needed import Needed

__all__ = ["Rating"]


class _Later:
    """How the facts of a rating are found, where somebody looks further than at its levels."""

    __slots__ = ("find",)

    def __init__(self, find: Callable[[], Facts]) -> None:
        self.find = find


class Rating:
    """One KPI or action rated: ``rag`` is final, ``adjusted`` and ``computed`` stand beside it.

    The object is small: what does not depend on the measurement is shared (``outcome``), and text is made when it
    is read; who looks at levels alone does not wait for the modules that make it.
    """

    # no attrs class: one is made of every row, and frozen attributes are dear to set. It is only read, as a Fraction is
    __slots__ = ("__weakref__", "_facts", "_moved", "_outcome", "_value")

    _outcome: Outcome
    #: the number as the caller gave it; None where facts hold it
    _value: int | float | None
    #: beside a number the period as the caller gave it
    _facts: Facts | _Later | Period | str | date | None
    #: set when it is asked for
    _moved: Movement | None

    def __init__(self, outcome: Outcome, value: int | float | None, facts: Facts | Period | str | date | None) -> None:
        self._outcome = outcome
        self._value = value
        self._facts = facts

    @staticmethod
    def later(outcome: Outcome, find: Callable[[], Facts]) -> Rating:
        """A rating of this outcome, whose facts are found when somebody looks at them."""
        made = Rating(outcome, None, None)
        made._facts = _Later(find)
        return made

    def _known(self) -> Facts | Period | str | date | None:
        """The facts, or the period as given."""
        facts = self._facts
        if isinstance(facts, _Later):
            # of threads that find it at once, all find the same
            self._facts = facts = facts.find()
        return facts

    def _key(self) -> tuple[object, ...]:
        return self._outcome, self._value, self._known()

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if type(other) is Rating else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[object, ...]:
        return Rating, self._key()

    @property
    def outcome(self) -> Outcome:
        """The levels and what made them, which ratings of one KPI, era and band share."""
        return self._outcome

    @property
    def rag(self) -> Rag:
        """The final level."""
        return self._outcome.rag

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
        facts = self._known()
        if isinstance(facts, Facts):
            return facts
        return Facts(self.period, value=None if self._value is None else exact(self._value))

    @property
    def plain(self) -> tuple[int | float, Period | str | date | None] | None:
        """Value and period as given, where the rating rests on nothing else."""
        facts = self._facts
        return None if self._value is None or isinstance(facts, (Facts, _Later)) else (self._value, facts)

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
        facts = self._known()
        if isinstance(facts, Facts):
            return facts.period
        if facts is None:
            return None
        ruling = self.outcome.ruling
        written = parse_period(facts, ruling.rules.calendar)
        return written if ruling.is_action else ruling.kpi.period_named(written)

    @property
    def entity(self) -> str | None:
        facts = self._known()
        return facts.entity if isinstance(facts, Facts) else None

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
        from .scoring import score_of

        return score_of(self)

    @property
    def previous(self) -> Rag | None:
        """The level of the period before, where one is known."""
        before = self.facts.previous
        return None if before is None else before.rag

    @property
    def movement(self) -> Movement | None:
        """Previous to current and its cause; None where no previous level is known."""
        try:
            return self._moved
        except AttributeError:
            # asked for the first time
            self._moved = _movement_of(self)
            return self._moved

    @property
    def days_late(self) -> int | None:
        """For an action: days past its due date, negative while there is time."""
        return self.facts.days_late

    @property
    def explanation(self) -> Explanation:
        """The derivation as data: enough to re-compute the rating without the rule files."""
        from .explaining import explanation_of

        return explanation_of(self)

    def explain(self) -> str:
        """The derivation as text: one headline sentence, what would change it, and where the rule stands."""
        return _text_of()(self)

    def to_dict(self) -> dict[str, Any]:
        """The rating in short, for JSON: its entry in a scorecard's JSON without the derivation.

        Ids, period and entity, the three levels and the reason, value, target and shortfall, counts, the previous
        level, movement and cause, score and interval; numbers are exact texts. ``explanation.to_dict()`` has all.
        """
        from .entry import entry_of

        made: dict[str, Any] = plain(entry_of(self))
        return made

    def to_json(self) -> str:
        """The same as JSON text, on one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def _repr_html_(self) -> str:
        from .notebook import rating_html

        return rating_html(self)

    def needed_for(self, level: Rag | str) -> Needed | None:
        """The change of value, and of counts where they are known, that gives a level; None where nothing would."""
        from .needed import needed_for

        return needed_for(self, level)

    def __repr__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        return f"<Rating {self.id} {self.rag}{reason}>"


@cache
def _text_of() -> Callable[[Rating], str]:
    """What puts ratings into words: kept, for an import statement takes a third as long as making a text."""
    from .words import text_of

    return text_of


def _movement_of(rating: Rating) -> Movement | None:
    facts = rating.facts
    return None if facts.previous is None or facts.begins_anew else moved(facts.previous, rating.outcome, facts)
