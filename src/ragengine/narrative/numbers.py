"""Numbers: does a sentence's arithmetic hold, and does it agree with what was measured?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import define, field

from ..number import exact, text
from ..period import Period
from ..rating.phrases import amount, gap
from ..rulebook.compile import shortfall
from ..rulebook.measure import Range
from .arithmetic import GapReading, allows, gap_readings, left_out, tenths
from .changes import change_verdict
from .claims import ChangeClaim, Claim, Equals, LeftOut, Outstanding, Share, StandingClaim, TargetGap, TargetIs
from .facts import MeasuredValue, NarrativeFacts, target_in_words
from .quantities import Printed
from .subjects import Match, Subject
from .verdicts import NOT_SAID, ClaimOutcome, Verdict, flagged, held, open_
from .words import VAGUE, stems

__all__ = ["NumberChecks"]

#: a number that differs by less than this from the one measured is a slip of the same measure
_NEAR = Fraction(3, 100)


@define(eq=False)
class NumberChecks:
    """Checks the number claims of one sentence; what one claim confirms helps the others of the sentence.

    Attributes:
        spoken_of: ids of the KPIs that a value of this sentence was confirmed for.
    """

    facts: NarrativeFacts
    spoken_of: set[str] = field(factory=set)

    def verdicts(self, claims: list[Claim]) -> list[Verdict]:
        """The verdicts on a sentence's number claims, in their order; values first say of which measure it speaks."""
        made: dict[int, Verdict] = {}
        for values_only in (True, False):
            for n, claim in enumerate(claims):
                if n not in made and isinstance(claim.content, Equals) is values_only:
                    made[n] = self._verdict(claim)
        return [made[n] for n in sorted(made)]

    def _verdict(self, claim: Claim) -> Verdict:
        match claim.content:
            case Equals() as said:
                verdict = self._equals(claim, said)
                if verdict.outcome is ClaimOutcome.HELD:
                    self.spoken_of.add(verdict.subject)
                return verdict
            case TargetGap() as said:
                return self._gap(claim, said)
            case TargetIs() as said:
                return self._target(claim, said)
            case StandingClaim() as said:
                return self._standing(claim, said)
            case ChangeClaim() as said:
                among = self.facts.candidates(claim, said.end or said.start or said.by)
                return change_verdict(self.facts, claim, said, self._subject(claim, among, said.end)[0])
            case Share() as said:
                return self._share(claim, said)
            case LeftOut() as said:
                return self._left_out(claim, said)
            case Outstanding():
                return open_(claim, "held against the percentages of the area")
            case _:
                raise AssertionError(claim.content)

    def _subject(self, claim: Claim, among: list[Subject], value: Printed | None = None) -> tuple[str, Match | None]:
        """The KPI of ``among`` that a claim surely speaks of, or empty; and the one that its words fit best.

        Sure are words that leave no other reading, and likely ones whose value was measured of that very KPI; where the
        words name none, the only one that another value of the sentence was measured of.
        """
        match = self.facts.match(claim, among)
        if match is not None and match.is_sure:
            return match.subject.id, match
        if match is not None and match.is_likely:
            measured = self.facts.measured(match.subject.id)
            agrees = value is not None and measured is not None and measured.agrees(value)
            return match.subject.id if agrees or self.spoken_of == {match.subject.id} else "", match
        words = stems(claim.words)
        if len(self.spoken_of) == 1 and (not words or words - VAGUE):
            return next((kpi.id for kpi in among if kpi.id in self.spoken_of), ""), match
        return "", match

    # a value

    def _equals(self, claim: Claim, said: Equals) -> Verdict:
        among = self.facts.candidates(claim, said.value, said.noun)
        match = self.facts.match(claim, among)
        period = self.facts.period_of(claim)
        wanted = period if isinstance(period, Period) else None
        best = match if match is not None and match.is_likely else None
        if match is None and said.noun and len(among) == 1 and not stems(claim.words):
            # no words to say so, but the only measure of the area in this unit
            best = Match(among[0], weight=Fraction(1), shared=1, foreign=0, unknown=0, clear=True)
        measured = self._measured(best.subject.id, wanted) if best is not None else None
        if best is not None and measured is not None:
            if _fits(said, measured):
                return held(claim, f"{best.subject.id}: {measured}", best.subject.id)
            sure = best.is_sure or (not best.unknown and not best.in_part and _is_near(said, measured))
            if sure and period != "other" and said.bound != "~":
                return _contradicts(claim, said, measured, best)
        words = stems(claim.words)
        for subject in among:
            if words and not words & subject.words:
                continue
            other = self._measured(subject.id, wanted)
            if other is not None and other.agrees(said.value) and said.bound == "=":
                return held(claim, f"{subject.id}: {other}", subject.id)
        if best is None:
            return open_(claim, NOT_SAID)
        if measured is None:
            when = f" for {wanted.label}" if wanted else ""
            return open_(claim, f"{best.subject.id} has no measurement{when}", best.subject.id)
        return open_(claim, f"perhaps {best.subject.id}, but the words do not say so surely", best.subject.id)

    def _measured(self, subject: str, period: Period | None) -> MeasuredValue | None:
        if period is None:
            return self.facts.measured(subject)
        current = self.facts.measured(subject)
        named = self.facts.measured(subject, period)
        if named is None and current is not None and current.period == period.label:
            return current
        return named

    # a gap to the target

    def _gap(self, claim: Claim, said: TargetGap) -> Verdict:
        among = self.facts.candidates(claim, said.value or said.gap)
        subject, match = self._subject(claim, among, said.value)
        if not subject and match is None and said.value is None and said.gap.unit == "%":
            # per cent of the target may be said of any unit
            subject, match = self._subject(claim, self.facts.candidates(claim, None))
        target: Fraction | Range | None = said.target.value if said.target else None
        whose = "the sentence's own target"
        if target is None and subject:
            target, whose = self.facts.target(subject), f"the target of {subject}"
        likely = match.subject.id if match is not None and match.is_likely else ""
        if said.value is None:
            return self._gap_alone(claim, said, subject or likely, target, sure=bool(subject))
        if target is None:
            return open_(claim, f"no target to hold it against: {_implied(said)}", subject or likely)
        value = said.value
        near = _nearest(target, value.value, said.side)
        unit = value.unit or (self.facts.rules.kpis[subject].unit if subject else "")
        readings = gap_readings(said.gap, said.bound, value, near)
        if not readings:
            return open_(claim, "gap and value have different units", subject)
        goal = f"{whose} is {amount(near, unit)}"
        how = f"{goal}: {value.printed} is {_distances(readings, unit)}"
        if any(reading.holds for reading in readings) and not _wrong_side(said.side, near - value.value, value):
            return held(claim, how, subject)
        return flagged(claim, "RAG120", f'"{claim.printed}" does not hold', how, subject)

    def _gap_alone(
        self, claim: Claim, said: TargetGap, subject: str, target: Fraction | Range | None, *, sure: bool
    ) -> Verdict:
        """A gap without its value: held against the measurement, where there is one."""
        measured = self.facts.measured(subject) if subject else None
        if measured is None or target is None or not sure:
            what = f"{subject} has no measured gap" if subject else NOT_SAID
            return open_(claim, what, subject)
        if measured.agrees(said.gap):
            return held(claim, f"{subject}: {measured}; the number is the value, not a gap", subject)
        near = _nearest(target, measured.value, said.side)
        step = min(measured.step, said.gap.step)
        value = Printed(measured.value, step, "%" if measured.unit == "%" else "", "", 0, 0)
        readings = gap_readings(said.gap, said.bound, value, near)
        goal = f"a target of {amount(near, measured.unit)}"
        how = f"{measured} was measured of {subject}, with {goal}: it is {_distances(readings, measured.unit)}"
        if any(reading.holds for reading in readings) and not _wrong_side(said.side, near - measured.value, value):
            return held(claim, how, subject)
        return flagged(claim, "RAG121", f'"{claim.printed}" is not the gap that was measured', how, subject)

    # a target

    def _target(self, claim: Claim, said: TargetIs) -> Verdict:
        among = self.facts.candidates(claim, said.target)
        subject, _ = self._subject(claim, among)
        if self.facts.is_of_another_period(claim, subject):
            return open_(claim, "it speaks of another period", subject)
        target = self.facts.target(subject) if subject else None
        if target is not None:
            wanted = (exact(target.min), exact(target.max)) if isinstance(target, Range) else (target,)
            said_words = target_in_words(target, self.facts.rules.kpis[subject].unit)
            if any(abs(each - said.target.value) <= said.target.half for each in wanted):
                return held(claim, f"the target of {subject} is {said_words}", subject)
            message = f"a target of {said.target.printed}, where the rules have {said_words}"
            hint = f"the target of {subject} in this period is {said_words}: mend the sentence or the rule"
            return flagged(claim, "RAG121", message, hint, subject)
        for kpi in among:
            if self.facts.target(kpi.id) == said.target.value:
                return held(claim, f"the target of {kpi.id}", kpi.id)
        return open_(claim, NOT_SAID if not subject else f"{subject} has no target in the rules", subject)

    # met or missed

    def _standing(self, claim: Claim, said: StandingClaim) -> Verdict:
        subject, match = self._subject(claim, self.facts.candidates(claim, None))
        sure = bool(subject)
        if not subject and match is not None and match.is_named:
            subject = match.subject.id
        if self.facts.is_of_another_period(claim, subject):
            return open_(claim, "it speaks of another period", subject)
        if not subject:
            return self._standing_of_all(claim, said) if stems(claim.words) <= VAGUE else open_(claim, NOT_SAID)
        stands = self._stands(claim, subject)
        if said.side not in stands:
            return open_(claim, f"how {subject} stands is not measured", subject)
        holds, how = stands[said.side], stands["how"]
        if holds:
            return held(claim, f"{subject}: {how}", subject)
        if not sure:
            return open_(claim, f"perhaps {subject}, but the words do not say so surely", subject)
        message = f"said to be {said.side} target, and the data say otherwise"
        if said.side in ("met", "missed", "exceeded"):
            message = f"the target is said to be {said.side}, and the data say otherwise"
        return flagged(claim, "RAG121", message, f"{subject}: {how}", subject)

    def _stands(self, claim: Claim, subject: str) -> dict[str, Any]:
        """Which standings hold for a KPI, and how it stands in words; those that are unknown are left out."""
        rating, kpi = self.facts.rating(subject), self.facts.rules.kpis[subject]
        if rating is None or rating.computed.is_grey:
            return {}
        if kpi.words:
            word = kpi.words[int(rating.value or 0)][0]
            met = rating.computed == self.facts.card.scale.best
            quoted = word.casefold() in claim.sentence.text.casefold()
            sides = ("met", "missed", "below", "above", "not below", "not above", "exceeded")
            known = dict.fromkeys(sides, True) if quoted else {"met": met, "missed": not met}
            return {**known, "how": f"its word is {word!r}, {rating.computed.label}"}
        target, value = rating.target, rating.value
        short = shortfall(value, target, kpi.direction) if value is not None else None
        if short is None or value is None or target is None:
            return {}
        stands: dict[str, Any] = {"met": short <= 0, "missed": short > 0}
        if isinstance(target, Fraction):
            stands |= {"below": value < target, "above": value > target}
            stands |= {"not below": value >= target, "not above": value <= target}
            stands["exceeded"] = value > target or short <= 0
        stands["how"] = f"{amount(value, kpi.unit)} against a target of {target_in_words(target, kpi.unit)}"
        return stands

    def _standing_of_all(self, claim: Claim, said: StandingClaim) -> Verdict:
        """A sentence that names no measure speaks of all: it holds where it holds of each that is rated."""
        card, area = self.facts.card, claim.sentence.area
        kpis = [rating for rating in card.of_area(area) if rating.id in self.facts.rules.kpis]
        rated = [rating for rating in kpis if not rating.computed.is_grey]
        if said.side == "met" and rated and all(rating.computed == card.scale.best for rating in rated):
            return held(claim, f"all {len(rated)} rated KPIs of the area are {card.scale.best.label}", area)
        return open_(claim, NOT_SAID)

    # counts

    def _share(self, claim: Claim, said: Share) -> Verdict:
        part, whole = said.part.value, said.whole.value
        if whole <= 0:
            return open_(claim, "a share of nothing")
        percent = 100 * part / whole
        if part <= whole and allows(percent - said.percent.value, said.percent.step):
            return held(claim, f"{said.part.printed} of {said.whole.printed} is {text(percent, 2)}%")
        places = max(1, len(said.percent.printed.partition(".")[2].rstrip("% ")))
        message = f"{said.part.printed} of {said.whole.printed} is not {said.percent.printed}"
        return flagged(claim, "RAG120", message, f"it is {text(percent, places)}%")

    def _left_out(self, claim: Claim, said: LeftOut) -> Verdict:
        fits, counts = left_out(said.reported, said.actual, said.cases.value)
        names = f"{said.reported.printed} with {said.cases.printed} left out and {said.actual.printed} of all"
        if counts is None:
            return held(claim, f"{names}: so many cases can be any percentage") if fits else open_(claim, NOT_SAID)
        part, whole = counts
        rest = whole - int(said.cases.value)
        places = max(1, len(said.actual.printed.partition(".")[2].rstrip("% ")))
        percent = text(Fraction(100 * part, whole), places)
        counted = f"{part} of {rest}, and {part} of all {whole}, which is {percent}%"
        if fits:
            return held(claim, f"{names}: {counted}")
        return flagged(claim, "RAG120", f"no whole number of cases gives {names}", f"the nearest is {counted}")


def _fits(said: Equals, measured: MeasuredValue) -> bool:
    value = said.value.value
    match said.bound:
        case "<":
            return measured.value <= value + said.value.half
        case ">":
            return measured.value >= value - said.value.half
        case "~":
            return abs(measured.value - value) <= max(abs(value) / 10, said.value.step)
        case _:
            return measured.agrees(said.value)


def _is_near(said: Equals, measured: MeasuredValue) -> bool:
    """Whether a number is so near to the one measured that it is hardly another measure's."""
    return said.bound == "=" and abs(measured.value - said.value.value) <= abs(measured.value) * _NEAR


_BOUND_WORDS = {"<": "at most ", ">": "at least ", "~": "about ", "=": ""}


def _contradicts(claim: Claim, said: Equals, measured: MeasuredValue, match: Match) -> Verdict:
    message = f"{_BOUND_WORDS[said.bound]}{said.value.printed}, where {measured} was measured"
    hint = f"read as {match.subject.id} ({match.subject.title}): mend the sentence or the measurement"
    return flagged(claim, "RAG121", message, hint, match.subject.id)


def _nearest(target: Fraction | Range, value: Fraction, side: str) -> Fraction:
    """The bound of a target that a gap is measured from."""
    if not isinstance(target, Range):
        return target
    low, high = exact(target.min), exact(target.max)
    if side == "below" or (side == "off" and value < low):
        return low
    return high


def _wrong_side(side: str, short: Fraction, value: Printed) -> bool:
    """Whether a value that is said to be below its target is above it, or the other way round."""
    return (side == "below" and short < -value.half) or (side == "above" and short > value.half)


def _distances(readings: Sequence[GapReading], unit: str) -> str:
    """A value's distance from its target by each reading: ``4.4 percentage points (4.4% of the target) below it``."""
    short = readings[0].gap
    if not short:
        return "on it"
    sizes = [
        f"{tenths(abs(reading.gap))}% of the target" if reading.of_target else gap(abs(reading.gap), unit)
        for reading in readings
    ]
    also = f" ({sizes[1]})" if len(sizes) > 1 else ""
    return f"{sizes[0]}{also} {'below' if short > 0 else 'above'} it"


def _implied(said: TargetGap) -> str:
    """The targets that a gap and a value would mean."""
    assert said.value is not None
    sign = -1 if said.side == "above" else 1
    points = said.value.value + sign * said.gap.value
    unit = said.value.unit
    words = f"{amount(points, unit)} if in points" if unit == "%" else amount(points, unit)
    if said.gap.unit == "%" and unit == "%" and said.gap.value < 100:
        words += f", {amount(said.value.value / (1 - sign * said.gap.value / 100), unit)} if of the target"
    return f"it would be {words}"
