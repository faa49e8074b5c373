"""What claims are held against: measurements by KPI and period, targets, and levels."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from ..data.collection import Data
from ..data.model import Measurement
from ..data.states import Judged, state_of
from ..number import text
from ..period import Period, PeriodError, PeriodKind, parse_period
from ..rating.phrases import amount
from ..rating.rating import Rating
from ..rollup.scorecard import Scorecard
from ..rulebook.compile import printed
from ..rulebook.measure import Range
from ..rulebook.rules import Rules
from .claims import Claim
from .quantities import Printed
from .subjects import Match, Subject, Subjects

__all__ = ["MeasuredValue", "NarrativeFacts", "target_in_words"]

_MONTHS = [calendar.month_name[number].casefold() for number in range(1, 13)]
_PLAIN_MONTHS = "|".join(month for month in _MONTHS if month not in ("march", "may"))
#: May and March are words, too
_NAMED_MONTH = re.compile(
    r"\b(?:(?:in|for|during|of|at|end|since|to) (may|march|mar)"
    rf"|({_PLAIN_MONTHS}|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec))\b(?: ((?:19|20)\d\d)\b)?"
)
_OTHER_PERIOD = re.compile(
    r"\b(?:(?:19|20)\d\d|q[1-4]|quarter|year to date|ytd|year|last month|previous month|baseline)\b"
)
_QUOTED = re.compile(r'"([^"]{12,400})"')


@frozen
class MeasuredValue:
    """What was measured of a KPI, for a period.

    Attributes:
        step: one unit of the last place of the cell; 0 where the number is exact (counts, formulas).
    """

    value: Fraction
    step: Fraction
    as_printed: Fraction
    period: str
    unit: str

    def agrees(self, quantity: Printed) -> bool:
        """Whether a sentence's number is this one, as far as it is printed."""
        off = abs(self.value - quantity.value)
        # the finer of the two may have been rounded to print the coarser
        return off <= max(self.step, quantity.step) / 2 or abs(self.as_printed - quantity.value) <= quantity.half

    def __str__(self) -> str:
        return f"{amount(self.value, self.unit)} in {self.period}"


@frozen(eq=False)
class NarrativeFacts:
    """Rules, data and scorecard as the checks ask them."""

    rules: Rules
    card: Scorecard
    subjects: Subjects
    _rows: Mapping[str, Mapping[Period, Measurement]]
    _quotes: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, rules: Rules, data: Data, card: Scorecard) -> NarrativeFacts:
        rows: dict[str, dict[Period, Measurement]] = defaultdict(dict)
        quotes: dict[str, tuple[str, ...]] = {}
        for row in data.measurements:
            if row.entity is not None or row.kpi not in rules.kpis:
                continue
            quotes[row.kpi] = (*quotes.get(row.kpi, ()), *_QUOTED.findall(row.note))
            try:
                period = row.period or parse_period(row.period_text, rules.calendar)
            except PeriodError:
                continue
            if period.end <= card.as_at:
                rows[row.kpi][period] = row
        return cls(rules, card, Subjects(rules), rows, quotes)

    # of what a claim speaks

    def candidates(self, claim: Claim, quantity: Printed | None, noun: tuple[str, ...] = ()) -> list[Subject]:
        """The KPIs of the claim's area that are measured in a quantity's unit."""
        kpis = [subject for subject in self.subjects.of_area.get(claim.sentence.area, ()) if not subject.is_action]
        if quantity is None:
            return kpis
        if quantity.unit in ("%", "points"):
            return [kpi for kpi in kpis if kpi.unit == "%"]
        if quantity.unit:
            return [kpi for kpi in kpis if quantity.unit in kpi.unit]
        others = [kpi for kpi in kpis if kpi.unit != "%"]
        return [kpi for kpi in others if kpi.unit_words & set(noun)] if noun else others

    def match(self, claim: Claim, among: list[Subject]) -> Match | None:
        """The subject that the claim's words fit best; one whose note quotes the claim before all others."""
        ranked = self.subjects.ranked(claim.sentence.area, claim.words, among)
        quoting = [subject for subject in among if self._quotes_claim(subject, claim)]
        if len(quoting) == 1:
            return Match(quoting[0], weight=Fraction(2), shared=2, foreign=0, unknown=0, clear=True)
        if not ranked:
            return None
        # words of an earlier clause are no proof: one word less is known
        return evolve(ranked[0], unknown=ranked[0].unknown + 1) if claim.borrowed else ranked[0]

    def _quotes_claim(self, subject: Subject, claim: Claim) -> bool:
        end = claim.position + max(1, len(claim.printed))
        for quote in self._quotes.get(subject.id, ()):
            at = claim.sentence.text.find(quote.strip(" .…"))
            if 0 <= at < end and claim.position < at + len(quote):
                return True
        return False

    # what is known of it

    def rating(self, subject: str) -> Rating | None:
        """The rating of a KPI or action as a whole; None where only its entities are rated."""
        if subject not in self.card.ratings:
            return None
        found = self.card.ratings[subject]
        return found if isinstance(found, Rating) else None

    def target(self, subject: str) -> Fraction | Range | None:
        """The target in force in the period that is rated."""
        rating = self.rating(subject)
        return rating.target if rating is not None else None

    def measured(self, subject: str, period: Period | None = None) -> MeasuredValue | None:
        """The number measured for a period, or the one that is rated now; None where there is none."""
        kpi = self.rules.kpis.get(subject)
        if kpi is None or kpi.words:
            return None
        rating = self.rating(subject)
        now = None if rating is None else rating.facts.carried_from or rating.period
        if period is None:
            if rating is None or rating.value is None or now is None:
                return None
            row, value, period = rating.facts.given, rating.value, now
        else:
            row = self._rows.get(subject, {}).get(period)
            if row is None:
                return None
            state = state_of(kpi, row, None)
            if not isinstance(state, Judged):
                return None
            value = state.value
        return MeasuredValue(value, _step(row, value), printed(value, kpi), period.label, kpi.unit)

    def before(self, subject: str) -> Fraction | None:
        """What was measured for the period before the one whose number is shown now."""
        rating = self.rating(subject)
        now = None if rating is None else rating.facts.carried_from or rating.period
        if rating is None or now is None:
            return None
        measured = self.measured(subject, now.previous())
        if measured is not None:
            return measured.value
        previous = rating.facts.previous
        if previous is None or previous.period is None or not previous.period < now:
            return None
        return previous.value

    def is_of_another_period(self, claim: Claim, subject: str = "") -> bool:
        """Whether a claim names a period that is not the scorecard's, nor the one that was measured of its subject."""
        period = self.period_of(claim)
        if not isinstance(period, Period):
            return period is not None
        rating = self.rating(subject) if subject else None
        return period not in (self.card.period, rating.facts.carried_from or rating.period if rating else None)

    def period_of(self, claim: Claim) -> Period | str | None:
        """The month that a claim names, after it or else before; ``other`` for a period of another kind."""
        after = _NAMED_MONTH.search(claim.after)
        month = after or next(reversed(list(_NAMED_MONTH.finditer(claim.words))), None)
        if month is not None:
            name = month[1] or month[2]
            number = next(n for n, full in enumerate(_MONTHS, start=1) if full.startswith(name[:3]))
            year = int(month[3]) if month[3] else self.card.as_at.year - (number > self.card.as_at.month)
            return Period(PeriodKind.MONTH, date(year, number, 1))
        return "other" if _OTHER_PERIOD.search(f"{claim.words} {claim.after}") else None


def _step(row: Measurement | None, value: Fraction) -> Fraction:
    """One unit of the last place that a cell was printed with."""
    if row is None or row.value != value or "." not in row.value_text:
        whole = row is not None and row.value == value and value.denominator == 1
        return Fraction(1) if whole else Fraction(0)
    places = len(re.sub(r"\D", "", row.value_text.rpartition(".")[2]))
    return Fraction(1, 10**places)


def target_in_words(target: Fraction | Range, unit: str) -> str:
    """A target with its unit."""
    if isinstance(target, Range):
        return f"{text(target.min)} to {amount(Fraction(target.max), unit)}"
    return amount(target, unit)
