"""A cell about numbers cut into tokens: each sign or phrase for one thing is one token, whatever its spelling."""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction

from attrs import frozen

__all__ = ["LONGEST", "Kind", "Token", "plain_signs", "tokens_of"]

#: characters of a cell that can be about numbers
LONGEST = 120


class Kind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    PERCENT = "%"
    POINTS = "points"
    UNIT = "unit"
    WORD = "word"
    #: before a number: at least, more than, at most, less than
    GE, GT, LE, LT = ">=", ">", "<=", "<"
    #: after a number: or more, or less
    OR_MORE, OR_LESS = "or more", "or less"
    EXACTLY = "="
    WITHIN, UP_TO, BETWEEN = "within", "up to", "between"
    PLUS_MINUS, DASH, TO, AND, OR = "±", "-", "to", "and", "or"
    BELOW, ABOVE, OFF, OF = "below", "above", "off", "of"
    TARGET = "target"


@frozen
class Token:
    """One token: what it is, as it is written, and the number of a NUMBER."""

    kind: Kind
    text: str
    value: Fraction = Fraction(0)
    scaled: str = ""


_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "mlls": 6, "bn": 9, "billion": 9}
_NUMBER = (
    r"(?P<currency>[£$€])?\s*(?P<inner>[+-])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d{1,15})?|\d{1,15}(?:\.\d{1,15})?"
    r"|\.\d{1,15})"
    r"(?:e(?P<power>[+-]?\d{1,2}))?(?![\d_:/]|,\d|st\b|nd\b|rd\b|th\b)"
    r"\s*(?P<scale>(?:bn|billion|million|mlls|mn|thousand|[mk])(?![a-z]))?"
)
_THAN = r"(?: or equal)?(?: to)?(?: than)?"
#: the first that matches wins, so longer phrases stand before those that begin them
_PHRASES: tuple[tuple[Kind, str], ...] = (
    (Kind.PLUS_MINUS, r"±|\+\s*/?\s*-|\bplus or minus\b|\bplus/minus\b"),
    (Kind.GE, r"=\s*/?\s*>|>\s*/?\s*=|[≥⩾≧]|>\s*or\s*=|=\s*or\s*>"),
    (Kind.LE, r"=\s*/?\s*<|<\s*/?\s*=|[≤⩽≦]|<\s*or\s*=|=\s*or\s*<"),
    (Kind.GE, r"\bexceed(?:s|ing)? or (?:equal(?:s|ling)?(?: to)?|meet(?:s|ing)?|match(?:es|ing)?)\b"
              r"|\b(?:above|over) or equal(?: to)?\b"),
    (Kind.LE, r"\b(?:below|under) or equal(?: to)?\b|\b(?:do(?:es)?|must|should)(?: not|n't|n’t) exceed\b"),
    (Kind.GE, r"\b(?:meet(?:s|ing)?|equals?|reach(?:es)?|match(?:es)?)"
              r" or (?:exceed|beat|better|surpass)(?:s|es|ing)?\b"),
    (Kind.LT, r"\b(?:falls?|falling|drops?|dips?|goes|slips?) (?:below|under)\b"),
    (Kind.GT, r"\b(?:rises?|rising|goes|climbs?) (?:above|over)\b"),
    (Kind.GT, r">"),
    (Kind.LT, r"<"),
    (Kind.EXACTLY, r"=|\bexactly\b|\bequal to(?! or)\b|\bequals\b"),
    (Kind.GE, r"\b(?:at least|(?:no|not) (?:less|lower|fewer|worse) than|not (?:below|under)|a? ?minimum(?: of)?"
              r"|min(?:\.|\b)(?: of)?|(?:at|on|equal to|equals?) (?:or|and) (?:above|over)"
              r"|(?:greater|more|higher|larger) than or (?:equal to|equal|the same as)"
              r"|(?:equal to or|equals or|at or) (?:greater|more|higher|better|larger)(?: than)?)(?!\w)"),
    (Kind.LE, r"\b(?:at most|(?:no|not) (?:more|greater|higher|larger|longer) than|not (?:exceeding|above|over"
              r"|to exceed)"
              r"|a? ?maximum(?: of)?|max(?:\.|\b)(?: of)?|(?:at|on|equal to|equals?) (?:or|and) (?:below|under)"
              r"|(?:less|lower|fewer|smaller) than or (?:equal to|equal|the same as)"
              r"|(?:equal to or|equals or|at or) (?:less|lower|fewer|smaller)(?: than)?)(?!\w)"),
    (Kind.OR_MORE, r"(?:(?:\bor|\band|&) ?)(?:more|above|higher|over|greater|better|upwards?|up)\b(?! than| or)"
                   r"|\bplus\b|\bupwards?\b"),
    (Kind.OR_LESS, r"(?:(?:\bor|\band|&) ?)(?:less|fewer|below|lower|under|smaller)\b(?! than| or)|\bdownwards?\b"),
    (Kind.GT, r"\b(?:more|greater|higher|larger|longer) than\b|\bin excess of\b|\bexceed(?:s|ing)?\b"),
    (Kind.LT, r"\b(?:less|fewer|lower|smaller|shorter) than\b"),
    (Kind.BETWEEN, r"\bbetween\b|\bfrom(?= [£$€]?\d)"),
    (Kind.WITHIN, r"\bwithin\b"),
    (Kind.UP_TO, r"\bup to(?: and including)?\b"),
    (Kind.POINTS, r"(?<![a-z])pp\b|(?<![a-z])ppts?\b|\bp\.p\.|%?\s*\bpercentage[ -]points?\b|%[ -]?points?\b"
                  r"|%?\s*\bpoints?\b|%?\s*\bpts\b"),
    (Kind.PERCENT, r"%|\bper ?cent\b|\bpct\b|\bpercentage\b"),
    (Kind.UNIT, r"\bper \d[\d,]{0,9}\b"),
    (Kind.TARGET, r"\b(?:the )?(?:target|plan|standard|profile|trajectory|goal|budget)(?: (?:figure|value|level))?\b"),
    (Kind.BELOW, r"\b(?:below|beneath|under|short of|shy of|behind|less)\b"),
    (Kind.ABOVE, r"\b(?:above|over|ahead of|in advance of)\b"),
    (Kind.OFF, r"\b(?:off|away from|adrift(?: of)?|outside|out(?: of)?|from|short|worse(?: than)?"
               r"|variance(?: from| to| against)?"
               r"|deviation(?: from)?|tolerance|missed by|of variance)\b"),
    (Kind.OF, r"\bof\b"),
    (Kind.TO, r"\bto\b|\buntil\b|\bthrough\b"),
    (Kind.AND, r"\b(?:and|but|&)\b|&"),
    (Kind.OR, r"\bor\b|;"),
    (Kind.UNIT, r"°\s?[cf]?\b|°"),
    (Kind.WORD, r"[^\W\d_]+(?:['’][^\W\d_]+)?(?:[/-][^\W\d_]+)*\.?"),
)  # fmt: skip
_AFTER_NUMBER = frozenset({Kind.NUMBER, Kind.PERCENT, Kind.POINTS, Kind.UNIT, Kind.WORD, Kind.TARGET})
_PATTERNS = tuple((kind, re.compile(pattern, re.ASCII | re.IGNORECASE)) for kind, pattern in _PHRASES)
_NUMBER_PATTERN = re.compile(_NUMBER, re.ASCII | re.IGNORECASE)
_WORD_PATTERN = re.compile(_PHRASES[-1][1], re.IGNORECASE)
_DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_BRACKETED = re.compile(r"\(([^()]*)\)")


def plain_signs(written: str) -> str:
    """The text with one kind of dash and space."""
    return " ".join(written.translate(_DASHES).split())


def tokens_of(written: str) -> tuple[Token, ...] | None:
    """The tokens of a cell; None where it holds what is no token, or is too long to be about numbers.

    >>> [str(token.kind) for token in tokens_of("=/> 85% but less than 90%")]
    ['>=', 'number', '%', 'and', '<', 'number', '%']
    """
    if len(written) > LONGEST:
        return None
    text = plain_signs(_BRACKETED.sub(r" \1 ", written)) if "(" in written else plain_signs(written)
    made: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == " " or (text[at] == "," and made):
            at += 1
            continue
        token, at = _next(text, at, made)
        if token is None:
            return None
        made.append(token)
    return tuple(made)


def _next(text: str, at: int, before: list[Token]) -> tuple[Token | None, int]:
    after_number = bool(before) and before[-1].kind in _AFTER_NUMBER
    if text[at] in "+-" and not _PATTERNS[0][1].match(text, at):
        if after_number:
            if text[at] == "-":
                return Token(Kind.DASH, "-"), at + 1
            return Token(Kind.OR_MORE, "+"), at + 1
        token, end = _number(text, at + 1, text[at])
        return token, end
    token, end = _number(text, at, "")
    if token is not None:
        return token, end
    for kind, pattern in _PATTERNS:
        match = pattern.match(text, at)
        if match is not None and match.end() > at:
            return Token(kind, match[0].strip().casefold()), match.end()
    match = _WORD_PATTERN.match(text, at)
    if match is not None:
        return Token(Kind.WORD, match[0].casefold()), match.end()
    return None, at


def _number(text: str, at: int, sign: str) -> tuple[Token | None, int]:
    while at < len(text) and text[at] == " ":
        at += 1
    match = _NUMBER_PATTERN.match(text, at)
    if at and text[at - 1].isalpha():
        return None, at  # A4 and Q1 are names
    if match is None or (sign and match["inner"]) or (match["inner"] and not match["currency"]):
        return None, at
    power = int(match["power"] or 0)
    scale = (match["scale"] or "").casefold()
    if abs(power) > 20:
        return None, at
    value = Fraction(f"{sign}{match['inner'] or ''}{match['digits'].replace(',', '')}")
    value *= Fraction(10) ** (power + _SCALES.get(scale, 0))
    return Token(Kind.NUMBER, match["currency"] or "", value, scale), match.end()
