"""The small grammar of thresholds in words: what a cell about numbers can mean, the likeliest first.

cell    := part ("or" part)*
part    := "between" amount ("and" | "to" | "-") amount tail
         | sign amount tail [("and" | "to" | "-") sign amount tail]
         | amount "or more" tail | amount "or less" tail
         | amount ("-" | "to") [sign] amount tail
         | amount "±" amount
         | "±" amount tail
         | amount sign name sign amount
         | amount tail
sign    := ">=" | ">" | "<=" | "<" | "=" | "within" | "up to" | "below" | "above"
amount  := number ["%" | "points" | unit] | "target"
tail    := ["below" | "above" | "off" | "of"] ["target"]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve, frozen

from .lexing import LONGEST, Kind, Token, plain_signs, tokens_of
from .spans import End, Measure, Reading, Span

__all__ = ["readings_of"]

#: "within 10% of target" is a distance, "within 90% of target" a share
_LARGEST_DISTANCE = 50
_LOWS = {Kind.GE: True, Kind.GT: False, Kind.ABOVE: False}
_HIGHS = {Kind.LE: True, Kind.LT: False, Kind.BELOW: False, Kind.UP_TO: True, Kind.WITHIN: True}
_SIGNS = frozenset({*_LOWS, *_HIGHS, Kind.EXACTLY})
_RANGE = (Kind.DASH, Kind.TO, Kind.UP_TO)
_MISSED_BY = re.compile(r"^miss(?:es|ed|ing)? (?:(?:the )?target )?by (.*)$", re.IGNORECASE)
_OF_TARGET = re.compile(r" of (?:the )?target off target$", re.IGNORECASE)
#: ``worse than 5% of target`` is further off than that
_WORSE_THAN = re.compile(
    r"^(?:performance (?:is )?)?worse than ([1-4]?\d(?:\.\d+)?\s*%) of (?:the )?target$", re.IGNORECASE
)
_NEITHER = re.compile(
    r"^(?:not|no|neither) (?:below|under|less than|lower than) ([^a-z]*) n?or (?:above|over|more than|higher than)"
    r" (.*)$",
    re.IGNORECASE,
)
_NOT_INCLUDING = re.compile(r"\bup to,? (?:but )?(?:not including|excluding) ", re.IGNORECASE)
#: ``below target by more than 5 points``
_TARGET_BY = re.compile(
    r"^(?:is |falls? )?(below|under|short of|above|over|off|worse than|outside|adrift of) (?:the )?target by (.*)$",
    re.IGNORECASE,
)
#: what only says again that it is not green
_NOT_MET = re.compile(
    r",? (?:but|and|with) (?:the )?target (?:is |was )?(?:not (?:yet )?(?:met|achieved|reached)|missed)$", re.IGNORECASE
)
#: words of which the direction says the side: both are readings
_TURNABLE = re.compile(r"(no |not )?(better|worse) than (?=[^a-z]*\d)", re.IGNORECASE)
_TURNED = {(False, "better"): (">", "<"), (False, "worse"): ("<", ">"), (True, "better"): ("<=", ">="),
           (True, "worse"): (">=", "<=")}  # fmt: skip


@frozen
class _Amount:
    """A number with its unit, or the target (None)."""

    at: Fraction | None
    unit: str = ""
    scaled: str = ""


@frozen
class _Part:
    """One part of a cell, before its measure is known."""

    span: Span
    amount: _Amount
    sign: Kind | None = None
    line: bool = False
    explicit: bool = True
    plain: bool = True
    tail: Kind | None = None
    of_target: bool = False
    both: bool = False


class _Unread(Exception):
    """The tokens are no part of the grammar."""


def readings_of(written: str) -> tuple[Reading, ...]:
    """What a cell can mean, the likeliest first; empty where it is no statement about numbers.

    >>> [str(reading.measure) for reading in readings_of("within 10% of target")]
    ['so many per cent of the target from it']
    >>> [reading.line for reading in readings_of("85%")][0], readings_of("Top quartile")
    (True, ())
    """
    spelled = _MISSED_BY.sub(r"\1 off target", plain_signs(written)) if len(written) <= LONGEST else ""
    spelled = _NEITHER.sub(r"between \1 and \2", spelled)
    spelled = _NOT_INCLUDING.sub("to less than ", _WORSE_THAN.sub(r"more than \1 off target", spelled))
    spelled = _NOT_MET.sub("", _TARGET_BY.sub(r"\2 \1 target", spelled))
    if _MISSED_BY.match(plain_signs(written)) and (of := _OF_TARGET.search(spelled)) is not None:
        found = _read(f"{spelled[: of.start()]} off target")
        return tuple(reading for reading in found if reading.measure is Measure.OFF_PERCENT)
    turned = _TURNABLE.match(spelled)
    if turned is None:
        return _read(spelled)
    signs = _TURNED[bool(turned[1]), turned[2].casefold()]
    return tuple(reading for sign in signs for reading in _read(f"{sign} {spelled[turned.end() :]}"))


def _read(written: str) -> tuple[Reading, ...]:
    tokens = tokens_of(written)
    if not tokens or not any(token.kind in (Kind.NUMBER, Kind.TARGET) for token in tokens):
        return ()
    try:
        parts = _PhraseParser(tokens).parts()
    except _Unread:
        return ()
    if len(parts) == 1:
        return _single(parts[0])
    return _several(parts)


def _several(parts: Sequence[_Part]) -> tuple[Reading, ...]:
    """Parts parted by "or": each a stretch of its own, all of one measure."""
    each = [_single(part) for part in parts]
    made: list[Reading] = []
    for first in each[0]:
        same = [next((r for r in readings if r.measure is first.measure and not r.line), None) for readings in each]
        if all(same) and len({(r.side if r.measure is not Measure.VALUE else 0) for r in same if r}) == 1:
            spans = tuple(span for reading in same if reading is not None for span in reading.spans)
            made.append(evolve(first, spans=spans))
    return tuple(made)


def _single(part: _Part) -> tuple[Reading, ...]:
    """The measures that a part may have."""
    percent, points = part.amount.unit == "%", part.amount.unit == "pp"
    base = Reading(
        (part.span,), line=part.line, unit="" if points else part.amount.unit, scaled=part.amount.scaled,
        explicit=part.explicit, plain=part.plain,
    )  # fmt: skip
    value = evolve(base, measure=Measure.VALUE)
    if part.amount.at is None or any(end.at is None for end in part.span.ends):
        return (value,)
    side = {Kind.BELOW: -1, Kind.LT: -1, Kind.ABOVE: 1, Kind.GT: 1}.get(part.tail, 0) if part.tail else 0
    off = evolve(base, measure=Measure.OFF, side=side, line=False, spans=(_distance(part),))
    of_percent = evolve(off, measure=Measure.OFF_PERCENT)
    share = evolve(base, measure=Measure.SHARE, line=False, spans=(_shared(part),))
    if part.both:
        around = evolve(off if points or not percent else of_percent, side=2)
        named = part.of_target or part.tail is not None
        return (around,) if named else (evolve(value, plain=True), evolve(around, cost=1))
    if points:
        return (off,)
    small = all(end.at is None or abs(end.at) <= _LARGEST_DISTANCE for end in part.span.ends)
    if part.tail is Kind.OF or (part.of_target and part.tail is None):
        if not percent:
            return (off,) if part.sign in (Kind.WITHIN, Kind.UP_TO) else ()
        return (of_percent,) if small and part.sign in (None, Kind.WITHIN, Kind.UP_TO, Kind.LE, Kind.LT) else (share,)
    if part.tail is not None:
        return (of_percent, evolve(off, cost=1)) if percent else (off,)
    relative = (of_percent, evolve(off, cost=1)) if percent else (off,)
    if part.sign is Kind.WITHIN:
        return (*relative, evolve(value, cost=2))
    more = 2 if percent and small and part.sign in (None, Kind.UP_TO) else 5
    dearer = tuple(evolve(reading, cost=reading.cost + more) for reading in relative)
    return (value, *dearer) if percent or part.sign not in (Kind.GE,) else (value,)


def _distance(part: _Part) -> Span:
    """As a distance: from nothing where no lower end is said."""
    span = part.span
    if part.line:
        return Span(None, span.high)
    return span


def _shared(part: _Part) -> Span:
    return Span(End(part.amount.at), None) if part.sign is Kind.WITHIN or part.line else part.span


class _PhraseParser:
    """Reads tokens from the left; raises _Unread where they are no part of the grammar."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def parts(self) -> list[_Part]:
        made = [self._part()]
        while self.at < len(self.tokens):
            if self._take(Kind.OR, Kind.AND) is None:
                raise _Unread
            made.append(self._part())
        return made

    # tokens

    def _kind(self, ahead: int = 0) -> Kind | None:
        place = self.at + ahead
        return self.tokens[place].kind if place < len(self.tokens) else None

    def _take(self, *kinds: Kind) -> Token | None:
        if self._kind() in kinds:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    # the grammar

    def _part(self) -> _Part:
        while self._kind() in (Kind.WORD, Kind.UNIT) and self._leads_in():
            self.at += 1
        if self._take(Kind.BETWEEN):
            return self._between()
        if self._take(Kind.PLUS_MINUS):
            return self._either_side()
        if self._kind() is Kind.OFF and self.tokens[self.at].text == "outside":
            self.at += 1
            return self._outside()
        sign = self._take(*_SIGNS)
        if sign is not None:
            return self._signed(sign.kind)
        first = self._amount()
        if self._kind() in _SIGNS and self._kind(1) is Kind.WORD:
            return self._named(first)
        if self._take(Kind.PLUS_MINUS):
            return self._around(first)
        if self._kind() in (Kind.GE, Kind.LE) and self.at == len(self.tokens) - 1:
            last = self.tokens[self.at]
            if last.text.startswith(("max", "min")):
                self.at += 1
                return self._tailed(_Part(self._span(last.kind, first), first, last.kind))
        if self._take(Kind.OR_MORE):
            return self._tailed(_Part(Span(End(first.at), None), first, Kind.GE))
        if self._take(Kind.OR_LESS):
            return self._tailed(_Part(Span(None, End(first.at)), first, Kind.LE))
        if (mark := self._take(*_RANGE)) is not None:
            return self._range(first, mark.kind)
        point = End(first.at)
        return self._tailed(_Part(Span(point, point), first, line=True))

    def _leads_in(self) -> bool:
        """Whether a word only leads in to a number: ``score of 80``, ``variance < 5%``."""
        return self.tokens[self.at].text.rstrip(".") in _LEADING

    def _outside(self) -> _Part:
        """``outside 10% of target``: further from it than that."""
        self._take(Kind.PLUS_MINUS)
        width = self._amount()
        if width.at is None or abs(width.at) > _LARGEST_DISTANCE:
            raise _Unread
        return self._tailed(_Part(Span(End(width.at, closed=False), None), width, Kind.WITHIN))

    def _between(self) -> _Part:
        lower = self._take(*_LOWS)
        first = self._amount()
        if self._take(Kind.AND, Kind.TO, Kind.DASH) is None:
            raise _Unread
        upper = self._take(*_HIGHS)
        closed = upper is None or _HIGHS[upper.kind]
        part = self._ranged(first, self._amount(), plain=True, high_closed=closed)
        if lower is not None and part.span.low is not None:
            low = evolve(part.span.low, closed=_LOWS[lower.kind])
            part = evolve(part, span=evolve(part.span, low=low))
        return part if lower is None and upper is None else evolve(part, explicit=True)

    def _range(self, first: _Amount, mark: Kind) -> _Part:
        if self.at == len(self.tokens) - 1 and self.tokens[self.at].text.rstrip(".") in ("max", "maximum"):
            self.at += 1  # "15 - max"
            return self._tailed(_Part(Span(End(first.at), None), first, Kind.GE))
        sign = self._take(*_SIGNS)
        second = self._amount()
        closed = _HIGHS.get(sign.kind, True) if sign is not None else second.at is not None
        if sign is not None and sign.kind not in _HIGHS:
            raise _Unread
        return self._ranged(first, second, plain=mark is Kind.TO, high_closed=closed)

    def _ranged(self, first: _Amount, second: _Amount, *, plain: bool, high_closed: bool) -> _Part:
        units = {amount.unit for amount in (first, second) if amount.unit}
        if len(units) > 1 or (second.scaled and not first.scaled and first.at):
            raise _Unread
        if first.at is not None and second.at is not None and first.at > second.at:
            first, second, high_closed = second, first, True
        amount = evolve(first if first.at is not None else second, unit=next(iter(units), ""))
        amount = evolve(amount, scaled=amount.scaled or second.scaled)  # "0 - £310k"
        low = End(first.at, first.at is not None)
        span = Span(low, End(second.at, high_closed))
        return self._tailed(_Part(span, amount, explicit=False, plain=plain))

    def _signed(self, sign: Kind) -> _Part:
        first = self._amount()
        if sign is Kind.EXACTLY:
            return self._tailed(_Part(Span(End(first.at), End(first.at)), first))
        if self._take(Kind.PLUS_MINUS):
            raise _Unread
        self._take(Kind.OR_MORE if sign in _LOWS else Kind.OR_LESS)
        own = self._span(sign, first)
        mark = self.at
        joined = self._take(Kind.AND, Kind.TO, Kind.DASH, Kind.OR)
        other = self._take(*_SIGNS)
        if other is not None and self._is_second(sign, joined, other):
            second = self._amount()
            far = self._span(other.kind, second)
            both = Span(own.low or far.low, own.high or far.high)
            amount = evolve(first, unit=first.unit or second.unit)
            return self._tailed(_Part(both, amount, sign))
        self.at = mark
        if sign in (Kind.GE, Kind.GT, Kind.ABOVE) and self._take(Kind.TO, Kind.DASH):
            # "above 80 to 90"
            second = self._amount()
            return self._tailed(
                _Part(Span(own.low, End(second.at)), evolve(first, unit=first.unit or second.unit), sign)
            )
        if sign in (Kind.LE, Kind.LT, Kind.BELOW) and self._take(Kind.TO, Kind.DASH):
            # "below 90 to 80"
            second = self._amount()
            if second.at is None or (first.at is not None and second.at > first.at):
                raise _Unread
            return self._tailed(
                _Part(Span(End(second.at), own.high), evolve(first, unit=first.unit or second.unit), sign)
            )
        return self._tailed(_Part(own, first, sign))

    def _is_second(self, sign: Kind, joined: Token | None, other: Token) -> bool:
        """Whether a second sign gives the other end of the same stretch."""
        if joined is not None and joined.kind is Kind.OR:
            return False
        if other.kind in (Kind.BELOW, Kind.ABOVE) and (joined is None or self._kind() is not Kind.NUMBER):
            return False
        return other.kind in (_HIGHS if sign in _LOWS else _LOWS)

    @staticmethod
    def _span(sign: Kind, amount: _Amount) -> Span:
        if sign in _LOWS:
            return Span(End(amount.at, _LOWS[sign]), None)
        return Span(None, End(amount.at, _HIGHS[sign]))

    def _around(self, middle: _Amount) -> _Part:
        width = self._amount()
        if middle.at is None or width.at is None or width.at < 0:
            raise _Unread
        amount = abs(middle.at) * width.at / 100 if width.unit == "%" and middle.unit != "%" else width.at
        return _Part(Span(End(middle.at - amount), End(middle.at + amount)), middle)

    def _either_side(self) -> _Part:
        """``± 5%``: so far on either side, of the target or of nothing."""
        width = self._amount()
        if width.at is None or width.at < 0:
            raise _Unread
        return evolve(self._tailed(_Part(Span(End(-width.at), End(width.at)), width)), both=True)

    def _named(self, first: _Amount) -> _Part:
        """``80 <= x < 90``, from either end."""
        sign = self._take(*_SIGNS)
        self._take(Kind.WORD)
        other = self._take(*_SIGNS)
        if sign is None or other is None:
            raise _Unread
        second = self._amount()
        if sign.kind in _HIGHS and other.kind in _HIGHS:
            return _Part(Span(End(first.at, _HIGHS[sign.kind]), End(second.at, _HIGHS[other.kind])), first)
        if sign.kind in _LOWS and other.kind in _LOWS:
            return _Part(Span(End(second.at, _LOWS[other.kind]), End(first.at, _LOWS[sign.kind])), first)
        raise _Unread

    def _amount(self) -> _Amount:
        if self._take(Kind.TARGET):
            return _Amount(None)
        number = self._take(Kind.NUMBER)
        if number is None:
            raise _Unread
        if self._take(Kind.PERCENT):
            return _Amount(number.value, "%", number.scaled)
        if self._take(Kind.POINTS):
            return _Amount(number.value, "pp")
        words: list[str] = []
        while (token := self._take(Kind.WORD, Kind.UNIT)) is not None:
            words.append(token.text)
        return _Amount(number.value, number.text or " ".join(words).rstrip("."), number.scaled)

    def _tailed(self, part: _Part) -> _Part:
        """With what follows: below target, off, of target."""
        more = self._take(Kind.OR_MORE, Kind.OR_LESS)
        if more is not None and part.line:
            point = End(part.amount.at)
            low = more.kind is Kind.OR_MORE
            part = evolve(part, span=Span(point, None) if low else Span(None, point), line=False)
        place = self.at
        tail = self._take(Kind.BELOW, Kind.ABOVE, Kind.OFF, Kind.OF, Kind.LT, Kind.GT)
        if tail is not None and tail.kind in (Kind.LT, Kind.GT) and self._kind() is not Kind.TARGET:
            self.at = place
            return part
        if tail is not None and tail.kind in (Kind.BELOW, Kind.ABOVE, Kind.OFF):
            self._take(Kind.OF)
        if tail is not None and tail.kind is Kind.OF and self._take(Kind.OFF):
            tail = evolve(tail, kind=Kind.OFF)
        named = self._take(Kind.TARGET) is not None
        if tail is not None and tail.kind is Kind.OF and not named:
            self.at = place
            return part
        if named and part.amount.at is None:
            raise _Unread
        if named and part.line and (more := self._take(Kind.OR_MORE, Kind.OR_LESS)) is not None:
            point = End(part.amount.at)
            low = more.kind is Kind.OR_MORE
            part = evolve(
                part, span=Span(point, None) if low else Span(None, point), line=False, sign=Kind.GE if low else Kind.LT
            )
        return evolve(part, tail=tail.kind if tail is not None else None, of_target=named)


#: words that only lead in to a number
_LEADING = frozenset(
    {
        "score", "scores", "variance", "value", "result", "performance", "if", "when", "is", "actual", "a", "an", "x",
        "n", "v", "y", "p", "average", "green", "amber", "red", "where", "anything", "all",
    }
)  # fmt: skip
