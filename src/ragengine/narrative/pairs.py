"""Two sentences of one area against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from .arithmetic import near_shares, tenths, whole_numbers
from .claims import Claim, Equals, Outstanding, TargetGap, TargetIs
from .facts import NarrativeFacts
from .quantities import Printed
from .verdicts import ClaimOutcome, Verdict, flagged
from .words import stems

__all__ = ["contradictions", "impossible_counts"]

#: a claim is held against so many earlier ones on its subject
_MOST = 50


def contradictions(facts: NarrativeFacts, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Claims on one subject that cannot both hold, where nothing measured settles them; flagged at the later one."""
    spoken: dict[str, list[tuple[Claim, bool]]] = defaultdict(list)
    for verdict in verdicts:
        claim = verdict.claim
        if isinstance(claim.content, Equals | TargetGap | TargetIs) and verdict.outcome is not ClaimOutcome.FLAGGED:
            quantity = _quantity(claim)
            match = facts.match(claim, facts.candidates(claim, quantity))
            if match is not None and match.is_likely:
                spoken[match.subject.id].append((claim, match.is_sure))
    found = []
    for subject, claims in spoken.items():
        for n, (later, later_sure) in enumerate(claims):
            for earlier, earlier_sure in claims[: min(n, _MOST)]:
                if (later_sure or earlier_sure) and _clash(
                    facts, earlier, later, both_sure=later_sure and earlier_sure
                ):
                    found.append(_clashing(subject, earlier, later))
                    break
    return found


def _quantity(claim: Claim) -> Printed:
    match claim.content:
        case TargetGap(gap=gap, value=value):
            return value or gap
        case TargetIs(target=target):
            return target
        case Equals(value=value):
            return value
        case _:
            raise AssertionError(claim.content)


def _clash(facts: NarrativeFacts, earlier: Claim, later: Claim, *, both_sure: bool) -> bool:
    if facts.period_of(earlier) != facts.period_of(later):
        return False
    match earlier.content, later.content:
        case TargetGap() as one, TargetGap() as other:
            if one.gap.unit != other.gap.unit or "~" in (one.bound, other.bound):
                return False
            if {one.side, other.side} == {"below", "above"} and one.gap.value and other.gap.value:
                return True
            return not _may_be_one(one.gap, one.bound, other.gap, other.bound)
        case (Equals() as one, Equals() as other) if both_sure and "~" not in (one.bound, other.bound):
            return one.value.unit == other.value.unit and not _may_be_one(
                one.value, one.bound, other.value, other.bound
            )
        case (TargetIs() as one, TargetIs() as other) if both_sure:
            return one.target.unit == other.target.unit and one.target.value != other.target.value
        case _:
            return False


def _may_be_one(one: Printed, bound: str, other: Printed, other_bound: str) -> bool:
    """Whether some number is both, as far as they are printed: 'under 2%' and '1.5%' are, '2%' and '8%' are not."""
    low, high = _interval(one, bound)
    other_low, other_high = _interval(other, other_bound)
    too_low = high is not None and other_low is not None and high < other_low
    too_high = low is not None and other_high is not None and low > other_high
    return not too_low and not too_high


def _interval(quantity: Printed, bound: str) -> tuple[Fraction | None, Fraction | None]:
    """From where to where a number may lie; an end that is None is open."""
    match bound:
        case "<":
            return None, quantity.value
        case ">":
            return quantity.value, None
        case _:
            return quantity.value - quantity.half, quantity.value + quantity.half


def _clashing(subject: str, earlier: Claim, later: Claim) -> Verdict:
    there = earlier.sentence.place_of(earlier.position)
    message = f'"{_quoted(later)}" contradicts "{_quoted(earlier)}" on line {there.line}'
    hint = f"both are read as {subject}, and nothing was measured that would settle it ({there})"
    return flagged(later, "RAG122", message, hint, subject)


def _quoted(claim: Claim) -> str:
    return f"{_bound(claim)}{claim.printed}"


def _bound(claim: Claim) -> str:
    bound = claim.content.bound if isinstance(claim.content, TargetGap | Equals) else "="
    return {"<": "under ", ">": "over ", "~": "about "}.get(bound, "")


def impossible_counts(claims: Iterable[Claim]) -> list[Verdict]:
    """Percentages done that no whole number of cases gives with as many outstanding as another sentence says."""
    by_sentence: dict[tuple[str, str, str, int], list[Claim]] = defaultdict(list)
    remainders: list[tuple[Claim, Outstanding]] = []
    for claim in claims:
        by_sentence[_place_in_list(claim, 0)].append(claim)
        if isinstance(claim.content, Outstanding):
            remainders.append((claim, claim.content))
    found = []
    for remainder, said in remainders:
        # only in neighbouring sentences of a list are the same cases counted
        for step in (-1, 0, 1):
            for done in by_sentence.get(_place_in_list(remainder, step), ()):
                if _is_done(done, said.noun):
                    found += _impossible(done, remainder, said)
    return found


def _place_in_list(claim: Claim, step: int) -> tuple[str, str, str, int]:
    return (*claim.sentence.list_key, claim.sentence.number + step)


def _is_done(claim: Claim, noun: str) -> bool:
    said = claim.content
    return (
        isinstance(said, Equals)
        and said.value.unit == "%"
        and said.bound == "="
        and 0 < said.value.value < 100
        and noun in stems(claim.words)
        and "outstanding" not in claim.words
    )


def _impossible(done: Claim, remainder: Claim, said: Outstanding) -> list[Verdict]:
    assert isinstance(done.content, Equals)
    percent = done.content.value
    counts = sorted({count.value for count in said.counts if count.value >= 1})
    if not counts or any(whole_numbers(percent, count) for count in counts):
        return []
    most = counts[-1]
    near = " and ".join(
        f"{part} of {whole} is {tenths(Fraction(100 * part, whole))}%" for part, whole in near_shares(percent, most)
    )
    there = remainder.sentence.place_of(remainder.position)
    message = f"no whole number of cases is {percent.printed} done with {most} outstanding, as line {there.line} says"
    hint = f"{near} with {most} outstanding; look at both counts ({there})"
    return [flagged(done, "RAG120", message, hint)]
