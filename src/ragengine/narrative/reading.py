"""Sentences are read: their marks become claims."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import frozen

from ..terms import Rag, Scale
from .claims import (
    ChangeClaim,
    Claim,
    Content,
    Equals,
    LeftOut,
    LevelClaim,
    LevelCount,
    Outstanding,
    Share,
    StandingClaim,
    TargetGap,
    TargetIs,
)
from .marks import REACH, Mark, Marked, Words, marked
from .quantities import NUMBER, Printed, outline
from .sentences import Sentence
from .words import stem, stems

__all__ = ["read_claims"]

#: what is wished, feared or foreseen is claimed of no measure yet
_HYPOTHETICAL = re.compile(
    r"\b(?:will|would|could|should|may|might|if|unless|until|expect(?:s|ed)?|likely|risk of|aim(?:s|ing)?|in order to"
    r"|to (?:be|become|reach|meet|achieve|get|hit)|need(?:s|ed)? to|want(?:s|ed)?|hope(?:s|d)?|forecast|projected"
    r"|planned|avoid|prevent|towards)\b[^.;:]{0,30}$"
)
_PAST = re.compile(
    r"\b(?:last (?:month|year|quarter|period)|previous(?:ly)?|earlier|formerly|ago|had been)\b[^.;:]{0,30}$"
)
_PAST_AFTER = re.compile(r" ?\(?(?:in |during )?(?:the )?(?:last|previous) (?:month|year|quarter|period)")
_NEGATED = re.compile(r"(?:\b(?:not|never|no longer|nor|without|fail(?:s|ed|ing)? to|neither)\b|n't )[^.;:]{0,25}$")
#: what speaks of others, or of the rest: no measure of one's own
_OF_OTHERS = re.compile(
    r"\b(?:national(?:ly)?|regional(?:ly)?|england|neighbours?|comparators?|benchmark|sample|remaining|remainder)\b"
)
_NOT_DONE = re.compile(
    r" ?\(?(?:(?:were|was|are|is|have|had|has|did|do|could|can)?(?: not\b|n't\b)| of (?:these|those|them|which)\b)"
)
_OF_A_TARGET = re.compile(r"\btargets?\b(?! at| \()[^.;]{0,80}$")
_NEAR_A_TARGET = re.compile(r"[^.;,()]{0,25}\btargets?\b")
_STATES_A_TARGET = re.compile(r"\btarget for [^.;]{1,80}? (?:is|was|of)(?: now)? $")
_BOUND_WORDS = (
    ("<", "under|below|less than|fewer than|lower than|up to|at most|no more than|not more than|within"),
    (">", "over|above|more than|greater than|at least|no less than|no fewer than|exceeding|exceeds"),
    ("~", "about|around|approximately|approx|nearly|almost|roughly|circa|close to|some"),
)
_BOUNDS = tuple((bound, re.compile(rf"\b(?:{words}) \(?$")) for bound, words in _BOUND_WORDS)
_RATES = re.compile(r"\b(?:rag|rating|status)\b")
_RATES_THE_AREA = re.compile(r"\boverall\b|\b(?:this|the) (?:service )?area\b")
_THE_LAST = re.compile(r"\b(?:this|that|the) (?:pi|kpi|measure|indicator|priority|action)\b")
#: the noun of a number, for showing both
_NEXT_WORD = re.compile(r"(?: (?!(?:to|of|and|or|for|in|at|on|by|with|from|is|are|was|were|against)\b)[A-Za-z]{1,20})?")
_LONGEST_ITEM = 90


@frozen
class _Reader:
    """One sentence while it is read."""

    sentence: Sentence
    seen: Marked
    scale: Scale

    def is_supposed(self, at: int) -> bool:
        """Whether what stands there is no statement on the present: wished, feared, or of an earlier time."""
        before = self.seen.text[max(0, at - 60) : at]
        return bool(_HYPOTHETICAL.search(before) or _PAST.search(before))

    def bound(self, at: int) -> str:
        before = self.seen.text[max(0, at - 20) : at]
        return next((bound for bound, words in _BOUNDS if words.search(before)), "=")

    def level(self, mark: Mark, group: str) -> Rag | None:
        said = mark.match.groupdict().get(group)
        return self.scale.read(said) if said else None

    def claim(self, content: Content, start: int, end: int, words: Words) -> Claim:
        places = self.seen.outline.places
        first, last = places[start], places[min(end, len(places) - 1)]
        if start < end and self.seen.text[end - 1] == NUMBER:
            noun = _NEXT_WORD.match(self.sentence.text, last)
            last = noun.end() if noun else last
        printed = self.sentence.text[first:last].strip()
        if "(" in printed and ")" not in printed and self.sentence.text.startswith(")", last):
            printed += ")"
        return Claim(self.sentence, content, words.said, first, printed, words.after, words.borrowed)


def read_claims(sentences: Iterable[Sentence], scale: Scale, units: Mapping[str, Collection[str]]) -> list[Claim]:
    """The claims of sentences, in their order.

    ``units`` holds, by area, the stems of its KPIs' units: a bare number with one of them after it is a value.
    """
    claims: list[Claim] = []
    listed: tuple[LevelClaim, tuple[str, str, str]] | None = None
    for sentence in sentences:
        reader = _Reader(sentence, marked(outline(sentence.text), scale, units.get(sentence.area, ())), scale)
        if listed is not None and not sentence.is_evidence:
            if sentence.list_key == listed[1] and _is_item(sentence.text):
                claims.append(_item(reader, listed[0], 0, len(reader.seen.text)))
                continue
            listed = None
        for claim in _claims(reader):
            claims.append(claim)
            if isinstance(claim.content, LevelClaim) and claim.content.of == "list":
                listed = (claim.content, sentence.list_key)
    return claims


def _is_item(text: str) -> bool:
    """Whether a text is an item of a list: a few words that are no sentence."""
    return len(text) <= _LONGEST_ITEM and not text.rstrip().endswith((".", "!", "?"))


def _item(reader: _Reader, level: LevelClaim, start: int, end: int) -> Claim:
    words = Words(reader.seen.text[start:end])
    return reader.claim(LevelClaim(level.level, "rated", "words"), start, end, words)


def _claims(reader: _Reader) -> list[Claim]:
    made: list[Claim] = []
    for number, mark in enumerate(reader.seen.marks):
        if not reader.is_supposed(mark.start):
            made += _of_mark(reader, mark, number)
    for at in reader.seen.loose:
        loose = _loose(reader, at)
        if loose is not None:
            made.append(loose)
    return sorted(made, key=lambda claim: claim.position)


def _of_mark(reader: _Reader, mark: Mark, number: int) -> Iterator[Claim]:
    seen, start, end = reader.seen, mark.start, mark.end
    part = {name: seen.quantity(at) for name, at in mark.of.items()}

    def made(content: Content) -> Claim:
        return reader.claim(content, start, end, seen.around(start, end))

    def value(group: str) -> Claim:
        noun = () if part[group].unit else seen.noun(mark.of[group])
        return made(Equals(part[group], noun=noun))

    match mark.name:
        case "gap":
            yield from _of_gap(reader, mark, number)
        case "standing":
            yield made(StandingClaim(_standing(reader, mark)))
        case "change":
            yield made(ChangeClaim(_way(mark), part.get("start"), part.get("end"), part.get("by")))
        case "share":
            yield made(Share(part["part"], part["whole"], part["percent"]))
            yield value("percent")
        case "left out":
            yield made(LeftOut(part["reported"], part["actual"], part["cases"]))
            yield value("reported")
        case "outstanding":
            counts = [at for at in range(start, end) if seen.text[at] == NUMBER]
            if counts:
                end = counts[-1] + 1
                yield made(Outstanding(tuple(seen.quantity(at) for at in counts), stem(mark.match["counted"])))
        case "count" | "following" | "changed" | "kept" | "rated":
            yield from _of_level(reader, mark, number)
    if "goal" in part:
        yield made(TargetIs(part["goal"]))
    if mark.name in ("change", "from") and "end" in part:
        yield value("end")


def _of_gap(reader: _Reader, mark: Mark, number: int) -> Iterator[Claim]:
    seen, start, end = reader.seen, mark.start, mark.end
    at = seen.values.get(number)
    value = None if at is None else seen.quantity(at)
    if at is not None:
        start, end = min(start, at), max(end, at + 1)
    target = seen.part(mark, "goal") or _stated_target(seen, number)
    bound = "<" if "within" in mark.said else reader.bound(mark.of["gap"])
    words = seen.around(start, end)
    gap = TargetGap(seen.quantity(mark.of["gap"]), _side(mark), bound, value, target)
    yield reader.claim(gap, start, end, words)
    if value is not None and at is not None:
        equals = Equals(value, reader.bound(at), () if value.unit else seen.noun(at))
        yield reader.claim(equals, at, at + 1, words)


def _side(mark: Mark) -> str:
    if mark.said & {"below", "missed"}:
        return "off" if (mark.match.groupdict().get("missed") or "").startswith("miss") else "below"
    return "above" if mark.said & {"above", "beat"} else "off"


def _standing(reader: _Reader, mark: Mark) -> str:
    negated = _NEGATED.search(reader.seen.text[max(0, mark.start - 40) : mark.start]) is not None
    if "exceeded" in mark.said and not negated:
        return "exceeded"
    if mark.said & {"below", "above"}:
        side = "below" if "below" in mark.said else "above"
        return f"not {side}" if negated else side
    return "missed" if ("not" in mark.said) != negated else "met"


def _way(mark: Mark) -> str:
    return next((way for way in ("down", "better", "worse") if way in mark.said), "up")


def _stated_target(seen: Marked, number: int) -> Printed | None:
    """The target that stands beside a gap, in the same clause: ``3 days over target (8 days; target 5 days)``."""
    gap = seen.marks[number]
    for mark in seen.marks[max(0, number - 2) : number + 3]:
        if "goal" in mark.of and mark.name in ("target", "standing"):
            between = seen.text[min(gap.end, mark.end) : max(gap.start, mark.start)]
            if len(between) < REACH and not re.search(r"\. | and\b| but\b", between):
                return seen.quantity(mark.of["goal"])
    return None


def _loose(reader: _Reader, at: int) -> Claim | None:
    """A quantity that no pattern has marked, as a value; or as a target, where the clause speaks of one."""
    text = reader.seen.text
    if reader.is_supposed(at) or _PAST_AFTER.match(text, at + 1):
        return None
    quantity, words = reader.seen.quantity(at), reader.seen.around(at, at + 1)
    before = text[max(reader.seen.claimed_until(at), at - 100) : at]
    if _OF_OTHERS.search(words.said) or _NOT_DONE.match(text, at + 1) or _NEAR_A_TARGET.match(text, at + 1):
        return None
    if _OF_A_TARGET.search(before):
        stated = _STATES_A_TARGET.search(before)
        return reader.claim(TargetIs(quantity), at, at + 1, words) if stated else None
    noun = () if quantity.unit else reader.seen.noun(at)
    return reader.claim(Equals(quantity, reader.bound(at), noun), at, at + 1, words)


def _of_level(reader: _Reader, mark: Mark, number: int) -> Iterator[Claim]:
    seen, start, end = reader.seen, mark.start, mark.end
    level = reader.level(mark, "level")
    if level is None or _NEGATED.search(seen.text[max(0, start - 40) : start]):
        return
    earlier = [other.end for other in seen.marks[max(0, number - 3) : number] if "level" in other.said]
    left, borrowed = seen.left(start, max(earlier, default=0))
    words = Words(left, seen.right(end, len(seen.text), ""), borrowed)
    if mark.name == "count":
        counted = seen.part(mark, "count")
        count = None if "all" in mark.said else counted.value if counted is not None else Fraction(0)
        yield reader.claim(LevelCount(level, count), start, end, words)
        return
    if mark.name == "following":
        listed = LevelClaim(level, "rated", "list")
        yield reader.claim(listed, start, end, words)
        yield from _items(reader, listed, end)
        return
    manner = mark.name if mark.name in ("changed", "kept") else "rated"
    way = "up" if "raised" in mark.said else "down" if "lowered" in mark.said else ""
    content = LevelClaim(level, manner, _spoken_of(left, mark.match[0]), way, reader.level(mark, "old"))
    yield reader.claim(content, start, end, words)


def _spoken_of(left: str, printed: str) -> str:
    """Whether a colour is of the area, of the measure just spoken of, or of what the words name."""
    if _THE_LAST.search(left):
        return "last"
    if _RATES_THE_AREA.search(left):
        return "area"
    if stems(left):
        return "words"
    return "area" if _RATES.search(f"{left} {printed}") else "unsaid"


def _items(reader: _Reader, level: LevelClaim, since: int) -> Iterator[Claim]:
    """The items of a list that stands in the sentence itself, after a colon."""
    text = reader.seen.text
    colon = text.find(":", since)
    if colon < 0:
        return
    for item in re.finditer(r"(?:(?! and )[^,;.])+", text[colon + 1 : colon + 1 + 4 * REACH]):
        words = item[0].removeprefix(" and ").strip()
        if len(words) > 3:
            start = colon + 1 + item.start() + item[0].index(words)
            yield _item(reader, level, start, start + len(words))
