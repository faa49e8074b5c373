"""The numbers of a sentence with their units, and the sentence with a sign in place of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

__all__ = ["NUMBER", "PERCENT", "POINTS", "Outline", "Printed", "outline"]

#: what stands for a quantity in an outline: private-use letters, which no pattern takes for a letter of a word
PERCENT, POINTS, NUMBER = "\ue000", "\ue001", "\ue002"

_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER_WORDS = {word: n for n, word in enumerate(_COUNTED, start=1)}
_TIMES = {"k": 1_000, "m": 1_000_000, "million": 1_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000}

_QUANTITY = re.compile(
    r"(?<![\w.,/:£$€-])(?P<sign>[-−](?=[\d£$€]))?(?P<currency>[£$€][ ]?)?"
    r"(?P<whole>\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?P<places>\.\d{1,15})?"
    r"(?:(?P<times>[ ]?(?:million|billion)|bn|[km])(?!\w))?"
    r"(?P<unit>[ ]?%(?:[ ](?:points?|pts?)(?!\w))?|[ ]?(?:per[ ]cent|percent)(?:age)?(?:[ ]points?)?(?!\w)"
    r"|[ ]?(?:percentage[ ]points?|pp|p\.p\.|points?)(?!\w))?"
    r"(?![\w/]|[.,:]\d|[-–][\w%])",
    re.ASCII | re.IGNORECASE,
)
_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_COUNTED)})(?![\w-])", re.IGNORECASE)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
#: a number that is part of a name or a date, by what stands before and after it
_NAMED = re.compile(
    r"(?:covid|section|sec\.?|level|phase|tier|year|stage|part|regulation|reg\.?|page|item|option|band|ward|step|key"
    rf"|strand|version|article|clause|room|no\.|[ ]{_MONTH})[ -]$",
    re.IGNORECASE,
)
_DATED = re.compile(rf"[ ]?(?:st|nd|rd|th)(?!\w)|[ ](?:of[ ])?{_MONTH}(?!\w)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_PLAIN = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"}


@frozen
class Printed:
    """A number as it is printed.

    Attributes:
        step: one unit of its last printed place; the number itself is known to half of it.
        unit: ``%``, ``points``, a sign of money, or empty.
        start, end: where it stands in the sentence.
    """

    value: Fraction
    step: Fraction
    unit: str
    printed: str
    start: int
    end: int

    @property
    def half(self) -> Fraction:
        """How far rounding may have moved it."""
        return self.step / 2

    @property
    def sign(self) -> str:
        """What stands for it in an outline."""
        return {"%": PERCENT, "points": POINTS}.get(self.unit, NUMBER)


@frozen
class Outline:
    """A sentence in small letters, single spaces and plain quotes, with one sign for each quantity.

    Attributes:
        quantities: by the place of their sign in ``text``.
        places: where each character of ``text``, and its end, stands in the sentence.
    """

    text: str
    quantities: dict[int, Printed]
    places: Sequence[int]


def _measure(match: re.Match[str]) -> Printed:
    places = match["places"] or ""
    number = Fraction(f"{'-' if match['sign'] else ''}{match['whole'].replace(',', '')}{places}")
    times = _TIMES[match["times"].strip().lower()] if match["times"] else 1
    step = Fraction(times, 10 ** max(0, len(places) - 1))
    written = (match["unit"] or "").strip().lower()
    unit = (match["currency"] or "").strip()
    if written:
        unit = "%" if written in ("%", "per cent", "percent") else "points"
    return Printed(number * times, step, unit, match[0].strip(), match.start(), match.end())


def _is_name(text: str, match: re.Match[str]) -> bool:
    if match["unit"] or match["currency"] or match["places"]:
        return False
    if _YEAR.fullmatch(match["whole"]) or _DATED.match(text, match.end()):
        return True
    return _NAMED.search(" " + text[max(0, match.start() - 14) : match.start()]) is not None


def _quantities(text: str) -> list[Printed]:
    found = [_measure(match) for match in _QUANTITY.finditer(text) if not _is_name(text, match)]
    for match in _WORD.finditer(text):
        number = Fraction(_NUMBER_WORDS[match[0].lower()])
        found.append(Printed(number, Fraction(1), "", match[0], match.start(), match.end()))
    return sorted(found, key=lambda quantity: quantity.start)


def outline(text: str) -> Outline:
    """The outline of a sentence; it takes time in proportion to its length.

    >>> made = outline("Sickness is 14.14 days (target 5 days).")
    >>> made.text.replace(NUMBER, "#"), [quantity.printed for quantity in made.quantities.values()]
    ('sickness is # days (target # days).', ['14.14', '5'])
    """
    letters: list[str] = []
    places: list[int] = []
    signs: dict[int, Printed] = {}
    at = 0

    def copy(until: int) -> None:
        for position in range(at, until):
            letter = _PLAIN.get(text[position], text[position].lower())
            if len(letter) != 1 or not letter.isprintable():
                letter = " "
            if letter == " " and letters and letters[-1] == " ":
                continue
            letters.append(letter)
            places.append(position)

    for quantity in _quantities(text):
        copy(quantity.start)
        signs[len(letters)] = quantity
        letters.append(quantity.sign)
        places.append(quantity.start)
        at = quantity.end
    copy(len(text))
    return Outline("".join(letters), signs, [*places, len(text)])
